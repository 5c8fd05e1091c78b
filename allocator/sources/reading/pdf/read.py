"""A PDF as a document: its pages one after the other, and what is wrong with the whole of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from allocator.domain.errors import InputError, refuse
from allocator.domain.progress import so_far
from allocator.domain.text import Text
from allocator.files.source import Source
from allocator.sources.reading.document import Document, Line, Place
from allocator.sources.reading.legible import refuse_meaningless
from allocator.sources.reading.pdf.apart import pages_apart
from allocator.sources.reading.pdf.edges import running_lines
from allocator.sources.reading.pdf.layout import PageLine
from allocator.sources.reading.pdf.pages import broken, too_long
from allocator.sources.reading.pdf.streams import refuse_bombs

MOST_CHARACTERS: Final = 5_000_000
"""The most that is read of one PDF: several times the thickest set of papers."""

_TAIL: Final = 4096


def read_pdf(source: Source) -> Document:
    """Read every page of a PDF that has a text layer, in a process of its own.

    Raises:
        InputError: protected by a password, broken, too long, only pictures of text, fonts that
            don't say which characters they show, or a page that takes too much time or memory.
    """
    file, content = source.path, source.content
    _refuse_torn(file, content)
    refuse_bombs(file, content)
    pages: list[list[PageLine]] = []
    scanned: list[int] = []
    wrong = characters = 0
    for page in pages_apart(file, content):
        so_far(Text("reading the pages", "ページを読取り中"), len(pages), page.of)
        pages.append(page.lines)
        if not page.characters:
            scanned.append(len(pages))
        characters += page.characters
        wrong += page.wrong
        if characters > MOST_CHARACTERS:
            raise too_long(file, f"{characters:,} characters", f"{characters:,} 文字")
    if not characters:
        raise _only_pictures(file, len(scanned))
    refuse_meaningless(file, wrong, characters)
    return Document(file, "pdf", tuple(_lines(pages)), tuple(scanned), wrong)


def _lines(pages: Sequence[Sequence[PageLine]]) -> Iterator[Line]:
    """Yield the lines of all pages; a blank one ends each page."""
    for number, (page, running) in enumerate(
        zip(pages, running_lines(pages), strict=True), start=1
    ):
        for at, line in enumerate(page):
            yield Line(Place(line.number, page=number), line.cells, at in running)
        yield Line(Place(len(page) + 1, page=number), ())


def _refuse_torn(file: Path, content: bytes) -> None:
    """Refuse a PDF without its end: it broke off, and what is lost would go unseen."""
    if b"%%EOF" not in content[-_TAIL:]:
        raise broken(file)


def _only_pictures(file: Path, pages: int) -> InputError:
    return refuse(
        str(file),
        Text(
            f"scanned, no text layer: none of the {pages:,} pages holds any text",
            f"スキャン画像のみで文字データがありません({pages:,} ページとも)",
        ),
        Text(
            "read it with a text recognition (OCR) program first, or ask for the original",
            "文字認識(OCR)をかけるか、元のファイルを入手してください",
        ),
        code="scanned",
    )
