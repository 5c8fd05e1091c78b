"""Old workbooks (.xls) that lead in circles or hold far more than they seem to."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Final

import xlwt

from allocator.sources.reading.workbook.compound import packed, streams

_NAME: Final = "population_2022-01-01.xls"
_END: Final = struct.pack("<HH", 0x000A, 0)
_BEGIN: Final = struct.pack("<HHHHHHLL", 0x0809, 16, 0x0600, 5, 0, 0, 0, 0)
_SHEET: Final = struct.pack("<HHHHHHLL", 0x0809, 16, 0x0600, 0x10, 0, 0, 0, 0)


def one_long_text(folder: Path) -> Path:
    """One text of 30,000 characters in 200,000 cells."""
    cells = b"".join(
        struct.pack("<HHHHHL", 0x00FD, 10, at // 4, at % 4, 0, 0) for at in range(200_000)
    )
    return _book(folder, cells)


def many_figures(folder: Path) -> Path:
    """Two million figures in a few columns."""
    cells = b"".join(
        struct.pack("<HHHHHL", 0x027E, 10, at // 40, at % 40, 0, 2) for at in range(2_000_000)
    )
    return _book(folder, cells)


def many_records(folder: Path) -> Path:
    """Ten million records of nothing."""
    return _book(folder, struct.pack("<HH", 0x0042, 0) * 10_000_000)


def names_of_one_sheet(folder: Path) -> Path:
    """Two thousand sheets that are all the same part, of 3,000 rows."""
    cells = b"".join(struct.pack("<HHHHHL", 0x027E, 10, at, 0, 0, 2) for at in range(3_000))
    return _book(folder, cells, sheets=2_000)


def streams_over_one_another(folder: Path) -> Path:
    """Thirty thousand streams that are all the same forty million bytes."""
    content = bytearray(packed("Workbook", b"\0" * 40_000_000))
    entry = content.index("Workbook".encode("utf-16-le"))
    one = bytes(content[entry : entry + 128])
    return _write(folder, _with_directory(bytes(content), one * 30_000))


def many_tables(folder: Path) -> Path:
    """A container that says every one of its sectors holds the table of all."""
    content = bytearray(packed("Workbook", b"\xff" * 45_000_000))
    count = len(content) // 4096 - 1
    numbers = [*range(count)]
    struct.pack_into("<109L", content, 76, *numbers[:109])
    rest, first, size = numbers[109:], 200, 1023
    for step, at in enumerate(range(0, len(rest), size)):
        part = rest[at : at + size]
        part += [0xFFFFFFFF] * (size - len(part))
        more = first + step + 1 if at + size < len(rest) else 0xFFFFFFFE
        struct.pack_into("<1024L", content, (first + step + 1) * 4096, *part, more)
    struct.pack_into("<L", content, 68, first)
    return _write(folder, bytes(content))


def circle_of_tables(folder: Path) -> Path:
    """A container whose list of tables leads back to its beginning."""
    content = bytearray(packed("Workbook", b"\0" * 100_000))
    struct.pack_into("<L", content, 68, 3)
    struct.pack_into("<L", content, 5 * 4096 - 4, 3)
    return _write(folder, bytes(content))


def texts_that_lie(folder: Path) -> Path:
    """A record of texts that says it has four billion, one of them with as many bytes."""
    text = struct.pack("<HHLL", 0x00FC, 8 + 7, 1, 0xFFFFFFFF) + struct.pack(
        "<HBL", 1, 4, 0xFFFFFFFF
    )
    return _book(folder, b"", text=text)


def a_long_text_of_pieces(folder: Path) -> Path:
    """A text of 65,535 characters in pieces of one, in 60,000 cells."""
    text = struct.pack("<HHLLHBc", 0x00FC, 12, 1, 1, 0xFFFF, 0, b"x")
    text += struct.pack("<HHBc", 0x003C, 2, 0, b"x") * 0xFFFE
    cells = b"".join(struct.pack("<HHHHHL", 0x00FD, 10, at, 0, 0, 0) for at in range(60_000))
    return _book(folder, cells, text=text)


def cell_in_the_last_corner(folder: Path) -> Path:
    """A cell in the last corner of a sheet."""
    return _book(folder, struct.pack("<HHHHHL", 0x027E, 10, 0xFFFF, 0xFF, 0, 2))


def an_old_document(folder: Path) -> Path:
    """A text of another old program."""
    return _write(folder, packed("WordDocument", b"text" * 2_000))


OLD_WORKBOOKS: Final[dict[str, Callable[[Path], Path]]] = {
    f"xls_{maker.__name__}": maker
    for maker in (
        one_long_text,
        many_figures,
        many_records,
        names_of_one_sheet,
        streams_over_one_another,
        many_tables,
        circle_of_tables,
        texts_that_lie,
        a_long_text_of_pieces,
        cell_in_the_last_corner,
        an_old_document,
    )
}


def _book(folder: Path, cells: bytes, sheets: int = 1, text: bytes = b"") -> Path:
    """Write a workbook of these records, and of one long text."""
    if not text:
        long = b"x" * 8_000
        text = struct.pack("<HHLLHB", 0x00FC, 8 + 3 + 8_000, 1, 1, 32_000, 0) + long
        text += b"".join(struct.pack("<HHB", 0x003C, 8_001, 0) + long for _ in range(3))
    names = [b"\x06\x00" + b"s%05d" % at for at in range(sheets)]
    size = sum(len(name) + 10 for name in names)
    start = len(_BEGIN) + size + len(text) + len(_END)
    bounds = b"".join(
        struct.pack("<HHLH", 0x0085, 6 + len(name), start, 0) + name for name in names
    )
    return _write(folder, packed("Workbook", _BEGIN + bounds + text + _END + _SHEET + cells + _END))


def _with_directory(content: bytes, entries: bytes) -> bytes:
    """Return a container whose directory has these entries too, at its end."""
    book = streams(content)["Workbook"]
    whole = bytearray(packed("Workbook", book + entries))
    first = len(whole) // 4096 - 1 - -(-len(entries) // 4096)
    struct.pack_into("<L", whole, 48, first)
    return bytes(whole)


def _write(folder: Path, content: bytes) -> Path:
    path = folder / _NAME
    path.write_bytes(content)
    return path


def plain(folder: Path) -> Path:
    """A sound workbook, to compare with."""
    book, content = xlwt.Workbook(), io.BytesIO()
    book.add_sheet("a").write(0, 0, "x")
    book.save(content)
    return _write(folder, content.getvalue())
