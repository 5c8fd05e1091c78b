"""What a terminal shows while work goes on, and that nobody else sees any of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.cli.calls import ROOT
from tests.documents.drawing import as_pdf
from tests.documents.papers import lists_alone

pty = pytest.importorskip("pty", reason="Pseudo-terminals are POSIX's.")

CALL: Final = """
import sys
from allocator.cli import progress
from allocator.cli.main import run
progress.PATIENCE = float(sys.argv[1])
sys.exit(run(sys.argv[2:]))
"""
LIST: Final = ROOT / "data" / "published" / "2023" / "residents.csv"
COLOUR: Final = b"\x1b[1;3"
HIDDEN_CURSOR: Final = b"\x1b[?25l"


def on_terminal(
    *words: str | Path, cwd: Path, patience: float = 0, environment: dict[str, str] | None = None
) -> tuple[int, bytes, bytes]:
    """Call with standard error on a terminal; return status, standard output, what it showed."""
    ours, theirs = pty.openpty()
    kept = {name: value for name, value in os.environ.items() if "COLOR" not in name}
    settings = {"PYTHONPATH": str(ROOT), "TERM": "xterm-256color", "LANG": "C.UTF-8"}
    call = subprocess.Popen(
        [sys.executable, "-c", CALL, str(patience), "--lang", "en", *map(str, words)],
        cwd=cwd,
        env={**kept, **settings, **(environment or {})},
        stdout=subprocess.PIPE,
        stderr=theirs,
    )
    os.close(theirs)
    shown = b""
    while True:
        try:
            piece = os.read(ours, 65_536)
        except OSError:  # how Linux says that the other end is closed
            break
        if not piece:
            break
        shown += piece
    os.close(ours)
    out, _ = call.communicate()
    return call.returncode, out, shown


def test_run_shows_its_steps_and_how_many_programmes(tmp_path: Path) -> None:
    status, out, shown = on_terminal("run", cwd=tmp_path)
    assert (status, out) == (0, b"")
    assert b"writing the workbook" in shown
    assert b"/4" in shown, "programmes are counted"
    assert shown.rstrip().endswith(b"manifest.json"), "what was shown meanwhile is gone"


def test_extract_counts_pages(tmp_path: Path) -> None:
    (tmp_path / "papers.pdf").write_bytes(as_pdf(lists_alone()))
    status, _, shown = on_terminal("extract", "papers.pdf", "--out", "out", cwd=tmp_path)
    assert status == 0
    assert b"reading the pages" in shown


@pytest.mark.parametrize(
    "words",
    [
        ["audit", LIST],
        ["compare", LIST, "2023"],
        ["check", ROOT / "configs" / "2023"],
        ["show", "131016"],
    ],
    ids=lambda words: words[0],
)
def test_every_command_shows_that_it_works(words: list[str | Path], tmp_path: Path) -> None:
    status, _, shown = on_terminal(*words, cwd=tmp_path)
    assert status == 0
    assert HIDDEN_CURSOR in shown


@pytest.mark.parametrize("command", ["run", "audit", "compare", "check", "show", "extract"])
def test_quick_calls_show_nothing(command: str, tmp_path: Path) -> None:
    words: dict[str, list[str | Path]] = {
        "run": ["--programme", "residents"],
        "show": ["131016"],
        "extract": [LIST, "--out", "out"],
        "compare": [LIST, LIST],
    }
    _, _, shown = on_terminal(command, *words.get(command, [LIST]), cwd=tmp_path, patience=600)
    assert HIDDEN_CURSOR not in shown


@pytest.mark.parametrize("command", ["run", "audit", "compare", "check", "show", "extract"])
def test_quiet_shows_nothing_at_all(command: str, tmp_path: Path) -> None:
    words: dict[str, list[str | Path]] = {
        "run": ["--programme", "residents"],
        "show": ["131016"],
        "extract": [LIST, "--out", "out"],
        "compare": [LIST, LIST],
    }
    status, out, shown = on_terminal(command, "--quiet", *words.get(command, [LIST]), cwd=tmp_path)
    assert (status, shown) == (0, b"")
    assert bool(out) == (command == "show"), "an explanation is what was asked for"


def test_without_a_terminal_nothing_is_imported_for_it(tmp_path: Path) -> None:
    code = (
        "import sys; from allocator.cli.main import run; status = run(sys.argv[1:]); "
        "sys.exit(status or 'rich.progress' in sys.modules)"
    )
    call = [sys.executable, "-c", code, "show", "131016"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(call, cwd=tmp_path, env=environment, capture_output=True, check=False)
    assert done.returncode == 0


def test_json_stays_alone_on_standard_output(tmp_path: Path) -> None:
    status, out, _ = on_terminal("run", "--json", cwd=tmp_path)
    assert status == 0
    assert out.startswith(b'{"fiscal_year"')
    assert out.count(b"\n") == 1


def test_no_colour_where_none_is_wanted(tmp_path: Path) -> None:
    assert COLOUR in on_terminal("audit", LIST, cwd=tmp_path, patience=600)[2]
    plain = on_terminal("audit", LIST, cwd=tmp_path, environment={"NO_COLOR": "1"})[2]
    assert b"\x1b[3" not in plain
    assert COLOUR not in plain


def test_a_terminal_that_can_do_nothing(tmp_path: Path) -> None:
    shown = on_terminal("audit", LIST, cwd=tmp_path, environment={"TERM": "dumb"})[2]
    assert b"\x1b" not in shown


@pytest.mark.parametrize(
    "environment", [{}, {"FORCE_COLOR": "1"}, {"TTY_COMPATIBLE": "1"}], ids=str
)
def test_a_pipe_gets_words_alone(environment: dict[str, str], tmp_path: Path) -> None:
    kept = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm", **environment}
    call = [sys.executable, "-c", CALL, "0", "--lang", "en", "audit", str(LIST)]
    done = subprocess.run(call, cwd=tmp_path, env=kept, capture_output=True, check=True)
    assert done.stdout == b""
    assert b"\x1b" not in done.stderr
    assert done.stderr.startswith(b"residents")
