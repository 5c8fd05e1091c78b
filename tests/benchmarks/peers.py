"""Other tools, each in an environment of its own; those that compare two tables."""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
import venv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import pytest

FOLDER: Final = Path(__file__).resolve().parents[2] / ".benchmarks" / "peers"

_DATACOMPY: Final = """
import json
import sys

import datacompy
import polars

one, other = (
    polars.read_csv(path, schema_overrides={"code": polars.String}) for path in sys.argv[1:3]
)
found = datacompy.PolarsCompare(one, other, join_columns=["code"])
frames = (found.all_mismatch(), found.df1_unq_rows, found.df2_unq_rows)
print(json.dumps([code for frame in frames for code in frame["code"].to_list()]))
"""


def environment(name: str, version: str) -> Path:
    """Return the folder of the programs of a package, installed on the first call.

    Where nothing can be installed, the test that asks is skipped; under CI=true it fails.
    """
    home = FOLDER / f"{name}-{version}"
    programs = home / ("Scripts" if sys.platform == "win32" else "bin")
    if not (home / "installed").is_file():
        venv.create(home, with_pip=True, clear=True)
        wanted = f"{name}=={version}"
        pip = [str(programs / "python"), "-m", "pip", "install", "--quiet", wanted]
        done = subprocess.run(pip, capture_output=True, encoding="utf-8", check=False)
        if done.returncode:
            reason = f"{wanted} cannot be installed here:\n{done.stderr[-500:]}"
            if os.environ.get("CI") == "true":
                pytest.fail(reason)
            pytest.skip(reason)
        (home / "installed").touch()
    return programs


@dataclass(frozen=True)
class Peer:
    """A tool: how it is called on two files, and how the differing codes are read from it."""

    name: str
    version: str
    call: Callable[[Path, Path, Path], Sequence[str]]
    read: Callable[[str], set[str]]

    def command(self, one: Path, other: Path) -> list[str]:
        """Return the call that compares two files."""
        return list(self.call(environment(self.name, self.version), one, other))

    def differing(self, one: Path, other: Path) -> set[str] | None:
        """Return the codes that it reports, or None where it ends with an error."""
        done = subprocess.run(
            self.command(one, other), capture_output=True, encoding="utf-8", check=False
        )
        return self.read(done.stdout) if done.returncode == 0 else None


def _csv_diff(printed: str) -> set[str]:
    found = json.loads(printed)
    rows = [row["code"] for kind in ("added", "removed") for row in found[kind]]
    return {*rows, *(row["key"] for row in found["changed"])}


def _daff(printed: str) -> set[str]:
    _, *rows = csv.reader(io.StringIO(printed.partition("@@")[2]))
    return {code.partition("->")[0] for kind, code, *_ in rows if kind not in ("", "...")}


CSV_DIFF: Final = Peer(
    "csv-diff",
    "1.2",
    lambda home, one, other: (
        *(str(home / "csv-diff"), str(one), str(other)),
        *("--key=code", "--format=csv", "--json"),
    ),
    _csv_diff,
)
DAFF: Final = Peer(
    "daff",
    "1.4.2",
    lambda home, one, other: (
        *(str(home / "python"), "-X", "utf8", str(home / "daff.py"), "diff"),
        *("--id", "code", "--context", "0", "--output-format", "csv", str(one), str(other)),
    ),
    _daff,
)
DATACOMPY: Final = Peer(
    "datacompy",
    "1.1.0",
    lambda home, one, other: (str(home / "python"), "-c", _DATACOMPY, str(one), str(other)),
    lambda printed: set(json.loads(printed)),
)
PEERS: Final = (CSV_DIFF, DAFF, DATACOMPY)
