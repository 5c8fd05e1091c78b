"""A plan for fiscal year 2026: one date for all, other weights, units, bands; then other inputs."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import polars as pl
import pytest

from allocator.plans.variant import Overrides
from allocator.sources.bundled import DATA
from allocator.tasks.compute import compute_plan
from tests.outputs.country import rendered
from tests.outputs.recomputed import check, verdicts
from tests.outputs.spreadsheet import Edit, differing, edited, opened, recalculated

PLAN = """\
fiscal_year = 2026
programmes = ["residents", "jpki", "intermediate_server", "lgwan", "cards"]
payers_as_of = 2025-04-01
"""
RESIDENTS = """\
id = "residents"
name = "本人確認情報処理事務等に係る負担金"
payers = "prefectures"
basis = "rule"
total = 1_623_456_700
[[share]]
weight = "2/5"
by = "equal"
[[share]]
weight = "3/5"
by = "population"
as_of = 2025-01-01
[rounding]
unit = 100
method = "largest_remainder"
[breakdown]
by = "population"
as_of = 2025-01-01
"""
CARRIED = """\
id = "{}"
name = "{}"
payers = "prefectures"
basis = "carried_forward"
total = {}
[carried_forward]
list = "published/2023/{}.csv"
[rounding]
unit = 1
method = "largest_remainder"
[breakdown]
by = "population"
as_of = 2025-01-01
unit = {}
"""
INTERMEDIATE = """\
id = "intermediate_server"
name = "特定個人情報の提供の求め等に係る交付金"
payers = "all"
basis = "rule"
[unit_amount]
by = "population"
as_of = 2025-01-01
prefectures = [{ from = 0, amount = 3_205_000 }, { from = 1_500_000, amount = 6_900_001 }]
municipalities = [
    { from = 0, amount = 2_100_000 },
    { from = 5_000, amount = 2_200_000 },
    { from = 250_000, amount = 7_000_000 },
]
"""
CARDS = """\
id = "cards"
name = "個人番号カードに係る負担金"
payers = "municipalities"
basis = "rule"
total = 3_333_333_300
[[share]]
weight = "0.35"
by = "population"
as_of = 2024-01-01
[[share]]
weight = "0.65"
by = "population"
as_of = 2025-01-01
[rounding]
unit = 1
method = "half_up_then_largest"
"""


@pytest.fixture(scope="module")
def soffice(require_tool: Callable[[str], str]) -> str:
    return require_tool("soffice")


def _write(folder: Path, plan: str = PLAN, **others: str) -> Path:
    """Write the plan; `others` replace what stands above."""
    folder.mkdir(parents=True)
    texts = {
        "plan": plan,
        "residents": RESIDENTS,
        "jpki": CARRIED.format("jpki", "公的個人認証", 2_500_000_001, "jpki", 1),
        "intermediate_server": INTERMEDIATE,
        "lgwan": CARRIED.format("lgwan", "総合行政ネットワーク", 1_700_000_000, "lgwan", 100),
        "cards": CARDS,
    } | others
    for name, text in texts.items():
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    return folder


def _changed_population(folder: Path) -> tuple[Path, dict[str, int]]:
    """Write the population of 2025 with two municipalities changed; return those who differ."""
    frame = pl.read_csv(
        DATA / "population/resident_register_2025-01-01.csv", schema_overrides={"code": pl.String}
    )
    more = {"131016": 190_001, "130001": 190_001, "011002": -3, "010006": -3}
    changed = frame.with_columns(
        population=pl.col("population")
        + pl.col("code").replace_strict(more, default=0, return_dtype=pl.Int64)
    )
    path = folder / "population_2025-01-01.csv"
    changed.write_csv(path)
    rows = changed.filter(pl.col("code").is_in(list(more)))
    return path, dict(rows.select("code", "population").iter_rows())


@pytest.mark.parametrize("cards", [False, True])
def test_a_new_plan_recalculates(cards: bool, soffice: str, tmp_path: Path) -> None:
    plan = PLAN if cards else PLAN.replace(', "cards"', "")
    outcome = compute_plan(_write(tmp_path / "2026", plan))
    content = rendered(outcome)
    population, figures = _changed_population(tmp_path)
    names = opened(content)

    def places(codes: str) -> dict[int, int]:
        found = [str(code) for code in names.named(codes)]
        return {found.index(code): figures[code] for code in figures if code in found}

    # One cell for one figure: what other programmes have too is entered here alone.
    towns = "cards" if cards else "intermediate_server"
    edit: dict[str, object] = {
        "residents_total": 1_700_000_001,
        "residents_unit": 1,
        "residents_weight_1": Fraction(9, 20),
        "residents_weight_2": Fraction(11, 20),
        "residents_measure_1": places("residents_codes"),
        f"{towns}_measure_{2 if cards else 1}": {
            place: value
            for place, value in places(f"{towns}_codes").items()
            if value not in places("residents_codes").values()
        },
        "intermediate_server_unit_amounts_prefectures": {1: 7_000_000},
        "intermediate_server_unit_amounts_municipalities": {0: 1_999_999, 2: 5},
        "jpki_total": 2_400_000_003,
        "lgwan_unit": 40,
    }
    residents = RESIDENTS.replace("1_623_456_700", "1_700_000_001").replace("= 100", "= 1")
    server = INTERMEDIATE.replace("6_900_001", "7_000_000").replace("2_100_000", "1_999_999")
    changed = _write(
        tmp_path / "changed",
        plan,
        residents=residents.replace("2/5", "9/20").replace("3/5", "11/20"),
        intermediate_server=server.replace("amount = 7_000_000 },\n]", "amount = 5 },\n]"),
        jpki=CARRIED.format("jpki", "公的個人認証", 2_400_000_003, "jpki", 1),
        lgwan=CARRIED.format("lgwan", "総合行政ネットワーク", 1_700_000_000, "lgwan", 100).replace(
            "unit = 1\n", "unit = 40\n"
        ),
    )
    expected = compute_plan(changed, Overrides(population=(population,)))

    found = recalculated(soffice, {"made": content, "edit": edited(content, edit)}, tmp_path)

    assert differing(content, found["made"]) == []
    assert verdicts(found["made"]) == []
    for each in expected.programmes:
        assert each.allocation is not None
        amounts = found["edit"].named(f"{each.programme.id}_amounts")
        assert amounts == list(each.allocation.amounts)
    assert len(list(check(expected, found["edit"]))) == len(outcome.programmes)
    assert verdicts(found["edit"]) == []
    _, _, headings, *everyone, _ = found["edit"].rows("市区町村別", 1)
    shown = headings.index("人口(2025年1月1日現在)")
    assert {row[0]: row[shown] for row in everyone if row[0] in figures} == figures


def test_a_figure_entered_twice_has_to_agree(soffice: str, tmp_path: Path) -> None:
    content = rendered(compute_plan(_write(tmp_path / "2026")))
    codes = opened(content).named("intermediate_server_codes")
    prefecture, town = codes.index("130001"), codes.index("131016")
    edit: Edit = {"intermediate_server_measure_1": {prefecture: 5, town: 6}}

    found = recalculated(soffice, {"twice": edited(content, edit)}, tmp_path)["twice"]

    assert [what.partition(":")[0] for _, what in verdicts(found)] == [
        "同じ指標の入力が一致する(相違の数)"
    ] * 2
    amounts = found.named("intermediate_server_amounts")
    assert (amounts[prefecture], amounts[town]) == (3_205_000, 2_100_000)
