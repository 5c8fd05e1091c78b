"""The engine against the plain reference: amounts, shares, quotas, units, ties, refusals."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import product
from random import Random

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.domain import schemas
from allocator.domain.errors import InputError
from allocator.engine.breakdown import break_down
from allocator.engine.errors import NothingToBreakDownError
from allocator.engine.inputs import Inputs
from allocator.engine.result import Allocation
from allocator.plans.programme import Programme
from tests.engine import reference, reference_programmes
from tests.engine.asking import compute
from tests.engine.cases import (
    ANY_BOUND,
    BOUND_KINDS,
    SplitCase,
    bounded_unit_amounts,
    ints,
    keepable,
    large_splits,
    payers,
    plain_split,
    small_splits,
    unit_amount_cases,
)
from tests.engine.comparing import compare, compute_both, refused
from tests.engine.reference import (
    ALONE,
    BOUNDABLE,
    METHODS,
    PLAIN_METHODS,
    TIES,
    RefusedError,
)
from tests.engine.reference_programmes import Outcome

pytestmark = pytest.mark.fuzz


@given(case=small_splits())
def test_every_method(case: SplitCase) -> None:
    for method, ties in product((*METHODS, *ALONE), TIES):
        compare(case.rounded_by(method, ties))


@given(case=small_splits(leaves=True))
def test_exempt_and_fixed(case: SplitCase) -> None:
    for method in (*METHODS, *ALONE):
        compare(case.rounded_by(method, "code"))


@given(case=small_splits(leaves=True), odd=st.integers(1, 999))
def test_each_alone_of_a_total_that_is_no_multiple(case: SplitCase, odd: int) -> None:
    for method in ALONE:
        compare(replace(case, total=case.total + odd).rounded_by(method))


@given(case=st.sampled_from(BOUND_KINDS).flatmap(lambda kind: small_splits(bounds=st.just(kind))))
def test_each_bound(case: SplitCase) -> None:
    for method in BOUNDABLE:
        compare(case.rounded_by(method))


@given(case=small_splits(leaves=True, bounds=ANY_BOUND))
def test_bounds_together(case: SplitCase) -> None:
    for method in BOUNDABLE:
        compare(case.rounded_by(method))


# What a search for extremes seldom comes upon: these draw a seed, and from it cases of a kind.


@given(seed=st.integers(0, 2**64))
def test_equal_claims(seed: int) -> None:
    case = plain_split(Random(seed))
    for method, ties in product(METHODS, TIES):
        compare(case.rounded_by(method, ties))


@given(seed=st.integers(0, 2**64))
def test_bounds_that_bind(seed: int) -> None:
    random = Random(seed)
    for _ in range(8):
        compare(keepable(random))


@given(seed=st.integers(0, 2**64))
def test_bounds_on_unit_amounts(seed: int) -> None:
    random = Random(seed)
    for _ in range(5):
        compare(bounded_unit_amounts(random))


def test_how_often_claims_are_equal_and_bounds_bind() -> None:
    """Often enough codes and weights decide differently there, and bounds move amounts."""
    random = Random(20230401)
    differing = dict.fromkeys(("largest_remainder", "adams", "webster", "jefferson"), 0)
    solved, moved = 0, 0
    for _ in range(200):
        case = plain_split(random)
        for method in differing:
            by_code, by_weight = (solution(case.rounded_by(method, t)) for t in ("code", "weight"))
            differing[method] += by_code is not None and by_code != by_weight
        bounded = solution(keepable(random))
        if bounded is not None:
            quotas, units = bounded.quotas, sum(bounded.units)
            solved += 1
            moved += any(q != s * units for q, s in zip(quotas, bounded.shares, strict=True))
    assert min(differing.values()) >= 5
    assert solved >= 130
    assert moved >= 70


@pytest.mark.parametrize(
    ("method", "weights", "total", "by_code", "by_weight"),
    [
        ("largest_remainder", (1, 3), 2, (1, 1), (0, 2)),  # 1/2 and 1 1/2
        ("adams", (1, 2), 4, (2, 2), (1, 3)),  # 1/1 = 2/2
        ("dean", (5, 9), 4, (2, 2), (1, 3)),  # 5/(4/3) = 9/(12/5)
        ("huntington_hill", (1, 6), 10, (2, 8), (1, 9)),  # 1/(1*2) = 36/(8*9)
        ("webster", (1, 3), 2, (1, 1), (0, 2)),  # 1/(1/2) = 3/(3/2)
        ("jefferson", (1, 2), 2, (1, 1), (0, 2)),  # 1/1 = 2/2
    ],
)
def test_equal_claims_of_unequal_payers(
    method: str,
    weights: tuple[int, ...],
    total: int,
    by_code: tuple[int, ...],
    by_weight: tuple[int, ...],
) -> None:
    case = SplitCase(2, ((Fraction(1), weights),), total, reference.Rounding(1, method))
    assert case.rounded_by(method, "code").computed().amounts == by_code
    assert case.rounded_by(method, "weight").computed().amounts == by_weight
    for ties in TIES:
        compare(case.rounded_by(method, ties))


def solution(case: SplitCase) -> Outcome | None:
    try:
        return case.expected()
    except RefusedError:
        return None


@given(case=large_splits(leaves=True))
def test_large_figures(case: SplitCase) -> None:
    for method in (*PLAIN_METHODS, *ALONE):
        compare(case.rounded_by(method))


@pytest.mark.parametrize("total", [0, 1, 999_999])
@pytest.mark.parametrize("method", [*PLAIN_METHODS, *ALONE])
def test_hardly_anything_to_split_by_large_figures(method: str, total: int) -> None:
    """The common denominator alone nearly fills 64 bits: twice it doesn't fit."""
    measures = ((0, 0, 0, 1, 1776), (0, 0, 0, 1, 499_999_868_901), (0, 0, 1, 0, 1806))
    parts = tuple((Fraction(1, 3), measure) for measure in measures)
    case = SplitCase(5, parts, total, reference.Rounding(1, "largest_remainder"))
    compare(case.rounded_by(method, "code"))


@given(case=large_splits(leaves=True, bounds=ANY_BOUND))
def test_large_figures_within_bounds(case: SplitCase) -> None:
    compare(case.rounded_by("largest_remainder"))


@given(case=large_splits() | large_splits(bounds=ANY_BOUND))
def test_large_figures_by_divisors(case: SplitCase) -> None:
    for method in reference.DIVISOR_METHODS:
        check_order(case.rounded_by(method))


def check_order(case: SplitCase) -> None:
    """Too many units to hand out singly: with the total, the order of claims decides."""
    method, bounds = case.rounding.method, case.adjustments.bounds
    units, rest = divmod(case.total, case.rounding.unit)
    limits = [reference_programmes.limits_in_yen(bounds, place) for place in range(case.count)]
    low, high = reference_programmes.inwards(limits, case.rounding.unit)
    try:
        shares = reference.shares_of(case.parts, range(case.count))
        if bounds:
            reference.clamped_quotas(shares, units, low, high)
    except RefusedError:
        refused(case)
        return
    rest_to = list(shares).index(max(shares))
    if case.rounding.rest == "first":
        rest_to = reference.first_with_a_share(shares)
    try:
        result = compute_both(case)
    except InputError:
        # Either the certain units are too many, or the rest would lift its payer above a bound.
        certain = sum(reference.first_units(method, shares, low, high))
        assert certain > units or (rest and limits[rest_to][1] is not None)
        return
    given = result.steps.columns["units"].tolist()
    assert sum(given) == units
    assert reference.is_in_order(method, shares, given, case.rounding.ties, low, high)
    yen = [k * case.rounding.unit for k in given]
    yen[rest_to] += rest
    assert list(result.amounts) == yen


@pytest.mark.parametrize("keep_total", [False, True])
@given(data=st.data())
def test_unit_amounts(keep_total: bool, data: st.DataObject) -> None:
    compare(data.draw(unit_amount_cases(keep_total=keep_total)))


@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=6),
    st.sampled_from(METHODS),
    st.integers(0, 40),
)
def test_a_list_carried_forward(listed: list[int], method: str, total: int) -> None:
    """The shares of a list are shares by a measure."""
    by_measure = SplitCase(
        len(listed),
        ((Fraction(1), tuple(listed)),),
        total,
        reference.Rounding(1, method),
    )
    table = by_measure.table() | {
        "basis": "carried_forward",
        "carried_forward": {"list": "list.csv"},
        "share": [],
    }
    inputs = Inputs(payers(("prefecture",) * len(listed)), listed=ints(tuple(listed)))
    programme = Programme.model_validate(table)
    try:
        expected = by_measure.expected()
    except RefusedError:
        with pytest.raises(InputError):
            compute(programme, inputs)
        return
    assert compute(programme, inputs).amounts == expected.amounts


@given(
    amounts=st.lists(st.integers(0, 50), min_size=1, max_size=4),
    unit=st.sampled_from([1, 3, 10]),
    data=st.data(),
)
def test_breakdown(amounts: list[int], unit: int, data: st.DataObject) -> None:
    by_prefecture = [
        data.draw(st.lists(st.integers(0, 5), max_size=4), label=f"of {place}")
        for place in range(len(amounts))
    ]
    allocation = paid(tuple(amounts))
    municipalities = pl.DataFrame(
        {
            "code": [f"{i:06d}" for i in range(sum(map(len, by_prefecture)))],
            "prefecture": [f"県{p}" for p, own in enumerate(by_prefecture) for _ in own],
            "county": "",
            "municipality": "町",
            "kind": "town",
        },
        schema=schemas.PAYERS,
    )
    measure = np.array([value for own in by_prefecture for value in own], dtype=np.int64)
    try:
        expected = [
            reference_programmes.breakdown(amount, own, unit)
            for amount, own in zip(amounts, by_prefecture, strict=True)
        ]
    except RefusedError:
        with pytest.raises(NothingToBreakDownError):
            break_down(allocation, municipalities, measure, unit)
        return
    result = break_down(allocation, municipalities, measure, unit)
    assert list(result.amounts) == [yen for figures in expected for yen in figures]
    assert result.frame()["amount"].sum() == sum(amounts)


def paid(amounts: tuple[int, ...]) -> Allocation:
    """Return an allocation with these very amounts, each the unit amount of a band of its own."""
    table = {
        "id": "toy",
        "payers": "prefectures",
        "basis": "rule",
        "unit_amount": {
            "by": "place",
            "prefectures": [{"from": place, "amount": yen} for place, yen in enumerate(amounts)],
        },
    }
    everyone = payers(("prefecture",) * len(amounts))
    places = (np.arange(len(amounts)),)
    return compute(Programme.model_validate(table), Inputs(everyone, places))
