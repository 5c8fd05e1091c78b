"""What a terminal shows while a call goes on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

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
from allocator.cli.terminal import console
from allocator.domain.progress import watched
from allocator.domain.text import Text

PATIENCE: Final = 1.0
"""Seconds before progress is shown: nothing flickers where a call is quick."""


@contextmanager
def progress(text: Text) -> Iterator[None]:
    """Show how far the work inside has come, once it takes longer than a moment."""
    out = console()
    if not out.is_terminal or out.is_dumb_terminal:
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
