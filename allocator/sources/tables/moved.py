"""Rows that were moved to the left or to the right: their cells are in the columns of others.

Only where it is certain: beside no code, another column holds one; or the column of codes holds an
organisation's name, and a column of names the figure.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from allocator.domain.errors import Problem
from allocator.domain.text import Text
from allocator.sources.tables.faults import raise_all
from allocator.sources.tables.header import is_figure
from allocator.sources.tables.opened import TextTable
from allocator.sources.tables.taken import Keys
from allocator.sources.tables.who import Names
from allocator.sources.tables.written_codes import plain_codes

_IN_CODES: Final = r"^[0-9]{4,6}(\.0+)?$"
_ZERO_FIRST: Final = r"^0[0-9]{5}$"
"""No figure is written like that."""


def refuse_moved_rows(
    table: TextTable, keys: Keys, figure: str, names: Names, odd: pl.Series
) -> None:
    """Refuse those of the `odd` rows that were moved by one column or more.

    Raises:
        InputError: names the rows.
    """
    if keys.code is None or not names.register.official:
        return
    rows = table.frame.filter(odd)
    rows = rows.filter(~plain_codes(rows[keys.code]).str.contains(_IN_CODES))
    if rows.is_empty():
        return
    found: dict[int, str] = {}
    for column in table.columns:
        if column != keys.code:
            codes = rows.filter(_codes(table, rows[column], keys, figure, names))
            found |= dict(codes.select("line", column).iter_rows())
    columns = [keys.code, *filter(None, (keys.prefecture, keys.municipality)), figure]
    for line, name, *between, amount in rows.select("line", *columns).iter_rows():
        if line in found or is_figure(amount) or not any(map(is_figure, between)):
            continue
        if names.prefecture(name) or names.is_municipality(name):
            found[line] = name
    raise_all([_moved(table.where(line, keys.code), cell) for line, cell in found.items()])


def _codes(table: TextTable, cells: pl.Series, keys: Keys, figure: str, names: Names) -> pl.Series:
    """Tell which cells of a column that is not of codes hold one nevertheless."""
    column = cells.name
    known = pl.Series(sorted(names.register.codes), dtype=pl.String).implode()
    codes = cells.is_in(known)
    if not codes.any():
        return codes
    filled = table.frame[column].filter(table.frame[column] != "")
    if 2 * filled.is_in(known).sum() > len(filled):
        return codes & False  # a second column of codes
    has_names = keys.prefecture is not None or keys.municipality is not None
    may_be_figures = has_names if column == figure else is_figure(filled[0])
    return codes & cells.str.contains(_ZERO_FIRST) if may_be_figures else codes


def _moved(where: str, cell: str) -> Problem:
    return Problem(
        where,
        Text(
            f"the row was moved: {cell} is in the column of others",
            f"行が横にずれています: {cell} が別の列にあります",
        ),
        Text("put each cell below its heading", "各項目を見出しの列に合わせてください"),
    )
