"""Rows that were moved to the left or to the right: their cells are in the columns of others.

Only where it is certain: beside no code, another column holds one; or a column of names holds the
figure, that of figures none, and the name stands somewhere else; or a name is among figures.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
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

_FIGURE: Final = r"^[-△▲−]?[¥\\]?[0-9][0-9,]*(\.[0-9]+)?([十百千万億兆]*[円人])?$"
"""A figure of yen, people or without a unit: 179団体 may well stand above a prefecture's rows."""

_HALF: Final = 0.5
"""Where more of a column are figures, it is one of figures, where fewer, one of words."""

_MOST_NOTES: Final = 2
"""So many digits the number of a note has."""


def refuse_moved_rows(
    table: TextTable, keys: Keys, figure: str, names: Names, odd: pl.Series
) -> None:
    """Refuse those of the `odd` rows that were moved by one column or more.

    Raises:
        InputError: names the rows.
    """
    rows = table.frame.filter(odd)
    found: dict[int, str] = {}
    if keys.code is not None and names.register.official:
        rows = rows.filter(~plain_codes(rows[keys.code]).str.contains(_IN_CODES))
        for column in table.columns if len(rows) else ():
            if column != keys.code:
                codes = rows.filter(_codes(table, rows[column], keys, figure, names))
                found |= dict(codes.select("line", column).iter_rows())
    elif keys.code is not None:
        rows = rows.filter(rows[keys.code] == "")
    found = dict(_figures_among_names(table, rows, keys, figure, names)) | found
    found |= dict(_names_among_figures(table, rows, keys, names))
    column = keys.code or keys.prefecture or keys.municipality or figure
    raise_all(_moved(table.where(line, column), cell) for line, cell in sorted(found.items()))


def _figures_among_names(
    table: TextTable, rows: pl.DataFrame, keys: Keys, figure: str, names: Names
) -> Iterator[tuple[int, str]]:
    """Yield the lines of rows whose figure is in a column of names, with that figure."""
    columns = [
        name
        for name in (keys.prefecture, keys.municipality)
        if name is not None and _share_of_figures(table.frame[name]) <= _HALF
    ]
    if not columns or rows.is_empty():
        return
    rows = rows.filter(pl.any_horizontal(_plain(columns).str.contains(_FIGURE)))
    rows = rows.filter(~rows.select(_plain([figure]).str.contains(_FIGURE)).to_series())
    for row in rows.select("line", *table.columns).iter_rows(named=True):
        line = row.pop("line")
        cell = next(row[name] for name in columns if _is_figure(row[name]))
        if _is_of_somebody(cell, [each for each in row.values() if each], names):
            yield line, cell


def _is_figure(cell: str) -> bool:
    return bool(re.search(_FIGURE, unicodedata.normalize("NFKC", cell).strip()))


def _names_among_figures(
    table: TextTable, rows: pl.DataFrame, keys: Keys, names: Names
) -> Iterator[tuple[int, str]]:
    """Yield the lines of rows that begin further right: with a name in a column of figures.

    There has to be a figure in another one: a name alone may be a heading between rows.
    """
    rows = rows.filter(rows[table.columns[0]] == "")
    for column in table.columns:
        if column in keys:
            continue
        others = [name for name in table.columns if name != column]
        has_figure = pl.any_horizontal(_plain(others).str.contains(_FIGURE))
        some = rows.filter((pl.col(column) != "") & ~_plain([column]).str.contains(_FIGURE))
        if some.is_empty() or _share_of_figures(table.frame[column]) < _HALF:
            continue
        for line, cell in some.filter(has_figure).select("line", column).iter_rows():
            if names.prefecture(cell) or names.is_municipality(cell):
                yield line, cell


def _plain(columns: Sequence[str]) -> pl.Expr:
    return pl.col(columns).str.normalize("NFKC").str.strip_chars()


def _share_of_figures(cells: pl.Series) -> float:
    """Return how much of what a column holds are figures."""
    filled = cells.filter(cells != "")
    found = filled.str.normalize("NFKC").str.contains(_FIGURE)
    return len(filled.filter(found)) / max(len(filled), 1)


def _is_of_somebody(figure: str, row: Sequence[str], names: Names) -> bool:
    """Tell whether a row with a figure among the names is of an organisation, and no note.

    Beside the figure of a note nobody is named, and it is short or what it counts stands before it:
    1 | 端数は切り捨てた, 団体数 | 1,788.
    """
    others = [cell for cell in row if cell != figure]
    if any(names.prefecture(each) or names.is_municipality(each) for each in others):
        return True
    return bool(others) and row[0] == figure and sum(map(str.isdecimal, figure)) > _MOST_NOTES


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
        code="moved_row",
    )
