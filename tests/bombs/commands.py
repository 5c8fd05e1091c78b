"""Every command that takes a file from outside, and which kinds of bombs are given to which."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Literal

from allocator.sources.bundled import DATA

LISTED: Final = DATA / "published" / "2023" / "residents.csv"

_PROGRAMME: Final = """id = "water"
name = "water"
payers = "municipalities"
basis = "rule"
total = 1_000
source = "an example"
[[share]]
weight = "1"
by = "{by}"
[rounding]
unit = 1
method = "largest_remainder"
ties = "code"
"""
_KEYS: Final = {
    "measure": """[[measure]]
name = "staff"
file = "{file}"
column = "amount"
as_of = 2022-01-01
""",
    "register": """organisations = "{file}"
codes = "text"
""",
}


def _plan(folder: Path, kind: Literal["measure", "register"], file: Path) -> list[str]:
    """Write a plan that takes a file as its measure or its register; return the call."""
    plan = folder / "plan"
    plan.mkdir()
    given = plan / f"given{file.suffix}"
    if file.is_file():
        shutil.copyfile(file, given)
    head = 'fiscal_year = 2030\nprogrammes = ["water"]\n'
    (plan / "plan.toml").write_text(head + _KEYS[kind].format(file=given.name))
    by = "staff" if kind == "measure" else "equal"
    (plan / "water.toml").write_text(_PROGRAMME.format(by=by))
    return ["run", str(plan), "--out", str(folder / "out")]


COMMANDS: Final[dict[str, Callable[[Path, Path], list[str]]]] = {
    "run": lambda folder, file: ["run", "--out", str(folder / "out"), "--population", str(file)],
    "audit": lambda _, file: ["audit", str(file)],
    "extract": lambda folder, file: ["extract", str(file), "--out", str(folder / "out")],
    "check": lambda _, file: ["check", str(file)],
    "compare": lambda _, file: ["compare", str(file), str(LISTED)],
    "against": lambda _, file: ["audit", str(LISTED), "--against", str(file)],
    "measure": lambda folder, file: _plan(folder, "measure", file),
    "register": lambda folder, file: _plan(folder, "register", file),
}
"""A command's words, for a folder of its own and a file: `--population`, `[[measure]]` …"""

_OF_TABLES: Final = ("audit", "extract", "check", "measure", "register")

TAKEN_BY: Final[dict[str, Sequence[str]]] = {
    "parquet": _OF_TABLES,
    "csv": _OF_TABLES,
    "xlsx": _OF_TABLES,
    "xls": _OF_TABLES,
    "pdf": ("audit", "extract", "check"),
    "plan": ("check",),
}
"""The commands that take each kind, by the first word of a bomb's name."""

BY_THE_SAME_WAY: Final = ("run", "compare", "against")
"""Commands that read tables by functions of the others: every fifth bomb is given to them too."""
