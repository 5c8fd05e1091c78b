"""Sheets as rows of text, wherever they come from, and the header in them found by its words."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from allocator.domain.errors import refuse
from allocator.domain.text import Text, listed
from allocator.sources.workbook import OF_TABLES, read_workbook

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
)
PREFECTURE_WORDS: Final = ("prefecture", "都道府県名", "都道府県")
MUNICIPALITY_WORDS: Final = ("municipality", "市区町村名", "市区町村", "団体名")
NAME_WORDS: Final = ("prefecture", "都道府県名", "都道府県", "団体名", "市区町村名", "municipality")
_DEEPEST_HEADER: Final = 60
"""How many rows are looked through for the header."""

_TALLEST_HEADER: Final = 8
"""How many rows a header may have."""

_BRACKETS: Final = str.maketrans("【】", "()")
_NUMBER: Final = re.compile(r"[-△▲−]?[0-9][0-9,]*(\.[0-9]+)?")


@dataclass(frozen=True)
class Grid:
    """One sheet, or one text file: rows of stripped text. `sheet` is empty for text.

    `lines` say where each row begins, where that isn't its number: text may break inside quotes.
    """

    file: Path
    sheet: str
    rows: Sequence[Sequence[str]]
    lines: Sequence[int] = ()


@dataclass(frozen=True)
class Header:
    """Where a table begins in a grid. `labels` name the columns, stacked words joined by /."""

    first_data_row: int
    labels: tuple[str, ...]
    title: str


def workbook_grids(file: Path) -> list[Grid]:
    """Return the sheets of an .xls or .xlsx file, every cell as text.

    Raises:
        InputError: encrypted, broken, too large, or no workbook.
    """
    return [Grid(file, sheet.name, sheet.rows) for sheet in read_workbook(file, OF_TABLES)]


def text_grid(file: Path, text: str) -> Grid:
    """Return a text file with commas or tabs as a grid."""
    sample = text[:10_000]
    delimiter = "\t" if sample.count("\t") > sample.count(",") else ","
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    rows: list[list[str]] = []
    lines: list[int] = []
    ended = 0
    try:
        for row in reader:
            rows.append([cell.strip() for cell in row])
            lines.append(ended + 1)
            ended = reader.line_num
        return Grid(file, "", rows, lines)
    except csv.Error as error:
        raise refuse(
            str(file),
            Text(f"not a table: {error}", f"表として読めません: {error}"),
            Text("save it as plain CSV", "通常のCSVで保存してください"),
        ) from None


def find_header(grid: Grid) -> Header | None:
    """Return where the table begins, or None where no row has the words of a header."""
    for top, row in enumerate(islice(grid.rows, _DEEPEST_HEADER)):
        words = {folded(cell) for cell in row}
        if not words.isdisjoint(CODE_WORDS) or not words.isdisjoint(NAME_WORDS):
            block = _header_block(grid.rows, top)
            title = " ".join(cell for row in grid.rows[:top] for cell in row if cell)
            return Header(top + len(block), _labels(block), title)
    return None


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
    )


def folded(text: str) -> str:
    """Return a header's word without width, blanks and line breaks; 【人】 is (人)."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_BRACKETS).split())


def _header_block(rows: Sequence[Sequence[str]], top: int) -> list[list[str]]:
    """Return the rows of the header: from its first on, up to the first row with a number."""
    block: list[list[str]] = []
    for row in rows[top : top + _TALLEST_HEADER]:
        if block and any(_NUMBER.fullmatch(folded(cell)) for cell in row):
            break
        if block and not any(row):
            break
        block.append([folded(cell) for cell in row])
    return block if len(block) < _TALLEST_HEADER else block[:1]


def _labels(block: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Stack the words above each column; a merged word counts for the columns to its right."""
    width = max(len(row) for row in block)
    filled: list[list[str]] = []
    for number, row in enumerate(block):
        cells = [*row, *[""] * (width - len(row))]
        if number < len(block) - 1:
            for place in range(1, width):
                above_alone = any(upper[place] != upper[place - 1] for upper in filled)
                if not cells[place] and not above_alone:
                    cells[place] = cells[place - 1]
        filled.append(cells)
    labels = []
    for place in range(width):
        parts = dict.fromkeys(row[place] for row in filled if row[place])
        labels.append("/".join(parts))
    return tuple(labels)
