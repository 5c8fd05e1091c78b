"""A single rule bound to its inputs: a split, unit amounts, or shares carried forward.

Who stands under the rule, shares, quotas, whole units, amounts, check: docs/arithmetic.md. Steps
are worked out when they are asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from itertools import compress

import numpy as np

from allocator.domain.organisations import PREFECTURE
from allocator.domain.yen import LARGEST
from allocator.engine import given, splitting
from allocator.engine.adjust import Limits, apply_limits, limits_of, standing_of
from allocator.engine.bounds import BoundsError
from allocator.engine.errors import (
    EmptyMeasureError,
    FixedBeyondTotalError,
    NobodyError,
    TooLargeError,
)
from allocator.engine.exact import Ints, Path, total, vector
from allocator.engine.inputs import Inputs, Weights
from allocator.engine.notes import KeptTotalNote, Note, UnboundedNote
from allocator.engine.result import Allocation, Standing, Steps
from allocator.engine.rule import Adjustment, CarriedForward, Single, Split, UnitAmounts
from allocator.engine.shares import Shares, shares
from allocator.engine.unit_amounts import band_amounts


@dataclass(frozen=True)
class Done:
    """What a rule gave the payers under it (yen), and the total kept to."""

    amounts: Ints
    given: int | None
    charged: int
    steps: splitting.Trace
    notes: tuple[Note, ...] = ()


class BoundSingle:
    """A rule that is no sum, with its inputs."""

    def __init__(
        self, rule: Single, inputs: Inputs, adjustments: tuple[Adjustment, ...], path: Path
    ) -> None:
        """Take the inputs in code order."""
        self.rule, self.inputs, self.path = rule, inputs, path
        self.payers = inputs.payers
        standing, fixed = standing_of(adjustments, self.payers)
        self.standing: tuple[Standing, ...] = standing
        self.fixed = vector(fixed, max(fixed, default=0), path)
        self.kept = np.array([each == "rule" for each in standing], dtype=bool)
        if rule.rounding is not None:
            given.refuse_bounds(rule.rounding, adjustments)
        limits = limits_of(adjustments, self.payers, inputs.previous)
        self.limits: Limits | None = None if limits is None else limits.of(self.kept)
        self._all_kept = bool(self.kept.all())
        given.refuse_repeated(self.payers)

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The payers under the rule, in code order."""
        return tuple(compress(self.payers["code"].to_list(), self.kept.tolist()))

    def solve(
        self,
        *,
        total: int | None = None,
        weights: Weights | None = None,
        unit: int | None = None,
    ) -> Allocation:
        """Return the amount of every payer.

        Args:
            total: yen to divide; None where the total follows from the rule.
            weights: whole numbers beside the payers, in place of the rule's measure.
            unit: yen to round to, in place of the rule's.

        Raises:
            RuleError: the rule and what was passed allow no allocation.
        """
        rule = given.with_unit(self.rule, unit)
        total = given.total_for(rule, total)
        measures = self._measures(weights)
        if isinstance(rule, UnitAmounts):
            done = self._by_unit_amount(rule, measures[0])
        else:
            under_rule = [self._under_rule(each) for each in measures]
            split_shares = self._shares if weights is None else self._shares_of(under_rule)
            done = self._split(rule, split_shares, self._columns(under_rule), total or 0)
        if done.charged > LARGEST:
            raise TooLargeError("total", done.charged)
        amounts = self._everyone(done.amounts)
        refuse_unsound(amounts, done.charged)
        return Allocation(
            self.rule if unit is None else rule,
            self.payers,
            done.given,
            done.charged,
            amounts,
            self.standing,
            (*done.notes, *self._unbounded),
            done.steps,
        )

    def _everyone(self, under_rule: Ints) -> Ints:
        if self._all_kept:
            return under_rule
        largest = max(int(under_rule.max(initial=0)), int(self.fixed.max(initial=0)))
        everyone = vector(self.fixed, largest, self.path).copy()
        everyone[self.kept] = under_rule
        return everyone

    @cached_property
    def _unbounded(self) -> tuple[Note, ...]:
        unknown = () if self.limits is None else self.limits.unknown
        codes = tuple(code for code in self.codes if code in unknown) if unknown else ()
        return (UnboundedNote(codes),) if codes else ()

    def _measures(self, weights: Weights | None) -> list[Ints]:
        """Return the measures beside all payers, those of the call in their place."""
        if weights is not None:
            return given.measures_of(self.rule, weights, self.inputs.measures, len(self.payers))
        if isinstance(self.rule, CarriedForward):
            if self.inputs.listed is None:
                raise AssertionError("a carried-forward rule needs its list")
            return [self.inputs.listed]
        return list(self.inputs.measures)

    def _under_rule(self, values: Ints) -> Ints:
        return values if self._all_kept else values[self.kept]

    @cached_property
    def _shares(self) -> Shares:
        return self._shares_of([self._under_rule(each) for each in self._measures(None)])

    def _shares_of(self, measures: Sequence[Ints]) -> Shares:
        rule = self.rule
        if not self.kept.any():
            raise NobodyError("adjustment")
        if not isinstance(rule, Split):
            _refuse_empty("carried_forward.list", measures[0])
            return shares([Fraction(1)], measures, self.path)
        following = iter(measures)
        vectors: list[Ints] = []
        for number, share in enumerate(rule.shares, start=1):
            if share.measure is None:
                vectors.append(np.ones(int(self.kept.sum()), dtype=np.int64))
                continue
            vectors.append(next(following))
            _refuse_empty(f"share[{number}].by", vectors[-1])
        return shares([share.weight for share in rule.shares], vectors, self.path)

    @staticmethod
    def _columns(measures: Sequence[Ints]) -> dict[str, Ints]:
        return {f"measure_{number}": each for number, each in enumerate(measures, start=1)}

    def _split(
        self, rule: Single, split_shares: Shares, columns: Mapping[str, Ints], yen: int
    ) -> Done:
        """Split `yen`, less what is fixed, by exact shares; `columns` are the steps before."""
        rounding = rule.rounding
        if rounding is None:
            raise AssertionError("a split needs a rounding")
        fixed = total(self.fixed)
        if fixed > yen:
            raise FixedBeyondTotalError("adjustment.fixed", fixed, yen)
        task = splitting.Task(
            split_shares, rounding, yen - fixed, self.limits, lambda: self.codes, columns
        )
        done = splitting.divided(task, self.path)
        charged = yen if rounding.hits_total else total(done.amounts) + fixed
        notes = splitting.notes_of(task, done)
        return Done(done.amounts, yen, charged, splitting.trace_of(task, done), notes)

    def _by_unit_amount(self, rule: UnitAmounts, measure: Ints) -> Done:
        """Give each payer the amount of its band; the total follows, or is kept and split anew."""
        limits, everyone = self._bands(rule, measure)
        columns = {
            name: self._under_rule(values)
            for name, values in (
                ("measure_1", measure),
                ("band_from", limits),
                ("unit_amount", everyone),
            )
        }
        if rule.rounding is not None:
            return self._keeping_total(rule, columns, total(everyone))
        amounts = columns["unit_amount"]
        if self.limits is not None:
            try:
                amounts = apply_limits(amounts, self.limits)
            except BoundsError as error:
                raise splitting.unkept(error, self.limits, 1, self.codes) from None

        def steps() -> Steps:
            return Steps(self.codes, columns | {"amount": amounts})

        return Done(amounts, None, total(amounts) + total(self.fixed), steps)

    def _bands(self, rule: UnitAmounts, measure: Ints) -> tuple[Ints, Ints]:
        """Return the lower limit of each payer's band, and its amount (yen)."""
        limits, amounts = np.zeros((2, len(measure)), dtype=np.int64)
        is_prefecture = (self.payers["kind"] == PREFECTURE).to_numpy()
        for bands, members in (
            (rule.prefectures, is_prefecture),
            (rule.municipalities, ~is_prefecture),
        ):
            if bands is not None:
                limits[members], amounts[members] = band_amounts(measure[members], bands)
        return limits, amounts

    def _keeping_total(self, rule: UnitAmounts, columns: dict[str, Ints], yen: int) -> Done:
        if not self.kept.any():
            raise NobodyError("adjustment")
        _refuse_empty("unit_amount", columns["unit_amount"])
        by_unit_amount = shares([Fraction(1)], [columns["unit_amount"]], self.path)
        done = self._split(rule, by_unit_amount, columns, yen)
        return replace(done, given=None, notes=(KeptTotalNote(yen), *done.notes))


def _refuse_empty(key: str, measure: Ints) -> None:
    if total(measure) == 0:
        raise EmptyMeasureError(key)


def refuse_unsound(amounts: Ints, charged: int) -> None:
    """After the last stage: the total holds, nothing is negative."""
    if total(amounts) != charged or (len(amounts) and amounts.min() < 0):
        raise AssertionError("the amounts do not add up to the total")
