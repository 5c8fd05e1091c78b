"""Long division by formulas, and fractions over several denominators.

Over two large measures a common denominator C passes what a cell holds. Then a fraction is held
over one denominator after the other, as hours, minutes and seconds are: a/C₁ + b/(C₁·C₂), with b
below C₂. What stands over C₂ alone gets there by one more long division, of its numerator times C₁
by C₂. Such fractions are added, compared and doubled place by place, from the last one up, and no
figure passes 15 digits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from allocator.outputs.workbook.model.sheet import Calc, Scalar
from allocator.outputs.workbook.model.split_plan import Plan

_DIGITS_OF_A_CELL: Final = 15


def key_of(plan: Plan, figure: str) -> list[str]:
    """Return the keys of a figure's places: its own, where one denominator is enough."""
    if plan.is_one:
        return [figure]
    return [figure, *(f"{figure}_below_{place}" for place in range(1, len(plan.over)))]


def common(plan: Plan, place: int) -> str:
    """Return what a place adds to a figure's heading."""
    if plan.is_one:
        return ""
    return f"(下位{place})" if place else "(上位)"


def cut(key: str, figure: str, plan: Plan, groups: int) -> tuple[Scalar, ...]:
    """Return the cells that cut a figure into groups of digits, the highest first."""
    cells = []
    for number, place in enumerate(range(groups - 1, -1, -1), start=1):
        formula = f"INT({{{figure}}}/{plan.base**place})"
        if number > 1:
            formula += f"-INT({{{figure}}}/{plan.base ** (place + 1)})*{plan.base}"
        cells.append(Scalar(f"{key}{number}", formula=formula))
    return tuple(cells)


def long_division(
    plan: Plan, digits: Sequence[str], quotients: Sequence[str], lefts: Sequence[str], by: str
) -> tuple[list[tuple[str, str]], str]:
    """Divide digits by a cell: return each quotient and remainder with its formula, and the whole.

    `quotients` and `lefts` are the cells, or columns, that hold them.
    """
    steps, whole, before = list[tuple[str, str]](), "", ""
    for digit, quotient, left in zip(digits, quotients, lefts, strict=True):
        dividend = f"{before}*{plan.base}+{digit}" if before else digit
        steps += [(quotient, f"INT(({dividend})/{by})"), (left, f"{dividend}-{quotient}*{by}")]
        whole, before = f"({whole})*{plan.base}+{quotient}" if whole else quotient, left
    return steps, whole


def divided(
    calc: Calc,
    plan: Plan,
    figure: tuple[str, tuple[str, str]],
    of: tuple[Sequence[str], str, str],
) -> tuple[str, str]:
    """Add the columns of a long division; return whole quotient and remainder.

    `figure` is its key and what quotients and remainders are called; `of` are the cells with the
    digits, what they are multiplied by, and the cell that divides.
    """
    (key, words), (cells, times, by) = figure, of
    places = range(1, len(cells) + 1)
    quotients = [f"[whole_{key}_{place}]" for place in places]
    lefts = [f"[left_{key}_{place}]" for place in places]
    digits = [f"{{{cell}}}*{times}" for cell in cells]
    steps, whole = long_division(plan, digits, quotients, lefts, f"{{{by}}}")
    for number, (column, formula) in enumerate(steps):
        heading = f"{words[number % 2]}{number // 2 + 1}"
        calc.add(column[1:-1], heading, formula, helper=True)
    return whole, lefts[-1]


def common_groups(plan: Plan) -> int:
    """Return how many groups of digits a common denominator has."""
    return -(-_DIGITS_OF_A_CELL // plan.digits)


def add_fraction(
    calc: Calc,
    plan: Plan,
    figure: tuple[str, str],
    numerators: Mapping[int, str],
    *,
    helper: bool = False,
) -> None:
    """Add up the fractions of all parts, place by place; `numerators` are over each part's own.

    `figure` is key and words.
    """
    key, words = figure
    keys, commons = key_of(plan, key), key_of(plan, "common")
    terms: list[list[str]] = [[] for _ in plan.over]
    for place, group in enumerate(plan.over):
        scaled = [
            f"{numerators[part.number]}*{{scale_{part.number}}}"
            if len(plan.parts) > 1
            else numerators[part.number]
            for part in group
        ]
        rest = "+".join(scaled)
        for above in range(place):
            if above == 0:
                calc.add(f"{key}_own_{place}", f"{words}の元{place}", rest, helper=True)
                rest = f"[{key}_own_{place}]"
            digits = [f"{commons[above]}_{at}" for at in range(1, common_groups(plan) + 1)]
            named = f"{words}{place}-{above + 1}"
            whole, rest = divided(
                calc,
                plan,
                (f"{key}_{place}_{above}", (f"{named}の商", f"{named}の余り")),
                (digits, rest, commons[place]),
            )
            terms[above].append(f"({whole})")
        terms[place].append(rest)
    for place in reversed(range(len(plan.over))):
        formula = "+".join(terms[place])
        heading = words + common(plan, place)
        if 0 < place < len(plan.over) - 1:
            calc.add(f"{keys[place]}_all", f"{heading}の計", formula, helper=True)
            carry = f"INT([{keys[place]}_all]/{{{commons[place]}}})"
            formula = f"[{keys[place]}_all]-{carry}*{{{commons[place]}}}"
            terms[place - 1].append(carry)
        calc.add(keys[place], heading, formula, helper=helper, least=16)


def half(plan: Plan, figure: str) -> str:
    """Return the formula, 1 or 0, of a fraction that is a half or more."""
    places = list(zip(key_of(plan, figure), key_of(plan, "common"), strict=True))
    carry = ""
    for key, over in reversed(places[1:]):
        carry = f"+INT((N([{key}])*2{carry})/{{{over}}})"
    return f"(N([{figure}])*2{carry}>={{common}})"


def order(plan: Plan, figure: str) -> str:
    """Return the formula of a fraction's place from the largest down; equal ones share a place."""
    above, terms = "", []
    for key in key_of(plan, figure):
        larger = f'[{key}:],">"&[{key}]'
        terms.append(f"COUNTIFS({above}{larger})" if above else f"COUNTIF({larger})")
        above += f"[{key}:],[{key}],"
    return "1+" + "+".join(terms)
