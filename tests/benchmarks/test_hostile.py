"""Hostile files end quickly and in little memory: 2 s and 500 MB, start-up included."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.sources.hostile import HOSTILE, large_rubbish

SECONDS = 2.0
BYTES = 500_000_000
MAKERS: dict[str, Callable[[Path], Path]] = {
    **HOSTILE,
    "large_rubbish": partial(large_rubbish, size=300_000_000),
}


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="Only POSIX tells a child's peak memory.")
@pytest.mark.parametrize("kind", list(MAKERS))
def test_a_hostile_file_is_refused_at_once(kind: str, tmp_path: Path) -> None:
    path = MAKERS[kind](tmp_path)
    call = [sys.executable, "-m", "allocator", "run", "--population", str(path)]
    quiet = [(os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0)]

    began = time.perf_counter()
    child = os.posix_spawn(
        sys.executable, [*call, "--out", str(tmp_path / "out")], os.environ, file_actions=quiet
    )
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - began

    scale = 1 if sys.platform == "darwin" else 1024
    print(f"{kind}: {seconds:.2f} s, {usage.ru_maxrss * scale / 1e6:.0f} MB")
    assert os.waitstatus_to_exitcode(status) == 2
    assert seconds <= SECONDS
    assert usage.ru_maxrss * scale <= BYTES
