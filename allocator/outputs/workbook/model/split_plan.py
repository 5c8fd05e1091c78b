"""What a live split is computed with: parts, groups of digits, and how figures are held.

Part k of the shares gives payer i the quota N · pₖ · mᵢₖ / Dₖ with Dₖ = rₖ · Σm (weight pₖ/rₖ).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
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

LOW: Final = 10**12
"""A figure in two cells is high · LOW + low."""

_LEAST_DIGITS: Final = 12
"""Units that a sheet has room for at least, as digits."""

_LOW_DIGITS: Final = 12
_HIGH_DIGITS: Final = 15
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
class Limbs:
    """How figures beyond one cell are held: `count` limbs of `digits` digits, the lowest first.

    The highest limb is left as it comes; all others stay below `base`.
    """

    digits: int
    count: int

    @property
    def base(self) -> int:
        """What a limb counts to."""
        return int(10**self.digits)

    @property
    def low(self) -> int:
        """How many limbs go into the low one of two cells."""
        return _LOW_DIGITS // self.digits

    def cut(self, value: int) -> list[int]:
        """Return the limbs of a figure."""
        lower = [value // self.base**place % self.base for place in range(self.count - 1)]
        return [*lower, int(value // self.base ** (self.count - 1))]

    def carried(self, terms: Sequence[tuple[int, int]]) -> list[int]:
        """Return Σ factor · figure limb by limb, each with what the limb below carries into it."""
        cut = [(factor, self.cut(figure)) for factor, figure in terms]
        found: list[int] = []
        for place in range(self.count):
            carry = found[-1] // self.base if found else 0
            found.append(sum(factor * limbs[place] for factor, limbs in cut) + carry)
        return found


@dataclass(frozen=True)
class Plan:
    """What a live split is computed with. `kept` marks who stands under the rule.

    `limbs` is None where one cell holds every sum of remainders.
    """

    parts: tuple[Part, ...]
    kept: tuple[bool, ...]
    rule: Rounding
    remaining: int
    digits: int
    groups: int
    given_weights: bool
    limbs: Limbs | None = None

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
    def denominator(self) -> int:
        """The common denominator of all parts."""
        return math.lcm(*(self.denominator_of(part) for part in self.parts))

    def divide(self, own: int, denominator: int) -> list[tuple[int, int]]:
        """Return quotient and remainder of N · own / denominator, group by group of digits."""
        found, remainder = [], 0
        for group in self.groups_of_units():
            quotient, remainder = divmod(remainder * self.base + group * own, denominator)
            found.append((quotient, remainder))
        return found

    def groups_of_units(self) -> list[int]:
        """Return N, cut into groups of digits."""
        return [self.units // self.base**place % self.base for place in self.places()]

    def places(self) -> list[int]:
        """Return the powers of the base, the highest first."""
        return list(range(self.groups - 1, -1, -1))

    def owns(self) -> list[list[int]]:
        """Return pₖ · mᵢₖ of every payer and part; nothing for who stands outside the rule."""
        return [
            [
                (part.weight.numerator * (1 if part.values is None else part.values[row]))
                if kept
                else 0
                for part in self.parts
            ]
            for row, kept in enumerate(self.kept)
        ]

    def shares(self) -> list[int]:
        """Return every payer's share over the common denominator."""
        scales = [self.denominator // self.denominator_of(part) for part in self.parts]
        return [
            sum(own * scale for own, scale in zip(row, scales, strict=True)) for row in self.owns()
        ]


def plan_of(outcome: ProgrammeOutcome, allocation: Allocation) -> Plan | None:
    """Return how to compute a split live, or None where its figures are beyond a spreadsheet."""
    programme, rule = outcome.programme, outcome.programme.rounding
    if rule is None or max(allocation.total, allocation.given or 0) >= DIVIDEND:
        return None
    kept = tuple(standing == "rule" for standing in allocation.standing)
    given = programme.carried_forward is None
    parts = tuple(_parts(outcome, allocation))
    plan = Plan(parts, kept, rule, int(allocation.steps.constants["total"]), 1, 1, given)
    for digits in _digits(plan):
        groups = -(-max(_LEAST_DIGITS, len(str(plan.units))) // digits)
        plan = replace(plan, digits=digits, groups=groups)
        times = len(parts)
        if plan.denominator * times < EXACT and _worst(plan) * times < EXACT:
            return plan
        plan = replace(plan, limbs=_limbs(plan))
        if plan.denominator * times * 2 < LOW * 10**_HIGH_DIGITS and _holds(plan):
            return plan
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


def _worst(plan: Plan) -> int:
    """Return the common denominator as if no two measures had a divisor in common."""
    sums = {part.measure: plan.sum_of(part) for part in plan.parts}
    return math.lcm(*(part.weight.denominator for part in plan.parts)) * math.prod(sums.values())


def _limbs(plan: Plan) -> Limbs:
    """Return limbs with room for weights in hundredths, as far as two cells hold them."""
    room = _worst(plan) * _PER_CENT * len(plan.parts)
    low = _LOW_DIGITS // plan.digits
    most = low + _HIGH_DIGITS // plan.digits
    return Limbs(plan.digits, min(max(-(-len(str(room)) // plan.digits), low + 1), most))


def _holds(plan: Plan) -> bool:
    limbs = plan.limbs
    return limbs is not None and plan.denominator * len(plan.parts) * 2 < limbs.base**limbs.count
