"""No output says where anything lies on this machine, however it was named in the call."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path

import pytest

from allocator.sources.bundled import DATA
from tests.cli.calls import Caller
from tests.outputs.country import write_country


@pytest.fixture
def place(here: Path) -> Path:
    """Give a folder whose name would be noticed, with plans and lists in it."""
    folder = here / "a-place-of-this-machine"
    plan = write_country(folder / "country")
    write_country(folder / "earlier")
    text = (plan / "plan.toml").read_text(encoding="utf-8")
    elsewhere = folder / "staff.csv"
    (plan / "staff.csv").rename(elsewhere)
    text = text.replace('"staff.csv"', json.dumps(str(elsewhere)))
    (plan / "plan.toml").write_text(f"previous = {json.dumps(str(folder / 'earlier'))}\n{text}")
    for name in ("residents", "lgwan"):
        shutil.copy(DATA / f"published/2023/{name}.csv", folder)
    file = folder / "residents.csv"
    content = file.read_text(encoding="utf-8")
    file.write_text(content.replace("47267000", "47268000"), encoding="utf-8")
    shutil.copy(DATA / "published/2023/residents.csv", folder / "other.csv")
    return folder


def assert_portable(file: Path, place: Path) -> None:
    """Assert that neither the file, nor a part of it where it is packed, names the place."""
    contents = [file.read_bytes()]
    if zipfile.is_zipfile(file):
        with zipfile.ZipFile(file) as archive:
            contents = [archive.read(name) for name in archive.namelist()]
    for content in contents:
        for encoding in ("utf-8", "cp932"):
            assert place.name.encode(encoding) not in content, file


def test_outputs_of_a_run(place: Path, here: Path, call: Caller) -> None:
    lists = ("--previous", f"roads={place / 'earlier'}", "--total", "roads=900000")
    for number, more in enumerate(((), lists)):
        ended = call("run", place / "country", *more, "--out", here / f"{number}")
        assert ended.status == 0, ended.err
        files = sorted((here / f"{number}").iterdir())
        assert len(files) == 5
        for file in files:
            assert_portable(file, place)


def test_outputs_of_a_bundled_plan_with_files_of_ones_own(
    place: Path, here: Path, call: Caller
) -> None:
    own = place / "own_2022-01-01.csv"
    shutil.copy(DATA / "population/resident_register_2022-01-01.csv", own)
    words = ("--population", own, "--previous", f"residents={place / 'residents.csv'}")
    ended = call("run", *words, "--programme", "residents", "--out", here / "out")
    assert ended.status == 0, ended.err
    for file in (here / "out").iterdir():
        assert_portable(file, place)


@pytest.mark.parametrize("kind", ["xlsx", "html", "md", "csv"])
def test_working_papers(kind: str, place: Path, here: Path, call: Caller) -> None:
    calls: dict[str, tuple[str | Path, ...]] = {
        "plan": ("audit", place / "residents.csv", "--programme", "residents"),
        "list": ("audit", place / "residents.csv", "--against", place / "other.csv"),
        "own": ("audit", place / "residents.csv", "--plan", place / "bundled"),
        "lists": ("compare", place / "residents.csv", place / "other.csv"),
        "plans": ("compare", place / "country", place / "earlier"),
        "mixed": ("compare", place / "lgwan.csv", place / "bundled", "--programme", "lgwan"),
    }
    shutil.copytree(DATA.parent / "configs/2023", place / "bundled")
    for name, words in calls.items():
        report = here / f"{name}.{kind}"
        ended = call(*words, "--report", report)
        assert ended.status in (0, 1), ended.err
        assert_portable(report, place)
