"""Writing cells: text that stays text, amounts that stay exact, columns wide enough to read."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Final

from xlsxwriter.format import Format
from xlsxwriter.worksheet import CellBlankTuple, CellFormulaTuple, CellNumberTuple, Worksheet

from allocator.domain.yen import group
from allocator.outputs.workbook.book.rows import Cell, Rows
from allocator.outputs.workbook.book.strings import in_a_cell
from allocator.outputs.workbook.book.styles import ROW_POINTS

LARGEST_NUMBER: Final = 10**15 - 1
"""Spreadsheets show 15 digits and store no more than 2^53: larger numbers are written as text."""

WHOLE: Final = {
    "validate": "integer",
    "criteria": "between",
    "minimum": 0,
    "maximum": LARGEST_NUMBER,
    "error_title": "入力の誤り",
    "error_message": "0以上の整数を入力してください。",
}
"""What a yellow cell takes: xlsxwriter's data validation."""

_MARGIN: Final = 2
_WIDEST: Final = 60
_ROW_LIMIT: Final = 409.5


def put(sheet: Worksheet, row: int, col: int, value: str | int | None, style: Format) -> None:
    """Write one cell: text as text, a whole number as an exact amount, None or "" as a blank."""
    if isinstance(value, int):
        numbers(sheet, row, col, [value], style)
    else:
        texts(sheet, row, col, [value or ""], style)


def texts(sheet: Worksheet, row: int, col: int, values: Iterable[str], style: Format) -> None:
    """Write a column of text from (row, col) down; never a formula, never a link."""
    rows = as_rows(sheet)
    rows.keep(row, col, [_text(rows, value, style) for value in values])


def numbers(
    sheet: Worksheet, row: int, col: int, values: Iterable[int | None], style: Format
) -> None:
    """Write a column of whole numbers from (row, col) down; None leaves the cell as it is.

    A number too large for a spreadsheet is written as text, every digit of it.
    """
    rows = as_rows(sheet)
    for place, value in enumerate(values, row):
        if value is not None:
            rows.put(place, col, _number(rows, value, style))


def values(
    sheet: Worksheet, row: int, col: int, column: Iterable[str | int | None], style: Format
) -> None:
    """Write a column of whole numbers, texts and blanks from (row, col) down."""
    rows = as_rows(sheet)
    cells = [
        _number(rows, value, style) if isinstance(value, int) else _text(rows, value, style)
        for value in column
    ]
    rows.keep(row, col, cells)


def formulas(
    sheet: Worksheet,
    place: tuple[int, int],
    texts_of: Sequence[Callable[[int], str]],
    shown: Iterable[str | int | None],
    style: Format,
    which: Sequence[int] = (),
) -> None:
    """Write a column of formulas with the values they have; `which` picks each row's formula."""
    first, (start, col) = texts_of[0], place
    cells = [
        CellFormulaTuple(
            (texts_of[which[row - start]] if which else first)(row).removeprefix("="), style, value
        )
        for row, value in enumerate(shown, start)
    ]
    as_rows(sheet).keep(start, col, cells)


def put_formula(
    sheet: Worksheet, row: int, col: int, text: str, style: Format, value: str | int | float | None
) -> None:
    """Write a formula with the value that it gives now."""
    as_rows(sheet).put(row, col, CellFormulaTuple(text.removeprefix("="), style, value))


def as_rows(sheet: Worksheet) -> Rows:
    """Return a sheet of a `File` as what it is."""
    if not isinstance(sheet, Rows):
        raise TypeError("the sheets of `File` are `Rows`")
    return sheet


def _text(rows: Rows, value: str | None, style: Format) -> Cell:
    return rows.text(in_a_cell(value), style) if value else CellBlankTuple(style)


def _number(rows: Rows, value: int, style: Format) -> Cell:
    if -LARGEST_NUMBER <= value <= LARGEST_NUMBER:
        return CellNumberTuple(value, style)
    return rows.text(group(value), style)


def put_link(sheet: Worksheet, row: int, col: int, place: str, style: Format, words: str) -> None:
    """Write words that lead to a place in the same workbook: cells as formulas write them."""
    sheet.write_url(row, col, f"internal:{place}", style, words)


def headings(sheet: Worksheet, row: int, names: Sequence[str], style: Format) -> None:
    """Write a row of headings."""
    for col, name in enumerate(names):
        put(sheet, row, col, name, style)


def title(sheet: Worksheet, text: str, widths: Sequence[float], style: Format) -> None:
    """Write a title over the columns of the given widths, on as many lines as it needs."""
    if len(widths) > 1:
        sheet.merge_range(0, 0, 0, len(widths) - 1, "", style)
    put(sheet, 0, 0, text, style)
    sheet.set_row(0, height(text, sum(widths) / 1.2, lines=1.5))


def set_widths(sheet: Worksheet, widths: Sequence[float]) -> None:
    """Set the widths of the columns from the first on."""
    for col, wide in enumerate(widths):
        sheet.set_column(col, col, wide)


def width(values: Iterable[str], least: float = 6, most: float = _WIDEST) -> float:
    """Return a column's width for the widest of `values`; a kanji counts as two."""
    return min(max(max(map(_columns, set(values)), default=0) + _MARGIN, least), most)


def number_width(values: Iterable[int | None], least: float = 12) -> float:
    """Return a column's width for amounts with separators."""
    known = [value for value in values if value is not None]
    extremes = [max(known), min(known)] if known else []
    return max([least, *(len(group(value)) + 1 + _MARGIN for value in extremes)])


def height(text: str, wide: float, lines: float = 0) -> float:
    """Return the height in points of wrapped `text` in a column of width `wide`."""
    needed = sum(
        max(math.ceil((_columns(line) + 1) / max(wide - 2, 1)), 1) for line in text.split("\n")
    )
    return min(max(needed * (1 if needed <= lines else 1.05), lines, 1) * ROW_POINTS, _ROW_LIMIT)


def by_sentences(text: str, wide: float) -> list[str]:
    """Return a text as lines of whole sentences that a width has room for."""
    lines: list[str] = []
    for sentence in text.replace("。", "。\n").splitlines():
        if lines and _columns(lines[-1] + sentence) + _MARGIN <= wide:
            lines[-1] += sentence
        else:
            lines.append(sentence)
    return lines


def _columns(text: str) -> int:
    """Return how many half-width columns `text` takes on screen."""
    return len(text) if text.isascii() else sum(map(_column, text))


@cache
def _column(character: str) -> int:
    return 2 if unicodedata.east_asian_width(character) in "WFA" else 1
