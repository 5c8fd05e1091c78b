"""Tables of what was measured: printed, and kept in the folder that ALLOCATOR_BENCH_OUT names."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest


def table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table; figures (all columns but the first) stand to the right."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def publish(request: pytest.FixtureRequest, name: str, text: str) -> None:
    """Print a table in spite of pytest's capturing, and write it where asked."""
    capture = request.config.pluginmanager.getplugin("capturemanager")
    with capture.global_and_fixture_disabled():
        print(f"\n\n{text}")
    if out := os.environ.get("ALLOCATOR_BENCH_OUT"):
        folder = Path(out)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.md").write_text(f"{text}\n", encoding="utf-8")
