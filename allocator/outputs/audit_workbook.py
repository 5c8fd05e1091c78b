"""The working paper of an audit as a workbook: scope and checks, then every finding."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Final

from allocator.audit.findings import Audit
from allocator.domain.text import Language, Text
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

_SUMMARY: Final = Text("Summary", "総括")
_FINDINGS: Final = Text("Findings", "指摘事項")
_LIST: Final = Text("list", "一覧")
_SEVERITY: Final = Text("severity", "区分")
_WIDTHS: Final = (24, 10, 26, 44, 10, 28, 16, 16, 14, 70)
_A4: Final = 9
_LARGEST_EXACT: Final = 10**15
"""Beyond 15 digits a spreadsheet shows wrong ones: such amounts are written as text."""


def render(audits: Sequence[Audit], language: Language) -> bytes:
    """Return the workbook; the same audits give the same bytes."""
    import xlsxwriter

    from allocator.outputs.workbook.styles import FONT, styles

    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        content,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "default_format_properties": dict(FONT),
        },
    )
    # A clock would change the bytes.
    created = datetime(2000, 1, 1, tzinfo=UTC)
    workbook.set_properties({"title": TITLE.in_(language), "created": created})
    formats = styles(workbook)
    summary = workbook.add_worksheet(_SUMMARY.in_(language))
    summary.set_column(0, 0, 28)
    summary.set_column(1, 1, 90)
    summary.write_string(0, 0, TITLE.in_(language), formats["title"])
    row = 2
    for audit in audits:
        summary.write_string(row, 0, audit.programme or audit.source, formats["heading"])
        summary.write_string(row, 1, audit.verdict.in_(language), formats["heading"])
        lines = scope(audit, language)
        lines += [(CHECKED.in_(language), each.described(language)) for each in audit.checked]
        lines += [
            (NOT_CHECKED.in_(language), each.described(language)) for each in audit.not_checked
        ]
        for name, value in lines:
            row += 1
            summary.write_string(row, 0, name, formats["label"])
            summary.write_string(row, 1, value, formats["wrapped"])
        row += 2
    findings = workbook.add_worksheet(_FINDINGS.in_(language))
    heads = [_LIST, _SEVERITY, *COLUMNS.values()]
    for column, (head, width) in enumerate(zip(heads, _WIDTHS, strict=True)):
        findings.set_column(column, column, width)
        findings.write_string(0, column, head.in_(language), formats["heading"])
    row = 1
    for audit in audits:
        for severity, heading in SEVERITIES.items():
            for finding in findings_of(audit, severity):
                cells = [audit.programme or audit.source, heading.in_(language)]
                for column, cell in enumerate([*cells, *words(finding, language).values()]):
                    if isinstance(cell, int) and abs(cell) < _LARGEST_EXACT:
                        findings.write_number(row, column, cell, formats["number"])
                    else:
                        findings.write(row, column, str(cell) if cell else None, formats["wrapped"])
                row += 1
    findings.freeze_panes(1, 0)
    findings.autofilter(0, 0, max(row - 1, 0), len(heads) - 1)
    findings.repeat_rows(0)
    for sheet in (summary, findings):
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&C&P / &N")
    findings.set_landscape()
    workbook.close()
    return content.getvalue()
