"""The notional split (参考) of each prefecture's amount over its municipalities."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import polars as pl

from allocator.domain.errors import refuse
from allocator.domain.organisations import PREFECTURE
from allocator.domain.text import Text
from allocator.engine.exact import Ints, total
from allocator.engine.result import Allocation
from allocator.engine.shares import shares
from allocator.engine.split import split
from allocator.plans.tables import Programme, Rounding


@dataclass(frozen=True)
class NotionalSplit:
    """Notional amounts (参考, yen) of the municipalities for a programme that prefectures pay.

    `municipalities` follows `schemas.PAYERS`; `measure` and `amounts` run beside it.
    """

    programme: Programme
    municipalities: pl.DataFrame
    measure: Ints
    amounts: tuple[int, ...]

    def frame(self) -> pl.DataFrame:
        """Return code, prefecture, municipality and amount (yen), in code order."""
        return self.municipalities.select("code", "prefecture", "municipality").with_columns(
            pl.Series("amount", self.amounts, dtype=pl.Int64)
        )


def break_down(
    allocation: Allocation, municipalities: pl.DataFrame, measure: Ints
) -> NotionalSplit:
    """Split each prefecture's amount over its municipalities, in proportion to `measure`.

    By largest remainder, ties to the lower code, yen below a unit to the largest share; every
    prefecture's figures add up to its amount exactly.

    Raises:
        InputError: a prefecture that pays has no municipality with a positive measure.
    """
    programme = allocation.programme
    if programme.breakdown is None:
        raise AssertionError(f"{programme.id} has no [breakdown]")
    if not municipalities["code"].is_sorted():
        order = municipalities["code"].arg_sort().to_numpy()
        municipalities, measure = municipalities[order], measure[order]
    rule = Rounding(unit=programme.breakdown.unit, method="largest_remainder", rest="largest")
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
            raise _nothing_to_split_by(programme, prefecture)
        parts = split(shares([Fraction(1)], [measure[places]]), amount, rule)
        for place, part in zip(places, parts.amounts, strict=True):
            amounts[place] = int(part)
    if sum(amounts) != allocation.total:
        raise AssertionError(f"{programme.id}: the breakdown does not add up to the total")
    return NotionalSplit(programme, municipalities, measure, tuple(amounts))


def _nothing_to_split_by(programme: Programme, prefecture: str) -> Exception:
    return refuse(
        f"{programme.id}: breakdown.by",
        Text(
            f"the municipalities of {prefecture} have nothing to split its amount by",
            f"{prefecture} の市区町村に按分の指標がありません",
        ),
        Text("choose another measure or date", "別の指標か日付を選んでください"),
    )
