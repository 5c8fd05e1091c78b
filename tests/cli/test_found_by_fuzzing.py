"""Calls and files that once ended in a fault of our own, found by `test_fuzz.py`."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from tests.cli.calls import Caller, assert_refused, snapshot


@pytest.mark.parametrize(
    "words",
    [["run"], ["check"], ["audit"], ["show", "131016"], ["audit", "list.csv", "--plan"]],
    ids=" ".join,
)
def test_a_name_that_is_too_long(words: list[str], here: Path, call: Caller) -> None:
    (here / "list.csv").write_text("都道府県名,金額\n北海道,1\n", encoding="utf-8")
    assert_refused(call(*words, "x" * 300), "too long")


def test_a_report_with_a_name_that_is_too_long(here: Path, call: Caller) -> None:
    (here / "list.csv").write_text("code,amount\n010006,1\n", encoding="utf-8")
    before = snapshot(here)
    words = ["audit", "list.csv", "--programme", "residents", "--report", "x" * 300 + ".md"]
    assert_refused(call(*words), "too long")
    assert snapshot(here) == before


def test_a_plan_that_names_a_file_too_long(here: Path, call: Caller) -> None:
    plan = 'fiscal_year = 2023\nprogrammes = ["a"]\norganisations = "' + "x" * 300 + '"\n'
    (here / "plan.toml").write_text(plan, encoding="utf-8")
    (here / "a.toml").write_text('id = "a"\npayers = "all"\nbasis = "rule"\n', encoding="utf-8")
    assert call("run", ".").status == 2


def test_a_csv_with_line_ends_of_old_macs(here: Path, call: Caller) -> None:
    (here / "list.csv").write_bytes("都道府県名,金額\r北海道,1\r青森県,x\r".encode())
    assert_refused(call("check", "list.csv"), "list.csv: line 3, column 金額")


def test_a_parquet_file_whose_name_is_no_text(here: Path, call: Caller) -> None:
    name = b"\xff_2022-01-01.parquet".decode("utf-8", "surrogateescape")
    pl.DataFrame({"code": ["010006"], "population": ["x"]}).write_parquet(here / "a")
    (here / "a").rename(here / name)
    assert_refused(call("run", "--population", name), "column population")
