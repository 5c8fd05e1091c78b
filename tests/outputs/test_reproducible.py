"""The same inputs and versions give the same bytes: in any process, zone, language, place."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from allocator.outputs.files.folder import write_outputs
from allocator.results.outcome import Outcome
from allocator.sources.bundled import CONFIGS

SCRIPT = """
import os, sys
from pathlib import Path
os.umask(0o077)
from allocator.outputs.files.folder import write_outputs
from allocator.tasks.compute import compute_plan
write_outputs(compute_plan(Path(sys.argv[1])), Path(sys.argv[2]))
"""


def test_same_bytes_again(bundled: Outcome, written: Path, tmp_path: Path) -> None:
    for path in write_outputs(bundled, tmp_path):
        assert path.read_bytes() == (written / path.name).read_bytes(), path.name


def test_same_bytes_in_another_process_zone_language_and_folder(
    written: Path, tmp_path: Path
) -> None:
    environment = os.environ | {
        "TZ": "Pacific/Kiritimati",
        "PYTHONHASHSEED": "7",
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "POLARS_MAX_THREADS": "1",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    plan = os.path.relpath(CONFIGS / "2023", tmp_path)

    subprocess.run(
        [sys.executable, "-c", SCRIPT, plan, "out"], cwd=tmp_path, env=environment, check=True
    )

    names = sorted(path.name for path in written.iterdir())
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == names
    for name in names:
        assert (tmp_path / "out" / name).read_bytes() == (written / name).read_bytes(), name
