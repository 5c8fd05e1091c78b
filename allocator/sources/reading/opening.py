"""Opening a document, by what it holds and not by its name: text, CSV, PDF or workbook."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final, Literal

from allocator.domain.errors import InputError, refuse
from allocator.domain.text import Text
from allocator.files.source import Source
from allocator.sources.reading.decoding import decode
from allocator.sources.reading.document import Document, Line, Place
from allocator.sources.reading.legible import MEANINGLESS, refuse_meaningless
from allocator.sources.reading.workbook.opened import OF_DOCUMENTS, read_workbook

LARGEST_TEXT: Final = 5_000_000
MOST_LINES: Final = 50_000
LONGEST_LINE: Final = 50_000
"""The longest text that is searched; a set of council papers has 300,000 bytes in 5,000 lines."""

_CONTROL: Final = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_SEPARATOR: Final = re.compile(r",(?=[0-9]{3}(?![0-9]))")
_SAMPLE: Final = 200


def open_document(source: Source) -> Document:
    """Read a document as lines of cells.

    Raises:
        InputError: empty, too large, of another kind, protected by a password, broken, or without
            text that can be read.
    """
    return replace(_read(source), source=source)


def _read(source: Source) -> Document:
    file, kind = source.path, source.kind
    if kind == "pdf":
        from allocator.sources.reading.pdf.read import read_pdf

        return read_pdf(source)
    if kind in {"xlsx", "xls"}:
        return _in_workbook(source, kind)
    if kind == "parquet":
        raise refuse(
            str(file),
            Text("a Parquet table, not a document", "Parquet形式の表であり、文書ではありません"),
            Text(
                "give a text, PDF, CSV file or a workbook",
                "テキスト・PDF・CSV・ブックを指定してください",
            ),
            code="not_a_document",
        )
    return _read_text(file, source.content)


def _in_workbook(source: Source, kind: Literal["xlsx", "xls"]) -> Document:
    lines = tuple(
        Line(Place(number, sheet=sheet.name), _cells(row))
        for sheet in read_workbook(source, OF_DOCUMENTS)
        for number, row in enumerate(sheet.rows, start=1)
    )
    return Document(source.path, kind, lines)


def _read_text(file: Path, content: bytes) -> Document:
    size = len(content)
    if size > LARGEST_TEXT:
        raise _too_long(file, f"{size:,} bytes", f"{size:,} バイト")
    text = decode(content, file)
    count = text.count("\n") + 1
    if count > MOST_LINES:
        raise _too_long(file, f"{count:,} lines", f"{count:,} 行")
    longest = max(map(len, text.split("\n")))
    if longest > LONGEST_LINE:
        raise _too_long(file, f"a line of {longest:,} characters", f"1行 {longest:,} 文字")
    if _CONTROL.search(text):
        raise refuse(
            str(file),
            Text("not a text file", "テキストファイルではありません"),
            Text(
                "give a text, PDF, CSV file or a workbook",
                "テキスト・PDF・CSV・ブックを指定してください",
            ),
            code="not_text",
        )
    wrong = sum(1 for _ in MEANINGLESS.finditer(text))
    if wrong:
        refuse_meaningless(file, wrong, len("".join(MEANINGLESS.sub("x", text).split())))
    if _has_commas_between_cells(text):
        return Document(file, "csv", _csv_lines(file, text), unreadable=wrong)
    lines = tuple(
        Line(Place(number), _cells(line.split("\t")))
        for number, line in enumerate(text.split("\n"), start=1)
    )
    return Document(file, "text", lines, unreadable=wrong)


def _cells(texts: list[str]) -> tuple[str, ...]:
    """Return the cells of a line: blanks around them removed; none where all are empty."""
    cells = tuple([" ".join(text.split()) for text in texts])
    return cells if any(cells) else ()


def _has_commas_between_cells(text: str) -> bool:
    """Tell CSV from prose and tab-separated tables: commas that don't separate thousands."""
    sample = [line for line in islice(text.split("\n"), _SAMPLE) if line.strip()]
    if any("\t" in line for line in sample):
        return False
    return sum("," in _SEPARATOR.sub("", line) for line in sample) * 2 > len(sample)


def _csv_lines(file: Path, text: str) -> tuple[Line, ...]:
    rows = csv.reader(text.split("\n"))
    try:
        return tuple([Line(Place(rows.line_num), _cells(row)) for row in rows])
    except csv.Error as error:
        raise refuse(
            f"{file}: line {rows.line_num}",
            Text(f"not a table: {error}", f"表として読めません: {error}"),
            Text("save it as plain CSV", "通常のCSVで保存してください"),
            code="not_a_table",
        ) from None


def _too_long(file: Path, size: str, size_ja: str) -> InputError:
    return refuse(
        str(file),
        Text(
            f"the text is too long for a document: {size}",
            f"文書としては長すぎるテキストです: {size_ja}",
        ),
        Text("give the document alone", "対象の文書だけを指定してください"),
        code="too_large",
    )
