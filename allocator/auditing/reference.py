"""What a list is compared with: payers in their order, their names, and amounts where known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import polars as pl

from allocator.domain.changes import CodeChanges
from allocator.domain.organisations import Register
from allocator.domain.text import Text

REFERENCE: Final = pl.Schema(
    {
        "code": pl.String,
        "prefecture": pl.String,
        "full": pl.String,
        "bare": pl.String,
        "amount": pl.Int64,
        "optional": pl.Boolean,
        "place": pl.Int64,
    }
)
"""One row a payer. `full` and `bare` are the municipality with its county and without (both empty
for a prefecture), `amount` in yen (null: unknown), `optional` whether a list may leave the payer
out, `place` the payer's place in the order of the list."""


@dataclass(frozen=True)
class Reference:
    """What a list should say. `frame` follows `REFERENCE`, each code once.

    `comparable` tells whether amounts may be compared: those that a programme carries forward from
    the very list may not, and serve only to reckon what a missing row would have held. `total` is
    the expected sum in yen. `whose` names the reference in messages.
    """

    frame: pl.DataFrame
    total: int | None
    register: Register
    changes: CodeChanges
    whose: Text
    comparable: bool = True
    of_plan: bool = True

    @cached_property
    def payers(self) -> frozenset[str]:
        """The codes of all payers."""
        return frozenset(self.frame["code"].to_list())

    @property
    def only_prefectures(self) -> bool:
        """Whether the payers are prefectures, so that a prefecture's name tells whose row it is."""
        return bool((self.frame["bare"] == "").all())

    def named(self, rows: pl.DataFrame, place: pl.Series | None = None) -> pl.DataFrame:
        """Put the payers' names beside rows (null: nobody's; so are the names).

        The columns are expected_prefecture, full and bare. `place` is by default a column of
        `rows`. Few rows of a long list need names.
        """
        place = rows["place"] if place is None else place
        return rows.with_columns(
            self.frame["prefecture"].gather(place).alias("expected_prefecture"),
            self.frame["full"].gather(place),
            self.frame["bare"].gather(place),
        )

    def without(self, places: pl.Series) -> pl.DataFrame:
        """Return the rows that stand at none of `places` (null: no place), in their order."""
        left = np.ones(len(self.frame), dtype=bool)
        left[places.drop_nulls().to_numpy()] = False
        return self.frame.filter(left)


def payers_frame(
    payers: pl.DataFrame, amounts: Sequence[int | None] | None, optional: Sequence[bool] = ()
) -> pl.DataFrame:
    """Return a reference frame of payers (`schemas.PAYERS`, in code order) and their amounts."""
    return payers.select(
        "code",
        "prefecture",
        pl.concat_str("county", "municipality").alias("full"),
        pl.col("municipality").alias("bare"),
        pl.Series("amount", amounts, dtype=pl.Int64)
        if amounts is not None
        else pl.lit(None, pl.Int64).alias("amount"),
        pl.Series("optional", optional, dtype=pl.Boolean)
        if optional
        else pl.lit(value=False).alias("optional"),
        pl.int_range(pl.len(), dtype=pl.Int64).alias("place"),
    )


def former_names(register: Register, codes: Sequence[str]) -> Mapping[str, frozenset[str]]:
    """Return every name that the register has for each of `codes`, today's and former ones."""
    rows = register.frame.filter(pl.col("code").is_in(codes)).select(
        "code", pl.concat_str("county", "municipality").alias("full"), "municipality"
    )
    names: dict[str, set[str]] = {}
    for code, full, bare in rows.iter_rows():
        names.setdefault(code, set()).update((full, bare))
    return {code: frozenset(found) for code, found in names.items()}
