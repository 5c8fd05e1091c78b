"""Headings as registers and spreadsheets write them: brackets, breaks, ruby, stacks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reading.known import Amounts, amounts_of
from tests.reading.routes import MEASURES, Question
from tests.reading.shapes import (
    WORDS,
    Cell,
    Sample,
    ask,
    assert_exact,
    assert_refused,
    content,
    named,
    pairs,
)

TRUTH = amounts_of({"北海道/札幌市": 5, "北海道/函館市": 7})
CODED: list[list[Cell]] = [["011002", "北海道", "札幌市", 5], ["012025", "北海道", "函館市", 7]]
KANA: list[list[Cell]] = [
    ["011002", "北海道", "札幌市", "ﾎｯｶｲﾄﾞｳ", "ｻｯﾎﾟﾛｼ", 5],
    ["012025", "北海道", "函館市", "ﾎｯｶｲﾄﾞｳ", "ﾊｺﾀﾞﾃｼ", 7],
]

EXACT = [
    Sample(
        "as the ministry's list of codes has them",
        '団体コード,"都道府県名\n（漢字）","市区町村名\n（漢字）",<figure>\n'
        "011002,北海道,札幌市,5\n012025,北海道,函館市,7\n",
        TRUTH,
    ),
    Sample(
        "with the columns of kana",
        [
            [
                "団体コード",
                "都道府県名\n（漢字）",
                "市区町村名\n（漢字）",
                "都道府県名\n（カナ）",
                "市区町村名\n（カナ）",
                "<figure>",
            ],
            *KANA,
        ],
        TRUTH,
        "xlsx",
    ),
    Sample(
        "the kana first",
        [
            [
                "団体コード",
                "都道府県名（カナ）",
                "市区町村名（カナ）",
                "都道府県名（漢字）",
                "市区町村名（漢字）",
                "<figure>",
            ],
            *[[row[0], row[3], row[4], row[1], row[2], row[5]] for row in KANA],
        ],
        TRUTH,
    ),
    Sample(
        "without codes, kana beside",
        [
            ["都道府県名（漢字）", "市区町村名（漢字）", "市区町村名（ふりがな）", "<figure>"],
            ["北海道", "札幌市", "さっぽろし", 5],
            ["北海道", "函館市", "はこだてし", 7],
        ],
        TRUTH,
    ),
    Sample(
        "breaks within the words",
        "団体\nコード,都道府\n県名,市区\n町村名,<figure>\n".replace(
            "団体\nコード", '"団体\nコード"'
        )
        .replace("都道府\n県名", '"都道府\n県名"')
        .replace("市区\n町村名", '"市区\n町村名"')
        + "011002,北海道,札幌市,5\n012025,北海道,函館市,7\n",
        TRUTH,
    ),
    Sample(
        "blanks within the words",
        "団 体 コ ー ド,都 道 府 県 名,市　町　村　名,<figure>\n"
        "011002,北海道,札幌市,5\n012025,北海道,函館市,7\n",
        TRUTH,
    ),
    Sample(
        "marks of notes at the words",
        "団体コード※1,都道府県名,市区町村名（注）,<figure>\n"
        "011002,北海道,札幌市,5\n012025,北海道,函館市,7\n",
        TRUTH,
    ),
    Sample(
        "a number of rows and the numbers of columns",
        "番号,団体コード,市区町村名,<figure>\n①,②,③,④\n1,011002,札幌市,5\n2,012025,函館市,7\n",
        TRUTH,
    ),
    Sample(
        "two rows, a year above",
        ",,令和5年度\n団体コード,市区町村名,<figure>\n011002,札幌市,5\n012025,函館市,7\n",
        TRUTH,
    ),
    Sample(
        "two rows, the keys above",
        "団体コード,市区町村名,令和5年度,\n,,<figure>,備考\n011002,札幌市,5,\n012025,函館市,7,注\n",
        TRUTH,
    ),
    Sample(
        "the header again in the middle",
        "団体コード,市区町村名,<figure>\n011002,札幌市,5\n団体コード,市区町村名,<figure>\n"
        "012025,函館市,7\n",
        TRUTH,
    ),
    Sample(
        "the title, the unit and the header again in the middle",
        "<kind>一覧,,\n団体コード,市区町村名,<figure>\n011002,札幌市,5\n,,\n<kind>一覧,,\n"
        "団体コード,市区町村名,<figure>\n012025,函館市,7\n",
        TRUTH,
    ),
    Sample(
        "a column of names below 名称",
        "団体コード,名称,<figure>\n011002,札幌市,5\n012025,函館市,7\n",
        TRUTH,
    ),
    Sample(
        "a column of kinds and of dates beside",
        "団体コード,市区町村名,施行日,<figure>,区分\n011002,札幌市,1972-04-01,5,指定都市\n"
        "012025,函館市,1922-08-01,7,市\n",
        TRUTH,
    ),
    Sample(
        "headings in English",
        "Code,Prefecture,Municipality,<figure>\n011002,北海道,札幌市,5\n012025,北海道,函館市,7\n",
        TRUTH,
    ),
]


NOTES: list[list[Cell]] = [["この表について"], ["", "1,234 団体"], ["3", "注"]]
TABLE: list[list[Cell]] = [
    ["団体コード", "市区町村名", "<figure>"],
    *[[*row[:1], *row[2:]] for row in CODED],
]

SHEETS = [
    Sample("a sheet of notes behind", TABLE, TRUTH, "xlsx", sheets={"注記": NOTES}),
    Sample("an empty sheet behind", TABLE, TRUTH, "xlsx", sheets={"Sheet2": []}),
    Sample("a cover before", NOTES, TRUTH, "xlsx", sheet="表紙", sheets={"一覧": TABLE}),
]


@pytest.mark.parametrize(("route", "sample"), pairs(SHEETS), ids=named)
def test_sheets_without_a_table_do_no_harm(route: str, sample: Sample, tmp_path: Path) -> None:
    assert_exact(ask(sample, route, tmp_path), sample.truth)


@pytest.mark.parametrize(("route", "sample"), pairs(EXACT), ids=named)
def test_headings_are_known_in_any_writing(route: str, sample: Sample, tmp_path: Path) -> None:
    assert_exact(ask(sample, route, tmp_path), sample.truth)


STACKED: list[list[Cell]] = [
    ["団体コード", "都道府県名", "市区町村名", "令和2年", "", "", "", "令和元年"],
    ["", "", "", "人口", "", "", "世帯数", "増減率"],
    ["", "", "", "男", "女", "計", "", "計"],
    ["011002", "北海道", "札幌市", 2, 3, 5, 1, 0.5],
    ["012025", "北海道", "函館市", 3, 4, 7, 2, -0.25],
]

COLUMNS: dict[str, tuple[list[list[Cell]], Amounts]] = {
    "人口/計": (STACKED, {"011002": 5, "012025": 7}),
    "令和2年/人口/計": (STACKED, {"011002": 5, "012025": 7}),
    "人口/男": (STACKED, {"011002": 2, "012025": 3}),
    "世帯数": (STACKED, {"011002": 1, "012025": 2}),
    "令和2年/世帯数": (STACKED, {"011002": 1, "012025": 2}),
    "職員数（人）": (
        [["団体コード", "職員数\n（人）"], ["011002", 5], ["012025", 7]],
        {"011002": 5, "012025": 7},
    ),
    "職員数": (
        [["団体コード", "職員数\n（人）"], ["011002", 5], ["012025", 7]],
        {"011002": 5, "012025": 7},
    ),
    "一般行政部門/職員数": (
        [
            ["団体コード", "普通会計", "", ""],
            ["", "一般行政部門", "教育部門", ""],
            ["", "職員数", "職員数", "計"],
            ["011002", 5, 8, 13],
            ["012025", 7, 9, 16],
        ],
        {"011002": 5, "012025": 7},
    ),
}


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("form", ["xlsx", "csv"])
def test_a_column_is_found_by_the_words_above_it(column: str, form: str, tmp_path: Path) -> None:
    rows, truth = COLUMNS[column]
    sample = Sample(column, rows, truth, form)
    file = tmp_path / f"list.{form}"
    file.write_bytes(content(sample, WORDS["[[measure]]"]))
    question = Question(file, truth, measure="staff", column=column)
    assert_exact(MEASURES["[[measure]]"](question), truth)


DOUBTFUL: dict[str, tuple[list[list[Cell]], str]] = {
    "計": (STACKED, "計"),
    "職員数": (COLUMNS["一般行政部門/職員数"][0], "職員数"),
    "都道府県名": (STACKED, "都道府県名"),
    "市区町村名": (STACKED, "市区町村名"),
    "議員数": (STACKED, "議員数"),
}


@pytest.mark.parametrize("name", DOUBTFUL)
def test_a_column_that_is_not_there_or_not_the_only_one_is_refused(
    name: str, tmp_path: Path
) -> None:
    rows, column = DOUBTFUL[name]
    file = tmp_path / "list.xlsx"
    file.write_bytes(content(Sample(name, rows, TRUTH, "xlsx"), WORDS["[[measure]]"]))
    question = Question(file, TRUTH, measure="staff", column=column)
    assert_refused(MEASURES["[[measure]]"](question), column)


NO_FIGURES = [
    Sample(
        "names in kana alone",
        '団体コード,"市区町村名\n（漢字）","市区町村名\n（カナ）"\n011002,札幌市,ｻｯﾎﾟﾛｼ\n',
        TRUTH,
    ),
    Sample("codes alone", "団体コード\n011002\n012025\n", TRUTH),
]


@pytest.mark.parametrize(("route", "sample"), pairs(NO_FIGURES), ids=named)
def test_a_table_without_figures_is_refused(route: str, sample: Sample, tmp_path: Path) -> None:
    """No column of names is taken for figures."""
    assert_refused(ask(sample, route, tmp_path))
