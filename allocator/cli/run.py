"""`allocator run`: compute a plan, write its outputs, say how it agrees with the lists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from allocator.cli.bilingual import command as bilingual_command
from allocator.cli.bilingual import json_option, option, quiet_option, raw_csv_option
from allocator.cli.delivery import wrote
from allocator.cli.inputs import refuse_twice, yen_given
from allocator.cli.language import chosen
from allocator.cli.status import DONE, WRONG_INPUT
from allocator.cli.terminal import Head, Terminal, show_json
from allocator.domain.errors import refuse
from allocator.domain.text import Language, Text

if TYPE_CHECKING:
    from allocator.outputs.files.csv_files import Encoding
    from allocator.results.outcome import Outcome


@bilingual_command(
    "run",
    Text(
        "Compute PLANs (a folder or its plan.toml; default: the bundled newest) and write "
        "allocation.xlsx, allocation.csv, breakdown.csv, report.html and manifest.json.",
        "PLAN(フォルダーか plan.toml。省略時は同梱の最新年度)を計算し、allocation.xlsx、"
        "allocation.csv、breakdown.csv、report.html、manifest.json を書き出します。",
    ),
)
@click.argument("plans", metavar="[PLAN]...", nargs=-1, type=click.Path(path_type=Path))
@option(
    "--out",
    type=click.Path(path_type=Path),
    metavar="DIR",
    text=Text("Folder for the outputs (default: out/FISCAL_YEAR).", "出力先(既定: out/年度)。"),
)
@option(
    "--population",
    multiple=True,
    type=click.Path(path_type=Path),
    metavar="FILE",
    text=Text(
        "A population file of your own: CSV, .xls, .xlsx or Parquet, - for standard input; dated "
        "by its title, else by its name (population_2026-01-01.csv). It takes the place of a "
        "bundled one of the same date.",
        "独自の人口ファイル(CSV・xls・xlsx・Parquet、- は標準入力)。基準日は表題、"
        "なければファイル名(population_2026-01-01.csv)から読み、同じ日付の同梱データに代わります。",
    ),
)
@option(
    "--total",
    "totals",
    multiple=True,
    metavar="ID=YEN",
    text=Text("Another total for a programme, in yen.", "事業の総額(円)を変える。"),
)
@option(
    "--as-of",
    "dates",
    multiple=True,
    metavar="ID=DATE",
    text=Text(
        "Another date for every measure of a programme's rule.", "事業の指標の基準日を変える。"
    ),
)
@option(
    "--programme",
    "only",
    multiple=True,
    metavar="ID",
    text=Text("Compute this programme alone.", "この事業だけを計算する。"),
)
@option(
    "--previous",
    multiple=True,
    metavar="PATH",
    text=Text(
        "What the amounts are compared with: an earlier plan (folder or plan.toml; a bundled one "
        "by its year), computed, or a file with published lists. ID=PATH says for which programme. "
        "It takes the place of previous in plan.toml.",
        "前年度比較の対象: 前年度の計画(フォルダーか plan.toml。同梱の計画は年度。計算して使います)"
        "か、公表一覧のファイル。ID=PATH で事業を指定します。plan.toml の previous に代わります。",
    ),
)
@option(
    "--encoding",
    type=click.Choice(["utf-8", "cp932"]),
    default="utf-8",
    show_default=True,
    text=Text("Encoding of the CSV files.", "CSVの文字コード。"),
)
@raw_csv_option
@json_option
@quiet_option
def command(
    plans: tuple[Path, ...],
    out: Path | None,
    population: tuple[Path, ...],
    totals: tuple[str, ...],
    dates: tuple[str, ...],
    only: tuple[str, ...],
    previous: tuple[str, ...],
    encoding: Encoding,
    raw_csv: bool,
    as_json: bool,
    quiet: bool,
) -> int:
    """Compute, write, report."""
    from allocator.cli.progress import working
    from allocator.files.source import Sources
    from allocator.outputs.files.folder import inputs_of, refuse_unwritable, write_outputs
    from allocator.plans.variant import Overrides
    from allocator.sources.bundled import newest_plan
    from allocator.tasks.compute import compute_plan
    from allocator.tasks.earlier import with_previous

    refuse_twice(
        *(f"--population {file}" for file in population),
        *(f"--previous {name}" for name in previous),
    )
    overrides = Overrides(_totals(totals), _dates(dates), population, only)
    sources = Sources()
    with working(Text("computing", "計算中"), quiet=quiet):
        outcomes = [
            with_previous(compute_plan(plan, overrides, sources), previous, sources)
            for plan in plans or (newest_plan(),)
        ]
        folders = _folders(outcomes, out)
        inputs = [file for outcome in outcomes for file in inputs_of(outcome)]
        for folder in folders:
            refuse_unwritable(folder, inputs)
        both = list(zip(outcomes, folders, strict=True))
        paths = []
        said = []
        for outcome, folder in both:
            paths.append(write_outputs(outcome, folder, encoding, raw_csv=raw_csv))
            said.append(wrote(_written(folder, paths[-1]), paths[-1]))
    language = chosen()
    written = [[path.as_posix() for path in each] for each in paths]
    if not (as_json or quiet):
        for outcome, words in zip(outcomes, said, strict=True):
            _report(outcome, words, language)
    if as_json:
        from allocator.outputs.as_json import run_dict

        results = [
            run_dict(outcome, paths, language)
            for outcome, paths in zip(outcomes, written, strict=True)
        ]
        one = results[0] if len(results) == 1 else {"plans": results}
        show_json(one)
    return DONE if all(outcome.complete for outcome in outcomes) else WRONG_INPUT


def _written(folder: Path, paths: Sequence[Path]) -> Text:
    names = ", ".join(path.name for path in paths)
    return Text(f"Written into {folder}: {names}", f"{folder} に書き出しました: {names}")


def _report(outcome: Outcome, written: Text, language: Language) -> None:
    from allocator.domain.yen import group
    from allocator.results.agreement import Agreement
    from allocator.words.labels import basis_words, comparison_words
    from allocator.words.notes import notes_of

    def say(english: str, japanese: str) -> str:
        return Text(english, japanese).in_(language)

    out = Terminal()
    heads = [
        Head(say("programme", "事業")),
        Head(say("payers", "団体数"), right=True),
        Head(say("total, yen", "総額(円)"), right=True, whole=True),
        Head(say("basis", "根拠")),
        Head(say("equal to the published list", "公表一覧との一致")),
    ]
    rows = []
    for each in outcome.programmes:
        allocation, found = each.allocation, each.agreement
        agreed = (
            f"{found.matched}/{found.rows}"
            if isinstance(found, Agreement)
            else found.brief.in_(language)
        )
        rows.append(
            (
                each.programme.id,
                f"{len(allocation.payers):,}" if allocation else "",
                group(allocation.total) if allocation else "",
                basis_words(each).in_(language),
                agreed,
            )
        )
    year = outcome.plan.fiscal_year
    out.table(heads, rows, say(f"Fiscal year {year}", year.japanese))
    for each in outcome.programmes:
        if not isinstance(each.agreement, Agreement):
            out.say(f"{each.programme.id}: {each.agreement.reason.in_(language)}")
        for note in notes_of(each):
            out.say(f"{each.programme.id}: {note.in_(language)}")
    for line in comparison_words(outcome):
        out.say(line.in_(language))
    for remark in outcome.notes:
        out.say(remark.in_(language))
    out.say(written.in_(language))


def _folders(outcomes: Sequence[Outcome], out: Path | None) -> list[Path]:
    """Return where each plan's outputs go: DIR, or a folder a fiscal year below it."""
    years = [str(outcome.plan.fiscal_year) for outcome in outcomes]
    if len(set(years)) != len(years):
        raise refuse(
            "PLAN",
            Text("two plans are for one fiscal year", "同じ年度の計画が2つあります"),
            Text(
                "run them one by one, each with its own --out",
                "--out を分けて1つずつ実行してください",
            ),
            code="given_twice",
        )
    if out is not None and len(outcomes) == 1:
        return [out]
    return [(out or Path("out")) / year for year in years]


def _totals(given: Sequence[str]) -> dict[str, int]:
    return {
        identifier: yen_given(value, f"--total {identifier}={value}")
        for identifier, value in _pairs("--total", given, "residents=1600000000")
    }


def _dates(given: Sequence[str]) -> dict[str, date]:
    dates = {}
    for identifier, value in _pairs("--as-of", given, "residents=2025-01-01"):
        try:
            dates[identifier] = date.fromisoformat(value)
        except ValueError:
            raise refuse(
                f"--as-of {identifier}={value}",
                Text(f"{value!r} is no date", f"{value!r} は日付ではありません"),
                Text("write it as 2025-01-01", "2025-01-01 の形で書いてください"),
                code="not_a_date",
            ) from None
    return dates


def _pairs(name: str, given: Sequence[str], example: str) -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for word in given:
        identifier, equals, value = word.partition("=")
        if not equals or not identifier or not value:
            raise refuse(
                f"{name} {word}",
                Text("not of the form ID=VALUE", "ID=値 の形ではありません"),
                Text(f"write {name} {example}", f"{name} {example} のように書いてください"),
                code="wrong_call",
            )
        if identifier in dict(pairs):
            raise refuse(
                f"{name} {word}",
                Text(f"{identifier} is given twice", f"{identifier} の指定が2回あります"),
                Text("give it once", "1回だけにしてください"),
                code="given_twice",
            )
        pairs.append((identifier, value))
    return pairs
