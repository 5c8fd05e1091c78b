"""A split total as live formulas: shares over one denominator, whole units, remainders.

Part k of the shares gives payer i the quota N · pₖ · mᵢₖ / Dₖ with Dₖ = rₖ · Σm (weight pₖ/rₖ).
That product is far beyond 15 digits, so N is cut into groups of digits and divided as on paper:
each step leaves a quotient and a remainder below Dₖ. The remainders of all parts are added up over
the common denominator D, which involves no N; where D passes 15 digits, see `limbs`.
"""

from __future__ import annotations

import math
from typing import Final

from allocator.outputs.workbook.model.limbs import (
    add_pair,
    add_sum,
    at_least,
    common_of,
    less_common,
)
from allocator.outputs.workbook.model.sheet import DIVIDEND, EXACT, Calc, Column, Line, Scalar, Test
from allocator.outputs.workbook.model.split_plan import Limbs, Part, Plan

SHARE: Final = "割合の分子"
SUM: Final = "端数の計"
LEFT: Final = "端数の分子"

_MOST_SUBTRACTED: Final = 200
"""Payers outside the rule up to which a sum names them: a formula has up to 8,192 characters."""


def add_split(calc: Calc, plan: Plan) -> None:
    """Add the lines above the table, and the columns up to whole units and remainders."""
    _add_lines(calc, plan)
    inside = "*[in]" if "in" in {column.key for column in calc.columns} else ""
    wholes, remainders = [], []
    for part in plan.parts:
        if part.values is None:
            wholes.append(f"{{whole_{part.number}}}{inside}")
            remainders.append(f"{{left_{part.number}}}{inside}")
        else:
            own = "*".join(_own(plan, part))
            wholes.append(_add_division(calc, plan, part, f"{own}{inside}"))
            remainders.append(f"[left_{part.number}_{plan.groups}]")
    if plan.limbs is None:
        whole, left = _in_one_cell(calc, plan, remainders, inside)
    else:
        whole, left = _in_two_cells(calc, plan, plan.limbs, remainders, inside)
    quotas = [divmod(share * plan.units, plan.denominator) for share in plan.shares()]
    heading = "整数部分(円)" if plan.alone else "整数部分(単位)"
    carried = "+".join([*wholes, *([f"({whole})"] if whole else [])])
    calc.columns.append(Column("whole", heading, [quota for quota, _ in quotas], (carried,)))
    formulas = [f'IF([in]=1,{each},"")' if inside else each for each in left]
    values = [rest if kept else None for (_, rest), kept in zip(quotas, plan.kept, strict=True)]
    if len(formulas) == 1:
        shown = ["" if value is None else value for value in values]
        calc.columns.append(Column("left", LEFT, shown, (formulas[0],), least=16))
    else:
        add_pair(calc, ("left", LEFT), values, (formulas[0], formulas[1]))
    _add_tests(calc, plan)


def _in_one_cell(
    calc: Calc, plan: Plan, remainders: list[str], inside: str
) -> tuple[str, list[str]]:
    """Add shares and the sum of the remainders; return the carry and what is left."""
    terms = [_share_term(plan, part, inside) for part in plan.parts]
    calc.columns.append(Column("share", SHARE, plan.shares(), ("+".join(terms),), least=16))
    if len(plan.parts) == 1:
        return "", remainders
    scaled = [
        f"{remainder}*{{scale_{part.number}}}"
        for part, remainder in zip(plan.parts, remainders, strict=True)
    ]
    sums = [
        sum(
            rest * (plan.denominator // plan.denominator_of(part))
            for part, rest in zip(plan.parts, row, strict=True)
        )
        for row in _remainders(plan)
    ]
    calc.columns.append(Column("sum", SUM, sums, ("+".join(scaled),), helper=True, least=16))
    carry = "+".join(f"([sum]>={times}*{{common}})" for times in range(1, len(plan.parts)))
    return carry, [f"[sum]-{{common}}*({carry})"]


def _in_two_cells(
    calc: Calc, plan: Plan, limbs: Limbs, remainders: list[str], inside: str
) -> tuple[str, list[str]]:
    """Do the same for figures of more than 15 digits."""
    owns = ["*".join(_own(plan, part)) + inside for part in plan.parts]
    add_sum(calc, plan, limbs, ("share", SHARE), owns, plan.owns())
    add_sum(calc, plan, limbs, ("sum", SUM), remainders, _remainders(plan))
    most = len(plan.parts) - 1
    carry = "+".join(at_least("[sum_high]", "[sum_low]", times) for times in range(1, most + 1))
    common = plan.denominator
    scales = [common // plan.denominator_of(part) for part in plan.parts]
    carries = [
        sum(rest * scale for rest, scale in zip(row, scales, strict=True)) // common
        for row in _remainders(plan)
    ]
    calc.columns.append(Column("carry", "繰上げ", carries, (carry,), helper=True))
    return "[carry]", list(less_common("[sum_high]", "[sum_low]", "[carry]", most))


def _remainders(plan: Plan) -> list[list[int]]:
    """Return N · pₖ · mᵢₖ mod Dₖ of every payer and part."""
    bottoms = [plan.denominator_of(part) for part in plan.parts]
    return [
        [plan.units * own % bottom for own, bottom in zip(row, bottoms, strict=True)]
        for row in plan.owns()
    ]


def _own(plan: Plan, part: Part) -> list[str]:
    """Return the factors of pₖ · mᵢₖ."""
    factors = [f"{{p{part.number}}}"] if plan.given_weights else []
    return [*factors, f"[{part.measure}]"] if part.values is not None else factors


def _share_term(plan: Plan, part: Part, inside: str) -> str:
    factors = _own(plan, part)
    if len(plan.parts) > 1:
        factors.append(f"{{scale_{part.number}}}")
    return "*".join(factors) + inside


def _add_division(calc: Calc, plan: Plan, part: Part, own: str) -> str:
    """Add the long division of one part; return the formula of its whole quotient."""
    k, bottom = part.number, plan.denominator_of(part)
    values = [plan.divide(row[plan.parts.index(part)], bottom) for row in plan.owns()]
    whole = ""
    for place in range(1, plan.groups + 1):
        dividend = f"{{n{place}}}*{own}"
        if place > 1:
            dividend = f"[left_{k}_{place - 1}]*{plan.base}+{dividend}"
        here = [row[place - 1] for row in values]
        for name, heading, formula, side in (
            ("whole", "商", f"INT(({dividend})/{{d{k}}})", 0),
            ("left", "余り", f"{dividend}-[whole_{k}_{place}]*{{d{k}}}", 1),
        ):
            calc.columns.append(
                Column(
                    f"{name}_{k}_{place}",
                    f"割合{k}の{heading}{place}",
                    [pair[side] for pair in here],
                    (formula,),
                    helper=True,
                )
            )
        own_whole = f"[whole_{k}_{place}]"
        whole = f"({whole})*{plan.base}+{own_whole}" if whole else own_whole
    return whole


def _add_lines(calc: Calc, plan: Plan) -> None:
    lines, common = calc.lines, plan.denominator
    places = plan.places()
    groups = tuple(
        Scalar(
            f"n{number}",
            value,
            f"INT({{units}}/{plan.base**place})"
            + (f"-INT({{units}}/{plan.base ** (place + 1)})*{plan.base}" if number > 1 else ""),
        )
        for number, (place, value) in enumerate(
            zip(places, plan.groups_of_units(), strict=True), start=1
        )
    )
    if plan.alone:
        units = Scalar("units", plan.units, "{remaining}")
        words = "1円単位で割り、団体ごとに端数処理の単位にそろえる"
        lines.append(Line("端数処理前の額(円)", (units,), words, groups))
    else:
        units = Scalar("units", plan.units, "INT({remaining}/{unit})")
        lines.append(Line("単位数", (units,), "総額 ÷ 単位(切捨て)", groups))
        odd = Scalar("odd", plan.remaining % plan.rule.unit, "{remaining}-{units}*{unit}")
        to = {"largest": "割合の最も大きい団体に加える", "first": "先頭の団体に加える", None: ""}
        lines.append(Line("単位未満の額(円)", (odd,), to[plan.rule.rest]))
    inside = "in" in {column.key for column in calc.columns}
    steps, line = common_of(plan, plan.limbs) if plan.limbs is not None else ({}, Line(""))
    for part in plan.parts:
        k, whole = part.number, plan.sum_of(part)
        if part.values is None:
            formula = "SUM([in:])" if inside else "ROWS([code:])"
        else:
            formula = _sum(calc, plan, part)
        label = "団体数" if part.values is None else f"{part.words}の計"
        helpers: tuple[Scalar, ...] = ()
        bottom = plan.denominator_of(part)
        if part.values is None:
            helpers = _equal_part(plan, part, bottom)
        scale: tuple[Scalar, ...] = ()
        if len(plan.parts) > 1 and plan.limbs is None:
            scale = (Scalar(f"scale_{k}", common // bottom, f"{{common}}/{{d{k}}}"),)
        times = f"{{r{k}}}*{{sum_{k}}}" if plan.given_weights else f"{{sum_{k}}}"
        lines.append(
            Line(
                f"割合{k}の分母",
                (Scalar(f"d{k}", bottom, times), Scalar(f"sum_{k}", whole, formula)),
                f"右は{label}",
                (*scale, *helpers, *steps.get(k, ())),
            )
        )
    if plan.limbs is not None:
        lines.append(line)
        return
    formula = "{d1}"
    for part in plan.parts[1:]:
        formula = f"({formula})/GCD({formula},{{d{part.number}}})*{{d{part.number}}}"
    lines.append(Line("共通の分母", (Scalar("common", common, formula),), "割合と端数の分母"))


def _sum(calc: Calc, plan: Plan, part: Part) -> str:
    """Return the formula of a measure's sum over who stands under the rule.

    LibreOffice 7.4, which recalculates a whole file in threads, may give SUMPRODUCT and SUMIF the
    old values of long columns that refer to others; SUM over what was entered is right.
    """
    source = next(column.source for column in calc.columns if column.key == part.measure)
    outside = [row for row, kept in enumerate(plan.kept) if not kept]
    if source is None or len(outside) > _MOST_SUBTRACTED:
        cells = f"[{part.measure}:]"
        return f"SUMPRODUCT({cells},[in:])" if outside else f"SUM({cells})"
    return f"SUM({source.range})" + "".join(f"-{source.cell(row)}" for row in outside)


def _equal_part(plan: Plan, part: Part, bottom: int) -> tuple[Scalar, ...]:
    """Return the long division of an equal part, the same for all."""
    k, found, whole = part.number, [], ""
    steps = plan.divide(part.weight.numerator, bottom)
    value = 0
    for place, (quotient, left) in enumerate(steps, start=1):
        dividend = f"{{n{place}}}*{{p{k}}}"
        if place > 1:
            dividend = f"{{rest_{k}_{place - 1}}}*{plan.base}+{dividend}"
        here = f"{{quot_{k}_{place}}}"
        found += [
            Scalar(f"quot_{k}_{place}", quotient, f"INT(({dividend})/{{d{k}}})"),
            Scalar(f"rest_{k}_{place}", left, f"{dividend}-{here}*{{d{k}}}"),
        ]
        whole = f"({whole})*{plan.base}+{here}" if whole else here
        value = value * plan.base + quotient
    found += [
        Scalar(f"whole_{k}", value, whole),
        Scalar(f"left_{k}", steps[-1][1], f"{{rest_{k}_{plan.groups}}}"),
    ]
    return tuple(found)


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
    times, largest = len(plan.parts), f"{EXACT:,}"
    if plan.limbs is None:
        limits.append(f"({{common}}*{times}>={EXACT})")
    else:
        limits.append(f"({{common_top}}*{times}>={plan.limbs.base})")
        largest = f"10の{plan.limbs.digits * plan.limbs.count}乗"
    calc.tests.append(
        Test(
            "入力がこの表で正確に計算できる範囲にある(超過の数)",
            "+".join(limits),
            "0",
            (0, 0),
            remark=f"総額 {DIVIDEND:,} 円未満、単位数 {plan.base**plan.groups:,} 未満、"
            f"各割合の分母 {plan.most:,} 以下、共通の分母×{times} が {largest} 未満",
        )
    )
    if plan.rule.rest is None and not plan.alone:
        calc.tests.append(Test("総額が単位の倍数である(余り、円)", "{odd}", "0", (0, 0)))
