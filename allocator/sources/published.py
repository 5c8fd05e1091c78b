"""Published lists from whatever holds them: a table of its own, or council papers."""

from __future__ import annotations

from pathlib import Path

from allocator.domain.errors import InputError, refuse
from allocator.domain.organisations import Register
from allocator.domain.progress import step
from allocator.domain.text import Text
from allocator.sources.lists import PublishedList, list_in
from allocator.sources.own_outputs import own_lists
from allocator.sources.sniff import sniff
from allocator.sources.table import read_table


def read_lists(file: Path, register: Register) -> list[PublishedList]:
    """Return every published list in a file: one of a table, all of a document.

    Raises:
        InputError: the file can't be read, or there is no list in it.
    """
    step(Text(f"reading {file.name}", f"{file.name} を読取り中"))
    if (own := own_lists(file, register)) is not None:
        return own
    if sniff(file) == "pdf":
        return _in_document(file, register)
    table = None
    try:
        table = read_table(file)
        return [list_in(table, register)]
    except InputError:
        # No single table: papers as text, or a workbook with several sheets. But a file that is a
        # table from its first line on is no paper, and a fault in it is a fault.
        if table is not None and not table.title:
            raise
        if found := _in_papers(file, register, is_table=table is not None):
            return found
        raise


def _in_papers(file: Path, register: Register, *, is_table: bool) -> list[PublishedList]:
    """Return the lists of a file that is no table of its own, none where it is no document.

    Raises:
        InputError: rows of a list that cannot be read. Where the file `is_table` with a title
            above, the table's own error says more (the column), and there is none here.
    """
    from allocator.sources.documents import open_document, published_lists

    try:
        document = open_document(file)
    except InputError:
        return []
    try:
        return published_lists(document, register)
    except InputError:
        if is_table and document.kind != "text":
            return []
        raise


def _in_document(file: Path, register: Register) -> list[PublishedList]:
    from allocator.sources.documents import open_document, published_lists

    found = published_lists(open_document(file), register)
    if not found:
        raise refuse(
            str(file),
            Text("no published list in this document", "この文書に公表一覧がありません"),
            Text(
                "give the papers that hold a 一覧 of amounts by code or prefecture",
                "団体別・都道府県別の金額一覧を含む資料を指定してください",
            ),
        )
    return found
