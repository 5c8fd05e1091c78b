"""From exact quotas to whole units. Every method hits the number of units exactly.

Definitions: docs/rounding.md. Payers stand in code order throughout, so "the lower code" is the
earlier position.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache
from typing import Final, Literal

import numpy as np

from allocator.engine.exact import Ints, Path, descending, total, vector
from allocator.engine.rule import Method, Ties
from allocator.engine.shares import Shares


class BelowZeroError(Exception):
    """The difference that one payer has to bear would make its amount negative."""

    def __init__(self, position: int, units: int) -> None:
        """Take the payer's position and the units that it would be left with."""
        self.position, self.units = position, units
        super().__init__(f"payer at {position} would be left with {units} units")


@dataclass(frozen=True)
class Quotas:
    """Exact amounts in rounding units before rounding: numerators over one denominator."""

    numerators: Ints
    denominator: int

    def of(self, position: int) -> Fraction:
        """Return the quota of one payer."""
        return Fraction(int(self.numerators[position]), self.denominator)


@dataclass(frozen=True)
class Tie:
    """Equal claims: who had them, who was served, by which rule.

    `on` is what they were on: the last `unit`, the `difference` that one payer bears, or the
    `rest` below a unit.
    """

    contenders: tuple[int, ...]
    served: tuple[int, ...]
    rule: Ties
    on: Literal["unit", "difference", "rest"] = "unit"


class Later(Mapping[str, Ints]):
    """Named columns that are worked out when the first of them is asked for."""

    def __init__(self, work: Callable[[], Mapping[str, Ints]]) -> None:
        """Take what works them out."""
        self._columns = cache(work)

    def __getitem__(self, name: str) -> Ints:
        return self._columns()[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns())

    def __len__(self) -> int:
        return len(self._columns())


@dataclass(frozen=True)
class Rounded:
    """Whole units per payer, and the named columns of the steps that led there.

    `difference` is what one payer bears of it, in units, `borne_by` that payer.
    """

    units: Ints
    columns: Mapping[str, Ints]
    tie: Tie | None = None
    difference: int = 0
    borne_by: int | None = None
    constants: Mapping[str, int | Fraction] = field(default_factory=dict)


def quotas(shares: Shares, units: int, path: Path = "auto") -> Quotas:
    """Return qᵢ = sᵢ · N.

    The bound covers every figure of this module: 2·N·D + D is what `cumulative` forms, the largest
    of them, unless N is zero: there the divisor 2·D is.
    """
    bound = (2 * max(units, 1) + 1) * shares.denominator
    return Quotas(vector(shares.numerators, bound, path) * units, shares.denominator)


def quotas_of(shares: Shares, yen: int, unit: int, path: Path = "auto") -> Quotas:
    """Return qᵢ = sᵢ · yen / unit, also where the yen are no multiple of the unit."""
    exact = Fraction(yen, unit)
    denominator = shares.denominator * exact.denominator
    bound = 2 * max(exact.numerator, 1) * shares.denominator + 2 * denominator
    return Quotas(vector(shares.numerators, bound, path) * exact.numerator, denominator)


def largest_remainder(quotas: Quotas, shares: Shares, units: int, ties: Ties) -> Rounded:
    """⌊qᵢ⌋ each; the missing units one each to the largest remainders qᵢ − ⌊qᵢ⌋."""
    whole = quotas.numerators // quotas.denominator
    remainder = quotas.numerators - whole * quotas.denominator
    missing = units - total(whole)
    then = shares.numerators if ties == "weight" else None
    extra, tie = _extra_units(remainder, then, missing, ties)

    def columns() -> dict[str, Ints]:
        rank = np.empty(len(remainder), dtype=np.int64)
        rank[descending(remainder, then)] = np.arange(1, len(rank) + 1)
        return {"whole_units": whole, "remainder": remainder, "rank": rank, "extra_unit": extra}

    return Rounded(whole + extra, Later(columns), tie)


def each_alone(method: Method, quotas: Quotas) -> Rounded:
    """⌊qᵢ⌋, ⌈qᵢ⌉ or ⌊qᵢ + ½⌋, each for itself: what they add up to is charged."""
    if method == "floor":
        units = quotas.numerators // quotas.denominator
    elif method == "ceiling":
        units = -(-quotas.numerators // quotas.denominator)
    else:
        units = (2 * quotas.numerators + quotas.denominator) // (2 * quotas.denominator)
    return Rounded(units, {})


def half_up_then_largest(quotas: Quotas, _: Shares, units: int, ties: Ties) -> Rounded:
    """⌊qᵢ + ½⌋ each; the whole difference to the payer with the largest quota."""
    rounded = (2 * quotas.numerators + quotas.denominator) // (2 * quotas.denominator)
    position = int(np.argmax(quotas.numerators))
    found = _difference_to(position, rounded, units)
    equal = np.flatnonzero(quotas.numerators == quotas.numerators[position])
    if found.difference and len(equal) > 1:
        return replace(found, tie=Tie(tuple(equal.tolist()), (position,), ties, "difference"))
    return found


def floor_then_first(quotas: Quotas, _: Shares, units: int, *__: Ties) -> Rounded:
    """⌊qᵢ⌋ each; the whole difference to the first payer in code order with a positive share."""
    whole = quotas.numerators // quotas.denominator
    position = int(np.argmax(quotas.numerators > 0))
    return _difference_to(position, whole, units)


def cumulative(quotas: Quotas, *_: object) -> Rounded:
    """In code order Rₖ = ⌊Σᵢ≤ₖ qᵢ + ½⌋; each payer gets Rₖ − Rₖ₋₁."""
    running = np.cumsum(quotas.numerators)
    running_units = (2 * running + quotas.denominator) // (2 * quotas.denominator)
    previous = np.concatenate([running_units[:1] * 0, running_units[:-1]])
    columns = {"running_quota": running, "running_units": running_units}
    return Rounded(running_units - previous, columns)


METHODS: Final[dict[str, Callable[[Quotas, Shares, int, Ties], Rounded]]] = {
    each.__name__: each
    for each in (largest_remainder, half_up_then_largest, floor_then_first, cumulative)
}
"""The methods that hand out every unit, by name; the divisor methods do as well."""


def _difference_to(position: int, rounded: Ints, units: int) -> Rounded:
    difference = units - total(rounded)
    extra = rounded * 0
    extra[position] = difference
    if rounded[position] + difference < 0:
        raise BelowZeroError(position, int(rounded[position] + difference))
    columns = {"whole_units": rounded, "extra_unit": extra}
    borne_by = position if difference else None
    return Rounded(rounded + extra, columns, difference=difference, borne_by=borne_by)


def _extra_units(
    remainder: Ints, then: Ints | None, missing: int, rule: Ties
) -> tuple[Ints, Tie | None]:
    """Return who gets one of the `missing` units: the largest, equal ones as `then` and place say.

    Nothing is sorted but those at the cut.
    """
    extra = np.zeros(len(remainder), dtype=np.int64)
    if not missing:
        return extra, None
    cut = np.partition(remainder, -missing)[-missing]
    extra[remainder > cut] = 1
    contenders = np.flatnonzero(remainder == cut)
    left = missing - int(extra.sum())
    if left == len(contenders):
        extra[contenders] = 1
        return extra, None
    served = contenders[
        descending(remainder[contenders], None if then is None else then[contenders])
    ]
    served = np.sort(served[:left])
    extra[served] = 1
    return extra, Tie(tuple(contenders.tolist()), tuple(served.tolist()), rule)
