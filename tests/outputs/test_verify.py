"""What `verify` finds: files that are others than their manifest says, and what is no manifest."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from allocator.outputs.files.folder import MANIFEST, verify
from allocator.outputs.files.manifest_form import sealed


def read(folder: Path) -> dict[str, Any]:
    """Return a folder's manifest."""
    content: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    return content


def changed(folder: Path) -> None:
    with (folder / "allocation.csv").open("ab") as file:
        file.write(b" ")


def missing(folder: Path) -> None:
    (folder / "breakdown.csv").unlink()


def extra(folder: Path) -> None:
    (folder / "copy.csv").write_text("", encoding="utf-8")


def left_over(folder: Path) -> None:
    (folder / ".allocation.xlsx.0123abcd.new").write_text("", encoding="utf-8")


def a_folder(folder: Path) -> None:
    (folder / "allocation.csv").unlink()
    (folder / "allocation.csv").mkdir()


def a_pipe(folder: Path) -> None:
    (folder / "allocation.csv").unlink()
    os.mkfifo(folder / "allocation.csv")


def a_loop(folder: Path) -> None:
    (folder / "allocation.csv").unlink()
    (folder / "allocation.csv").symlink_to("allocation.csv")


def no_manifest(folder: Path) -> None:
    (folder / MANIFEST).unlink()


def no_json(folder: Path) -> None:
    (folder / MANIFEST).write_text("{", encoding="utf-8")


def binary(folder: Path) -> None:
    (folder / MANIFEST).write_bytes(b"\xff\xfe\x00")


def other_json(folder: Path) -> None:
    (folder / MANIFEST).write_text('{"outputs": [1]}', encoding="utf-8")


def outside(folder: Path) -> None:
    rename(folder, "../secret")


def windows(folder: Path) -> None:
    rename(folder, "..\\secret")


def nul(folder: Path) -> None:
    rename(folder, "a\0b")


def itself(folder: Path) -> None:
    rename(folder, MANIFEST)


def rename(folder: Path, name: str) -> None:
    manifest = read(folder)
    manifest["outputs"][0]["file"] = name
    seal(folder, manifest)


def no_outputs(folder: Path) -> None:
    seal(folder, {**read(folder), "outputs": []})


def without_the_amounts(folder: Path) -> None:
    manifest = read(folder)
    kept = [each for each in manifest["outputs"] if each["file"] != "allocation.csv"]
    seal(folder, {**manifest, "outputs": kept})


def named_twice(folder: Path) -> None:
    manifest = read(folder)
    seal(folder, {**manifest, "outputs": [*manifest["outputs"], manifest["outputs"][0]]})


def truth(folder: Path) -> None:
    seal(folder, {**read(folder), "manifest": True})


def a_key_twice(folder: Path) -> None:
    text = (folder / MANIFEST).read_text(encoding="utf-8")
    twice = text.replace('"fiscal_year":', '"fiscal_year": 2022, "fiscal_year":', 1)
    (folder / MANIFEST).write_text(twice, encoding="utf-8")


def no_number(folder: Path) -> None:
    text = (folder / MANIFEST).read_text(encoding="utf-8")
    (folder / MANIFEST).write_text(text.replace("1514000000", "NaN", 1), encoding="utf-8")


def text_for_a_figure(folder: Path) -> None:
    seal(folder, {**read(folder), "fiscal_year": "2023"})


def a_place_of_a_machine(folder: Path) -> None:
    manifest = read(folder)
    manifest["inputs"][0]["file"] = "/home/somebody/plan.toml"
    seal(folder, manifest)


def half_a_hash(folder: Path) -> None:
    manifest = read(folder)
    manifest["inputs"][0]["sha256"] = "abc"
    seal(folder, manifest)


def without_a_seal(folder: Path) -> None:
    manifest = read(folder)
    del manifest["sha256"]
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def sealed_in_form_1(folder: Path) -> None:
    seal(folder, {**read(folder), "manifest": 1})


def seal(folder: Path, manifest: dict[str, Any]) -> None:
    (folder / MANIFEST).write_text(json.dumps(sealed(manifest)), encoding="utf-8")


def newer(folder: Path) -> None:
    seal(folder, {**read(folder), "manifest": 3})


@pytest.mark.parametrize(
    ("harm", "place", "words"),
    [
        (changed, "allocation.csv", "not the one that the manifest records"),
        (missing, "breakdown.csv", "is not there"),
        (extra, "copy.csv", "doesn't name it"),
        (left_over, ".allocation.xlsx.0123abcd.new", "doesn't name it"),
        (a_folder, "allocation.csv", "this is a folder"),
        (a_pipe, "allocation.csv", "named pipe"),
        (a_loop, "allocation.csv", "cannot be read"),
        (no_manifest, MANIFEST, "there is no manifest"),
        (no_json, MANIFEST, "no manifest of allocator"),
        (binary, MANIFEST, "no manifest of allocator"),
        (other_json, MANIFEST, "no manifest of allocator"),
        (outside, MANIFEST, "names files elsewhere"),
        (windows, MANIFEST, "names files elsewhere"),
        (nul, MANIFEST, "no name of a file"),
        (itself, MANIFEST, "no name of a file"),
        (no_outputs, MANIFEST, "outputs: allocation.csv, allocation.xlsx"),
        (without_the_amounts, MANIFEST, "outputs: allocation.csv missing"),
        (named_twice, MANIFEST, "a file stands twice"),
        (truth, MANIFEST, "another form (True)"),
        (a_key_twice, MANIFEST, "the key fiscal_year stands twice"),
        (no_number, MANIFEST, "no manifest of allocator"),
        (text_for_a_figure, MANIFEST, "fiscal_year: "),
        (a_place_of_a_machine, MANIFEST, "inputs.0.file"),
        (half_a_hash, MANIFEST, "inputs.0.sha256"),
        (without_a_seal, MANIFEST, "changed after it was written"),
        (sealed_in_form_1, MANIFEST, "form 1 has no key sha256"),
        (newer, MANIFEST, "another form"),
    ],
)
def test_verify_finds(
    harm: Callable[[Path], None], place: str, words: str, written: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(written, folder)
    assert verify(folder) == []

    harm(folder)

    (problem,) = verify(folder)
    assert problem.where == str(folder / place)
    assert words in problem.what.en


def test_verify_says_of_a_name_that_no_file_can_have_that_it_cannot_be_read(
    written: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(written, folder)
    rename(folder, "x" * 300)
    with_all = read(folder)
    with_all["outputs"].append({"file": "allocation.csv", "sha256": "0" * 64})
    seal(folder, with_all)

    assert any("cannot be read" in each.what.en for each in verify(folder))


def test_the_outputs_of_a_folder_below_are_its_own(written: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(written, folder)
    shutil.copytree(written, folder / "supplementary-1")
    assert verify(folder) == []
    (folder / "drafts").mkdir()
    (problem,) = verify(folder)
    assert problem.where == str(folder / "drafts")


def test_verify_passes_over_the_litter_of_desktops(written: Path, tmp_path: Path) -> None:
    folder = tmp_path / "copy"
    shutil.copytree(written, folder)
    for name in ("Thumbs.db", ".DS_Store", "~$allocation.xlsx", ".~lock.allocation.xlsx#"):
        (folder / name).write_text("", encoding="utf-8")

    assert verify(folder) == []
