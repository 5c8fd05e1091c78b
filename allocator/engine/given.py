"""What a caller passes to a rule, checked before anything is computed with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import index
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from allocator.domain.yen import LARGEST
from allocator.engine.errors import (
    TooLargeError,
    UnboundableError,
    WrongTotalError,
    WrongUnitError,
    WrongWeightsError,
)
from allocator.engine.exact import Ints, vector
from allocator.engine.rule import (
    BOUNDABLE,
    Adjustment,
    CarriedForward,
    Rounding,
    Rule,
    Sum,
    UnitAmounts,
)

if TYPE_CHECKING:
    import polars as pl

AnyRule = TypeVar("AnyRule", bound=Rule)

LIST = "list"
"""The name under which the figures of a list that is carried forward can be passed."""


def total_for(rule: Rule, total: int | None) -> int | None:
    """Return the total (yen) as a plain integer, None where it follows from the rule.

    Raises:
        WrongTotalError: the rule cannot take it, needs one, or it is no whole number.
        TooLargeError: it is more than the engine undertakes to allocate.
    """
    if isinstance(rule, Sum):
        follows = not any(part.is_rest for part in rule.parts)
    else:
        follows = isinstance(rule, UnitAmounts)
    if total is None:
        if not follows:
            raise WrongTotalError("total", None, "missing")
        return None
    if follows:
        raise WrongTotalError("total", total, "follows")
    try:
        yen = index(total)
    except TypeError:
        raise WrongTotalError("total", total, "fraction") from None
    if yen < 0:
        raise WrongTotalError("total", yen, "negative")
    if yen > LARGEST:
        raise TooLargeError("total", yen)
    return yen


def with_unit(rule: AnyRule, unit: int | None) -> AnyRule:
    """Return the rule with another rounding unit (yen).

    Raises:
        WrongUnitError: it is no whole yen from one up, or the rule rounds nothing, or each part
            for itself.
    """
    if unit is None:
        return rule
    if isinstance(rule, Sum) or rule.rounding is None:
        raise WrongUnitError("unit", unit, "none")
    try:
        yen = index(unit)
    except TypeError:
        raise WrongUnitError("unit", unit, "fraction") from None
    if yen < 1:
        raise WrongUnitError("unit", yen, "small")
    return replace(rule, rounding=replace(rule.rounding, unit=yen))


def refuse_bounds(rounding: Rounding, adjustments: Sequence[Adjustment]) -> None:
    """Refuse bounds that the rounding method cannot keep.

    Raises:
        UnboundableError: see there.
    """
    if rounding.method not in BOUNDABLE and any(each.bounds for each in adjustments):
        raise UnboundableError("rounding.method", rounding.method)


def measures_of(rule: Rule, weights: Any, measures: Sequence[Ints], count: int) -> list[Ints]:
    """Return the rule's measures, with `weights` in place of those that they name.

    Raises:
        WrongWeightsError: not a whole number from 0 up for each of the `count` payers, the name of
            no measure, or no name where there are several.
    """
    found = by_name(rule, weights, count)
    names = _names(rule)
    if isinstance(rule, CarriedForward):
        return [found[LIST]]
    return [found.get(name, own) for name, own in zip(names, measures, strict=True)]


def by_name(rule: Rule, weights: Any, count: int) -> dict[str, Ints]:
    """Return what was passed by the names of the rule's measures; see `measures_of`."""
    names = list(dict.fromkeys(_names(rule)))
    if not isinstance(weights, Mapping):
        if len(names) != 1:
            raise WrongWeightsError("weights", ", ".join(names), 1, len(names), "several")
        weights = {names[0]: weights}
    for name in weights:
        if name not in names:
            raise WrongWeightsError("weights", str(name), len(names), 0, "unknown")
    return {name: _whole(name, values, count) for name, values in weights.items()}


def refuse_repeated(payers: pl.DataFrame) -> None:
    """Make sure that each payer stands once: the register has seen to it."""
    codes = payers["code"]
    if codes.null_count() or codes.n_unique() != len(codes):
        raise AssertionError("a payer stands twice")


def _names(rule: Rule) -> tuple[str, ...]:
    return (LIST,) if isinstance(rule, CarriedForward) else rule.measures


def _whole(name: str, values: Any, count: int) -> Ints:
    """Return figures as a vector of our own, whatever happens to theirs: int64 where they fit."""
    found = values if isinstance(values, np.ndarray) else np.array(values, dtype=object)
    if found.ndim != 1 or len(found) != count:
        raise WrongWeightsError("weights", name, count, found.size, "count")
    if found.dtype.kind == "i":
        own = found.astype(np.int64)
    else:
        try:
            whole = [index(each) for each in found.tolist()]
        except TypeError:
            raise WrongWeightsError("weights", name, count, count, "fraction") from None
        own = vector(whole, max(map(abs, whole), default=0))
    if len(own) and own.min() < 0:
        raise WrongWeightsError("weights", name, count, count, "negative")
    return own
