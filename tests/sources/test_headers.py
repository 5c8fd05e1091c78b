"""Headers as spreadsheets have them: found by their words, over blank rows and stacked words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from allocator.files.source import open_source
from allocator.sources.lists.table import read_list
from allocator.sources.measures.file import read_measure
from allocator.sources.register import japan
from tests.plans.plans import assert_says, refused
from tests.sources.downloads import write_csv, write_xls

Rows = list[list[Any]]
BLANK: list[Any] = [""] * 6
KEYS = ["団体コード", "都道府県名", "市区町村名"]
NONE = ["", "", ""]
DATA: Rows = [
    ["010006", "北海道", "", 5, 6, 11],
    ["011002", "北海道", "札幌市", 5, 6, 11],
    ["012025", "北海道", "函館市", "1", "2", "3"],
]
FIGURES = {"010006": 11, "011002": 11, "012025": 3}
TITLE = ["住民基本台帳人口(平成31年1月1日現在)", "", "", "", "", "(単位:人)"]

SHAPES: dict[str, Rows] = {
    "one row": [[*KEYS, "男", "女", "人口"]],
    "one row, then a blank one": [[*KEYS, "男", "女", "人口"], BLANK],
    "two rows": [[*KEYS, "人口", "", ""], [*NONE, "男", "女", "計"]],
    "a blank row between two": [[*KEYS, "人口", "", ""], BLANK, [*NONE, "男", "女", "計"]],
    "blank rows between three": [
        [*KEYS, "平成31年", "", ""],
        BLANK,
        [*NONE, "人口", "", ""],
        BLANK,
        BLANK,
        [*NONE, "男", "女", "計"],
        BLANK,
    ],
    "codes named in a later row": [
        ["", *KEYS[1:], "男", "女", "人口"],
        BLANK,
        ["団体コード", *BLANK[1:]],
    ],
    "codes named in an earlier row": [
        ["団体コード", *BLANK[1:]],
        BLANK,
        ["", *KEYS[1:], "男", "女", "人口"],
    ],
    "one word over both names": [
        ["団体コード", "団体名", "", "人口", "", ""],
        ["", *KEYS[1:], "男", "女", "計"],
    ],
    "one word over both names, apart": [
        ["団体コード", "団体名", "", "人口", "", ""],
        BLANK,
        ["", *KEYS[1:], "男", "女", "計"],
    ],
    "units below": [[*KEYS, "男", "女", "人口"], [*NONE, "(人)", "(人)", "(人)"]],
    "units below, without brackets": [
        [*KEYS, "男", "女", "人口"],
        BLANK,
        [*NONE, "人", "人", "人"],
    ],
    "units under stacked words": [
        [*KEYS, "人口", "", ""],
        [*NONE, "男", "女", "計"],
        [*NONE, "(人)", "(人)", "(人)"],
    ],
    "columns numbered": [[*KEYS, "男", "女", "人口"], ["①", "②", "③", "④", "⑤", "⑥"]],
    "a heading between rows": [[*KEYS, "男", "女", "人口"], ["", "北海道", "", "", "", ""]],
    "a heading after a blank row": [
        [*KEYS, "男", "女", "人口"],
        BLANK,
        ["【都道府県】", "", "", "", "", ""],
    ],
    "a note below": [[*KEYS, "男", "女", "人口"], ["注 試験用の表である。", *BLANK[1:]]],
    "blanks and breaks within words": [
        ["団体\nコード", "都道府県　名", "市区町村 名", "男", "女", "人\n口"]
    ],
}
ABOVE: dict[str, Rows] = {
    "nothing": [],
    "a title": [TITLE],
    "a title and a blank row": [TITLE, BLANK],
    "blank rows and a title": [BLANK, TITLE, BLANK, BLANK],
}


def _xlsx(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append([None if cell == "" else cell for cell in row])
    book.save(path.with_suffix(".xlsx"))
    return path.with_suffix(".xlsx")


def _xls(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    return write_xls(path.with_suffix(".xls"), rows)


def _csv(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    return write_csv(path.with_suffix(".csv"), rows)


def _bare_csv(path: Path, rows: Sequence[Sequence[Any]]) -> Path:
    """Blank rows without commas, as some programs write them."""
    return write_csv(path.with_suffix(".csv"), [row if any(row) else [] for row in rows])


WRITERS: dict[str, Callable[[Path, Sequence[Sequence[Any]]], Path]] = {
    "xlsx": _xlsx,
    "xls": _xls,
    "csv": _csv,
    "csv with bare lines": _bare_csv,
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS.keys())
@pytest.mark.parametrize("above", ABOVE.values(), ids=ABOVE.keys())
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_population(
    shape: Rows,
    above: Rows,
    write: Callable[[Path, Sequence[Sequence[Any]]], Path],
    tmp_path: Path,
) -> None:
    file = write(tmp_path / "population_2019-01-01", [*above, *shape, *DATA])
    measure = read_measure(open_source(file), "population", japan(), ("population", None, "option"))
    assert dict(measure.frame.select("code", "value").iter_rows()) == FIGURES
    assert measure.as_of == date(2019, 1, 1)
    breaks = sum(str(cell).count("\n") for row in shape for cell in row if file.suffix == ".csv")
    first = len(above) + len(shape) + breaks + 1
    assert measure.frame["line"].to_list() == [first, first + 1, first + 2]


@pytest.mark.parametrize(
    "head",
    [
        ["Code", "Prefecture", "Municipality", "", "", "Population"],
        ["コード", "都道府県", "市町村名", "", "", "総人口"],
        ["自治体コード", "都道府県名", "自治体名", "男", "女", "人口(人)"],
    ],
)
def test_other_words(head: list[Any], tmp_path: Path) -> None:
    file = _xlsx(tmp_path / "population_2019-01-01", [head, *DATA])
    measure = read_measure(open_source(file), "population", japan(), ("population", None, "option"))
    assert dict(measure.frame.select("code", "value").iter_rows()) == FIGURES


def test_a_date_in_a_cell_of_the_title(tmp_path: Path) -> None:
    title = ["基準日", date(2019, 1, 1), "", "", "", ""]
    file = _xlsx(tmp_path / "population", [title, BLANK, [*KEYS, "男", "女", "人口"], *DATA])
    measure = read_measure(open_source(file), "population", japan(), ("population", None, "option"))
    assert measure.as_of == date(2019, 1, 1)


def test_a_date_in_the_name_goes_before_one_in_a_cell(tmp_path: Path) -> None:
    title = ["作成日", date(2024, 6, 3), "", "", "", ""]
    rows: Rows = [title, [*KEYS, "男", "女", "人口"], *DATA]
    file = _xlsx(tmp_path / "population_2019-01-01", rows)
    measure = read_measure(open_source(file), "population", japan(), ("population", None, "option"))
    assert measure.as_of == date(2019, 1, 1)


def test_a_formula_that_was_never_calculated(tmp_path: Path) -> None:
    rows: Rows = [[*KEYS, "男", "女", "人口"], ["010006", "北海道", "", 5, 6, "=D2+E2"]]
    file = _xlsx(tmp_path / "population_2019-01-01", rows)
    (problem,) = refused(lambda: read_measure(open_source(file), "population", japan()))
    assert_says(problem, "line 2, column 人口")
    assert "calculate and save the workbook" in problem.mend.en


LISTS: dict[str, Rows] = {
    "a blank row between two": [
        ["団体コード", "都道府県名", "負担金"],
        ["", "", ""],
        ["", "", "(円)"],
    ],
    "stacked": [["団体コード", "都道府県名", "令和5年度"], ["", "", ""], ["", "", "負担金額(円)"]],
    "in two languages": [["団体コード", "都道府県名", "金額"], ["code", "prefecture", "amount"]],
    "columns numbered": [["団体コード", "都道府県名", "金額"], ["(1)", "(2)", "(3)"]],
    "the unit below": [["団体コード", "都道府県名", "金額"], ["", "", "(単位:円)"]],
}


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS.keys())
@pytest.mark.parametrize("shape", LISTS.values(), ids=LISTS.keys())
def test_lists(
    shape: Rows, write: Callable[[Path, Sequence[Sequence[Any]]], Path], tmp_path: Path
) -> None:
    rows: Rows = [["010006", "北海道", "1,000円"], ["020001", "青森県", 2000]]
    found = read_list(
        open_source(write(tmp_path / "list", [["負担金一覧"], [], *shape, *rows])), japan()
    )
    assert found.frame.select("code", "amount").rows() == [("010006", 1000), ("020001", 2000)]
    assert found.title == "負担金一覧"


def test_years_may_head_columns(tmp_path: Path) -> None:
    rows: Rows = [[*KEYS, "職員数", "", ""], [*NONE, 2021, 2022, 2023], *DATA]
    file = _xlsx(tmp_path / "staff.xlsx", rows)
    measure = read_measure(open_source(file), "職員数/2023", japan())
    assert measure.frame["value"].to_list() == [11, 11, 3]


def test_two_columns_of_amounts_are_not_guessed_between(tmp_path: Path) -> None:
    rows: Rows = [
        ["団体コード", "令和4年度", "令和5年度"],
        ["", "負担金", "負担金"],
        ["010006", 1, 2],
    ]
    file = _xlsx(tmp_path / "list.xlsx", rows)
    (problem,) = refused(lambda: read_list(open_source(file), japan()))
    assert_says(problem, "令和4年度/負担金", "令和5年度/負担金")


def test_thousands_below_a_heading_are_brought_to_yen(tmp_path: Path) -> None:
    rows: Rows = [["団体コード", "金額"], [], ["", "千円"], ["010006", 1]]
    file = _xlsx(tmp_path / "list.xlsx", rows)
    found = read_list(open_source(file), japan())
    assert found.frame.select("code", "amount").rows() == [("010006", 1000)]
    assert found.remarks[0].en == "amounts are printed in units of 1,000 yen, and given in yen"
