"""Reading a table as text, each row knowing its line, every fault of the file said plainly."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Final

import polars as pl

from allocator.domain.codes import parse_code
from allocator.domain.errors import InputError, Problem, refuse
from allocator.domain.frames import only, stands_once
from allocator.domain.text import Text
from allocator.sources.grid import (
    Grid,
    Header,
    find_header,
    folded,
    has_header_words,
    header_rows,
    no_header,
    text_grid,
    workbook_grids,
)
from allocator.sources.reading.source import Source
from allocator.sources.sniff import unmarked_utf_16
from allocator.sources.workbook_refusals import too_wide

MOST_PROBLEMS: Final = 20
"""How many faults of one file are said; the rest is counted."""

_LINE: Final = "line"
_THOUSANDS: Final = re.compile(r"(?:単位:?[^)]*?|\()(?:千|万|百万|億)(?:円|人|世帯|件|枚)")
_LONGEST_HEADER: Final = 100_000
_FIRST_LINES: Final = 24
_MOST_CELLS: Final = 10_000_000
"""The most cells of a Parquet file."""


@dataclass(frozen=True)
class TextTable:
    """A table whose cells are all text (stripped, empty for null), with a column `line`.

    `title` is what stands above the header, `sheet` the sheet of a workbook. `is_ascii`: no cell
    has a character beyond ASCII, so none has a word for a total. `source` is what it was read from.
    """

    file: Path
    frame: pl.DataFrame
    title: str = ""
    sheet: str = ""
    is_ascii: bool = False
    source: Source | None = None

    @property
    def columns(self) -> list[str]:
        """The names in the header."""
        return [name for name in self.frame.columns if name != _LINE]

    def where(self, line: int, column: str) -> str:
        """Return a place in the file, for a message."""
        sheet = f"sheet {self.sheet}, " if self.sheet else ""
        return f"{self.file}: {sheet}line {line}, column {column}"

    def column(self, names: Sequence[str]) -> str:
        """Return the first of `names` that the header has.

        Raises:
            InputError: it has none of them.
        """
        for name in names:
            if name in self.columns:
                return name
        found = ", ".join(self.columns)
        raise refuse(
            f"{self.file}: line 1",
            Text(
                f"no column {' or '.join(names)}; the header has: {found}",
                f"{' または '.join(names)} の列がありません(見出し: {found})",
            ),
            Text(f"name a column {names[0]}", f"{names[0]} という見出しの列を設けてください"),
        )


def read_table(source: Source) -> TextTable:
    """Read a table: CSV, a workbook (.xls, .xlsx) or Parquet, by what the file is.

    The header is found by its words; what stands above it is the title.

    Raises:
        InputError: nothing that we read, no header, several tables in one workbook.
    """
    return replace(_read(source), source=source)


def _read(source: Source) -> TextTable:
    file, kind = source.path, source.kind
    if kind == "parquet":
        return _parquet(file, source.content)
    if kind == "pdf":
        raise refuse(
            str(file),
            Text("a PDF document, not a table", "表ではなくPDF文書です"),
            Text("give the table as CSV or as a workbook", "CSVか表計算ファイルで指定してください"),
        )
    if kind == "text":
        text = _text(file, source.content)
        return _plain_csv(file, text) or _from_grids(file, [text_grid(file, text)])
    return _from_grids(file, workbook_grids(source))


def decode(content: bytes, file: Path) -> str:
    """Decode text: UTF-16 where it has that mark or plainly is that, else UTF-8, else CP932."""
    encodings = ["utf-8-sig", "cp932"]
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in content and (unmarked := unmarked_utf_16(content)) is not None:
        encodings = [unmarked]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refuse(
        str(file),
        Text("not text in UTF-8, UTF-16 or CP932", "UTF-8・UTF-16・CP932の文字として読めません"),
        Text("save it as CSV in UTF-8", "UTF-8のCSVで保存し直してください"),
    )


def _text(file: Path, content: bytes) -> str:
    text = decode(content, file)
    if "\0" in text:
        raise refuse(
            str(file),
            Text("not a text file", "テキストファイルではありません"),
            Text("save it as plain CSV", "通常のCSVで保存してください"),
        )
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def _plain_csv(file: Path, text: str) -> TextTable | None:
    """Read a CSV whose first line is all its header; None where that is further down or taller."""
    try:
        first_lines = list(islice(csv.reader(io.StringIO(text[:_LONGEST_HEADER])), _FIRST_LINES))
    except csv.Error:
        return None
    if not first_lines or not has_header_words(first_lines[0]) or header_rows(first_lines) != [0]:
        return None
    headings = [folded(cell) for cell in first_lines[0]]
    mend = Text(
        "save it as plain CSV with one header line", "見出し1行の通常のCSVで保存してください"
    )
    repeated = [word for word in dict.fromkeys(headings) if word and headings.count(word) > 1]
    if repeated:
        names = ", ".join(repeated)
        raise refuse(
            f"{file}: line 1",
            Text(f"the heading stands twice: {names}", f"見出しが重複しています: {names}"),
            Text("give each column its own heading", "列ごとに別の見出しを付けてください"),
        )
    try:
        frame = pl.read_csv(
            io.BytesIO(text.encode("utf-8")), infer_schema=False, raise_if_empty=True
        )
    except pl.exceptions.PolarsError as error:
        reason = str(error).partition("\n")[0]
        raise refuse(
            str(file), Text(f"not a table: {reason}", f"表として読めません: {reason}"), mend
        ) from None
    lines = _lines(frame, text)
    frame = frame.rename({name: _heading(folded(name) or name) for name in frame.columns})
    frame = frame.with_columns(lines)
    if not text.isascii() or '"' in text:
        return _table(file, frame)
    blanks = [each for each in " \t\v\f" if each in text]
    table = _table(file, frame, to_strip=_with_blank_edges(frame, blanks))
    return replace(table, is_ascii=True)


def _with_blank_edges(frame: pl.DataFrame, blanks: Sequence[str]) -> list[str]:
    """Return the columns of text with a cell that begins or ends with one of `blanks`."""
    found = []
    for column in frame.select(pl.col(pl.String)):
        edges = (column.str.starts_with(each) | column.str.ends_with(each) for each in blanks)
        if any(edge.any() for edge in edges):
            found.append(column.name)
    return found


def _lines(frame: pl.DataFrame, text: str) -> pl.Series:
    """Return the line on which each row begins: quoted cells may have line breaks."""
    lines = pl.int_range(2, len(frame) + 2, eager=True).alias(_LINE)
    if '"' not in text:
        return lines
    breaks = pl.sum_horizontal(pl.all().fill_null("").str.count_matches("\n", literal=True))
    in_header = sum(name.count("\n") for name in frame.columns)
    before = frame.select(breaks.cum_sum().shift(1, fill_value=0)).to_series()
    return (lines + before + in_header).alias(_LINE)


def _heading(name: str) -> str:
    """Return a heading as the name of a column; `line` is one of our own."""
    return f"{name} (column)" if name == _LINE else name


def _parquet(file: Path, content: bytes) -> TextTable:
    try:
        # Equal cells take no room in the file, but in memory they do.
        rows = pl.scan_parquet(content).select(pl.len()).collect().item()
        cells = rows * len(pl.read_parquet_schema(io.BytesIO(content)))
        if cells > _MOST_CELLS:
            raise too_wide(file, cells, _MOST_CELLS)
        frame = pl.read_parquet(content)
        return _table(file, frame.cast(pl.String).with_row_index(_LINE, offset=1))
    except (pl.exceptions.PolarsError, OSError) as error:
        reason = str(error).partition("\n")[0]
        raise refuse(
            str(file),
            Text(f"the Parquet file cannot be read: {reason}", f"Parquetを読めません: {reason}"),
            Text("write it again, with flat columns", "単純な列だけで書き直してください"),
        ) from None


def _from_grids(file: Path, grids: Sequence[Grid]) -> TextTable:
    found = [(grid, header) for grid in grids if (header := find_header(grid)) is not None]
    if not found:
        raise no_header(file, grids)
    if len(found) > 1:
        names = ", ".join(grid.sheet for grid, _ in found)
        raise refuse(
            str(file),
            Text(f"tables on several sheets: {names}", f"複数のシートに表があります: {names}"),
            Text("save the sheet that is meant alone", "対象のシートだけを保存してください"),
        )
    grid, header = found[0]
    return _below_header(grid, header)


def _below_header(grid: Grid, header: Header) -> TextTable:
    width = len(header.labels)
    rows = [
        [*row[:width], *[""] * (width - len(row))] for row in grid.rows[header.first_data_row :]
    ]
    names: list[str] = []
    for place, label in enumerate(header.labels, start=1):
        name = _heading(label) or f"column {place}"
        names.append(f"{name} ({place})" if name in names else name)
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    first = header.first_data_row
    lines = grid.lines[first:] or range(first + 1, len(grid.rows) + 1)
    frame = frame.with_columns(pl.Series(_LINE, lines, dtype=pl.Int64))
    return _table(grid.file, frame, header.title, grid.sheet)


def _table(
    file: Path,
    frame: pl.DataFrame,
    title: str = "",
    sheet: str = "",
    *,
    to_strip: Sequence[str] | None = None,
) -> TextTable:
    """Strip the cells (of the columns `to_strip`), drop empty rows, refuse a table without any."""
    strip = frame.columns if to_strip is None else to_strip
    cells = pl.exclude(_LINE, *strip).fill_null("")
    stripped = pl.col([name for name in strip if name != _LINE]).fill_null("").str.strip_chars()
    frame = frame.with_columns(cells, stripped, pl.col(_LINE).cast(pl.Int64))
    frame = only(frame, pl.any_horizontal(pl.exclude(_LINE) != ""))
    if frame.is_empty():
        raise refuse(
            str(file),
            Text("a header and no rows", "見出しだけで行がありません"),
            Text("give a table with rows", "行のある表を指定してください"),
        )
    return TextTable(file, frame, title, sheet)


def official_codes(table: TextTable, column: str) -> pl.Series:
    """Return a column of 団体コード as six digits; rows that are no codes are an `InputError`."""
    codes = table.frame[column]
    plain = codes.to_frame("code").select(is_official(pl.col("code"))).to_series()
    if plain.all():
        return codes.alias("code")
    parsed: list[str] = []
    found: list[Problem] = []
    rows = zip(codes, plain, table.frame[_LINE], strict=True)
    for code, as_is, line in rows:
        try:
            parsed.append(code if as_is else parse_code(code, table.where(line, column)))
        except InputError as error:
            found += error.problems
    raise_all(found)
    return pl.Series("code", parsed, dtype=pl.String)


def is_official(code: pl.Expr) -> pl.Expr:
    """Tell for a column of text which cells are six digits with a right check digit."""
    digits = [code.str.slice(place, 1).cast(pl.Int64, strict=False) for place in range(6)]
    weighted = pl.sum_horizontal(
        *(weight * digit for weight, digit in zip((6, 5, 4, 3, 2), digits[:5], strict=True)),
        ignore_nulls=False,
    )
    right = (11 - weighted % 11) % 10 == digits[5]
    return (code.str.contains(r"^[0-9]{6}$") & right).fill_null(value=False)


def refuse_thousands(table: TextTable, heading: str) -> None:
    """Refuse figures that a heading or the title says are in thousands: they'd be read as ones.

    Raises:
        InputError: it says so (単位:千円, 人口(千人)).
    """
    for where in (heading, folded(table.title)):
        if found := _THOUSANDS.search(folded(where)):
            raise refuse(
                f"{table.file}: {heading}",
                Text(
                    f"the figures are in larger units: {found[0]}",
                    f"数値の単位が大きすぎます: {found[0]}",
                ),
                Text(
                    "give them in single units (円, 人), or write 千円 into each cell",
                    "円・人などの単位にするか、各セルに千円と書いてください",
                ),
            )


def refuse_duplicates(table: TextTable, rows: pl.DataFrame, column: str) -> None:
    """Raise an `InputError` that names every code of `rows` (code, line) standing twice."""
    if stands_once(rows["code"]):
        return
    lines = (
        rows.group_by("code", maintain_order=True).agg("line").filter(pl.col("line").list.len() > 1)
    )
    raise_all(
        [
            Problem(
                table.where(stands[1], column),
                Text(
                    f"the code {code} stands on lines {', '.join(map(str, stands))}",
                    f"団体コード {code} が {'、'.join(map(str, stands))} 行目に重複しています",
                ),
                Text("keep one of the rows", "1行だけ残してください"),
            )
            for code, stands in lines.select("code", "line").iter_rows()
        ]
    )


def raise_all(found: list[Problem]) -> None:
    """Raise the problems of one file together, counting those beyond `MOST_PROBLEMS`."""
    if not found:
        return
    more = len(found) - MOST_PROBLEMS
    if more > 0:
        found = found[:MOST_PROBLEMS]
        last = found[-1]
        found[-1] = Problem(
            last.where,
            Text(f"{last.what.en} (and {more} more such rows)", f"{last.what.ja}(ほか{more}件)"),
            last.mend,
        )
    raise InputError(found)
