"""An output folder that cannot be written: said at once, and nothing left behind."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from allocator.domain.text import shortened
from tests.cli.calls import OUTPUTS, Caller, Ended, assert_refused, call_outside, snapshot

RUN = ("run", "--programme", "residents")


def a_file_in_its_place(here: Path) -> Path:
    (here / "results").write_text("mine", encoding="utf-8")
    return here / "results"


def below_a_file(here: Path) -> Path:
    return a_file_in_its_place(here) / "2023" / "deep"


def a_link_to_nowhere(here: Path) -> Path:
    (here / "results").symlink_to(here / "gone" / "away")
    (here / "gone").write_text("a file", encoding="utf-8")
    return here / "results"


def a_link_to_itself(here: Path) -> Path:
    (here / "results").symlink_to(here / "results")
    return here / "results"


def a_name_that_is_too_long(here: Path) -> Path:
    return here / ("x" * 300)


def a_path_that_is_too_long(here: Path) -> Path:
    return here.joinpath(*["deep"] * 2_000)


PLACES: list[Callable[[Path], Path]] = [
    a_file_in_its_place,
    below_a_file,
    a_link_to_nowhere,
    a_link_to_itself,
    a_name_that_is_too_long,
    a_path_that_is_too_long,
]


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_a_place_for_no_folder(place: Callable[[Path], Path], here: Path, call: Caller) -> None:
    out = place(here)
    before = snapshot(here)
    assert_refused(call(*RUN, "--out", out), str(out)[:200], "--out")
    assert snapshot(here) == before
    as_json = call("--lang", "ja", *RUN, "--out", out, "--json")
    assert as_json.status == 2
    assert as_json.err.startswith("エラー: ")
    assert [error["where"] for error in as_json.object["errors"]] == [shortened(str(out))]
    assert snapshot(here) == before


@pytest.mark.parametrize("out", ["/proc/allocator", "/proc/self/allocator/2023", "/dev/null/2023"])
def test_a_place_of_the_system(out: str, here: Path, call: Caller) -> None:
    if not Path("/proc/self").is_dir():
        pytest.skip("this system has no /proc and /dev/null of Linux")
    assert_refused(call(*RUN, "--out", out), out, "--out")
    assert snapshot(here) == {}


@pytest.mark.parametrize("name", OUTPUTS)
def test_a_folder_where_an_output_belongs(name: str, here: Path, call: Caller) -> None:
    (here / "results" / name).mkdir(parents=True)
    before = snapshot(here)
    assert_refused(call(*RUN, "--out", "results"), name)
    assert snapshot(here) == before


def test_a_folder_without_the_right_to_write(
    here: Path, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    (here / "results").mkdir()
    (here / "results").chmod(0o555)
    try:
        if os.access(here / "results", os.W_OK):
            # This user (root) may write anywhere: the system is made to say no.
            monkeypatch.setattr("os.access", lambda *_: False)
        assert_refused(call(*RUN, "--out", "results"), "results", "--out")
        assert snapshot(here) == {"results": None}
    finally:
        (here / "results").chmod(0o755)


@pytest.mark.parametrize("files", range(len(OUTPUTS)))
@pytest.mark.parametrize("there_before", [False, True])
def test_a_disk_that_fills_up(
    files: int,
    there_before: bool,
    here: Path,
    call: Caller,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After so many files the disk is full: not even the folders that were made remain."""
    if there_before:
        assert call(*RUN, "--out", here / "a" / "b").status == 0
    before = snapshot(here)
    opened = iter(range(100))
    really_open = Path.open

    def open_until_full(self: Path, mode: str = "r", **settings: Any) -> Any:
        if mode == "xb" and next(opened) == files:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return really_open(self, mode, **settings)

    monkeypatch.setattr(Path, "open", open_until_full)
    ended = call(*RUN, "--total", "residents=47000", "--out", here / "a" / "b")
    monkeypatch.undo()
    assert_refused(ended, os.strerror(errno.ENOSPC), "--out")
    assert snapshot(here) == before


def test_the_default_folder_is_refused_in_the_same_way(here: Path, call: Caller) -> None:
    (here / "out").write_text("mine", encoding="utf-8")
    assert_refused(call(*RUN), "out/2023", "--out")
    assert snapshot(here) == {"out": b"mine"}


def test_in_a_process_of_its_own(here: Path) -> None:
    a_file_in_its_place(here)
    ended: Ended = call_outside([*RUN, "--out", "results"], cwd=here)
    assert_refused(ended, "results", "--out")
    assert snapshot(here) == {"results": b"mine"}


def test_two_plans_and_a_place_for_one_of_them(here: Path, call: Caller) -> None:
    """The second plan's folder cannot be made: the first plan's outputs are not written either."""
    for year in (2024, 2025):
        folder = here / f"plan{year}"
        folder.mkdir()
        (folder / "plan.toml").write_text(f'fiscal_year = {year}\nprogrammes = ["equal"]\n')
        (folder / "equal.toml").write_text(
            'id = "equal"\npayers = "prefectures"\nbasis = "rule"\ntotal = 47\n'
            '[[share]]\nweight = 1\nby = "equal"\n'
            '[rounding]\nunit = 1\nmethod = "largest_remainder"\n'
        )
    (here / "results").mkdir()
    (here / "results" / "2025").write_text("mine", encoding="utf-8")
    before = snapshot(here)
    ended = call("run", here / "plan2024", here / "plan2025", "--out", "results")
    assert_refused(ended, "results/2025")
    assert snapshot(here) == before
