"""`allocator show`: codes, plans of one's own, terminals that cannot print everything."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.calls import ROOT, Caller, assert_refused, call_outside
from tests.plans.plans import Change, write_plan

CHIYODA = "131016"


@pytest.mark.parametrize("code", ["131016", "13101", "１３１０１６", " 131016 "])
def test_a_code_however_it_is_written(code: str, call: Caller) -> None:
    ended = call("show", code, "--json")
    assert (ended.status, ended.err) == (0, "")
    assert ended.object["code"] == CHIYODA
    assert ended.object["prefecture"] == "東京都"
    assert ended.object["municipality"] == "千代田区"


def test_a_code_that_lost_its_zero(call: Caller) -> None:
    assert call("show", "11002", "--json").object["code"] == "011002"


REFUSED = [
    ("131017", ("131017", "expected 6")),
    ("999999", ("999999",)),
    ("011011", ("011011", "131016")),
    ("044237", ("044237", "042161")),
    ("Tokyo", ("'Tokyo'",)),
    ("", ("''",)),
    ("1310160", ("1310160",)),
]


@pytest.mark.parametrize(("code", "pieces"), REFUSED)
def test_a_code_of_nobody(code: str, pieces: tuple[str, ...], call: Caller) -> None:
    assert_refused(call("show", code), "CODE", *pieces)
    ended = call("--lang", "ja", "show", code, "--json")
    assert ended.status == 2
    assert len(ended.object["errors"]) == 1


def test_a_plan_with_a_fault(tmp_path: Path, call: Caller) -> None:
    plan = write_plan(tmp_path, Change("split", "unit = 1000", "unit = 0"))
    assert_refused(call("show", CHIYODA, plan), "split.toml: rounding.unit")


def test_fixed_exempt_and_not_concerned(tmp_path: Path, call: Caller) -> None:
    (tmp_path / "staff.csv").write_text("code,persons\n010006,1\n", encoding="utf-8")
    plan = write_plan(tmp_path)
    tokyo = {
        each["id"]: each for each in call("show", "130001", plan, "--json").object["programmes"]
    }
    assert tokyo["split"]["pays"]
    assert tokyo["split"]["amount"] == 5_000_000
    assert "its own system" in tokyo["split"]["steps"][0]["text"]
    assert tokyo["units"]["amount"] == 200
    ward = {each["id"]: each for each in call("show", CHIYODA, plan, "--json").object["programmes"]}
    assert ward["units"]["amount"] == 0
    assert "a closed town" in ward["units"]["steps"][0]["text"]
    assert ward["split"]["notional"]
    assert ward["carried"]["amount"] is None
    assert not ward["carried"]["pays"]


def test_both_languages(call: Caller) -> None:
    english, japanese = call("show", CHIYODA).out, call("--lang", "ja", "show", CHIYODA).out
    assert "fiscal year 2023" in english
    assert "令和5年度" in japanese
    assert "【参考】" in japanese
    assert "pays altogether" in english
    assert "負担額の合計" in japanese
    assert len(english.splitlines()) == len(japanese.splitlines())


@pytest.mark.parametrize("encoding", ["cp932", "latin-1"])
def test_a_terminal_that_cannot_print_everything(encoding: str, tmp_path: Path) -> None:
    settings = {"PYTHONUTF8": "0", "PYTHONIOENCODING": f"{encoding}:strict"}
    ended = call_outside(
        ["show", "131016", "--json"], cwd=tmp_path, environment=settings, encoding=encoding
    )
    assert ended.status == 0, ended.err
    assert ended.object["municipality"] == "千代田区"


def test_a_reader_that_goes_away_is_no_fault_and_no_difference(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-m", "allocator", "show", "131016"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        said = process.stderr.read()
    assert (process.returncode, said) == (0, b"")
