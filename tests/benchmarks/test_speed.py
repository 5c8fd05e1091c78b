"""Speed as ratios of whole processes within one run, so that the machine cancels out.

Both sides of a comparison run in turns after a warm-up; the median of each counts.
"""

import pickle
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

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

# Writes the cells and the rows of a finished run again, and does nothing else.
BARE = """
import pickle
import sys

import polars
import xlsxwriter

with open(sys.argv[1], "rb") as file:
    sheets, header, rows = pickle.load(file)
workbook = xlsxwriter.Workbook(sys.argv[2] + "/allocation.xlsx")
for name, cells in sheets.items():
    worksheet = workbook.add_worksheet(name)
    for method, arguments in cells:
        getattr(worksheet, method)(*arguments)
workbook.close()
frame = polars.DataFrame(rows, schema=header, orient="row")
frame.write_csv(sys.argv[2] + "/allocation.csv", include_bom=True)
"""


@dataclass(frozen=True)
class Ratio:
    """Median wall times of two commands, in seconds."""

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


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    done = subprocess.run(
        command, capture_output=True, encoding="utf-8", errors="replace", check=False
    )
    seconds = time.perf_counter() - start
    assert done.returncode == 0, f"{command} ended with {done.returncode}\n{done.stderr}"
    return seconds


def _compare(
    name: str,
    ours: Callable[[], list[str]],
    bare: Callable[[], list[str]],
    *,
    limit: float,
    rounds: int,
) -> Ratio:
    """Time two commands in turns; each call of ours and bare gives the command of one round."""
    times = [(_seconds(ours()), _seconds(bare())) for _ in range(rounds + 1)]
    our_times, bare_times = zip(*times[1:], strict=True)  # the first round warms up
    return Ratio(name, statistics.median(our_times), statistics.median(bare_times), limit)


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


def _contents(folder: Path) -> tuple[dict[str, list[Any]], list[str], list[tuple[Any, ...]]]:
    """Read what a finished run wrote: the cells by sheet, the header and the rows of the CSV."""
    formulas = openpyxl.load_workbook(folder / "allocation.xlsx")
    values = openpyxl.load_workbook(folder / "allocation.xlsx", data_only=True)
    sheets = {
        sheet.title: [
            _write(cell, values[sheet.title][cell.coordinate].value)
            for row in sheet.iter_rows()
            for cell in row
            if isinstance(cell, Cell) and cell.value is not None
        ]
        for sheet in formulas.worksheets
    }
    lines = (folder / "allocation.csv").read_text(encoding="utf-8-sig").splitlines()
    header, *rows = (tuple(line.split(",")) for line in lines)
    return sheets, list(header), rows


def test_help_starts_as_fast_as_its_cli_library(record: Callable[[Ratio], None]) -> None:
    ratio = _compare(
        "`allocator --help` against `import click`",
        lambda: [sys.executable, "-m", "allocator", "--help"],
        lambda: [sys.executable, "-c", "import click"],
        limit=2.0,
        rounds=15,
    )
    record(ratio)

    assert ratio.value <= ratio.limit


def test_run_takes_little_longer_than_writing_its_cells(
    record: Callable[[Ratio], None], tmp_path: Path
) -> None:
    folders = (tmp_path / str(number) for number in range(1000))
    finished = next(folders)
    script = tmp_path / "bare.py"
    contents = tmp_path / "contents.pickle"
    script.write_text(BARE, encoding="utf-8")

    def ours() -> list[str]:
        return [sys.executable, "-m", "allocator", "run", "--out", str(next(folders))]

    def bare() -> list[str]:
        folder = next(folders)
        folder.mkdir()
        return [sys.executable, str(script), str(contents), str(folder)]

    _seconds([sys.executable, "-m", "allocator", "run", "--out", str(finished)])
    contents.write_bytes(pickle.dumps(_contents(finished)))
    ratio = _compare(
        "`allocator run` against a bare script that writes the same cells",
        ours,
        bare,
        limit=2.5,
        rounds=7,
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
    sheets, _, _ = _contents(tmp_path / "run")

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
