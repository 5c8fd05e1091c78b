"""Hostile files end quickly and in little memory: 2 s and 500 MB each, start-up included.

Counted are seconds by the clock, or of what the processors do for the command and the processes
that it starts where that is less, so that other programs beside it change little. A file is made
once for all commands; how long that takes doesn't count. `-k parquet`, `-k "xlsx and audit"` …
choose some.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from allocator.sources.bundled import DATA
from tests.bombs.commands import BY_THE_SAME_WAY, COMMANDS, LISTED, TAKEN_BY
from tests.bombs.old_workbooks import OLD_WORKBOOKS
from tests.bombs.parquets import PARQUETS
from tests.bombs.pdfs import PDFS
from tests.bombs.plans import PLANS
from tests.bombs.texts import TEXTS
from tests.bombs.workbooks import WORKBOOKS
from tests.documents.hostile import HOSTILE as DOCUMENTS
from tests.sources.hostile import HOSTILE, large_rubbish

SECONDS: Final = 2.0
BYTES: Final = 500_000_000
LONGEST_LINE: Final = 2_500
"""The most characters of a line of a message: a place and what is wrong, a thousand each."""

MOST_SAID: Final = 20_000

Maker = Callable[[Path], Path]
MAKERS: Final[dict[str, Maker]] = {
    **{name: maker for name, (maker, _) in DOCUMENTS.items()},
    **HOSTILE,
    "large_rubbish": partial(large_rubbish, size=300_000_000),
    **PARQUETS,
    **TEXTS,
    **WORKBOOKS,
    **OLD_WORKBOOKS,
    **PDFS,
    **PLANS,
}
OTHERS: Final = ("run", "audit", "extract", "check")


def _taken_by(number: int, kind: str) -> Sequence[str]:
    commands = TAKEN_BY.get(kind.partition("_")[0], OTHERS)
    return (*commands, *BY_THE_SAME_WAY) if "register" in commands and not number % 5 else commands


CASES: Final = [
    pytest.param(kind, command, id=f"{kind}-{command}")
    for number, kind in enumerate(MAKERS)
    for command in _taken_by(number, kind)
]
SOUND: Final = {"extract": (0,), "check": (0,), "compare": (0,), "against": (0, 1)}
"""What ends well where a file, hostile or not, can be read: it is sound, or compared."""

# A process of its own measures: the peak of a child counts from that of its parent, and that which
# makes the files is large. No file may take the machine with it. By the clock a busy machine seems
# slow, and by the work of all cores together a quiet one does: the lesser of both is counted.
MEASURED: Final = """
import json, os, resource, sys, time
resource.setrlimit(resource.RLIMIT_CPU, (30, 31))
resource.setrlimit(resource.RLIMIT_AS, (8_000_000_000, 8_000_000_000))
call = [sys.executable, "-m", "allocator", *sys.argv[1:]]
began = time.perf_counter()
child = os.posix_spawn(sys.executable, call, os.environ)
_, status, usage = os.wait4(child, 0)
seconds = min(time.perf_counter() - began, usage.ru_utime + usage.ru_stime)
print(json.dumps([os.waitstatus_to_exitcode(status), seconds, usage.ru_maxrss]))
"""


class Made(NamedTuple):
    """The file that was made last; the cases of one come one after the other."""

    kind: str
    folder: Path
    path: Path


@pytest.fixture(scope="session")
def made() -> list[Made]:
    """Return where the file of the last case is kept."""
    return []


@pytest.fixture(scope="session")
def warm(surroundings: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the environment after every command has kept its byte code."""
    for command, words in COMMANDS.items():
        folder = tmp_path_factory.mktemp(command)
        call = [sys.executable, "-m", "allocator", *words(folder, LISTED)]
        subprocess.run(call, cwd=folder, env=surroundings, capture_output=True, check=False)
    return surroundings


def file_of(kind: str, made: list[Made], factory: pytest.TempPathFactory) -> Path:
    """Return a hostile file, made anew only where the last case had another; that one goes."""
    if not made or made[0].kind != kind:
        for each in made:
            shutil.rmtree(each.folder)
        made.clear()  # whatever becomes of the next one
        folder = factory.mktemp("bomb")
        made[:] = [Made(kind, folder, MAKERS[kind](folder))]
    return made[0].path


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="Only POSIX tells a child's peak memory.")
@pytest.mark.parametrize(("kind", "command"), CASES)
def test_a_hostile_file_ends_at_once(
    kind: str,
    command: str,
    tmp_path: Path,
    made: list[Made],
    tmp_path_factory: pytest.TempPathFactory,
    warm: dict[str, str],
) -> None:
    words = COMMANDS[command](tmp_path, file_of(kind, made, tmp_path_factory))
    measured = subprocess.run(
        [sys.executable, "-S", "-c", MEASURED, "--lang", "en", *words],
        cwd=tmp_path,
        env=warm,
        capture_output=True,
        text=True,
        check=True,
    )
    status, seconds, peak = json.loads(measured.stdout.splitlines()[-1])
    peak *= 1 if sys.platform == "darwin" else 1024
    print(f"{command} {kind}: {seconds:.2f} s, {peak / 1e6:.0f} MB")
    assert status in (2, *SOUND.get(command, ())), measured.stderr[-500:]
    if status == 2:
        assert measured.stderr.startswith("Error: ")
        assert measured.stderr.count("Error: ") == measured.stderr.count("To mend it: ")
    assert max(map(len, measured.stderr.splitlines())) <= LONGEST_LINE
    assert len(measured.stderr) <= MOST_SAID
    assert seconds <= SECONDS
    assert peak <= BYTES


def test_what_is_compared_with_is_there() -> None:
    """A bundled list that is missing would be refused in place of the bomb."""
    assert (DATA / "published" / "2023" / "residents.csv").is_file()
