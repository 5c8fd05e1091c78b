"""Hostile files end quickly and in little memory: 2 s and 500 MB each, start-up included."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Final

import pytest

from tests.documents.hostile import HOSTILE as DOCUMENTS
from tests.sources.hostile import HOSTILE, large_rubbish

SECONDS: Final = 2.0
BYTES: Final = 500_000_000

Maker = Callable[[Path], Path]
MAKERS: Final[dict[str, Maker]] = {
    **{name: maker for name, (maker, _) in DOCUMENTS.items()},
    **HOSTILE,
    "large_rubbish": partial(large_rubbish, size=300_000_000),
}
COMMANDS: Final = {
    "run": ("run", "--out", "out", "--population"),
    "audit": ("audit",),
    "extract": ("extract", "--out", "out"),
}


# A process of its own measures: the peak of a child counts from that of its parent, and that which
# makes the files is large.
MEASURED: Final = """
import json, os, sys, time
began = time.perf_counter()
call = [sys.executable, "-m", "allocator", *sys.argv[1:]]
child = os.posix_spawn(sys.executable, call, os.environ)
_, status, usage = os.wait4(child, 0)
seconds = time.perf_counter() - began
print(json.dumps([os.waitstatus_to_exitcode(status), seconds, usage.ru_maxrss]))
"""


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="Only POSIX tells a child's peak memory.")
@pytest.mark.parametrize("command", list(COMMANDS))
@pytest.mark.parametrize("kind", list(MAKERS))
def test_a_hostile_file_is_refused_at_once(kind: str, command: str, tmp_path: Path) -> None:
    words = ["--lang", "en", *COMMANDS[command], str(MAKERS[kind](tmp_path))]
    measured = subprocess.run(
        [sys.executable, "-S", "-c", MEASURED, *words],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    status, seconds, peak = json.loads(measured.stdout)
    peak *= 1 if sys.platform == "darwin" else 1024
    print(f"{command} {kind}: {seconds:.2f} s, {peak / 1e6:.0f} MB")
    assert status == 2
    assert len(measured.stderr.splitlines()) == 2, "one sentence and its mend"
    assert seconds <= SECONDS
    assert peak <= BYTES
