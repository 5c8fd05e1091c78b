"""Bad input: exit status 2, where, what and how to mend it, and nothing written or changed."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.cli.calls import (
    OUTPUTS,
    Caller,
    assert_refused,
    call_inside,
    call_outside,
    snapshot,
)
from tests.plans.plans import Change, write_plan
from tests.sources.files import NAME, Row, as_csv, changed, population

ROWS = population(date(2025, 1, 1))
CHIYODA = "131016"

Words = list[str | Path]
Prepare = Callable[[Path], Words]
"""Write what is wrong into a folder; return the words of the call, and leave --out to the test."""


def plan(*changes: Change) -> Prepare:
    """Return a call of a plan with `changes`."""

    def prepare(folder: Path) -> Words:
        (folder / "staff.csv").write_text("code,persons\n010006,1\n", encoding="utf-8")
        return [write_plan(folder, *changes)]

    return prepare


def content(text: bytes | str, name: str = NAME) -> Prepare:
    """Return a call of the bundled plan with a population file of that content."""

    def prepare(folder: Path) -> Words:
        file = folder / name
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        return ["--as-of", "residents=2026-01-01", "--population", file]

    return prepare


def one_row(change: Callable[[Row], Row | None]) -> Prepare:
    """Return a call with a population file whose row of 千代田区 is changed."""
    return content(as_csv(changed(ROWS, CHIYODA, change)))


def folder_for_a_file(folder: Path) -> Words:
    (folder / NAME).mkdir()
    return ["--as-of", "residents=2026-01-01", "--population", folder / NAME]


def options(*words: str) -> Prepare:
    return lambda _: list(words)


CASES: dict[str, tuple[Prepare, tuple[str, ...]]] = {
    "unknown key": (
        plan(Change("split", "unit = 1000", "unit = 1000\ncolour = 1")),
        ("split.toml: rounding.colour", "method, rest, ties, unit"),
    ),
    "missing key": (
        plan(Change("split", "unit = 1000\n", "")),
        ("split.toml: rounding.unit", "missing"),
    ),
    "weights that add up to 5/6": (
        plan(Change("split", '"2/3"', '"1/2"')),
        ("split.toml", "5/6"),
    ),
    "a float weight": (plan(Change("split", '"2/3"', "0.66")), ("split.toml: share[2].weight",)),
    "overlapping bands": (
        plan(Change("units", "from = 9_000", "from = 5_000")),
        ("units.toml: unit_amount.municipalities", "5,000", "overlap"),
    ),
    "unsorted bands": (
        plan(Change("units", "from = 9_000", "from = 4_000")),
        ("units.toml: unit_amount.municipalities", "4,000", "not sorted"),
    ),
    "a date without data": (
        plan(Change("split", "2022-01-01", "2030-01-01")),
        ("split.toml: share[2]", "2030-01-01", "2025-01-01"),
    ),
    "a total that is not whole yen": (
        plan(Change("split", "1_514_000_000", "1_514_000_000.5")),
        ("split.toml: total", "1514000000.5"),
    ),
    "a negative total": (
        plan(Change("split", "1_514_000_000", "-1_000")),
        ("split.toml: total", "△1,000"),
    ),
    "a total that is no multiple of the unit": (
        plan(
            Change("split", "1_514_000_000", "1_514_000_500"),
            Change("split", 'rest = "first"\n', ""),
        ),
        ("split.toml", "1,514,000,500", "1,000"),
    ),
    "a total above 10^18": (
        plan(Change("split", "1_514_000_000", "2_000_000_000_000_000_000")),
        ("split.toml: total", "2,000,000,000,000,000,000"),
    ),
    "not TOML": (plan(Change("split", "unit = 1000", "unit = ")), ("split.toml", "line 17")),
    "a programme without its file": (
        plan(Change("plan", '"carried"]', '"carried", "fifth"]')),
        ("fifth.toml", "not there"),
    ),
    "no plan at all": (lambda folder: [folder / "nothing"], ("nothing", "not there")),
    "a missing municipality": (one_row(lambda _: None), (NAME, CHIYODA, "千代田区")),
    "a duplicate code": (
        content(as_csv([*ROWS, ROWS[-1]])),
        (f"{NAME}: line 1790, column code", ROWS[-1]["code"]),
    ),
    "a wrong check digit": (
        one_row(lambda row: row | {"code": "131017"}),
        (f"{NAME}: line ", "131017", "expected 6"),
    ),
    "a negative number": (
        one_row(lambda row: row | {"population": "-1"}),
        (f"{NAME}: line ", "column population", "-1 is negative"),
    ),
    "a fractional number": (
        one_row(lambda row: row | {"population": "1.5"}),
        (f"{NAME}: line ", "column population", "'1.5' is not a whole number"),
    ),
    "an empty file": (content(b""), (NAME, "empty")),
    "a folder in place of a file": (folder_for_a_file, (NAME, "folder")),
    "a file that is not there": (
        options("--population", "nowhere_2026-01-01.csv"),
        ("nowhere_2026-01-01.csv", "not there"),
    ),
    "a file without a date": (content(as_csv(ROWS), "people.csv"), ("people.csv", "date")),
    "--total not whole": (options("--total", "residents=1.5"), ("--total residents=1.5",)),
    "--total in scientific notation": (options("--total", "residents=1e9"), ("residents=1e9",)),
    "--total negative": (
        options("--total", "residents=-1000"),
        ("--total residents=-1000", "△1,000"),
    ),
    "--total above 10^18": (
        options("--total", "residents=1000000000000001000"),
        ("--total residents=1000000000000001000", "1,000,000,000,000,001,000"),
    ),
    "--total of 5,000 digits": (options("--total", f"residents={'9' * 5_000}"), ("--total",)),
    "--total no multiple of the unit": (
        options("--total", "residents=1600000001"),
        ("--total residents=1600000001", "1,000"),
    ),
    "--total of unit amounts": (
        options("--total", "intermediate_server=6000000000"),
        ("--total intermediate_server=6000000000", "allocator fit-units"),
    ),
    "--total of nobody": (options("--total", "resident=1000"), ("--total", "'resident'", "lgwan")),
    "--total without a value": (options("--total", "residents"), ("--total residents", "ID=VALUE")),
    "--total twice": (
        options("--total", "residents=1000", "--total", "residents=2000"),
        ("residents=2000", "twice"),
    ),
    "--as-of no date": (options("--as-of", "residents=2025-02-30"), ("'2025-02-30'",)),
    "--as-of without data": (
        options("--as-of", "residents=2030-01-01"),
        ("residents.toml: share[2]", "2030-01-01"),
    ),
    "--as-of of a rule without dates": (
        options("--as-of", "lgwan=2025-01-01"),
        ("--as-of lgwan=",),
    ),
    "--programme of nobody": (options("--programme", "water"), ("--programme", "'water'")),
}


@pytest.fixture(scope="module")
def earlier_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the outputs of a run that went well."""
    folder = tmp_path_factory.mktemp("earlier") / "outputs"
    assert call_inside("run", "--programme", "residents", "--out", folder).status == 0
    assert sorted(path.name for path in folder.iterdir()) == sorted(OUTPUTS)
    return folder


@pytest.mark.parametrize(("prepare", "pieces"), CASES.values(), ids=CASES.keys())
def test_refused_and_nothing_written(
    prepare: Prepare, pieces: tuple[str, ...], here: Path, earlier_run: Path, call: Caller
) -> None:
    given = here / "given"
    given.mkdir()
    words = prepare(given)
    shutil.copytree(earlier_run, here / "earlier")
    before = snapshot(here)

    assert_refused(call("run", *words), *pieces)
    assert snapshot(here) == before
    assert_refused(call("run", *words, "--out", here / "new" / "deep"), *pieces)
    assert snapshot(here) == before
    in_japanese = call("--lang", "ja", "run", *words, "--out", here / "earlier")
    assert_refused(in_japanese)
    assert in_japanese.err.startswith("エラー: ")
    assert snapshot(here) == before

    as_json = call("run", *words, "--out", here / "earlier", "--json")
    assert as_json.status == 2
    assert "Traceback" not in as_json.err
    errors = as_json.object["errors"]
    assert list(as_json.object) == ["errors"]
    assert errors
    for error in errors:
        assert set(error) == {"code", "where", "what", "mend"}
        assert all(error.values())
        assert f"{error['what']}" in as_json.err
    assert snapshot(here) == before


@pytest.mark.parametrize(
    "name", ["unknown key", "a missing municipality", "--total no multiple of the unit"]
)
def test_refused_in_a_process_of_its_own(name: str, here: Path) -> None:
    prepare, pieces = CASES[name]
    given = here / "given"
    given.mkdir()
    words = prepare(given)
    before = snapshot(here)
    assert_refused(call_outside(["run", *words], cwd=here), *pieces)
    assert snapshot(here) == before


def test_two_plans_of_one_year(here: Path, call: Caller) -> None:
    plans = []
    for name in ("a", "b"):
        (here / name).mkdir()
        (here / name / "staff.csv").write_text("code,persons\n010006,1\n", encoding="utf-8")
        plans.append(write_plan(here / name))
    before = snapshot(here)
    assert_refused(call("run", *plans), "PLAN", "one fiscal year", "--out")
    assert snapshot(here) == before


def test_one_of_two_plans_with_a_fault(here: Path, call: Caller) -> None:
    for name in ("a", "b"):
        (here / name).mkdir()
        (here / name / "staff.csv").write_text("code,persons\n010006,1\n", encoding="utf-8")
    good = write_plan(here / "a", Change("plan", "fiscal_year = 2023", "fiscal_year = 2024"))
    bad = write_plan(here / "b", Change("split", "unit = 1000", "unit = 0"))
    before = snapshot(here)
    assert_refused(call("run", good, bad), "split.toml")
    assert snapshot(here) == before


def test_lists_with_codes_that_may_be_two(here: Path, call: Caller) -> None:
    head = "code,prefecture,amount\n"
    (here / "left.csv").write_text(f"{head}010006,北海道,5\n", encoding="utf-8")
    (here / "right.csv").write_text(f"{head}010006,北海道,3\n11100,,9\nA1,,1\n", encoding="utf-8")
    for pair in (("left.csv", "right.csv"), ("right.csv", "left.csv")):
        assert_refused(call("compare", *pair), "right.csv: line 3", "'11100'", "line 4", "'A1'")
