"""Rows of a table as they are written, and what came of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import polars as pl

from allocator.sources.tables.header import CODE_WORDS, MUNICIPALITY_WORDS, PREFECTURE_WORDS
from allocator.sources.tables.opened import TextTable

NO_CODE: Final = frozenset({"", "-", "－", "―", "*", "***", "…", "x", "X"})
"""What stands in a column of codes where there is none."""

HEADINGS: Final = frozenset((*CODE_WORDS, *PREFECTURE_WORDS, *MUNICIPALITY_WORDS))
"""The words of headings over codes and names."""


class Keys(NamedTuple):
    """The columns that say whose row it is, by their headings; None: there is none."""

    code: str | None
    prefecture: str | None
    municipality: str | None


class Row(NamedTuple):
    """A row as it is written, its prefecture carried down from where it is `printed`.

    `has_figures`: some column beside the keys holds anything.
    """

    code: str
    printed: str
    prefecture: str
    municipality: str
    figure: str
    line: int
    has_figures: bool

    @property
    def cells(self) -> tuple[str, ...]:
        """Everything, as the ledger shows it."""
        return (self.code, self.printed, self.municipality, self.figure)


class SumRow(NamedTuple):
    """A row that adds others up, as it is written; `prefecture` may be carried down."""

    words: tuple[str, ...]
    prefecture: str
    figure: str
    line: int


@dataclass
class Taken:
    """What came of the rows of a table.

    `frame`: code, prefecture, municipality, figure (text), line of the rows that were taken, in
    the order of the table. `by_name`: line to code, where the name told it and the row has none.
    """

    frame: pl.DataFrame
    totals: list[SumRow] = field(default_factory=list)
    subtotals: list[SumRow] = field(default_factory=list)
    by_name: dict[int, str] = field(default_factory=dict)


def keys_of(table: TextTable) -> Keys:
    """Return the columns of codes and names of a table."""

    def first(words: Sequence[str]) -> str | None:
        return next((name for name in words if name in table.columns), None)

    return Keys(first(CODE_WORDS), first(PREFECTURE_WORDS), first(MUNICIPALITY_WORDS))
