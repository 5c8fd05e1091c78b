"""一覧: one programme in the layout of the published list."""

from __future__ import annotations

from typing import Final

from xlsxwriter.worksheet import Worksheet

from allocator.engine.result import Allocation
from allocator.outputs.workbook.book.book import Book
from allocator.outputs.workbook.book.cells import put, set_widths, title
from allocator.outputs.workbook.book.strings import sheet_name
from allocator.outputs.workbook.model.sheet import EXACT, Calc, Column
from allocator.outputs.workbook.sheets.columns import widths_of, write_columns, write_sums
from allocator.plans.programme import Programme
from allocator.results.outcome import NotComputed, ProgrammeOutcome
from allocator.words.labels import list_headings, list_title, short_title

_UNIT_ROW: Final = 1
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
    names, by_name = list_headings(programme), programme.payers == "prefectures"
    least = _LEAST_WITHOUT_CODE if by_name else 16.0
    listed = Calc(str(sheet.name), head=_UNIT_ROW)
    if not by_name:
        listed.columns.append(Column("code", names[0], payers["code"].to_list(), style="code"))
    prefectures = Column(
        "prefecture",
        names[0 if by_name else 1],
        payers["prefecture"].to_list(),
        style="text",
        least=least,
    )
    listed.columns.append(prefectures)
    if not by_name:
        towns = (payers["county"] + payers["municipality"]).to_list()
        listed.columns.append(Column("municipality", names[2], towns, style="text", least=24))
    source = None
    if max(*allocation.amounts, allocation.total, 0) < EXACT:
        source = calc.at(calc.places["amount"])
    amounts = Column("amount", names[-1], allocation.amounts, source=source, least=max(least, 18))
    listed.columns.append(amounts)
    widths = widths_of(listed)
    set_widths(sheet, widths)
    title(sheet, list_title(programme, book.year), widths, styles["title"])
    put(sheet, _UNIT_ROW, len(widths) - 1, "(単位:円)", styles["unit"])
    book.table(sheet, f"一覧_{programme.id}", (listed.heading_row, len(payers)), names)
    write_columns(book, sheet, listed)
    if by_name:
        write_sums(book, sheet, listed, {"amount": "total"})
    sheet.freeze_panes(listed.first, 0)
    sheet.repeat_rows(0, listed.heading_row)
    book.protect(sheet)


def _not_computed(
    book: Book, sheet: Worksheet, outcome: ProgrammeOutcome, result: NotComputed
) -> None:
    widths = [12.0, 80.0]
    set_widths(sheet, widths)
    title(sheet, list_title(outcome.programme, book.year), widths, book.styles["title"])
    put(sheet, 2, 0, "未算定", book.styles["bad"])
    put(sheet, 2, 1, result.reason.ja, book.styles["wrapped"])
