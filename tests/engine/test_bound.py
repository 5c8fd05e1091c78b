"""Rules bound once and solved often: what may be passed, and what of it stays behind (nothing)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.domain.yen import LARGEST
from allocator.engine.bound import Bound, bind
from allocator.engine.errors import (
    RuleError,
    TooLargeError,
    UnboundableError,
    WrongTotalError,
    WrongUnitError,
    WrongWeightsError,
)
from allocator.engine.inputs import Inputs
from allocator.engine.rule import (
    BOUNDABLE,
    Adjustment,
    Band,
    CarriedForward,
    Method,
    Part,
    Rounding,
    Rule,
    Share,
    Split,
    Sum,
    UnitAmounts,
)
from allocator.engine.split import methods
from allocator.words.refusals import refused
from tests.engine.cases import code, ints, payers

ONE = Fraction(1)
HALF = Fraction(1, 2)
ROUNDING = Rounding(1, "largest_remainder")
BY_PEOPLE = Split((Share(ONE, "people"),), ROUNDING)
BY_BOTH = Split((Share(HALF, "people"), Share(HALF, "staff")), ROUNDING)
EQUAL = Split((Share(ONE),), ROUNDING)
CARRIED = CarriedForward(ROUNDING)
BANDS = UnitAmounts("people", (Band(0, 10), Band(5, 20)))
PARTS = Sum((Part("fixed", EQUAL, 30), Part("rest", BY_PEOPLE, is_rest=True)))


def bound(rule: Rule, *measures: tuple[int, ...], adjustments: Sequence[Adjustment] = ()) -> Bound:
    """Return a rule over three payers; a list carried forward stands where a measure would."""
    everyone = payers(("prefecture",) * 3)
    vectors = tuple(ints(measure) for measure in measures)
    if isinstance(rule, CarriedForward):
        inputs = Inputs(everyone, listed=vectors[0])
    elif isinstance(rule, Sum):
        inputs = Inputs(everyone, parts=(Inputs(everyone), Inputs(everyone, vectors)))
    else:
        inputs = Inputs(everyone, vectors)
    return bind(rule, inputs, adjustments)


RULES: list[tuple[Rule, tuple[int, ...]]] = [
    (BY_PEOPLE, (1, 2, 3)),
    (CARRIED, (1, 2, 3)),
    (BANDS, (1, 5, 9)),
    (PARTS, (1, 2, 3)),
]


def said(error: RuleError) -> None:
    """Make sure that the refusal has words in both languages, and its key as the place."""
    (problem,) = refused(error, "toy").problems
    assert problem.where == f"toy: {error.key}"
    assert all(text.en and text.ja and text.en != text.ja for text in (problem.what, problem.mend))


# -- totals ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", [BY_PEOPLE, CARRIED, PARTS])
@pytest.mark.parametrize(
    ("total", "reason"), [(None, "missing"), (-1, "negative"), (1.5, "fraction"), ("6", "fraction")]
)
def test_a_total_that_is_none(rule: Rule, total: Any, reason: str) -> None:
    with pytest.raises(WrongTotalError) as caught:
        bound(rule, (1, 2, 3)).solve(total=total)
    assert (caught.value.key, caught.value.total, caught.value.reason) == ("total", total, reason)
    said(caught.value)


@pytest.mark.parametrize("rule", [BANDS, Sum((Part("one", EQUAL, 30), Part("two", BANDS)))])
@pytest.mark.parametrize("total", [0, 30, -1])
def test_a_total_that_follows_from_the_rule(rule: Rule, total: int) -> None:
    with pytest.raises(WrongTotalError) as caught:
        bound(rule, (1, 5, 9)).solve(total=total)
    assert caught.value.reason == "follows"
    said(caught.value)


def test_the_largest_total_and_one_more() -> None:
    thirds = bound(EQUAL)
    assert thirds.solve(total=LARGEST).total == LARGEST
    with pytest.raises(TooLargeError) as caught:
        thirds.solve(total=LARGEST + 1)
    assert (caught.value.key, caught.value.yen) == ("total", LARGEST + 1)
    said(caught.value)


def test_more_may_come_of_rounding_up_than_is_undertaken() -> None:
    up = bound(replace(EQUAL, rounding=Rounding(1, "ceiling")))
    with pytest.raises(TooLargeError) as caught:
        up.solve(total=LARGEST)
    assert caught.value.yen == LARGEST + 2


def test_parts_that_are_each_allowed_may_be_too_much_together() -> None:
    parts = Sum((Part("one", EQUAL, LARGEST), Part("two", BANDS)))
    with pytest.raises(TooLargeError) as caught:
        bound(parts, (1, 5, 9)).solve()
    assert caught.value.yen == LARGEST + 50


def test_totals_and_units_may_be_integers_of_numpy() -> None:
    """And nothing is computed with those, which wrap at 64 bits."""
    total: Any = np.int64(LARGEST)
    unit: Any = np.int8(100)
    result = bound(BY_PEOPLE, (1, 2, 3)).solve(total=total, unit=unit)
    assert sum(result.amounts) == LARGEST
    assert (type(result.total), type(result.given)) == (int, int)


# -- units -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", [BY_PEOPLE, CARRIED])
@pytest.mark.parametrize(("unit", "reason"), [(0, "small"), (-10, "small"), (0.5, "fraction")])
def test_a_unit_that_is_none(rule: Rule, unit: Any, reason: str) -> None:
    with pytest.raises(WrongUnitError) as caught:
        bound(rule, (1, 2, 3)).solve(total=100, unit=unit)
    assert (caught.value.key, caught.value.unit, caught.value.reason) == ("unit", unit, reason)
    said(caught.value)


@pytest.mark.parametrize(("rule", "total"), [(PARTS, 100), (BANDS, None)])
def test_a_unit_of_a_rule_that_has_none(rule: Rule, total: int | None) -> None:
    with pytest.raises(WrongUnitError) as caught:
        bound(rule, (1, 5, 9)).solve(total=total, unit=10)
    assert caught.value.reason == "none"
    said(caught.value)


def test_another_unit_is_that_of_the_result_alone() -> None:
    one = bound(BY_PEOPLE, (1, 2, 4))
    assert one.solve(total=100, unit=50).amounts == (0, 50, 50)
    tens = one.solve(total=100, unit=10)
    assert tens.amounts == (10, 30, 60)
    assert tens.rule.rounding.unit == 10  # type: ignore[union-attr]
    assert tens.steps.constants["unit"] == 10
    again = one.solve(total=100)
    assert again.amounts == (14, 29, 57)
    assert again.rule is BY_PEOPLE


# -- weights ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("weights", "reason", "found"),
    [
        ([1, 2], "count", 2),
        ([1, 2, 3, 4], "count", 4),
        ([], "count", 0),
        (np.ones((3, 2), dtype=np.int64), "count", 6),
        ([1, -2, 3], "negative", 3),
        (np.array([1, 2, -1], dtype=np.int8), "negative", 3),
        ([1, 2, -(10**30)], "negative", 3),
        ([1, 2.0, 3], "fraction", 3),
        (np.array([1.0, 2.0, 3.0]), "fraction", 3),
        ([1, "2", 3], "fraction", 3),
        ([1, None, 3], "fraction", 3),
        ([1, Fraction(2), 3], "fraction", 3),
    ],
)
@pytest.mark.parametrize("rule", [rule for rule, _ in RULES])
def test_weights_that_are_none(rule: Rule, weights: Any, reason: str, found: int) -> None:
    total = None if isinstance(rule, UnitAmounts) else 100
    with pytest.raises(WrongWeightsError) as caught:
        bound(rule, (1, 2, 3)).solve(total=total, weights=weights)
    error = caught.value
    assert (error.key, error.reason, error.expected, error.found) == ("weights", reason, 3, found)
    assert error.measure == ("list" if isinstance(rule, CarriedForward) else "people")
    said(error)


@pytest.mark.parametrize("rule", [rule for rule, _ in RULES])
def test_weights_of_an_unknown_name(rule: Rule) -> None:
    total = None if isinstance(rule, UnitAmounts) else 100
    with pytest.raises(WrongWeightsError) as caught:
        bound(rule, (1, 2, 3)).solve(total=total, weights={"cars": [1, 2, 3]})
    assert (caught.value.reason, caught.value.measure) == ("unknown", "cars")
    said(caught.value)


@pytest.mark.parametrize(("rule", "names"), [(BY_BOTH, "people, staff"), (EQUAL, "")])
def test_weights_without_a_name_where_there_is_not_one_measure(rule: Rule, names: str) -> None:
    measures = () if rule is EQUAL else ((1, 2, 3), (4, 4, 4))
    with pytest.raises(WrongWeightsError) as caught:
        bound(rule, *measures).solve(total=100, weights=[1, 2, 3])
    assert (caught.value.reason, caught.value.measure) == ("several", names)
    said(caught.value)


@pytest.mark.parametrize(
    "weights",
    [
        (3, 2, 1),
        np.array([3, 2, 1], dtype=np.int8),
        np.array([3, 2, 1], dtype=np.uint64),
        np.array([3, 2, 1], dtype=object),
        [np.int64(3), np.uint8(2), 1],
        {"people": [3, 2, 1]},
    ],
)
def test_whole_numbers_of_every_kind(weights: Any) -> None:
    result = bound(BY_PEOPLE, (1, 2, 3)).solve(total=60, weights=weights)
    assert result.amounts == (30, 20, 10)
    assert result.steps.columns["measure_1"].dtype == np.int64


def test_figures_beyond_64_bits() -> None:
    result = bound(BY_PEOPLE, (1, 2, 3)).solve(total=60, weights=[3 * 10**30, 2 * 10**30, 10**30])
    assert result.amounts == (30, 20, 10)


def test_some_of_several_measures_by_name() -> None:
    both = bound(BY_BOTH, (1, 2, 3), (4, 4, 4))
    anew = bound(BY_BOTH, (1, 2, 3), (0, 1, 0))
    given = {"staff": [0, 1, 0]}
    assert both.solve(total=60, weights=given).amounts == anew.solve(total=60).amounts
    assert anew.solve(total=60).amounts == (5, 40, 15)


def test_the_list_that_is_carried_forward_by_name() -> None:
    carried = bound(CARRIED, (1, 2, 3))
    assert carried.solve(total=60).amounts == (10, 20, 30)
    for weights in ([1, 1, 0], {"list": [1, 1, 0]}):
        assert carried.solve(total=60, weights=weights).amounts == (30, 30, 0)


def test_weights_stand_beside_all_payers_also_those_outside_the_rule() -> None:
    """What is passed for the exempt and the fixed counts for nothing, and has to be there."""
    outside = [Adjustment(exempt=(code(0),)), Adjustment(fixed=(code(1),), amount=40)]
    everyone = payers(("prefecture",) * 4)
    one = bind(BY_PEOPLE, Inputs(everyone, (ints((1, 1, 1, 1)),)), outside)
    assert one.solve(total=100).amounts == (0, 40, 30, 30)
    assert one.solve(total=100, weights=[9, 9, 1, 2]).amounts == (0, 40, 20, 40)
    with pytest.raises(WrongWeightsError) as caught:
        one.solve(total=100, weights=[1, 2])
    assert (caught.value.expected, caught.value.found) == (4, 2)


def test_weights_of_unit_amounts() -> None:
    bands = bound(BANDS, (1, 5, 9))
    assert bands.solve().amounts == (10, 20, 20)
    assert bands.solve(weights=[4, 4, 5]).amounts == (10, 10, 20)


def test_weights_of_a_sum_reach_every_part_that_has_the_measure() -> None:
    """Also a part of some payers alone, which takes those of its own."""
    some = payers(("prefecture",) * 3)[[0, 2]]
    rule = Sum(
        (
            Part("people", BY_PEOPLE, 60),
            Part("some", BY_PEOPLE, 30),
            Part("staff", Split((Share(ONE, "staff"),), ROUNDING), is_rest=True),
        )
    )
    everyone = payers(("prefecture",) * 3)
    inputs = Inputs(
        everyone,
        parts=(
            Inputs(everyone, (ints((1, 1, 1)),)),
            Inputs(some, (ints((1, 1)),)),
            Inputs(everyone, (ints((1, 0, 0)),)),
        ),
    )
    parts = bind(rule, inputs)
    assert parts.solve(total=100).amounts == (45, 20, 35)
    assert parts.solve(total=100, weights={"people": [1, 3, 2]}).amounts == (30, 30, 40)
    assert parts.solve(total=100, weights={"staff": [0, 1, 0]}).amounts == (35, 30, 35)
    with pytest.raises(WrongWeightsError, match="several"):
        parts.solve(total=100, weights=[1, 3, 2])


# -- nothing stays behind --------------------------------------------------------------------------


@pytest.mark.fuzz
@given(data=st.data())
def test_solving_again_is_binding_anew(data: st.DataObject) -> None:
    rule, measure = data.draw(st.sampled_from(RULES))
    one = bound(rule, measure)
    follows = isinstance(rule, UnitAmounts)
    for _ in range(4):
        weights = data.draw(st.none() | st.tuples(*[st.integers(0, 9)] * 3).filter(any))
        total = None if follows else data.draw(st.integers(30, 500))
        anew = bound(rule, weights or measure).solve(total=total)
        again = one.solve(total=total, weights=weights)
        assert again.amounts == anew.amounts
        assert (again.total, again.given, again.notes) == (anew.total, anew.given, anew.notes)
        for name, column in anew.steps.columns.items():
            assert again.steps.columns[name].tolist() == column.tolist()


@pytest.mark.parametrize(("rule", "measure"), RULES)
def test_a_refusal_leaves_nothing_behind(rule: Rule, measure: tuple[int, ...]) -> None:
    one = bound(rule, measure)
    total = None if isinstance(rule, UnitAmounts) else 100
    before = one.solve(total=total)
    for wrong in ({"weights": [0, 0, -1]}, {"unit": 0}, {"total": -1}):
        with pytest.raises(RuleError):
            one.solve(**({"total": total} | wrong))
    assert one.solve(total=total).amounts == before.amounts


def test_what_the_caller_does_with_its_figures_afterwards_changes_nothing() -> None:
    """The steps are worked out later, from what was passed."""
    weights = ints((3, 2, 1))
    result = bound(BY_PEOPLE, (1, 2, 3)).solve(total=60, weights=weights)
    weights[:] = 7
    assert result.steps.columns["measure_1"].tolist() == [3, 2, 1]
    assert result.steps.columns["amount"].tolist() == [30, 20, 10]


def test_a_result_is_that_of_its_call_however_late_its_steps_are_asked_for() -> None:
    one = bound(BY_PEOPLE, (1, 2, 3))
    first = one.solve(total=60)
    second = one.solve(total=120, weights=[1, 0, 0])
    assert first.steps.columns["amount"].tolist() == [10, 20, 30]
    assert first.steps.constants["total"] == 60
    assert second.steps.columns["amount"].tolist() == [120, 0, 0]


def test_payers_in_any_order_and_weights_in_that_of_the_codes() -> None:
    """What is bound stands in the order of the codes, and what is passed later as well."""
    turned = payers(("prefecture",) * 3)[[2, 0, 1]]
    one = bind(BY_PEOPLE, Inputs(turned, (ints((3, 1, 2)),)))
    assert one.payers["code"].to_list() == [code(place) for place in range(3)]
    assert one.solve(total=60).amounts == (10, 20, 30)
    assert one.solve(total=60, weights=[3, 2, 1]).amounts == (30, 20, 10)


def test_a_payer_that_stands_twice_is_a_fault_of_ours() -> None:
    twice = payers(("prefecture",) * 3)[[0, 0, 1]]
    with pytest.raises(AssertionError, match="stands twice"):
        bind(BY_PEOPLE, Inputs(twice, (ints((1, 2, 3)),)))


@pytest.mark.parametrize("method", [each for each in methods() if each not in BOUNDABLE])
def test_bounds_that_the_method_cannot_keep(method: Method) -> None:
    rule = Split((Share(Fraction(1)),), Rounding(1, method))
    bounds = Adjustment(minimum=1)
    with pytest.raises(UnboundableError) as caught:
        bind(rule, Inputs(payers(("prefecture",) * 2)), [bounds])
    assert caught.value.method == method
