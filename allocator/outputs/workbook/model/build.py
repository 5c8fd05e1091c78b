"""From an allocation to the calculation that its sheet shows: live where a spreadsheet can."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from allocator.domain.organisations import PREFECTURE
from allocator.domain.yen import group
from allocator.engine.result import Allocation
from allocator.outputs.workbook.book.styles import Style
from allocator.outputs.workbook.model.entered import Inputs
from allocator.outputs.workbook.model.rounding import LIVE_METHODS, add_rounding, amount_formula
from allocator.outputs.workbook.model.sheet import EXACT, Calc, Column, Line, Scalar, Test, Value
from allocator.outputs.workbook.model.split import add_split
from allocator.outputs.workbook.model.split_plan import Plan, plan_of
from allocator.plans.tables import EQUAL, Band
from allocator.results.agreement import Agreement
from allocator.results.outcome import ProgrammeOutcome
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


def build(
    outcome: ProgrammeOutcome,
    allocation: Allocation,
    sheet: str,
    everyone: pl.DataFrame,
    inputs: Inputs,
) -> Calc:
    """Return the calculation of one programme; `everyone` are the organisations of its day."""
    programme, payers = allocation.programme, allocation.payers
    calc = Calc(sheet)
    names = (payers["county"] + payers["municipality"]).to_list()
    standing = [_STANDING[each] for each in allocation.standing]
    calc.columns = [
        Column("code", "団体コード", payers["code"].to_list(), style="code"),
        Column("prefecture", "都道府県名", payers["prefecture"].to_list(), style="text"),
    ]
    if any(names):
        calc.columns.append(Column("municipality", "市区町村名", names, style="text"))
    if any(standing):
        calc.columns.append(Column("standing", "適用", standing, style="text"))
        inside = [int(not each) for each in standing]
        calc.columns.append(Column("in", "規則の適用", inside, helper=True))
    for column in _measures(outcome, allocation, inputs):
        calc.columns.append(column)
        calc.names[f"{programme.id}_measure_{column.key[1:]}"] = (column.key, column.key)
    if "固定額" in standing:
        fixed: list[Value] = [
            amount if each == "固定額" else None
            for amount, each in zip(allocation.amounts, standing, strict=True)
        ]
        calc.columns.append(Column("fixed", "固定額(円)", fixed, style="input"))
    _add_rule(calc, outcome, allocation)
    amounts: Column = Column("amount", "金額(円)", allocation.amounts, least=16)
    if calc.live:
        amounts = Column("amount", "金額(円)", allocation.amounts, (_amount(calc),), least=16)
    calc.columns.append(amounts)
    calc.names |= {
        f"{programme.id}_codes": ("code", "code"),
        f"{programme.id}_amounts": ("amount", "amount"),
    }
    _add_changes(calc)
    _add_published(calc, outcome, allocation)
    calc.tests = [*_tests(calc, allocation, everyone), *calc.tests]
    calc.least_columns = calc.value_col + max(len(line.cells) for line in calc.lines)
    return calc


def _measures(
    outcome: ProgrammeOutcome, allocation: Allocation, inputs: Inputs
) -> Iterator[Column]:
    """Yield the inputs behind the amounts, a value for each payer."""
    if allocation.programme.carried_forward is not None:
        steps = allocation.steps
        listed = dict(zip(steps.codes, steps.columns["measure_1"].tolist(), strict=True))
        values = [listed.get(code) for code in allocation.payers["code"]]
        yield Column("m1", "公表一覧の額(円)", values, style="input")
        return
    for number, aligned in enumerate(outcome.measures, start=1):
        source = inputs.source(outcome, number - 1)
        heading, values = measure_name(aligned.measure).ja, aligned.values.tolist()
        style: Style = "input" if source is None else "number"
        yield Column(f"m{number}", heading, values, style=style, source=source)


def _add_rule(calc: Calc, outcome: ProgrammeOutcome, allocation: Allocation) -> None:
    programme = allocation.programme
    bounded = any(adjustment.bounds for adjustment in programme.adjustment)
    most = max(allocation.amounts, default=0)
    can = calc.count <= MOST_LIVE and not bounded and not programme.keeps_total and most < EXACT
    if programme.unit_amount is not None:
        calc.live = can and allocation.total < EXACT
        _unit_amounts(calc, allocation)
        return
    plan: Plan | None = None
    if can and programme.rounding is not None and programme.rounding.method in LIVE_METHODS:
        plan = plan_of(outcome, allocation)
    calc.live = plan is not None
    _split_inputs(calc, allocation)
    if plan is None:
        _values(calc, allocation)
        return
    less = "{total}-SUM([fixed:])" if "fixed" in _keys(calc) else "{total}"
    remaining = Scalar("remaining", plan.remaining, less)
    calc.lines.append(
        Line(
            "配分する額(円)", (remaining,), "総額から固定額を除く" if "fixed" in _keys(calc) else ""
        )
    )
    add_split(calc, plan)
    add_rounding(calc, plan, allocation)


def _keys(calc: Calc) -> set[str]:
    return {column.key for column in calc.columns}


def _amount(calc: Calc) -> str:
    if "unit_amount" not in _keys(calc):
        return amount_formula(calc)
    amount = "[unit_amount]*[in]" if "in" in _keys(calc) else "[unit_amount]"
    return f"{amount}+[fixed]" if "fixed" in _keys(calc) else amount


def _split_inputs(calc: Calc, allocation: Allocation) -> None:
    programme, rule = allocation.programme, allocation.programme.rounding
    derived = programme.unit_amount is not None
    total = Scalar("total", allocation.total, style="number" if derived else "input")
    calc.lines.append(Line("総額(円)", (total,)))
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


def _unit_amounts(calc: Calc, allocation: Allocation) -> None:
    programme, rule = allocation.programme, allocation.programme.unit_amount
    if rule is None:
        raise AssertionError("unit amounts without bands")
    if programme.keeps_total:
        _split_inputs(calc, allocation)
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
        calc.tests.append(Test(f"{words}の区分が0から昇順である(誤りの数)", order, "0", (0, 0)))
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
                    "0",
                    (0, 0),
                    remark=f"区分・単価・総額は {EXACT:,} 未満",
                )
            )
    if not calc.live:
        _values(calc, allocation)
        return
    which = [0 if prefecture or len(groups) == 1 else 1 for prefecture in is_prefecture]
    measures = [int(value) for value in _column(calc, "m1").values if isinstance(value, int)]
    starts, amounts_of = [], []
    for measure, place in zip(measures, which, strict=True):
        band = [band for band in groups[place][3] if band.from_ <= measure][-1]
        starts.append(band.from_)
        amounts_of.append(band.amount)
    calc.columns += [
        Column("band_from", "区分(以上)", starts, tuple(formulas["from"]), which=which),
        Column(
            "unit_amount", "単価(円)", amounts_of, tuple(formulas["amount"]), which=which, least=14
        ),
    ]


def _column(calc: Calc, key: str) -> Column:
    return next(column for column in calc.columns if column.key == key)


def _add_changes(calc: Calc) -> None:
    """Count the inputs that are not what the run had: columns beside copies, cells by value."""
    terms = []
    for column in [column for column in calc.columns if column.given]:
        if any(isinstance(value, int) and value >= EXACT for value in column.values):
            continue
        copy = f"{column.key}_was"
        calc.columns.append(Column(copy, f"算定時の{column.heading}", column.values, helper=True))
        terms.append(f"SUMPRODUCT(({calc.given(column.key)}<>[{copy}:])*1)")
    for line in calc.lines:
        for cell in line.cells:
            if cell.style == "input" and isinstance(cell.value, int):
                was = f"{cell.value}" if cell.value < EXACT else f'"{group(cell.value)}"'
                terms.append(f"({{{cell.key}}}<>{was})")
    changed = Scalar("changed", 0, "+".join(terms) or "0")
    remark = "入力のうち、算定時から変えたものの数"
    calc.lines.append(Line("入力の変更(箇所)", (changed,), remark))
    if not calc.live:
        what = "入力を変更していない(この事業の金額は値で、再計算されない)"
        calc.tests.append(
            Test(what, "{changed}", "0", (0, 0), remark="変更したときは計画を直して算定し直す。")
        )


def _add_published(calc: Calc, outcome: ProgrammeOutcome, allocation: Allocation) -> None:
    found = outcome.agreement
    if not isinstance(found, Agreement) or max(found.listed.values(), default=0) >= EXACT:
        return
    values = [found.listed.get(code, "—") for code in allocation.payers["code"]]
    calc.columns.append(Column("published", "公表額(円)", values, least=16))


def _tests(calc: Calc, allocation: Allocation, everyone: pl.DataFrame) -> Iterator[Test]:
    programme = allocation.programme
    large = max(*allocation.amounts, allocation.total, 0) >= EXACT
    total = allocation.total
    what = "一覧の合計が総額に等しい(円)"
    if large:
        verdict = "適" if allocation.allocated == total else "否"
        remark = "15桁を超える金額があるため、算定時に検算した。"
        yield Test(what, "", "", (allocation.allocated, total), verdict, remark)
    else:
        yield Test(what, "SUM([amount:])", "{total}", (total, total))
    once, count = payers_once(allocation, everyone)
    what = "負担団体がそれぞれ1回だけ記載されている(団体)"
    yield Test(what, _standing_once(calc, once), f"{count}", (once, count))
    inputs = [column.key for column in calc.columns if column.given and column.key != "fixed"]
    if inputs and not large:
        names = "・".join(_column(calc, key).heading for key in inputs)
        yield Test(
            f"{names}が0以上の整数である(誤りの数)",
            "+".join(map(_not_whole, (_column(calc, key) for key in inputs))),
            "0",
            (0, 0),
        )
    if calc.live and programme.unit_amount is None:
        least = {"{total}": 0, "{unit}": 1}
        for number in range(1, len(programme.share) + 1):
            least |= {f"{{p{number}}}": 0, f"{{r{number}}}": 1}
        wrong = [f"(INT({cell})<>{cell})+({cell}<{low})" for cell, low in least.items()]
        words = "総額・単位・割合" if programme.share else "総額と単位"
        yield Test(f"{words}が整数である(誤りの数)", "+".join(wrong), "0", (0, 0))


def _standing_once(calc: Calc, once: int) -> str:
    """Return the formula that counts the payers: in code order, none is followed by itself.

    A spreadsheet takes A and a for the same; where codes differ by that alone, the count stands.
    """
    codes = [str(code).casefold() for code in _column(calc, "code").values]
    if len(set(codes)) < len(codes) or len(codes) == 1:
        return f"{once}"
    first, last = calc.first + 1, calc.first + calc.count
    upper, lower = f"$A${first}:$A${last - 1}", f"$A${first + 1}:$A${last}"
    return f"SUMPRODUCT(({calc.prefix}{upper}<>{calc.prefix}{lower})*1)+1"


def _not_whole(column: Column) -> str:
    """Return the formula that counts cells of a column that are no whole number from 0 up."""
    # Where they are entered: a cell that was emptied is 0 to those that refer to it.
    cells = f"[{column.key}:]" if column.source is None else column.source.range
    known = sum(isinstance(value, int) for value in column.values)
    return f"SUMPRODUCT((INT({cells})<>{cells})+({cells}<0))+ABS({known}-COUNT({cells}))"


def payers_once(allocation: Allocation, everyone: pl.DataFrame) -> tuple[int, int]:
    """Return how many payers of the register stand in the list once, and how many there are."""
    group = allocation.programme.payers
    is_prefecture = pl.col("kind") == PREFECTURE
    payers = everyone
    if group != "all":
        payers = everyone.filter(is_prefecture if group == "prefectures" else ~is_prefecture)
    times = Counter(allocation.payers["code"])
    once = sum(times.pop(code, 0) == 1 for code in payers["code"])
    return once - len(times), len(payers)
