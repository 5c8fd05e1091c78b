"""Published lists from whatever holds them: a table of its own, or council papers."""

from __future__ import annotations

from pathlib import Path

from allocator.domain.errors import InputError, refuse
from allocator.domain.organisations import Register
from allocator.domain.progress import step
from allocator.domain.text import Text
from allocator.sources.lists import PublishedList, list_in
from allocator.sources.sniff import sniff
from allocator.sources.table import read_table


def read_lists(file: Path, register: Register) -> list[PublishedList]:
    """Return every published list in a file: one of a table, all of a document.

    Raises:
        InputError: the file can't be read, or there is no list in it.
    """
    step(Text(f"reading {file.name}", f"{file.name} を読取り中"))
    if sniff(file) == "pdf":
        return _in_document(file, register)
    whole = False
    try:
        table = read_table(file)
        whole = not table.title
        return [list_in(table, register)]
    except InputError:
        # No single table: papers as text, or a workbook with several sheets. But a file that is a
        # table from its first line on is no paper, and a fault in it is a fault.
        if whole:
            raise
        if found := _in_document(file, register, or_none=True):
            return found
        raise


def _in_document(file: Path, register: Register, *, or_none: bool = False) -> list[PublishedList]:
    from allocator.sources.documents import open_document, published_lists

    try:
        found = published_lists(open_document(file), register)
    except InputError:
        if or_none:
            return []
        raise
    if not found and not or_none:
        raise refuse(
            str(file),
            Text("no published list in this document", "この文書に公表一覧がありません"),
            Text(
                "give the papers that hold a 一覧 of amounts by code or prefecture",
                "団体別・都道府県別の金額一覧を含む資料を指定してください",
            ),
        )
    return found
