"""Divisor methods: N units, one at a time in principle, to the largest sᵢ / d(kᵢ).

Found by jump and step (M. L. Balinski and H. P. Young, *Fair Representation*; F. Pukelsheim,
*Proportional Representation*): a first multiplier brings the sum within about one unit a payer of
the target, then single units are added or taken back in the exact order of sᵢ / d(kᵢ).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np

from allocator.engine.bounds import Bounds
from allocator.engine.exact import Ints, Path, largest, vector
from allocator.engine.rounding import Rounded, Tie
from allocator.engine.rule import Ties
from allocator.engine.shares import Shares


class TooFewError(Exception):
    """Adams, Dean and Huntington-Hill give every payer with a share a unit; there are too few."""

    def __init__(self, needed: int) -> None:
        """Take the number of units that would be needed."""
        self.needed = needed
        super().__init__(f"{needed} units needed")


@dataclass(frozen=True)
class Divisor:
    """A divisor method.

    `claim` returns sᵢ / d(k) up to a constant factor, in an order-keeping form (Huntington-Hill
    squared). `below` counts the k with d(k) < x for x = numerator / denominator. `start` is how
    far the first multiplier is moved, in units a payer.
    """

    claim: Callable[[int, int], Fraction]
    below: Callable[[Ints, int], Ints]
    start: Fraction
    all_get_one: bool
    size: Callable[[int, int], int]


def _below_adams(numerators: Ints, denominator: int) -> Ints:
    counts: Ints = -(-numerators // denominator)
    return counts


def _below_jefferson(numerators: Ints, denominator: int) -> Ints:
    counts: Ints = np.maximum(-(-numerators // denominator) - 1, 0)
    return counts


def _below_webster(numerators: Ints, denominator: int) -> Ints:
    counts: Ints = np.maximum(-((denominator - 2 * numerators) // (2 * denominator)), 0)
    return counts


def _below_dean(numerators: Ints, denominator: int) -> Ints:
    floor = numerators // denominator
    counts: Ints = floor + (2 * floor * (floor + 1) * denominator < numerators * (2 * floor + 1))
    return counts


def _below_huntington_hill(numerators: Ints, denominator: int) -> Ints:
    floor = numerators // denominator
    counts: Ints = floor + (floor * (floor + 1) * denominator**2 < numerators * numerators)
    return counts


_HALF: Final = Fraction(1, 2)

DIVISORS: Final = {
    "adams": Divisor(Fraction, _below_adams, -_HALF, True, lambda x, d: x + d),
    "dean": Divisor(
        lambda a, k: Fraction(a * (2 * k + 1), 2 * k * (k + 1)),
        _below_dean,
        Fraction(0),
        True,
        lambda x, d: 2 * (x // d + 1) * (x // d + 2) * d + x * (2 * (x // d) + 3),
    ),
    "huntington_hill": Divisor(
        lambda a, k: Fraction(a * a, k * (k + 1)),
        _below_huntington_hill,
        Fraction(0),
        True,
        lambda x, d: (x + d) * (x + d),
    ),
    "webster": Divisor(
        lambda a, k: Fraction(a, 2 * k + 1),
        _below_webster,
        Fraction(0),
        False,
        lambda x, d: 2 * (x + d),
    ),
    "jefferson": Divisor(
        lambda a, k: Fraction(a, k + 1), _below_jefferson, _HALF, False, lambda x, d: x + d
    ),
}


def divide(
    method: str,
    shares: Shares,
    units: int,
    ties: Ties,
    clamp: tuple[Bounds, Fraction] | None = None,
    path: Path = "auto",
) -> Rounded:
    """Return the units of a divisor method.

    `clamp` holds the bounds to keep, and the multiplier λ of the quotas clamped to them.

    Raises:
        TooFewError: see there.
    """
    divisor = DIVISORS[method]
    numerators = [int(a) for a in shares.numerators]
    if clamp is None:
        none: list[int | None] = [None] * len(numerators)
        bounds = Bounds([0] * len(numerators), none)
        multiplier = max(units + divisor.start * sum(a > 0 for a in numerators), Fraction(0))
    else:
        bounds, multiplier = clamp
    low, high = _limits(divisor, numerators, bounds)
    if sum(low) > units:
        raise TooFewError(sum(low))
    given = [
        max(k, least) if most is None else min(max(k, least), most)
        for k, least, most in zip(_jump(divisor, shares, multiplier, path), low, high, strict=True)
    ]
    queue = _Queue(divisor, ties, numerators, given, low, high)
    queue.step(units - sum(given))
    served, waiting = queue.edge()
    constants = {
        name: claim
        for name, claim in (("last_served", served), ("first_waiting", waiting))
        if claim is not None
    }
    tie = queue.tie(served) if served is not None and served == waiting else None
    return Rounded(vector(given, max(units, 1), path), {}, tie, constants=constants)


def _limits(
    divisor: Divisor, numerators: list[int], bounds: Bounds
) -> tuple[list[int], list[int | None]]:
    low, high = list(bounds.low), list(bounds.high)
    for position, a in enumerate(numerators):
        if not a:
            high[position] = low[position]
        elif divisor.all_get_one and high[position] != 0:
            low[position] = max(low[position], 1)
    return low, high


def _jump(divisor: Divisor, shares: Shares, multiplier: Fraction, path: Path) -> list[int]:
    """Return for each payer how many k have d(k) < λ·sᵢ: units that are certain at this λ."""
    denominator = shares.denominator * multiplier.denominator
    size = divisor.size(largest(shares.numerators) * multiplier.numerator, denominator)
    numerators = vector(shares.numerators, size, path) * multiplier.numerator
    return [int(k) for k in divisor.below(numerators, denominator)]


@dataclass(frozen=True)
class _Queue:
    """The payers in the exact order of their claims sᵢ / d(kᵢ) on the next unit.

    `given` is the one thing that changes: the units each payer holds so far.
    """

    divisor: Divisor
    ties: Ties
    numerators: Sequence[int]
    given: list[int]
    low: Sequence[int]
    high: Sequence[int | None]

    def step(self, missing: int) -> None:
        """Add the `missing` best units, or take back the worst where it is negative."""
        sign = -1 if missing > 0 else 1
        everyone = range(len(self.given))
        queue = [entry for place in everyone if (entry := self._entry(place, sign)) is not None]
        heapq.heapify(queue)
        for _ in range(abs(missing)):
            position = abs(queue[0][2])
            self.given[position] -= sign
            following = self._entry(position, sign)
            if following is None:
                heapq.heappop(queue)
            else:
                heapq.heapreplace(queue, following)

    def _entry(self, position: int, sign: int) -> tuple[Fraction, int, int] | None:
        """Return a payer's place: adding (−1) serves large claims first, then as ties say."""
        claim = self._waiting(position) if sign < 0 else self._served(position)
        if claim is None:
            return None
        by_share = self.numerators[position] if self.ties == "weight" else 0
        return sign * claim, sign * by_share, -sign * position

    def _served(self, position: int) -> Fraction | None:
        """Return the claim of the last unit that a payer got above its lower bound."""
        a, k = self.numerators[position], self.given[position]
        return self.divisor.claim(a, k - 1) if a and k > self.low[position] else None

    def _waiting(self, position: int) -> Fraction | None:
        """Return the claim of the next unit that a payer may get below its upper bound."""
        a, k = self.numerators[position], self.given[position]
        return self.divisor.claim(a, k) if a and k != self.high[position] else None

    def edge(self) -> tuple[Fraction | None, Fraction | None]:
        """Return the smallest claim that was served and the largest that was not."""
        everyone = range(len(self.given))
        served = [claim for place in everyone if (claim := self._served(place)) is not None]
        waiting = [claim for place in everyone if (claim := self._waiting(place)) is not None]
        return min(served, default=None), max(waiting, default=None)

    def tie(self, claim: Fraction) -> Tie:
        """Return who stood at the cut with this very claim, and who of them was served."""
        everyone = range(len(self.given))
        served = tuple(place for place in everyone if self._served(place) == claim)
        waiting = tuple(place for place in everyone if self._waiting(place) == claim)
        return Tie(tuple(sorted(served + waiting)), served, self.ties)
