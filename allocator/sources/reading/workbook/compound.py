"""The old container of Office files ([MS-CFB]): its streams, and one stream packed anew."""

from __future__ import annotations

import struct
from typing import Final

MARK: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LAST: Final = 0xFFFFFFFA
"""Sector numbers above this one are marks: the end of a chain, a free sector."""

_END, _FREE, _TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
_HEADER: Final = struct.Struct("<8s16xHHHHH6xLLLLLLLLL")
_IN_HEADER: Final = 109
_ENTRY: Final = 128
_STREAM, _ROOT = 2, 5
_SPARE: Final = 100
"""So many tables more than it needs a container may have."""


def streams(content: bytes) -> dict[str, bytes]:
    """Return the streams of a container by name.

    Raises:
        ValueError: it is broken: a chain without end, a place that isn't there.
    """
    try:
        return _Container(content).streams()
    except struct.error:
        raise ValueError("the container is cut off") from None


class _Container:
    def __init__(self, content: bytes) -> None:
        mark, _, _, _, shift, small_shift, *numbers = _HEADER.unpack_from(content)
        _, _, self._first_entry, _, self._cutoff, small, _, more, _ = numbers
        if mark != MARK or shift not in {9, 12} or small_shift > shift:
            raise ValueError("no container")
        self._content, self._size, self._small_size = content, 1 << shift, 1 << small_shift
        self._most = len(content) // self._size + 1
        self._room = 4 * len(content)
        places = [*struct.unpack_from(f"<{_IN_HEADER}L", content, _HEADER.size)]
        seen: set[int] = set()
        while more < _LAST:
            if more in seen:
                raise ValueError("a chain without end")
            seen.add(more)
            *found, more = self._numbers(self._sector(more))
            places += found
        self._table: list[int] = []
        tables = list(dict.fromkeys(place for place in places if place < _LAST))
        if len(tables) > self._most // (self._size // 4) + _SPARE:
            raise ValueError("more tables than a container needs")
        for place in tables:
            self._table += self._numbers(self._sector(place))
        self._small_table = self._numbers(self._chained(small))

    def streams(self) -> dict[str, bytes]:
        entries = self._chained(self._first_entry)
        found: dict[str, bytes] = {}
        small = b""
        for at in range(0, len(entries) - _ENTRY + 1, _ENTRY):
            entry = entries[at : at + _ENTRY]
            length, kind = struct.unpack_from("<HB", entry, 64)
            start, size = struct.unpack_from("<LL", entry, 116)
            if kind == _ROOT:
                small = self._chained(start)
            elif kind == _STREAM:
                name = entry[: max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
                whole = self._chained(start) if size >= self._cutoff else self._pieces(start, small)
                found.setdefault(name, whole[:size])
        return found

    def _sector(self, number: int) -> bytes:
        at = (number + 1) * self._size
        if at >= len(self._content):
            raise ValueError(f"no sector {number}")
        return self._content[at : at + self._size]

    def _numbers(self, content: bytes) -> list[int]:
        return [*struct.unpack(f"<{len(content) // 4}L", content[: len(content) // 4 * 4])]

    def _chained(self, start: int) -> bytes:
        places = _chain(start, self._table, self._most)
        self._room -= len(places) * self._size
        if self._room < 0:
            raise ValueError("streams one over the other")
        return b"".join(map(self._sector, places))

    def _pieces(self, start: int, small: bytes) -> bytes:
        size = self._small_size
        places = _chain(start, self._small_table, len(small) // size + 1)
        self._room -= len(places) * size
        if self._room < 0:
            raise ValueError("streams one over the other")
        return b"".join(small[place * size : (place + 1) * size] for place in places)


def _chain(start: int, table: list[int], most: int) -> list[int]:
    places: list[int] = []
    while start < _LAST:
        places.append(start)
        if start >= len(table) or len(places) > most:
            raise ValueError("a chain without end")
        start = table[start]
    return places


_SECTOR: Final = 4096


def packed(name: str, content: bytes) -> bytes:
    """Return a container with one stream and nothing else in it, the plainest that there is.

    (The sector for small streams holds none, but readers want one.)
    """
    content = content.ljust(-(-max(len(content), _SECTOR) // _SECTOR) * _SECTOR, b"\0")
    count = len(content) // _SECTOR
    tables = 1
    while tables * _SECTOR // 4 < tables + 2 + count:
        tables += 1
    first = tables + 2  # after the tables, the directory and the sector for small streams
    numbers = [*[_TABLE] * tables, _END, _END, *range(first + 1, first + count), _END]
    table = struct.pack(f"<{len(numbers)}L", *numbers).ljust(tables * _SECTOR, b"\xff")
    entries = _entry("Root Entry", _ROOT, 1, tables + 1, 0)
    entries += _entry(name, _STREAM, _FREE, first, len(content))
    entries += (b"\0" * 68 + b"\xff" * 12 + b"\0" * 48) * (_SECTOR // _ENTRY - 2)
    header = _HEADER.pack(
        MARK, 0x3E, 4, 0xFFFE, 12, 6, 1, tables, tables, 0, _SECTOR, _END, 0, _END, 0
    )
    places = [*range(tables), *[_FREE] * (_IN_HEADER - tables)]
    header += struct.pack(f"<{_IN_HEADER}L", *places)
    return header.ljust(_SECTOR, b"\0") + table + entries + b"\0" * _SECTOR + content


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le")
    links = struct.pack("<LLL", _FREE, _FREE, child)
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBB", len(text) + 2, kind, 1)
        + links
        + b"\0" * 36
        + struct.pack("<LQ", start, size)
    )
