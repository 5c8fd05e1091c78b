"""The shell completes commands, options and choices, as the documentation says."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.calls import ROOT

LINES = dict(
    re.findall(
        r"^\| (bash|zsh|fish) \| `(.+)` \|$",
        (ROOT / "docs" / "cli.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
)

CASES = {
    "allocator ex": "extract",
    "allocator audit --re": "--report",
    "allocator run --encoding ''": "utf-8 cp932",
    "allocator --lang j": "ja",
}


@pytest.fixture
def path(tmp_path: Path) -> str:
    """Give a search path with the command on it, as an installation does."""
    command = tmp_path / "allocator"
    code = "import sys; sys.argv[0] = 'allocator'; from allocator.cli.main import main; main()"
    command.write_text(
        f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -c "{code}" "$@"\n',
        encoding="utf-8",
    )
    command.chmod(0o755)
    return f"{tmp_path}:/usr/bin:/bin"


@pytest.mark.parametrize(("line", "expected"), CASES.items(), ids=CASES.keys())
def test_bash(line: str, expected: str, path: str, require_tool: Callable[[str], str]) -> None:
    words = line.split()
    script = f"""{LINES["bash"]}
COMP_WORDS=({line}) COMP_CWORD={len(words) - 1}
"$(complete -p allocator | sed 's/.*-F \\([^ ]*\\).*/\\1/')" allocator
echo "${{COMPREPLY[*]}}"
"""
    done = subprocess.run(
        [require_tool("bash"), "-c", script],
        env={"PATH": path, "LANG": "C.UTF-8"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (done.stdout.strip(), done.stderr) == (expected, "")


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_other_shells_get_a_script(shell: str, path: str) -> None:
    assert f"_ALLOCATOR_COMPLETE={shell}_source allocator" in LINES[shell]
    done = subprocess.run(
        ["allocator"],
        env={"PATH": path, "LANG": "C.UTF-8", "_ALLOCATOR_COMPLETE": f"{shell}_source"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "COMP_WORDS" in done.stdout
    assert done.stderr == ""
