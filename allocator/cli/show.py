"""`allocator show`: one payer, every programme, every step from input to amount."""

from __future__ import annotations

from pathlib import Path

import click

from allocator.cli.bilingual import command as bilingual_command
from allocator.cli.bilingual import json_option, option
from allocator.cli.language import chosen
from allocator.cli.status import DONE
from allocator.cli.terminal import show, show_json
from allocator.domain.text import Text


@bilingual_command(
    "show",
    Text(
        "Explain what the organisation CODE (団体コード, such as 131016) pays under PLAN (default: "
        "the bundled newest), step by step.",
        "団体コード CODE(例: 131016)の負担額を、PLAN(省略時は同梱の最新年度)に沿って説明します。",
    ),
)
@click.argument("code", metavar="CODE")
@click.argument("plan", metavar="[PLAN]", required=False, type=click.Path(path_type=Path))
@option(
    "--quiet",
    "-q",
    is_flag=True,
    text=Text(
        "Print nothing but the explanation and errors.",
        "説明とエラーのほかは何も表示しない。",
    ),
)
@json_option
def command(code: str, plan: Path | None, quiet: bool, as_json: bool) -> int:
    """Compute, explain."""
    from allocator.cli.progress import working
    from allocator.outputs.as_json import show_dict
    from allocator.sources.bundled import newest_plan
    from allocator.tasks.compute import compute_plan
    from allocator.tasks.known_code import known_code
    from allocator.words.payer import explain
    from allocator.words.payer_lines import payer_lines

    with working(Text("computing", "計算中"), quiet=quiet):
        outcome = compute_plan(plan or newest_plan())
        explanation = explain(outcome, known_code(outcome, code, f"CODE {code}"))
    language = chosen()
    year = outcome.plan.fiscal_year
    if as_json:
        show_json(show_dict(explanation, year.year, language))
    else:
        heading = Text(f"fiscal year {year}", year.japanese)
        show(payer_lines(explanation, heading, language))
    return DONE
