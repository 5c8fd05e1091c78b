"""Cells that are merged, or blank below the one that counts for them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.reading.known import amounts_of
from tests.reading.shapes import Cell, Sample, ask, assert_exact, assert_told, named, pairs

HEAD: list[Cell] = ["都道府県名", "市区町村名", "<figure>"]

NAMESAKES = amounts_of(
    {
        "北海道/札幌市": 10,
        "北海道/函館市": 20,
        "北海道/伊達市": 30,
        "福島県/福島市": 40,
        "福島県/伊達市": 50,
        "沖縄県/那覇市": 60,
        "沖縄県/石垣市": 70,
    }
)
ROWS: list[list[Cell]] = [
    ["北海道", "札幌市", 10],
    ["", "函館市", 20],
    ["", "伊達市", 30],
    ["福島県", "福島市", 40],
    ["", "伊達市", 50],
    ["沖縄県", "那覇市", 60],
    ["", "石垣市", 70],
]
MERGED = ("A2:A4", "A5:A6", "A7:A8")

CITIES = amounts_of(
    {
        "東京都/府中市": 1,
        "東京都/調布市": 2,
        "広島県/広島市": 3,
        "広島県/府中市": 4,
        "愛知県/豊川市": 5,
    }
)

EXACT = [
    Sample("prefectures merged over their rows", [HEAD, *ROWS], NAMESAKES, "xlsx", MERGED),
    Sample("blank below, not merged", [HEAD, *ROWS], NAMESAKES, "xlsx"),
    Sample("blank below in a CSV", [HEAD, *ROWS], NAMESAKES),
    Sample("blank below in CP932", [HEAD, *ROWS], NAMESAKES, "cp932"),
    Sample("blank below with tabs", [HEAD, *ROWS], NAMESAKES, "tsv"),
    Sample("blank below in an old workbook", [HEAD, *ROWS], NAMESAKES, "xls"),
    Sample(
        "merged below a merged title and a unit",
        [
            ["<kind>一覧", "", ""],
            ["", "", "（単位：<unit>）"],
            HEAD,
            *ROWS,
        ],
        NAMESAKES,
        "xlsx",
        ("A1:C1", "A4:A6", "A7:A8", "A9:A10"),
    ),
    Sample(
        "merged, in an order that is not that of codes",
        [
            HEAD,
            ["広島県", "広島市", 3],
            ["", "府中市", 4],
            ["東京都", "府中市", 1],
            ["", "調布市", 2],
            ["愛知県", "豊川市", 5],
        ],
        CITIES,
        "xlsx",
        ("A2:A3", "A4:A5"),
    ),
    Sample(
        "merged with the prefecture's own row first",
        [
            HEAD,
            ["北海道", "", 60],
            ["", "札幌市", 10],
            ["", "函館市", 20],
            ["", "伊達市", 30],
            ["福島県", "", 90],
            ["", "福島市", 40],
            ["", "伊達市", 50],
        ],
        {
            **{code: amount for code, amount in NAMESAKES.items() if code[:2] in {"01", "07"}},
            **amounts_of({"北海道": 60, "福島県": 90}),
        },
        "xlsx",
        ("A2:A5", "A6:A8"),
    ),
    Sample(
        "the header is merged over two rows",
        [
            ["都道府県名", "市区町村名", "令和5年度", ""],
            ["", "", "<figure>", "備考"],
            ["北海道", "札幌市", 10, ""],
            ["", "函館市", 20, ""],
            ["", "伊達市", 30, "注"],
            ["福島県", "福島市", 40, ""],
            ["", "伊達市", 50, ""],
            ["沖縄県", "那覇市", 60, ""],
            ["", "石垣市", 70, ""],
        ],
        NAMESAKES,
        "xlsx",
        ("A1:A2", "B1:B2", "C1:D1", "A3:A5", "A6:A7", "A8:A9"),
    ),
    Sample(
        "a blank row between the prefectures",
        [HEAD, *ROWS[:3], ["", "", ""], *ROWS[3:5], ["", "", ""], *ROWS[5:]],
        NAMESAKES,
    ),
    Sample(
        "one prefecture alone over all",
        [HEAD, *ROWS[:3]],
        {code: amount for code, amount in NAMESAKES.items() if code[:2] == "01"},
        "xlsx",
        ("A2:A4",),
    ),
]

DOUBTFUL = [
    Sample(
        "merged, with codes of which some are missing",
        [
            ["団体コード", *HEAD],
            ["012025", "北海道", "函館市", 20],
            ["", "", "伊達市", 30],
            ["072010", "福島県", "福島市", 40],
            ["", "", "伊達市", 50],
        ],
        {
            code: NAMESAKES[code]
            for code in amounts_of(
                {"北海道/函館市": 0, "北海道/伊達市": 0, "福島県/福島市": 0, "福島県/伊達市": 0}
            )
        },
        "xlsx",
        ("B2:B3", "B4:B5"),
    ),
    Sample(
        "the prefecture stands in a row of its own",
        [
            HEAD,
            ["北海道", "", ""],
            ["", "札幌市", 10],
            ["", "函館市", 20],
            ["", "伊達市", 30],
            ["福島県", "", ""],
            ["", "福島市", 40],
            ["", "伊達市", 50],
        ],
        {code: amount for code, amount in NAMESAKES.items() if code[:2] in {"01", "07"}},
    ),
    Sample(
        "blank below prefectures that are not in the order of codes",
        [
            HEAD,
            ["広島県", "広島市", 3],
            ["", "府中市", 4],
            ["東京都", "調布市", 2],
            ["", "府中市", 1],
            ["愛知県", "豊川市", 5],
        ],
        CITIES,
    ),
    Sample(
        "a merged range that ends before the row",
        [
            HEAD,
            ["北海道", "札幌市", 10],
            ["", "函館市", 20],
            ["", "伊達市", 30],
            ["福島県", "福島市", 40],
            ["", "伊達市", 50],
            ["沖縄県", "那覇市", 60],
            ["", "石垣市", 70],
        ],
        NAMESAKES,
        "xlsx",
        ("A2:A3", "A5:A6", "A7:A8"),
    ),
    Sample(
        "a city below the wrong prefecture",
        [
            HEAD,
            ["北海道", "札幌市", 10],
            ["", "函館市", 20],
            ["", "那覇市", 60],
            ["福島県", "福島市", 40],
        ],
        amounts_of(
            {"北海道/札幌市": 10, "北海道/函館市": 20, "福島県/福島市": 40, "沖縄県/那覇市": 60}
        ),
    ),
    Sample(
        "a word that is no prefecture among them",
        [HEAD, *ROWS[:3], ["東北地方", "福島市", 40], ["", "伊達市", 50], *ROWS[5:]],
        NAMESAKES,
    ),
    Sample(
        "no prefecture above the first rows",
        [HEAD, ["", "伊達市", 30], ["福島県", "福島市", 40], ["", "伊達市", 50]],
        amounts_of({"北海道/伊達市": 30, "福島県/福島市": 40, "福島県/伊達市": 50}),
    ),
]


@pytest.mark.parametrize(("route", "sample"), pairs(EXACT), ids=named)
def test_a_prefecture_counts_for_the_rows_that_it_is_written_for(
    route: str, sample: Sample, tmp_path: Path
) -> None:
    assert_exact(ask(sample, route, tmp_path), sample.truth)


@pytest.mark.parametrize(("route", "sample"), pairs(DOUBTFUL), ids=named)
def test_what_could_be_another_prefectures_is_not_read_in_silence(
    route: str, sample: Sample, tmp_path: Path
) -> None:
    """Read exactly, refused, or told; but no figure goes to another's."""
    read = ask(sample, route, tmp_path)
    assert_told(read, sample.truth)
    if read.status == 0 and read.amounts != sample.truth and read.count != len(sample.truth):
        assert read.left_out or read.ledgers or "left out" in read.said, read.said


@pytest.mark.parametrize("sample", EXACT[:3], ids=named)
def test_extract_gives_every_row_its_prefectures_name(sample: Sample, tmp_path: Path) -> None:
    read = ask(sample, "extract", tmp_path)
    assert read.status == 0, read.said
    (file,) = (tmp_path / "extract_out" / "undated").glob("list*.csv")
    with file.open(encoding="utf-8", newline="") as lines:
        names = [(row["prefecture"], row["municipality"]) for row in csv.DictReader(lines)]
    assert names == [
        ("北海道", "札幌市"),
        ("北海道", "函館市"),
        ("北海道", "伊達市"),
        ("福島県", "福島市"),
        ("福島県", "伊達市"),
        ("沖縄県", "那覇市"),
        ("沖縄県", "石垣市"),
    ]


def test_namesakes_are_never_mixed_up(tmp_path: Path) -> None:
    """Each is refused or has its own figure, where the prefectures are not in code order."""
    swapped = Sample(
        "swapped",
        [
            HEAD,
            ["福島県", "福島市", 40],
            ["", "伊達市", 50],
            ["北海道", "札幌市", 10],
            ["", "伊達市", 30],
        ],
        amounts_of(
            {"福島県/福島市": 40, "福島県/伊達市": 50, "北海道/札幌市": 10, "北海道/伊達市": 30}
        ),
    )
    for route in ("[[measure]]", "carried_forward", "extract"):
        folder = tmp_path / route.strip("[]")
        folder.mkdir()
        read = ask(swapped, route, folder)
        assert read.is_refused or read.left_out or read.amounts == swapped.truth
