"""What a comparison says, whatever it is written as: sums, counts, columns."""

from __future__ import annotations

from typing import Final

from allocator.auditing.side_by_side import CHANGES, Compared, Comparison, Row
from allocator.domain.figures import tenths
from allocator.domain.text import Language, Text
from allocator.domain.yen import group, signed

TITLE: Final = Text("Comparison of amounts", "金額の比較")
NOTES: Final = Text("Notes", "注記")
NO_PROGRAMME: Final = Text("programme not named", "事業名なし")

COLUMNS: Final = {
    "code": Text("code", "団体コード"),
    "prefecture": Text("prefecture", "都道府県名"),
    "municipality": Text("municipality", "市区町村名"),
    "left": Text("left, yen", "左(円)"),
    "right": Text("right, yen", "右(円)"),
    "difference": Text("difference, yen", "増減(円)"),
    "percent": Text("per cent", "増減率"),
    "change": Text("change", "区分"),
}

FIGURES: Final = ("left", "right", "difference", "percent")
"""The columns whose cells are figures."""


def name_of(compared: Compared, language: Language) -> str:
    """Return how a programme is called: by its id, else by the title of its list."""
    return compared.programme or compared.title or NO_PROGRAMME.in_(language)


def percent(difference: int | None, of: int | None) -> str:
    """Return a difference as a share of what it is measured by, exact to a tenth of a per cent.

    Half a tenth is rounded away from zero; "" where there is nothing to measure by.
    """
    if difference is None or not of:
        return ""
    whole = tenths(abs(difference), abs(of))
    if whole == tenths(0, 1):
        return whole
    return f"+{whole}" if (difference > 0) == (of > 0) else f"△{whole}"


def scope(comparison: Comparison, language: Language) -> list[tuple[str, str]]:
    """Return what was compared: a name and a value each."""
    left, right = (words.in_(language) for words in (comparison.left_words, comparison.right_words))
    return [
        (Text("left", "左").in_(language), f"{comparison.left.in_(language)} ({left})"),
        (Text("right", "右").in_(language), f"{comparison.right.in_(language)} ({right})"),
        (
            Text("difference", "増減").in_(language),
            Text(
                "right less left; joined over changes of codes",
                "右 - 左(団体コードの変更を引き継いで比較)",
            ).in_(language),
        ),
    ]


def figures(compared: Compared, language: Language) -> list[tuple[str, str]]:
    """Return the sums and counts of a programme: a name and a value each."""

    def yen(amount: int | None) -> str:
        return Text("none", "なし").in_(language) if amount is None else group(amount)

    total = compared.difference
    change = Text("not comparable", "比較なし").in_(language) if total is None else signed(total)
    rate = percent(total, compared.left_total)
    found = [
        (Text("left in total, yen", "左の合計(円)"), yen(compared.left_total)),
        (Text("right in total, yen", "右の合計(円)"), yen(compared.right_total)),
        (Text("difference, yen", "増減(円)"), f"{change} ({rate})" if rate else change),
    ]
    for kind, words in CHANGES.items():
        count, moved = f"{compared.counts[kind]:,}", compared.moved(kind)
        found.append((words, f"{count} ({signed(moved)})" if moved else count))
    return [(words.in_(language), value) for words, value in found]


def cells(row: Row, language: Language) -> dict[str, str | int | None]:
    """Return a row by column; amounts stay whole yen."""
    return {
        "code": row.code,
        "prefecture": row.prefecture,
        "municipality": row.municipality,
        "left": row.left,
        "right": row.right,
        "difference": row.difference,
        "percent": percent(row.difference, row.left),
        "change": CHANGES[row.change].in_(language),
    }


def brief(compared: Compared, language: Language) -> str:
    """Return a programme in one line."""
    name, total = name_of(compared, language), compared.difference
    if total is None:
        side, rows = (
            (Text("left", "左"), compared.left_total)
            if compared.right_total is None
            else (Text("right", "右"), compared.right_total)
        )
        count = len(compared.rows)
        return Text(
            f"{name}: only on the {side.en}: {group(rows or 0)} yen, {count:,} payers",
            f"{name}: {side.ja}のみ。{group(rows or 0)} 円、{count:,} 団体",
        ).in_(language)
    rate = percent(total, compared.left_total)
    sums = f"{group(compared.left_total or 0)} → {group(compared.right_total or 0)}"
    change = f"{signed(total)} ({rate})" if rate else signed(total)
    counted = [(CHANGES[kind], count) for kind, count in compared.counts.items()]
    return Text(
        f"{name}: {sums} yen, {change}; "
        + ", ".join(f"{count:,} {words.en}" for words, count in counted),
        f"{name}: {sums} 円、増減 {change}。"
        + "、".join(f"{words.ja} {count:,}" for words, count in counted),
    ).in_(language)
