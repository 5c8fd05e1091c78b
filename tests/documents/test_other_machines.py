"""The same bytes on every machine: whatever its fonts, locale, time zone and Python's hash seed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl
import pytest

from tests.documents.budgets import DATA

Rebuilt = Callable[[str], Path]
ROOT: Final = Path(__file__).resolve().parents[2]
SCRIPT: Final = Path(__file__).with_name("other_machine.py")


@dataclass(frozen=True)
class Machine:
    """What a machine brings along; `fonts`: whether PDFium finds those that are installed."""

    fonts: bool
    settings: dict[str, str]


JAPAN: Final = {"LANG": "ja_JP.UTF-8", "LC_ALL": "ja_JP.UTF-8", "TZ": "Asia/Tokyo"}
MACHINES: Final = {
    "here": Machine(True, {"LANG": "C", "TZ": "UTC", "PYTHONHASHSEED": "0"}),
    "in Japan": Machine(True, {**JAPAN, "PYTHONHASHSEED": "1"}),
    "new": Machine(False, {"LC_ALL": "POSIX", "TZ": "America/New_York", "PYTHONHASHSEED": "2"}),
}

COMMANDS: Final = {
    "extract papers": ("extract", "papers.pdf", "--out", "extracted"),
    "audit papers": ("audit", "papers.pdf", "--programme", "intermediate_server", "--json"),
    "audit a list": ("audit", "list.csv", "--programme", "residents", "--json"),
    "run": ("run", "--out", "results", "--json"),
}


def files(rebuilt: Rebuilt, folder: Path) -> None:
    """Write papers that lie on their side, in a font that is not there; a list in Shift-JIS."""
    (folder / "papers.pdf").write_bytes(rebuilt("papers-2023-turned.pdf").read_bytes())
    rows = (DATA / "published" / "2023" / "residents.csv").read_text("utf-8")
    (folder / "list.csv").write_bytes(rows.replace("47267000", "47267001").encode("cp932"))


def outcome(machine: Machine, command: tuple[str, ...], folder: Path) -> tuple[bytes, ...]:
    """Return the status, what is printed, and the names and bytes of all that is written."""
    empty = folder / "fonts"
    empty.mkdir()
    start = ["-m", "allocator"] if machine.fonts else [str(SCRIPT), str(empty)]
    kept = ("LANG", "LC_", "TZ", "PYTHON", "ALLOCATOR_", "COLUMNS")
    inherited = {name: each for name, each in os.environ.items() if not name.startswith(kept)}
    done = subprocess.run(
        [sys.executable, *start, "--lang", "ja", *command],
        cwd=folder,
        env={**inherited, **machine.settings, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    written = sorted(path for path in folder.rglob("*") if path.is_file())
    names = (path.relative_to(folder).as_posix().encode() for path in written)
    contents = (path.read_bytes() for path in written)
    return (b"%d" % done.returncode, done.stdout, done.stderr, *names, *contents)


@pytest.mark.parametrize("name", COMMANDS)
def test_the_same_bytes_on_every_machine(name: str, rebuilt: Rebuilt, tmp_path: Path) -> None:
    found = {}
    for at, (machine, each) in enumerate(MACHINES.items()):
        folder = tmp_path / str(at)
        folder.mkdir()
        files(rebuilt, folder)
        found[machine] = outcome(each, COMMANDS[name], folder)
    status, *_ = found["here"]
    assert status == (b"1" if name == "audit a list" else b"0"), found["here"][2].decode()
    assert [machine for machine in MACHINES if found[machine] != found["here"]] == []


def test_a_machine_without_fonts_reads_what_is_published(rebuilt: Rebuilt, tmp_path: Path) -> None:
    files(rebuilt, tmp_path)
    status, *_ = outcome(MACHINES["new"], COMMANDS["extract papers"], tmp_path)

    assert status == b"0"
    for year in ("2022", "2023"):  # the wide pages, which lie on their side
        found, printed = (
            pl.read_csv(folder / "budget" / f"{year}.csv", infer_schema=False).select(
                "id", "amount_thousand_yen"
            )
            for folder in (tmp_path / "extracted", DATA)
        )
        assert found.equals(printed), year
