"""市区町村別: every organisation, every programme; notional figures in columns of their own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import polars as pl

from allocator.domain.organisations import KIND_NAMES
from allocator.outputs.files.csv_files import NOTIONAL
from allocator.outputs.workbook.book.book import Book
from allocator.outputs.workbook.book.cells import height, number_width, put, set_widths, title
from allocator.outputs.workbook.book.styles import Style
from allocator.outputs.workbook.model.build import payer_columns
from allocator.outputs.workbook.model.entered import Inputs
from allocator.outputs.workbook.model.notional import Columns, Country, country_of, write_split
from allocator.outputs.workbook.model.sheet import EXACT, Calc, Column
from allocator.outputs.workbook.sheets.columns import widths_of, write_columns, write_sums
from allocator.results.outcome import Outcome, ProgrammeOutcome
from allocator.words.labels import NOTIONAL_REMARK

NAME: Final = "市区町村別"
_LEAST: Final = 17.0
_NOTE: Final = f"斜体の【{NOTIONAL}】欄は{NOTIONAL_REMARK.ja}。"


@dataclass
class Everywhere(Calc):
    """The figures of all organisations: `paid_0` of the first programme, and so on; `total`.

    `notional` are the programmes with notional figures (`notional_0` …), `live_notional` those of
    them whose figures are formulas, `of_programme` tells which measure they rest on (`measure_0`
    …), and `weighted` what the measures that are referred to add up to, each times its row.
    """

    notional: set[int] = field(default_factory=set)
    live_notional: set[int] = field(default_factory=set)
    of_programme: dict[int, int] = field(default_factory=dict)
    weighted: dict[int, int] = field(default_factory=dict)

    @cached_property
    def codes(self) -> list[str]:
        """The codes of all organisations."""
        return [str(code) for code in self.values("code")]


def write(
    book: Book,
    outcome: Outcome,
    everyone: pl.DataFrame,
    calcs: Sequence[Calc | None],
    inputs: Inputs,
) -> Everywhere:
    """Write the sheet; `everyone` are the organisations of the day that decides who pays."""
    country = country_of(outcome, everyone)
    found = Everywhere(NAME, head=1, of_programme=country.of_programme)
    kinds = [KIND_NAMES.get(kind, kind) for kind in everyone["kind"]]
    found.columns = payer_columns(everyone, towns=True)
    found.columns.append(Column("kind", "区分", kinds, style="text", least=10))
    for number, (each, calc) in enumerate(zip(outcome.programmes, calcs, strict=True)):
        found.columns += _columns(found, number, each, calc)
    found.columns.append(_total(found, outcome))
    found.columns += _measures(found, country, inputs)
    if country.population is not None:
        people = f"measure_{country.population}"
        ratio = f'IF(N([{people}])>0,[total]/[{people}],"")'
        heading = "人口1人当たりの\n負担額の計(円)"
        found.columns.append(Column("rate", heading, (), (ratio,), style="decimal", least=14))
    sheet, styles = book.sheet(NAME, landscape=True), book.styles
    widths, count = widths_of(found), found.count
    set_widths(sheet, widths)
    title(sheet, f"{book.year.japanese} 市区町村別一覧(都道府県を含む)", widths, styles["title"])
    put(sheet, 1, 0, _NOTE if found.notional else "", styles["note"])
    put(sheet, 1, len(widths) - 1, "(単位:円)", styles["unit"])
    looks: list[Style] = [
        "notional_heading" if column.style == "notional" else "heading" for column in found.visible
    ]
    heads = [column.heading for column in found.visible]
    book.table(sheet, NAME, (found.heading_row, count), heads, looks)
    write_columns(book, sheet, found)
    helper = _splits(book, found, (outcome, country), calcs)
    sums: dict[str, Style] = {"total": "total"}
    for column in found.visible:
        if column.key.startswith(("paid_", "notional_")):
            sums[column.key] = "notional" if column.style == "notional" else "total"
    write_sums(book, sheet, found, sums)
    if helper > len(widths) + 1:
        sheet.set_column(len(widths) + 1, helper - 1, 16)
    lines = [height(head, wide, 2) for head, wide in zip(heads, widths, strict=True)]
    sheet.set_row(found.heading_row, max(lines))
    sheet.freeze_panes(found.first, found.places["kind"])
    sheet.repeat_rows(found.heading_row)
    sheet.print_area(0, 0, found.first + count, len(widths) - 1)
    book.protect(sheet)
    return found


def _columns(
    found: Everywhere, number: int, outcome: ProgrammeOutcome, calc: Calc | None
) -> Iterator[Column]:
    """Yield what payers pay, by reference to its calculation, and the notional figures."""
    name, allocation, notional = outcome.programme.title, outcome.allocation, outcome.notional
    if allocation is None or calc is None:
        yield Column(f"paid_{number}", f"{name}\n(未算定)", least=_LEAST)
        return
    paid, row_of = allocation.by_code, {code: row for row, code in enumerate(calc.values("code"))}
    small = max(paid.values(), default=0) < EXACT
    cells = [
        None if code not in paid else calc.cell("amount", row_of[code]) if small else ""
        for code in found.codes
    ]
    values, least = (
        [paid.get(code) for code in found.codes],
        number_width([allocation.total], _LEAST),
    )
    yield Column(f"paid_{number}", name, values, cells=cells, least=least)
    if notional is not None:
        found.notional.add(number)
        split = dict(zip(notional.municipalities["code"], notional.amounts, strict=True))
        values = [split.get(code) for code in found.codes]
        yield Column(
            f"notional_{number}",
            f"【{NOTIONAL}】\n{name}の按分",
            values,
            style="notional",
            cells=[None if value is None else "" for value in values],
            least=number_width([sum(notional.amounts)], _LEAST),
        )


def _total(found: Everywhere, outcome: Outcome) -> Column:
    """Return what each organisation pays altogether; notional figures are not part of it."""
    heading = f"負担額の計\n({NOTIONAL}を除く)"
    paid = [each.allocation.by_code for each in outcome.programmes if each.allocation is not None]
    sums = [sum(own.get(code, 0) for own in paid) for code in found.codes]
    least = number_width([sum(sums)], _LEAST)
    if sum(sums) >= EXACT or not paid:
        return Column("total", heading, sums, least=least)
    keys = [column.key for column in found.columns if column.key.startswith("paid_")]
    formula = "+".join(f"[{key}]" for key in keys if found.column(key).values)
    return Column("total", heading, (), (formula,), least=least)


def _measures(found: Everywhere, country: Country, inputs: Inputs) -> Iterator[Column]:
    """Yield what notional splits rest on: sums for prefectures, else cells of the inputs."""
    col = len(found.columns)
    for number, measure in enumerate(country.measures):
        mine = next(each for each, its in country.of_programme.items() if its == number)
        entered = inputs.municipal(mine)
        cells = [entered.get(code, "") for code in found.codes]
        if country.contiguous:
            for row, members in country.members.items():
                cells[row] = f"SUM({found.at(col + number).rows(members.start, members.stop)})"
        if entered:
            rows = enumerate(measure.values, found.first + 1)
            found.weighted[number] = sum(row * (value or 0) for row, value in rows)
        yield Column(f"measure_{number}", measure.heading, measure.values, cells=cells, least=16)


def _splits(
    book: Book, found: Everywhere, of: tuple[Outcome, Country], calcs: Sequence[Calc | None]
) -> int:
    """Write the notional figures that can be formulas; return the column after their helpers."""
    (outcome, country), helper = of, len(found.visible) + 1
    for number in sorted(found.notional):
        each, calc = outcome.programmes[number], calcs[number]
        if calc is None or each.notional is None or not calc.live or not country.can_split(each):
            continue
        found.live_notional.add(number)
        kind = country.of_programme[number]
        measure, figures = found.places[f"measure_{kind}"], found.places[f"notional_{number}"]
        where = Columns(found.first, kind, measure, figures, helper)
        write_split(book, book.sheets[NAME], country, each.notional, calc, where)
        helper += 3
    return helper
