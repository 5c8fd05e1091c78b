"""Codes of the past in a list of today: whose they were, who succeeds, what of their amounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from allocator.auditing.odd_rows import Fault
from allocator.auditing.reference import Reference, former_names
from allocator.domain.codes import is_valid
from allocator.domain.names import fold, spellings
from allocator.domain.organisations import PREFECTURE
from allocator.domain.outsiders import outsider
from allocator.domain.text import Text
from allocator.domain.yen import LARGEST

FORMER = "former_code"
"""The reason of a finding on a code that a payer, or part of one, had at another time."""


@dataclass(frozen=True)
class Past:
    """What register and history know of codes that are no payer's."""

    reference: Reference

    def successor(self, code: str) -> str:
        """Return the one payer that a code leads to, "" where it leads to none or to several."""
        if not self.reference.changes.rows:
            return ""
        if code not in self.reference.register.codes or code in self.reference.payers:
            return ""
        return self.reference.changes.carry(code, self.reference.payers).to

    def had_name(self, code: str, municipality: str) -> bool:
        """Tell whether a code is that of a payer at another time, and the name printed its own."""
        if not self.successor(code):
            return False
        known = {fold(name) for name in former_names(self.reference.register, [code])[code]}
        printed = spellings(municipality)
        prefecture = fold(self._bearer(code)[0])
        return not known.isdisjoint((*printed, *(one.removeprefix(prefecture) for one in printed)))

    def is_outsider(self, code: str, prefecture: str, municipality: str) -> bool:
        """Tell whether code and name are those of a ward, a subtotal and the like."""
        register = self.reference.register
        if not register.official or not is_valid(code) or code in register.codes:
            return False
        return outsider(code, prefecture, municipality, register).kind != "other"

    def statement(self, code: str, payer: str, *, listed: bool) -> Text:
        """Say since when a code is no longer (or: since when it is) that of `payer`.

        `payer` is code and name as messages put them, `listed` whether it has a row of its own.
        """
        since = self._since(code, payer)
        if not listed:
            return since
        return Text(
            f"{since.en}, which has a row of its own", f"{since.ja}(この団体の行は別にあります)"
        )

    def _since(self, code: str, payer: str) -> Text:
        name = "".join(self._bearer(code))
        if change := self.reference.changes.end_of(code):
            is_part = change.reason.endswith("合併")
            return Text(
                f"{name} gave up this code on {change.day} ({change.reason}); "
                f"it is {'part of ' if is_part else 'now '}{payer}",
                f"{name} のコードで、{change.day} に廃止されました({change.reason})。"
                f"現在は {payer} {'の一部です' if is_part else 'です'}",
            )
        if change := self.reference.changes.start_of(code):
            return Text(
                f"{name} has this code only since {change.day} ({change.reason}); "
                f"the payer before that is {payer}",
                f"{name} のコードは {change.day} からです({change.reason})。"
                f"それより前の負担団体は {payer} です",
            )
        return Text(f"{name}; the row is that of {payer}", f"{name}。{payer} の行です")

    def _bearer(self, code: str) -> tuple[str, str]:
        """Return the prefecture, and the last name with its county, that the register has."""
        rows = self.reference.register.frame.filter(pl.col("code") == code)
        prefecture, county, municipality, kind = rows.select(
            "prefecture", "county", "municipality", "kind"
        ).row(-1)
        return prefecture, "" if kind == PREFECTURE else f"{county}{municipality}"


def former_rows(faults: Mapping[int, Fault]) -> list[int]:
    """Return the rows with a code of the past."""
    return [row for row, fault in faults.items() if fault.reason == FORMER]


def with_parts(
    kept: pl.DataFrame, nobodys: pl.DataFrame, faults: Mapping[int, Fault]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Add the amounts of merged organisations to the row that stands for their payer.

    Where old rows are all that a payer has, they are added up. Where it has a row of its own as
    well, they are if that makes the expected amount; else they are too many. Returned are `kept`,
    with a column `parts` (how many rows were added) where there are such rows, and what is left of
    `nobodys`.
    """
    old = former_rows(faults)
    rows = nobodys.filter(pl.col("row").is_in(old)) if old else nobodys.clear()
    if rows.is_empty():
        return kept, nobodys
    parts = [
        (row, faults[row].payer, amount) for row, amount in rows.select("row", "amount").rows()
    ]
    sums = (
        pl.DataFrame(parts, schema=["part", "payer", "added"], orient="row")
        .group_by("payer")
        .agg("part", pl.col("added").cast(pl.Int128).sum())
    )
    whole = pl.col("amount").cast(pl.Int128) + pl.col("added")
    makes_it = (pl.col("amount") != pl.col("expected")) & (whole == pl.col("expected"))
    beside = kept.join(sums, on="payer", how="left", maintain_order="left").with_columns(
        joined=((pl.col("row").is_in(old) | makes_it) & (whole.abs() <= LARGEST)).fill_null(
            value=False
        )
    )
    joined = beside.filter("joined")["part"].explode()
    return (
        beside.with_columns(
            pl.when("joined").then(whole).otherwise("amount").cast(pl.Int64).alias("amount"),
            parts=pl.when("joined").then(pl.col("part").list.len()).otherwise(0),
        ).select(*kept.columns, "parts"),
        nobodys.filter(~pl.col("row").is_in(joined.implode())),
    )
