"""Results as frames, for those who work in Python: a row each, columns named as in JSON and CSV."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

import polars as pl

from allocator.auditing.findings import Audit
from allocator.auditing.side_by_side import Comparison
from allocator.domain.text import Language
from allocator.engine.result import Allocation
from allocator.plans.programme import Programme
from allocator.results.outcome import Outcome
from allocator.sources.lists.table import PublishedList
from allocator.words.labels import agreement_words
from allocator.words.payer import Explanation, ProgrammeExplanation
from allocator.words.steps import Step

_PAYER: Final = ("code", "prefecture", "municipality")


def plan_frame(programmes: Iterable[Programme]) -> pl.DataFrame:
    """Return programme, name, payers, basis, total (yen; null where it follows)."""
    rows = [(each.id, each.title, each.payers, each.basis, each.total) for each in programmes]
    return _frame(rows, ("programme", "name", "payers", "basis"), ("total",))


def amounts_frame(outcome: Outcome) -> pl.DataFrame:
    """Return programme, code, prefecture, municipality, amount (yen), as in allocation.csv."""
    frames = [
        allocation_frame(each.allocation).select(
            pl.lit(each.programme.id).alias("programme"), pl.all()
        )
        for each in outcome.programmes
        if each.allocation is not None
    ]
    return pl.concat([_frame([], ("programme", *_PAYER), ("amount",)), *frames])


def allocation_frame(allocation: Allocation) -> pl.DataFrame:
    """Return code, prefecture, municipality (with its county, 郡), amount (yen), by code."""
    name = pl.concat_str("county", "municipality").alias("municipality")
    return allocation.payers.select(
        "code", "prefecture", name, pl.Series("amount", allocation.amounts, dtype=pl.Int64)
    )


def summary_frame(outcome: Outcome, language: Language) -> pl.DataFrame:
    """Return programme, basis, agreement (in words), payers, total (yen)."""
    rows = [
        (
            each.programme.id,
            each.programme.basis,
            agreement_words(each).in_(language),
            len(each.allocation.payers) if each.allocation else None,
            each.allocation.total if each.allocation else None,
        )
        for each in outcome.programmes
    ]
    return _frame(rows, ("programme", "basis", "agreement"), ("payers", "total"))


def lists_frame(lists: Sequence[PublishedList]) -> pl.DataFrame:
    """Return list (counted from 1), programme, code, prefecture, municipality, amount, line."""
    keys = ("code", "prefecture", "municipality", "amount", "line")
    return pl.concat(
        [
            each.frame.select(
                pl.lit(number, pl.Int64).alias("list"),
                pl.lit(each.programme).alias("programme"),
                *keys,
            )
            for number, each in enumerate(lists, start=1)
        ]
    )


def left_out_frame(lists: Sequence[PublishedList]) -> pl.DataFrame:
    """Return line, reason, text, list: every row of the lists' tables that is in none of them."""
    rows = [
        (str(row["line"]), row["reason"], row["text"], number)
        for number, each in enumerate(lists, start=1)
        for row in each.left_out.as_dict(len(each.frame), each.places)["left_out"]
    ]
    return _frame(rows, ("line", "reason", "text"), ("list",))


def audits_frame(audits: Iterable[Audit], language: Language) -> pl.DataFrame:
    """Return the findings, with the columns of `audit --json`."""
    texts = ("programme", "kind", "severity", "reason", *_PAYER, "where", "message")
    figures = ("published", "expected", "difference")
    found = [
        {"programme": each.programme, **finding.as_dict(language)}
        for each in audits
        for finding in each.findings
    ]
    rows = [tuple(each[name] for name in (*texts, *figures)) for each in found]
    return _frame(rows, texts, figures)


def checks_frame(audits: Iterable[Audit], language: Language) -> pl.DataFrame:
    """Return programme, check, note, checked: what was checked, and what could not be, and why."""
    rows = [
        (each.programme, check.what, check.note.in_(language) if check.note else "", was_checked)
        for each in audits
        for checks, was_checked in ((each.checked, True), (each.not_checked, False))
        for check in checks
    ]
    schema = {"programme": pl.String, "check": pl.String, "note": pl.String, "checked": pl.Boolean}
    return pl.DataFrame(rows, schema=schema, orient="row")


def explanation_frame(explanation: Explanation, language: Language) -> pl.DataFrame:
    """Return programme, part (null: the whole), step, value (exact, as text), text."""
    rows = [
        (each.programme, number, step.name, step.value, step.text.in_(language))
        for each in explanation.programmes
        for number, steps in (*_parts(each), (None, each.steps))
        for step in steps
    ]
    columns = ("programme", "part", "step", "value", "text")
    schema = dict.fromkeys(columns, pl.String) | {"part": pl.Int64}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _parts(explained: ProgrammeExplanation) -> Iterator[tuple[int, Sequence[Step]]]:
    for number, part in enumerate(explained.parts, start=1):
        yield number, part.steps


def comparison_frame(comparison: Comparison) -> pl.DataFrame:
    """Return programme, code, prefecture, municipality, left, right, difference (yen)."""
    figures = ("left", "right", "difference")
    rows = [
        (each.programme, *(row.as_dict()[name] for name in (*_PAYER, *figures)))
        for each in comparison.programmes
        for row in each.rows
    ]
    return _frame(rows, ("programme", *_PAYER), figures)


def _frame(rows: Sequence[Any], texts: Sequence[str], figures: Sequence[str]) -> pl.DataFrame:
    schema = {**dict.fromkeys(texts, pl.String), **dict.fromkeys(figures, pl.Int64)}
    return pl.DataFrame(rows, schema=schema, orient="row")
