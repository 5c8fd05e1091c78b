"""Whole programmes in plain fractions: adjustments, unit amounts, sums of parts, breakdowns.

Like the methods in `reference`, written from the definitions and sharing nothing with the package.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import floor

from tests.engine.reference import (
    ALONE,
    Given,
    Part,
    RefusedError,
    Rounding,
    Tie,
    clamp,
    clamped_quotas,
    cumulative,
    each_alone,
    first_with_a_share,
    floor_then_first,
    half_up_then_largest,
    hand_out,
    largest_remainder,
    of_the_largest,
    shares_of,
)

MOST = 10**18
"""The most that is allocated, in yen (docs/arithmetic.md)."""


@dataclass(frozen=True)
class Bound:
    """One adjustment that bounds amounts, of all payers or of the places in `only`."""

    minimum: int | None = None
    maximum: int | None = None
    max_increase: Fraction | None = None
    max_decrease: Fraction | None = None
    previous: tuple[int | None, ...] | None = None
    only: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Adjustments:
    """Who leaves the rule, at which amount (exempt: None), and the bounds of all others."""

    leaves: tuple[tuple[int, int | None], ...] = ()
    bounds: tuple[Bound, ...] = ()

    def amount_outside(self, place: int) -> int | None:
        """Return what a payer outside the rule pays, None for one under it."""
        for other, amount in self.leaves:
            if other == place:
                return amount or 0
        return None

    @property
    def fixed_yen(self) -> int:
        return sum(amount or 0 for _, amount in self.leaves)


@dataclass(frozen=True)
class Outcome:
    """The amounts of all payers; everything else stands for the places under the rule alone.

    `given` is what the shares were applied to, `borne` a place and the yen of the difference that
    it bears, `rest_to` who takes the yen below a unit.
    """

    amounts: tuple[int, ...]
    under_rule: tuple[int, ...]
    shares: tuple[Fraction, ...] = ()
    quotas: tuple[Fraction, ...] = ()
    units: tuple[int, ...] = ()
    ties: tuple[Tie, ...] = ()
    borne: tuple[int, int] | None = None
    rest_to: int | None = None
    given: int | None = None

    @property
    def charged(self) -> int:
        return sum(self.amounts)


def limits_in_yen(bounds: Sequence[Bound], place: int) -> tuple[Fraction, Fraction | None]:
    """Return the least and the most that all bounds together allow one payer."""
    least, most = [Fraction(0)], list[Fraction]()
    for bound in bounds:
        if bound.only is not None and place not in bound.only:
            continue
        before = bound.previous[place] if bound.previous is not None else None
        if bound.minimum is not None:
            least.append(Fraction(bound.minimum))
        if bound.maximum is not None:
            most.append(Fraction(bound.maximum))
        if bound.max_decrease is not None and before is not None:
            least.append(before - before * bound.max_decrease)
        if bound.max_increase is not None and before is not None:
            most.append(before + before * bound.max_increase)
    return max(least), min(most, default=None)


def inwards(
    limits: Sequence[tuple[Fraction, Fraction | None]], unit: int
) -> tuple[list[int], list[int | None]]:
    """Round bounds to whole units, the lower up and the upper down."""
    low = [-floor(-least / unit) for least, _ in limits]
    high = [None if most is None else floor(most / unit) for _, most in limits]
    return low, high


def unbounded(bounds: Sequence[Bound], places: Sequence[int]) -> list[int]:
    """Return the payers that a change should be limited for, but whose past is unknown."""
    return [
        place
        for place in places
        if any(
            bound.previous is not None
            and bound.previous[place] is None
            and (bound.only is None or place in bound.only)
            for bound in bounds
        )
    ]


def split_total(
    count: int, parts: Sequence[Part], total: int, rounding: Rounding, adjustments: Adjustments
) -> Outcome:
    """Return what `count` payers pay of `total` yen."""
    places = tuple(i for i in range(count) if adjustments.amount_outside(i) is None)
    yen = total - adjustments.fixed_yen
    if not places or yen < 0:
        raise RefusedError("nobody, or less than nothing, is left")
    shares = shares_of(parts, places)
    if rounding.method in ALONE:
        quotas = tuple(s * yen / rounding.unit for s in shares)
        units = each_alone(rounding.method, quotas)
        amounts = everybody(count, adjustments, places, [k * rounding.unit for k in units])
        return Outcome(amounts, places, shares, quotas, tuple(units), given=yen)
    units_, rest = divmod(yen, rounding.unit)
    if rest and rounding.rest is None:
        raise RefusedError("odd yen")
    limits = [limits_in_yen(adjustments.bounds, place) for place in places]
    low, high = inwards(limits, rounding.unit)
    if adjustments.bounds:
        quotas = clamped_quotas(shares, units_, low, high)
    else:
        quotas = tuple(s * units_ for s in shares)
    given = rounded(rounding, quotas, shares, units_, low, high)
    yen_of = [k * rounding.unit for k in given.units]
    rest_to, tie = rest_goes_to(shares, rounding) if rest else (None, None)
    if rest_to is not None:
        yen_of[rest_to] += rest
        most = limits[rest_to][1]
        if most is not None and yen_of[rest_to] > most:
            raise RefusedError("the rest breaks a bound")
    return Outcome(
        everybody(count, adjustments, places, yen_of),
        places,
        shares,
        quotas,
        tuple(given.units),
        tuple(each for each in (given.tie, tie) if each is not None),
        None if given.borne is None else (given.borne[0], given.borne[1] * rounding.unit),
        rest_to,
        yen,
    )


def everybody(
    count: int, adjustments: Adjustments, places: Sequence[int], under_rule: Sequence[int]
) -> tuple[int, ...]:
    """Return the amounts of all payers, those outside the rule among them."""
    amounts = [adjustments.amount_outside(i) or 0 for i in range(count)]
    for place, amount in zip(places, under_rule, strict=True):
        amounts[place] = amount
    if sum(amounts) > MOST:
        raise RefusedError("more than is allocated")
    return tuple(amounts)


def rest_goes_to(shares: Sequence[Fraction], rounding: Rounding) -> tuple[int, Tie | None]:
    if rounding.rest == "first":
        return first_with_a_share(shares), None
    return of_the_largest(shares, rounding.ties, "rest")


def rounded(
    rounding: Rounding,
    quotas: Sequence[Fraction],
    shares: Sequence[Fraction],
    units: int,
    low: Sequence[int],
    high: Sequence[int | None],
) -> Given:
    if rounding.method == "largest_remainder":
        return largest_remainder(quotas, shares, units, rounding.ties)
    if rounding.method == "half_up_then_largest":
        return half_up_then_largest(quotas, units, rounding.ties)
    if rounding.method == "floor_then_first":
        return floor_then_first(quotas, shares, units)
    if rounding.method == "cumulative":
        return cumulative(quotas)
    return hand_out(rounding.method, shares, units, rounding.ties, low, high)


Bands = Sequence[tuple[int, int]]
"""From (inclusive) and amount of each band."""


def unit_amounts(
    measure: Sequence[int],
    bands: Sequence[Bands],
    adjustments: Adjustments,
    keep_total: Rounding | None = None,
) -> Outcome:
    """Return what each payer pays by the bands of its own group, adjusted."""
    by_band = [
        max((start, amount) for start, amount in own if start <= value)[1]
        for value, own in zip(measure, bands, strict=True)
    ]
    if keep_total is not None:
        part = (Fraction(1), tuple(by_band))
        return split_total(len(measure), [part], sum(by_band), keep_total, adjustments)
    count = len(measure)
    places = tuple(i for i in range(count) if adjustments.amount_outside(i) is None)
    amounts = []
    for place in places:
        least, most = limits_in_yen(adjustments.bounds, place)
        (low,), (high,) = inwards([(least, most)], 1)
        if high is not None and low > high:
            raise RefusedError("bounds of one payer")
        amounts.append(int(clamp(Fraction(by_band[place]), low, high)))
    return Outcome(everybody(count, adjustments, places, amounts), places)


def rest_of(total: int, others: Sequence[Outcome]) -> int:
    """Return what the other parts of a sum leave for the part that takes the rest, in yen."""
    rest = total - sum(other.charged for other in others)
    if rest < 0:
        raise RefusedError("the other parts take more than the total")
    return rest


def added(
    count: int, parts: Sequence[Outcome], members: Sequence[Sequence[int]]
) -> tuple[int, ...]:
    """Return what each of `count` payers pays in all parts, each over its own members."""
    amounts = [0] * count
    for part, own in zip(parts, members, strict=True):
        for place, amount in zip(own, part.amounts, strict=True):
            amounts[place] += amount
    if sum(amounts) > MOST:
        raise RefusedError("more than is allocated")
    return tuple(amounts)


def breakdown(amount: int, measure: Sequence[int], unit: int) -> list[int]:
    """Return the notional figures of one prefecture's municipalities."""
    if amount == 0:
        return [0] * len(measure)
    shares = shares_of([(Fraction(1), tuple(measure))], range(len(measure)))
    units, rest = divmod(amount, unit)
    given = largest_remainder([s * units for s in shares], shares, units, "code")
    figures = [k * unit for k in given.units]
    figures[list(shares).index(max(shares))] += rest
    return figures
