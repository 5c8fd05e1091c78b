"""Every problem has a stable code of its own, on the command line too."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import allocator
from allocator.domain.errors import UNNAMED
from tests.cli.calls import call_inside
from tests.cli.test_bad_input import CASES

PACKAGE = Path(allocator.__file__).parent
MAKERS = {"refuse": 3, "Problem": 3}
"""What makes a problem, and how many arguments stand before its code."""


@pytest.mark.parametrize("name", CASES)
def test_bad_input_has_a_code(name: str, tmp_path: Path) -> None:
    prepare, _ = CASES[name]

    done = call_inside("run", *prepare(tmp_path), "--out", tmp_path / "out", "--json")

    errors = done.object["errors"]
    assert errors
    for each in errors:
        assert each["code"] != UNNAMED
        assert re.fullmatch(r"[a-z][a-z0-9_]*", each["code"])


def test_no_problem_is_made_without_a_code() -> None:
    made = [(file, call) for file in sorted(PACKAGE.rglob("*.py")) for call in _calls(file)]
    without = [
        f"{file.relative_to(PACKAGE)}:{call.lineno}"
        for file, call in made
        if not any(keyword.arg == "code" for keyword in call.keywords)
        and len(call.args) <= MAKERS[_name(call)]
    ]

    assert len(made) > 150
    assert not without


def test_codes_that_are_written_out_are_words() -> None:
    codes = {
        keyword.value.value
        for file in PACKAGE.rglob("*.py")
        for call in _calls(file)
        for keyword in call.keywords
        if keyword.arg == "code" and isinstance(keyword.value, ast.Constant)
    }

    assert {"missing_file", "not_toml", "duplicate_code", "unknown_programme"} <= codes
    assert not [code for code in codes if not re.fullmatch(r"[a-z][a-z0-9_]*", str(code))]


def _calls(file: Path) -> list[ast.Call]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call) and _name(node) in MAKERS]


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else ""
