"""What is asked of long columns of text, without going over them one by one."""

from __future__ import annotations

from typing import Final

import polars as pl


def added(figures: pl.Series) -> int:
    """Return the exact sum of a column of whole numbers (yen, persons), nulls left out.

    Polars adds up 64 bits without a word when they overflow: ten amounts of 10^18 yen are enough.
    """
    return int(figures.cast(pl.Int128).sum())


def stands_once(texts: pl.Series) -> bool:
    """Tell whether every text of a column stands in it once.

    The quickest proof comes first: they ascend, or their hashes differ, or they do.
    """
    return (
        bool((texts.head(-1) < texts.slice(1)).all())
        or texts.hash().n_unique() == len(texts)
        or texts.n_unique() == len(texts)
    )


def only(frame: pl.DataFrame, which: pl.Expr) -> pl.DataFrame:
    """Return the rows of which `which` is true: the frame itself, not a copy, where all are."""
    wanted = frame.select(which).to_series()
    return frame if wanted.all() else frame.filter(wanted)


def repeated(texts: pl.Series) -> pl.Series:
    """Tell for each text of a column whether it stands there more than once."""
    if stands_once(texts):
        return pl.repeat(value=False, n=len(texts), dtype=pl.Boolean, eager=True)
    return texts.is_duplicated()


_ANCHORS: Final = 2_000
"""By how many texts two columns are laid side by side."""

_FEW: Final = 8
"""One text in so many is few: picking them out of a column pays before a join."""


def places_of(texts: pl.Series, among: pl.Series) -> pl.Series:
    """Return where in `among` (each text once) each text stands, null where it doesn't.

    Two lists mostly stand in the same order, with rows added and left out here and there. So some
    texts are looked up, and those between them are compared with what stands between; only what
    differs there is looked up as well. The answer is that of a join, in a fraction of its time.
    """
    step = len(texts) // _ANCHORS
    if step <= 1 or len(among) * _FEW < len(texts):
        return _looked_up(texts, among)
    anchors = pl.int_range(0, len(texts), step, dtype=pl.Int64, eager=True)
    stands = _looked_up(texts.gather(anchors), among)
    in_order = (stands.drop_nulls().diff() > 0).sum()
    if 2 * in_order < len(anchors):
        return _looked_up(texts, among)
    ahead = stands - anchors
    found = pl.repeat(None, len(texts), dtype=pl.Int64, eager=True)
    rows = pl.int_range(len(texts), dtype=pl.Int64, eager=True)
    for nearest in (ahead.forward_fill(), ahead.shift(-1).backward_fill()):
        by = nearest.fill_null(0).gather(rows // step)
        guess = (rows + by).clip(0, len(among) - 1)
        wanted = texts if len(rows) == len(texts) else texts.gather(rows)
        right = among.gather(guess) == wanted
        found = found.scatter(rows.filter(right), guess.filter(right))
        rows = rows.filter(~right)
    return found.scatter(rows, _looked_up(texts.gather(rows), among)) if len(rows) else found


def _looked_up(texts: pl.Series, among: pl.Series) -> pl.Series:
    if len(among) * _FEW < len(texts):
        at = texts.is_in(among.implode()).arg_true()
        nowhere = pl.repeat(None, len(texts), dtype=pl.Int64, eager=True)
        return nowhere.scatter(at, _looked_up(texts.gather(at), among)) if len(at) else nowhere
    rows = among.alias("text").to_frame().with_row_index("place")
    if len(texts) * _FEW < len(among):
        rows = rows.filter(among.is_in(texts.implode()))
    wanted = texts.alias("text").to_frame()
    return wanted.join(rows, on="text", how="left", maintain_order="left")["place"].cast(pl.Int64)
