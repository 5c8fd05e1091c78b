"""Faults of a plan that show only where it meets its data: dates, measures, registers, lists."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from allocator.results.outcome import NotComputed
from allocator.sources.bundled import DATA
from allocator.tasks.compute import compute_plan
from tests.plans.plans import Change, assert_says, refused, write_plan

JPKI = (DATA / "published" / "2023" / "jpki.csv").read_text(encoding="utf-8")
STAFF = "code,persons\n010006,1\n"


def refusal(folder: Path, *changes: Change) -> tuple[str, str, str]:
    """Return where, what and how to mend the one fault of the plan, in English."""
    write_plan(folder, *changes)
    (folder / "staff.csv").write_text(STAFF, encoding="utf-8")
    (problem,) = refused(lambda: compute_plan(folder))
    return problem.where, problem.what.en, problem.mend.en


def test_a_date_without_data(tmp_path: Path) -> None:
    where, what, mend = refusal(tmp_path, Change("split", "2022-01-01", "2030-01-01"))
    assert where == f"{tmp_path / 'split.toml'}: share[2]"
    assert what == "no population of 2030-01-01"
    assert "2016-01-01, 2017-01-01" in mend
    assert "2025-01-01" in mend


def test_a_breakdown_date_without_data(tmp_path: Path) -> None:
    where, what, _ = refusal(tmp_path, Change("split", "2021-01-01", "2015-01-01"))
    assert where == f"{tmp_path / 'split.toml'}: breakdown"
    assert "2015-01-01" in what


def test_a_unit_amount_date_without_data(tmp_path: Path) -> None:
    where, what, _ = refusal(tmp_path, Change("units", "2019-01-01", "2019-10-01"))
    assert where == f"{tmp_path / 'units.toml'}: unit_amount"
    assert "2019-10-01" in what


def test_several_dates_and_none_named(tmp_path: Path) -> None:
    where, what, mend = refusal(tmp_path, Change("split", "as_of = 2022-01-01\n", ""))
    assert where == f"{tmp_path / 'split.toml'}: share[2]"
    assert "as_of is missing" in what
    assert "2022-01-01" in mend


def test_an_unknown_measure(tmp_path: Path) -> None:
    change = Change("split", 'by = "population"\nas_of = 2022-01-01', 'by = "households"')
    where, what, mend = refusal(tmp_path, change)
    assert where == f"{tmp_path / 'split.toml'}: share[2]"
    assert "'households'" in what
    for known in ("equal", "municipalities", "population", "staff", "[[measure]]"):
        assert known in mend


def test_faults_of_several_programmes_come_at_once(tmp_path: Path) -> None:
    write_plan(
        tmp_path,
        Change("split", "2022-01-01", "2030-01-01"),
        Change("units", 'exempt = ["131016"]', 'exempt = ["131017", "11002"]'),
        Change("carried", 'list = "published/2023/jpki.csv"', 'list = "staff.csv"'),
    )
    (tmp_path / "staff.csv").write_text(STAFF, encoding="utf-8")
    problems = refused(lambda: compute_plan(tmp_path))
    assert [problem.where for problem in problems] == [
        f"{tmp_path / 'split.toml'}: share[2]",
        f"{tmp_path / 'units.toml'}: adjustment[1].exempt",
        f"{tmp_path / 'staff.csv'}: line 1",
    ]
    assert_says(problems[1], "131017", "11002")


@pytest.mark.parametrize("key", ['exempt = ["131016"]', 'minimum = 1\ncodes = ["999999"]'])
def test_codes_of_nobody_in_an_adjustment(key: str, tmp_path: Path) -> None:
    code, name = ("131016", "exempt") if "exempt" in key else ("999999", "codes")
    where, what, _ = refusal(tmp_path, Change("split", "minimum = 1_000_000", key))
    assert where == f"{tmp_path / 'split.toml'}: adjustment[2].{name}"
    assert code in what


def test_fixed_amounts_above_the_total(tmp_path: Path) -> None:
    where, what, _ = refusal(
        tmp_path, Change("split", "amount = 5_000_000", "amount = 900_000_000")
    )
    assert where == f"{tmp_path / 'split.toml'}: adjustment.fixed"
    assert "1,800,000,000" in what
    assert "1,514,000,000" in what


def test_a_minimum_that_cannot_be_kept(tmp_path: Path) -> None:
    where, what, _ = refusal(
        tmp_path, Change("split", "minimum = 1_000_000", "minimum = 99_000_000")
    )
    assert where == f"{tmp_path / 'split.toml'}: adjustment"
    assert "minimum" in what


def test_a_measure_without_its_file(tmp_path: Path) -> None:
    write_plan(tmp_path)
    (problem,) = refused(lambda: compute_plan(tmp_path))
    assert problem.where == f"{tmp_path / 'plan.toml'}: measure[1].file"
    assert_says(problem, "staff.csv")


def test_a_register_that_is_not_there(tmp_path: Path) -> None:
    change = Change("plan", "[[measure]]", 'organisations = "towns.csv"\n[[measure]]')
    where, what, _ = refusal(tmp_path, change)
    assert where == f"{tmp_path / 'plan.toml'}: organisations"
    assert "towns.csv" in what


REGISTER = "code,prefecture,municipality,kind\n480002,X県,,prefecture\n481009,X県,Y市,city\n"
EQUAL = """\
id = "equal"
payers = "{payers}"
basis = "rule"
total = 10
[[share]]
weight = 1
by = "equal"
[rounding]
unit = 1
method = "largest_remainder"
"""


@pytest.mark.parametrize(
    ("payers", "missing"),
    [("prefectures", "480002,X県,,prefecture\n"), ("municipalities", "481009,X県,Y市,city\n")],
)
def test_a_register_with_nobody_to_pay(payers: str, missing: str, tmp_path: Path) -> None:
    plan = 'fiscal_year = 2023\nprogrammes = ["equal"]\norganisations = "towns.csv"\n'
    (tmp_path / "plan.toml").write_text(plan, encoding="utf-8")
    (tmp_path / "equal.toml").write_text(EQUAL.format(payers=payers), encoding="utf-8")
    (tmp_path / "towns.csv").write_text(REGISTER, encoding="utf-8")
    (only,) = compute_plan(tmp_path).programmes
    assert only.allocation is not None
    assert only.allocation.by_code == {missing[:6]: 10}
    (tmp_path / "towns.csv").write_text(REGISTER.replace(missing, ""), encoding="utf-8")
    (problem,) = refused(lambda: compute_plan(tmp_path))
    assert problem.where == f"{tmp_path / 'equal.toml'}: payers"
    assert_says(problem, payers)


def test_a_missing_list_to_carry_forward_leaves_that_programme_out(tmp_path: Path) -> None:
    write_plan(tmp_path, Change("carried", "published/2023/jpki.csv", "published/2022/jpki.csv"))
    (tmp_path / "staff.csv").write_text(STAFF, encoding="utf-8")
    outcome = compute_plan(tmp_path)
    split, units, carried = outcome.programmes
    assert split.allocation is not None
    assert units.allocation is not None
    assert isinstance(carried.result, NotComputed)
    assert "published/2022/jpki.csv" in carried.result.reason.en
    assert "published/2022/jpki.csv" in carried.result.reason.ja
    assert not outcome.complete


LISTS: dict[str, tuple[Callable[[str], str], str]] = {
    "a row is missing": (lambda text: text.replace("010006,北海道,,79254246\n", ""), "010006"),
    "a row stands twice": (lambda text: f"{text}010006,北海道,,79254246\n", "line 49"),
    "a code is wrong": (lambda text: text.replace("010006,", "010007,"), "010007"),
    "an amount is no number": (lambda text: text.replace("79254246", "many"), "'many'"),
    "an amount is empty": (lambda text: text.replace("79254246", ""), "line 2"),
    "an amount has sen": (lambda text: text.replace("79254246", "79254246.5"), "79254246.5"),
    "an amount is negative": (lambda text: text.replace("79254246", "△79254246"), "line 2"),
    "an amount has 25 digits": (lambda text: text.replace("79254246", "9" * 25), "line 2"),
    "an amount has 5,000 digits": (lambda text: text.replace("79254246", "9" * 5_000), "line 2"),
    "there is no amount": (lambda text: text.replace("amount", "yen"), "line 1"),
    "there is neither code nor prefecture": (
        lambda text: text.replace("code,prefecture", "a,b"),
        "line 1",
    ),
    "it is empty": (lambda _: "", "jpki.csv"),
    "it is a header alone": (lambda text: text.partition("\n")[0], "jpki.csv"),
    "it adds up to nothing": (
        lambda text: "\n".join(
            line if line.startswith("code") else f"{line.rpartition(',')[0]},0"
            for line in text.splitlines()
        ),
        "carried_forward",
    ),
}


@pytest.mark.parametrize(("change", "named"), LISTS.values(), ids=LISTS.keys())
def test_a_list_to_carry_forward_with_a_fault(
    change: Callable[[str], str], named: str, tmp_path: Path
) -> None:
    write_plan(tmp_path, Change("carried", "published/2023/jpki.csv", "jpki.csv"))
    (tmp_path / "staff.csv").write_text(STAFF, encoding="utf-8")
    changed = change(JPKI)
    assert changed != JPKI
    (tmp_path / "jpki.csv").write_text(changed, encoding="utf-8")
    (problem,) = refused(lambda: compute_plan(tmp_path))
    assert problem.where.startswith(str(tmp_path))
    assert_says(problem, named)


def test_a_published_list_that_is_a_folder(tmp_path: Path) -> None:
    (tmp_path / "lists").mkdir()
    where, what, _ = refusal(
        tmp_path,
        Change("split", 'published = "published/2023/residents.csv"', 'published = "lists"'),
    )
    assert where == str(tmp_path / "lists")
    assert "folder" in what
