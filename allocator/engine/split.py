"""Splitting a total over payers: shares, bounds, quotas, rounding, rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from allocator.engine import divisors, rounding
from allocator.engine.bounds import Bounds, clamp_quotas
from allocator.engine.exact import Ints, Path, total, vector
from allocator.engine.rounding import Quotas, Rounded
from allocator.engine.shares import Shares
from allocator.plans.tables import DIVISOR_METHODS, Rounding


@dataclass(frozen=True)
class Split:
    """A split total: amounts in yen, and what led to them."""

    amounts: Ints
    quotas: Quotas
    rounded: Rounded
    rest: int
    rest_to: int | None


def split(
    shares: Shares,
    yen: int,
    rule: Rounding,
    bounds: Bounds | None = None,
    path: Path = "auto",
) -> Split:
    """Split `yen` by `shares`, in whole units; the rest below a unit goes where `rule.rest` says.

    Raises:
        BoundsError, NegativeAmountError, TooFewUnitsError: no such allocation exists.
    """
    units, rest = divmod(yen, rule.unit)
    clamp: tuple[Bounds, Fraction] | None = None
    if bounds is None:
        quotas = rounding.quotas(shares, units, path)
    else:
        quotas, multiplier = clamp_quotas(shares, units, bounds)
        clamp = bounds, multiplier
    if rule.method in DIVISOR_METHODS:
        rounded = divisors.divide(rule.method, shares, units, rule.ties, clamp, path)
    else:
        rounded = _round(shares, quotas, units, rule)
    if total(rounded.units) != units:
        raise AssertionError(f"{rule.method} gave {total(rounded.units)} units of {units}")
    amounts = vector(rounded.units, max(yen, 1), path) * rule.unit
    rest_to = _rest_to(shares, rule) if rest else None
    if rest_to is not None:
        amounts[rest_to] += rest
    return Split(amounts, quotas, rounded, rest, rest_to)


def _round(shares: Shares, quotas: Quotas, units: int, rule: Rounding) -> Rounded:
    if rule.method == "largest_remainder":
        return rounding.largest_remainder(quotas, shares, units, rule.ties)
    if rule.method == "half_up_then_largest":
        return rounding.half_up_then_largest(quotas, units)
    if rule.method == "floor_then_first":
        return rounding.floor_then_first(quotas, units)
    return rounding.cumulative(quotas)


def _rest_to(shares: Shares, rule: Rounding) -> int:
    """Return who takes the yen below a unit: the largest share (lower code first) or the first."""
    return int(np.argmax(shares.numerators)) if rule.rest == "largest" else 0


def unit_bounds(
    low_yen: Sequence[Fraction], high_yen: Sequence[Fraction | None], unit: int
) -> Bounds:
    """Round bounds in yen inwards to whole units."""
    return Bounds(
        [-((-low) // unit) for low in low_yen],
        [None if high is None else high // unit for high in high_yen],
    )
