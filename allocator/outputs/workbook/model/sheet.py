"""A calculation on a sheet: named cells, named columns, formulas that speak of them by name.

What a formula gives now follows from the cells that it speaks of: see `formula`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
from xlsxwriter.utility import xl_col_to_name

from allocator.outputs.workbook.book.strings import quoted
from allocator.outputs.workbook.book.styles import Style
from allocator.outputs.workbook.model.formula import (
    DIVIDEND,
    EXACT,
    KEY,
    Figures,
    to_figures,
    to_values,
    value_of,
)

__all__ = ["DIVIDEND", "EXACT"]

_MOST_UPRIGHT: Final = 8

Value = int | str | None


@dataclass(frozen=True)
class Source:
    """Where a column stands: its sheet, column, first row (counted from 0) and how many rows."""

    sheet: str
    col: int
    first: int
    count: int

    @property
    def range(self) -> str:
        """The whole column, as other sheets write it."""
        return quoted(self.sheet) + self.rows(0, self.count)

    def rows(self, start: int, stop: int) -> str:
        """Return the cells of some rows, as formulas of the same sheet write them."""
        letter = f"${xl_col_to_name(self.col)}$"
        return f"{letter}{self.first + start + 1}:{letter}{self.first + stop}"

    def cell(self, position: int) -> str:
        """Return one row's cell, as other sheets write it."""
        return f"{quoted(self.sheet)}${xl_col_to_name(self.col)}${self.first + position + 1}"


@dataclass(frozen=True)
class Scalar:
    """A single cell. What a `formula` gives now is `value` only where cells don't tell it."""

    key: str
    value: Value = None
    formula: str = ""
    style: Style = "number"


@dataclass(frozen=True)
class Line:
    """A line above the table: what the cells say, the cells, a remark; helpers stand far right."""

    label: str
    cells: tuple[Scalar, ...] = ()
    remark: str = ""
    helpers: tuple[Scalar, ...] = ()


@dataclass(frozen=True)
class Column:
    """A column of the table: `values`, or formulas, among which rows choose by `which`.

    With a `source` the values are entered there, row by row, and referred to here. `cells` are
    formulas of other cells, one a row ("": none, and the value stands; None: nothing stands there).
    """

    key: str
    heading: str
    values: Sequence[Value] = ()
    formulas: tuple[str, ...] = ()
    style: Style = "number"
    helper: bool = False
    which: Sequence[int] = ()
    least: float = 12
    source: Source | None = None
    cells: Sequence[str | None] = ()

    @property
    def entered(self) -> bool:
        """Whether its cells are yellow: to be changed, or to be written over."""
        return self.style in ("input", "input_linked")

    @property
    def given(self) -> bool:
        """Whether these are inputs, entered here or elsewhere."""
        return self.entered or self.source is not None


@dataclass(frozen=True)
class Test:
    """One check as formulas: what is found has to equal what is expected; `values` are both now.

    Without a formula it was made when the sheet was; a `verdict` stands whatever is found. `when`
    is a formula: where it is not 0 the check says nothing (対象外).
    """

    what: str
    found: str = ""
    expected: str = "0"
    values: tuple[int | None, int | None] = (0, 0)
    verdict: str = ""
    remark: str = ""
    when: str = ""

    @property
    def now(self) -> str:
        """The verdict as things stand."""
        return self.verdict or ("適" if self.values[0] == self.values[1] else "否")


@dataclass(frozen=True)
class Outer:
    """Cells of another sheet: as formulas write them, and what they have now."""

    text: str
    figures: Figures


@dataclass
class Calc:
    """The 算定 of one programme: what stands in its sheet, and where.

    `outer` are cells of other sheets by the keys that formulas of this one use. `parts` are the
    calculations of the parts of a sum.
    """

    sheet: str
    lines: list[Line] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    tests: list[Test] = field(default_factory=list)
    live: bool = True
    head: int = 2
    least_columns: int = 0
    outer: dict[str, Outer] = field(default_factory=dict)
    parts: list[Calc] = field(default_factory=list)
    _figures: dict[str, Figures] = field(default_factory=dict)

    @property
    def charged(self) -> str:
        """The cell of what is charged: the total, unless each amount is rounded for itself."""
        keys = {cell.key for line in self.lines for cell in line.cells}
        return "{charged}" if "charged" in keys else "{total}"

    def add(
        self, key: str, heading: str, formula: str, *, helper: bool = False, least: float = 12
    ) -> None:
        """Add a column of one formula."""
        self.columns.append(Column(key, heading, (), (formula,), helper=helper, least=least))

    def column(self, key: str) -> Column:
        """Return a column by its key."""
        return next(column for column in self.columns if column.key == key)

    def has(self, key: str) -> bool:
        """Tell whether there is such a column."""
        return any(column.key == key for column in self.columns)

    def scalar(self, key: str) -> Scalar:
        """Return a single cell by its key."""
        lines = (cell for line in self.lines for cell in (*line.cells, *line.helpers))
        return next(cell for cell in lines if cell.key == key)

    def value(self, key: str) -> Value:
        """Return what a single cell has now."""
        cell = self.scalar(key)
        return (
            cell.value if cell.value is not None else to_values(np.atleast_1d(self.figure(key)))[0]
        )

    def number(self, key: str) -> int:
        """Return the whole number that a single cell has now."""
        return int(self.value(key) or 0)

    def values(self, key: str) -> Sequence[Value]:
        """Return what a column has now, row by row."""
        column = self.column(key)
        if len(column.values) or not column.formulas:
            return column.values
        return to_values(self.figures(key))

    def figure(self, key: str) -> Figures:
        """Return what a single cell has, in figures; see `formula.Cells`."""
        if key in self.outer:
            return self.outer[key].figures
        if key not in self._figures:
            cell = self.scalar(key)
            known = cell.value is not None
            now = to_figures([cell.value])[0] if known else value_of(cell.formula, self)
            self._figures[key] = now
        return self._figures[key]

    def figures(self, key: str) -> Figures:
        """Return what a column has, in figures."""
        if key not in self._figures:
            column = self.column(key)
            if len(column.values) or not column.formulas:
                now = to_figures(column.values)
            elif any(f"[{key}^]" in formula for formula in column.formulas):
                now = self._running(key, column.formulas[0])
            else:
                found = [value_of(formula, self) for formula in column.formulas]
                whole = [np.broadcast_to(each, self.count) for each in found]
                now = np.choose(column.which, whole) if len(column.which) else whole[0]
            self._figures[key] = now
        return self._figures[key]

    def _running(self, key: str, formula: str) -> Figures:
        """Work out a column that refers to its own cell above: row by row, from the first on."""
        now = self._figures[key] = np.full(self.count, np.nan)
        for row in range(self.count):
            now[row] = value_of(formula, _Rows(self, slice(max(row - 1, 0), row + 1)))[-1]
        return now

    def figures_of(self, start: str, end: str) -> Figures:
        """Return what the cells from one down to another have, in figures."""
        lines = [[cell.key for cell in line.cells] for line in self.lines]
        first, last = (
            next(n for n, keys in enumerate(lines) if key in keys) for key in (start, end)
        )
        at = lines[first].index(start)
        return np.array([self.figure(keys[at]) for keys in lines[first : last + 1]])

    @cached_property
    def visible(self) -> list[Column]:
        """The columns that are printed."""
        return [column for column in self.columns if not column.helper]

    @property
    def wide(self) -> bool:
        """Whether the sheet is better printed across."""
        return len(self.visible) > _MOST_UPRIGHT

    @cached_property
    def value_col(self) -> int:
        """Where the cells of the lines begin: under them stand the first figures."""
        texts = [column for column in self.visible if column.style in ("text", "code")]
        return len(texts)

    @cached_property
    def helper_col(self) -> int:
        """Where the helpers begin, one empty column after what is printed."""
        return max(len(self.visible), self.least_columns) + 1

    @cached_property
    def heading_row(self) -> int:
        """The row of the headings, counted from 0."""
        return self.head + len(self.lines) + 1

    @cached_property
    def first(self) -> int:
        """The first row of the table, counted from 0."""
        return self.heading_row + 1

    @cached_property
    def count(self) -> int:
        """How many rows the table has."""
        return len(self.columns[0].values)

    @cached_property
    def places(self) -> dict[str, int]:
        """The column of each key, counted from 0."""
        helpers = [column for column in self.columns if column.helper]
        places = {column.key: col for col, column in enumerate(self.visible)}
        return places | {column.key: col for col, column in enumerate(helpers, self.helper_col)}

    @cached_property
    def cells(self) -> dict[str, tuple[int, int]]:
        """Row and column of each single cell, counted from 0."""
        found: dict[str, tuple[int, int]] = {}
        for row, line in enumerate(self.lines, self.head):
            for start, cells in ((self.value_col, line.cells), (self.helper_col, line.helpers)):
                found |= {cell.key: (row, col) for col, cell in enumerate(cells, start)}
        return found

    @cached_property
    def prefix(self) -> str:
        """The sheet's name as formulas of other sheets write it."""
        return quoted(self.sheet)

    def ref(self, key: str) -> str:
        """Return a single cell, as this sheet's formulas write it."""
        if key in self.outer:
            return self.outer[key].text
        row, col = self.cells[key]
        return f"${xl_col_to_name(col)}${row + 1}"

    def range(self, key: str) -> str:
        """Return a whole column, as this sheet's formulas write it."""
        return self.at(self.places[key]).rows(0, self.count)

    def at(self, col: int) -> Source:
        """Return where a column of the table stands."""
        return Source(self.sheet, col, self.first, self.count)

    def cell(self, key: str, position: int) -> str:
        """Return one row's cell of a column, as other sheets write it."""
        return self.at(self.places[key]).cell(position)

    def outside(self, formula: str) -> str:
        """Resolve a formula of another sheet: single cells and whole columns."""

        def place(found: re.Match[str]) -> str:
            if key := found["column"]:
                return self._whole(key, found["kind"], self.prefix)
            if (key := found["cell"]) is None:
                return found[0]
            return self.ref(key) if key in self.outer else self.prefix + self.ref(key)

        return KEY.sub(place, formula)

    def as_outer(self, formula: str) -> Outer:
        """Return a cell or a column for the formulas of another sheet."""
        return Outer(self.outside(formula), value_of(formula, self))

    def _whole(self, key: str, kind: str, prefix: str = "") -> str:
        source = self.column(key).source if kind[0] == "@" else None
        return prefix + self.range(key) if source is None else source.range

    def resolve(self, formula: str) -> Callable[[int], str]:
        """Return what gives the formula for a row of this sheet, counted from 0."""

        def place(found: re.Match[str]) -> str:
            key, kind = found["column"], found["kind"]
            if key is None:
                return found[0] if found["cell"] is None else self.ref(found["cell"])
            letter = f"${xl_col_to_name(self.places[key])}"
            if row := found["row"]:
                source = self.column(key).source
                return (
                    f"{letter}${self.first + int(row) + 1}"
                    if source is None
                    else source.cell(int(row))
                )
            if kind in (":", "@"):
                return self._whole(key, kind)
            if kind == "<":
                return f"{letter}${self.first + 1}:{letter}\x00"
            return f"{letter}\x01" if kind == "^" else f"{letter}\x00"

        text = "=" + KEY.sub(place, formula)
        if "\x01" in text:
            return lambda row: text.replace("\x00", f"{row + 1}").replace("\x01", f"{row}")
        return lambda row: text.replace("\x00", f"{row + 1}")


@dataclass(frozen=True)
class _Rows:
    """A calculation in a few of its rows alone."""

    calc: Calc
    rows: slice

    def figure(self, key: str) -> Figures:
        return self.calc.figure(key)

    def figures(self, key: str) -> Figures:
        return self.calc.figures(key)[self.rows]

    def figures_of(self, start: str, end: str) -> Figures:
        return self.calc.figures_of(start, end)
