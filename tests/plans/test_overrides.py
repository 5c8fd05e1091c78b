"""Options of a call that change a plan for this once: --total, --as-of, --programme."""

from __future__ import annotations

import csv
import shutil
from datetime import date
from pathlib import Path

import pytest

from allocator.plans.variant import Overrides
from allocator.results.agreement import Agreement, NotCompared
from allocator.results.outcome import Outcome, ProgrammeOutcome
from allocator.sources.bundled import CONFIGS, DATA, newest_plan
from allocator.tasks.compute import compute_plan
from tests.plans.plans import assert_says, refused
from tests.sums import write_mixed

DAY = date(2025, 1, 1)


def programme(outcome: Outcome, identifier: str) -> ProgrammeOutcome:
    return next(each for each in outcome.programmes if each.programme.id == identifier)


def population(day: date, *, prefectures: bool) -> list[int]:
    file = DATA / "population" / f"resident_register_{day}.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return [int(row["population"]) for row in rows if prefectures == (not row["municipality"])]


def plan_of(folder: Path, *identifiers: str) -> Path:
    """Write a plan of some of the bundled programmes."""
    for identifier in identifiers:
        shutil.copy(CONFIGS / "2023" / f"{identifier}.toml", folder)
    names = ", ".join(f'"{identifier}"' for identifier in identifiers)
    text = f"fiscal_year = 2023\nprogrammes = [{names}]\n"
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    return folder


def test_a_total_changes_its_programme_alone() -> None:
    outcome = compute_plan(newest_plan(), Overrides(totals={"residents": 1_600_000_000}))
    totals = {
        each.programme.id: (each.allocation.total, each.allocation.allocated)
        for each in outcome.programmes
        if each.allocation is not None
    }
    assert totals == {
        "residents": (1_600_000_000, 1_600_000_000),
        "jpki": (2_406_000_000, 2_406_000_000),
        "intermediate_server": (5_978_953_000, 5_978_953_000),
        "lgwan": (1_677_903_280, 1_677_903_280),
    }


def test_a_new_total_is_not_compared_with_the_list(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "residents", "jpki")
    totals = {"residents": 1_600_000_000, "jpki": 2_500_000_001}
    outcome = compute_plan(plan, Overrides(totals=totals))
    for each in outcome.programmes:
        assert isinstance(each.agreement, NotCompared)
        assert each.agreement.reason.en
        assert each.agreement.reason.ja
    assert programme(outcome, "jpki").allocation is not None


def test_the_total_that_the_plan_has_changes_nothing(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "residents")
    outcome = compute_plan(plan, Overrides(totals={"residents": 1_514_000_000}))
    agreement = outcome.programmes[0].agreement
    assert isinstance(agreement, Agreement)
    assert (agreement.matched, agreement.rows, agreement.different) == (47, 47, 0)


def test_a_total_of_nothing_leaves_everyone_with_nothing(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "residents")
    (residents,) = compute_plan(plan, Overrides(totals={"residents": 0})).programmes
    assert residents.allocation is not None
    assert residents.allocation.amounts == (0,) * 47


def test_a_total_of_unit_amounts_is_refused_and_points_to_fit_units() -> None:
    overrides = Overrides(totals={"intermediate_server": 6_000_000_000})
    (problem,) = refused(lambda: compute_plan(newest_plan(), overrides))
    assert problem.where == "--total intermediate_server=6000000000"
    assert_says(problem, "allocator fit-units")


def test_a_total_that_is_no_multiple_of_the_unit() -> None:
    overrides = Overrides(totals={"residents": 1_600_000_500})
    (problem,) = refused(lambda: compute_plan(newest_plan(), overrides))
    assert problem.where == "--total residents=1600000500"
    assert_says(problem, "1,600,000,500", "1,000")


@pytest.mark.parametrize(
    ("overrides", "option"),
    [
        (Overrides(totals={"resident": 1_000}), "--total"),
        (Overrides(dates={"resident": DAY}), "--as-of"),
        (Overrides(only=("resident",)), "--programme"),
    ],
)
def test_an_unknown_programme_names_the_option_and_the_known(
    overrides: Overrides, option: str
) -> None:
    (problem,) = refused(lambda: compute_plan(newest_plan(), overrides))
    assert problem.where == option
    assert_says(problem, "'resident'", "residents", "jpki", "intermediate_server", "lgwan")


def test_programme_computes_those_named_in_the_order_of_the_plan() -> None:
    outcome = compute_plan(newest_plan(), Overrides(only=("intermediate_server", "residents")))
    assert [each.programme.id for each in outcome.programmes] == [
        "residents",
        "intermediate_server",
    ]


@pytest.mark.parametrize(
    ("overrides", "option"),
    [
        (Overrides(totals={"lgwan": 1_000}, only=("jpki",)), "--total lgwan"),
        (Overrides(dates={"residents": DAY}, only=("jpki", "lgwan")), "--as-of residents"),
    ],
)
def test_an_option_for_a_programme_that_is_not_picked(overrides: Overrides, option: str) -> None:
    (problem,) = refused(lambda: compute_plan(newest_plan(), overrides))
    assert problem.where == option
    assert_says(problem, "--programme")


def test_a_date_moves_the_shares_and_not_the_breakdown() -> None:
    outcome = compute_plan(newest_plan(), Overrides(dates={"residents": DAY}))
    residents = programme(outcome, "residents")
    assert [aligned.measure.as_of for aligned in residents.measures] == [DAY]
    assert residents.measures[0].values.tolist() == population(DAY, prefectures=True)
    assert residents.notional is not None
    assert residents.notional.measure.tolist() == population(date(2022, 1, 1), prefectures=False)
    assert isinstance(residents.agreement, NotCompared)
    server = programme(outcome, "intermediate_server")
    assert server.measures[0].measure.as_of == date(2019, 1, 1)
    assert isinstance(server.agreement, Agreement)


def test_a_date_moves_unit_amounts() -> None:
    outcome = compute_plan(
        newest_plan(), Overrides(dates={"intermediate_server": DAY}, only=("intermediate_server",))
    )
    (server,) = outcome.programmes
    assert server.measures[0].measure.as_of == DAY
    assert server.allocation is not None
    expected = [band(people, PREFECTURE_BANDS) for people in population(DAY, prefectures=True)]
    expected += [band(people, MUNICIPALITY_BANDS) for people in population(DAY, prefectures=False)]
    assert sorted(server.allocation.amounts) == sorted(expected)
    assert server.allocation.total == sum(expected)


PREFECTURE_BANDS = {
    0: 3_101_000,
    1_000_000: 3_937_000,
    3_000_000: 6_684_000,
    5_000_000: 11_866_000,
    10_000_000: 16_143_000,
}
MUNICIPALITY_BANDS = {
    0: 2_096_000,
    10_000: 3_101_000,
    100_000: 3_937_000,
    300_000: 6_684_000,
    500_000: 14_132_000,
    1_000_000: 23_647_000,
}


def band(people: int, bands: dict[int, int]) -> int:
    return bands[max(limit for limit in bands if limit <= people)]


TWO_DATES = """\
id = "two_dates"
payers = "prefectures"
basis = "rule"
total = 1_000_000
[[share]]
weight = "1/4"
by = "population"
as_of = 2019-01-01
[[share]]
weight = "1/4"
by = "equal"
[[share]]
weight = "1/2"
by = "population"
as_of = 2022-01-01
[rounding]
unit = 1
method = "largest_remainder"
"""


def test_a_date_moves_every_share_of_a_programme(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text('fiscal_year = 2023\nprogrammes = ["two_dates"]\n')
    (tmp_path / "two_dates.toml").write_text(TWO_DATES)
    before = compute_plan(tmp_path).programmes[0]
    assert [each.measure.as_of for each in before.measures] == [date(2019, 1, 1), date(2022, 1, 1)]
    (moved,) = compute_plan(tmp_path, Overrides(dates={"two_dates": DAY})).programmes
    assert [each.measure.as_of for each in moved.measures] == [DAY, DAY]


def test_a_share_of_a_measure_without_date_has_none_to_move(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(
        'fiscal_year = 2023\nprogrammes = ["two_dates"]\n'
        '[[measure]]\nname = "staff"\nfile = "staff.csv"\ncolumn = "population"\n'
    )
    text = TWO_DATES.replace('by = "population"\nas_of = 2019-01-01', 'by = "staff"')
    (tmp_path / "two_dates.toml").write_text(text)
    shutil.copy(DATA / "population" / "resident_register_2016-01-01.csv", tmp_path / "staff.csv")
    (moved,) = compute_plan(tmp_path, Overrides(dates={"two_dates": DAY})).programmes
    assert [(each.measure.name, each.measure.as_of) for each in moved.measures] == [
        ("staff", None),
        ("population", DAY),
    ]


def test_a_date_for_which_there_is_no_population(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "residents", "intermediate_server")
    late = date(2031, 1, 1)
    problems = refused(
        lambda: compute_plan(
            plan, Overrides(dates={"residents": late, "intermediate_server": late})
        )
    )
    assert [problem.where for problem in problems] == [
        f"{tmp_path / 'residents.toml'}: share[2]",
        f"{tmp_path / 'intermediate_server.toml'}: unit_amount",
    ]
    for problem in problems:
        assert_says(problem, "2031-01-01", "2016-01-01", "2025-01-01", "--population")


def test_a_date_for_a_rule_without_one(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "residents", "lgwan")
    (problem,) = refused(lambda: compute_plan(plan, Overrides(dates={"lgwan": DAY})))
    assert problem.where == "--as-of lgwan=2025-01-01"


# -- programmes of parts ---------------------------------------------------------------------------


def test_a_date_moves_the_dates_of_all_parts(tmp_path: Path) -> None:
    plan = write_mixed(tmp_path / "plan")
    late = tmp_path / "late_2031-01-01.csv"
    late.write_text("code,population\nE,3\nE1,1\nE2,1\nE3,1\nW,2001\nW1,2000\nW2,1\n", "utf-8")
    day = date(2031, 1, 1)
    (mixed,) = compute_plan(plan, Overrides(dates={"mixed": day}, population=(late,))).programmes
    assert [each.measure.as_of for each in mixed.all_measures] == [day, day]
    unit_amounts = mixed.parts[1].allocation
    assert unit_amounts is not None
    assert unit_amounts.by_code == {"E1": 7, "E2": 7, "E3": 7, "W1": 8, "W2": 7}
    assert [part.is_rest for part in mixed.programme.part] == [False, False, False, True]


def test_the_bundled_sum_with_another_population_is_not_compared() -> None:
    jpki = programme(compute_plan(newest_plan(), Overrides(dates={"jpki": DAY})), "jpki")
    assert jpki.allocation is not None
    assert jpki.allocation.total == 2_406_000_000
    assert [each.measure.as_of for each in jpki.all_measures] == [DAY]
    assert isinstance(jpki.agreement, NotCompared)
    assert "--as-of" in jpki.agreement.reason.en
    people = population(DAY, prefectures=True)
    rest = jpki.parts[2].allocation
    assert rest is not None
    exact = [1_324_005_000 * count / sum(people) for count in people]
    assert all(abs(amount - quota) < 5 for amount, quota in zip(rest.amounts, exact, strict=True))


def test_a_total_goes_into_the_part_that_takes_the_rest() -> None:
    overrides = Overrides(totals={"jpki": 2_406_000_123})
    jpki = programme(compute_plan(newest_plan(), overrides), "jpki")
    assert [part.allocation.total for part in jpki.parts if part.allocation is not None] == [
        661_995_000,
        420_000_000,
        1_324_005_123,
    ]
    assert jpki.allocation is not None
    assert jpki.allocation.total == jpki.allocation.allocated == 2_406_000_123


def test_a_total_of_parts_without_a_rest_is_refused(tmp_path: Path) -> None:
    plan = write_mixed(
        tmp_path / "plan", ('total = "rest"', "total = 88_766"), ("total = 100_000\n", "")
    )
    (problem,) = refused(lambda: compute_plan(plan, Overrides(totals={"mixed": 100_000})))
    assert problem.where == "--total mixed=100000"
    assert "none of them takes the rest" in problem.what.en
    assert_says(problem, "part", "rest")


def test_a_total_below_the_other_parts_is_refused() -> None:
    overrides = Overrides(totals={"jpki": 1_081_999_999})
    (problem,) = refused(lambda: compute_plan(newest_plan(), overrides))
    assert problem.where == "--total jpki=1081999999"
    assert_says(problem, "1,082,000,000")


@pytest.mark.parametrize("total", [-1, -(10**30), 10**18 + 1])
@pytest.mark.parametrize("identifier", ["residents", "jpki", "lgwan"])
def test_a_total_out_of_range_is_refused_at_its_own_key(identifier: str, total: int) -> None:
    overrides = Overrides(totals={identifier: total})
    (problem,) = refused(lambda: compute_plan(newest_plan(), overrides))
    assert problem.where == f"--total {identifier}={total}"
    assert_says(problem, "1,000,000,000,000,000,000")


def test_the_short_name_stands_wherever_an_id_may() -> None:
    overrides = Overrides(
        {"公的個人認証": 2_500_000_000}, {"公的個人認証": DAY}, (), ("公的個人認証",)
    )
    (jpki,) = compute_plan(newest_plan(), overrides).programmes
    assert jpki.programme.id == "jpki"
    assert jpki.allocation is not None
    assert jpki.allocation.total == 2_500_000_000
    assert [each.measure.as_of for each in jpki.all_measures] == [DAY]


def test_one_programme_by_both_its_names_is_refused() -> None:
    overrides = Overrides(totals={"jpki": 2_406_000_000, "公的個人認証": 2_500_000_000})
    (problem,) = refused(lambda: compute_plan(newest_plan(), overrides))
    assert problem.where == "--total 公的個人認証"
    assert_says(problem, "jpki")


def test_a_population_that_only_a_part_asks_for_is_wanted(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, "jpki")
    text = (plan / "jpki.toml").read_text(encoding="utf-8").partition("[breakdown]")[0]
    (plan / "jpki.toml").write_text(text, encoding="utf-8")
    own = tmp_path / "own_2022-01-01.csv"
    shutil.copy(DATA / "population" / "resident_register_2022-01-01.csv", own)
    (jpki,) = compute_plan(plan, Overrides(population=(own,))).programmes
    assert [each.measure.origin for each in jpki.all_measures] == ["option"]
    assert isinstance(jpki.agreement, NotCompared)
    assert "--population" in jpki.agreement.reason.en
    other = tmp_path / "own_2021-01-01.csv"
    shutil.copy(DATA / "population" / "resident_register_2021-01-01.csv", other)
    (problem,) = refused(lambda: compute_plan(plan, Overrides(population=(other,))))
    assert_says(problem, "2021-01-01", "2022-01-01")
