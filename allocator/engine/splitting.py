"""A split within a bound rule: divided, with the steps behind it and what is to be known of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from allocator.engine.adjust import Limits
from allocator.engine.bounds import Bounds, BoundsError
from allocator.engine.divisors import TooFewError
from allocator.engine.errors import (
    ContradictoryBoundsError,
    NegativeAmountError,
    OddTotalError,
    RestBeyondBoundError,
    RuleError,
    TooFewUnitsError,
    UndecidedTieError,
    UnkeptBoundsError,
)
from allocator.engine.exact import Ints, Path, total, vector
from allocator.engine.notes import DifferenceNote, Note, RestNote, TieNote, UnsplitNote
from allocator.engine.result import Steps
from allocator.engine.rounding import BelowZeroError
from allocator.engine.rule import Rounding
from allocator.engine.shares import Shares
from allocator.engine.split import Divided, split, unit_bounds

Trace: TypeAlias = Callable[[], Steps]


@dataclass(frozen=True)
class Task:
    """What is split: `yen` by `shares`, within `limits`, over the payers that `codes` gives.

    `columns` are the steps before the shares.
    """

    shares: Shares
    rounding: Rounding
    yen: int
    limits: Limits | None
    codes: Callable[[], Sequence[str]]
    columns: Mapping[str, Ints]

    @property
    def bounds(self) -> Bounds | None:
        """The limits in whole units."""
        if self.limits is None:
            return None
        return unit_bounds(self.limits.low, self.limits.high, self.rounding.unit)


def divided(task: Task, path: Path) -> Divided:
    """Return what each payer gets.

    Raises:
        RuleError: no such allocation exists, or a tie may not be decided.
    """
    rule = task.rounding
    if rule.hits_total and task.yen % rule.unit and rule.rest is None:
        raise OddTotalError("rounding.unit", task.yen, rule.unit)
    try:
        done = split(task.shares, task.yen, rule, task.bounds, path)
    except BoundsError as error:
        raise unkept(error, task.limits, rule.unit, task.codes()) from None
    except BelowZeroError as error:
        code = task.codes()[error.position]
        raise NegativeAmountError("rounding.method", code, error.units) from None
    except TooFewError as error:
        units = task.yen // rule.unit
        raise TooFewUnitsError("rounding.method", rule.method, error.needed, units) from None
    if rule.ties == "error":
        for tie in (done.rounded.tie, done.rest_tie):
            if tie is not None:
                codes = task.codes()
                names = tuple(codes[position] for position in tie.contenders)
                raise UndecidedTieError("rounding.ties", names, tie.on)
    _refuse_rest_beyond_bounds(task, done)
    return done


def unkept(error: BoundsError, limits: Limits | None, unit: int, codes: Sequence[str]) -> RuleError:
    """Return the error that says which bounds leave no allocation, in yen."""
    names = limits.names if limits else ()
    if error.position is not None:
        return ContradictoryBoundsError(
            "adjustment",
            codes[error.position],
            error.figure * unit,
            error.ceiling * unit,
            unit,
            names,
        )
    kind: Literal["minimum", "maximum"] = "minimum" if error.kind == "minimum" else "maximum"
    return UnkeptBoundsError("adjustment", kind, error.figure * unit, names)


def notes_of(task: Task, done: Divided) -> tuple[Note, ...]:
    """Return the decisions that were taken: ties, the difference one payer bears, the rest."""
    rounded, unit = done.rounded, task.rounding.unit
    ties = [tie for tie in (rounded.tie, done.rest_tie) if tie is not None]
    if not ties and rounded.borne_by is None and done.rest_to is None and task.rounding.hits_total:
        return ()
    codes = task.codes()

    def named(positions: Sequence[int]) -> tuple[str, ...]:
        return tuple(codes[position] for position in positions)

    found: list[Note] = [
        TieNote(named(tie.contenders), named(tie.served), tie.rule, tie.on) for tie in ties
    ]
    if rounded.borne_by is not None:
        found.append(DifferenceNote(codes[rounded.borne_by], rounded.difference * unit))
    if done.rest_to is not None:
        found.append(RestNote(codes[done.rest_to], done.rest))
    if not task.rounding.hits_total and (charged := total(done.amounts)) != task.yen:
        found.append(UnsplitNote(task.yen, charged))
    return tuple(found)


def trace_of(task: Task, done: Divided) -> Trace:
    """Return what works out the steps of a split when they are asked for."""

    def steps() -> Steps:
        rule, units = task.rounding, task.yen // task.rounding.unit
        constants = {
            "total": task.yen,
            "unit": rule.unit,
            "units": units if rule.hits_total else total(done.rounded.units),
            "share_denominator": task.shares.denominator,
            "quota_denominator": done.quotas.denominator,
            **done.rounded.constants,
        }
        columns = dict(task.columns) | _columns(task, done)
        return Steps(tuple(task.codes()), columns, task.shares, done.quotas, constants)

    return steps


def _columns(task: Task, done: Divided) -> dict[str, Ints]:
    columns = {"share": task.shares.numerators, "quota": done.quotas.numerators}
    bounds = task.bounds
    if bounds is not None:
        largest_bound = max([*bounds.low, *(high for high in bounds.high if high is not None)])
        columns["low"] = vector(bounds.low, largest_bound)
        columns["high"] = vector(
            [-1 if high is None else high for high in bounds.high], largest_bound
        )
    columns |= done.rounded.columns
    columns["units"] = done.rounded.units
    if done.rest_to is not None:
        rest = np.zeros(len(done.amounts), dtype=np.int64)
        rest[done.rest_to] = done.rest
        columns["rest"] = rest
    columns["amount"] = done.amounts
    return columns


def _refuse_rest_beyond_bounds(task: Task, done: Divided) -> None:
    """Refuse a rest that would lift its payer above the upper bound."""
    if task.limits is None or done.rest_to is None:
        return
    high = task.limits.high[done.rest_to]
    if high is not None and int(done.amounts[done.rest_to]) > high:
        raise RestBeyondBoundError("rounding.rest", task.codes()[done.rest_to], done.rest)
