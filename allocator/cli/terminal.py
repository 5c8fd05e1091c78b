"""Printing for people: to standard error, plain where it is no terminal."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
)
from rich.progress_bar import ProgressBar

from allocator.cli.language import chosen
from allocator.domain.progress import watched
from allocator.domain.text import Text

PLAIN_WIDTH: Final = 200
"""Columns where standard error is a file or a pipe: wide enough that nothing is folded."""

PATIENCE: Final = 1.0
"""Seconds before progress is shown: nothing flickers where a call is quick."""


def console(*, quiet: bool = False) -> Console:
    """Return where messages for people go; colours only on a terminal, never a cut line."""
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


@contextmanager
def working(text: Text, *, quiet: bool = False) -> Iterator[None]:
    """Show on a terminal how far the work inside has come, once it takes longer than a moment.

    Elsewhere, and with --quiet, nothing is shown.
    """
    out = console(quiet=quiet)
    if quiet or not out.is_terminal or out.is_dumb_terminal:
        yield
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        _Bar(bar_width=30),
        TextColumn("{task.fields[count]}", markup=False),
        TimeElapsedColumn(),
    )
    shown = Progress(*columns, console=out, transient=True, redirect_stdout=False)
    language = chosen()
    task = shown.add_task(text.in_(language), total=None, count="")

    def tell(text: Text, done: int, of: int | None) -> None:
        count = "" if of is None else f"{done:,}/{of:,}"
        words = text.in_(language)
        shown.update(task, description=words, total=of, completed=done, count=count)

    late = threading.Timer(PATIENCE, shown.start)
    late.daemon = True
    late.start()
    try:
        with watched(tell):
            yield
    finally:
        late.cancel()
        late.join()
        shown.stop()


class _Bar(BarColumn):
    """A bar where it is known of how many; else nothing."""

    def render(self, task: Task) -> ProgressBar:
        bar = super().render(task)
        if task.total is None:
            bar.width = 0
        return bar
