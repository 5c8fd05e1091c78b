"""report.html: what a reader looks at first, from the outcome of a plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from allocator.domain.figures import tenths
from allocator.domain.years import japanese_day
from allocator.outputs.files.provenance import named_files, portable_notes
from allocator.outputs.report.change import changes
from allocator.outputs.report.data import MOST_AREAS, Embedded, embedded
from allocator.outputs.report.figures import Area, Figures, ProgrammeFigures, figures_of
from allocator.outputs.report.method import method_of
from allocator.outputs.report.parts_table import parts_table
from allocator.outputs.report.shell import fragment, page
from allocator.outputs.report.sizes import sizes
from allocator.results.agreement import Agreement
from allocator.results.outcome import Outcome
from allocator.words.labels import (
    NOTIONAL_REMARK,
    agreement_words,
    basis_words,
    is_by_rule,
    payers_words,
)
from allocator.words.notes import notes_of
from allocator.words.parts import charged_by_basis
from allocator.words.rule import BASES

_SCRIPTS: Final = (
    "vendor/vega.min.js",
    "vendor/vega-lite.min.js",
    "vendor/vega-interpreter.js",
    "assets/common.js",
    "assets/charts.js",
    "assets/table.js",
)

_LINKS: Final = (
    ("summary", "概要"),
    ("areas", "都道府県別"),
    ("sizes", "人口規模別"),
    ("change", "前年度との比較"),
    ("method", "算定方法"),
    ("notes", "注記"),
    ("organisations", "団体一覧"),
)


@dataclass(frozen=True)
class Card:
    """One programme at a glance."""

    number: int
    label: str
    title: str
    basis: str
    basis_words: str
    total: int | None
    payers: str
    per_resident: float | None
    day: str
    agreement: str
    agreed: str
    different: int


@dataclass(frozen=True)
class Part:
    """What stands on one basis, in yen, and its part of the whole."""

    words: str
    amount: int
    part: str


def report(outcome: Outcome) -> bytes:
    """Return report.html. Arguments as in `allocator.outputs.report.render_report`."""
    figures = figures_of(outcome)
    spread = tuple(sizes(each, figures.members) for each in figures.programmes)
    compared = changes(figures)
    content = embedded(figures, spread, compared)
    year = outcome.plan.fiscal_year
    body = fragment(
        "report.html.j2",
        year=year.japanese,
        cards=[_card(each) for each in figures.programmes],
        parts=list(_parts(figures)),
        whole=sum(_total(each) for each in figures.programmes),
        remarks=_remarks(figures),
        programmes=figures.programmes,
        first=next((each.number for each in figures.programmes if each.computed), 0),
        areas=_area_rows(figures, content),
        embedded=content,
        most_areas=MOST_AREAS,
        area_count=len(figures.members.areas),
        organisation_count=len(figures.members.codes),
        spread=list(zip(figures.programmes, spread, strict=True)),
        compared=compared,
        footing=basis_words,
        notional_remark=NOTIONAL_REMARK.ja,
        methods=[
            (each, method_of(each.outcome), parts_table(each.outcome, figures.members))
            for each in figures.programmes
        ],
        populations=figures.populations,
        notes=list(_notes(outcome)),
        files=[name for _, name, _ in named_files(outcome)],
    )
    return page(
        f"{year.japanese} 負担金・交付金の算定結果",
        body,
        lead=_lead(figures),
        links=_LINKS,
        scripts=_SCRIPTS,
        data=content.content,
    )


def _lead(figures: Figures) -> str:
    members = figures.members
    day = figures.outcome.plan.table.payers_on
    prefectures = members.kind.count("prefecture")
    municipalities = len(members.codes) - prefectures
    return (
        f"{japanese_day(day)}現在の {prefectures:,} 都道府県・"
        f"{municipalities:,} 市区町村、{len(figures.programmes)} 事業"
    )


def _total(programme: ProgrammeFigures) -> int:
    allocation = programme.outcome.allocation
    return allocation.total if allocation else 0


def _card(programme: ProgrammeFigures) -> Card:
    outcome, allocation = programme.outcome, programme.outcome.allocation
    basis = outcome.programme.basis if allocation else "not computed"
    counted, found = programme.area_population, outcome.agreement
    ruled = found if isinstance(found, Agreement) and is_by_rule(outcome) else None
    return Card(
        programme.number,
        programme.label,
        outcome.programme.title,
        "rule" if is_by_rule(outcome) else basis,
        basis_words(outcome).ja,
        allocation.total if allocation else None,
        payers_words(outcome).ja if allocation else "",
        programme.per_resident,
        counted.label if counted else "",
        agreement_words(outcome).ja,
        f"{ruled.matched:,}/{ruled.rows:,}" if ruled else "",
        ruled.different if ruled else 0,
    )


def _parts(figures: Figures) -> Iterator[Part]:
    whole = sum(_total(each) for each in figures.programmes)
    charged = [charged_by_basis(each.outcome) for each in figures.programmes]
    for basis, words in BASES.items():
        if amount := sum(yen for each in charged for of, yen in each.items() if of == basis):
            yield Part(words.amounts.ja, amount, tenths(amount, whole))


def _remarks(figures: Figures) -> list[tuple[str, str]]:
    """Return what each basis that the plan has means, in the order of the bases."""
    computed = [each.outcome for each in figures.programmes if each.computed]
    there = {each.programme.basis for of in computed for each in (of, *of.parts)}
    return [(each.name.ja, each.remark.ja) for basis, each in BASES.items() if basis in there]


def _area_rows(figures: Figures, content: Embedded) -> list[tuple[str, list[Area | None]]]:
    """Return the rows of the table of prefectures: those shown, the others together, the sum."""
    names = figures.members.areas
    others = sorted(set(range(len(names))) - set(content.areas))
    rows = [
        (names[place], [_area(each, [place], names[place]) for each in figures.programmes])
        for place in content.areas
    ]
    if others:
        title = f"その他の {len(others):,}"
        rows.append((title, [_area(each, others, title) for each in figures.programmes]))
    everything = range(len(names))
    rows.append(("計", [_area(each, everything, "計") for each in figures.programmes]))
    return rows


def _area(programme: ProgrammeFigures, places: Sequence[int], name: str) -> Area | None:
    if not programme.computed:
        return None
    areas = [programme.areas[place] for place in places]
    persons = [area.population for area in areas]
    known = [count for count in persons if count is not None]
    return Area(
        name,
        sum(area.own for area in areas),
        sum(area.members for area in areas),
        sum(known) if len(known) == len(persons) else None,
    )


def _notes(outcome: Outcome) -> Iterator[str]:
    for each in outcome.programmes:
        for note in notes_of(each):
            yield f"{each.programme.title}: {note.ja}"
    for text in portable_notes(outcome):
        yield text.ja
