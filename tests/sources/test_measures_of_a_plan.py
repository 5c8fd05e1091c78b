"""Measures that a plan declares beside the bundled population, and the number of municipalities."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from allocator.results.outcome import ProgrammeOutcome
from allocator.sources.bundled import DATA
from allocator.tasks.compute import compute_plan
from tests.plans.plans import assert_says, refused
from tests.sources.files import as_csv, population

PROGRAMME = """\
id = "by_staff"
payers = "{payers}"
basis = "rule"
total = 1_000_000
[[share]]
weight = 1
{share}
[rounding]
unit = 1
method = "largest_remainder"
"""

PREFECTURES = [row["code"] for row in population(date(2022, 1, 1)) if not row["municipality"]]
STAFF = {code: 100 + place for place, code in enumerate(PREFECTURES)}


def write(
    folder: Path, measures: str, share: str = 'by = "staff"', payers: str = "prefectures"
) -> Path:
    plan = f'fiscal_year = 2023\nprogrammes = ["by_staff"]\n{measures}'
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    text = PROGRAMME.format(share=share, payers=payers)
    (folder / "by_staff.toml").write_text(text, encoding="utf-8")
    return folder


def staff_csv(folder: Path, name: str, values: Mapping[str, int], column: str = "staff") -> None:
    rows = [{"code": code, column: str(value)} for code, value in values.items()]
    (folder / name).write_text(as_csv(rows), encoding="utf-8")


def measured(folder: Path) -> tuple[ProgrammeOutcome, list[int]]:
    (only,) = compute_plan(folder).programmes
    (aligned,) = only.measures
    return only, aligned.values.tolist()


def test_a_measure_without_a_date_needs_no_as_of(tmp_path: Path) -> None:
    staff_csv(tmp_path, "staff.csv", STAFF)
    write(tmp_path, '[[measure]]\nname = "staff"\nfile = "staff.csv"\n')
    only, values = measured(tmp_path)
    assert values == list(STAFF.values())
    assert only.measures[0].measure.as_of is None
    assert only.allocation is not None
    whole = sum(STAFF.values())
    for code, amount in only.allocation.by_code.items():
        assert 0 <= amount - 1_000_000 * STAFF[code] // whole <= 1


def test_a_measure_of_one_date_needs_no_as_of(tmp_path: Path) -> None:
    staff_csv(tmp_path, "staff.csv", STAFF)
    write(tmp_path, '[[measure]]\nname = "staff"\nas_of = 2021-04-01\nfile = "staff.csv"\n')
    only, values = measured(tmp_path)
    assert values == list(STAFF.values())
    assert only.measures[0].measure.as_of == date(2021, 4, 1)


def test_of_two_dates_the_one_asked_for_is_taken(tmp_path: Path) -> None:
    staff_csv(tmp_path, "old.csv", STAFF)
    staff_csv(tmp_path, "new.csv", {code: value * 2 + 1 for code, value in STAFF.items()})
    measures = (
        '[[measure]]\nname = "staff"\nas_of = 2020-04-01\nfile = "old.csv"\n'
        '[[measure]]\nname = "staff"\nas_of = 2021-04-01\nfile = "new.csv"\n'
    )
    write(tmp_path, measures, 'by = "staff"\nas_of = 2020-04-01')
    assert measured(tmp_path)[1] == list(STAFF.values())
    write(tmp_path, measures)
    (problem,) = refused(lambda: compute_plan(tmp_path))
    assert problem.where == f"{tmp_path / 'by_staff.toml'}: share[1]"
    assert_says(problem, "staff", "2020-04-01", "2021-04-01")


def test_a_column_of_another_name(tmp_path: Path) -> None:
    staff_csv(tmp_path, "staff.csv", STAFF, column="職員数")
    declared = '[[measure]]\nname = "staff"\nfile = "staff.csv"\n'
    write(tmp_path, f'{declared}column = "職員数"\n')
    assert measured(tmp_path)[1] == list(STAFF.values())
    write(tmp_path, declared)
    (problem,) = refused(lambda: compute_plan(tmp_path))
    assert problem.where.startswith(str(tmp_path / "staff.csv"))
    assert_says(problem, "staff", "職員数")


def test_a_column_that_is_not_there(tmp_path: Path) -> None:
    staff_csv(tmp_path, "staff.csv", STAFF)
    write(tmp_path, '[[measure]]\nname = "staff"\nfile = "staff.csv"\ncolumn = "lines"\n')
    (problem,) = refused(lambda: compute_plan(tmp_path))
    assert problem.where.startswith(str(tmp_path / "staff.csv"))
    assert_says(problem, "lines", "staff")


def test_a_file_beside_the_plan_goes_before_a_bundled_one(tmp_path: Path) -> None:
    name = "population/resident_register_2022-01-01.csv"
    (tmp_path / "population").mkdir()
    staff_csv(tmp_path, name, STAFF, column="population")
    declared = f'[[measure]]\nname = "staff"\nfile = "{name}"\ncolumn = "population"\n'
    write(tmp_path, declared)
    assert measured(tmp_path)[1] == list(STAFF.values())
    (tmp_path / name).unlink()
    only, values = measured(tmp_path)
    rows = population(date(2022, 1, 1))
    assert values == [int(row["population"]) for row in rows if not row["municipality"]]
    assert only.measures[0].measure.file == DATA / name


def test_a_population_of_ones_own_for_a_date_that_is_not_bundled(tmp_path: Path) -> None:
    staff_csv(tmp_path, "future.csv", STAFF, column="population")
    declared = '[[measure]]\nname = "population"\nas_of = 2030-01-01\nfile = "future.csv"\n'
    write(tmp_path, declared, 'by = "population"\nas_of = 2030-01-01')
    assert measured(tmp_path)[1] == list(STAFF.values())
    write(tmp_path, declared, 'by = "population"\nas_of = 2022-01-01')
    rows = population(date(2022, 1, 1))
    assert sum(measured(tmp_path)[1]) == sum(int(row["population"]) for row in rows) // 2


@pytest.mark.parametrize("missing", [["131016"], ["011002", "131016", "473821"]])
def test_payers_without_a_figure_are_named(missing: list[str], tmp_path: Path) -> None:
    rows = population(date(2022, 1, 1))
    values = {row["code"]: 1 for row in rows if row["municipality"] and row["code"] not in missing}
    staff_csv(tmp_path, "staff.csv", values)
    write(tmp_path, '[[measure]]\nname = "staff"\nfile = "staff.csv"\n', payers="municipalities")
    (problem,) = refused(lambda: compute_plan(tmp_path))
    assert problem.where == str(tmp_path / "staff.csv")
    assert_says(problem, "staff", *missing, "千代田区")


def test_of_many_payers_without_a_figure_some_are_named_and_all_counted(tmp_path: Path) -> None:
    staff_csv(tmp_path, "staff.csv", {"010006": 1})
    write(tmp_path, '[[measure]]\nname = "staff"\nfile = "staff.csv"\n')
    (problem,) = refused(lambda: compute_plan(tmp_path))
    assert_says(problem, "020001", "36")


def test_a_measure_of_nothing(tmp_path: Path) -> None:
    staff_csv(tmp_path, "staff.csv", dict.fromkeys(STAFF, 0))
    write(tmp_path, '[[measure]]\nname = "staff"\nfile = "staff.csv"\n')
    (problem,) = refused(lambda: compute_plan(tmp_path))
    assert problem.where == f"{tmp_path / 'by_staff.toml'}: share[1].by"
    assert "adds up to 0" in problem.what.en


@pytest.mark.parametrize("name", ["equal", "municipalities"])
def test_a_name_that_is_taken_is_not_passed_over_in_silence(name: str, tmp_path: Path) -> None:
    staff_csv(tmp_path, "staff.csv", STAFF, column=name)
    declared = f'[[measure]]\nname = "{name}"\nfile = "staff.csv"\n'
    write(tmp_path, declared, f'by = "{name}"')
    (problem,) = refused(lambda: compute_plan(tmp_path))
    assert problem.where.startswith(f"{tmp_path / 'plan.toml'}: measure[1]")
    assert_says(problem, name)


def test_one_name_and_date_declared_twice(tmp_path: Path) -> None:
    staff_csv(tmp_path, "a.csv", STAFF)
    staff_csv(tmp_path, "b.csv", dict.fromkeys(STAFF, 1))
    declared = [f'[[measure]]\nname = "staff"\nfile = "{name}"\n' for name in ("a.csv", "b.csv")]
    write(tmp_path, "".join(declared))
    (problem,) = refused(lambda: compute_plan(tmp_path))
    assert problem.where.startswith(f"{tmp_path / 'plan.toml'}: measure[2]")
    assert_says(problem, "staff")


def test_the_number_of_municipalities(tmp_path: Path) -> None:
    write(tmp_path, "", 'by = "municipalities"')
    only, values = measured(tmp_path)
    by_code = dict(zip(PREFECTURES, values, strict=True))
    # 総務省, 市町村数 of 2023, the 23 special wards counted among Tokyo's.
    assert (by_code["010006"], by_code["130001"], by_code["160008"]) == (179, 62, 15)
    assert sum(values) == 1_741
    assert only.measures[0].measure.as_of == date(2023, 4, 1)


def test_the_number_of_municipalities_of_another_day(tmp_path: Path) -> None:
    write(tmp_path, "", 'by = "municipalities"\nas_of = 1999-03-31')
    values = measured(tmp_path)[1]
    assert sum(values) == 3_232 + 23
