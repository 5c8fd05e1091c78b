"""Telling which column of a table by business is which business, by words and order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from allocator.sources.tables.words import Business, steady, words

_ALIKE: Final = 0.75
"""How alike (share of common characters) a heading and a business' name have to be."""

_PERHAPS: Final = 0.5
"""A heading that is this much like a business, and not its column, leaves that in doubt."""

_FEWEST: Final = 3
"""A table by business has at least this many headings that are like names of businesses."""


@dataclass(frozen=True)
class Columns:
    """Which heading belongs to which business (by its id; places count the headings).

    `doubtful` are the ids of businesses whose heading is missing or not the only one like it.
    """

    places: dict[str, int]
    doubtful: frozenset[str]


def by_business(headings: Sequence[str]) -> bool:
    """Tell whether these are the headings of a table by business, in whatever state."""
    names = [steady(business.name) for business in words().businesses]
    alike = sum(
        max(likeness(steady(heading), name) for name in names) >= _PERHAPS for heading in headings
    )
    return alike >= min(_FEWEST, len(headings)) and bool(headings)


def columns(headings: Sequence[str]) -> Columns:
    """Match headings to businesses, keeping the order that every budget has.

    Of all ways to match them in order, that with the greatest likeness is taken. The one is told
    from the other (two businesses begin with 本人確認) by what stands between them.
    """
    businesses = words().businesses
    texts = [steady(heading) for heading in headings]
    matched = _in_order(texts, businesses)
    places = {businesses[at].id: place for at, place in matched.items() if businesses[at].id}
    taken = set(matched.values())
    doubtful = set()
    for business in businesses:
        if not business.id:
            continue
        name = steady(business.name)
        place = places.get(business.id)
        sure = place is not None and likeness(texts[place], name) >= _ALIKE
        others = (text for at, text in enumerate(texts) if at not in taken)
        if not sure or any(likeness(other, name) >= _PERHAPS for other in others):
            doubtful.add(business.id)
    return Columns(places, frozenset(doubtful))


def likeness(one: str, other: str) -> float:
    """Return the share of characters that two words have in common, in whatever order: 0 to 1."""
    if not one or not other:
        return 0.0
    common = (Counter(one) & Counter(other)).total()
    return 2 * common / (len(one) + len(other))


def _in_order(texts: Sequence[str], businesses: Sequence[Business]) -> dict[int, int]:
    """Return business to heading (both by place), in order, with the greatest likeness."""
    best = [[0.0] * (len(texts) + 1) for _ in range(len(businesses) + 1)]
    weights = [[likeness(text, steady(business.name)) for text in texts] for business in businesses]
    for at in range(len(businesses) - 1, -1, -1):
        for place in range(len(texts) - 1, -1, -1):
            weight = weights[at][place]
            both = weight + best[at + 1][place + 1] if weight >= _PERHAPS else 0.0
            best[at][place] = max(both, best[at + 1][place], best[at][place + 1])
    found: dict[int, int] = {}
    at = place = 0
    while at < len(businesses) and place < len(texts):
        weight = weights[at][place]
        if weight >= _PERHAPS and best[at][place] == weight + best[at + 1][place + 1]:
            found[at] = place
            at, place = at + 1, place + 1
        elif best[at][place] == best[at + 1][place]:
            at += 1
        else:
            place += 1
    return found
