"""Programmes as a plan has them, put to the engine; refusals as a user reads them."""

from __future__ import annotations

import polars as pl

from allocator.engine.bound import bind
from allocator.engine.breakdown import NotionalSplit, break_down
from allocator.engine.errors import RuleError
from allocator.engine.exact import Ints, Path
from allocator.engine.inputs import Inputs
from allocator.engine.result import Allocation
from allocator.engine.rule import Rounding
from allocator.plans import tables
from allocator.plans.programme import Programme
from allocator.words.refusals import refused


def compute(programme: Programme, inputs: Inputs, path: Path = "auto") -> Allocation:
    """Return the amounts of a programme; what the engine refuses is an `InputError`."""
    try:
        bound = bind(programme.rule, inputs, programme.adjustments, path)
        return bound.solve(total=programme.divided)
    except RuleError as error:
        raise refused(error, programme.id) from None


def broken_down(
    allocation: Allocation, municipalities: pl.DataFrame, measure: Ints
) -> NotionalSplit:
    """Return the notional split of a programme's amounts, refused as a user reads it."""
    try:
        return break_down(allocation, municipalities, measure)
    except RuleError as error:
        raise refused(error, "toy") from None


def rounding(**keys: int | str | None) -> Rounding:
    """Return a rounding as the keys of a plan say it."""
    return tables.Rounding.model_validate(keys).rule
