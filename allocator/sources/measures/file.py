"""Files of measures: a code and a whole number on each line."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Final, Literal

import polars as pl

from allocator.domain.dates import dates_in, dates_in_name, dates_of_cells
from allocator.domain.errors import Problem, refuse
from allocator.domain.organisations import PREFECTURE, Register
from allocator.domain.text import Text
from allocator.engine.exact import Ints
from allocator.files.source import Source
from allocator.sources.measures.scope import part_of_residents
from allocator.sources.reading.limits import most_rows
from allocator.sources.tables.codes import refuse_duplicates
from allocator.sources.tables.faults import Faults, raise_all
from allocator.sources.tables.header import folded, without_unit
from allocator.sources.tables.ledger import Ledger, Mended
from allocator.sources.tables.opened import TextTable, opened, read_table
from allocator.sources.tables.rows import take_rows
from allocator.sources.tables.taken import keys_of
from allocator.sources.tables.units import Unit, figure, unit_of
from allocator.sources.tables.who import Names

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

_PLAIN: Final = r"^([0-9]+|[0-9]{1,3}(,[0-9]{3})+)$"
_BLANKS: Final = frozenset({"", "-", "－", "―", "*", "***", "…", "x", "X"})
_LARGEST_READ: Final = 10**15
_MEND: Final = Text("write a whole number, zero or more", "0以上の整数で書いてください")
_MEND_FORMULA: Final = Text(
    f"{_MEND.en}; if it is a formula there, calculate and save the workbook first",
    f"{_MEND.ja}(数式の場合は、表計算ソフトで計算して保存し直してください)",
)

Origin = Literal["bundled", "plan", "option", "register"]


@dataclass(frozen=True)
class Measure:
    """A number per organisation. `frame` follows `schemas.MEASURE`, each code once.

    `remarks` tell what was read otherwise than it was written, and what was left out; `left_out`
    has every row of the table that isn't in `frame`.
    """

    name: str
    as_of: date | None
    frame: pl.DataFrame
    file: Path | None
    origin: Origin
    remarks: tuple[Text, ...] = ()
    left_out: Ledger = field(default_factory=Ledger)
    source: Source | None = None
    sheet: str = ""

    @property
    def label(self) -> Text:
        """Name and date, as messages put it: population of 2022-01-01."""
        if self.as_of is None:
            return Text(self.name, self.name)
        return Text(f"{self.name} of {self.as_of}", f"{self.as_of} 現在の {self.name}")


def read_measure(
    source: Source,
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
    if source.kind == "parquet" or not _is_population(label[0], column):
        return measure_in(read_table(source, most_rows(register)), column, register, label)
    looked_into = opened(source, most_rows(register))
    measure = measure_in(looked_into.table(_is_of_all), column, register, label)
    others = [grid.sheet for grid in looked_into.grids if grid.sheet != measure.sheet]
    if not others:
        return measure
    names = ", ".join(others)
    said = Text(
        f"sheet {measure.sheet} was read, and none of: {names}",
        f"シート「{measure.sheet}」を読み、ほかのシートは除きました: {names}",
    )
    return replace(measure, remarks=(*measure.remarks, said))


def _is_population(name: str, column: str) -> bool:
    return name == POPULATION or (not name and column == POPULATION)


def _is_of_all(sheet: str, title: str) -> bool:
    return not part_of_residents("", sheet, title)


def measure_in(
    table: TextTable,
    column: str,
    register: Register,
    label: tuple[str, date | None, Origin] = ("", None, "plan"),
) -> Measure:
    """Return the measure that a column of a table is; see `read_measure`."""
    name, as_of, origin = label
    is_population = _is_population(name, column)
    heading = _column_of(table, column, whole=is_population)
    if is_population:
        _refuse_part_of_residents(table, heading)
    keys = keys_of(table)
    if keys.code is None and keys.prefecture is None and keys.municipality is None:
        table.column(("団体コード", "code", "都道府県名"))
    where = f"{table.at(table.header_line)}, column {heading}"
    unit = unit_of(heading, table.above, where, "persons" if is_population else None)
    mended, ledger = Mended(), Ledger()
    ledger.add(table.ledger)
    names = Names(register)
    rows = take_rows(table, heading, names, ledger, mended, sums_count=is_population).frame
    if rows.is_empty():
        raise refuse(
            str(table.file),
            Text("no row is an organisation of the register", "団体一覧にある団体の行がありません"),
            Text(
                "give a table with a column of 団体コード",
                "団体コードの列がある表を指定してください",
            ),
            code="no_rows",
        )
    refuse_duplicates(table, rows, keys.code or keys.municipality or keys.prefecture or "-")
    values = _whole_numbers(table, heading, rows, unit, mended)
    frame = rows.select("code", values, "line")
    _refuse_too_large(table, frame, heading)
    ledger.balance(len(frame))
    day = _date(table, as_of, origin)
    remarks = mended.texts(ledger)
    return Measure(name, day, frame, table.file, origin, remarks, ledger, table.source, table.sheet)


def _refuse_part_of_residents(table: TextTable, heading: str) -> None:
    """Refuse a population that is not that of all residents.

    Raises:
        InputError: heading, title or sheet name only 外国人住民, 男 … or households.
    """
    if part := part_of_residents(heading, table.sheet, table.title):
        raise refuse(
            f"{table.at(table.header_line)}, column {heading}",
            Text(
                f"this is not the population of all residents but of a part of them: {part}",
                f"全住民の人口ではありません: {part}",
            ),
            Text(
                "give the table of all residents (総計), or declare it as a measure of another "
                "name by [[measure]]",
                "全住民(総計)の表を指定するか、[[measure]] で別の名前の指標として宣言してください",
            ),
            code="part_of_residents",
        )


def _whole_numbers(
    table: TextTable, column: str, rows: pl.DataFrame, unit: Unit, mended: Mended
) -> pl.Series:
    """Return the figures of rows as whole numbers, zero or more, in single units.

    Raises:
        InputError: what is empty, negative or no whole number.
    """
    cells = rows["figure"]
    numbers = cells.str.replace_all(",", "", literal=True).cast(pl.Int64, strict=False)
    plain = cells.str.contains(_PLAIN) & numbers.is_not_null() & (unit.factor == 1)
    if plain.all():
        return numbers.alias("value")
    found = Faults()
    values: list[int] = []
    for cell, line in zip(cells, rows["line"], strict=True):
        value, is_plain = _whole_number(cell, unit)
        if isinstance(value, Text):
            mend = _MEND_FORMULA if not cell and table.sheet else _MEND
            found.append(Problem(table.where(line, column), value, mend, code="wrong_figure"))
            continue
        values.append(value)
        if not is_plain and unit.factor == 1:
            mended.note("number", line)
    raise_all(found)
    if unit.factor != 1:
        mended.named.append(
            Text(
                f"figures are written in units of {unit.word} ({unit.factor:,})",
                f"{unit.word}単位の数値を {unit.factor:,} 倍して読みました",
            )
        )
    return pl.Series("value", values, dtype=pl.Int64)


def _whole_number(cell: str, unit: Unit) -> tuple[int | Text, bool]:
    if cell in _BLANKS:
        empty = Text("the cell is empty", "セルが空です")
        none = Text(f"no figure here ({cell!r})", f"数値がありません({cell!r})")
        return (none if cell else empty), False
    read = figure(cell, unit)
    if isinstance(read, Text):
        return read, False
    value, is_plain = read
    if value < 0:
        return Text(f"{cell} is negative", f"{cell} は負の値です"), False
    if value > _LARGEST_READ:
        return Text(f"{cell} is more than 10^12", f"{cell} は10の12乗を超えています"), False
    return value, is_plain


def population_columns(table: TextTable) -> list[str]:
    """Return the columns that bear the words of a population: 人口 or 平成31年/人口/計."""
    return [label for label in table.columns if _POPULATION_WORDS.search(label)]


def _column_of(table: TextTable, name: str, *, whole: bool) -> str:
    """Return the column that holds the measure `name`: by its heading, or by the words stacked.

    人口/計 finds 令和2年/人口/計(人). Where `whole`, a population is that of all residents.
    """
    candidates = _candidates(table, name)
    if not candidates and name == POPULATION:
        candidates = population_columns(table)
    if whole and len(candidates) > 1:
        candidates = [label for label in candidates if not part_of_residents(label)] or candidates
    if len(candidates) == 1 and candidates[0] not in table.repeated:
        return candidates[0]
    if not candidates and "value" in table.columns:
        return "value"
    columns = ", ".join(candidates * 2 if len(candidates) == 1 else candidates or table.columns)
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
        code="missing_column",
    )


def _candidates(table: TextTable, name: str) -> list[str]:
    """Return the columns that a name can mean, by the first way that finds any."""
    if name in table.columns:
        return [name]
    wanted = folded(name)  # as headings are
    plain = {label: without_unit(label) for label in table.columns}
    parts = wanted.split("/")
    ways: tuple[Callable[[str], bool], ...] = (
        lambda label: label == wanted,
        lambda label: plain[label] == wanted,
        lambda label: f"/{label}".endswith(f"/{wanted}"),
        lambda label: f"/{plain[label]}".endswith(f"/{wanted}"),
        lambda label: len(parts) > 1 and _in_order(parts, plain[label].split("/")),
    )
    return next((found for way in ways if (found := list(filter(way, table.columns)))), [])


def _in_order(parts: list[str], segments: list[str]) -> bool:
    """Tell whether all `parts` are among the segments, in their order."""
    rest = iter(segments)
    return all(part in rest for part in parts)


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
                code="other_date",
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
        code="missing_date",
    )


def _refuse_too_large(table: TextTable, frame: pl.DataFrame, column: str) -> None:
    too_large = frame.filter(pl.col("value") > LARGEST_VALUE)
    raise_all(
        Problem(
            table.where(line, column),
            Text(f"{value:,} is more than 10^12", f"{value:,} は10の12乗を超えています"),
            Text("write the measure in a larger unit", "より大きな単位で書いてください"),
            code="too_large",
        )
        for value, line in too_large.select("value", "line").iter_rows()
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
        Problem(
            f"{measure.file}",
            Text(
                f"{prefecture} has {printed:,}, its municipalities add up to {added:,}",
                f"{prefecture} は {printed:,} ですが、市区町村の合計は {added:,} です",
            ),
            Text("correct the figure that is wrong", "誤っている数値を直してください"),
            code="wrong_sum",
        )
        for prefecture, printed, added, _ in off.sort("prefecture").iter_rows()
    )
