"""The working paper of an audit as one HTML page, in the look of the report."""

from __future__ import annotations

from collections.abc import Sequence

from allocator.audit.findings import Audit
from allocator.domain.text import Language
from allocator.outputs.audit_paper import (
    CHECKED,
    COLUMNS,
    NOT_CHECKED,
    SEVERITIES,
    TITLE,
    findings_of,
    scope,
    words,
)
from allocator.outputs.report import page
from allocator.outputs.report.shell import fragment


def render(audits: Sequence[Audit], language: Language) -> bytes:
    """Return the page; every finding is in it, and every name in it is text, never markup."""
    sections = [
        {
            "anchor": f"list-{number}",
            "name": audit.programme or audit.source,
            "verdict": audit.verdict.in_(language),
            "severity": "error" if audit.errors else "warning" if audit.warnings else "none",
            "scope": scope(audit, language),
            "checked": [check.described(language) for check in audit.checked],
            "not_checked": [check.described(language) for check in audit.not_checked],
            "findings": [
                (
                    severity,
                    heading.in_(language),
                    [words(finding, language) for finding in findings_of(audit, severity)],
                )
                for severity, heading in SEVERITIES.items()
            ],
        }
        for number, audit in enumerate(audits, start=1)
    ]
    body = fragment(
        "audit.html.j2",
        sections=sections,
        columns={key: column.in_(language) for key, column in COLUMNS.items()},
        checked=CHECKED.in_(language),
        not_checked=NOT_CHECKED.in_(language),
    )
    links = [(f"list-{n}", str(section["name"])) for n, section in enumerate(sections, start=1)]
    return page(TITLE.in_(language), body, links=links, language=language)
