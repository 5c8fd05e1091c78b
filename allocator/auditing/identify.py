"""Whose row is it? Settled by the code, for all rows at once, where code and name agree.

Rows whose code is nobody's, stands twice or goes with another name are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl

from allocator.auditing.odd_rows import Fault
from allocator.auditing.reference import Reference
from allocator.auditing.search import Search
from allocator.domain.frames import places_of
from allocator.sources.lists.table import PublishedList


@dataclass(frozen=True)
class Identified:
    """The rows of a list, each with the code of its payer (null: nobody's can be told).

    `rows`: row, line, code, prefecture, municipality, amount as printed; payer, and what the
    reference has for it: place, expected (yen); settled: code and name agree, and no other row has
    that code. `faults` go by row; `mended` are lines whose code was completed to six digits.
    """

    rows: pl.DataFrame
    faults: Mapping[int, Fault]
    mended: tuple[int, ...]


def identify(published: PublishedList, reference: Reference) -> Identified:
    """Say whose row each row of a list is, and what is wrong with codes."""
    named = "municipality" in published.prints or (
        "prefecture" in published.prints and reference.only_prefectures
    )
    payers = reference.frame["code"]
    printed = published.frame.select(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("row"),
        *("line", "code", "prefecture", "municipality", "amount"),
    )
    place = places_of(printed["code"], payers)
    hit = place.is_not_null()
    fits = fitting(reference.named(printed, place)) if named else hit
    settled = hit & fits & _once(place)
    if settled.all():
        return Identified(_beside(printed, place, settled, reference), {}, ())
    marked = printed.with_columns(hit=hit, fits=fits, place=place)
    places = place.zip_with(settled, pl.Series([-1])).to_numpy()
    search = Search(published, reference, named, marked, marked.filter(~settled), places)
    search.run()
    found = search.found()
    place = place.scatter(found["row"], places_of(found["found"], payers))
    rows = _beside(printed, place, settled, reference)
    return Identified(rows, search.faults, tuple(search.mended))


def _beside(
    printed: pl.DataFrame, place: pl.Series, settled: pl.Series, reference: Reference
) -> pl.DataFrame:
    """Put what the reference has at the given places beside the rows of a list."""
    frame = reference.frame
    return printed.with_columns(
        frame["code"].gather(place).alias("payer"),
        frame["amount"].gather(place).alias("expected"),
        place.alias("place"),
        settled.alias("settled"),
    )


def _once(places: pl.Series) -> pl.Series:
    """Tell for each row whether no other one has its place (null: no place)."""
    known = places.drop_nulls()
    if (known.diff().drop_nulls() > 0).all():
        return places.is_not_null()
    counts = np.bincount(known.to_numpy())
    return pl.Series(counts[places.fill_null(0).to_numpy()] == 1)


def fitting(rows: pl.DataFrame) -> pl.Series:
    """Tell for each row whether the printed name is the payer's, with the county or without.

    `rows` has the printed prefecture and municipality, and the payer's as `Reference.named` puts
    them beside (null where there is none: that fits nobody).
    """
    prefecture, printed = pl.col("expected_prefecture"), pl.col("municipality")
    same = (pl.col("prefecture") == prefecture) | (pl.col("prefecture") == "")
    plain = (printed == pl.col("bare")) | (printed == pl.col("full"))
    # The prefecture's name may stand before the municipality's, or alone in its column.
    joint = (printed == pl.concat_str(prefecture, "bare")) | (
        printed == pl.concat_str(prefecture, "full")
    )
    fits = rows.select((same & plain).fill_null(value=False)).to_series()
    if fits.all():
        return fits
    others = rows.select(pl.int_range(pl.len()).alias("at"), pl.all()).filter(~fits)
    also = others.filter((same & joint).fill_null(value=False))["at"]
    return fits.scatter(also, values=True)
