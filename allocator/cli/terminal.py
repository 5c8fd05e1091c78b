"""Printing for people: to standard error, plain where it is no terminal."""

from __future__ import annotations

import shutil
import sys
from typing import TYPE_CHECKING, Final
from unicodedata import category

if TYPE_CHECKING:
    from rich.console import Console

PLAIN_WIDTH: Final = 200
"""Columns where standard error is a file or a pipe: wide enough that nothing is folded."""


def console(*, quiet: bool = False) -> Console:
    """Return where messages for people go; colours only on a terminal, never a cut line."""
    from rich.console import Console

    terminal = sys.stderr.isatty()
    width = None if terminal else max(PLAIN_WIDTH, shutil.get_terminal_size().columns)
    return Console(
        file=sys.stderr,
        width=width,
        highlight=False,
        emoji=False,
        quiet=quiet,
        force_terminal=None if terminal else False,
    )


def plain(text: str) -> str:
    """Return text without control characters: a list can hold any, and a terminal obeys them."""
    return "".join(
        each.encode("unicode_escape").decode() if category(each).startswith("C") else each
        for each in text
    )
