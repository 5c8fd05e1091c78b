"""Payers that stand in a list more than once: which row counts, which are too many."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from itertools import product
from typing import Final

import numpy as np
import polars as pl

from allocator.auditing.order import disorders
from allocator.engine.exact import Ints

_MOST_CHOICES: Final = 64
"""How many ways to keep one row of each payer are tried."""

_MOST_ROWS: Final = 200_000
"""Times rows: beyond, the likeliest way is taken without trying others."""


def kept_and_extra(
    rows: pl.DataFrame, faulty: Collection[int]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Keep one row of each payer, so that the list departs least from its order.

    Among rows that serve equally: one in its place, with a sound code (not in `faulty`), with the
    right amount, the first. `rows` are those of `Identified` that have a payer.
    """
    # A settled row shares its payer with an unsettled one, if with any.
    odd = rows.filter(~pl.col("settled"))["payer"].unique()
    doubled = rows.filter(pl.col("payer").is_in(odd.implode())) if len(odd) else rows.clear()
    doubled = doubled.filter(pl.col("payer").is_duplicated())
    if doubled.is_empty():
        return rows, doubled
    kept = _least_disorder(rows, _ranked(rows, doubled, faulty))
    extra = doubled.filter(~pl.col("row").is_in(kept))
    return rows.join(extra.select("row"), on="row", how="anti", maintain_order="left"), extra


def _ranked(rows: pl.DataFrame, doubled: pl.DataFrame, faulty: Collection[int]) -> list[list[int]]:
    """Return the rows of each payer that has several, the likeliest first."""
    single = rows.join(doubled.select("row"), on="row", how="anti", maintain_order="left")
    before = single.select("row", pl.col("place").alias("before"))
    after = single.select("row", pl.col("place").alias("after"))
    ranked = (
        doubled.join_asof(before, on="row", strategy="backward")
        .join_asof(after, on="row", strategy="forward")
        .with_columns(
            in_place=(pl.col("before") < pl.col("place")).fill_null(value=True)
            & (pl.col("place") < pl.col("after")).fill_null(value=True),
            sound=~pl.col("row").is_in(list(faulty)),
            right=(pl.col("amount") == pl.col("expected")).fill_null(value=False),
        )
        .sort("in_place", "sound", "right", "row", descending=[True, True, True, False])
    )
    return ranked.group_by("payer", maintain_order=True).agg("row")["row"].to_list()


def _least_disorder(rows: pl.DataFrame, ranked: Sequence[Sequence[int]]) -> list[int]:
    likeliest = [group[0] for group in ranked]
    choices = math.prod(len(group) for group in ranked)
    if choices > _MOST_CHOICES or choices * len(rows) > _MOST_ROWS:
        return likeliest
    places, numbers = rows["place"].to_numpy(), rows["row"].to_numpy()
    all_doubled = np.isin(numbers, [row for group in ranked for row in group])
    best, fewest = likeliest, math.inf
    for choice in product(*ranked):
        count = _disorder(places[~all_doubled | np.isin(numbers, choice)])
        if count < fewest:
            best, fewest = list(choice), count
        if not count:
            break
    return best


def _disorder(places: Ints) -> float:
    found = disorders(places)
    return math.inf if found and found[0].reason == "unsorted" else len(found)
