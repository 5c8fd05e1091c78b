"""The rounding methods as live formulas: from whole units and remainders to units."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from allocator.engine.result import Allocation
from allocator.engine.rule import EACH_ALONE
from allocator.outputs.workbook.model.limbs import add_pair, at_least, doubled, less_common, order
from allocator.outputs.workbook.model.sheet import Calc, Column, Line, Scalar, Test
from allocator.outputs.workbook.model.split_plan import LOW, Plan

LIVE_METHODS: Final = (
    "largest_remainder",
    "half_up_then_largest",
    "floor_then_first",
    "cumulative",
    *EACH_ALONE,
)

_RUN_LEFT: Final = ("run_left", "累計の端数の分子")


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
    if plan.limbs is not None:
        _orders(calc, plan)
    if method == "cumulative":
        _cumulative(calc, plan)
    else:
        base, given = "whole", [int(value or 0) for value in wholes]
        if method == "half_up_then_largest":
            rounded = f"[whole]+{_half(plan, 'left')}"
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
            who = f"IF({_largest(plan)},{{missing}},0)"
        else:
            who = f"IF({_first_with_share(plan)},{{missing}},0)"
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
        place = "LARGE([left:]" if plan.limbs is None else "SMALL([order:]"
        tie = (
            "IF(AND({missing}>0,{missing}<COUNT([rank:])),"
            f"({place},{{missing}})={place},{{missing}}+1))*1,0)"
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


def _orders(calc: Calc, plan: Plan) -> None:
    """Put figures in two cells in order, where the method asks: then places are compared."""
    rule, shares = plan.rule, plan.shares()
    if rule.method == "largest_remainder":
        left = [
            share * plan.units % plan.denominator if kept else -1
            for share, kept in zip(shares, plan.kept, strict=True)
        ]
        shown = [
            place if kept else "" for place, kept in zip(_places(left), plan.kept, strict=True)
        ]
        formula = order("left")
        if "in" in {column.key for column in calc.columns}:
            formula = f'IF([in]=1,{formula},"")'
        heading = "端数の大きい順(同順あり)"
        calc.columns.append(Column("order", heading, shown, (formula,), helper=True))
    by_share = rule.method == "half_up_then_largest" or rule.ties == "weight"
    if by_share or rule.rest == "largest":
        heading = "割合の大きい順(同順あり)"
        places = _places(shares)
        column = Column("share_order", heading, places, (order("share"),), helper=True)
        calc.columns.append(column)


def _places(values: Sequence[int]) -> list[int]:
    """Return each value's place from the largest down; equal ones share a place."""
    first: dict[int, int] = {}
    for place, value in enumerate(sorted(values, reverse=True), start=1):
        first.setdefault(value, place)
    return [first[value] for value in values]


def _half(plan: Plan, key: str) -> str:
    """Return the formula, 1 or 0, of a remainder that is half a unit or more."""
    if plan.limbs is None:
        return f"(N([{key}])*2>={{common}})"
    return at_least(*doubled(f"N([{key}_high])", f"N([{key}_low])"))


def _largest(plan: Plan) -> str:
    """Return the formula that tells the payer with the largest share; equal ones: the first."""
    if plan.limbs is None:
        return "AND([share]=MAX([share:]),COUNTIF([share<],[share])=1)"
    return "AND([share_order]=1,COUNTIF([share_order<],1)=1)"


def _first_with_share(plan: Plan) -> str:
    if plan.limbs is None:
        return 'AND([share]>0,COUNTIF([share<],">0")=1)'
    positive = "([share_high]+[share_low]>0)"
    return f"AND({positive},ROWS([share_low<])-COUNTIFS([share_high<],0,[share_low<],0)=1)"


def _rank(calc: Calc, plan: Plan) -> str:
    if plan.limbs is not None:
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
    return f'IF([in]=1,{rank},"")' if "in" in {column.key for column in calc.columns} else rank


def _rest(calc: Calc, plan: Plan) -> str:
    if plan.rule.rest == "largest":
        return f"IF({_largest(plan)},{{odd}},0)"
    if "in" in {column.key for column in calc.columns}:
        return "IF(AND([in]=1,SUM([in<])=1),{odd},0)"
    return "IF(ROWS([code<])=1,{odd},0)"


def add_each_alone(calc: Calc, plan: Plan) -> None:
    """Bring each amount to whole units by itself: whole yen first, then what a yen leaves."""
    unit, common = plan.rule.unit, plan.denominator
    exact = [divmod(share * plan.units, common) for share in plan.shares()]
    full = [whole // unit for whole, _ in exact]
    if plan.rule.method == "floor":
        calc.columns.append(Column("units_of", "単位数", full, ("INT([whole]/{unit})",)))
        return
    below = [whole % unit for whole, _ in exact]
    if plan.rule.method == "ceiling":
        left = "N([left])" if plan.limbs is None else "N([left_high])+N([left_low])"
        up = [int(low + left > 0) for low, (_, left) in zip(below, exact, strict=True)]
        formula = f"([below]+{left}>0)*1"
    else:
        # Half a unit is half a yen beyond whole yen where the unit is odd.
        up = [
            int((low * common + left) * 2 >= unit * common)
            for low, (_, left) in zip(below, exact, strict=True)
        ]
        half = f"([below]*2={{unit}}-1)*{_half(plan, 'left')}"
        formula = f"([below]*2>={{unit}})+{half}"
    units = [number + more for number, more in zip(full, up, strict=True)]
    calc.columns += [
        Column("full", "整数部分(単位)", full, ("INT([whole]/{unit})",)),
        Column("below", "単位未満(円)", below, ("[whole]-[full]*{unit}",), least=10),
        Column("extra", "追加(単位)", up, (formula,), least=9),
        Column("units_of", "単位数", units, ("[full]+[extra]",)),
    ]


def _cumulative(calc: Calc, plan: Plan) -> None:
    wholes: list[int] = []
    lefts: list[int] = []
    units: list[int] = []
    sums: list[int] = []
    shares, running, before = plan.shares(), 0, 0
    for share in shares:
        last = lefts[-1] if lefts else 0
        sums.append(last + share * plan.units % plan.denominator)
        running += share * plan.units
        whole, left = divmod(running, plan.denominator)
        wholes.append(whole)
        lefts.append(left)
        here = whole + (2 * left >= plan.denominator)
        units.append(here - before)
        before = here
    if plan.limbs is None:
        added = "N([run_left^])+N([left])"
        over = f"({added}>={{common}})"
        formula = f"{added}-{{common}}*{over}"
        remainder = Column(*_RUN_LEFT, lefts, (formula,), least=16)
        calc.columns += [_run_whole(wholes, over), remainder]
    else:
        lows = "N([run_left_low^])+N([left_low])"
        high = f"N([run_left_high^])+N([left_high])+({lows}>={LOW})"
        low = f"{lows}-{LOW}*({lows}>={LOW})"
        add_pair(calc, ("added", "端数を加えた累計"), sums, (high, low), helper=True)
        carries = [int(each >= plan.denominator) for each in sums]
        formula = at_least("[added_high]", "[added_low]")
        carried = Column("over", "累計の繰上げ", carries, (formula,), helper=True)
        calc.columns += [carried, _run_whole(wholes, "[over]")]
        pair = less_common("[added_high]", "[added_low]", "[over]", 1)
        add_pair(calc, _RUN_LEFT, lefts, pair)
    runs = list(accumulate(units))
    run = f"[run_whole]+{_half(plan, 'run_left')}"
    calc.columns += [
        Column("run", "累計(四捨五入)", runs, (run,)),
        Column("units_of", "単位数", units, ("[run]-N([run^])",)),
    ]


def _run_whole(values: Sequence[int], over: str) -> Column:
    formula = f"N([run_whole^])+[whole]+{over}"
    return Column("run_whole", "累計の整数部分", values, (formula,))
