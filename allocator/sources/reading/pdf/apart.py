"""Reading the pages of a PDF in a process of its own, which a hostile one can do no harm to."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Timer
from typing import Any, Final

from allocator.domain.errors import InputError, Problem, refuse
from allocator.domain.text import Text
from allocator.sources.reading.pdf.layout import PageLine
from allocator.sources.reading.pdf.pages import ReadPage, read_pages

_START: Final = (
    "import sys; sys.path[:] = sys.argv[1:-1]; "
    "from allocator.sources.reading.pdf.child import main; main()"
)
_PATIENCE: Final = 30.0
"""Seconds by the clock that a page may take where the system doesn't count those of work."""


def pages_apart(file: Path, content: bytes) -> Iterator[ReadPage]:
    """Yield the pages of a PDF; where no process can be started, read them in this one.

    Raises:
        InputError: what `read_pages` refuses, or a page that takes too much time or memory.
    """
    child = _started(file)
    if child is None:
        yield from read_pages(file, content)
        return
    with child:
        try:
            yield from _pages(file, content, child)
        finally:
            child.kill()


def _started(file: Path) -> subprocess.Popen[bytes] | None:
    call = [sys.executable, "-c", _START, *sys.path, str(file)]
    try:
        return subprocess.Popen(
            call,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except (OSError, ValueError):
        return None


def _pages(file: Path, content: bytes, child: subprocess.Popen[bytes]) -> Iterator[ReadPage]:
    with suppress(OSError):  # it may have ended; then it says nothing
        if child.stdin is not None:
            child.stdin.write(content)
            child.stdin.close()
    if _said(child)[0] != "ready":
        yield from read_pages(file, content)
        return
    number = 1
    while (found := _said(child))[0] == "page":
        of, characters, wrong, lines = found[1]
        read = [PageLine(at, tuple(cells), ruled) for at, cells, ruled in lines]
        yield ReadPage(of, read, characters, wrong)
        number += 1
    kind, what = found
    if kind == "refused":
        raise InputError(
            Problem(where, Text(*said), Text(*mend), code) for where, said, mend, code in what
        )
    if kind != "end":
        raise _too_much(file, number)


def _said(child: subprocess.Popen[bytes]) -> tuple[str, Any]:
    """Return what a process says next; nothing where it has ended, or is silent for too long."""
    if child.stdout is None:
        return "", None
    guard = Timer(_PATIENCE, child.kill)
    guard.start()
    try:
        line = child.stdout.readline()
    finally:
        guard.cancel()
    if not line.endswith(b"\n"):
        return "", None
    kind, what = json.loads(line)
    return kind, what


def _too_much(file: Path, page: int) -> InputError:
    return refuse(
        f"{file}: page {page}",
        Text(
            "the page takes more time or memory than any page of papers",
            "このページの読取りに、通常の資料では考えられない時間かメモリーがかかります",
        ),
        Text(
            "give the pages alone that hold the lists, printed anew as PDF",
            "一覧のあるページだけをPDFに出力し直してください",
        ),
        code="too_large",
    )
