"""Audits as the JSON that `audit --json` prints."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from allocator.auditing.findings import Audit, Finding
from allocator.auditing.verdict import bridge, gross_difference, net_difference, verdict
from allocator.domain.text import Language


def as_document(audits: Iterable[Audit], language: Language) -> dict[str, Any]:
    """Return what `audit --json` prints."""
    return {"audits": [_audit(audit, language) for audit in audits]}


def _audit(audit: Audit, language: Language) -> dict[str, Any]:
    return {
        "programme": audit.programme,
        "basis": audit.basis,
        "shares": {basis: float(share) for basis, share in audit.bases.items()} or None,
        "inferred_from": audit.inferred_from,
        "verdict": verdict(audit).in_(language),
        "checked": [check.in_(language) for check in audit.checked],
        "not_checked": [check.in_(language) for check in audit.not_checked],
        "rows": audit.rows,
        "matched": audit.matched,
        "payers": audit.payers,
        "agreeing": audit.agreeing,
        **audit.ledger.as_dict(audit.rows, audit.places),
        "declared_total": audit.declared_total,
        "listed_total": audit.listed_total,
        "expected_total": audit.expected_total,
        "net_difference": net_difference(audit),
        "gross_difference": gross_difference(audit),
        "bridge": [
            {"role": step.role, "text": step.text.in_(language), "yen": step.yen}
            for step in bridge(audit)
        ],
        "findings": [_finding(each, language) for each in audit.findings],
    }


def _finding(finding: Finding, language: Language) -> dict[str, Any]:
    return {
        **finding.as_dict(language),
        "effect": finding.effect,
        "below": [_finding(each, language) for each in finding.below],
    }
