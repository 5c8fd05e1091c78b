"""Codes as offices and spreadsheets write them, in lists and in measures alike."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.reading.known import amounts_of, today
from tests.reading.routes import JAPAN, LISTS, MEASURES, Question
from tests.reading.shapes import (
    WORDS,
    Cell,
    Sample,
    ask,
    assert_exact,
    assert_refused,
    assert_told,
    content,
    named,
    pairs,
)

TRUTH = amounts_of(
    {
        "北海道/札幌市": 101,
        "北海道/函館市": 102,
        "東京都/千代田区": 103,
        "沖縄県/那覇市": 104,
        "北海道/当別町": 105,
    }
)
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")

WRITTEN: dict[str, Callable[[str], str]] = {
    "numbers without the leading zero": lambda code: code.lstrip("0"),
    "five digits": lambda code: code[:5],
    "five digits without the leading zero": lambda code: code[:5].lstrip("0"),
    "full-width": lambda code: code.translate(WIDE),
    "floats": lambda code: f"{int(code)}.0",
    "floats of six digits": lambda code: f"{code}.0",
    "an apostrophe before": lambda code: f"'{code}",
    "as a formula": lambda code: f'="{code}"',
    "the check digit set apart": lambda code: f"{code[:5]}-{code[5]}",
    "blanks around": lambda code: f" {code}　",
    "in quotes": lambda code: f'"{code}"',
}


def listed(write: str, form: str = "csv") -> Sample:
    """Return the list with every code written in one way, names beside."""
    rows: list[list[Cell]] = [["団体コード", "都道府県名", "市区町村名", "<figure>"]]
    for code, amount in TRUTH.items():
        each = today()[code]
        rows.append([WRITTEN[write](code), each["prefecture"], each["municipality"], amount])
    return Sample(f"{write} ({form})", rows, TRUTH, form)


def numbers(kind: Callable[[str], int | float], digits: int, form: str) -> Sample:
    """Return a list whose codes are numbers in the cells of a workbook, without names."""
    rows: list[list[Cell]] = [["団体コード", "<figure>"]]
    rows += [[kind(code[:digits]), amount] for code, amount in TRUTH.items()]
    return Sample(
        f"{'whole' if kind is int else 'float'} of {digits} digits ({form})", rows, TRUTH, form
    )


EXACT = [
    *(listed(write) for write in WRITTEN),
    numbers(int, 6, "xlsx"),
    numbers(float, 6, "xlsx"),
    numbers(int, 5, "xlsx"),
    numbers(int, 6, "xls"),
    numbers(int, 6, "parquet"),
    numbers(float, 6, "parquet"),
    numbers(float, 6, "csv"),
    numbers(int, 5, "csv"),
    Sample(
        "two numbers, of which one can be read in two ways",
        "団体コード,<figure>\n23213,3\n11002,7\n",
        {"023213": 3, "011002": 7},
    ),
    Sample(
        "numbers of which one lacks its zero, or its check digit if the others had none",
        "団体コード,<figure>\n402311,9\n23213,3\n131016,7\n",
        {"402311": 9, "023213": 3, "131016": 7},
    ),
]


@pytest.mark.parametrize(("route", "sample"), pairs(EXACT), ids=named)
def test_codes_in_any_writing(route: str, sample: Sample, tmp_path: Path) -> None:
    assert_exact(ask(sample, route, tmp_path), sample.truth)


TWO = amounts_of({"北海道/札幌市": 1000, "北海道/函館市": 2000})
TABLE = (
    "団体コード,都道府県名,市区町村名,<figure>\n"
    "011002,北海道,札幌市,1000\n012025,北海道,函館市,2000\n"
)
NUMBERS = "団体コード,<figure>\n11002,1000\n12025,2000\n"

# Rows that bear a code, and are none of today's payers.
OUTSIDERS = [
    Sample("a ward as a number", NUMBERS + "11011,7\n", TWO, says=("line 4",)),
    Sample("a ward of six digits", TABLE + "011011,北海道,札幌市中央区,7\n", TWO, says=("line 4",)),
    Sample("a ward below its city", TABLE + "11011,北海道,中央区,7\n", TWO, says=("line 4",)),
    Sample("a county", TABLE + "013005,北海道,石狩郡,7\n", TWO, says=("line 4",)),
    Sample(
        "a village of the north", TABLE + "016951,北海道,色丹郡色丹村,7\n", TWO, says=("line 4",)
    ),
    Sample(
        "a wrong check digit", TABLE + "012034,北海道,小樽市,7\n", TWO, says=("line 4", "012034")
    ),
    Sample("no organisation at all", TABLE + "999997,どこか県,どこか市,7\n", TWO, says=("line 4",)),
    Sample("letters", TABLE + "01A025,北海道,小樽市,7\n", TWO, says=("line 4", "01A025")),
    Sample("seven digits", TABLE + "0120330,北海道,小樽市,7\n", TWO, says=("line 4", "0120330")),
]


@pytest.mark.parametrize(("route", "sample"), pairs(OUTSIDERS), ids=named)
def test_a_code_that_is_no_payers_is_told_with_its_line(
    route: str, sample: Sample, tmp_path: Path
) -> None:
    """Refused, found, or in the ledger: and what is read beside it is right."""
    assert_told(ask(sample, route, tmp_path), sample.truth, *sample.says, route=route)


FORMER = [
    Sample(
        "a former town as a number", "団体コード,<figure>\n44237,5\n41009,6\n", {}, routes=JAPAN
    ),
    Sample(
        "a former town of six digits",
        "団体コード,都道府県名,市区町村名,<figure>\n044237,宮城県,黒川郡富谷町,5\n041009,宮城県,仙台市,6\n",
        {},
        routes=JAPAN,
    ),
    Sample(
        "a former town of five digits",
        "団体コード,都道府県名,市区町村名,<figure>\n04423,宮城県,富谷町,5\n04100,宮城県,仙台市,6\n",
        {},
        routes=JAPAN,
    ),
]


@pytest.mark.parametrize(("route", "sample"), pairs(FORMER), ids=named)
def test_a_former_code_is_its_own_town_or_what_became_of_it(
    route: str, sample: Sample, tmp_path: Path
) -> None:
    """Compared, it counts for the successor; taken out, either code is right."""
    truth = amounts_of({"宮城県/富谷市": 5, "宮城県/仙台市": 6})
    asked = Sample(sample.name, sample.table, truth, routes=JAPAN)
    read = ask(asked, route, tmp_path)
    assert read.status == 0, read.said
    if read.amounts is not None:
        old = {"044237": 5, "041009": 6}
        assert read.amounts == truth or (route in {"extract", "compare"} and read.amounts == old)


def test_a_measure_carries_a_former_towns_figure_over(tmp_path: Path) -> None:
    rows: list[list[Cell]] = [["団体コード", "職員数"]]
    everyone = [code for code, row in today().items() if row["kind"] != "prefecture"]
    truth = {code: 10 + place for place, code in enumerate(everyone)}
    for code, amount in truth.items():
        rows.append([{"042161": 44237, "402311": 403059}.get(code, int(code)), amount])
    sample = Sample("former codes", rows, truth, "xlsx")
    file = tmp_path / "list.xlsx"
    file.write_bytes(content(sample, WORDS["[[measure]]"]))
    with_japan = Question(file, truth, column="職員数", japan=True)
    assert_exact(MEASURES["[[measure]]"](with_japan), truth)


TWICE = [
    Sample("a code twice", TABLE + "012025,北海道,函館市,2000\n", TWO, says=("line 4", "012025")),
    Sample(
        "a code twice, in two writings", TABLE + "12025,北海道,函館市,5\n", TWO, says=("line 4",)
    ),
    Sample("a code, and once more by name", TABLE + ",北海道,函館市,2000\n", TWO, says=("line 4",)),
    Sample(
        "a name twice",
        "都道府県名,市区町村名,<figure>\n北海道,札幌市,1000\n北海道,函館市,2000\n北海道,函館市,5\n",
        TWO,
        says=("line 4",),
    ),
]


@pytest.mark.parametrize(
    ("route", "sample"), [pair for pair in pairs(TWICE) if pair[0] != "extract"], ids=named
)
def test_an_organisation_that_stands_twice_is_told(
    route: str, sample: Sample, tmp_path: Path
) -> None:
    read = ask(sample, route, tmp_path)
    assert read.status != 0, read.said
    assert_told(read, sample.truth, *sample.says, route=route)


AMBIGUOUS = [
    Sample(
        "codes of which one could be read in two ways, without others to tell",
        "団体コード,<figure>\n11100,5\n",
        {"111007": 5},
        says=("line 2", "11100"),
    ),
]


@pytest.mark.parametrize(("route", "sample"), pairs(AMBIGUOUS), ids=named)
def test_a_code_of_two_readings_is_told(route: str, sample: Sample, tmp_path: Path) -> None:
    """11100 lacks a zero (清田区 011100) or the check digit (さいたま市 111007)."""
    read = ask(sample, route, tmp_path)
    as_printed = {"11100": 5} if route == "extract" else None
    assert (
        read.is_refused or read.status == 1 or read.amounts in (None, {}, sample.truth, as_printed)
    ), read.said
    if route == "audit --plan" and read.is_refused:  # with a single row, it is nobody's list
        assert "no row of the list is that of a payer" in read.said
    else:
        assert_told(read, sample.truth, *sample.says, route=route)


@pytest.mark.parametrize("route", ["[[measure]]", "audit --plan", "carried_forward", "published"])
def test_codes_of_a_register_of_ones_own_are_text(route: str, tmp_path: Path) -> None:
    truth = {"A-1": 5, "007": 6, "7": 7, "1.0": 8}
    rows: list[list[Cell]] = [["code", "<figure>"]]
    rows += [[code, each] for code, each in truth.items()]
    file = tmp_path / "list.csv"
    words = WORDS["[[measure]]" if route in MEASURES else "list"]
    file.write_bytes(content(Sample("own", rows, truth), words))
    names = "".join(f"{code},Wood,Town {at},town\n" for at, code in enumerate(truth))
    question = Question(
        file,
        truth,
        column="職員数",
        codes="text",
        organisations=f"code,prefecture,municipality,kind\n{names}",
    )
    assert_exact({**MEASURES, **LISTS}[route](question), truth)


@pytest.mark.parametrize("written", ["△1,000", "▲1,000", "-1,000", "−1000", "－１，０００"])
@pytest.mark.parametrize("route", ["audit", "extract"])
def test_amounts_below_zero(route: str, written: str, tmp_path: Path) -> None:
    rows: list[list[Cell]] = [
        ["団体コード", "<figure>"],
        ["011002", written],
        ["012025", "2,000"],
    ]
    sample = Sample(written, rows, {"011002": -1000, "012025": 2000})
    assert_exact(ask(sample, route, tmp_path), sample.truth)


@pytest.mark.parametrize("route", ["[[measure]]", "carried_forward", "run --population"])
def test_what_is_split_by_is_never_below_zero(route: str, tmp_path: Path) -> None:
    text = "団体コード,<figure>\n011002,△1000\n012025,2000\n"
    sample = Sample("below", text, {"011002": 1000, "012025": 2000})
    assert_refused(ask(sample, route, tmp_path), "line 2")
