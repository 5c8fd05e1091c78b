"""A plan's files: missing, of another kind, not text, not TOML; and all faults said at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from allocator.plans.load import load_plan
from tests.plans.plans import PLAN, SPLIT, Change, assert_says, refused, write_plan


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    (problem,) = refused(lambda: load_plan(tmp_path / "2024"))
    assert problem.where == str(tmp_path / "2024")
    assert_says(problem, "plan.toml")


def test_a_folder_without_plan_toml(tmp_path: Path) -> None:
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.where == str(tmp_path / "plan.toml")


def test_a_programme_without_its_file(tmp_path: Path) -> None:
    write_plan(tmp_path)
    (tmp_path / "units.toml").unlink()
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.where == str(tmp_path / "units.toml")
    assert "not there" in problem.what.en


def test_a_folder_in_place_of_a_programme_file(tmp_path: Path) -> None:
    write_plan(tmp_path)
    (tmp_path / "units.toml").unlink()
    (tmp_path / "units.toml").mkdir()
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.where == str(tmp_path / "units.toml")
    assert "not there" not in problem.what.en


def test_a_programme_with_another_id_than_its_file(tmp_path: Path) -> None:
    write_plan(tmp_path, Change("units", 'id = "units"', 'id = "unit"'))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.where.startswith(str(tmp_path / "units.toml"))
    assert_says(problem, "unit", "units")


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("unit = 1000", "unit = ", 17),
        ('id = "split"', "id = split", 1),
        ("total = 1_514_000_000", "total = 1,514,000,000", 5),
        ("as_of = 2022-01-01", "as_of = 2022-13-01", 15),
        ("[rounding]", "[rounding", 16),
        ('basis = "rule"', 'basis = "rule"\nbasis = "rule"', 5),
    ],
)
def test_what_is_no_toml_names_the_line(old: str, new: str, line: int, tmp_path: Path) -> None:
    write_plan(tmp_path, Change("split", old, new))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.where == str(tmp_path / "split.toml")
    assert_says(problem, "TOML", f"line {line}")


def test_an_empty_programme_file_lacks_every_key(tmp_path: Path) -> None:
    write_plan(tmp_path)
    (tmp_path / "split.toml").write_text("", encoding="utf-8")
    problems = refused(lambda: load_plan(tmp_path))
    file = tmp_path / "split.toml"
    assert {problem.where for problem in problems} == {
        f"{file}: id",
        f"{file}: payers",
        f"{file}: basis",
    }


@pytest.mark.parametrize("encoding", ["cp932", "utf-16"])
def test_a_file_that_is_not_utf_8(encoding: str, tmp_path: Path) -> None:
    write_plan(tmp_path)
    (tmp_path / "split.toml").write_bytes(SPLIT.encode(encoding))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.where == str(tmp_path / "split.toml")
    assert_says(problem, "UTF-8")


@pytest.mark.parametrize("content", [bytes(range(256)), b"\x89PNG\r\n\x1a\n\0\0\0", b"\0" * 100])
def test_a_file_that_is_not_text(content: bytes, tmp_path: Path) -> None:
    write_plan(tmp_path)
    (tmp_path / "plan.toml").write_bytes(content)
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.where == str(tmp_path / "plan.toml")


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "hostile",
    [
        pytest.param(lambda: f"fiscal_year = {'9' * 5_000}\n", id="a number of 5,000 digits"),
        pytest.param(lambda: f"fiscal_year = {'[' * 50_000}\n", id="50,000 brackets"),
        pytest.param(lambda: f"{'a.' * 1_000}a = 1\n", id="1,000 tables"),
        pytest.param(lambda: f"{'a.' * 50_000}a = 1\n", id="50,000 tables"),
        pytest.param(lambda: "[" + '"a" . ' * 50_000 + "a]\n", id="50,000 tables in quotes"),
        pytest.param(
            lambda: "x = { " + "'a'." * 50_000 + "a = 1 }\n", id="50,000 tables in a line"
        ),
        pytest.param(lambda: "# \n" * 500_000, id="2,000,000 characters"),
        pytest.param(lambda: f"{'a' * 900_000} = 1\n", id="a key of 900,000 letters"),
    ],
)
def test_hostile_toml_is_refused_like_any_other(hostile: Callable[[], str], tmp_path: Path) -> None:
    write_plan(tmp_path)
    (tmp_path / "plan.toml").write_text(hostile(), encoding="utf-8")
    (problem, *_) = refused(lambda: load_plan(tmp_path))
    assert problem.where.startswith(str(tmp_path / "plan.toml"))


@pytest.mark.timeout(20)
def test_a_weight_that_would_fill_the_memory(tmp_path: Path) -> None:
    write_plan(tmp_path, Change("split", 'weight = "1/3"', 'weight = "1e-99999999"'))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.where.startswith(str(tmp_path / "split.toml"))
    assert len(problem.in_("en")) < 1_000


def test_several_faults_of_several_files_come_at_once(tmp_path: Path) -> None:
    write_plan(
        tmp_path,
        Change("split", "unit = 1000", "unit = 1.5"),
        Change("split", 'weight = "1/3"', "weight = 0.33"),
        Change("split", 'basis = "rule"', 'basis = "rules"\ncolour = 1'),
        Change("units", "from = 9_000", "from = 4_000"),
        Change("units", 'payers = "all"\n', ""),
        Change("carried", 'id = "carried"', 'id = "jpki"'),
    )
    problems = refused(lambda: load_plan(tmp_path))
    split, units, carried = (tmp_path / f"{name}.toml" for name in ("split", "units", "carried"))
    places = [problem.where for problem in problems]
    assert sorted(places[:-1]) == sorted(
        [
            f"{split}: basis",
            f"{split}: colour",
            f"{split}: rounding.unit",
            f"{split}: share[1].weight",
            f"{units}: payers",
            f"{units}: unit_amount.municipalities",
        ]
    )
    assert places[-1].startswith(str(carried))


def test_a_missing_file_does_not_hide_the_faults_of_the_others(tmp_path: Path) -> None:
    write_plan(tmp_path, Change("carried", "unit = 1", "unit = 0.1"))
    (tmp_path / "split.toml").unlink()
    (tmp_path / "units.toml").write_text("id = ", encoding="utf-8")
    places = [problem.where for problem in refused(lambda: load_plan(tmp_path))]
    assert places == [
        str(tmp_path / "split.toml"),
        str(tmp_path / "units.toml"),
        f"{tmp_path / 'carried.toml'}: rounding.unit",
    ]


def test_faults_of_plan_toml_come_at_once(tmp_path: Path) -> None:
    text = PLAN.replace("2023\n", '"2023"\n', 1).replace("file =", "fil =")
    (tmp_path / "plan.toml").write_text(text, encoding="utf-8")
    places = {problem.where for problem in refused(lambda: load_plan(tmp_path))}
    file = tmp_path / "plan.toml"
    assert places == {f"{file}: fiscal_year", f"{file}: measure[1].file", f"{file}: measure[1].fil"}


def test_an_id_may_not_be_too_long_for_names_of_cells(tmp_path: Path) -> None:
    identifier = "a" * 101
    plan = f'fiscal_year = 2023\nprogrammes = ["{identifier}"]\n'
    (tmp_path / "plan.toml").write_text(plan, encoding="utf-8")
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.code == "bad_id"
    assert_says(problem, "100")


def test_a_flood_of_faults_is_said_in_few(tmp_path: Path) -> None:
    write_plan(tmp_path, Change("split", 'id = "split"', 'id = "split"\n' + _keys(80)))
    problems = refused(lambda: load_plan(tmp_path))
    assert len(problems) == 50
    assert_says(problems[-1], "30")


def test_a_flood_of_programmes_without_files_is_said_in_few(tmp_path: Path) -> None:
    names = ", ".join(f'"p{number}"' for number in range(90))
    (tmp_path / "plan.toml").write_text(f"fiscal_year = 2023\nprogrammes = [{names}]\n", "utf-8")
    problems = refused(lambda: load_plan(tmp_path))
    assert len(problems) == 50
    assert_says(problems[-1], "40")


def _keys(count: int) -> str:
    return "".join(f"unknown_{number} = 1\n" for number in range(count))


def test_the_id_of_a_sheet_is_not_for_programmes(tmp_path: Path) -> None:
    plan = 'fiscal_year = 2023\nprogrammes = ["statement"]\n'
    (tmp_path / "plan.toml").write_text(plan, encoding="utf-8")
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert_says(problem, "statement")


def test_a_name_that_steers_a_screen_is_refused(tmp_path: Path) -> None:
    write_plan(tmp_path, Change("split", 'name = "負担金"', 'name = "負担\\u202e金"'))
    (problem,) = refused(lambda: load_plan(tmp_path))
    assert problem.code == "unwritten_character"
    assert_says(problem, "U+202E")
