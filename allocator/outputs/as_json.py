"""What several commands show in their JSON, in one form."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from allocator.sources.ledger import Ledger
    from allocator.sources.lists import PublishedList


def ledger_dict(
    taken: int, ledger: Ledger, published: PublishedList | None = None
) -> dict[str, Any]:
    """Return how many rows a table or list has, how many were taken, and the others one by one.

    A row's line is its number in the file; where the file has pages or sheets, its place.
    """
    places = published.places if published is not None else {}
    return {
        "rows_in": ledger.rows_in,
        "rows_taken": taken,
        "left_out": [
            {"line": places.get(each.line, each.line), "reason": each.reason, "text": each.text}
            for each in ledger
        ],
    }
