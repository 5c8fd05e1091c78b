"""From exact quotas to whole units. Every method hits the number of units exactly.

Definitions: docs/rounding.md. Payers stand in code order throughout, so "the lower code" is the
earlier position.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

import numpy as np

from allocator.engine.exact import Ints, Path, descending, total, vector
from allocator.engine.shares import Shares
from allocator.plans.tables import Ties


class NegativeAmountError(Exception):
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
    """Equal claims on the last units: who had them, who got a unit, by which rule."""

    contenders: tuple[int, ...]
    served: tuple[int, ...]
    rule: Ties


@dataclass(frozen=True)
class Rounded:
    """Whole units per payer, and the named columns of the steps that led there."""

    units: Ints
    columns: Mapping[str, Ints]
    tie: Tie | None = None
    constants: Mapping[str, int | Fraction] = field(default_factory=dict)


def quotas(shares: Shares, units: int, path: Path = "auto") -> Quotas:
    """Return qᵢ = sᵢ · N.

    The bound covers every figure of this module: 2·N·D + D is what `cumulative` forms, the largest
    of them, unless N is zero: there the divisor 2·D is.
    """
    bound = (2 * max(units, 1) + 1) * shares.denominator
    return Quotas(vector(shares.numerators, bound, path) * units, shares.denominator)


def largest_remainder(quotas: Quotas, shares: Shares, units: int, ties: Ties) -> Rounded:
    """⌊qᵢ⌋ each; the missing units one each to the largest remainders qᵢ − ⌊qᵢ⌋."""
    whole = quotas.numerators // quotas.denominator
    remainder = quotas.numerators % quotas.denominator
    missing = units - total(whole)
    order = descending(remainder, then=shares.numerators if ties == "weight" else None)
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(1, len(order) + 1)
    extra = (rank <= missing).astype(np.int64)
    columns = {"whole_units": whole, "remainder": remainder, "rank": rank, "extra_unit": extra}
    tie = _tie_at_the_cut(remainder, rank, order, missing, ties)
    return Rounded(whole + extra, columns, tie)


def half_up_then_largest(quotas: Quotas, units: int) -> Rounded:
    """⌊qᵢ + ½⌋ each; the whole difference to the payer with the largest quota."""
    rounded = (2 * quotas.numerators + quotas.denominator) // (2 * quotas.denominator)
    position = int(np.argmax(quotas.numerators))
    return _difference_to(position, rounded, units)


def floor_then_first(quotas: Quotas, units: int) -> Rounded:
    """⌊qᵢ⌋ each; the whole difference to the first payer in code order with a positive share."""
    whole = quotas.numerators // quotas.denominator
    position = int(np.argmax(quotas.numerators > 0))
    return _difference_to(position, whole, units)


def cumulative(quotas: Quotas) -> Rounded:
    """In code order Rₖ = ⌊Σᵢ≤ₖ qᵢ + ½⌋; each payer gets Rₖ − Rₖ₋₁."""
    running = np.cumsum(quotas.numerators)
    running_units = (2 * running + quotas.denominator) // (2 * quotas.denominator)
    previous = np.concatenate([running_units[:1] * 0, running_units[:-1]])
    columns = {"running_quota": running, "running_units": running_units}
    return Rounded(running_units - previous, columns)


def _difference_to(position: int, rounded: Ints, units: int) -> Rounded:
    difference = units - total(rounded)
    extra = rounded * 0
    extra[position] = difference
    if rounded[position] + difference < 0:
        raise NegativeAmountError(position, int(rounded[position] + difference))
    return Rounded(rounded + extra, {"whole_units": rounded, "extra_unit": extra})


def _tie_at_the_cut(
    remainder: Ints, rank: Ints, order: Ints, missing: int, rule: Ties
) -> Tie | None:
    if not 0 < missing < len(order):
        return None
    at_cut = remainder[order[missing - 1]]
    if remainder[order[missing]] != at_cut:
        return None
    contenders = np.flatnonzero(remainder == at_cut)
    return Tie(
        tuple(contenders.tolist()), tuple(contenders[rank[contenders] <= missing].tolist()), rule
    )
