"""The workbook as a whole: reproducible bytes, sheets ready for A4, defined names."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Final

import xlsxwriter
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.worksheet import Worksheet

from allocator.domain.years import FiscalYear
from allocator.outputs.workbook.book.cells import put
from allocator.outputs.workbook.book.styles import FONT, ROW_PIXELS, Style, styles

_NAME_LENGTH: Final = 31
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\\x00-\x1f\x7f]")
_A4: Final = 9
_LONGEST_TABLE: Final = 5_000
_LONGEST_HEADING: Final = 250
_NO_HEADING: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x09\x0b-\x1f\x7f]")
MOST_ON_A_PAGE: Final = 70


class _Sheet(Worksheet):
    """A sheet whose formulas are taken as they are: none of ours needs a prefix for new functions.

    Looking for those by regular expressions takes xlsxwriter longer than all the rest of a cell.
    """

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        return formula if expand_future_functions else formula.removeprefix("=")


class Book:
    """A workbook being written. `styles` are shared by all sheets; `year` is the plan's."""

    def __init__(self, content: BytesIO, year: FiscalYear) -> None:
        """Begin a workbook whose bytes go to `content` when it is closed."""
        # in_memory: no temporary files, whose clock and rights would get into the bytes.
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "default_format_properties": dict(FONT),  # xlsxwriter changes it
            "default_row_height": ROW_PIXELS,
        }
        self.year = year
        self.sheets: dict[str, Worksheet] = {}
        self.workbook = xlsxwriter.Workbook(content, options)
        self.styles: dict[Style, xlsxwriter.format.Format] = styles(self.workbook)
        self.workbook.set_properties(
            {
                "title": f"{year.japanese} 配分総括表",
                "subject": "負担金・交付金の団体別配分",
                "author": "allocator",
                # A clock would change the bytes: the first day of the year stands in.
                "created": datetime(year.year, 4, 1, tzinfo=UTC),
            }
        )

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
        sheet: Worksheet = self.workbook.add_worksheet(name, worksheet_class=_Sheet)
        self.sheets[name] = sheet
        sheet.set_paper(_A4)
        if landscape:
            sheet.set_landscape()
        sheet.fit_to_pages(1, 1 if rows < MOST_ON_A_PAGE else 0)
        sheet.set_margins(left=0.6, right=0.6, top=0.6, bottom=0.7)
        sheet.center_horizontally()
        sheet.set_footer(f"&L{self.year.japanese}&C&P / &N&R&A")
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
            sheet.add_table(row, 0, last, right, {**options, "banded_rows": False})
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
        quoted = str(sheet.name).replace("'", "''")
        cells = xl_range_abs(row, col, row + rows - 1, col)
        self.workbook.define_name(name, f"='{quoted}'!{cells}")

    def close(self) -> None:
        """Finish the workbook."""
        self.workbook.close()


def unique(names: Sequence[str]) -> list[str]:
    """Return headings as a table may have them: plain, not too long, none of them twice."""
    found: dict[str, str] = {}
    for name in names:
        plain = _NO_HEADING.sub(" ", name)[:_LONGEST_HEADING] or "―"
        heading, number = plain, 1
        while heading.casefold() in found:
            number += 1
            heading = f"{plain}({number})"
        found[heading.casefold()] = heading
    return list(found.values())


def sheet_name(kind: str, number: int | str, title: str) -> str:
    """Return a sheet's name: kind and number keep it unique, the title is cut to what fits."""
    name = _FORBIDDEN.sub("_", f"{kind}{number} {title}").strip()
    while len(name.encode("utf-16-le")) // 2 > _NAME_LENGTH or name.endswith(("'", " ")):
        name = name[:-1]
    return name
