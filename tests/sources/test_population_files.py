"""A population file of one's own with a fault: refused, naming the place and the mend."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from allocator.plans.variant import Overrides
from allocator.tasks.compute import compute_plan
from tests.plans.plans import assert_says, refused
from tests.sources.files import (
    NAME,
    NEW_DAY,
    Row,
    amounts_of,
    as_csv,
    changed,
    population,
    residents_plan,
    run_with,
)

ROWS = population(date(2025, 1, 1))
CHIYODA, TOKYO, SAPPORO = "131016", "130001", "011002"
LINE = {row["code"]: line for line, row in enumerate(ROWS, start=2)}


def with_population(value: str) -> Callable[[Row], Row]:
    return lambda row: row | {"population": value}


def with_code(value: str) -> Callable[[Row], Row]:
    return lambda row: row | {"code": value}


def test_a_whole_file_is_taken(tmp_path: Path) -> None:
    file = tmp_path / NAME
    file.write_text(as_csv(ROWS), encoding="utf-8")
    outcome = run_with(file)
    (residents,) = outcome.programmes
    (aligned,) = residents.measures
    assert (aligned.measure.as_of, aligned.measure.origin) == (NEW_DAY, "option")
    prefectures = [int(row["population"]) for row in ROWS if not row["municipality"]]
    assert aligned.values.tolist() == prefectures
    assert sum(amounts_of(outcome).values()) == 1_514_000_000
    assert file in outcome.files


ONE_ROW: dict[str, tuple[str, Callable[[Row], Row | None], tuple[str, ...]]] = {
    "a municipality is missing": (CHIYODA, lambda _: None, (CHIYODA, "東京都千代田区")),
    "a prefecture is missing": (TOKYO, lambda _: None, (TOKYO, "東京都")),
    "a check digit is wrong": (CHIYODA, with_code("131017"), ("131017", "6", "line")),
    "a code is another's": (CHIYODA, with_code("131024"), ("131024", "line")),
    "a code has seven digits": (CHIYODA, with_code("1310160"), (CHIYODA,)),
    "a code is a word": (CHIYODA, with_code("Chiyoda"), (CHIYODA,)),
    "a figure is negative": (CHIYODA, with_population("-5"), ("-5",)),
    "a figure is negative, △": (CHIYODA, with_population("△5"), ("△5",)),
    "a figure is a fraction": (CHIYODA, with_population("68000.5"), ("68000.5",)),
    "a figure is a decimal with a comma": (CHIYODA, with_population("68000,5"), ("68000,5",)),
    "a figure is in scientific notation": (CHIYODA, with_population("6.8e4"), ("6.8e4",)),
    "a figure is text": (CHIYODA, with_population("about 68000"), ("about 68000",)),
    "a figure is empty": (CHIYODA, with_population(""), ("line",)),
    "a figure is a formula": (CHIYODA, with_population("=SUM(A1)"), ("=SUM(A1)",)),
    "a figure is above 10^12": (CHIYODA, with_population("1000000000001"), ("1,000,000,000,001",)),
    "a figure has 25 digits": (CHIYODA, with_population("9" * 25), ("line",)),
    "a figure has 5,000 digits": (CHIYODA, with_population("9" * 5_000), ("line",)),
}


@pytest.mark.parametrize(("code", "change", "pieces"), ONE_ROW.values(), ids=ONE_ROW.keys())
def test_one_row_with_a_fault(
    code: str, change: Callable[[Row], Row | None], pieces: tuple[str, ...], tmp_path: Path
) -> None:
    file = tmp_path / NAME
    file.write_text(as_csv(changed(ROWS, code, change)), encoding="utf-8")
    (problem,) = refused(lambda: run_with(file))
    assert problem.where.startswith(str(file))
    assert_says(problem, *pieces)
    if "line" in pieces or problem.where != str(file):
        assert f"line {LINE[code]}" in problem.where or f"{LINE[code]}" in problem.what.en


def test_the_place_of_a_wrong_figure_and_a_wrong_code(tmp_path: Path) -> None:
    file = tmp_path / NAME
    file.write_text(as_csv(changed(ROWS, CHIYODA, with_population("-5"))), encoding="utf-8")
    (problem,) = refused(lambda: run_with(file))
    assert problem.where == f"{file}: line {LINE[CHIYODA]}, column population"
    file.write_text(as_csv(changed(ROWS, CHIYODA, with_code("131017"))), encoding="utf-8")
    (problem,) = refused(lambda: run_with(file))
    assert problem.where == f"{file}: line {LINE[CHIYODA]}, column code"


def test_a_code_that_stands_twice_names_both_lines(tmp_path: Path) -> None:
    rows = [*ROWS, next(row for row in ROWS if row["code"] == CHIYODA)]
    file = tmp_path / NAME
    file.write_text(as_csv(rows), encoding="utf-8")
    (problem,) = refused(lambda: run_with(file))
    assert problem.where == f"{file}: line 1790, column code"
    assert_says(problem, CHIYODA, str(LINE[CHIYODA]), "1790")


def test_several_faults_come_at_once(tmp_path: Path) -> None:
    rows = changed(ROWS, CHIYODA, with_population("-5"))
    rows = changed(rows, SAPPORO, with_population("1.5"))
    file = tmp_path / NAME
    file.write_text(as_csv(rows), encoding="utf-8")
    places = [problem.where for problem in refused(lambda: run_with(file))]
    assert places == [
        f"{file}: line {LINE[code]}, column population" for code in (SAPPORO, CHIYODA)
    ]


def test_a_thousand_faults_are_counted_and_not_all_said(tmp_path: Path) -> None:
    file = tmp_path / NAME
    file.write_text(as_csv([row | {"population": "-1"} for row in ROWS]), encoding="utf-8")
    problems = refused(lambda: run_with(file))
    (problem,) = problems
    assert_says(problem, "line 2", str(1_788 - 1), "3-1789")


def test_a_prefecture_that_is_not_the_sum_of_its_municipalities(tmp_path: Path) -> None:
    figure = int(ROWS[LINE[TOKYO] - 2]["population"])
    rows = changed(ROWS, TOKYO, with_population(str(figure + 1)))
    file = tmp_path / NAME
    file.write_text(as_csv(rows), encoding="utf-8")
    (problem,) = refused(lambda: run_with(file))
    assert problem.where == str(file)
    assert_says(problem, "東京都", f"{figure:,}", f"{figure + 1:,}")


def test_rows_of_others_are_counted_and_not_passed_over_in_silence(tmp_path: Path) -> None:
    ward = {"code": "011011", "prefecture": "北海道", "municipality": "札幌市中央区"}
    file = tmp_path / NAME
    file.write_text(as_csv(ROWS), encoding="utf-8")
    without = run_with(file)
    file.write_text(as_csv([*ROWS, ward | {"population": "7"}]), encoding="utf-8")
    outcome = run_with(file)
    assert without.notes == ()
    assert [note.en for note in outcome.notes] == [
        f"{NAME}: rows left out: 1 wards of designated cities (lines {len(ROWS) + 2})"
    ]
    assert amounts_of(outcome) == amounts_of(without)


CONTENTS: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "empty"),
    "blank lines": (b"\r\n \r\n\r\n", "empty"),
    "a byte order mark alone": (b"\xef\xbb\xbf", "empty"),
    "a header alone": (b"code,prefecture,municipality,population\n", "no rows"),
    "a header without its line end": (b"code,prefecture,municipality,population", "no rows"),
    "rows of nothing": (b"code,prefecture,municipality,population\n,,,\n,,,\n", "no rows"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\1", "neither text"),
    "noise": (bytes(range(255, 0, -1)) * 20, "not text"),
    "half a UTF-16 letter": (as_csv(ROWS).encode("utf-16")[:-1], "not text"),
    "a web page": (b"<!DOCTYPE html><html><body>503</body></html>", "web page"),
    "a letter": ("拝啓 人口の件、別紙のとおりです。\n敬具\n".encode(), "header"),
    "stars for separators": (b"code*prefecture*municipality*population\n011002*a*b*5\n", "header"),
    "no code": (b"place,population\nSapporo,5\n", "header"),
    "no figures": (b"code,prefecture,municipality\n011002,a,b\n", "population"),
    "a row that is too long": (b"code,population\n011002,5,6\n", "beyond it: 6"),
    "a quotation mark that never ends": (b'code,population\n"011002,5\n010006,6\n', "line 2"),
    "strangers alone": (b"code,population\n481009,5\n", "no row is an organisation"),
}


@pytest.mark.parametrize(("content", "word"), CONTENTS.values(), ids=CONTENTS.keys())
def test_a_file_of_something_else(content: bytes, word: str, tmp_path: Path) -> None:
    file = tmp_path / NAME
    file.write_bytes(content)
    (problem,) = refused(lambda: run_with(file))
    assert problem.where.startswith(str(file))
    assert word in problem.in_("en")


@pytest.mark.parametrize("heading", ["population", " population", "population　"])
def test_a_heading_that_stands_twice(heading: str, tmp_path: Path) -> None:
    header, *lines = as_csv(ROWS).splitlines()
    text = "\n".join([f"{header},{heading}", *(f"{line},5" for line in lines)])
    file = tmp_path / NAME
    file.write_text(text, encoding="utf-8")
    (problem,) = refused(lambda: run_with(file))
    assert problem.where.startswith(str(file))
    assert_says(problem, "population")


def test_a_column_called_line_does_no_harm(tmp_path: Path) -> None:
    file = tmp_path / NAME
    text = as_csv([{"line": "7", **row} for row in ROWS])
    file.write_text(text, encoding="utf-8")
    assert sum(amounts_of(run_with(file)).values()) == 1_514_000_000


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    (problem,) = refused(lambda: run_with(tmp_path / NAME))
    assert problem.where == str(tmp_path / NAME)
    assert "not there" in problem.what.en


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / NAME).mkdir()
    (problem,) = refused(lambda: run_with(tmp_path / NAME))
    assert problem.where == str(tmp_path / NAME)
    assert "folder" in problem.what.en


@pytest.mark.parametrize(
    "name",
    [
        "population.csv",
        "population_2026.csv",
        "population_2026-02-30.csv",
        "p_20260101_20270101.csv",
    ],
)
def test_a_name_without_one_date(name: str, tmp_path: Path) -> None:
    file = tmp_path / name
    file.write_text(as_csv(ROWS), encoding="utf-8")
    (problem,) = refused(lambda: run_with(file))
    assert problem.where == str(file)
    assert_says(problem, "population_2026-01-01.csv")


def test_a_file_of_a_date_that_nothing_asks_for_names_both_dates(tmp_path: Path) -> None:
    file = tmp_path / "population_2027-01-01.csv"
    file.write_text(as_csv(ROWS), encoding="utf-8")
    (problem,) = refused(lambda: run_with(file))
    assert problem.where == str(file)
    assert_says(problem, "2027-01-01", "2026-01-01")


def test_a_file_for_a_bundled_date_takes_its_place_and_says_so(tmp_path: Path) -> None:
    file = tmp_path / "population_2022-01-01.csv"
    file.write_text(as_csv(ROWS), encoding="utf-8")
    plan = residents_plan(tmp_path)
    outcome = compute_plan(plan, Overrides(population=(file,)))
    (note,) = outcome.notes
    assert "2022-01-01" in note.en
    assert "2022-01-01" in note.ja
    moved = compute_plan(plan, Overrides(dates={"residents": date(2025, 1, 1)}))
    assert amounts_of(outcome) == amounts_of(moved) != amounts_of(compute_plan(plan))
