"""What stands in the parts of a workbook for texts that the format has no place for."""

from __future__ import annotations

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from allocator.outputs.workbook.book.cells import put, put_formula
from allocator.outputs.workbook.book.file import File, page_header
from allocator.outputs.workbook.book.strings import LONGEST, literal, plain, sheet_name
from allocator.outputs.workbook.book.styles import styles
from allocator.outputs.workbook.model.lookups import are_no_criteria, are_plain, position


def written(text: str) -> object:
    """Write a text as a cell, as what a formula gives, as a page header; return the cell."""
    content = io.BytesIO()
    file = File(content, {"title": text}, date(2030, 4, 1))
    sheet = file.add_worksheet()
    style = styles(file)["text"]
    put(sheet, 0, 0, text, style)
    put_formula(sheet, 1, 0, f"={literal(text[:900])}", style, text[:900])
    page_header(sheet, text)
    file.close()
    book = load_workbook(io.BytesIO(content.getvalue()))
    assert book.properties.title == plain(text)
    return book.worksheets[0]["A1"].value


@pytest.mark.parametrize("text", ["&[Picture]&G&P", "<r>" + "&" * 20_000 + "</r>", "_x0041_x0042_"])
def test_a_text_comes_back(text: str) -> None:
    assert written(text) == text


def test_control_characters_are_the_format_s_escapes() -> None:
    """Spreadsheets turn them back; openpyxl shows them as they stand."""
    assert written("x\x01\ufffe") == "x_x0001__xFFFE_"


def test_half_characters_and_what_is_too_long_are_seen_to_be_cut() -> None:
    assert written("a\udcffb") == "a\ufffdb"
    assert written("😀" * 20_000) == "😀" * ((LONGEST - 1) // 2) + "…"


def test_a_text_in_a_formula_is_in_pieces_that_excel_takes() -> None:
    assert literal('a"b') == '"a""b"'
    assert literal("_x0041_") == '"_"&"x0041_"'
    assert literal("") == '""'
    assert literal("長" * 251) == f'"{"長" * 250}"&"長"'
    assert max(map(len, literal("😀" * 300).split("&"))) <= 127


def test_names_of_sheets_have_no_escape_and_no_half_character() -> None:
    assert sheet_name("算定", 1, "_x0041_[a]\ufffe") == "算定1 ＿x0041__a__"


def test_codes_that_are_patterns_are_looked_up_exactly() -> None:
    assert position("$B$3", "S!$A$4:$A$9", ["010006", "M1"]) == "MATCH($B$3,S!$A$4:$A$9,0)"
    exact = "SUMPRODUCT(EXACT(S!$A$4:$A$9,$B$3)*(ROW(S!$A$4:$A$9)-ROW(S!$A$4)+1))"
    assert position("$B$3", "S!$A$4:$A$9", ["a", "A"]) == f"IF({exact}=0,NA(),{exact})"
    assert not are_plain(["M*"])
    assert are_plain(["<1", "1e5"])
    assert not are_no_criteria(["<1"])
    assert not are_no_criteria(["1e5"])
    assert are_no_criteria(["北海道", "東京都"])
