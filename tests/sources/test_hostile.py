"""Hostile files each end in one clear sentence and status 2."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import xlwt
from python_calamine import CalamineWorkbook

from allocator.cli.main import run
from allocator.files.source import open_source
from allocator.sources.reading.workbook.opened import OF_TABLES, read_workbook
from tests.sources.hostile import HOSTILE


@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", list(HOSTILE))
def test_a_hostile_file_is_one_problem(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made, out = tmp_path / "given", tmp_path / "out"
    made.mkdir()
    path = HOSTILE[kind](made)

    status = run(["--lang", "en", "run", "--population", str(path), "--out", str(out)])

    said = capsys.readouterr()
    assert status == 2
    assert said.out == ""
    assert said.err.count("Error: ") == 1
    assert said.err.count("To mend it: ") == 1
    assert len(said.err.splitlines()) == 2
    assert "Traceback" not in said.err
    assert not out.exists()


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("encrypted_xlsx", "protected by a password"),
        ("xls_encrypted", "protected by a password"),
        ("cells_without_place", "more than 300,000 filled cells"),
        ("rows_without_cells", "more than 300,000 filled cells"),
        ("many_attributes", "more than 300,000 filled cells"),
        ("many_full_sheets", "more than 300,000 filled cells"),
        ("xls_cell_far_out", "16,777,216 cells"),
        ("xls_cell_beyond", "4,294,967,296 cells"),
        ("xls_that_says_it_is_huge", "no header"),  # it is small, whatever it says
        ("xls_of_too_many_texts", "broken or not complete"),
        ("xls_without_end", "broken or not complete"),
        ("parquet_that_grows", "10,000,001 rows"),
    ],
)
def test_what_is_said(
    kind: str, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for command in (["run", "--population"], ["audit"], ["check"]):
        assert run(["--lang", "en", *command, str(HOSTILE[kind](tmp_path))]) == 2
        assert words in capsys.readouterr().err


def test_old_workbooks_read_as_they_are(tmp_path: Path) -> None:
    """Packing anew changes nothing: texts, figures, dates and results of formulas."""
    path = tmp_path / "any.xls"
    book = xlwt.Workbook()
    day = xlwt.easyxf(num_format_str="YYYY-MM-DD")
    for name in ("一", "二"):
        sheet = book.add_sheet(name)
        for row in range(300):
            cells = [f"名{row}", row, row / 8, row % 2 == 0, xlwt.Formula(f"A{row + 1}")]
            for column, cell in enumerate(cells):
                sheet.write(row, column, cell)
            sheet.write(row, 5, date(2020, 1, 1), day)
    book.save(str(path))
    plain = CalamineWorkbook.from_path(str(path))

    found = read_workbook(open_source(path), OF_TABLES)

    assert [sheet.name for sheet in found] == ["一", "二"]
    for sheet in found:
        expected = plain.get_sheet_by_name(sheet.name).to_python()
        assert [[float(row[1]), float(row[2])] for row in sheet.rows] == [r[1:3] for r in expected]
        assert [[row[0], row[5]] for row in sheet.rows] == [[r[0], str(r[5])] for r in expected]
        assert sheet.rows[1][3:] == ["FALSE", str(expected[1][4]), "2020-01-01"]
