"""The arithmetic once more, slow and plain: every step a `Fraction`, every unit handed out singly.

Written from the definitions (docs/arithmetic.md), sharing nothing with the package: what both get
wrong alike has to be wrong in the definitions. Payers stand in code order.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil, floor

DIVISOR_METHODS = ("adams", "dean", "huntington_hill", "webster", "jefferson")
ONE_EACH = ("adams", "dean", "huntington_hill")
BOUNDABLE = ("largest_remainder", *DIVISOR_METHODS)
PLAIN_METHODS = ("largest_remainder", "half_up_then_largest", "floor_then_first", "cumulative")
METHODS = (*PLAIN_METHODS, *DIVISOR_METHODS)
"""The methods that hit the total."""
ALONE = ("floor", "ceiling", "half_up")
"""Those that round each amount for itself; what is charged comes of it."""
TIES = ("code", "weight", "error")

HALF = Fraction(1, 2)

Part = tuple[Fraction, tuple[int, ...] | None]
"""A weight, and the measure that the part is proportional to (None: equal parts)."""


class RefusedError(Exception):
    """No allocation fits the words."""


@dataclass(frozen=True)
class Rounding:
    unit: int
    method: str
    ties: str = "code"
    rest: str | None = None


@dataclass(frozen=True)
class Tie:
    """Equal claims on the last unit, on the difference that one payer bears, or on the rest."""

    contenders: tuple[int, ...]
    served: tuple[int, ...]
    on: str = "unit"


@dataclass(frozen=True)
class Given:
    """Whole units, and what was decided on the way; `borne` is a place and the units it bears."""

    units: list[int]
    tie: Tie | None = None
    borne: tuple[int, int] | None = None


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
) -> Given:
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
        return Given(given)
    last, next_ = min(remainders[i] for i in served), max(remainders[i] for i in waiting)
    if last != next_:
        return Given(given)
    tie = decided(
        ties,
        [i for i in served if remainders[i] == last],
        [i for i in waiting if remainders[i] == last],
    )
    return Given(given, tie)


def precedence(shares: Sequence[Fraction], ties: str, i: int) -> tuple[Fraction, int]:
    """Return what decides between equal claims: more goes first."""
    return (shares[i] if ties == "weight" else Fraction(0), -i)


def decided(ties: str, served: Sequence[int], waiting: Sequence[int], on: str = "unit") -> Tie:
    if ties == "error":
        raise RefusedError("a tie")
    return Tie(tuple(sorted([*served, *waiting])), tuple(sorted(served)), on)


def of_the_largest(values: Sequence[Fraction], ties: str, on: str) -> tuple[int, Tie | None]:
    """Return who has the largest value, the lower code first, and the tie that this decided."""
    largest = [i for i, value in enumerate(values) if value == max(values)]
    if len(largest) == 1:
        return largest[0], None
    return largest[0], decided(ties, largest[:1], largest[1:], on)


def half_up_then_largest(quotas: Sequence[Fraction], units: int, ties: str) -> Given:
    given = half_up(quotas)
    if sum(given) == units:
        return Given(given)
    place = quotas.index(max(quotas))
    after = with_difference(given, units, place)
    # A tie is refused as well, where nothing may decide; that it would turn negative comes first.
    return Given(after, of_the_largest(quotas, ties, "difference")[1], (place, units - sum(given)))


def floor_then_first(quotas: Sequence[Fraction], shares: Sequence[Fraction], units: int) -> Given:
    given = [floor(q) for q in quotas]
    if sum(given) == units:
        return Given(given)
    place = first_with_a_share(shares)
    return Given(with_difference(given, units, place), None, (place, units - sum(given)))


def first_with_a_share(shares: Sequence[Fraction]) -> int:
    return next(i for i, share in enumerate(shares) if share > 0)


def with_difference(given: Sequence[int], units: int, place: int) -> list[int]:
    after = list(given)
    after[place] += units - sum(given)
    if after[place] < 0:
        raise RefusedError("negative")
    return after


def half_up(quotas: Sequence[Fraction]) -> list[int]:
    return [floor(q + HALF) for q in quotas]


def each_alone(method: str, quotas: Sequence[Fraction]) -> list[int]:
    """Round every quota for itself."""
    if method == "floor":
        return [floor(q) for q in quotas]
    if method == "ceiling":
        return [ceil(q) for q in quotas]
    return half_up(quotas)


def cumulative(quotas: Sequence[Fraction]) -> Given:
    running = [floor(sum(quotas[: k + 1]) + HALF) for k in range(len(quotas))]
    return Given([after - before for before, after in pairwise([0, *running])])


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
) -> Given:
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
        return Given(given)
    cut = min(last.values())
    tie = decided(
        ties,
        [i for i, c in last.items() if c == cut],
        [i for i, c in waiting.items() if c == cut],
    )
    return Given(given, tie)


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
