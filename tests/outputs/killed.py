"""Processes that put files into place and are killed while they do."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest

from tests.cli.calls import ROOT

NAMES: Final = ("a.csv", "below/b.csv", "c.csv", "manifest.json")
ONE: Final = dict.fromkeys(NAMES, b"one" * 1000)
OTHER: Final = dict.fromkeys(("a.csv", "c.csv", "d.csv", "manifest.json"), b"other" * 500)
GONE_IN: Final = {"one": ("d.csv",), "other": ("below/b.csv",)}

needs_posix = pytest.mark.skipif(os.name == "nt", reason="There is no SIGKILL.")


def state(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


PRELUDE: Final = f"""\
import os, signal, sys
from pathlib import Path
from allocator.outputs.files.replacing import replace_files, replace_report
one = dict.fromkeys({NAMES!r}, b"one" * 1000)
other = dict.fromkeys({tuple(OTHER)!r}, b"other" * 500)
gone = {GONE_IN!r}
folder = Path(sys.argv[1])
"""


@contextmanager
def python(code: str, folder: Path, *more: str) -> Iterator[subprocess.Popen[bytes]]:
    """Run code in a process of its own, which is at an end with the block."""
    words = [sys.executable, "-c", PRELUDE + code, str(folder), *more]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(words, env=environment, stdout=subprocess.PIPE) as child:
        try:
            yield child
        finally:
            child.kill()
