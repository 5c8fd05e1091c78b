"""The organisations that tables in these tests are about: those of the bundled register."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

DATA: Final = Path(__file__).parents[2] / "data"

Amounts = dict[str, int]
"""Figures by code."""


@cache
def organisations() -> tuple[dict[str, str], ...]:
    """Return the rows of the bundled register, with those of the past."""
    with (DATA / "organisations.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


@cache
def today() -> dict[str, dict[str, str]]:
    """Return the organisations of today by code."""
    return {row["code"]: row for row in organisations() if not row["valid_to"]}


_FORMS: Final = str.maketrans("ヶ檮龍", "ケ梼竜")


@cache
def coded(prefecture: str, municipality: str = "") -> str:
    """Return the code of an organisation of today by its names, without its county."""
    (found,) = [
        code
        for code, row in today().items()
        if row["prefecture"] == prefecture
        and row["municipality"].translate(_FORMS) == municipality.translate(_FORMS)
    ]
    return found


def amounts_of(named: Mapping[str, int]) -> Amounts:
    """Return amounts by code, of names such as 北海道/札幌市 or 北海道."""
    return {coded(*name.split("/")): amount for name, amount in named.items()}


def prefecture_of(code: str) -> str:
    """Return the code of the prefecture in which an organisation lies."""
    return next(each for each in today() if each[:2] == code[:2] and each[2:5] == "000")
