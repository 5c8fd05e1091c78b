"""Characters that no office writes into a name are refused where names are given."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.cli.calls import assert_refused, call_inside
from tests.names.nasty import HARMLESS, PIECES, STEERING, write_plan

REFUSED = list(dict.fromkeys(each[0] for each in STEERING))


@pytest.mark.parametrize("character", REFUSED)
def test_a_register_with_such_a_name(character: str, tmp_path: Path) -> None:
    said = replace(HARMLESS, towns=("甲町", f"乙{character}町", "丙町"))
    plan = write_plan(tmp_path / "plan", said)
    ended = call_inside("run", plan, "--out", tmp_path / "out")
    code = f"U+{ord(character):04X}"
    assert_refused(ended, "organisations.csv: line 4, column municipality", code)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "key", ["name", "short", "note", "source", "legal_basis", "part", "reason"]
)
def test_a_plan_with_such_a_text(key: str, tmp_path: Path) -> None:
    evil = "井戸\u202e"
    said = {
        "name": replace(HARMLESS, programmes=("道路", evil)),
        "short": replace(HARMLESS, short=evil),
        "part": replace(HARMLESS, part=evil),
    }.get(key, replace(HARMLESS, text=evil))
    plan = write_plan(tmp_path / "plan", said)
    ended = call_inside("check", plan)
    assert_refused(ended, "U+202E", {"part": "part[2].name", "reason": "reason"}.get(key, key))


def test_what_people_write_is_taken(tmp_path: Path) -> None:
    said = replace(HARMLESS, programmes=("<&'\"=+-@{}[]|", "改\n行\tタブ"), text="".join(PIECES))
    assert call_inside("check", write_plan(tmp_path / "plan", said)).status == 0
