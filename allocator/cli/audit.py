"""`allocator audit`: compare a published list with a plan, or with another list, by code."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from allocator.cli.bilingual import command as bilingual_command
from allocator.cli.bilingual import json_option, option, quiet_option, raw_csv_option
from allocator.cli.delivery import report_written, wrote
from allocator.cli.inputs import refuse_twice
from allocator.cli.language import chosen
from allocator.cli.particulars import day_of, refuse_without_report, threshold_of
from allocator.cli.status import DIFFERENCES, DONE
from allocator.cli.terminal import Head, Terminal, show_json, tell
from allocator.domain.text import Language, Text
from allocator.domain.yen import group, signed

if TYPE_CHECKING:
    from allocator.auditing.findings import Audit, Finding

_MOST_STEPS: Final = 12
"""With more findings, those of a kind are one line of the bridge."""
_YEN: Final = Text(" yen", "円")
_SEVERITIES: Final = {"error": Text("error", "誤り"), "warning": Text("warning", "注意")}


@bilingual_command(
    "audit",
    Text(
        "Compare the published list in FILE with what a plan gives, or with another list, by code. "
        "FILE is a table (CSV, xls, xlsx, Parquet; - for standard input) with columns code "
        "(団体コード; for lists of prefectures 都道府県名 will do) and amount (金額, 交付金), or "
        "council papers (text, PDF) of which every list is audited. Names, order and title that "
        "differ are warnings.",
        "FILE の公表一覧を、計画による金額、または別の一覧と、団体コードで照合します。FILE は"
        "団体コード(code。都道府県別の一覧では都道府県名でも可)と金額(amount、交付金)の列をもつ表"
        "(CSV・xls・xlsx・Parquet、- は標準入力)か、資料(テキスト・PDF。全一覧を照合)です。"
        "名称・並び順・表題の相違は注意にとどめます。",
    ),
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@option(
    "--programme",
    metavar="ID",
    text=Text(
        "The programme that the list belongs to (default: told by its rows, title and amounts).",
        "一覧の事業(既定: 行・表題・金額から判定)。",
    ),
)
@option(
    "--plan",
    type=click.Path(path_type=Path),
    metavar="PLAN",
    text=Text(
        "The plan to compare with: a folder or its plan.toml (default: the bundled newest).",
        "照合する計画(フォルダーか plan.toml。既定: 同梱の最新年度)。",
    ),
)
@option(
    "--against",
    type=click.Path(path_type=Path),
    metavar="FILE",
    text=Text(
        "Compare with this list instead, across changes of codes.",
        "計画ではなくこの一覧と照合する(団体コードの変更を引き継ぐ)。",
    ),
)
@option(
    "--report",
    type=click.Path(path_type=Path),
    metavar="FILE",
    text=Text(
        "Write a working paper with all findings: .xlsx, .html, .md, .json or .csv.",
        "すべての結果を調書として書き出す(.xlsx、.html、.md、.json、.csv)。",
    ),
)
@option(
    "--date",
    "day",
    metavar="DATE",
    text=Text(
        "The day of the work, for the working paper: 2026-12-01 (default: a blank to fill in).",
        "調書に記す実施日(2026-12-01、令和8年12月1日)。省略時は記入欄を設ける。",
    ),
)
@option(
    "--materiality",
    metavar="YEN",
    text=Text(
        "The threshold of materiality, for the working paper: smaller findings are marked as such, "
        "and listed all the same.",
        "調書の重要性の基準値(円)。満たない指摘にはその旨を付し、省略はしない。",
    ),
)
@raw_csv_option
@quiet_option
@json_option
def command(
    file: Path,
    programme: str | None,
    plan: Path | None,
    against: Path | None,
    report: Path | None,
    day: str | None,
    materiality: str | None,
    raw_csv: bool,
    quiet: bool,
    as_json: bool,
) -> int:
    """Compare, write the report, say what was found."""
    from allocator.auditing.document import as_document
    from allocator.cli.progress import working
    from allocator.files.source import Sources
    from allocator.sources.bundled import newest_plan

    refuse_twice(f"FILE {file}", f"--against {against}")
    refuse_without_report(report, {"--date": day, "--materiality": materiality})
    done, threshold = day_of(day), threshold_of(materiality)
    sources = Sources()
    if report is not None:
        from allocator.outputs.audit_paper.report import refuse_unsupported

        refuse_unsupported(report, [file, *filter(None, [against])])
    of_plan = plan or newest_plan()
    language = chosen()
    with working(Text("comparing", "照合中"), quiet=quiet):
        if against is None:
            from allocator.tasks.audit_plan import audit_file

            audits = audit_file(file, of_plan, programme, sources)
        else:
            from allocator.tasks.audit_lists import audit_two

            audits = audit_two(file, against, of_plan, programme, sources)
        if report is not None:
            from allocator.outputs.audit_paper.particulars import particulars
            from allocator.outputs.audit_paper.report import refuse_unsupported, write_report

            found = {audit.programme for audit in audits}
            of_call = particulars(
                file, against, of_plan, found, sources, day=done, materiality=threshold
            )
            refuse_unsupported(report, sources.paths)
            write_report(audits, report, of_call, language, raw_csv=raw_csv)
            wrote(report_written(report), [report])
    if as_json:
        show_json(as_document(audits, language))
    elif not quiet:
        _say(audits, report, language)
    return DIFFERENCES if any(audit.errors for audit in audits) else DONE


def _say(audits: Sequence[Audit], report: Path | None, language: Language) -> None:
    """Print the verdicts, then every finding: as a table on a terminal, else one line each."""
    from allocator.auditing.verdict import verdict

    out = _terminal()

    def say(words: str, style: str | None = None) -> None:
        if out is None:
            tell(words)
        else:
            out.say(words, style)

    for audit in audits:
        style = "bold red" if audit.errors else "bold green"
        name = audit.programme or audit.source
        say(f"{name}: {verdict(audit).in_(language)}", style)
    for audit in audits:
        if out is not None and audit.findings:
            _table(out, audit, language)
        for line in _lines(audit, language, with_findings=out is None):
            say(line)
    if report is not None:
        say(report_written(report).in_(language))


def _lines(audit: Audit, language: Language, *, with_findings: bool) -> Iterator[str]:
    """Yield the findings, the way between the totals, and what was not checked, a line each."""
    if with_findings:
        for finding, indent in _rows(audit):
            mark, kind, message = _words(finding, language)
            yield f"{indent}{mark}: {kind}: {finding.place.in_(language)}: {message}"
    yield from _bridge(audit, language)
    for check in audit.not_checked:
        head = Text("not checked", "照合せず").in_(language)
        yield f"{head}: {check.described(language)}"


def _rows(audit: Audit) -> Iterator[tuple[Finding, str]]:
    """Yield every finding, and below one that many rows have in common each of those, indented."""
    for finding in audit.findings:
        yield finding, ""
        for row in finding.below:
            yield row, "  "


def _bridge(audit: Audit, language: Language) -> list[str]:
    """Return the way from the declared or the expected total to the sum of the rows, a line each.

    Where there are many findings, those of a kind are one line.
    """
    from allocator.auditing.verdict import bridge

    marks = {"start": "", "change": "  ", "subtotal": "= ", "end": "= "}
    return [
        f"{marks[each.role]}{each.text.in_(language)}: "
        f"{signed(each.yen) if each.role == 'change' else group(each.yen)}{_YEN.in_(language)}"
        for each in bridge(audit, most=_MOST_STEPS)
    ]


def _terminal() -> Terminal | None:
    """Return the terminal, None where there is none: importing rich takes as long as an audit."""
    return Terminal() if sys.stderr.isatty() else None


def _table(out: Terminal, audit: Audit, language: Language) -> None:
    names = (Text("", ""), Text("kind", "種別"), Text("where", "場所"), Text("what", "内容"))
    rows = []
    for finding, indent in _rows(audit):
        style = "red" if finding.severity == "error" else "yellow"
        mark, kind, message = _words(finding, language)
        where = finding.place.in_(language).removeprefix(f"{audit.source}: ")
        rows.append(((f"{indent}{mark}", style), kind, where, message))
    out.table([Head(name.in_(language)) for name in names], rows)


def _words(finding: Finding, language: Language) -> tuple[str, str, str]:
    """Return the severity, the kind and the message of a finding."""
    from allocator.auditing.findings import KIND_NAMES

    kind = KIND_NAMES[finding.kind].in_(language)
    return _SEVERITIES[finding.severity].in_(language), kind, finding.message.in_(language)
