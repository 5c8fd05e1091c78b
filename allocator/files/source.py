"""A file as it was when it was opened: its bytes are read once, and everything works on those.

Nothing but files is opened, and pipes that the call itself gives: a FIFO on a disk, a device or a
socket may never end, and what was read of it is gone for the next reader.
"""

from __future__ import annotations

import errno
import io
import os
import re
import stat
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Final

from allocator.domain.errors import InputError, Problem, refuse
from allocator.domain.text import Text
from allocator.files.paths import exists, resolved
from allocator.files.sniff import GIVE_ANOTHER, LARGEST_FILE, FileKind, sniff, unreadable

DASH: Final = "-"
"""What stands for standard input on the command line."""

_STANDARD_INPUT: Final = Text("standard-input", "標準入力")
_PIPE: Final = Text("pipe", "パイプ")
_OF_STANDARD_INPUT: Final = re.compile(r"-|/dev/stdin|(/dev/fd|/proc/self/fd)/0")
_OF_PIPES: Final = re.compile(r"(/dev/fd|/proc/self/fd)/[0-9]+")
_PIECE: Final = 1_000_000
_KINDS: Final[tuple[tuple[Callable[[int], bool], Text], ...]] = (
    (stat.S_ISDIR, Text("this is a folder, not a file", "ファイルではなくフォルダーです")),
    (
        stat.S_ISFIFO,
        Text(
            "this is a named pipe (FIFO), not a file",
            "ファイルではなく名前付きパイプ(FIFO)です",
        ),
    ),
    (stat.S_ISSOCK, Text("this is a socket, not a file", "ファイルではなくソケットです")),
    (
        lambda mode: not stat.S_ISREG(mode),
        Text("this is a device, not a file", "ファイルではなくデバイスです"),
    ),
)


class MissingError(InputError):
    """There is no such file."""


@dataclass(frozen=True)
class Source:
    """What was read of one file.

    `path` is the file as it was named, which messages give as the place; `-` is `standard-input`.
    `stream` is what a pipe is called, which has no name of its own.
    """

    path: Path
    content: bytes = field(repr=False)
    stream: Text | None = None

    @cached_property
    def sha256(self) -> str:
        """The sha256 of the content, in hexadecimal."""
        import hashlib

        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def kind(self) -> FileKind:
        """What the file is, by its content.

        Raises:
            InputError: empty, HTML, a zip that is no workbook, noise.
        """
        return sniff(self.path, self.content)

    @property
    def label(self) -> Text:
        """What the file is called where its name will do: 標準入力 for standard input."""
        return self.stream or Text(self.path.name, self.path.name)

    @property
    def name(self) -> str:
        """The file's name without its folder, the same wherever and whenever it is read."""
        return self.label.en

    def text(self) -> str:
        """Return the content as UTF-8 text with plain line ends, without a byte order mark.

        Raises:
            UnicodeDecodeError: it is no UTF-8.
        """
        return io.TextIOWrapper(io.BytesIO(self.content), encoding="utf-8-sig").read()


class Sources:
    """The files of one run, each opened once, however often it is asked for. Threads may share it.

    A file that changes while a run goes on changes nothing in it.
    """

    def __init__(self, opened: Iterable[Source] = ()) -> None:
        """Begin with files that an earlier run has `opened`, or with none."""
        self._lock = Lock()
        self._keys: dict[Path, Path] = {}
        self._opened: dict[Path, Source] = {}
        for source in opened:
            given = Path(DASH) if source.stream == _STANDARD_INPUT else source.path
            self._keys[given] = _key(given)
            self._opened[_key(given)] = source

    def open(self, path: Path) -> Source:
        """Return what `path` holds, named as it is named here; see `open_source`."""
        with self._lock:
            # Where a path leads to stays the same, whatever becomes of the file or the link.
            key = self._keys.get(path) or _key(path)
            found = self._opened.get(key)
            if found is None:
                found = self._opened[key] = open_source(path)
            self._keys[path] = key
        named = _named(path)
        return found if found.path == named else _renamed(found, named)

    @property
    def paths(self) -> list[Path]:
        """The files that were opened, by every name that they were asked for by."""
        with self._lock:
            return list(self._keys)

    def has(self, path: Path) -> bool:
        """Tell whether there is something at `path`, or was when it was opened."""
        return path in self._keys or exists(path)


def is_standard_input(name: str) -> bool:
    """Tell whether a file's name is one of those of standard input."""
    return bool(_OF_STANDARD_INPUT.fullmatch(name))


def open_source(path: Path) -> Source:
    """Read a file, a pipe of the call (/dev/stdin, /dev/fd/N) or standard input (-) to its end.

    Raises:
        MissingError: there is no such file.
        InputError: a folder, a FIFO, a device, a socket, larger than `LARGEST_FILE`, or not to be
            read.
    """
    name = path.as_posix()
    stream = None
    if is_standard_input(name):
        stream = _STANDARD_INPUT
    elif _OF_PIPES.fullmatch(name):
        stream = _PIPE
    try:
        if name == DASH:
            return Source(_named(path), _standard_input(_named(path)), stream)
        # A look before the door is opened: some devices act on being opened, sockets can't be.
        _refuse_kind(path, path.stat().st_mode, is_pipe=stream is not None)
        return Source(path, _content(path, is_pipe=stream is not None), stream)
    except FileNotFoundError:
        what = Text("the file is not there", "ファイルがありません")
        raise MissingError(Problem(str(path), what, GIVE_ANOTHER, code="missing_file")) from None
    except (OSError, ValueError) as error:
        raise unreadable(_named(path), error) from None


def open_regular(path: Path) -> io.FileIO:
    """Open a file of any size for reading piece by piece; whoever asks has to close it.

    Raises:
        InputError: a folder, a FIFO, a device or a socket.
        OSError, ValueError: it can't be opened.
    """
    _refuse_kind(path, path.stat().st_mode)
    opened = _opened(path)
    try:
        _refuse_kind(path, os.fstat(opened.fileno()).st_mode)
    except BaseException:
        opened.close()
        raise
    return opened


def _content(path: Path, *, is_pipe: bool) -> bytes:
    with _opened(path) as opened:
        found = os.fstat(opened.fileno())
        _refuse_kind(path, found.st_mode, is_pipe=is_pipe)
        if stat.S_ISREG(found.st_mode):
            return _whole(path, opened.read, found.st_size)
        os.set_blocking(opened.fileno(), True)  # for what is still to be written
        return _whole(path, opened.read)


def _opened(path: Path) -> io.FileIO:
    """Open a file without waiting for anything: a FIFO waits for who writes to it."""
    flags = os.O_RDONLY
    for name in ("O_NONBLOCK", "O_CLOEXEC", "O_NOCTTY", "O_BINARY"):  # each where there is one
        flags |= getattr(os, name, 0)
    return io.FileIO(os.open(path, flags), "rb")


def _standard_input(path: Path) -> bytes:
    if sys.stdin is None:
        raise refuse(
            str(path),
            Text("standard input is closed", "標準入力が閉じられています"),
            GIVE_ANOTHER,
            code="cannot_read",
        )
    return _whole(path, sys.stdin.buffer.read)


def _whole(path: Path, read: Callable[[int], bytes | None], size: int = 0) -> bytes:
    """Read up to the end, but no more than one byte beyond the limit."""
    if size > LARGEST_FILE:
        raise _too_large(path, size)
    pieces: list[bytes] = []
    total = 0
    # A file is read in one go; the second reading finds its end.
    while piece := read(min(max(size + 1 - total, _PIECE), LARGEST_FILE + 1 - total)):
        pieces.append(piece)
        total += len(piece)
        if total > LARGEST_FILE:
            raise _too_large(path)
    if piece is None:
        raise unreadable(path, BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN)))
    return b"".join(pieces)


def _refuse_kind(path: Path, mode: int, *, is_pipe: bool = False) -> None:
    """Refuse by name what is no file."""
    if is_pipe and stat.S_ISFIFO(mode):
        return
    for is_kind, what in _KINDS:
        if is_kind(mode):
            raise refuse(str(path), what, GIVE_ANOTHER, code="not_a_file")


def _too_large(path: Path, size: int | None = None) -> InputError:
    what = (
        Text(
            f"more than the {LARGEST_FILE:,} bytes that are read",
            f"大きすぎます(上限 {LARGEST_FILE:,} バイト)",
        )
        if size is None
        else Text(
            f"the file has {size:,} bytes, more than the {LARGEST_FILE:,} that are read",
            f"ファイルが大きすぎます({size:,} バイト、上限 {LARGEST_FILE:,})",
        )
    )
    mend = Text("give the table alone, without the rest", "必要な表だけのファイルにしてください")
    return refuse(str(path), what, mend, code="too_large")


def _named(path: Path) -> Path:
    """Return a path as messages give it."""
    return Path(_STANDARD_INPUT.en) if str(path) == DASH else path


def _key(path: Path) -> Path:
    """Return one path for all that lead to one file, and for all names of standard input.

    Where a pipe leads to is no path, and two of them may seem to lead to one.
    """
    name = path.as_posix()
    if is_standard_input(name):
        return Path(DASH)
    return path if _OF_PIPES.fullmatch(name) else resolved(path)


def _renamed(source: Source, path: Path) -> Source:
    """Return the same content under another of its names; what is known of it isn't lost."""
    named = replace(source, path=path)
    known = {name: value for name, value in vars(source).items() if name in ("sha256", "kind")}
    vars(named).update(known)
    return named
