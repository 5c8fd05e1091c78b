"""Files named on the command line, `-` for standard input."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from allocator.domain.errors import refuse
from allocator.domain.text import Text

STANDARD_INPUT = "standard-input"
_DASH: Final = "-"


def refuse_twice(*names: str) -> None:
    """Refuse a call that names standard input more than once: it can be read once only.

    `names` are arguments and options with their values, as they are given: `FILE -`,
    `--previous ID=-`.

    Raises:
        InputError: the value of more than one of them is standard input.
    """
    values = {name: name.partition(" ")[2] for name in names}
    found = [name for name in names if values[name] == _DASH or values[name].endswith(f"={_DASH}")]
    if len(found) > 1:
        raise refuse(
            ", ".join(found),
            Text(
                f"standard input (-) is given {len(found)} times, and can be read only once",
                f"標準入力(-)が{len(found)}か所で指定されていますが、読めるのは1度だけです",
            ),
            Text(
                "give a file in place of all but one of them",
                "1か所を除き、ファイルで指定してください",
            ),
        )


def refuse_nul(words: Sequence[str]) -> None:
    """Refuse a call with a NUL in a word: no shell passes one on, and no file has one in its name.

    Raises:
        InputError: there is one.
    """
    for word in words:
        if "\0" in word:
            raise refuse(
                repr(word),
                Text("a NUL is no part of a name", "名前にNUL文字は使えません"),
                Text("leave it out", "取り除いてください"),
            )


def given(path: Path) -> Path:
    """Return the file that a path on the command line means; `-` is what standard input holds.

    What is read from there lies in a temporary folder until the command ends: a file is sniffed
    and may be read more than once.
    """
    if str(path) != _DASH:
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
