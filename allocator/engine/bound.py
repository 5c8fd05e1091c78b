"""A rule bound to its inputs: measured and checked once, solved as often as one likes.

bind -> solve: who stands under the rule, shares, quotas, whole units, amounts, check.
Formulas: docs/arithmetic.md. Steps are worked out when they are asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TypeAlias

import numpy as np

from allocator.domain.yen import LARGEST
from allocator.engine import given
from allocator.engine.errors import (
    RestBelowZeroError,
    RuleError,
    TooLargeError,
)
from allocator.engine.exact import Ints, Path, vector
from allocator.engine.inputs import Inputs, Weights
from allocator.engine.result import Allocation, Standing, Steps
from allocator.engine.rule import Adjustment, Rule, Sum
from allocator.engine.single import BoundSingle, refuse_unsound


def bind(
    rule: Rule, inputs: Inputs, adjustments: Sequence[Adjustment] = (), path: Path = "auto"
) -> Bound:
    """Return a rule with its inputs, ready to be solved.

    Raises:
        StrangersError: an adjustment names a code that is no payer.
    """
    inputs = inputs.in_code_order()
    if isinstance(rule, Sum):
        return BoundSum(rule, inputs, path)
    return BoundSingle(rule, inputs, tuple(adjustments), path)


class BoundSum:
    """A sum of parts, each bound to its own inputs."""

    def __init__(self, rule: Sum, inputs: Inputs, path: Path) -> None:
        """Take the inputs in code order, and those of the parts."""
        self.rule, self.inputs, self.path = rule, inputs, path
        self.payers = inputs.payers
        self.parts: list[BoundSingle] = []
        for number, (part, own) in enumerate(zip(rule.parts, inputs.parts, strict=True), start=1):
            try:
                bound = BoundSingle(part.rule, own.in_code_order(), part.adjustments, path)
            except RuleError as error:
                raise error.within(number) from None
            self.parts.append(bound)
        given.refuse_repeated(self.payers)
        self._solved: dict[int, Allocation] = {}
        self.standing: tuple[Standing, ...] = tuple("rule" for _ in range(len(self.payers)))

    @cached_property
    def _places(self) -> list[Ints | None]:
        """Where the payers of each part stand among all of them; None: they are all of them."""
        codes = self.payers["code"]
        own = [part.payers["code"] for part in self.parts]
        return [
            None if each.equals(codes) else codes.is_in(each.implode()).to_numpy() for each in own
        ]

    def solve(
        self,
        *,
        total: int | None = None,
        weights: Weights | None = None,
        unit: int | None = None,
    ) -> Allocation:
        """Return the amount of every payer: its amounts in all parts, added up.

        Args:
            total: yen to divide; what the other parts leave of it is divided by the part that
                takes the rest. None where there is no such part.
            weights: whole numbers beside the payers, in place of the one measure of the parts, or
                by the measures' names.
            unit: not for a sum: each part has its own.

        Raises:
            RuleError: the rule and what was passed allow no allocation.
        """
        given.with_unit(self.rule, unit)
        total = given.total_for(self.rule, total)
        by_name = None if weights is None else given.by_name(self.rule, weights, len(self.payers))
        found: list[Allocation | None] = [None] * len(self.parts)
        order = sorted(range(len(self.parts)), key=lambda at: self.rule.parts[at].is_rest)
        for at in order:
            part = self.rule.parts[at]
            yen = part.total
            if part.is_rest:
                others = sum(each.total for each in found if each is not None)
                if total is None or others > total:
                    raise RestBelowZeroError(f"part[{at + 1}].total", total or 0, others)
                yen = total - others
            found[at] = self._part(at, yen, self._weights(at, by_name))
        return self._added(total, [each for each in found if each is not None])

    def _part(self, at: int, yen: int | None, weights: Weights | None) -> Allocation:
        """Return a part's amounts; one with a total of its own gives the same every time."""
        is_same = weights is None and not self.rule.parts[at].is_rest
        if is_same and at in self._solved:
            return self._solved[at]
        try:
            allocation = self.parts[at].solve(total=yen, weights=weights)
        except RuleError as error:
            raise error.within(at + 1) from None
        if is_same:
            self._solved[at] = allocation
        return allocation

    def _weights(self, at: int, by_name: Mapping[str, Ints] | None) -> Weights | None:
        """Return what was passed for the measures of one part, beside its own payers."""
        own = self.rule.parts[at].rule.measures
        places = self._places[at]
        found = {
            name: values if places is None else values[places]
            for name, values in (by_name or {}).items()
            if name in own
        }
        return found or None

    def _added(self, asked: int | None, parts: Sequence[Allocation]) -> Allocation:
        charged = sum(part.total for part in parts)
        if charged > LARGEST:
            raise TooLargeError("total", charged)
        columns: dict[str, Ints] = {}
        amounts = vector(np.zeros(len(self.payers), dtype=np.int64), charged, self.path)
        for number, (part, places) in enumerate(zip(parts, self._places, strict=True), start=1):
            column = part.vector
            if places is not None:
                column = amounts * 0
                column[places] = part.vector
            columns[f"part_{number}"] = column
        for column in columns.values():
            amounts = amounts + column
        refuse_unsound(amounts, charged)

        def steps() -> Steps:
            codes = tuple(self.payers["code"].to_list())
            return Steps(codes, columns | {"amount": amounts})

        return Allocation(
            self.rule,
            self.payers,
            asked,
            charged,
            amounts,
            self.standing,
            (),
            steps,
            tuple(parts),
        )


Bound: TypeAlias = BoundSingle | BoundSum
