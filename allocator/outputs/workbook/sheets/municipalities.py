"""市区町村別: every organisation, every programme; notional figures in columns of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import polars as pl
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from allocator.domain.organisations import KIND_NAMES
from allocator.outputs.files.csv_files import NOTIONAL
from allocator.outputs.workbook.book.book import Book
from allocator.outputs.workbook.book.cells import (
    LARGEST_NUMBER,
    height,
    number_width,
    numbers,
    put,
    put_formula,
    set_widths,
    texts,
    title,
    width,
)
from allocator.outputs.workbook.book.styles import Style
from allocator.outputs.workbook.model.entered import Inputs
from allocator.outputs.workbook.model.notional import Columns, Country, country_of, write_split
from allocator.outputs.workbook.model.sheet import EXACT, Calc
from allocator.results.outcome import Outcome
from allocator.words.labels import NOTIONAL_REMARK

NAME: Final = "市区町村別"
PREFIX: Final = f"{NAME}!"
_NAMES: Final = ("団体コード", "都道府県名", "市区町村名", "区分")
_HEADINGS_ROW: Final = 2
_FIRST: Final = _HEADINGS_ROW + 1


@dataclass(frozen=True)
class _Figures:
    """Figures of one programme: what payers pay, or the notional ones (参考) of municipalities."""

    heading: str
    values: Sequence[int | None]
    total: int | None
    number: int
    notional: bool = False

    @property
    def style(self) -> Style:
        return "notional" if self.notional else "number"


@dataclass
class Everywhere:
    """Where other sheets find the figures: the column (counted from 0) of each programme."""

    codes: list[str]
    names: list[str]
    first: int = _FIRST
    paid: dict[int, int] = field(default_factory=dict)
    notional: dict[int, int] = field(default_factory=dict)
    live_notional: set[int] = field(default_factory=set)
    measures: dict[int, int] = field(default_factory=dict)
    of_programme: dict[int, int] = field(default_factory=dict)
    weighted: dict[int, int] = field(default_factory=dict)
    total: int = 0
    per_resident: int | None = None

    def range(self, col: int) -> str:
        """Return a column of all organisations, as other sheets write it."""
        letter = xl_col_to_name(col)
        return f"{PREFIX}${letter}${self.first + 1}:${letter}${self.first + len(self.codes)}"


def write(
    book: Book,
    outcome: Outcome,
    everyone: pl.DataFrame,
    calcs: Sequence[Calc | None],
    inputs: Inputs,
) -> Everywhere:
    """Write the sheet; `everyone` are the organisations of the day that decides who pays."""
    sheet, styles = book.sheet(NAME, landscape=True), book.styles
    country = country_of(outcome, everyone)
    named = [
        everyone["code"].to_list(),
        everyone["prefecture"].to_list(),
        (everyone["county"] + everyone["municipality"]).to_list(),
        [KIND_NAMES.get(kind, kind) for kind in everyone["kind"]],
    ]
    found = Everywhere(named[0], [a + b for a, b in zip(named[1], named[2], strict=True)])
    figures = _figures(outcome, found.codes)
    count, start = len(everyone), len(named)
    sums = [
        sum(each.values[row] or 0 for each in figures if not each.notional and each.values)
        for row in range(count)
    ]
    found.total = start + len(figures)
    measure_cols = {number: found.total + 1 + number for number in range(len(country.measures))}
    widths = [width([name, *values], 10) for name, values in zip(_NAMES, named, strict=True)]
    widths += [number_width([*each.values, each.total], 17) for each in figures]
    widths += [number_width(sums, 17), *(16.0 for _ in country.measures)]
    if country.population is not None:
        found.per_resident = len(widths)
        widths.append(14.0)
    set_widths(sheet, widths)
    title(sheet, f"{book.year.japanese} 市区町村別一覧(都道府県を含む)", widths, styles["title"])
    put(sheet, 1, 0, _note(figures), styles["note"])
    put(sheet, 1, len(widths) - 1, "(単位:円)", styles["unit"])
    heads: list[str] = [*_NAMES, *(each.heading for each in figures)]
    heads += [f"負担額の計\n({NOTIONAL}を除く)", *(each.heading for each in country.measures)]
    if country.population is not None:
        heads.append("人口1人当たりの\n負担額の計(円)")
    looks: list[Style] = ["heading"] * len(heads)
    for col, each in enumerate(figures, start):
        looks[col] = "notional_heading" if each.notional else "heading"
    book.table(sheet, NAME, (_HEADINGS_ROW, count), heads, looks)
    for col, values in enumerate(named):
        texts(sheet, _FIRST, col, values, styles["code" if col == 0 else "text"])
    put(sheet, _FIRST + count, 0, "合計", styles["label"])
    for col in range(1, start):
        put(sheet, _FIRST + count, col, None, styles["label"])
    found.measures, found.of_programme = measure_cols, country.of_programme
    helper = _programmes(book, sheet, outcome, (figures, calcs), (country, found), len(widths) + 1)
    _sums(book, sheet, found, sums)
    for number in measure_cols:
        mine = next(each for each, its in country.of_programme.items() if its == number)
        _measure(book, sheet, (country, found), number, inputs.municipal(mine))
    _per_resident(book, sheet, found, country, sums)
    if helper > len(widths) + 1:
        sheet.set_column(len(widths) + 1, helper - 1, 16)
    heights = [height(head, wide, 2) for head, wide in zip(heads, widths, strict=True)]
    sheet.set_row(_HEADINGS_ROW, max(heights, default=33))
    sheet.ignore_errors({"number_stored_as_text": f"A{_FIRST + 1}:A{_FIRST + count}"})
    sheet.freeze_panes(_FIRST, start - 1)
    sheet.repeat_rows(_HEADINGS_ROW)
    sheet.print_area(0, 0, _FIRST + count, len(widths) - 1)
    book.protect(sheet)
    return found


def _programmes(
    book: Book,
    sheet: Worksheet,
    outcome: Outcome,
    written: tuple[Sequence[_Figures], Sequence[Calc | None]],
    places: tuple[Country, Everywhere],
    helper: int,
) -> int:
    """Write the columns of all programmes, helpers from column `helper` on; return the next."""
    styles, (figures, calcs), (country, found) = book.styles, written, places
    for col, each in enumerate(figures, start=len(_NAMES)):
        calc = calcs[each.number]
        if each.notional and calc is not None:
            found.notional[each.number] = col
            kind = country.of_programme[each.number]
            if country.can_split(outcome.programmes[each.number]) and calc.live:
                found.live_notional.add(each.number)
                split = outcome.programmes[each.number].notional
                assert split is not None
                where = Columns(_FIRST, kind, found.measures[kind], col, helper)
                write_split(book, sheet, country, split, calc, where)
                helper += 3
            else:
                numbers(sheet, _FIRST, col, each.values, styles["notional"])
        elif calc is not None:
            found.paid[each.number] = col
            _paid(sheet, calc, each, col, styles["number"])
        _total(sheet, each, col, len(found.codes), styles[each.style if each.notional else "total"])
    return helper


def _paid(sheet: Worksheet, calc: Calc, each: _Figures, col: int, style: Format) -> None:
    """Refer to the amounts of the calculation; figures too large for that are copied."""
    if any((value or 0) >= EXACT for value in each.values):
        numbers(sheet, _FIRST, col, each.values, style)
        return
    start = f"={calc.prefix}${xl_col_to_name(calc.places['amount'])}$"
    at, write = calc.first, partial(put_formula, sheet)
    for row, value in enumerate(each.values, _FIRST):
        if value is not None:
            at += 1
            write(row, col, f"{start}{at}", style, value)


def _total(sheet: Worksheet, each: _Figures, col: int, count: int, style: Format) -> None:
    if each.total is None or each.total > LARGEST_NUMBER:
        put(sheet, _FIRST + count, col, each.total, style)
        return
    letter = xl_col_to_name(col)
    formula = f"=SUM({letter}{_FIRST + 1}:{letter}{_FIRST + count})"
    put_formula(sheet, _FIRST + count, col, formula, style, each.total)


def _sums(book: Book, sheet: Worksheet, found: Everywhere, sums: Sequence[int]) -> None:
    """Add what each organisation pays altogether; notional figures are not part of it."""
    letters = [xl_col_to_name(col) for col in found.paid.values()]
    style, total = book.styles["number"], book.styles["total"]
    large = sum(sums) >= EXACT or not letters
    for row, value in enumerate([*sums, sum(sums)], _FIRST):
        at = total if row == _FIRST + len(sums) else style
        if large:
            put(sheet, row, found.total, value, at)
        else:
            cells = ",".join(f"{letter}{row + 1}" for letter in letters)
            put_formula(sheet, row, found.total, f"=SUM({cells})", at, value)


def _measure(
    book: Book,
    sheet: Worksheet,
    places: tuple[Country, Everywhere],
    number: int,
    cells: Mapping[str, str],
) -> None:
    """Write what the notional split rests on: sums for prefectures, else `cells` by code."""
    styles, (country, found) = book.styles, places
    measure, col = country.measures[number], found.measures[number]
    letter = xl_col_to_name(col)
    for row, (code, value) in enumerate(zip(found.codes, measure.values, strict=True)):
        members = country.members.get(row)
        if members is not None and country.contiguous:
            own = f"{letter}{_FIRST + members.start + 1}:{letter}{_FIRST + members.stop}"
            put_formula(sheet, _FIRST + row, col, f"=SUM({own})", styles["number"], value or 0)
        elif code in cells:
            put_formula(sheet, _FIRST + row, col, f"={cells[code]}", styles["number"], value or 0)
        else:
            put(sheet, _FIRST + row, col, value, styles["number"])
    put(sheet, _FIRST + len(measure.values), col, None, styles["label"])
    if cells:
        rows = enumerate(measure.values, _FIRST + 1)
        found.weighted[number] = sum(row * (value or 0) for row, value in rows)


def _per_resident(
    book: Book, sheet: Worksheet, found: Everywhere, country: Country, sums: Sequence[int]
) -> None:
    if country.population is None or found.per_resident is None:
        return
    col, style = found.per_resident, book.styles["decimal"]
    people = xl_col_to_name(found.measures[country.population])
    paid = xl_col_to_name(found.total)
    values = country.measures[country.population].values
    for row, (value, total) in enumerate(zip(values, sums, strict=True), _FIRST):
        shown = total / value if value and total < EXACT else ""
        formula = f'=IF(N({people}{row + 1})>0,{paid}{row + 1}/{people}{row + 1},"")'
        put_formula(sheet, row, col, formula, style, shown)
    put(sheet, _FIRST + len(sums), col, None, book.styles["label"])


def _figures(outcome: Outcome, codes: Sequence[str]) -> list[_Figures]:
    columns = []
    for number, each in enumerate(outcome.programmes):
        name = each.programme.title
        if each.allocation is None:
            columns.append(_Figures(f"{name}\n(未算定)", [], None, number))
            continue
        paid = each.allocation.by_code
        values = [paid.get(code) for code in codes]
        columns.append(_Figures(name, values, each.allocation.total, number))
        if each.notional is not None:
            members = each.notional.municipalities["code"].to_list()
            split = dict(zip(members, each.notional.amounts, strict=True))
            values = [split.get(code) for code in codes]
            total = sum(each.notional.amounts)
            heading = f"【{NOTIONAL}】\n{name}の按分"
            columns.append(_Figures(heading, values, total, number, notional=True))
    return columns


def _note(figures: Sequence[_Figures]) -> str:
    if not any(each.notional for each in figures):
        return ""
    return f"斜体の【{NOTIONAL}】欄は{NOTIONAL_REMARK.ja}。"
