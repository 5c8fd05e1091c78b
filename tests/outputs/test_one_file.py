"""A report is one file: there at every moment, and never written through a link."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from allocator.domain.errors import InputError
from allocator.outputs.files.replacing import replace_report
from tests.outputs.killed import needs_posix, python, state


def test_a_report_is_there_at_every_moment(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    contents = (b"one" * 100_000, b"other" * 100_000)
    replace_report(file, contents[0])
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            for content in contents:
                replace_report(file, content)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for _ in range(300):
            assert file.read_bytes() in contents
    finally:
        stop.set()
        writer.join()
    assert list(tmp_path.iterdir()) == [file]


@needs_posix
@pytest.mark.timeout(600)
def test_a_report_whose_run_is_killed_is_the_old_or_the_new_one(tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    code = (
        "file = folder / 'report.json'\nreplace_report(file, b'one' * 9999)\n"
        "print('begun', flush=True)\n"
        "while True:\n"
        "    replace_report(file, b'other' * 9999)\n    replace_report(file, b'one' * 9999)\n"
    )
    chance = random.Random(20260402)
    for _ in range(15):
        with python(code, tmp_path) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(chance.uniform(0, 0.02))
        assert file.read_bytes() in (b"one" * 9999, b"other" * 9999)
    replace_report(file, b"last")
    assert state(tmp_path) == {"report.json": b"last"}


def test_two_runs_with_one_report_wait_for_one_another(tmp_path: Path) -> None:
    contents = [bytes([65 + number]) * 200_000 for number in range(6)]
    file = tmp_path / "report.json"
    threads = [threading.Thread(target=replace_report, args=(file, each)) for each in contents]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert file.read_bytes() in contents
    assert list(tmp_path.iterdir()) == [file]


def to_a_file(folder: Path) -> Path:
    (folder / "target").write_text("precious", encoding="utf-8")
    (folder / "r.json").symlink_to("target")
    return folder / "r.json"


def to_nothing(folder: Path) -> Path:
    (folder / "r.json").symlink_to("gone")
    return folder / "r.json"


def to_a_folder(folder: Path) -> Path:
    (folder / "target").mkdir()
    (folder / "r.json").symlink_to("target")
    return folder / "r.json"


def to_itself(folder: Path) -> Path:
    (folder / "r.json").symlink_to("r.json")
    return folder / "r.json"


def to_a_device(folder: Path) -> Path:
    (folder / "r.json").symlink_to("/dev/null")
    return folder / "r.json"


@pytest.mark.parametrize("make", [to_a_file, to_nothing, to_a_folder, to_itself, to_a_device])
def test_no_link_is_written_through_or_replaced(
    make: Callable[[Path], Path], tmp_path: Path
) -> None:
    file = make(tmp_path)
    before = state(tmp_path)
    with pytest.raises(InputError, match="this is a link"):
        replace_report(file, b"new")
    assert file.is_symlink()
    assert state(tmp_path) == before


def test_a_folder_or_a_pipe_is_no_place_for_a_report(tmp_path: Path) -> None:
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(InputError, match="this is a folder"):
        replace_report(tmp_path / "folder.json", b"new")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.json")
        with pytest.raises(InputError, match="a device or a pipe"):
            replace_report(tmp_path / "pipe.json", b"new")


def test_a_link_in_the_way_to_a_report_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    replace_report(tmp_path / "link/r.json", b"new")
    assert (tmp_path / "real/r.json").read_bytes() == b"new"


def test_another_name_of_the_old_report_keeps_it(tmp_path: Path) -> None:
    replace_report(tmp_path / "r.json", b"old")
    (tmp_path / "kept").hardlink_to(tmp_path / "r.json")
    replace_report(tmp_path / "r.json", b"new")
    assert state(tmp_path) == {"kept": b"old", "r.json": b"new"}


def test_a_report_that_cannot_be_written_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        replace_report(tmp_path / "a" / "b" / ("x" * 300), b"new")
    assert list(tmp_path.iterdir()) == []
    replace_report(tmp_path / "a" / ("x" * 250), b"new")
    assert len(state(tmp_path)) == 1
