"""Making sure that an .xlsx is as small as it looks, before anything reads it."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import Path
from typing import IO, Final
from xml.parsers.expat import ExpatError, ParserCreate

from allocator.files.source import Source
from allocator.sources.reading.workbook.refusals import (
    binary,
    broken,
    no_copy,
    protected,
    too_full,
    too_large,
    too_wide,
)

_PIECE: Final = 1_000_000
_CELLS: Final = b"sheetData"
"""What tells a sheet from the other parts."""

_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.IGNORECASE)


def copy_checked(
    source: Source, target: Path, largest: int, most_cells: int, most_tags: int
) -> None:
    """Pack a workbook anew into `target`, without compression, counting what it holds.

    Sizes are counted while unpacking and not believed: what the archive says of itself may be
    wrong, and a sheet with one cell far out makes its readers reserve room for all before it.
    Tags and attributes are counted before they are parsed, which takes far
    longer.

    Raises:
        InputError: broken, encrypted, binary, unpacking to more than `largest` bytes, or sheets
            of more than `most_cells` rows times columns or more than `most_tags` tags and
            attributes.
    """
    file = source.path
    try:
        names = _copied(source, target, largest, most_tags)
        area = 0
        with zipfile.ZipFile(target) as copy:
            for name in names:
                with copy.open(name) as sheet:
                    area += _Extent().of(sheet)
    except (zipfile.BadZipFile, zlib.error, ExpatError, EOFError, ValueError, NotImplementedError):
        raise broken(file) from None
    except RuntimeError:  # what zipfile raises for an encrypted archive
        raise protected(file) from None
    except OSError as error:
        raise no_copy(file, error) from None
    if area > most_cells:
        raise too_wide(file, area, most_cells)


def _copied(source: Source, target: Path, largest: int, most_tags: int) -> list[str]:
    """Copy a workbook; return the names of its parts with cells."""
    room, room_for_tags = largest, most_tags
    found: list[str] = []
    file, content = source.path, io.BytesIO(source.content)
    with zipfile.ZipFile(content) as archive, zipfile.ZipFile(target, "w") as copy:
        for part in archive.infolist():
            if part.is_dir():
                continue
            if part.filename.endswith("workbook.bin"):
                raise binary(file)
            with archive.open(part) as opened, copy.open(part.filename, "w") as sink:
                size, tags = _copy(opened, sink, room, room_for_tags)
            room -= size
            if room < 0:
                raise too_large(file, largest)
            if tags:
                found.append(part.filename)
                room_for_tags -= tags
            if room_for_tags < 0:
                raise too_full(file, most_tags)
    return found


def _copy(source: IO[bytes], sink: IO[bytes], room: int, room_for_tags: int) -> tuple[int, int]:
    """Copy at most a piece more than `room` bytes, or than `room_for_tags` in a sheet.

    Return how many bytes were copied, and how many tags and attributes if cells are in them.
    """
    size, tags, has_cells, tail = 0, 0, False, b""
    while size <= room and (piece := source.read(_PIECE)):
        size += len(piece)
        tags += piece.count(b"<") + piece.count(b"=")
        has_cells = has_cells or _CELLS in tail + piece
        tail = piece[-len(_CELLS) :]
        sink.write(piece)
        if has_cells and tags > room_for_tags:
            break
    return size, tags if has_cells else 0


class _Extent:
    """Follows the cells of a sheet that hold something, as far as they reach."""

    def __init__(self) -> None:
        self._last_row = self._last_column = 0
        self._row = self._column = 0

    def of(self, sheet: IO[bytes]) -> int:
        """Return the area of a sheet, rows times columns.

        Raises:
            ExpatError, ValueError: it is no XML, or a cell is nowhere.
        """
        parser = ParserCreate("utf-8")  # as the reader does, whatever is declared
        parser.StartElementHandler = self._start
        parser.StartDoctypeDeclHandler = self._refuse
        while piece := sheet.read(_PIECE):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
        return self._last_row * self._last_column

    def _refuse(self, *_: object) -> None:
        raise ValueError("a sheet with a document type")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local in {"v", "is"}:
            self._last_row = max(self._last_row, self._row)
            self._last_column = max(self._last_column, self._column)
        elif local == "c":
            self._column += 1
            if "r" in attributes:
                found = _REFERENCE.fullmatch(attributes["r"])
                if found is None:
                    raise ValueError(f"no place: {attributes['r']}")
                self._column, self._row = _column_number(found[1]), int(found[2])
        elif local == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
