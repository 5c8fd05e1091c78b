"""A register of one's own: official codes of any prefecture number, or codes of any text."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from allocator.domain.organisations import Register
from allocator.files.source import open_source
from allocator.sources.register import own_register
from tests.plans.plans import assert_says, refused

OFFICIAL = """\
code,prefecture,municipality,kind
480002,甲県,,prefecture
481009,甲県,一市,city
481017,甲県,二町,town
490008,乙県,,prefecture
491004,乙県,三村,village
"""

TEXT = """\
code,prefecture,municipality,kind
A,Alpha,,prefecture
a-1,Alpha,One,city
a 2,Alpha,Two,town
０１,Alpha,Three,town
"""


def read(folder: Path, text: str, *, official: bool = True) -> Register:
    file = folder / "towns.csv"
    file.write_text(text, encoding="utf-8")
    return own_register(open_source(file), official=official)


def test_official_codes_above_prefecture_47(tmp_path: Path) -> None:
    register = read(tmp_path, OFFICIAL)
    day = date(2030, 1, 1)
    assert register.official
    assert register.payers("prefectures", day)["code"].to_list() == ["480002", "490008"]
    assert register.payers("municipalities", day)["code"].to_list() == [
        "481009",
        "481017",
        "491004",
    ]
    assert register.payers("all", date(1900, 1, 1)).height == 5


def test_codes_of_any_text_stay_as_they_are_in_their_order(tmp_path: Path) -> None:
    register = read(tmp_path, TEXT, official=False)
    codes = register.payers("all", date(2030, 1, 1))["code"].to_list()
    assert codes == sorted(["A", "a-1", "a 2", "０１"])


def test_rows_in_any_order(tmp_path: Path) -> None:
    header, *lines = OFFICIAL.splitlines()
    shuffled = read(tmp_path, "\n".join([header, *reversed(lines)]))
    assert shuffled.frame.equals(read(tmp_path, OFFICIAL).frame)


@pytest.mark.parametrize(
    ("old", "new", "line", "pieces"),
    [
        ("481009", "481001", 3, ("481001", "9")),
        ("481009", "48100", 3, ("48100",)),
        ("481009", "one", 3, ("one",)),
        ("481009", "", 3, ()),
        ("481017", "481009", 4, ("481009", "3", "4")),
    ],
)
def test_official_codes_with_a_fault(
    old: str, new: str, line: int, pieces: tuple[str, ...], tmp_path: Path
) -> None:
    (problem,) = refused(lambda: read(tmp_path, OFFICIAL.replace(old, new)))
    assert problem.where == f"{tmp_path / 'towns.csv'}: line {line}, column code"
    assert_says(problem, *pieces)


@pytest.mark.parametrize(("old", "new", "line"), [("a 2", "a-1", 4), ("a 2", "  ", 4)])
def test_text_codes_with_a_fault(old: str, new: str, line: int, tmp_path: Path) -> None:
    (problem,) = refused(lambda: read(tmp_path, TEXT.replace(old, new), official=False))
    assert problem.where == f"{tmp_path / 'towns.csv'}: line {line}, column code"


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("480002,甲県,,prefecture", "480002,甲県,,city", 2),
        ("481009,甲県,一市,city", "481009,甲県,一市,prefecture", 3),
        ("481009,甲県,一市,city", "481009,甲県,,city", 3),
        ("481009,甲県,一市,city", "481009,甲県,一市,", 3),
    ],
)
def test_kinds_that_do_not_fit_the_names(old: str, new: str, line: int, tmp_path: Path) -> None:
    (problem,) = refused(lambda: read(tmp_path, OFFICIAL.replace(old, new)))
    assert problem.where == f"{tmp_path / 'towns.csv'}: line {line}, column kind"


@pytest.mark.parametrize("column", ["code", "prefecture", "municipality", "kind"])
def test_a_column_that_is_missing(column: str, tmp_path: Path) -> None:
    (problem,) = refused(lambda: read(tmp_path, OFFICIAL.replace(column, "other", 1)))
    assert problem.where.startswith(str(tmp_path / "towns.csv"))
    assert_says(problem, column)


def test_two_prefectures_of_one_name(tmp_path: Path) -> None:
    """Members are found by the name of their prefecture, so one name must mean one prefecture."""
    (problem, *_) = refused(lambda: read(tmp_path, OFFICIAL.replace("乙県", "甲県")))
    assert problem.where.startswith(str(tmp_path / "towns.csv"))
    assert_says(problem, "甲県")


def test_dates_of_validity(tmp_path: Path) -> None:
    text = OFFICIAL.replace("kind\n", "kind,valid_from,valid_to\n").replace(
        "city\n", "city,,2024-04-01\n"
    )
    text = text.replace("town\n", "town,2024-04-01,\n").replace("prefecture\n", "prefecture,,\n")
    register = read(tmp_path, text.replace("village\n", "village,,\n"))
    before = register.payers("municipalities", date(2024, 3, 31))["code"].to_list()
    after = register.payers("municipalities", date(2024, 4, 1))["code"].to_list()
    assert (before, after) == (["481009", "491004"], ["481017", "491004"])


def test_a_register_that_is_empty_or_a_folder(tmp_path: Path) -> None:
    refused(lambda: read(tmp_path, ""))
    refused(lambda: read(tmp_path, OFFICIAL.partition("\n")[0]))
    (problem,) = refused(lambda: own_register(open_source(tmp_path), official=True))
    assert problem.where == str(tmp_path)
