"""From characters and rulings on a page to lines of cells. Lengths are points, y downwards."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final, NamedTuple

from allocator.sources.documents.rulings import Ruling, Table, find_tables

_NUMBER: Final = re.compile(r"[△▲−-]?[0-9０-９][0-9０-９,，]*")
_SAME_LINE: Final = 0.5
"""How far the middles of one line's characters may lie apart, in heights of a character."""

_BLANK: Final = 0.8
"""The gap between lines that stands for a blank one, in heights of a line."""

_CELL: Final = 1.0
"""The gap that parts cells where no ruling does, in heights of a character."""

_SPACE: Final = 0.18
"""The gap that is a space where the text has one, in heights of a character."""

_WIDE: Final = 0.5
"""The gap that is a space even where the text has none."""


class Character(NamedTuple):
    """A character and its box; `spaced` tells whether the text has a space before it."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    spaced: bool = False

    @property
    def middle(self) -> float:
        """The height of the middle of the box."""
        return (self.y0 + self.y1) / 2


@dataclass(frozen=True)
class _Row:
    top: float
    bottom: float
    cells: tuple[str, ...]
    table: int | None = None


@dataclass
class _Cell:
    """The characters of one cell, line by line."""

    characters: list[Character] = field(default_factory=list)

    def lines(self) -> list[tuple[float, str]]:
        """Return the middle and the text of each line."""
        return [(line[0].middle, _text(line)) for line in _into_lines(self.characters)]


def page_lines(
    characters: Sequence[Character], rulings: Sequence[Ruling]
) -> list[tuple[int, tuple[str, ...]]]:
    """Return the lines of a page: their numbers and cells; blank lines have no cells.

    Within ruled tables a row is what stands between two rulings, with a cell for every column
    (empty ones too); elsewhere cells are parted by wide gaps.
    """
    tables = find_tables(rulings)
    inside: dict[int, list[Character]] = defaultdict(list)
    outside: list[Character] = []
    for character in characters:
        x = (character.x0 + character.x1) / 2
        y = character.middle
        for number, table in enumerate(tables):
            if table.holds(x, y):
                inside[number].append(character)
                break
        else:
            outside.append(character)
    rows = [_free_row(line) for line in _into_lines(outside)]
    for number, held in inside.items():
        rows += _table_rows(tables[number], held, number)
    return _numbered(sorted(rows, key=lambda row: (row.top, row.bottom)))


def _numbered(rows: Iterable[_Row]) -> list[tuple[int, tuple[str, ...]]]:
    lines: list[tuple[int, tuple[str, ...]]] = []
    before: _Row | None = None
    for number, row in enumerate(rows, start=1):
        if before is not None and row.table != before.table:
            lines.append((number, ()))
        elif before is not None and row.table is None:
            height = max(before.bottom - before.top, 1.0)
            if row.top - before.bottom > _BLANK * height:
                lines.append((number, ()))
        lines.append((number, row.cells))
        before = row
    return lines


def _into_lines(characters: Iterable[Character]) -> list[list[Character]]:
    """Group characters into lines, from top to bottom, each from left to right."""
    lines: list[list[Character]] = []
    middle = height = 0.0
    for character in sorted(characters, key=lambda each: each.middle):
        size = character.y1 - character.y0
        if lines and character.middle - middle <= _SAME_LINE * max(height, size):
            lines[-1].append(character)
            height = max(height, size)
            continue
        lines.append([character])
        middle, height = character.middle, size
    for line in lines:
        line.sort(key=lambda each: each.x0)
    return lines


def _free_row(line: list[Character]) -> _Row:
    cells = [[line[0]]]
    for before, character in pairwise(line):
        if character.x0 - before.x1 >= _CELL * _size(before, character):
            cells.append([])
        cells[-1].append(character)
    top = min(character.y0 for character in line)
    bottom = max(character.y1 for character in line)
    return _Row(top, bottom, tuple(_text(cell) for cell in cells))


def _text(line: Sequence[Character]) -> str:
    """Join the characters of a line; spread-out words (東 京 都) are closed up."""
    parts = [line[0].text]
    for before, character in pairwise(line):
        gap = character.x0 - before.x1
        size = _size(before, character)
        if gap >= _WIDE * size or (character.spaced and gap >= _SPACE * size):
            parts.append(" ")
        parts.append(character.text)
    words = "".join(parts).split(" ")
    return "".join(words) if all(len(word) == 1 for word in words) else " ".join(words)


def _size(one: Character, other: Character) -> float:
    return max(min(one.y1 - one.y0, other.y1 - other.y0), 1.0)


def _table_rows(table: Table, characters: Iterable[Character], number: int) -> list[_Row]:
    cells: dict[tuple[int, int], _Cell] = defaultdict(_Cell)
    for character in characters:
        x = (character.x0 + character.x1) / 2
        cells[table.cell_at(x, character.middle)].characters.append(character)
    bands: dict[int, dict[int, list[tuple[float, str]]]] = defaultdict(dict)
    for (band, column), cell in cells.items():
        bands[band][column] = cell.lines()
    rows: list[_Row] = []
    for band in sorted(bands):
        middles = _middles(bands[band].values())
        for at, texts in enumerate(_parted(bands[band], middles)):
            filled = tuple(texts.get(column, "") for column in range(table.columns))
            top = table.tops[band] if at == 0 else middles[at]
            rows.append(_Row(top, table.tops[band + 1], filled, number))
    return rows


def _middles(cells: Iterable[list[tuple[float, str]]]) -> list[float]:
    """Return the middles of a band's rows: more than one where a cell stacks several numbers."""
    stacks = [
        [middle for middle, _ in lines]
        for lines in cells
        if len(lines) > 1 and all(_NUMBER.fullmatch(text) for _, text in lines)
    ]
    return max(stacks, key=len, default=[0.0])


def _parted(
    band: dict[int, list[tuple[float, str]]], middles: list[float]
) -> list[dict[int, str]]:
    """Return the text of each column, for each row of a band."""
    limits = [(upper + lower) / 2 for upper, lower in pairwise(middles)]
    rows: list[dict[int, str]] = [{} for _ in middles]
    for column, lines in band.items():
        for middle, text in lines:
            row = rows[bisect_right(limits, middle)]
            row[column] = _joined(row.get(column, ""), text)
    return rows


def _joined(before: str, text: str) -> str:
    """Join two lines of a cell: Japanese has no space there, Latin words have."""
    apart = before[-1:].isascii() and text[:1].isascii() and bool(before)
    return f"{before} {text}" if apart else before + text
