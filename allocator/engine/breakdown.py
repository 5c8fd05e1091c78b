"""The notional split (参考) of each prefecture's amount over its municipalities."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import polars as pl

from allocator.domain.organisations import PREFECTURE
from allocator.engine.errors import NothingToBreakDownError
from allocator.engine.exact import Ints, total
from allocator.engine.result import Allocation
from allocator.engine.rule import Rounding
from allocator.engine.shares import shares
from allocator.engine.split import split


@dataclass(frozen=True)
class NotionalSplit:
    """Notional amounts (参考, yen) of the municipalities for a programme that prefectures pay.

    `municipalities` follows `schemas.PAYERS`; `measure` and `amounts` run beside it. `unit`
    (yen) is what they were rounded to.
    """

    municipalities: pl.DataFrame
    measure: Ints
    amounts: tuple[int, ...]
    unit: int = 1

    def frame(self) -> pl.DataFrame:
        """Return code, prefecture, municipality and amount (yen), in code order."""
        return self.municipalities.select("code", "prefecture", "municipality").with_columns(
            pl.Series("amount", self.amounts, dtype=pl.Int64)
        )


def break_down(
    allocation: Allocation, municipalities: pl.DataFrame, measure: Ints, unit: int = 1
) -> NotionalSplit:
    """Split each prefecture's amount over its municipalities, in proportion to `measure`.

    In units of `unit` yen, by largest remainder, ties to the lower code, yen below a unit to the
    largest share; every prefecture's figures add up to its amount exactly.

    Raises:
        NothingToBreakDownError: a prefecture that pays has no municipality with a positive measure.
    """
    if not municipalities["code"].is_sorted():
        order = municipalities["code"].arg_sort().to_numpy()
        municipalities, measure = municipalities[order], measure[order]
    rule = Rounding(unit=unit, method="largest_remainder", rest="largest")
    members: dict[str, list[int]] = defaultdict(list)
    for position, prefecture in enumerate(municipalities["prefecture"]):
        members[prefecture].append(position)
    amounts = [0] * len(municipalities)
    payers = allocation.payers.filter(pl.col("kind") == PREFECTURE)
    for code, prefecture in payers.select("code", "prefecture").iter_rows():
        amount = allocation.by_code[code]
        if amount == 0:
            continue
        places = np.array(members.get(prefecture, []), dtype=np.int64)
        if total(measure[places]) == 0:
            raise NothingToBreakDownError("breakdown.by", prefecture)
        parts = split(shares([Fraction(1)], [measure[places]]), amount, rule)
        for place, part in zip(places, parts.amounts, strict=True):
            amounts[place] = int(part)
    if sum(amounts) != allocation.total:
        raise AssertionError("the breakdown does not add up to the total")
    return NotionalSplit(municipalities, measure, tuple(amounts), unit)
