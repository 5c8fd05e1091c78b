"""A document as lines of cells, each line knowing its place, whatever the file's format."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from allocator.files.source import Source

DocumentKind = Literal["text", "csv", "pdf", "xlsx", "xls", "parquet"]


@dataclass(frozen=True)
class Place:
    """Where a line stands: a line of a text, a line of a page, a row of a sheet. From 1 on."""

    line: int
    page: int | None = None
    sheet: str | None = None

    def __str__(self) -> str:
        """Return the place as messages and files give it."""
        if self.page is not None:
            return f"page {self.page}, line {self.line}"
        if self.sheet is not None:
            return f"sheet {self.sheet}, row {self.line}"
        return f"line {self.line}"


@dataclass(frozen=True)
class Line:
    """One line. Text between tabs, rulings or wide gaps is a cell; a blank line has no cells.

    `running`: it stands at the top or foot of page after page, and is no part of what goes on
    there (a page number, the browser's date and address).
    """

    place: Place
    cells: tuple[str, ...]
    running: bool = False

    @cached_property
    def text(self) -> str:
        """The cells joined, without any blanks."""
        return "".join("".join(self.cells).split())

    @property
    def filled(self) -> tuple[str, ...]:
        """The cells that hold something."""
        return tuple(cell for cell in self.cells if cell)


@dataclass(frozen=True)
class Document:
    """A whole document. `remarks` of the reading (pages without text …) stand in `scanned`."""

    file: Path
    kind: DocumentKind
    lines: tuple[Line, ...]
    scanned: tuple[int, ...] = ()
    """Pages that hold no text: pictures of text at best."""
    unreadable: int = 0
    """Characters that the document's fonts give no meaning to."""
    source: Source | None = None
    """What it was read from."""

    @property
    def is_plain(self) -> bool:
        """Whether a line's number says where it stands: there are no pages, and no sheets."""
        return self.kind in ("text", "csv")

    def number(self, index: int) -> int:
        """Return a line's number in the whole document; pages and sheets are numbered through."""
        place = self.lines[index].place
        return index + 1 if place.page or place.sheet else place.line

    def where(self, place: Place) -> str:
        """Return a place in the file, for a message."""
        return f"{self.file}: {place}"


def adjoining(lines: Sequence[Line], upper: int, lower: int) -> bool:
    """Tell whether nothing stands between two lines but what a page break puts there."""
    if lower - upper <= 1:
        return True
    return lines[upper].place.page != lines[lower].place.page and all(
        line.running or not line.cells for line in lines[upper + 1 : lower]
    )
