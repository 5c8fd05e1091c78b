"""算定: a programme from its inputs to its amounts; yellow cells may be changed."""

from __future__ import annotations

from typing import Final

from xlsxwriter.worksheet import Worksheet

from allocator.outputs.workbook.book.book import Book
from allocator.outputs.workbook.book.cells import (
    WHOLE,
    height,
    number_width,
    put,
    put_formula,
    set_widths,
    title,
)
from allocator.outputs.workbook.book.styles import Style
from allocator.outputs.workbook.model.sheet import Calc, Scalar
from allocator.outputs.workbook.sheets.columns import widths_of, write_columns
from allocator.plans.programme import Programme
from allocator.results.outcome import ProgrammeOutcome
from allocator.words.rule import BASIS

_LIVE: Final = "黄色のセルと「入力データ」の指標を変えると、金額まで再計算される。"
_PARTLY: Final = "一部の部分の金額は値で、再計算されない。その入力を変えると検算が「否」になる。"
_VALUES: Final = "金額は算定時の値で、再計算されない。入力を変えると検算が「否」になる。"


def write(book: Book, calc: Calc, outcome: ProgrammeOutcome) -> None:
    """Write the sheet of a programme and those of its parts, and define their names."""
    _write(book, calc, outcome.programme, "")
    for part, own in zip(calc.parts, outcome.parts, strict=True):
        _write(book, part, own.programme, f"{outcome.programme.title} ")


def _write(book: Book, calc: Calc, programme: Programme, of: str) -> None:
    """Write one sheet; `of` is what a part's title begins with."""
    sheet = book.sheet(calc.sheet, rows=calc.first + calc.count, landscape=calc.wide)
    styles = book.styles
    widths = _widths(calc)
    set_widths(sheet, widths)
    helpers = [column for column in calc.columns if column.helper]
    last = calc.helper_col + max(len(helpers), *(len(line.helpers) for line in calc.lines), 1)
    sheet.set_column(calc.helper_col, last - 1, 16)
    title(sheet, f"{book.year.japanese} {of}{programme.title} 算定", widths, styles["title"])
    live = _LIVE if calc.live else _VALUES
    if calc.live and not all(part.live for part in calc.parts):
        live = _PARTLY
    put(sheet, 1, 0, f"{BASIS[programme.basis].ja}。{live}", styles["note"])
    for row, line in enumerate(calc.lines, calc.head):
        put(sheet, row, 0, line.label, styles["plain"])
        for start, cells in ((calc.value_col, line.cells), (calc.helper_col, line.helpers)):
            for col, cell in enumerate(cells, start):
                helps = start == calc.helper_col
                _scalar(book, sheet, calc, (row, col), cell, "helper" if helps else cell.style)
        if line.remark:
            put(sheet, row, calc.value_col + max(len(line.cells), 1), line.remark, styles["remark"])
    names = [column.heading for column in calc.visible]
    place = (calc.heading_row, calc.count)
    book.table(sheet, f"算定_{programme.id}", place, names)
    for column in helpers:
        at = calc.places[column.key]
        put(sheet, calc.heading_row, at, column.heading, styles["helper_heading"])
    lines = zip(calc.visible, widths, strict=True)
    sheet.set_row(calc.heading_row, max(height(each.heading, wide, 2) for each, wide in lines))
    write_columns(book, sheet, calc)
    first, end = calc.first, calc.first + calc.count
    sheet.freeze_panes(first, calc.value_col)
    sheet.repeat_rows(calc.heading_row)
    sheet.print_area(0, 0, end - 1, len(calc.visible) - 1)
    for name, keys in calc.names.items():
        book.workbook.name_cells(name, _named(calc, *keys))
    book.protect(sheet)


def _named(calc: Calc, start: str, end: str) -> str:
    """Return the cells of a name, absolute."""
    if start in calc.places:
        return calc.outside(f"[{start}@]")
    return calc.prefix + (calc.ref(start) if start == end else f"{calc.ref(start)}:{calc.ref(end)}")


def _scalar(
    book: Book,
    sheet: Worksheet,
    calc: Calc,
    place: tuple[int, int],
    cell: Scalar,
    look: Style,
) -> None:
    (row, col), style = place, book.styles[look]
    if cell.formula:
        put_formula(sheet, row, col, calc.resolve(cell.formula)(row), style, calc.value(cell.key))
        return
    put(sheet, row, col, cell.value, style)
    if cell.style == "input":
        sheet.data_validation(row, col, row, col, WHOLE)


def _widths(calc: Calc) -> list[float]:
    """Return the widths of the columns, for what stands in the table and in the lines above it."""
    widths = widths_of(calc)
    for line in calc.lines:
        for col, cell in enumerate(line.cells, calc.value_col):
            if col < len(widths) and isinstance(value := calc.value(cell.key), int):
                widths[col] = number_width([value], widths[col])
    return widths
