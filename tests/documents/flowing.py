"""Papers on paper of any size: blocks follow each other, pages end wherever they are full.

What browsers, offices and printers add stands at the top and foot of every page.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from tests.documents.drawing import FONTS, Papers, Paragraph, Table, spans, wrap

_MARGIN: Final = 40.0
_LEADING: Final = 1.15
_EDGE_SIZE: Final = 7.0


@dataclass(frozen=True)
class Edges:
    """What stands left and right at the top and foot of each page: {page} of {pages}."""

    top: tuple[str, str] = ("", "")
    foot: tuple[str, str] = ("", "")


EDGES: Final = {
    "none": Edges(),
    "browser": Edges(
        ("2023/03/02 10:09", "会議資料 - 機構"),
        ("https://example.jp/papers.html", "{page}/{pages}"),
    ),
    "browser with a list's title": Edges(
        ("3/2/23, 10:09 AM", "総合行政ネットワークに係る令和5年度負担金について"),
        ("file:///papers.html", "{page}/{pages}"),
    ),
    "number": Edges(foot=("", "{page}")),
    "number between dashes": Edges(("第38回経営審議委員会", "資料"), ("- {page} -", "")),
    "number of pages": Edges(("", "{page} / {pages} ページ"), ("機構", "Page {page} of {pages}")),
}


@dataclass(frozen=True)
class _Piece:
    """Texts at places within a box, and the lines that rule it, from its top downwards."""

    height: float
    texts: tuple[tuple[float, float, float, str], ...]
    sides: tuple[float, ...] = ()


def as_flowing_pdf(
    papers: Papers,
    edges: Edges,
    *,
    paper: tuple[float, float] = A4,
    heads_again: bool = True,
    ruled: bool = True,
) -> bytes:
    """Return a PDF; `heads_again`: tables repeat their first row on each page."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONTS[0]))
    pages = list(_pages(papers, paper, heads_again))
    target = io.BytesIO()
    canvas = Canvas(target, pagesize=paper, invariant=1)
    for number, pieces in enumerate(pages, start=1):
        canvas.setFont(FONTS[0], _EDGE_SIZE)
        for (left, right), y in ((edges.top, paper[1] - 20), (edges.foot, 14)):
            canvas.drawString(20, y, left.format(page=number, pages=len(pages)))
            canvas.drawRightString(paper[0] - 20, y, right.format(page=number, pages=len(pages)))
        y = paper[1] - _MARGIN
        for piece in pieces:
            _draw(canvas, piece, y, ruled)
            y -= piece.height
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _pages(papers: Papers, paper: tuple[float, float], heads_again: bool) -> Sequence[list[_Piece]]:
    room = paper[1] - 2 * _MARGIN
    pages: list[list[_Piece]] = [[]]
    used = 0.0
    for page in papers.pages:
        for block in page.blocks:
            if isinstance(block, Paragraph):
                pieces, head = _of_paragraph(block), None
            else:
                pieces = _of_table(block, paper[0] - 2 * _MARGIN)
                head = pieces[0] if heads_again else None
            for at, piece in enumerate(pieces):
                if used + piece.height > room and pages[-1]:
                    pages.append([head] if head and at else [])
                    used = head.height if head and at else 0.0
                pages[-1].append(piece)
                used += piece.height
    return pages


def _of_paragraph(block: Paragraph) -> list[_Piece]:
    height = block.size * _LEADING
    lines = [_Piece(height, ((_MARGIN, block.size, block.size, line),)) for line in block.lines]
    return [*lines, _Piece(block.size * 1.2, ())]


def _of_table(table: Table, room: float) -> list[_Piece]:
    scale = min(1.0, room / sum(table.widths))
    size = table.size * scale
    sides = [*accumulate((width * scale for width in table.widths), initial=_MARGIN)]
    rows = []
    for number, row in enumerate(table.rows):
        texts = []
        cells = list(spans(row, number < table.headers))
        tallest = 1
        for first, last in cells:
            lines = wrap(row[first], sides[last] - sides[first] - 4, size, FONTS[0])
            tallest = max(tallest, len(lines))
            texts += [
                (sides[first] + 2, (at + 1) * size * _LEADING, size, line)
                for at, line in enumerate(lines)
            ]
        rows.append(
            _Piece(
                tallest * size * _LEADING + 3,
                tuple(texts),
                (*(sides[first] for first, _ in cells), sides[-1]),
            )
        )
    return [*rows, _Piece(table.size, ())]


def _draw(canvas: Canvas, piece: _Piece, top: float, ruled: bool) -> None:
    for x, below, size, text in piece.texts:
        canvas.setFont(FONTS[0], size)
        canvas.drawString(x, top - below, text)
    if ruled and piece.sides:
        bottom = top - piece.height
        for x in piece.sides:
            canvas.line(x, top, x, bottom)
        for y in (top, bottom):
            canvas.line(piece.sides[0], y, piece.sides[-1], y)
