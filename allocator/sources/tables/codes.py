"""Columns of codes of a table, as a whole: those that have to be right, and stand once."""

from __future__ import annotations

import polars as pl

from allocator.domain.codes import parse_code
from allocator.domain.errors import InputError, Problem
from allocator.domain.frames import stands_once
from allocator.domain.text import Text
from allocator.sources.tables.faults import Faults, raise_all
from allocator.sources.tables.opened import TextTable


def official_codes(table: TextTable, column: str) -> pl.Series:
    """Return a column of 団体コード as six digits; rows that are no codes are an `InputError`."""
    codes = table.frame[column]
    plain = codes.to_frame("code").select(is_official(pl.col("code"))).to_series()
    if plain.all():
        return codes.alias("code")
    parsed: list[str] = []
    found = Faults()
    rows = zip(codes, plain, table.frame["line"], strict=True)
    for code, as_is, line in rows:
        try:
            parsed.append(code if as_is else parse_code(code, table.where(line, column)))
        except InputError as error:
            found += error.problems
    raise_all(found)
    return pl.Series("code", parsed, dtype=pl.String)


def is_official(code: pl.Expr) -> pl.Expr:
    """Tell for a column of text which cells are six digits with a right check digit."""
    digits = [code.str.slice(place, 1).cast(pl.Int64, strict=False) for place in range(6)]
    weighted = pl.sum_horizontal(
        *(weight * digit for weight, digit in zip((6, 5, 4, 3, 2), digits[:5], strict=True)),
        ignore_nulls=False,
    )
    right = (11 - weighted % 11) % 10 == digits[5]
    return (code.str.contains(r"^[0-9]{6}$") & right).fill_null(value=False)


def refuse_duplicates(table: TextTable, rows: pl.DataFrame, column: str) -> None:
    """Raise an `InputError` that names every code of `rows` (code, line) standing twice."""
    if stands_once(rows["code"]):
        return
    lines = (
        rows.group_by("code", maintain_order=True).agg("line").filter(pl.col("line").list.len() > 1)
    )
    raise_all(
        Problem(
            table.where(stands[1], column),
            Text(
                f"the code {code} stands on lines {', '.join(map(str, stands))}",
                f"団体コード {code} が {'、'.join(map(str, stands))} 行目に重複しています",
            ),
            Text("keep one of the rows", "1行だけ残してください"),
            code="duplicate_code",
        )
        for code, stands in lines.select("code", "line").iter_rows()
    )
