"""The rounding methods as live formulas: from whole units and remainders to units.

A method is a function of `METHODS`, which adds the columns up to `units_of`. Columns `whole` and
`left` are there, `share` as well; a fraction may stand in several cells (`fractions`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from allocator.outputs.workbook.model.fractions import common, half, key_of, order
from allocator.outputs.workbook.model.sheet import Calc, Line, Scalar, Test
from allocator.outputs.workbook.model.split_plan import Plan
from allocator.words import rule as words


def add_rounding(calc: Calc, plan: Plan) -> None:
    """Add the columns from whole units to amounts."""
    if not plan.is_one and not plan.alone:
        _orders(calc, plan)
    METHODS[plan.rule.method](calc, plan)
    if plan.alone:
        return
    if plan.rule.rest is not None:
        calc.add("odd_of", "単位未満(円)", _rest(plan), least=10)
    calc.tests.append(Test("単位数が負にならない(団体)", 'COUNTIF([units_of:],"<0")'))
    if plan.rule.method == "largest_remainder" and plan.rule.ties == "error":
        place = "LARGE([left:]" if plan.is_one else "SMALL([order:]"
        tie = (
            "IF(AND({missing}>0,{missing}<COUNT([rank:])),"
            f"({place},{{missing}})={place},{{missing}}+1))*1,0)"
        )
        calc.tests.append(Test("端数が同じ団体の間で順位を決めていない", tie))


def _largest_remainder(calc: Calc, plan: Plan) -> None:
    add_missing(calc, plan, "whole")
    calc.add("rank", "端数の順位", _rank(calc, plan), least=8)
    add_extra(calc, "whole", "IF(N([rank])=0,0,IF([rank]<={missing},1,0))")


def _half_up_then_largest(calc: Calc, plan: Plan) -> None:
    calc.add("rounded", "四捨五入(単位)", f"[whole]+{half(plan, 'left')}")
    add_missing(calc, plan, "rounded")
    add_extra(calc, "rounded", f"IF({_largest(plan)},{{missing}},0)")


def _floor_then_first(calc: Calc, plan: Plan) -> None:
    add_missing(calc, plan, "whole")
    add_extra(calc, "whole", f"IF({_first_with_share(plan)},{{missing}},0)")


def _cumulative(calc: Calc, plan: Plan) -> None:
    keys, lefts, commons = (key_of(plan, key) for key in ("run_left", "left", "common"))
    carry, formulas = "", list[str]()
    for run, left, over in reversed(list(zip(keys, lefts, commons, strict=True))):
        added = f"N([{run}^])+N([{left}]){carry}"
        over_it = f"({added}>={{{over}}})"
        formulas.insert(0, f"{added}-{{{over}}}*{over_it}")
        carry = f"+{over_it}"
    calc.add("run_whole", "累計の整数部分", f"N([run_whole^])+[whole]{carry}")
    for place, (key, formula) in enumerate(zip(keys, formulas, strict=True)):
        calc.add(key, "累計の端数の分子" + common(plan, place), formula, least=16)
    calc.add("run", "累計(四捨五入)", f"[run_whole]+{half(plan, 'run_left')}")
    calc.add("units_of", "単位数", "[run]-N([run^])")


def _floor(calc: Calc, _: Plan) -> None:
    calc.add("units_of", "単位数", "INT([whole]/{unit})")


def _ceiling(calc: Calc, plan: Plan) -> None:
    left = "+".join(f"N([{key}])" for key in key_of(plan, "left"))
    _each_alone(calc, f"([below]+{left}>0)*1")


def _half_up(calc: Calc, plan: Plan) -> None:
    # Half a unit is half a yen beyond whole yen where the unit is odd.
    beyond = f"([below]*2={{unit}}-1)*{half(plan, 'left')}"
    _each_alone(calc, f"([below]*2>={{unit}})+{beyond}")


def _each_alone(calc: Calc, extra: str) -> None:
    """Bring each amount to whole units by itself: whole yen first, then what a yen leaves."""
    calc.add("full", "整数部分(単位)", "INT([whole]/{unit})")
    calc.add("below", "単位未満(円)", "[whole]-[full]*{unit}", least=10)
    add_extra(calc, "full", extra)


def add_missing(calc: Calc, plan: Plan, base: str) -> None:
    """Add the line with the units that column `base` leaves to hand out, and to whom."""
    missing = Scalar("missing", formula=f"{{units}}-SUM([{base}:])")
    calc.lines.append(Line("不足する単位", (missing,), words.METHODS[plan.rule.method].missing.ja))


def add_extra(calc: Calc, base: str, formula: str) -> None:
    """Add the units that come to those of column `base`, and the sum."""
    calc.add("extra", "追加(単位)", formula, least=9)
    calc.add("units_of", "単位数", f"[{base}]+[extra]")


METHODS: Final[dict[str, Callable[[Calc, Plan], None]]] = {
    "largest_remainder": _largest_remainder,
    "half_up_then_largest": _half_up_then_largest,
    "floor_then_first": _floor_then_first,
    "cumulative": _cumulative,
    "floor": _floor,
    "ceiling": _ceiling,
    "half_up": _half_up,
}
"""What a method adds to a calculation; of one that is not here amounts are values."""


def amount_formula(calc: Calc) -> str:
    """Return the formula of the amount, from what columns there are."""
    terms = ["[units_of]*{unit}", *(f"[{key}]" for key in ("odd_of", "fixed") if calc.has(key))]
    return "+".join(terms)


def _orders(calc: Calc, plan: Plan) -> None:
    """Put figures in two cells in order, where the method asks: then places are compared."""
    rule = plan.rule
    if rule.method == "largest_remainder":
        formula = order(plan, "left")
        if calc.has("in"):
            formula = f'IF([in]=1,{formula},"")'
        calc.add("order", "端数の大きい順(同順あり)", formula, helper=True)
    by_share = rule.method == "half_up_then_largest" or rule.ties == "weight"
    if by_share or rule.rest == "largest":
        calc.add("share_order", "割合の大きい順(同順あり)", order(plan, "share"), helper=True)


def _largest(plan: Plan) -> str:
    """Return the formula that tells the payer with the largest share; equal ones: the first."""
    if plan.is_one:
        return "AND([share]=MAX([share:]),COUNTIF([share<],[share])=1)"
    return "AND([share_order]=1,COUNTIF([share_order<],1)=1)"


def _first_with_share(plan: Plan) -> str:
    if plan.is_one:
        return 'AND([share]>0,COUNTIF([share<],">0")=1)'
    keys = key_of(plan, "share")
    positive, none = "+".join(f"[{key}]" for key in keys), ",".join(f"[{key}<],0" for key in keys)
    return f"AND({positive}>0,ROWS([share<])-COUNTIFS({none})=1)"


def _rank(calc: Calc, plan: Plan) -> str:
    if not plan.is_one:
        rank = "[order]+COUNTIF([order<],[order])-1"
        if plan.rule.ties == "weight":
            rank = (
                '[order]+COUNTIFS([order:],[order],[share_order:],"<"&[share_order])'
                "+COUNTIFS([order<],[order],[share_order<],[share_order])-1"
            )
    elif plan.rule.ties == "weight":
        rank = (
            'COUNTIF([left:],">"&[left])+COUNTIFS([left:],[left],[share:],">"&[share])'
            "+COUNTIFS([left<],[left],[share<],[share])"
        )
    else:
        rank = "RANK([left],[left:],0)+COUNTIF([left<],[left])-1"
    return f'IF([in]=1,{rank},"")' if calc.has("in") else rank


def _rest(plan: Plan) -> str:
    """Return the formula of what is below a unit, for the one payer who takes it."""
    who = _largest(plan) if plan.rule.rest == "largest" else _first_with_share(plan)
    return f"IF({who},{{odd}},0)"
