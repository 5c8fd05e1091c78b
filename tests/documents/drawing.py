"""Pages of text and ruled tables, written as text, PDF or a workbook."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import accumulate
from pathlib import Path
from typing import Any, Final

import xlsxwriter
from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONTS: Final = ("HeiseiKakuGo-W5", "HeiseiMin-W3")
"""Fonts that every PDF reader brings along: nothing is embedded, and no font file is needed."""

_MARGIN: Final = 36.0
_LEADING: Final = 1.15


@dataclass(frozen=True)
class Paragraph:
    """Lines that belong together; blank space follows."""

    lines: tuple[str, ...]
    size: float = 10.0


@dataclass(frozen=True)
class Table:
    """Rows of cells. Empty headings to the right of one belong to it (a merged cell)."""

    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    size: float = 8.0
    headers: int = 1


@dataclass(frozen=True)
class Page:
    """One page; `number` is printed at its foot."""

    blocks: tuple[Paragraph | Table, ...]
    wide: bool = False
    number: str = ""


@dataclass
class Papers:
    """A document: its pages in order."""

    pages: list[Page] = field(default_factory=list)

    def add(self, *blocks: Paragraph | Table, wide: bool = False) -> None:
        """Add a page, numbered."""
        self.pages.append(Page(blocks, wide, f"- {len(self.pages) + 1} -"))


def paragraph(*lines: str, size: float = 10.0) -> Paragraph:
    """Return lines as a paragraph."""
    return Paragraph(lines, size)


def as_text(papers: Papers) -> str:
    """Return the text of a document: tabs between cells, blank lines between blocks."""
    lines: list[str] = []
    for page in papers.pages:
        for block in page.blocks:
            if isinstance(block, Paragraph):
                lines += block.lines
            else:
                lines += ["\t".join(row) for row in block.rows]
            lines.append("")
        lines += [page.number, ""]
    return "\n".join(lines)


def as_workbook(papers: Papers) -> bytes:
    """Return a workbook with a sheet for each page; figures and codes are numbers, as usual."""
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"in_memory": True})
    workbook.set_properties({"created": datetime(2023, 3, 2)})  # noqa: DTZ001 the format has no zone
    for page in papers.pages:
        sheet = workbook.add_worksheet()
        row = 0
        for block in page.blocks:
            if isinstance(block, Paragraph):
                for line in block.lines:
                    sheet.write_string(row, 0, line)
                    row += 1
            else:
                for cells in block.rows:
                    for column, cell in enumerate(cells):
                        _write(sheet, row, column, cell)
                    row += 1
            row += 1
    workbook.close()
    return target.getvalue()


def _write(sheet: Any, row: int, column: int, cell: str) -> None:
    digits = cell.replace(",", "")
    if digits.isascii() and digits.isdigit():
        sheet.write_number(row, column, int(digits))
    elif cell:
        sheet.write_string(row, column, cell)


def as_pdf(
    papers: Papers, *, ruled: bool = True, font: str = FONTS[0], turned: bool = False
) -> bytes:
    """Return a PDF with ruled tables (or without the rules).

    `turned`: wide pages lie on their side, with a mark that says how to turn them, as printers
    of documents do it.
    """
    pdfmetrics.registerFont(UnicodeCIDFont(font))
    target = io.BytesIO()
    canvas = Canvas(target, invariant=1)
    for page in papers.pages:
        width, height = landscape(A4) if page.wide else A4
        if page.wide and turned:
            canvas.setPageSize(A4)
            canvas.setPageRotation(90)
            canvas.rotate(90)
            canvas.translate(0, -A4[0])
        else:
            canvas.setPageSize((width, height))
            canvas.setPageRotation(0)
        _draw(canvas, page, height, ruled, font)
        canvas.setFont(font, 8)
        canvas.drawCentredString(width / 2, _MARGIN / 2, page.number)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _draw(canvas: Canvas, page: Page, height: float, ruled: bool, font: str) -> None:
    y = height - _MARGIN
    for block in page.blocks:
        if isinstance(block, Paragraph):
            canvas.setFont(font, block.size)
            for line in block.lines:
                y -= block.size * _LEADING
                canvas.drawString(_MARGIN, y, line)
            y -= block.size * 1.2
        else:
            y = _draw_table(canvas, block, y, ruled, font) - block.size
    if y < _MARGIN / 2:
        raise ValueError(f"the page {page.number} is too short for what is on it: {y}")


def _draw_table(canvas: Canvas, table: Table, top: float, ruled: bool, font: str) -> float:
    """Draw a table and return where it ends."""
    size = table.size
    sides = [_MARGIN, *accumulate(table.widths, initial=_MARGIN)][1:]
    canvas.setFont(font, size)
    y = top
    for number, row in enumerate(table.rows):
        parts = list(spans(row, number < table.headers))
        wrapped = [
            (first, last, wrap(row[first], sides[last] - sides[first] - 4, size, font))
            for first, last in parts
        ]
        height = max(len(lines) for *_, lines in wrapped) * size * _LEADING + 3
        for first, last, lines in wrapped:
            for at, line in enumerate(lines):
                base = y - (at + 1) * size * _LEADING
                if line[:1].isdigit() and first:
                    canvas.drawRightString(sides[last] - 2, base, line)
                else:
                    canvas.drawString(sides[first] + 2, base, line)
            if ruled:
                canvas.line(sides[first], y, sides[first], y - height)
        if ruled:
            canvas.line(sides[-1], y, sides[-1], y - height)
            canvas.line(sides[0], y, sides[-1], y)
        y -= height
    if ruled:
        canvas.line(sides[0], y, sides[-1], y)
    return y


def spans(row: Sequence[str], merged: bool) -> Iterable[tuple[int, int]]:
    """Yield first and last side of each cell; merged: an empty one continues the one before."""
    first = 0
    for place in range(1, len(row) + 1):
        if place == len(row) or row[place] or not merged:
            yield first, place
            first = place


def wrap(text: str, width: float, size: float, font: str) -> list[str]:
    """Break text at spaces, and within words where one is too long, to fit a width."""
    if pdfmetrics.stringWidth(text, font, size) <= width:
        return [text]
    lines = [""]
    for character in text:
        if pdfmetrics.stringWidth(lines[-1] + character, font, size) > width:
            lines.append("")
        lines[-1] += character
    return [line.strip() for line in lines if line.strip()]


def write(path: Path, content: str | bytes) -> Path:
    """Write a file and return its path."""
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path
