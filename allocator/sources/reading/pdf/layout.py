"""From characters and rulings on a page to lines of cells. Lengths are points, y downwards."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import attrgetter
from typing import Final, NamedTuple

from allocator.sources.reading.pdf.rulings import Ruling, Table, find_tables

_NUMBER: Final = re.compile(r"[△▲−-]?[0-9０-９][0-9０-９,，]*")
_SAME_LINE: Final = 0.5
"""How far the middles of one line's characters may lie apart, in heights of a character."""

_BLANK: Final = 0.8
"""The gap between lines that stands for a blank one, in heights of a line."""

_CELL: Final = 1.0
"""The gap that parts cells where no ruling does, in heights of a character."""

_SPREAD: Final = 4.0
"""How far the characters of one word may be spread, in heights of a character."""

_SPACE: Final = 0.18
"""The gap that is a space where the text has one, in heights of a character."""

_WIDE: Final = 0.5
"""The gap that is a space even where the text has none."""


class Character(NamedTuple):
    """A character: from x0 to x1, its middle and height; `spaced`: the text has a space before."""

    text: str
    x0: float
    x1: float
    middle: float
    height: float
    spaced: bool = False


class PageLine(NamedTuple):
    """A line of a page: its number, its cells (none: blank), whether a ruled table holds it."""

    number: int
    cells: tuple[str, ...]
    ruled: bool = False


@dataclass(frozen=True)
class _Row:
    top: float
    bottom: float
    cells: tuple[str, ...]
    table: int | None = None


def page_lines(characters: Sequence[Character], rulings: Sequence[Ruling]) -> list[PageLine]:
    """Return the lines of a page; blank lines have no cells, and the number of the line below.

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


def _numbered(rows: Iterable[_Row]) -> list[PageLine]:
    lines: list[PageLine] = []
    before: _Row | None = None
    for number, row in enumerate(rows, start=1):
        if before is not None and row.table != before.table:
            lines.append(PageLine(number, ()))
        elif before is not None and row.table is None:
            height = max(before.bottom - before.top, 1.0)
            if row.top - before.bottom > _BLANK * height:
                lines.append(PageLine(number, ()))
        lines.append(PageLine(number, row.cells, row.table is not None))
        before = row
    return lines


def _into_lines(characters: Iterable[Character]) -> list[list[Character]]:
    """Group characters into lines, from top to bottom, each from left to right."""
    lines: list[list[Character]] = []
    middle = height = 0.0
    for character in sorted(characters, key=attrgetter("middle")):
        size = character.height
        if lines and character.middle - middle <= _SAME_LINE * max(height, size):
            lines[-1].append(character)
            height = max(height, size)
            continue
        lines.append([character])
        middle, height = character.middle, size
    for line in lines:
        line.sort(key=attrgetter("x0"))
    return lines


def _free_row(line: list[Character]) -> _Row:
    cells = [[line[0]]]
    for before, character in pairwise(line):
        if character.x0 - before.x1 >= _CELL * _size(before, character):
            cells.append([])
        cells[-1].append(character)
    cells = _closed_up(cells)
    top = min(character.middle - character.height / 2 for character in line)
    bottom = max(character.middle + character.height / 2 for character in line)
    return _Row(top, bottom, tuple(_text(cell) for cell in cells))


def _closed_up(cells: list[list[Character]]) -> list[list[Character]]:
    """Join cells of one character each: a word spread out over a column (大 阪 府)."""
    joined: list[list[Character]] = []
    open_word = False
    for cell in cells:
        single = len(cell) == 1 and not cell[0].text.isascii()
        if single and open_word and cell[0].x0 - joined[-1][-1].x1 <= _SPREAD * cell[0].height:
            joined[-1] += cell
        else:
            joined.append(list(cell))
        open_word = single
    return joined


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
    return max(min(one.height, other.height), 1.0)


def _table_rows(table: Table, characters: Iterable[Character], number: int) -> list[_Row]:
    fields: dict[tuple[int, int], list[Character]] = defaultdict(list)
    for character in characters:
        x = (character.x0 + character.x1) / 2
        fields[table.field_at(x, character.middle)].append(character)
    cells: dict[tuple[int, int], list[Character]] = defaultdict(list)
    for (band, column), held in fields.items():
        cells[table.cell_of(band, column)] += held
    bands: dict[int, dict[int, list[tuple[float, str]]]] = defaultdict(dict)
    for (band, column), held in cells.items():
        bands[band][column] = [(line[0].middle, _text(line)) for line in _into_lines(held)]
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


def _parted(band: dict[int, list[tuple[float, str]]], middles: list[float]) -> list[dict[int, str]]:
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
