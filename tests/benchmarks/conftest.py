"""What the benchmarks have in common."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(scope="session")
def surroundings(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Return the environment of the processes: byte code is written and kept."""
    kept = tmp_path_factory.mktemp("bytecode")
    others = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {**others, "PYTHONPYCACHEPREFIX": str(kept)}
