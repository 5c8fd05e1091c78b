"""docs/outputs.md describes the files that a run writes: names, columns, sheets, keys."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest

from docs.build import ROOT
from tests.docs.pages import Section, figures, page

OUTPUTS: Final = page("docs/outputs.md")
IDS: Final = ("residents", "jpki", "intermediate_server", "lgwan")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Run the bundled plan and return what it prints as JSON."""
    folder = tmp_path_factory.mktemp("results")
    return _json(["run", "--out", str(folder), "--json"])


@pytest.fixture(scope="module")
def results(printed: Any) -> Path:
    """Return the folder of the outputs."""
    return Path(printed["outputs"][0]).parent


@pytest.fixture(scope="module")
def workbook(results: Path) -> Any:
    """Open the workbook."""
    return openpyxl.load_workbook(results / "allocation.xlsx")


def named(section: Section, table: int, column: str) -> list[str]:
    """Return what a table of a section names in a column."""
    return [figure for row in section.tables[table] for figure in figures(row[column])]


def header(file: Path) -> list[str]:
    """Return the names of a CSV file's columns."""
    return file.read_text(encoding="utf-8-sig").splitlines()[0].split(",")


def test_files(results: Path) -> None:
    said = named(OUTPUTS.sections["Outputs"], 0, "file")

    assert sorted(said) == sorted(path.name for path in results.iterdir())


def test_columns(results: Path) -> None:
    said = named(OUTPUTS.sections["`allocation.csv`"], 0, "column")

    assert said == header(results / "allocation.csv")
    assert [*said, "label"] == header(results / "breakdown.csv")
    assert "`label`" in OUTPUTS.sections["`breakdown.csv`"].text


def test_sheets(workbook: Any) -> None:
    said = named(OUTPUTS.sections["`allocation.xlsx`"], 0, "sheet")
    there = [re.sub(r"^(\w+?)\d.*", r"\g<1>1", sheet.title) for sheet in workbook]

    assert said == list(dict.fromkeys(there))


def test_defined_names(workbook: Any) -> None:
    said = set(named(OUTPUTS.sections["`allocation.xlsx`"], 1, "name"))
    there = {re.sub(rf"^({'|'.join(IDS)})_", "<id>_", name) for name in workbook.defined_names}
    there = {re.sub(r"_part_\d+_", "_part_1_", name) for name in there}

    assert said == there


def test_keys_of_the_manifest(results: Path) -> None:
    said = named(OUTPUTS.sections["`manifest.json`"], 0, "key")
    manifest = json.loads((results / "manifest.json").read_text(encoding="utf-8"))

    assert sorted(said) == sorted(manifest)


def test_keys_of_json(printed: Any) -> None:
    of_run, of_show = page("docs/cli.md").sections["JSON"].tables
    for rows, said in ((of_run, printed), (of_show, _json(["show", "131016", "--json"]))):
        first = {name for row in rows for name in figures(row["key"])}
        further = {name for row in rows for name in figures(row["meaning"])}
        assert set(said) <= first
        assert _keys(said) <= first | further


def _json(arguments: list[str]) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "allocator", *arguments],
        cwd=ROOT,
        capture_output=True,
        check=True,
        encoding="utf-8",
    )
    return json.loads(done.stdout)


def _keys(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(_keys, value.values()))
    if isinstance(value, list):
        return set().union(*map(_keys, value))
    return set()
