"""Rules bound to their inputs, solved again and again."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

import allocator
from tests.api.tables import by_staff, codes_of, staff

BOUND = allocator.bind(2023)


def test_a_bound_plan_is_a_mapping_of_its_programmes() -> None:
    assert list(BOUND) == ["residents", "jpki", "intermediate_server", "lgwan"]
    assert len(BOUND) == 4
    assert "nothing" not in BOUND
    assert BOUND["residents"].total == 1_514_000_000
    assert BOUND["intermediate_server"].total is None
    assert len(BOUND["intermediate_server"].codes) == 1788
    assert repr(BOUND) == "BoundPlan(residents, jpki, intermediate_server, lgwan)"


@pytest.mark.parametrize("name", list(BOUND))
def test_what_is_solved_is_what_is_computed(name: str) -> None:
    expected = allocator.allocate(2023)[name]

    found = BOUND[name].solve()

    assert found.frame().equals(expected.frame())
    assert found.steps().equals(expected.steps())
    assert found.notes() == expected.notes()
    assert found.total == expected.total == sum(found.vector)
    assert [part.total for part in found.parts] == [part.total for part in expected.parts]
    assert "<table" in found._repr_html_()
    assert repr(found) == f"Solution(payers={len(found.codes)}, total={found.total})"


@pytest.mark.parametrize("name", ["residents", "jpki", "lgwan"])
@pytest.mark.parametrize("total", [1_600_000_000, 3_333_333_000, np.int64(2_500_000_000)])
def test_another_total_is_that_of_a_changed_plan(name: str, total: int) -> None:
    plan = allocator.load_plan(2023).with_(totals={name: total}, only=name)

    found = BOUND[name].solve(total=total)

    assert found.frame().equals(allocator.allocate(plan)[name].frame())


def test_other_weights_are_those_of_another_measure() -> None:
    figures = staff()["staff"].to_list()
    bound = allocator.bind(by_staff(), measures={"staff": staff()})["x"]
    other = figures[::-1]

    expected = allocator.apportion(1000, other).units.tolist()

    for weights in (other, np.array(other), pl.Series(other), {"staff": other}):
        found: Any = weights
        assert bound.solve(weights=found).vector.tolist() == expected
    assert bound.solve().vector.tolist() == allocator.apportion(1000, figures).units.tolist()


def test_another_unit_rounds_to_it() -> None:
    vector = BOUND["residents"].solve(unit=1_000_000).vector

    assert (vector % 1_000_000 == 0).all()
    assert vector.sum() == 1_514_000_000


@pytest.mark.parametrize(
    ("name", "given", "code", "where"),
    [
        ("residents", {"total": -1}, "wrong_total", "residents: total"),
        ("residents", {"total": 1.5}, "wrong_type", "residents: total"),
        ("residents", {"total": True}, "wrong_type", "residents: total"),
        ("residents", {"total": "1"}, "wrong_type", "residents: total"),
        ("residents", {"total": 1_000_500}, "odd_total", None),
        ("residents", {"total": 10**30}, "too_large", None),
        ("residents", {"unit": 0}, "wrong_unit", "residents: unit"),
        ("residents", {"unit": 0.5}, "wrong_type", "residents: unit"),
        ("residents", {"weights": [1] * 46}, "wrong_weights", "residents: weights"),
        ("residents", {"weights": [-1] * 47}, "wrong_weights", "residents: weights"),
        ("residents", {"weights": [0.5] * 47}, "wrong_weights", "residents: weights"),
        ("residents", {"weights": [0] * 47}, "empty_measure", None),
        ("residents", {"weights": 5}, "wrong_weights", "residents: weights"),
        ("residents", {"weights": "abc"}, "wrong_weights", "residents: weights"),
        ("residents", {"weights": np.ones((47, 2), int)}, "wrong_weights", "residents: weights"),
        ("residents", {"weights": {"x": [1]}}, "wrong_weights", "residents: weights"),
        ("intermediate_server", {"total": 5}, "wrong_total", "intermediate_server: total"),
        ("jpki", {"unit": 1000}, "wrong_unit", "jpki: unit"),
        ("jpki", {"total": 5}, "rest_below_zero", None),
    ],
)
def test_what_a_rule_cannot_take_is_refused(
    name: str, given: dict[str, Any], code: str, where: str | None
) -> None:
    with pytest.raises(allocator.InputError) as caught:
        BOUND[name].solve(**given)

    assert codes_of(caught.value) == [code]
    found = caught.value.problems[0].where
    assert found == where if where else found.startswith(f"{name}: ")


def test_a_bound_plan_keeps_what_with_changed() -> None:
    plan = allocator.load_plan(2023).with_(
        totals={"residents": 1_600_000_000}, as_of={"residents": date(2023, 1, 1)}
    )

    bound = allocator.bind(plan)["residents"]

    assert bound.total == 1_600_000_000
    assert bound.solve().frame().equals(allocator.allocate(plan)["residents"].frame())
