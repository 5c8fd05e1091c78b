"""The rounding methods as live formulas: from whole units and remainders to units."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from allocator.engine.result import Allocation
from allocator.outputs.workbook.calc import Calc, Column, Line, Scalar, Test
from allocator.outputs.workbook.splitting import Plan

LIVE_METHODS: Final = (
    "largest_remainder",
    "half_up_then_largest",
    "floor_then_first",
    "cumulative",
)


def add_rounding(calc: Calc, plan: Plan, allocation: Allocation) -> None:
    """Add the columns from whole units to amounts."""
    steps, positions = allocation.steps, [i for i, kept in enumerate(plan.kept) if kept]

    def spread(values: Sequence[int]) -> list[int]:
        """Put the values of those under the rule in their places; 0 elsewhere."""
        found = [0] * len(plan.kept)
        for position, value in zip(positions, values, strict=True):
            found[position] = int(value)
        return found

    method = plan.rule.method
    wholes = next(column for column in calc.columns if column.key == "whole").values
    if method == "cumulative":
        _cumulative(calc, plan)
    else:
        base, given = "whole", [int(value or 0) for value in wholes]
        if method == "half_up_then_largest":
            rounded = "[whole]+(N([left])*2>={common})"
            base, given = "rounded", spread(steps.columns["whole_units"].tolist())
            calc.columns.append(Column("rounded", "四捨五入(単位)", given, (rounded,)))
        missing = Scalar("missing", plan.units - sum(given), f"{{units}}-SUM([{base}:])")
        calc.lines.append(Line("不足する単位", (missing,), _to(method)))
        if method == "largest_remainder":
            ranks = spread(steps.columns["rank"].tolist())
            shown = [rank if kept else "" for rank, kept in zip(ranks, plan.kept, strict=True)]
            calc.columns.append(Column("rank", "端数の順位", shown, (_rank(calc, plan),), least=8))
            who = "IF(N([rank])=0,0,IF([rank]<={missing},1,0))"
        elif method == "half_up_then_largest":
            who = "IF(AND([share]=MAX([share:]),COUNTIF([share<],[share])=1),{missing},0)"
        else:
            who = 'IF(AND([share]>0,COUNTIF([share<],">0")=1),{missing},0)'
        extra = spread(steps.columns["extra_unit"].tolist())
        calc.columns.append(Column("extra", "追加(単位)", extra, (who,), least=9))
        units = spread(steps.columns["units"].tolist())
        calc.columns.append(Column("units_of", "単位数", units, (f"[{base}]+[extra]",)))
    if plan.rule.rest is not None:
        values = (
            spread(steps.columns["rest"].tolist())
            if "rest" in steps.columns
            else spread([0] * len(positions))
        )
        calc.columns.append(
            Column("odd_of", "単位未満(円)", values, (_rest(calc, plan),), least=10)
        )
    calc.tests.append(Test("単位数が負にならない(団体)", 'COUNTIF([units_of:],"<0")', "0", (0, 0)))
    if method == "largest_remainder" and plan.rule.ties == "error":
        tie = (
            "IF(AND({missing}>0,{missing}<COUNT([rank:])),"
            "(LARGE([left:],{missing})=LARGE([left:],{missing}+1))*1,0)"
        )
        calc.tests.append(Test("端数が同じ団体の間で順位を決めていない", tie, "0", (0, 0)))


def amount_formula(calc: Calc) -> str:
    """Return the formula of the amount, from what columns there are."""
    keys = {column.key for column in calc.columns}
    terms = ["[units_of]*{unit}"]
    terms += [term for key, term in (("odd_of", "[odd_of]"), ("fixed", "[fixed]")) if key in keys]
    return "+".join(terms)


def _to(method: str) -> str:
    return {
        "largest_remainder": "端数の大きい団体から1単位ずつ加える",
        "half_up_then_largest": "割合の最も大きい団体で調整する",
        "floor_then_first": "割合のある先頭の団体で調整する",
    }[method]


def _rank(calc: Calc, plan: Plan) -> str:
    if plan.rule.ties == "weight":
        rank = (
            'COUNTIF([left:],">"&[left])+COUNTIFS([left:],[left],[share:],">"&[share])'
            "+COUNTIFS([left<],[left],[share<],[share])"
        )
    else:
        rank = "RANK([left],[left:],0)+COUNTIF([left<],[left])-1"
    return f'IF([in]=1,{rank},"")' if "in" in {column.key for column in calc.columns} else rank


def _rest(calc: Calc, plan: Plan) -> str:
    if plan.rule.rest == "largest":
        return "IF(AND([share]=MAX([share:]),COUNTIF([share<],[share])=1),{odd},0)"
    if "in" in {column.key for column in calc.columns}:
        return "IF(AND([in]=1,SUM([in<])=1),{odd},0)"
    return "IF(ROWS([code<])=1,{odd},0)"


def _cumulative(calc: Calc, plan: Plan) -> None:
    by_key = {column.key: column.values for column in calc.columns}
    running_whole, running_left, running, units = [], [], [], []
    whole = left = before = 0
    for own_whole, own_left in zip(by_key["whole"], by_key["left"], strict=True):
        carry, left = divmod(left + int(own_left or 0), plan.denominator)
        whole += int(own_whole or 0) + carry
        here = whole + (2 * left >= plan.denominator)
        running_whole.append(whole)
        running_left.append(left)
        running.append(here)
        units.append(here - before)
        before = here
    added = "N([run_left^])+N([left])"
    calc.columns += [
        Column(
            "run_whole",
            "累計の整数部分",
            running_whole,
            (f"N([run_whole^])+[whole]+({added}>={{common}})",),
        ),
        Column(
            "run_left",
            "累計の端数の分子",
            running_left,
            (f"{added}-{{common}}*({added}>={{common}})",),
            least=16,
        ),
        Column("run", "累計(四捨五入)", running, ("[run_whole]+([run_left]*2>={common})",)),
        Column("units_of", "単位数", units, ("[run]-N([run^])",)),
    ]
