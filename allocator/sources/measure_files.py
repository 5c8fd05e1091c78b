"""Files of measures: a code and a whole number on each line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, Literal

import polars as pl

from allocator.domain.dates import dates_in, dates_in_name, dates_of_cells
from allocator.domain.errors import Problem, refuse
from allocator.domain.organisations import PREFECTURE, Register
from allocator.domain.text import Text
from allocator.engine.exact import Ints
from allocator.sources.cells import Mended, organisation_codes, whole_numbers
from allocator.sources.grid import CODE_WORDS, folded
from allocator.sources.table import (
    TextTable,
    raise_all,
    read_table,
    refuse_duplicates,
    refuse_thousands,
)

POPULATION: Final = "population"
LARGEST_VALUE: Final = 10**12
"""The largest value of a measure that the engine undertakes to compute with."""

# Such as 人口, 平成31年/人口/計, 人口(人), 人口総数, A1101_総人口(人), 総数(人), but neither
# 人口/男 nor 人口増減率.
_POPULATION_WORDS: Final = re.compile(
    r"(^|/)([A-Z][0-9]+_)?(住民基本台帳|総)?人口(総数|計)?(\([^/]*\))?"
    r"(/(計|総数|合計)(\([^/]*\))?)?$"
    r"|^総数\(人\)$"
)

Origin = Literal["bundled", "plan", "option", "register"]


@dataclass(frozen=True)
class Measure:
    """A number per organisation. `frame` follows `schemas.MEASURE`, each code once.

    `remarks` tell what was read otherwise than it was written, and what was left out.
    """

    name: str
    as_of: date | None
    frame: pl.DataFrame
    file: Path | None
    origin: Origin
    remarks: tuple[Text, ...] = ()

    @property
    def label(self) -> Text:
        """Name and date, as messages put it: population of 2022-01-01."""
        if self.as_of is None:
            return Text(self.name, self.name)
        return Text(f"{self.name} of {self.as_of}", f"{self.as_of} 現在の {self.name}")


def read_measure(
    file: Path,
    column: str,
    register: Register,
    label: tuple[str, date | None, Origin] = ("", None, "plan"),
) -> Measure:
    """Read a measure from a file; `label` is its name, date and origin.

    Where the label has no date, that of the file's content counts, else that of its name.

    Raises:
        InputError: no such column, wrong or repeated codes, figures that are no whole numbers, a
            file of another date than the label's.
    """
    table = read_table(file)
    heading = _column_of(table, column)
    refuse_thousands(table, heading)
    mended = Mended()
    if register.official:
        rows = organisation_codes(table, register, mended)
        code = next((name for name in CODE_WORDS if name in table.columns), "code")
    else:
        code = table.column(["code", "団体コード"])
        rows = table.frame.select(pl.col(code).alias("code"), "line")
        written, rows = rows, rows.filter(pl.col("code").is_in(list(register.codes)))
        for _ in range(len(written) - len(rows)):
            mended.leave_out("other")
    if rows.is_empty():
        raise refuse(
            str(file),
            Text("no row is an organisation of the register", "団体一覧にある団体の行がありません"),
            Text(
                "give a table with a column of 団体コード",
                "団体コードの列がある表を指定してください",
            ),
        )
    refuse_duplicates(table, rows, code)
    values = whole_numbers(table, heading, rows["line"], mended)
    frame = rows.select("code", values, "line")
    _refuse_too_large(table, frame, heading)
    name, as_of, origin = label
    return Measure(name, _date(table, as_of, origin), frame, file, origin, mended.texts())


def population_columns(table: TextTable) -> list[str]:
    """Return the columns that bear the words of a population: 人口 or 平成31年/人口/計."""
    return [label for label in table.columns if _POPULATION_WORDS.search(label)]


def _column_of(table: TextTable, name: str) -> str:
    """Return the column that holds the measure `name`: by its heading, or by the words stacked."""
    if name in table.columns:
        return name
    name = folded(name)  # as headings are
    if name in table.columns:
        return name
    candidates = [label for label in table.columns if label.rpartition("/")[2] == name]
    if name == POPULATION:
        candidates = population_columns(table)
    if len(candidates) == 1:
        return candidates[0]
    if not candidates and "value" in table.columns:
        return "value"
    columns = ", ".join(candidates or table.columns)
    what = (
        Text(
            f"no column {name}; the header has: {columns}",
            f"{name} の列がありません(見出し: {columns})",
        )
        if not candidates
        else Text(
            f"several columns could be {name}: {columns}", f"{name} の列が複数あります: {columns}"
        )
    )
    raise refuse(
        str(table.file),
        what,
        Text(
            f'name the column {name}, or say column = "…" in [[measure]]',
            f'列の見出しを {name} とするか、[[measure]] で column = "…" と指定してください',
        ),
    )


def _date(table: TextTable, as_of: date | None, origin: Origin) -> date | None:
    """Return the date of a measure; content goes before the name, and both before nothing."""
    in_title = dates_in(table.title)[:1]
    if as_of is not None:
        if in_title and in_title[0] != as_of:
            raise refuse(
                str(table.file),
                Text(
                    f"the file is of {in_title[0]}, the plan wants {as_of}",
                    f"ファイルは {in_title[0]} 現在ですが、計画が求めるのは {as_of} 現在です",
                ),
                Text("give the file of that date", "その日付のファイルを指定してください"),
            )
        return as_of
    # A date in a cell of its own may be that of the printing: the name goes before it.
    dates = in_title or dates_in_name(table.file.name) or dates_of_cells(table.title)
    if len(dates) == 1:
        return dates[0]
    if origin != "option":
        return None
    raise refuse(
        str(table.file),
        Text(
            "neither the file's title nor its name has a date",
            "表題にもファイル名にも基準日がありません",
        ),
        Text(
            "name it for the day it counts, such as population_2026-01-01.csv",
            "population_2026-01-01.csv のように基準日を名前に含めてください",
        ),
    )


def _refuse_too_large(table: TextTable, frame: pl.DataFrame, column: str) -> None:
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


def refuse_wrong_sums(measure: Measure, everyone: pl.DataFrame, values: Ints) -> None:
    """Raise an `InputError` for prefectures that are not the sum of their municipalities."""
    counted = everyone.with_columns(pl.Series("value", values, dtype=pl.Int64))
    is_prefecture = pl.col("kind") == PREFECTURE
    sums = counted.group_by("prefecture").agg(
        pl.col("value").filter(is_prefecture).cast(pl.Int128).sum().alias("printed"),
        pl.col("value").filter(~is_prefecture).cast(pl.Int128).sum().alias("added"),
        is_prefecture.any().alias("has_row"),
    )
    off = sums.filter(pl.col("has_row") & (pl.col("printed") != pl.col("added")))
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
            for prefecture, printed, added, _ in off.sort("prefecture").iter_rows()
        ]
    )
