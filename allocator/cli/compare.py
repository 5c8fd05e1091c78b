"""`allocator compare`: two lists, plans or outputs side by side, never an error."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from allocator.cli.bilingual import command as bilingual_command
from allocator.cli.bilingual import json_option, option, quiet_option, raw_csv_option
from allocator.cli.delivery import report_written, wrote
from allocator.cli.inputs import refuse_twice
from allocator.cli.language import chosen
from allocator.cli.status import DONE
from allocator.cli.terminal import Head, Terminal, show_json
from allocator.domain.text import Language, Text

if TYPE_CHECKING:
    from allocator.auditing.side_by_side import Compared, Comparison

MOST_SHOWN: Final = 10
"""How many of the largest changes, and of the notes, are printed; the report has all."""


@bilingual_command(
    "compare",
    Text(
        "Show what rises and falls from A to B, payer by payer, joined over changes of codes. A "
        "and B are each a list (a table or papers; - for standard input), a plan (its folder, its "
        "plan.toml, a bundled one by its year) or an output (allocation.csv, allocation.xlsx, "
        "their folder). A difference is no error here: see `audit --against` for lists that "
        "should be equal.",
        "A から B への増減を、団体コードの変更を引き継いで団体ごとに示します。A と B はそれぞれ、"
        "一覧(表か資料。- は標準入力)、計画(フォルダーか plan.toml。同梱の計画は年度)、"
        "出力(allocation.csv、allocation.xlsx かそのフォルダー)のいずれかです。"
        "増減は誤りとして扱いません(同じはずの一覧の照合は audit --against)。",
    ),
)
@click.argument("left", metavar="A", type=click.Path(path_type=Path))
@click.argument("right", metavar="B", type=click.Path(path_type=Path))
@option(
    "--programme",
    metavar="ID",
    text=Text(
        "Compare this programme alone; a list that names none is taken for its.",
        "この事業だけを比較する。事業名のない一覧はこの事業のものとみなす。",
    ),
)
@option(
    "--plan",
    type=click.Path(path_type=Path),
    metavar="PLAN",
    text=Text(
        "The plan whose organisations and programmes count for lists (default: the one compared, "
        "else the bundled newest).",
        "一覧の団体と事業の基準とする計画(既定: 比較する計画、なければ同梱の最新年度)。",
    ),
)
@option(
    "--changed",
    is_flag=True,
    text=Text("Leave out the payers whose amount is the same.", "金額の変わらない団体を省く。"),
)
@option(
    "--report",
    type=click.Path(path_type=Path),
    metavar="FILE",
    text=Text(
        "Write every payer into a file: .xlsx, .html, .md, .json or .csv.",
        "全団体の比較表を書き出す(.xlsx、.html、.md、.json、.csv)。",
    ),
)
@raw_csv_option
@quiet_option
@json_option
def command(
    left: Path,
    right: Path,
    programme: str | None,
    plan: Path | None,
    changed: bool,
    report: Path | None,
    raw_csv: bool,
    quiet: bool,
    as_json: bool,
) -> int:
    """Compare, write the report, say what rose and fell."""
    from allocator.cli.progress import working
    from allocator.outputs.compare_paper.report import refuse_unsupported, write_report
    from allocator.tasks.compare import compare

    refuse_twice(f"A {left}", f"B {right}")
    if report is not None:
        refuse_unsupported(report)
    language = chosen()
    with working(Text("comparing", "比較中"), quiet=quiet):
        found, files = compare(left, right, plan, programme)
        if changed:
            found = found.only_changed()
        if report is not None:
            refuse_unsupported(report, files)
            write_report(found, report, language, files, raw_csv=raw_csv)
            wrote(report_written(report), [report])
    if as_json:
        show_json(found.as_dict())
    elif not quiet:
        _say(found, report, language)
    return DONE


def _say(found: Comparison, report: Path | None, language: Language) -> None:
    """Print each programme: the sums, the counts, the largest changes, and the notes."""
    from allocator.outputs.compare_paper.content import NOTES, brief, scope

    out = Terminal()
    say = out.say
    for name, value in scope(found, language):
        say(f"{name}: {value}")
    note_heading = NOTES.in_(language)
    for note in found.notes:
        say(f"{note_heading}: {note.in_(language)}")
    for each in found.programmes:
        say("")
        say(brief(each, language), "bold")
        if each.difference is not None and each.largest(1):
            _table(out, each, language)
            more = len(each.largest(len(each.rows))) - MOST_SHOWN
            if more > 0:
                words = Text(
                    f"and {more:,} smaller changes (--report writes all of them)",
                    f"ほかに増減のある団体 {more:,}(--report で全団体を書き出せます)",
                )
                say(words.in_(language))
        for note in each.notes[:MOST_SHOWN]:
            say(f"{note_heading}: {note.in_(language)}")
        if (unsaid := len(each.notes) - MOST_SHOWN) > 0:
            words = Text(
                f"and {unsaid:,} more notes (--report writes all of them)",
                f"ほかに注記 {unsaid:,} 件(--report で全件を書き出せます)",
            )
            say(words.in_(language))
    if report is not None:
        say(report_written(report).in_(language))


def _table(out: Terminal, each: Compared, language: Language) -> None:
    from allocator.domain.yen import group, signed
    from allocator.outputs.compare_paper.content import COLUMNS, FIGURES, cells

    shown = {key: words for key, words in COLUMNS.items() if key != "municipality"}
    shown["prefecture"] = Text("name", "団体名")
    heads = [
        Head(words.in_(language), right=key in FIGURES, whole=key in FIGURES)
        for key, words in shown.items()
    ]
    rows = []
    for row in each.largest(MOST_SHOWN):
        found = {**cells(row, language), "prefecture": row.name}
        texts = []
        for key in shown:
            cell = found[key]
            amount = signed if key == "difference" else group
            texts.append(amount(cell) if isinstance(cell, int) else cell or "")
        rows.append(texts)
    out.table(heads, rows)
