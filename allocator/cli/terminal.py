"""Printing for people: to standard error, plain where it is no terminal."""

from __future__ import annotations

import shutil
import sys

from rich.console import Console

PLAIN_WIDTH = 200
"""Columns where standard error is a file or a pipe: wide enough that nothing is folded."""


def console() -> Console:
    """Return where messages for people go; colours only on a terminal, never a cut line."""
    width = None if sys.stderr.isatty() else max(PLAIN_WIDTH, shutil.get_terminal_size().columns)
    return Console(file=sys.stderr, width=width, highlight=False, emoji=False)
