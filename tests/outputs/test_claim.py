"""One folder, one run: a lock that no kill leaves behind, and order after a kill at any moment."""

from __future__ import annotations

import errno
import os
import random
import signal
import threading
import time
from pathlib import Path
from typing import Final

import pytest

from allocator.domain.errors import InputError
from allocator.files.locking import HeldError, hold, is_held, let_go
from allocator.outputs.files.claim import WORK, claimed
from allocator.outputs.files.folder import verify, write_outputs
from allocator.outputs.files.replacing import replace_files
from allocator.tasks.compute import compute_plan
from tests.outputs.country import write_country
from tests.outputs.killed import ONE, OTHER, needs_posix, python, state

NAMES_OF_OUTPUTS: Final = ("allocation.csv", "report.html", "manifest.json")


# -- the lock --------------------------------------------------------------------------------------


def test_one_holds_a_file_and_then_another(tmp_path: Path) -> None:
    file = tmp_path / "lock"
    first = hold(file, 0)
    assert is_held(file)
    with pytest.raises(HeldError):
        hold(file, 0.2)
    threading.Timer(0.3, let_go, (first, file)).start()
    second = hold(file, 10)
    assert is_held(file)
    let_go(second, file)
    assert not is_held(file)
    assert list(tmp_path.iterdir()) == []


def test_many_at_once_hold_it_one_by_one(tmp_path: Path) -> None:
    """The file is taken away each time, and yet two never hold it."""
    file, inside, most = tmp_path / "lock", [0], [0]

    def work() -> None:
        for _ in range(20):
            held = hold(file, 60)
            inside[0] += 1
            most[0] = max(most[0], inside[0])
            time.sleep(0.001)
            inside[0] -= 1
            let_go(held, file)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert most == [1]
    assert list(tmp_path.iterdir()) == []


@needs_posix
def test_a_lock_of_who_was_killed_is_free(tmp_path: Path) -> None:
    code = (
        "from allocator.outputs.files.claim import claimed\n"
        "with claimed(folder):\n print('in', flush=True)\n signal.pause()\n"
    )
    with python(code, tmp_path) as child:
        assert child.stdout is not None
        child.stdout.readline()
        with pytest.raises(InputError, match="another run is writing there"):
            replace_files(tmp_path, ONE)
        child.kill()
        child.wait()
        assert (tmp_path / WORK / "lock").is_file()
        replace_files(tmp_path, ONE)
    assert state(tmp_path) == ONE
    assert not (tmp_path / WORK).exists()


def test_a_link_in_the_place_of_the_lock_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / WORK).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(FileExistsError):
        replace_files(tmp_path / "out", ONE)
    assert state(tmp_path) == {}


# -- killed ----------------------------------------------------------------------------------------

AT_A_STEP: Final = """\
import shutil
count = 0
def counted(real):
    def call(*words, **more):
        global count
        count += 1
        if count == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*words, **more)
    return call
replace_files(folder, one)
for place, name in ((Path, "replace"), (Path, "unlink"), (Path, "mkdir"), (Path, "open"),
                    (os, "link"), (shutil, "rmtree")):
    setattr(place, name, counted(getattr(place, name)))
replace_files(folder, other, lambda: gone["other"])
print(count, flush=True)
"""


@needs_posix
@pytest.mark.timeout(600)
def test_killed_at_any_step(tmp_path: Path) -> None:
    """Whatever was reached: the next who claims the folder finds the old files, or the new ones."""
    seen = set()
    for step in range(1, 100):
        folder = tmp_path / f"{step}"
        with python(AT_A_STEP, folder, str(step)) as child:
            assert child.stdout is not None
            done = child.stdout.read()
            assert child.wait() == (0 if done else -signal.SIGKILL)
        if done:
            break
        with claimed(folder):
            pass
        found = state(folder)
        assert found in (ONE, OTHER), step
        seen.add(found == ONE)
        assert not (folder / WORK).exists()
    assert step > 20
    assert seen == {True, False}


AGAIN_AND_AGAIN: Final = """\
replace_files(folder, one, lambda: gone["one"])
print("begun", flush=True)
while True:
    replace_files(folder, other, lambda: gone["other"])
    replace_files(folder, one, lambda: gone["one"])
"""


@needs_posix
@pytest.mark.timeout(600)
def test_killed_at_any_moment(tmp_path: Path) -> None:
    chance = random.Random(20260401)
    for _ in range(30):
        with python(AGAIN_AND_AGAIN, tmp_path) as child:
            assert child.stdout is not None
            child.stdout.readline()
            time.sleep(chance.uniform(0, 0.05))
        with claimed(tmp_path):
            pass
        assert state(tmp_path) in (ONE, OTHER)


def test_a_kill_while_things_are_put_back_is_none(tmp_path: Path) -> None:
    """A journal that is worked off twice gives the same."""
    code = AT_A_STEP.replace('"other"])\nprint', '"other"])\nprint')
    with python(code, tmp_path, "25") as child:
        child.wait()
    assert (tmp_path / WORK / "journal").is_file()
    journal = (tmp_path / WORK / "journal").read_bytes()
    with claimed(tmp_path):
        (tmp_path / WORK / "journal").write_bytes(journal)
        (tmp_path / WORK / "new").mkdir()
        for name in OTHER:
            (tmp_path / WORK / "new" / name).write_bytes(b"")
    with claimed(tmp_path):
        pass
    assert state(tmp_path) == ONE


def test_a_journal_that_leads_elsewhere_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("mine", encoding="utf-8")
    work = tmp_path / "out" / WORK
    work.mkdir(parents=True)
    for name in ("../precious", str(tmp_path / "precious")):
        text = f'{{"names": ["{name}"], "there": [], "folders": []}}'
        (work / "journal").write_text(text, encoding="utf-8")
        with pytest.raises(OSError, match="leads out of the folder"):
            replace_files(tmp_path / "out", ONE)
        assert (tmp_path / "precious").is_file()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"names": [1]}', b"\xff"])
def test_half_a_journal_is_none(content: bytes, tmp_path: Path) -> None:
    (tmp_path / WORK).mkdir()
    (tmp_path / WORK / "journal").write_bytes(content)
    replace_files(tmp_path, ONE)
    assert state(tmp_path) == ONE


@needs_posix
def test_a_pipe_in_the_place_of_a_journal_is_none(tmp_path: Path) -> None:
    (tmp_path / WORK).mkdir()
    os.mkfifo(tmp_path / WORK / "journal")
    replace_files(tmp_path, ONE)
    assert state(tmp_path) == ONE


# -- what a killed run leaves, and `check` ---------------------------------------------------------


@pytest.fixture
def outputs(tmp_path: Path) -> Path:
    """Give a folder with the outputs of a small plan."""
    write_country(tmp_path / "country")
    write_outputs(compute_plan(tmp_path / "country"), tmp_path / "out")
    return tmp_path / "out"


def again(folder: Path) -> None:
    write_outputs(compute_plan(folder.parent / "country"), folder)


def test_who_checks_while_a_run_writes_is_told(outputs: Path) -> None:
    with claimed(outputs):
        (problem,) = verify(outputs)
    assert problem.code == "in_use"
    assert "at this moment" in problem.what.en
    assert verify(outputs) == []


def test_a_lock_that_is_left_alone_is_no_fault(outputs: Path) -> None:
    (outputs / WORK).mkdir()
    (outputs / WORK / "lock").write_bytes(b"")
    assert verify(outputs) == []
    assert (outputs / WORK / "lock").exists()
    again(outputs)
    assert not (outputs / WORK).exists()


def test_a_run_that_was_killed_midway_is_said_and_undone_by_the_next(outputs: Path) -> None:
    before = state(outputs)
    (outputs / WORK / "old").mkdir(parents=True)
    (outputs / "manifest.json").replace(outputs / WORK / "old/manifest.json")
    (outputs / "report.html").replace(outputs / WORK / "old/report.html")
    (outputs / "report.html").write_bytes(b"new")
    (outputs / WORK / "journal").write_text(
        '{"names": ["report.html", "manifest.json"], "there": ["report.html", "manifest.json"],'
        ' "folders": []}'
    )
    (problem,) = verify(outputs)
    assert problem.where == str(outputs / WORK)
    assert "some are old, some are new" in problem.what.en
    with pytest.raises(InputError):  # a run that comes to nothing puts the folder in order too
        replace_files(outputs, {"x": b""}, lambda: (_ for _ in ()).throw(InputError([problem])))
    assert state(outputs) == before
    assert verify(outputs) == []


def test_what_is_left_over_is_said_and_cleared_by_the_next(outputs: Path) -> None:
    before = state(outputs)
    (outputs / WORK / "new").mkdir(parents=True)
    (outputs / WORK / "new/report.html").write_bytes(b"half")
    (outputs / ".report.html.0123abcd.new").write_bytes(b"half")
    (outputs / ".report.html.0123abcd.old").write_bytes(b"old")
    (outputs / ".my.0123abcd.old").write_bytes(b"mine")
    (problem,) = verify(outputs)
    assert "left by a run that was stopped" in problem.what.en
    assert "run again into this folder" in problem.mend.en
    again(outputs)
    assert state(outputs) == before | {".my.0123abcd.old": b"mine"}


def test_an_earlier_version_that_was_killed_midway(outputs: Path) -> None:
    """It left the old files under other names: where the manifest is among them, they count."""
    before = state(outputs)
    for name in ("report.html", "manifest.json"):
        (outputs / name).replace(outputs / f".{name}.0123abcd.old")
    (outputs / "report.html").write_bytes(b"new")
    (outputs / ".manifest.json.0123abcd.new").write_bytes(b"new")

    def stop() -> list[str]:
        raise OSError(errno.ENOSPC, "stopped before anything is written")

    with pytest.raises(OSError, match="stopped before"):
        replace_files(outputs, {name: before[name] for name in NAMES_OF_OUTPUTS}, stop)
    assert state(outputs) == before


def test_a_link_below_a_folder_of_outputs_is_not_followed_out_of_it(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/below").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="leads out of the folder"):
        replace_files(tmp_path / "out", ONE)
    assert state(tmp_path) == {}
