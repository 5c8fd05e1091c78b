"""The rules written anew in plain fractions, and the tables that they are applied to."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]

Row = dict[str, str]


def table(file: Path) -> list[Row]:
    """Return the rows of a CSV file in UTF-8, with or without a byte order mark."""
    return list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline="")))


def bundled_population(day: str) -> list[Row]:
    """Return the rows of a population file of the project."""
    return table(ROOT / "data" / "population" / f"resident_register_{day}.csv")


def published(programme: str) -> dict[str, int]:
    """Return the published amounts of FY2023 by code."""
    rows = table(ROOT / "data" / "published" / "2023" / f"{programme}.csv")
    return {row["code"]: int(row["amount"]) for row in rows}


def written(folder: Path, programme: str, name: str = "allocation.csv") -> dict[str, int]:
    """Return the amounts by code that a run wrote into `folder`."""
    rows = [row for row in table(folder / name) if row["programme"] == programme]
    amounts = {row["code"]: int(row["amount"]) for row in rows}
    assert len(amounts) == len(rows), "each payer once"
    return amounts


def people(rows: list[Row], *, prefectures: bool) -> dict[str, int]:
    """Return the population by code, of prefectures or of municipalities."""
    return {
        row["code"]: int(row["population"])
        for row in rows
        if prefectures == (not row["municipality"])
    }


def half_equal_half_by(measure: Mapping[str, int]) -> dict[str, Fraction]:
    """Return the shares of the rule of residents."""
    whole = sum(measure.values())
    half = Fraction(1, 2)
    return {code: half / len(measure) + half * value / whole for code, value in measure.items()}


def largest_remainder(shares: Mapping[str, Fraction], total: int, unit: int) -> dict[str, int]:
    """Split `total` (yen, whole units) by the largest remainder, ties to the lower code."""
    units, rest = divmod(total, unit)
    assert rest == 0
    quotas = {code: share * units for code, share in shares.items()}
    whole = {code: floor(quota) for code, quota in quotas.items()}
    order = sorted(quotas, key=lambda code: (whole[code] - quotas[code], code))
    for code in order[: units - sum(whole.values())]:
        whole[code] += 1
    return {code: amount * unit for code, amount in whole.items()}
