"""Problems and texts: two languages, every problem at once."""

from __future__ import annotations

import pytest

from allocator.domain.errors import InputError, Problem, refuse
from allocator.domain.text import LONGEST, Text, listed, same, shortened

ODD = Problem("a.csv: line 2", Text("odd", "奇数"), Text("make it even", "偶数にしてください"))
LATE = Problem("b.csv", Text("late", "遅延"), Text("hurry", "急いでください"))


def test_a_problem_in_both_languages() -> None:
    assert ODD.in_("en") == "a.csv: line 2: odd\n  To mend it: make it even"
    assert ODD.in_("ja") == "a.csv: 2行目: 奇数\n  対処: 偶数にしてください"


def test_an_error_carries_every_problem() -> None:
    error = InputError(problem for problem in (ODD, LATE))
    assert error.problems == (ODD, LATE)
    assert str(error) == f"{ODD.in_('en')}\n{LATE.in_('en')}"
    assert InputError(ODD).problems == (ODD,)


def test_an_error_without_a_problem_is_none() -> None:
    with pytest.raises(ValueError, match="at least one"):
        InputError([])


def test_refuse_returns_the_error() -> None:
    error = refuse(ODD.where, ODD.what, ODD.mend)
    assert isinstance(error, InputError)
    assert error.problems == (ODD,)


def test_texts() -> None:
    assert ODD.what.in_("en") == "odd"
    assert ODD.what.in_("ja") == "奇数"
    assert same("富谷市") == Text("富谷市", "富谷市")


def test_a_problem_that_quotes_a_cell_of_millions_is_short() -> None:
    cell = "語" * 5_000_000
    what = Text(f"{cell!r} is no whole number of yen", f"{cell!r} は円単位の整数ではありません")
    problem = Problem(cell, what, Text(f"correct {cell}", f"{cell}を直してください"))
    for found in (problem, refuse(cell, what, problem.mend).problems[0]):
        assert len(found.where) == len(found.what.en) == len(found.mend.ja) == LONGEST
        assert found.what.en.startswith("'語語")
        assert found.what.en.endswith("語' is no whole number of yen")
        assert found.what.ja.endswith("語' は円単位の整数ではありません")
        assert found.mend.en.startswith("correct 語")
        assert len(str(InputError(found))) < 3 * LONGEST + 100


@pytest.mark.parametrize("length", [0, 1, 9, 10, 11, 12, 100])
def test_only_the_middle_of_what_is_too_long_is_left_out(length: int) -> None:
    text = "".join(chr(ord("a") + place % 26) for place in range(length))
    short = shortened(text, 10)
    if length <= 10:
        assert short == text
    else:
        assert short == f"{text[:6]}…{text[-3:]}"


@pytest.mark.parametrize(
    ("count", "en", "ja"),
    [
        (1, "0", "0"),
        (3, "0, 1, 2", "0、1、2"),
        (4, "0, 1, 2 and 1 more", "0、1、2 ほか1件"),
        (9, "0, 1, 2 and 6 more", "0、1、2 ほか6件"),
    ],
)
def test_long_lists_are_cut_and_counted(count: int, en: str, ja: str) -> None:
    assert listed([str(number) for number in range(count)], most=3) == Text(en, ja)
