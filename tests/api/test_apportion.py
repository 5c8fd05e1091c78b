"""Whole units by weights."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import allocator
from allocator.engine.exact import Ints
from allocator.engine.rule import EACH_ALONE
from allocator.engine.split import methods
from tests.api.tables import codes_of, staff

METHODS = [each for each in methods() if each not in EACH_ALONE]


def test_a_known_example_with_a_tie() -> None:
    found = allocator.apportion(7, [7, 7, 2, 2])

    assert found.units.tolist() == [3, 2, 1, 1]
    assert found.tie is not None
    assert (found.tie.contenders, found.tie.served) == ((0, 1), (0,))


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("largest_remainder", [10, 7, 5, 3, 0]),
        ("webster", [10, 7, 5, 3, 0]),
        ("jefferson", [11, 7, 5, 2, 0]),
        ("adams", [9, 7, 5, 3, 1]),
    ],
)
def test_methods_differ(method: Any, expected: list[int]) -> None:
    assert allocator.apportion(25, [405, 280, 200, 102, 13], method).units.tolist() == expected


@cache
def bound(method: str) -> allocator.BoundAmounts:
    """Return a rule of a plan that rounds to one yen by `method`."""
    programme = {
        "id": "x",
        "payers": "prefectures",
        "basis": "rule",
        "total": 1000,
        "share": [{"weight": 1, "by": "staff"}],
        "rounding": {"unit": 1, "method": method},
    }
    plan = allocator.build_plan([programme], fiscal_year=2026)
    return allocator.bind(plan, measures={"staff": staff()})["x"]


def given_by(call: Callable[[], Ints]) -> list[int] | str:
    """Return what a call gives: units, or the code of the error."""
    try:
        return [int(each) for each in call()]
    except allocator.InputError as error:
        return codes_of(error)[0]


@pytest.mark.parametrize("method", METHODS)
@given(
    weights=st.lists(st.integers(0, 10**12), min_size=47, max_size=47).filter(any),
    units=st.integers(0, 10**6),
)
def test_it_is_what_the_rule_of_a_plan_gives(method: Any, weights: list[int], units: int) -> None:
    expected = given_by(lambda: bound(method).solve(total=units, weights=weights).vector)

    assert given_by(lambda: allocator.apportion(units, weights, method).units) == expected
    assert isinstance(expected, str) or sum(expected) == units


@pytest.mark.parametrize(
    "weights",
    [
        [Fraction(1, 3), Fraction(1, 2), Fraction(1, 6)],
        ["1/3", "0.5", Fraction(1, 6)],
        [2, 3, 1],
        (2, 3, 1),
        np.array([2, 3, 1]),
        np.array([2, 3, 1], dtype=np.uint8),
        np.array([2, 3, 1], dtype=object),
        pl.Series([2, 3, 1]),
        [Decimal("0.2"), Decimal("0.3"), Decimal("0.1")],
        [np.int32(2), 3, 1],
        iter([2, 3, 1]),
        [2 * 10**40, 3 * 10**40, 10**40],
    ],
    ids=[str(number) for number in range(12)],
)
def test_weights_are_exact_in_any_form(weights: Any) -> None:
    assert allocator.apportion(60, weights).units.tolist() == [20, 30, 10]
    assert allocator.apportion(np.int64(0), [1, 2]).units.tolist() == [0, 0]  # type: ignore[arg-type]


def test_more_units_than_64_bits_hold() -> None:
    found = allocator.apportion(10**30 + 1, [1, 1])

    assert found.units.tolist() == [5 * 10**29 + 1, 5 * 10**29]


@pytest.mark.parametrize(
    ("arguments", "code", "where"),
    [
        ({"weights": [0.5, 1]}, "not_exact", "weights"),
        ({"weights": [True, 1]}, "not_exact", "weights"),
        ({"weights": np.array([0.5])}, "not_exact", "weights"),
        ({"weights": ["ten"]}, "not_exact", "weights"),
        ({"weights": ["1/0"]}, "not_exact", "weights"),
        ({"weights": [Decimal("NaN")]}, "not_exact", "weights"),
        ({"weights": [Decimal("Infinity")]}, "not_exact", "weights"),
        ({"weights": [None]}, "not_exact", "weights"),
        ({"weights": [1, -1]}, "negative", "weights"),
        ({"weights": [0, 0]}, "empty_measure", "weights"),
        ({"weights": []}, "empty_measure", "weights"),
        ({"weights": "123"}, "wrong_type", "weights"),
        ({"weights": {1: 2}}, "wrong_type", "weights"),
        ({"weights": 5}, "wrong_type", "weights"),
        ({"units": 7.0}, "wrong_type", "units"),
        ({"units": True}, "wrong_type", "units"),
        ({"units": -1}, "negative", "units"),
        ({"method": "floor"}, "wrong_value", "method"),
        ({"method": "d'Hondt"}, "wrong_value", "method"),
        ({"ties": "coin"}, "wrong_value", "ties"),
        ({"ties": "error"}, "undecided_tie", "ties"),
        ({"method": "adams", "units": 1}, "too_few_units", "method"),
        (
            {"method": "half_up_then_largest", "weights": [1] * 60, "units": 30},
            "negative_amount",
            "method",
        ),
    ],
)
def test_what_cannot_be_divided_is_refused(
    arguments: dict[str, Any], code: str, where: str
) -> None:
    with pytest.raises(allocator.InputError) as caught:
        allocator.apportion(**{"units": 7, "weights": [7, 7, 2, 2], **arguments})

    assert codes_of(caught.value) == [code]
    assert caught.value.problems[0].where == f"apportion: {where}"
