"""`allocator extract`: find the published lists and the budget lines in a document."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocator.cli.bilingual import command as bilingual_command
from allocator.cli.bilingual import json_option, option, quiet_option
from allocator.cli.delivery import wrote
from allocator.cli.language import chosen
from allocator.cli.status import DONE
from allocator.domain.places import place_text
from allocator.domain.text import Language, Text

if TYPE_CHECKING:
    from rich.console import Console

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
@quiet_option
@json_option
def command(file: Path, out: Path, quiet: bool, as_json: bool) -> int:
    """Read, find, write, say what was found."""
    import json

    from allocator.cli.progress import working
    from allocator.files.source import open_source
    from allocator.outputs.as_json import extract_dict
    from allocator.outputs.files.extracted import write_extraction
    from allocator.sources.documents.extraction import extract_file
    from allocator.sources.register import japan

    with working(Text("reading", "読取り中"), quiet=quiet):
        extraction = extract_file(open_source(file), japan())
        paths = write_extraction(extraction, out)
        names = ", ".join(path.relative_to(out).as_posix() for path in paths)
        written = wrote(
            Text(f"Written into {out}: {names}", f"{out} に書き出しました: {names}"), paths
        )
    language = chosen()
    if as_json:
        click.echo(json.dumps(extract_dict(extraction, paths, language), ensure_ascii=False))
    elif not quiet:
        _say(extraction, written, language)
    return DONE


def _say(extraction: Extraction, written: Text, language: Language) -> None:
    from allocator.cli.terminal import console

    out = console()
    if extraction.lists:
        _say_lists(extraction, language, out)
    if extraction.reconciliations:
        _say_budgets(extraction, language, out)
    for remark in extraction.remarks:
        out.print(remark.in_(language), markup=False, soft_wrap=True)
    out.print(written.in_(language), markup=False, soft_wrap=True)


def _say_lists(extraction: Extraction, language: Language, out: Console) -> None:
    from rich.table import Table

    from allocator.domain.frames import added
    from allocator.domain.yen import group

    table = Table(title=Text("Published lists", "公表一覧").in_(language))
    for head, justify in (
        (Text("programme", "事業"), "left"),
        (Text("fiscal year", "年度"), "left"),
        (Text("rows", "行数"), "right"),
        (Text("sum, yen", "合計(円)"), "right"),
        (Text("declared", "記載の総額"), "right"),
        (Text("from", "場所"), "left"),
    ):
        table.add_column(head.in_(language), justify="right" if justify == "right" else "left")
    for each in extraction.lists:
        year = each.fiscal_year
        shown = Text(str(year), year.japanese).in_(language) if year else "?"
        table.add_row(
            each.programme or "?",
            shown,
            f"{len(each.frame):,}",
            group(added(each.frame["amount"])),
            "" if each.declared_total is None else group(each.declared_total),
            place_text(each.place(each.frame["line"][0])).in_(language),
        )
    out.print(table)


def _say_budgets(extraction: Extraction, language: Language, out: Console) -> None:
    from rich.table import Table

    table = Table(title=Text("Totals by budget lines", "予算の行による総額").in_(language))
    for head in (
        Text("budget", "予算"),
        Text("programme", "事業"),
        Text("thousand yen", "千円"),
        Text("status", "確度"),
        Text("published list", "公表一覧"),
    ):
        table.add_column(head.in_(language), overflow="fold")
    for each in extraction.reconciliations:
        table.add_row(
            each.stage.text.in_(language),
            each.programme,
            _total(each, language),
            STATUS[each.status].in_(language),
            _agreement(each, language),
        )
    out.print(table)


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
