"""Sums of remainders beyond 15 digits, as live formulas: limbs first, then two cells.

Over two large measures the common denominator C passes what a cell holds. C, and by how much each
part is scaled to it, stand as limbs of a few digits; Σ remainder · scale is added limb by limb, as
on paper, and then held as high · 10^12 + low. Comparing, subtracting and doubling such pairs never
forms a figure of more than 15 digits.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from allocator.outputs.workbook.model.sheet import Calc, Column, Line, Scalar
from allocator.outputs.workbook.model.split_plan import LOW, Limbs, Plan


def common_of(plan: Plan, limbs: Limbs) -> tuple[dict[int, list[Scalar]], Line]:
    """Return the cells that lead to the common denominator, part by part, and its line.

    The line has it in two cells; its helpers are the scale of each part, in limbs.
    """
    first, *others = plan.parts
    value, before = plan.denominator_of(first), f"c{first.number}"
    steps = {
        first.number: [
            Scalar(f"{before}_{place}", limb, _limb(f"{{d{first.number}}}", limbs, place))
            for place, limb in enumerate(limbs.cut(value))
        ]
    }
    for part in others:
        k, own = part.number, plan.denominator_of(part)
        cells = _division(limbs, before, f"d{k}", ("z", "x"), (value, own))
        factor = own // math.gcd(value, own)
        cells.append(Scalar(f"by{k}", factor, f"{{d{k}}}/GCD({{{cells[-1].key}}},{{d{k}}})"))
        for place, limb in enumerate(limbs.carried([(factor, value)])):
            product = f"{{{before}_{place}}}*{{by{k}}}"
            carry = f"+INT({{f{k}_{place - 1}}}/{limbs.base})" if place else ""
            cells.append(Scalar(f"f{k}_{place}", limb, f"{product}{carry}"))
        value, before = value * factor, f"c{k}"
        cells += [
            Scalar(f"{before}_{place}", limb, _digit(f"{{f{k}_{place}}}", limbs, place))
            for place, limb in enumerate(limbs.cut(value))
        ]
        steps[k] = cells
    scales = [Scalar("common_top", limbs.cut(value)[-1], f"{{{before}_{limbs.count - 1}}}")]
    for part in plan.parts:
        bottom = plan.denominator_of(part)
        scales += _division(limbs, before, f"d{part.number}", ("s", "y"), (value, bottom))
    high, low = _pair(limbs, lambda place: f"{{{before}_{place}}}")
    common = (
        Scalar("common_high", value // LOW, high),
        Scalar("common_low", value % LOW, low),
    )
    words = "割合と端数の分母。右は下位12桁"
    return steps, Line("共通の分母", common, words, tuple(scales))


def add_sum(
    calc: Calc,
    plan: Plan,
    limbs: Limbs,
    figure: tuple[str, str],
    factors: Sequence[str],
    values: Sequence[Sequence[int]],
) -> None:
    """Add Σ factor · scale over the parts, limb by limb and then in two cells.

    `figure` is key and words; `factors` are formulas of whole numbers no larger than each part's
    own denominator, `values` what they give, payer by payer.
    """
    key, words = figure
    common = plan.denominator
    scales = [common // plan.denominator_of(part) for part in plan.parts]
    terms_of = [list(zip(row, scales, strict=True)) for row in values]
    carried = [limbs.carried(terms) for terms in terms_of]
    for place in range(limbs.count):
        terms = [
            f"{factor}*{{s{part.number}_{place}}}"
            for part, factor in zip(plan.parts, factors, strict=True)
        ]
        if place:
            terms.append(f"INT([{key}_{place - 1}]/{limbs.base})")
        heading, here = f"{words}の桁{place + 1}", [row[place] for row in carried]
        column = Column(f"{key}_{place}", heading, here, ("+".join(terms),), helper=True)
        calc.columns.append(column)
    sums = [sum(factor * scale for factor, scale in terms) for terms in terms_of]
    pair = _pair(limbs, lambda place: f"({_digit(f'[{key}_{place}]', limbs, place)})")
    add_pair(calc, figure, sums, pair, helper=key == "sum")


def add_pair(
    calc: Calc,
    figure: tuple[str, str],
    values: Sequence[int | None],
    formulas: tuple[str, str],
    *,
    helper: bool = False,
) -> None:
    """Add the two columns of a figure, high and low; None: no figure."""
    key, words = figure
    high = ["" if value is None else value // LOW for value in values]
    low = ["" if value is None else value % LOW for value in values]
    for name, where, shown, formula in (
        ("high", "上位", high, formulas[0]),
        ("low", "下位12桁", low, formulas[1]),
    ):
        heading = f"{words}({where})"
        column = Column(f"{key}_{name}", heading, shown, (formula,), helper=helper, least=16)
        calc.columns.append(column)


def at_least(high: str, low: str, times: int = 1) -> str:
    """Return the formula, 1 or 0, of high · LOW + low >= times · common denominator."""
    if times == 1:
        top, bottom = "{common_high}", "{common_low}"
    else:
        over = f"INT({times}*{{common_low}}/{LOW})"
        top, bottom = f"({times}*{{common_high}}+{over})", f"({times}*{{common_low}}-{LOW}*{over})"
    return f"(({high}>{top})+({high}={top})*({low}>={bottom}))"


def less_common(high: str, low: str, times: str, most: int) -> tuple[str, str]:
    """Return high and low of the figure less `times` (a formula, up to `most`) the common one."""
    rest = f"({low}-{times}*{{common_low}})"
    borrowed = "+".join(f"({rest}<{-LOW * place})" for place in range(most))
    return f"{high}-{times}*{{common_high}}-({borrowed})", f"{rest}+{LOW}*({borrowed})"


def doubled(high: str, low: str) -> tuple[str, str]:
    """Return high and low of twice the figure."""
    over = f"(2*{low}>={LOW})"
    return f"(2*{high}+{over})", f"(2*{low}-{LOW}*{over})"


def order(key: str) -> str:
    """Return the formula of a figure's place from the largest down; equal ones share a place."""
    high, low = f"[{key}_high", f"[{key}_low"
    return f'1+COUNTIF({high}:],">"&{high}])+COUNTIFS({high}:],{high}],{low}:],">"&{low}])'


def _division(
    limbs: Limbs, dividend: str, divisor: str, keys: tuple[str, str], values: tuple[int, int]
) -> list[Scalar]:
    """Divide limbs by a cell, from the highest down: each quotient with its remainder."""
    number, cells, remainder = divisor.removeprefix("d"), [], 0
    for place in range(limbs.count - 1, -1, -1):
        top = f"{{{dividend}_{place}}}"
        if place < limbs.count - 1:
            top = f"({{{keys[1]}{number}_{place + 1}}}*{limbs.base}+{top})"
        whole, left = (f"{key}{number}_{place}" for key in keys)
        quotient, remainder = divmod(
            remainder * limbs.base + limbs.cut(values[0])[place], values[1]
        )
        cells += [
            Scalar(whole, quotient, f"INT({top}/{{{divisor}}})"),
            Scalar(left, remainder, f"{top}-{{{whole}}}*{{{divisor}}}"),
        ]
    return cells


def _limb(cell: str, limbs: Limbs, place: int) -> str:
    """Return the formula of one limb of a cell."""
    formula = f"INT({cell}/{limbs.base**place})"
    if place < limbs.count - 1:
        formula += f"-INT({cell}/{limbs.base ** (place + 1)})*{limbs.base}"
    return formula


def _digit(cell: str, limbs: Limbs, place: int) -> str:
    """Return what a limb keeps of itself once its carry has gone to the next."""
    if place == limbs.count - 1:
        return cell
    return f"{cell}-INT({cell}/{limbs.base})*{limbs.base}"


def _pair(limbs: Limbs, digit: Callable[[int], str]) -> tuple[str, str]:
    """Return the formulas of high and low, from those of the limbs."""

    def added(places: range) -> str:
        return "+".join(f"{digit(place)}*{limbs.base ** (place - places[0])}" for place in places)

    return added(range(limbs.low, limbs.count)), added(range(limbs.low))
