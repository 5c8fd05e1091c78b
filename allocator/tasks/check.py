"""Validating a plan, a data file or an output folder without changing anything."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from allocator.domain.errors import InputError, Problem, refuse
from allocator.domain.organisations import Register
from allocator.domain.text import Text, joined, same
from allocator.domain.years import FiscalYear
from allocator.domain.yen import group
from allocator.files.paths import is_file, is_folder
from allocator.files.source import Source, Sources
from allocator.outputs.files.folder import MANIFEST, is_unfinished
from allocator.plans.load import PLAN_FILE
from allocator.results.outcome import NotComputed, ProgrammeOutcome
from allocator.sources.lists.anywhere import are_papers, read_lists
from allocator.sources.lists.table import (
    PublishedList,
    amounts_by_code,
    is_amount,
    refuse_wrong_totals,
)
from allocator.sources.measures.file import (
    POPULATION,
    Measure,
    measure_in,
    population_columns,
    refuse_wrong_sums,
)
from allocator.sources.measures.of_plan import Measures
from allocator.sources.register import code_changes, japan, own_register
from allocator.sources.tables.faults import raise_all
from allocator.sources.tables.header import (
    CODE_WORDS,
    MUNICIPALITY_WORDS,
    PREFECTURE_WORDS,
    is_figure,
)
from allocator.sources.tables.ledger import Ledger
from allocator.sources.tables.opened import Opened, TextTable, opened, read_table
from allocator.tasks.check_outputs import check_outputs
from allocator.tasks.compute import compute_plan
from allocator.tasks.earlier import with_previous
from allocator.words.parts import parts_words


@dataclass(frozen=True)
class Reading:
    """What was read of one list or measure: its name, how many rows, and which were left out."""

    name: str
    taken: int
    left_out: Ledger
    places: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """What was checked, and that it is sound: whatever isn't raises an `InputError`."""

    kind: Literal["plan", "measure", "list", "register", "outputs"]
    lines: tuple[Text, ...]
    readings: tuple[Reading, ...] = ()

    @property
    def text(self) -> Text:
        """All lines in one text."""
        return joined(self.lines, "\n", "\n")


def check(path: Path, sources: Sources | None = None) -> Verdict:
    """Validate what lies at `path`.

    Raises:
        InputError: everything that is wrong with it, or that it is nothing we know.
    """
    sources = sources or Sources()
    if is_folder(path) and (is_file(path / MANIFEST) or is_unfinished(path)):
        return _outputs(path, sources)
    if is_folder(path) or path.suffix == ".toml":
        return _plan(path, sources)
    return _data(sources.open(path), sources)


def _outputs(folder: Path, sources: Sources) -> Verdict:
    found = check_outputs(folder, sources)
    raise_all(found.problems)
    text = Text(
        f"{folder}: every file is the one that {MANIFEST} describes, and its figures are theirs",
        f"{folder}: すべてのファイルが {MANIFEST} の記録と一致し、記録の数値も一致します",
    )
    return Verdict("outputs", (text, *_below(found.remarks)))


def _below(remarks: Iterable[Text]) -> Iterator[Text]:
    """Yield remarks as they stand below what they are about."""
    return (Text(f"  {each.en}", f"  {each.ja}") for each in remarks)


def _plan(path: Path, sources: Sources) -> Verdict:
    if is_folder(path) and not is_file(path / PLAN_FILE):
        raise refuse(
            str(path),
            Text(
                f"neither a plan ({PLAN_FILE}) nor an output folder ({MANIFEST})",
                f"計画({PLAN_FILE})でも出力フォルダー({MANIFEST})でもありません",
            ),
            Text(
                "name the folder or the file to check",
                "検証するフォルダーかファイルを指定してください",
            ),
            code="not_a_plan",
        )
    if not is_folder(path) and path.name != PLAN_FILE and is_file(path.parent / PLAN_FILE):
        raise refuse(
            str(path),
            Text("a programme of a plan, not a plan", "計画ではなく、計画の中の1事業です"),
            Text(f"check its plan: {path.parent}", f"計画全体を検証してください: {path.parent}"),
            code="not_a_plan",
        )
    outcome = with_previous(compute_plan(path, sources=sources), sources=sources)
    raise_all(
        [
            Problem(
                f"{path}: {each.programme.id}",
                each.result.reason,
                Text(
                    "put the list where the plan names it", "計画が示す場所に一覧を置いてください"
                ),
                code="missing_file",
            )
            for each in outcome.programmes
            if isinstance(each.result, NotComputed)
        ]
    )
    totals = joined(map(_total, outcome.programmes), ", ", ", ")
    return Verdict(
        "plan",
        (
            Text(
                f"{path}: the plan is sound; it computes {totals.en} yen",
                f"{path}: 計画に誤りはありません。計算結果(円): {totals.ja}",
            ),
        ),
    )


def _total(outcome: ProgrammeOutcome) -> Text:
    """Return a programme's id with its total (yen); of parts: how much stands on which basis."""
    total = group(outcome.allocation.total) if outcome.allocation is not None else "-"
    if not outcome.parts:
        return same(f"{outcome.programme.id} {total}")
    footing = parts_words(outcome)
    return Text(
        f"{outcome.programme.id} {total} ({footing.en})",
        f"{outcome.programme.id} {total}({footing.ja})",
    )


def _data(source: Source, sources: Sources) -> Verdict:
    register = japan(sources)
    if source.kind == "parquet":
        looked_into, table = None, read_table(source)
    else:
        looked_into = opened(source)
        if looked_into.plain is None and are_papers(looked_into.grids):
            return _lists(source, register, looked_into)  # papers have lists, and no measures
        table = looked_into.table()
    if "kind" in table.columns:
        return _register(source, table)
    if any(map(is_amount, table.columns)):
        return _lists(source, register, looked_into)
    return _measure(table, register, sources)


def _register(source: Source, table: TextTable) -> Verdict:
    file = source.path
    codes = table.frame[table.column(CODE_WORDS)]
    register = own_register(source, official=bool(codes.str.contains("^[0-9]+$").all()))
    count = len(register.codes)
    return Verdict(
        "register",
        (
            Text(
                f"{file}: a register of {count:,} organisations, sound",
                f"{file}: 団体一覧({count:,} 団体)、誤りはありません",
            ),
        ),
    )


def _lists(source: Source, register: Register, looked_into: Opened | None) -> Verdict:
    """Check every list of a file.

    Raises:
        InputError: codes, sums or subtotals that are wrong, all of them.
    """
    found: list[Problem] = []
    lists = read_lists(source, register, looked_into)
    found += _twice(lists)
    texts: list[Text] = []
    for published in lists:
        try:
            texts += _sound_list(published, register)
        except InputError as error:
            found += error.problems
    raise_all(found)
    names = [published.programme or published.title or source.name for published in lists]
    readings = tuple(
        Reading(name, len(published.frame), published.left_out, published.places)
        for name, published in zip(names, lists, strict=True)
    )
    return Verdict("list", tuple(texts), readings)


def _twice(lists: Sequence[PublishedList]) -> Iterator[Problem]:
    """Yield the programmes of which a workbook of ours has other amounts on another sheet."""
    first: dict[tuple[str, FiscalYear | None], PublishedList] = {}
    for each in lists:
        if not each.programme or each.sheet is None:
            continue  # papers may well have several lists of one programme and year
        other = first.setdefault((each.programme, each.fiscal_year), each)
        if other is not each:
            yield Problem(
                each.where(each.frame["line"][0]),
                Text(
                    f"{each.programme}: other amounts than on sheet {other.sheet}",
                    f"{each.programme}: シート「{other.sheet}」と金額が異なります",
                ),
                Text("correct the sheet that is wrong", "誤っているシートを直してください"),
                code="sheets_disagree",
            )


def _sound_list(published: PublishedList, register: Register) -> list[Text]:
    amounts = amounts_by_code(published, register)
    added = sum(amounts.values())
    file = published.file
    refuse_wrong_totals(published)
    lines = [
        Text(
            f"{file}: a list of {len(amounts):,} amounts, {group(added)} yen altogether, sound",
            f"{file}: 一覧({len(amounts):,} 件、計 {group(added)} 円)、誤りはありません",
        ),
    ]
    return [*lines, *_below((*published.remarks, *published.told_by_name))]


def _measure(table: TextTable, register: Register, sources: Sources) -> Verdict:
    names = {*CODE_WORDS, *PREFECTURE_WORDS, *MUNICIPALITY_WORDS, "county", "kana"}
    rest = [name for name in table.columns if name not in names]
    columns = [name for name in rest if any(map(is_figure, table.frame[name]))]
    if POPULATION not in columns and population_columns(table):
        columns = [POPULATION]  # a spreadsheet as downloaded has much else in it
    if not columns:
        raise refuse(
            table.at(table.header_line),
            Text("no column with figures", "数値の列がありません"),
            Text("name a column population or amount", "population か amount の列を設けてください"),
            code="missing_column",
        )
    remarks: dict[Text, None] = {}
    readings: list[Reading] = []
    for column in columns:
        measure = measure_in(table, column, register, (column, None, "plan"))
        if column == POPULATION:
            _whole_population(measure, register, sources)
        remarks |= dict.fromkeys(measure.remarks)
        readings.append(Reading(column, len(measure.frame), measure.left_out))
    rows = readings[-1].taken
    return Verdict(
        "measure",
        (
            Text(
                f"{table.file}: {', '.join(columns)} of {rows:,} organisations, sound",
                f"{table.file}: {'、'.join(columns)}({rows:,} 団体)、誤りはありません",
            ),
            *_below(remarks),
        ),
        tuple(readings),
    )


def _whole_population(measure: Measure, register: Register, sources: Sources) -> None:
    """Refuse a population that lacks an organisation of today, or whose sums are off."""
    measures = Measures(register, code_changes(sources), date.max, [])
    everyone = register.payers("all", measures.day)
    aligned = measures.align(measure, everyone, POPULATION)
    refuse_wrong_sums(measure, everyone, aligned.values)
