"""Published lists from whatever holds them: a table of its own, or council papers.

Which of the two a file is, its shape decides before anything of it is read: papers are pages, have
several lists, lists side by side, or no header in their first lines. A fault in a table is never a
reason to read the file in another way.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import polars as pl

from allocator.domain.errors import InputError, refuse
from allocator.domain.organisations import Register
from allocator.domain.progress import step
from allocator.domain.text import Text
from allocator.sources.grid import Grid, find_header, no_header, without_unit
from allocator.sources.lists import AMOUNT_NAMES, PublishedList, list_in
from allocator.sources.sniff import sniff
from allocator.sources.table import TextTable, grids_of, plain_table, read_table, table_of

if TYPE_CHECKING:
    from allocator.sources.documents.model import Document

_TITLE: Final = re.compile(r"(?:負担金|交付金|分担金)額?一覧|(?:負担金|交付金|分担金).*について")
_DECLARED: Final = re.compile(r"(?:負担金|交付金|分担金)総額")
_MOST_OF_PAPERS: Final = 50_000


def read_lists(file: Path, register: Register) -> list[PublishedList]:
    """Return every published list in a file: one of a table, all of a document.

    Raises:
        InputError: the file can't be read, or there is no list in it.
    """
    step(Text(f"reading {file.name}", f"{file.name} を読取り中"))
    kind = sniff(file)
    if kind == "parquet":
        return [list_in(read_table(file), register)]
    if kind == "pdf":
        if found := lists_of_papers(file, register):
            return found
        raise _no_list(file)
    if (table := plain_table(file)) is not None and not _has_more_lists(table):
        return [list_in(table, register)]
    grids = grids_of(file)
    if not are_papers(grids):
        return [list_in(table_of(file, grids), register)]
    if found := lists_of_papers(file, register):
        return found
    if not any(map(find_header, grids)):
        raise no_header(file, grids)
    return [list_in(table_of(file, grids), register)]


def lists_of_papers(
    file: Path, register: Register, document: Document | None = None
) -> list[PublishedList]:
    """Return the lists of papers, in their order.

    Raises:
        InputError: the file is no document, or rows of a list cannot be read.
    """
    from allocator.sources.documents import open_document, published_lists

    return published_lists(document or open_document(file), register)


def are_papers(grids: Sequence[Grid]) -> bool:
    """Tell whether a file holds papers, or lists on several sheets, and no single table."""
    found = [(grid, header) for grid in grids if (header := find_header(grid)) is not None]
    if len(found) != 1:
        return True
    grid, header = found[0]
    amounts = [label for label in header.labels if without_unit(label) in AMOUNT_NAMES]
    if len(amounts) > len(set(amounts)):
        return True  # side by side
    above = grid.rows[: header.rows[0]]
    if any(_DECLARED.search("".join(row)) for row in above):
        return True
    below = grid.rows[header.first_data_row :]
    return len(below) <= _MOST_OF_PAPERS and any(_TITLE.search("".join(row)) for row in below)


def _has_more_lists(table: TextTable) -> bool:
    """Tell whether a title of a list stands among the rows of a table."""
    if table.is_ascii:
        return False
    cells = pl.col(table.columns).str.contains(_TITLE.pattern)
    return bool(table.frame.select(pl.any_horizontal(cells).any()).item())


def _no_list(file: Path) -> InputError:
    return refuse(
        str(file),
        Text("no published list in this document", "この文書に公表一覧がありません"),
        Text(
            "give the papers that hold a 一覧 of amounts by code or prefecture",
            "団体別・都道府県別の金額一覧を含む資料を指定してください",
        ),
    )
