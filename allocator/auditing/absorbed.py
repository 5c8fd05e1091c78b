"""What has the same cause as the amounts: it hangs below that one finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from allocator.auditing.causes import Cause
from allocator.auditing.findings import Finding


def absorbed(
    findings: Sequence[Finding], common: Sequence[Cause], expected_total: int | None
) -> list[Finding]:
    """Put below the finding on a cause what follows from it: totals, and who is listed.

    A total that the cause gives as well is no fault of its own. A list of another programme has
    that one's payers. The finding on each of `common` is the one with its reason and rows below.
    """
    rest = list(findings)
    for cause in common:
        head = next(each for each in rest if each.below and each.reason == cause.word)
        same = [each for each in rest if not each.below and _follows(each, cause, expected_total)]
        if same:
            rest = [_with(each, same) if each is head else each for each in rest]
            rest = [each for each in rest if each not in same]
    return rest


def with_titles(findings: Sequence[Finding], titles: Sequence[Finding]) -> list[Finding]:
    """Add the findings on a title; one that says what the amounts say hangs below those."""
    result = list(findings)
    for title in titles:
        at = next((at for at, each in enumerate(result) if _says(each, title)), None)
        if at is None:
            result.append(title)
        else:
            result[at] = _with(result[at], [title])
    return result


def _says(finding: Finding, title: Finding) -> bool:
    return bool(finding.below) and finding.reason == title.reason


def _with(head: Finding, others: Sequence[Finding]) -> Finding:
    effect = (head.effect or 0) + sum(each.effect or 0 for each in others)
    return replace(head, effect=effect, below=(*head.below, *others))


def _follows(finding: Finding, cause: Cause, expected_total: int | None) -> bool:
    if finding.kind == "total":
        return expected_total is not None and finding.published in cause.total(expected_total)
    if cause.amounts is None or cause.word == "other_date":
        return False
    if finding.kind == "missing":
        return finding.code not in cause.amounts
    if (finding.kind, finding.reason) == ("unexpected", "no_payer"):
        return cause.amounts.get(finding.code or "") == finding.published
    return False
