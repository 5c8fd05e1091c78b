"""What the engine hands on: amounts, and every step that led to them as a named column."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Literal

import polars as pl

from allocator.engine.exact import Ints
from allocator.engine.notes import Note
from allocator.engine.rounding import Quotas
from allocator.engine.rule import Rule
from allocator.engine.shares import Shares

Standing = Literal["rule", "exempt", "fixed"]
"""How a payer stands: under the rule, exempt from it, or at a fixed amount."""


@dataclass(frozen=True)
class Steps:
    """The way from input to amount, for the payers under the rule.

    `codes` and every vector of `columns` run in code order. Columns of a split: measure_1 …
    (one a proportional [[share]], in the plan's order), share and quota (numerators over the
    denominators beside them), those of the rounding method, low and high (bounds in units, −1:
    none), units, rest (yen), amount (yen). Columns of unit amounts: measure_1, band_from,
    unit_amount, amount. Columns of a sum: part_1 …, amount.
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


@dataclass(frozen=True, eq=False)
class Allocation:
    """The amounts of one rule.

    `payers` follows `schemas.PAYERS` in code order; `vector` (whole yen) and `standing` run beside
    it. `given` is the total that was asked for (yen; None: it follows), `total` what is charged:
    the same, but where each amount is rounded for itself. The engine has checked that the amounts
    add up to it. `parts` are those of a sum, each over its own payers.
    """

    rule: Rule
    payers: pl.DataFrame
    given: int | None
    total: int
    vector: Ints
    standing: tuple[Standing, ...]
    notes: tuple[Note, ...]
    trace: Callable[[], Steps]
    parts: tuple[Allocation, ...] = ()

    @cached_property
    def steps(self) -> Steps:
        """The way from input to amount, worked out when it is asked for."""
        return self.trace()

    @cached_property
    def amounts(self) -> tuple[int, ...]:
        """The amount of each payer, in yen."""
        return tuple(int(amount) for amount in self.vector)

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
