"""Names in our own CSV files: marked for spreadsheets, and without the mark for our readers."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Final

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import allocator
from allocator.domain.formulas import STARTS_LIKE_A_FORMULA, guarded
from allocator.outputs.writers.csv_text import csv_of_frame, csv_text
from allocator.sources.tables.rows import _without_marks
from tests.cli.calls import call_inside
from tests.names.nasty import PIECES, Words, write_plan

SAID: Final = Words(
    "=東国", ("'=1+1", "@SUM(A1)町", "＋甲町"), ("道路", "井戸"), "", "残り", "備考"
)
TOWNS: Final = {"E0": "'=1+1", "E1": "@SUM(A1)町", "E2": "＋甲町", "W1": "丁町", "W2": "戊町"}


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    return write_plan(tmp_path / "plan", SAID)


@pytest.fixture
def out(plan: Path, tmp_path: Path) -> Path:
    assert call_inside("run", plan, "--out", tmp_path / "out").status == 0
    return tmp_path / "out"


def test_names_are_marked_and_figures_are_not(out: Path) -> None:
    text = (out / "allocation.csv").read_text(encoding="utf-8-sig")
    names = {row["code"]: row["municipality"] for row in csv.DictReader(io.StringIO(text))}
    assert [names[code] for code in ("E0", "E1", "E2")] == ["''=1+1", "'@SUM(A1)町", "'＋甲町"]
    assert ",'=東国," in text
    assert csv_text(("a", "b"), [("-1", -1)], "\n", raw=False) == "a,b\n'-1,-1\n"


def test_an_audit_of_our_own_list_finds_no_name_that_differs(plan: Path, out: Path) -> None:
    ended = call_inside("audit", out / "allocation.csv", "--plan", plan, "--json")
    assert ended.status == 0, ended.err
    audits = json.loads(ended.out)["audits"]
    assert [audit["findings"] for audit in audits] == [[], []]
    assert [audit["matched"] for audit in audits] == [2, 7]


def test_raw_names_are_read_as_well(tmp_path: Path) -> None:
    said = Words("=東国", ("=1+1", "@SUM(A1)町", "＋甲町"), ("道路", "井戸"), "", "残り", "備考")
    other = write_plan(tmp_path / "other", said)
    assert call_inside("run", other, "--out", tmp_path / "raw", "--raw-csv").status == 0
    content = (tmp_path / "raw" / "allocation.csv").read_text(encoding="utf-8-sig")
    assert ",=1+1," in content
    ended = call_inside("audit", tmp_path / "raw" / "allocation.csv", "--plan", other, "--json")
    assert [audit["findings"] for audit in json.loads(ended.out)["audits"]] == [[], []]


def test_every_command_reads_the_names_back(plan: Path, out: Path, tmp_path: Path) -> None:
    listed = out / "allocation.csv"
    ended = call_inside("compare", listed, plan, "--plan", plan, "--json")
    rows = json.loads(ended.out)["programmes"][1]["rows"]
    assert {row["code"]: row["municipality"] for row in rows if row["municipality"]} == TOWNS
    assert call_inside("run", plan, "--previous", listed, "--out", tmp_path / "again").status == 0
    lists = allocator.read_lists(listed)
    frame = lists.frame().filter(pl.col("municipality") != "")
    assert dict(frame.select("code", "municipality").iter_rows()) == TOWNS


def test_extract_marks_names_too(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(
        "団体コード,都道府県名,市区町村名,金額\n011002,=北海道,+札幌市,-5\n", encoding="utf-8"
    )
    for words, row in (
        ([], "011002,'=北海道,'+札幌市,-5"),
        (["--raw-csv"], "011002,=北海道,+札幌市,-5"),
    ):
        out = tmp_path / f"out{len(words)}"
        assert call_inside("extract", file, "--out", out, *words).status == 0
        assert (out / "undated" / "list.csv").read_text().splitlines()[1] == row
        again = call_inside("compare", out / "undated" / "list.csv", file, "--json")
        assert again.status == 0, again.err


@pytest.mark.parametrize("command", ["audit", "compare"])
def test_reports_are_raw_where_it_is_said(command: str, plan: Path, tmp_path: Path) -> None:
    listed = tmp_path / "list.csv"
    listed.write_text("code,prefecture,municipality,amount\nX,北国,=cmd,5\n", encoding="utf-8")
    second = [plan] if command == "compare" else []
    call: list[str | Path] = [command, listed, *second, "--plan", plan, "--programme", "wells"]
    for words, name in (([], "'=cmd"), (["--raw-csv"], "=cmd")):
        report = tmp_path / f"{command}{len(words)}.csv"
        assert call_inside(*call, *words, "--report", report).status in (0, 1)
        rows = list(csv.DictReader(io.StringIO(report.read_text(encoding="utf-8-sig"))))
        assert name in [row["municipality"] for row in rows]


def test_from_python(plan: Path, tmp_path: Path) -> None:
    outcome = allocator.allocate(plan)
    outcome.write(tmp_path / "marked")
    outcome.write(tmp_path / "raw", raw_csv=True)
    found = [(tmp_path / name / "allocation.csv").read_text() for name in ("marked", "raw")]
    assert [",=東国," in text for text in found] == [False, True]


@pytest.mark.fuzz
@given(st.lists(st.one_of(st.sampled_from(PIECES), st.text()), min_size=1, max_size=30))
def test_taking_the_mark_away_gives_every_text_back(texts: list[str]) -> None:
    """Also through polars, whose regular expressions are others than Python's."""
    kept = [text.replace("\r", "") for text in texts if not _halves(text)]
    frame = pl.DataFrame({"a": kept, "n": [-1] * len(kept)}, schema={"a": pl.String, "n": pl.Int64})
    content = csv_of_frame(frame, raw=False)
    read = [row[0] for row in csv.reader(io.StringIO(content, newline=""))][1:]
    assert read == [guarded(text) for text in kept]
    back = pl.DataFrame({"a": read}, schema={"a": pl.String}).select(_without_marks("a"))
    assert back.to_series().to_list() == kept
    marked = pl.Series(read, dtype=pl.String).str.contains(STARTS_LIKE_A_FORMULA)
    assert all(
        text.startswith("'") for text, is_marked in zip(read, marked, strict=True) if is_marked
    )


def _halves(text: str) -> bool:
    return any("\ud800" <= each <= "\udfff" for each in text)
