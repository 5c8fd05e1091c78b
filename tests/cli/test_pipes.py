"""Pipes of the call: `<(…)` and /dev/stdin give what the file gives, to the last byte."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from allocator.sources.bundled import DATA
from tests.cli.calls import ROOT, Ended, assert_refused, snapshot
from tests.sources.files import as_csv, population

BASH = shutil.which("bash")
pytestmark = [
    pytest.mark.skipif(
        os.name == "nt" or BASH is None or not Path("/dev/fd").exists(),
        reason="Without bash and /dev/fd there are no pipes with a name.",
    ),
    pytest.mark.timeout(600),
]

LIST = DATA / "published/2023/intermediate_server.csv"
"""More than a pipe holds at once."""

SLOWLY = "(head -c 5000 {0}; sleep 0.3; tail -c +5001 {0})"


def bash(command: str, cwd: Path) -> Ended:
    """Run a command in which `allocator` is ours."""
    assert BASH is not None
    function = f'allocator() {{ "{sys.executable}" -m allocator --lang en "$@"; }}\n'
    done = subprocess.run(
        [BASH, "-c", function + command],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


def without_names(found: Any) -> Any:
    """Return a JSON object without the places that have the file's name."""
    if isinstance(found, dict):
        return {
            name: without_names(value)
            for name, value in found.items()
            if name not in ("file", "source", "against", "where", "document", "path", "outputs")
        }
    return [without_names(each) for each in found] if isinstance(found, list) else found


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """Give a folder with two lists: as published, and with one amount changed."""
    content = LIST.read_text(encoding="utf-8")
    assert len(content.encode()) > 65_536
    (tmp_path / "a.csv").write_text(content, encoding="utf-8")
    last = content.rstrip("\n").rpartition(",")
    (tmp_path / "b.csv").write_text(f"{last[0]},{int(last[2]) + 1}\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "given",
    [
        "<(cat a.csv) b.csv",
        f"<{SLOWLY.format('a.csv')} <(cat b.csv)",
        "a.csv - < b.csv",
        "/dev/stdin b.csv < a.csv",
    ],
)
def test_compare(given: str, here: Path) -> None:
    plain = bash("allocator compare a.csv b.csv --json", here)
    piped = bash(f"allocator compare {given} --json", here)
    assert (plain.status, piped.status) == (0, 0), piped.err
    (found,) = piped.object["programmes"]
    assert [row["difference"] for row in found["rows"] if row["difference"]] == [1]
    assert len(found["rows"]) == 1788
    assert piped.object["programmes"] == plain.object["programmes"]


@pytest.mark.parametrize(
    "given",
    [
        "extract <(cat a.csv) --out piped",
        f"extract <{SLOWLY.format('a.csv')} --out piped",
        "extract /dev/stdin --out piped < a.csv",
        "extract - --out piped < a.csv",
    ],
)
def test_extract(given: str, here: Path) -> None:
    plain = bash("allocator extract a.csv --out plain --json", here)
    piped = bash(f"allocator {given} --json", here)
    assert (plain.status, piped.status) == (0, 0), piped.err
    assert piped.object["lists"][0]["rows"] == 1788
    assert without_names(piped.object) == without_names(plain.object)
    one, other = snapshot(here / "plain"), snapshot(here / "piped")
    assert one.keys() == other.keys()
    lists = [name for name, content in one.items() if name.endswith(".csv") and content]
    assert lists
    name = piped.object["document"].encode()
    left_out = one["left_out.csv"]
    assert left_out is not None
    one["left_out.csv"] = left_out.replace(b"\na.csv,", b"\n" + name + b",")
    assert [other[name] for name in lists] == [one[name] for name in lists]


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ("/dev/stdin < b.csv", 1),
        ("<(cat b.csv)", 1),
        ("<(cat b.csv) --against <(cat a.csv)", 1),
        (f"<{SLOWLY.format('a.csv')} --against <(cat a.csv)", 0),
        ("a.csv --against /dev/stdin < b.csv", 1),
    ],
)
def test_audit(given: str, status: int, here: Path) -> None:
    words = given.replace("<(cat ", "").replace(f"<{SLOWLY.format('a.csv')}", "a.csv")
    words = words.replace(")", "")
    if "/dev/stdin" in words:
        words, _, file = words.partition(" < ")
        words = words.replace("/dev/stdin", file)
    plain = bash(f"allocator audit {words} --json", here)
    piped = bash(f"allocator audit {given} --json", here)
    assert (plain.status, piped.status) == (status, status), piped.err
    assert len(piped.object["audits"][0]["findings"]) >= status
    plainly, through = (without_names(each.object) for each in (plain, piped))
    for each in (*plainly["audits"], *through["audits"]):
        for finding in each["findings"]:
            del finding["message"]  # which names the file
        for step in each["bridge"]:
            step["text"] = step["text"].partition(" (")[0]  # what stands there is the file
    assert through == plainly


def test_check(here: Path) -> None:
    (here / "x.csv").write_text(as_csv(population(date(2025, 1, 1))), encoding="utf-8")
    plain = bash("allocator check x.csv", here)
    piped = bash("allocator check <(cat x.csv)", here)
    assert (plain.status, piped.status) == (0, 0), piped.err
    assert plain.err.partition(": ")[2] == piped.err.partition(": ")[2]
    assert piped.err.startswith("/dev/fd/")


def test_a_population_has_its_date_from_its_title_alone(here: Path) -> None:
    text = as_csv(population(date(2025, 1, 1)))
    (here / "population_2026-01-01.csv").write_text(text, encoding="utf-8")
    titled = f"住民基本台帳人口 令和8年1月1日現在,,,\n{text}"
    (here / "titled.csv").write_text(titled, encoding="utf-8")
    run = "allocator run --programme residents --as-of residents=2026-01-01 --json"
    plain = bash(f"{run} --population population_2026-01-01.csv --out plain", here)
    piped = bash(f"{run} --population <(cat titled.csv) --out piped", here)
    again = bash(f"{run} --population /dev/fd/7 --out again 7< titled.csv", here)
    assert (plain.status, piped.status, again.status) == (0, 0, 0), piped.err
    one, other = snapshot(here / "plain"), snapshot(here / "piped")
    assert one["allocation.csv"] == other["allocation.csv"]
    assert one["breakdown.csv"] == other["breakdown.csv"]
    assert snapshot(here / "again") == other  # nothing in them tells the number of the pipe
    manifest = json.loads((here / "piped/manifest.json").read_text(encoding="utf-8"))
    assert "pipe" in [each["file"] for each in manifest["inputs"]]

    undated = bash(f"{run} --population <(cat population_2026-01-01.csv) --out undated", here)
    assert undated.status == 2
    assert "neither the file's title nor its name has a date" in undated.err
    assert not (here / "undated").exists()


def test_a_list_of_the_year_before(here: Path) -> None:
    run = "allocator run --programme intermediate_server --json"
    plain = bash(f"{run} --previous intermediate_server=b.csv --out plain", here)
    piped = bash(f"{run} --previous intermediate_server=<(cat b.csv) --out piped", here)
    assert (plain.status, piped.status) == (0, 0), piped.err
    (one,), (other,) = plain.object["programmes"], piped.object["programmes"]
    assert one["previous"] | {"name": "pipe"} == other["previous"]


def test_a_pipe_without_an_end_is_refused_at_the_limit(here: Path) -> None:
    for given in ("check <(cat /dev/zero)", "check - < /dev/zero", "extract - --out x < /dev/zero"):
        ended = bash(f"allocator {given}", here)
        assert_refused(ended, "more than the 100,000,000 bytes that are read")


def test_nothing_on_standard_input(here: Path) -> None:
    assert_refused(bash("allocator check - < /dev/null", here), "standard-input: the file is empty")
    assert_refused(bash("allocator check <(true)", here), "the file is empty")
    assert_refused(bash("allocator check /dev/stdin", here), "this is a device, not a file")


def test_standard_input_has_one_reader_whatever_it_is_called(here: Path) -> None:
    ended = bash("allocator audit - --against /dev/stdin < a.csv", here)
    assert_refused(ended, "FILE -, --against /dev/stdin", "given 2 times")
