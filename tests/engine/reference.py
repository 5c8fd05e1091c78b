"""The arithmetic once more, slow and plain: every step a `Fraction`, every unit handed out singly.

Written from the definitions (docs/arithmetic.md), sharing nothing with the package: what both get
wrong alike has to be wrong in the definitions. Payers stand in code order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import floor

DIVISOR_METHODS = ("adams", "dean", "huntington_hill", "webster", "jefferson")
ONE_EACH = ("adams", "dean", "huntington_hill")
BOUNDABLE = ("largest_remainder", *DIVISOR_METHODS)
METHODS = (*BOUNDABLE, "half_up_then_largest", "floor_then_first", "cumulative")
TIES = ("code", "weight", "error")

HALF = Fraction(1, 2)

Part = tuple[Fraction, tuple[int, ...] | None]
"""A weight, and the measure that the part is proportional to (None: equal parts)."""


class RefusedError(Exception):
    """No allocation fits the words."""


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
class Rounding:
    unit: int
    method: str
    ties: str = "code"
    rest: str | None = None


@dataclass(frozen=True)
class Tie:
    contenders: tuple[int, ...]
    served: tuple[int, ...]


@dataclass(frozen=True)
class Outcome:
    """The amounts of all payers; everything else stands for the places under the rule alone."""

    amounts: tuple[int, ...]
    under_rule: tuple[int, ...]
    shares: tuple[Fraction, ...] = ()
    quotas: tuple[Fraction, ...] = ()
    units: tuple[int, ...] = ()
    tie: Tie | None = None
    rest_to: int | None = None


# Shares and quotas


def shares_of(parts: Sequence[Part], places: Sequence[int]) -> tuple[Fraction, ...]:
    """Return the shares of the payers at `places`; the others are left out of every sum."""
    shares = [Fraction(0)] * len(places)
    for weight, measure in parts:
        values = [1 if measure is None else measure[place] for place in places]
        if sum(values) == 0:
            raise RefusedError("nothing to split by")
        for i, value in enumerate(values):
            shares[i] += weight * Fraction(value, sum(values))
    return tuple(shares)


def clamp(value: Fraction, low: int, high: int | None) -> Fraction:
    value = max(value, Fraction(low))
    return value if high is None else min(value, Fraction(high))


def clamped_quotas(
    shares: Sequence[Fraction], units: int, low: Sequence[int], high: Sequence[int | None]
) -> tuple[Fraction, ...]:
    """Return clamp(λ·sᵢ, lowᵢ, highᵢ) by trying every interval between the λ where one bends."""
    if any(h is not None and below > h for below, h in zip(low, high, strict=True)):
        raise RefusedError("bounds of one payer")

    def at(multiplier: Fraction) -> tuple[Fraction, ...]:
        triples = zip(shares, low, high, strict=True)
        return tuple(clamp(multiplier * s, below, h) for s, below, h in triples)

    bends = {Fraction(0)}
    for s, *limits in zip(shares, low, high, strict=True):
        bends |= {limit / s for limit in limits if s and limit is not None}
    beyond = max(bends) + 1
    for left, right in pairwise([*sorted(bends), beyond]):
        here, there = sum(at(left)), sum(at(right))
        if here == units:
            return at(left)
        if here < units and here < there and (units < there or right == beyond):
            return at(left + (right - left) * (units - here) / (there - here))
    raise RefusedError("bounds of all payers together")


# Methods


def largest_remainder(
    quotas: Sequence[Fraction], shares: Sequence[Fraction], units: int, ties: str
) -> tuple[list[int], Tie | None]:
    given = [floor(q) for q in quotas]
    remainders = [q - floor(q) for q in quotas]
    waiting = list(range(len(quotas)))
    served: list[int] = []
    for _ in range(units - sum(given)):
        best = max(waiting, key=lambda i: (remainders[i], *precedence(shares, ties, i)))
        waiting.remove(best)
        served.append(best)
    for i in served:
        given[i] += 1
    if not served or not waiting:
        return given, None
    last, next_ = min(remainders[i] for i in served), max(remainders[i] for i in waiting)
    if last != next_:
        return given, None
    return given, decided(
        ties,
        [i for i in served if remainders[i] == last],
        [i for i in waiting if remainders[i] == last],
    )


def precedence(shares: Sequence[Fraction], ties: str, i: int) -> tuple[Fraction, int]:
    """Return what decides between equal claims: more goes first."""
    return (shares[i] if ties == "weight" else Fraction(0), -i)


def decided(ties: str, served: Sequence[int], waiting: Sequence[int]) -> Tie:
    if ties == "error":
        raise RefusedError("a tie")
    return Tie(tuple(sorted([*served, *waiting])), tuple(sorted(served)))


def half_up_then_largest(quotas: Sequence[Fraction], units: int) -> list[int]:
    given = [floor(q + HALF) for q in quotas]
    return with_difference(given, units, list(quotas).index(max(quotas)))


def floor_then_first(
    quotas: Sequence[Fraction], shares: Sequence[Fraction], units: int
) -> list[int]:
    given = [floor(q) for q in quotas]
    return with_difference(given, units, next(i for i, s in enumerate(shares) if s > 0))


def with_difference(given: list[int], units: int, place: int) -> list[int]:
    given[place] += units - sum(given)
    if given[place] < 0:
        raise RefusedError("negative")
    return given


def cumulative(quotas: Sequence[Fraction]) -> list[int]:
    running = [floor(sum(quotas[: k + 1]) + HALF) for k in range(len(quotas))]
    return [after - before for before, after in pairwise([0, *running])]


def claim(method: str, share: Fraction, k: int) -> Fraction:
    """Return s/d(k); s²/d(k)² for Huntington-Hill. Adams, Dean, Huntington-Hill: k of 1 or more."""
    if method == "adams":
        return share / k
    if method == "dean":
        return share / Fraction(2 * k * (k + 1), 2 * k + 1)
    if method == "huntington_hill":
        return share * share / (k * (k + 1))
    if method == "webster":
        return share / (k + HALF)
    return share / (k + 1)


def first_units(
    method: str, shares: Sequence[Fraction], low: Sequence[int], high: Sequence[int | None]
) -> list[int]:
    """Return the units that are certain: lower bounds, and one each where d(0) = 0."""
    return [
        max(below, 1) if method in ONE_EACH and s and h != 0 else below
        for s, below, h in zip(shares, low, high, strict=True)
    ]


def hand_out(
    method: str,
    shares: Sequence[Fraction],
    units: int,
    ties: str,
    low: Sequence[int],
    high: Sequence[int | None],
) -> tuple[list[int], Tie | None]:
    """Give one unit at a time to the largest claim below its upper bound."""
    given = first_units(method, shares, low, high)
    missing = units - sum(given)
    if missing < 0:
        raise RefusedError("too few units")
    able = [i for i, s in enumerate(shares) if s and high[i] != 0]
    claims = {i: claim(method, shares[i], given[i]) for i in able}
    last: dict[int, Fraction] = {}
    for _ in range(missing):
        open_ = [i for i in claims if given[i] != high[i]]
        if not open_:
            raise RefusedError("upper bounds")
        best = max(open_, key=lambda i: (claims[i], *precedence(shares, ties, i)))
        last[best] = claims[best]
        given[best] += 1
        claims[best] = claim(method, shares[best], given[best])
    waiting = {i: c for i, c in claims.items() if given[i] != high[i]}
    if not last or not waiting or min(last.values()) != max(waiting.values()):
        return given, None
    cut = min(last.values())
    return given, decided(
        ties,
        [i for i, c in last.items() if c == cut],
        [i for i, c in waiting.items() if c == cut],
    )


def is_in_order(
    method: str,
    shares: Sequence[Fraction],
    given: Sequence[int],
    ties: str,
    low: Sequence[int],
    high: Sequence[int | None],
) -> bool:
    """Tell whether every unit given had a better claim than every unit withheld.

    Together with the sum this admits one outcome only, so it checks what is too large to hand out.
    """
    least = first_units(method, shares, low, high)
    within = all(
        below <= k and (h is None or k <= h) for k, below, h in zip(given, least, high, strict=True)
    )
    nothing_for_nothing = all(
        s > 0 or k == below for s, k, below in zip(shares, given, least, strict=True)
    )
    served = [
        (claim(method, s, k - 1), *precedence(shares, ties, i))
        for i, (s, k) in enumerate(zip(shares, given, strict=True))
        if s and k > least[i]
    ]
    waiting = [
        (claim(method, s, k), *precedence(shares, ties, i))
        for i, (s, k) in enumerate(zip(shares, given, strict=True))
        if s and k != high[i]
    ]
    ordered = not served or not waiting or min(served) > max(waiting)
    return within and nothing_for_nothing and ordered


# Programmes


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
    units, rest = divmod(yen, rounding.unit)
    if rest and rounding.rest is None:
        raise RefusedError("odd yen")
    shares = shares_of(parts, places)
    limits = [limits_in_yen(adjustments.bounds, place) for place in places]
    low, high = inwards(limits, rounding.unit)
    if adjustments.bounds:
        quotas = clamped_quotas(shares, units, low, high)
    else:
        quotas = tuple(s * units for s in shares)
    given, tie = rounded(rounding, quotas, shares, units, low, high)
    yen_of = [k * rounding.unit for k in given]
    rest_to = None
    if rest:
        rest_to = 0 if rounding.rest == "first" else list(shares).index(max(shares))
        yen_of[rest_to] += rest
        most = limits[rest_to][1]
        if most is not None and yen_of[rest_to] > most:
            raise RefusedError("the rest breaks a bound")
    amounts = [adjustments.amount_outside(i) or 0 for i in range(count)]
    for place, amount in zip(places, yen_of, strict=True):
        amounts[place] = amount
    return Outcome(tuple(amounts), places, shares, quotas, tuple(given), tie, rest_to)


def rounded(
    rounding: Rounding,
    quotas: Sequence[Fraction],
    shares: Sequence[Fraction],
    units: int,
    low: Sequence[int],
    high: Sequence[int | None],
) -> tuple[list[int], Tie | None]:
    if rounding.method == "largest_remainder":
        return largest_remainder(quotas, shares, units, rounding.ties)
    if rounding.method == "half_up_then_largest":
        return half_up_then_largest(quotas, units), None
    if rounding.method == "floor_then_first":
        return floor_then_first(quotas, shares, units), None
    if rounding.method == "cumulative":
        return cumulative(quotas), None
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
    everyone = range(len(measure))
    if keep_total is not None:
        part = (Fraction(1), tuple(by_band))
        return split_total(len(measure), [part], sum(by_band), keep_total, adjustments)
    places = tuple(i for i in everyone if adjustments.amount_outside(i) is None)
    amounts = [adjustments.amount_outside(i) or 0 for i in everyone]
    for place in places:
        least, most = limits_in_yen(adjustments.bounds, place)
        (low,), (high,) = inwards([(least, most)], 1)
        if high is not None and low > high:
            raise RefusedError("bounds of one payer")
        amounts[place] = int(clamp(Fraction(by_band[place]), low, high))
    return Outcome(tuple(amounts), places)


def breakdown(amount: int, measure: Sequence[int], unit: int) -> list[int]:
    """Return the notional figures of one prefecture's municipalities."""
    if amount == 0:
        return [0] * len(measure)
    shares = shares_of([(Fraction(1), tuple(measure))], range(len(measure)))
    units, rest = divmod(amount, unit)
    given, _ = largest_remainder([s * units for s in shares], shares, units, "code")
    figures = [k * unit for k in given]
    figures[list(shares).index(max(shares))] += rest
    return figures
