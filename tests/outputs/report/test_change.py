"""Against the year before: joined over changes of codes, with what is new and what is gone."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from allocator.outputs.report.change import Change, changes
from allocator.outputs.report.figures import figures_of
from allocator.results.outcome import Outcome
from allocator.sources.bundled import CONFIGS
from allocator.tasks.compute import compute_plan
from allocator.tasks.earlier import against
from tests.outputs.report.plans import COUNTRY, ROADS, WELLS, write_plan

TOMIYA_TOWN, TOMIYA_CITY = "044237", "042161"


@pytest.mark.parametrize(
    ("before", "after", "difference", "per_cent"),
    [
        (100, 150, 50, 50.0),
        (300, 200, -100, -33.33),
        (3, 5, 2, 66.67),
        (80_000, 80_001, 1, 0.0),
        (20_000, 20_001, 1, 0.01),
        (0, 5, 5, None),
        (7, 7, 0, 0.0),
        (10**17, 10**17 + 10**16, 10**16, 10.0),
    ],
)
def test_differences_and_per_cent(
    before: int, after: int, difference: int, per_cent: float | None
) -> None:
    change = Change("x", "1", before, after)
    assert (change.difference, change.per_cent) == (difference, per_cent)


def test_amounts_are_joined_over_changes_of_codes(outcome: Outcome, tmp_path: Path) -> None:
    folder = tmp_path / "2016"
    shutil.copytree(CONFIGS / "2023", folder)
    plan = (folder / "plan.toml").read_text(encoding="utf-8")
    plan = plan.replace("payers_as_of = 2023-04-01", "payers_as_of = 2016-04-01")
    plan = plan.replace("fiscal_year = 2023", "fiscal_year = 2016")
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    previous = compute_plan(folder)
    servers = previous.programmes[2].allocation
    assert servers is not None
    assert TOMIYA_TOWN in servers.by_code
    assert TOMIYA_CITY not in servers.by_code
    compared = changes(figures_of(against(outcome, previous)))
    assert compared is not None
    assert compared.year == "平成28年度"
    found = compared.of(2)
    assert found is not None
    assert (found.new, found.gone, found.equal) == (0, 0, 1788)
    assert found.largest == ()
    assert sum(area.before for area in found.areas) == servers.total


def test_new_and_gone_payers_and_programmes(tmp_path: Path) -> None:
    before = [row for row in COUNTRY if row[0] != "E1"]
    before.append(("X9", "東国", "廃町", "town", 9_000))
    before = [row if row[0] != "E" else (*row[:4], 14_000) for row in before]
    third = WELLS.replace('"wells"', '"third"')
    now = compute_plan(write_plan(tmp_path / "now", {"roads": ROADS, "wells": WELLS}))
    then = compute_plan(
        write_plan(tmp_path / "then", {"wells": WELLS, "third": third}, before, year=2029)
    )
    compared = changes(figures_of(against(now, then)))
    assert compared is not None
    assert [each.number for each in compared.programmes] == [1]
    assert compared.without == ("道路(前年度の資料にない)", "third(今年度の計画にない)")
    (wells,) = compared.programmes
    assert (wells.new, wells.gone, wells.gone_amount) == (1, 1, 8)
    assert [(lost.organisation.name, lost.amount) for lost in wells.lost] == [("東国廃町", 8)]
    assert then.programmes[0].allocation is not None
    assert wells.whole.before == then.programmes[0].allocation.total


def test_the_largest_changes_come_first(outcome: Outcome, earlier: Outcome) -> None:
    compared = changes(figures_of(against(outcome, earlier)))
    assert compared is not None
    for programme in compared.programmes:
        sizes = [abs(each.difference) for each in programme.largest]
        assert sizes == sorted(sizes, reverse=True)
        assert len(sizes) <= 10
    residents = compared.of(0)
    assert residents is not None
    assert residents.largest[0].name == "東京都"
    assert sum(area.difference for area in residents.areas) == 64_000_000
