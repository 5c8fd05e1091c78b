"""What the parts of an .xlsx say, as far as it tells how large the workbook is once it is read."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from typing import IO, Final, NamedTuple
from xml.parsers.expat import ParserCreate, XMLParserType

_PIECE: Final = 1_000_000
_BOOK: Final = "xl/workbook.xml"
_LINKS: Final = "xl/_rels/workbook.xml.rels"
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.IGNORECASE)
_SHARED: Final = "s"
_OF_CELLS: Final = frozenset(("row", "c", "v", "is", "f", "t"))
_MOST_OTHERS: Final = 300_000
"""The most elements of a sheet that are no cells: merged ones, links, pieces of rich text …"""


class TooMuchError(Exception):
    """A workbook holds more than it may."""


class Extent(NamedTuple):
    """How far the cells of a sheet reach that hold something.

    `filled` is how many those are, `of_shared_texts` how many cells name a shared text.
    """

    rows: int
    columns: int
    filled: int
    of_shared_texts: int


def extent_of(sheet: IO[bytes], most_filled: int) -> Extent:
    """Go through the cells of a sheet.

    Raises:
        TooMuchError: more than `most_filled` hold something.
        ExpatError, ValueError: it is no XML, a cell is nowhere, or there is very much beside cells.
    """
    last_row = last_column = row = column = filled = shared = 0
    room_for_others = iter(range(_MOST_OTHERS))

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal last_row, last_column, row, column, filled, shared
        local = name if name in _OF_CELLS else name.rpartition(":")[2]
        if local == "c":
            column += 1
            if (place := attributes.get("r")) is not None:
                found = _REFERENCE.fullmatch(place)
                if found is None:
                    raise ValueError(f"no place: {place}")
                column, row = _column_number(found[1]), int(found[2])
            if attributes.get("t") == _SHARED:
                shared += 1
        elif local in {"v", "is"}:
            filled += 1
            if filled > most_filled:
                raise TooMuchError
            last_row = max(last_row, row)
            last_column = max(last_column, column)
        elif local == "row":
            row = int(attributes.get("r", row + 1))
            column = 0
        elif local not in _OF_CELLS and next(room_for_others, None) is None:
            raise ValueError("a sheet of very much beside cells")

    parser = _parser()
    parser.StartElementHandler = start
    _parse(parser, sheet)
    return Extent(last_row, last_column, filled, shared)


def lengths_of_texts(part: IO[bytes]) -> list[int]:
    """Return how many bytes each of the shared texts has."""
    found: list[int] = []

    def start(name: str, _: object) -> None:
        if name.rpartition(":")[2] == "si":
            found.append(0)

    def text(piece: str) -> None:
        if found:
            found[-1] += len(piece.encode("utf-8", "surrogatepass"))

    parser = _parser()
    parser.StartElementHandler = start
    parser.CharacterDataHandler = text
    _parse(parser, part)
    return found


def size_of_texts(sheet: IO[bytes], lengths: Sequence[int], most: int) -> int:
    """Return how many bytes the shared texts of a sheet have, each counted in every cell.

    Raises:
        TooMuchError: they have more than `most`.
    """
    size = 0
    value: list[str] = []
    shared = False

    def start(name: str, attributes: Mapping[str, str]) -> None:
        nonlocal shared
        local = name.rpartition(":")[2]
        if local == "c":
            shared = attributes.get("t") == _SHARED
        elif local == "v":
            value.clear()

    def end(name: str) -> None:
        nonlocal size
        if shared and name.rpartition(":")[2] == "v" and (number := "".join(value).strip()):
            size += lengths[int(number)] if int(number) < len(lengths) else 0
            if size > most:
                raise TooMuchError

    parser = _parser()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.CharacterDataHandler = value.append
    _parse(parser, sheet)
    return size


def parts_of_sheets(archive: zipfile.ZipFile) -> list[str]:
    """Return which part each sheet of a workbook is, as far as it says so."""
    names = {name.lower(): name for name in archive.namelist()}
    if _BOOK not in names or _LINKS not in names:
        return []
    targets: dict[str, str] = {}
    sheets: list[str] = []

    def link(name: str, attributes: Mapping[str, str]) -> None:
        if name.rpartition(":")[2] == "Relationship":
            target = attributes.get("Target", "").replace("\\", "/").lower().lstrip("/")
            targets[attributes.get("Id", "")] = target.removeprefix("xl/")

    def sheet(name: str, attributes: Mapping[str, str]) -> None:
        if name.rpartition(":")[2] == "sheet":
            links = [each for key, each in attributes.items() if key.endswith(":id")]
            sheets.extend(targets.get(each, each) for each in links)

    for part, handler in ((_LINKS, link), (_BOOK, sheet)):
        parser = _parser()
        parser.StartElementHandler = handler
        with archive.open(names[part]) as opened:
            _parse(parser, opened)
    if any(".." in each for each in sheets):
        raise ValueError("a sheet by a roundabout way")
    return sheets


def _parser() -> XMLParserType:
    parser = ParserCreate("utf-8")  # as the reader does, whatever is declared
    parser.StartDoctypeDeclHandler = _refuse
    parser.buffer_text = True
    return parser


def _parse(parser: XMLParserType, part: IO[bytes]) -> None:
    while piece := part.read(_PIECE):
        parser.Parse(piece, False)
    parser.Parse(b"", True)


def _refuse(*_: object) -> None:
    raise ValueError("a part with a document type")


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number
