"""Reading a table as text, each row knowing its line, every fault of the file said plainly."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Final

import polars as pl

from allocator.domain.errors import refuse
from allocator.domain.frames import only
from allocator.domain.text import Text
from allocator.files.source import Source
from allocator.sources.reading.decoding import text_of
from allocator.sources.reading.limits import MOST_ROWS, refuse_large, refuse_long_text
from allocator.sources.reading.parquet import read_parquet
from allocator.sources.reading.workbook.refusals import broken
from allocator.sources.tables.header import (
    PREFECTURE_WORDS,
    Grid,
    Header,
    find_header,
    has_header_words,
    header_rows,
    key_word,
    no_header,
    text_grid,
    workbook_grids,
)
from allocator.sources.tables.ledger import Ledger, Reason
from allocator.sources.tables.widths import named_width, refuse_wrong_widths

_LINE: Final = "line"
_LONGEST_HEADER: Final = 100_000
_FIRST_LINES: Final = 24


@dataclass(frozen=True)
class TextTable:
    """A table whose cells are all text (stripped, empty for null), with a column `line`.

    `title` is what stands above the header, `above` its lines from the nearest up, `sheet` the
    sheet of a workbook, `header_line` where the header ends. `is_ascii`: no cell has a character
    beyond ASCII, so none has a word for a total; `is_text`: it is separated text.
    `merged`: prefectures are carried down as the sheet merges cells. `repeated` are headings that
    stand more than once. `ledger` has every row that isn't in `frame`, `places` what lines are
    called where there are pages, `source` is what it was read from.
    """

    file: Path
    frame: pl.DataFrame
    title: str = ""
    sheet: str = ""
    is_ascii: bool = False
    is_text: bool = False
    above: tuple[str, ...] = ()
    header_line: int = 1
    merged: bool = False
    repeated: frozenset[str] = frozenset()
    ledger: Ledger = field(default_factory=Ledger)
    places: Mapping[int, str] = field(default_factory=dict)
    source: Source | None = None

    @property
    def columns(self) -> list[str]:
        """The names in the header."""
        return [name for name in self.frame.columns if name != _LINE]

    def where(self, line: int, column: str) -> str:
        """Return a place in the file, for a message."""
        return f"{self.at(line)}, column {column}"

    def at(self, line: int) -> str:
        """Return the place of a line in the file, for a message."""
        sheet = f"sheet {self.sheet}, " if self.sheet else ""
        return f"{self.file}: {self.places.get(line, f'{sheet}line {line}')}"

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
            self.at(self.header_line),
            Text(
                f"no column {' or '.join(names)}; the header has: {found}",
                f"{' または '.join(names)} の列がありません(見出し: {found})",
            ),
            Text(f"name a column {names[0]}", f"{names[0]} という見出しの列を設けてください"),
            code="missing_column",
        )


def read_table(source: Source, most_rows: int = MOST_ROWS) -> TextTable:
    """Read a table: CSV, a workbook (.xls, .xlsx) or Parquet, by what the file is.

    The header is found by its words; what stands above it is the title.

    Raises:
        InputError: nothing that we read, no header, several tables in one workbook.
    """
    if source.kind == "parquet":
        return _parquet(source, most_rows)
    return opened(source, most_rows).table()


@dataclass(frozen=True)
class Opened:
    """A text or a workbook, looked into once: `plain` where it is a table from its first line on.

    Else `grids` are its sheets; a text is one.
    """

    source: Source
    plain: TextTable | None
    grids: Sequence[Grid] = ()

    def table(self, of_these: Callable[[str, str], bool] | None = None) -> TextTable:
        """Return the one table that there is.

        Of several, it is the only one `of_these` is true for, which takes a sheet's name and title.

        Raises:
            InputError: no header, several tables, rows wider or narrower than the header.
        """
        if self.plain is not None:
            return self.plain
        return replace(table_of(self.source.path, self.grids, of_these), source=self.source)


def opened(source: Source, most_rows: int = MOST_ROWS) -> Opened:
    """Look into a text, a workbook or a PDF.

    Raises:
        InputError: encrypted, broken, too large, not text, or without text that can be read.
    """
    file = source.path
    if source.kind == "pdf":
        return Opened(source, None, [_pdf_grid(source)])
    if source.kind != "text":
        return Opened(source, None, workbook_grids(source))
    text = text_of(file, source.content, most_rows)
    if (plain := _plain_csv(file, text, most_rows)) is not None:
        return Opened(source, replace(plain, source=source))
    return Opened(source, None, [text_grid(file, text)])


def _pdf_grid(source: Source) -> Grid:
    """Return the lines of all pages as one sheet."""
    from allocator.sources.reading.opening import open_document

    lines = open_document(source).lines
    places = {number: str(line.place) for number, line in enumerate(lines, start=1)}
    return Grid(source.path, "", [line.cells for line in lines], places=places)


def _plain_csv(file: Path, text: str, most_rows: int) -> TextTable | None:
    """Read a CSV whose first line is all its header, and every line as wide as that.

    None: the header is further down or taller, or some line is wider or narrower; then the rows
    are looked at one by one.
    """
    first = _plain_header(text)
    labels = [_heading(key_word(cell)) for cell in first]
    if not labels or not all(labels) or len(set(labels)) < len(labels):
        return None
    refuse_large(file, text.count("\n"), len(labels), most_rows)
    try:
        frame = pl.read_csv(
            io.BytesIO(text.encode("utf-8")), infer_schema=False, raise_if_empty=True
        )
    except pl.exceptions.PolarsError:
        return None
    if frame.width != len(labels) or _may_be_narrow(frame, text):
        return None
    lines = _lines(frame, text)
    refuse_long_text(file, frame, lines)
    frame = frame.rename(dict(zip(frame.columns, labels, strict=True))).with_columns(lines)
    ledger = Ledger(len(frame) + 1)
    ledger.leave_out(1, "header", first)
    if not text.isascii() or '"' in text:
        return _table(TextTable(file, frame, is_text=True, ledger=ledger))
    blanks = [each for each in " \t\v\f" if each in text]
    strip = _with_blank_edges(frame, blanks)
    table = TextTable(file, frame, is_ascii=True, is_text=True, ledger=ledger)
    return _table(table, to_strip=strip)


def _plain_header(text: str) -> list[str]:
    """Return the cells of the first line where it is all the header; none where it isn't."""
    try:
        lines = list(islice(csv.reader(io.StringIO(text[:_LONGEST_HEADER])), _FIRST_LINES))
    except csv.Error:
        return []
    is_header = bool(lines) and has_header_words(lines[0]) and header_rows(lines) == [0]
    return lines[0] if is_header else []


def _may_be_narrow(frame: pl.DataFrame, text: str) -> bool:
    """Tell whether some line may have fewer fields than the header: the last one is empty then."""
    if not frame[:, -1].null_count():
        return False
    return '"' in text or text.count(",") != (frame.width - 1) * (len(frame) + 1)


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


def _parquet(source: Source, most_rows: int) -> TextTable:
    frame = read_parquet(source, most_rows)
    named = {name: _heading(key_word(name)) for name in frame.columns}
    if len(set(named.values())) == len(named):
        frame = frame.rename(named)
    frame = frame.with_row_index(_LINE, offset=1)
    return _table(TextTable(source.path, frame, ledger=Ledger(len(frame)), source=source))


def table_of(
    file: Path, grids: Sequence[Grid], of_these: Callable[[str, str], bool] | None = None
) -> TextTable:
    """Return the one table of a file's sheets; see `Opened.table`.

    Raises:
        InputError: no header, several tables, rows that are wider or narrower than the header.
    """
    found = [(grid, header) for grid in grids if (header := find_header(grid)) is not None]
    if not found:
        raise no_header(file, grids)
    if len(found) > 1 and of_these is not None:
        chosen = [(grid, header) for grid, header in found if of_these(grid.sheet, header.title)]
        found = chosen if len(chosen) == 1 else found
    if len(found) > 1:
        names = ", ".join(grid.sheet for grid, _ in found)
        raise refuse(
            str(file),
            Text(f"tables on several sheets: {names}", f"複数のシートに表があります: {names}"),
            Text("save the sheet that is meant alone", "対象のシートだけを保存してください"),
            code="several_sheets",
        )
    return _below_header(*found[0])


def _below_header(grid: Grid, header: Header) -> TextTable:
    first, width = header.first_data_row, named_width(header.labels)
    refuse_wrong_widths(grid, header, width)
    ledger = _above_rows(grid, header)
    again = set(_said_again(grid, header, ledger))
    rows = [[*row[:width], *[""] * (width - len(row))] for row in grid.rows[first:]]
    names: list[str] = []
    for place, label in enumerate(header.labels[:width], start=1):
        name = _heading(label) or f"column {place}"
        names.append(f"{name} ({place})" if name in names else name)
    merged = _carry_merged(grid, header, rows)
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    lines = [grid.line(row) for row in range(first, len(grid.rows))]
    frame = frame.with_columns(pl.Series(_LINE, lines, dtype=pl.Int64))
    if again:
        frame = frame.filter(~pl.col(_LINE).is_in(list(again)))
    filled = [label for label in header.labels if label]
    return _table(
        TextTable(
            grid.file,
            frame,
            header.title,
            grid.sheet,
            above=(*header.above, *filter(None, [grid.sheet])),
            header_line=grid.line(header.rows[0]),
            merged=merged,
            repeated=frozenset(label for label in filled if filled.count(label) > 1),
            ledger=ledger,
            places=grid.places,
            is_text=grid.is_text,
        )
    )


def _above_rows(grid: Grid, header: Header) -> Ledger:
    """Return the ledger of a table's title, blank rows and header."""
    ledger = Ledger(len(grid.rows))
    for place, row in enumerate(grid.rows[: header.first_data_row]):
        if not any(row):
            ledger.leave_out(grid.line(place), "blank", ())
        else:
            reason: Reason = "header" if place >= header.rows[0] else "title"
            ledger.leave_out(grid.line(place), reason, row)
    return ledger


def _said_again(grid: Grid, header: Header, ledger: Ledger) -> Iterator[int]:
    """Yield the lines of rows that repeat one of the header's cell by cell; the ledger gets them.

    They stand on top of every page, also those that number the columns or hold their units.
    """
    whole = [row for at in header.rows if any(row := [*grid.rows[at]])]
    for place in range(header.first_data_row, len(grid.rows)):
        if [*grid.rows[place]] in whole:
            line = grid.line(place)
            ledger.leave_out(line, "heading", grid.rows[place])
            yield line


def _carry_merged(grid: Grid, header: Header, rows: list[list[str]]) -> bool:
    """Carry prefectures down within merged cells; tell whether their column has any."""
    first = header.first_data_row
    columns = {at for at, label in enumerate(header.labels) if label in PREFECTURE_WORDS}
    tall = [
        (top, bottom, left)
        for (top, left), (bottom, _) in grid.merged
        if left in columns and bottom > top >= first
    ]
    if sum(bottom - top for top, bottom, _ in tall) > len(grid.rows) * len(columns):
        raise broken(grid.file)  # one over the other
    for top, bottom, left in tall:
        for place in range(top + 1, min(bottom + 1, len(grid.rows))):
            rows[place - first][left] = rows[place - first][left] or rows[top - first][left]
    return bool(tall)


def _table(table: TextTable, *, to_strip: Sequence[str] | None = None) -> TextTable:
    """Strip the cells (of the columns `to_strip`), drop empty rows, refuse a table without any."""
    frame = table.frame
    strip = frame.columns if to_strip is None else to_strip
    cells = pl.exclude(_LINE, *strip).fill_null("")
    stripped = pl.col([name for name in strip if name != _LINE]).fill_null("").str.strip_chars()
    frame = frame.with_columns(cells, stripped, pl.col(_LINE).cast(pl.Int64))
    filled = only(frame, pl.any_horizontal(pl.exclude(_LINE) != ""))
    if filled.is_empty():
        raise refuse(
            str(table.file),
            Text("a header and no rows", "見出しだけで行がありません"),
            Text("give a table with rows", "行のある表を指定してください"),
            code="no_rows",
        )
    if len(filled) < len(frame):
        lines = frame[_LINE]
        table.ledger.leave_out_all("blank", lines.filter(~lines.is_in(filled[_LINE].implode())))
    return replace(table, frame=filled)
