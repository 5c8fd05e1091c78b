"""Next year's example: exact totals, amounts by rules written anew, one comparison everywhere."""

from __future__ import annotations

import html
import json
import re
import tomllib
from collections.abc import Callable
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.recompute import (
    ROOT,
    bundled_population,
    half_equal_half_by,
    largest_remainder,
    people,
    published,
    table,
    written,
)
from tests.cli.calls import Ended, call_inside
from tests.outputs.spreadsheet import Book, Value, differing, opened, recalculated

EXAMPLE = ROOT / "docs" / "examples" / "2026"
PROGRAMMES = ("residents", "jpki", "intermediate_server", "lgwan")
BEFORE = {
    "residents": 1_514_000_000,
    "jpki": 2_406_000_000,
    "intermediate_server": 5_978_953_000,
    "lgwan": 1_677_903_280,
}


def table_of(programme: str) -> dict[str, Any]:
    """Return the file of a programme as it stands."""
    return tomllib.loads((EXAMPLE / f"{programme}.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Ended, Path]:
    folder = tmp_path_factory.mktemp("2026")
    return call_inside("run", EXAMPLE, "--out", folder, "--json"), folder


@pytest.fixture(scope="module")
def expected() -> dict[str, dict[str, int]]:
    """Compute every amount anew, in plain fractions."""
    rows = bundled_population("2025-01-01")
    prefectures, municipalities = (people(rows, prefectures=which) for which in (True, False))
    found = {
        "residents": largest_remainder(
            half_equal_half_by(prefectures), table_of("residents")["total"], 1_000
        )
    }
    listed = published("lgwan")
    shares = {code: Fraction(amount, sum(listed.values())) for code, amount in listed.items()}
    found["lgwan"] = largest_remainder(shares, table_of("lgwan")["total"], 1)
    found["jpki"] = three_parts(prefectures, table_of("jpki"))
    bands = table_of("intermediate_server")["unit_amount"]
    found["intermediate_server"] = {
        code: [band["amount"] for band in bands[group] if band["from"] <= persons][-1]
        for group, counted in (("prefectures", prefectures), ("municipalities", municipalities))
        for code, persons in counted.items()
    }
    return found


def three_parts(persons: dict[str, int], content: dict[str, Any]) -> dict[str, int]:
    """Return equal parts cut to 1,000 yen, the ratio table, and the rest by population."""
    equal, ratio, rest = content["part"]
    each = equal["total"] // len(persons) // 1_000 * 1_000
    carried = {
        row["code"]: int(row["amount"])
        for row in table(ROOT / "data" / ratio["carried_forward"]["list"])
    }
    assert sum(carried.values()) == ratio["total"]
    assert rest["total"] == "rest"
    left = content["total"] - each * len(persons) - ratio["total"]
    whole = sum(persons.values())
    by_population = {
        code: floor(Fraction(left * n, whole) + Fraction(1, 2)) for code, n in persons.items()
    }
    largest = max(persons, key=lambda code: persons[code])
    by_population[largest] += left - sum(by_population.values())
    return {code: each + carried[code] + by_population[code] for code in persons}


def test_a_plan_says_only_what_is_true() -> None:
    plan = tomllib.loads((EXAMPLE / "plan.toml").read_text(encoding="utf-8"))
    assert (plan["fiscal_year"], tuple(plan["programmes"])) == (2026, PROGRAMMES)
    for name in PROGRAMMES:
        content = table_of(name)
        assert "仮定" in content["source"]
        assert "公表されたものではない" in content["source"]
        assert "published" not in content
    assert [table_of(name).get("basis") for name in PROGRAMMES] == [
        "rule", None, "rule", "carried_forward",
    ]  # fmt: skip
    assert [part["basis"] for part in table_of("jpki")["part"]] == [
        "rule", "carried_forward", "rule",
    ]  # fmt: skip


@pytest.mark.parametrize("programme", PROGRAMMES)
def test_every_amount_by_a_rule_written_anew(
    programme: str, run: tuple[Ended, Path], expected: dict[str, dict[str, int]]
) -> None:
    ended, folder = run
    assert ended.status == 0, ended.err
    (said,) = [each for each in ended.object["programmes"] if each["id"] == programme]
    amounts = written(folder, programme)
    assert amounts == expected[programme]
    assert sum(amounts.values()) == said["total"] == said["allocated"]
    if "total" in table_of(programme):
        assert said["total"] == table_of(programme)["total"]
    assert said["published"] is None


def test_the_earlier_amounts_are_the_published_ones_of_2023_and_say_what_they_are(
    run: tuple[Ended, Path],
) -> None:
    ended, folder = run
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    by_programme = {each["programme"]: each for each in manifest["previous"]}
    for each in ended.object["programmes"]:
        previous = each["previous"]
        assert previous["total"] == previous["carried"] == BEFORE[each["id"]]
        assert (previous["kind"], previous["basis"]) == ("plan", each["basis"])
        said = {key: value for key, value in previous.items() if key != "new"}
        assert by_programme[each["id"]] == said | {"programme": each["id"]}


def rows(book: Book) -> dict[Value, list[Value]]:
    return {row[0]: row for row in book.rows("前年度比較", 1) if row[0] is not None}


def test_the_workbook_compares_and_recalculates_to_the_same(
    run: tuple[Ended, Path],
    expected: dict[str, dict[str, int]],
    require_tool: Callable[[str], str],
    tmp_path: Path,
) -> None:
    content = (run[1] / "allocation.xlsx").read_bytes()
    calculated = recalculated(require_tool("soffice"), {"book": content}, tmp_path)["book"]
    assert differing(content, calculated) == []
    for book in (opened(content), calculated):
        assert book.named("checks_wrong") == ["否はない。"]
        lines = rows(book)
        for place, name in enumerate(PROGRAMMES):
            in_order = [expected[name][code] for code in sorted(expected[name])]
            assert book.named(f"{name}_amounts") == in_order
            col, earlier = 3 + 4 * place, published(name)
            assert set(expected[name]) == set(earlier)
            for code, amount in expected[name].items():
                was = earlier[code]
                assert lines[code][col : col + 3] == [was, amount, amount - was]
            whole = sum(expected[name].values())
            sums = [BEFORE[name], whole, whole - BEFORE[name]]
            assert lines["計(引き継いだ額)"][col : col + 3] == sums
            assert lines["引き継げなかった額の計"][col] == 0
            assert lines["比較する額の合計"][col] == BEFORE[name]


def test_the_report_says_the_same(
    run: tuple[Ended, Path], expected: dict[str, dict[str, int]]
) -> None:
    page = (run[1] / "report.html").read_text(encoding="utf-8")
    section = re.search(r'<section id="change".*?</section>', page, re.DOTALL)
    assert section is not None
    text = re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]*>", " ", section[0])))
    assert "令和5年度から令和8年度への増減" in text
    assert text.count("公表割合の引継ぎ。公表額ではない") == 1
    assert (
        "令和5年度の計画(規則 82.5%、引継ぎ 17.5%。公表額ではない) → 規則 83.2%、引継ぎ 16.8%"
        in text
    )
    for name in PROGRAMMES:
        whole = sum(expected[name].values())
        gap = f"{whole - BEFORE[name]:,}".replace("-", "△")
        assert f"{BEFORE[name]:,} {whole:,} {gap}" in text
    data = re.search(r'id="report-data">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    for place, name in enumerate(PROGRAMMES):
        areas = json.loads(data[1])["programmes"][place]
        assert sum(areas["before"]) == BEFORE[name]
        assert sum(areas["areas"]["own"]) + sum(areas["areas"]["members"]) == sum(
            expected[name].values()
        )
