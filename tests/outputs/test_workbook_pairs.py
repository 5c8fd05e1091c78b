"""Figures in two cells, calculated by LibreOffice: compared with whole numbers, at every edge."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import pytest
import xlsxwriter

from allocator.outputs.workbook.model.limbs import at_least, doubled, less_common, order
from allocator.outputs.workbook.model.sheet import Calc, Column, Line, Scalar
from allocator.outputs.workbook.model.split_plan import LOW
from tests.outputs.spreadsheet import recalculated

PAIR = "[x_high]", "[x_low]"
FORMULAS = {
    "once": at_least(*PAIR),
    "twice": at_least(*PAIR, 2),
    "half": at_least(*doubled(*PAIR)),
    "less_high": less_common(*PAIR, "[times]", 2)[0],
    "less_low": less_common(*PAIR, "[times]", 2)[1],
    "order": order("x"),
}


def _book(common: int, figures: Sequence[int]) -> bytes:
    """Return a workbook with the formulas beside the figures, and nothing calculated."""
    calc = Calc("x", head=0)
    high, low = divmod(common, LOW)
    calc.lines.append(Line("", (Scalar("common_high", high), Scalar("common_low", low))))
    times = [min(figure // common, 2) for figure in figures]
    calc.columns = [
        Column("x_high", "", [figure // LOW for figure in figures]),
        Column("x_low", "", [figure % LOW for figure in figures]),
        Column("times", "", times),
        *(Column(key, "", [0] * len(figures), (text,)) for key, text in FORMULAS.items()),
    ]
    content = BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as workbook:
        sheet = workbook.add_worksheet("x")
        for line in calc.lines:
            for cell in line.cells:
                sheet.write(*calc.cells[cell.key], cell.value)
        for column in calc.columns:
            for row, value in enumerate(column.values, calc.first):
                formula = calc.resolve(column.formulas[0])(row) if column.formulas else value
                sheet.write(row, calc.places[column.key], formula)
            name = f"x!{calc.range(column.key)}"
            workbook.define_name(f"of_{column.key}", f"={name}")
        sheet.write_string(calc.heading_row, calc.places["x_high"], "x")
    return content.getvalue()


def _figures(common: int) -> list[int]:
    """Return figures below three times `common`: beside every edge, at random, some twice."""
    draw = random.Random(common)
    edges = [0, common // 2, common, 3 * common // 2, 2 * common, 3 * common - 2, common + LOW]
    near = [edge + step for edge in edges for step in (-1, 0, 1)]
    same_high = [common // LOW * LOW + draw.randrange(LOW) for _ in range(30)]
    anywhere = [draw.randrange(3 * common) for _ in range(30)]
    found = [figure for figure in near + same_high + anywhere if 0 <= figure < 3 * common]
    return found + draw.sample(found, 20)


@pytest.mark.parametrize(
    "common", [10**26 * 3 + 1, 6 * 10**25 + 999_999_999_999, 33 * 10**15, 501 * LOW + 5, 500 * LOW]
)
def test_pairs_are_exact(common: int, require_tool: Callable[[str], str], tmp_path: Path) -> None:
    figures = _figures(common)

    content = _book(common, figures)
    found = recalculated(require_tool("soffice"), {"pairs": content}, tmp_path)["pairs"]

    def given(key: str) -> list[object]:
        return [value or 0 for value in found.named(f"of_{key}")]

    assert given("once") == [int(figure >= common) for figure in figures]
    assert given("twice") == [int(figure >= 2 * common) for figure in figures]
    assert given("half") == [int(2 * figure >= common) for figure in figures]
    left = [figure - min(figure // common, 2) * common for figure in figures]
    assert given("less_high") == [each // LOW for each in left]
    assert given("less_low") == [each % LOW for each in left]
    assert given("order") == [1 + sum(other > each for other in figures) for each in figures]
