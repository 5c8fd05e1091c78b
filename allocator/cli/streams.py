"""Standard output and error of a process: where writing fails, that is noted, and stops nothing.

A reader may have gone away (`… | head`), a disk may be full, a stream may be closed. The work is
done all the same, and its exit status is what was found; `delivery.py` says what comes of it.
"""

from __future__ import annotations

import errno
import io
import os
import select
import sys
from contextlib import suppress
from typing import Any, TextIO

_NAMES = ("stdin", "stdout", "stderr")


class _Kept(io.RawIOBase):
    """What lies below a stream, or nothing where it is closed; notes the first failure."""

    def __init__(self, raw: io.RawIOBase | None) -> None:
        super().__init__()
        self._raw = raw
        self.failure: OSError | None = None

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        if self._raw is None:
            raise io.UnsupportedOperation("fileno")
        return self._raw.fileno()

    def isatty(self) -> bool:
        with suppress(OSError, ValueError):
            return self._raw is not None and self._raw.isatty()
        return False

    def write(self, content: Any, /) -> int:
        """Write what can be written; after a failure nothing more is tried."""
        size = memoryview(content).nbytes
        if self._raw is None:
            self.failure = OSError(errno.EBADF, os.strerror(errno.EBADF))
        if self.failure is not None or self._raw is None:
            return size
        try:
            while (written := self._raw.write(content)) is None:
                select.select([], [self._raw], [])  # a pipe that doesn't wait: wait for it here
        except OSError as error:
            self.failure = error
            return size
        return written


def keep_streams() -> None:
    """Put streams that never fail in the place of those of this process.

    A closed one has its number taken, for otherwise the next file to be opened would get it, and
    whatever a library prints would be written into that file.
    """
    for number in range(len(_NAMES)):
        try:
            os.fstat(number)
        except OSError:
            with suppress(OSError):
                os.set_inheritable(os.open(os.devnull, os.O_RDWR), True)
    sys.stdout = _kept(sys.stdout, errors="backslashreplace")  # a terminal may have no kanji
    sys.stderr = _kept(sys.stderr, errors="backslashreplace")


def failure_of(stream: object) -> OSError | None:
    """Return why not all could be written to a stream, once it was flushed; None: all was."""
    if not isinstance(stream, io.TextIOWrapper):
        return None
    with suppress(OSError, ValueError):
        stream.flush()
    kept = getattr(stream.buffer, "raw", None)
    return kept.failure if isinstance(kept, _Kept) else None


def _kept(stream: TextIO | None, errors: str) -> TextIO:
    if stream is not None and not isinstance(stream, io.TextIOWrapper):
        return stream  # whoever put it there knows what becomes of it
    below = None if stream is None else getattr(stream.buffer, "raw", stream.buffer)
    return io.TextIOWrapper(
        io.BufferedWriter(_Kept(below)),
        encoding="utf-8" if stream is None else stream.encoding,
        errors=errors,
        line_buffering=stream is not None and stream.line_buffering,
    )
