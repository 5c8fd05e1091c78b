"""Nothing is shared between calls: neither language nor files nor what is computed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

import allocator
from allocator.cli.language import spoken

PLANS = [
    allocator.load_plan(2023).with_(totals={"residents": total}, only=["residents", "jpki"])
    for total in (1_514_000_000, 1_600_000_000, 7_000_000, 999_999_000)
]


def test_threads_give_what_each_gives_alone() -> None:
    alone = [allocator.allocate(plan).frame() for plan in PLANS]
    together = Barrier(len(PLANS))

    def compute(plan: allocator.Plan) -> list[object]:
        together.wait()
        return [allocator.allocate(plan).frame() for _ in range(3)]

    with ThreadPoolExecutor(len(PLANS)) as pool:
        found = list(pool.map(compute, PLANS))

    for frames, expected in zip(found, alone, strict=True):
        assert all(expected.equals(frame) for frame in frames)  # type: ignore[arg-type]


def test_threads_share_a_bound_rule() -> None:
    bound = allocator.bind(2023)["jpki"]
    totals = [2_000_000_000 + 1_000 * number for number in range(200)]
    alone = [bound.solve(total=total).vector.tolist() for total in totals]

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda total: bound.solve(total=total).vector.tolist(), totals))

    assert found == alone


def test_language_is_that_of_the_call() -> None:
    outcome = allocator.allocate(2023)
    english = outcome.summary().rows(), str(outcome.explain("010006"))

    with spoken("ja"):
        assert (outcome.summary().rows(), str(outcome.explain("010006"))) == english
        with pytest.raises(allocator.InputError, match="no bundled plan"):
            allocator.load_plan(1999)
