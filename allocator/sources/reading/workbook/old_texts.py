"""The shared texts of an old workbook (.xls): how long each is, and what they come to in cells."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Final

from allocator.sources.reading.limits import MOST_TEXT
from allocator.sources.reading.workbook.parts import TooMuchError

_HEAD: Final = 8
_NAMES_A_TEXT, _SEVERAL = 0x00FD, 0x00BD
_WIDE, _EXTENDED, _FORMATTED = 1, 4, 8
_RUN: Final = 4
_WIDEST: Final = 3
_LONGEST: Final = 0xFFFF * _WIDEST


class Room:
    """What the cells of a workbook may still hold: how many they are, bytes of shared texts."""

    def __init__(self, cells: int) -> None:
        self._cells, self._text = cells, MOST_TEXT

    def take(self, texts: Sequence[int], book: bytearray, kind: int, at: int, size: int) -> None:
        """Take the cells of a record.

        Raises:
            TooMuchError: there is no more room.
        """
        self._cells -= max(1, (size - 6) // 6) if kind == _SEVERAL else 1
        if kind == _NAMES_A_TEXT:
            (number,) = struct.unpack_from("<L", book, at + 6)
            self._text -= texts[number] if number < len(texts) else 0
        if self._cells < 0 or self._text < 0:
            raise TooMuchError


def sizes_of_texts(book: bytearray, pieces: Sequence[tuple[int, int]]) -> list[int]:
    """Return the most bytes that each text takes; `pieces` are where their records stand.

    What can't be followed to its end counts as the longest that there can be.
    """
    if not pieces:
        return []
    sizes: list[int] = []
    (count,) = struct.unpack_from("<L", book, pieces[0][0] + 4)
    reader = _Reader(book, pieces)
    try:
        sizes.extend(reader.text() for _ in range(count))
    except (IndexError, struct.error):
        sizes += [_LONGEST] * (count - len(sizes))
    return sizes


class _Reader:
    """Goes from text to text, and from record to record."""

    def __init__(self, book: bytearray, pieces: Sequence[tuple[int, int]]) -> None:
        self._book, self._pieces = book, pieces
        self._piece = 0
        self._at, self._end = pieces[0]
        self._at += _HEAD

    def text(self) -> int:
        if self._at >= self._end:
            self._next()
        length: int
        length, flags = struct.unpack_from("<HB", self._book, self._at)
        self._at += 3
        behind = 0
        if flags & _FORMATTED:
            behind += _RUN * struct.unpack_from("<H", self._book, self._at)[0]
            self._at += 2
        if flags & _EXTENDED:
            behind += struct.unpack_from("<L", self._book, self._at)[0]
            self._at += 4
        left = length
        while True:
            width = 2 if flags & _WIDE else 1
            here = min(left, max(0, self._end - self._at) // width)
            self._at += here * width
            left -= here
            if not left:
                break
            self._next()
            flags = self._book[self._at]
            self._at += 1
        while behind > self._end - self._at:
            behind -= max(0, self._end - self._at)
            self._next()
        self._at += behind
        return length * _WIDEST

    def _next(self) -> None:
        self._piece += 1
        self._at, self._end = self._pieces[self._piece]
