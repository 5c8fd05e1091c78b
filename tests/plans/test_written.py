"""A plan written as TOML, from the values that Python has for its keys."""

from __future__ import annotations

import tomllib
from datetime import date
from fractions import Fraction
from typing import Any

import pytest

from allocator.plans.written import as_toml
from tests.plans.plans import assert_says, refused


def test_every_kind_of_value() -> None:
    keys = {
        "id": "split",
        "name": '負担金 "A"\n',
        "total": 10**18,
        "note": None,
        "codes": ("010006", "020001"),
        "share": [
            {"weight": Fraction(1, 3), "by": "equal", "as_of": None},
            {"weight": "2/3", "by": "population", "as_of": date(2022, 1, 1)},
        ],
        "adjustment": [{"keep_total": True}],
    }
    assert tomllib.loads(as_toml(keys, "split.toml")) == {
        "id": "split",
        "name": '負担金 "A"\n',
        "total": 10**18,
        "codes": ["010006", "020001"],
        "share": [
            {"weight": "1/3", "by": "equal"},
            {"weight": "2/3", "by": "population", "as_of": date(2022, 1, 1)},
        ],
        "adjustment": [{"keep_total": True}],
    }


@pytest.mark.parametrize(
    ("keys", "where", "found"),
    [
        ({"total": 0.5}, "split.toml: total", "0.5"),
        ({"share": [{"weight": 1 / 3}]}, "split.toml: share: weight", "0.3333"),
        ({"rounding": {"unit": {1}}}, "split.toml: rounding: unit", "{1}"),
    ],
)
def test_what_would_not_be_exact_is_refused(keys: dict[str, Any], where: str, found: str) -> None:
    (problem,) = refused(lambda: as_toml(keys, "split.toml"))
    assert problem.where == where
    assert_says(problem, found)
