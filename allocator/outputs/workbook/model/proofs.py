"""What proves a calculation: its checks as formulas, and a count of inputs that were changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Final

import polars as pl

from allocator.domain.organisations import PREFECTURE
from allocator.domain.yen import group
from allocator.engine.result import Allocation
from allocator.outputs.workbook.model.sheet import EXACT, Calc, Column, Line, Scalar, Test
from allocator.plans.programme import Programme
from allocator.results.outcome import ProgrammeOutcome

SAME_INPUT: Final = "同じ指標の入力が一致する(相違の数)"
"""The check of figures that are entered in two places."""


def add_linked(calc: Calc) -> None:
    """Look back at what is entered elsewhere, and may be written over in this sheet."""
    for column in [column for column in calc.columns if column.cells and column.entered]:
        there = f"{column.key}_there"
        heading = f"入力データの{column.heading}"
        calc.columns.append(Column(there, heading, column.values, helper=True, cells=column.cells))
        found = f"SUMPRODUCT(([{column.key}:]<>[{there}:])*1)"
        what = f"{SAME_INPUT}: {column.heading}"
        calc.tests.append(Test(what, found))


def add_changes(calc: Calc) -> None:
    """Count the inputs that are not what the run had: columns beside copies, cells by value."""
    terms = []
    for column in [column for column in calc.columns if column.given]:
        if any(isinstance(value, int) and value >= EXACT for value in column.values):
            continue
        copy = f"{column.key}_was"
        calc.columns.append(Column(copy, f"算定時の{column.heading}", column.values, helper=True))
        terms.append(f"SUMPRODUCT(([{column.key}@]<>[{copy}:])*1)")
    for line in calc.lines:
        for cell in line.cells:
            if cell.style == "input" and isinstance(cell.value, int):
                was = f"{cell.value}" if cell.value < EXACT else f'"{group(cell.value)}"'
                terms.append(f"({{{cell.key}}}<>{was})")
    terms += [f"{{{key}}}" for key in calc.outer if key.startswith("changed_")]
    changed = Scalar("changed", 0, "+".join(terms) or "0")
    remark = "入力のうち、算定時から変えたものの数"
    calc.lines.append(Line("入力の変更(箇所)", (changed,), remark))
    if not calc.live:
        what = "入力を変更していない(この事業の金額は値で、再計算されない)"
        calc.tests.append(Test(what, "{changed}", remark="変更したときは計画を直して算定し直す。"))


def tests_of(
    calc: Calc, outcome: ProgrammeOutcome, allocation: Allocation, everyone: pl.DataFrame
) -> Iterator[Test]:
    """Yield the checks that every calculation has; `everyone` are those who may be its payers."""
    programme = outcome.programme
    large = max(*allocation.amounts, allocation.total, 0) >= EXACT
    total = allocation.total
    what = "一覧の合計が総額に等しい(円)"
    if calc.charged != "{total}":
        what = "一覧の合計が請求する額に等しい(円)"
    if large:
        verdict = "適" if allocation.allocated == total else "否"
        remark = "15桁を超える金額があるため、算定時に検算した。"
        yield Test(what, "", "0", (allocation.allocated, total), verdict, remark)
    else:
        yield Test(what, "SUM([amount:])", calc.charged, (total, total))
    once, count = payers_once(outcome.programme, allocation, everyone)
    what = "負担団体がそれぞれ1回だけ記載されている(団体)"
    yield Test(what, _standing_once(calc, once), f"{count}", (once, count))
    inputs = [column.key for column in calc.columns if column.given and column.key != "fixed"]
    if inputs and not large:
        names = "・".join(calc.column(key).heading for key in inputs)
        yield Test(
            f"{names}が0以上の整数である(誤りの数)",
            "+".join(map(_not_whole, (calc.column(key) for key in inputs))),
        )
    if calc.live and programme.unit_amount is None and not programme.part:
        least = {"{total}": 0, "{unit}": 1}
        for number in range(1, len(programme.share) + 1):
            least |= {f"{{p{number}}}": 0, f"{{r{number}}}": 1}
        wrong = [f"(INT({cell})<>{cell})+({cell}<{low})" for cell, low in least.items()]
        words = "総額・単位・割合" if programme.share else "総額と単位"
        yield Test(f"{words}が整数である(誤りの数)", "+".join(wrong))


def _standing_once(calc: Calc, once: int) -> str:
    """Return the formula that counts the payers: in code order, none is followed by itself.

    A spreadsheet takes A and a for the same; where codes differ by that alone, the count stands.
    """
    codes = [str(code).casefold() for code in calc.values("code")]
    if len(set(codes)) < len(codes) or len(codes) == 1:
        return f"{once}"
    first, last = calc.first + 1, calc.first + calc.count
    upper, lower = f"$A${first}:$A${last - 1}", f"$A${first + 1}:$A${last}"
    return f"SUMPRODUCT(({calc.prefix}{upper}<>{calc.prefix}{lower})*1)+1"


def _not_whole(column: Column) -> str:
    """Return the formula that counts cells of a column that are no whole number from 0 up."""
    # Where they are entered: a cell that was emptied is 0 to those that refer to it.
    cells = f"[{column.key}@]"
    known = sum(isinstance(value, int) for value in column.values)
    return f"SUMPRODUCT((INT({cells})<>{cells})+({cells}<0))+ABS({known}-COUNT({cells}))"


def payers_once(
    programme: Programme, allocation: Allocation, everyone: pl.DataFrame
) -> tuple[int, int]:
    """Return how many payers of the register stand in the list once, and how many there are."""
    group = programme.payers
    is_prefecture = pl.col("kind") == PREFECTURE
    payers = everyone
    if group != "all":
        payers = everyone.filter(is_prefecture if group == "prefectures" else ~is_prefecture)
    times = Counter(allocation.payers["code"])
    once = sum(times.pop(code, 0) == 1 for code in payers["code"])
    return once - len(times), len(payers)
