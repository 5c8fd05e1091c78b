"""What a terminal shows while a call goes on.

Every command does its work inside `working`. Many calls have no terminal: rich's progress is
imported only where there is one, so that start-up stays cheap.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from allocator.cli.language import chosen
from allocator.cli.terminal import console
from allocator.domain.characters import visible
from allocator.domain.progress import watched
from allocator.domain.text import Text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

PATIENCE: Final = 1.0
"""Seconds before progress is shown: nothing flickers where a call is quick."""


@contextmanager
def working(text: Text, *, quiet: bool = False) -> Iterator[None]:
    """Show on a terminal how far the work inside has come, once it takes longer than a moment.

    Elsewhere, and with --quiet, nothing is shown.
    """
    if quiet or not sys.stderr.isatty():
        yield
        return
    out = console()
    if not out.is_terminal or out.is_dumb_terminal:
        yield
        return
    shown = _display(out)
    language = chosen()
    task = shown.add_task(visible(text.in_(language)), total=None, count="")

    def tell(text: Text, done: int, of: int | None) -> None:
        count = "" if of is None else f"{done:,}/{of:,}"
        words = visible(text.in_(language))
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


def _display(out: Console) -> Progress:
    """Return a line of progress: what is done, a bar, how many are done, the time."""
    from rich.progress import (
        BarColumn,
        Progress,
        SpinnerColumn,
        Task,
        TextColumn,
        TimeElapsedColumn,
    )
    from rich.progress_bar import ProgressBar

    class Bar(BarColumn):
        """A bar where it is known of how many; else nothing."""

        def render(self, task: Task) -> ProgressBar:
            bar = super().render(task)
            if task.total is None:
                bar.width = 0
            return bar

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        Bar(bar_width=30),
        TextColumn("{task.fields[count]}", markup=False),
        TimeElapsedColumn(),
    )
    return Progress(*columns, console=out, transient=True, redirect_stdout=False)
