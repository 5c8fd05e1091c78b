"""A cell of millions of characters: what is said of it can still be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.cli.calls import ROOT, Caller, assert_refused

PLAN: Final = ROOT / "configs" / "2023"
LONG: Final = "9x" * 2_500_000
MOST: Final = 70_000
"""Twenty problems of three sentences, with room to spare."""


def amount(cell: str) -> str:
    return f'code,prefecture,amount\n010006,北海道,"{cell}"\n'


def every_amount(cell: str) -> str:
    cell = cell[:100_000]
    return "code,prefecture,amount\n" + f'010006,北海道,"{cell}"\n' * 40


def code(cell: str) -> str:
    return f'code,prefecture,amount\n"{cell}",北海道,1\n'


def name(cell: str) -> str:
    return f'都道府県名,金額\n"{cell}",x\n'


def heading(cell: str) -> str:
    return f'"{cell}",amounts\n1,2\n'


@pytest.mark.parametrize("write", [amount, every_amount, code, name, heading])
@pytest.mark.parametrize(
    "words",
    [
        ("check", "list.csv"),
        ("run", PLAN, "--population", "list.csv", "--out", "out"),
        ("run", PLAN, "--previous", "residents=list.csv", "--out", "out"),
    ],
)
def test_in_a_table(
    words: tuple[str | Path, ...], write: Callable[[str], str], call: Caller, here: Path
) -> None:
    (here / "list.csv").write_text(write(LONG), encoding="utf-8")
    ended = call(*words)
    assert_refused(ended, "list.csv")
    assert len(ended.err) < MOST


def test_in_a_plan(call: Caller, here: Path) -> None:
    text = f'fiscal_year = "{LONG[:900_000]}"\nprogrammes = ["a"]\n{LONG[1:90_001]} = 1\n'
    (here / "plan.toml").write_text(text, encoding="utf-8")
    ended = call("run", "plan.toml")
    assert_refused(ended, "plan.toml")
    assert len(ended.err) < MOST
    as_json = call("run", "plan.toml", "--json")
    assert as_json.status == 2
    assert len(as_json.out) < MOST


def test_in_an_argument(call: Caller) -> None:
    for words in (("run", LONG), ("show", LONG), ("run", "--total", f"residents={LONG}"), (LONG,)):
        ended = call(*words)
        assert ended.status == 2
        assert len(ended.err) < MOST
