"""Minimum, maximum, and limits on change: one λ for all, clamped payer by payer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from allocator.engine.exact import vector
from allocator.engine.rounding import Quotas
from allocator.engine.shares import Shares


class BoundsError(Exception):
    """No allocation keeps the bounds and the total.

    `kind` is `minimum` (the least that all must pay is more than the total), `maximum` (the most
    that all may pay is less) or `payer` (one payer's bounds contradict each other;
    `ceiling` is then its upper one).
    """

    def __init__(
        self, kind: str, figure: int, position: int | None = None, ceiling: int = 0
    ) -> None:
        """Take the kind, the sum of the bounds in units, and the payer where it is one."""
        self.kind, self.figure, self.position, self.ceiling = kind, figure, position, ceiling
        super().__init__(f"{kind}: {figure}")


@dataclass(frozen=True)
class Bounds:
    """Bounds per payer in whole units; `None` above means no limit."""

    low: Sequence[int]
    high: Sequence[int | None]


def clamp_quotas(shares: Shares, units: int, bounds: Bounds) -> tuple[Quotas, Fraction]:
    """Return qᵢ = clamp(λ·sᵢ, lowᵢ, highᵢ) with the λ for which they add up to `units`, and λ.

    F(λ) = Σ clamp(λ·sᵢ, …) is piecewise linear and never falls; it is C + μ·A between two
    neighbouring limits, with μ = λ / denominator and C and A whole numbers. Walk the limits upwards
    until F reaches the units.

    Raises:
        BoundsError: no λ does it.
    """
    numerators = [int(a) for a in shares.numerators]
    _refuse_contradictions(numerators, units, bounds)
    mu = _slope_factor(numerators, units, bounds)
    clamped = []
    for a, low, high in zip(numerators, bounds.low, bounds.high, strict=True):
        quota = max(mu.numerator * a, low * mu.denominator)
        clamped.append(quota if high is None else min(quota, high * mu.denominator))
    bound = 2 * (units + 1) * mu.denominator
    return Quotas(vector(clamped, bound), mu.denominator), mu * shares.denominator


def _refuse_contradictions(numerators: list[int], units: int, bounds: Bounds) -> None:
    for position, (low, high) in enumerate(zip(bounds.low, bounds.high, strict=True)):
        if high is not None and low > high:
            raise BoundsError("payer", low, position, high)
    if (least := sum(bounds.low)) > units:
        raise BoundsError("minimum", least)
    # A payer without a share stays at its minimum however large λ grows.
    reach = [
        high if a else low for a, low, high in zip(numerators, bounds.low, bounds.high, strict=True)
    ]
    most = sum(high for high in reach if high is not None)
    if None not in reach and most < units:
        raise BoundsError("maximum", most)


def _slope_factor(numerators: list[int], units: int, bounds: Bounds) -> Fraction:
    limits: list[tuple[Fraction, int, int]] = []
    for a, low, high in zip(numerators, bounds.low, bounds.high, strict=True):
        if a:
            limits.append((Fraction(low, a), a, -low))
            if high is not None:
                limits.append((Fraction(high, a), -a, high))
    limits.sort()
    constant, slope = sum(bounds.low), 0
    reached = Fraction(0)
    for limit, change, step in limits:
        if constant + slope * limit >= units:
            break
        reached, slope, constant = limit, slope + change, constant + step
    return Fraction(units - constant, slope) if slope else reached
