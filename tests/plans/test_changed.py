"""The files of a plan with what a call changes written into them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from allocator.files.source import Sources
from allocator.plans.changed import changed_sources
from allocator.plans.load import load_plan
from allocator.plans.plan import Plan
from allocator.plans.variant import Overrides, apply
from tests.plans.plans import Change, refused, write_plan

DAY = date(2025, 1, 1)
PARTS = """\
id = "carried"
short = "parts"
payers = "prefectures"
total = 1_000  # of which the rest takes what is left
[[part]]
name = "equal"
basis = "rule"
total = 300
[[part.share]]
weight = "1"
by = "equal"
[part.rounding]
unit = 1
method = "floor"
[[part]]
name = "rest"
basis = "rule"
total = "rest"
[[part.share]]
weight = "1"
by = "population"
as_of = 2022-01-01
[part.rounding]
unit = 1
method = "half_up_then_largest"
"""


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    write_plan(tmp_path)
    (tmp_path / "carried.toml").write_text(PARTS, encoding="utf-8")
    return load_plan(tmp_path)


def read_again(plan: Plan, overrides: Overrides) -> Plan:
    return load_plan(plan.files[0], Sources(changed_sources(plan, overrides)))


def test_without_a_change_the_files_are_as_they_are(plan: Plan) -> None:
    assert changed_sources(plan, Overrides()) == plan.sources


@pytest.mark.parametrize(
    "overrides",
    [
        Overrides(totals={"split": 1_600_000_000}),
        Overrides(totals={"carried": 2_000}),
        Overrides(totals={"parts": 2_000}, dates={"parts": DAY}),
        Overrides(dates={"split": DAY, "units": DAY, "carried": DAY}),
        Overrides(only=("units",)),
        Overrides(only=("parts", "split"), totals={"parts": 2_000}),
    ],
)
def test_what_is_read_again_are_the_programmes_of_the_call(
    plan: Plan, overrides: Overrides
) -> None:
    assert read_again(plan, overrides).programmes == apply(plan, overrides)


def test_nothing_else_of_a_file_is_written_anew(plan: Plan) -> None:
    first, *others = changed_sources(plan, Overrides(totals={"parts": 2_000}))
    assert [first, *others[:2]] == list(plan.sources[:3])
    assert others[2].text() == PARTS.replace("1_000", "2000")


def test_a_change_that_no_plan_can_have_is_refused(plan: Plan, tmp_path: Path) -> None:
    (problem,) = refused(lambda: changed_sources(plan, Overrides(totals={"units": 5})))
    assert problem.where == "--total units=5"
    write_plan(tmp_path, Change("plan", "[[measure]]", 'previous = "../2022"\n[[measure]]'))
    kept = changed_sources(load_plan(tmp_path), Overrides(only=("units",)))[0]
    assert 'previous = "../2022"' in kept.text()
