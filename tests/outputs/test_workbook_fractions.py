"""Fractions over several denominators: as formulas give them, and LibreOffice, at every edge."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from fractions import Fraction
from io import BytesIO
from math import prod
from pathlib import Path

import pytest
import xlsxwriter

from allocator.outputs.workbook.model.fractions import add_fraction, half, key_of, order
from allocator.outputs.workbook.model.rounding import METHODS
from allocator.outputs.workbook.model.sheet import Calc, Column, Line, Scalar
from allocator.outputs.workbook.model.split_plan import Part, Plan
from allocator.plans.tables import Rounding
from tests.outputs.spreadsheet import recalculated

ROUNDING = Rounding(unit=1, method="cumulative")


def _plan(denominators: Sequence[int]) -> Plan:
    """Return a plan of parts that each have a denominator of their own."""
    parts = [
        Part(number, Fraction(1), "", (), f"m{number}")
        for number in range(1, len(denominators) + 1)
    ]
    over = tuple((part,) for part in parts)
    return Plan(tuple(parts), (), ROUNDING, 0, given_weights=True, digits=1, over=over)


def _calc(plan: Plan, denominators: Sequence[int], figures: Sequence[Sequence[int]]) -> Calc:
    """Return the sum of fractions, one of each denominator, and what is done with such sums."""
    calc = Calc("x", head=0)
    for place, (key, over) in enumerate(zip(key_of(plan, "common"), denominators, strict=True)):
        digits = [int(digit) for digit in f"{over:015}"]
        cells = [Scalar(key, over), Scalar(f"d{place + 1}", over), Scalar(f"scale_{place + 1}", 1)]
        cells += [Scalar(f"{key}_{at}", digit) for at, digit in enumerate(digits, start=1)]
        calc.lines.append(Line("", tuple(cells)))
    for number, column in enumerate(zip(*figures, strict=True), start=1):
        calc.columns.append(Column(f"x{number}", "", column))
    numerators = {part.number: f"[x{part.number}]" for part in plan.parts}
    add_fraction(calc, plan, ("sum", ""), numerators)
    calc.add("times", "", "+".join(f"([sum]>={times}*{{common}})" for times in (1, 2)))
    calc.add("left", "", "[sum]-{common}*[times]")
    for below in key_of(plan, "sum")[1:]:
        calc.add(below.replace("sum", "left"), "", f"[{below}]")
    calc.add("half", "", half(plan, "left"))
    calc.add("order", "", order(plan, "left"))
    calc.add("whole", "", "0")
    METHODS["cumulative"](calc, plan)
    return calc


def _figures(denominators: Sequence[int]) -> list[list[int]]:
    """Return numerators: at and beside every edge, at random, some twice."""
    draw = random.Random(prod(denominators))
    edges = [[0, 1, each // 2, (each + 1) // 2, each - 1] for each in denominators]
    found = [[draw.choice(edge) for edge in edges] for _ in range(60)]
    found += [[draw.randrange(each) for each in denominators] for _ in range(40)]
    return found + draw.sample(found, 20)


def _book(calc: Calc) -> bytes:
    """Return a workbook with the formulas, and nothing calculated."""
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("x")
        for line in calc.lines:
            for cell in line.cells:
                sheet.write(*calc.cells[cell.key], cell.value)
        for column in calc.columns:
            for row, value in enumerate(calc.values(column.key), calc.first):
                formula = calc.resolve(column.formulas[0])(row) if column.formulas else value
                sheet.write(row, calc.places[column.key], formula)
            sheet.write_string(calc.heading_row, calc.places[column.key], "x")
            workbook.define_name(f"of_{column.key}", f"=x!{calc.range(column.key)}")
    return content.getvalue()


@pytest.mark.parametrize(
    "denominators",
    [
        (4 * 10**12 - 3, 10**12 + 39),
        (33 * 10**11, 10**12),
        (7, 11),
        (2, 2),
        (10**9 + 7, 4),
        (10**13, 3 * 10**12 + 1, 10**11 + 3),
        (12, 10, 6),
    ],
)
def test_fractions_are_exact(
    denominators: Sequence[int], require_tool: Callable[[str], str], tmp_path: Path
) -> None:
    figures, plan = _figures(denominators), _plan(denominators)
    calc = _calc(plan, denominators, figures)
    sums = [
        sum(Fraction(own, over) for own, over in zip(row, denominators, strict=True))
        for row in figures
    ]
    lefts = [each % 1 for each in sums]
    running, runs = Fraction(0), []
    for each in lefts:
        running += each
        runs.append(int(running + Fraction(1, 2)))
    expected = {
        "times": [int(each) for each in sums],
        "half": [int(2 * each >= 1) for each in lefts],
        "order": [1 + sum(other > each for other in lefts) for each in lefts],
        "run": runs,
    }
    keys = key_of(plan, "left")

    assert {key: calc.values(key) for key in expected} == expected
    places = zip(*(calc.values(key) for key in keys), strict=True)
    for left, row in zip(lefts, places, strict=True):
        held = [
            Fraction(int(each or 0), prod(denominators[: at + 1])) for at, each in enumerate(row)
        ]
        assert sum(held) == left

    found = recalculated(require_tool("soffice"), {"x": _book(calc)}, tmp_path)["x"]
    for key in (*expected, *keys):
        assert [int(str(each or 0)) for each in found.named(f"of_{key}")] == list(calc.values(key))
