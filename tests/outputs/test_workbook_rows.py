"""Rows written in the short way are those that xlsxwriter writes, byte for byte."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO

import pytest
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from allocator.outputs.workbook.book import cells
from allocator.outputs.workbook.book.cells import LARGEST_NUMBER
from allocator.outputs.workbook.book.file import DAY, File
from allocator.outputs.workbook.book.rows import Rows

TEXTS = [
    *("a", "漢字　", " <b> & 'c' \"d\"", "", "=1+1", "http://example.org"),
    *("_x0041_", "\x01", "a\nb"),
]
NUMBERS = [0, 1, -1, 10**14, LARGEST_NUMBER, -LARGEST_NUMBER]
FORMULAS = ["A1+1", 'IF(A1<2,"a&b","c")', "=SUM(B2:B40)", '"FILTER("&A1', "{1}"]
RESULTS: list[str | int | float] = ["x", "<&>", "", 0, -5, 1.5, 2**40, "漢字"]


def plain(sheet: Worksheet, style: Format) -> None:
    """Write cells by the methods of xlsxwriter, in its own way."""
    for row, text in enumerate(TEXTS, 2):
        if text:
            sheet.write_string(row, 1, text, style)
        else:
            sheet.write_blank(row, 1, None, style)
    for row, number in enumerate(NUMBERS, 20):
        sheet.write_number(row, 30, number, style)
    for row, formula in enumerate(FORMULAS[:3]):
        for col, result in enumerate(RESULTS):
            sheet.write_formula(100 + row, 3 + col, formula, style, result)


def short(sheet: Worksheet, style: Format) -> None:
    """Write the same by ours."""
    cells.texts(sheet, 2, 1, TEXTS, style)
    cells.numbers(sheet, 20, 30, NUMBERS, style)
    for row, formula in enumerate(FORMULAS[:3]):
        for col, result in enumerate(RESULTS):
            cells.put_formula(sheet, 100 + row, 3 + col, formula, style, result)


def unusual(sheet: Worksheet, style: Format) -> None:
    """Write what is written in xlsxwriter's way all the same, among the rest."""
    sheet.set_row(1, 30)
    sheet.set_row(3, 40, style)
    sheet.set_row(150, 12)
    sheet.set_column(40, 41, 12, style)
    sheet.write_number(3, 0, 5)
    sheet.write_number(3, 40, 1.25)
    sheet.write_boolean(3, 5, True, style)
    sheet.write_formula(4, 40, "A1", style, None)
    sheet.write_formula(5, 40, "A1", style, True)
    sheet.write_url(6, 6, "internal:'one'!A1", style, "a link")
    sheet.merge_range(8, 8, 9, 10, "merged", style)
    sheet.add_table(60, 0, 64, 1, {"columns": [{"header": "k"}, {"header": "v"}]})


def parts(
    workbook: Workbook, content: BytesIO, write: Callable[[Worksheet, Format], None]
) -> dict[str, bytes]:
    style = workbook.add_format({"bold": True})
    same = workbook.add_format({"bold": True})
    for name, first in (("one", style), ("two", same)):
        sheet = workbook.add_worksheet(name)
        write(sheet, first)
        unusual(sheet, style)
    workbook.add_worksheet("nothing")
    workbook.close()
    with zipfile.ZipFile(content) as archive:
        return {name: archive.read(name) for name in archive.namelist() if "docProps" not in name}


def test_rows_are_those_of_xlsxwriter() -> None:
    theirs, ours = BytesIO(), BytesIO()
    options = {"in_memory": True, "strings_to_urls": False}
    bare = parts(Workbook(theirs, options), theirs, plain)
    quick = parts(_File(ours, options), ours, short)

    assert quick.keys() == bare.keys()
    assert [name for name in bare if quick[name] != bare[name]] == []


class _File(Workbook):
    worksheet_class = Rows


@pytest.mark.parametrize("formula", FORMULAS[3:])
def test_no_formula_becomes_one_of_several_cells(formula: str) -> None:
    content = BytesIO()
    workbook = File(content, {}, DAY)
    sheet = workbook.add_worksheet("one")
    cells.put_formula(sheet, 0, 0, formula, workbook.add_format({"bold": True}), 1)
    workbook.close()

    with zipfile.ZipFile(content) as archive:
        written = archive.read("xl/worksheets/sheet1.xml").decode()
    assert written.count("<f") == written.count(f"<f>{formula.replace('&', '&amp;')}</f>") == 1


def test_a_cell_beyond_the_sheet_is_no_cell_in_silence() -> None:
    workbook = File(BytesIO(), {}, DAY)
    sheet = workbook.add_worksheet("one")
    style = workbook.add_format({"bold": True})

    with pytest.raises(AssertionError, match="no room"):
        cells.texts(sheet, 1_048_575, 0, ["a", "b"], style)
