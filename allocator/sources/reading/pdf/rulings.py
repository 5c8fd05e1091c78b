"""Tables as their rulings show them: columns, rows and merged cells. Lengths in points."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final, NamedTuple

_NEAR: Final = 2.0
"""Rulings closer than this are one (a thin rectangle has two edges)."""

_TOUCHING: Final = 3.0
MOST_RULINGS: Final = 2_000
"""Beyond this a page is a drawing; tables have a few hundred rulings."""

_FEWEST_COLUMNS: Final = 2


class Ruling(NamedTuple):
    """A straight line: at this x (upright) or y, from here to there along the other axis."""

    upright: bool
    at: float
    start: float
    end: float


Spans = tuple[tuple[float, float], ...]


@dataclass(frozen=True)
class Table:
    """A ruled table: the sides of its columns, the tops of its bands (the last: its end).

    `upright` and `level` say for each side and top from where to where it is ruled; cells that no
    ruling parts are one.
    """

    sides: tuple[float, ...]
    tops: tuple[float, ...]
    upright: tuple[Spans, ...]
    level: tuple[Spans, ...]

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return len(self.sides) - 1

    @property
    def area(self) -> float:
        """Its size."""
        return (self.sides[-1] - self.sides[0]) * (self.tops[-1] - self.tops[0])

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a place lies within the table."""
        return self.sides[0] <= x <= self.sides[-1] and self.tops[0] <= y <= self.tops[-1]

    def field_at(self, x: float, y: float) -> tuple[int, int]:
        """Return band and column of a place within the table, whatever is merged there."""
        return bisect_right(self.tops, y) - 1, bisect_right(self.sides, x) - 1

    def cell_of(self, band: int, column: int) -> tuple[int, int]:
        """Return where the cell begins that a field belongs to: itself, unless it is merged."""
        column = min(column, self.columns - 1)
        band = min(band, len(self.tops) - 2)
        height = (self.tops[band] + self.tops[band + 1]) / 2
        while column and not _covered(self.upright[column], height):
            column -= 1
        width = (self.sides[column] + self.sides[column + 1]) / 2
        while band and not _covered(self.level[band], width):
            band -= 1
        return band, column


def find_tables(rulings: Iterable[Ruling]) -> list[Table]:
    """Return the tables that rulings form, small ones first; frames of one column are none."""
    upright = _merged(ruling for ruling in rulings if ruling.upright)
    level = _merged(ruling for ruling in rulings if not ruling.upright)
    if len(upright) + len(level) > MOST_RULINGS:
        return []
    tables = []
    for columns, bands in _connected(upright, level):
        sides = _sides(columns, bands)
        tops = _sides(bands, columns)
        if len(sides) > _FEWEST_COLUMNS and len(tops) > 1:
            tables.append(Table(sides, tops, _spans(sides, columns), _spans(tops, bands)))
    return sorted(tables, key=attrgetter("area"))


def _spans(places: Iterable[float], rulings: Sequence[Ruling]) -> tuple[Spans, ...]:
    """Return for each place from where to where it is ruled."""
    return tuple(
        tuple((each.start, each.end) for each in rulings if abs(each.at - place) <= _TOUCHING)
        for place in places
    )


def _covered(spans: Spans, along: float) -> bool:
    return any(start <= along <= end for start, end in spans)


def _sides(rulings: Sequence[Ruling], across: Sequence[Ruling]) -> tuple[float, ...]:
    """Return where columns (or bands) begin and end: rulings, and the ends of those across."""
    places = [ruling.at for ruling in rulings]
    if across:
        places.append(min(ruling.start for ruling in across))
        places.append(max(ruling.end for ruling in across))
    kept: list[float] = []
    for place in sorted(places):
        if not kept or place - kept[-1] > _TOUCHING:
            kept.append(place)
    return tuple(kept)


def _merged(rulings: Iterable[Ruling]) -> list[Ruling]:
    """Join rulings that continue or cover each other."""
    groups: list[list[Ruling]] = []
    for ruling in sorted(rulings, key=lambda each: each.at):
        if groups and ruling.at - groups[-1][0].at <= _NEAR:
            groups[-1].append(ruling)
        else:
            groups.append([ruling])
    whole: list[Ruling] = []
    for group in groups:
        group.sort(key=lambda each: each.start)
        current = group[0]
        for ruling in group[1:]:
            if ruling.start <= current.end + _TOUCHING:
                current = current._replace(end=max(current.end, ruling.end))
            else:
                whole.append(current)
                current = ruling
        whole.append(current)
    return whole


def _connected(
    upright: Sequence[Ruling], level: Sequence[Ruling]
) -> list[tuple[list[Ruling], list[Ruling]]]:
    """Return the rulings in groups that touch each other."""
    groups: list[tuple[list[Ruling], list[Ruling]]] = [([], [ruling]) for ruling in level]
    for ruling in upright:
        touching = [group for group in groups if any(_touch(ruling, other) for other in group[1])]
        joined: tuple[list[Ruling], list[Ruling]] = ([ruling], [])
        for group in touching:
            joined[0].extend(group[0])
            joined[1].extend(group[1])
        gone = {id(group) for group in touching}
        groups = [group for group in groups if id(group) not in gone]
        groups.append(joined)
    return groups


def _touch(upright: Ruling, level: Ruling) -> bool:
    return (
        level.start - _TOUCHING <= upright.at <= level.end + _TOUCHING
        and upright.start - _TOUCHING <= level.at <= upright.end + _TOUCHING
    )
