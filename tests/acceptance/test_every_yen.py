"""`allocator show` explains every yen: its exact figures recombine to the amounts."""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import Any

import pytest

from tests.acceptance.recompute import bundled_population, people, published
from tests.cli.calls import call_inside

TOKYO, CHIYODA = "130001", "131016"
PROGRAMMES = ["residents", "jpki", "intermediate_server", "lgwan"]

Steps = dict[str, str]


@pytest.fixture(scope="module")
def shown() -> dict[str, dict[str, Any]]:
    found = {}
    for code in (TOKYO, CHIYODA, "010006", "473821"):
        ended = call_inside("show", code, "--json")
        assert (ended.status, ended.err) == (0, "")
        found[code] = ended.object
    return found


def programme(
    shown: dict[str, dict[str, Any]], code: str, name: str
) -> tuple[dict[str, Any], Steps]:
    """Return a programme of an explanation, and its steps: name to exact value."""
    (found,) = [each for each in shown[code]["programmes"] if each["id"] == name]
    steps = {step["name"]: step["value"] for step in found["steps"]}
    assert len(steps) == len(found["steps"])
    assert all(step["text"].strip() for step in found["steps"])
    return found, steps


@pytest.mark.parametrize("code", [TOKYO, CHIYODA, "010006", "473821"])
def test_every_programme_is_there_with_its_amount(
    code: str, shown: dict[str, dict[str, Any]]
) -> None:
    explanation = shown[code]
    assert explanation["fiscal_year"] == 2023
    assert [each["id"] for each in explanation["programmes"]] == PROGRAMMES
    paid = 0
    for name in PROGRAMMES:
        found, steps = programme(shown, code, name)
        listed = published(name)
        assert found["pays"] == (code in listed)
        assert found["notional"] == (code not in listed)
        assert int(steps["amount"]) == found["amount"]
        if found["pays"]:
            assert found["amount"] == listed[code]
            paid += listed[code]
    assert explanation["pays"] == paid


def test_a_prefectures_share_by_rule(shown: dict[str, dict[str, Any]]) -> None:
    population = people(bundled_population("2022-01-01"), prefectures=True)
    for code in (TOKYO, "010006"):
        found, steps = programme(shown, code, "residents")
        assert int(steps["total"]) == 1_514_000_000
        assert Fraction(steps["equal"]) == Fraction(1, 94)
        assert int(steps["measure_1"]) == population[code]
        share = Fraction(1, 94) + Fraction(population[code], 2 * sum(population.values()))
        assert Fraction(steps["share"]) == share
        assert Fraction(steps["quota"]) == share * 1_514_000
        assert int(steps["whole_units"]) == floor(share * 1_514_000)
        assert Fraction(steps["remainder"]) == share * 1_514_000 - floor(share * 1_514_000)
        assert int(steps["extra_unit"]) in (0, 1)
        assert int(steps["units"]) == int(steps["whole_units"]) + int(steps["extra_unit"])
        assert found["amount"] == int(steps["units"]) * 1_000


def test_ranks_and_extra_units_fit_those_of_all_prefectures(
    shown: dict[str, dict[str, Any]],
) -> None:
    population = people(bundled_population("2022-01-01"), prefectures=True)
    whole = sum(population.values())
    quotas = {
        code: (Fraction(1, 94) + Fraction(value, 2 * whole)) * 1_514_000
        for code, value in population.items()
    }
    order = sorted(quotas, key=lambda code: (floor(quotas[code]) - quotas[code], code))
    missing = 1_514_000 - sum(map(floor, quotas.values()))
    for code in (TOKYO, "010006"):
        _, steps = programme(shown, code, "residents")
        assert int(steps["rank"]) == order.index(code) + 1
        assert int(steps["extra_unit"]) == (order.index(code) < missing)


def test_a_share_carried_forward(shown: dict[str, dict[str, Any]]) -> None:
    name, total = "lgwan", 1_677_903_280
    listed = published(name)
    found, steps = programme(shown, TOKYO, name)
    assert found["basis"] == "carried_forward"
    assert int(steps["total"]) == total == sum(listed.values())
    assert int(steps["measure_1"]) == listed[TOKYO]
    assert Fraction(steps["share"]) == Fraction(listed[TOKYO], total)
    assert Fraction(steps["quota"]) == listed[TOKYO]
    assert found["amount"] == int(steps["units"]) == listed[TOKYO]


def test_the_parts_of_a_sum(shown: dict[str, dict[str, Any]]) -> None:
    """Equal parts cut to 1,000 yen, a ratio table, the rest by population: what is published."""
    population = people(bundled_population("2022-01-01"), prefectures=True)
    for code, borne in ((TOKYO, 1), ("010006", 0)):
        found, steps = programme(shown, code, "jpki")
        assert found["basis"] == "parts"
        equal, ratio, rest = (
            {step["name"]: step["value"] for step in part["steps"]} for part in found["parts"]
        )
        assert int(equal["amount"]) == 662_000_000 // 47 // 1_000 * 1_000
        assert Fraction(ratio["share"]) * 420_000_000 == int(ratio["amount"])
        left = 2_406_000_000 - 47 * int(equal["amount"]) - 420_000_000
        assert int(rest["total"]) == left
        quota = Fraction(left * population[code], sum(population.values()))
        assert int(rest["amount"]) == floor(quota + Fraction(1, 2)) + borne
        parts = [int(part["amount"]) for part in (equal, ratio, rest)]
        assert [int(steps[f"part_{number}"]) for number in (1, 2, 3)] == parts
        assert sum(parts) == found["amount"] == published("jpki")[code]


@pytest.mark.parametrize(
    ("code", "band", "amount"), [(TOKYO, 10_000_000, 16_143_000), (CHIYODA, 10_000, 3_101_000)]
)
def test_a_unit_amount(code: str, band: int, amount: int, shown: dict[str, dict[str, Any]]) -> None:
    rows = bundled_population("2019-01-01")
    population = people(rows, prefectures=True) | people(rows, prefectures=False)
    found, steps = programme(shown, code, "intermediate_server")
    assert int(steps["measure_1"]) == population[code] >= band
    assert int(steps["band_from"]) == band
    assert int(steps["unit_amount"]) == found["amount"] == amount


@pytest.mark.parametrize("name", ["residents", "jpki", "lgwan"])
def test_a_notional_figure(name: str, shown: dict[str, dict[str, Any]]) -> None:
    rows = [row for row in bundled_population("2022-01-01") if row["prefecture"] == "東京都"]
    members = people(rows, prefectures=False)
    assert len(members) == 62
    paid = published(name)[TOKYO]
    quotas = {
        code: Fraction(paid * value, sum(members.values())) for code, value in members.items()
    }
    order = sorted(quotas, key=lambda code: (floor(quotas[code]) - quotas[code], code))
    extra = order.index(CHIYODA) < paid - sum(map(floor, quotas.values()))
    found, steps = programme(shown, CHIYODA, name)
    assert found["notional"]
    assert not found["pays"]
    assert int(steps["prefecture_amount"]) == paid
    assert int(steps["measure_1"]) == members[CHIYODA]
    assert Fraction(steps["quota"]) == quotas[CHIYODA]
    assert int(steps["extra_yen"]) == extra
    assert found["amount"] == floor(quotas[CHIYODA]) + extra


@pytest.mark.parametrize(("language", "mark"), [("en", "[参考 notional]"), ("ja", "【参考】")])
def test_notional_figures_are_marked_and_not_counted(language: str, mark: str) -> None:
    text = call_inside("show", CHIYODA, language=language).out
    heading, *blocks, last = text.rstrip("\n").split("\n\n")
    assert CHIYODA in heading
    assert "東京都千代田区" in heading
    assert len(blocks) == 4
    for name, block in zip(PROGRAMMES, blocks, strict=True):
        notional = name != "intermediate_server"
        assert block.startswith(mark) == notional
        assert ("参考" in block.splitlines()[-1]) == notional
    assert "3,101,000" in last
    assert "参考" not in call_inside("show", TOKYO).out.partition("pays altogether")[0]


def test_the_words_show_the_figures() -> None:
    text = call_inside("show", TOKYO).out
    for figure in ("99,033,000", "242,700,821", "16,143,000", "43,644,560", "13,794,933"):
        assert figure in text
    total = 99_033_000 + 242_700_821 + 16_143_000 + 43_644_560
    assert f"pays altogether: {total:,} yen" in text
