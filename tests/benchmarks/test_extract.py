"""`allocator extract` against pdfplumber on the same PDF, as whole processes within one run."""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.benchmarks.recording import publish, table
from tests.documents.rebuild import rebuild

# All that is needed to get at the rows of ruled tables with it: none of the rest of our work.
PLUMBER = """
import sys

import pdfplumber

with pdfplumber.open(sys.argv[1]) as pdf:
    tables = [table for page in pdf.pages for table in page.extract_tables()]
print(sum(len(table) for table in tables))
"""

AT_LEAST = 2.0
ROUNDS = 3


def seconds(*command: str) -> float:
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    taken = time.perf_counter() - start
    assert done.returncode == 0, done.stderr
    return taken


@pytest.mark.timeout(900)
def test_extract_is_at_least_twice_as_fast_as_pdfplumber(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    paper = next(path for path in rebuild(tmp_path) if path.name == "papers-2023.pdf")
    ours = (sys.executable, "-m", "allocator", "extract", str(paper), "--out", str(tmp_path / "o"))
    theirs = (sys.executable, "-c", PLUMBER, str(paper))
    seconds(*ours)  # warms up the caches of the file system and of byte code
    times = [(seconds(*ours), seconds(*theirs)) for _ in range(ROUNDS)]
    our_time, their_time = (statistics.median(each) for each in zip(*times, strict=True))
    ratio = their_time / our_time

    figures = [f"{our_time:.2f}", f"{their_time:.2f}", f"{ratio:.1f}", f"{AT_LEAST:.1f}"]
    heads = ("what", "ours (s)", "pdfplumber (s)", "times as fast", "at least")
    what = "`allocator extract`, 67 pages, against `extract_tables`"
    publish(request, "extract", table(heads, [[what, *figures]]))
    assert ratio >= AT_LEAST
