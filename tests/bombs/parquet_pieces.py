"""Parquet written piece by piece, so that a file may say of itself what is not so."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Sequence
from typing import Final

MARK: Final = b"PAR1"
INT64, TEXT = 2, 6
PLAIN, RUNS, DICTIONARY, SHARED_STARTS = 0, 3, 8, 7
_PLAIN_CODEC, GZIP = 0, 2
_I32, _I64, _BINARY, _LIST, _STRUCT = 5, 6, 8, 9, 12

Field = tuple[int, int, "int | bytes | Sequence[bytes]"]


def number(value: int) -> bytes:
    """Return a number in as many groups of seven bits as it takes."""
    found = bytearray()
    while value > 127:
        found.append(value & 127 | 128)
        value >>= 7
    found.append(value)
    return bytes(found)


def signed(value: int) -> bytes:
    """Return a number whose lowest bit is its sign."""
    return number(value << 1 if value >= 0 else (-value << 1) - 1)


def record(*fields: Field) -> bytes:
    """Return a struct of Thrift's compact protocol: (number, type, value) in order."""
    found, before = b"", 0
    for place, kind, value in fields:
        found += bytes([place - before << 4 | kind])
        before = place
        if isinstance(value, int):
            found += signed(value)
        elif isinstance(value, bytes):
            found += number(len(value)) + value if kind == _BINARY else value
        else:
            raise TypeError(kind)
    return found + b"\0"


def listing(kind: int, items: Sequence[bytes], count: int | None = None) -> bytes:
    """Return a list of `items` that says it has `count` of them."""
    count = len(items) if count is None else count
    head = bytes([count << 4 | kind]) if count < 15 else bytes([0xF0 | kind]) + number(count)
    return head + b"".join(items)


def text_field(place: int, value: bytes) -> Field:
    """Return a field of text."""
    return (place, _BINARY, value)


def leaf(name: str, kind: int = TEXT) -> bytes:
    """Return a column of the schema, whose cells are all there."""
    fields: list[Field] = [(1, _I32, kind), (3, _I32, 0), text_field(4, name.encode())]
    return record(*fields, (6, _I32, 0)) if kind == TEXT else record(*fields)


def page(
    values: bytes,
    count: int,
    encoding: int = PLAIN,
    *,
    is_dictionary: bool = False,
    size: int | None = None,
    packed: bytes | None = None,
) -> bytes:
    """Return a page of `count` values, packed by gzip, that says it unpacks to `size` bytes."""
    packed = gzip_of(values, 1) if packed is None else packed
    size = len(values) if size is None else size
    inner = [(1, _I32, count), (2, _I32, encoding)]
    inner += [] if is_dictionary else [(3, _I32, RUNS), (4, _I32, RUNS)]
    head = record(
        (1, _I32, 2 if is_dictionary else 0),
        (2, _I32, size),
        (3, _I32, len(packed)),
        (7 if is_dictionary else 5, _STRUCT, record(*inner)),
    )
    return head + packed


def gzip_of(piece: bytes, times: int) -> bytes:
    """Return a piece that is there so many times, packed by gzip."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    return b"".join([packer.compress(piece) for _ in range(times)]) + packer.flush()


class Chunk:
    """The pages of one column."""

    def __init__(
        self,
        name: str,
        pages: Sequence[bytes],
        count: int,
        kind: int = TEXT,
        dictionary: bytes = b"",
        size: int | None = None,
    ) -> None:
        self.name, self.kind, self.count = name, kind, count
        self.dictionary, self.content = dictionary, dictionary + b"".join(pages)
        self.size = len(self.content) if size is None else size

    def meta(self, at: int) -> bytes:
        """Return what the footer says of the column that begins at `at`."""
        fields: list[Field] = [
            (1, _I32, self.kind),
            (2, _LIST, listing(_I32, [signed(PLAIN)])),
            (3, _LIST, listing(_BINARY, [number(len(self.name.encode())) + self.name.encode()])),
            (4, _I32, GZIP),
            (5, _I64, self.count),
            (6, _I64, self.size),
            (7, _I64, len(self.content)),
            (9, _I64, at + len(self.dictionary)),
        ]
        if self.dictionary:
            fields.append((11, _I64, at))
        return record((2, _I64, at), (3, _STRUCT, record(*fields)))


def file_of(
    *groups: Sequence[Chunk], rows: int, schema: Sequence[bytes] = (), group_rows: int | None = None
) -> bytes:
    """Return a file of groups of columns, with so many rows."""
    content, found = bytearray(MARK), []
    for chunks in groups:
        columns = []
        for chunk in chunks:
            columns.append(chunk.meta(len(content)))
            content += chunk.content
        each = rows // len(groups) if group_rows is None else group_rows
        found.append(
            record(
                (1, _LIST, listing(_STRUCT, columns)),
                (2, _I64, 1000),
                (3, _I64, each),
            )
        )
    leaves = schema or [leaf(chunk.name, chunk.kind) for chunk in groups[0]]
    return bytes(content) + footer(rows, leaves, found)


def footer(rows: int, leaves: Sequence[bytes], groups: Sequence[bytes]) -> bytes:
    """Return the end of a file: what it says of itself."""
    root = record(text_field(4, b"root"), (5, _I32, len(leaves)))
    meta = record(
        (1, _I32, 1),
        (2, _LIST, listing(_STRUCT, [root, *leaves])),
        (3, _I64, rows),
        (4, _LIST, listing(_STRUCT, groups)),
    )
    return ended(meta)


def ended(meta: bytes) -> bytes:
    """Return a footer with its length and the mark."""
    return meta + struct.pack("<L", len(meta)) + MARK


def texts(*values: bytes) -> bytes:
    """Return texts as they stand in a page."""
    return b"".join(struct.pack("<L", len(value)) + value for value in values)


def runs(value: int, count: int, width: int = 1) -> bytes:
    """Return a page's references to one entry of the dictionary."""
    return bytes([width]) + number(count << 1) + bytes([value])
