"""No command reaches out: Python itself tells of every connection that is tried."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from allocator.sources.bundled import DATA

WATCHED = """
import sys

def watch(event, arguments):
    if event.startswith(("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "webbrowser.")):
        raise SystemExit(f"reached out: {event} {arguments}")

sys.addaudithook(watch)
from allocator.cli.main import run
sys.exit(run(sys.argv[1:]))
"""
LIST = str(DATA / "published/2023/residents.csv")
CALLS = (
    ["run", "--out", "out", "--quiet"],
    ["check", LIST],
    ["show", "131016", "--json"],
    ["audit", LIST, "--report", "paper.xlsx", "--quiet"],
    ["compare", LIST, "2023", "--report", "paper.html", "--quiet"],
    ["extract", LIST, "--out", "lists", "--quiet"],
)


def ended(words: list[str], folder: Path) -> subprocess.CompletedProcess[str]:
    root = str(Path(__file__).parents[2])
    call = [sys.executable, "-c", f"import sys; sys.path.insert(0, {root!r})\n{WATCHED}", *words]
    return subprocess.run(call, cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("words", CALLS, ids=lambda words: words[0])
def test_nothing_is_asked_for_from_elsewhere(words: list[str], tmp_path: Path) -> None:
    done = ended(words, tmp_path)
    assert done.returncode == 0, done.stderr


def test_a_connection_would_be_seen(tmp_path: Path) -> None:
    watched = WATCHED.replace("run(sys.argv[1:])", "__import__('socket').socket().connect(())")
    call = [sys.executable, "-c", watched.replace("from allocator.cli.main import run", "")]
    done = subprocess.run(call, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert "reached out: socket." in done.stderr
