"""Splits over several large measures: LibreOffice gives what the engine gives, to the yen."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from allocator.outputs.workbook.model.build import build
from allocator.outputs.workbook.model.entered import Inputs
from allocator.results.outcome import Outcome
from allocator.tasks.compute import compute_plan
from tests.outputs.country import rendered
from tests.outputs.recomputed import check, verdicts
from tests.outputs.spreadsheet import Edit, differing, edited, recalculated

SHARE = '[[share]]\nweight = "{}"\nby = "population"\nas_of = {}-01-01\n'
EQUAL = '[[share]]\nweight = "{}"\nby = "equal"\n'
TWO = SHARE.format("1/2", 2022) + SHARE.format("1/2", 2023)
UNEVEN = SHARE.format("2/5", 2024) + SHARE.format("3/5", 2025)
THREE = EQUAL.format("1/3") + SHARE.format("1/6", 2021) + SHARE.format("1/2", 2023)
DATES = "".join(SHARE.format(*part) for part in (("2/5", 2019), ("3/10", 2022), ("3/10", 2025)))
OUT = '[[adjustment]]\nreason = "x"\nexempt = ["{}", "472018"]\n'
OUT += '[[adjustment]]\nreason = "y"\nfixed = ["{}"]\namount = 12345\n'
PREFECTURES_OUT = OUT.replace(', "472018"', "").format("130001", "270008")

PROGRAMME = """\
id = "{}"
payers = "{}"
basis = "rule"
total = {}
{}
[rounding]
unit = {}
method = "{}"
{}
"""
LR, HALF, FLOOR, RUNNING = (
    "largest_remainder",
    "half_up_then_largest",
    "floor_then_first",
    "cumulative",
)
PREFECTURES = {
    "code": (LR, 1000, TWO, ""),
    "weight": (LR, 1000, TWO, 'ties = "weight"'),
    "error": (LR, 1, SHARE.format("2/5", 2016) + SHARE.format("3/5", 2018), 'ties = "error"'),
    "largest": (LR, 700, UNEVEN, 'rest = "largest"'),
    "first": (LR, 700, THREE, 'rest = "first"'),
    "three": (LR, 100, THREE, 'ties = "weight"'),
    "dates": (LR, 10, DATES, ""),
    "out": (LR, 1, TWO, f'ties = "weight"\n{PREFECTURES_OUT}'),
    "half": (HALF, 1000, TWO, ""),
    "half_out": (HALF, 1, THREE, PREFECTURES_OUT),
    "floor": (FLOOR, 1000, UNEVEN, ""),
    "floor_out": (FLOOR, 1, TWO, PREFECTURES_OUT),
    "running": (RUNNING, 1000, TWO, ""),
    "running_out": (RUNNING, 1, DATES, PREFECTURES_OUT),
}
EVERYONE = {
    "all_weight": ("all", LR, 1, UNEVEN, f'ties = "weight"\n{OUT.format("130001", "270008")}'),
    "all_floor": ("municipalities", FLOOR, 1000, TWO, 'rest = "largest"'),
    "upper": ("prefectures", LR, 1000, UNEVEN, ""),
    "all_running": ("all", RUNNING, 1, UNEVEN, ""),
}


@pytest.fixture(scope="module")
def soffice(require_tool: Callable[[str], str]) -> str:
    return require_tool("soffice")


def _plan(folder: Path, programmes: dict[str, tuple[str, str, int, str, str]]) -> Outcome:
    folder.mkdir()
    for name, (payers, method, unit, shares, more) in programmes.items():
        total = 1_514_000_300 if "rest" in more else 1_514_000_000 + 12_345 * ("fixed" in more)
        text = PROGRAMME.format(name, payers, total, shares, unit, method, more)
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    names = str(list(programmes)).replace("'", '"')
    text = f"fiscal_year = 2026\nprogrammes = {names}\npayers_as_of = 2023-04-01\n"
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    return compute_plan(folder)


def _parts(outcome: Outcome, name: str) -> int:
    (each,) = [each for each in outcome.programmes if each.programme.id == name]
    return len(each.programme.share)


def _compare(
    outcome: Outcome, edits: dict[str, Edit], soffice: str, folder: Path
) -> dict[str, list[tuple[str, str]]]:
    """Recalculate as made and after each edit; compare all amounts, return what is 否."""
    content = rendered(outcome)
    files = {name: edited(content, edit) for name, edit in edits.items()}
    found = recalculated(soffice, {"made": content, **files}, folder)
    assert differing(content, found["made"]) == []
    assert verdicts(found["made"]) == []
    for name in edits:
        assert len(list(check(outcome, found[name]))) == len(outcome.programmes)
    return {name: verdicts(found[name]) for name in edits}


def test_prefectures_over_two_dates_and_more(soffice: str, tmp_path: Path) -> None:
    outcome = _plan(
        tmp_path / "plan", {name: ("prefectures", *way) for name, way in PREFECTURES.items()}
    )
    everyone = outcome.register.valid_on(outcome.plan.table.payers_on)
    for each in outcome.programmes:
        assert each.allocation is not None
        calc = build(each, each.allocation, "x", everyone, Inputs({}))
        assert calc.live
        assert "common_below_1" in calc.cells, f"{each.programme.id}: one cell was enough"
    totals: dict[str, object] = {}
    weights: dict[str, object] = {}
    tied: dict[str, object] = {}
    for name, (_, unit, _, more) in PREFECTURES.items():
        parts, plus = _parts(outcome, name), 12_345 * ("fixed" in more)
        totals[f"{name}_total"] = 98_765_432_100 * 7 + plus
        totals[f"{name}_unit"] = 7 if unit > 1 else 1
        totals[f"{name}_measure_1"] = {12: 14_000_003, 46: 1}
        if parts == 2:
            totals[f"{name}_measure_2"] = {30: 999_983, 3: 0}
        weights[f"{name}_weight_1"] = Fraction(33, 100)
        weights[f"{name}_weight_2"] = Fraction(67 if parts == 2 else 34, 100)
        if parts == 3:
            weights[f"{name}_weight_3"] = Fraction(33, 100)
        proportional = sum(
            part.by != "equal"
            for each in outcome.programmes
            if each.programme.id == name
            for part in each.programme.share
        )
        if name != "error":
            for number in range(1, proportional + 1):
                sizes = [2_000_003 + number, 3_000_017 - number, 2_000_003 + number, 5_000_011]
                tied[f"{name}_measure_{number}"] = {row: sizes[row % 4] for row in range(47)}

    wrong = _compare(
        outcome, {"totals": totals, "weights": weights, "tied": tied}, soffice, tmp_path
    )

    assert wrong == {"totals": [], "weights": [], "tied": []}


def test_every_payer_over_two_dates_and_more(soffice: str, tmp_path: Path) -> None:
    outcome = _plan(tmp_path / "plan", EVERYONE)
    assert [len(each.measures) for each in outcome.programmes] == [2, 2, 2, 2]
    edit: dict[str, object] = {}
    for name, (_, _, unit, _, more) in EVERYONE.items():
        plus = 12_345 * ("fixed" in more)
        edit[f"{name}_total"] = 12_345_678_000 + plus
        edit[f"{name}_unit"] = 10 if unit == 1 else 1
        if name == "upper":
            continue  # what prefectures have, the sheet of all refers to
        edit[f"{name}_measure_1"] = {row: 5_003 + row % 3 for row in range(1, 41)}
        edit[f"{name}_measure_2"] = {row: 7_001 - row % 3 for row in range(1, 41)}
    edit["upper_measure_1"] = {0: 1_000_003, 46: 77}
    edit["all_running_weight_1"] = Fraction(1, 100)
    edit["all_running_weight_2"] = Fraction(99, 100)

    assert _compare(outcome, {"edit": edit}, soffice, tmp_path) == {"edit": []}


def test_beyond_what_two_cells_hold_the_check_says_so(soffice: str, tmp_path: Path) -> None:
    outcome = _plan(tmp_path / "plan", {"code": ("prefectures", LR, 1000, TWO, "")})
    content = rendered(outcome)
    odd = Fraction(4_999_999, 9_999_991)
    edits: dict[str, Edit] = {
        "weights": {"code_weight_1": odd, "code_weight_2": 1 - odd},
        "measure": {"code_measure_2": {4: 10**13}},
        "negative": {"code_weight_1": Fraction(3, 2), "code_weight_2": Fraction(-1, 2)},
    }

    files = {name: edited(content, edit) for name, edit in edits.items()}
    found = recalculated(soffice, files, tmp_path)

    what = {name: [text for _, text in verdicts(book)] for name, book in found.items()}
    beyond = "入力がこの表で正確に計算できる範囲にある(超過の数)"
    assert beyond in what["weights"]
    assert beyond in what["measure"]
    assert "総額・単位・割合が整数である(誤りの数)" in what["negative"]
