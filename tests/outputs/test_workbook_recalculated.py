"""LibreOffice recalculates the workbook to what the engine gives, for inputs old and new."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import pytest

from allocator.engine.rule import EACH_ALONE
from allocator.results.outcome import Outcome
from allocator.tasks.compute import compute_plan
from tests.outputs.country import rendered
from tests.outputs.recomputed import check, verdicts
from tests.outputs.spreadsheet import Edit, differing, edited, opened, recalculated

SPLIT = """\
id = "{id}"
payers = "{payers}"
basis = "rule"
total = {total}
{shares}
[rounding]
unit = {unit}
method = "{method}"
{more}
"""
EQUAL = '[[share]]\nweight = "1/3"\nby = "equal"\n'
TWO = EQUAL + '[[share]]\nweight = "2/3"\nby = "staff"\n'
THREE = (
    '[[share]]\nweight = "1/7"\nby = "equal"\n[[share]]\nweight = "0.25"\nby = "staff"\n'
    '[[share]]\nweight = "17/28"\nby = "lines"\n'
)
OUT = '[[adjustment]]\nreason = "x"\nexempt = ["A3"]\n'
OUT += '[[adjustment]]\nreason = "y"\nfixed = ["B2", "A1"]\namount = 12345\n'

SPLITS = {
    "lr_code": ("largest_remainder", 1, TWO, ""),
    "lr_weight": ("largest_remainder", 1000, TWO, 'ties = "weight"'),
    "lr_three": ("largest_remainder", 10, THREE, ""),
    "lr_largest": ("largest_remainder", 700, TWO, 'rest = "largest"'),
    "lr_first": ("largest_remainder", 700, THREE, 'rest = "first"'),
    "lr_out": ("largest_remainder", 1, TWO, OUT),
    "lr_out_first": ("largest_remainder", 700, THREE, f'rest = "first"\n{OUT}'),
    "half_up": ("half_up_then_largest", 1000, TWO, ""),
    "half_up_out": ("half_up_then_largest", 1, THREE, OUT),
    "floor": ("floor_then_first", 1000, TWO, ""),
    "floor_out": ("floor_then_first", 1, THREE, OUT),
    "cumulative": ("cumulative", 1000, TWO, ""),
    "cumulative_out": ("cumulative", 1, THREE, OUT),
    "tied": (
        "largest_remainder",
        1000,
        '[[share]]\nweight = "1"\nby = "equal"\n',
        'ties = "error"',
    ),
    "each_floor": ("floor", 1000, TWO, ""),
    "each_ceiling": ("ceiling", 7, THREE, OUT),
    "each_half_up": ("half_up", 1000, THREE, OUT),
    "each_half_up_odd": ("half_up", 7, TWO, ""),
    "even": ("largest_remainder", 1000, '[[share]]\nweight = "1"\nby = "equal"\n', ""),
}
VALUES = {
    "webster": ("webster", 1000, TWO, ""),
    "bounded": ("largest_remainder", 1000, TWO, '[[adjustment]]\nreason = "z"\nminimum = 500000\n'),
}
BANDS = """\
id = "bands"
payers = "all"
basis = "rule"
[unit_amount]
by = "staff"
prefectures = [{ from = 0, amount = 500 }, { from = 3000, amount = 900 }]
municipalities = [{ from = 0, amount = 7 }, { from = 10, amount = 8 }, { from = 200, amount = 90 }]
[[adjustment]]
reason = "x"
exempt = ["A3"]
[[adjustment]]
reason = "y"
fixed = ["B2"]
amount = 12345
"""
BROKEN_DOWN = '[breakdown]\nby = "staff"\nunit = 3\n'


def _country(folder: Path) -> Path:
    """Write a plan with one programme for each way to compute; two measures, ties among them."""
    folder.mkdir()
    draw = random.Random(7)
    codes = ["A", *(f"A{n}" for n in range(9)), "B", *(f"B{n}" for n in range(8))]
    lines = ["code,prefecture,municipality,kind"]
    for code in codes:
        kind, name = ("town", code) if len(code) > 1 else ("prefecture", "")
        lines.append(f"{code},{code[0]}国,{name},{kind}")
    (folder / "organisations.csv").write_text("\n".join(lines), encoding="utf-8")
    for name, most in (("staff", 60), ("lines", 100_000)):
        figures = {code: draw.randrange(1, most) for code in codes if len(code) > 1}
        figures["A5"] = figures["A6"] = figures["B5"]
        figures["A8"] = 0
        for prefecture in "AB":
            members = [v for code, v in figures.items() if code[0] == prefecture and len(code) > 1]
            figures[prefecture] = sum(members)
        text = "\n".join([f"code,{name}", *(f"{code},{v}" for code, v in figures.items())])
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    names = [*SPLITS, *VALUES]
    for name, (method, unit, shares, more) in (SPLITS | VALUES).items():
        total = 98_765_432_100 if "rest" in more else 98_765_432_000
        total = 17_000_000 if name == "tied" else total
        total += 123 if name.startswith("each") else 0  # no multiple of the unit
        text = SPLIT.format(
            id=name,
            payers="municipalities",
            total=total,
            shares=shares,
            unit=unit,
            method=method,
            more=more,
        )
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
    shares = '[[share]]\nweight = "1"\nby = "staff"\n'
    text = SPLIT.format(
        id="upper",
        payers="prefectures",
        total=1_234_567_890,
        shares=shares,
        unit=10,
        method="largest_remainder",
        more=BROKEN_DOWN,
    )
    (folder / "upper.toml").write_text(text, encoding="utf-8")
    (folder / "bands.toml").write_text(BANDS, encoding="utf-8")
    plan = f"fiscal_year = 2030\nprogrammes = {[*names, 'upper', 'bands']!r}\n"
    plan += 'organisations = "organisations.csv"\ncodes = "text"\n'
    plan += "".join(f'[[measure]]\nname = "{n}"\nfile = "{n}.csv"\n' for n in ("staff", "lines"))
    (folder / "plan.toml").write_text(plan.replace("'", '"'), encoding="utf-8")
    return folder


def _random_edit(outcome: Outcome, seed: int) -> dict[str, object]:
    """Draw other totals, units, weights, measures and unit amounts for the live programmes."""
    draw = random.Random(seed)
    edit: dict[str, object] = {}
    for each in outcome.programmes:
        programme, allocation = each.programme, each.allocation
        assert allocation is not None
        if programme.id in VALUES or programme.id == "tied":
            continue
        if programme.unit_amount is not None:
            edit[f"{programme.id}_unit_amounts_municipalities"] = {1: draw.randrange(10**7)}
            edit[f"{programme.id}_unit_amounts_prefectures"] = {0: draw.randrange(10**7)}
        else:
            unit = draw.choice([1, 7, 100, 1000])
            total = draw.randrange(10**6, 10**11)
            rule = programme.rounding
            rest = rule is not None and (rule.rest is not None or rule.method in EACH_ALONE)
            fixed = sum(
                amount
                for amount, standing in zip(allocation.amounts, allocation.standing, strict=True)
                if standing == "fixed"
            )
            edit[f"{programme.id}_unit"] = unit
            edit[f"{programme.id}_total"] = total if rest else total // unit * unit + fixed
            if len(programme.share) > 1:
                bottom = draw.choice([2, 9, 10, 64, 100])
                cuts = sorted(
                    draw.sample(range(1, bottom + len(programme.share)), len(programme.share) - 1)
                )
                cuts = [cut * bottom // (bottom + len(programme.share)) + 1 for cut in cuts]
                parts = [b - a for a, b in zip([0, *cuts], [*cuts, 1000], strict=True)][:-1]
                weights = [Fraction(max(part, 1), bottom * 2) for part in parts]
                weights.append(1 - sum(weights, Fraction(0)))
                for number, weight in enumerate(weights, start=1):
                    edit[f"{programme.id}_weight_{number}"] = weight
        if programme.payers == "all":
            continue  # they refer to what prefectures and municipalities have
        for number in range(1, len(each.measures) + 1):
            places = draw.sample(range(len(allocation.payers)), 2)
            edit[f"{programme.id}_measure_{number}"] = {p: draw.randrange(1, 5000) for p in places}
    return edit


@pytest.fixture(scope="module")
def soffice(require_tool: Callable[[str], str]) -> str:
    return require_tool("soffice")


@pytest.fixture(scope="module")
def country(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Give the plan with a programme for each way to compute."""
    return compute_plan(_country(tmp_path_factory.mktemp("ways") / "plan"))


def test_every_way_to_compute_is_live(country: Outcome, soffice: str, tmp_path: Path) -> None:
    content = rendered(country)
    edits = {f"edit{seed}": _random_edit(country, seed) for seed in range(2)}
    edits["broken"] = {
        "webster_total": 98_765_433_000,
        "tied_total": 17_001_000,
        "lr_code_weight_1": Fraction(1, 2),
        "half_up_total": 98_765_432_001,
        "floor_total": 10**14,
        "lr_largest_total": "abc",
    }
    edits["changed"] = {"bounded_measure_1": {0: 5}}
    edits["negative"] = {"cumulative_measure_1": {0: -1}}
    edits["large"] = {"lr_three_measure_2": {0: 10**12}}
    spoilt = ("broken", "changed", "negative", "large")
    files = {name: edited(content, edit) for name, edit in edits.items()}

    found = recalculated(soffice, {"made": content, **files}, tmp_path)

    assert differing(content, found["made"]) == []
    assert verdicts(found["made"]) == []
    for name in edits:
        if name not in spoilt:
            compared = list(check(country, found[name], VALUES))
            assert len(compared) == len(country.programmes) - len(VALUES)
            assert {programme for programme, _ in verdicts(found[name])} == set(VALUES)
    wrong = {name: {programme for programme, _ in verdicts(found[name])} for name in spoilt}
    assert wrong["broken"] == {"webster", "tied", "lr_code", "half_up", "floor", "lr_largest"}
    assert wrong["changed"] == {"webster", "bounded"}
    by_staff = {each.programme.id for each in country.programmes if each.measures}
    assert wrong["negative"] >= by_staff - {"upper"}
    assert wrong["large"] == {name for name, (_, _, shares, _) in SPLITS.items() if shares == THREE}


def test_the_bundled_plan_recalculates(
    bundled: Outcome, written: Path, soffice: str, tmp_path: Path
) -> None:
    content = (written / "allocation.xlsx").read_bytes()
    edit: Edit = {
        "residents_total": 1_600_000_000,
        "residents_weight_1": Fraction(1, 3),
        "residents_weight_2": Fraction(2, 3),
        "residents_unit": 100,
        "residents_measure_1": {12: 14_000_003},
        "jpki_total": 2_500_000_001,
        "jpki_part_1_total": 700_000_123,
        "jpki_part_2_measure_1": {3: 1},
        "intermediate_server_measure_1": {5: 9_999, 1000: 10_000},
        "intermediate_server_unit_amounts_prefectures": {1: 3_938_000},
        "lgwan_unit": 40,
        "statement_code": "131016",
        "'入力データ(市区町村)'!$D$5:$D$50": {0: 1_900_001, 44: 0},
    }

    found = recalculated(soffice, {"made": content, "edit": edited(content, edit)}, tmp_path)

    assert differing(content, found["made"]) == []
    assert verdicts(found["made"]) == []
    assert len(list(check(bundled, found["edit"]))) == 4
    assert verdicts(found["edit"]) == []
    statement = list(found["edit"].rows("算定内訳書", 1))
    assert statement[3][1] == "東京都千代田区"
    assert found["edit"].named("statement_total") == [3_101_000]
    assert ("人口(2019年1月1日現在)", 63_635) in {(row[0], row[1]) for row in statement}
    agreement = "公表一覧の金額に一致する(団体)"
    for name, expected in (("made", "適"), ("edit", "対象外")):
        shown = [row[6] for row in found[name].rows("検算", 4) if row[2] == agreement]
        assert shown == [expected, "対象外", expected, "対象外"]


def test_figures_near_the_limits_stay_exact(soffice: str, tmp_path: Path) -> None:
    draw = random.Random(11)
    folder = _country(tmp_path / "plan")
    names = []
    for number in range(8):
        name = f"large{number}"
        method = ("largest_remainder", "cumulative", "half_up_then_largest")[number % 3]
        bottom = draw.choice([2, 3, 7])
        shares = f'[[share]]\nweight = "{bottom - 1}/{bottom}"\nby = "staff"\n'
        shares += f'[[share]]\nweight = "1/{bottom}"\nby = "equal"\n'
        text = SPLIT.format(
            id=name,
            payers="municipalities",
            total=999_999_999_999 - draw.randrange(1000),
            shares=shares,
            unit=1,
            method=method,
            more="",
        )
        (folder / f"{name}.toml").write_text(text, encoding="utf-8")
        names.append(name)
    plan = (folder / "plan.toml").read_text(encoding="utf-8")
    listed = str(names).replace("'", '"')
    plan = re.sub(r"programmes = \[.*\]", f"programmes = {listed}", plan)
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    outcome = compute_plan(folder)
    content = rendered(outcome)
    edit: dict[str, object] = {}
    for name in names:
        edit[f"{name}_measure_1"] = {place: draw.randrange(10**6, 4 * 10**7) for place in range(17)}

    found = recalculated(soffice, {"made": content, "edit": edited(content, edit)}, tmp_path)

    assert differing(content, found["made"]) == []
    assert len(list(check(outcome, found["edit"]))) == len(names)
    assert verdicts(found["edit"]) == []


def test_figures_that_are_none_turn_a_check(written: Path, soffice: str, tmp_path: Path) -> None:
    content = (written / "allocation.xlsx").read_bytes()
    amounts = "intermediate_server_unit_amounts_municipalities"
    third = next(title for title in opened(content).titles if title.startswith("算定3"))
    bad: dict[str, Edit] = {
        "text": {amounts: {0: "2,096,000"}},
        "digits": {"intermediate_server_unit_amounts_prefectures": {0: "3101000"}},
        "negative": {amounts: {0: -5}},
        "fraction": {amounts: {0: 2_096_000.5}},
        "large": {amounts: {0: 10**14}},
        "limit": {f"'{third}'!$D$5": 1_000_000.5},
        "notional": {"'入力データ(市区町村)'!$D$5:$D$50": {0: 1_000.5}},
    }
    files = {name: edited(content, edit) for name, edit in bad.items()}

    found = recalculated(soffice, files, tmp_path)

    assert {name for name, book in found.items() if not verdicts(book)} == set()
