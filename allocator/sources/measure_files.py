"""Files of measures: a code and a whole number on each line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal

import polars as pl

from allocator.domain.errors import Problem, refuse
from allocator.domain.organisations import PREFECTURE, Register
from allocator.domain.text import Text
from allocator.engine.exact import Ints
from allocator.sources.table import (
    official_codes,
    raise_all,
    read_csv,
    refuse_duplicates,
    whole_numbers,
)

POPULATION: Final = "population"
LARGEST_VALUE: Final = 10**12
"""The largest value of a measure that the engine undertakes to compute with."""

_DATE_IN_NAME: Final = re.compile(r"(?<!\d)(\d{4})[-_.]?(\d{2})[-_.]?(\d{2})(?!\d)")

Origin = Literal["bundled", "plan", "option", "register"]


@dataclass(frozen=True)
class Measure:
    """A number per organisation. `frame` follows `schemas.MEASURE`, each code once."""

    name: str
    as_of: date | None
    frame: pl.DataFrame
    file: Path | None
    origin: Origin

    @property
    def label(self) -> str:
        """Name and date, as messages put it: population of 2022-01-01."""
        return f"{self.name} of {self.as_of}" if self.as_of else self.name


def read_measure(
    file: Path,
    column: str,
    register: Register,
    label: tuple[str, date | None, Origin] = ("", None, "plan"),
) -> Measure:
    """Read a measure from a CSV file; `label` is its name, date and origin.

    Raises:
        InputError: no such column, wrong or repeated codes, figures that are no whole numbers.
    """
    table = read_csv(file)
    code = table.column(["code", "団体コード"])
    table.column([column])
    if register.official:
        codes = official_codes(table, code, register.codes)
    else:
        codes = table.frame[code].alias("code")
    refuse_duplicates(table, codes, code)
    values = whole_numbers(table, column)
    frame = pl.DataFrame([codes.alias("code"), values, table.frame["line"]])
    too_large = frame.filter(pl.col("value") > LARGEST_VALUE)
    raise_all(
        [
            Problem(
                table.where(line, column),
                Text(f"{value:,} is more than 10^12", f"{value:,} は10の12乗を超えています"),
                Text("write the measure in a larger unit", "より大きな単位で書いてください"),
            )
            for value, line in too_large.select("value", "line").iter_rows()
        ]
    )
    name, as_of, origin = label
    return Measure(name, as_of, frame, file, origin)


def date_in_name(file: Path) -> date:
    """Return the date in a file's name.

    Raises:
        InputError: there is none, or more than one.
    """
    dates = []
    for year, month, day in _DATE_IN_NAME.findall(file.name):
        try:
            dates.append(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    if len(dates) != 1:
        raise refuse(
            str(file),
            Text("the file's name has no date", "ファイル名に日付がありません"),
            Text(
                "name it for the day it counts, such as population_2026-01-01.csv",
                "population_2026-01-01.csv のように基準日を名前に含めてください",
            ),
        )
    return dates[0]


def refuse_wrong_sums(measure: Measure, everyone: pl.DataFrame, values: Ints) -> None:
    """Raise an `InputError` for prefectures that are not the sum of their municipalities."""
    counted = everyone.with_columns(pl.Series("value", values, dtype=pl.Int64))
    is_prefecture = pl.col("kind") == PREFECTURE
    sums = counted.group_by("prefecture").agg(
        pl.col("value").filter(is_prefecture).sum().alias("printed"),
        pl.col("value").filter(~is_prefecture).sum().alias("added"),
    )
    off = sums.filter(pl.col("printed") != pl.col("added")).sort("prefecture")
    raise_all(
        [
            Problem(
                f"{measure.file}",
                Text(
                    f"{prefecture} has {printed:,}, its municipalities add up to {added:,}",
                    f"{prefecture} は {printed:,} ですが、市区町村の合計は {added:,} です",
                ),
                Text("correct the figure that is wrong", "誤っている数値を直してください"),
            )
            for prefecture, printed, added in off.iter_rows()
        ]
    )
