"""The tables of a working paper: every finding with its rows, and every row that was left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from allocator.auditing.findings import KIND_NAMES, Audit, Finding
from allocator.domain.places import place_text
from allocator.domain.text import Language, Text
from allocator.domain.yen import signed
from allocator.outputs.audit_paper.blocks import Cell, Column, Kind, Row, Table
from allocator.outputs.audit_paper.particulars import Particulars
from allocator.outputs.audit_paper.standing import INFERRED, basis_briefly, is_inferred, material
from allocator.sources.tables.ledger import REASONS

SEVERITIES: Final = {"error": Text("error", "誤り"), "warning": Text("warning", "注意")}
FINDINGS: Final = Text("Findings", "指摘事項")
HEADINGS: Final = {
    "error": Text("Errors", "指摘事項: 誤り"),
    "warning": Text("Warnings", "指摘事項: 注意"),
}
LEFT_OUT: Final = Text("Rows left out", "照合の対象としなかった行")

_PARTS: Final = Text(
    "Rows numbered 1-1, 1-2 … are parts of finding 1, which have one cause.",
    "番号 1-1、1-2 … は、同じ原因による指摘1の各行。",
)

_INFERRED: Final = Text(f"Expected amounts are {INFERRED.en}.", f"あるべき額は、{INFERRED.ja}。")

_NO_ROWS: Final = frozenset({"title", "header", "blank"})
"""What stands around the rows of a table, counted and not shown one by one."""

_OF_AMOUNTS: Final = frozenset(("published", "expected", "basis", "difference", "material"))
"""Columns that stay empty for warnings, which are about no amounts."""

_COLUMNS: Final[tuple[tuple[str, Text, Kind, int], ...]] = (
    ("number", Text("no.", "番号"), "mark", 6),
    ("severity", Text("severity", "区分"), "mark", 6),
    ("kind", Text("kind", "種別"), "text", 12),
    ("where", Text("where", "場所"), "text", 12),
    ("code", Text("code", "団体コード"), "code", 9),
    ("name", Text("name", "団体名"), "text", 16),
    ("published", Text("published, yen", "一覧の額(円)"), "yen", 14),
    ("expected", Text("expected, yen", "あるべき額(円)"), "yen", 14),
    ("basis", Text("basis of what is expected", "あるべき額の根拠"), "text", 15),
    ("difference", Text("difference, yen", "差(円)"), "yen", 14),
    ("material", Text("materiality", "重要性"), "text", 10),
    ("message", Text("what was found", "内容"), "text", 36),
    ("answer", Text("issuer's answer", "相手先(作成者)の回答"), "blank", 24),
)


def columns_of_findings(of: Particulars, language: Language) -> tuple[Column, ...]:
    """Return the columns that a finding can fill; that of materiality where a threshold was set."""
    return tuple(
        Column(key, head.in_(language), kind, width)
        for key, head, kind, width in _COLUMNS
        if key != "material" or of.materiality is not None
    )


def findings_tables(audit: Audit, of: Particulars, language: Language) -> tuple[Table, ...]:
    """Return every finding, errors first, with a space for the issuer's answer to each."""
    columns = columns_of_findings(of, language)
    tables: list[Table] = []
    first = 1
    for severity, found in (("error", audit.errors), ("warning", audit.warnings)):
        if severity == "warning":
            columns = tuple(each for each in columns if each.key not in _OF_AMOUNTS)
        rows = tuple(
            Row(tuple(cells[each.key] for each in columns), below)
            for number, finding in enumerate(found, start=first)
            for cells, below in _lines(audit, finding, number, of, language)
        )
        first += len(found)
        if rows:
            heading = f"{HEADINGS[severity].in_(language)} ({len(found):,})"
            notes = [
                text.in_(language)
                for text, applies in (
                    (_PARTS, any(row.below for row in rows)),
                    (_INFERRED, severity == "error" and is_inferred(audit)),
                )
                if applies
            ]
            tables.append(Table("findings", heading, columns, rows, " ".join(notes)))
    if not tables:
        none = Text("None.", "なし。").in_(language)
        tables.append(Table("findings", FINDINGS.in_(language), columns, (), none))
    return tuple(tables)


def _lines(
    audit: Audit, finding: Finding, number: int, of: Particulars, language: Language
) -> Iterator[tuple[dict[str, Cell], bool]]:
    """Yield a finding and the rows that hang below it, numbered: 3, 3-1, 3-2."""
    yield {**_cells(audit, finding, of, language), "number": f"{number}"}, False
    for part, row in enumerate(finding.below, start=1):
        cells = {**_cells(audit, row, of, language), "number": f"{number}-{part}"}
        if row.difference is not None and row.message.en.endswith(f"({signed(row.difference)})"):
            # It says no more than the columns beside it, and the finding above.
            cells["message"] = ""
        yield cells, True


def _cells(audit: Audit, finding: Finding, of: Particulars, language: Language) -> dict[str, Cell]:
    threshold = of.materiality
    basis = basis_briefly(audit).in_(language)
    return {
        "severity": SEVERITIES[finding.severity].in_(language),
        "kind": _kind(finding, language),
        "where": place(audit, finding, language) or _extent(finding).in_(language),
        "code": finding.code or "",
        "name": f"{finding.prefecture or ''}{finding.municipality or ''}",
        "published": finding.published,
        "expected": finding.expected,
        "basis": "" if finding.expected is None else basis,
        "difference": finding.effect if finding.below else finding.difference,
        "material": "" if threshold is None else material(finding, threshold).in_(language),
        "message": finding.message.in_(language),
        "answer": None,
    }


def _kind(finding: Finding, language: Language) -> str:
    """Return the kind, and the reason that refines it."""
    kind, reason = KIND_NAMES[finding.kind].in_(language), finding.reason_text.in_(language)
    return f"{kind} ({reason})" if language == "en" else f"{kind}({reason})"


def place(audit: Audit, finding: Finding, language: Language) -> str:
    """Return where a finding stands within its file: the file itself is named once above."""
    where = replace(finding, where=finding.where.removeprefix(audit.source).removeprefix(": "))
    return where.place.in_(language)


def _extent(finding: Finding) -> Text:
    """Return how many rows hang below a finding, which has no place of its own."""
    count = len(finding.below)
    return Text(f"{count:,} rows", f"{count:,}行") if count else Text("", "")


def left_out_table(audit: Audit, language: Language) -> Table:
    """Return every row of the input that was not compared, with its place and the reason."""
    rows_of = [each for each in audit.ledger if each.reason not in _NO_ROWS]
    others = len(audit.ledger) - len(rows_of)
    columns = (
        Column("where", Text("where", "場所").in_(language), "text", 24),
        Column("reason", Text("reason", "理由").in_(language), "text", 40),
        Column("text", Text("row", "行の内容").in_(language), "text", 110),
    )
    rows = tuple(
        Row(
            (
                place_text(audit.places.get(each.line, f"line {each.line}")).in_(language),
                REASONS[each.reason].in_(language),
                each.text,
            )
        )
        for each in rows_of
    )
    note = Text(
        f"{audit.ledger.rows_in:,} rows, {audit.rows:,} compared, {len(rows):,} left out, "
        f"{others:,} of title, header and blank rows.",
        f"全{audit.ledger.rows_in:,}行のうち、照合{audit.rows:,}行、対象外{len(rows):,}行、"
        f"表題・見出し・空白{others:,}行。",
    )
    if not rows:
        note = Text(
            f"None: every row was compared. {note.en}", f"なし(すべての行を照合した)。{note.ja}"
        )
    return Table("left_out", LEFT_OUT.in_(language), columns, rows, note.in_(language))
