"""CSV: texts that a spreadsheet would take for formulas begin with a ', figures never do."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain
from typing import Final

import polars as pl

from allocator.domain.formulas import STARTS_LIKE_A_FORMULA, guarded

Cell = str | int | None

LF: Final = "\n"
CR_LF: Final = "\r\n"
"""RFC 4180, and what every Excel reads."""


def csv_text(columns: Sequence[str], rows: Iterable[Sequence[Cell]], end: str, *, raw: bool) -> str:
    """Return a table as CSV; None and "" are nothing. `raw` writes every text as it is."""
    lines = _Lines(end)
    writer = csv.writer(lines, lineterminator=CR_LF)
    everything = chain([columns], rows)
    writer.writerows(
        everything if raw else ([_harmless(cell) for cell in row] for row in everything)
    )
    return "".join(lines.written)


class _Lines:
    """Takes rows that end with CR LF, and gives them the end that is wanted.

    With another end the module csv would not put quotes around a CR, and a spreadsheet would begin
    a new row there.
    """

    def __init__(self, end: str) -> None:
        self._end = end
        self.written: list[str] = []

    def write(self, line: str) -> None:
        self.written.append(line.removesuffix(CR_LF) + self._end)


def csv_of_mappings(
    columns: Sequence[str], rows: Iterable[Mapping[str, Cell]], end: str, *, raw: bool
) -> str:
    """Return the same of rows by the names of their columns."""
    return csv_text(columns, ([row[name] for name in columns] for row in rows), end, raw=raw)


def csv_of_frame(frame: pl.DataFrame, end: str = CR_LF, *, raw: bool) -> str:
    """Return a frame as CSV: its columns of text are texts, the others figures."""
    texts = pl.col(pl.String)
    if not raw:
        mark = pl.lit("'") + texts
        texts = pl.when(texts.str.contains(STARTS_LIKE_A_FORMULA)).then(mark).otherwise(texts)
    # An empty text would be written as "", a null as nothing at all.
    nothing = pl.when(pl.col(pl.String) != "").then(texts)
    return frame.with_columns(nothing.name.keep()).write_csv(line_terminator=end)


def _harmless(cell: Cell) -> Cell:
    return guarded(cell) if isinstance(cell, str) else cell
