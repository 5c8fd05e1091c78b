"""Workbooks of several sheets: every place is that of its sheet, and sheets keep to themselves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import openpyxl
import pytest
import xlwt

from allocator.domain.organisations import Register
from allocator.files.source import open_source
from allocator.sources.documents.extraction import extract
from allocator.sources.documents.results import Extraction
from allocator.sources.reading.document import Document
from allocator.sources.reading.opening import open_document
from allocator.sources.register import japan
from tests.acceptance.recompute import ROOT, table
from tests.cli.calls import call_inside

Cell = str | int
Rows = Sequence[Sequence[Cell]]
Write = Callable[[Path, dict[str, Rows]], Path]

PREFECTURES: Final = table(ROOT / "data" / "published" / "2023" / "residents.csv")
HEADER: Final[list[Cell]] = ["都道府県名", "負担金額"]
TITLE: Final = "令和5年度本人確認情報処理事務等に係る負担金一覧"
OTHER_TITLE: Final = "令和5年度公的個人認証サービスに係る負担金一覧"


def amounts(factor: int, start: int = 0, end: int = 47) -> list[list[Cell]]:
    """Return rows of prefectures; each pays `factor` times its number."""
    return [
        [row["prefecture"], factor * number]
        for number, row in enumerate(PREFECTURES[start:end], start=start + 1)
    ]


SUM: Final = 47 * 48 // 2


def as_xlsx(folder: Path, sheets: dict[str, Rows]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(folder / "papers.xlsx")
    return folder / "papers.xlsx"


def as_xls(folder: Path, sheets: dict[str, Rows]) -> Path:
    book = xlwt.Workbook()
    for name, rows in sheets.items():
        sheet = book.add_sheet(name)
        for place, row in enumerate(rows):
            for column, cell in enumerate(row):
                sheet.write(place, column, cell)
    book.save(str(folder / "papers.xls"))
    return folder / "papers.xls"


both = pytest.mark.parametrize("write", [as_xlsx, as_xls])


@pytest.fixture(scope="module")
def register() -> Register:
    return japan()


def read(file: Path, register: Register) -> Extraction:
    document: Document = open_document(open_source(file))
    return extract(document, register)


@both
def test_a_row_is_placed_by_its_sheet_and_row(
    write: Write, tmp_path: Path, register: Register
) -> None:
    notes: Rows = [["注記", "この資料の読み方"]] * 5
    listed: Rows = [["1 負担金総額 9,999円"], [TITLE], [], HEADER, *amounts(1), ["合計", SUM]]
    (found,) = read(write(tmp_path, {"表紙": notes, "一覧": listed}), register).lists
    assert found.place(found.frame["line"][0]) == "sheet 一覧, row 5"
    assert found.place(found.frame["line"][46]) == "sheet 一覧, row 51"
    assert found.declared_line is not None
    assert found.printed_line is not None
    assert found.place(found.declared_line) == "sheet 一覧, row 1"
    assert found.place(found.printed_line) == "sheet 一覧, row 52"


@both
def test_remarks_cite_the_sheet_and_row(write: Write, tmp_path: Path) -> None:
    coded: list[list[Cell]] = [["団体コード", "都道府県名", "負担金額"]]
    coded += [[row["code"], row["prefecture"], int(row["amount"])] for row in PREFECTURES]
    coded[9][0] = "7000x"
    file = write(tmp_path, {"表紙": [["注記", "なし"]] * 5, "一覧": [[TITLE], *coded]})
    said = call_inside("extract", file, "--out", tmp_path / "out", "--json").object
    assert said["lists"][0]["where"].endswith("sheet 一覧, row 3")
    assert any("kept as written: 1 (lines 11)" in note for note in said["notes"])


@both
def test_two_sheets_with_their_own_titles_are_two_lists(
    write: Write, tmp_path: Path, register: Register
) -> None:
    sheets: dict[str, Rows] = {
        "A": [[TITLE], HEADER, *amounts(1)],
        "B": [[OTHER_TITLE], ["(単位:千円)"], HEADER, *amounts(2)],
    }
    one, other = read(write(tmp_path, sheets), register).lists
    assert (one.programme, one.frame["amount"].sum()) == ("residents", SUM)
    assert (other.programme, other.frame["amount"].sum()) == ("jpki", 2_000 * SUM)


@both
@pytest.mark.parametrize("ended", [True, False])
def test_a_list_without_a_title_has_not_that_of_the_sheet_before(
    ended: bool, write: Write, tmp_path: Path, register: Register
) -> None:
    first: list[list[Cell]] = [["1 負担金総額 1,128円"], [TITLE], HEADER, *amounts(1)]
    ends: list[list[Cell]] = [["合計", SUM]] if ended else []
    sheets: dict[str, Rows] = {"A": [*first, *ends], "B": [[*HEADER], *amounts(3)]}
    one, other = read(write(tmp_path, sheets), register).lists
    assert (one.title, one.declared_total) == (TITLE, SUM)
    assert one.frame["amount"].to_list() == list(range(1, 48))
    assert (other.title, other.programme, other.declared_total) == ("", "", None)
    assert other.frame["amount"].to_list() == list(range(3, 142, 3))


@both
def test_half_a_title_at_the_end_of_a_sheet_is_no_part_of_the_next_one(
    write: Write, tmp_path: Path, register: Register
) -> None:
    sheets: dict[str, Rows] = {
        "A": [["題名"], ["公的個人認証サービスに係る"]],
        "B": [["令和5年度負担金一覧"], HEADER, *amounts(1)],
    }
    (found,) = read(write(tmp_path, sheets), register).lists
    assert found.title == "令和5年度負担金一覧"
    assert found.programme == ""


@both
def test_a_unit_at_the_end_of_a_sheet_says_nothing_of_the_next_one(
    write: Write, tmp_path: Path, register: Register
) -> None:
    sheets: dict[str, Rows] = {
        "A": [["何もない"], ["(単位:千円)"]],
        "B": [[TITLE], HEADER, *amounts(1)],
    }
    (found,) = read(write(tmp_path, sheets), register).lists
    assert found.frame["amount"].sum() == SUM


@both
def test_the_beginning_of_a_total_at_the_end_of_a_sheet_says_nothing_of_the_next_one(
    write: Write, tmp_path: Path, register: Register
) -> None:
    sheets: dict[str, Rows] = {
        "A": [["何もない"], ["1 負担金総額"]],
        "B": [["5,000円"], [TITLE], HEADER, *amounts(1)],
    }
    (found,) = read(write(tmp_path, sheets), register).lists
    assert found.declared_total is None


@both
def test_rows_on_a_sheet_without_a_header_are_said_and_left_out(
    write: Write, tmp_path: Path, register: Register
) -> None:
    sheets: dict[str, Rows] = {"A": [[TITLE], HEADER, *amounts(1, 0, 40)], "B": amounts(5, 40, 47)}
    (found,) = (extraction := read(write(tmp_path, sheets), register)).lists
    assert found.frame["amount"].to_list() == list(range(1, 41))
    assert any("left out: 7" in remark.en for remark in extraction.remarks)


@both
@pytest.mark.parametrize("title", [[], [TITLE]])
def test_a_list_that_goes_on_on_the_next_sheet_is_one(
    title: list[Cell], write: Write, tmp_path: Path, register: Register
) -> None:
    sheets: dict[str, Rows] = {
        "A": [["1 負担金総額 1,128円"], [TITLE], HEADER, *amounts(1, 0, 24)],
        "B": [title, HEADER, *amounts(1, 24, 47), ["合計", SUM]],
    }
    (found,) = read(write(tmp_path, sheets), register).lists
    assert found.programme == "residents"
    assert found.frame["amount"].to_list() == list(range(1, 48))
    assert found.declared_total == found.printed_total == SUM
    assert found.place(found.frame["line"][30]) == "sheet B, row 9"


HEADING: Final = "総合行政ネットワークに係る令和 5 年度負担金について"
LGWAN: Final = "総合行政ネットワークに係る令和5年度負担金一覧"


@pytest.mark.parametrize("off", [0, 1])
@pytest.mark.parametrize(
    "declared",
    [
        [["2 負担金総額"], ["{}円"]],
        [["2 負担金総額", "{}円"]],
        [["2 負担金総額 {}円"]],
        [["2 負担金総額", "{}", "円"]],
        [["2 負担金総額", "{}"]],
    ],
)
@pytest.mark.parametrize("place", ["before", "after", "above", "before, no title"])
@both
def test_a_declared_total_is_held_against_the_only_list(
    off: int, declared: Rows, place: str, write: Write, tmp_path: Path
) -> None:
    total: Rows = [[str(cell).format(f"{SUM + off:,}") for cell in row] for row in declared]
    listed: Rows = [[LGWAN], ["(単位:円)"], HEADER, *amounts(1)]
    sheets: dict[str, dict[str, Rows]] = {
        "before": {"概要": [[HEADING], *total], "一覧": listed},
        "after": {"一覧": listed, "概要": [[HEADING], *total]},
        "above": {"一覧": [[HEADING], *total, *listed]},
        "before, no title": {"概要": total, "一覧": listed[2:]},
    }
    file = write(tmp_path, sheets[place])
    said = call_inside("audit", "--against", file, file, "--json").object["audits"][0]
    assert said["declared_total"] == SUM + off
    assert "declared_total" in said["checked"]
    assert [each["kind"] for each in said["findings"] if each["kind"] == "total"] == ["total"] * off


@both
def test_a_declared_total_without_a_unit_has_that_of_its_list(
    write: Write, tmp_path: Path, register: Register
) -> None:
    listed: Rows = [["負担金総額", f"{SUM:,}"], [LGWAN], ["(単位:千円)"], HEADER, *amounts(1)]
    (found,) = read(write(tmp_path, {"一覧": listed}), register).lists
    assert (found.declared_total, found.frame["amount"].sum()) == (SUM * 1_000, SUM * 1_000)


@both
def test_a_declared_total_of_no_list_is_said(
    write: Write, tmp_path: Path, register: Register
) -> None:
    sheets: dict[str, Rows] = {
        "A": [[TITLE], HEADER, *amounts(1)],
        "B": [[OTHER_TITLE], HEADER, *amounts(2)],
        "C": [["負担金総額 1,128円"]],
    }
    extraction = read(write(tmp_path, sheets), register)
    assert [each.declared_total for each in extraction.lists] == [None, None]
    (said,) = [each.en for each in extraction.remarks if "stand above no list" in each.en]
    assert said.endswith("not compared: 1 (sheet C, row 1)")


@both
def test_a_heading_of_another_year_on_a_sheet_of_its_own_is_noted(
    write: Write, tmp_path: Path
) -> None:
    sheets: dict[str, Rows] = {"概要": [[HEADING]], "一覧": [HEADER, *amounts(1)]}
    file = write(tmp_path, sheets)
    listed = call_inside("extract", file, "--out", tmp_path / "out", "--json").object["lists"]
    assert (listed[0]["programme"], listed[0]["fiscal_year"]) == ("lgwan", 2023)
