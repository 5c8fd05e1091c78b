"""A list against what it should say: every fault found, each reported once.

The order of the work: whose row is it -> codes -> who is listed twice or not at all -> amounts ->
names -> order -> totals.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial

import polars as pl

from allocator.auditing import wording
from allocator.auditing.absorbed import absorbed
from allocator.auditing.causes import Cause, causes
from allocator.auditing.findings import Finding
from allocator.auditing.identify import Identified, fitting, identify
from allocator.auditing.order import disorders
from allocator.auditing.past import Past, former_rows, with_parts
from allocator.auditing.reasons import UNEXPLAINED, UNKNOWN, Column, Knowledge, Reason, explain
from allocator.auditing.reference import Reference, former_names
from allocator.auditing.repeated import kept_and_extra
from allocator.auditing.spelling import DIFFERENCES, Difference, difference
from allocator.auditing.totals import Sums, subtotal_findings, total_findings
from allocator.domain.frames import only
from allocator.domain.text import Text
from allocator.engine.exact import total
from allocator.sources.lists.table import PublishedList


@dataclass(frozen=True)
class Comparison:
    """What came of it.

    `payers` counts those that the list has or should have, `agreeing` those of them with the
    expected amount, `matched` those that have it under their own code.
    """

    findings: tuple[Finding, ...]
    payers: int
    agreeing: int | None
    matched: int | None
    listed_total: int
    mended: tuple[int, ...]


def compare(
    published: PublishedList, reference: Reference, knowledge: Knowledge | None = None
) -> Comparison:
    """Compare a list with a reference, by code."""
    whose = identify(published, reference)
    rows = only(whose.rows, pl.col("payer").is_not_null())
    kept, extra = kept_and_extra(rows, whose.faults.keys())
    missing = _missing(kept, reference)
    nobodys = whose.rows.filter(pl.col("payer").is_null())
    if len(nobodys):
        kept, nobodys = with_parts(kept, nobodys, whose.faults)
    listed = total(published.frame["amount"].to_numpy())
    surplus = total(extra["amount"].to_numpy()) + total(nobodys["amount"].to_numpy())
    amounts, common = _amount_findings(published, reference, kept, extra, knowledge or Knowledge())
    findings = [
        *_code_findings(published, whose, reference, nobodys),
        *_duplicate_findings(published, reference, kept, extra),
        *(wording.missing(published, reference, row) for row in missing.iter_rows(named=True)),
        *amounts,
        *_name_findings(published, reference, rows, whose),
        *_order_findings(published, reference, kept, whose),
        *total_findings(published, reference, Sums(listed, surplus, _lacking(missing))),
    ]
    findings += subtotal_findings(published, findings)
    return Comparison(
        tuple(in_order(absorbed(findings, common, reference.total))),
        len(kept) + len(missing),
        _agreeing(kept) if reference.comparable else None,
        _matched(kept, whose) if reference.comparable else None,
        listed,
        whose.mended,
    )


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Put errors before warnings, and both in the order of the list (no line: at the end)."""
    return sorted(
        findings,
        key=lambda each: (each.severity != "error", each.line is None, each.line or 0),
    )


def _missing(kept: pl.DataFrame, reference: Reference) -> pl.DataFrame:
    if len(kept) == len(reference.frame):
        return reference.frame.clear()
    return reference.without(kept["place"]).filter(~pl.col("optional"))


def _lacking(missing: pl.DataFrame) -> int | None:
    return None if missing["amount"].null_count() else total(missing["amount"].to_numpy())


def _matched(kept: pl.DataFrame, whose: Identified) -> int:
    agreeing = _agreeing(kept)
    if whose.faults:
        agreeing -= _agreeing(kept.filter(pl.col("row").is_in(list(whose.faults))))
    return agreeing


def _agreeing(rows: pl.DataFrame) -> int:
    return int((rows["amount"] == rows["expected"]).sum())


# -- codes, duplicates -----------------------------------------------------------------------------


def _code_findings(
    published: PublishedList, whose: Identified, reference: Reference, nobodys: pl.DataFrame
) -> list[Finding]:
    if not whose.faults:
        return []
    payers = [fault.payer for fault in whose.faults.values() if fault.payer is not None]
    names = wording.names_of(reference, payers)
    rows = whose.rows[sorted(whose.faults)]
    listed: frozenset[str] = frozenset()
    if former := former_rows(whose.faults):
        heirs = {whose.faults[row].payer for row in former}
        sound = pl.col("payer").is_in(list(heirs)) & ~pl.col("row").is_in(list(whose.faults))
        listed = frozenset(whose.rows.filter(sound)["payer"])
    context = wording.Context(published, reference, names, listed, frozenset(nobodys["row"]))
    return [
        wording.code(context, row, whose.faults[row["row"]]) for row in rows.iter_rows(named=True)
    ]


def _duplicate_findings(
    published: PublishedList, reference: Reference, kept: pl.DataFrame, extra: pl.DataFrame
) -> list[Finding]:
    if extra.is_empty():
        return []
    first = kept.select("payer", pl.col("line").alias("kept_line"), pl.col("amount").alias("kept"))
    beside = reference.named(extra).join(first, on="payer", how="left", maintain_order="left")
    return [wording.duplicate(published, row) for row in beside.iter_rows(named=True)]


# -- amounts ---------------------------------------------------------------------------------------


def _amount_findings(
    published: PublishedList,
    reference: Reference,
    kept: pl.DataFrame,
    extra: pl.DataFrame,
    knowledge: Knowledge,
) -> tuple[list[Finding], list[Cause]]:
    if not reference.comparable:
        return [], []
    known = only(kept, pl.col("expected").is_not_null())
    wrong = reference.named(known.filter(pl.col("amount") != pl.col("expected")))
    found: list[Finding] = []
    common: list[Cause] = []
    if len(wrong):
        column = Column(
            known["payer"],
            partial(wording.named_at, reference, known["place"]),
            known["line"],
            known["amount"].to_numpy(),
            known["expected"].to_numpy(),
            partial(wording.spot, published),
            known["place"].to_numpy(),
            reference.frame["amount"].fill_null(UNKNOWN).to_numpy(),
        )
        found, common = _wrong_amounts(published, reference, column, wrong, knowledge)
    return found + _amounts_of_extra(published, reference, kept, extra), common


def _wrong_amounts(
    published: PublishedList,
    reference: Reference,
    column: Column,
    wrong: pl.DataFrame,
    knowledge: Knowledge,
) -> tuple[list[Finding], list[Cause]]:
    """Say what is wrong with amounts: rows that have one cause hang below one finding."""
    if knowledge.dated is not None:
        knowledge = replace(knowledge, dated=cache(knowledge.dated))
    common = causes(column, knowledge)
    of_cause = {at: Reason(each.word, Text("", "")) for each in common for at in each.rows}
    reasons = explain(column, knowledge, of_cause.keys()) | of_cause
    single = {
        at: wording.amount(published, reference, row, reason)
        for row, (at, reason) in zip(
            wrong.iter_rows(named=True), sorted(reasons.items()), strict=True
        )
    }
    together = [
        wording.cause(published, each, [single.pop(at) for at in sorted(each.rows)])
        for each in common
    ]
    return [*together, *single.values()], common


def _amounts_of_extra(
    published: PublishedList, reference: Reference, kept: pl.DataFrame, extra: pl.DataFrame
) -> list[Finding]:
    """A repeated row has an amount of its own to answer for where it isn't a mere copy."""
    if extra.is_empty():
        return []
    copied = kept.select("payer", pl.col("amount").alias("copied"))
    wrong = extra.join(copied, on="payer", how="left", maintain_order="left").filter(
        (pl.col("amount") != pl.col("expected")) & (pl.col("amount") != pl.col("copied"))
    )
    return [
        # The whole row is one too many, which the finding on that says already.
        replace(wording.amount(published, reference, row, UNEXPLAINED), effect=0)
        for row in reference.named(wrong).iter_rows(named=True)
    ]


# -- names, order ----------------------------------------------------------------------------------


def _name_findings(
    published: PublishedList, reference: Reference, rows: pl.DataFrame, whose: Identified
) -> list[Finding]:
    if published.prints.isdisjoint(("prefecture", "municipality")):
        return []
    odd = reference.named(rows.filter(~pl.col("settled")))
    if "code" not in published.prints:
        # In a list by name a wrong name is the fault of the row itself, reported already.
        odd = odd.filter(~pl.col("row").is_in(list(whose.faults)))
    if former := former_rows(whose.faults):
        # Beside an old code the name of its day is no fault of its own.
        past = Past(reference)
        old = odd.filter(pl.col("row").is_in(former)).select("row", "code", "municipality")
        right = [row for row, code, name in old.iter_rows() if past.had_name(code, name)]
        odd = odd.filter(~pl.col("row").is_in(right))
    if "municipality" not in published.prints:
        # Nothing can be said of names that the list doesn't print.
        odd = odd.with_columns(municipality=pl.col("bare"))
    differing = odd.filter(~fitting(odd)).unique(
        ["payer", "prefecture", "municipality"], keep="first", maintain_order=True
    )
    if differing.is_empty():
        return []
    others = _names_of_others(reference, differing["municipality"])
    known = former_names(reference.register, differing["payer"].to_list())
    found = []
    for row in differing.iter_rows(named=True):
        prefecture = row["expected_prefecture"]
        printed = row["municipality"].removeprefix(prefecture)
        reasons: list[Difference] = []
        if printed not in (row["full"], row["bare"]):
            names = (row["full"], row["bare"])
            earlier = known.get(row["payer"], frozenset())
            reasons.append(difference(printed, names, earlier, others[prefecture]))
        if row["prefecture"] not in (prefecture, ""):
            forms = (prefecture, prefecture[:-1])
            reasons.append(difference(row["prefecture"], forms, (), others.keys()))
        found.append(wording.name(published, row, max(reasons, key=DIFFERENCES.index)))
    return found


def _names_of_others(reference: Reference, printed: pl.Series) -> Mapping[str, set[str]]:
    """Return which of the printed names belong to somebody, by prefecture (all of those)."""
    names = {prefecture: set[str]() for prefecture in reference.frame["prefecture"].unique()}
    wanted = printed.unique().implode()
    for column in ("bare", "full"):
        rows = reference.frame.filter(pl.col(column).is_in(wanted) & (pl.col(column) != ""))
        for prefecture, name in rows.select("prefecture", column).iter_rows():
            names[prefecture].add(name)
    return names


def _order_findings(
    published: PublishedList, reference: Reference, kept: pl.DataFrame, whose: Identified
) -> list[Finding]:
    # An old code stands where it stood; that it is old is said already.
    if former := former_rows(whose.faults):
        kept = kept.filter(~pl.col("row").is_in(former))
    found = disorders(kept["place"].to_numpy())
    rows = reference.named(kept) if found else kept
    return [wording.order(published, rows, disorder) for disorder in found]
