"""Keys of a plan: unknown ones, missing ones, values of a wrong type."""

from __future__ import annotations

from pathlib import Path

import pytest
from pydantic import Field, ValidationError

from allocator.plans.faults import problems
from allocator.plans.load import load_plan
from allocator.plans.tables import Table
from tests.plans.plans import Change, assert_says, refused, write_plan

PLAN_KEYS = {
    *("fiscal_year", "programmes", "payers_as_of", "organisations", "codes", "previous"),
    "measure",
}
MEASURE_KEYS = {"name", "as_of", "file", "column"}
PROGRAMME_KEYS = {
    *("id", "name", "payers", "basis", "total", "source", "legal_basis", "stated_error"),
    *("published", "share", "rounding", "unit_amount", "carried_forward", "adjustment"),
    *("breakdown", "note", "inferred_from", "short", "part"),
}
ADJUSTMENT_KEYS = {
    *("reason", "exempt", "fixed", "amount", "minimum", "maximum", "max_increase"),
    *("max_decrease", "previous", "codes", "keep_total"),
}
UNIT_KEYS = {"by", "as_of", "prefectures", "municipalities"}

UNKNOWN = [
    pytest.param("plan", "fiscal_year = 2023", "{}", PLAN_KEYS, id="plan"),
    pytest.param("plan", 'name = "staff"', "measure[1].{}", MEASURE_KEYS, id="measure"),
    pytest.param("split", 'id = "split"', "{}", PROGRAMME_KEYS, id="programme"),
    pytest.param("split", 'by = "equal"', "share[1].{}", {"weight", "by", "as_of"}, id="share"),
    pytest.param(
        "split", "unit = 1000", "rounding.{}", {"unit", "method", "ties", "rest"}, id="rounding"
    ),
    pytest.param("split", "minimum = 1_000_000", "adjustment[2].{}", ADJUSTMENT_KEYS, id="adjust"),
    pytest.param("split", "unit = 10\n", "breakdown.{}", {"by", "as_of", "unit"}, id="breakdown"),
    pytest.param("units", "as_of = 2019-01-01", "unit_amount.{}", UNIT_KEYS, id="unit_amount"),
    pytest.param(
        "carried",
        'list = "published/2023/jpki.csv"',
        "carried_forward.{}",
        {"list", "derived_from"},
        id="carried",
    ),
]


@pytest.mark.parametrize(("file", "beside", "key", "allowed"), UNKNOWN)
def test_an_unknown_key(
    file: str, beside: str, key: str, allowed: set[str], tmp_path: Path
) -> None:
    line = beside.rstrip("\n")
    write_plan(tmp_path, Change(file, beside, f'{line}\ncolour = "red"\n'))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.where == f"{tmp_path / file}.toml: {key.format('colour')}"
    assert problem.what.en == "unknown key colour"
    assert_says(problem, "colour", *allowed)
    assert set(problem.mend.en.removeprefix("use one of: ").split(", ")) == allowed


def test_an_unknown_key_of_a_band(tmp_path: Path) -> None:
    change = Change(
        "units", "{ from = 5_000, amount = 20 }", "{ from = 5_000, amount = 20, to = 9 }"
    )
    write_plan(tmp_path, change)
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.where == f"{tmp_path / 'units.toml'}: unit_amount.municipalities[2].to"
    assert set(problem.mend.en.removeprefix("use one of: ").split(", ")) == {"from", "amount"}


MISSING = [
    pytest.param("plan", "fiscal_year = 2023\n", "fiscal_year", id="fiscal_year"),
    pytest.param("plan", 'name = "staff"\n', "measure[1].name", id="measure-name"),
    pytest.param("plan", 'file = "staff.csv"\n', "measure[1].file", id="measure-file"),
    pytest.param("split", 'id = "split"\n', "id", id="id"),
    pytest.param("split", 'payers = "prefectures"\n', "payers", id="payers"),
    pytest.param("split", 'basis = "rule"\n', "basis", id="basis"),
    pytest.param("split", 'weight = "1/3"\n', "share[1].weight", id="weight"),
    pytest.param("split", 'by = "equal"\n', "share[1].by", id="share-by"),
    pytest.param("split", "unit = 1000\n", "rounding.unit", id="unit"),
    pytest.param("split", 'method = "largest_remainder"\n', "rounding.method", id="method"),
    pytest.param("split", 'reason = "a floor"\n', "adjustment[2].reason", id="reason"),
    pytest.param(
        "split", 'by = "population"\nas_of = 2021-01-01\n', "breakdown.by", id="breakdown-by"
    ),
    pytest.param("units", 'by = "population"\n', "unit_amount.by", id="unit-amount-by"),
    pytest.param("units", "from = 5_000, ", "unit_amount.municipalities[2].from", id="band-from"),
    pytest.param("units", ", amount = 200", "unit_amount.prefectures[2].amount", id="band-amount"),
    pytest.param(
        "carried", 'list = "published/2023/jpki.csv"\n', "carried_forward.list", id="carried-list"
    ),
]


@pytest.mark.parametrize(("file", "line", "key"), MISSING)
def test_a_missing_key(file: str, line: str, key: str, tmp_path: Path) -> None:
    write_plan(tmp_path, Change(file, line, ""))
    (problem,) = refused(lambda: load_plan(tmp_path))
    name = key.rpartition(".")[2]
    assert problem.where == f"{tmp_path / file}.toml: {key}"
    assert problem.what.en == f"key {name} is missing"
    assert_says(problem, name)


@pytest.mark.parametrize(
    ("line", "key"),
    [
        pytest.param("total = 1_514_000_000\n", "total", id="total"),
        pytest.param(
            '[rounding]\nunit = 1000\nmethod = "largest_remainder"\nties = "weight"\n'
            'rest = "first"\n',
            "[rounding]",
            id="rounding",
        ),
    ],
)
def test_a_split_needs_a_total_and_rounding(line: str, key: str, tmp_path: Path) -> None:
    write_plan(tmp_path, Change("split", line, ""))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.where == f"{tmp_path / 'split.toml'}"
    assert_says(problem, key)
    assert "missing" in problem.what.en


ALLOWED_METHODS = (
    *("largest_remainder", "half_up_then_largest", "floor_then_first", "cumulative"),
    *("adams", "dean", "huntington_hill", "webster", "jefferson", "floor", "ceiling", "half_up"),
)

WRONG = [
    ("plan", "fiscal_year = 2023", 'fiscal_year = "2023"', "fiscal_year", ("'2023'",)),
    ("plan", "fiscal_year = 2023", "fiscal_year = 2023.0", "fiscal_year", ("2023.0",)),
    ("plan", "fiscal_year = 2023", "fiscal_year = true", "fiscal_year", ("True",)),
    (
        "plan",
        "payers_as_of = 2023-04-01",
        'payers_as_of = "2023-04-01"',
        "payers_as_of",
        ("'2023-04-01'", "2022-01-01"),
    ),
    (
        "plan",
        'programmes = ["split", "units", "carried"]',
        'programmes = "split"',
        "programmes",
        ("'split'",),
    ),
    (
        "plan",
        "payers_as_of = 2023-04-01",
        'payers_as_of = 2023-04-01\norganisations = "o.csv"\ncodes = "loose"',
        "codes",
        ("'loose'", "'official'", "'text'"),
    ),
    ("split", 'name = "負担金"', "name = 5", "name", ("5",)),
    (
        "split",
        'payers = "prefectures"',
        'payers = "cities"',
        "payers",
        ("'cities'", "'prefectures'", "'municipalities'", "'all'"),
    ),
    (
        "split",
        'basis = "rule"',
        'basis = "guess"',
        "basis",
        ("'guess'", "'rule'", "'carried_forward'", "'estimated'"),
    ),
    ("split", 'by = "equal"', "by = 1", "share[1].by", ("1",)),
    (
        "split",
        "as_of = 2022-01-01",
        'as_of = "2022-01-01"',
        "share[2].as_of",
        ("'2022-01-01'",),
    ),
    (
        "split",
        "as_of = 2022-01-01",
        "as_of = 2022-01-01T00:00:00",
        "share[2].as_of",
        ("2022", "2022-01-01"),
    ),
    ("split", "as_of = 2022-01-01", "as_of = 2022", "share[2].as_of", ("2022",)),
    (
        "split",
        'method = "largest_remainder"',
        'method = "hamilton"',
        "rounding.method",
        ("'hamilton'", *ALLOWED_METHODS),
    ),
    (
        "split",
        'ties = "weight"',
        'ties = "lot"',
        "rounding.ties",
        ("'lot'", "'code'", "'weight'", "'error'"),
    ),
    (
        "split",
        'rest = "first"',
        'rest = "last"',
        "rounding.rest",
        ("'last'", "'largest'", "'first'"),
    ),
    ("split", "unit = 1000", "unit = 1000.0", "rounding.unit", ("1000.0",)),
    ("split", "unit = 1000", "unit = 0", "rounding.unit", ("0",)),
    ("split", "unit = 10\n", "unit = 0\n", "breakdown.unit", ("0",)),
    (
        "split",
        'fixed = ["130001", "270008"]',
        "fixed = [130001]",
        "adjustment[1].fixed[1]",
        ("130001",),
    ),
    (
        "split",
        'fixed = ["130001", "270008"]',
        'fixed = "130001"',
        "adjustment[1].fixed",
        ("'130001'",),
    ),
    ("split", "amount = 5_000_000", "amount = 5e6", "adjustment[1].amount", ("5000000.0",)),
    ("units", "from = 5_000", "from = 5_000.5", "unit_amount.municipalities[2].from", ("5000.5",)),
    ("units", "amount = 20 ", 'amount = "20" ', "unit_amount.municipalities[2].amount", ("'20'",)),
]


@pytest.mark.parametrize(
    ("file", "old", "new", "key", "pieces"), WRONG, ids=[f"{case[3]}-{case[2]}" for case in WRONG]
)
def test_a_value_of_a_wrong_type_or_not_allowed(
    file: str, old: str, new: str, key: str, pieces: tuple[str, ...], tmp_path: Path
) -> None:
    write_plan(tmp_path, Change(file, old, new))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.where == f"{tmp_path / file}.toml: {key}"
    assert_says(problem, *pieces)


@pytest.mark.parametrize("year", [23, 0, -2023, 20230])
def test_a_year_that_is_none(year: int, tmp_path: Path) -> None:
    write_plan(tmp_path, Change("plan", "fiscal_year = 2023", f"fiscal_year = {year}"))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.where.startswith(f"{tmp_path / 'plan.toml'}")
    assert_says(problem, str(year))


@pytest.mark.parametrize(
    "identifier", ["../split", "Split", "1st", "a b", "", "split.toml", "負担"]
)
def test_an_id_that_could_name_no_file(identifier: str, tmp_path: Path) -> None:
    write_plan(tmp_path, Change("plan", '["split", "units", "carried"]', f'["{identifier}"]'))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.where == f"{tmp_path / 'plan.toml'}: programmes[1]"
    assert_says(problem, repr(identifier))


def test_no_programme_at_all(tmp_path: Path) -> None:
    write_plan(tmp_path, Change("plan", '["split", "units", "carried"]', "[]"))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.where == f"{tmp_path / 'plan.toml'}: programmes"


def test_a_programme_named_twice(tmp_path: Path) -> None:
    write_plan(tmp_path, Change("plan", '"units", "carried"', '"units", "split"'))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert "twice" in problem.what.en
    assert problem.where.startswith(f"{tmp_path / 'plan.toml'}")


def test_a_programme_named_as_a_part_of_another(tmp_path: Path) -> None:
    write_plan(tmp_path, Change("plan", '"units", "carried"', '"units", "split_part_2"'))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert "split_part_2" in problem.what.en
    assert problem.where.startswith(f"{tmp_path / 'plan.toml'}")


def test_codes_as_text_need_a_register_of_ones_own(tmp_path: Path) -> None:
    write_plan(tmp_path, Change("plan", "[[measure]]", 'codes = "text"\n[[measure]]'))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.where.startswith(f"{tmp_path / 'plan.toml'}")
    assert_says(problem, "codes", "organisations")


def test_a_negative_lower_limit_is_no_amount_of_yen(tmp_path: Path) -> None:
    write_plan(tmp_path, Change("units", "from = 5_000", "from = -5_000"))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert_says(problem, "△5,000")
    assert "yen" not in problem.in_("en")
    assert "円" not in problem.in_("ja")


@pytest.mark.parametrize("previous", ["[]", "5", '["../2022", 5]', '""', '[" "]'])
def test_paths_that_are_none(previous: str, tmp_path: Path) -> None:
    write_plan(tmp_path, Change("plan", "[[measure]]", f"previous = {previous}\n[[measure]]"))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.where == f"{tmp_path / 'plan.toml'}: previous"
    assert_says(problem, '"../2023"')


@pytest.mark.parametrize("name", ["equal", "municipalities"])
def test_names_of_measures_that_are_taken(name: str, tmp_path: Path) -> None:
    write_plan(tmp_path, Change("plan", 'name = "staff"', f'name = "{name}"'))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.where == f"{tmp_path / 'plan.toml'}: measure[1]"
    assert_says(problem, name)


def test_a_fault_of_a_kind_that_no_table_has_yet() -> None:
    """It says where, what was found, and what the validation library makes of it."""

    class Later(Table):
        figure: int = Field(ge=3)

    with pytest.raises(ValidationError) as caught:
        Later.model_validate({"figure": 2})
    (problem,) = problems("later.toml", Later, caught.value)
    assert problem.where == "later.toml: figure"
    assert problem.what.en == "2: Input should be greater than or equal to 3"
