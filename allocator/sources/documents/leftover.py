"""The rows of a document that are in none of its lists and budget lines, each with its reason."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence

from allocator.sources.documents.results import BudgetLine, LeftOutRow
from allocator.sources.lists.table import PublishedList
from allocator.sources.reading.document import Document, Place
from allocator.sources.tables.ledger import Reason, joined


def left_over(
    document: Document, lists: Sequence[PublishedList], budget: Sequence[BudgetLine]
) -> tuple[int, tuple[LeftOutRow, ...]]:
    """Return how many rows there are, and those that were left out, in the order of the document.

    Lists that are tables of their own have accounted for their rows already; what their workbook
    has on other sheets comes after them.
    """
    tables = [each for each in lists if each.sheet is not None]
    if tables:
        sheets = list(dict.fromkeys(each.sheet or None for each in tables))
        left = [(one, each) for one in tables for each in one.left_out]
        left.sort(key=lambda pair: (sheets.index(pair[0].sheet or None), pair[1].line))
        rows = [
            LeftOutRow(one.places.get(each.line, each.line), each.reason, each.text)
            for one, each in left
        ]
        others = _on_other_sheets(document, sheets, budget)
        count = sum(line.place.sheet not in sheets for line in document.lines)
        return sum(each.left_out.rows_in for each in tables) + count, (*rows, *others)
    reasons: dict[int, Reason] = {}
    taken: set[int] = set()
    for each in lists:
        taken.update(each.frame["line"])
        reasons |= {row.line: row.reason for row in each.left_out}
        if each.declared_line is not None:
            reasons.setdefault(each.declared_line, "total")
    places = _places(budget)
    found: list[LeftOutRow] = []
    for index, line in enumerate(document.lines):
        number = document.number(index)
        if number in taken or line.place in places:
            continue
        reason: Reason = "outside" if line.cells else "blank"
        at = number if document.is_plain else str(line.place)
        found.append(LeftOutRow(at, reasons.get(number, reason), joined(line.cells)))
    return len(document.lines), tuple(found)


def _on_other_sheets(
    document: Document, sheets: Container[str | None], budget: Sequence[BudgetLine]
) -> Iterator[LeftOutRow]:
    places = _places(budget)
    for line in document.lines:
        if line.place.sheet not in sheets and line.place not in places:
            reason: Reason = "outside" if line.cells else "blank"
            yield LeftOutRow(str(line.place), reason, joined(line.cells))


def _places(budget: Sequence[BudgetLine]) -> set[Place]:
    return {place for line in budget for place in (line.place, *line.also)}
