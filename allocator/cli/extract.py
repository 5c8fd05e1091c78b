"""`allocator extract`: find the published lists and the budget lines in a document."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocator.cli.bilingual import command as bilingual_command
from allocator.cli.bilingual import json_option, option, quiet_option, raw_csv_option
from allocator.cli.delivery import wrote
from allocator.cli.language import chosen
from allocator.cli.status import DONE
from allocator.cli.terminal import Head, Terminal, show_json
from allocator.domain.places import place_text
from allocator.domain.text import Language, Text

if TYPE_CHECKING:
    from allocator.sources.documents.results import Extraction, Reconciliation

STATUS = {
    "fact": Text("fact", "確認済み"),
    "inference": Text("inference", "推定"),
    "open": Text("open", "未確定"),
    "incomplete": Text("incomplete", "行の不足"),
}


@bilingual_command(
    "extract",
    Text(
        "Find every published list and the budget lines in FILE (text, PDF, xlsx, xls or CSV; - "
        "for standard input), and write them as tidy CSV: DIR/YEAR/PROGRAMME.csv with lists.toml, "
        "DIR/budget/YEAR.csv, and the totals that the budget lines make.",
        "FILE(テキスト・PDF・xlsx・xls・CSV。- は標準入力)から公表一覧と予算の行を取り出し、"
        "整ったCSVに書き出します: DIR/年度/事業.csv と lists.toml、DIR/budget/年度.csv、"
        "予算の行から組み立てた総額。",
    ),
)
@click.argument("file", metavar="FILE", type=click.Path(path_type=Path))
@option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    required=True,
    text=Text("Folder for the files.", "出力先のフォルダー。"),
)
@raw_csv_option
@quiet_option
@json_option
def command(file: Path, out: Path, raw_csv: bool, quiet: bool, as_json: bool) -> int:
    """Read, find, write, say what was found."""
    from allocator.cli.progress import working
    from allocator.files.source import open_source
    from allocator.outputs.as_json import extract_dict
    from allocator.outputs.files.extracted import write_extraction
    from allocator.sources.documents.extraction import extract_file
    from allocator.sources.register import japan

    with working(Text("reading", "読取り中"), quiet=quiet):
        extraction = extract_file(open_source(file), japan())
        paths = write_extraction(extraction, out, raw=raw_csv)
        names = ", ".join(path.relative_to(out).as_posix() for path in paths)
        written = wrote(
            Text(f"Written into {out}: {names}", f"{out} に書き出しました: {names}"), paths
        )
    language = chosen()
    if as_json:
        show_json(extract_dict(extraction, paths, language))
    elif not quiet:
        _say(extraction, written, language)
    return DONE


def _say(extraction: Extraction, written: Text, language: Language) -> None:
    out = Terminal()
    if extraction.lists:
        _say_lists(extraction, language, out)
    if extraction.reconciliations:
        _say_budgets(extraction, language, out)
    for remark in extraction.remarks:
        out.say(remark.in_(language))
    out.say(written.in_(language))


def _say_lists(extraction: Extraction, language: Language, out: Terminal) -> None:
    from allocator.domain.frames import added
    from allocator.domain.yen import group

    heads = [
        Head(head.in_(language), right=right)
        for head, right in (
            (Text("programme", "事業"), False),
            (Text("fiscal year", "年度"), False),
            (Text("rows", "行数"), True),
            (Text("sum, yen", "合計(円)"), True),
            (Text("declared", "記載の総額"), True),
            (Text("from", "場所"), False),
        )
    ]
    rows = []
    for each in extraction.lists:
        year = each.fiscal_year
        shown = Text(str(year), year.japanese).in_(language) if year else "?"
        rows.append(
            (
                each.programme or "?",
                shown,
                f"{len(each.frame):,}",
                group(added(each.frame["amount"])),
                "" if each.declared_total is None else group(each.declared_total),
                place_text(each.place(each.frame["line"][0])).in_(language),
            )
        )
    out.table(heads, rows, Text("Published lists", "公表一覧").in_(language))


def _say_budgets(extraction: Extraction, language: Language, out: Terminal) -> None:
    heads = [
        Head(head.in_(language))
        for head in (
            Text("budget", "予算"),
            Text("programme", "事業"),
            Text("thousand yen", "千円"),
            Text("status", "確度"),
            Text("published list", "公表一覧"),
        )
    ]
    rows = [
        (
            each.stage.text.in_(language),
            each.programme,
            _total(each, language),
            STATUS[each.status].in_(language),
            _agreement(each, language),
        )
        for each in extraction.reconciliations
    ]
    out.table(heads, rows, Text("Totals by budget lines", "予算の行による総額").in_(language))


def _total(each: Reconciliation, language: Language) -> str:
    from allocator.domain.yen import group

    if each.total is not None:
        return group(each.total)
    if each.candidates:
        either = Text(" or ", " または ").in_(language)
        return either.join(group(candidate.total) for candidate in each.candidates)
    return Text(f"{len(each.missing)} lines missing", f"{len(each.missing)} 行不足").in_(language)


def _agreement(each: Reconciliation, language: Language) -> str:
    from allocator.domain.yen import thousands

    if each.listed is None:
        return Text("none in this document", "この文書になし").in_(language)
    if each.total is None:
        return ""
    equal = thousands(each.listed) == each.total
    return Text("equal" if equal else "differs", "一致" if equal else "不一致").in_(language)
