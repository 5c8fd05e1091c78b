"""An audit as a file: a working paper (xlsx, HTML, Markdown) or data (JSON, CSV), by its ending."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from allocator.audit.document import as_document
from allocator.audit.findings import Audit, Finding
from allocator.domain.errors import refuse
from allocator.domain.progress import step
from allocator.domain.text import Language, Text
from allocator.domain.yen import group
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
from allocator.outputs.replacing import replace_files
from allocator.rules.paths import same_file


def write_report(audits: Sequence[Audit], file: Path, language: Language) -> None:
    """Write all findings into `file`; what stood there stays until the new one is whole.

    Raises:
        InputError: the ending is not one of those supported, or the file cannot be written.
    """
    step(Text("writing the report", "報告書を書出し中"))
    content = _renderer(file)(audits, language)
    try:
        replace_files(file.parent, {file.name: content})
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refuse(
            str(file),
            Text(f"cannot be written: {reason}", f"書き込めません: {reason}"),
            Text("give --report another place", "--report で別の場所を指定してください"),
        ) from None


def refuse_unsupported(file: Path, inputs: Sequence[Path]) -> None:
    """Refuse, before any work, a report of another kind, or in the place of an input.

    Raises:
        InputError: the ending is not one of those supported, or the file is one of `inputs`.
    """
    _renderer(file)
    if any(same_file(file, given) for given in inputs):
        raise refuse(
            f"--report {file}",
            Text("this is the list that is audited", "照合する一覧そのものです"),
            Text("give the report another name", "報告書には別の名前を付けてください"),
        )


def _renderer(file: Path) -> Callable[[Sequence[Audit], Language], bytes]:
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


def _as_json(audits: Sequence[Audit], language: Language) -> bytes:
    return json.dumps(as_document(audits, language), ensure_ascii=False, indent=2).encode() + b"\n"


def _as_csv(audits: Sequence[Audit], language: Language) -> bytes:
    """Return one line a finding, the columns named as in JSON; with a mark for spreadsheets."""
    text = io.StringIO()
    keys = list(Finding("title", "", Text("", ""), "").as_dict(language))
    writer = csv.DictWriter(text, ["programme", *keys], lineterminator="\r\n")
    writer.writeheader()
    for audit in audits:
        for finding in audit.findings:
            writer.writerow({"programme": audit.programme, **finding.as_dict(language)})
    return text.getvalue().encode("utf-8-sig")


def _as_markdown(audits: Sequence[Audit], language: Language) -> bytes:
    """Return a working paper: scope, what was checked, what was not and why, all findings."""
    lines = [f"# {TITLE.in_(language)}"]
    for audit in audits:
        lines += [
            "",
            f"## {audit.programme or audit.source}",
            "",
            _cell(audit.verdict.in_(language)),
        ]
        lines += ["", *_scope(audit, language), "", *_checks(audit, language)]
        for severity, heading in SEVERITIES.items():
            if found := findings_of(audit, severity):
                lines += ["", f"### {heading.in_(language)} ({len(found):,})", ""]
                lines += _table(found, language)
    return ("\n".join(lines) + "\n").encode()


def _scope(audit: Audit, language: Language) -> list[str]:
    head = f"| {Text('what', '項目').in_(language)} | |"
    rows = (f"| {name} | {_cell(value)} |" for name, value in scope(audit, language))
    return [head, "|---|---|", *rows]


def _checks(audit: Audit, language: Language) -> list[str]:
    lines = [f"### {CHECKED.in_(language)}", ""]
    lines += [f"- {_cell(check.described(language))}" for check in audit.checked]
    if audit.not_checked:
        lines += ["", f"### {NOT_CHECKED.in_(language)}", ""]
        lines += [f"- {_cell(check.described(language))}" for check in audit.not_checked]
    return lines


def _table(found: Sequence[Finding], language: Language) -> list[str]:
    lines = [
        "| " + " | ".join(column.in_(language) for column in COLUMNS.values()) + " |",
        "|" + "---|" * len(COLUMNS),
    ]
    for finding in found:
        cells = words(finding, language).values()
        shown = (group(cell) if isinstance(cell, int) else _cell(cell or "") for cell in cells)
        lines.append("| " + " | ".join(shown) + " |")
    return lines


def _cell(text: str) -> str:
    """Return text that stays one cell: no line breaks, no bars."""
    return " ".join(text.split()).replace("|", "\\|") if text else ""


def _as_html(audits: Sequence[Audit], language: Language) -> bytes:
    from allocator.outputs.audit_html import render

    return render(audits, language)


def _as_workbook(audits: Sequence[Audit], language: Language) -> bytes:
    from allocator.outputs.audit_workbook import render

    return render(audits, language)


_RENDERERS: Final = {
    ".xlsx": _as_workbook,
    ".html": _as_html,
    ".md": _as_markdown,
    ".json": _as_json,
    ".csv": _as_csv,
}
