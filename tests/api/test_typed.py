"""The types of the library as a user has them: `make lint` checks this file as it does all."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any, assert_type

import numpy as np
import polars as pl

import allocator


def consumer() -> None:
    """Use all that is public; it is never called."""
    plan = allocator.load_plan(2023).with_(totals={"jpki": 1}, only=["jpki"])
    assert_type(plan, allocator.Plan)
    assert_type(plan.with_(as_of={"residents": date(2023, 1, 1)}), allocator.Plan)
    assert_type(allocator.build_plan([{"id": "x"}], fiscal_year=2026), allocator.Plan)
    assert_type(plan.save("folder"), list[Path])
    measures: dict[str | tuple[str, date | None], Any]
    measures = {("staff", None): {"010006": 1}, "population": pl.DataFrame()}
    outcome = allocator.allocate(plan, measures=measures, previous=2022)
    assert_type(outcome, allocator.Outcome)
    assert_type(allocator.allocate(2023, measures={"staff": {"010006": 1}}), allocator.Outcome)
    assert_type(outcome["jpki"].parts[0], allocator.Amounts)
    assert_type(outcome["jpki"].total, int)
    assert_type(outcome["jpki"].frame(), pl.DataFrame)
    assert_type(outcome.explain("010006"), allocator.Explanation)
    assert_type(outcome.write("out", encoding="cp932"), list[Path])
    bound = allocator.bind(Path("configs/2023"))
    assert_type(bound, allocator.BoundPlan)
    assert_type(bound["jpki"].solve(total=1, weights=np.arange(47)), allocator.Solution)
    assert_type(allocator.apportion(7, [1, Fraction(1, 2), "1/3"]), allocator.Apportionment)
    assert_type(allocator.apportion(7, np.arange(3), "webster", "weight"), allocator.Apportionment)
    allocator.apportion(7, [0.5])  # type: ignore[list-item]
    allocator.apportion(7, [1], method="guess")  # type: ignore[arg-type]
    lists = allocator.read_lists("list.csv")
    assert_type(lists, allocator.Lists)
    assert_type(allocator.audit(lists, plan, against=lists).frame("ja"), pl.DataFrame)
    assert_type(allocator.compare(outcome, 2023).frame(), pl.DataFrame)
    allocator.compare(outcome, lists)
    allocator.audit(lists, 2.5)  # type: ignore[arg-type]


def problems(error: allocator.InputError) -> tuple[allocator.Problem, ...]:
    """Return what is wrong."""
    assert_type(error.frame(), pl.DataFrame)
    return error.problems


def test_the_package_says_that_it_is_typed() -> None:
    assert (Path(allocator.__file__).parent / "py.typed").is_file()
