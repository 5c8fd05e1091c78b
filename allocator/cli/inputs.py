"""Files named on the command line, `-` for standard input."""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path
from typing import Final

import click

STANDARD_INPUT = "standard-input"


def given(path: Path) -> Path:
    """Return the file that a path on the command line means; `-` is what standard input holds.

    What is read from there lies in a temporary folder until the command ends: a file is sniffed
    and may be read more than once.
    """
    if str(path) != "-":
        return path
    folder = tempfile.TemporaryDirectory(prefix="allocator-")
    click.get_current_context().call_on_close(folder.cleanup)
    file = Path(folder.name) / STANDARD_INPUT
    file.write_bytes(sys.stdin.buffer.read())
    _FOLDERS.append(folder.name + os.sep)
    return file


def named(text: str) -> str:
    """Return a text in which standard input is called so, and not by where it was put."""
    for folder in _FOLDERS:
        text = text.replace(folder, "")
    return text


_FOLDERS: Final[list[str]] = []
