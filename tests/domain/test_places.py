"""Places as readers of Japanese have them."""

from __future__ import annotations

import pytest

from allocator.domain.errors import refuse
from allocator.domain.places import place_text
from allocator.domain.text import Text

PLACES = [
    ("list.csv: line 7", "list.csv: 7行目"),
    ("line 7", "7行目"),
    ("page 3, line 5", "3ページ5行目"),
    ("paper.pdf: page 3, line 5", "paper.pdf: 3ページ5行目"),
    ("paper.pdf: page 3", "paper.pdf: 3ページ"),
    ("sheet 一覧, row 4", "シート 一覧 4行目"),
    ("a.xlsx: sheet Sheet1, line 4, column 金額", "a.xlsx: シート Sheet1 4行目、列 金額"),
    ("a.xlsx: sheet R5, 案, line 4, column 3", "a.xlsx: シート R5, 案 4行目、列 3"),
    ("list.csv: line 4, column column 3", "list.csv: 4行目、3列目"),
    (r"C:\data\list.csv: line 4", r"C:\data\list.csv: 4行目"),
]


@pytest.mark.parametrize(("where", "japanese"), PLACES)
def test_a_place_in_japanese(where: str, japanese: str) -> None:
    assert place_text(where) == Text(where, japanese)


@pytest.mark.parametrize(
    "where",
    [
        "residents.toml: share[1].by",
        "--plan 2099",
        "list.csv",
        "line 7.csv",
        "my page 3",
        "",
        "PLAN",
    ],
)
def test_what_is_no_place_stays_as_it_is(where: str) -> None:
    assert place_text(where) == Text(where, where)


def test_a_problem_names_its_place_in_the_readers_language() -> None:
    (problem,) = refuse("a.csv: line 2, column 金額", Text("no", "否"), Text("do", "直す")).problems
    assert problem.in_("ja") == "a.csv: 2行目、列 金額: 否\n  対処: 直す"
    assert problem.in_("en") == "a.csv: line 2, column 金額: no\n  To mend it: do"
