"""Making sure that an old workbook (.xls, [MS-XLS]) is as small and as sound as its readers think.

They reserve room for every place up to the last cell, and for whatever numbers the file gives of
itself: one wrong number ends the whole program. So the records are walked here first.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from allocator.sources.reading.workbook.compound import packed, streams
from allocator.sources.reading.workbook.old_texts import Room, sizes_of_texts
from allocator.sources.reading.workbook.parts import TooMuchError

LARGEST_OLD: Final = 50_000_000
"""The largest .xls that is read, in bytes; a full sheet of 65,536 rows and 20 columns takes 20."""

_STREAMS: Final = ("Workbook", "Book")
_END, _PASSWORD, _SHEET, _TEXTS, _CONTINUED = 0x000A, 0x002F, 0x0085, 0x00FC, 0x003C
_SIZE, _SEVERAL, _FORMULA = 0x0200, 0x00BD, 0x0006
_CELLS: Final = frozenset((_FORMULA, _SEVERAL, 0x0203, 0x0204, 0x0205, 0x027E, 0x00FD, 0x00D6))
"""Records of cells: formulas, figures in a row, one figure, text, truth, a rounded figure …"""

_WORKING: Final = 20
"""Where in a formula's record stands how it is worked out, after its result."""

_MOST_RECORDS: Final = 500_000
"""The most records of a part, cells and all else."""

_SHORTEST_TEXT: Final = 3


class ProtectedError(Exception):
    """The workbook opens with a password alone."""


class NoWorkbookError(Exception):
    """A container of another program, such as an old .doc."""


@dataclass(frozen=True)
class Checked:
    """A workbook packed anew, and the area (rows times columns) of its sheets."""

    content: bytes
    area: int


def checked_old(content: bytes, most_filled: int) -> Checked:
    """Return an old workbook packed anew, with nothing in it that its records don't bear out.

    Raises:
        ProtectedError, NoWorkbookError: as they say.
        TooMuchError: more than `most_filled` cells, or more text in them than a table has.
        ValueError: it is broken.
    """
    found = streams(content)
    if "EncryptedPackage" in found:
        raise ProtectedError
    name = next((name for name in _STREAMS if name in found), None)
    if name is None:
        raise NoWorkbookError
    book = bytearray(found[name])
    try:
        sheets, texts = _sheets(book)
        room = Room(most_filled)
        area = sum([_area(book, place, texts, room) for place in sheets])
    except struct.error:
        raise ValueError("a record is cut off") from None
    return Checked(packed(name, bytes(book)), area)


def _records(book: bytes | bytearray, at: int) -> Iterator[tuple[int, int, int]]:
    """Yield kind, place and size of the records from `at` on, up to the end of their part.

    Raises:
        ValueError: there is no such end.
    """
    read = struct.Struct("<HH").unpack_from
    left = _MOST_RECORDS
    while at + 4 <= len(book):
        left -= 1
        if left < 0:
            raise TooMuchError
        kind, size = read(book, at)
        at += 4
        if at + size > len(book):
            break
        yield kind, at, size
        if kind == _END:
            return
        at += size
    raise ValueError("no end")


def _sheets(book: bytearray) -> tuple[list[int], list[int]]:
    """Return where the sheets begin, and how many bytes the shared texts have."""
    found: list[int] = []
    texts = room = 0
    in_texts = False
    pieces: list[tuple[int, int]] = []
    for kind, at, size in _records(book, 0):
        in_texts = kind == _TEXTS or (in_texts and kind == _CONTINUED)
        if kind == _PASSWORD:
            raise ProtectedError
        if kind == _SHEET:
            found.append(struct.unpack_from("<L", book, at)[0])
        elif kind == _TEXTS:
            (count,) = struct.unpack_from("<L", book, at + 4)
            texts = max(texts, count)
        if in_texts:
            room += size
            pieces.append((at, at + size))
    if texts * _SHORTEST_TEXT > room:
        raise ValueError(f"{texts} texts in {room} bytes")
    return found, sizes_of_texts(book, pieces)


def _area(book: bytearray, start: int, texts: list[int], room: Room) -> int:
    """Return the area of a sheet; what it says of its own size is taken out of it."""
    last_row = last_column = -1
    two = struct.Struct("<HH").unpack_from
    for kind, at, size in _records(book, start):
        if kind in _CELLS:
            room.take(texts, book, kind, at, size)
            row, column = two(book, at)
            if kind == _SEVERAL:
                column += max(0, (size - 6) // 6 - 1)
            last_row, last_column = max(last_row, row), max(last_column, column)
            if kind == _FORMULA:
                if size < _WORKING + 2:
                    raise ValueError("a formula without its length")
                struct.pack_into("<H", book, at + _WORKING, 0)
        elif kind == _SIZE:
            book[at : at + size] = bytes(size)
    return (last_row + 1) * (last_column + 1)
