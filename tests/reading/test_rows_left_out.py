"""Subtotals, totals, notes: every row is taken, or in the ledger with its reason and place."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.calls import call_inside
from tests.reading.known import amounts_of
from tests.reading.routes import LISTS, Read
from tests.reading.shapes import WORDS, Sample, ask, assert_exact, named, pairs, question

TRUTH = amounts_of(
    {
        "北海道/札幌市": 1000,
        "北海道/函館市": 200,
        "北海道/当別町": 30,
        "青森県/青森市": 4,
        "青森県/平内町": 5,
    }
)
HEAD = "団体コード,都道府県名,市区町村名,<figure>\n"
NORTH = ("011002,北海道,札幌市,1000\n", "012025,北海道,函館市,200\n", "013030,北海道,当別町,30\n")
AOMORI = ("022012,青森県,青森市,4\n", "023019,青森県,平内町,5\n")
WHOLE = HEAD + "".join(NORTH + AOMORI)


def with_sums(first: str, second: str, *more: str) -> str:
    """Return the list with a row below each prefecture's, and rows below all."""
    return HEAD + "".join([*NORTH, first, *AOMORI, second, *more])


SUBTOTALS = [
    Sample("小計", with_sums(",,小計,1230\n", ",,小計,9\n"), TRUTH),
    Sample("県計", with_sums(",北海道,道計,1230\n", ",青森県,県計,9\n"), TRUTH),
    Sample("by name and 計", with_sums(",北海道計,,1230\n", ",青森県計,,9\n"), TRUTH),
    Sample("name, blank, 計", with_sums(",北海道 計,,1230\n", ",青森県　計,,9\n"), TRUTH),
    Sample("計 in the column of names", with_sums(",北海道,計,1230\n", ",青森県,計,9\n"), TRUTH),
    Sample(
        "with the prefectures' codes",
        with_sums("010006,北海道,計,1230\n", "020001,青森県,計,9\n"),
        TRUTH,
    ),
    Sample(
        "計 by name with the prefectures' codes",
        with_sums("010006,北海道計,,1230\n", "020001,青森県計,,9\n"),
        TRUTH,
    ),
    Sample(
        "市計 and 町村計",
        HEAD
        + "".join(
            [
                *NORTH[:2],
                ",北海道,市計,1200\n",
                NORTH[2],
                ",北海道,町村計,30\n",
                ",北海道,合計,1230\n",
                AOMORI[0],
                ",青森県,市計,4\n",
                AOMORI[1],
                ",青森県,町村計,5\n",
                ",青森県,合計,9\n",
            ]
        ),
        TRUTH,
    ),
    Sample(
        "市町村計 at the head",
        HEAD + "".join([",北海道,市町村計,1230\n", *NORTH, ",青森県,市町村計,9\n", *AOMORI]),
        TRUTH,
    ),
    Sample(
        "subtotals and the total",
        with_sums(",,小計,1230\n", ",,小計,9\n", ",合計,,1239\n"),
        TRUTH,
    ),
    Sample(
        "the total first",
        HEAD + ",合計,,1239\n" + "".join(NORTH + AOMORI),
        TRUTH,
    ),
    Sample("全国計", WHOLE + ",全国計,,1239\n", TRUTH),
    Sample("総計", WHOLE + "総　計,,,1239\n", TRUTH),
    Sample("合計 beside the code 000000", WHOLE + "000000,全国,,1239\n", TRUTH),
    Sample(
        "without codes",
        "都道府県名,市区町村名,<figure>\n北海道,札幌市,1000\n北海道,函館市,200\n北海道,当別町,30\n"
        "北海道,小計,1230\n青森県,青森市,4\n青森県,平内町,5\n青森県,小計,9\n,合計,1239\n",
        TRUTH,
    ),
]

WRONG = [
    Sample("小計", with_sums(",,小計,1231\n", ",,小計,9\n"), TRUTH, says=("line 5",)),
    Sample("計 by name", with_sums(",北海道計,,1230\n", ",青森県計,,8\n"), TRUTH, says=("line 8",)),
    Sample(
        "県計 with a code",
        with_sums("010006,北海道,計,1230\n", "020001,青森県,計,10\n"),
        TRUTH,
        says=("line 8",),
    ),
    Sample(
        "市計",
        HEAD
        + "".join([*NORTH[:2], ",北海道,市計,1201\n", NORTH[2], ",北海道,町村計,30\n", *AOMORI]),
        TRUTH,
        says=("line 4",),
    ),
    Sample(
        "two subtotals whose faults cancel out",
        with_sums(",,小計,1231\n", ",,小計,8\n", ",合計,,1239\n"),
        TRUTH,
        says=("line 5", "line 8"),
    ),
    Sample(
        "合計", with_sums(",,小計,1230\n", ",,小計,9\n", ",合計,,1240\n"), TRUTH, says=("1,240",)
    ),
]

SUMMED = ("audit --plan", "audit", "extract", "check (list)")
"""The routes that say what they found; the others take what is right or refuse."""


@pytest.mark.parametrize(("route", "sample"), pairs(SUBTOTALS), ids=named)
def test_sums_among_the_rows_are_known_as_such(route: str, sample: Sample, tmp_path: Path) -> None:
    assert_exact(ask(sample, route, tmp_path), sample.truth)


@pytest.mark.parametrize("sample", WRONG, ids=named)
@pytest.mark.parametrize("route", SUMMED)
def test_a_sum_that_is_off_is_told(route: str, sample: Sample, tmp_path: Path) -> None:
    read = ask(sample, route, tmp_path)
    if route != "extract":
        assert read.status != 0, read.said
    for piece in sample.says:
        assert piece in read.said or piece.replace("line", "row") in read.said, read.said


# -- the ledger -----------------------------------------------------------------------------------

KEYS_ABOVE = "団体コード,都道府県名,市区町村名,令和5年度\n,,,<figure>\n,,,(<unit>)\n"

LEDGERS = {
    # Reason, by line, of the rows that are no organisation's.
    "a subtotal, a total and a note": (
        with_sums(",,小計,1230\n", ",,小計,9\n", ",合計,,1239\n", "注1 試験用である。,,,\n"),
        {5: "subtotal", 8: "subtotal", 9: "total", 10: "note"},
    ),
    "blank rows, and the header again": (
        HEAD + NORTH[0] + ",,,\n" + NORTH[1] + HEAD + NORTH[2] + "".join(AOMORI),
        {3: "blank", 5: "heading"},
    ),
    "a title and a unit": (
        "<kind>一覧,,,\n（単位：<unit>）,,,\n" + WHOLE,
        {1: "title", 2: "title"},
    ),
    "a header of two rows, both again": (
        ",,,令和5年度\n"
        + HEAD
        + NORTH[0]
        + NORTH[1]
        + ",,,令和5年度\n"
        + HEAD
        + NORTH[2]
        + "".join(AOMORI),
        {1: "title", 5: "heading", 6: "heading"},
    ),
    "a header of three rows, all again": (
        "".join((KEYS_ABOVE, *NORTH[:2], KEYS_ABOVE, NORTH[2], *AOMORI)),
        {6: "heading", 7: "heading", 8: "heading"},
    ),
    "a header with numbers below, both again": (
        "".join((HEAD, "1,2,3,4\n", *NORTH[:2], HEAD, "1,2,3,4\n", NORTH[2], *AOMORI)),
        {5: "heading", 6: "heading"},
    ),
    "nothing left out": (WHOLE, {}),
}

MAY_BE = {"header", "title", "blank", "heading"}
"""Reasons of lines above the first row and of blank ones: a ledger may have more of these."""


def ledger_of(read: Read) -> tuple[int, int, dict[int, str]]:
    """Return rows in, rows taken, and the reason by line of the one list that was read."""
    (ledger,) = read.ledgers
    reasons = {int(str(each["line"]).split()[-1]): each["reason"] for each in ledger["left_out"]}
    assert len(reasons) == len(ledger["left_out"]), "each row once"
    return ledger["rows_in"], ledger["rows_taken"], reasons


@pytest.mark.parametrize("name", LEDGERS)
@pytest.mark.parametrize("route", ["audit --plan", "audit", "extract"])
@pytest.mark.parametrize("form", ["csv", "xlsx", "tsv"])
def test_every_row_is_taken_or_left_out_for_a_reason(
    route: str, name: str, form: str, tmp_path: Path
) -> None:
    text, expected = LEDGERS[name]
    read = ask(Sample(name, text, TRUTH, form), route, tmp_path)
    rows_in, rows_taken, reasons = ledger_of(read)
    assert rows_taken == len(TRUTH)
    assert rows_in == rows_taken + len(reasons)
    assert {line: reason for line, reason in reasons.items() if reason not in MAY_BE} == {
        line: reason for line, reason in expected.items() if reason not in MAY_BE
    }
    for line, reason in expected.items():
        assert reasons.get(line, reason) in {reason, *MAY_BE}


@pytest.mark.parametrize("name", LEDGERS)
def test_check_has_the_same_ledger(name: str, tmp_path: Path) -> None:
    text, expected = LEDGERS[name]
    asked = question(Sample(name, text, TRUTH), "check (list)", tmp_path)
    ended = call_inside("check", asked.file, "--json")
    assert ended.status == 0, ended.err
    (ledger,) = ledgers_in(ended.object)
    assert ledger["rows_taken"] == len(TRUTH)
    assert ledger["rows_in"] == len(TRUTH) + len(ledger["left_out"])
    reasons = sorted(each["reason"] for each in ledger["left_out"] if each["reason"] not in MAY_BE)
    assert reasons == sorted(each for each in expected.values() if each not in MAY_BE)


def ledgers_in(found: object) -> Iterator[dict[str, Any]]:
    """Yield every object that accounts for rows, wherever it hangs."""
    if isinstance(found, dict):
        if "rows_in" in found:
            yield found
        for each in found.values():
            yield from ledgers_in(each)
    elif isinstance(found, list):
        for each in found:
            yield from ledgers_in(each)


@pytest.mark.parametrize("name", LEDGERS)
def test_extract_writes_the_rows_that_it_left_out(name: str, tmp_path: Path) -> None:
    text, expected = LEDGERS[name]
    read = ask(Sample(name, text, TRUTH), "extract", tmp_path)
    assert (tmp_path / "extract_out" / "left_out.csv").exists()
    head = (tmp_path / "extract_out" / "left_out.csv").read_text(encoding="utf-8-sig")
    assert head.splitlines()[0] == "file,line,reason,text"
    for word, meant in WORDS["list"].items():
        text = text.replace(word, meant)
    lines = text.splitlines()
    found = {int(row["line"].split()[-1]): row for row in read.left_out}
    for line, reason in expected.items():
        if reason in MAY_BE and line not in found:
            continue
        assert reason == found[line]["reason"] or reason in MAY_BE
        for cell in lines[line - 1].split(","):
            assert cell in found[line]["text"]
    assert {row["file"].rpartition("/")[2] for row in read.left_out} <= {"list.csv"}


def test_the_routes_of_lists_are_all_here() -> None:
    assert set(SUMMED) <= set(LISTS)
