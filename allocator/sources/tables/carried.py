"""Prefectures that stand once over many rows, carried down where it is plain how far they go."""

from __future__ import annotations

import polars as pl

from allocator.domain.names import fold
from allocator.sources.tables.header import folded
from allocator.sources.tables.sums import is_sum_word
from allocator.sources.tables.taken import HEADINGS
from allocator.sources.tables.who import Names
from allocator.sources.tables.written_codes import DIGITS


def carried_down(rows: pl.DataFrame, names: Names, *, merged: bool = False) -> pl.Series:
    """Return the prefectures of rows, carried down where it is plain how far they go.

    `rows` has code, prefecture, municipality. Beside codes their first two digits say how far. Else
    a prefecture that stands once over its municipalities is carried down where every value that
    stands is a prefecture, in the order of codes. Where the column has merged cells, those say how
    far each goes (`merged`), and nothing is carried beyond.
    """
    prefectures = rows["prefecture"]
    blank = (prefectures == "") & (rows["municipality"] != "")
    if merged or not blank.any() or (prefectures == "").all():
        return prefectures
    if rows["code"].str.contains(r"^[0-9]{4,6}$").any():
        return _beside_codes(rows, names)
    last = ""
    of_rows = rows.filter(_stands_for_somebody(rows))["prefecture"]
    for name in of_rows.unique(maintain_order=True):
        if name == "" or is_sum_word(name) or folded(name) in HEADINGS:
            continue
        order = names.order(name)
        if not order or order <= last:
            return prefectures
        last = order
    if _comes_back(of_rows, names):
        return prefectures
    found: list[str] = []
    current = ""
    for name, municipality in rows.select("prefecture", "municipality").iter_rows():
        if names.prefecture(name):
            current = name
        elif name:
            current = current if folded(name) in HEADINGS else ""
        ends = is_sum_word(municipality) and _is_whole(municipality)
        found.append(current if not name and municipality and not ends else name)
    return pl.Series("prefecture", found, dtype=pl.String)


def _stands_for_somebody(rows: pl.DataFrame) -> pl.Series:
    """Tell which rows have more than a word in the column of prefectures: notes have not."""
    figure = "figure" if "figure" in rows.columns else "amount"
    return (rows["municipality"] != "") | (rows[figure].cast(pl.String) != "")


def _is_whole(word: str) -> bool:
    return fold(word) in {"合計", "総計", "総合計", "全国計", "全国合計", "総数", "全国"}


def _comes_back(prefectures: pl.Series, names: Names) -> bool:
    """Tell whether a prefecture stands again after another one: then blanks may be anybody's."""
    standing = [name for name in prefectures if name and names.prefecture(name)]
    runs = [name for at, name in enumerate(standing) if at == 0 or standing[at - 1] != name]
    return len(runs) != len(set(runs))


def _beside_codes(rows: pl.DataFrame, names: Names) -> pl.Series:
    """Return prefectures that are printed once over many rows, by the number in the codes."""
    found: list[str] = []
    before = ("", "")
    for code, name, municipality in rows.select("code", "prefecture", "municipality").iter_rows():
        number = code[:2]
        if not code and not name and is_sum_word(municipality):
            number = ""  # a sum's row is nobody's
        elif not DIGITS.fullmatch(code):  # no number in it: that of the name, or of the row above
            number = names.prefecture_code(name)[:2] or before[0]
        name = before[1] if not name and number == before[0] else name  # noqa: PLW2901
        found.append(name)
        before = (number, name)
    return pl.Series("prefecture", found, dtype=pl.String)
