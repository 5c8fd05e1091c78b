"""Printing: the one way to the terminal, for names that would steer it and for all else.

What is said to people goes to standard error, what was asked for to standard output. Names are
data: no control character, no mark of direction and no markup of any library gets through.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import click

from allocator.domain.characters import visible

if TYPE_CHECKING:
    from rich.console import Console

PLAIN_WIDTH: Final = 200
"""Columns where standard error is a file or a pipe: wide enough that nothing is folded."""


def show(lines: Iterable[str]) -> None:
    """Print lines on standard output."""
    click.echo("\n".join(map(visible, lines)))


def show_json(value: Any) -> None:
    """Print a value as JSON on standard output, in one line."""
    from allocator.outputs.writers.json_text import json_text

    click.echo(json_text(value))


def tell(*lines: str) -> None:
    """Print lines for people on standard error, plainly."""
    click.echo("\n".join(map(visible, lines)), err=True)


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


@dataclass(frozen=True)
class Head:
    """A column of a table; figures stand to the right, and may not be broken."""

    words: str
    right: bool = False
    whole: bool = False


Styled = tuple[str, str]
"""A text and its style."""


class Terminal:
    """Standard error with colours and tables, where there is a terminal."""

    def __init__(self) -> None:
        """Look at what standard error is."""
        self._console = console()

    def say(self, words: str, style: str | None = None) -> None:
        """Print a line."""
        self._console.print(visible(words), style=style, markup=False, soft_wrap=True)

    def table(
        self, heads: Sequence[Head], rows: Iterable[Sequence[str | Styled]], title: str = ""
    ) -> None:
        """Print a table; no cell is cut."""
        from rich.table import Table
        from rich.text import Text

        def text(cell: str | Styled) -> Text:
            words, style = (cell, "") if isinstance(cell, str) else cell
            return Text(visible(words), style=style)

        table = Table(title=text((title, "table.title")) if title else None)
        for head in heads:
            justify: Any = "right" if head.right else "left"
            table.add_column(text(head.words), justify=justify, no_wrap=head.whole, overflow="fold")
        for row in rows:
            table.add_row(*map(text, row))
        self._console.print(table)
