"""FY2023 from the bundled data, with and without the published lists, and next year's numbers."""

from __future__ import annotations

import shutil
from fractions import Fraction
from pathlib import Path
from random import Random

import openpyxl
import pytest

from allocator.cli.main import run
from tests.acceptance.recompute import (
    ROOT,
    Row,
    bundled_population,
    half_equal_half_by,
    largest_remainder,
    people,
    published,
    table,
    written,
)
from tests.cli.calls import OUTPUTS, Ended, call_inside, call_outside
from tests.sources.files import as_csv

TOTALS = {
    "residents": 1_514_000_000,
    "jpki": 2_406_000_000,
    "intermediate_server": 5_978_953_000,
    "lgwan": 1_677_903_280,
}
BY_RULE = ("residents", "intermediate_server")
CARRIED = {
    "jpki": "derived/2023/jpki_by_ratio.csv",
    "lgwan": "published/2023/lgwan.csv",
}
"""Programmes that need a list, and which."""


def table_rows(ended: Ended) -> dict[str, list[str]]:
    """Return the cells of the table that people are shown, by programme."""
    rows = {}
    for line in ended.err.splitlines():
        if line.startswith("│"):
            first, *others = (cell.strip() for cell in line.strip("│").split("│"))
            rows[first] = others
    return rows


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ended, Path]:
    folder = tmp_path_factory.mktemp("bundled")
    return call_inside("run", "--out", folder), folder


def test_what_a_newcomer_sees(bundled: tuple[Ended, Path]) -> None:
    ended, folder = bundled
    assert (ended.status, ended.out) == (0, "")
    assert table_rows(ended) == {
        "residents": ["47", "1,514,000,000", "rule", "47/47"],
        "jpki": [
            "47",
            "2,406,000,000",
            "82.5 % by rule, 17.5 % carried forward",
            "not compared",
        ],
        "intermediate_server": ["1,788", "5,978,953,000", "rule", "1788/1788"],
        "lgwan": ["47", "1,677,903,280", "carried forward", "not compared"],
    }
    assert sorted(path.name for path in folder.iterdir()) == sorted(OUTPUTS)


@pytest.mark.parametrize("programme", TOTALS)
def test_every_amount_is_the_published_one_and_every_total_exact(
    programme: str, bundled: tuple[Ended, Path]
) -> None:
    amounts = written(bundled[1], programme)
    assert amounts == published(programme)
    assert sum(amounts.values()) == TOTALS[programme]


def test_residents_by_a_rule_written_anew(bundled: tuple[Ended, Path]) -> None:
    measure = people(bundled_population("2022-01-01"), prefectures=True)
    expected = largest_remainder(half_equal_half_by(measure), 1_514_000_000, 1_000)
    assert written(bundled[1], "residents") == expected


def test_notional_figures_by_a_rule_written_anew(bundled: tuple[Ended, Path]) -> None:
    rows = bundled_population("2022-01-01")
    paid = written(bundled[1], "residents")
    expected: dict[str, int] = {}
    for prefecture in (row for row in rows if not row["municipality"]):
        members = people(
            [row for row in rows if row["prefecture"] == prefecture["prefecture"]],
            prefectures=False,
        )
        whole = sum(members.values())
        shares = {code: Fraction(value, whole) for code, value in members.items()}
        expected |= largest_remainder(shares, paid[prefecture["code"]], 1)
    assert written(bundled[1], "residents", "breakdown.csv") == expected


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Give a copy of the program and of its data, to be called from elsewhere."""
    copy = tmp_path / "copy"
    for name in ("allocator", "data", "configs"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    return copy


def test_lists_of_rubbish_change_nothing_but_the_agreement(
    copy: Path, tmp_path: Path, bundled: tuple[Ended, Path]
) -> None:
    """Rules never look at the lists: any other amounts there leave the same allocation."""
    random = Random(2023)
    for programme in BY_RULE:
        file = copy / "data" / "published" / "2023" / f"{programme}.csv"
        rows = [row | {"amount": str(random.randrange(10**9))} for row in table(file)]
        file.write_text(as_csv(rows), encoding="utf-8")
    ended = call_outside(["run", "--out", "r"], cwd=tmp_path, package=copy)
    assert (ended.status, ended.out) == (0, "")
    rows_shown = table_rows(ended)
    assert rows_shown["residents"][-1] == "0/47"
    assert rows_shown["intermediate_server"][-1] == "0/1788"
    for name in ("allocation.csv", "breakdown.csv"):
        assert (tmp_path / "r" / name).read_bytes() == (bundled[1] / name).read_bytes()


def test_without_any_list(copy: Path, tmp_path: Path, bundled: tuple[Ended, Path]) -> None:
    shutil.rmtree(copy / "data" / "published")
    shutil.rmtree(copy / "data" / "derived")
    ended = call_outside(["run", "--out", "r"], cwd=tmp_path, package=copy)
    assert (ended.status, ended.out) == (2, "")
    assert "Traceback" not in ended.err
    rows_shown = table_rows(ended)
    assert rows_shown["residents"] == ["47", "1,514,000,000", "rule", "no list"]
    assert rows_shown["intermediate_server"] == ["1,788", "5,978,953,000", "rule", "no list"]
    for programme, file in CARRIED.items():
        assert rows_shown[programme][2] == "not computed"
        assert file in ended.err
    for programme in BY_RULE:
        assert written(tmp_path / "r", programme) == written(bundled[1], programme)
    programmes = {row["programme"] for row in table(tmp_path / "r" / "allocation.csv")}
    assert programmes == set(BY_RULE)
    assert sorted(path.name for path in (tmp_path / "r").iterdir()) == sorted(OUTPUTS)
    shown = call_outside(["show", "131016", "--json"], cwd=tmp_path, package=copy)
    by_id = {each["id"]: each for each in shown.object["programmes"]}
    assert by_id["intermediate_server"]["amount"] == 3_101_000
    assert (by_id["jpki"]["basis"], by_id["jpki"]["amount"]) == ("not computed", None)


def assert_1_600_million(folder: Path, measure: dict[str, int]) -> None:
    amounts = written(folder, "residents")
    assert len(amounts) == 47
    assert all(amount % 1_000 == 0 for amount in amounts.values())
    assert sum(amounts.values()) == 1_600_000_000
    assert amounts == largest_remainder(half_equal_half_by(measure), 1_600_000_000, 1_000)


def test_another_total_and_another_date(tmp_path: Path, bundled: tuple[Ended, Path]) -> None:
    words = ["--total", "residents=1600000000", "--as-of", "residents=2025-01-01"]
    ended = call_inside("run", *words, "--out", tmp_path)
    assert ended.status == 0
    assert table_rows(ended)["residents"][:3] == ["47", "1,600,000,000", "rule"]
    assert_1_600_million(tmp_path, people(bundled_population("2025-01-01"), prefectures=True))
    for programme in ("jpki", "intermediate_server", "lgwan"):
        assert written(tmp_path, programme) == written(bundled[1], programme)


def next_years(rows: list[Row]) -> list[Row]:
    """Return a population for the year after: other municipalities, prefectures their sums."""
    moved = [
        row | {"population": str(max(0, int(row["population"]) + (37 * place) % 2_001 - 1_000))}
        for place, row in enumerate(rows)
    ]
    sums: dict[str, int] = {}
    for row in moved:
        if row["municipality"]:
            name = row["prefecture"]
            sums[name] = sums.get(name, 0) + int(row["population"])
    return [
        row if row["municipality"] else row | {"population": str(sums[row["prefecture"]])}
        for row in moved
    ]


def test_a_population_of_ones_own_for_a_date_that_is_not_bundled(tmp_path: Path) -> None:
    rows = next_years(bundled_population("2025-01-01"))
    file = tmp_path / "population_2026-01-01.csv"
    file.write_text(as_csv(rows), encoding="utf-8")
    words = ["--total", "residents=1600000000", "--as-of", "residents=2026-01-01"]
    out = tmp_path / "r"
    ended = call_inside("run", *words, "--population", file, "--out", out, "--json")
    assert ended.status == 0
    residents = ended.object["programmes"][0]
    assert (residents["total"], residents["allocated"]) == (1_600_000_000, 1_600_000_000)
    assert residents["published"] is None
    assert_1_600_million(out, people(rows, prefectures=True))
    by_2025 = people(bundled_population("2025-01-01"), prefectures=True)
    shares = half_equal_half_by(by_2025)
    assert written(out, "residents") != largest_remainder(shares, 1_600_000_000, 1_000)


def test_the_inferred_rules_are_called_so_wherever_they_are_explained(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    assert run(["run", "--out", str(folder), "--quiet"]) == 0

    book = openpyxl.load_workbook(folder / "allocation.xlsx", data_only=True)
    for name in ("総括", "算定方法"):
        cells = [str(cell.value) for row in book[name].iter_rows() for cell in row]
        assert sum("公表一覧の金額と人口から推定" in cell for cell in cells) == 2
    report = (folder / "report.html").read_text(encoding="utf-8")
    assert report.count("公表一覧の金額と人口から推定") == 2


def test_show_says_that_a_rule_is_inferred(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["show", "130001"]) == 0
    assert capsys.readouterr().out.count("公表一覧の金額と人口から推定") == 2
