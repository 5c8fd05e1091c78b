"""Telling rows of a list from what else stands in a document, line by line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

import polars as pl

from allocator.domain.errors import Problem
from allocator.domain.organisations import PREFECTURE, Register
from allocator.domain.text import Text
from allocator.domain.yen import LARGEST
from allocator.sources.lists.running import Columns, RunningList
from allocator.sources.lists.table import AMOUNT_NAMES
from allocator.sources.reading.document import Line
from allocator.sources.tables.header import (
    CODE_WORDS,
    MUNICIPALITY_WORDS,
    PREFECTURE_WORDS,
    key_word,
    without_unit,
)
from allocator.sources.tables.sums import Sum, is_sum_word, sum_of
from allocator.sources.tables.units import Unit, figure
from allocator.sources.tables.who import Names
from allocator.sources.tables.words import plain

SHORTEST_HEADER: Final = 2
SIX: Final = re.compile(r"[0-9]{6}")
_HEADINGS: Final = frozenset((*CODE_WORDS, *PREFECTURE_WORDS, *MUNICIPALITY_WORDS))
_CODE: Final = re.compile(r"[0-9]{4,6}")
_LONG: Final = re.compile(r"[0-9]{5,}|[0-9]{1,3}(?:,[0-9]{3})+")
_NEARLY_SIX: Final = range(5, 8)
_FEWEST_DIGITS: Final = 4


class Parts(NamedTuple):
    """What a line has in the columns of a list, as texts."""

    code: str
    prefecture: str
    municipality: str
    amount: str

    def yen(self, unit: Unit) -> int | None:
        """Return the amount in yen, printed in `unit`; None: there is none, or no whole yen.

        A sum may be more than the largest amount.
        """
        read = figure(self.amount, unit)
        if isinstance(read, Text):
            return None
        return read[0] if abs(read[0]) <= LARGEST or any(map(is_sum_word, self[:3])) else None


class RowReader:
    """Reads rows, knowing the names and codes of a register."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self.names = Names(register)
        self.prefectures = {
            plain(name): code
            for name, code in register.frame.filter(pl.col("kind") == PREFECTURE)
            .select("prefecture", "code")
            .iter_rows()
        }
        self._municipalities = {plain(name) for name in register.frame["municipality"]} - {""}

    def parts(self, line: Line, columns: Columns, *, alone: bool) -> Parts | None:
        """Return what a line has in a list's columns; `alone`: no other list stands beside."""
        cells = line.cells
        if len(cells) >= columns.end:
            places = (columns.code, columns.prefecture, columns.municipality)
            code, prefecture, municipality = ("" if at is None else cells[at] for at in places)
            return Parts(code, prefecture, municipality, cells[columns.amount])
        if not alone:
            return None
        # Empty cells leave no trace without rulings or tabs: code first, amount last, names
        # between.
        words = line_words(line)
        named = [columns.code, columns.prefecture, columns.municipality]
        if len(words) < SHORTEST_HEADER:
            return None
        code = ""
        middle = list(words[:-1])
        if named[0] is not None and self._begins_with_code(middle):
            code = middle.pop(0)
        prefecture = middle.pop(0) if middle and named[1] is not None else ""
        if middle and named[2] is None:
            return None
        return Parts(code, prefecture, " ".join(middle), words[-1])

    def _begins_with_code(self, words: list[str]) -> bool:
        first = plain(words[0])
        if first in self.prefectures:
            return False
        beside = len(words) > 1 and plain(words[1]) in self.prefectures
        return beside or _CODE.fullmatch(first) is not None or half_a_code(first)

    def is_row(self, parts: Parts, columns: Columns) -> bool:
        """Tell a row of the list, or a sum below it, from a line of something else."""
        if self.sum_of(parts) is not None:
            return True
        if columns.code is not None and self._register.official:
            return bool(_CODE.fullmatch(plain(parts.code))) or self._is_miscoded(parts)
        if columns.code is not None:
            return bool(parts.code)
        return bool(parts.prefecture) or self._is_known(parts)

    def sum_of(self, parts: Parts) -> Sum | None:
        """Return what kind of sum a row is, None where it is a payer's."""
        if _CODE.fullmatch(plain(parts.code)) and not parts.code.endswith("計"):
            return sum_of(parts[1:3], self.names) if self._is_prefectures(parts) else None
        return sum_of(parts[:3], self.names)

    def _is_prefectures(self, parts: Parts) -> bool:
        return plain(parts.code)[2:5] == "000"

    def _is_known(self, parts: Parts) -> bool:
        """Tell a row by the name of a municipality alone: its prefecture stands further up."""
        return bool(parts.municipality) and self.names.is_municipality(parts.municipality)

    def _is_miscoded(self, parts: Parts) -> bool:
        """Tell a row of the list, whose code is misprinted or missing, from one of another table.

        It names a prefecture or a municipality, or has, with misprints in both names as well,
        most of a code.
        """
        code, prefecture, municipality = (plain(part) for part in parts[:3])
        if prefecture in self.prefectures or municipality in self._municipalities:
            return True
        digits = sum(char.isdecimal() for char in code)
        named = bool(prefecture or municipality)
        return named and digits >= _FEWEST_DIGITS and digits >= len(code) - 1

    def is_municipality(self, name: str) -> bool:
        """Tell whether a municipality has this name."""
        return plain(name) in self._municipalities

    def is_certain(self, parts: Parts, columns: Columns) -> bool:
        """Tell a row without any doubt: its code is whole, its name is known, it has an amount."""
        prefecture, municipality = plain(parts.prefecture), plain(parts.municipality)
        named = prefecture in self.prefectures or municipality in self._municipalities
        if columns.code is None:
            return prefecture in self.prefectures
        if not self._register.official:
            return parts.code in self._register.codes
        return named and SIX.fullmatch(plain(parts.code)) is not None

    def first(self, lines: Sequence[Line], columns: Columns) -> Parts | None:
        """Return the first row that is one without any doubt, on the sheet of the first line."""
        for line in lines:
            if line.place.sheet != lines[0].place.sheet:
                break
            parts = self.parts(line, columns, alone=True)
            if parts is not None and self.is_certain(parts, columns):
                return parts
        return None

    def is_broken(self, line: Line, columns: Columns) -> bool:
        """Tell a row of the list by its beginning alone, whatever its amount."""
        first, second = (plain(cell) for cell in (*line.filled, "")[:2])
        coded = columns.code is not None
        return bool(
            SIX.fullmatch(first)
            or (second and first in self.prefectures)
            or (coded and second in self.prefectures)
        )

    def lacks_figure(self, line: Line, current: RunningList) -> bool:
        """Tell a line that has the mere name of the next payer, in a list without codes.

        Above municipalities the name of a prefecture is a heading, and no payer.
        """
        columns = current.groups[0]
        if columns.code is not None or current.is_complete or len(line.filled) != 1:
            return False
        name = line.filled[0]
        if columns.municipality is not None:
            return self.is_municipality(name)
        return plain(name) in self.prefectures and not current.has("", name)


def header(line: Line) -> list[Columns]:
    """Return the columns that a header names, more than one set where they stand side by side."""
    if not any(name in line.text for name in AMOUNT_NAMES):
        return []
    return _columns(line.cells) or _columns(line_words(line))


def _columns(cells: Sequence[str]) -> list[Columns]:
    labels = [without_unit(key_word(cell)) for cell in cells]
    if len([label for label in labels if label]) < SHORTEST_HEADER:
        return []
    groups: list[Columns] = []
    start = 0
    for place, label in enumerate(labels):
        if label not in AMOUNT_NAMES:
            continue
        code, prefecture, municipality = (
            next((at for at in range(start, place) if labels[at] in names), None)
            for names in (CODE_WORDS, PREFECTURE_WORDS, MUNICIPALITY_WORDS)
        )
        if code is None and prefecture is None:
            return []
        groups.append(Columns(code, prefecture, municipality, place, start, place + 1))
        start = place + 1
    return groups


def heads_another_table(line: Line) -> bool:
    """Tell whether a line names codes or organisations, and no amount as lists have it."""
    return any(plain(cell) in _HEADINGS for cell in line.cells)


def is_shaped(line: Line, columns: Columns) -> bool:
    """Tell whether a line has a list's columns: each its own, or about as many words."""
    if len(line.cells) >= columns.end:
        at_most_a_label = len(line.filled) == 1 and not line.cells[columns.amount]
        return not at_most_a_label or SIX.fullmatch(plain(line.filled[0])) is not None
    words = line_words(line)
    named = sum(at is not None for at in columns[:3])
    fewest = max(named if len(line.filled) == 1 else 0, SHORTEST_HEADER)
    return fewest <= len(words) <= named + 1 and _LONG.fullmatch(plain(words[-1])) is not None


def line_words(line: Line) -> tuple[str, ...]:
    """Return the words of all cells, where gaps between them don't part cells for certain."""
    return tuple(word for cell in line.cells for word in cell.split())


def half_a_code(text: str) -> bool:
    """Tell a misprinted code from a name: as long as one, or nearly, and with figures in it."""
    return len(text) in _NEARLY_SIX and any(char.isdecimal() for char in text)


def unreadable(where: str, line: Line) -> Problem:
    """Return the problem of a row without an amount."""
    shown = " | ".join(line.cells)
    return Problem(
        where,
        Text(
            f"a row of a list without an amount that can be read: {shown}",
            f"一覧の行に読み取れる金額がありません: {shown}",
        ),
        Text(
            "correct the document, or give the list as CSV",
            "文書を直すか、一覧をCSVで指定してください",
        ),
        code="wrong_figure",
    )
