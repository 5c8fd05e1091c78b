"""One programme, from its rule and its inputs to an amount for every payer.

The order of the work: who stands under the rule, measures, shares, quotas, whole units, amounts,
check. Formulas: docs/arithmetic.md.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import cast

import numpy as np
import polars as pl

from allocator.domain.errors import refuse
from allocator.domain.organisations import PREFECTURE
from allocator.domain.text import Text
from allocator.domain.yen import group
from allocator.engine import refusals, remarks
from allocator.engine.adjust import Limits, apply_limits, limits_of, standing_of
from allocator.engine.bounds import Bounds, BoundsError
from allocator.engine.divisors import TooFewUnitsError
from allocator.engine.exact import Ints, Path, total, vector
from allocator.engine.result import Allocation, Note, Steps
from allocator.engine.rounding import NegativeAmountError
from allocator.engine.shares import Shares, shares
from allocator.engine.split import Split, split, unit_bounds
from allocator.engine.unit_amounts import band_amounts
from allocator.plans.tables import EQUAL, Programme, Rounding, UnitAmount


@dataclass(frozen=True)
class Inputs:
    """What a programme's rule is applied to. Vectors run beside `payers`.

    `measures` has one vector for each [[share]] that is not equal, in the plan's order, or the one
    of [unit_amount]; `listed` is the list carried forward (yen); `previous` holds, for the
    adjustments that compare with an earlier list, what each payer paid (yen; None: nothing known).
    """

    payers: pl.DataFrame
    measures: tuple[Ints, ...] = ()
    listed: Ints | None = None
    previous: Mapping[int, Sequence[int | None]] = field(default_factory=dict)

    def in_code_order(self) -> Inputs:
        """Return the same inputs with every vector in the order of the codes."""
        codes = self.payers["code"]
        if codes.is_sorted():
            return self
        order = codes.arg_sort().to_numpy()
        return Inputs(
            self.payers[order],
            tuple(measure[order] for measure in self.measures),
            None if self.listed is None else self.listed[order],
            {key: [amounts[place] for place in order] for key, amounts in self.previous.items()},
        )


@dataclass(frozen=True)
class _Task:
    """A programme with its inputs, and who stands under the rule (`kept`) at which bounds."""

    programme: Programme
    inputs: Inputs
    kept: Ints
    fixed: Sequence[int]
    limits: Limits | None
    path: Path

    @property
    def codes(self) -> list[str]:
        """The payers under the rule, in code order."""
        return self.inputs.payers["code"].filter(pl.Series(self.kept)).to_list()

    @property
    def kept_limits(self) -> Limits | None:
        """The bounds of the payers under the rule, beside `codes`."""
        return None if self.limits is None else self.limits.of(self.kept)


@dataclass(frozen=True)
class _Done:
    """What a rule gave: steps, amounts (yen) of the payers under it, notes, the total kept to."""

    steps: Steps
    amounts: Ints
    notes: list[Note]
    total: int


def compute(programme: Programme, inputs: Inputs, path: Path = "auto") -> Allocation:
    """Return the amount of every payer of one programme, with all steps.

    Raises:
        InputError: the rule and the inputs allow no allocation; says which and how to mend it.
    """
    inputs = inputs.in_code_order()
    standing, fixed = standing_of(programme, inputs.payers)
    kept = np.array([state == "rule" for state in standing], dtype=bool)
    limits = limits_of(programme, inputs.payers, inputs.previous)
    task = _Task(programme, inputs, kept, fixed, limits, path)
    done = _by_share(task) if programme.unit_amount is None else _by_unit_amount(task)
    refusals.refuse_beyond_largest(programme, done.total)
    everyone = list(fixed)
    for position, amount in zip(np.flatnonzero(kept), done.amounts, strict=True):
        everyone[position] = int(amount)
    notes = (*done.notes, *remarks.unbounded_notes(limits, inputs.payers, kept))
    allocation = Allocation(
        programme, inputs.payers, done.total, tuple(everyone), standing, done.steps, notes
    )
    _check(allocation)
    return allocation


def _by_share(task: _Task) -> _Done:
    """Split a given total: [[share]] or [carried_forward]."""
    yen = task.programme.total or 0
    measures, weights, columns = _measures(task)
    return _split(task, shares(weights, measures, task.path), columns, yen)


def _measures(task: _Task) -> tuple[list[Ints], list[Fraction], dict[str, Ints]]:
    """Return what the shares rest on: measures (ones for an equal part), weights, columns."""
    programme, inputs = task.programme, task.inputs
    if not task.kept.any():
        raise refusals.nobody(programme)
    if programme.carried_forward is not None:
        if inputs.listed is None:
            raise AssertionError("a carried-forward programme needs its list")
        measure = inputs.listed[task.kept]
        refusals.refuse_empty(programme, "carried_forward.list", measure)
        return [measure], [Fraction(1)], {"measure_1": measure}
    columns: dict[str, Ints] = {}
    measures: list[Ints] = []
    given = iter(inputs.measures)
    for number, part in enumerate(programme.share, start=1):
        if part.by == EQUAL:
            measures.append(np.ones(int(task.kept.sum()), dtype=np.int64))
            continue
        measure = next(given)[task.kept]
        refusals.refuse_empty(programme, f"share[{number}].by", measure)
        measures.append(measure)
        columns[f"measure_{len(columns) + 1}"] = measure
    return measures, [part.weight for part in programme.share], columns


def _split(task: _Task, split_shares: Shares, columns: dict[str, Ints], yen: int) -> _Done:
    """Split `yen`, less what is fixed, by exact shares; `columns` are the steps before."""
    programme, limits = task.programme, task.kept_limits
    rule = cast(Rounding, programme.rounding)
    codes = task.codes
    remaining = _less_fixed(programme, yen, task.fixed)
    refusals.refuse_odd_total(programme, remaining, rule)
    bounds = None if limits is None else unit_bounds(limits.low, limits.high, rule.unit)
    try:
        done = split(split_shares, remaining, rule, bounds, task.path)
    except BoundsError as error:
        raise refusals.no_bounds(programme, error, limits, codes) from None
    except NegativeAmountError as error:
        raise refusals.negative(programme, error, codes) from None
    except TooFewUnitsError as error:
        raise refusals.too_few(programme, error, remaining // rule.unit) from None
    refusals.refuse_rest_beyond_bounds(programme, done, limits, codes)
    constants = {
        "total": remaining,
        "unit": rule.unit,
        "units": remaining // rule.unit,
        "share_denominator": split_shares.denominator,
        "quota_denominator": done.quotas.denominator,
        **done.rounded.constants,
    }
    columns = columns | _step_columns(done, split_shares, bounds)
    steps = Steps(tuple(codes), columns, split_shares, done.quotas, constants)
    return _Done(steps, done.amounts, remarks.split_notes(programme, done, codes), yen)


def _step_columns(done: Split, split_shares: Shares, bounds: Bounds | None) -> dict[str, Ints]:
    columns = {"share": split_shares.numerators, "quota": done.quotas.numerators}
    if bounds is not None:
        largest_bound = max([*bounds.low, *(h for h in bounds.high if h is not None)])
        columns["low"] = vector(bounds.low, largest_bound)
        columns["high"] = vector([-1 if h is None else h for h in bounds.high], largest_bound)
    columns |= done.rounded.columns
    columns["units"] = done.rounded.units
    if done.rest_to is not None:
        rest = np.zeros(len(done.amounts), dtype=np.int64)
        rest[done.rest_to] = done.rest
        columns["rest"] = rest
    columns["amount"] = done.amounts
    return columns


def _by_unit_amount(task: _Task) -> _Done:
    """Give each payer the amount of its band; the total follows, or is kept and split anew."""
    measure, amount = task.inputs.measures[0], np.zeros(len(task.kept), dtype=np.int64)
    rule = cast(UnitAmount, task.programme.unit_amount)
    band_from = np.zeros(len(measure), dtype=np.int64)
    is_prefecture = (task.inputs.payers["kind"] == PREFECTURE).to_numpy()
    for bands, members in (
        (rule.prefectures, is_prefecture),
        (rule.municipalities, ~is_prefecture),
    ):
        if bands is not None:
            band_from[members], amount[members] = band_amounts(measure[members], bands)
    columns = {
        "measure_1": measure[task.kept],
        "band_from": band_from[task.kept],
        "unit_amount": amount[task.kept],
    }
    if task.programme.keeps_total:
        return _keeping_total(task, columns, total(amount))
    amounts = columns["unit_amount"]
    if task.kept_limits is not None:
        try:
            amounts = apply_limits(amounts, task.kept_limits)
        except BoundsError as error:
            raise refusals.no_bounds(task.programme, error, task.kept_limits, task.codes) from None
    steps = Steps(tuple(task.codes), columns | {"amount": amounts})
    return _Done(steps, amounts, [], total(amounts) + sum(task.fixed))


def _keeping_total(task: _Task, columns: dict[str, Ints], yen: int) -> _Done:
    if not task.kept.any():
        raise refusals.nobody(task.programme)
    refusals.refuse_empty(task.programme, "unit_amount", columns["unit_amount"])
    by_unit_amount = shares([Fraction(1)], [columns["unit_amount"]], task.path)
    done = _split(task, by_unit_amount, columns, yen)
    text = Text(
        f"the total of the unit amounts, {group(yen)} yen, is kept",
        f"単価による総額 {group(yen)} 円を保っています",
    )
    return replace(done, notes=[Note("kept_total", text), *done.notes])


def _check(allocation: Allocation) -> None:
    """After the last stage: the total holds, each payer once, nothing negative or missing."""
    codes = allocation.payers["code"]
    sound = (
        allocation.allocated == allocation.total
        and len(allocation.amounts) == len(codes) == codes.n_unique()
        and codes.null_count() == 0
        and min(allocation.amounts, default=0) >= 0
    )
    if not sound:
        raise AssertionError(f"{allocation.programme.id}: the amounts do not add up to the total")


def _less_fixed(programme: Programme, yen: int, fixed: Sequence[int]) -> int:
    remaining = yen - sum(fixed)
    if remaining < 0:
        raise refuse(
            f"{programme.id}: adjustment.fixed",
            Text(
                f"the fixed amounts add up to {group(sum(fixed))} yen, more than the total "
                f"{group(yen)}",
                f"固定額の合計 {group(sum(fixed))} 円が総額 {group(yen)} 円を超えています",
            ),
            Text("lower them, or raise the total", "固定額を下げるか、総額を上げてください"),
        )
    return remaining
