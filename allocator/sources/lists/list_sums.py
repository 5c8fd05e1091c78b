"""The subtotals of a list: left out of its rows, and compared with them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from allocator.domain.names import fold
from allocator.domain.text import Text
from allocator.domain.yen import group
from allocator.sources.tables.ledger import Ledger
from allocator.sources.tables.sums import Row, Subtotal, area_of, county_sums, said, wrong_subtotals
from allocator.sources.tables.taken import SumRow
from allocator.sources.tables.who import Names


@dataclass(frozen=True)
class WrongSum:
    """A subtotal that is not the sum of its rows (yen), and the line it stands on.

    `prefecture` is the one that it stands for (folded), or "".
    """

    line: int
    prefecture: str
    printed: int
    added: int
    text: Text


def without_counties(frame: pl.DataFrame, names: Names, ledger: Ledger) -> pl.DataFrame:
    """Return a list's rows without the sums of counties, which go into the ledger."""
    lines = county_sums(frame, names)
    if not lines:
        return frame
    is_sum = pl.col("line").is_in(lines)
    for code, prefecture, name, amount, line in frame.filter(is_sum).iter_rows():
        ledger.leave_out(line, "subtotal", (code, prefecture, name, group(amount)))
    return frame.filter(~is_sum)


def checked_sums(
    subtotals: Sequence[tuple[SumRow, int]], frame: pl.DataFrame, names: Names
) -> tuple[WrongSum, ...]:
    """Return the subtotals of a list that are not the sum of their rows."""
    if not subtotals:
        return ()
    kinds = dict(names.register.frame.select("code", "kind").iter_rows())
    areas = dict(names.register.frame.select("code", "prefecture").iter_rows())
    rows = [
        Row(fold(areas.get(code, prefecture)), kinds.get(code, ""), amount, line)
        for code, prefecture, amount, line in frame.select(
            "code", "prefecture", "amount", "line"
        ).iter_rows()
    ]
    found = [
        Subtotal(row.words[0], area_of((row.prefecture, *row.words), names), amount, row.line)
        for row, amount in subtotals
    ]
    return tuple(
        WrongSum(each.line, each.prefecture, each.figure, added, said(each, added))
        for each, added in wrong_subtotals(found, rows)
    )
