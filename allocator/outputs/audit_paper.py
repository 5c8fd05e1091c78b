"""What an audit's working paper says, whatever it is written as: scope, checks, findings."""

from __future__ import annotations

from typing import Final

from allocator.audit.findings import KIND_NAMES, Audit, Finding
from allocator.domain.text import Language, Text
from allocator.domain.yen import group
from allocator.outputs.method import BASIS

TITLE: Final = Text("Audit of published lists", "公表一覧の照合調書")
CHECKED: Final = Text("Checked", "照合した事項")
NOT_CHECKED: Final = Text("Not checked, and why", "照合しなかった事項とその理由")

COLUMNS: Final = {
    "kind": Text("kind", "種別"),
    "where": Text("where", "場所"),
    "code": Text("code", "団体コード"),
    "name": Text("name", "団体名"),
    "published": Text("published, yen", "一覧の額(円)"),
    "expected": Text("expected, yen", "あるべき額(円)"),
    "difference": Text("difference, yen", "差(円)"),
    "message": Text("what was found", "内容"),
}

SEVERITIES: Final = {"error": Text("Errors", "誤り"), "warning": Text("Warnings", "注意")}


def scope(audit: Audit, language: Language) -> list[tuple[str, str]]:
    """Return what was compared with what, and the sums: a name and a value each."""

    def yen(amount: int | None) -> str:
        return Text("none", "なし").in_(language) if amount is None else group(amount)

    basis = BASIS.get(audit.basis, Text(audit.basis, "一覧"))
    plan = [] if audit.plan is None else [(Text("plan", "計画"), audit.plan.in_(language))]
    rows = [
        (Text("list", "一覧"), audit.source),
        *plan,
        (Text("compared with", "照合先"), audit.against.in_(language)),
        (Text("basis", "根拠"), basis.in_(language)),
        (Text("rows", "行数"), f"{audit.rows:,}"),
        (
            Text("rows that agree", "一致した行"),
            Text("not checkable", "照合不能").in_(language)
            if audit.matched is None
            else f"{audit.matched:,}",
        ),
        (Text("declared total, yen", "合計欄(円)"), yen(audit.declared_total)),
        (Text("sum of the rows, yen", "各行の合計(円)"), yen(audit.listed_total)),
        (Text("expected total, yen", "あるべき合計(円)"), yen(audit.expected_total)),
    ]
    return [(name.in_(language), value) for name, value in rows]


def findings_of(audit: Audit, severity: str) -> list[Finding]:
    """Return all findings of one severity, nothing cut."""
    return [finding for finding in audit.findings if finding.severity == severity]


def words(finding: Finding, language: Language) -> dict[str, str | int | None]:
    """Return a finding by column; amounts stay whole yen."""
    return {
        "kind": f"{KIND_NAMES[finding.kind].in_(language)} ({finding.reason})",
        "where": finding.where,
        "code": finding.code or "",
        "name": f"{finding.prefecture or ''}{finding.municipality or ''}",
        "published": finding.published,
        "expected": finding.expected,
        "difference": finding.difference,
        "message": finding.message.in_(language),
    }
