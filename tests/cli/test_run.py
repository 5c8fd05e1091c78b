"""`allocator run`: what it prints, writes and returns."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from allocator.sources.bundled import CONFIGS
from tests.cli.calls import OUTPUTS, Caller, Ended, call_inside, snapshot
from tests.sources.files import as_csv, population, residents_plan

TOTALS = {
    "residents": 1_514_000_000,
    "jpki": 2_406_000_000,
    "intermediate_server": 5_978_953_000,
    "lgwan": 1_677_903_280,
}


def rows_of(file: Path, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(file.read_bytes().decode(encoding), newline="")))


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ended, Path]:
    """Give the bundled plan, run with --json, and the folder of its outputs."""
    folder = tmp_path_factory.mktemp("bundled")
    return call_inside("run", "--json", "--out", folder), folder


def test_the_table(here: Path, call: Caller) -> None:
    ended = call("run")
    assert (ended.status, ended.out) == (0, "")
    lines = {line.split()[1]: line for line in ended.err.splitlines() if line.startswith("│")}
    assert list(lines) == list(TOTALS)
    for identifier, total in TOTALS.items():
        assert f" {total:,} " in lines[identifier]
    assert " 47/47 " in lines["residents"]
    assert " 1788/1788 " in lines["intermediate_server"]
    assert "82.5 % by rule, 17.5 % carried forward" in lines["jpki"]
    assert " carried forward " in lines["lgwan"]
    for identifier in ("jpki", "lgwan"):
        assert "not compared" in lines[identifier]
        assert "47/47" not in lines[identifier]
    assert sorted(snapshot(here)) == sorted(
        ["out", "out/2023", *(f"out/2023/{n}" for n in OUTPUTS)]
    )


def test_the_table_in_japanese(here: Path, call: Caller) -> None:
    ended = call("--lang", "ja", "run", "--out", here / "結果")
    assert (ended.status, ended.out) == (0, "")
    for word in ("令和5年度", "事業", "総額", "公表割合の引継ぎ", "照合対象外", "書き出しました"):
        assert word in ended.err


def test_quiet_says_nothing(here: Path, call: Caller) -> None:
    ended = call("run", "--quiet", "--programme", "residents", "--out", "r")
    assert (ended.status, ended.out, ended.err) == (0, "", "")
    assert (here / "r" / "manifest.json").is_file()


def test_json_is_one_object_with_the_keys_of_the_contract(bundled: tuple[Ended, Path]) -> None:
    ended, folder = bundled
    assert (ended.status, ended.err) == (0, "")
    found = ended.object
    assert found["fiscal_year"] == 2023
    assert found["outputs"] == [(folder / name).as_posix() for name in OUTPUTS]
    by_id = {each["id"]: each for each in found["programmes"]}
    assert list(by_id) == list(TOTALS)
    for identifier, total in TOTALS.items():
        each = by_id[identifier]
        assert {"id", "basis", "payers", "total", "allocated", "published", "reason"} <= set(each)
        assert each["total"] == each["allocated"] == total
        assert each["payers"] == (1_788 if identifier == "intermediate_server" else 47)
    assert by_id["residents"]["published"] == {
        "list": "published/2023/residents.csv",
        "rows": 47,
        "matched": 47,
        "different": 0,
    }
    assert by_id["residents"]["reason"] is None
    assert by_id["intermediate_server"]["published"]["matched"] == 1_788
    assert by_id["jpki"]["basis"] == "parts"
    assert by_id["lgwan"]["basis"] == "carried_forward"
    for identifier in ("jpki", "lgwan"):
        assert by_id[identifier]["published"] is None
        assert by_id[identifier]["reason"]


def test_allocation_csv(bundled: tuple[Ended, Path]) -> None:
    folder = bundled[1]
    rows = rows_of(folder / "allocation.csv")
    columns = ["fiscal_year", "programme", "code", "prefecture", "municipality", "amount"]
    assert list(rows[0]) == columns
    keys = [(list(TOTALS).index(row["programme"]), row["code"]) for row in rows]
    assert keys == sorted(set(keys))
    for identifier, total in TOTALS.items():
        amounts = [int(row["amount"]) for row in rows if row["programme"] == identifier]
        assert sum(amounts) == total
        assert len(amounts) == (1_788 if identifier == "intermediate_server" else 47)
    assert {row["fiscal_year"] for row in rows} == {"2023"}


def test_breakdown_csv_adds_up_and_is_labelled(bundled: tuple[Ended, Path]) -> None:
    folder = bundled[1]
    rows = rows_of(folder / "breakdown.csv")
    assert all("参考" in row.values() for row in rows)
    paid = rows_of(folder / "allocation.csv")
    for identifier in ("residents", "jpki", "lgwan"):
        parts: dict[str, int] = {}
        for row in rows:
            if row["programme"] == identifier:
                name = row["prefecture"]
                parts[name] = parts.get(name, 0) + int(row["amount"])
        whole = {
            row["prefecture"]: int(row["amount"]) for row in paid if row["programme"] == identifier
        }
        assert parts == whole
    assert {row["programme"] for row in rows} == {"residents", "jpki", "lgwan"}


def test_cp932(bundled: tuple[Ended, Path], here: Path, call: Caller) -> None:
    assert call("run", "--out", "sjis", "--encoding", "cp932").status == 0
    for name in ("allocation.csv", "breakdown.csv"):
        assert rows_of(here / "sjis" / name, "cp932") == rows_of(bundled[1] / name)


def test_the_manifest_names_no_place_and_no_time(bundled: tuple[Ended, Path]) -> None:
    folder = bundled[1]
    text = (folder / "manifest.json").read_text(encoding="utf-8")
    found = json.loads(text)
    assert str(folder) not in text
    assert str(CONFIGS.parent) not in text
    assert not re.search(r"[0-9]{2}:[0-9]{2}", text), "a clock time"
    hashes = {each["file"]: each["sha256"] for each in found["outputs"]}
    assert hashes == {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in OUTPUTS[:-1]
    }
    inputs = {each["file"]: each["sha256"] for each in found["inputs"]}
    for name in (
        "configs/2023/plan.toml",
        "configs/2023/residents.toml",
        "data/organisations.csv",
        "data/population/resident_register_2022-01-01.csv",
        "data/population/resident_register_2019-01-01.csv",
        "data/derived/2023/jpki_by_ratio.csv",
    ):
        file = CONFIGS.parent / name
        assert inputs[name] == hashlib.sha256(file.read_bytes()).hexdigest()


def test_programme_writes_that_one_alone(here: Path, call: Caller) -> None:
    words = ["--programme", "lgwan", "--programme", "residents"]
    found = call("run", *words, "--json", "--out", "r").object
    assert [each["id"] for each in found["programmes"]] == ["residents", "lgwan"]
    rows = rows_of(here / "r" / "allocation.csv")
    assert {row["programme"] for row in rows} == {"residents", "lgwan"}
    assert len(rows) == 94


def test_a_plan_named_by_its_file(here: Path, call: Caller) -> None:
    plan = residents_plan(here)
    folder = call("run", plan, "--json", "--out", "a").object
    file = call("run", plan / "plan.toml", "--json", "--out", "b").object
    assert folder["programmes"] == file["programmes"]
    assert snapshot(here / "a") == snapshot(here / "b")


def test_two_plans(here: Path, call: Caller) -> None:
    for year in (2024, 2025):
        (here / f"p{year}").mkdir()
        plan = residents_plan(here / f"p{year}") / "plan.toml"
        plan.write_text(plan.read_text().replace("2023", str(year)))
    ended = call("run", here / "p2024", here / "p2025", "--json", "--out", "results")
    assert ended.status == 0
    plans = ended.object["plans"]
    assert [each["fiscal_year"] for each in plans] == [2024, 2025]
    for year, each in zip((2024, 2025), plans, strict=True):
        names = [name for name in OUTPUTS if name != "parts.csv"]  # a plan without parts
        assert each["outputs"] == [f"results/{year}/{name}" for name in names]
        assert (here / "results" / str(year) / "manifest.json").is_file()
    assert call("run", here / "p2024", here / "p2025").status == 0
    assert (here / "out" / "2025" / "allocation.csv").is_file()


def test_a_population_that_is_used_is_in_the_manifest(here: Path, call: Caller) -> None:
    file = here / "people_2026-01-01.csv"
    file.write_text(as_csv(population(date(2025, 1, 1))), encoding="utf-8")
    words: list[str | Path] = ["--as-of", "residents=2026-01-01", "--population", file]
    ended = call("run", *words, "--json", "--out", "r")
    assert ended.status == 0
    residents = ended.object["programmes"][0]
    assert residents["published"] is None
    assert "--as-of" in residents["reason"]
    manifest = (here / "r" / "manifest.json").read_text(encoding="utf-8")
    assert '"people_2026-01-01.csv"' in manifest


def test_a_population_for_a_bundled_date_says_that_it_takes_its_place(
    here: Path, call: Caller
) -> None:
    file = here / "people_2022-01-01.csv"
    file.write_text(as_csv(population(date(2025, 1, 1))), encoding="utf-8")
    ended = call("run", "--population", file, "--out", "r", "--json")
    assert ended.status == 0
    found = ended.object
    (note,) = found["notes"]
    assert "takes the place" in note
    assert "2022-01-01" in note
    assert found["programmes"][0]["published"] is None
    assert "--population" in found["programmes"][0]["reason"]
    assert found["programmes"][2]["published"]["matched"] == 1_788


def test_a_second_run_takes_the_place_of_the_first(here: Path, call: Caller) -> None:
    words = ("run", "--programme", "residents", "--out", "r")
    assert call(*words).status == 0
    first = snapshot(here)
    (here / "r" / "notes.txt").write_text("mine", encoding="utf-8")
    assert call(*words, "--total", "residents=47000").status == 0
    second = snapshot(here)
    assert second.pop("r/notes.txt") == b"mine"
    assert first.keys() == second.keys()
    assert all(
        (first[f"r/{name}"] != second[f"r/{name}"]) == (name != "parts.csv") for name in OUTPUTS
    )
    assert rows_of(here / "r" / "parts.csv") == []  # the programme of parts was not picked
    assert call(*words).status == 0
    (here / "r" / "notes.txt").unlink()
    assert snapshot(here) == first


def test_the_language_of_the_call_changes_no_output(
    bundled: tuple[Ended, Path], here: Path, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "ja_JP.UTF-8")
    assert call("run", "--out", "r").status == 0
    assert snapshot(here / "r") == snapshot(bundled[1])


def test_a_missing_list_to_carry_forward_is_status_2_with_the_rest_written(
    here: Path, call: Caller
) -> None:
    shutil.copytree(CONFIGS / "2023", here / "plan")
    jpki = here / "plan" / "jpki.toml"
    text = jpki.read_text(encoding="utf-8").replace("derived/2023/", "derived/2022/")
    jpki.write_text(text, encoding="utf-8")
    ended = call("run", here / "plan", "--out", "r")
    assert (ended.status, ended.out) == (2, "")
    assert "not computed" in ended.err
    assert "derived/2022/jpki_by_ratio.csv" in ended.err
    assert "Traceback" not in ended.err
    rows = rows_of(here / "r" / "allocation.csv")
    assert {row["programme"] for row in rows} == {"residents", "intermediate_server", "lgwan"}
    as_json = call("run", here / "plan", "--out", "r", "--json")
    assert as_json.status == 2
    found = as_json.object["programmes"][1]
    assert (found["basis"], found["published"], found["allocated"]) == ("not computed", None, None)
    assert "derived/2022/jpki_by_ratio.csv" in found["reason"]
