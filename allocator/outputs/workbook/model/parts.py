"""A programme as the workbook has it: one calculation, or those of its parts and their sum.

Parts stand in sheets of their own. In the programme's sheet stand its total, what each part takes
of it, and payer by payer the amounts of the parts, by reference, with their sum.
"""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from allocator.domain.figures import tenths
from allocator.engine.result import Allocation
from allocator.outputs.workbook.book.strings import sheet_name
from allocator.outputs.workbook.model.build import (
    add_amounts,
    add_gap,
    add_published,
    build,
    payer_columns,
)
from allocator.outputs.workbook.model.entered import Inputs
from allocator.outputs.workbook.model.proofs import add_changes, tests_of
from allocator.outputs.workbook.model.sheet import EXACT, Calc, Column, Line, Outer, Scalar, Test
from allocator.results.outcome import ProgrammeOutcome
from allocator.words.labels import short_title
from allocator.words.rule import BASIS


def calculation_of(
    outcome: ProgrammeOutcome,
    allocation: Allocation,
    number: int,
    everyone: pl.DataFrame,
    inputs: Inputs,
) -> Calc:
    """Return the calculation of programme `number` (from 1), with those of its parts."""
    sheet, name = sheet_name("算定", number, short_title(outcome.programme)), outcome.programme.id
    if outcome.parts:
        calc = _sum(outcome, allocation, (sheet, number), everyone, inputs)
    else:
        calc = build(outcome, allocation, sheet, everyone, inputs)
    calc.names |= {f"{name}_codes": ("code", "code"), f"{name}_amounts": ("amount", "amount")}
    return calc


def _sum(
    outcome: ProgrammeOutcome,
    allocation: Allocation,
    place: tuple[str, int],
    everyone: pl.DataFrame,
    inputs: Inputs,
) -> Calc:
    """Return the sum of the parts; `place` is its sheet and the programme's number."""
    calc = Calc(place[0], live=max(allocation.total, allocation.given or 0) < EXACT)
    calc.columns = payer_columns(allocation.payers)
    total = _total_cell(calc, allocation) if calc.live else None
    calc.parts = _parts(outcome, place[1], total, everyone, inputs)
    for number, part in enumerate(calc.parts, start=1):
        calc.outer |= {
            f"charged_{number}": part.as_outer(part.charged),
            f"changed_{number}": part.as_outer("{changed}"),
            f"amounts_{number}": part.as_outer("[amount:]"),
        }
    _add_lines(calc, outcome, allocation)
    _add_columns(calc, outcome, allocation)
    add_changes(calc)
    add_published(calc, outcome)
    calc.tests = [
        *tests_of(calc, outcome, allocation, everyone),
        *_tests(calc, allocation),
        *calc.tests,
    ]
    calc.least_columns = calc.value_col + max(len(line.cells) for line in calc.lines)
    return calc


def _total_cell(calc: Calc, allocation: Allocation) -> Outer:
    """Return the cell of the total, the first of the lines, before the others are known."""
    total = Scalar("total", allocation.total if allocation.given is None else allocation.given)
    return Calc(calc.sheet, [Line("", (total,))], list(calc.columns)).as_outer("{total}")


def _parts(
    outcome: ProgrammeOutcome,
    number: int,
    total: Outer | None,
    everyone: pl.DataFrame,
    inputs: Inputs,
) -> list[Calc]:
    """Return the calculations of the parts; `total` is the programme's, None where it is text."""
    tables, found = outcome.programme.part, dict[int, Calc]()

    def add(place: int, left_by: Mapping[str, Outer] | None = None) -> None:
        part, table = outcome.parts[place], tables[place]
        if part.allocation is None:
            raise AssertionError(f"{part.programme.id}: a part without amounts")
        sheet = sheet_name("算定", f"{number}-{place + 1}", short_title(part.programme))
        payers = everyone
        if table.codes is not None:
            payers = everyone.filter(pl.col("code").is_in(list(table.codes)))
        found[place] = build(part, part.allocation, sheet, payers, inputs, left_by)

    rests = [place for place, table in enumerate(tables) if table.is_rest]
    for place in range(len(tables)):
        if place not in rests:
            add(place)
    for place in rests:
        others = {f"other_{at + 1}": calc.as_outer(calc.charged) for at, calc in found.items()}
        # Figures beyond what a spreadsheet holds are text: nothing is taken from text.
        add(place, {"whole": total} | others if total else None)
    return [found[place] for place in range(len(tables))]


def _add_lines(calc: Calc, outcome: ProgrammeOutcome, allocation: Allocation) -> None:
    """Add the total, what each part takes of it, and where the two differ the difference."""
    identifier, given = outcome.programme.id, allocation.given
    numbers = range(1, len(calc.parts) + 1)
    added = "+".join(f"{{charged_{number}}}" for number in numbers) if calc.live else ""
    if given is None:
        total = Scalar("total", allocation.total, added)
        calc.lines.append(Line("総額(円)", (total,), "各部分の額の計"))
    else:
        calc.lines.append(Line("総額(円)", (Scalar("total", given, style="input"),)))
    calc.names[f"{identifier}_total"] = ("total", "total")
    for number, part in enumerate(outcome.parts, start=1):
        yen = part.allocation.total if part.allocation is not None else 0
        cells = (
            Scalar(f"taken_{number}", yen, f"{{charged_{number}}}" if calc.live else ""),
            Scalar(
                f"share_{number}",
                tenths(yen, allocation.total),
                f'IF(({added})=0,"0.0%",TEXT({{charged_{number}}}/({added}),"0.0%"))'
                if calc.live
                else "",
            ),
        )
        words = f"{BASIS[part.programme.basis].ja}。右は各部分の計に占める割合"
        calc.lines.append(Line(f"部分{number} {part.programme.title}(円)", cells, words))
    if given is not None and _may_differ(outcome):
        add_gap(calc, given, Scalar("charged", allocation.total, added))
        calc.names[f"{identifier}_charged"] = ("charged", "charged")


def _may_differ(outcome: ProgrammeOutcome) -> bool:
    """Whether the part that takes the rest may charge another sum than what is left for it."""
    rests = [part for part in outcome.programme.part if part.is_rest]
    return any(part.rounding is not None and not part.rounding.rule.hits_total for part in rests)


def _add_columns(calc: Calc, outcome: ProgrammeOutcome, allocation: Allocation) -> None:
    """Add the amounts of each part, nothing for those who have no share in it, and their sum."""
    codes = allocation.payers["code"].to_list()
    for number, (own, part) in enumerate(zip(outcome.parts, calc.parts, strict=True), start=1):
        if own.allocation is None:
            continue
        rows = {code: row for row, code in enumerate(own.allocation.payers["code"])}
        cells = [part.cell("amount", rows[code]) if code in rows else "" for code in codes]
        values = [own.allocation.by_code.get(code) for code in codes]
        heading = f"{own.programme.title}(円)"
        if not calc.live:
            cells = []
        column = Column(f"part_{number}", heading, values, cells=cells, least=14)
        calc.columns.append(column)
        name = f"{outcome.programme.id}_part_{number}_amounts"
        calc.names[name] = (column.key, column.key)
    formula = "+".join(f"[part_{number}]" for number in range(1, len(calc.parts) + 1))
    add_amounts(calc, allocation, formula if calc.live else "")


def _tests(calc: Calc, allocation: Allocation) -> list[Test]:
    """Return the checks of a sum: nothing of a part is lost, and the total is a whole number."""
    if not calc.live:
        return []
    numbers = range(1, len(calc.parts) + 1)
    charged = sum(calc.number(f"taken_{number}") for number in numbers)
    found = "+".join(f"SUM({{amounts_{number}}})" for number in numbers)
    values = (charged, allocation.allocated)
    tests = [Test("各部分の額の計が金額の計に等しい(円)", found, "SUM([amount:])", values)]
    if any(cell.key == "total" and cell.style == "input" for cell in calc.lines[0].cells):
        wrong = f"(INT({{total}})<>{{total}})+({{total}}<0)+({{total}}>={EXACT})"
        tests.append(Test("総額が整数である(誤りの数)", wrong))
    return tests
