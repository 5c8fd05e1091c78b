"""An audit as a file: a working paper (xlsx, HTML, Markdown) or data (JSON, CSV), by its ending."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from allocator.auditing.document import as_document
from allocator.auditing.findings import Audit, Finding
from allocator.domain.errors import refuse
from allocator.domain.progress import step
from allocator.domain.text import Language, Text
from allocator.domain.yen import group
from allocator.files.paths import same_file
from allocator.outputs.audit_paper.blocks import Block, Cell, Facts, Items, Paper, Table
from allocator.outputs.audit_paper.content import paper
from allocator.outputs.audit_paper.particulars import Particulars
from allocator.outputs.audit_paper.standing import size
from allocator.outputs.files.replacing import by_ending, replace_report
from allocator.outputs.writers import markdown
from allocator.outputs.writers.csv_text import CR_LF, csv_of_mappings
from allocator.outputs.writers.json_text import json_text


def write_report(
    audits: Sequence[Audit],
    file: Path,
    of: Particulars,
    language: Language,
    *,
    raw_csv: bool = False,
) -> None:
    """Write all findings into `file`; what stood there stays until the new one is whole.

    `raw_csv`: a CSV has no mark before texts that a spreadsheet takes for formulas.

    Raises:
        InputError: the ending is not one of those supported, or the file cannot be written.
    """
    step(Text("writing the report", "報告書を書出し中"))
    render = by_ending(_RENDERERS, file)
    if raw_csv and render is _as_csv:
        content = _as_csv(audits, of, language, raw=True)
    else:
        content = render(audits, of, language)
    replace_report(file, content)


def refuse_unsupported(file: Path, inputs: Sequence[Path]) -> None:
    """Refuse a report of another kind, or in the place of an input.

    Raises:
        InputError: the ending is not one of those supported, or the file is one of `inputs`.
    """
    by_ending(_RENDERERS, file)
    if any(same_file(file, given) for given in inputs):
        raise refuse(
            f"--report {file}",
            Text(
                "this is the list that is audited, or was read for the audit",
                "照合する一覧そのものか、照合のために読み込んだファイルです",
            ),
            Text("give the report another name", "報告書には別の名前を付けてください"),
            code="would_overwrite_input",
        )


def _portable(audit: Audit, of: Particulars) -> Audit:
    """Return an audit none of whose texts names a place of this machine."""
    found = audit.with_paths(of.portable)
    if found.plan is None:
        return found
    return replace(found, plan=Text(of.portable(found.plan.en), of.portable(found.plan.ja)))


# -- data ------------------------------------------------------------------------------------------


def _as_json(audits: Sequence[Audit], of: Particulars, language: Language) -> bytes:
    """Return what `--json` prints; with a day or a threshold, the particulars beside it."""
    document = as_document(audits, language)
    if of.day is not None or of.materiality is not None:
        document["particulars"] = of.as_dict(language)
    return f"{json_text(document, indent=2)}\n".encode()


def _as_csv(
    audits: Sequence[Audit], of: Particulars, language: Language, *, raw: bool = False
) -> bytes:
    """Return one line a finding, the columns named as in JSON; with a mark for spreadsheets.

    Where rows hang below a finding, `number` and `part` number the findings of a list and those
    rows. Where a threshold was set, `material` says whether a finding reaches it (empty: its size
    is not known).
    """
    names = ["programme", *Finding("title", "", Text("", ""), "").as_dict(language)]
    if any(finding.below for audit in audits for finding in audit.findings):
        names += ["number", "part"]
    if of.materiality is not None:
        names.append("material")
    rows = []
    for audit in (_portable(each, of) for each in audits):
        for number, finding in enumerate(audit.findings, start=1):
            for part, each in enumerate((finding, *finding.below)):
                row = {
                    "programme": audit.programme,
                    **each.as_dict(language),
                    "number": number,
                    "part": part or None,
                    "material": _reaches(each, of.materiality),
                }
                rows.append(row)
    return csv_of_mappings(names, rows, CR_LF, raw=raw).encode("utf-8-sig", "replace")


def _reaches(finding: Finding, threshold: int | None) -> str | None:
    yen = None if threshold is None else size(finding)
    if yen is None or threshold is None:
        return None
    return "yes" if yen and yen >= threshold else "no"


# -- working papers --------------------------------------------------------------------------------


def _paper(audits: Sequence[Audit], of: Particulars, language: Language) -> Paper:
    return paper([_portable(audit, of) for audit in audits], of, language)


def _as_markdown(audits: Sequence[Audit], of: Particulars, language: Language) -> bytes:
    content = _paper(audits, of, language)
    lines = [markdown.heading(1, content.title)]
    for block in content.blocks:
        lines += _block(block, 2)
    for section in content.sections:
        lines += ["", markdown.heading(2, section.name), "", markdown.strong(section.verdict)]
        for each in (*section.blocks, *section.findings, section.left_out):
            lines += _block(each, 3)
    return ("\n".join(lines) + "\n").encode("utf-8", "replace")


def _block(block: Block, level: int) -> list[str]:
    lines = ["", markdown.heading(level, block.heading), ""]
    if isinstance(block, Facts):
        return lines + markdown.table(("", ""), block.rows)
    if isinstance(block, Items):
        return lines + [markdown.item(each) for each in block.items]
    return lines + _table(block)


def _table(table: Table) -> list[str]:
    lines = [markdown.plain(table.note), ""] if table.note else []
    if not table.rows:
        return lines[:1]
    heads = [column.head for column in table.columns]
    rows = [[_cell(cell) for cell in row.cells] for row in table.rows]
    return lines + markdown.table(heads, rows, [each.kind == "yen" for each in table.columns])


def _cell(cell: Cell) -> str:
    return group(cell) if isinstance(cell, int) else cell or ""


def _as_html(audits: Sequence[Audit], of: Particulars, language: Language) -> bytes:
    from allocator.outputs.audit_paper.html import render

    return render(_paper(audits, of, language), language)


def _as_workbook(audits: Sequence[Audit], of: Particulars, language: Language) -> bytes:
    from allocator.outputs.audit_paper.workbook import render

    return render(_paper(audits, of, language), language)


_RENDERERS: Final = {
    ".xlsx": _as_workbook,
    ".html": _as_html,
    ".md": _as_markdown,
    ".json": _as_json,
    ".csv": _as_csv,
}
