"""Rows that add others up: totals and subtotals, known by their words and checked by their sums."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

import polars as pl

from allocator.domain.names import TOTAL_WORDS, fold
from allocator.domain.outsiders import outsider
from allocator.domain.text import Text
from allocator.domain.yen import group
from allocator.sources.tables.who import Names

Sum = Literal["total", "subtotal"]

_PARTS: Final = frozenset({"市部", "郡部", "町村部", "区部", "市区部", "島部", "島しょ部"})
_SUM: Final = "計"
_TOTALS: Final = frozenset(
    {*TOTAL_WORDS, "総合計", "累計", "全団体計", "都道府県合計", "市区町村合計", "合計額", "総額"}
)
_NO_SUM: Final = re.compile("会計|家計|時計|設計|統計|余計|計画|推計")
_SIX: Final = r"^[0-9]{6}$"
_KINDS: Final = (
    (frozenset({"市計", "市部", "市部計", "市部小計", "市小計"}), ("designated_city", "city")),
    (frozenset({"町計"}), ("town",)),
    (frozenset({"村計"}), ("village",)),
    (
        frozenset({"町村計", "町村部", "町村部計", "郡部", "郡部計", "郡計", "町村小計"}),
        ("town", "village"),
    ),
    (frozenset({"区計", "区部", "区部計", "特別区計", "区小計"}), ("special_ward",)),
)


class Row(NamedTuple):
    """A row that was taken, for checking sums: its prefecture (folded), kind, figure, line."""

    prefecture: str
    kind: str
    figure: int
    line: int


@dataclass(frozen=True)
class Subtotal:
    """A sum printed within a list: its words, the prefecture it stands for (folded, or "")."""

    words: str
    prefecture: str
    figure: int
    line: int


def is_sum_word(cell: str) -> bool:
    """Tell whether a cell that names a row names a sum: 合計, 小計, 北海道計, 市 計, 郡部."""
    text = fold(cell)
    if not text:
        return False
    if text in _TOTALS or text in _PARTS:
        return True
    return text.endswith((_SUM, f"{_SUM})")) and not _NO_SUM.search(text)


def sum_of(cells: Sequence[str], names: Names) -> Sum | None:
    """Return what kind of sum a row is whose naming cells are these, None where it is none.

    A word for a total beside the name of a prefecture is that prefecture's subtotal: 北海道 | 計.
    """
    words = [cell for cell in cells if is_sum_word(cell)]
    if not words:
        return None
    others = [cell for cell in cells if cell not in words and not names.is_nobody(cell)]
    if any(fold(word) in _TOTALS for word in words) and not any(map(names.prefecture, others)):
        return "total"
    return "subtotal"


def area_of(cells: Iterable[str], names: Names) -> str:
    """Return the prefecture (folded) that a row of a sum stands for, or "": 北海道 計, 北海道計."""
    for cell in cells:
        text = fold(cell)
        for form in (text, text.removesuffix("合計"), text.removesuffix("小計"), text[:-1]):
            if area := names.prefecture(form):
                return area
    return ""


def wrong_subtotals(
    subtotals: Sequence[Subtotal], rows: Sequence[Row]
) -> list[tuple[Subtotal, int]]:
    """Return the subtotals that are the sum of none of the rows they can stand for, with that sum.

    What a subtotal sums up, its words say (市計: the cities), its prefecture, and its place: the
    rows above it up to the last sum, or all of its prefecture.
    """
    wrong: list[tuple[Subtotal, int]] = []
    ordered = sorted(rows, key=lambda row: row.line)
    last = 0
    for each in sorted(subtotals, key=lambda subtotal: subtotal.line):
        candidates = list(_candidates(each, ordered, last))
        if each.figure not in candidates:
            wrong.append((each, candidates[0]))
        last = each.line
    return wrong


def _candidates(each: Subtotal, rows: Sequence[Row], last: int) -> Iterable[int]:
    above = [row for row in rows if row.line < each.line]
    since = [row for row in above if row.line > last]
    below = next((row for row in rows if row.line > each.line), None)
    area = each.prefecture or (above[-1].prefecture if above else "")
    if not each.prefecture and not since and below is not None:
        area = below.prefecture  # a sum that stands above its rows
    inside = [row for row in rows if row.prefecture == area]
    kinds = next((kinds for words, kinds in _KINDS if fold(each.words) in words), None)
    if kinds is not None:
        inside, since = ([row for row in some if row.kind in kinds] for some in (inside, since))
        above = [row for row in above if row.kind in kinds]
    members = [row for row in inside if row.kind != "prefecture"]
    for some in (since, members, inside, above):
        yield sum(row.figure for row in some)


def county_sums(rows: pl.DataFrame, names: Names) -> list[int]:
    """Return the lines of a list's rows (schemas.LISTED) that are the sum of a county's others.

    Counties and islands have codes of their own. One whose amount is not that sum stays a row: it
    may be anything.
    """
    register = names.register
    if not register.official or rows["code"].is_in(list(register.codes)).all():
        return []
    county = dict(register.frame.select("code", "county").iter_rows())
    added: Counter[tuple[str, str]] = Counter()
    for code, amount in rows.select("code", "amount").iter_rows():
        if name := fold(county.get(code, "")):
            added[code[:2], name] += amount
    known = pl.col("code").is_in(list(register.codes))
    strangers = rows.filter(~known & pl.col("code").str.contains(_SIX))
    return [
        line
        for code, prefecture, name, amount, line in strangers.iter_rows()
        if outsider(code, prefecture, name, register).kind == "subtotal"
        and (key := (code[:2], fold(name).removeprefix(fold(prefecture)))) in added
        and added[key] == amount
    ]


def said(each: Subtotal, added: int) -> Text:
    """Return the statement that a subtotal is not the sum of its rows."""
    return Text(
        f"{each.words} says {group(each.figure)}, its rows add up to {group(added)}",
        f"「{each.words}」は {group(each.figure)} ですが、対象の各行の計は {group(added)} です",
    )
