"""What every method promises, checked on the engine's results alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from itertools import permutations, product
from math import ceil, floor
from random import Random

import numpy as np
import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from allocator.domain.errors import InputError
from allocator.engine.bounds import Bounds
from allocator.engine.breakdown import break_down
from allocator.engine.divisors import TooFewError
from allocator.engine.inputs import Inputs
from allocator.engine.rounding import BelowZeroError
from allocator.engine.shares import Shares, shares
from allocator.engine.split import Divided, split
from allocator.plans.programme import Programme
from tests.engine import reference
from tests.engine.asking import compute, rounding
from tests.engine.cases import SplitCase, code, keepable, payers, plain_split, small_splits
from tests.engine.reference import (
    BOUNDABLE,
    DIVISOR_METHODS,
    METHODS,
    ONE_EACH,
    RefusedError,
    claim,
)
from tests.engine.reference_programmes import Adjustments, inwards, limits_in_yen

pytestmark = pytest.mark.fuzz

HALF = Fraction(1, 2)

some_weights = (
    st.lists(st.integers(0, 8), min_size=1, max_size=8)
    | st.lists(st.integers(0, 10**9), min_size=1, max_size=8)
).filter(any)
some_units = st.integers(0, 60)


def shares_by(weights: Sequence[int]) -> Shares:
    return shares([Fraction(1)], [np.array(weights, dtype=np.int64)])


def divided(method: str, weights: Sequence[int], units: int, ties: str = "code") -> Divided | None:
    """Split by one measure; None where there is no such allocation, for certain."""
    rule = rounding(unit=1, method=method, ties=ties)
    try:
        return split(shares_by(weights), units, rule)
    except TooFewError:
        assert method in ONE_EACH
        assert units < sum(weight > 0 for weight in weights)
    except BelowZeroError:
        assert method == "half_up_then_largest"
        rounded = [floor(quota + HALF) for quota in quotas_of(weights, units)]
        assert sum(rounded) - units > rounded[weights.index(max(weights))]
    return None


def units_of(
    methods: Sequence[str], weights: Sequence[int], units: int, ties: str = "code"
) -> dict[str, list[int]]:
    """Return the units by each of these methods that has an allocation."""
    found = {method: divided(method, weights, units, ties) for method in methods}
    return {method: done.amounts.tolist() for method, done in found.items() if done is not None}


def quotas_of(weights: Sequence[int], units: int) -> list[Fraction]:
    return [Fraction(weight * units, sum(weights)) for weight in weights]


def solved(case: SplitCase) -> tuple[int, ...] | None:
    """Return the amounts; None where the slow reference knows of none either."""
    try:
        return case.computed().amounts
    except InputError:
        with pytest.raises(RefusedError):
            case.expected()
        return None


# All methods


@given(case=small_splits(leaves=True))
def test_the_total_holds(case: SplitCase) -> None:
    for method in METHODS:
        amounts = solved(case.rounded_by(method))
        if amounts is not None:
            assert sum(amounts) == case.total
            assert min(amounts) >= 0


def test_most_splits_have_an_allocation_by_every_method() -> None:
    random = Random(20230401)
    cases = [plain_split(random) for _ in range(100)]
    for method in METHODS:
        found = [solved(case.rounded_by(method)) for case in cases]
        assert sum(amounts is not None for amounts in found) >= 40, method


@given(some_weights, some_units, st.integers(2, 10**6))
def test_only_proportions_count(weights: list[int], units: int, factor: int) -> None:
    """Counting in tens, or splitting ten times the yen by ten times the unit, changes nothing."""
    in_tens = [weight * factor for weight in weights]
    for method, plain in units_of(METHODS, weights, units).items():
        rule = rounding(unit=factor, method=method)
        assert units_of([method], in_tens, units)[method] == plain
        larger = split(shares_by(weights), units * factor, rule)
        assert larger.amounts.tolist() == [yen * factor for yen in plain]


@given(seed=st.integers(0, 2**64))
def test_the_order_of_the_rows_does_not_matter(seed: int) -> None:
    random = Random(seed)
    plain = plain_split(random)
    for case in (*(plain.rounded_by(method) for method in METHODS), keepable(random)):
        programme, inputs = case.programme, case.inputs
        order = random.sample(range(case.count), case.count)
        shuffled = Inputs(
            inputs.payers[order],
            tuple(measure[order] for measure in inputs.measures),
            previous={
                number: [amounts[place] for place in order]
                for number, amounts in inputs.previous.items()
            },
        )
        found = paid_by_code(programme, inputs)
        assert (found is None) == (solved(case) is None)
        assert paid_by_code(programme, shuffled) == found


def paid_by_code(programme: Programme, inputs: Inputs) -> Mapping[str, int] | None:
    try:
        allocation = compute(programme, inputs)
    except InputError:
        return None
    assert allocation.payers["code"].is_sorted()
    return allocation.by_code


def test_the_order_of_a_list_carried_forward_does_not_matter() -> None:
    table = SplitCase(3, (), 2, reference.Rounding(1, "largest_remainder")).table()
    carried = {"basis": "carried_forward", "carried_forward": {"list": "list.csv"}}
    programme = Programme.model_validate(table | carried)
    everyone = payers(("prefecture",) * 3)
    for order in permutations(range(3)):
        listed = np.array([1, 1, 2], dtype=np.int64)[list(order)]
        result = compute(programme, Inputs(everyone[order], listed=listed))
        assert result.amounts == (1, 0, 1)


def test_the_order_of_the_municipalities_does_not_matter() -> None:
    table = SplitCase(1, ((Fraction(1), None),), 2, reference.Rounding(1, "cumulative")).table()
    programme = Programme.model_validate(table | {"breakdown": {"by": "population"}})
    allocation = compute(programme, Inputs(payers(("prefecture",))))
    towns = payers(("town",) * 3).with_columns(prefecture=pl.lit("県0"))
    for order in permutations(range(3)):
        measure = np.array([1, 1, 2], dtype=np.int64)[list(order)]
        figures = break_down(allocation, towns[order], measure).frame()
        by_code = dict(figures["code", "amount"].rows())
        assert by_code == {code(0): 1, code(1): 0, code(2): 1}


@given(weights=some_weights, units=some_units, data=st.data())
def test_without_a_tie_the_place_does_not_matter(
    weights: list[int], units: int, data: st.DataObject
) -> None:
    order = data.draw(st.permutations(range(len(weights))))
    for method in BOUNDABLE:
        plain = divided(method, weights, units)
        if plain is not None and plain.rounded.tie is None:
            moved = units_of([method], [weights[i] for i in order], units)
            assert moved[method] == [plain.amounts.tolist()[i] for i in order]


@pytest.mark.parametrize("ties", ["code", "weight"])
@given(weights=some_weights, units=some_units)
def test_a_larger_share_never_pays_less_and_equal_ones_nearly_the_same(
    ties: str, weights: list[int], units: int
) -> None:
    for got in units_of(BOUNDABLE, weights, units, ties).values():
        for (i, weight), (j, other) in product(enumerate(weights), repeat=2):
            assert got[i] >= got[j] or weight <= other
            assert abs(got[i] - got[j]) <= 1 or weight != other
            assert got[i] >= got[j] or weight != other or i > j  # the lower code goes first


# The quota methods


@given(weights=some_weights, units=some_units)
def test_nobody_is_a_whole_unit_from_its_quota(weights: list[int], units: int) -> None:
    for got in units_of(["largest_remainder", "cumulative"], weights, units).values():
        for units_given, quota in zip(got, quotas_of(weights, units), strict=True):
            assert abs(units_given - quota) < 1


@given(some_weights, some_units)
def test_largest_remainder_prefers_larger_remainders(weights: list[int], units: int) -> None:
    (got,) = units_of(["largest_remainder"], weights, units).values()
    quotas = quotas_of(weights, units)
    up = [q - floor(q) for k, q in zip(got, quotas, strict=True) if k > q]
    down = [q - floor(q) for k, q in zip(got, quotas, strict=True) if k < q]
    assert min(up, default=1) >= max(down, default=0)


def test_the_steps_of_largest_remainder_are_worked_out_when_asked_for() -> None:
    weights = shares([Fraction(1)], [np.array([5, 3, 3])])
    rule = rounding(unit=1, method="largest_remainder")
    columns = split(weights, 10, rule).rounded.columns
    assert len(columns) == 4
    assert {name: column.tolist() for name, column in columns.items()} == {
        "whole_units": [4, 2, 2],
        "remainder": [6, 8, 8],
        "rank": [3, 1, 2],
        "extra_unit": [0, 1, 1],
    }


@given(some_weights, some_units)
def test_half_up_then_largest(weights: list[int], units: int) -> None:
    quotas = quotas_of(weights, units)
    largest = quotas.index(max(quotas))
    for got in units_of(["half_up_then_largest"], weights, units).values():
        for place, (units_given, quota) in enumerate(zip(got, quotas, strict=True)):
            assert quota - HALF < units_given <= quota + HALF or place == largest
        assert sum(got) == units


@given(some_weights, some_units)
def test_floor_then_first(weights: list[int], units: int) -> None:
    (got,) = units_of(["floor_then_first"], weights, units).values()
    quotas = quotas_of(weights, units)
    first = next(place for place, weight in enumerate(weights) if weight)
    assert got[:first] == [0] * first
    assert got[first + 1 :] == [floor(q) for q in quotas[first + 1 :]]
    assert sum(got) == units


@given(some_weights, some_units)
def test_cumulative(weights: list[int], units: int) -> None:
    """However far down the list one adds up, the sum is the exact one, rounded."""
    (got,) = units_of(["cumulative"], weights, units).values()
    quotas = quotas_of(weights, units)
    for count in range(1, len(weights) + 1):
        assert sum(quotas[:count]) - HALF < sum(got[:count]) <= sum(quotas[:count]) + HALF


# The divisor methods


@given(weights=some_weights, units=some_units)
def test_no_unit_is_better_placed_elsewhere(weights: list[int], units: int) -> None:
    """The max-min inequality: min s/d(k-1) >= max s/d(k)."""
    for method, got in units_of(DIVISOR_METHODS, weights, units).items():
        first = 1 if method in ONE_EACH else 0
        held = [(Fraction(s), k) for s, k in zip(weights, got, strict=True) if s]
        served = [claim(method, s, k - 1) for s, k in held if k > first]
        waiting = [claim(method, s, k) for s, k in held]
        assert not served or min(served) >= max(waiting)
        assert min(k for _, k in held) >= first
        assert sum(k for _, k in held) == units


@pytest.mark.parametrize("ties", ["code", "weight"])
@given(weights=some_weights, units=some_units)
def test_a_unit_more_takes_none_away(ties: str, weights: list[int], units: int) -> None:
    more = units_of(DIVISOR_METHODS, weights, units + 1, ties)
    for method, got in units_of(DIVISOR_METHODS, weights, units, ties).items():
        assert sum(more[method]) == sum(got) + 1
        assert all(after >= before for after, before in zip(more[method], got, strict=True))


@given(weights=some_weights, multiplier=st.fractions(Fraction(1, 50), 40, max_denominator=50))
def test_a_common_divisor_gives_the_same(weights: list[int], multiplier: Fraction) -> None:
    """Rounding every λ·s the method's own way, and then splitting that many units."""
    for method in DIVISOR_METHODS:
        scaled = [multiplier * Fraction(weight, sum(weights)) for weight in weights]
        rounded = [round_by(method, x) for x in scaled]
        assert units_of([method], weights, sum(rounded)) == {method: rounded}


def round_by(method: str, x: Fraction) -> int:
    """Round up what lies above d(⌊x⌋), down what does not."""
    if method == "adams":
        return ceil(x)
    if method == "jefferson":
        return max(ceil(x) - 1, 0)
    whole = floor(x)
    if method == "webster":
        return whole + (x - whole > HALF)
    if method == "dean":  # above the harmonic mean of the two neighbours
        return whole + (x * (2 * whole + 1) > 2 * whole * (whole + 1))
    return whole + (x * x > whole * (whole + 1))  # above their geometric mean


# Adjustments


@given(case=small_splits(leaves=True))
def test_who_leaves_the_split_might_as_well_not_be_there(case: SplitCase) -> None:
    staying = [i for i in range(case.count) if case.adjustments.amount_outside(i) is None]
    remaining = case.total - case.adjustments.fixed_yen
    assume(staying and remaining >= 0)
    assume(case.rounding.rest is not None or remaining % case.rounding.unit == 0)
    parts = tuple(
        (weight, None if measure is None else tuple(measure[i] for i in staying))
        for weight, measure in case.parts
    )
    without = SplitCase(len(staying), parts, remaining, case.rounding)
    for method in METHODS:
        alone, among = solved(without.rounded_by(method)), solved(case.rounded_by(method))
        assert (alone is None) == (among is None)
        if alone is not None and among is not None:
            assert list(alone) == [among[i] for i in staying]


@given(seed=st.integers(0, 2**64))
def test_bounds_are_kept_whatever_their_order(seed: int) -> None:
    random = Random(seed)
    case = keepable(random)
    amounts = solved(case)
    bounds = case.adjustments.bounds
    turned = replace(case, adjustments=Adjustments(bounds=tuple(reversed(bounds))))
    assert solved(turned) == amounts
    for place, amount in enumerate(amounts or ()):
        least, most = limits_in_yen(bounds, place)
        assert amount >= least
        assert most is None or amount <= most


@given(weights=some_weights, units=some_units)
def test_bounds_that_do_not_bind_change_nothing(weights: list[int], units: int) -> None:
    for method, got in units_of(BOUNDABLE, weights, units).items():
        rule = rounding(unit=1, method=method)
        for bounds in (Bounds([0] * len(weights), [units] * len(weights)), Bounds(got, got)):
            assert split(shares_by(weights), units, rule, bounds).amounts.tolist() == got


@given(seed=st.integers(0, 2**64))
def test_within_bounds_largest_remainder_stays_by_its_quotas(seed: int) -> None:
    """Less than a unit from λ·s, for one λ; who is further away stands at a bound."""
    case = keepable(Random(seed)).rounded_by("largest_remainder", "code")
    assume(solved(case) is not None)
    steps = case.computed().steps
    assert steps.quotas is not None
    assert steps.shares is not None
    limits = [limits_in_yen(case.adjustments.bounds, place) for place in range(case.count)]
    low, high = inwards(limits, case.rounding.unit)
    multipliers = set()
    for place, units in enumerate(steps.columns["units"].tolist()):
        quota, share = steps.quotas.of(place), steps.shares.of(place)
        assert abs(units - quota) < 1
        if quota not in (low[place], high[place]):
            multipliers.add(quota / share)
    assert len(multipliers) <= 1
