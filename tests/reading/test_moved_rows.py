"""Rows that were moved to the left or to the right are refused, and looked-alikes are not."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.reading.routes import measure
from tests.reading.shapes import (
    Cell,
    Sample,
    ask,
    assert_exact,
    assert_refused,
    named,
    pairs,
    question,
)

TRUTH = {"011002": 111, "012025": 222}
OF_PREFECTURES = {"010006": 111, "020001": 222}


def moved(name: str, header: list[Cell], row: list[Cell], rest: list[Cell], form: str) -> Sample:
    """Return a table of two rows, of which the first was moved."""
    truth = TRUTH if "市区町村名" in header or len(header) == 3 else OF_PREFECTURES
    return Sample(f"{name}, {form}", [header, row, rest], truth, form=form)


WHOLE: list[Cell] = ["団体コード", "都道府県名", "市区町村名", "<figure>", "備考"]
NAMED: list[Cell] = ["都道府県名", "市区町村名", "<figure>", "備考"]
SHORT: list[Cell] = ["団体コード", "都道府県名", "<figure>", "備考"]

CASES: list[tuple[str, list[Cell], list[Cell], list[Cell]]] = [
    (
        "to the left, its code last",
        WHOLE,
        ["北海道", "札幌市", "111", "", "011002"],
        ["012025", "北海道", "函館市", "222", ""],
    ),
    (
        "to the left, without its code",
        SHORT,
        ["北海道", "111", "", ""],
        ["020001", "青森県", "222", ""],
    ),
    (
        "to the right, its code below the amounts",
        ["団体コード", "<figure>", "備考"],
        ["", "011002", "111"],
        ["012025", "222", ""],
    ),
    (
        "to the left twice",
        ["団体コード", "都道府県名", "市区町村名", "職員", "<figure>"],
        ["札幌市", "5", "", "011002", "北海道"],
        ["012025", "北海道", "函館市", "7", "222"],
    ),
    (
        "its code among the names",
        WHOLE,
        ["", "011002", "札幌市", "111", ""],
        ["012025", "北海道", "函館市", "222", ""],
    ),
    (
        "to the left, without a column of codes",
        ["都道府県名", "<figure>", "備考"],
        ["111", "", "北海道"],
        ["青森県", "222", ""],
    ),
    (
        "to the left, a short figure, its prefecture last",
        NAMED,
        ["札幌市", "１", "", "北海道"],
        ["北海道", "函館市", "222", ""],
    ),
    (
        "to the left, a figure with its unit, its code lost",
        WHOLE,
        ["北海道", "札幌市", "111<unit>", "", ""],
        ["012025", "北海道", "函館市", "222", ""],
    ),
    (
        "to the left twice, a figure beside a name of nobody",
        NAMED,
        ["1,111", "", "北海道府", "札幌"],
        ["北海道", "函館市", "222", ""],
    ),
    (
        "to the right, its name among figures",
        ["都道府県名", "市区町村名", "面積(km2)", "<figure>", "備考"],
        ["", "北海道", "札幌市", "3.5", "111"],
        ["北海道", "函館市", "1,121.26", "222", ""],
    ),
    (
        "to the right, its prefecture among figures",
        ["都道府県名", "世帯数(世帯)", "<figure>", "備考"],
        ["", "北海道", "12", "111"],
        ["青森県", "7", "222", ""],
    ),
]
MOVED = [
    moved(name, header, row, rest, form)
    for form in ("csv", "xlsx", "parquet")
    for name, header, row, rest in CASES
]


@pytest.mark.parametrize(("route", "sample"), pairs(MOVED), ids=named)
def test_a_row_that_was_moved_is_refused(route: str, sample: Sample, tmp_path: Path) -> None:
    read = ask(sample, route, tmp_path)
    assert_refused(read)


def test_a_row_that_was_moved_is_refused_in_a_register_of_ones_own(tmp_path: Path) -> None:
    rows = "都道府県名,<figure>,備考\n1,,北海道\n青森県,222,\n"
    sample = Sample("own", rows, OF_PREFECTURES, routes=("[[measure]]",))
    asked = replace(question(sample, "[[measure]]", tmp_path), codes="text")
    assert_refused(measure(asked), "line 2")


SOUND = [
    Sample(
        "a second column of codes beside a missing one",
        "旧コード,団体コード,都道府県名,市区町村名,<figure>\n"
        "011002,011002,北海道,札幌市,111\n012025,012025,北海道,函館市,222\n012033,,,,\n",
        TRUTH,
    ),
    Sample(
        "a total that looks like a code",
        "団体コード,都道府県名,市区町村名,面積,<figure>\n011002,北海道,札幌市,131000,111\n"
        "012025,北海道,函館市,16,222\n,合計,,131016,333\n",
        TRUTH,
    ),
    Sample(
        "a note with a number",
        "団体コード,都道府県名,市区町村名,<figure>\n011002,北海道,札幌市,111\n"
        "012025,北海道,函館市,222\n団体数,2,,\n",
        TRUTH,
    ),
    Sample(
        "notes and pages with numbers, without codes",
        "都道府県名,市区町村名,<figure>,備考\n北海道,札幌市,111,\n1,,,\n"
        "北海道,函館市,222,\n団体数,1788,,\n1,端数は切り捨てた。,,\n,2,,ページ\n",
        TRUTH,
    ),
    Sample(
        "columns numbered, on every page",
        "都道府県名,市区町村名,<figure>,備考\n1,2,3,4\n北海道,札幌市,111,\n"
        "都道府県名,市区町村名,<figure>,備考\n北海道,函館市,222,\n",
        TRUTH,
    ),
    Sample(
        "prefectures that are numbered",
        "団体コード,都道府県,市区町村,<figure>\n"
        "011002,1,札幌市,111\n012025,1,函館市,222\n,1,北海道,\n",
        TRUTH,
    ),
    Sample(
        "names as headings among the figures, and as remarks",
        "都道府県名,市区町村名,世帯数,<figure>,備考\n北海道,札幌市,1234,111,北海道\n"
        ",,北海道,,\n北海道,函館市,5678,222,\n",
        TRUTH,
    ),
    Sample(
        "how many there are, above them",
        "都道府県名,市区町村名,<figure>\n北海道,2団体,\n北海道,札幌市,111\n北海道,函館市,222\n",
        TRUTH,
    ),
]


@pytest.mark.parametrize(("route", "sample"), pairs(SOUND), ids=named)
def test_what_only_looks_like_it_is_read(route: str, sample: Sample, tmp_path: Path) -> None:
    assert_exact(ask(sample, route, tmp_path), sample.truth)
