"""A split total as live formulas: shares over one denominator, whole units, remainders.

Part k of the shares gives payer i the quota N · pₖ · mᵢₖ / Dₖ with Dₖ = rₖ · Σm (weight pₖ/rₖ).
That product is far beyond 15 digits, so N is cut into groups of digits and divided as on paper:
each step leaves a quotient and a remainder below Dₖ. The remainders of all parts are added up over
the common denominator D, which involves no N.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from allocator.audit.outcome import ProgrammeOutcome
from allocator.engine.result import Allocation
from allocator.outputs.method import measure_name
from allocator.outputs.workbook.calc import DIVIDEND, EXACT, Calc, Column, Line, Scalar, Test
from allocator.rules.model import EQUAL, Rounding

_LEAST_DIGITS: Final = 12
"""Units that a sheet has room for at least, as digits."""


@dataclass(frozen=True)
class Part:
    """One part of the shares: weight p/r, its words, the values of its measure (equal: None)."""

    number: int
    weight: Fraction
    words: str
    values: tuple[int, ...] | None
    measure: str = ""


@dataclass(frozen=True)
class Plan:
    """What a live split is computed with. `kept` marks who stands under the rule."""

    parts: tuple[Part, ...]
    kept: tuple[bool, ...]
    rule: Rounding
    remaining: int
    digits: int
    groups: int
    given_weights: bool

    @property
    def units(self) -> int:
        """Whole units to hand out."""
        return self.remaining // self.rule.unit

    @property
    def base(self) -> int:
        """What a group of digits counts to."""
        return int(10**self.digits)

    def sum_of(self, part: Part) -> int:
        """Return what a part is divided by: the sum of its measure, or how many share equally."""
        if part.values is None:
            return sum(self.kept)
        return sum(value for value, kept in zip(part.values, self.kept, strict=True) if kept)

    def denominator_of(self, part: Part) -> int:
        """Return Dₖ."""
        return part.weight.denominator * self.sum_of(part)

    @property
    def denominator(self) -> int:
        """The common denominator of all parts."""
        return math.lcm(*(self.denominator_of(part) for part in self.parts))

    def divide(self, own: int, denominator: int) -> list[tuple[int, int]]:
        """Return quotient and remainder of N · own / denominator, group by group of digits."""
        found, remainder = [], 0
        for group in self.groups_of_units():
            quotient, remainder = divmod(remainder * self.base + group * own, denominator)
            found.append((quotient, remainder))
        return found

    def groups_of_units(self) -> list[int]:
        """Return N, cut into groups of digits."""
        return [self.units // self.base**place % self.base for place in self.places()]

    def places(self) -> list[int]:
        """Return the powers of the base, the highest first."""
        return list(range(self.groups - 1, -1, -1))


def plan_of(outcome: ProgrammeOutcome, allocation: Allocation) -> Plan | None:
    """Return how to compute a split live, or None where its figures are beyond a spreadsheet."""
    programme, rule = allocation.programme, allocation.programme.rounding
    if rule is None:
        return None
    kept = tuple(standing == "rule" for standing in allocation.standing)
    if programme.carried_forward is not None:
        steps = allocation.steps
        listed = dict(zip(steps.codes, steps.columns["measure_1"].tolist(), strict=True))
        values = tuple(listed.get(code, 0) for code in allocation.payers["code"])
        parts = [Part(1, Fraction(1), "公表一覧の額", values, "m1")]
    else:
        measures = iter(outcome.measures)
        parts, number = [], 0
        for place, share in enumerate(programme.share, start=1):
            if share.by == EQUAL:
                parts.append(Part(place, share.weight, "均等割", None))
                continue
            number += 1
            aligned = next(measures)
            words = measure_name(aligned.measure).ja
            column = tuple(aligned.values.tolist())
            parts.append(Part(place, share.weight, words, column, f"m{number}"))
    remaining = int(allocation.steps.constants["total"])
    plan = Plan(tuple(parts), kept, rule, remaining, 4, 1, programme.carried_forward is None)
    largest = max(plan.denominator_of(part) for part in parts)
    digits = next((n for n in (4, 3, 2, 1) if largest * 3 * 10**n < DIVIDEND), 0)
    if not digits or allocation.total >= DIVIDEND or plan.denominator * len(parts) >= EXACT:
        return None
    groups = -(-max(_LEAST_DIGITS, len(str(plan.units))) // digits)
    return Plan(plan.parts, kept, rule, remaining, digits, groups, plan.given_weights)


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
            own = "*".join(
                [*([f"{{p{part.number}}}"] if plan.given_weights else []), f"[{part.measure}]"]
            )
            wholes.append(_add_division(calc, plan, part, f"{own}{inside}"))
            remainders.append(f"[left_{part.number}_{plan.groups}]")
    owns = _owns(plan)
    common = plan.denominator
    shares = [
        sum(
            own * (common // plan.denominator_of(part))
            for part, own in zip(plan.parts, row, strict=True)
        )
        for row in owns
    ]
    quotas = [share * plan.units for share in shares]
    terms = [_share_term(plan, part, inside) for part in plan.parts]
    calc.columns.append(Column("share", "割合の分子", shares, ("+".join(terms),), least=16))
    if len(plan.parts) == 1:
        carry, left = "0", remainders[0]
    else:
        scaled = [
            f"{remainder}*{{scale_{part.number}}}"
            for part, remainder in zip(plan.parts, remainders, strict=True)
        ]
        sums = [
            sum(
                (plan.units * own % (d := plan.denominator_of(part))) * (common // d)
                for part, own in zip(plan.parts, row, strict=True)
            )
            for row in owns
        ]
        calc.columns.append(
            Column("sum", "端数の計", sums, ("+".join(scaled),), helper=True, least=16)
        )
        carry = "+".join(f"([sum]>={times}*{{common}})" for times in range(1, len(plan.parts)))
        left = f"[sum]-{{common}}*({carry})"
    whole = "+".join([*wholes, *([f"({carry})"] if carry != "0" else [])])
    calc.columns.append(Column("whole", "整数部分(単位)", [q // common for q in quotas], (whole,)))
    kept_only = f'IF([in]=1,{left},"")' if inside else left
    values = [q % common if kept else "" for q, kept in zip(quotas, plan.kept, strict=True)]
    calc.columns.append(Column("left", "端数の分子", values, (kept_only,), least=16))
    _add_tests(calc, plan)


def _owns(plan: Plan) -> list[list[int]]:
    """Return pₖ · mᵢₖ of every payer and part; nothing for who stands outside the rule."""
    return [
        [
            (part.weight.numerator * (1 if part.values is None else part.values[row]))
            if kept
            else 0
            for part in plan.parts
        ]
        for row, kept in enumerate(plan.kept)
    ]


def _share_term(plan: Plan, part: Part, inside: str) -> str:
    factors = [f"{{p{part.number}}}"] if plan.given_weights else []
    if part.values is not None:
        factors.append(f"[{part.measure}]")
    if len(plan.parts) > 1:
        factors.append(f"{{scale_{part.number}}}")
    return "*".join(factors) + inside


def _add_division(calc: Calc, plan: Plan, part: Part, own: str) -> str:
    """Add the long division of one part; return the formula of its whole quotient."""
    k, bottom = part.number, plan.denominator_of(part)
    values = [plan.divide(row[plan.parts.index(part)], bottom) for row in _owns(plan)]
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
    units = Scalar("units", plan.units, "INT({remaining}/{unit})")
    lines.append(Line("単位数", (units,), "総額 ÷ 単位(切捨て)", groups))
    odd = Scalar("odd", plan.remaining % plan.rule.unit, "{remaining}-{units}*{unit}")
    to = {"largest": "割合の最も大きい団体に加える", "first": "先頭の団体に加える", None: ""}
    lines.append(Line("単位未満の額(円)", (odd,), to[plan.rule.rest]))
    inside = "in" in {column.key for column in calc.columns}
    for part in plan.parts:
        k, whole = part.number, plan.sum_of(part)
        if part.values is None:
            formula = "SUM([in:])" if inside else "ROWS([code:])"
        else:
            formula = f"SUM([{part.measure}:])"
            if inside:
                formula = f"SUMPRODUCT([{part.measure}:],[in:])"
        label = "団体数" if part.values is None else f"{part.words}の計"
        helpers: tuple[Scalar, ...] = ()
        bottom = plan.denominator_of(part)
        if part.values is None:
            helpers = _equal_part(plan, part, bottom)
        scale: tuple[Scalar, ...] = ()
        if len(plan.parts) > 1:
            scale = (Scalar(f"scale_{k}", common // bottom, f"{{common}}/{{d{k}}}"),)
        times = f"{{r{k}}}*{{sum_{k}}}" if plan.given_weights else f"{{sum_{k}}}"
        lines.append(
            Line(
                f"割合{k}の分母",
                (Scalar(f"d{k}", bottom, times), Scalar(f"sum_{k}", whole, formula)),
                f"右は{label}",
                (*scale, *helpers),
            )
        )
    formula = "{d1}"
    for part in plan.parts[1:]:
        formula = f"({formula})/GCD({formula},{{d{part.number}}})*{{d{part.number}}}"
    lines.append(Line("共通の分母", (Scalar("common", common, formula),), "割合と端数の分母"))


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
    most = DIVIDEND // (2 * plan.base)
    limits = [f"({{remaining}}>={DIVIDEND})", f"({{units}}>={plan.base**plan.groups})"]
    limits += [f"({{d{part.number}}}>{most})" for part in plan.parts]
    limits.append(f"({{common}}*{len(plan.parts)}>={EXACT})")
    calc.tests.append(
        Test(
            "入力がこの表で正確に計算できる範囲にある(超過の数)",
            "+".join(limits),
            "0",
            (0, 0),
            remark=f"総額 {DIVIDEND:,} 円未満、単位数 {plan.base**plan.groups:,} 未満、"
            f"各割合の分母 {most:,} 以下、共通の分母×{len(plan.parts)} が {EXACT:,} 未満",
        )
    )
    if plan.rule.rest is None:
        calc.tests.append(Test("総額が単位の倍数である(余り、円)", "{odd}", "0", (0, 0)))
