"""A file that one process at a time holds. The system lets go of it when the process ends, however.

Nothing is stale after a kill: what counts is not that the file is there, but that it is held.
"""

from __future__ import annotations

import errno
import io
import os
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

_PAUSE: Final = 0.05
"""Seconds between two tries."""

_BUSY: Final = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)


class HeldError(Exception):
    """Somebody else holds the file."""


def hold(file: Path, seconds: float) -> io.FileIO:
    """Open or make a file and hold it, once nobody else does; to be handed to `let_go`.

    Raises:
        HeldError: somebody else still held it after `seconds`.
        OSError: it cannot be made, or is a link, or this kind of disk knows no locks.
    """
    until = time.monotonic() + seconds
    while True:
        opened = _opened(file, os.O_RDWR | os.O_CREAT)
        try:
            # Who held it before may have taken it away since it was opened here.
            if _lock(opened) and _is_at(opened, file):
                return opened
        except BaseException:
            opened.close()
            raise
        opened.close()
        if time.monotonic() >= until:
            raise HeldError
        time.sleep(_PAUSE)


def let_go(opened: io.FileIO, file: Path) -> None:
    """Let go of what `hold` gave, and take the file away."""
    if os.name != "nt":
        with suppress(OSError):
            file.unlink()  # still held: nobody can have begun to hold it under this name
    opened.close()
    if os.name == "nt":
        with suppress(OSError):
            file.unlink()  # which fails where somebody else has opened it by now


def is_held(file: Path) -> bool:
    """Tell whether somebody holds a file just now; nothing is made or changed."""
    try:
        opened = _opened(file, os.O_RDONLY)
    except OSError:
        return False
    with opened, suppress(OSError):
        return not _lock(opened, shared=True)
    return False


def _opened(file: Path, flags: int) -> io.FileIO:
    for name in ("O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK", "O_BINARY"):  # each where there is one
        flags |= getattr(os, name, 0)
    mode = "rb" if flags & os.O_RDWR == 0 else "r+b"
    return io.FileIO(os.open(file, flags, 0o666), mode)


def _is_at(opened: io.FileIO, file: Path) -> bool:
    with suppress(FileNotFoundError):
        return os.path.samestat(os.fstat(opened.fileno()), os.lstat(file))
    return False


if sys.platform == "win32":
    import msvcrt

    def _lock(opened: io.FileIO, *, shared: bool = False) -> bool:  # noqa: ARG001 none is shared
        """Try to hold one byte far beyond the content, so that this can still be read."""
        opened.seek(0x7FFF0000)
        try:
            msvcrt.locking(opened.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno in _BUSY:
                return False
            raise
        finally:
            opened.seek(0)
        return True

else:
    import fcntl

    def _lock(opened: io.FileIO, *, shared: bool = False) -> bool:
        """Try to hold the file; a look at it (`shared`) stands in the way of no other look."""
        how = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(opened, how | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in _BUSY:
                return False
            raise
        return True
