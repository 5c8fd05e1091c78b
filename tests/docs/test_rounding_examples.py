"""The example of docs/rounding.md, computed again: by the program, and by its definitions."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Final, get_args

import numpy as np
import pytest

from allocator.engine.rule import DIVISOR_METHODS, Method, Rounding
from allocator.engine.shares import shares
from allocator.engine.split import Divided, split
from tests.docs.pages import page

ROUNDING: Final = page("docs/rounding.md")
METHODS: Final = get_args(Method)
UNIT: Final = 1000

CASE, SUMMARY = ROUNDING.sections["The case"].tables
QUOTAS: Final = [Fraction(row["quota"]) for row in CASE]
MEASURE: Final = [int(row["population"]) for row in CASE]
TOTAL: Final = int(sum(QUOTAS)) * UNIT


def computed(method: Method) -> Divided:
    """Return what the program gives for the case."""
    measure = np.array(MEASURE, dtype=np.int64)
    return split(shares([Fraction(1)], [measure]), TOTAL, Rounding(unit=UNIT, method=method))


def table_of(method: str) -> list[dict[str, str]]:
    """Return the table in the section of a method."""
    (rows,) = ROUNDING.sections[method].tables
    return rows


def column(rows: list[dict[str, str]], name: str) -> list[Fraction]:
    """Return a column as exact numbers."""
    return [Fraction(row[name].replace(",", "")) for row in rows]


def test_the_case_is_the_one_in_words() -> None:
    words = ROUNDING.sections["The case"].text

    assert f"{TOTAL:,} yen" in words
    assert f"units of {UNIT:,} yen" in words
    assert f"N = {TOTAL // UNIT}" in words
    assert [Fraction(m * TOTAL, sum(MEASURE) * UNIT) for m in MEASURE] == QUOTAS


def test_the_summary_names_every_method_with_its_amounts() -> None:
    said = {
        re.sub(r"\[`(\w+)`\]\(#\1\)", r"\1", row["method"]): [
            int(row[payer].replace(",", "")) for payer in "ABCD"
        ]
        for row in SUMMARY
    }

    assert said == {method: computed(method).amounts.tolist() for method in METHODS}


@pytest.mark.parametrize("method", METHODS)
def test_every_column_of_a_method_is_what_the_program_computes(method: Method) -> None:
    done = computed(method)
    known = {
        "quota": [done.quotas.of(place) for place in range(len(CASE))],
        "amount": done.amounts.tolist(),
        "units": done.rounded.units.tolist(),
        "running quota": [
            Fraction(int(value), done.quotas.denominator)
            for value in done.rounded.columns.get("running_quota", [])
        ],
        "remainder": [
            Fraction(int(value), done.quotas.denominator)
            for value in done.rounded.columns.get("remainder", [])
        ],
    }
    rows = table_of(method)
    names = [name for name in rows[0] if name != "payer" and not name.startswith("claim")]

    assert names[0] == "quota"
    assert names[-1] == "amount"
    for name in names:
        values = known.get(name)
        if values is None:
            values = done.rounded.columns[name.replace(" ", "_")].tolist()
        assert column(rows, name) == values, name


@pytest.mark.parametrize("method", DIVISOR_METHODS)
def test_the_claims_prove_the_result(method: str) -> None:
    rows = table_of(method)
    units = [int(row["units"]) for row in rows]
    last = [_claim(method, q, k - 1) if k else None for q, k in zip(QUOTAS, units, strict=True)]
    following = [_claim(method, q, k) for q, k in zip(QUOTAS, units, strict=True)]

    assert [row["claim of the last unit"] for row in rows] == [_shown(value) for value in last]
    assert [row["claim of the next unit"] for row in rows] == [_shown(v) for v in following]
    assert min(value for value in last if value is not None) >= max(following)


def test_the_definitions_give_the_whole_units_too() -> None:
    halves = [int(quota + Fraction(1, 2)) for quota in QUOTAS]
    floors = [int(quota) for quota in QUOTAS]
    running = [int(sum(QUOTAS[: end + 1]) + Fraction(1, 2)) for end in range(len(QUOTAS))]

    assert column(table_of("half_up_then_largest"), "whole units") == halves
    assert column(table_of("floor_then_first"), "whole units") == floors
    assert column(table_of("largest_remainder"), "whole units") == floors
    assert column(table_of("cumulative"), "running units") == running
    assert f"{sum(halves)} units, one too many" in ROUNDING.sections["half_up_then_largest"].text
    assert f"{sum(floors)} units are handed out" in ROUNDING.sections["largest_remainder"].text
    ups = [-int(-quota // 1) for quota in QUOTAS]
    for method, units in (("floor", floors), ("ceiling", ups), ("half_up", halves)):
        assert column(table_of(method), "units") == units
        assert f"{sum(units) * UNIT:,} yen are charged" in ROUNDING.sections[method].text


def _claim(method: str, quota: Fraction, units: int) -> Decimal:
    """Return quota ÷ d(units) by the formulas of the page."""
    k = Decimal(units)
    divisor = {
        "adams": k,
        "dean": 2 * k * (k + 1) / (2 * k + 1),
        "huntington_hill": (k * (k + 1)).sqrt(),
        "webster": k + Decimal("0.5"),
        "jefferson": k + 1,
    }[method]
    exact = Decimal(quota.numerator) / Decimal(quota.denominator)
    return exact / divisor if divisor else Decimal("Infinity")


def _shown(claim: Decimal | None) -> str:
    if claim is None:
        return "—"
    if not claim.is_finite():
        return "∞"
    return str(claim.quantize(Decimal("0.0001"), ROUND_HALF_UP))
