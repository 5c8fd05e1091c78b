"""`check` of an output folder: whatever of the manifest can be worked out from the files is."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pytest

from allocator.outputs.files.manifest_form import sealed
from allocator.sources.bundled import CONFIGS, DATA
from tests.cli.calls import Caller, call_inside
from tests.outputs.country import write_country
from tests.sums import write_mixed

MANIFEST: Final = "manifest.json"


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with outputs: bundled, with options and a year before; of parts."""
    here = tmp_path_factory.mktemp("originals")
    bundled, names = str(CONFIGS / "2023"), ("a", "b", "c", "d", "e")
    options = ("--total", "residents=1600000000", "--as-of", "residents=2019-01-01")
    some = ("--programme", "residents", "--programme", "lgwan", "--previous", "2023")
    runs = {
        "plain": [bundled],
        "changed": [bundled, *options, *some],
        "parts": [str(write_mixed(here / "mixed"))],
        "old": [str(write_country(here / "country", names)), "--encoding", "cp932"],
    }
    for name, words in runs.items():
        ended = call_inside("run", *words, "--out", here / name)
        assert ended.status == 0, ended.err
    return here


def read(folder: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return content


def copied(originals: Path, name: str, target: Path) -> Path:
    shutil.copytree(originals / name, target / name)
    return target / name


@pytest.mark.parametrize("name", ["plain", "changed", "parts", "old"])
def test_what_was_written_is_sound(name: str, originals: Path, call: Caller) -> None:
    ended = call("check", originals / name)
    assert (ended.status, ended.err.count("\n")) == (0, 1), ended.err


def test_any_slip_in_the_manifest_is_noticed(originals: Path, tmp_path: Path, call: Caller) -> None:
    """One byte of it is another: all that changes what it says is found."""
    folder = copied(originals, "plain", tmp_path)
    content = (folder / MANIFEST).read_bytes()
    chance = random.Random(20260404)
    tried = 0
    while tried < 60:
        at = chance.randrange(len(content))
        byte = chance.choice(b'0123456789abcdefxyz ,.{}[]"-')
        edited = content[:at] + bytes([byte]) + content[at + 1 :]
        try:
            if json.loads(edited) == json.loads(content):
                continue
        except ValueError:
            pass
        (folder / MANIFEST).write_bytes(edited)
        assert call("check", folder).status == 2, (at, edited[at - 40 : at + 40])
        tried += 1


Edit = Callable[[dict[str, Any]], object]

FIGURES: Final[dict[str, tuple[str, Edit]]] = {
    "fiscal_year": ("plain", lambda m: m.update(fiscal_year=2024)),
    "payers_as_of": ("plain", lambda m: m.update(payers_as_of="2023-04-02")),
    "csv_encoding": ("plain", lambda m: m.update(csv_encoding="cp932")),
    "csv_encoding of cp932": ("old", lambda m: m.update(csv_encoding="utf-8")),
    "programmes[0].total": ("plain", lambda m: m["programmes"][0].update(total=1_514_000_001)),
    "programmes[3].payers": ("plain", lambda m: m["programmes"][3].update(payers=46)),
    "programmes[3].basis": ("plain", lambda m: m["programmes"][3].update(basis="rule")),
    "programmes[0].basis": ("plain", lambda m: m["programmes"][0].update(basis="estimated")),
    "programmes": ("plain", lambda m: m["programmes"][0].update(id="resident")),
    "programmes left out": ("plain", lambda m: m["programmes"].pop()),
    "programmes in order": ("plain", lambda m: m["programmes"].reverse()),
    "programmes[0].published.rows": (
        "plain",
        lambda m: m["programmes"][0]["published"].update(rows=48),
    ),
    "programmes[0].published.matched": (
        "plain",
        lambda m: m["programmes"][0]["published"].update(matched=46),
    ),
    "programmes[0].published.different": (
        "plain",
        lambda m: m["programmes"][0]["published"].update(different=1),
    ),
    "programmes[0].published": ("plain", lambda m: m["programmes"][0].update(published=None)),
    "programmes[1].parts[0].total": (
        "plain",
        lambda m: m["programmes"][1]["parts"][0].update(total=661_995_001),
    ),
    "programmes[1].parts[0].basis": (
        "plain",
        lambda m: m["programmes"][1]["parts"][0].update(basis="estimated"),
    ),
    "programmes[1].parts": ("plain", lambda m: m["programmes"][1]["parts"].pop()),
    "programmes[1].basis": ("plain", lambda m: m["programmes"][1].pop("parts")),
    "programmes[0].parts[0].total": (
        "parts",
        lambda m: m["programmes"][0]["parts"][0].update(total=1),
    ),
    "inputs": ("plain", lambda m: m["inputs"][0].update(sha256="0" * 64)),
    "inputs left out": ("plain", lambda m: m["inputs"].pop()),
    "inputs[0].file": ("plain", lambda m: m["inputs"][0].update(file="configs/2023/x.toml")),
    "options": ("plain", lambda m: m.update(options={"programme": ["residents"]})),
    "options.total": ("changed", lambda m: m["options"]["total"].update(residents=1_600_000_001)),
    "options.as_of": ("changed", lambda m: m["options"]["as_of"].update(residents="2019-01-02")),
    "options.programme": ("changed", lambda m: m["options"]["programme"].reverse()),
    "versions": ("plain", lambda m: m["versions"].update(polars="0.1")),
    "versions left out": ("plain", lambda m: m["versions"].pop("numpy")),
    "previous": ("changed", lambda m: m.update(previous=None)),
    "previous.total": ("changed", lambda m: m["previous"][0].update(total=1)),
    "previous.carried": ("changed", lambda m: m["previous"][0].update(carried=1)),
    "previous[1].total": ("changed", lambda m: m["previous"][1].update(lost=1)),
}
"""A key as the message names it, whose manifest, and what becomes of it; the seal fits."""


@pytest.mark.parametrize("form", [1, 2])
@pytest.mark.parametrize("what", FIGURES)
def test_a_figure_that_is_not_that_of_the_files(
    what: str, form: int, originals: Path, tmp_path: Path
) -> None:
    name, edit = FIGURES[what]
    folder = copied(originals, name, tmp_path)
    manifest = read(folder)
    edit(manifest)
    manifest = sealed({**manifest, "manifest": form})
    if form == 1:
        del manifest["sha256"]
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")

    ended = call_inside("check", folder)

    assert ended.status == 2, what
    assert f"manifest.json: {what.split(' ', maxsplit=1)[0]}" in ended.err


@pytest.mark.parametrize("name", ["plain", "changed", "parts", "old"])
def test_folders_of_the_earlier_form_are_read(
    name: str, originals: Path, tmp_path: Path, call: Caller
) -> None:
    folder = copied(originals, name, tmp_path)
    manifest = read(folder) | {"manifest": 1}
    del manifest["sha256"]
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    assert call("check", folder).status == 0
    if name == "plain":
        words = ("run", "--programme", "residents", "--out", tmp_path / "next", "--previous")
        assert call(*words, folder / "allocation.xlsx").status == 0


def test_bundled_files_that_are_others_by_now_are_named(
    originals: Path, tmp_path: Path, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder is what it was; who computes it again gets something else."""
    data = tmp_path / "data"
    shutil.copytree(DATA, data)
    with (data / "organisations.csv").open("a", encoding="utf-8") as file:
        file.write("\n")
    bases = {"data": data, "configs": CONFIGS}
    monkeypatch.setattr("allocator.tasks.check_outputs._BASES", bases)
    ended = call("check", originals / "plain")
    assert ended.status == 0
    assert "others by now than when this was computed: data/organisations.csv" in ended.err
