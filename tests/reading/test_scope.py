"""Whom a table counts: what title, sheet and heading say of its scope."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reading.known import amounts_of
from tests.reading.routes import MEASURES, Question
from tests.reading.shapes import WORDS, Cell, Sample, assert_exact, assert_refused, content, named

HEAD = "団体コード,都道府県名,市区町村名,人口\n"
ROWS = "011002,北海道,札幌市,300\n012025,北海道,函館市,30\n"
TRUTH = amounts_of({"北海道/札幌市": 300, "北海道/函館市": 30})
STACKED = "団体コード,都道府県名,市区町村名,令和2年/人口/男,令和2年/人口/女,令和2年/人口/計\n"
STACK = "011002,北海道,札幌市,100,200,300\n012025,北海道,函館市,10,20,30\n"
BOOK: list[list[Cell]] = [
    ["団体コード", "都道府県名", "市区町村名", "人口"],
    ["011002", "北海道", "札幌市", 300],
    ["012025", "北海道", "函館市", 30],
]

OTHERS = [
    Sample(
        "foreign residents in the title",
        "<date>住民基本台帳人口・世帯数（市区町村別）（外国人住民）,,,,,\n" + STACKED + STACK,
        TRUTH,
        says=("外国人",),
    ),
    Sample(
        "foreign residents, in words",
        "外国人住民に係る人口,,,\n" + HEAD + ROWS,
        TRUTH,
        says=("外国人",),
    ),
    Sample(
        "Japanese residents in the title",
        "住民基本台帳人口（日本人住民）,,,\n" + HEAD + ROWS,
        TRUTH,
        says=("日本人",),
    ),
    Sample(
        "Japanese residents in angle brackets",
        "【日本人住民】市区町村別人口,,,\n" + HEAD + ROWS,
        TRUTH,
        says=("日本人",),
    ),
    Sample("foreigners", "市区町村別外国人人口,,,\n" + HEAD + ROWS, TRUTH, says=("外国人",)),
    Sample(
        "several nationalities", "複数国籍世帯の人口,,,\n" + HEAD + ROWS, TRUTH, says=("複数国籍",)
    ),
    Sample("men in the title", "年齢階級別人口（男）,,,\n" + HEAD + ROWS, TRUTH, says=("男",)),
    Sample("women in the title", "住民基本台帳人口　女,,,\n" + HEAD + ROWS, TRUTH, says=("女",)),
    Sample(
        "the sheet of foreign residents", BOOK, TRUTH, "xlsx", sheet="外国人住民", says=("外国人",)
    ),
    Sample(
        "the sheet of Japanese residents", BOOK, TRUTH, "xlsx", sheet="日本人住民", says=("日本人",)
    ),
    Sample(
        "the old sheet of foreign residents", BOOK, TRUTH, "xls", sheet="外国人", says=("外国人",)
    ),
    Sample("the sheet of men", BOOK, TRUTH, "xlsx", sheet="人口（男）", says=("男",)),
    Sample(
        "foreign residents over the heading",
        [
            ["団体コード", "都道府県名", "市区町村名", "外国人住民", ""],
            ["", "", "", "人口", "世帯数"],
            ["011002", "北海道", "札幌市", 300, 5],
            ["012025", "北海道", "函館市", 30, 6],
        ],
        TRUTH,
        "xlsx",
        says=("外国人",),
    ),
    Sample(
        "Japanese residents over the heading",
        [
            ["団体コード", "都道府県名", "市区町村名", "日本人住民", "", ""],
            ["", "", "", "人口", "", ""],
            ["", "", "", "男", "女", "計"],
            ["011002", "北海道", "札幌市", 100, 200, 300],
            ["012025", "北海道", "函館市", 10, 20, 30],
        ],
        TRUTH,
        "xlsx",
        says=("日本人",),
    ),
    Sample(
        "in the heading itself",
        "団体コード,都道府県名,市区町村名,人口（外国人住民）\n" + ROWS,
        TRUTH,
        says=("外国人",),
    ),
    Sample(
        "before the word",
        "団体コード,都道府県名,市区町村名,日本人人口\n" + ROWS,
        TRUTH,
        says=("日本人",),
    ),
    Sample(
        "men and women and no sum",
        "団体コード,人口/男,人口/女\n011002,100,200\n012025,10,20\n",
        TRUTH,
        says=("男",),
    ),
]

EVERYONE = [
    Sample("a plain title", "住民基本台帳人口・世帯数（市区町村別）,,,\n" + HEAD + ROWS, TRUTH),
    Sample("all of them in the title", "住民基本台帳人口（総計）,,,\n" + HEAD + ROWS, TRUTH),
    Sample(
        "both in the title",
        "住民基本台帳人口（日本人住民・外国人住民計）,,,\n" + HEAD + ROWS,
        TRUTH,
    ),
    Sample(
        "the sum of both",
        "日本人住民と外国人住民の合計による人口,,,\n" + HEAD + ROWS,
        TRUTH,
    ),
    Sample("stacked: men, women, both", "住民基本台帳人口,,,,,\n" + STACKED + STACK, TRUTH),
    Sample("the sheet of all", BOOK, TRUTH, "xlsx", sheet="総計"),
    Sample(
        "a note that tells of foreign residents", HEAD + ROWS + "注 外国人住民を含む。,,,\n", TRUTH
    ),
    Sample(
        "foreign residents counted in",
        "住民基本台帳人口（外国人住民を含む）,,,\n" + HEAD + ROWS,
        TRUTH,
    ),
    Sample(
        "beside columns of the parts",
        [
            ["団体コード", "都道府県名", "市区町村名", "人口", "日本人住民", "外国人住民"],
            ["011002", "北海道", "札幌市", 300, 290, 10],
            ["012025", "北海道", "函館市", 30, 29, 1],
        ],
        TRUTH,
        "xlsx",
    ),
    Sample(
        "households in another column",
        "人口・世帯数,,,,\n団体コード,都道府県名,市区町村名,人口,世帯数\n"
        "011002,北海道,札幌市,300,7\n012025,北海道,函館市,30,8\n",
        TRUTH,
    ),
    Sample("a name with a character for woman", "乙女の町の人口,,,\n" + HEAD + ROWS, TRUTH),
]

POPULATION = ("[[measure]]", "run --population", "check (measure)")


def asked(sample: Sample, folder: Path, measure: str = "population", column: str = "") -> Question:
    """Write a sample's file and ask for a measure of it."""
    suffix = sample.form if sample.form in {"xlsx", "xls"} else "csv"
    file = folder / f"list.{suffix}"
    file.write_bytes(content(sample, WORDS["run --population"]))
    return Question(file, sample.truth, measure=measure, column=column or None)


@pytest.mark.parametrize("sample", OTHERS, ids=named)
@pytest.mark.parametrize("route", POPULATION[:2])
def test_a_population_that_is_not_that_of_all_is_refused_by_name(
    route: str, sample: Sample, tmp_path: Path
) -> None:
    assert_refused(MEASURES[route](asked(sample, tmp_path)), *sample.says)


@pytest.mark.parametrize("sample", EVERYONE, ids=named)
@pytest.mark.parametrize("route", POPULATION[:2])
def test_a_population_of_all_is_read(route: str, sample: Sample, tmp_path: Path) -> None:
    assert_exact(MEASURES[route](asked(sample, tmp_path)), sample.truth)


def column_of(sample: Sample) -> str:
    """Return the heading under which the figures of a sample stand."""
    if "stacked" in sample.name or sample.table == OTHERS[0].table:
        return "人口/計"
    return {
        "in the heading itself": "人口(外国人住民)",
        "before the word": "日本人人口",
        "Japanese residents over the heading": "日本人住民/人口/計",
        "foreign residents over the heading": "外国人住民/人口",
    }.get(sample.name, "人口")


@pytest.mark.parametrize("sample", OTHERS[:-1] + EVERYONE, ids=named)
def test_under_a_name_of_its_own_any_of_them_is_a_measure(sample: Sample, tmp_path: Path) -> None:
    question = asked(sample, tmp_path, "residents_of_that_kind", column_of(sample))
    assert_exact(MEASURES["[[measure]]"](question), sample.truth)


KINDS: dict[str, list[list[Cell]]] = {
    kind: [BOOK[0], *[[*row[:3], int(str(row[3])) + more] for row in BOOK[1:]]]
    for kind, more in {"総計": 0, "日本人住民": -5, "外国人住民": -100}.items()
}


@pytest.mark.parametrize("first", KINDS)
@pytest.mark.parametrize("route", POPULATION[:2])
def test_of_three_sheets_that_of_all_is_read_or_none(
    route: str, first: str, tmp_path: Path
) -> None:
    others = {kind: rows for kind, rows in KINDS.items() if kind != first}
    sample = Sample("three", KINDS[first], TRUTH, "xlsx", sheet=first, sheets=others)
    read = MEASURES[route](asked(sample, tmp_path))
    if not read.is_refused:
        assert_exact(read, TRUTH)
