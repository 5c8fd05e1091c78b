"""The order of rows: which ones changed places, which one was moved."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from allocator.engine.exact import Ints

_MOST_DISPLACED: Final = 20
_PART_DISPLACED: Final = 50
"""Beyond so many displaced rows, or one in so many of the list, it has another order altogether."""

_LARGEST_RING: Final = 3
"""How many rows are taken to have changed places among themselves: two swaps of a shared row."""


@dataclass(frozen=True)
class Disorder:
    """Positions (in the list) of rows that stand in each other's places, or of one moved row.

    `unsorted`: the list follows another order; the positions are the displaced rows.
    """

    reason: Literal["swapped", "moved", "unsorted"]
    positions: tuple[int, ...]


def disorders(places: Ints) -> list[Disorder]:
    """Say how `places` (each once) departs from ascending order, in as few words as will do."""
    if (places[1:] > places[:-1]).all():
        return []
    most = max(_MOST_DISPLACED, len(places) // _PART_DISPLACED)
    order = np.empty(len(places), dtype=np.int64)
    order[np.argsort(places)] = np.arange(len(places))
    elsewhere = np.flatnonzero(order != np.arange(len(order)))
    unsorted = [Disorder("unsorted", tuple(elsewhere.tolist()))]
    # A displaced row makes two descents at most, one before it and one after.
    if np.count_nonzero(places[1:] < places[:-1]) > 2 * most:
        return unsorted
    cycles = _cycles({int(at): int(order[at]) for at in elsewhere})
    pairs = all(len(cycle) == 2 for cycle in cycles)  # noqa: PLR2004
    displaced = [] if pairs else _displaced(order.tolist())
    if len(displaced) > most or (pairs and 2 * len(cycles) > most):
        return unsorted
    exchanged = [Disorder("swapped", cycle) for cycle in cycles]
    if pairs:
        return exchanged
    moved = _explained(order.tolist(), displaced)
    short = all(len(cycle) <= _LARGEST_RING for cycle in cycles)
    return exchanged if short and len(exchanged) < len(moved) else moved


def _displaced(order: Sequence[int]) -> list[int]:
    """Return the fewest positions without which the rest ascends (longest ascending run kept)."""
    tails: list[int] = []
    ends: list[int] = []
    before = [-1] * len(order)
    for at, rank in enumerate(order):
        length = bisect_left(tails, rank)
        if length == len(tails):
            tails.append(rank)
            ends.append(at)
        else:
            tails[length], ends[length] = rank, at
        before[at] = ends[length - 1] if length else -1
    kept: set[int] = set()
    at = ends[-1]
    while at >= 0:
        kept.add(at)
        at = before[at]
    return [at for at in range(len(order)) if at not in kept]


def _explained(order: Sequence[int], displaced: Sequence[int]) -> list[Disorder]:
    """Put displaced rows that stand in each other's gaps together; the others were moved."""
    apart = set(displaced)
    kept = [at for at in range(len(order)) if at not in apart]
    ranks = [order[at] for at in kept]
    gap = {at: bisect_left(kept, at) for at in displaced}
    home = {at: bisect_left(ranks, order[at]) for at in displaced}
    standing: dict[int, list[int]] = {}
    for at in displaced:
        standing.setdefault(gap[at], []).append(at)
    # A row's home is where another displaced row stands, if just one does.
    link = {
        at: standing[home[at]][0]
        for at in displaced
        if len(standing.get(home[at], ())) == 1 and home[at] != gap[at]
    }
    exchanged = _cycles(link)
    found = [Disorder("swapped", cycle) for cycle in exchanged]
    rest = apart.difference(*exchanged) if exchanged else apart
    found += [Disorder("moved", (at,)) for at in sorted(rest)]
    return sorted(found, key=lambda each: each.positions)


def _cycles(link: dict[int, int]) -> list[tuple[int, ...]]:
    """Return the closed rings of `link`, each in ascending order."""
    rings: list[tuple[int, ...]] = []
    seen: set[int] = set()
    for start in link:
        path: list[int] = []
        at: int | None = start
        while at is not None and at not in seen:
            seen.add(at)
            path.append(at)
            at = link.get(at)
        if at is not None and at in path:
            rings.append(tuple(sorted(path[path.index(at) :])))
    return sorted(rings)
