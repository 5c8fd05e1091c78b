"""What a valid plan becomes: exact values, frozen, in the plan's order."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from pydantic import ValidationError

from allocator.plans.load import load_plan
from allocator.plans.plan import Plan
from allocator.sources.bundled import newest_plan
from tests.plans.plans import Change, refused, write_plan


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    return load_plan(write_plan(tmp_path))


def test_order_files_and_year(plan: Plan, tmp_path: Path) -> None:
    assert [programme.id for programme in plan.programmes] == ["split", "units", "carried"]
    names = ["plan.toml", "split.toml", "units.toml", "carried.toml"]
    assert plan.files == tuple(tmp_path / name for name in names)
    assert plan.folder == tmp_path
    assert plan.fiscal_year.japanese == "令和5年度"
    assert plan.table.payers_on == date(2023, 4, 1)


def test_its_folder_and_its_plan_toml_are_the_same_plan(plan: Plan, tmp_path: Path) -> None:
    assert load_plan(tmp_path / "plan.toml") == plan


def test_a_split_total(plan: Plan) -> None:
    split = plan.programme("split", "here")
    assert (split.title, split.payers, split.basis) == ("負担金", "prefectures", "rule")
    assert (split.total, type(split.total)) == (1_514_000_000, int)
    assert (split.source, split.legal_basis) == ("document, page 1", "an act")
    assert split.published == "published/2023/residents.csv"
    equal, population = split.share
    assert (equal.weight, equal.by, equal.as_of) == (Fraction(1, 3), "equal", None)
    assert (population.weight, population.as_of) == (Fraction(2, 3), date(2022, 1, 1))
    assert split.rounding is not None
    rounding = split.rounding
    assert (rounding.unit, rounding.method) == (1000, "largest_remainder")
    assert (rounding.ties, rounding.rest) == ("weight", "first")
    fixed, floor = split.adjustment
    assert (fixed.fixed, fixed.amount, fixed.bounds) == (("130001", "270008"), 5_000_000, ())
    assert (floor.minimum, floor.bounds, floor.reason) == (1_000_000, ("minimum",), "a floor")
    assert split.breakdown is not None
    assert (split.breakdown.as_of, split.breakdown.unit) == (date(2021, 1, 1), 10)


def test_unit_amounts(plan: Plan) -> None:
    units = plan.programme("units", "here")
    assert units.total is None
    assert units.title == "units"
    assert units.unit_amount is not None
    prefectures, municipalities = units.unit_amount.prefectures, units.unit_amount.municipalities
    assert prefectures is not None
    assert municipalities is not None
    assert [(band.from_, band.amount) for band in prefectures] == [(0, 100), (1_000_000, 200)]
    assert [(band.from_, band.amount) for band in municipalities] == [
        (0, 10),
        (5_000, 20),
        (9_000, 30),
    ]
    assert units.adjustment[0].exempt == ("131016",)


def test_shares_carried_forward(plan: Plan) -> None:
    carried = plan.programme("carried", "here")
    assert carried.basis == "carried_forward"
    assert carried.carried_forward is not None
    assert carried.carried_forward.list_ == "published/2023/jpki.csv"
    assert carried.rounding is not None
    assert (carried.rounding.ties, carried.rounding.rest) == ("code", None)


def test_nothing_can_be_set(plan: Plan) -> None:
    with pytest.raises(ValidationError, match="frozen"):
        plan.programmes[0].total = 0  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        plan.programmes[0].share[0].weight = Fraction(1)  # type: ignore[misc]


def test_payers_as_of_is_1_april_where_left_out(tmp_path: Path) -> None:
    write_plan(tmp_path, Change("plan", "payers_as_of = 2023-04-01\n", ""))
    assert load_plan(tmp_path).table.payers_on == date(2023, 4, 1)


@pytest.mark.parametrize(
    ("first", "second"),
    [('"1/3"', '"2/3"'), ('"0.25"', '"0.75"'), ('"0.1"', '"9/10"')],
)
def test_weights_are_exact(first: str, second: str, tmp_path: Path) -> None:
    write_plan(
        tmp_path,
        Change("split", 'weight = "1/3"', f"weight = {first}"),
        Change("split", 'weight = "2/3"', f"weight = {second}"),
    )
    one, two = load_plan(tmp_path).programmes[0].share
    assert one.weight == Fraction(first.strip('"'))
    assert one.weight + two.weight == 1


def test_a_whole_weight_may_be_a_number(tmp_path: Path) -> None:
    both = '[[share]]\nweight = "1/3"\nby = "equal"\n[[share]]\nweight = "2/3"\nby = "population"'
    one = '[[share]]\nweight = 1\nby = "population"'
    write_plan(tmp_path, Change("split", both, one))
    assert [part.weight for part in load_plan(tmp_path).programmes[0].share] == [Fraction(1)]


@pytest.mark.parametrize(
    ("written", "paths"),
    [('"../2022"', ("../2022",)), ('["../2022", "list.csv"]', ("../2022", "list.csv"))],
)
def test_the_year_before_is_one_path_or_several(
    written: str, paths: tuple[str, ...], tmp_path: Path
) -> None:
    write_plan(tmp_path, Change("plan", "[[measure]]", f"previous = {written}\n[[measure]]"))
    assert load_plan(tmp_path).table.previous == paths


def test_the_largest_total(tmp_path: Path) -> None:
    write_plan(tmp_path, Change("split", "1_514_000_000", "1_000_000_000_000_000_000"))
    assert load_plan(tmp_path).programmes[0].total == 10**18


def test_a_byte_order_mark_and_crlf_are_read(tmp_path: Path) -> None:
    write_plan(tmp_path)
    file = tmp_path / "split.toml"
    text = file.read_text(encoding="utf-8").replace("\n", "\r\n")
    file.write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert load_plan(tmp_path).programmes[0].total == 1_514_000_000


def test_an_unknown_programme_is_refused_with_those_there_are(plan: Plan) -> None:
    (problem,) = refused(lambda: plan.programme("lgwan", "--total"))
    assert problem.where == "--total"
    assert "'lgwan'" in problem.what.en
    assert problem.mend.en == "use one of: split, units, carried"


def test_the_bundled_plan_is_that_of_2023() -> None:
    plan = load_plan(newest_plan())
    assert plan.fiscal_year.year == 2023
    bases = {programme.id: programme.basis for programme in plan.programmes}
    assert list(bases.items()) == [
        ("residents", "rule"),
        ("jpki", "parts"),
        ("intermediate_server", "rule"),
        ("lgwan", "carried_forward"),
    ]
    assert all(programme.source for programme in plan.programmes)
