"""A folder that one run at a time writes into, and what a run that was killed leaves in it.

While files are replaced, everything that is not yet, or no longer, one of them lies in a folder of
its own below, `.allocator`:

    lock        held by the run that is writing
    new/        the files to come, under their own names
    old/        the files that stood there
    journal     there from the first file that is replaced to the last: which files, which of them
                stood there before, which folders were made

Where there is a journal and no one holds the lock, a run was killed in between, and everything is
put back; where there is none, what lies there is of no use to anybody.
"""

from __future__ import annotations

import errno
import io
import json
import os
import re
import shutil
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Final, Literal

from allocator.domain.errors import InputError
from allocator.files.locking import HeldError, hold, is_held, let_go
from allocator.files.source import open_source

WORK: Final = ".allocator"
PATIENCE: Final = 5.0
"""Seconds that a run waits for another: putting files into place takes a fraction of one."""

_LOCK: Final = "lock"
_JOURNAL: Final = "journal"
_EARLIER: Final = re.compile(r"\.(?P<name>.+)\.(?P<mark>[0-9a-f]{8})\.(?P<kind>new|old)")
"""What versions before this one called files on their way."""

State = Literal["none", "writing", "midway", "left over"]


@dataclass(frozen=True)
class Journal:
    """What is being replaced: names below the folder, in order, and how it was before."""

    names: tuple[str, ...]
    there: frozenset[str]
    folders: tuple[str, ...]

    def write(self, file: Path) -> None:
        """Write the journal; one that is not whole is none."""
        content = {"names": self.names, "there": sorted(self.there), "folders": self.folders}
        with file.open("xb") as opened:
            opened.write(json.dumps(content).encode())


@contextmanager
def claimed(folder: Path) -> Iterator[Path]:
    """Hold a folder, made where it isn't there; give the folder for what is on its way.

    What a killed run left is put in order first, and nothing is left behind.

    Raises:
        HeldError: another run is writing into it, and doesn't come to an end.
        OSError, ValueError: the folder can't be made or written.
    """
    work, made = folder / WORK, missing(folder)
    try:
        lock = _held(work)
        try:
            put_back(folder)
            yield work
        finally:
            if not (work / _JOURNAL).exists():
                for kind in ("new", "old"):
                    shutil.rmtree(work / kind, ignore_errors=True)
            let_go(lock, work / _LOCK)
    finally:
        take_away((work, *reversed(made)))


def _held(work: Path) -> io.FileIO:
    until = time.monotonic() + PATIENCE
    while True:
        work.mkdir(parents=True, exist_ok=True)
        _refuse_link(work)
        try:
            return hold(work / _LOCK, until - time.monotonic())
        except FileNotFoundError:  # the run before has just taken its folder away
            if time.monotonic() >= until:
                raise


def missing(folder: Path) -> list[Path]:
    """Return the folders that have to be made for one, from the top down."""
    found: list[Path] = []
    at = folder
    while not at.exists() and at != at.parent:
        found.append(at)
        at = at.parent
    return found[::-1]


def take_away(folders: Iterable[Path]) -> None:
    """Take folders away, the deepest first, where nothing is left in them."""
    for folder in folders:
        with suppress(OSError):
            folder.rmdir()


def put_back(folder: Path) -> None:
    """Undo what a journal says was begun, and take away what is of no more use.

    Raises:
        OSError: a file can't be put back; the next run tries again.
    """
    work = folder / WORK
    journal = _read(folder) or Journal((), frozenset(), ())
    there = journal.there
    for name in journal.names:
        kept, target = work / "old" / name, inside(folder, name)
        if os.path.lexists(kept):
            kept.replace(target)
        elif name not in there and not os.path.lexists(work / "new" / name):
            target.unlink(missing_ok=True)
    for name in reversed(journal.folders):
        with suppress(OSError):
            inside(folder, name).rmdir()
    (work / _JOURNAL).unlink(missing_ok=True)
    for kind in ("new", "old"):
        with suppress(FileNotFoundError):
            shutil.rmtree(work / kind)


def journal_of(work: Path) -> Path:
    """Return where the journal of a folder lies."""
    return work / _JOURNAL


def inside(folder: Path, name: str) -> Path:
    """Return the file of a name below a folder.

    Raises:
        OSError: the name or a link leads out of the folder.
    """
    target = folder / name
    plain = not any(part in ("..", "/", "") for part in PurePosixPath(name).parts)
    if plain and target.parent.resolve().is_relative_to(folder.resolve()):
        return target
    raise OSError(errno.EXDEV, "a link leads out of the folder", str(target))


def state_of(folder: Path) -> State:
    """Tell what a run does in a folder, or has left there; nothing is changed."""
    work = folder / WORK
    if not os.path.lexists(work):
        return "none"
    if is_held(work / _LOCK):
        return "writing"
    if os.path.lexists(work / _JOURNAL):
        return "midway"
    try:
        names = {each.name for each in work.iterdir()}
    except OSError:
        return "left over"
    return "left over" if names - {_LOCK} else "none"


def is_unfinished(folder: Path) -> bool:
    """Tell whether a run is writing into a folder, or was killed there."""
    return state_of(folder) != "none"


# -- what versions before this one left ------------------------------------------------------------


def is_left_over(name: str) -> bool:
    """Tell whether a file is called as those that a killed run of an earlier version left."""
    return bool(_EARLIER.fullmatch(name))


def put_in_order(folders: Iterable[Path], names: Iterable[str], *, whole: bool) -> None:
    """Put back, or take away, what a killed run of an earlier version left of files so called.

    It took the description away first and put it back last: where that is missing (`whole` is
    false), the old files are those that belong together.
    """
    wanted = {PurePosixPath(name).name for name in names}
    for folder in folders:
        for file in sorted(folder.iterdir()) if folder.is_dir() else ():
            found = _EARLIER.fullmatch(file.name)
            if found is None or found["name"] not in wanted or not _is_plain(file):
                continue
            if found["kind"] == "old" and not whole:
                file.replace(folder / found["name"])
            file.unlink(missing_ok=True)


def _is_plain(file: Path) -> bool:
    return not stat.S_ISDIR(file.lstat().st_mode)


def _refuse_link(work: Path) -> None:
    if not stat.S_ISDIR(work.lstat().st_mode):
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(work))


def _read(folder: Path) -> Journal | None:
    """Return the journal of a folder, None where there is none, or none that is whole."""
    try:
        content = json.loads(open_source(folder / WORK / _JOURNAL).text())
        names, there, folders = (content[key] for key in ("names", "there", "folders"))
        if not all(isinstance(each, str) for each in (*names, *there, *folders)):
            return None
        return Journal(tuple(names), frozenset(there), tuple(folders))
    except (InputError, ValueError, KeyError, TypeError, RecursionError):
        return None


__all__ = [
    "PATIENCE",
    "WORK",
    "HeldError",
    "Journal",
    "claimed",
    "inside",
    "is_left_over",
    "is_unfinished",
    "journal_of",
    "missing",
    "put_back",
    "put_in_order",
    "state_of",
    "take_away",
]
