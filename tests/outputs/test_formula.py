"""A formula gives what a spreadsheet gives, and is refused where that would be inexact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import pytest

from allocator.outputs.workbook.model.formula import (
    EXACT,
    BeyondError,
    to_figures,
    to_values,
    value_of,
)
from allocator.outputs.workbook.model.sheet import Calc, Column, Line, Scalar, Source

COLUMNS: Final[dict[str, list[int | str | None]]] = {
    "left": [5, 9, "", 9, 2],
    "in": [1, 1, 0, 1, 1],
    "share": [10, 30, 20, 40, 0],
}


@dataclass(frozen=True)
class Sheet:
    """Cells and columns of invented figures."""

    def figure(self, key: str) -> Any:
        return to_figures([{"total": 1_000, "unit": 7, "first": 3}[key]])[0]

    def figures(self, key: str) -> Any:
        return to_figures(COLUMNS[key])

    def figures_of(self, start: str, end: str) -> Any:
        assert (start, end) == ("low", "high")
        return to_figures([0, 20, 35])


@pytest.mark.parametrize(
    ("formula", "given"),
    [
        ("INT({total}/{unit})", [142]),
        ("{total}-INT({total}/{unit})*{unit}", [6]),
        ("-{unit}+2*{first}", [-1]),
        ("({total}>=1000)+({unit}<>7)+({unit}=7)", [2]),
        ("GCD({total},{unit}*50)", [50]),
        ("SUM([share:])", [100]),
        ("SUMPRODUCT([share:],[in:])", [80]),
        ("ROWS([share:])", [5]),
        ("[share]*[in]", [10, 30, 0, 40, 0]),
        ("N([share^])+[in]", [1, 11, 30, 21, 41]),
        ("SUM([in<])", [1, 2, 2, 3, 4]),
        ("ROWS([in<])", [1, 2, 3, 4, 5]),
        ("RANK([left],[left:],0)+COUNTIF([left<],[left])-1", [3, 1, "", 2, 4]),
        ('IF([in]=1,RANK([left],[left:],0)+COUNTIF([left<],[left])-1,"")', [3, 1, "", 2, 4]),
        ('1+COUNTIF([left:],">"&[left])', [3, 1, 1, 1, 4]),
        ('COUNTIFS([left:],[left],[share:],">"&[share])', [0, 1, 0, 0, 0]),
        ("COUNTIFS([left<],[left],[share<],[share])", [1, 1, 0, 1, 1]),
        ('COUNTIF([share<],">0")', [1, 2, 3, 4, 4]),
        ('COUNTIF([left:],"<6")', [2]),
        ("AND([share]=MAX([share:]),[in]=1)", [0, 0, 0, 1, 0]),
        ("LOOKUP([share],{low}:{high})", [0, 20, 20, 35, 0]),
        ("LOOKUP([share],{low}:{high},{low}:{high})*2", [0, 40, 40, 70, 0]),
        ('IF([share]>0,{total}/[share],"")', [100, 1000 / 30, 50, 25, ""]),
        ("[share@2]+{first}", [23]),
    ],
)
def test_what_a_formula_gives(formula: str, given: list[float | str]) -> None:
    found = to_values(to_figures([0]) + value_of(formula, Sheet()))
    assert found == given


def test_a_figure_that_would_be_inexact_is_refused() -> None:
    assert float(value_of(f"{{first}}+{EXACT - 4}", Sheet())) == EXACT - 1
    for formula in (f"{{first}}+{EXACT - 3}", f"[share]*{EXACT // 40}", f"-{EXACT - 1}-{{first}}"):
        with pytest.raises(BeyondError):
            value_of(formula, Sheet())


def test_keys_in_quotes_are_text() -> None:
    calc = Calc("a{total}'b", [Line("", (Scalar("total", 5),))])
    calc.columns = [Column("code", "", ["x"], style="code")]
    formula = "'[code:] it''s {total}'!$A$1+{total}&\"[code] \"\"{total}\""
    assert calc.resolve(formula)(0) == ("='[code:] it''s {total}'!$A$1+$B$3&\"[code] \"\"{total}\"")
    assert calc.outside("{total}") == "'a{total}''b'!$B$3"


def test_a_column_that_refers_to_its_own_cell_above_is_worked_out_row_by_row() -> None:
    calc = Calc("x", [Line("", (Scalar("most", 10),))])
    calc.columns = [Column("step", "", [4, 5, 6, 7])]
    calc.add("run", "", "N([run^])+[step]-{most}*(N([run^])+[step]>={most})")
    assert calc.values("run") == [4, 9, 5, 2]


def test_inputs_are_read_where_they_are_entered() -> None:
    calc = Calc("x", [Line("", (Scalar("sum", formula="SUM([m1@])-[m1@1]"),))])
    source = Source("inputs", 4, 9, 3)
    calc.columns = [Column("m1", "", [4, 5, 6], source=source)]
    assert calc.value("sum") == 10
    assert calc.resolve("SUM([m1@])-[m1@1]")(0) == ("=SUM('inputs'!$E$10:$E$12)-'inputs'!$E$11")
