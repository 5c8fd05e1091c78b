"""From an allocation to the calculation that its sheet shows: live where a spreadsheet can."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import polars as pl

from allocator.domain.organisations import PREFECTURE
from allocator.engine.result import Allocation
from allocator.engine.rule import EACH_ALONE
from allocator.outputs.workbook.book.styles import Style
from allocator.outputs.workbook.model.entered import Inputs
from allocator.outputs.workbook.model.proofs import add_changes, add_linked, tests_of
from allocator.outputs.workbook.model.rounding import METHODS, add_rounding, amount_formula
from allocator.outputs.workbook.model.sheet import (
    EXACT,
    Calc,
    Column,
    Line,
    Outer,
    Scalar,
    Test,
    Value,
)
from allocator.outputs.workbook.model.split import add_split
from allocator.outputs.workbook.model.split_plan import Plan, plan_of
from allocator.plans.tables import EQUAL, Band
from allocator.results.agreement import Agreement
from allocator.results.outcome import ProgrammeOutcome
from allocator.words.labels import list_words
from allocator.words.rule import measure_name

MOST_LIVE: Final = 5_000
"""Payers up to which ranks are formulas: each looks at all others."""

_STANDING: Final = {"rule": "", "exempt": "免除", "fixed": "固定額"}
_STEPS: Final = {
    "band_from": "区分(以上)",
    "unit_amount": "単価(円)",
    "low": "下限(単位)",
    "high": "上限(単位、△1は無し)",
    "whole_units": "整数部分(単位)",
    "rank": "端数の順位",
    "extra_unit": "追加(単位)",
    "units": "単位数",
    "rest": "単位未満(円)",
}


def payer_columns(payers: pl.DataFrame, *, towns: bool = False) -> list[Column]:
    """Return the columns that say who pays; `towns`: that of municipalities even if it is empty."""
    names = (payers["county"] + payers["municipality"]).to_list()
    columns = [
        Column("code", "団体コード", payers["code"].to_list(), style="code"),
        Column("prefecture", "都道府県名", payers["prefecture"].to_list(), style="text"),
    ]
    if towns or any(names):
        columns.append(Column("municipality", "市区町村名", names, style="text"))
    return columns


def build(
    outcome: ProgrammeOutcome,
    allocation: Allocation,
    sheet: str,
    everyone: pl.DataFrame,
    inputs: Inputs,
    left_by: Mapping[str, Outer] | None = None,
) -> Calc:
    """Return the calculation of one rule; `everyone` are the organisations of its day.

    `left_by` is for a part whose total is what others leave: the cells, by key, of the total of the
    programme (first) and of what the other parts take.
    """
    programme = outcome.programme
    calc = Calc(sheet, outer=dict(left_by or {}))
    standing = [_STANDING[each] for each in allocation.standing]
    calc.columns = payer_columns(allocation.payers)
    if any(standing):
        calc.columns.append(Column("standing", "適用", standing, style="text"))
        inside = [int(not each) for each in standing]
        calc.columns.append(Column("in", "規則の適用", inside, helper=True))
    for column in _measures(outcome, allocation, inputs):
        calc.columns.append(column)
        calc.names[f"{programme.id}_measure_{column.key[1:]}"] = (column.key, column.key)
    add_linked(calc)
    if "固定額" in standing:
        fixed: list[Value] = [
            amount if each == "固定額" else None
            for amount, each in zip(allocation.amounts, standing, strict=True)
        ]
        calc.columns.append(Column("fixed", "固定額(円)", fixed, style="input"))
    _add_rule(calc, outcome, allocation)
    add_amounts(calc, allocation, _amount(calc) if calc.live else "")
    _add_charged(calc, outcome, allocation)
    add_changes(calc)
    add_published(calc, outcome)
    calc.tests = [*tests_of(calc, outcome, allocation, everyone), *calc.tests]
    calc.least_columns = calc.value_col + max(len(line.cells) for line in calc.lines)
    return calc


def _measures(
    outcome: ProgrammeOutcome, allocation: Allocation, inputs: Inputs
) -> Iterator[Column]:
    """Yield the inputs behind the amounts, a value for each payer."""
    if outcome.programme.carried_forward is not None:
        steps = allocation.steps
        listed = dict(zip(steps.codes, steps.columns["measure_1"].tolist(), strict=True))
        values = [listed.get(code) for code in allocation.payers["code"]]
        yield Column("m1", f"{list_words(outcome.programme)}(円)", values, style="input")
        return
    for number, aligned in enumerate(outcome.measures, start=1):
        source = inputs.source(outcome, number - 1)
        heading, values = measure_name(aligned.measure).ja, aligned.values.tolist()
        cells = inputs.cells(outcome, number - 1) if source is None else []
        style: Style = "input_linked" if cells else "input" if source is None else "number"
        yield Column(f"m{number}", heading, values, style=style, source=source, cells=cells)


def _add_rule(calc: Calc, outcome: ProgrammeOutcome, allocation: Allocation) -> None:
    programme = outcome.programme
    bounded = any(adjustment.bounds for adjustment in programme.adjustment)
    most = max(allocation.amounts, default=0)
    can = calc.count <= MOST_LIVE and not bounded and not programme.keeps_total and most < EXACT
    if programme.unit_amount is not None:
        calc.live = can and allocation.total < EXACT
        _unit_amounts(calc, outcome, allocation)
        return
    plan: Plan | None = None
    if can and programme.rounding is not None and programme.rounding.method in METHODS:
        plan = plan_of(outcome, allocation)
    calc.live = plan is not None
    _split_inputs(calc, outcome, allocation)
    if plan is None:
        _values(calc, allocation)
        return
    less, remark = "{total}", ""
    if calc.has("fixed"):
        less, remark = "{total}-SUM([fixed:])", "総額から固定額を除く"
    calc.lines.append(Line("配分する額(円)", (Scalar("remaining", formula=less),), remark))
    add_split(calc, plan)
    add_rounding(calc, plan)


def _amount(calc: Calc) -> str:
    if not calc.has("unit_amount"):
        return amount_formula(calc)
    amount = "[unit_amount]*[in]" if calc.has("in") else "[unit_amount]"
    return f"{amount}+[fixed]" if calc.has("fixed") else amount


def add_amounts(calc: Calc, allocation: Allocation, formula: str) -> None:
    """Add the amounts: a formula, which has to give those of the engine, or the latter."""
    if not formula:
        calc.columns.append(Column("amount", "金額(円)", allocation.amounts, least=16))
        return
    calc.add("amount", "金額(円)", formula, least=16)
    if list(calc.values("amount")) != list(allocation.amounts):
        raise AssertionError(f"{calc.sheet}: the formulas do not give the amounts")


def _split_inputs(calc: Calc, outcome: ProgrammeOutcome, allocation: Allocation) -> None:
    programme, rule = outcome.programme, outcome.programme.rounding
    derived = programme.unit_amount is not None
    given = allocation.total if allocation.given is None else allocation.given
    total = Scalar("total", given, style="number" if derived else "input")
    remark = ""
    if calc.outer:
        left = "-".join(f"{{{key}}}" for key in calc.outer) if given < EXACT else ""
        total = Scalar("total", given, left)
        remark = "事業の総額から、他の部分の額を除いた残り"
    calc.lines.append(Line("総額(円)", (total,), remark))
    calc.names[f"{programme.id}_total"] = ("total", "total")
    if rule is not None:
        calc.lines.append(Line("端数処理の単位(円)", (Scalar("unit", rule.unit, style="input"),)))
        calc.names[f"{programme.id}_unit"] = ("unit", "unit")
    measures = iter(
        [
            column.heading
            for column in calc.columns
            if column.key[0] == "m" and column.key[1:].isdigit()
        ]
    )
    for number, share in enumerate(programme.share, start=1):
        words = "均等割" if share.by == EQUAL else f"{next(measures)}による按分"
        cells = (
            Scalar(f"p{number}", share.weight.numerator, style="input"),
            Scalar(f"r{number}", share.weight.denominator, style="input"),
        )
        calc.lines.append(Line(f"割合{number}(分子・分母)", cells, words))
        calc.names[f"{programme.id}_weight_{number}"] = (f"p{number}", f"r{number}")


def _add_charged(calc: Calc, outcome: ProgrammeOutcome, allocation: Allocation) -> None:
    """Show what is charged beside the total, where each amount is rounded for itself."""
    programme, rule, given = outcome.programme, outcome.programme.rounding, allocation.given
    if rule is None or rule.method not in EACH_ALONE or given is None:
        return
    formula = ""
    if calc.live:
        formula = "SUM([units_of:])*{unit}"
        formula += "+SUM([fixed:])" if calc.has("fixed") else ""
    add_gap(calc, given, Scalar("charged", allocation.total, formula))
    calc.names[f"{programme.id}_charged"] = ("charged", "charged")
    if calc.live:
        most = "(ABS({charged}-{total})>={unit}*ROWS([code:]))*1"
        calc.tests.append(Test("配らない差が、単位×団体数より小さい(超過の数)", most))


def add_gap(calc: Calc, given: int, charged: Scalar) -> None:
    """Add the lines of what is charged and of its difference to the total `given`, in yen."""
    yen = int(charged.value or 0)
    gap = Scalar("gap", yen - given, "{charged}-{total}" if max(yen, given) < EXACT else "")
    calc.lines.append(Line("請求する額(円)", (charged,), "各団体の額の計"))
    remark = "請求する額−総額。各団体の額を個別に端数処理し、差は配らない"
    calc.lines.append(Line("配らない差(円)", (gap,), remark))


def _values(calc: Calc, allocation: Allocation) -> None:
    """Show the steps of the engine as values, where formulas cannot take them."""
    steps = allocation.steps
    for name, heading in _STEPS.items():
        if name not in steps.columns:
            continue
        values = [int(value) for value in steps.columns[name]]
        own = dict(zip(steps.codes, values, strict=True))
        column = [own.get(code) for code in allocation.payers["code"]]
        calc.columns.append(Column(name, heading, column))


def _unit_amounts(calc: Calc, outcome: ProgrammeOutcome, allocation: Allocation) -> None:
    programme, rule = outcome.programme, outcome.programme.unit_amount
    if rule is None:
        raise AssertionError("unit amounts without bands")
    if programme.keeps_total:
        _split_inputs(calc, outcome, allocation)
    else:
        total = Scalar("total", allocation.total, "SUM([amount:])" if calc.live else "")
        calc.lines.append(Line("総額(円)", (total,), "金額の合計"))
        calc.names[f"{programme.id}_total"] = ("total", "total")
    is_prefecture = (allocation.payers["kind"] == PREFECTURE).to_list()
    formulas: dict[str, list[str]] = {"from": [], "amount": []}
    groups: list[tuple[str, str, str, Sequence[Band]]] = []
    if rule.prefectures:
        groups.append(("pb", "prefectures", "都道府県", rule.prefectures))
    if rule.municipalities:
        groups.append(("mb", "municipalities", "市区町村", rule.municipalities))
    for key, payers, words, bands in groups:
        count = len(bands)
        for number, band in enumerate(bands, start=1):
            cells = (
                Scalar(f"{key}f{number}", band.from_, style="input"),
                Scalar(f"{key}a{number}", band.amount, style="input"),
            )
            calc.lines.append(
                Line(
                    f"{words}の単価{number}",
                    cells,
                    "左の値以上の団体に右の額(円)" if number == 1 else "",
                )
            )
        calc.names[f"{programme.id}_unit_amounts_{payers}"] = (f"{key}a1", f"{key}a{count}")
        limits = f"{{{key}f1}}:{{{key}f{count}}}"
        amounts = f"{{{key}a1}}:{{{key}a{count}}}"
        formulas["from"].append(f"LOOKUP([m1],{limits})")
        formulas["amount"].append(f"LOOKUP([m1],{limits},{amounts})")
        order = "+".join(
            [f"({{{key}f1}}<>0)"] + [f"({{{key}f{n}}}>={{{key}f{n + 1}}})" for n in range(1, count)]
        )
        calc.tests.append(Test(f"{words}の区分が0から昇順である(誤りの数)", order))
        if calc.live:
            # Text among the cells is no number: it is not counted, and not summed up either.
            bad = "+".join(
                f"SUMPRODUCT((INT({cells})<>{cells})+({cells}<0)+({cells}>={EXACT}))"
                f"+ABS({count}-COUNT({cells}))"
                for cells in (limits, amounts)
            )
            calc.tests.append(
                Test(
                    f"{words}の区分と単価が0以上の整数で、計算できる範囲にある(誤りの数)",
                    f"{bad}+({{total}}>={EXACT})",
                    remark=f"区分・単価・総額は {EXACT:,} 未満",
                )
            )
    if not calc.live:
        _values(calc, allocation)
        return
    which = [0 if prefecture or len(groups) == 1 else 1 for prefecture in is_prefecture]
    calc.columns += [
        Column("band_from", "区分(以上)", (), tuple(formulas["from"]), which=which),
        Column("unit_amount", "単価(円)", (), tuple(formulas["amount"]), which=which, least=14),
    ]


def add_published(calc: Calc, outcome: ProgrammeOutcome) -> None:
    """Show the published amounts beside those that were computed, where they are compared."""
    found = outcome.agreement
    if not isinstance(found, Agreement) or max(found.listed.values(), default=0) >= EXACT:
        return
    values = [found.listed.get(str(code), "—") for code in calc.values("code")]
    calc.columns.append(Column("published", "公表額(円)", values, least=16))
