"""`allocator audit --against` beside a bare join and beside other tools that compare tables."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Timer
from typing import Final, NamedTuple

import numpy as np
import polars as pl
import pytest

from allocator.sources.bundled import DATA
from tests.benchmarks.peers import CSV_DIFF, DAFF, DATACOMPY, PEERS
from tests.benchmarks.recording import publish, table

pytestmark = [
    pytest.mark.skipif(not hasattr(os, "wait4"), reason="Only POSIX tells a child's peak memory."),
    pytest.mark.timeout(1800),
]

ROWS: Final = 1_000_000
ROUNDS: Final = 9
MOST_TIMES_BARE: Final = 2.0
LEAST_TIMES_FASTER: Final = 3.0
MOST_BYTES: Final = 1_000_000_000
MOST_ABOVE_START: Final = 0.2
PATIENCE: Final = 10
"""A tool that takes more than so many times as long is stopped."""

BARE: Final = """
import sys

import polars

one, other = (
    polars.read_csv(path, schema_overrides={"code": polars.String}) for path in sys.argv[1:3]
)
both = one.join(other, on="code", how="full", suffix="_other")
print(len(both.filter(polars.col("amount").ne_missing(polars.col("amount_other")))))
"""

START: Final = """
import gc

gc.disable()

import allocator.cli.audit
import allocator.cli.main
import allocator.cli.progress
import allocator.tasks.{work}
import numpy.ma
from allocator.plans.plan import PlanTable
from allocator.plans.programme import Programme

PlanTable.model_rebuild()
Programme.model_rebuild()
gc.freeze()
"""
"""Importing what an audit needs, as the command does: start-up without any work.

(polars imports numpy.ma with the first array that it is given.)
"""

PLAN: Final = {
    "plan.toml": """
fiscal_year = 2030
programmes = ["water"]
organisations = "organisations.csv"
codes = "text"
""",
    "water.toml": """
id = "water"
name = "water"
payers = "municipalities"
basis = "rule"
total = 1_000
source = "an example"
[[share]]
weight = "1"
by = "equal"
[rounding]
unit = 1
method = "largest_remainder"
ties = "code"
""",
    "organisations.csv": """code,prefecture,municipality,kind
M,Wood,,prefecture
M0000000,Wood,Ash,town
""",
}


class Used(NamedTuple):
    """What a process took: seconds and bytes at its peak."""

    seconds: float
    memory: int
    status: int


def use(command: Sequence[str], patience: float | None = None) -> Used:
    """Run a command with its output thrown away; stop it after `patience` seconds (status -9)."""
    began = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    guard = Timer(patience, child.kill) if patience else None
    if guard:
        guard.start()
    _, status, usage = os.wait4(child.pid, 0)
    seconds = time.perf_counter() - began
    if guard:
        guard.cancel()
    child.returncode = os.waitstatus_to_exitcode(status)
    scale = 1 if sys.platform == "darwin" else 1024
    return Used(seconds, usage.ru_maxrss * scale, child.returncode)


def large_lists(folder: Path, *, named: bool = False) -> tuple[Path, Path]:
    """Write two lists of a million codes: amounts that differ, rows that one of them lacks.

    With names, if `named`, which agree.
    """
    folder.mkdir(exist_ok=True)
    number = pl.int_range(ROWS, eager=True).alias("number")
    amount = np.random.default_rng(1).integers(1, 1_000_000_000, ROWS)
    rows = number.to_frame().select(
        "number",
        pl.format("M{}", pl.col("number").cast(pl.String).str.zfill(7)).alias("code"),
        pl.lit("Wood").alias("prefecture"),
        pl.format("Town {}", "number").alias("municipality"),
        pl.Series("amount", amount),
    )
    if not named:
        rows = rows.drop("prefecture", "municipality")
    thousandth = pl.col("number") % 1_000 == 7
    other = rows.with_columns(pl.when(thousandth).then(pl.col("amount") + 1).otherwise("amount"))
    paths = folder / "one.csv", folder / "other.csv"
    rows.filter(pl.col("number") % 10_000 != 8).drop("number").write_csv(paths[0])
    other.filter(pl.col("number") % 10_000 != 5_432).drop("number").write_csv(paths[1])
    return paths


def test_a_million_rows(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    for name, text in PLAN.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    plan = tmp_path / "plan.toml"
    one, other = large_lists(tmp_path)
    audit, bare = calls(one, other, plan)
    found = json.loads(subprocess.run(audit, capture_output=True, check=False).stdout)
    kinds = [finding["kind"] for finding in found["audits"][0]["findings"]]
    assert {kind: kinds.count(kind) for kind in kinds} == {
        "amount": ROWS // 1_000,
        "missing": ROWS // 10_000,
        "unexpected": ROWS // 10_000,
    }

    ours, bares = by_turns(audit, bare)
    peers = {
        peer: use(peer.command(one, other), PATIENCE * ours.seconds)
        for peer in (CSV_DIFF, DAFF, DATACOMPY)
    }

    named = by_turns(*calls(*large_lists(tmp_path / "named", named=True), plan))

    # Beside the two files, a plan whose register knows all of the codes: a third file as long.
    with (tmp_path / "organisations.csv").open("a", encoding="utf-8") as register:
        register.writelines(f"M{number:07d},Wood,Town {number},town\n" for number in range(1, ROWS))
    whole = use(audit)

    rows = [["`allocator audit --against`, all findings as JSON", *_figures(ours, ours)]]
    rows += [["polars: read, join, compare", *_figures(bares, ours)]]
    for peer, used in peers.items():
        stopped = " (stopped)" if used.status == -9 else ""
        rows.append([f"{peer.name} {peer.version}{stopped}", *_figures(used, ours)])
    rows += [["`allocator audit`, names in both lists as well", *_figures(named[0], ours)]]
    rows += [["polars, names in both lists as well", *_figures(named[1], ours)]]
    rows += [["`allocator audit`, a register of a million beside", *_figures(whole, ours)]]
    heads = ("two lists of 1,000,000 rows (code, amount)", "seconds", "MB", "times ours")
    publish(request, "compare", table(heads, rows))
    assert ours.seconds <= MOST_TIMES_BARE * bares.seconds
    assert ours.memory <= MOST_BYTES
    for peer in (CSV_DIFF, DAFF):
        assert peers[peer].seconds >= LEAST_TIMES_FASTER * ours.seconds, peer.name


def calls(one: Path, other: Path, plan: Path) -> tuple[list[str], list[str]]:
    """Return the commands that compare two lists: ours, and a bare script."""
    audit = [sys.executable, "-m", "allocator", "audit", str(one), "--against", str(other)]
    bare = [sys.executable, "-c", BARE, str(one), str(other)]
    return [*audit, "--plan", str(plan), "--json"], bare


def by_turns(*commands: Sequence[str]) -> list[Used]:
    """Return what each command takes, called in turn: the median time, the highest memory."""
    turns = [[use(command) for command in commands] for _ in range(ROUNDS + 1)][1:]
    return [
        Used(
            statistics.median(each.seconds for each in used),
            max(each.memory for each in used),
            used[0].status,
        )
        for used in zip(*turns, strict=True)
    ]


def _figures(used: Used, ours: Used) -> tuple[str, str, str]:
    times = used.seconds / ours.seconds
    return f"{used.seconds:.2f}", f"{used.memory / 1e6:,.0f}", f"{times:.2f}"


def test_an_audit_adds_little_to_start_up(request: pytest.FixtureRequest) -> None:
    listed = DATA / "published" / "2023" / "intermediate_server.csv"
    rows = []
    for name, work, more in (
        ("the plan", "audit_plan", []),
        ("another list", "audit_lists", ["--against", str(listed)]),
    ):
        start = [sys.executable, "-c", START.format(work=work)]
        audit = [sys.executable, "-m", "allocator", "audit", str(listed), *more]
        turns = [(use(audit), use(start)) for _ in range(ROUNDS + 1)][1:]
        assert {our.status for our, _ in turns} == {0}
        added = statistics.median(our.seconds - bare.seconds for our, bare in turns)
        rows.append([f"1,788 rows against {name}", f"{added:.3f}", f"{MOST_ABOVE_START:.1f}"])
        assert added < MOST_ABOVE_START
    heads = ("an audit, beyond importing what it needs", "seconds", "limit")
    publish(request, "audit", table(heads, rows))


# -- what each gets right ------------------------------------------------------------------------

HEAD: Final = "code,amount"
TOWNS: Final = ("011002,10", "131016,20", "473821,30")

CASES: Final[dict[str, tuple[Sequence[str], Sequence[str], set[str]]]] = {
    "one amount off by 1 yen": (
        (HEAD, *TOWNS),
        (HEAD, *TOWNS[:2], "473821,31"),
        {"473821"},
    ),
    "1 yen above 2^53": (
        (HEAD, *TOWNS, "010006,9007199254740993"),
        (HEAD, *TOWNS, "010006,9007199254740992"),
        {"010006"},
    ),
    "thousands separators": (
        (HEAD, *TOWNS[:2], '473821,"1,030"'),
        (HEAD, *TOWNS[:2], "473821,1030"),
        set(),
    ),
    "a code without its leading zero": ((HEAD, *TOWNS), (HEAD, "11002,10", *TOWNS[1:]), set()),
    "codes of five digits": (
        (HEAD, *TOWNS),
        (HEAD, *(f"{row[:5]}{row[6:]}" for row in TOWNS)),
        set(),
    ),
    "full-width digits": ((HEAD, *TOWNS), (HEAD, "０１１００２,１０", *TOWNS[1:]), set()),
    "other headings: 団体コード, 金額": ((HEAD, *TOWNS), ("団体コード,金額", *TOWNS), set()),
    "a town that became a city": (
        (HEAD, *TOWNS, "402311,6"),
        (HEAD, *TOWNS, "403059,6"),
        set(),
    ),
    "two that merged": (
        (HEAD, *TOWNS, "092037,30"),
        (HEAD, *TOWNS, "092037,10", "093670,20"),
        set(),
    ),
    "a code that stands twice": (
        (HEAD, *TOWNS, "131016,20"),
        (HEAD, *TOWNS),
        {"131016"},
    ),
    "a row of totals in one list": ((HEAD, *TOWNS, "合計,60"), (HEAD, *TOWNS), set()),
}


def ours(one: Path, other: Path) -> set[str] | None:
    """Return the codes of what `allocator audit` finds, or None where it refuses the lists."""
    command = [sys.executable, "-m", "allocator", "audit", str(one), "--against", str(other)]
    done = subprocess.run([*command, "--json"], capture_output=True, encoding="utf-8", check=False)
    if done.returncode not in (0, 1):
        return None
    audits = json.loads(done.stdout)["audits"]
    return {finding["code"] for audit in audits for finding in audit["findings"]}


def said(found: set[str] | None, truth: set[str]) -> str:
    """Put into words what a tool reports, where it should have reported `truth`."""
    if found is None:
        return "an error"
    if found == truth:
        return "right"
    false, missed = len(found - truth), len(truth - found)
    parts = [f"{false} false"] * bool(false) + [f"{missed} missed"] * bool(missed)
    return ", ".join(parts)


def test_what_each_gets_right(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    one, other = tmp_path / "one.csv", tmp_path / "other.csv"
    rows = []
    for case, (left, right, truth) in CASES.items():
        for path, lines in ((one, left), (other, right)):
            path.write_text("\n".join([*lines, ""]), encoding="utf-8")
        found = ours(one, other)
        assert said(found, truth) == "right", case
        theirs = [said(peer.differing(one, other), truth) for peer in PEERS]
        rows.append([case, "right", *theirs])
    heads = ("what differs between the lists", "allocator", *(peer.name for peer in PEERS))
    publish(request, "compare-cases", table(heads, rows))
