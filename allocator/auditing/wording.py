"""What findings say: the rows at fault turned into words, in both languages."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

import polars as pl

from allocator.auditing.causes import Cause
from allocator.auditing.findings import Finding
from allocator.auditing.odd_rows import Fault
from allocator.auditing.order import Disorder
from allocator.auditing.past import FORMER, Past
from allocator.auditing.reasons import Reason
from allocator.auditing.reference import Reference
from allocator.auditing.spelling import Difference
from allocator.domain.codes import check_digit
from allocator.domain.outsiders import outsider
from allocator.domain.places import place_text
from allocator.domain.text import Text, joined, listed
from allocator.domain.yen import group, signed
from allocator.sources.lists.table import PublishedList

Row = Mapping[str, Any]
"""A row of a list beside what was expected of it, as `compare` joins them."""

_NOBODY: Final = Text("whose row it is cannot be told", "どの団体の行かは判定できません")

_WRONG_CODE: Final = {
    "check_digit": Text("its check digit is wrong", "検査数字が合いません"),
    "not_a_code": Text("it is not six digits", "6桁の数字ではありません"),
    "empty": Text("the cell is empty", "空欄です"),
    "no_payer": Text("this organisation is no payer here", "この一覧の負担団体ではありません"),
    "unknown": Text("no payer has it", "該当する負担団体がありません"),
    "misprint": Text("no payer has it", "該当する負担団体がありません"),
    "unknown_name": Text("no payer bears this name", "この名称の負担団体はありません"),
}

_NAME_DIFFERENCES: Final = {
    "variant": Text("another spelling", "表記の異同"),
    "misreading": Text("likely misread", "誤読の可能性"),
    "former": Text("a former name", "旧名称"),
    "other": Text("another name", "別の名称"),
}


def spot(published: PublishedList, line: int) -> Text:
    """Return where a row stands, within a sentence."""
    return place_text(published.place(line))


def named_at(reference: Reference, places: pl.Series, at: int) -> str:
    """Return code and name of the payer whose place stands at `at` in `places`."""
    code, prefecture, full = reference.frame.select("code", "prefecture", "full").row(places[at])
    return f"{code} {prefecture}{full}"


def names_of(reference: Reference, codes: Sequence[str]) -> dict[str, str]:
    """Return code and name of payers, for messages."""
    rows = reference.frame.filter(pl.col("code").is_in(codes))
    return {
        code: f"{code} {prefecture}{full}"
        for code, prefecture, full in rows.select("code", "prefecture", "full").iter_rows()
    }


class Context(NamedTuple):
    """What is told of codes: list and reference, code and name of the payers that faults name.

    `listed` are those of them that have a sound row in the list, `nobodys` the rows that belong to
    no payer.
    """

    published: PublishedList
    reference: Reference
    names: Mapping[str, str]
    listed: Collection[str]
    nobodys: Collection[int]


def code(context: Context, row: Row, fault: Fault) -> Finding:
    """Report a wrong code, or a row that is no payer's: such a row's amount is one too many."""
    finding = _code(context, row, fault)
    return replace(finding, effect=row["amount"]) if row["row"] in context.nobodys else finding


def _code(context: Context, row: Row, fault: Fault) -> Finding:
    published, reference, names = context[:3]
    if fault.reason == FORMER and fault.payer:
        since = Past(reference).statement(
            row["code"], names[fault.payer], listed=fault.payer in context.listed
        )
        text = Text(f"{row['code']}: {since.en}", f"{row['code']}: {since.ja}")
        return _at_row(published, row, fault.kind, fault.reason, text)
    written = row["code"] or f"{row['prefecture']}{row['municipality']}"
    if fault.reason == "other_place":
        whose = names.get(fault.payer or "", fault.payer or "")
        if "code" not in published.prints:
            written = f"{row['prefecture']}{row['municipality']}"
            text = Text(
                f"{written} is the name of another payer; by its place the row is that of {whose}",
                f"{written} は別の団体の名称です。位置からは {whose} の行です",
            )
            return _at_row(published, row, fault.kind, fault.reason, text)
        text = Text(
            f"{written} is the code of another payer; by name and place the row is that of {whose}",
            f"{written} は別の団体のコードです。名称・位置からは {whose} の行です",
        )
        return _at_row(published, row, fault.kind, fault.reason, text)
    why = _WRONG_CODE[fault.reason]
    if fault.reason == "check_digit":
        digit = check_digit(written[:5])
        why = Text(
            f"{why.en} ({written[5]}, not {digit})", f"{why.ja}({written[5]} ではなく {digit})"
        )
    if fault.payer is None:
        whose_row = _NOBODY if fault.kind == "bad_code" else Text("", "")
        whose_row = _outsider(reference, row, fault) or whose_row
    else:
        name = names[fault.payer]
        whose_row = Text(f"the row is that of {name}", f"{name} の行です")
    what = joined((why, whose_row), "; ", "。")
    text = Text(f"{written}: {what.en}", f"{written}: {what.ja}")
    return _at_row(published, row, fault.kind, fault.reason, text)


def _outsider(reference: Reference, row: Row, fault: Fault) -> Text | None:
    """Say what a row stands for that is no payer's, where code and name tell."""
    if not reference.register.official or fault.reason == "no_payer":
        return None
    number = row["code"] if fault.reason == "unknown" else ""
    name = row["municipality"] or row["prefecture"]
    prefecture = row["prefecture"] if row["municipality"] else ""
    found = outsider(number, prefecture, name, reference.register).text
    return found if found.en else None


def duplicate(published: PublishedList, row: Row) -> Finding:
    """Report a row that repeats another one's payer."""
    other = spot(published, row["kept_line"])
    again = Text(
        f"{_named(row)} is there already: {other.en}",
        f"{_named(row)} は{other.ja}にもあります",
    )
    if row["amount"] == row["kept"]:
        return _at_row(published, row, "duplicate", "repeated", again, effect=row["amount"])
    text = Text(
        f"{again.en}, with another amount: {group(row['kept'])} yen",
        f"{again.ja}(金額は異なり {group(row['kept'])}円)",
    )
    return _at_row(published, row, "duplicate", "other_amount", text, effect=row["amount"])


def missing(published: PublishedList, reference: Reference, row: Row) -> Finding:
    """Report a payer without a row."""
    name = f"{row['code']} {row['prefecture']}{row['full']}"
    return Finding(
        "missing",
        "no_row",
        Text(f"{name} is not in the list", f"{name} が一覧にありません"),
        str(published.file),
        code=row["code"],
        prefecture=row["prefecture"],
        municipality=row["full"],
        expected=row["amount"] if reference.comparable else None,
        effect=None if row["amount"] is None else -row["amount"],
    )


def amount(published: PublishedList, reference: Reference, row: Row, reason: Reason) -> Finding:
    """Report a wrong amount."""
    difference = row["amount"] - row["expected"]
    text = Text(
        f"{_named(row)}: {group(row['amount'])} yen, {reference.whose.en} {group(row['expected'])} "
        f"({signed(difference)})",
        f"{_named(row)}: {group(row['amount'])}円。{reference.whose.ja}は{group(row['expected'])}円"
        f"(差 {signed(difference)})",
    )
    together = Text("", "")
    if row.get("parts"):
        together = Text(
            f"the sum of {row['parts'] + 1} rows under former codes",
            f"旧コードの{row['parts'] + 1}行の合計",
        )
    text = joined((text, together, reason.text), "; ", "。")
    return _at_row(published, row, "amount", reason.word, text, row["expected"], effect=difference)


def cause(published: PublishedList, found: Cause, rows: Sequence[Finding]) -> Finding:
    """Report many wrong amounts that have one cause."""
    text = Text(
        f"{len(rows):,} of {found.of:,} wrong amounts are {found.text.en}",
        f"相違のある{found.of:,}件のうち{len(rows):,}件は、{found.text.ja}",
    )
    return Finding(
        "amount",
        found.word,
        text,
        str(published.file),
        rows[0].line,
        effect=sum(row.effect or 0 for row in rows),
        below=tuple(rows),
    )


def name(published: PublishedList, row: Row, reason: Difference) -> Finding:
    """Report a name that is not the payer's."""
    printed = f"{row['prefecture']}{row['municipality']}"
    expected = f"{row['expected_prefecture']}{row['full']}"
    kind = _NAME_DIFFERENCES[reason]
    text = Text(
        f"{row['payer']}: {printed} for {expected}: {kind.en}",
        f"{row['payer']}: {expected} が {printed} となっています({kind.ja})",
    )
    return _at_row(published, row, "name", reason, text, amounts=False)


def order(published: PublishedList, rows: pl.DataFrame, disorder: Disorder) -> Finding:
    """Report rows that are not in the order of codes."""
    if disorder.reason == "unsorted":
        count = len(disorder.positions)
        text = Text(
            f"the list follows another order: {count:,} rows are not in their places",
            f"一覧の並び順が異なります({count:,}行)",
        )
        return Finding("order", "unsorted", text, str(published.file))
    displaced = [rows.row(at, named=True) for at in disorder.positions]
    spots = [(_named(row), spot(published, row["line"])) for row in displaced]
    where = Text(
        listed([f"{name} ({place.en})" for name, place in spots]).en,
        listed([f"{name}({place.ja})" for name, place in spots]).ja,
    )
    if disorder.reason == "swapped":
        text = Text(
            f"rows that stand in each other's places: {where.en}",
            f"位置が入れ替わっている行: {where.ja}",
        )
    else:
        text = Text(f"not in its place: {where.en}", f"位置が違う行: {where.ja}")
    return _at_row(published, displaced[0], "order", disorder.reason, text, amounts=False)


def _at_row(
    published: PublishedList,
    row: Row,
    kind: Any,
    reason: str,
    text: Text,
    expected: int | None = None,
    *,
    amounts: bool = True,
    effect: int = 0,
) -> Finding:
    return Finding(
        kind,
        reason,
        text,
        published.where(row["line"]),
        row["line"],
        row["code"],
        row["prefecture"],
        row["municipality"],
        row["amount"] if amounts else None,
        expected,
        effect,
    )


def _named(row: Row) -> str:
    return f"{row['payer']} {row['expected_prefecture']}{row['full']}"
