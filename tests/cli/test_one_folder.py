"""Runs that share a folder, are told to stop, or are killed; and what is never written over."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from allocator.outputs.files.claim import WORK, claimed
from allocator.outputs.files.folder import verify
from allocator.sources.bundled import DATA
from tests.cli.calls import ROOT, Caller, Ended, assert_refused, snapshot
from tests.outputs.country import write_country

pytestmark = [
    pytest.mark.skipif(os.name == "nt", reason="There are no such signals."),
    pytest.mark.timeout(600),
]

STOPS: Final = {"SIGINT": 130, "SIGTERM": 143, "SIGHUP": 129}


def started(words: str, cwd: Path, *before: str) -> subprocess.Popen[str]:
    """Start `allocator` in a process of its own, `before` in front of it."""
    return subprocess.Popen(
        [*before, sys.executable, "-m", "allocator", "--lang", "en", *words.split()],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


@pytest.fixture(autouse=True)
def heard() -> Iterator[None]:
    """Let the runs of a test hear SIGHUP, though the tests themselves were started by `nohup`."""
    before = signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    signal.signal(signal.SIGHUP, before)


def ended(process: subprocess.Popen[str]) -> Ended:
    out, err = process.communicate(timeout=300)
    return Ended(process.returncode, out, err)


@pytest.fixture
def plan(here: Path) -> Path:
    """Give a small plan, in the folder that the calls are made from."""
    return write_country(here / "country")


RUN: Final = "run country --out out"
OTHER: Final = f"{RUN} --total roads=2000000"


@pytest.mark.usefixtures("plan")
def test_two_runs_at_once_write_one_after_the_other(here: Path) -> None:
    for words, folder in ((RUN, "one"), (OTHER, "other")):
        assert ended(started(words.replace("--out out", f"--out {folder}"), here)).status == 0
    whole = [snapshot(here / name) for name in ("one", "other")]
    for _ in range(2):
        both = [started(words, here) for words in (RUN, OTHER)]
        assert [ended(each).status for each in both] == [0, 0]
        assert verify(here / "out") == []
        assert snapshot(here / "out") in whole


@pytest.mark.usefixtures("plan")
def test_a_folder_that_another_run_does_not_let_go_of_is_refused(here: Path, call: Caller) -> None:
    assert call(*RUN.split()).status == 0
    before = snapshot(here / "out")
    with claimed(here / "out"):
        refused = call(*OTHER.split())
        checked = call("check", "out")
    assert_refused(refused, "out: another run is writing there at this moment")
    assert_refused(checked, "out: a run is writing into this folder at this moment")
    assert snapshot(here / "out") == before


@pytest.mark.parametrize("words", ["extract list.csv --out out", RUN])
@pytest.mark.usefixtures("plan")
def test_who_writes_several_files_holds_the_folder(words: str, here: Path, call: Caller) -> None:
    shutil.copy(DATA / "published/2023/residents.csv", here / "list.csv")
    with claimed(here / "out"):
        assert_refused(call(*words.split()), "another run is writing there")
    assert call(*words.split()).status == 0


@pytest.mark.parametrize("name", STOPS)
@pytest.mark.usefixtures("plan")
def test_who_is_told_to_stop_leaves_things_in_order(name: str, here: Path) -> None:
    assert ended(started(RUN, here)).status == 0
    before = snapshot(here / "out")
    with claimed(here / "out"):  # so that the run is still there when it is told
        run = started(OTHER, here)
        time.sleep(3)
        os.kill(run.pid, getattr(signal, name))
        done = ended(run)
    assert done.status == STOPS[name], done.err
    assert "interrupted" in done.err
    assert "Traceback" not in done.err
    assert snapshot(here / "out") == before
    assert verify(here / "out") == []


@pytest.mark.usefixtures("plan")
def test_what_the_caller_lets_it_ignore_stays_ignored(here: Path) -> None:
    if shutil.which("nohup") is None:
        pytest.skip("There is no nohup here.")
    with claimed(here / "out"):
        run = started(RUN, here, "nohup")
        time.sleep(3)
        os.kill(run.pid, signal.SIGHUP)
    assert ended(run).status == 0
    assert verify(here / "out") == []


@pytest.mark.usefixtures("plan")
def test_runs_that_are_killed_or_stopped_at_any_moment(here: Path) -> None:
    """After the next run there is what it wrote; before, never a mix that `check` would pass."""
    for words, folder in ((RUN, "one"), (OTHER, "other")):
        assert ended(started(words.replace("--out out", f"--out {folder}"), here)).status == 0
    whole = [snapshot(here / name) for name in ("one", "other")]
    shutil.copytree(here / "one", here / "out")
    began = time.monotonic()
    assert ended(started(OTHER, here)).status == 0
    length = time.monotonic() - began
    chance = random.Random(20260403)
    for number in range(8):
        run = started((RUN, OTHER)[number % 2], here)
        time.sleep(length * chance.uniform(0.5, 1))
        run.send_signal((signal.SIGKILL, signal.SIGTERM)[number % 3 == 2])
        ended(run)
        if verify(here / "out") == []:
            found = snapshot(here / "out")
            assert {key: each for key, each in found.items() if not key.startswith(WORK)} in whole
        with claimed(here / "out"):
            pass
        assert snapshot(here / "out") in whole
    assert ended(started(RUN, here)).status == 0
    assert snapshot(here / "out") == whole[0]


# -- never an input --------------------------------------------------------------------------------


@pytest.mark.parametrize("how", ["itself", "link", "hard link"])
def test_a_run_writes_over_nothing_that_it_read(
    how: str, plan: Path, here: Path, call: Caller
) -> None:
    text = (plan / "plan.toml").read_text(encoding="utf-8")
    (plan / "plan.toml").write_text(text.replace("staff.csv", "allocation.csv"), encoding="utf-8")
    (plan / "staff.csv").rename(plan / "allocation.csv")
    (here / "out").mkdir()
    out = "country" if how == "itself" else "out"
    if how == "link":
        (plan / "allocation.csv").rename(here / "out/allocation.csv")
        (plan / "allocation.csv").symlink_to(here / "out/allocation.csv")
    if how == "hard link":
        (here / "out/allocation.csv").hardlink_to(plan / "allocation.csv")
    before = snapshot(here)
    refused = call("run", "country", "--out", out)
    assert_refused(refused, f"{out}/allocation.csv: this file was read, and is not written over")
    assert snapshot(here) == before


@pytest.mark.usefixtures("plan")
def test_nor_over_what_it_is_compared_with(here: Path, call: Caller) -> None:
    assert call(*RUN.split()).status == 0
    before = snapshot(here)
    words = (*RUN.split(), "--programme", "roads", "--previous", "roads=out/allocation.csv")
    assert_refused(call(*words), "out/allocation.csv: this file was read")
    assert snapshot(here) == before


@pytest.mark.usefixtures("plan")
def test_nor_over_what_the_run_of_another_plan_reads(here: Path, call: Caller) -> None:
    write_country(here / "out/2031")
    file = here / "out/2031/plan.toml"
    text = file.read_text(encoding="utf-8").replace("2030", "2031")
    file.write_text(text.replace("staff.csv", "../2030/breakdown.csv"), encoding="utf-8")
    (here / "out/2030").mkdir()
    (here / "out/2031/staff.csv").rename(here / "out/2030/breakdown.csv")
    before = snapshot(here)
    refused = call("run", "country", "out/2031", "--out", "out")
    assert_refused(refused, "out/2030/breakdown.csv: this file was read")
    assert snapshot(here) == before


def test_nor_a_report_over_a_file_of_the_plan(here: Path, call: Caller) -> None:
    shutil.copytree(ROOT / "configs/2023", here / "plan")
    (here / "plan/published/2023").mkdir(parents=True)
    own = here / "plan/published/2023/residents.csv"
    shutil.copy(DATA / "published/2023/residents.csv", own)
    shutil.copy(own, here / "list.csv")
    before = snapshot(here)
    words = ("audit", "list.csv", "--plan", "plan", "--programme", "residents", "--report")
    refused = call(*words, "plan/published/2023/residents.csv")
    assert_refused(refused, "read for the audit")
    assert snapshot(here) == before


def test_nor_an_extraction_over_its_document(here: Path, call: Caller) -> None:
    (here / "out").mkdir()
    shutil.copy(DATA / "published/2023/residents.csv", here / "out/left_out.csv")
    before = snapshot(here)
    assert_refused(call("extract", "out/left_out.csv", "--out", "out"), "this file was read")
    assert snapshot(here) == before
