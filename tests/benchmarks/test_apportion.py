"""`allocator.apportion` beside public libraries, and beside numpy where weights are a million.

Which of them are exact is tried, and checked in plain fractions. Seconds are those of the
processors: the quickest of some calls within one process, and of some processes in turns.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import polars as pl
import pytest

import allocator
from allocator.sources.bundled import DATA
from tests.benchmarks.apportioners import LARGEST_REMAINDER, WEBSTER, Apportioner, Case, ours
from tests.benchmarks.recording import publish, table

pytestmark = pytest.mark.timeout(1800)

PAYERS: Final = 1_788
TURNS: Final = 3
CALLS: Final = 5
MOST_TIMES_BARE: Final = 2.0

Check = Callable[[Sequence[int], Sequence[int]], bool]


def populations() -> list[int]:
    """Return the residents of all prefectures and municipalities, as a bundled file has them."""
    file = DATA / "population" / "resident_register_2022-01-01.csv"
    return pl.read_csv(file)["population"].to_list()


def nearly_equal() -> list[int]:
    """Return weights that differ by one, above what floating point can tell apart."""
    return [10**16 + place for place in range(PAYERS)]


def by_largest_remainder(weights: Sequence[int], units: Sequence[int]) -> bool:
    """Say whether every payer has its quota cut, and the largest remainders a unit more."""
    quotas = [Fraction(weight * sum(units), sum(weights)) for weight in weights]
    extra = [unit - int(quota) for unit, quota in zip(units, quotas, strict=True)]
    remainders = [quota - int(quota) for quota in quotas]
    with_one = [each for each, more in zip(remainders, extra, strict=True) if more == 1]
    without = [each for each, more in zip(remainders, extra, strict=True) if more == 0]
    return len(with_one) + len(without) == len(units) and (
        not with_one or not without or min(with_one) >= max(without)
    )


def by_webster(weights: Sequence[int], units: Sequence[int]) -> bool:
    """Say whether no unit given had a smaller claim, weight / (2k + 1), than one not given."""
    both = list(zip(weights, units, strict=True))
    given = [Fraction(weight, 2 * unit - 1) for weight, unit in both if unit]
    waiting = [Fraction(weight, 2 * unit + 1) for weight, unit in both]
    return min(given) >= max(waiting)


def is_right(check: Check, case: Case, found: Sequence[int] | str) -> bool:
    weights, seats = case
    return not isinstance(found, str) and sum(found) == seats and check(weights, found)


@pytest.mark.parametrize(
    ("method", "others", "check", "more", "least"),
    [
        ("largest_remainder", LARGEST_REMAINDER, by_largest_remainder, (1_514_000_000, 10**15), 50),
        ("webster", WEBSTER, by_webster, (20_000,), 3),
    ],
)
def test_beside_public_libraries(
    method: str,
    others: Sequence[Apportioner],
    check: Check,
    more: Sequence[int],
    least: float,
    request: pytest.FixtureRequest,
) -> None:
    cases: list[Case] = [(populations(), 10_000), (nearly_equal(), 10_000)]
    cases += [(populations(), seats) for seats in more]
    all_of_them = (ours(method), *others)
    turns = [[each.divide(cases, CALLS) for each in all_of_them] for _ in range(TURNS)]
    seconds = [min(took for _, took in taken) for taken in zip(*turns, strict=True)]
    right = [
        sum(is_right(check, case, given) for case, given in zip(cases, found, strict=True))
        for found, _ in turns[0]
    ]
    rows = [
        [each.label, f"{good} of {len(cases)}", f"{took * 1000:.2f}", f"{took / seconds[0]:,.1f}"]
        for each, good, took in zip(all_of_them, right, seconds, strict=True)
    ]
    head = f"`{method}`, {PAYERS:,} payers"
    publish(
        request, f"apportion-{method}", table((head, "exact", "milliseconds", "times ours"), rows)
    )

    assert len(cases[0][0]) == PAYERS
    assert right[0] == len(cases)
    exact = [took for took, good in zip(seconds, right, strict=True) if good == len(cases)][1:]
    assert exact
    assert min(exact) >= least * seconds[0]


def bare(units: int, weights: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Return a largest remainder as it is written in numpy, when nothing is checked."""
    whole_sum = int(weights.sum())
    quotas = weights * units
    whole = quotas // whole_sum
    remainder = quotas - whole * whole_sum
    missing = units - int(whole.sum())
    whole[np.argpartition(-remainder, missing)[:missing]] += 1
    return whole


def test_a_million_weights(request: pytest.FixtureRequest) -> None:
    weights = np.random.default_rng(1).integers(1, 4_000_000, 1_000_000)
    units = 1_514_000

    def mine() -> Any:
        return allocator.apportion(units, weights).units

    def others() -> Any:
        return bare(units, weights)

    given = mine()
    assert int(given.sum()) == units
    assert np.count_nonzero(given != others()) <= 2 * np.count_nonzero(given == 0)
    turns = [[_seconds(divide) for divide in (mine, others)] for _ in range(CALLS + 1)][1:]
    took, plain = (min(times) for times in zip(*turns, strict=True))
    ratio = took / plain
    heads = ("1,000,000 weights", "ours (s)", "numpy (s)", "ratio", "limit")
    row = [f"{took:.3f}", f"{plain:.3f}", f"{ratio:.2f}", f"{MOST_TIMES_BARE:.2f}"]
    publish(request, "apportion-million", table(heads, [["`apportion(units, weights)`", *row]]))

    assert ratio <= MOST_TIMES_BARE


def _seconds(divide: Callable[[], object]) -> float:
    began = time.process_time()
    divide()
    return time.process_time() - began
