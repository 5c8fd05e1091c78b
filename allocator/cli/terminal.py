"""Printing for people: to standard error, plain where it is no terminal."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console

from allocator.cli.language import chosen
from allocator.domain.text import Text

PLAIN_WIDTH: Final = 200
"""Columns where standard error is a file or a pipe: wide enough that nothing is folded."""


def console(*, quiet: bool = False) -> Console:
    """Return where messages for people go; colours only on a terminal, never a cut line."""
    width = None if sys.stderr.isatty() else max(PLAIN_WIDTH, shutil.get_terminal_size().columns)
    return Console(file=sys.stderr, width=width, highlight=False, emoji=False, quiet=quiet)


@contextmanager
def working(text: Text, *, quiet: bool = False) -> Iterator[None]:
    """Show on a terminal that work goes on; elsewhere, and with --quiet, show nothing."""
    out = console(quiet=quiet)
    if quiet or not out.is_terminal:
        yield
        return
    with out.status(text.in_(chosen())):
        yield
