"""Every refusal of the engine: which place it names, what it says there, and how to mend it."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from allocator.domain.errors import InputError
from allocator.engine.bounds import Bounds, BoundsError
from allocator.engine.divisors import TooFewError
from allocator.engine.inputs import Inputs
from allocator.engine.rounding import BelowZeroError
from allocator.engine.rule import Rounding
from allocator.engine.shares import shares
from allocator.engine.split import split
from allocator.plans.programme import Programme
from allocator.words.notes import note_words
from tests.engine.asking import compute
from tests.engine.cases import code, payers
from tests.engine.toys import (
    JAPANESE,
    by_unit_amounts,
    computed,
    ints,
    programme,
    refusal,
    said_in_both,
    says,
)

# What remains is no multiple of the unit


def test_fixed_amounts_that_leave_odd_yen() -> None:
    rule = programme(
        rounding={"unit": 10, "method": "largest_remainder"},
        adjustment=[{"reason": "x", "fixed": [code(0)], "amount": 33}],
    )
    problem = refusal(rule, 1, 1, 1)
    assert problem.where == "toy: rounding.unit"
    assert says(problem, "67", "10")
    assert 'rest = "largest"' in problem.mend.en
    assert 'rest = "largest"' in problem.mend.ja


def test_kept_unit_amounts_that_are_odd() -> None:
    rule = by_unit_amounts(
        500,
        1001,
        rounding={"unit": 1000, "method": "largest_remainder"},
        adjustment=[{"reason": "x", "exempt": [code(0)], "keep_total": True}],
    )
    assert says(refusal(rule, 0, 1), "1,501", "1,000")


# Nothing to split by, nobody to split over


@pytest.mark.parametrize("exempt", [[], [code(2)]])
def test_a_measure_that_adds_up_to_nothing(exempt: list[str]) -> None:
    rule = programme(
        share=[{"weight": "1/2", "by": "equal"}, {"weight": "1/2", "by": "staff"}],
        adjustment=[{"reason": "x", "exempt": exempt}],
    )
    problem = refusal(rule, 0, 0, len(exempt))
    assert problem.where == "toy: share[2].by"


def test_a_list_of_zeros_carried_forward() -> None:
    rule = programme(basis="carried_forward", share=[], carried_forward={"list": "list.csv"})
    with pytest.raises(InputError) as caught:
        compute(rule, Inputs(payers(("prefecture",) * 2), listed=ints([0, 0])))
    (problem,) = caught.value.problems
    assert said_in_both(problem).where == "toy: carried_forward.list"


def test_kept_unit_amounts_that_are_all_zero() -> None:
    rule = by_unit_amounts(
        7,
        0,
        rounding={"unit": 1, "method": "largest_remainder"},
        adjustment=[{"reason": "x", "exempt": [code(0)], "keep_total": True}],
    )
    assert refusal(rule, 0, 1).where == "toy: unit_amount"


def test_nobody_left() -> None:
    rule = programme(
        adjustment=[
            {"reason": "x", "exempt": [code(0)]},
            {"reason": "y", "fixed": [code(1)], "amount": 100},
        ]
    )
    assert refusal(rule, 1, 1).where == "toy: adjustment"


def test_nobody_at_all() -> None:
    """A group without members, as a register of one's own may have it."""
    assert refusal(programme()).where.startswith("toy: ")


def test_unit_amounts_for_nobody_at_all() -> None:
    """The same group is refused, or pays nothing: no third way, and no fault of our own."""
    try:
        assert computed(by_unit_amounts(5)).amounts == ()
    except InputError as error:
        assert error.problems[0].where.startswith("toy: ")  # noqa: PT017


# Fixed amounts and strangers


def test_fixed_amounts_beyond_the_total() -> None:
    fixed = {"reason": "x", "fixed": [code(0), code(1)], "amount": 51}
    problem = refusal(programme(adjustment=[fixed]), 1, 1, 1)
    assert problem.where == "toy: adjustment.fixed"
    assert says(problem, "102", "100")


def test_fixed_amounts_of_the_whole_total_leave_zeros() -> None:
    fixed = {"reason": "x", "fixed": [code(0), code(1)], "amount": 50}
    assert computed(programme(adjustment=[fixed]), 1, 1, 1).amounts == (50, 50, 0)


def test_strangers_in_every_key_are_reported_at_once() -> None:
    rule = programme(
        adjustment=[
            {"reason": "x", "exempt": [code(0), "999001"]},
            {"reason": "y", "fixed": ["999002", "999003"], "amount": 1},
            {"reason": "z", "minimum": 1, "codes": ["999004"]},
        ]
    )
    with pytest.raises(InputError) as caught:
        computed(rule, 1, 1)
    problems = [said_in_both(problem) for problem in caught.value.problems]
    assert [problem.where for problem in problems] == [
        "toy: adjustment[1].exempt",
        "toy: adjustment[2].fixed",
        "toy: adjustment[3].codes",
    ]
    assert says(problems[0], "999001")
    assert not says(problems[0], code(0))
    assert says(problems[1], "999002", "999003")
    assert says(problems[2], "999004")
    assert all(problem.where in str(caught.value) for problem in problems)


# Methods that cannot


def test_a_difference_that_would_turn_an_amount_negative() -> None:
    """Four halves round up to four units where there are two: the first would be left with −1."""
    rule = programme(total=2, rounding={"unit": 1, "method": "half_up_then_largest"})
    problem = refusal(rule, 1, 1, 1, 1)
    assert problem.where == "toy: rounding.method"
    assert says(problem, code(0), "-1")


def test_the_negative_amount_and_its_place() -> None:
    rule = Rounding(unit=1, method="half_up_then_largest")
    with pytest.raises(BelowZeroError) as caught:
        split(shares([Fraction(1)], [ints([1, 1, 2, 1, 1])]), 3, rule)
    assert (caught.value.position, caught.value.units) == (2, -1)


@pytest.mark.parametrize("method", ["adams", "dean", "huntington_hill"])
def test_fewer_units_than_shares(method: str) -> None:
    rule = programme(total=2000, rounding={"unit": 1000, "method": method})
    problem = refusal(rule, 5, 0, 5, 5)
    assert problem.where == "toy: rounding.method"
    assert says(problem, method, "3", "2")


@pytest.mark.parametrize("method", ["webster", "jefferson"])
def test_the_other_divisor_methods_do_with_fewer(method: str) -> None:
    rule = programme(total=2, rounding={"unit": 1, "method": method})
    assert sum(computed(rule, 5, 0, 5, 5).amounts) == 2


def test_the_number_of_units_that_would_be_needed() -> None:
    with pytest.raises(TooFewError) as caught:
        split(shares([Fraction(1)], [ints([1, 1, 0])]), 1, Rounding(unit=1, method="adams"))
    assert caught.value.needed == 2


@pytest.mark.parametrize(
    ("method", "total"), [("largest_remainder", 2), ("webster", 2), ("adams", 7)]
)
def test_a_tie_that_nobody_decided(method: str, total: int) -> None:
    rounding = {"unit": 1, "method": method, "ties": "error"}
    problem = refusal(programme(total=total, rounding=rounding), 2, 5, 2, 2)
    assert problem.where == "toy: rounding.ties"
    assert says(problem, code(0), code(2), code(3))
    assert code(1) not in problem.what.en
    assert "last unit" in problem.what.en


def test_a_tie_on_the_difference_that_nobody_decided() -> None:
    """Three quotas of 33 1/3 leave one yen to the largest of them: there are two."""
    rounding = {"unit": 1, "method": "half_up_then_largest", "ties": "error"}
    problem = refusal(programme(total=100, rounding=rounding), 2, 3, 1, 3)
    assert problem.where == "toy: rounding.ties"
    assert says(problem, code(1), code(3))
    assert code(0) not in problem.what.en
    assert "difference of the rounding" in problem.what.en
    assert "端数処理の差" in problem.what.ja


def test_a_tie_on_the_rest_that_nobody_decided() -> None:
    rounding = {"unit": 10, "method": "largest_remainder", "ties": "error", "rest": "largest"}
    problem = refusal(programme(total=401, rounding=rounding), 1, 3, 1, 3)
    assert problem.where == "toy: rounding.ties"
    assert says(problem, code(1), code(3))
    assert "rest below a unit" in problem.what.en
    assert "単位未満の端数" in problem.what.ja


def test_no_difference_and_no_rest_are_no_tie() -> None:
    for method in ("half_up_then_largest", "largest_remainder"):
        rounding = {"unit": 10, "method": method, "ties": "error", "rest": "largest"}
        assert computed(programme(total=400, rounding=rounding), 1, 1).amounts == (200, 200)


# Bounds


def bounded(*bounds: dict[str, Any], **keys: Any) -> Programme:
    return programme(adjustment=[{"reason": "x"} | bound for bound in bounds], **keys)


def test_lower_bounds_beyond_the_total() -> None:
    problem = refusal(bounded({"minimum": 30}, {"minimum": 41, "codes": [code(0)]}), 1, 1, 1)
    assert problem.where == "toy: adjustment"
    assert says(problem, "minimum", "101")


def test_lower_bounds_are_counted_in_whole_units() -> None:
    rounding = {"unit": 10, "method": "largest_remainder"}
    problem = refusal(bounded({"minimum": 31}, rounding=rounding), 1, 1, 1)
    assert says(problem, "minimum", "120")


def test_upper_bounds_below_the_total() -> None:
    problem = refusal(bounded({"maximum": 33}), 1, 1, 1)
    assert problem.where == "toy: adjustment"
    assert says(problem, "maximum", "99")


def test_limits_on_change() -> None:
    rule = bounded({"max_increase": "0.1", "max_decrease": "0.1", "previous": "list.csv"})
    assert says(refusal(rule, 1, 1, previous=[70, 50]), "max_decrease", "108")
    assert says(refusal(rule, 1, 1, previous=[50, 40]), "max_increase", "99")


def test_bounds_of_one_payer_against_each_other() -> None:
    problem = refusal(bounded({"minimum": 40}, {"maximum": 30, "codes": [code(1)]}), 1, 1, 1)
    assert problem.where == "toy: adjustment"
    assert says(problem, code(1), "40")


def test_the_message_names_the_bounds_that_break_it_and_no_others() -> None:
    both = bounded({"minimum": 10, "maximum": 33})
    assert "minimum" not in refusal(both, 1, 1, 1).what.en
    both = bounded({"minimum": 34, "maximum": 90})
    assert "maximum" not in refusal(both, 1, 1, 1).what.en


def test_bounds_of_one_payer_are_named() -> None:
    problem = refusal(bounded({"minimum": 40}, {"maximum": 30, "codes": [code(1)]}), 1, 1, 1)
    assert says(problem, "minimum", "maximum")


def test_unit_amounts_between_contradicting_bounds() -> None:
    rule = by_unit_amounts(50, 60, adjustment=[{"reason": "x", "minimum": 40, "maximum": 39}])
    assert says(refusal(rule, 0, 1), code(0), "40")


def test_a_rest_that_would_break_the_upper_bound() -> None:
    rounding = {"unit": 10, "method": "largest_remainder", "rest": "largest"}
    problem = refusal(bounded({"maximum": 50}, total=103, rounding=rounding), 1, 5, 1)
    assert problem.where == "toy: rounding.rest"
    assert says(problem, code(1), "3")
    room = bounded({"maximum": 53}, total=103, rounding=rounding)
    assert computed(room, 1, 5, 1).amounts[1] == 53


@pytest.mark.parametrize(
    ("low", "high", "kind", "figure", "position"),
    [
        ([6, 5], [None, None], "minimum", 11, None),
        ([0, 0], [4, 5], "maximum", 9, None),
        ([0, 3], [9, 2], "payer", 3, 1),
    ],
)
def test_what_the_bounds_error_carries(
    low: list[int], high: list[int | None], kind: str, figure: int, position: int | None
) -> None:
    halves = shares([Fraction(1)], [ints([1, 1])])
    with pytest.raises(BoundsError) as caught:
        split(halves, 10, Rounding(unit=1, method="webster"), Bounds(low, high))
    error = caught.value
    assert (error.kind, error.figure, error.position) == (kind, figure, position)


# Notes: nothing is wrong, but a reader should know


def test_notes_in_both_languages() -> None:
    rule = programme(
        total=101,
        rounding={"unit": 10, "method": "largest_remainder", "rest": "first"},
        adjustment=[{"reason": "x", "max_increase": "3", "previous": "list.csv"}],
    )
    notes = computed(rule, 1, 1, 1, previous=[40, None, 40]).notes
    assert [note.kind for note in notes] == ["tie", "rest", "unbounded"]
    for note, said in zip(notes, ([code(0), code(2)], [code(0), "1"], [code(1)]), strict=True):
        assert JAPANESE.search(note_words(note).ja)
        assert not JAPANESE.search(note_words(note).en)
        assert all(word in text for word in said for text in note_words(note))


def test_no_notes_where_there_is_nothing_to_say() -> None:
    assert computed(programme(), 1, 3).notes == ()
