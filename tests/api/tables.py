"""The bundled plan as tables, and a small plan of one programme."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import polars as pl

import allocator
from allocator.sources.bundled import CONFIGS

FOLDER = CONFIGS / "2023"


def tables() -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the keys of the bundled plan.toml, and the tables of its programmes."""
    keys = _toml("plan")
    programmes = [_toml(name) for name in keys.pop("programmes")]
    return keys, programmes


def _toml(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def by_staff(total: int = 1000, **more: Any) -> allocator.Plan:
    """Return a plan of one programme `x`, split over the prefectures by the measure `staff`."""
    programme: Mapping[str, Any] = {
        "id": "x",
        "payers": "prefectures",
        "basis": "rule",
        "total": total,
        "share": [{"weight": Fraction(1), "by": "staff", **more}],
        "rounding": {"unit": 1, "method": "largest_remainder"},
    }
    return allocator.build_plan([programme], fiscal_year=2026)


def staff() -> pl.DataFrame:
    """Return a figure for each prefecture: 1 to 47, in the order of their codes."""
    codes = allocator.bind(2023)["residents"].codes
    return pl.DataFrame({"code": codes, "staff": range(1, 48)})


def codes_of(error: allocator.InputError) -> list[str]:
    """Return the codes of the problems."""
    return error.frame()["code"].to_list()
