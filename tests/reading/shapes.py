"""Files in the shapes that offices send, from rows; and what a reading of them has to be."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import openpyxl
import polars as pl
import xlwt

from tests.reading.known import Amounts, today
from tests.reading.routes import LISTS, MEASURES, Question, Read, lists

Cell = str | int | float | None
Rows = Sequence[Sequence[Cell]]

WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "list": {
        "<figure>": "金額",
        "<unit>": "円",
        "<k>": "千円",
        "<M>": "百万円",
        "<kind>": "負担金",
        "<date>": "令和5年4月1日",
    },
    "[[measure]]": {
        "<figure>": "職員数",
        "<unit>": "人",
        "<k>": "千人",
        "<M>": "百万人",
        "<kind>": "職員数調",
        "<date>": "令和5年4月1日",
    },
    "run --population": {
        "<figure>": "人口",
        "<unit>": "人",
        "<k>": "千人",
        "<M>": "百万人",
        "<kind>": "人口調",
        "<date>": "令和12年1月1日",
    },
}
"""What the words in pointed brackets stand for: one table is a list here and a measure there."""


DIFFERENT: Final = ("[[measure]]", "audit", "extract", "check (list)")


@dataclass(frozen=True)
class Sample:
    """A table and what it says.

    `table` is the text of a file, or rows; `merged` are ranges of cells (A2:A4) of a workbook.
    `form` is how the file is written: csv, tsv, cp932, utf-16, utf-8-sig, xlsx, xls, parquet.
    `routes` are those it is made for, all without any.
    """

    name: str
    table: str | Rows
    truth: Amounts
    form: str = "csv"
    merged: tuple[str, ...] = ()
    sheet: str = "Sheet1"
    sheets: Mapping[str, Rows] = field(default_factory=dict)
    routes: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    says: tuple[str, ...] = ()
    column: str | None = None

    def in_form(self, form: str) -> Sample:
        """Return the same table in another kind of file, for the routes that differ most."""
        name = f"{self.name} ({form})"
        return replace(self, name=name, form=form, routes=self.routes or DIFFERENT)


SUFFIX: Final = {"tsv": "tsv", "xlsx": "xlsx", "xls": "xls", "parquet": "parquet"}


def question(sample: Sample, route: str, folder: Path) -> Question:
    """Write the file of a sample in the words of a route, and ask for what it says."""
    words = WORDS.get(route) or WORDS["[[measure]]" if route in MEASURES else "list"]
    file = folder / f"list.{SUFFIX.get(sample.form, 'csv')}"
    file.write_bytes(content(sample, words))
    column = sample.column or words["<figure>"]
    return Question(file, sample.truth, sample.also, column=column)


def ask(sample: Sample, route: str, folder: Path) -> Read:
    """Take a sample through a route."""
    return {**MEASURES, **LISTS}[route](question(sample, route, folder))


def content(sample: Sample, words: Mapping[str, str]) -> bytes:
    """Return the bytes of a sample's file."""
    if isinstance(sample.table, str):
        text = str(_said(sample.table, words))
        if sample.form in {"xlsx", "xls", "parquet"}:
            rows: Rows = list(csv.reader(io.StringIO(text)))
        else:
            if sample.form == "tsv":
                text = text.replace(",", "\t")
            return text.encode(_encoding(sample.form))
    else:
        rows = [[_said(cell, words) for cell in row] for row in sample.table]
    if sample.form == "xlsx":
        others = {
            name: [[_said(cell, words) for cell in row] for row in other]
            for name, other in sample.sheets.items()
        }
        return workbook({_said(sample.sheet, words): rows, **others}, sample.merged)
    if sample.form == "xls":
        return old_workbook(rows, sample.sheet)
    if sample.form == "parquet":
        return parquet(rows)
    lines = io.StringIO(newline="")
    delimiter = "\t" if sample.form == "tsv" else ","
    csv.writer(lines, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return lines.getvalue().encode(_encoding(sample.form))


def _encoding(form: str) -> str:
    return form if form in {"cp932", "utf-16", "utf-8-sig"} else "utf-8"


def _said(cell: Any, words: Mapping[str, str]) -> Any:
    if isinstance(cell, str):
        for word, meant in words.items():
            cell = cell.replace(word, meant)
    return cell


def workbook(sheets: Mapping[str, Rows], merged: Sequence[str] = ()) -> bytes:
    """Return an .xlsx file; `merged` are ranges of its first sheet."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([None if cell == "" else cell for cell in row])
    for area in merged:
        book.worksheets[0].merge_cells(area)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def old_workbook(rows: Rows, sheet: str) -> bytes:
    """Return an .xls file."""
    book = xlwt.Workbook()
    page = book.add_sheet(sheet)
    for at, row in enumerate(rows):
        for column, cell in enumerate(row):
            if cell not in ("", None):
                page.write(at, column, cell)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def parquet(rows: Rows) -> bytes:
    """Return a Parquet file; the first row names the columns."""
    names = [str(cell) for cell in rows[0]]
    columns = {name: [row[at] for row in rows[1:]] for at, name in enumerate(names)}
    content = io.BytesIO()
    pl.DataFrame(columns).write_parquet(content)
    return content.getvalue()


def pairs(samples: Sequence[Sample]) -> list[tuple[str, Sample]]:
    """Return every sample with every route that it is made for."""
    known = [*MEASURES, *lists()]
    return [
        (route, sample)
        for sample in samples
        for route in sample.routes or known
        if route in known and not (route == "run --population" and _of_prefectures(sample))
    ]


def _of_prefectures(sample: Sample) -> bool:
    """Tell whether there are no municipalities: a population of prefectures alone isn't whole."""
    return {today()[code]["kind"] for code in sample.truth} == {"prefecture"}


def named(value: Any) -> str | None:
    """Name a parameter of a test."""
    return value if isinstance(value, str) else value.name if isinstance(value, Sample) else None


# -- judging --------------------------------------------------------------------------------------


def assert_exact(read: Read, truth: Amounts) -> None:
    """Assert that what was read is the truth, and that no error was found in it."""
    assert read.status == 0, read.said
    assert not read.errors, read.said
    if read.amounts is not None:
        assert read.amounts == truth, read.said
        return
    # `check` names no more than these; of an audit there has to be more.
    assert read.count is not None, read.said
    assert read.count == len(truth), read.said
    assert read.total in (None, sum(truth.values())), read.said


def assert_refused(read: Read, *pieces: str) -> None:
    """Assert a refusal that says all of `pieces`."""
    assert read.is_refused, f"read as {read.amounts}, {read.count}, {read.total}: {read.said}"
    for piece in pieces:
        assert _is_said(piece, read.said), f"{piece!r} is not in: {read.said}"


def assert_told(read: Read, truth: Amounts, *pieces: str, route: str = "") -> None:
    """Assert that a fault is refused, or found by an audit, or in the ledger; never a wrong figure.

    Pieces are words of which each has to be said somewhere: the line, the name. Where a file is
    the other list of two, what speaks against it may be said of the first one's line.
    """
    if read.status == 0:
        assert not read.errors
        if read.amounts is not None:
            wrong = {
                code: amount
                for code, amount in read.amounts.items()
                if code in today() and truth.get(code) != amount
            }
            assert not wrong, f"read wrongly: {wrong}; {read.said}"
    if route in {"--against", "compare"} and not read.is_refused:
        pieces = tuple(each for each in pieces if not each.startswith("line "))
    told = read.said + " ".join(f"{row['line']} {row['text']}" for row in read.left_out)
    for piece in pieces:
        assert _is_said(piece, told), f"{piece!r} is not in: {told}"


def _is_said(piece: str, said: str) -> bool:
    """Tell whether a piece is said; a line of a workbook is a row."""
    if found := re.fullmatch(r"line ([0-9]+)", piece):
        return bool(re.search(rf"(line|row|lines) {found[1]}\b", said))
    return piece in said
