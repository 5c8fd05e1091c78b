"""Sheets as rows of text, wherever they come from, and the header in them found by its words."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from allocator.domain.errors import refuse
from allocator.domain.text import Text, listed
from allocator.files.source import Source
from allocator.sources.reading.limits import (
    MOST_CELLS_ONE_BY_ONE,
    MOST_ROWS_ONE_BY_ONE,
    refuse_long_cells,
    refuse_wide_row,
    too_many_irregular,
    too_wide,
)
from allocator.sources.reading.workbook.opened import OF_TABLES, Area, read_workbook
from allocator.sources.tables.units import stated

CODE_WORDS: Final = (
    "code",
    "団体コード",
    "地方公共団体コード",
    "全国地方公共団体コード",
    "市区町村コード",
    "市町村コード",
    "都道府県・市区町村コード",
    "都道府県コード又は市区町村コード",
    "全国・都道府県・市区町村コード",
    "標準地域コード",
    "地域コード",
    "area_code",
    "自治体コード",
    "コード",
)
PREFECTURE_WORDS: Final = ("prefecture", "都道府県名", "都道府県")
MUNICIPALITY_WORDS: Final = (
    "municipality",
    "市区町村名",
    "市区町村",
    "団体名",
    "市町村名",
    "自治体名",
)
NAME_WORDS: Final = ("prefecture", "都道府県名", "都道府県", "団体名", "市区町村名", "municipality")
_DEEPEST_HEADER: Final = 60
"""How many rows are looked through for the header."""

_TALLEST_HEADER: Final = 8
"""How many rows a header may have, without blank ones."""

_FARTHEST: Final = 24
"""How many rows are looked through for the end of a header, with blank ones."""

_BRACKETS: Final = str.maketrans("【】", "()")
_ENGLISH: Final = frozenset({"code", "prefecture", "municipality", "population", "amount"})
_TOP_WORDS: Final = frozenset({*CODE_WORDS, *NAME_WORDS})
_KEY_WORDS: Final = _TOP_WORDS.union(MUNICIPALITY_WORDS)
_UNITS: Final = "(?:十|百|千|万|億|兆)*(?:円|人|世帯|枚|件|台|団体)|%"
_FIGURE: Final = re.compile(rf"[-△▲−]?¥?[0-9][0-9,]*(\.[0-9]+)?({_UNITS})?|[-―…*]+")
_YEAR: Final = re.compile(r"(19|20)[0-9]{2}")
_UNIT_ALONE: Final = re.compile(rf"\(?(?:単位[:は]?)?\(?({_UNITS})\)?\)?")
_RUBY: Final = re.compile(r"カナ|かな|ふりがな|フリガナ|読み|ヨミ|よみ|ローマ字|英語|英字|英名")
_LONGEST_FIGURE: Final = 200
_FEWEST_NUMBERED: Final = 3
_SEPARATORS: Final = (",", "\t", ";")


@dataclass(frozen=True)
class Grid:
    """One sheet, one text file or one PDF: rows of stripped text. `sheet` is empty but for sheets.

    `lines` say where each row begins, where that isn't its number: text may break inside quotes.
    `merged` are the merged cells of a sheet, `places` what a line is called where it has pages.
    """

    file: Path
    sheet: str
    rows: Sequence[Sequence[str]]
    lines: Sequence[int] = ()
    merged: Sequence[Area] = ()
    places: Mapping[int, str] = field(default_factory=dict)
    is_text: bool = False

    def line(self, row: int) -> int:
        """Return the line on which a row begins."""
        return self.lines[row] if self.lines else row + 1

    def place(self, line: int) -> str:
        """Return what a line is called in messages."""
        sheet = f"sheet {self.sheet}, " if self.sheet else ""
        return self.places.get(line, f"{sheet}line {line}")


@dataclass(frozen=True)
class Header:
    """Where a table begins in a grid. `labels` name the columns, stacked words joined by /.

    `rows` are the places of the header's own rows, `above` the lines that state something of the
    whole table, from the nearest up.
    """

    first_data_row: int
    labels: tuple[str, ...]
    title: str
    rows: tuple[int, ...] = ()
    above: tuple[str, ...] = ()


def workbook_grids(source: Source) -> list[Grid]:
    """Return the sheets of an .xls or .xlsx file, every cell as text.

    Raises:
        InputError: encrypted, broken, too large, or no workbook.
    """
    sheets = read_workbook(source, OF_TABLES)
    return [Grid(source.path, sheet.name, sheet.rows, merged=sheet.merged) for sheet in sheets]


def text_grid(file: Path, text: str) -> Grid:
    """Return a text with commas, tabs or semicolons as a grid.

    It is parted by what makes the most columns of its header; where there is none, by what it has
    the most of.
    """
    sample = text[:10_000]
    present = sorted((each for each in _SEPARATORS if each in sample), key=sample.count)[::-1]
    grids = [_parted(file, text, each) for each in present or _SEPARATORS[:1]]
    return max(grids, key=_columns) if len(grids) > 1 else grids[0]


def _columns(grid: Grid) -> int:
    header = find_header(grid)
    return len([label for label in header.labels if label]) if header is not None else 0


def _parted(file: Path, text: str, separator: str) -> Grid:
    reader = csv.reader(io.StringIO(text), delimiter=separator)
    rows: list[list[str]] = []
    lines: list[int] = []
    ended = cells = 0
    try:
        for row in reader:
            refuse_wide_row(file, ended + 1, row)
            cells += len(row)
            if cells > MOST_CELLS_ONE_BY_ONE:
                raise too_wide(file, cells, MOST_CELLS_ONE_BY_ONE)
            if len(rows) > MOST_ROWS_ONE_BY_ONE:
                raise too_many_irregular(file)
            rows.append([cell.strip() for cell in row])
            lines.append(ended + 1)
            ended = reader.line_num
        refuse_long_cells(file, rows)
        return Grid(file, "", rows, lines, is_text=True)
    except csv.Error as error:
        raise refuse(
            str(file),
            Text(f"not a table: {error}", f"表として読めません: {error}"),
            Text("save it as plain CSV", "通常のCSVで保存してください"),
            code="not_a_table",
        ) from None


def find_header(grid: Grid) -> Header | None:
    """Return where the table begins, or None where no row has the words of a header."""
    for top, row in enumerate(islice(grid.rows, _DEEPEST_HEADER)):
        if has_header_words(row):
            places = header_rows(grid.rows[top : top + _FARTHEST])
            block = [[key_word(cell) for cell in grid.rows[top + place]] for place in places]
            lines = [" ".join(filter(None, row)) for row in grid.rows[:top]]
            labels = _labels([row for row in block if _names(row)])
            # A unit in a column without a heading of its own is that of the table.
            alone = [label for label in labels if _UNIT_ALONE.fullmatch(label)]
            return Header(
                top + places[-1] + 1,
                tuple("" if label in alone else label for label in labels),
                " ".join(filter(None, lines)),
                tuple(top + place for place in places),
                (*alone, *filter(None, reversed(lines))),
            )
    return None


def has_header_words(row: Sequence[str]) -> bool:
    """Tell whether a row has a word that only headers have: a code's or a name's."""
    return not _TOP_WORDS.isdisjoint(map(key_word, row))


def no_header(file: Path, grids: Sequence[Grid]) -> Exception:
    """Say that no sheet has a header that we know."""
    sheets = listed([grid.sheet for grid in grids if grid.sheet]).ja
    where = f"{file}: {sheets}" if sheets else str(file)
    words = "、".join((CODE_WORDS[1], CODE_WORDS[0], NAME_WORDS[1]))
    return refuse(
        where,
        Text(
            f"no header: none of the first {_DEEPEST_HEADER} rows has {words}",
            f"見出しがありません: 先頭 {_DEEPEST_HEADER} 行に {words} がありません",
        ),
        Text("give a table with a header row", "見出し行のある表を指定してください"),
        code="no_header",
    )


def folded(text: str) -> str:
    """Return a header's word without width, blanks and breaks; 【人】 is (人), Code is code."""
    plain = "".join(unicodedata.normalize("NFKC", text).translate(_BRACKETS).split())
    return plain.lower() if plain.lower() in _ENGLISH else plain


def key_word(text: str) -> str:
    """Return a heading's word as `folded`; one for codes or names without what stands in brackets.

    都道府県名(漢字) is 都道府県名, but 都道府県名(カナ) stays what it is: another column.
    """
    word = folded(text)
    if word in _KEY_WORDS:
        return word
    plain = _without_brackets(word)
    if plain == word or _RUBY.search(word):
        return word
    plain = folded(plain)
    return plain if plain in _KEY_WORDS else word


def header_rows(rows: Sequence[Sequence[str]]) -> list[int]:
    """Return the places of the rows of a header among `rows`; the first is one.

    It ends before the first row with a figure. Blank rows within don't end it. Where a column is
    known to hold codes or names, a row with another text there is none of the header's: it is a
    note, or a heading between rows.
    """
    found: list[int] = []
    keys: set[int] = set()
    for place, row in enumerate(rows):
        cells = [key_word(cell) for cell in row]
        of_keys = {at: cells[at] for at in keys if at < len(cells) and cells[at]}
        if found and _is_numbering(cells):
            found.append(place)
            continue
        if found and any(_is_figure(cell, is_key=bool(of_keys)) for cell in cells):
            break
        if any(cells) and all(_is_heading(cell) for cell in of_keys.values()):
            found.append(place)
            keys |= {at for at, cell in enumerate(cells) if cell in _KEY_WORDS}
    return found if len(found) < _TALLEST_HEADER else found[:1]


def is_figure(cell: str) -> bool:
    """Tell whether a cell holds a figure."""
    if len(cell) > _LONGEST_FIGURE:
        return False
    return bool(_FIGURE.fullmatch(folded(cell))) and any(char.isdecimal() for char in cell)


def _is_figure(cell: str, *, is_key: bool) -> bool:
    """Tell whether a cell holds a figure, or what stands for none; a year can be a heading."""
    if not is_key and _YEAR.fullmatch(cell):
        return False
    return bool(_FIGURE.fullmatch(cell))


def _is_heading(cell: str) -> bool:
    return cell in _KEY_WORDS or (cell.startswith("(") and cell.endswith(")"))


def _is_numbering(cells: Sequence[str]) -> bool:
    """Tell whether a row numbers the columns: 1 2 3, ① ② ③."""
    numbers = [cell.strip("()") for cell in cells if cell]
    return len(numbers) >= _FEWEST_NUMBERED and numbers == [
        str(number) for number in range(1, len(numbers) + 1)
    ]


def _names(row: Sequence[str]) -> bool:
    return not _is_numbering(row)


def _labels(block: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Stack the words above each column; a merged word counts for the columns to its right.

    A column of codes or names bears the word that says so alone.
    """
    width = max(len(row) for row in block)
    filled: list[list[str]] = []
    for number, row in enumerate(block):
        cells = [*row, *[""] * (width - len(row))]
        if number < len(block) - 1:
            for place in range(1, width):
                above_alone = any(upper[place] != upper[place - 1] for upper in filled)
                key_alone = cells[place - 1] in _KEY_WORDS and not any(
                    lower[place] in _KEY_WORDS
                    for lower in block[number + 1 :]
                    if place < len(lower)
                )
                if not cells[place] and not above_alone and not key_alone:
                    cells[place] = cells[place - 1]
        filled.append(cells)
    # A column without any word of its own has no heading: the word to its left ends before it.
    own = [any(place < len(row) and row[place] for row in block) for place in range(width)]
    stacks = [
        list(dict.fromkeys(row[place] for row in filled if row[place])) if own[place] else []
        for place in range(width)
    ]
    keys = [next((part for part in reversed(parts) if part in _KEY_WORDS), "") for parts in stacks]
    return tuple(
        key if key and keys.count(key) == 1 else _with_unit(parts)
        for key, parts in zip(keys, stacks, strict=True)
    )


def _with_unit(parts: Sequence[str]) -> str:
    """Join stacked words; a unit below the others stands in brackets: 人口/計(人)."""
    if len(parts) > 1 and (unit := _UNIT_ALONE.fullmatch(parts[-1])):
        return f"{'/'.join(parts[:-1])}({unit[1]})"
    return "/".join(parts)


def without_unit(label: str) -> str:
    """Return a heading without the unit that it states in brackets: 人口/計(人) is 人口/計."""
    plain = _without_brackets(label)
    return plain if plain != label and stated(label[len(plain) :]) else label


def _without_brackets(word: str) -> str:
    """Return a word without the brackets at its end, as many as there are behind anything."""
    end = len(word)
    while word.endswith(")", 0, end):
        start = word.rfind("(", 0, end)
        if start <= 0 or ")" in word[start : end - 1]:
            break
        end = start
    return word[:end]


def stacked(label: str) -> frozenset[str]:
    """Return the words that may stand in the rows of a header above a column with this heading.

    人口/計(人) may be 人口, 計 and (人), each in a row of its own.
    """
    plain = without_unit(label)
    parts = {label, plain, *label.split("/"), *plain.split("/")}
    unit = label[len(plain) :]
    return frozenset({*parts, unit, unit.strip("()")} - {""})
