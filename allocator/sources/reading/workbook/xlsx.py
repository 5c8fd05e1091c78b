"""Making sure that an .xlsx is as small as it looks, before anything reads it."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import Path
from typing import IO, Final, NamedTuple
from xml.parsers.expat import ExpatError

from allocator.domain.text import Text
from allocator.files.source import Source
from allocator.sources.reading.limits import (
    MOST_COLUMNS,
    MOST_TEXT,
    too_many,
    too_much_text,
    too_wide,
)
from allocator.sources.reading.workbook.parts import (
    TooMuchError,
    extent_of,
    lengths_of_texts,
    parts_of_sheets,
    size_of_texts,
)
from allocator.sources.reading.workbook.refusals import (
    binary,
    broken,
    no_copy,
    protected,
    repeated_sheets,
    too_full,
    too_large,
)

_PIECE: Final = 1_000_000
_CELLS: Final = b"sheetData"
"""What tells a sheet from the other parts."""

_TEXTS: Final = "xl/sharedstrings.xml"
_BOOK: Final = frozenset(("xl/workbook.xml", "xl/_rels/workbook.xml.rels"))
_LARGEST_BOOK: Final = 4_000_000
"""The most bytes of the parts that name the sheets."""

_LONG_TEXT: Final = 5_000
"""Bytes of a text whose cells are counted before all else."""

_UNREAD: Final = re.compile(
    r"docprops/|customxml/|xl/(?:media|drawings|charts|embeddings|printersettings|pivot\w+"
    r"|externallinks|activex|ctrlprops|diagrams|richdata)/|xl/comments\d*\.xml"
)
"""Parts that reading cells doesn't need: pictures, charts, comments, settings of printers …"""


class Limits(NamedTuple):
    """The most that a workbook may hold: bytes unpacked, and what its sheets hold.

    `cells` are rows times columns, `filled` those that hold something, `tags` those of its parts.
    Attributes count as tags; a cell with a value takes six to nine.
    """

    unpacked: int
    cells: int
    filled: int
    tags: int


def copy_checked(source: Source, target: Path, most: Limits) -> None:
    """Pack a workbook anew into `target`, without compression, counting what it holds.

    Sizes are counted while unpacking and not believed: what the archive says of itself may be
    wrong, a sheet with one cell far out makes its readers reserve room for all before it, and a
    text stands once that very many cells name. Tags and attributes are counted before they are
    parsed, which takes far longer. Parts without cells, texts or formats are left behind.

    Raises:
        InputError: broken, encrypted, binary, or holding more than `most`.
    """
    file = source.path
    try:
        names = _copied(source, target, most)
        with zipfile.ZipFile(target) as copy:
            sheets = parts_of_sheets(copy)
            if len(set(sheets)) < len(sheets):
                raise repeated_sheets(file)
            _refuse_wide(file, copy, names, most)
    except TooMuchError:
        raise too_full(file, most.filled) from None
    except (zipfile.BadZipFile, zlib.error, ExpatError, EOFError, ValueError, NotImplementedError):
        raise broken(file) from None
    except RuntimeError:  # what zipfile raises for an encrypted archive
        raise protected(file) from None
    except OSError as error:
        raise no_copy(file, error) from None


def _refuse_wide(file: Path, copy: zipfile.ZipFile, sheets: list[str], most: Limits) -> None:
    """Refuse sheets that reach too far, hold too much, or name long texts too often.

    Raises:
        InputError, TooMuchError: they do.
    """
    texts = next((each for each in copy.namelist() if each.lower() == _TEXTS), None)
    lengths: list[int] = []
    if texts is not None:
        with copy.open(texts) as part:
            lengths = lengths_of_texts(part)
    longest = max(lengths, default=0)
    if longest > _LONG_TEXT:
        _refuse_long_texts(file, copy, sheets, lengths)
    area = filled = of_texts = 0
    for name in sheets:
        with copy.open(name) as sheet:
            found = extent_of(sheet, most.filled - filled)
        area += found.rows * found.columns
        filled += found.filled
        of_texts += found.of_shared_texts
        if found.columns > MOST_COLUMNS and area <= most.cells:
            raise too_many(file, found.columns, Text("columns", "列"), MOST_COLUMNS)
    if area > most.cells:
        raise too_wide(file, area, most.cells)
    if longest <= _LONG_TEXT and longest * of_texts > MOST_TEXT:
        _refuse_long_texts(file, copy, sheets, lengths)


def _refuse_long_texts(
    file: Path, copy: zipfile.ZipFile, sheets: list[str], lengths: list[int]
) -> None:
    """Refuse shared texts that are, in all cells that name them, more than a table has."""
    room = MOST_TEXT
    for name in sheets:
        with copy.open(name) as sheet:
            try:
                room -= size_of_texts(sheet, lengths, room)
            except TooMuchError:
                raise too_much_text(file) from None


def _copied(source: Source, target: Path, most: Limits) -> list[str]:
    """Copy a workbook; return the names of its parts with cells."""
    unpacked, room_for_tags = most.unpacked, most.tags
    found: list[str] = []
    seen: set[str] = set()
    file, content = source.path, io.BytesIO(source.content)
    with zipfile.ZipFile(content) as archive, zipfile.ZipFile(target, "w") as copy:
        for part in archive.infolist():
            name = part.filename.lower()
            if name.endswith("workbook.bin"):
                raise binary(file)
            if part.is_dir() or _UNREAD.match(name):
                continue
            if name in seen:
                raise broken(file)
            seen.add(name)
            with archive.open(part) as opened, copy.open(part.filename, "w") as sink:
                size, tags, has_cells = _copy(opened, sink, unpacked, room_for_tags)
            unpacked -= size
            room_for_tags -= tags
            if unpacked < 0:
                raise too_large(file, most.unpacked)
            if size > _LARGEST_BOOK and name in _BOOK:
                raise too_large(file, _LARGEST_BOOK)
            if room_for_tags < 0:
                raise TooMuchError
            if has_cells:
                found.append(part.filename)
    return found


def _copy(
    source: IO[bytes], sink: IO[bytes], room: int, room_for_tags: int
) -> tuple[int, int, bool]:
    """Copy at most a piece more than `room` bytes, or than `room_for_tags`.

    Return how many bytes were copied, how many tags and attributes, and if cells are in them.
    """
    size, tags, has_cells, tail = 0, 0, False, b""
    while size <= room and tags <= room_for_tags and (piece := source.read(_PIECE)):
        size += len(piece)
        tags += piece.count(b"<") + piece.count(b"=")
        has_cells = has_cells or _CELLS in tail + piece
        tail = piece[-len(_CELLS) :]
        sink.write(piece)
    return size, tags, has_cells
