"""docs/audit.md knows every check, kind and reason of an audit, and its JSON."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final, get_args

import pytest

from allocator.auditing.findings import CHECK_NAMES, WARNINGS, Kind
from docs.build import LIST, ROOT
from tests.docs.pages import figures, page

AUDIT: Final = page("docs/audit.md")
REASONS: Final = {
    (row["kind"].strip("`"), row["reason"].strip("`"))
    for row in AUDIT.sections["Reasons"].tables[0]
}


def test_checks() -> None:
    (rows,) = AUDIT.sections["What can be checked"].tables

    assert [row["check"].strip("`") for row in rows] == list(CHECK_NAMES)


def test_kinds_and_severities() -> None:
    (rows,) = AUDIT.sections["Kinds of findings"].tables
    said = {row["kind"].strip("`"): row["severity"] for row in rows}

    assert list(said) == list(get_args(Kind))
    assert {kind for kind, severity in said.items() if severity == "warning"} == WARNINGS


def test_every_kind_has_reasons() -> None:
    assert {kind for kind, _ in REASONS} == set(get_args(Kind))


@pytest.mark.parametrize("reason", sorted({reason for _, reason in REASONS}))
def test_a_reason_is_one_of_the_program(reason: str) -> None:
    assert f'"{reason}"' in _code()


def test_reasons_written_beside_their_kind_are_described() -> None:
    pairs = set(re.findall(r'(?:Finding|Fault)\(\s*"(\w+)",\s*"(\w+)"', _code()))
    pairs |= {("amount", word) for word in re.findall(r'Reason\(\s*"(\w+)"', _code())}

    assert pairs
    assert pairs <= REASONS


def test_the_json_has_the_keys_that_are_described(tmp_path: Path) -> None:
    list_ = tmp_path / "list.csv"
    text = LIST.read_text(encoding="utf-8").replace(",47267000", ",47267001")
    list_.write_text(text, encoding="utf-8")
    of_audit, of_finding = AUDIT.sections["JSON"].tables
    call = ["audit", str(list_), "--programme", "residents", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "allocator", *call],
        cwd=ROOT,
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 1, done.stderr
    (audit,) = json.loads(done.stdout)["audits"]

    assert list(audit) == _keys(of_audit, "key")
    assert list(audit["findings"][0]) == _keys(of_finding, "key of a finding")


def test_reports_end_as_the_help_says() -> None:
    (line,) = re.findall(r"^- `--report`.*$", AUDIT.text, re.MULTILINE)
    text = page("docs/cli.md").text
    in_help = text[text.index("--report FILE") :].partition("--quiet")[0]

    assert re.findall(r"`(\.\w+)`", line) == re.findall(r" (\.\w+)", in_help)


def _keys(rows: list[dict[str, str]], column: str) -> list[str]:
    return [key for row in rows for key in figures(row[column])]


def _code() -> str:
    files: list[Any] = sorted((ROOT / "allocator" / "auditing").glob("*.py"))
    return "\n".join(file.read_text(encoding="utf-8") for file in files)
