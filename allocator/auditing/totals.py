"""Totals: what a list declares, what its rows add up to, and what was expected."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from allocator.auditing.findings import Finding
from allocator.auditing.reference import Reference
from allocator.domain.names import fold
from allocator.domain.text import Text
from allocator.domain.yen import group, signed
from allocator.sources.lists.list_sums import WrongSum
from allocator.sources.lists.table import PublishedList


@dataclass(frozen=True)
class Sums:
    """Sums of a list in yen.

    `listed` is that of all rows, `surplus` that of rows which are one too many or nobody's,
    `lacking` that of the payers without a row (None: not known).
    """

    listed: int
    surplus: int
    lacking: int | None


def total_findings(published: PublishedList, reference: Reference, sums: Sums) -> list[Finding]:
    """Return what is wrong with the totals and isn't explained by the rows."""
    if not reference.of_plan:
        return _between_lists(published, reference, sums)
    expected, declared = reference.total, published.declared_total
    printed = None if published.printed_total == declared else published.printed_total
    found: list[Finding] = []
    for reason, total, line in (
        ("declared", declared, published.declared_line),
        ("printed", printed, published.printed_line),
    ):
        if total is not None and expected is not None and total != expected:
            text = Text(
                f"the {reason} total is {group(total)} yen, expected {group(expected)} "
                f"({signed(total - expected)})",
                f"合計欄は{group(total)}円ですが、{group(expected)}円のはずです"
                f"(差 {signed(total - expected)})",
            )
            found.append(_finding(published, reason, total, expected, text, line))
    # Where amounts were compared, the rows' findings say all about the sum. Where they could not
    # be, the sum is what a wrong amount shows in.
    known = [total for total in (expected, declared, printed) if total is not None]
    if not reference.comparable and known and not _adds_up(sums, known):
        found.append(_sum_finding(published, sums, known[0]))
    return found


def subtotal_findings(published: PublishedList, others: Sequence[Finding]) -> list[Finding]:
    """Return the subtotals that their rows don't make up, and that no other finding explains."""
    return [
        _finding(published, "subtotal", each.printed, each.added, each.text, each.line)
        for each in published.wrong_sums
        if not _is_explained(each, others)
    ]


def _is_explained(wrong: WrongSum, others: Sequence[Finding]) -> bool:
    """Tell whether what the rows of a prefecture are off by is what its subtotal is off by."""
    effects = [
        leaf.effect or 0
        for each in others
        for leaf in each.leaves
        if not wrong.prefecture or fold(leaf.prefecture or "") == wrong.prefecture
    ]
    return bool(effects) and wrong.added - wrong.printed in (sum(effects), *effects)


def _between_lists(published: PublishedList, reference: Reference, sums: Sums) -> list[Finding]:
    """Two lists may declare different totals, as long as each agrees with its own rows."""
    declared = published.declared_total
    if declared is None or declared in (sums.listed, reference.total):
        return []
    text = Text(
        f"the declared total is {group(declared)} yen, the rows add up to {group(sums.listed)}",
        f"合計欄は{group(declared)}円ですが、各行の合計は{group(sums.listed)}円です",
    )
    line = published.declared_line
    return [_finding(published, "declared", declared, sums.listed, text, line)]


def _adds_up(sums: Sums, known: list[int]) -> bool:
    """Tell whether the rows, with what other findings say of them, give one of the totals."""
    sound = sums.listed - sums.surplus
    if sums.lacking is None:
        return any(sound <= total for total in known)
    return sound + sums.lacking in known


def _sum_finding(published: PublishedList, sums: Sums, expected: int) -> Finding:
    unexplained = sums.listed - sums.surplus + (sums.lacking or 0) - expected
    text = Text(
        f"the rows add up to {group(sums.listed)} yen, expected {group(expected)}; "
        f"{signed(unexplained)} yen is explained by no other finding",
        f"各行の合計は{group(sums.listed)}円ですが、{group(expected)}円のはずです"
        f"(他の指摘で説明できない差 {signed(unexplained)}円)",
    )
    return Finding(
        "total", "sum", text, str(published.file), published=sums.listed, expected=expected
    )


def _finding(
    published: PublishedList, reason: str, found: int, expected: int, text: Text, line: int | None
) -> Finding:
    where = str(published.file) if line is None else published.where(line)
    return Finding("total", reason, text, where, line, published=found, expected=expected)
