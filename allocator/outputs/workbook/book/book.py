"""The workbook as a whole: reproducible bytes, sheets ready for A4, defined names."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Final

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from allocator.domain.years import FiscalYear
from allocator.outputs.workbook.book.cells import as_rows, put
from allocator.outputs.workbook.book.file import File, page_footer
from allocator.outputs.workbook.book.strings import heading as heading_of
from allocator.outputs.workbook.book.strings import quoted
from allocator.outputs.workbook.book.styles import ROW_PIXELS, Style, styles

_A4: Final = 9
_LONGEST_TABLE: Final = 5_000
_LONGEST_HEADING: Final = 250
MOST_ON_A_PAGE: Final = 70


class Book:
    """A workbook being written. `styles` are shared by all sheets; `year` is the plan's."""

    def __init__(self, content: BytesIO, year: FiscalYear) -> None:
        """Begin a workbook whose bytes go to `content` when it is closed."""
        self.year = year
        self.sheets: dict[str, Worksheet] = {}
        properties = {
            "title": f"{year.japanese} 配分総括表",
            "subject": "負担金・交付金の団体別配分",
            "author": "allocator",
        }
        self.workbook = File(content, properties, year.first_day, default_row_height=ROW_PIXELS)
        self.styles: dict[Style, Format] = styles(self.workbook)

    @staticmethod
    def protect(sheet: Worksheet) -> None:
        """Lock all but the input cells, without a password; widths, filters stay usable."""
        sheet.protect(
            "",
            {
                "format_columns": True,
                "format_rows": True,
                "autofilter": True,
                "select_locked_cells": True,
                "select_unlocked_cells": True,
            },
        )

    def sheet(self, name: str, *, rows: int = MOST_ON_A_PAGE, landscape: bool = False) -> Worksheet:
        """Add a sheet that prints on A4, one page wide, with its name and page numbers.

        A sheet of few `rows` is printed on one page.
        """
        sheet: Worksheet = self.workbook.add_worksheet(name)
        self.sheets[name] = sheet
        sheet.set_paper(_A4)
        if landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 1 if rows < MOST_ON_A_PAGE else 0)
        sheet.set_margins(left=0.6, right=0.6, top=0.6, bottom=0.7)
        sheet.center_horizontally()
        page_footer(sheet, self.year.japanese, "&A")
        return sheet

    def table(
        self,
        sheet: Worksheet,
        name: str,
        place: tuple[int, int],
        names: Sequence[str],
        style: Sequence[Style] | Style = "heading",
    ) -> None:
        """Write the headings `names`, and make what stands under them a table with filters.

        `place` is the row of the headings and how many rows follow, counted from 0. Excel refuses a
        file whose tables have headings twice, or other than the cells have: see `unique`. Long
        tables are but filtered: xlsxwriter keeps an entry for each of a table's cells.
        """
        row, count = place
        headers = unique(names)
        last, right = row + max(count, 1), len(headers) - 1
        if count > _LONGEST_TABLE:
            sheet.autofilter(row, 0, last, right)
        else:
            columns = [{"header": header} for header in headers]
            options = {"name": f"表_{name}", "columns": columns, "style": None}
            as_rows(sheet).make_table(row, last, right, {**options, "banded_rows": False})
        for col, header in enumerate(headers):
            put(
                sheet,
                row,
                col,
                header,
                self.styles[style if isinstance(style, str) else style[col]],
            )

    def define(self, name: str, sheet: Worksheet, row: int, col: int, rows: int = 1) -> None:
        """Name a cell, or `rows` cells of a column from there down."""
        cells = xl_range_abs(row, col, row + rows - 1, col)
        self.workbook.name_cells(name, quoted(str(sheet.name)) + cells)

    def close(self) -> None:
        """Finish the workbook."""
        self.workbook.close()


def unique(names: Sequence[str]) -> list[str]:
    """Return headings as a table may have them: plain, not too long, none of them twice."""
    found: dict[str, str] = {}
    for name in names:
        plain = heading_of(name)[:_LONGEST_HEADING] or "―"
        heading, number = plain, 1
        while heading.casefold() in found:
            number += 1
            heading = f"{plain}({number})"
        found[heading.casefold()] = heading
    return list(found.values())
