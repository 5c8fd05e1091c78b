"""How amounts are spread over municipalities of different size."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from allocator.domain.organisations import PREFECTURE
from allocator.outputs.report.figures import (
    Amounts,
    Members,
    Population,
    ProgrammeFigures,
    per_resident,
)

_LIMITS: Final = (
    0,
    1_000,
    5_000,
    10_000,
    30_000,
    50_000,
    100_000,
    300_000,
    500_000,
    1_000_000,
)
"""Where the classes begin, in residents: a choice of presentation, no part of any rule."""


@dataclass(frozen=True)
class SizeClass:
    """Municipalities of one size: how many, what they pay (yen), and yen per resident of each.

    `low`, `quarter`, `median`, `three_quarters` and `high` are the quartiles of yen per resident,
    between two municipalities in proportion, as spreadsheets reckon them (QUARTILE.INC).
    """

    start: int
    end: int | None
    count: int
    amount: int
    population: int
    low: float
    quarter: float
    median: float
    three_quarters: float
    high: float

    @property
    def label(self) -> str:
        """The class in words: 1万人以上3万人未満."""
        if self.end is None:
            return f"{_persons(self.start)}以上"
        if self.start == 0:
            return f"{_persons(self.end)}未満"
        return f"{_persons(self.start)}以上{_persons(self.end)}未満"


@dataclass(frozen=True)
class Sizes:
    """A programme over municipalities by size. `notional`: the figures are 参考.

    `smallest` and `largest` are in residents; the `uninhabited` stand in no class.
    """

    classes: tuple[SizeClass, ...]
    population: Population
    notional: bool
    smallest: int
    largest: int
    uninhabited: int


def sizes(programme: ProgrammeFigures, members: Members) -> Sizes | None:
    """Return a programme by size of municipality, None where it has no such figures.

    What municipalities pay comes first; else the notional figures.
    """
    paid = _of_municipalities(programme.paid, members)
    if paid and programme.population is not None:
        return _sizes(paid, programme.population, notional=False)
    notional = _of_municipalities(programme.notional, members)
    if notional and programme.notional_population is not None:
        return _sizes(notional, programme.notional_population, notional=True)
    return None


def _of_municipalities(amounts: Amounts, members: Members) -> Amounts:
    return {
        code: amount
        for code, amount in amounts.items()
        if members.kind[members.place[code]] != PREFECTURE
    }


def _sizes(amounts: Amounts, population: Population, *, notional: bool) -> Sizes:
    found: list[list[tuple[float, int, int]]] = [[] for _ in _LIMITS]
    uninhabited = 0
    for code, amount in amounts.items():
        persons = population.persons[code]
        ratio = per_resident(amount, persons)
        if ratio is None:
            uninhabited += 1
            continue
        found[bisect_right(_LIMITS, persons) - 1].append((ratio, amount, persons))
    ends: tuple[int | None, ...] = (*_LIMITS[1:], None)
    classes = tuple(
        _size_class(start, end, rows)
        for start, end, rows in zip(_LIMITS, ends, found, strict=True)
        if rows
    )
    inhabited = [persons for rows in found for _, _, persons in rows]
    return Sizes(
        classes,
        population,
        notional,
        min(inhabited, default=0),
        max(inhabited, default=0),
        uninhabited,
    )


def _size_class(start: int, end: int | None, rows: Sequence[tuple[float, int, int]]) -> SizeClass:
    ratios = sorted(ratio for ratio, _, _ in rows)
    return SizeClass(
        start,
        end,
        len(rows),
        sum(amount for _, amount, _ in rows),
        sum(persons for _, _, persons in rows),
        ratios[0],
        _quantile(ratios, 1),
        _quantile(ratios, 2),
        _quantile(ratios, 3),
        ratios[-1],
    )


def _quantile(ascending: Sequence[float], quarters: int) -> float:
    whole, rest = divmod((len(ascending) - 1) * quarters, 4)
    if not rest:
        return ascending[whole]
    below, above = ascending[whole : whole + 2]
    return round(below + (above - below) * rest / 4, 2)


def _persons(count: int) -> str:
    return f"{count // 10_000:,}万人" if count % 10_000 == 0 and count else f"{count:,}人"
