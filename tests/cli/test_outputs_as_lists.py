"""The tool's own outputs wherever lists are asked for: checked, named by a plan, extracted."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest

from allocator.sources.bundled import CONFIGS
from tests.acceptance.recompute import published, table
from tests.cli.calls import Caller, assert_refused, call_inside
from tests.cli.own import CARRIED, HOKKAIDO, PROGRAMMES, ROWS, with_amount
from tests.outputs.country import ROADS, write_country


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("as_lists") / "2023"
    ended = call_inside("run", "--out", folder)
    assert ended.status == 0, ended.err
    return folder


@pytest.mark.parametrize("name", ["allocation.csv", "allocation.xlsx"])
def test_an_output_is_checked_programme_by_programme(
    call: Caller, outputs: Path, name: str
) -> None:
    """Every row of the table, or of the sheet of a programme, is taken or left out."""
    found = call("check", outputs / name, "--json")
    assert (found.status, found.err) == (0, "")
    assert found.object["kind"] == "list"
    read = found.object["read"]
    assert {each["name"]: each["rows_taken"] for each in read} == ROWS
    for each in read:
        assert each["rows_taken"] + len(each["left_out"]) == each["rows_in"]
        if name == "allocation.csv":
            first = each["name"] == PROGRAMMES[0]
            assert [row["reason"] for row in each["left_out"]] == (["header"] if first else [])
        else:
            assert all(row["line"].startswith("sheet 算定") for row in each["left_out"])
            assert {"title", "header"} <= {row["reason"] for row in each["left_out"]}
    ended = call("check", outputs / name)
    for programme in PROGRAMMES:
        assert f"{sum(published(programme).values()):,} yen altogether, sound" in ended.err


def test_sheets_that_differ_are_not_sound(call: Caller, outputs: Path, here: Path) -> None:
    content = (outputs / "allocation.xlsx").read_bytes()
    for sheet in ("一覧1", "算定1", "市区町村別"):
        changed = with_amount(content, sheet, HOKKAIDO, f"<v>{HOKKAIDO + 1}</v>")
        (here / "changed.xlsx").write_bytes(changed)
        refused = call("check", "changed.xlsx")
        assert_refused(refused, "residents: other amounts than on sheet 算定1")


@pytest.mark.parametrize("name", ["allocation.csv", "allocation.xlsx"])
def test_an_output_as_the_list_of_a_plan(
    call: Caller, outputs: Path, tmp_path: Path, name: str
) -> None:
    """Carried forward and published alike, each programme has its own list in it."""
    plan = tmp_path / "plan"
    shutil.copytree(CONFIGS / "2023", plan)
    shutil.copy(outputs / name, plan / name)
    for programme in PROGRAMMES:
        file = plan / f"{programme}.toml"
        text = file.read_text(encoding="utf-8")
        assert f"published/2023/{programme}.csv" in text
        file.write_text(text.replace(f"published/2023/{programme}.csv", name), encoding="utf-8")
    assert call("check", plan).status == 0
    ended = call("run", plan, "--out", tmp_path / "out", "--json")
    assert ended.status == 0, ended.err
    for each in ended.object["programmes"]:
        assert each["total"] == sum(published(each["id"]).values())
        if each["id"] not in CARRIED:
            assert each["published"]["matched"] == each["published"]["rows"] == ROWS[each["id"]]
    rows = {(row["programme"], row["code"]): row for row in table(tmp_path / "out/allocation.csv")}
    for programme in CARRIED:
        for code, amount in published(programme).items():
            assert int(rows[programme, code]["amount"]) == amount

    changed = (outputs / "allocation.csv").read_bytes().replace(b"47267000", b"47267001")
    (plan / "allocation.csv").write_bytes(changed)
    if name == "allocation.csv":
        found = call("run", plan, "--out", tmp_path / "again", "--json").object["programmes"][0]
        assert (found["published"]["matched"], found["published"]["different"]) == (46, 1)


@pytest.mark.parametrize("name", ["allocation.csv", "allocation.xlsx"])
def test_the_lists_of_an_output_are_extracted(
    call: Caller, outputs: Path, here: Path, name: str
) -> None:
    ended = call("extract", outputs / name, "--out", "out", "--json")
    assert ended.status == 0, ended.err
    for programme in PROGRAMMES:
        found = table(here / "out" / "2023" / f"{programme}.csv")
        amounts = {row["code"]: int(row["amount"]) for row in found}
        assert amounts == published(programme)
    document = ended.object
    assert document["rows_taken"] == sum(ROWS.values())
    assert document["rows_in"] == document["rows_taken"] + len(document["left_out"])
    places = {(row["file"], row["line"]) for row in table(here / "out" / "left_out.csv")}
    assert len(places) == len(document["left_out"]), "each row once"
    if name == "allocation.xlsx":
        book = openpyxl.load_workbook(outputs / name, read_only=True)
        assert document["rows_in"] == sum(sheet.max_row or 0 for sheet in book.worksheets)


def test_two_programmes_of_one_name(tmp_path: Path, call: Caller) -> None:
    wells = """\
id = "wells"
name = "負担金"
payers = "municipalities"
basis = "rule"
total = 1000
share = [{ weight = "1", by = "staff" }]
rounding = { unit = 100, method = "largest_remainder" }
"""
    roads = ROADS.replace("道路[1]: 'に係る負担金", "負担金").partition("[breakdown]")[0]
    plan = write_country(tmp_path / "country", names=tuple("ABCDE"), roads=roads, wells=wells)
    assert call("run", plan, "--out", tmp_path / "out").status == 0
    for name in ("allocation.csv", "allocation.xlsx"):
        ended = call("audit", tmp_path / "out" / name, "--plan", plan, "--json")
        assert ended.status == 0, ended.err
        assert [each["matched"] for each in ended.object["audits"]] == [2, 5]
