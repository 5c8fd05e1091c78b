"""The file of a workbook: reproducible bytes, no formula and no link that a text could become.

The methods of xlsxwriter take `=1`, `http://` and `<r>` for more than text: they are called in this
package alone, and a test sees to it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any, Final

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from allocator.outputs.workbook.book.rows import Rows
from allocator.outputs.workbook.book.strings import (
    as_a_result,
    in_a_cell,
    in_a_header,
    plain,
)
from allocator.outputs.workbook.book.styles import FONT

DAY: Final = date(2000, 1, 1)
"""What stands in for the day of a workbook that has none."""

_NO_LIMIT: Final = 2**31


class Sheet(Rows):
    """A sheet: every text that reaches a cell, be it of a table, a link or a cell, stays text."""

    def __init__(self) -> None:
        """Begin a sheet."""
        super().__init__()
        self.xls_strmax = _NO_LIMIT  # `in_a_cell` has cut what is too long

    def _write_string(
        self, row: int, col: int, string: str, cell_format: Format | None = None
    ) -> Any:
        return super()._write_string(row, col, in_a_cell(string), cell_format)

    def _prepare_formula(self, formula: str, *_: object) -> str:
        """Take formulas as they are, but for the sign: none of ours has new functions.

        Looking for those by regular expressions takes xlsxwriter longer than the rest of a cell.
        """
        return formula.removeprefix("=")

    def _xml_formula_element(
        self, formula: str, result: Any, attributes: Sequence[tuple[str, Any]] = ()
    ) -> None:
        """Write a formula with what it gives now; a name such as #REF! is a text and no error."""
        if isinstance(result, str):
            result = as_a_result(result)
            attributes = [("t", "str") if each == ("t", "e") else each for each in attributes]
        super()._xml_formula_element(formula, result, attributes)


class File(Workbook):
    """A workbook in memory; the same content gives the same bytes."""

    worksheet_class = Sheet

    def __init__(
        self, content: BytesIO, properties: Mapping[str, str], day: date, **options: Any
    ) -> None:
        """Begin a workbook whose bytes go to `content` when it is closed.

        `properties` are those of the document. A clock would change the bytes: `day` stands in.
        """
        super().__init__(
            content,
            {
                # No temporary files, whose clock and rights would get into the bytes.
                "in_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "default_format_properties": dict(FONT),  # xlsxwriter changes it
                **options,
            },
        )
        texts = {name: plain(text) for name, text in properties.items()}
        created = datetime(day.year, day.month, day.day, tzinfo=UTC)
        self.set_properties({**texts, "created": created})

    def name_cells(self, name: str, cells: str) -> None:
        """Define a name for cells, as formulas write them."""
        self.define_name(name, f"={cells}")


def page_header(sheet: Worksheet, text: str) -> None:
    """Let every page have `text` on the left and the name of the sheet on the right."""
    sheet.set_header(f"&L{in_a_header(text)}&R&A")


def page_footer(sheet: Worksheet, left: str = "", right: str = "") -> None:
    """Let every page have its number in the middle; `right` may be &A, the name of the sheet."""
    before = f"&L{in_a_header(left)}" if left else ""
    after = f"&R{right}" if right else ""
    sheet.set_footer(f"{before}&C&P / &N{after}")
