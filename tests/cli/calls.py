"""Calling the command line, and what must hold after a call that was refused."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest

from allocator.cli.main import run

ROOT: Final = Path(__file__).resolve().parents[2]

OUTPUTS: Final = (
    "allocation.xlsx",
    "allocation.csv",
    "breakdown.csv",
    "parts.csv",
    "report.html",
    "manifest.json",
)
"""What a run of the bundled plan writes, in its order: the manifest last."""

WITHOUT_PARTS: Final = tuple(name for name in OUTPUTS if name != "parts.csv")
"""What a run writes of a plan without programmes of parts."""


@dataclass(frozen=True)
class Ended:
    """How a call ended: exit status, standard output, standard error."""

    status: int
    out: str
    err: str

    @property
    def object(self) -> dict[str, Any]:
        """The one JSON object that standard output has to be."""
        found = json.loads(self.out)
        assert isinstance(found, dict)
        assert self.out.count("\n") == 1, "one object on one line, and nothing else"
        return found


@dataclass(frozen=True)
class Caller:
    """The command line, called inside this process."""

    capsys: pytest.CaptureFixture[str]

    def __call__(self, *words: str | Path) -> Ended:
        """Call `allocator` with `words`."""
        self.capsys.readouterr()
        status = run([str(word) for word in words])
        printed = self.capsys.readouterr()
        return Ended(status, printed.out, printed.err)


def call_inside(*words: str | Path, language: str = "en") -> Ended:
    """Call `allocator` where the capture of a test is not at hand: in fixtures, or many times."""
    with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        status = run(["--lang", language, *map(str, words)])
    return Ended(status, out.getvalue(), err.getvalue())


def call_outside(
    words: Sequence[str | Path],
    *,
    cwd: Path,
    package: Path = ROOT,
    environment: Mapping[str, str] | None = None,
    encoding: str = "utf-8",
) -> Ended:
    """Call `python -m allocator` in a process of its own; `package` holds the code."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("PYTHON", "ALLOCATOR_", "LC_", "LANG"))
    }
    plain = {"PYTHONPATH": str(package), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "allocator", *map(str, words)],
        cwd=cwd,
        env={**kept, **plain, **(environment or {})},
        capture_output=True,
        encoding=encoding,
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def snapshot(folder: Path) -> dict[str, bytes | None]:
    """Return everything below `folder`: the bytes of files, None for folders."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def assert_refused(ended: Ended, *pieces: str) -> None:
    """Assert exit status 2, a message that says where, what and how to mend it, and no more."""
    assert ended.status == 2, ended.err
    assert ended.out == ""
    assert "Traceback" not in ended.err
    first, second, *_ = ended.err.splitlines()
    assert first.startswith(("Error: ", "エラー: ")), first
    assert second.startswith(("  To mend it: ", "  対処: ")), second
    for piece in pieces:
        assert piece in ended.err, f"{piece!r} is not in: {ended.err}"
