"""What stands at the top and foot of page after page: page numbers, dates, addresses, titles.

Told by repetition and place, not by words: browsers, offices and printers each have their own.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final

from allocator.sources.reading.pdf.layout import PageLine
from allocator.sources.tables.words import plain

_DEPTH: Final = 3
"""How many lines from the top, and from the foot of a page may be running ones."""

_FEWEST: Final = 3
"""On how many pages a line has to stand, or on all of a shorter document."""

_NEAR: Final = 3
"""So many pages before and after are looked at: on half of them the line stands, or every other."""

_DIGITS: Final = re.compile(r"[0-9]+")
_DATA: Final = re.compile(r"[-△▲−]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{5,})円?")

Key = tuple[str, ...]


def running_lines(pages: Sequence[Sequence[PageLine]]) -> list[frozenset[int]]:
    """Return for each page which of its lines (by their place in it) run through the document.

    A running line stands within three lines of the top or of the foot, on three pages or more,
    and on every page around or on every other; only its figures change, and its parts may change
    sides. Rows of ruled tables, and lines with a code or an amount beside other words are none.
    """
    seen: dict[tuple[bool, Key], set[int]] = defaultdict(set)
    edges = [list(_edges(page)) for page in pages]
    for number, found in enumerate(edges):
        for _, at_top, key in found:
            seen[at_top, key].add(number)
    fewest = max(min(_FEWEST, len(pages)), 2)
    return [
        frozenset(
            at
            for at, at_top, key in found
            if len(seen[at_top, key]) >= fewest and _is_dense(seen[at_top, key], number, len(pages))
        )
        for number, found in enumerate(edges)
    ]


def _edges(page: Sequence[PageLine]) -> Iterator[tuple[int, bool, Key]]:
    """Yield the lines at a page's top (True) and foot that may run, with what stays the same."""
    places = [at for at, line in enumerate(page) if line.cells]
    for at_top, edge in ((True, places[:_DEPTH]), (False, places[-_DEPTH:])):
        for at in edge:
            line = page[at]
            if not line.ruled and not _is_data(line):
                cells = (_DIGITS.sub("0", plain(cell)) for cell in line.cells)
                yield at, at_top, tuple(sorted(cells))


def _is_data(line: PageLine) -> bool:
    words = [plain(word) for cell in line.cells for word in cell.split()]
    return len(words) > 1 and any(_DATA.fullmatch(word) for word in words)


def _is_dense(numbers: set[int], number: int, count: int) -> bool:
    near = range(max(number - _NEAR, 0), min(number + _NEAR + 1, count))
    return 2 * sum(other in numbers for other in near) >= len(near) - 1
