"""Which rows of a table are organisations, whose they are, and what the others are.

headed rows -> prefectures carried down -> sums, headings, notes apart -> codes, else names

This holds for measures and lists alike. They part in one thing only: a measure leaves out wards and
others that the register doesn't know and refuses codes that are none; a list keeps both as printed,
as they are findings for an audit.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from allocator.domain.formulas import STARTS_LIKE_A_FORMULA
from allocator.domain.organisations import Register
from allocator.sources.reading.limits import MOST_ODD, too_many_odd
from allocator.sources.tables.carried import carried_down
from allocator.sources.tables.codes import is_official
from allocator.sources.tables.cut import refuse_cut_figures
from allocator.sources.tables.ledger import Ledger, Mended
from allocator.sources.tables.moved import refuse_moved_rows
from allocator.sources.tables.opened import TextTable
from allocator.sources.tables.sorting import Sorter
from allocator.sources.tables.taken import Keys, Taken, keys_of
from allocator.sources.tables.who import Names

_A_FIGURE: Final = r"[0-9０-９]"
_SIX: Final = r"^[0-9]{6}$"


def take_rows(
    table: TextTable,
    figure: str,
    names: Names,
    ledger: Ledger,
    mended: Mended,
    *,
    is_list: bool = False,
    sums_count: bool = False,
) -> Taken:
    """Return the rows of a table that are organisations, those of sums apart.

    Codes may lack a leading zero or the check digit, be full-width or end in .0 as figures do; a
    missing one is told by prefecture and name. Everything else goes into the ledger. `sums_count`:
    what a prefecture's municipalities add up to is its own figure, as it is with populations.

    Raises:
        InputError: of a measure: a code whose check digit is wrong or that can be read in two ways.
    """
    refuse_cut_figures(table, figure)
    keys = keys_of(table)
    rows = _rows(table, keys, figure)
    carried = carried_down(rows, names, merged=table.merged)
    rows = rows.with_columns(pl.col("prefecture").alias("printed"), carried)
    odd = _odd(rows, names.register, is_list=is_list, is_ascii=table.is_ascii)
    refuse_moved_rows(table, keys, figure, names, odd)
    if not odd.any():
        return Taken(rows.drop("has_figures", "printed"))
    if (count := int(odd.sum())) > MOST_ODD:
        raise too_many_odd(table.file, count)
    sorter = Sorter(
        table, keys, figure, names, ledger, mended, is_list=is_list, sums_count=sums_count
    )
    return sorter.run(rows, odd)


def _rows(table: TextTable, keys: Keys, figure: str) -> pl.DataFrame:
    named = {each for each in keys if each}
    rest = [name for name in table.columns if name not in named]

    def key(column: str | None) -> pl.Expr:
        if column is None:
            return pl.lit("")
        return _without_marks(column) if table.is_text else pl.col(column)

    return table.frame.select(
        key(keys.code).alias("code"),
        key(keys.prefecture).alias("prefecture"),
        key(keys.municipality).alias("municipality"),
        pl.col(figure).alias("figure"),
        pl.col("line"),
        (pl.any_horizontal(pl.col(rest) != "") if rest else pl.lit(value=True)).alias(
            "has_figures"
        ),
    )


def _without_marks(column: str) -> pl.Expr:
    """Return a column of a CSV file without the ' that keeps names from being formulas.

    Our own files have it (see `guarded`); it is never part of a name there.
    """
    rest = pl.col(column).str.slice(1)
    marked = pl.col(column).str.starts_with("'") & rest.str.contains(STARTS_LIKE_A_FORMULA)
    return pl.when(marked).then(rest).otherwise(pl.col(column))


def _odd(rows: pl.DataFrame, register: Register, *, is_list: bool, is_ascii: bool) -> pl.Series:
    """Tell which rows have to be looked at one by one."""
    code = pl.col("code")
    if not register.official:
        known = pl.lit(value=True)
        if not is_list:
            codes = pl.Series(sorted(register.codes), dtype=pl.String)
            known = code.is_in(codes.implode())
        plain = (code != "") & known
    elif is_list:
        plain = code.str.contains(_SIX)
    else:
        codes = pl.Series(sorted(register.codes), dtype=pl.String)
        plain = is_official(code) & code.is_in(codes.implode())
    plain &= pl.col("figure").str.contains(_A_FIGURE) if is_list else pl.col("figure") != ""
    odd = rows.select(~plain).to_series()
    if is_ascii:
        return odd
    named = pl.col("prefecture", "municipality")
    likely = pl.any_horizontal(named.str.contains(r"計[)）]?\s*$|部$|総数|総額|全国"))
    return odd | rows.select(likely).to_series()
