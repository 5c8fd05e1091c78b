"""Markdown: whatever a text holds, it stays text in its line, its cell, its item."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from allocator.domain.characters import legible

_MARKUP: Final = re.compile(
    r"""
    [\\`*\[\]<>|~&@$]                     # code, emphasis, links, HTML, cells, entities, addresses
    | (?<![0-9A-Za-z])_ | _(?![0-9A-Za-z])  # emphasis; inside a word it is none
    | (?<=[A-Za-z]):(?=\S)                # http://, mailto:, javascript:
    | (?<=[Ww]{3})\.                      # www.
    | \# | ^= | ^[+\-](?=[+\-\s]|$)       # headings, items, rules
    """,
    re.VERBOSE,
)
_NUMBERED: Final = re.compile(r"^([0-9]{1,9})([.)])(?=\s|$)")


def plain(text: str) -> str:
    """Return text that stays text, on one line."""
    return _NUMBERED.sub(r"\1\\\2", _MARKUP.sub(r"\\\g<0>", legible(" ".join(text.split()))))


def heading(level: int, text: str) -> str:
    """Return a heading."""
    return f"{'#' * level} {plain(text)}"


def item(text: str) -> str:
    """Return an item of a list."""
    return f"- {plain(text)}"


def strong(text: str) -> str:
    """Return a paragraph in bold."""
    return f"**{plain(text)}**"


def table(
    heads: Sequence[str], rows: Iterable[Sequence[str]], to_the_right: Sequence[bool] = ()
) -> list[str]:
    """Return the lines of a table; `to_the_right` tells which columns hold figures."""
    right = to_the_right or [False] * len(heads)
    rule = "|" + "".join("---:|" if each else "---|" for each in right)
    return [_row(heads), rule, *map(_row, rows)]


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(plain, cells))} |"
