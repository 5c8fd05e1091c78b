"""Splitting a total over payers: shares, bounds, quotas, rounding, rest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from allocator.engine import divisors, rounding
from allocator.engine.bounds import Bounds, clamp_quotas
from allocator.engine.exact import Ints, Path, total, vector
from allocator.engine.rounding import Quotas, Rounded, Tie
from allocator.engine.rule import DIVISOR_METHODS, EACH_ALONE, Rounding
from allocator.engine.shares import Shares


@dataclass(frozen=True)
class Divided:
    """A split total: amounts in yen, and what led to them."""

    amounts: Ints
    quotas: Quotas
    rounded: Rounded
    rest: int
    rest_to: int | None
    rest_tie: Tie | None = None


def methods() -> tuple[str, ...]:
    """Return the names of all rounding methods."""
    return (*rounding.METHODS, *DIVISOR_METHODS, *EACH_ALONE)


def split(
    shares: Shares,
    yen: int,
    rule: Rounding,
    bounds: Bounds | None = None,
    path: Path = "auto",
) -> Divided:
    """Split `yen` by `shares`, in whole units; the rest below a unit goes where `rule.rest` says.

    Raises:
        BoundsError, BelowZeroError, TooFewError: no such allocation exists.
    """
    units, rest = divmod(yen, rule.unit)
    if not rule.hits_total:
        exact = rounding.quotas_of(shares, yen, rule.unit, path)
        rounded = rounding.each_alone(rule.method, exact)
        most = yen + len(rounded.units) * rule.unit
        return Divided(vector(rounded.units, most, path) * rule.unit, exact, rounded, 0, None)
    clamp: tuple[Bounds, Fraction] | None = None
    if bounds is None:
        quotas = rounding.quotas(shares, units, path)
    else:
        quotas, multiplier = clamp_quotas(shares, units, bounds)
        clamp = bounds, multiplier
    if rule.method in DIVISOR_METHODS:
        rounded = divisors.divide(rule.method, shares, units, rule.ties, clamp, path)
    else:
        rounded = rounding.METHODS[rule.method](quotas, shares, units, rule.ties)
    if total(rounded.units) != units:
        raise AssertionError(f"{rule.method} gave {total(rounded.units)} units of {units}")
    amounts = vector(rounded.units, max(yen, 1), path) * rule.unit
    rest_to, tie = _rest_to(shares, rule) if rest else (None, None)
    if rest_to is not None:
        amounts[rest_to] += rest
    return Divided(amounts, quotas, rounded, rest, rest_to, tie)


def _rest_to(shares: Shares, rule: Rounding) -> tuple[int, Tie | None]:
    """Return who takes the yen below a unit, and the tie that was decided on the way.

    It is the payer with the largest share, the lower code first, or the first with any share.
    """
    if rule.rest == "first":
        return int(np.argmax(shares.numerators > 0)), None
    position = int(np.argmax(shares.numerators))
    equal = np.flatnonzero(shares.numerators == shares.numerators[position])
    if len(equal) == 1:
        return position, None
    return position, Tie(tuple(equal.tolist()), (position,), rule.ties, "rest")


def unit_bounds(
    low_yen: Sequence[Fraction], high_yen: Sequence[Fraction | None], unit: int
) -> Bounds:
    """Round bounds in yen inwards to whole units."""
    return Bounds(
        [-((-low) // unit) for low in low_yen],
        [None if high is None else high // unit for high in high_yen],
    )
