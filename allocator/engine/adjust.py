"""Departures from the plain rule: exempt, fixed, and bounds, gathered payer by payer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import compress

import numpy as np
import polars as pl

from allocator.engine.bounds import BoundsError
from allocator.engine.errors import StrangersError
from allocator.engine.exact import Ints
from allocator.engine.result import Standing
from allocator.engine.rule import Adjustment


@dataclass(frozen=True)
class Limits:
    """Bounds per payer in yen, all adjustments together; `None` above means no limit.

    `names` are the bounds in force, `unknown` the payers without an earlier amount.
    """

    low: Sequence[Fraction]
    high: Sequence[Fraction | None]
    names: tuple[str, ...]
    unknown: frozenset[str]

    def of(self, kept: Ints) -> Limits:
        """Return the limits of the payers that `kept` marks."""
        return Limits(
            list(compress(self.low, kept)),
            list(compress(self.high, kept)),
            self.names,
            self.unknown,
        )


def standing_of(
    adjustments: Sequence[Adjustment], payers: pl.DataFrame
) -> tuple[tuple[Standing, ...], list[int]]:
    """Return how each payer stands, and the amount (yen) that it pays outside the rule.

    Raises:
        StrangersError: an adjustment names codes that are no payers.
    """
    codes = payers["code"].to_list()
    _refuse_strangers(adjustments, set(codes))
    standing: dict[str, Standing] = {}
    amounts: dict[str, int] = {}
    for adjustment in adjustments:
        standing.update(dict.fromkeys(adjustment.exempt, "exempt"))
        standing.update(dict.fromkeys(adjustment.fixed, "fixed"))
        amounts.update(dict.fromkeys(adjustment.fixed, adjustment.amount))
    return (
        tuple(standing.get(code, "rule") for code in codes),
        [amounts.get(code, 0) for code in codes],
    )


def limits_of(
    adjustments: Sequence[Adjustment],
    payers: pl.DataFrame,
    previous: Mapping[int, Sequence[int | None]],
) -> Limits | None:
    """Return what the bounds allow each payer, or None where no adjustment sets any."""
    bounded = [
        (number, adjustment) for number, adjustment in enumerate(adjustments) if adjustment.bounds
    ]
    if not bounded:
        return None
    codes = payers["code"].to_list()
    low = [Fraction(0)] * len(codes)
    high: list[Fraction | None] = [None] * len(codes)
    unknown: set[str] = set()
    for number, adjustment in bounded:
        chosen = set(adjustment.codes) if adjustment.codes is not None else None
        earlier = previous.get(number, [None] * len(codes))
        for position, code in enumerate(codes):
            if chosen is not None and code not in chosen:
                continue
            least, most = _interval(adjustment, earlier[position])
            low[position] = max(low[position], least)
            above = high[position]
            if most is not None:
                high[position] = most if above is None else min(above, most)
            if adjustment.compares and earlier[position] is None:
                unknown.add(code)
    names = dict.fromkeys(name for _, adjustment in bounded for name in adjustment.bounds)
    return Limits(low, high, tuple(names), frozenset(unknown))


def apply_limits(amounts: Ints, limits: Limits) -> Ints:
    """Return unit amounts (yen) moved into the bounds, which are rounded inwards to whole yen.

    Raises:
        BoundsError: one payer's bounds contradict each other.
    """
    moved = amounts.copy()
    for position, (low, high) in enumerate(zip(limits.low, limits.high, strict=True)):
        least = -((-low) // 1)
        most = None if high is None else high // 1
        if most is not None and least > most:
            raise BoundsError("payer", int(least), position, int(most))
        amount = max(int(amounts[position]), int(least))
        moved[position] = amount if most is None else min(amount, int(most))
    return np.asarray(moved)


def _interval(adjustment: Adjustment, earlier: int | None) -> tuple[Fraction, Fraction | None]:
    """Return the least and the most that one adjustment allows a payer, in yen."""
    least = Fraction(adjustment.minimum or 0)
    most = None if adjustment.maximum is None else Fraction(adjustment.maximum)
    if earlier is not None and adjustment.max_decrease is not None:
        least = max(least, earlier * (1 - adjustment.max_decrease))
    if earlier is not None and adjustment.max_increase is not None:
        risen = earlier * (1 + adjustment.max_increase)
        most = risen if most is None else min(most, risen)
    return least, most


def _refuse_strangers(adjustments: Sequence[Adjustment], codes: set[str]) -> None:
    found: list[tuple[str, tuple[str, ...]]] = []
    for number, adjustment in enumerate(adjustments, start=1):
        for key in ("exempt", "fixed", "codes"):
            strangers = tuple(code for code in getattr(adjustment, key) or () if code not in codes)
            if strangers:
                found.append((f"adjustment[{number}].{key}", strangers))
    if found:
        raise StrangersError("adjustment", tuple(found))
