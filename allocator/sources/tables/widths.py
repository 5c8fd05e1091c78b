"""Rows that are wider or narrower than their header: figures cut in two, fields that are missing.

In text a separator too many or too few moves every figure behind it. Surplus fields that are empty
are no fault, nor is a note in a line of its own, nor fields that are missing at the end of a line
where other lines have no figures. In a workbook only a figure beyond the last column is a fault:
figures that were cut at their separators look like that. (Those whose rows are no wider for it are
found by `cut`.)
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Sequence
from typing import Final

from allocator.domain.errors import Problem, refuse
from allocator.domain.text import Text
from allocator.sources.tables.faults import Faults, raise_all
from allocator.sources.tables.header import Grid, Header, is_figure

QUOTE_FIGURES: Final = Text(
    'put figures with separators in quotes ("1,111,000") or write them without',
    '桁区切りのある数値は "1,111,000" のように引用符で囲むか、区切りなしで書いてください',
)
"""How figures that were cut at their separators are mended."""

_THREE_DIGITS: Final = re.compile(r"[0-9]{3}")
_OTHER_SEPARATORS: Final = re.compile(r"^[0-9０-９]{4,6}[;\t|,]|[;\t|][0-9][0-9,]*$")


def named_width(labels: Sequence[str]) -> int:
    """Return how many columns a table has, up to the last that has a heading."""
    return max(place for place, label in enumerate(labels, start=1) if label)


def surplus(row: Sequence[str], width: int, *, is_text: bool) -> list[str]:
    """Return what a row has beyond the columns of its header, where that is a fault."""
    beyond = [cell for cell in row[width:] if cell]
    return beyond if is_text or any(map(is_figure, beyond)) else []


def too_many(where: str, row: Sequence[str], width: int) -> Problem:
    """Return the problem of a row with more fields than its header."""
    beyond = ", ".join(cell for cell in row[width:] if cell)
    count = max(at for at, cell in enumerate(row, start=1) if cell)
    likely = any(_THREE_DIGITS.fullmatch(cell) for cell in row[1:])
    en = " (a figure with unquoted separators, such as 1,111,000?)" if likely else ""
    ja = "(1,111,000 のような桁区切りが引用符で囲まれていない可能性)" if likely else ""
    return Problem(
        where,
        Text(
            f"{count} fields, but the header has {width}; beyond it: {beyond} "
            f"(the row: {','.join(row[:count])}){en}",
            f"項目が {count} 個ありますが、見出しは {width} 個です。余分: {beyond}"
            f"(行: {','.join(row[:count])}){ja}",
        ),
        QUOTE_FIGURES,
        code="wrong_width",
    )


def refuse_cut_headings(grid: Grid, header: Header) -> None:
    """Refuse a header whose commas stand open: a bracket begins in one column and ends in another.

    Raises:
        InputError: names the heading.
    """
    if not grid.is_text:
        return
    for place in header.rows:
        cells = [unicodedata.normalize("NFKC", cell) for cell in grid.rows[place]]
        opened = [cell for cell in cells if cell.count("(") > cell.count(")")]
        closed = [cell for cell in cells if cell.count("(") < cell.count(")")]
        if opened and closed:
            raise refuse(
                f"{grid.file}: {grid.place(grid.line(place))}",
                Text(
                    f"a heading is cut at its commas: {opened[0]} … {closed[-1]}",
                    f"見出しがコンマで分かれています: {opened[0]} … {closed[-1]}",
                ),
                Text("put the heading in quotes", "見出しを引用符で囲んでください"),
                code="wrong_width",
            )


def refuse_wrong_widths(grid: Grid, header: Header, width: int) -> None:
    """Refuse rows that have more fields than the header has columns, or fewer.

    Raises:
        InputError: all of them, with what is beyond.
    """
    found = Faults()
    is_text = grid.is_text
    filled = [row for row in grid.rows[header.first_data_row :] if sum(map(bool, row)) > 1]
    all_narrow = bool(filled) and all(len(row) < width for row in filled)
    rows = grid.rows[header.first_data_row :]
    refuse_cut_headings(grid, header)
    of_figures = {at for row in rows for at, cell in enumerate(row) if is_figure(cell)}
    for place in range(header.first_data_row, len(grid.rows)):
        row = grid.rows[place]
        where = f"{grid.file}: {grid.place(grid.line(place))}"
        if surplus(row, width, is_text=is_text):
            found.append(too_many(where, row, width))
        elif is_text and _is_narrow(row, width, range(width) if all_narrow else of_figures):
            found.append(_too_few(where, row, width))
    raise_all(found)


def _is_narrow(row: Sequence[str], width: int, of_figures: Container[int]) -> bool:
    """Tell whether a line lacks fields that may have held figures; a note alone lacks none."""
    filled = [cell for cell in row if cell]
    if len(filled) == 1:
        return bool(_OTHER_SEPARATORS.search(filled[0]))
    return bool(filled) and any(at in of_figures for at in range(len(row), width))


def _too_few(where: str, row: Sequence[str], width: int) -> Problem:
    return Problem(
        where,
        Text(
            f"{len(row)} fields, but the header has {width}: {', '.join(row)}",
            f"項目が {len(row)} 個しかありません(見出しは {width} 個): {', '.join(row)}",
        ),
        Text(
            "give every line as many fields as the header, empty ones too",
            "空欄も含め、各行の項目数を見出しに合わせてください",
        ),
        code="wrong_width",
    )
