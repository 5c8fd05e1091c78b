"""The notional split (参考) as live formulas: each prefecture's amount over its municipalities.

Amount · measure is cut into two groups of six digits, so that no step passes 15 digits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

import polars as pl
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from allocator.domain.organisations import PREFECTURE
from allocator.engine.breakdown import NotionalSplit
from allocator.outputs.workbook.book.book import Book
from allocator.outputs.workbook.book.cells import put, put_formula
from allocator.outputs.workbook.model.sheet import Calc
from allocator.results.outcome import Outcome, ProgrammeOutcome
from allocator.words.rule import measure_words

BASE: Final = 10**6
MOST_UNITS: Final = 10**12
MOST_MEASURE: Final = 4 * 10**7
"""Up to these an amount (in units) and a prefecture's measure keep every step exact."""

_MOST_ROWS: Final = 5_000


@dataclass(frozen=True)
class Measure:
    """What municipalities are compared by, beside all organisations; prefectures: the sum."""

    heading: str
    values: Sequence[int | None]


@dataclass
class Country:
    """All organisations in the order of the sheet; `members` are the rows of each prefecture."""

    size: int
    members: dict[int, range]
    contiguous: bool
    row_of: dict[str, int]
    measures: list[Measure] = field(default_factory=list)
    of_programme: dict[int, int] = field(default_factory=dict)
    population: int | None = None

    def can_split(self, outcome: ProgrammeOutcome) -> bool:
        """Whether the notional figures of a programme can be formulas."""
        allocation, notional = outcome.allocation, outcome.notional
        if allocation is None or notional is None or not self.contiguous:
            return False
        sums = [int(each.values[head] or 0) for each in self.measures for head in self.members]
        return (
            self.size <= _MOST_ROWS
            and max(allocation.amounts, default=0) // notional.unit < MOST_UNITS
            and min(sums, default=0) > 0
            and max(sums, default=0) <= MOST_MEASURE
        )


def country_of(outcome: Outcome, everyone: pl.DataFrame) -> Country:
    """Return who belongs to which prefecture, and what notional splits rest on."""
    codes, prefectures = everyone["code"].to_list(), everyone["prefecture"].to_list()
    is_prefecture = (everyone["kind"] == PREFECTURE).to_list()
    heads = {prefectures[row]: row for row in range(len(codes)) if is_prefecture[row]}
    rows: dict[int, list[int]] = {row: [] for row in heads.values()}
    for row, name in enumerate(prefectures):
        if not is_prefecture[row] and name in heads:
            rows[heads[name]].append(row)
    members, contiguous = {}, True
    for head, found in rows.items():
        members[head] = range(found[0], found[-1] + 1) if found else range(head, head)
        contiguous = contiguous and bool(found) and len(found) == len(members[head])
    country = Country(
        len(codes), members, contiguous, dict(zip(codes, range(len(codes)), strict=True))
    )
    known: dict[tuple[str, str], int] = {}
    for number, each in enumerate(outcome.programmes):
        rule = each.programme.breakdown
        if each.notional is None or rule is None:
            continue
        key = (rule.by, str(rule.as_of))
        if key not in known:
            known[key] = len(country.measures)
            heading = measure_words(rule.by, rule.as_of).ja
            country.measures.append(Measure(heading, _values(country, each.notional)))
            if rule.by == "population" and country.population is None:
                country.population = known[key]
        country.of_programme[number] = known[key]
    return country


def _values(country: Country, notional: NotionalSplit) -> list[int | None]:
    values: list[int | None] = [None] * country.size
    for code, value in zip(notional.municipalities["code"], notional.measure, strict=True):
        values[country.row_of[code]] = int(value)
    for head, rows in country.members.items():
        values[head] = sum(values[row] or 0 for row in rows)
    return values


@dataclass(frozen=True)
class Columns:
    """Where a split stands: first row, number and column of its measure, figures, helpers."""

    first: int
    number: int
    measure: int
    figures: int
    helper: int


def write_split(
    book: Book,
    sheet: Worksheet,
    country: Country,
    notional: NotionalSplit,
    calc: Calc,
    at_columns: Columns,
) -> None:
    """Write the figures of one programme.

    In a prefecture's row the helpers hold the units still missing and its amount in two groups of
    digits; in a municipality's row the first remainder, the whole units and the last remainder.
    """
    first, col, helper = at_columns.first, at_columns.figures, at_columns.helper
    m = xl_col_to_name(at_columns.measure)
    a, b, c = (xl_col_to_name(helper + offset) for offset in range(3))
    unit = notional.unit
    amounts = dict(zip(notional.municipalities["code"], notional.amounts, strict=True))
    codes = list(country.row_of)
    paid = {code: position for position, code in enumerate(calc.values("code"))}
    values = calc.values("amount")
    measures = country.measures[at_columns.number].values
    number, shown = book.styles["helper"], book.styles["notional"]
    write = partial(put_formula, sheet)
    for column, name in zip(
        range(helper, helper + 3), ("余り・不足", "整数部分・上位", "端数・下位"), strict=True
    ):
        put(sheet, first - 1, column, name, book.styles["helper_heading"])
    for head, rows in country.members.items():
        position = paid.get(codes[head])
        if position is None:
            continue
        top = first + head + 1
        amount = calc.cell("amount", position)
        yen = int(values[position] or 0)
        units, whole_sum = yen // unit, 0
        high, low = divmod(units, BASE)
        begin, end = first + rows.start + 1, first + rows.stop
        bottom = int(measures[head] or 0)
        for row in rows:
            own = int(measures[row] or 0)
            quotient, left = divmod(high * own, bottom) if bottom else (0, 0)
            more, last = divmod(left * BASE + low * own, bottom) if bottom else (0, 0)
            whole = quotient * BASE + more
            whole_sum += whole
            at = first + row
            r = at + 1
            dividend = f"${b}${top}*{m}{r}"
            second = f"({a}{r}*{BASE}+${c}${top}*{m}{r})"
            write(at, helper, f"={dividend}-INT({dividend}/{m}${top})*{m}${top}", number, left)
            write(
                at,
                helper + 1,
                f"=INT({dividend}/{m}${top})*{BASE}+INT({second}/{m}${top})",
                number,
                whole,
            )
            write(at, helper + 2, f"={second}-INT({second}/{m}${top})*{m}${top}", number, last)
            rank = f"RANK({c}{r},{c}${begin}:{c}${end},0)+COUNTIF({c}${begin}:{c}{r},{c}{r})-1"
            figure = f"({b}{r}+({rank}<={a}${top}))"
            if unit > 1:
                figure = (
                    f"{figure}*{unit}+IF(AND({m}{r}=MAX({m}${begin}:{m}${end}),"
                    f"COUNTIF({m}${begin}:{m}{r},{m}{r})=1),"
                    f"{amount}-INT({amount}/{unit})*{unit},0)"
                )
            write(at, col, f"={figure}", shown, amounts[codes[row]])
        missing = f"=INT({amount}/{unit})-SUM({b}{begin}:{b}{end})"
        write(top - 1, helper, missing, number, units - whole_sum)
        write(top - 1, helper + 1, f"=INT({amount}/{unit}/{BASE})", number, high)
        write(top - 1, helper + 2, f"=INT({amount}/{unit})-{b}{top}*{BASE}", number, low)
