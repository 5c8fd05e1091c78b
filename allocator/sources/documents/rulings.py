"""Tables as their rulings show them: columns, rows and merged cells. Lengths in points."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
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


@dataclass(frozen=True)
class Table:
    """A ruled table: the sides of its columns and bands, and what parts its cells."""

    sides: tuple[float, ...]
    tops: tuple[float, ...]
    upright: tuple[Ruling, ...]
    level: tuple[Ruling, ...]
    _cells: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict, compare=False)

    @property
    def columns(self) -> int:
        """How many columns there are."""
        return len(self.sides) - 1

    def holds(self, x: float, y: float) -> bool:
        """Tell whether a place lies within the table."""
        return self.sides[0] <= x <= self.sides[-1] and self.tops[0] <= y <= self.tops[-1]

    def cell_at(self, x: float, y: float) -> tuple[int, int]:
        """Return band and column of the cell that a place lies in: the first of merged ones."""
        column = min(max(bisect_right(self.sides, x) - 1, 0), self.columns - 1)
        band = min(max(bisect_right(self.tops, y) - 1, 0), len(self.tops) - 2)
        found = self._cells.get((band, column))
        if found is None:
            found = self._cells[band, column] = self._first(band, column)
        return found

    def _first(self, band: int, column: int) -> tuple[int, int]:
        height = (self.tops[band] + self.tops[band + 1]) / 2
        while column and not _covers(self.upright, self.sides[column], height):
            column -= 1
        width = (self.sides[column] + self.sides[column + 1]) / 2
        while band and not _covers(self.level, self.tops[band], width):
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
            tables.append(Table(sides, tops, tuple(columns), tuple(bands)))
    return sorted(tables, key=_area)


def _area(table: Table) -> float:
    return (table.sides[-1] - table.sides[0]) * (table.tops[-1] - table.tops[0])


def _covers(rulings: Iterable[Ruling], at: float, along: float) -> bool:
    return any(
        abs(ruling.at - at) <= _NEAR and ruling.start <= along <= ruling.end for ruling in rulings
    )


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
