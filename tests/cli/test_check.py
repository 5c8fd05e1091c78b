"""`allocator check`: plans, data files and output folders; nothing is ever changed."""

from __future__ import annotations

import io
import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from allocator.sources.bundled import CONFIGS, DATA
from tests.cli.calls import OUTPUTS, Caller, assert_refused, call_inside, snapshot
from tests.plans.plans import Change, write_plan
from tests.sources.downloads import WARD, bundled, ministry_rows, write_xls
from tests.sources.files import as_csv, population


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("checked") / "outputs"
    assert call_inside("run", "--programme", "residents", "--out", folder).status == 0
    return folder


@pytest.fixture
def copied(outputs: Path, here: Path) -> Path:
    return shutil.copytree(outputs, here / "outputs")


SOUND = [
    (CONFIGS / "2023", "plan"),
    (CONFIGS / "2023" / "plan.toml", "plan"),
    (DATA / "population" / "resident_register_2025-01-01.csv", "measure"),
    (DATA / "published" / "2023" / "residents.csv", "list"),
    (DATA / "published" / "2023" / "intermediate_server.csv", "list"),
    (DATA / "organisations.csv", "register"),
]


@pytest.mark.parametrize(("path", "kind"), SOUND, ids=lambda value: getattr(value, "name", value))
def test_what_is_bundled_is_sound(path: Path, kind: str, here: Path, call: Caller) -> None:
    ended = call("check", path)
    assert (ended.status, ended.out) == (0, "")
    assert str(path) in ended.err
    found = call("check", path, "--json")
    assert (found.status, found.err) == (0, "")
    assert found.object["kind"] == kind
    assert snapshot(here) == {}


def test_a_plan_with_faults(here: Path, call: Caller) -> None:
    plan = write_plan(
        here,
        Change("split", "unit = 1000", "unit = 0"),
        Change("units", "from = 9_000", "from = 4_000"),
    )
    before = snapshot(here)
    assert_refused(call("check", plan), "split.toml: rounding.unit", "units.toml: unit_amount")
    assert snapshot(here) == before


def test_a_plan_whose_list_is_missing(here: Path, call: Caller) -> None:
    (here / "staff.csv").write_text("code,persons\n010006,1\n", encoding="utf-8")
    plan = write_plan(here, Change("carried", "2023/jpki.csv", "2022/jpki.csv"))
    assert_refused(call("check", plan), "carried", "published/2022/jpki.csv")


def test_outputs_that_fit_their_manifest(copied: Path, here: Path, call: Caller) -> None:
    before = snapshot(here)
    assert call("check", copied, "--json").object["kind"] == "outputs"
    assert snapshot(here) == before


@pytest.mark.parametrize("name", OUTPUTS[:-1])
def test_an_output_that_was_changed_or_is_missing(name: str, copied: Path, call: Caller) -> None:
    (copied / name).write_bytes((copied / name).read_bytes() + b" ")
    assert_refused(call("check", copied), str(copied / name))
    (copied / name).unlink()
    assert_refused(call("check", copied), str(copied / name), "not there")


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"manifest": 1, "outputs": 5}', "\0"])
def test_a_manifest_that_is_none(text: str, copied: Path, call: Caller) -> None:
    (copied / "manifest.json").write_text(text, encoding="utf-8")
    assert_refused(call("check", copied), str(copied / "manifest.json"))


def test_a_manifest_that_names_files_elsewhere(copied: Path, call: Caller) -> None:
    manifest = json.loads((copied / "manifest.json").read_text(encoding="utf-8"))
    manifest["outputs"][0]["file"] = "../../elsewhere.csv"
    (copied / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert_refused(call("check", copied), str(copied / "manifest.json"))


def test_a_file_that_the_manifest_does_not_name(copied: Path, call: Caller) -> None:
    (copied / "more.csv").write_text("a\n", encoding="utf-8")
    assert_refused(call("check", copied), str(copied / "more.csv"))


def test_a_population_with_faults(here: Path, call: Caller) -> None:
    rows = population(date(2025, 1, 1))
    file = here / "people.csv"
    file.write_text(as_csv(rows[:-1]), encoding="utf-8")
    assert_refused(call("check", file), "people.csv", rows[-1]["code"])
    rows[5] = rows[5] | {"population": "-1"}
    file.write_text(as_csv(rows), encoding="utf-8")
    assert_refused(call("check", file), "people.csv: line 7, column population")


def test_a_list_whose_total_is_wrong(here: Path, call: Caller) -> None:
    text = (DATA / "published" / "2023" / "residents.csv").read_text(encoding="utf-8")
    file = here / "residents.csv"
    file.write_text(f"{text},合計,,1514000000\n", encoding="utf-8")
    assert call("check", file).status == 0
    file.write_text(f"{text},合計,,1514000001\n", encoding="utf-8")
    assert_refused(call("check", file), "1,514,000,001", "1,514,000,000")


NOTHING_WE_KNOW: dict[str, Callable[[Path], Path]] = {
    "a folder": lambda here: here,
    "nothing": lambda here: here / "nothing",
    "an empty file": lambda here: _write(here / "a.csv", ""),
    "a letter": lambda here: _write(here / "a.txt", "拝啓\n敬具\n"),
    "no figures": lambda here: _write(here / "a.csv", "code,prefecture\n010006,北海道\n"),
    "an empty plan": lambda here: _write(here / "plan.toml", ""),
}


def _write(file: Path, text: str) -> Path:
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("name", NOTHING_WE_KNOW)
def test_nothing_we_know(name: str, here: Path, call: Caller) -> None:
    path = NOTHING_WE_KNOW[name](here)
    before = snapshot(here)
    assert_refused(call("check", path), str(path))
    as_json = call("check", path, "--json")
    assert as_json.status == 2
    assert as_json.object["errors"]
    assert snapshot(here) == before


def test_standard_input(call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    good = b"code,amount\n010006,1\n"
    for content, status, said in (
        (good, 0, "standard-input: a list of 1 amounts"),
        (good + b"020001,x\n", 2, "Error: standard-input: line 3, column amount"),
    ):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
        ended = call("check", "-")
        assert (ended.status, ended.out) == (status, "")
        assert ended.err.startswith(said)


@pytest.mark.parametrize("title", ["", "一覧,,\n,,\n"], ids=["plain", "under a title"])
def test_lines_are_those_of_the_file_whatever_its_cells_hold(
    title: str, here: Path, call: Caller
) -> None:
    rows = '"code\n(6 digits)",code,amount\n"a\n\nb",010006,1\nc,020001,x\n'
    file = _write(here / "a.csv", title + rows)
    line = 6 + title.count("\n")
    assert_refused(call("check", file), f"line {line}, column amount")


def test_a_spreadsheet_as_downloaded(here: Path, call: Caller) -> None:
    rows = ministry_rows(
        [*bundled("2019-01-01"), WARD], "平成31年1月1日 住民基本台帳人口", blank="-"
    )
    ended = call("check", write_xls(here / "soumu.xls", rows))
    assert ended.status == 0
    assert "population of 1,788 organisations, sound" in ended.err
    assert "rows left out: 1 total rows, 1 wards of designated cities, 1 notes" in ended.err


def test_what_is_to_be_said_stands_on_lines_of_its_own(tmp_path: Path, call: Caller) -> None:
    (tmp_path / "list.csv").write_text("code,amount\n10006,5\n020001,7\n", encoding="utf-8")
    ended = call("check", tmp_path / "list.csv")
    assert ended.err.splitlines() == [
        f"{tmp_path / 'list.csv'}: a list of 2 amounts, 12 yen altogether, sound",
        "  codes completed to six digits: 1 (lines 2)",
    ]
