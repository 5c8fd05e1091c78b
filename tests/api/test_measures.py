"""Measures passed from Python: every form that a table has there, and every fault of one."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

import allocator
from tests.api.tables import by_staff, codes_of, staff


class Foreign:
    """A frame of another library: nothing of it is known but how it hands out its columns."""

    def __init__(self, frame: pl.DataFrame) -> None:
        """Take the columns."""
        self._frame = frame

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """Hand out the columns."""
        return self._frame.__arrow_c_stream__(requested_schema)


STAFF = staff()
CODES = STAFF["code"].to_list()
FIGURES = STAFF["staff"].to_list()


FORMS: list[Any] = [
    STAFF,
    STAFF.lazy(),
    STAFF.reverse(),
    STAFF.rename({"staff": "persons"}),
    STAFF.with_columns(name=pl.lit("a")),
    STAFF.with_columns(pl.col("code").cast(pl.Int64)),
    STAFF.with_columns(pl.col("code").cast(pl.Float64)),
    STAFF.with_columns(pl.col("staff").cast(pl.Float64)),
    STAFF.with_columns(pl.col("staff").cast(pl.UInt8)),
    STAFF.with_columns(pl.col("staff").cast(pl.Decimal(10, 2))),
    STAFF.with_columns(pl.col("staff").cast(pl.String)),
    Foreign(STAFF),
    {"code": CODES, "staff": np.array(FIGURES)},
    dict(zip(CODES, FIGURES, strict=True)),
    {int(code): figure for code, figure in zip(CODES, FIGURES, strict=True)},
    dict(zip(CODES, map(Fraction, FIGURES), strict=True)),
    dict(zip(CODES, map(Decimal, FIGURES), strict=True)),
    dict(zip(CODES, np.array(FIGURES), strict=True)),
    {"131016": 5, **dict(zip(CODES, FIGURES, strict=True))},
]


@pytest.mark.parametrize("data", FORMS, ids=[str(number) for number in range(len(FORMS))])
def test_every_form_of_a_measure_gives_the_same(data: Any) -> None:
    expected = allocator.apportion(1000, FIGURES).units.tolist()

    found = allocator.allocate(by_staff(), measures={"staff": data})["x"]

    assert found.frame()["amount"].to_list() == expected
    assert found.frame()["code"].to_list() == CODES


def changed(row: int, **values: object) -> pl.DataFrame:
    """Return the measure with other values in one row, counted from 1."""
    rows = STAFF.with_columns(pl.col("staff").cast(pl.Float64)).rows(named=True)
    rows[row - 1] |= values
    return pl.DataFrame(rows, schema={"code": pl.String, "staff": pl.Float64})


FAULTS: list[tuple[Any, str, str]] = [
    (changed(3, staff=None), "measures['staff']: row 3, column staff", "missing_figure"),
    (
        changed(3, staff=float("nan")),
        "measures['staff']: row 3, column staff",
        "missing_figure",
    ),
    (changed(3, staff=float("inf")), "measures['staff']: row 3, column staff", "wrong_type"),
    (changed(3, staff=-1), "measures['staff']: row 3, column staff", "negative"),
    (changed(3, staff=0.5), "measures['staff']: row 3, column staff", "not_whole"),
    (changed(3, code=None), "measures['staff']: row 3, column code", "not_a_code"),
    (changed(3, code=""), "measures['staff']: row 3, column code", "not_a_code"),
    (changed(3, code="999999"), "measures['staff']: row 3, column code", "wrong_check_digit"),
    (changed(3, code="abc"), "measures['staff']: row 3, column code", "not_a_code"),
    (changed(3, code="010006"), "measures['staff']: row 3, column code", "duplicate_code"),
    (changed(3, staff=1e13), "measures['staff']: row 3, column staff", "too_large"),
    (STAFF.head(46), "measures['staff']", "missing_payers"),
    (STAFF.head(0), "measures['staff']", "no_rows"),
    (STAFF.rename({"code": "id"}), "measures['staff']", "missing_column"),
    (STAFF.select("code"), "measures['staff']", "missing_column"),
    (pl.DataFrame(), "measures['staff']", "missing_column"),
    (
        STAFF.rename({"staff": "a"}).with_columns(b=1),
        "measures['staff']",
        "unclear_column",
    ),
    (5, "measures['staff']", "not_a_table"),
    ({"code": ["010006"], "staff": [1, 2]}, "measures['staff']", "not_a_table"),
    ({"010006": [1, 2]}, "measures['staff']: row 1, column staff", "wrong_type"),
    ({"010006": True}, "measures['staff']: row 1, column staff", "wrong_type"),
    ({"010006": "千"}, "measures['staff']: row 1, column staff", "wrong_figure"),
]


@pytest.mark.parametrize(
    ("data", "where", "code"), FAULTS, ids=[str(number) for number in range(len(FAULTS))]
)
def test_a_fault_names_the_measure_and_its_row(data: Any, where: str, code: str) -> None:
    with pytest.raises(allocator.InputError) as caught:
        allocator.allocate(by_staff(), measures={"staff": data})

    (problem,) = caught.value.problems
    assert (problem.where, problem.code) == (where, code)
    assert "line" not in problem.what.en
    assert ".csv" not in str(caught.value)


def test_rows_are_counted_from_one_in_both_languages() -> None:
    twice = pl.concat([STAFF, STAFF.head(1)])

    with pytest.raises(allocator.InputError) as caught:
        allocator.allocate(by_staff(), measures={"staff": twice})

    (problem,) = caught.value.problems
    assert "rows 1, 48" in problem.what.en
    assert "1, 48" in problem.what.ja or "1、48" in problem.what.ja


@pytest.mark.parametrize(
    ("measures", "where", "code"),
    [
        ({"population": STAFF}, "measures['population']", "unused_measure"),
        ({"equal": STAFF}, "measures['equal']", "name_taken"),
        ({"St": STAFF}, "measures['St']: name", "bad_id"),
        ({3: STAFF}, "measures[3]: name", "wrong_type"),
        ({("staff", "2020-01-01"): STAFF}, "measures['staff', 2020-01-01]: as_of", "wrong_type"),
    ],
)
def test_names_that_the_plan_does_not_ask_for(
    measures: dict[Any, Any], where: str, code: str
) -> None:
    with pytest.raises(allocator.InputError) as caught:
        allocator.allocate(by_staff(), measures=measures)

    assert [(each.where, each.code) for each in caught.value.problems] == [(where, code)]


def test_a_name_without_a_date_is_of_the_one_that_is_asked_for() -> None:
    plan = by_staff(as_of=date(2025, 4, 1))
    expected = allocator.allocate(plan, measures={("staff", date(2025, 4, 1)): STAFF})

    assert allocator.allocate(plan, measures={"staff": STAFF}).frame().equals(expected.frame())
    with pytest.raises(allocator.InputError, match="staff of 2025-04-01") as caught:
        allocator.allocate(plan, measures={("staff", date(2024, 4, 1)): STAFF})
    assert codes_of(caught.value) == ["unused_measure"]


def test_a_measure_may_take_the_place_of_a_bundled_one() -> None:
    programme = {
        "id": "x",
        "payers": "prefectures",
        "basis": "rule",
        "total": 1000,
        "share": [{"weight": 1, "by": "population", "as_of": date(2022, 1, 1)}],
        "rounding": {"unit": 1, "method": "largest_remainder"},
    }
    plan = allocator.build_plan([programme], fiscal_year=2023)

    found = allocator.allocate(
        plan, measures={"population": dict(zip(CODES, FIGURES, strict=True))}
    )

    assert found["x"].frame()["amount"].to_list() == (
        allocator.apportion(1000, FIGURES).units.tolist()
    )
    assert not found.frame().equals(allocator.allocate(plan).frame())


def test_what_was_passed_stands_in_the_manifest(tmp_path: Path) -> None:
    outcome = allocator.allocate(by_staff(), measures={"staff": STAFF})
    outcome.write(tmp_path)
    inputs = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))["inputs"]

    assert "measures['staff']" in [each["file"] for each in inputs]
