"""Bound rules solved again and again, beside a plain largest remainder in numpy of the same size.

Both run in turns in one process; the median of each counts. Ours is exact, says what it decided,
and is checked; the plain one computes in floating point.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pytest

import allocator
from tests.benchmarks.recording import publish, table

UNIT: Final = 1_000
ROUNDS: Final = 15
SECONDS: Final = 0.05
"""How long one round of one side takes, about."""


@dataclass(frozen=True)
class Speed:
    """How often a second each side solves, and how many times the plain one's time is allowed."""

    payers: int
    ours: float
    plain: float
    limit: float

    @property
    def ratio(self) -> float:
        """How many times as long as the plain one ours takes."""
        return self.plain / self.ours


@pytest.fixture(scope="module")
def record(request: pytest.FixtureRequest) -> Iterator[Callable[[Speed], None]]:
    """Collect what is measured; print it at the end, and write it where asked."""
    found: list[Speed] = []
    yield found.append
    rows = [
        [
            f"`bind(plan)[id].solve(total=…)`, {each.payers:,} payers",
            *(f"{value:,.0f}" for value in (each.ours, each.plain)),
            *(f"{value:.1f}" for value in (each.ratio, each.limit)),
        ]
        for each in found
    ]
    heads = ("what", "a second", "plain numpy", "times its time", "limit")
    publish(request, "solve", table(heads, rows))


def plan(payers: str) -> allocator.Plan:
    """Return a plan of one programme: half in equal parts, half by population."""
    programme: dict[str, Any] = {
        "id": "x",
        "payers": payers,
        "basis": "rule",
        "total": 1_514_000_000,
        "share": [
            {"weight": "1/2", "by": "equal"},
            {"weight": "1/2", "by": "population", "as_of": date(2022, 1, 1)},
        ],
        "rounding": {"unit": UNIT, "method": "largest_remainder"},
    }
    return allocator.build_plan([programme], fiscal_year=2023)


def plain(shares: npt.NDArray[np.float64], total: int) -> npt.NDArray[np.int64]:
    """Return amounts by largest remainder, in floating point."""
    units = total // UNIT
    quotas = shares * units
    whole = np.floor(quotas).astype(np.int64)
    missing = units - int(whole.sum())
    whole[np.argsort(whole - quotas, kind="stable")[:missing]] += 1
    return whole * UNIT


def rate(solve: Callable[[int], object], times: int, totals: Iterator[int]) -> float:
    """Return how often a second `solve` solves, each time for another total."""
    start = time.perf_counter()
    for _ in range(times):
        solve(next(totals))
    return times / (time.perf_counter() - start)


@pytest.mark.parametrize(("payers", "size", "limit"), [("prefectures", 47, 20), ("all", 1788, 10)])
def test_a_solve_takes_some_times_a_plain_one(
    record: Callable[[Speed], None], payers: str, size: int, limit: float
) -> None:
    bound = allocator.bind(plan(payers))["x"]
    amounts = bound.solve().steps()
    population = amounts["measure_2" if "measure_2" in amounts.columns else "measure_1"].to_numpy()
    shares = 0.5 / size + 0.5 * population / population.sum()

    def ours(total: int) -> npt.NDArray[Any]:
        return bound.solve(total=total).vector

    def bare(total: int) -> npt.NDArray[Any]:
        return plain(shares, total)

    assert len(shares) == size
    assert np.array_equal(ours(1_514_000_000), bare(1_514_000_000))
    totals = count(1_000_000_000, 7 * UNIT)
    sides = [(solve, max(1, int(rate(solve, 20, totals) * SECONDS))) for solve in (ours, bare)]
    rates = [[rate(solve, times, totals) for solve, times in sides] for _ in range(ROUNDS)]
    mine, others = (statistics.median(each) for each in zip(*rates, strict=True))
    speed = Speed(size, mine, others, limit)
    record(speed)

    assert speed.ratio <= speed.limit
