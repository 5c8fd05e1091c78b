"""A new rounding method is a function of the engine, an expression and an entry in words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from allocator.domain.text import Text
from allocator.engine import rounding
from allocator.engine.rounding import Quotas, Rounded
from allocator.engine.rule import Ties
from allocator.engine.shares import Shares
from allocator.outputs.workbook.model import rounding as formulas
from allocator.outputs.workbook.model.sheet import Calc
from allocator.outputs.workbook.model.split_plan import Plan
from allocator.tasks.compute import compute_plan
from allocator.words import rule as words
from tests.cli.calls import call_inside
from tests.outputs.country import PLAN, named, opened, rendered, rows, sheet, write_country
from tests.outputs.spreadsheet import edited, recalculated

NAME = "floor_then_last"
WELLS = f"""\
id = "wells"
name = "井戸負担金"
payers = "municipalities"
basis = "rule"
total = 503
[[share]]
weight = "1/2"
by = "equal"
[[share]]
weight = "1/2"
by = "staff"
[rounding]
unit = 1
method = "{NAME}"
"""


def _floor_then_last(quotas: Quotas, shares: Shares, units: int, _: Ties) -> Rounded:
    """⌊qᵢ⌋ each; the missing units to the last payer with a share."""
    whole = quotas.numerators // quotas.denominator
    extra = whole * 0
    extra[np.flatnonzero(shares.numerators > 0)[-1]] = units - int(whole.sum())
    return Rounded(whole + extra, {"whole_units": whole, "extra_unit": extra})


def _formulas(calc: Calc, plan: Plan) -> None:
    formulas.add_missing(calc, plan, "whole")
    last = 'AND([share]>0,COUNTIF([share:],">0")=COUNTIF([share<],">0"))'
    formulas.add_extra(calc, "whole", f"IF({last},{{missing}},0)")


@pytest.fixture
def plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    said = words.MethodWords(
        Text("cut, the difference to the last payer", "切捨て、差は末尾の団体で調整"),
        missing=Text("to the last payer with a share", "割合のある末尾の団体で調整する"),
    )
    monkeypatch.setitem(rounding.METHODS, NAME, _floor_then_last)
    monkeypatch.setitem(formulas.METHODS, NAME, _formulas)
    monkeypatch.setattr(words, "METHODS", {**words.METHODS, NAME: said})
    return write_country(tmp_path / "country", plan=PLAN.replace('"roads", ', ""), wells=WELLS)


def test_it_is_computed_and_worded(plan: Path) -> None:
    outcome = compute_plan(plan)

    (wells,) = outcome.programmes
    assert wells.allocation is not None
    # 503 · (1/10 + staff/200): 75.45, 100.6, 125.75, 148.385, 52.815
    assert list(wells.allocation.amounts) == [75, 100, 125, 148, 55]
    book = opened(plan)
    assert named(book, "wells_amounts") == [75, 100, 125, 148, 55]
    name, remark = "切捨て、差は末尾の団体で調整", "割合のある末尾の団体で調整する"
    assert "cut, the difference to the last payer" in call_inside("show", "W4", plan).out
    assert any(name in str(cell) for row in rows(sheet(book, "算定方法")) for cell in row)
    assert any(remark in row for row in rows(sheet(book, "算定1")))


def test_it_is_live(plan: Path, require_tool: Callable[[str], str], tmp_path: Path) -> None:
    content = rendered(compute_plan(plan))
    after = edited(content, {"wells_total": 10_007})

    found = recalculated(require_tool("soffice"), {"old": content, "new": after}, tmp_path)

    assert found["old"].named("wells_amounts") == [75, 100, 125, 148, 55]
    assert found["new"].named("wells_amounts") == [1501, 2001, 2501, 2952, 1052]


def test_the_plan_is_refused_where_nobody_knows_the_method(tmp_path: Path) -> None:
    plan = write_country(tmp_path / "country", plan=PLAN.replace('"roads", ', ""), wells=WELLS)

    ended = call_inside("check", plan, "--lang", "en")

    assert ended.status == 2
    assert f"{NAME!r} is not allowed here" in ended.err
    assert "use one of: 'largest_remainder'" in ended.err
