"""Speed as ratios of whole processes within one run, so that the machine cancels out.

Both sides of a comparison run in turns after a warm-up. What counts is the work of the processors
(user and system time), and the quickest of seven each: other programs beside it change that least.
Byte code is kept from the warm-up on, as it is of any program that has been installed.
"""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest
import xlsxwriter
from openpyxl.cell import Cell
from openpyxl.worksheet.formula import ArrayFormula

from allocator.outputs.files.folder import write_outputs
from allocator.outputs.files.provenance import provenance_of
from allocator.outputs.workbook import render_workbook
from allocator.sources.bundled import newest_plan
from allocator.tasks.compute import compute_plan
from tests.benchmarks.recording import publish, table

processes = pytest.mark.skipif(
    not hasattr(os, "wait4"), reason="Only POSIX tells what a child's work was."
)

ROUNDS: Final = 7

# As many numbers as a finished run has cells, on one sheet.
BARE = """
import sys

import polars
import xlsxwriter

path, count = sys.argv[1], int(sys.argv[2])
workbook = xlsxwriter.Workbook(path)
worksheet = workbook.add_worksheet()
for number in range(count):
    row, column = divmod(number, 20)
    worksheet.write_number(row, column, number)
workbook.close()
"""


@dataclass(frozen=True)
class Ratio:
    """What two commands take, in seconds of work."""

    name: str
    ours: float
    bare: float
    limit: float

    @property
    def value(self) -> float:
        """How many times the bare command ours takes."""
        return self.ours / self.bare


@pytest.fixture(scope="module")
def record(request: pytest.FixtureRequest) -> Iterator[Callable[[Ratio], None]]:
    """Collect the ratios of this module; print them at its end, and write them where asked."""
    ratios: list[Ratio] = []
    yield ratios.append
    rows = [
        [each.name, *(f"{value:.2f}" for value in (each.ours, each.bare, each.value, each.limit))]
        for each in ratios
    ]
    publish(request, "speed", table(("what", "ours (s)", "bare (s)", "ratio", "limit"), rows))


def _seconds(command: list[str], surroundings: dict[str, str]) -> float:
    """Return the user and system time of a command."""
    child = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=surroundings
    )
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0, f"{command} ended with {child.returncode}"
    return usage.ru_utime + usage.ru_stime


def _compare(
    name: str, ours: list[str], bare: list[str], surroundings: dict[str, str], *, limit: float
) -> Ratio:
    """Measure two commands in turns."""
    turns = [
        [_seconds(command, surroundings) for command in (ours, bare)] for _ in range(ROUNDS + 1)
    ]
    our_times, bare_times = zip(*turns[1:], strict=True)  # the first turn warms up
    return Ratio(name, min(our_times), min(bare_times), limit)


def _write(cell: Cell, shown: Any) -> tuple[str, tuple[Any, ...]]:
    """Give the xlsxwriter method that writes a cell as read, and its arguments."""
    value = cell.value
    if isinstance(value, ArrayFormula):
        return "write_array_formula", (value.ref, value.text, None, shown)
    place = (cell.row - 1, cell.column - 1)
    if cell.data_type == "f":
        return "write_formula", (*place, value, None, shown)
    if isinstance(value, bool):
        return "write_boolean", (*place, value)
    if isinstance(value, int | float):
        return "write_number", (*place, value)
    if isinstance(value, date):
        return "write_datetime", (*place, value)
    return "write_string", (*place, str(value))


def _contents(folder: Path) -> dict[str, list[Any]]:
    """Read the cells of a finished run, by sheet."""
    formulas = openpyxl.load_workbook(folder / "allocation.xlsx")
    values = openpyxl.load_workbook(folder / "allocation.xlsx", data_only=True)
    return {
        sheet.title: [
            _write(cell, values[sheet.title][cell.coordinate].value)
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell, Cell) and cell.value is not None
        ]
        for sheet in formulas.worksheets
    }


@processes
def test_help_starts_as_fast_as_its_cli_library(
    record: Callable[[Ratio], None], surroundings: dict[str, str]
) -> None:
    ratio = _compare(
        "`allocator --help` against `import click`",
        [sys.executable, "-m", "allocator", "--help"],
        [sys.executable, "-c", "import click"],
        surroundings,
        limit=1.5,
    )
    record(ratio)

    assert ratio.value <= ratio.limit


@processes
def test_run_takes_little_longer_than_writing_as_many_numbers(
    record: Callable[[Ratio], None], surroundings: dict[str, str], tmp_path: Path
) -> None:
    run = [sys.executable, "-m", "allocator", "run", "--out", str(tmp_path / "run")]
    _seconds(run, surroundings)
    count = sum(map(len, _contents(tmp_path / "run").values()))
    (tmp_path / "bare.py").write_text(BARE, encoding="utf-8")
    ratio = _compare(
        f"`allocator run` against a bare script that writes {count:,} numbers",
        run,
        [sys.executable, str(tmp_path / "bare.py"), str(tmp_path / "bare.xlsx"), str(count)],
        surroundings,
        limit=2.0,
    )
    record(ratio)

    assert ratio.value <= ratio.limit


def test_cells_of_the_workbook_are_written_fast(
    record: Callable[[Ratio], None], tmp_path: Path
) -> None:
    outcome = compute_plan(newest_plan())
    provenance = provenance_of(outcome)
    (tmp_path / "run").mkdir()
    write_outputs(outcome, tmp_path / "run")
    sheets = _contents(tmp_path / "run")

    def bare() -> None:
        workbook = xlsxwriter.Workbook(BytesIO(), {"in_memory": True})
        for name, cells in sheets.items():
            worksheet = workbook.add_worksheet(name)
            for method, arguments in cells:
                getattr(worksheet, method)(*arguments)
        workbook.close()

    times: list[tuple[float, float]] = []
    for _ in range(4):
        start = time.process_time()
        render_workbook(outcome, provenance)
        middle = time.process_time()
        bare()
        times.append((middle - start, time.process_time() - middle))
    ours, others = (statistics.median(each) for each in zip(*times[1:], strict=True))
    ratio = Ratio("the workbook's cells against a bare loop over them", ours, others, 1 / 0.6)
    record(ratio)

    assert ratio.value <= ratio.limit
