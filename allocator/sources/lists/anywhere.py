"""Published lists from whatever holds them: a table of its own, our own outputs, council papers.

Which of them a file is, its shape decides before anything of it is read: papers are pages, have
several lists, lists side by side, or no header in their first lines; a table with a column of
programmes has a list for each. A fault in a table is never a reason to read the file in another
way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import polars as pl

from allocator.domain.errors import InputError, refuse
from allocator.domain.organisations import Register
from allocator.domain.progress import step
from allocator.domain.text import Text
from allocator.files.source import Source
from allocator.sources.lists.by_programme import lists_by_programme, names_programmes
from allocator.sources.lists.own_workbook import lists_of_workbook
from allocator.sources.lists.table import AMOUNT_NAMES, PublishedList, list_in
from allocator.sources.reading.limits import most_rows
from allocator.sources.tables.header import Grid, find_header, without_unit
from allocator.sources.tables.opened import Opened, TextTable, opened, read_table

if TYPE_CHECKING:
    from allocator.sources.reading.document import Document

_TITLE: Final = re.compile(r"(?:負担金|交付金|分担金)額?一覧|(?:負担金|交付金|分担金).*について")
_DECLARED: Final = re.compile(r"(?:負担金|交付金|分担金)総額")
_MOST_OF_PAPERS: Final = 50_000


@dataclass(frozen=True)
class Found:
    """The lists of a file: of a `document`, or of the one `table` on one of its `sheets`.

    Neither: it is a workbook of our own. `looked_into` is the text or workbook that they stand in.
    """

    lists: list[PublishedList]
    document: Document | None = None
    table: TextTable | None = None
    sheets: int = 1
    looked_into: Opened | None = None


def read_lists(
    source: Source, register: Register, looked_into: Opened | None = None
) -> list[PublishedList]:
    """Return every published list in a file: one of a table (or one a programme), all of papers.

    `looked_into` is what it holds, where that is known.

    Raises:
        InputError: what is in the file can't be read, or there is no list in it.
    """
    step(Text(f"reading {source.label.en}", f"{source.label.ja} を読取り中"))
    if not (found := find_lists(source, register, looked_into)).lists:
        raise _no_list(source, found.looked_into)
    return found.lists


def read_list_of(source: Source, register: Register, programme: str) -> PublishedList:
    """Return the list of a programme: the only one of a file, or of several that one.

    Raises:
        InputError: what is in the file can't be read, or it isn't plain which list is meant.
    """
    lists = read_lists(source, register)
    found = lists if len(lists) == 1 else [each for each in lists if each.programme == programme]
    if len(found) == 1:
        return found[0]
    named = ", ".join(each.programme or "?" for each in lists)
    raise refuse(
        str(source.path),
        Text(
            f"the file has several lists ({named}), and not one of {programme} alone",
            f"一覧が複数あり({named})、{programme} の一覧を1つに決められません",
        ),
        Text("give the list of that programme alone", "その事業の一覧だけのファイルにしてください"),
        code="several_lists",
    )


def find_lists(source: Source, register: Register, looked_into: Opened | None = None) -> Found:
    """Return the lists of a file, none where it is papers without any; see `read_lists`.

    Raises:
        InputError: what is in the file can't be read.
    """
    if source.kind == "pdf":
        return _of_papers(source, register)
    if source.kind == "parquet":
        return _of_table(read_table(source, most_rows(register)), register)
    looked_into = looked_into or opened(source, most_rows(register))
    return replace(_found(source, register, looked_into), looked_into=looked_into)


def _found(source: Source, register: Register, looked_into: Opened) -> Found:
    own = lists_of_workbook(source, looked_into.grids)
    if own is not None:
        return Found(own, sheets=len(looked_into.grids))
    plain = looked_into.plain
    if plain is not None and (names_programmes(plain.columns) or not _has_more_lists(plain)):
        return _of_table(plain, register)
    if plain is None and not are_papers(looked_into.grids):
        return _of_table(looked_into.table(), register, len(looked_into.grids))
    return _of_papers(source, register)


def _of_table(table: TextTable, register: Register, sheets: int = 1) -> Found:
    if names_programmes(table.columns):
        return Found(lists_by_programme(table, register), None, table, sheets)
    return Found([list_in(table, register)], None, table, sheets)


def _of_papers(source: Source, register: Register) -> Found:
    from allocator.sources.lists.papers import published_lists
    from allocator.sources.reading.opening import open_document

    document = open_document(source)
    return Found(published_lists(document, register), document)


def are_papers(grids: Sequence[Grid]) -> bool:
    """Tell whether a file holds papers, or lists on several sheets, and no single table.

    A heading or a declared total on a sheet of its own says something of the list on another one.
    """
    found = [(grid, header) for grid in grids if (header := find_header(grid)) is not None]
    if len(found) != 1:
        return True
    grid, header = found[0]
    if names_programmes(header.labels):
        return False
    amounts = [label for label in header.labels if without_unit(label) in AMOUNT_NAMES]
    if len(amounts) > len(set(amounts)):
        return True  # side by side
    above = grid.rows[: header.rows[0]]
    if any(_DECLARED.search("".join(row)) for row in above):
        return True
    below = grid.rows[header.first_data_row :]
    if len(below) <= _MOST_OF_PAPERS and any(_TITLE.search("".join(row)) for row in below):
        return True
    rows = (row for other in grids if other is not grid for row in other.rows)
    return any(_DECLARED.search(text) or _TITLE.search(text) for text in map("".join, rows))


def _has_more_lists(table: TextTable) -> bool:
    """Tell whether a title of a list stands among the rows of a table."""
    if table.is_ascii:
        return False
    cells = pl.col(table.columns).str.contains(_TITLE.pattern)
    return bool(table.frame.select(pl.any_horizontal(cells).any()).item())


def _no_list(source: Source, looked_into: Opened | None) -> InputError:
    """Say that there is no list; of a file that may be a table, what a table would need."""
    file = source.path
    if looked_into is not None:
        try:
            looked_into.table()
        except InputError as error:
            return error
    return refuse(
        str(file),
        Text("no published list in this document", "この文書に公表一覧がありません"),
        Text(
            "give the papers that hold a 一覧 of amounts by code or prefecture",
            "団体別・都道府県別の金額一覧を含む資料を指定してください",
        ),
        code="no_list",
    )
