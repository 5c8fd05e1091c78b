"""A programme of parts: what it becomes, and what must hold between its keys."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from allocator.engine import rule
from allocator.plans.load import load_plan
from allocator.plans.programme import Programme
from tests.plans.plans import assert_says, refused

HEAD = 'id = "whole"\nshort = "all"\npayers = "prefectures"\ntotal = 1_000\nsource = "page 1"\n'
EQUAL = """
[[part]]
name = "equal"
basis = "rule"
total = 300
[[part.share]]
weight = "1"
by = "equal"
[part.rounding]
unit = 10
method = "floor"
"""
LISTED = """
[[part]]
name = "by list"
basis = "carried_forward"
total = 200
[part.carried_forward]
list = "list.csv"
derived_from = "published.csv"
[part.rounding]
unit = 1
method = "largest_remainder"
[[part.adjustment]]
reason = "a closed office"
exempt = ["010006"]
"""
REST = """
[[part]]
name = "rest"
basis = "rule"
total = "rest"
codes = ["010006", "020001"]
[[part.share]]
weight = "1"
by = "population"
as_of = 2022-01-01
[part.rounding]
unit = 1
method = "half_up_then_largest"
"""
BANDS = """
[[part]]
name = "bands"
basis = "estimated"
[part.unit_amount]
by = "population"
as_of = 2022-01-01
prefectures = [{ from = 0, amount = 5 }]
"""
WHOLE = HEAD + EQUAL + LISTED + REST


def load(folder: Path, text: str) -> Programme:
    plan = 'fiscal_year = 2023\nprogrammes = ["whole"]\n'
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    (folder / "whole.toml").write_text(text, encoding="utf-8")
    return load_plan(folder).programmes[0]


def test_what_it_becomes(tmp_path: Path) -> None:
    whole = load(tmp_path, WHOLE)
    assert (whole.basis, whole.stated_basis, whole.short) == ("parts", None, "all")
    assert whole.rules == whole.part
    equal, listed, rest = whole.part
    assert (equal.total, equal.yen, equal.is_rest) == (300, 300, False)
    assert (rest.total, rest.yen, rest.is_rest) == ("rest", None, True)
    assert rest.codes == ("010006", "020001")
    assert listed.carried_forward is not None
    assert listed.carried_forward.derived_from == "published.csv"
    by_people = rule.Split(
        (rule.Share(Fraction(1), "population"),), rule.Rounding(1, "half_up_then_largest")
    )
    assert whole.rule == rule.Sum(
        (
            rule.Part(
                "equal", rule.Split((rule.Share(Fraction(1)),), rule.Rounding(10, "floor")), 300
            ),
            rule.Part(
                "by list",
                rule.CarriedForward(rule.Rounding(1, "largest_remainder")),
                200,
                adjustments=(rule.Adjustment(exempt=("010006",)),),
            ),
            rule.Part("rest", by_people, is_rest=True),
        )
    )


def test_each_part_as_a_programme_of_its_own(tmp_path: Path) -> None:
    whole = load(tmp_path, WHOLE)
    equal, rest = whole.of_part(1), whole.of_part(3, 500)
    assert (equal.id, equal.title, equal.basis) == ("whole_part_1", "equal", "rule")
    assert (equal.total, equal.payers, equal.source) == (300, "prefectures", "page 1")
    assert isinstance(equal.rule, rule.Split)
    assert (rest.id, rest.total) == ("whole_part_3", 500)
    assert whole.of_part(2).adjustments == whole.part[1].adjustments


def test_unit_amounts_are_a_part_as_well(tmp_path: Path) -> None:
    text = HEAD.replace("total = 1_000\n", "") + EQUAL + BANDS
    bands = load(tmp_path, text).part[1]
    assert (bands.basis, bands.total, bands.is_rest) == ("estimated", None, False)


def test_the_total_may_be_left_out_or_be_that_of_the_parts(tmp_path: Path) -> None:
    same = HEAD.replace("1_000", "500") + EQUAL + LISTED
    assert load(tmp_path, same).total == 500
    assert load(tmp_path, same.replace("total = 500\n", "", 1)).total is None


@pytest.mark.parametrize(
    ("old", "new", "where", "says"),
    [
        ("", 'basis = "rule"\n', "", ("basis", "[[part]]")),
        ('name = "rest"', 'name = "equal"', "", ("2", "'equal'")),
        ("total = 200", 'total = "rest"', "", ("2", '"rest"')),
        ("total = 1_000\n", "", "", ('"rest"',)),
        ("total = 1_000\n", "total = 499\n", "", ("500", "499")),
        ("total = 200", "total = 1_001", "", ("1,301", "1,000")),
        (REST, "", "", ("500", "1,000")),
        (REST, BANDS, "", ("total",)),
        ('codes = ["010006"', 'payers = "all"\ncodes = ["010006"', "part[3]", ("payers", "codes")),
        ('total = "rest"', "", "part[3]", ("total",)),
        ('total = "rest"', 'total = "half"', "part[3].total", ("'half'", '"rest"')),
        ('total = "rest"', "total = 0.5", "part[3].total", ("0.5",)),
        ('total = "rest"', "total = -1", "part[3].total", ("△1",)),
        ('method = "floor"', 'method = "floor"\nrest = "first"', "part[1]", ("floor", "rest")),
        ('name = "rest"\n', "", "part[3].name", ("name",)),
        ('name = "rest"\nbasis = "rule"', 'name = "rest"', "part[3].basis", ("basis",)),
        ("total = 300", "totals = 300", "part[1].totals", ("totals", "total")),
        ('by = "equal"', 'by = "equal"\nto = 1', "part[1].share[1].to", ("to", "weight")),
        ("total = 300", "total = 305\nadjustment = []", None, ()),
        ('method = "largest_remainder"', 'method = "half_up_then_largest"', None, ()),
    ],
)
def test_faults(
    old: str, new: str, where: str | None, says: tuple[str, ...], tmp_path: Path
) -> None:
    """`where` of None: it is none; each amount is rounded for itself, whatever the total."""
    assert WHOLE.count(old) == 1 or not old
    text = WHOLE.replace(old, new) if old else HEAD + new + EQUAL + LISTED + REST
    if where is None:
        assert load(tmp_path, text).part
        return
    problems = refused(lambda: load(tmp_path, text))
    file = str(tmp_path / "whole.toml")
    named = [problem for problem in problems if problem.where == f"{file}: {where}".rstrip(": ")]
    assert len(named) == 1, [problem.where for problem in problems]
    assert_says(named[0], *says)


def test_a_part_that_follows_from_unit_amounts_takes_no_rest(tmp_path: Path) -> None:
    text = HEAD + EQUAL + BANDS.replace('basis = "estimated"', 'basis = "rule"\ntotal = "rest"')
    problems = refused(lambda: load(tmp_path, text))
    assert [problem.where for problem in problems] == [f"{tmp_path / 'whole.toml'}: part[2]"]
    assert_says(problems[0], "[unit_amount]", "total")


def test_bands_of_a_part_are_those_of_its_payers(tmp_path: Path) -> None:
    head = HEAD.replace('"prefectures"', '"all"').replace("total = 1_000\n", "")
    (problem,) = refused(lambda: load(tmp_path, head + EQUAL + BANDS))
    assert_says(problem, 'payers = "all"', "municipalities")
    limited = BANDS.replace('name = "bands"', 'name = "bands"\npayers = "prefectures"')
    assert load(tmp_path, head + EQUAL + limited).part[1].payers == "prefectures"
    by_codes = BANDS.replace('name = "bands"', 'name = "bands"\ncodes = ["010006"]')
    assert load(tmp_path, head + EQUAL + by_codes).part[1].codes == ("010006",)


def test_a_short_name_is_that_of_one_programme(tmp_path: Path) -> None:
    single = """\
id = "{0}"
short = "{1}"
payers = "prefectures"
basis = "rule"
total = 100
[[share]]
weight = "1"
by = "equal"
[rounding]
unit = 1
method = "largest_remainder"
"""
    plan = 'fiscal_year = 2023\nprogrammes = ["one", "two"]\n'
    (tmp_path / "plan.toml").write_text(plan, encoding="utf-8")
    (tmp_path / "one.toml").write_text(single.format("one", "1st"), encoding="utf-8")
    for short, named in (("1st", ["one", "two"]), ("one", ["two"])):
        (tmp_path / "two.toml").write_text(single.format("two", short), encoding="utf-8")
        problems = refused(lambda: load_plan(tmp_path))
        files = [f"{tmp_path / name}.toml: short" for name in named]
        assert [problem.where for problem in problems] == files
        assert_says(problems[-1], f"'{short}'", "one")
    (tmp_path / "two.toml").write_text(single.format("two", "2nd"), encoding="utf-8")
    loaded = load_plan(tmp_path)
    assert loaded.programme("2nd", "here") == loaded.programme("two", "here")


def test_a_rule_without_its_rounding_is_a_fault_of_ours() -> None:
    whole = Programme.model_validate(
        {
            "id": "whole",
            "payers": "prefectures",
            "basis": "rule",
            "total": 1,
            "share": [{"weight": "1", "by": "equal"}],
            "rounding": {"unit": 1, "method": "floor"},
        }
    )
    with pytest.raises(AssertionError, match="without a rounding"):
        _ = whole.model_copy(update={"rounding": None}).single


def test_a_total_that_follows_from_the_parts_may_be_written(tmp_path: Path) -> None:
    text = HEAD + EQUAL + LISTED
    (tmp_path / "plan.toml").write_text(
        'fiscal_year = 2023\nprogrammes = ["whole"]\n', encoding="utf-8"
    )
    (tmp_path / "whole.toml").write_text(text.replace("1_000", "500"), encoding="utf-8")

    (programme,) = load_plan(tmp_path).programmes

    assert programme.total == 500
    assert programme.divided is None
