"""入力データ(都道府県・市区町村・全団体): one yellow column per measure and date, a row per payer.

Programmes and shares that rest on the same measure refer to the same cells. A name has to be one
column in code order of the payers, and prefectures stand among municipalities there: so payers that
are prefectures, municipalities or both have a sheet each, and what a sheet of one kind already has
the sheet of all refers to.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final, Literal

import polars as pl
from xlsxwriter.worksheet import Worksheet

from allocator.domain.organisations import PREFECTURE
from allocator.outputs.workbook.book.book import Book
from allocator.outputs.workbook.book.cells import (
    WHOLE,
    height,
    number_width,
    put,
    put_formula,
    set_widths,
    texts,
    title,
    values,
    width,
)
from allocator.outputs.workbook.model.sheet import EXACT, Source
from allocator.results.outcome import Outcome, ProgrammeOutcome
from allocator.words.rule import measure_name, measure_words

Group = Literal["prefectures", "municipalities", "all"]
Key = tuple[str, date | None]
"""A measure and its date."""

_SHEETS: Final[dict[Group, str]] = {
    "prefectures": "入力データ(都道府県)",
    "municipalities": "入力データ(市区町村)",
    "all": "入力データ(全団体)",
}
_PLAIN: Final = str.maketrans("(", "_", ")")
_HEADINGS_ROW: Final = 3
_FIRST: Final = _HEADINGS_ROW + 1
_NOTE: Final = "黄色のセルを変えると、これを使うすべての事業の金額が変わる。"
_LINKED: Final = "緑の字のセルは、都道府県・市区町村の入力データにある同じ指標を参照する。"


@dataclass(frozen=True)
class Given:
    """A measure in one sheet: its heading, and a value for each row of the sheet."""

    key: Key
    heading: str
    values: Sequence[int]


@dataclass
class Table:
    """One sheet of inputs: who stands in it (code order), and its measures from left to right."""

    group: Group
    organisations: pl.DataFrame
    given: list[Given] = field(default_factory=list)

    @property
    def sheet(self) -> str:
        """The sheet's name."""
        return _SHEETS[self.group]

    @cached_property
    def named(self) -> dict[str, list[str]]:
        """The columns that say who stands in a row."""
        frame = self.organisations
        named = {"団体コード": frame["code"].to_list(), "都道府県名": frame["prefecture"].to_list()}
        if self.group != "prefectures":
            named["市区町村名"] = (frame["county"] + frame["municipality"]).to_list()
        return named

    @cached_property
    def rows(self) -> dict[str, int]:
        """The row of each code, counted from 0."""
        return {code: row for row, code in enumerate(self.organisations["code"])}

    def is_of(self, outcome: ProgrammeOutcome) -> bool:
        """Whether the payers of a programme are the organisations of the sheet."""
        allocation = outcome.allocation
        return allocation is not None and allocation.payers["code"].equals(
            self.organisations["code"]
        )

    @cached_property
    def is_prefecture(self) -> list[bool]:
        """Which rows are prefectures."""
        return (self.organisations["kind"] == PREFECTURE).to_list()

    def column(self, place: int) -> Source:
        """Return the cells of the column at `place` among the figures (from 0)."""
        return Source(self.sheet, len(self.named) + place, _FIRST, len(self.organisations))

    def source(self, key: Key) -> Source | None:
        """Return where a measure stands."""
        keys = [given.key for given in self.given]
        return self.column(keys.index(key)) if key in keys else None


@dataclass
class Inputs:
    """All sheets of inputs; those without a measure are not written."""

    tables: dict[Group, Table]
    of_breakdown: dict[int, Key] = field(default_factory=dict)
    alone: set[Key] = field(default_factory=set)

    def source(self, outcome: ProgrammeOutcome, number: int) -> Source | None:
        """Return where the measure `number` (from 0) of a programme stands, if in these sheets."""
        table = self.tables.get(outcome.programme.payers)
        if table is None or not table.is_of(outcome):
            return None
        return table.source(_key(outcome, number))

    def cells(self, outcome: ProgrammeOutcome, number: int) -> list[str]:
        """Return the same cell by cell for some of a sheet's organisations; none: it has none."""
        if outcome.allocation is None:
            return []
        key, codes = _key(outcome, number), outcome.allocation.payers["code"].to_list()
        for table in self.tables.values():
            source = table.source(key)
            if source is not None and table.rows.keys() >= set(codes):
                return [source.cell(table.rows[code]) for code in codes]
        return []

    def municipal(self, number: int) -> dict[str, str]:
        """Return by code the cells that the notional split of programme `number` rests on."""
        key = self.of_breakdown.get(number)
        if key is None:
            return {}
        for group in ("municipalities", "all"):
            table = self.tables.get(group)
            if table is not None and (source := table.source(key)) is not None:
                rows = enumerate(zip(table.named["団体コード"], table.is_prefecture, strict=True))
                return {code: source.cell(row) for row, (code, upper) in rows if not upper}
        return {}

    def of_breakdowns_alone(self) -> Iterator[tuple[str, Source, int]]:
        """Yield what no programme's name leads to: words, where it stands, its sum."""
        table = self.tables.get("municipalities")
        for given in table.given if table is not None else ():
            source = table.source(given.key) if table is not None else None
            if source is not None and given.key in self.alone:
                yield given.heading, source, sum(given.values)

    def twice(self, table: Table) -> list[Given]:
        """Return what stands in the sheet of all organisations as well as in that of one kind."""
        everyone = self.tables.get("all")
        if everyone is None or table is everyone:
            return []
        return [given for given in table.given if everyone.source(given.key) is not None]

    def pairs(self) -> Iterator[tuple[str, Source, Source]]:
        """Yield what is entered in one sheet and may be overwritten in another: words, both."""
        for table in self.tables.values():
            for place, given in enumerate(self.twice(table), len(table.given)):
                source = table.source(given.key)
                assert source is not None
                yield f"{given.heading}、{_SHEETS[table.group]}", source, table.column(place)


def inputs_of(outcome: Outcome, everyone: pl.DataFrame, most: int) -> Inputs:
    """Return the sheets of inputs of a plan; `everyone` are the organisations of its day.

    Groups of more than `most` organisations have none: nothing is live there.
    """
    everyone = everyone.sort("code")
    is_prefecture = pl.col("kind") == PREFECTURE
    groups: dict[Group, pl.DataFrame] = {
        "prefectures": everyone.filter(is_prefecture),
        "municipalities": everyone.filter(~is_prefecture),
        "all": everyone,
    }
    tables = {
        group: Table(group, frame) for group, frame in groups.items() if 0 < len(frame) <= most
    }
    for each in [rule for whole in outcome.programmes for rule in (whole, *whole.parts)]:
        table = tables.get(each.programme.payers)
        if table is None or not table.is_of(each):
            continue
        for number, aligned in enumerate(each.measures):
            heading = measure_name(aligned.measure).ja
            _add(table, Given(_key(each, number), heading, aligned.values.tolist()))
    found = Inputs(tables)
    _add_breakdowns(outcome, found)
    found.tables = {group: table for group, table in tables.items() if table.given}
    return found


def _add(table: Table, given: Given) -> None:
    if table.source(given.key) is None and max(given.values, default=0) < EXACT:
        table.given.append(given)


def _add_breakdowns(outcome: Outcome, inputs: Inputs) -> None:
    """Add what notional splits rest on, where no sheet has it."""
    known = [given.key for table in inputs.tables.values() for given in table.given]
    table = inputs.tables.get("municipalities")
    for number, each in enumerate(outcome.programmes):
        rule, notional = each.programme.breakdown, each.notional
        if rule is None or notional is None or table is None:
            continue
        # A date may be left out where the measure has but one.
        same = [key for key in known if key[0] == rule.by and rule.as_of in (None, key[1])]
        key = same[0] if same else (rule.by, rule.as_of)
        inputs.of_breakdown[number] = key
        everyone = inputs.tables.get("all")
        there = [each for each in (table, everyone) if each is not None and each.source(key)]
        if not there and notional.municipalities["code"].equals(table.organisations["code"]):
            heading = measure_words(rule.by, rule.as_of).ja
            _add(table, Given(key, heading, notional.measure.tolist()))
            known.append(key)
            inputs.alone.add(key)


def _key(outcome: ProgrammeOutcome, number: int) -> Key:
    measure = outcome.measures[number].measure
    return measure.name, measure.as_of


def write(book: Book, inputs: Inputs) -> None:
    """Write the sheets."""
    for table in inputs.tables.values():
        _write(book, inputs, table)


def _write(book: Book, inputs: Inputs, table: Table) -> None:
    styles, count, twice = book.styles, len(table.organisations), inputs.twice(table)
    sheet = book.sheet(table.sheet, rows=count)
    widths = [width([name, *each], 10) for name, each in table.named.items()]
    widths += [number_width(each.values, 22) for each in [*table.given, *twice]]
    set_widths(sheet, widths)
    title(sheet, f"{book.year.japanese} {table.sheet}", widths, styles["title"])
    put(sheet, 1, 0, _NOTE, styles["note"])
    names = [*table.named, *(each.heading for each in table.given)]
    names += [f"{each.heading}、{_SHEETS['all']}" for each in twice]
    book.table(sheet, table.sheet.translate(_PLAIN), (_HEADINGS_ROW, count), names)
    lines = max(height(name, wide) for name, wide in zip(names, widths, strict=True))
    sheet.set_row(_HEADINGS_ROW, lines)
    for col, each in enumerate(table.named.values()):
        texts(sheet, _FIRST, col, each, styles["code" if col == 0 else "text"])
    for place, given in enumerate(table.given):
        col = table.column(place).col
        values(sheet, _FIRST, col, given.values, styles["input"])
        if table.group == "all" and _link(book, sheet, inputs, given, col):
            put(sheet, 2, 0, _LINKED, styles["note"])
        sheet.data_validation(_FIRST, col, _FIRST + count - 1, col, WHOLE)
    for place, given in enumerate(twice, len(table.given)):
        _look_back(book, sheet, inputs, table, given, table.column(place).col)
    sheet.ignore_errors({"number_stored_as_text": f"A{_FIRST + 1}:A{_FIRST + count}"})
    sheet.freeze_panes(_FIRST, len(table.named))
    sheet.repeat_rows(_HEADINGS_ROW)
    book.protect(sheet)


def _link(book: Book, sheet: Worksheet, inputs: Inputs, given: Given, col: int) -> bool:
    """Refer to what the sheets of one kind have; say whether there is any."""
    everyone, cells = inputs.tables["all"], dict[str, str]()
    for group in ("prefectures", "municipalities"):
        table = inputs.tables.get(group)
        if table is not None and (source := table.source(given.key)) is not None:
            cells |= {code: source.cell(row) for row, code in enumerate(table.named["団体コード"])}
    for row, (code, value) in enumerate(
        zip(everyone.named["団体コード"], given.values, strict=True), _FIRST
    ):
        if code in cells:
            put_formula(sheet, row, col, f"={cells[code]}", book.styles["input_linked"], value)
    return bool(cells)


def _look_back(
    book: Book, sheet: Worksheet, inputs: Inputs, table: Table, given: Given, col: int
) -> None:
    """Show beside each figure what the sheet of all organisations has for it."""
    everyone = inputs.tables["all"]
    source = everyone.source(given.key)
    assert source is not None
    row_of = {code: row for row, code in enumerate(everyone.named["団体コード"])}
    codes = zip(table.named["団体コード"], given.values, strict=True)
    for row, (code, value) in enumerate(codes, _FIRST):
        cell = f"={source.cell(row_of[code])}"
        put_formula(sheet, row, col, cell, book.styles["number"], value)
