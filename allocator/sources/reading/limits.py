"""How large a table may be, whatever kind of file it is in, and what is said of one that isn't.

A small file can hold a very large table: equal cells are packed well, and a cell of a workbook
names a text that stands once. So what counts is what is there once it is unpacked, and it is
counted before anything works on it. Within these limits a table is read in two seconds and
500 million bytes; what is known to be one of organisations of Japan is far smaller.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import polars as pl

from allocator.domain.errors import InputError, refuse
from allocator.domain.organisations import Register
from allocator.domain.text import Text

MOST_ROWS: Final = 100_000
"""The most rows of a table: fifty times as many as there are organisations."""

MOST_ROWS_OF_OTHERS: Final = 1_500_000
"""The most rows of a register of one's own, and of a list by its codes: nobody knows its size."""

MOST_ODD: Final = 5_000
"""The most rows that are looked at one by one: names without codes, wards, sums, notes."""

MOST_COLUMNS: Final = 1_000
MOST_CELLS: Final = 5_000_000
MOST_CELLS_ONE_BY_ONE: Final = 1_000_000
MOST_ROWS_ONE_BY_ONE: Final = 50_000
"""The most cells and rows of a text that is no plain table from its first line on."""

LONGEST_CELL: Final = 32_767
"""The most characters of a cell: as many as spreadsheets allow."""

_WIDEST: Final = 4
"""The most bytes of a character."""

MOST_TEXT: Final = 50_000_000
"""The most bytes of text, a text that stands in many cells counted in each."""


LONG_CELL: Final = 1_000
MOST_IN_LONG_CELLS: Final = 4_000_000
"""From how many bytes on a cell is long, and the most in all long ones: tables have few notes."""


def most_rows(register: Register) -> int:
    """Return how many rows a list of organisations of a register may have."""
    return MOST_ROWS if register.official else MOST_ROWS_OF_OTHERS


def refuse_large(file: Path, rows: int, columns: int, most_rows: int = MOST_ROWS) -> None:
    """Refuse a table of too many rows, columns or cells.

    Raises:
        InputError: it is too large.
    """
    if rows > most_rows:
        raise too_many(file, rows, Text("rows", "行"), most_rows)
    if columns > MOST_COLUMNS:
        raise too_many(file, columns, Text("columns", "列"), MOST_COLUMNS)
    if rows * columns > MOST_CELLS:
        raise too_wide(file, rows * columns)


def refuse_flood(file: Path, codes: pl.Series, register: Register) -> None:
    """Refuse a list where very many codes are none, or stand again and again.

    Raises:
        InputError: they do; with codes of a register of one's own they may.
    """
    if register.official and len(codes) > MOST_ODD:
        known = pl.Series(sorted(register.codes), dtype=pl.String)
        odd = len(codes) - codes.n_unique() + int((~codes.unique().is_in(known.implode())).sum())
        if odd > MOST_ODD:
            raise too_many_odd(file, odd)


def refuse_long_text(file: Path, frame: pl.DataFrame, lines: pl.Series | None = None) -> None:
    """Refuse a cell that is too long, more long ones and more text than a table has.

    `lines` are those of the rows, where they aren't their numbers.

    Raises:
        InputError: there is such a cell, or too much of them in all.
    """
    whole = of_long = 0
    for column in frame:
        sizes = _sizes(column)
        if sizes is None:
            continue
        if (sizes > LONGEST_CELL * _WIDEST).any():
            at = sizes.arg_max() or 0
            line = at + 1 if lines is None else lines[at]
            raise too_long_a_cell(f"{file}: line {line}, column {column.name}")
        whole += int(sizes.sum())
        of_long += int(sizes.filter(sizes > LONG_CELL).sum())
    if whole > MOST_TEXT:
        raise too_much_text(file)
    if of_long > MOST_IN_LONG_CELLS:
        raise too_much_in_long_cells(file)


def _sizes(column: pl.Series) -> pl.Series | None:
    """Return how many bytes the texts of a column have; None: it has none."""
    if column.dtype == pl.String:
        return column.str.len_bytes()
    if column.dtype in (pl.Categorical, pl.Enum):
        return column.cat.len_bytes()
    return column.bin.size() if column.dtype == pl.Binary else None


def refuse_wide_row(file: Path, line: int, row: Sequence[str]) -> None:
    """Refuse a row of too many cells, or with one that is too long.

    Raises:
        InputError: it is one.
    """
    if len(row) > MOST_COLUMNS:
        raise too_many(file, len(row), Text("columns", "列"), MOST_COLUMNS)
    if any(len(cell) > LONGEST_CELL for cell in row):
        raise too_long_a_cell(f"{file}: line {line}")


def refuse_long_cells(file: Path, rows: Iterable[Sequence[str]]) -> None:
    """Refuse rows with very many long cells, counted in characters.

    Raises:
        InputError: they have more than a table has.
    """
    if sum(len(cell) for row in rows for cell in row if len(cell) > LONG_CELL) > MOST_IN_LONG_CELLS:
        raise too_much_in_long_cells(file)


def too_many_irregular(file: Path) -> InputError:
    """Say that a text of very many lines is no plain table."""
    most = MOST_ROWS_ONE_BY_ONE
    return refuse(
        str(file),
        Text(
            f"the table has more than {most:,} rows, and no header in its first line, or lines of "
            "unequal width",
            f"表が {most:,} 行を超え、先頭行が見出しでないか、行の項目数がそろっていません",
        ),
        Text(
            "begin the file with its header, and give every line as many fields",
            "見出しを先頭行に置き、各行の項目数をそろえてください",
        ),
        code="too_large",
    )


def too_many_odd(file: Path, count: int) -> InputError:
    """Say that most rows are not of organisations that anybody knows, or stand again and again."""
    return refuse(
        str(file),
        Text(
            f"{count:,} rows are no organisations of the register, or stand more than once: more "
            f"than {MOST_ODD:,}",
            f"団体一覧にない行や重複する行が {count:,} あり、上限 {MOST_ODD:,} を超えます",
        ),
        Text(
            "give a table with one row for each organisation",
            "1団体1行の表を指定してください",
        ),
        code="too_large",
    )


def too_wide(file: Path, area: int, most: int = MOST_CELLS) -> InputError:
    """Say that a table, or the sheets of a workbook, spread over more than `most` cells."""
    return refuse(
        str(file),
        Text(
            f"the table spreads over {area:,} cells, more than {most:,}",
            f"表の範囲が {area:,} セルあり、上限 {most:,} を超えます",
        ),
        Text(
            "give the table alone, and delete cells outside of it",
            "必要な表だけにし、表の外にあるセルを削除してください",
        ),
        code="too_large",
    )


def too_many(file: Path, count: int, what: Text, most: int) -> InputError:
    """Say that a table has too many of something."""
    return _too_large(
        str(file),
        Text(
            f"the table has {count:,} {what.en}, more than {most:,}",
            f"表に {what.ja} が {count:,} あり、上限 {most:,} を超えます",
        ),
    )


def too_long_a_cell(where: str) -> InputError:
    """Say that a cell or a heading is longer than any can be."""
    return _too_large(
        where,
        Text(
            f"a cell of more than {LONGEST_CELL:,} characters",
            f"{LONGEST_CELL:,} 文字を超えるセルがあります",
        ),
    )


def too_long_a_line(file: Path, line: int, most: int) -> InputError:
    """Say that a line is longer than any of a table."""
    return _too_large(
        f"{file}: line {line}",
        Text(
            f"a line of more than {most:,} characters",
            f"{most:,} 文字を超える行があります",
        ),
    )


def too_much_text(file: Path, most: int = MOST_TEXT) -> InputError:
    """Say that the cells of a table hold too much text."""
    return _too_large(
        str(file),
        Text(
            f"the table holds more than {most:,} bytes of text",
            f"表の文字が上限 {most:,} バイトを超えます",
        ),
    )


def too_much_in_long_cells(file: Path) -> InputError:
    """Say that a table has very many long texts."""
    return _too_large(
        str(file),
        Text(
            f"the cells of more than {LONG_CELL:,} bytes hold more than {MOST_IN_LONG_CELLS:,} "
            "bytes together",
            f"{LONG_CELL:,} バイトを超えるセルの合計が上限 {MOST_IN_LONG_CELLS:,} バイトを超えます",
        ),
    )


def _too_large(where: str, what: Text) -> InputError:
    mend = Text(
        "give the table of the organisations alone, without the rest",
        "団体の表だけのファイルにしてください",
    )
    return refuse(where, what, mend, code="too_large")
