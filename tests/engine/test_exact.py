"""At the edge of 64 bits, which the fast path must leave in time: NumPy wraps without a word."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np
import polars as pl
import pytest

from allocator.engine import rounding
from allocator.engine.bounds import Bounds
from allocator.engine.exact import Ints, Path, descending, total, vector
from allocator.engine.inputs import Inputs
from allocator.engine.result import Steps
from allocator.engine.shares import Shares, shares
from allocator.engine.split import Divided, split
from allocator.plans.programme import Programme
from tests.engine import reference, reference_programmes
from tests.engine.asking import compute
from tests.engine.asking import rounding as rounding_of
from tests.engine.cases import payers

pytestmark = pytest.mark.timeout(120)

EDGE = 2**63
NEAR = (-2, -1, 0, 1, 2)


def ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def by(*weights: int) -> Shares:
    return shares([Fraction(1)], [ints(weights)])


def both(
    by_shares: Shares, yen: int, method: str, bounds: Bounds | None = None, unit: int = 1
) -> Divided:
    """Split on both paths, which have to agree, and return what the fast one gave."""
    rule = rounding_of(unit=unit, method=method, rest="largest")
    fast, slow = (split(by_shares, yen, rule, bounds, path) for path in paths())
    assert fast.amounts.tolist() == slow.amounts.tolist()
    assert fast.quotas.numerators.tolist() == slow.quotas.numerators.tolist()
    assert fast.rounded.constants == slow.rounded.constants
    assert {name: column.tolist() for name, column in fast.rounded.columns.items()} == {
        name: column.tolist() for name, column in slow.rounded.columns.items()
    }
    assert not rule.hits_total or sum(fast.amounts.tolist()) == yen
    return fast


def paths() -> tuple[Path, Path]:
    return "auto", "python"


@pytest.mark.parametrize("bound", [0, EDGE - 1])
def test_64_bits_up_to_the_edge(bound: int) -> None:
    assert vector([bound, 0], bound).dtype == np.int64
    assert vector([bound, 0], bound, "python").dtype == object


@pytest.mark.parametrize("bound", [EDGE, 2 * EDGE, 10**40])
def test_python_integers_from_the_edge_on(bound: int) -> None:
    result = vector([bound, 1], bound)
    assert result.dtype == object
    assert (result * 4).tolist() == [4 * bound, 4]
    assert all(type(value) is int for value in vector(ints([1, 2]), bound))


@pytest.mark.parametrize(
    "values",
    [
        [],
        [EDGE - 1],
        [EDGE - 1] * 5,
        [EDGE - 1, 1],
        [2**32 - 1] * 7,
        [2**32, 2**31, 2**62, EDGE - 2, 3],
        [-1, 5],
        [-EDGE, EDGE - 1, -7],
    ],
)
def test_sums_do_not_wrap(values: list[int]) -> None:
    assert total(ints(values)) == sum(values)
    assert total(vector(values, EDGE)) == sum(values)


def test_descending_is_the_same_on_both_paths() -> None:
    values, then = [3, EDGE - 1, 3, 0, 3, EDGE - 1], [1, 1, 5, 9, 5, 2]
    for convert in (ints, lambda list_: vector(list_, EDGE)):
        assert descending(convert(values)).tolist() == [1, 5, 0, 2, 4, 3]
        assert descending(convert(values), convert(then)).tolist() == [5, 1, 2, 4, 0, 3]


@pytest.mark.parametrize("off", NEAR)
def test_shares_whose_denominator_lies_at_the_edge(off: int) -> None:
    measure = [EDGE // 2 + off, EDGE // 2 - 3, 3]
    for path in paths():
        result = shares([Fraction(1)], [ints(measure)], path)
        got = [result.of(place) for place in range(3)]
        assert got == [Fraction(value, sum(measure)) for value in measure]
        assert sum(result.numerators.tolist()) == result.denominator


@pytest.mark.parametrize("off", NEAR)
@pytest.mark.parametrize("bits", [20, 31, 32, 40])
def test_shares_of_two_measures(bits: int, off: int) -> None:
    """The common denominator is about the product of the two sums, at most doubled by weights."""
    one = [2**bits - 1, 1, 5]
    two = [7, 2 ** (63 - bits) + off, 1]
    weights = [Fraction(1, 3), Fraction(2, 3)]
    expected = reference.shares_of([(weights[0], tuple(one)), (weights[1], tuple(two))], range(3))
    for path in paths():
        result = shares(weights, [ints(one), ints(two)], path)
        assert tuple(result.of(place) for place in range(3)) == expected


@pytest.mark.parametrize("off", NEAR)
@pytest.mark.parametrize("denominator", [3, 101, 2**20 + 7, 2**31 - 1, 2**40 + 15])
def test_the_last_product_that_fits(denominator: int, off: int) -> None:
    """2·N·D + D is the largest figure of these methods: N on both sides of where it leaves."""
    units = (EDGE - 1 - denominator) // (2 * denominator) + off
    by_shares = by(denominator // 2, 1, denominator - denominator // 2 - 1)
    assert by_shares.denominator == denominator
    fits = 2 * units * denominator + denominator < EDGE
    assert (rounding.quotas(by_shares, units).numerators.dtype == np.int64) == fits == (off <= 0)
    check(by_shares, units)


@pytest.mark.parametrize("times", [1, 3])
@pytest.mark.parametrize("product_bits", range(58, 68))
@pytest.mark.parametrize("bits", [2, 20, 31, 45])
def test_products_around_the_edge(bits: int, product_bits: int, times: int) -> None:
    units = times * 2 ** (product_bits - bits) // 2 + 1
    denominator = 2**bits + 1
    check(by(denominator // 2, 1, denominator - denominator // 2 - 1), units)


def check(by_shares: Shares, units: int) -> None:
    exact = [by_shares.of(place) for place in range(len(by_shares.numerators))]
    quotas = [s * units for s in exact]
    none: list[int | None] = [None] * len(exact)
    for method in reference.PLAIN_METHODS:
        rule = reference.Rounding(1, method)
        expected = reference_programmes.rounded(rule, quotas, exact, units, [0] * len(exact), none)
        assert both(by_shares, units, method).amounts.tolist() == expected.units


@pytest.mark.parametrize("off", NEAR)
@pytest.mark.parametrize("unit", [1, 7, 1000])
@pytest.mark.parametrize("denominator", [3, 101, 2**31 - 1, 2**40 + 15])
def test_each_alone_around_the_edge(denominator: int, unit: int, off: int) -> None:
    """2·T·D + 2·D·u is the bound of these: T on both sides of where it leaves 64 bits."""
    yen = (EDGE - 1 - 2 * denominator * unit) // (2 * denominator) + off
    by_shares = by(denominator // 2, 1, denominator - denominator // 2 - 1)
    quotas = [by_shares.of(place) * yen / unit for place in range(3)]
    for method in reference.ALONE:
        amounts = both(by_shares, yen, method, unit=unit).amounts.tolist()
        assert amounts == [k * unit for k in reference.each_alone(method, quotas)]


@pytest.mark.parametrize("times", [4, 5, 6, 7])
@pytest.mark.parametrize("product_bits", [*range(28, 36), *range(58, 67)])
@pytest.mark.parametrize("bits", [2, 16, 30])
def test_divisors_around_the_edge(bits: int, product_bits: int, times: int) -> None:
    """Huntington-Hill squares, so it leaves 64 bits at half the length of the others."""
    units = times * 2 ** max(product_bits - bits - 2, 2) + 1
    denominator = 2**bits + 1
    for by_shares in (
        by(denominator // 2, 1, denominator - denominator // 2 - 1),
        by(denominator - 2, 1, 1),
    ):
        exact = [by_shares.of(place) for place in range(3)]
        for method in reference.DIVISOR_METHODS:
            given = both(by_shares, units, method).amounts.tolist()
            none: list[int | None] = [None] * 3
            assert reference.is_in_order(method, exact, given, "code", [0] * 3, none)


@pytest.mark.parametrize("times", [4, 5, 6, 7])
@pytest.mark.parametrize("product_bits", range(57, 67))
@pytest.mark.parametrize("bits", [4, 20, 31])
def test_clamped_quotas_around_the_edge(bits: int, product_bits: int, times: int) -> None:
    units = times * 2 ** (product_bits - bits - 2) + 1
    denominator = 2**bits + 1
    by_shares = by(denominator // 2, 1, denominator // 4, denominator // 4)
    exact = [by_shares.of(place) for place in range(4)]
    low: list[int] = [0, units // 10, 0, 0]
    high: list[int | None] = [units // 3, None, None, None]
    quotas = reference.clamped_quotas(exact, units, low, high)
    expected = reference.largest_remainder(quotas, exact, units, "code")
    bounds = Bounds(low, high)
    assert both(by_shares, units, "largest_remainder", bounds).amounts.tolist() == expected.units
    for method in reference.DIVISOR_METHODS:
        given = both(by_shares, units, method, bounds).amounts.tolist()
        assert reference.is_in_order(method, exact, given, "code", low, high)


@pytest.mark.parametrize("unit", [1, 7, 10**9])
@pytest.mark.parametrize("yen", [10**18, EDGE - 1, EDGE, EDGE + 1, 10**25])
def test_yen_around_the_edge(yen: int, unit: int) -> None:
    """Whole units times the unit, and the rest on top."""
    for method in reference.METHODS:
        amounts = both(by(1, 2, 4), yen, method, unit=unit).amounts.tolist()
        assert sum(amount % unit for amount in amounts) == yen % unit


def test_a_programme_with_the_largest_figures() -> None:
    measure = [EDGE - 1, EDGE - 2, 1, 0]
    table = {
        "id": "toy",
        "payers": "prefectures",
        "basis": "rule",
        "total": 10**18,
        "share": [{"weight": "1", "by": "population"}],
        "rounding": {"unit": 1, "method": "largest_remainder"},
    }
    inputs = Inputs(payers(("prefecture",) * 4), (ints(measure),))
    result = compute(Programme.model_validate(table), inputs)
    quotas = [Fraction(value * 10**18, sum(measure)) for value in measure]
    assert sum(result.amounts) == 10**18
    assert all(abs(a - q) < 1 for a, q in zip(result.amounts, quotas, strict=True))
    frame = result.steps.frame()
    assert frame.schema["quota"] == pl.String
    assert frame["amount"].to_list() == list(result.amounts)
    assert result.frame()["amount"].to_list() == list(result.amounts)


def test_steps_beyond_64_bits_are_text() -> None:
    columns = {
        "short": ints([1, EDGE - 1]),
        "small": vector([1, EDGE - 1], EDGE),
        "long": vector([1, EDGE], EDGE),
    }
    steps = Steps(("000010", "000020"), columns)
    assert steps.frame().to_dict(as_series=False) == {
        "code": ["000010", "000020"],
        "short": [1, EDGE - 1],
        "small": [1, EDGE - 1],
        "long": ["1", str(EDGE)],
    }
    assert steps.of("000020") == {"short": EDGE - 1, "small": EDGE - 1, "long": EDGE}
