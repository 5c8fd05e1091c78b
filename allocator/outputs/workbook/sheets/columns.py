"""Writing the columns of a calculation or a list: what its cells have, and what they show now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsxwriter.worksheet import Worksheet

from allocator.outputs.workbook.book.book import Book
from allocator.outputs.workbook.book.cells import (
    LARGEST_NUMBER,
    WHOLE,
    formulas,
    number_width,
    put,
    put_formula,
    texts,
    values,
    width,
)
from allocator.outputs.workbook.book.styles import Style
from allocator.outputs.workbook.model.sheet import Calc, Column, Value


def write_columns(book: Book, sheet: Worksheet, calc: Calc) -> None:
    """Write all columns below their headings."""
    for column in calc.columns:
        _column(book, sheet, calc, column)
    codes = f"A{calc.first + 1}:A{calc.first + calc.count}"
    sheet.ignore_errors({"number_stored_as_text": codes})


def write_sums(book: Book, sheet: Worksheet, calc: Calc, sums: Mapping[str, Style]) -> None:
    """Write a row of sums below the columns, of those that `sums` has the style of the cell for."""
    row = calc.first + calc.count
    for col, column in enumerate(calc.visible):
        if column.key not in sums:
            put(sheet, row, col, None if col else "合計", book.styles["label"])
            continue
        style, figures = book.styles[sums[column.key]], calc.values(column.key)
        added = sum(value for value in figures if isinstance(value, int))
        if added > LARGEST_NUMBER or not figures:
            put(sheet, row, col, added if figures else None, style)
        else:
            put_formula(sheet, row, col, f"=SUM({calc.range(column.key)})", style, added)


def widths_of(calc: Calc) -> list[float]:
    """Return the widths of the columns that are printed."""
    return [_width(column, calc.values(column.key)) for column in calc.visible]


def _width(column: Column, values: Sequence[Value]) -> float:
    if column.style in ("text", "code"):
        return width([column.heading, *(str(value or "") for value in values)], column.least)
    figures = [value for value in values if isinstance(value, int)]
    return number_width(figures, max(column.least, min(width([column.heading]), 14)))


def _column(book: Book, sheet: Worksheet, calc: Calc, column: Column) -> None:
    look: Style = "helper" if column.helper else column.style
    col, style = calc.places[column.key], book.styles[look]
    first, source, shown = calc.first, column.source, calc.values(column.key)
    if column.cells:
        _references(book, sheet, calc, column, look)
    elif source is not None:
        formulas(sheet, (first, col), [lambda row: f"={source.cell(row - first)}"], shown, style)
    elif column.formulas:
        resolved = [calc.resolve(formula) for formula in column.formulas]
        formulas(sheet, (first, col), resolved, shown, style, column.which)
    elif column.style in ("text", "code"):
        texts(sheet, first, col, [str(value or "") for value in shown], style)
    else:
        values(sheet, first, col, shown, style)
        if column.style == "input":
            sheet.data_validation(first, col, first + calc.count - 1, col, WHOLE)


def _references(book: Book, sheet: Worksheet, calc: Calc, column: Column, look: Style) -> None:
    """Refer to other cells, row by row; where there is nothing to refer to stands the value."""
    col, style = calc.places[column.key], book.styles[look]
    for row, (cell, value) in enumerate(zip(column.cells, column.values, strict=True), calc.first):
        if cell:
            put_formula(sheet, row, col, f"={cell}", style, value)
        elif cell is not None:
            put(sheet, row, col, value, style)
    if column.entered:
        sheet.data_validation(calc.first, col, calc.first + calc.count - 1, col, WHOLE)
