"""Rows of cells written as xlsxwriter writes them, in half the time.

xlsxwriter writes a cell by many calls, each of which is ready for any kind and any attribute; nine
out of ten of ours are a number, a text, a formula or nothing, in a style. A test holds the outcome
against that of xlsxwriter's own methods.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name, xl_range
from xlsxwriter.worksheet import (
    CellBlankTuple,
    CellFormulaTuple,
    CellNumberTuple,
    CellStringTuple,
    Worksheet,
)

from allocator.outputs.workbook.book.strings import as_a_result

Cell: TypeAlias = Any
"""A cell as xlsxwriter keeps it: one of its named tuples, which have no types."""

_ROWS_OF_A_SPAN: Final = 16


class Rows(Worksheet):
    """A worksheet whose cells are kept as they come, and written at the end in the short way."""

    # xlsxwriter begins all of these with None.
    fh: Any
    str_table: Any
    dim_colmax: Any

    def keep(self, row: int, col: int, cells: Sequence[Cell]) -> None:
        """Put cells into a column from (row, col) down.

        Raises:
            AssertionError: they go beyond the sheet; `limits` lets no such plan come this far.
        """
        if not cells:
            return
        last = row + len(cells) - 1
        if self._check_dimensions(row, col) or (last > row and self._check_dimensions(last, col)):
            raise AssertionError(f"{self.name} has no room for {len(cells)} cells from row {row}")
        table = self.table
        for place, cell in enumerate(cells, row):
            table[place][col] = cell

    def text(self, value: str, style: Format) -> Cell:
        """Return a cell of a text that is ready for one: see `in_a_cell`."""
        return CellStringTuple(self.str_table._get_shared_string_index(value), style)  # noqa: SLF001

    def put(self, row: int, col: int, cell: Cell) -> None:
        """Put one cell at (row, col); see `keep`."""
        if self._check_dimensions(row, col):
            raise AssertionError(f"{self.name} has no room for a cell in row {row}")
        self.table[row][col] = cell

    def make_table(self, row: int, last: int, right: int, options: Mapping[str, Any]) -> None:
        """Make the cells from the headings in `row` to the row `last` a table, as far as `right`.

        xlsxwriter marks each of a table's cells as taken, which takes longer than to write most of
        them: it is told of the headings and one row, and then how far the table goes.
        """
        self.add_table(row, 0, row + 1, right, {**options})
        self.tables[-1].update(range=(cells := xl_range(row, 0, last, right)), a_range=cells)
        self.tables[-1]["autofilter"] = cells

    def _calculate_spans(self) -> None:
        """Say for every sixteen rows from which column to which they have cells."""
        spans: dict[int, tuple[int, int]] = {}
        for row, cells in self.table.items():
            if cells:
                span = row // _ROWS_OF_A_SPAN
                first, last = spans.get(span, (min(cells), 0))
                spans[span] = min(first, *cells), max(last, *cells)
        self.row_spans = {span: f"{first + 1}:{last + 1}" for span, (first, last) in spans.items()}

    def _write_rows(self) -> None:
        if self.comments:
            super()._write_rows()
            return
        self._calculate_spans()
        columns = [xl_col_to_name(col) for col in range(self.dim_colmax + 1)]
        styles: dict[Format, int] = {}
        write = self.fh.write
        for row in sorted({*self.row_info, *(row for row, cells in self.table.items() if cells)}):
            cells = self.table.get(row, {})
            span = self.row_spans.get(row // _ROWS_OF_A_SPAN)
            if not cells:
                self._write_empty_row(row, span, self.row_info[row])
                continue
            self._write_row(row, span, self.row_info.get(row))
            for col in sorted(cells):
                cell = cells[col]
                style = styles.get(cell.format)
                if style is None and cell.format:
                    style = styles[cell.format] = cell.format._get_xf_index()  # noqa: SLF001
                text = style and _written(f'<c r="{columns[col]}{row + 1}" s="{style}"', cell)
                if text:
                    write(text)
                else:
                    self._write_cell(row, col, cell)
            write("</row>")


def _written(start: str, cell: Cell) -> str:
    """Return a cell whose element begins by `start`; nothing if it is of no usual kind."""
    kind, text = type(cell), ""
    if kind is CellFormulaTuple:
        value = cell.value
        if type(value) is str and value:
            text = f'{start} t="str"><f>{_escaped(cell.formula)}</f><v>{_result(value)}</v></c>'
        elif type(value) is int or type(value) is float:
            text = f"{start}><f>{_escaped(cell.formula)}</f><v>{value}</v></c>"
    elif kind is CellStringTuple:
        text = f'{start} t="s"><v>{cell.string}</v></c>'
    elif kind is CellNumberTuple:
        text = f"{start}><v>{cell.number:.16G}</v></c>"
    elif kind is CellBlankTuple:
        text = f"{start}/>"
    return text


def _result(text: str) -> str:
    return text if text.isalnum() and "_" not in text else _escaped(as_a_result(text))


def _escaped(text: str) -> str:
    if "&" in text or "<" in text or ">" in text:
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return text
