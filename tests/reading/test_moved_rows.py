"""Rows that were moved to the left or to the right are refused, and looked-alikes are not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.reading.shapes import Cell, Sample, ask, assert_exact, assert_refused, named, pairs

TRUTH = {"011002": 111, "012025": 222}


def moved(name: str, header: list[Cell], row: list[Cell], rest: list[Cell], form: str) -> Sample:
    """Return a table of two rows, of which the first was moved."""
    truth = {"010006": 111, "020001": 222} if header == SHORT else TRUTH
    return Sample(f"{name}, {form}", [header, row, rest], truth, form=form)


WHOLE: list[Cell] = ["団体コード", "都道府県名", "市区町村名", "<figure>", "備考"]
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
]


@pytest.mark.parametrize(("route", "sample"), pairs(SOUND), ids=named)
def test_what_only_looks_like_it_is_read(route: str, sample: Sample, tmp_path: Path) -> None:
    assert_exact(ask(sample, route, tmp_path), sample.truth)
