"""manifest.json: what it records, and what `verify` finds."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from allocator.files.paths import portable
from allocator.outputs.files.folder import MANIFEST, verify, write_outputs
from allocator.plans.variant import Overrides
from allocator.sources.bundled import DATA, newest_plan
from allocator.tasks.compute import compute_plan
from tests.outputs.country import PLAN, rows, sheet, write_country
from tests.sums import write_mixed


def read(folder: Path) -> dict[str, Any]:
    """Return a folder's manifest."""
    content: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return content


def test_records_every_output(written: Path) -> None:
    outputs = {each["file"]: each["sha256"] for each in read(written)["outputs"]}

    assert outputs == {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in written.iterdir()
        if path.name != MANIFEST
    }
    assert len(outputs) == 5


def test_records_every_input(written: Path) -> None:
    inputs = {each["file"]: each["sha256"] for each in read(written)["inputs"]}

    assert "data/population/resident_register_2022-01-01.csv" in inputs
    derived = "data/derived/2023/jpki_by_ratio.csv"
    assert inputs[derived] == hashlib.sha256((DATA.parent / derived).read_bytes()).hexdigest()
    plan = newest_plan() / "plan.toml"
    assert inputs["configs/2023/plan.toml"] == hashlib.sha256(plan.read_bytes()).hexdigest()
    assert list(inputs) == sorted(inputs)


def test_says_what_was_computed(written: Path) -> None:
    manifest = read(written)
    programmes = {each["id"]: each for each in manifest["programmes"]}

    assert manifest["fiscal_year"] == 2023
    assert programmes["residents"]["total"] == 1_514_000_000
    assert programmes["residents"]["published"] == {
        "list": "published/2023/residents.csv",
        "rows": 47,
        "matched": 47,
        "different": 0,
    }
    assert programmes["jpki"]["basis"] == "parts"
    assert programmes["jpki"]["parts"] == [
        {"name": "均等割", "basis": "rule", "given": 662_000_000, "total": 661_995_000},
        {
            "name": "割合表による額",
            "basis": "carried_forward",
            "given": 420_000_000,
            "total": 420_000_000,
        },
        {"name": "人口割", "basis": "rule", "given": 1_324_005_000, "total": 1_324_005_000},
    ]
    assert "parts" not in programmes["residents"]
    assert programmes["jpki"]["published"] is None
    assert "carried forward" in programmes["jpki"]["reason"]
    versions = {"allocator", "jinja2", "numpy", "polars", "python", "xlsxwriter"}
    assert set(manifest["versions"]) == versions


def test_holds_no_place_of_this_computer(country: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    shutil.move(country / "staff.csv", elsewhere / "staff.csv")
    plan = (country / "plan.toml").read_text(encoding="utf-8")
    moved = plan.replace("staff.csv", (elsewhere / "staff.csv").as_posix())
    (country / "plan.toml").write_text(moved, encoding="utf-8")

    write_outputs(compute_plan(country), tmp_path / "out")

    names = [each["file"] for each in read(tmp_path / "out")["inputs"]]
    assert names == ["organisations.csv", "plan.toml", "roads.toml", "staff.csv", "wells.toml"]
    assert str(tmp_path) not in (tmp_path / "out" / MANIFEST).read_text(encoding="utf-8")


def test_is_the_same_wherever_the_plan_lies(country: Path, tmp_path: Path) -> None:
    copy = tmp_path / "another place" / "copy"
    shutil.copytree(country, copy)
    write_outputs(compute_plan(country), tmp_path / "first")
    write_outputs(compute_plan(copy / "plan.toml"), tmp_path / "second")

    for path in (tmp_path / "first").iterdir():
        assert path.read_bytes() == (tmp_path / "second" / path.name).read_bytes()


def test_a_list_named_by_an_absolute_path_is_cut_to_its_name() -> None:
    assert portable("published/2023/residents.csv") == "published/2023/residents.csv"
    assert portable(os.path.abspath("lists/residents.csv")) == "residents.csv"  # noqa: PTH100


def test_a_population_of_ones_own_is_named_without_its_place(tmp_path: Path) -> None:
    own = tmp_path / "own_2022-01-01.csv"
    shutil.copy(DATA / "population/resident_register_2022-01-01.csv", own)
    outcome = compute_plan(newest_plan(), Overrides(population=(own,)))

    paths = write_outputs(outcome, tmp_path / "out")

    assert "own_2022-01-01.csv" in [each["file"] for each in read(tmp_path / "out")["inputs"]]
    history = sheet(load_workbook(paths[0]), "来歴")
    found = [str(value) for row in rows(history) for value in row if value]
    assert "利用者の指定" in found
    assert any("own_2022-01-01.csv" in text and "代わり" in text for text in found)
    assert not any(str(tmp_path) in text for text in found)


def test_records_the_options_of_the_call(tmp_path: Path) -> None:
    overrides = Overrides(
        totals={"residents": 1_600_000_000},
        dates={"residents": date(2025, 1, 1)},
        only=("residents",),
    )

    write_outputs(compute_plan(newest_plan(), overrides), tmp_path)

    assert read(tmp_path)["options"] == {
        "total": {"residents": 1_600_000_000},
        "as_of": {"residents": "2025-01-01"},
        "programme": ["residents"],
    }


def test_records_the_inputs_and_options_of_parts(tmp_path: Path) -> None:
    plan = write_mixed(tmp_path / "plan")
    late = "code,population\nE,60\nE1,10\nE2,20\nE3,30\nW,40\nW1,39\nW2,1\n"
    file = tmp_path / "late_2031-01-01.csv"
    file.write_text(late, encoding="utf-8")
    day = date(2031, 1, 1)
    overrides = Overrides({"混合": 100_500}, {"mixed": day}, (file,))

    write_outputs(compute_plan(plan, overrides), tmp_path / "out")

    manifest = read(tmp_path / "out")
    assert manifest["options"] == {"total": {"mixed": 100_500}, "as_of": {"mixed": "2031-01-01"}}
    names = [each["file"] for each in manifest["inputs"]]
    assert "late_2031-01-01.csv" in names
    assert "population.csv" not in names
    (mixed,) = manifest["programmes"]
    assert [part["given"] for part in mixed["parts"]] == [10_000, None, 1_000, 89_269]
    assert [part["total"] for part in mixed["parts"]] == [9_996, 35, 1_200, 89_269]
    outputs = [each["file"] for each in manifest["outputs"]]
    assert "parts.csv" in outputs


UNDATED_FIRST = (
    ("1/3", "staff", None),
    ("1/3", "beds", "2029-04-01"),
    ("1/3", "equal", None),
)
DATED_TWICE = (("1/2", "beds", "2030-04-01"), ("1/2", "beds", "2029-04-01"))


@pytest.mark.parametrize("shares", [UNDATED_FIRST, UNDATED_FIRST[::-1], DATED_TWICE])
def test_records_the_date_given_where_only_some_measures_have_one(
    shares: tuple[tuple[str, str, str | None], ...], tmp_path: Path
) -> None:
    plan = write_country(tmp_path / "plan", plan=PLAN + BEDS, roads=roads(shares))
    figures = "code,2029,2030\nE,3,1\nW,1,3\nE0,2,2"
    (plan / "beds.csv").write_text(figures, encoding="utf-8")
    overrides = Overrides(totals={"roads": 900}, dates={"roads": date(2030, 4, 1)})
    outcome = compute_plan(plan, overrides)

    paths = write_outputs(outcome, tmp_path / "out")

    recorded = {"total": {"roads": 900}, "as_of": {"roads": "2030-04-01"}}
    assert read(tmp_path / "out")["options"] == recorded
    history = {row[0]: row[1] for row in rows(sheet(load_workbook(paths[0]), "来歴"))}
    assert history["基準日の指定(--as-of)"] == "roads=2030-04-01"
    assert history["総額の指定(--total)"] == "roads=900"
    assert "None" not in (tmp_path / "out" / MANIFEST).read_text(encoding="utf-8")


BEDS = """\
[[measure]]
name = "beds"
as_of = 2029-04-01
file = "beds.csv"
column = "2029"
[[measure]]
name = "beds"
as_of = 2030-04-01
file = "beds.csv"
column = "2030"
"""


def roads(shares: tuple[tuple[str, str, str | None], ...]) -> str:
    """Return a programme of two prefectures with these weights, measures and dates."""
    parts = [
        f'[[share]]\nweight = "{weight}"\nby = "{by}"\n' + (f"as_of = {day}\n" if day else "")
        for weight, by, day in shares
    ]
    head = 'id = "roads"\npayers = "prefectures"\nbasis = "rule"\ntotal = 1000\n'
    rest = '[rounding]\nunit = 1\nmethod = "largest_remainder"\n[breakdown]\nby = "staff"\n'
    return head + "".join(parts) + rest


def test_records_the_encoding(country: Path, tmp_path: Path) -> None:
    write_outputs(compute_plan(country), tmp_path / "out", "cp932")

    assert read(tmp_path / "out")["csv_encoding"] == "cp932"
    assert verify(tmp_path / "out") == []
