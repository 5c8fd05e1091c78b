"""A split total as live formulas: shares over one denominator, whole units, remainders.

Part k of the shares gives payer i the quota N · pₖ · mᵢₖ / Dₖ with Dₖ = rₖ · Σm (weight pₖ/rₖ).
That product is far beyond 15 digits, so N is cut into groups of digits and divided as on paper:
each step leaves a quotient and a remainder below Dₖ. The remainders of all parts are added up over
the common denominator C, which involves no N; where C passes 15 digits, see `fractions`.
"""

from __future__ import annotations

import math
from typing import Final

from allocator.outputs.workbook.model.fractions import (
    add_fraction,
    common,
    common_groups,
    cut,
    divided,
    key_of,
    long_division,
)
from allocator.outputs.workbook.model.sheet import DIVIDEND, EXACT, Calc, Line, Scalar, Test
from allocator.outputs.workbook.model.split_plan import Part, Plan
from allocator.words.rule import RESTS

SHARE: Final = "割合の分子"
SUM: Final = "端数の計"
LEFT: Final = "端数の分子"

_MOST_SUBTRACTED: Final = 200
"""Payers outside the rule up to which a sum names them: a formula has up to 8,192 characters."""


def add_split(calc: Calc, plan: Plan) -> None:
    """Add the lines above the table, and the columns up to whole units and remainders."""
    _add_lines(calc, plan)
    inside = "*[in]" if calc.has("in") else ""
    wholes: list[str] = []
    remainders: dict[int, str] = {}
    owns: dict[int, str] = {}
    for part in plan.parts:
        k, owns[part.number] = part.number, _own(calc, plan, part)
        if part.values is None:
            wholes.append(f"{{whole_{k}}}{inside}")
            remainders[k] = f"{{left_{k}}}{inside}"
        else:
            own, words = owns[k], (f"割合{k}の商", f"割合{k}の余り")
            digits = [f"n{place}" for place in range(1, plan.groups + 1)]
            whole, remainders[k] = divided(calc, plan, (f"{k}", words), (digits, own, f"d{k}"))
            wholes.append(whole)
    add_fraction(calc, plan, ("share", SHARE), owns)
    if len(plan.parts) == 1:
        carry, lefts = "", list(remainders.values())
    else:
        add_fraction(calc, plan, ("sum", SUM), remainders, helper=True)
        carry = "+".join(f"([sum]>={times}*{{common}})" for times in range(1, len(plan.parts)))
        lefts = [f"[sum]-{{common}}*({carry})", *(f"[{key}]" for key in key_of(plan, "sum")[1:])]
    heading = "整数部分(円)" if plan.alone else "整数部分(単位)"
    calc.add("whole", heading, "+".join([*wholes, *([f"({carry})"] if carry else [])]))
    for place, (key, each) in enumerate(zip(key_of(plan, "left"), lefts, strict=True)):
        formula = f'IF([in]=1,{each},"")' if inside else each
        calc.add(key, LEFT + common(plan, place), formula, least=16)
    _add_tests(calc, plan)


def _own(calc: Calc, plan: Plan, part: Part) -> str:
    """Return the formula of pₖ · mᵢₖ; who stands outside comes first, so that all stays small."""
    factors = ["[in]"] if calc.has("in") else []
    factors += [f"{{p{part.number}}}"] if plan.given_weights else []
    return "*".join([*factors, f"[{part.measure}]"] if part.values is not None else factors)


def _add_lines(calc: Calc, plan: Plan) -> None:
    lines, digits = calc.lines, cut("n", "units", plan, plan.groups)
    if plan.alone:
        units = Scalar("units", formula="{remaining}")
        words = "1円単位で割り、団体ごとに端数処理の単位にそろえる"
        lines.append(Line("端数処理前の額(円)", (units,), words, digits))
    else:
        units = Scalar("units", formula="INT({remaining}/{unit})")
        lines.append(Line("単位数", (units,), "総額 ÷ 単位(切捨て)", digits))
        odd = Scalar("odd", formula="{remaining}-{units}*{unit}")
        to = "" if plan.rule.rest is None else f"{RESTS[plan.rule.rest].ja}に加える"
        lines.append(Line("単位未満の額(円)", (odd,), to))
    for part in plan.parts:
        k = part.number
        helpers: tuple[Scalar, ...] = ()
        if part.values is None:
            label, whole = "団体数", "SUM([in:])" if calc.has("in") else "ROWS([code:])"
            helpers = _equal_part(plan, part)
        else:
            label, whole = f"{part.words}の計", _sum(calc, plan, part)
        if len(plan.parts) > 1:
            place = next(place for place, group in enumerate(plan.over) if part in group)
            over = key_of(plan, "common")[place]
            helpers = (Scalar(f"scale_{k}", formula=f"{{{over}}}/{{d{k}}}"), *helpers)
        times = f"{{r{k}}}*{{sum_{k}}}" if plan.given_weights else f"{{sum_{k}}}"
        cells = (Scalar(f"d{k}", formula=times), Scalar(f"sum_{k}", formula=whole))
        lines.append(Line(f"割合{k}の分母", cells, f"右は{label}", helpers))
    for place, (key, group) in enumerate(zip(key_of(plan, "common"), plan.over, strict=True)):
        formula = f"{{d{group[0].number}}}"
        for part in group[1:]:
            formula = f"({formula})/GCD({formula},{{d{part.number}}})*{{d{part.number}}}"
        label, cell = "共通の分母" + common(plan, place), Scalar(key, formula=formula)
        is_last = place == len(plan.over) - 1
        digits = () if is_last else cut(f"{key}_", key, plan, common_groups(plan))
        lines.append(Line(label, (cell,), "割合と端数の分母", digits))


def _sum(calc: Calc, plan: Plan, part: Part) -> str:
    """Return the formula of a measure's sum over who stands under the rule.

    LibreOffice 7.4, which recalculates a whole file in threads, may give SUMPRODUCT and SUMIF the
    old values of long columns that refer to others; SUM over what was entered is right.
    """
    outside = [row for row, kept in enumerate(plan.kept) if not kept]
    if calc.column(part.measure).source is None or len(outside) > _MOST_SUBTRACTED:
        cells = f"[{part.measure}:]"
        return f"SUMPRODUCT({cells},[in:])" if outside else f"SUM({cells})"
    return f"SUM([{part.measure}@])" + "".join(f"-[{part.measure}@{row}]" for row in outside)


def _equal_part(plan: Plan, part: Part) -> tuple[Scalar, ...]:
    """Return the long division of an equal part, the same for all."""
    k = part.number
    digits = [f"{{n{place}}}*{{p{k}}}" for place in range(1, plan.groups + 1)]
    quotients = [f"{{quot_{k}_{place}}}" for place in range(1, plan.groups + 1)]
    lefts = [f"{{rest_{k}_{place}}}" for place in range(1, plan.groups + 1)]
    steps, whole = long_division(plan, digits, quotients, lefts, f"{{d{k}}}")
    found = [Scalar(key[1:-1], formula=formula) for key, formula in steps]
    return (
        *found,
        Scalar(f"whole_{k}", formula=whole),
        Scalar(f"left_{k}", formula=lefts[-1]),
    )


def _add_tests(calc: Calc, plan: Plan) -> None:
    if plan.given_weights:
        bottom = "*".join(f"{{r{part.number}}}" for part in plan.parts)
        top = "+".join(
            "*".join(
                [f"{{p{part.number}}}"]
                + [f"{{r{other.number}}}" for other in plan.parts if other is not part]
            )
            for part in plan.parts
        )
        product = math.prod(part.weight.denominator for part in plan.parts)
        calc.tests.append(
            Test("割合の合計が1である(通分した分子)", top, bottom, (product, product))
        )
    limits = [f"({{remaining}}>={DIVIDEND})", f"({{units}}>={plan.base**plan.groups})"]
    limits += [f"({{d{part.number}}}>{plan.most})" for part in plan.parts]
    times = len(plan.parts)
    limits.append(f"({{common}}*{times}>={EXACT})")
    limits += [f"({{{key}}}>{plan.most})" for key in key_of(plan, "common")[1:]]
    calc.tests.append(
        Test(
            "入力がこの表で正確に計算できる範囲にある(超過の数)",
            "+".join(limits),
            remark=f"総額 {DIVIDEND:,} 円未満、単位数 {plan.base**plan.groups:,} 未満、"
            f"各割合の分母 {plan.most:,} 以下、共通の分母×{times} が {EXACT:,} 未満",
        )
    )
    if plan.rule.rest is None and not plan.alone:
        calc.tests.append(Test("総額が単位の倍数である(余り、円)", "{odd}"))
