"""The names that a workbook has for its cells, and where those are."""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, NamedTuple
from xml.parsers.expat import ExpatError, ParserCreate

from allocator.domain.errors import InputError, refuse
from allocator.domain.text import Text
from allocator.files.source import Source
from allocator.sources.tables.header import Grid

_BOOK: Final = "xl/workbook.xml"
_LARGEST_BOOK: Final = 4_000_000
_CODES, _AMOUNTS = "_codes", "_amounts"
_CELLS: Final = re.compile(
    r"(?:'(?P<quoted>(?:[^']|'')+)'|(?P<plain>[^'!]+))!"
    r"\$?(?P<column>[A-Z]{1,3})\$?(?P<first>[0-9]{1,7})"
    r"(?::\$?(?P<last_column>[A-Z]{1,3})\$?(?P<last>[0-9]{1,7}))?"
)

AS_WRITTEN: Final = Text(
    "give allocation.xlsx as it was written, or allocation.csv",
    "出力された allocation.xlsx か allocation.csv を指定してください",
)


class Column(NamedTuple):
    """Cells of one column: the sheet, the column from 0, the first and the last row from 1."""

    sheet: str
    column: int
    first: int
    last: int


@dataclass
class Book:
    """What xl/workbook.xml says: the sheets, and the names with their cells."""

    sheets: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)

    @property
    def programmes(self) -> list[str]:
        """The programmes with amounts, in the order of the names."""
        found = (name.removesuffix(_CODES) for name in self.names if name.endswith(_CODES))
        return [each for each in found if each and f"{each}{_AMOUNTS}" in self.names]


def book_of(source: Source) -> Book | None:
    """Return the sheets and names of an .xlsx, None where that can't be told."""
    try:
        with zipfile.ZipFile(io.BytesIO(source.content)) as archive, archive.open(_BOOK) as opened:
            content = opened.read(_LARGEST_BOOK + 1)
        return _parsed(content) if len(content) <= _LARGEST_BOOK else None
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError, ExpatError, EOFError, KeyError):
        return None
    except (OSError, RuntimeError, ValueError, NotImplementedError):
        return None


def _parsed(content: bytes) -> Book:
    book = Book()
    name: list[str] = []
    text: list[str] = []

    def start(tag: str, attributes: dict[str, str]) -> None:
        local = tag.rpartition(":")[2]
        if local == "sheet":
            book.sheets.append(attributes.get("name", ""))
        elif local == "definedName" and "localSheetId" not in attributes:
            name[:] = [attributes.get("name", "")]
            text.clear()

    def end(tag: str) -> None:
        if tag.rpartition(":")[2] == "definedName" and name:
            book.names[name.pop()] = "".join(text)

    def refuse_doctype(*_: object) -> None:
        raise ValueError("a workbook with a document type")

    parser = ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text.append
    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.Parse(content, True)
    return book


def amounts_of(
    file: Path, sheets: Mapping[str, Grid], programme: str, book: Book
) -> tuple[Column, Column]:
    """Return the cells of `<id>_codes` and `<id>_amounts`, which stand side by side.

    Raises:
        InputError: they don't, or are not there any more.
    """
    codes = _cells(file, sheets, f"{programme}{_CODES}", book)
    amounts = _cells(file, sheets, f"{programme}{_AMOUNTS}", book)
    if codes._replace(column=0) != amounts._replace(column=0):
        raise _astray(file, f"{programme}{_AMOUNTS}", book.names[f"{programme}{_AMOUNTS}"])
    return codes, amounts


def _cells(file: Path, sheets: Mapping[str, Grid], name: str, book: Book) -> Column:
    """Return the cells of a name.

    Raises:
        InputError: they were deleted, or are no cells of one column.
    """
    found = _CELLS.fullmatch(book.names[name])
    if found is None or found["last_column"] not in (None, found["column"]):
        raise _astray(file, name, book.names[name])
    sheet = (found["quoted"] or found["plain"]).replace("''", "'")
    column = 0
    for letter in found["column"]:
        column = column * 26 + ord(letter) - ord("A") + 1
    first, last = int(found["first"]), int(found["last"] or found["first"])
    if sheet not in sheets or not 1 <= first <= last <= len(sheets[sheet].rows):
        raise _astray(file, name, book.names[name])
    return Column(sheet, column - 1, first, last)


def _astray(file: Path, name: str, cells: str) -> InputError:
    return refuse(
        f"{file}: {name}",
        Text(
            f"the name stands for {cells}, where no column of the programme is",
            f"名前の示す範囲({cells})に、この事業の列がありません",
        ),
        AS_WRITTEN,
        code="missing_names",
    )
