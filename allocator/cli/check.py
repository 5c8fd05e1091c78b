"""`allocator check`: validates a plan, a data file or an output folder, and changes nothing."""

from __future__ import annotations

from pathlib import Path

import click

from allocator.cli.bilingual import command as bilingual_command
from allocator.cli.bilingual import json_option, quiet_option
from allocator.cli.language import chosen
from allocator.cli.status import DONE
from allocator.cli.terminal import show_json, tell
from allocator.domain.text import Text


@bilingual_command(
    "check",
    Text(
        "Validate PATH: a plan (its folder or plan.toml), a data file (a measure, a published "
        "list or a register; - for standard input), or an output folder (does its manifest fit "
        "its files?). Nothing is changed.",
        "PATH を検証します: 計画(フォルダーか plan.toml)、データ(指標・公表一覧・団体一覧。"
        "- は標準入力)、出力フォルダー(manifest.json とファイルの整合)。何も変更しません。",
    ),
)
@click.argument("path", metavar="PATH", type=click.Path(path_type=Path))
@quiet_option
@json_option
def command(path: Path, quiet: bool, as_json: bool) -> int:
    """Find out what PATH is, and validate it as that."""
    from allocator.cli.progress import working
    from allocator.tasks.check import check

    with working(Text("checking", "検証中"), quiet=quiet):
        verdict = check(path)
    if as_json:
        found = {
            "path": path.as_posix(),
            "kind": verdict.kind,
            "text": verdict.text.in_(chosen()),
            "read": [
                {"name": each.name, **each.left_out.as_dict(each.taken, each.places)}
                for each in verdict.readings
            ],
        }
        show_json(found)
    elif not quiet:
        tell(*(line.in_(chosen()) for line in verdict.lines))
    return DONE
