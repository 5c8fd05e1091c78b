"""What must hold between the keys of a programme: weights, bands, totals, rules, adjustments."""

from __future__ import annotations

from pathlib import Path

import pytest

from allocator.plans.load import load_plan
from tests.plans.plans import Change, assert_says, refused, write_plan

SHARES = (
    '[[share]]\nweight = "1/3"\nby = "equal"\n'
    '[[share]]\nweight = "2/3"\nby = "population"\nas_of = 2022-01-01\n'
)
ROUNDING = (
    '[rounding]\nunit = 1000\nmethod = "largest_remainder"\nties = "weight"\nrest = "first"\n'
)
CARRIED = '[carried_forward]\nlist = "published/2023/jpki.csv"\n'
UNIT_AMOUNT = '[unit_amount]\nby = "population"\nas_of = 2019-01-01\n'
PREFECTURES = "prefectures = [{ from = 0, amount = 100 }, { from = 1_000_000, amount = 200 }]\n"
TOWNS = """
    { from = 0, amount = 10 },
    { from = 5_000, amount = 20 },
    { from = 9_000, amount = 30 },
"""
MUNICIPALITIES = f"municipalities = [{TOWNS}]\n"
FLOOR = '[[adjustment]]\nreason = "a floor"\nminimum = 1_000_000\n'


def test_weights_that_add_up_to_five_sixths(tmp_path: Path) -> None:
    write_plan(tmp_path, Change("split", 'weight = "2/3"', 'weight = "1/2"'))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.where == f"{tmp_path / 'split.toml'}"
    assert_says(problem, "[[share]]", "5/6", "1")
    assert "the weights of [[share]] add up to 5/6, not 1" in problem.what.en


def test_weights_that_add_up_to_more_than_one(tmp_path: Path) -> None:
    write_plan(tmp_path, Change("split", 'weight = "1/3"', 'weight = "0.3334"'))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert_says(problem, "[[share]]", "15001/15000")


@pytest.mark.parametrize(
    ("weight", "found"),
    [
        ("0.5", "0.5"),
        ("0.1", "0.1"),
        ("true", "True"),
        ("inf", "inf"),
        ('"1/0"', "'1/0'"),
        ('"a third"', "'a third'"),
        ('"nan"', "'nan'"),
        ('"inf"', "'inf'"),
        ('""', "''"),
        ('"-1/3"', "-1/3"),
        ('"0"', "0"),
        ("-1", "-1"),
        ('["1/3"]', "['1/3']"),
    ],
)
def test_a_weight_that_is_not_exact_or_not_positive(
    weight: str, found: str, tmp_path: Path
) -> None:
    write_plan(tmp_path, Change("split", 'weight = "1/3"', f"weight = {weight}"))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.where == f"{tmp_path / 'split.toml'}: share[1].weight"
    assert_says(problem, found)


def test_a_float_weight_is_told_how_to_write_it(tmp_path: Path) -> None:
    write_plan(tmp_path, Change("split", 'weight = "1/3"', "weight = 0.25"))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert_says(problem, "0.25", '"1/3"', '"0.25"')


def test_equal_parts_have_no_date(tmp_path: Path) -> None:
    write_plan(tmp_path, Change("split", 'by = "equal"', 'by = "equal"\nas_of = 2022-01-01'))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.where == f"{tmp_path / 'split.toml'}: share[1]"
    assert_says(problem, "as_of")


BANDS = [
    pytest.param(
        "{ from = 9_000, amount = 30 }", "{ from = 5_000, amount = 30 }", "5,000", id="overlap"
    ),
    pytest.param(
        "{ from = 5_000, amount = 20 }", "{ from = 0, amount = 20 }", "0", id="overlap-at-zero"
    ),
    pytest.param(
        "{ from = 9_000, amount = 30 }", "{ from = 4_000, amount = 30 }", "4,000", id="unsorted"
    ),
    pytest.param("{ from = 0, amount = 10 }", "{ from = 1, amount = 10 }", "0", id="not-from-0"),
    pytest.param(
        TOWNS,
        "",
        "0",
        id="none",
    ),
]


@pytest.mark.parametrize(("old", "new", "figure"), BANDS)
def test_bands_that_overlap_or_stand_in_disorder(
    old: str, new: str, figure: str, tmp_path: Path
) -> None:
    write_plan(tmp_path, Change("units", old, new))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.where == f"{tmp_path / 'units.toml'}: unit_amount.municipalities"
    assert_says(problem, figure)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("from = 9_000", "from = 5_000", ("overlap", "重複")),
        ("from = 9_000", "from = 4_000", ("not sorted", "順")),
    ],
)
def test_overlapping_and_unsorted_bands_are_told_apart(
    old: str, new: str, words: tuple[str, str], tmp_path: Path
) -> None:
    write_plan(tmp_path, Change("units", old, new))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert words[0] in problem.what.en
    assert words[1] in problem.what.ja


@pytest.mark.parametrize(
    ("old", "key"),
    [
        ("from = 5_000", "unit_amount.municipalities[2].from"),
        ("amount = 20 ", "unit_amount.municipalities[2].amount"),
    ],
)
def test_a_negative_band(old: str, key: str, tmp_path: Path) -> None:
    name = old.partition(" ")[0]
    write_plan(tmp_path, Change("units", old, f"{name} = -7 "))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.where == f"{tmp_path / 'units.toml'}: {key}"
    assert_says(problem, "△7")


@pytest.mark.parametrize(
    ("total", "found"),
    [
        ("-1000", "△1,000"),
        ("1_514_000_000.0", "1514000000.0"),
        ("1.5", "1.5"),
        ("nan", "nan"),
        ("true", "True"),
        ('"1,514,000,000"', "'1,514,000,000'"),
        ("1_000_000_000_000_001_000", "1,000,000,000,000,001,000"),
        ("9_223_372_036_854_775_808_000", "9,223,372,036,854,775,808,000"),
        ("0x8000000000000000", "9,223,372,036,854,775,808"),
    ],
)
def test_a_total_that_is_no_amount(total: str, found: str, tmp_path: Path) -> None:
    write_plan(tmp_path, Change("split", "1_514_000_000", total))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.where == f"{tmp_path / 'split.toml'}: total"
    assert_says(problem, found)


def test_a_total_that_is_too_large_is_not_told_to_be_positive(tmp_path: Path) -> None:
    write_plan(tmp_path, Change("split", "1_514_000_000", "1_000_000_000_000_001_000"))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert_says(problem, "1,000,000,000,000,000,000")
    assert "negative" not in problem.mend.en


def test_a_total_that_is_no_multiple_of_the_unit(tmp_path: Path) -> None:
    write_plan(
        tmp_path,
        Change("split", "1_514_000_000", "1_514_000_001"),
        Change("split", 'rest = "first"\n', ""),
    )
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.where == f"{tmp_path / 'split.toml'}"
    assert_says(problem, "1,514,000,001", "1,000", "rest", "largest", "first")


def test_who_takes_the_odd_yen_makes_any_total_good(tmp_path: Path) -> None:
    write_plan(tmp_path, Change("split", "1_514_000_000", "1_514_000_001"))
    assert load_plan(tmp_path).programmes[0].total == 1_514_000_001


RULES = [
    pytest.param(
        [Change("split", SHARES, "")],
        "split",
        ("[[share]]", "[unit_amount]", "[carried_forward]"),
        id="no-rule",
    ),
    pytest.param(
        [Change("split", ROUNDING, CARRIED + ROUNDING)],
        "split",
        ("[[share]] + [carried_forward]",),
        id="two-rules",
    ),
    pytest.param(
        [Change("units", UNIT_AMOUNT, f"{SHARES}{UNIT_AMOUNT}")],
        "units",
        ("[[share]] + [unit_amount]",),
        id="shares-and-unit-amounts",
    ),
    pytest.param(
        [Change("split", 'basis = "rule"', 'basis = "carried_forward"')],
        "split",
        ("carried_forward", "basis"),
        id="basis-without-its-rule",
    ),
    pytest.param(
        [Change("carried", 'basis = "carried_forward"', 'basis = "rule"')],
        "carried",
        ("carried_forward", "basis"),
        id="rule-without-its-basis",
    ),
    pytest.param(
        [Change("carried", 'basis = "carried_forward"', 'basis = "estimated"')],
        "carried",
        ("carried_forward", "basis"),
        id="carried-forward-is-no-estimate",
    ),
    pytest.param(
        [Change("units", 'payers = "all"', 'payers = "prefectures"')],
        "units",
        ("[unit_amount]", "prefectures", "municipalities"),
        id="bands-of-nobody",
    ),
    pytest.param(
        [Change("units", PREFECTURES, "")],
        "units",
        ("[unit_amount]", "prefectures", "municipalities"),
        id="no-bands-for-prefectures",
    ),
    pytest.param(
        [Change("units", MUNICIPALITIES, "")],
        "units",
        ("[unit_amount]", "prefectures", "municipalities"),
        id="no-bands-for-municipalities",
    ),
    pytest.param(
        [Change("units", 'basis = "rule"', 'basis = "rule"\ntotal = 1_000')],
        "units",
        ("[unit_amount]", "total"),
        id="unit-amounts-with-a-total",
    ),
    pytest.param(
        [Change("units", UNIT_AMOUNT, f"{ROUNDING}{UNIT_AMOUNT}")],
        "units",
        ("[rounding]", "keep_total"),
        id="unit-amounts-rounded",
    ),
    pytest.param(
        [Change("units", 'reason = "a closed town"', 'reason = "closed"\nkeep_total = true')],
        "units",
        ("[rounding]", "keep_total"),
        id="a-kept-total-not-rounded",
    ),
    pytest.param(
        [Change("split", 'reason = "a floor"', 'reason = "a floor"\nkeep_total = true')],
        "split",
        ("keep_total", "[unit_amount]"),
        id="a-split-total-is-kept-anyway",
    ),
    pytest.param(
        [
            Change("split", 'payers = "prefectures"', 'payers = "municipalities"'),
            Change("split", 'fixed = ["130001", "270008"]', 'fixed = ["131016"]'),
        ],
        "split",
        ("[breakdown]",),
        id="a-breakdown-of-municipalities",
    ),
    pytest.param(
        [Change("split", 'method = "largest_remainder"', 'method = "cumulative"')],
        "split",
        ("cumulative", "largest_remainder", "jefferson"),
        id="a-method-that-keeps-no-bounds",
    ),
    pytest.param(
        [Change("split", FLOOR, '[[adjustment]]\nreason = "x"\nexempt = ["130001"]\n')],
        "split",
        ("130001", "exempt", "fixed"),
        id="fixed-and-exempt",
    ),
    pytest.param(
        [Change("split", '["130001", "270008"]', '["270008", "270008"]')],
        "split",
        ("270008",),
        id="fixed-twice",
    ),
]


@pytest.mark.parametrize(("changes", "file", "pieces"), RULES)
def test_keys_that_do_not_go_together(
    changes: list[Change], file: str, pieces: tuple[str, ...], tmp_path: Path
) -> None:
    write_plan(tmp_path, *changes)
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.where.startswith(f"{tmp_path / file}.toml")
    assert_says(problem, *pieces)


ADJUSTMENTS = [
    ("", ("exempt", "fixed")),
    ('exempt = ["010006"]\nfixed = ["020001"]\namount = 1_000', ("exempt", "fixed")),
    ('exempt = ["010006"]\nmaximum = 1_000', ("exempt", "fixed")),
    ('fixed = ["020001"]', ("fixed", "amount")),
    ("minimum = 1_000\namount = 1_000", ("fixed", "amount")),
    ('max_increase = "0.1"', ("max_increase", "previous")),
    ('max_decrease = "0.1"', ("max_decrease", "previous")),
    ('minimum = 1_000\nprevious = "published/2023/jpki.csv"', ("max_increase", "previous")),
    ('exempt = ["010006"]\ncodes = ["020001"]', ("codes",)),
]


@pytest.mark.parametrize(("keys", "pieces"), ADJUSTMENTS, ids=[case[0] for case in ADJUSTMENTS])
def test_an_adjustment_says_one_thing(keys: str, pieces: tuple[str, ...], tmp_path: Path) -> None:
    write_plan(tmp_path, Change("split", "minimum = 1_000_000", keys))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.where == f"{tmp_path / 'split.toml'}: adjustment[2]"
    assert_says(problem, *pieces)


@pytest.mark.parametrize(
    ("line", "key", "found"),
    [
        ("minimum = -1", "minimum", "△1"),
        ("maximum = 1_000_000_000_000_000_001", "maximum", "1,000,000,000,000,000,001"),
        ('max_increase = 0.1\nprevious = "a.csv"', "max_increase", "0.1"),
        ('max_increase = "-0.1"\nprevious = "a.csv"', "max_increase", "-1/10"),
        ('max_decrease = "10%"\nprevious = "a.csv"', "max_decrease", "'10%'"),
    ],
)
def test_a_bound_that_is_none(line: str, key: str, found: str, tmp_path: Path) -> None:
    write_plan(tmp_path, Change("split", "minimum = 1_000_000", line))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.where == f"{tmp_path / 'split.toml'}: adjustment[2].{key}"
    assert_says(problem, found)


def test_two_faults_between_keys_of_one_file_come_together(tmp_path: Path) -> None:
    write_plan(
        tmp_path,
        Change("split", 'weight = "2/3"', 'weight = "1/2"'),
        Change("split", "1_514_000_000", "1_514_000_001"),
        Change("split", 'rest = "first"\n', ""),
    )
    said = "\n".join(problem.what.en for problem in refused(lambda: load_plan(tmp_path)))
    assert "5/6" in said
    assert "1,514,000,001" in said


def test_a_list_carried_forward_is_inferred_from_none(tmp_path: Path) -> None:
    listed = 'inferred_from = "published/2023/jpki.csv"\n[carried_forward]'
    write_plan(tmp_path, Change("carried", "[carried_forward]", listed))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.where.startswith(f"{tmp_path / 'carried.toml'}")
    assert_says(problem, "inferred_from", "carried_forward")
