"""What a live split is computed with: parts, digits, and what their remainders are held over.

Part k of the shares gives payer i the quota N · pₖ · mᵢₖ / Dₖ with Dₖ = rₖ · Σm (weight pₖ/rₖ).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from allocator.engine.result import Allocation
from allocator.engine.rule import EACH_ALONE
from allocator.outputs.workbook.model.sheet import DIVIDEND, EXACT
from allocator.plans.tables import EQUAL, Rounding
from allocator.results.outcome import ProgrammeOutcome
from allocator.words.labels import list_words
from allocator.words.rule import measure_name

_LEAST_DIGITS: Final = 12
"""Units that a sheet has room for at least, as digits."""

_PER_CENT: Final = 100


@dataclass(frozen=True)
class Part:
    """One part of the shares: weight p/r, its words, the values of its measure (equal: None)."""

    number: int
    weight: Fraction
    words: str
    values: tuple[int, ...] | None
    measure: str = ""


@dataclass(frozen=True)
class Plan:
    """What a live split is computed with. `kept` marks who stands under the rule.

    `over` are the parts by what their remainders are held over, one denominator for each group: one
    for all, where a cell holds it (see `fractions`). Figures are taken apart into groups of
    `digits`, units into `groups` of them.
    """

    parts: tuple[Part, ...]
    kept: tuple[bool, ...]
    rule: Rounding
    remaining: int
    given_weights: bool
    digits: int = 1
    groups: int = 1
    over: tuple[tuple[Part, ...], ...] = ()

    @property
    def units(self) -> int:
        """Whole units to hand out; single yen, where each amount is rounded for itself."""
        return self.remaining if self.alone else self.remaining // self.rule.unit

    @property
    def alone(self) -> bool:
        """Whether each amount is rounded for itself, after it was worked out to the yen."""
        return self.rule.method in EACH_ALONE

    @property
    def base(self) -> int:
        """What a group of digits counts to."""
        return int(10**self.digits)

    @property
    def most(self) -> int:
        """The largest Dₖ with which every step of a division and of a sum stays exact."""
        return DIVIDEND // (max(2, len(self.parts)) * self.base)

    def sum_of(self, part: Part) -> int:
        """Return what a part is divided by: the sum of its measure, or how many share equally."""
        if part.values is None:
            return sum(self.kept)
        return sum(value for value, kept in zip(part.values, self.kept, strict=True) if kept)

    def denominator_of(self, part: Part) -> int:
        """Return Dₖ."""
        return part.weight.denominator * self.sum_of(part)

    @property
    def is_one(self) -> bool:
        """Whether one denominator is enough."""
        return len(self.over) == 1


def plan_of(outcome: ProgrammeOutcome, allocation: Allocation) -> Plan | None:
    """Return how to compute a split live, or None where its figures are beyond a spreadsheet."""
    programme, rule = outcome.programme, outcome.programme.rounding
    if rule is None or max(allocation.total, allocation.given or 0) >= DIVIDEND:
        return None
    kept = tuple(standing == "rule" for standing in allocation.standing)
    parts = tuple(_parts(outcome, allocation))
    remaining = int(allocation.steps.constants["total"])
    plan = Plan(parts, kept, rule, remaining, programme.carried_forward is None)
    for digits in _digits(plan):
        groups = -(-max(_LEAST_DIGITS, len(str(plan.units))) // digits)
        plan = replace(plan, digits=digits, groups=groups)
        if over := _over(plan):
            return replace(plan, over=over)
    return None


def _parts(outcome: ProgrammeOutcome, allocation: Allocation) -> Iterator[Part]:
    programme = outcome.programme
    if programme.carried_forward is not None:
        steps = allocation.steps
        listed = dict(zip(steps.codes, steps.columns["measure_1"].tolist(), strict=True))
        values = tuple(listed.get(code, 0) for code in allocation.payers["code"])
        yield Part(1, Fraction(1), list_words(programme), values, "m1")
        return
    measures, number = iter(outcome.measures), 0
    for place, share in enumerate(programme.share, start=1):
        if share.by == EQUAL:
            yield Part(place, share.weight, "均等割", None)
            continue
        number += 1
        aligned = next(measures)
        words = measure_name(aligned.measure).ja
        yield Part(place, share.weight, words, tuple(aligned.values.tolist()), f"m{number}")


def _digits(plan: Plan) -> list[int]:
    """Return how many digits a group may have, the best first.

    Best are the most that leave room for weights in hundredths and for half as much again of every
    measure; then those with room for the latter alone.
    """
    now = max(plan.denominator_of(part) for part in plan.parts) * 3 // 2
    hundredths = max(_PER_CENT * plan.sum_of(part) for part in plan.parts)
    rooms = [max(now, hundredths), now] if plan.given_weights else [now]
    found = [
        digits
        for room in rooms
        for digits in (4, 3, 2, 1)
        if room <= replace(plan, digits=digits).most
    ]
    return list(dict.fromkeys(found))


def _over(plan: Plan) -> tuple[tuple[Part, ...], ...]:
    """Return the parts by common denominators, the larger measures first; none: beyond a cell."""
    over: list[list[Part]] = []
    for part in sorted(plan.parts, key=lambda part: (part.values is not None, -plan.sum_of(part))):
        for place in range(len(over) + 1):
            group = [*over[place], part] if place < len(over) else [part]
            most = (EXACT - 1) // len(plan.parts) if place == 0 else plan.most
            if _worst(plan, group) <= most:
                over[place : place + 1] = [group]
                break
        else:
            return ()
    return tuple(tuple(sorted(group, key=lambda part: part.number)) for group in over)


def _worst(plan: Plan, parts: list[Part]) -> int:
    """Return the common denominator as if no two measures had a divisor in common."""
    sums = {part.measure: plan.sum_of(part) for part in parts}
    return math.lcm(*(part.weight.denominator for part in parts)) * math.prod(sums.values())
