"""What the engine hands on: amounts, and every step that led to them as a named column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Literal

import polars as pl

from allocator.domain.text import Text
from allocator.engine.exact import Ints
from allocator.engine.rounding import Quotas
from allocator.engine.shares import Shares
from allocator.plans.tables import Programme

Standing = Literal["rule", "exempt", "fixed"]
"""How a payer stands: under the rule, exempt from it, or at a fixed amount."""


@dataclass(frozen=True)
class Steps:
    """The way from input to amount, for the payers under the rule.

    `codes` and every vector of `columns` run in code order. Columns of a split: measure_1 …
    (one a proportional [[share]], in the plan's order), share and quota (numerators over the
    denominators beside them), those of the rounding method, low and high (bounds in units, −1:
    none), units, rest (yen), amount (yen). Columns of unit amounts: measure_1, band_from,
    unit_amount, amount.
    """

    codes: tuple[str, ...]
    columns: Mapping[str, Ints]
    shares: Shares | None = None
    quotas: Quotas | None = None
    constants: Mapping[str, int | Fraction] = field(default_factory=dict)

    @cached_property
    def position(self) -> Mapping[str, int]:
        """Where each code stands in the columns."""
        return {code: position for position, code in enumerate(self.codes)}

    def of(self, code: str) -> dict[str, int]:
        """Return one payer's value in every column."""
        place = self.position[code]
        return {name: int(values[place]) for name, values in self.columns.items()}

    def frame(self) -> pl.DataFrame:
        """Return the columns as a frame; integers beyond 64 bits become decimal text."""
        columns = [pl.Series("code", self.codes, dtype=pl.String)]
        for name, values in self.columns.items():
            if values.dtype == object and any(abs(v) >= 2**63 for v in values):
                columns.append(pl.Series(name, [str(v) for v in values], dtype=pl.String))
            else:
                columns.append(pl.Series(name, values.tolist(), dtype=pl.Int64))
        return pl.DataFrame(columns)


@dataclass(frozen=True)
class Note:
    """Something that a reader of the amounts should know: a tie, a rest, a payer without bounds."""

    kind: Literal["tie", "rest", "unbounded", "carried_over", "kept_total"]
    text: Text


@dataclass(frozen=True)
class Allocation:
    """The amounts of one programme.

    `payers` follows `schemas.PAYERS` in code order; `amounts` (whole yen), `standing` and
    `reasons` run beside it. `allocated` always equals `total`: the engine has checked it.
    """

    programme: Programme
    payers: pl.DataFrame
    total: int
    amounts: tuple[int, ...]
    standing: tuple[Standing, ...]
    steps: Steps
    notes: tuple[Note, ...] = ()

    @cached_property
    def allocated(self) -> int:
        """The sum of the amounts, in yen."""
        return sum(self.amounts)

    @cached_property
    def by_code(self) -> Mapping[str, int]:
        """The amount of each payer, in yen."""
        return dict(zip(self.payers["code"].to_list(), self.amounts, strict=True))

    def frame(self) -> pl.DataFrame:
        """Return code, prefecture, municipality and amount (yen), in code order."""
        return self.payers.select("code", "prefecture", "municipality").with_columns(
            pl.Series("amount", self.amounts, dtype=pl.Int64)
        )


@dataclass(frozen=True)
class NotComputed:
    """A programme whose amounts could not be computed, and why."""

    programme: Programme
    reason: Text
