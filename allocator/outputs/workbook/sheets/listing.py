"""一覧: one programme in the layout of the published list."""

from __future__ import annotations

from typing import Final

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from allocator.engine.result import Allocation
from allocator.outputs.workbook.book.book import Book
from allocator.outputs.workbook.book.cells import (
    number_width,
    numbers,
    put,
    put_formula,
    set_widths,
    texts,
    title,
    width,
)
from allocator.outputs.workbook.book.strings import sheet_name
from allocator.outputs.workbook.model.sheet import EXACT, Calc
from allocator.plans.programme import Programme
from allocator.results.outcome import NotComputed, ProgrammeOutcome
from allocator.words.labels import list_headings, list_title, short_title

_UNIT_ROW: Final = 1
_HEADINGS_ROW: Final = 2
_LEAST: Final = {"団体コード": 12.0, "都道府県名": 16.0, "市区町村名": 24.0}
_LEAST_WITHOUT_CODE: Final = 38.0


def write(book: Book, outcome: ProgrammeOutcome, number: int, calc: Calc | None) -> None:
    """Write the list of one programme, or why there is none; amounts refer to `calc`."""
    programme = outcome.programme
    name = sheet_name("一覧", number, short_title(programme))
    if calc is None or isinstance(outcome.result, NotComputed):
        assert isinstance(outcome.result, NotComputed)
        _not_computed(book, book.sheet(name), outcome, outcome.result)
    else:
        sheet = book.sheet(name, rows=len(outcome.result.payers))
        _list(book, sheet, programme, outcome.result, calc)


def _list(
    book: Book, sheet: Worksheet, programme: Programme, allocation: Allocation, calc: Calc
) -> None:
    styles, payers = book.styles, allocation.payers
    names = list_headings(programme)
    by_name = programme.payers == "prefectures"
    columns = [payers["prefecture"].to_list()]
    if not by_name:
        columns = [
            payers["code"].to_list(),
            *columns,
            (payers["county"] + payers["municipality"]).to_list(),
        ]
    widths = [
        width(values, _LEAST_WITHOUT_CODE if by_name else _LEAST[name])
        for name, values in zip(names[:-1], columns, strict=True)
    ]
    least = _LEAST_WITHOUT_CODE if by_name else 18
    widths.append(number_width([*allocation.amounts, allocation.total], least))
    set_widths(sheet, widths)
    amount = len(widths) - 1
    title(sheet, list_title(programme, book.year), widths, styles["title"])
    put(sheet, _UNIT_ROW, amount, "(単位:円)", styles["unit"])
    book.table(sheet, f"一覧_{programme.id}", (_HEADINGS_ROW, len(payers)), names)
    first = _HEADINGS_ROW + 1
    for col, values in enumerate(columns):
        is_code = col == 0 and not by_name
        texts(sheet, first, col, values, styles["code" if is_code else "text"])
    last = first + len(payers)
    if max(*allocation.amounts, allocation.total, 0) >= EXACT:
        numbers(sheet, first, amount, allocation.amounts, styles["number"])
    else:
        start = f"={calc.prefix}${xl_col_to_name(calc.places['amount'])}$"
        for at, value in enumerate(allocation.amounts, 1):
            cell = f"{start}{calc.first + at}"
            put_formula(sheet, first + at - 1, amount, cell, styles["number"], value)
    if by_name:
        put(sheet, last, 0, "合計", styles["label"])
        if allocation.total >= EXACT:
            put(sheet, last, amount, allocation.total, styles["total"])
        else:
            letter = xl_col_to_name(amount)
            cells = f"=SUM({letter}{first + 1}:{letter}{last})"
            put_formula(sheet, last, amount, cells, styles["total"], allocation.total)
    else:
        sheet.ignore_errors({"number_stored_as_text": f"A{first + 1}:A{last}"})
    sheet.freeze_panes(first, 0)
    sheet.repeat_rows(0, _HEADINGS_ROW)
    book.protect(sheet)


def _not_computed(
    book: Book, sheet: Worksheet, outcome: ProgrammeOutcome, result: NotComputed
) -> None:
    widths = [12.0, 80.0]
    set_widths(sheet, widths)
    title(sheet, list_title(outcome.programme, book.year), widths, book.styles["title"])
    put(sheet, 2, 0, "未算定", book.styles["bad"])
    put(sheet, 2, 1, result.reason.ja, book.styles["wrapped"])
