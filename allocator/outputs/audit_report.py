"""The findings of an audit as a file: JSON, Markdown or CSV, by the ending of its name."""

from __future__ import annotations

import csv
import io
import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from allocator.audit.findings import KIND_NAMES, Audit, Finding, as_document
from allocator.domain.errors import refuse
from allocator.domain.text import Language, Text
from allocator.domain.yen import group

_COLUMNS: Final = {
    "kind": Text("kind", "種別"),
    "where": Text("where", "場所"),
    "code": Text("code", "団体コード"),
    "name": Text("name", "団体名"),
    "published": Text("published, yen", "一覧の額(円)"),
    "expected": Text("expected, yen", "あるべき額(円)"),
    "difference": Text("difference, yen", "差(円)"),
    "message": Text("what was found", "内容"),
}

_SEVERITIES: Final = {"error": Text("Errors", "誤り"), "warning": Text("Warnings", "注意")}


def write_report(audits: Sequence[Audit], file: Path, language: Language) -> None:
    """Write all findings into `file`: under a temporary name first, then renamed.

    Raises:
        InputError: the ending is not one of those supported, or the file cannot be written.
    """
    content = _renderer(file)(audits, language).encode("utf-8")
    temporary = file.with_name(f".{file.name}.{os.urandom(4).hex()}.new")
    try:
        with temporary.open("xb") as handle:
            handle.write(content)
        temporary.replace(file)
    except OSError as error:
        reason = error.strerror or str(error)
        raise refuse(
            str(file),
            Text(f"cannot be written: {reason}", f"書き込めません: {reason}"),
            Text("give --report another place", "--report で別の場所を指定してください"),
        ) from None
    finally:
        temporary.unlink(missing_ok=True)


def refuse_unsupported(file: Path, inputs: Sequence[Path]) -> None:
    """Refuse, before any work, a report of another kind, or in the place of an input.

    Raises:
        InputError: the ending is not one of those supported, or the file is one of `inputs`.
    """
    _renderer(file)
    if any(file.exists() and given.exists() and file.samefile(given) for given in inputs):
        raise refuse(
            f"--report {file}",
            Text("this is the list that is audited", "照合する一覧そのものです"),
            Text("give the report another name", "報告書には別の名前を付けてください"),
        )


def _renderer(file: Path) -> Callable[[Sequence[Audit], Language], str]:
    if (render := _RENDERERS.get(file.suffix.lower())) is not None:
        return render
    endings = ", ".join(_RENDERERS)
    raise refuse(
        f"--report {file}",
        Text(
            f"no report of the kind {file.suffix or '(no ending)'}",
            f"{file.suffix or '(拡張子なし)'} の報告書は作れません",
        ),
        Text(f"end its name in one of: {endings}", f"使える拡張子: {endings}"),
    )


def _as_json(audits: Sequence[Audit], language: Language) -> str:
    return json.dumps(as_document(audits, language), ensure_ascii=False, indent=2) + "\n"


def _as_csv(audits: Sequence[Audit], language: Language) -> str:
    """Return one line a finding, the columns named as in JSON; with a mark for spreadsheets."""
    text = io.StringIO()
    keys = list(Finding("title", "", Text("", ""), "").as_dict(language))
    writer = csv.DictWriter(text, ["programme", *keys], lineterminator="\r\n")
    writer.writeheader()
    for audit in audits:
        for finding in audit.findings:
            writer.writerow({"programme": audit.programme, **finding.as_dict(language)})
    return f"\ufeff{text.getvalue()}"


def _as_markdown(audits: Sequence[Audit], language: Language) -> str:
    """Return a working paper: scope, what was checked, what was not and why, all findings."""
    lines = [f"# {Text('Audit of published lists', '公表一覧の照合調書').in_(language)}"]
    for audit in audits:
        lines += [
            "",
            f"## {audit.programme or audit.source}",
            "",
            _cell(audit.verdict.in_(language)),
        ]
        lines += ["", *_scope(audit, language), "", *_checks(audit, language)]
        for severity, heading in _SEVERITIES.items():
            found = [finding for finding in audit.findings if finding.severity == severity]
            if found:
                lines += ["", f"### {heading.in_(language)} ({len(found):,})", ""]
                lines += _table(found, language)
    return "\n".join(lines) + "\n"


def _scope(audit: Audit, language: Language) -> list[str]:
    def yen(amount: int | None) -> str:
        return Text("none", "なし").in_(language) if amount is None else group(amount)

    rows = [
        (Text("list", "一覧"), audit.source),
        (Text("compared with", "照合先"), audit.against.in_(language)),
        (Text("basis", "根拠"), audit.basis),
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
    head = f"| {Text('what', '項目').in_(language)} | |"
    return [
        head,
        "|---|---|",
        *(f"| {name.in_(language)} | {_cell(value)} |" for name, value in rows),
    ]


def _checks(audit: Audit, language: Language) -> list[str]:
    lines = [f"### {Text('Checked', '照合した事項').in_(language)}", ""]
    lines += [f"- {_cell(check.described(language))}" for check in audit.checked]
    if audit.not_checked:
        heading = Text("Not checked, and why", "照合しなかった事項とその理由")
        lines += ["", f"### {heading.in_(language)}", ""]
        lines += [f"- {_cell(check.described(language))}" for check in audit.not_checked]
    return lines


def _table(found: Sequence[Finding], language: Language) -> list[str]:
    lines = [
        "| " + " | ".join(column.in_(language) for column in _COLUMNS.values()) + " |",
        "|" + "---|" * len(_COLUMNS),
    ]
    for finding in found:
        cells = {
            "kind": f"{KIND_NAMES[finding.kind].in_(language)} ({finding.reason})",
            "where": finding.where,
            "code": finding.code or "",
            "name": f"{finding.prefecture or ''}{finding.municipality or ''}",
            "message": finding.message.in_(language),
        }
        for key in ("published", "expected", "difference"):
            amount = getattr(finding, key)
            cells[key] = "" if amount is None else group(amount)
        lines.append("| " + " | ".join(_cell(cells[key]) for key in _COLUMNS) + " |")
    return lines


def _cell(text: str) -> str:
    """Return text that stays one cell: no line breaks, no bars."""
    return " ".join(text.split()).replace("|", "\\|") if text else ""


_RENDERERS: Final = {".json": _as_json, ".md": _as_markdown, ".csv": _as_csv}
