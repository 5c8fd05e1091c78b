"""The working paper of an audit as a workbook: a summary, every finding, every row left out."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from allocator.domain.text import Language, Text
from allocator.outputs.audit_paper.blocks import (
    Block,
    Cell,
    Column,
    Facts,
    Items,
    Paper,
    Row,
    Table,
)
from allocator.outputs.audit_paper.findings import FINDINGS, LEFT_OUT
from allocator.outputs.workbook.book.cells import height, number_width, put
from allocator.outputs.workbook.book.file import DAY, File, page_footer, page_header
from allocator.outputs.workbook.book.styles import ROW_POINTS, Style, styles

_SUMMARY: Final = Text("Summary", "総括")
_LIST: Final = Text("list", "一覧")
_A4: Final = 9
_LINES: Final = 20
"""Lines of a row at most: a spreadsheet cuts rows off that are higher than 409 points."""

_SHEET: Final = (20, 32, 28, 28)
"""Widths of the summary's columns: together the width of a page upright."""

_OF_KIND: Final[dict[str, Style]] = {"code": "code", "yen": "number", "mark": "place"}


def render(content: Paper, language: Language) -> bytes:
    """Return the workbook; the same content gives the same bytes."""
    made = io.BytesIO()
    workbook = File(made, {"title": content.title}, DAY)
    formats = styles(workbook)
    _Summary(workbook.add_worksheet(_SUMMARY.in_(language)), formats).write(content)
    findings = [(each.mark, table) for each in content.sections for table in each.findings]
    left_out = [(each.mark, each.left_out) for each in content.sections if each.left_out.rows]
    for title, tables, columns in (
        (FINDINGS, findings, content.columns),
        (LEFT_OUT, left_out, left_out[0][1].columns if left_out else ()),
    ):
        if tables:
            sheet = workbook.add_worksheet(title.in_(language))
            several = _LIST.in_(language) if len(content.sections) > 1 else None
            _write_tables(sheet, tables, columns, several, formats)
    for sheet in workbook.worksheets():
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.45, right=0.45, top=0.75, bottom=0.65)
        page_header(sheet, content.title)
        page_footer(sheet)
    workbook.close()
    return made.getvalue()


class _Summary:
    """The first sheet: blocks one below the other on four columns."""

    def __init__(self, sheet: Worksheet, formats: dict[Style, Format]) -> None:
        self.sheet, self.formats, self.row = sheet, formats, 0
        for column, width in enumerate(_SHEET):
            sheet.set_column(column, column, width)

    def write(self, content: Paper) -> None:
        """Write the title, what concerns the whole paper, then every list."""
        self._merged(content.title, "title", lines=1.5)
        self.row += 1
        for block in content.blocks:
            self._block(block)
        breaks: list[int] = []
        for section in content.sections:
            breaks.append(self.row)
            self._merged(section.name, "subject")
            self._merged(section.verdict, "wrapped")
            self.row += 1
            for block in section.blocks:
                self._block(block)
            # The rows have a sheet of their own, how many they are stands here.
            self._merged(section.left_out.heading, "heading")
            self._merged(section.left_out.note, "wrapped")
            self.row += 1
        self.sheet.set_h_pagebreaks(breaks)

    def _block(self, block: Block) -> None:
        self._merged(block.heading, "heading")
        if isinstance(block, Facts):
            for name, value in block.rows:
                self._line([(name, "label", 1), (value, "wrapped", 3)])
        elif isinstance(block, Items):
            for each in block.items:
                self._merged(each, "wrapped")
        else:
            self._table(block)
        self.row += 1

    def _table(self, table: Table) -> None:
        if table.note:
            self._merged(table.note, "remark")
        spans = _SPANS.get(len(table.columns), (1,) * len(table.columns))
        self._line(
            [(each.head, "heading", n) for each, n in zip(table.columns, spans, strict=True)]
        )
        for row in table.rows:
            cells = zip(table.columns, row.cells, spans, strict=True)
            lines = 2 if any(each.kind == "blank" for each in table.columns) else 1
            self._line([(cell, _style(each, row), n) for each, cell, n in cells], lines)

    def _merged(self, text: str, style: Style, lines: float = 1) -> None:
        self._line([(text, style, len(_SHEET))], lines)

    def _line(self, cells: Sequence[tuple[Cell, Style, int]], lines: float = 1) -> None:
        """Write a line of cells, each over so many columns; on as many rows as its text needs."""
        widths = []
        left = 0
        for _, _, span in cells:
            widths.append(sum(_SHEET[left : left + span]))
            left += span
        parts = [_pieces(cell, width) for (cell, _, _), width in zip(cells, widths, strict=True)]
        for number in range(max(map(len, parts))):
            left, needed = 0, lines * ROW_POINTS
            for (_, style, span), pieces, width in zip(cells, parts, widths, strict=True):
                piece = pieces[number] if number < len(pieces) else None
                if span > 1:
                    area = (self.row, left, self.row, left + span - 1)
                    self.sheet.merge_range(*area, "", self.formats[style])
                put(self.sheet, self.row, left, piece, self.formats[style])
                if isinstance(piece, str):
                    needed = max(needed, height(piece, width))
                left += span
            self.sheet.set_row(self.row, needed)
            self.row += 1


_SPANS: Final = {2: (3, 1), 3: (1, 1, 2), 4: (1, 1, 1, 1)}
"""How many columns of the summary each column of a table takes, by their number."""


def _style(column: Column, row: Row) -> Style:
    if column.kind == "yen":
        return "total" if row.sum else "number"
    return "label" if row.sum else _OF_KIND.get(column.kind, "wrapped")


def _write_tables(
    sheet: Worksheet,
    tables: Sequence[tuple[str, Table]],
    of_all: Sequence[Column],
    head: str | None,
    formats: dict[Style, Format],
) -> None:
    """Write tables that have some of the same columns below one heading; every page repeats it.

    Where there are several lists, a first column headed `head` says which one a row is of.
    """
    columns = [*([] if head is None else [Column("list", head, "mark", 8)]), *of_all]
    columns = [_widened(each, [table for _, table in tables]) for each in columns]
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
        put(sheet, 0, at, column.head, formats["heading"])
    sheet.set_row(0, max(height(each.head, each.width) for each in columns))
    line = 1
    for name, table in tables:
        keys = ["list", *(column.key for column in table.columns)]
        for row in table.rows:
            cells = dict(zip(keys, (name, *row.cells), strict=True))
            parts = [_pieces(cells.get(each.key), each.width) for each in columns]
            for number in range(max(map(len, parts))):
                needed = ROW_POINTS * (1 if row.below else 2)
                for at, (column, pieces) in enumerate(zip(columns, parts, strict=True)):
                    piece = pieces[number] if number < len(pieces) else None
                    put(sheet, line, at, piece, formats[_style(column, row)])
                    if isinstance(piece, str):
                        needed = max(needed, height(piece, column.width))
                sheet.set_row(line, needed, None, {"level": 1} if row.below else {})
                line += 1
    sheet.outline_settings(symbols_below=False)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(line - 1, 0), len(columns) - 1)
    sheet.repeat_rows(0)
    sheet.set_landscape()


def _widened(column: Column, tables: Sequence[Table]) -> Column:
    """Return a column wide enough for its amounts: a spreadsheet shows ### for one that is not."""
    if column.kind != "yen":
        return column
    amounts = [
        cell
        for table in tables
        for at, each in enumerate(table.columns)
        if each.key == column.key
        for cell in (row.cells[at] for row in table.rows)
        if isinstance(cell, int)
    ]
    return replace(column, width=math.ceil(number_width(amounts, column.width)))


def _pieces(cell: Cell, width: float) -> list[Cell]:
    """Return what a cell holds, a text too long for one row cut into what fits into each."""
    if not isinstance(cell, str) or height(cell, width) <= _LINES * ROW_POINTS:
        return [cell]
    most = max(int((width - 2) // 2), 1) * (_LINES - 1)
    return [cell[start : start + most] for start in range(0, len(cell), most)]
