"""A calculation on a sheet: named cells, named columns, formulas that speak of them by name.

In a formula `{total}` is a single cell, `[units]` the cell of column `units` in the formula's own
row, `[units^]` the one above, `[units:]` the whole column and `[units<]` the column down to the
own row. What stands in quotes, names of sheets and texts, is left alone.

LibreOffice and Excel round numbers of more than 15 digits, in comparisons as well, so every value
that a formula forms stays a whole number below `EXACT`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from xlsxwriter.utility import xl_col_to_name

from allocator.outputs.workbook.book.strings import quoted
from allocator.outputs.workbook.book.styles import Style

EXACT: Final = 10**15
"""Whole numbers below this are added, subtracted, multiplied and compared exactly."""

DIVIDEND: Final = 10**14
"""INT(a / b) is exact for whole numbers with a below this: see `docs/workbook.md`."""

_MOST_UPRIGHT: Final = 8

Value = int | str | None

_QUOTED: Final = r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\""
"""Names of sheets and texts: whatever stands in them, it is no key."""

_KEY: Final = re.compile(rf"{_QUOTED}|\{{(?P<cell>\w+)\}}|\[(?P<column>\w+)(?P<kind>[:^<]?)\]")


@dataclass(frozen=True)
class Source:
    """A column of inputs in a sheet of its own: its column, first row and rows, counted from 0."""

    sheet: str
    col: int
    first: int
    count: int

    @property
    def prefix(self) -> str:
        """The sheet's name as formulas of other sheets write it."""
        return quoted(self.sheet)

    @property
    def range(self) -> str:
        """The whole column, as other sheets write it."""
        letter = xl_col_to_name(self.col)
        return f"{self.prefix}${letter}${self.first + 1}:${letter}${self.first + self.count}"

    def cell(self, position: int) -> str:
        """Return one row's cell, as other sheets write it."""
        return f"{self.prefix}${xl_col_to_name(self.col)}${self.first + position + 1}"


@dataclass(frozen=True)
class Scalar:
    """A single cell; with a `formula`, `value` is what it gives now."""

    key: str
    value: Value
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
    """A column of the table. Rows choose among `formulas` by `which`; none: plain values.

    With a `source` the values are entered there, row by row, and referred to here. `cells` are
    references to other sheets, one a row ("": none, and the value stands).
    """

    key: str
    heading: str
    values: Sequence[Value]
    formulas: tuple[str, ...] = ()
    style: Style = "number"
    helper: bool = False
    which: Sequence[int] = ()
    least: float = 12
    source: Source | None = None
    cells: Sequence[str] = ()

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
    """One check as formulas: what is found has to equal what is expected.

    With a `verdict` it was made when the sheet was, and there is nothing to compute.
    """

    what: str
    found: str
    expected: str
    values: tuple[int | None, int | None]
    verdict: str = ""
    remark: str = ""


@dataclass
class Calc:
    """The 算定 of one programme: what stands in its sheet, and where.

    `outer` are cells of other sheets, as formulas write them, by the keys that formulas of this one
    use. `parts` are the calculations of the parts of a sum.
    """

    sheet: str
    lines: list[Line] = field(default_factory=list)
    columns: list[Column] = field(default_factory=list)
    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    tests: list[Test] = field(default_factory=list)
    live: bool = True
    head: int = 2
    least_columns: int = 0
    outer: dict[str, str] = field(default_factory=dict)
    parts: list[Calc] = field(default_factory=list)

    @property
    def charged(self) -> str:
        """The cell of what is charged: the total, unless each amount is rounded for itself."""
        keys = {cell.key for line in self.lines for cell in line.cells}
        return "{charged}" if "charged" in keys else "{total}"

    def value(self, key: str) -> int:
        """Return the whole number that a single cell has now."""
        cells = [cell for line in self.lines for cell in line.cells if cell.key == key]
        return int(cells[0].value or 0)

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

    def given(self, key: str) -> str:
        """Return a column of inputs where they are entered, as this sheet's formulas write it."""
        source = next(column.source for column in self.columns if column.key == key)
        return f"[{key}:]" if source is None else source.range

    def ref(self, key: str) -> str:
        """Return a single cell, as this sheet's formulas write it."""
        if key in self.outer:
            return self.outer[key]
        row, col = self.cells[key]
        return f"${xl_col_to_name(col)}${row + 1}"

    def range(self, key: str) -> str:
        """Return a whole column, as this sheet's formulas write it."""
        letter = xl_col_to_name(self.places[key])
        return f"${letter}${self.first + 1}:${letter}${self.first + self.count}"

    def cell(self, key: str, position: int) -> str:
        """Return one row's cell of a column, as other sheets write it."""
        return f"{self.prefix}${xl_col_to_name(self.places[key])}${self.first + position + 1}"

    def outside(self, formula: str) -> str:
        """Resolve a formula of another sheet: single cells and whole columns."""

        def place(found: re.Match[str]) -> str:
            if column := found["column"]:
                return self.prefix + self.range(column)
            key = found["cell"]
            if key is None:
                return found[0]
            return self.outer[key] if key in self.outer else self.prefix + self.ref(key)

        return _KEY.sub(place, formula)

    def resolve(self, formula: str) -> Callable[[int], str]:
        """Return what gives the formula for a row of this sheet, counted from 0."""

        def place(found: re.Match[str]) -> str:
            key, kind = found["column"], found["kind"]
            if key is None:
                return found[0] if found["cell"] is None else self.ref(found["cell"])
            letter = f"${xl_col_to_name(self.places[key])}"
            if kind == ":":
                return self.range(key)
            if kind == "<":
                return f"{letter}${self.first + 1}:{letter}\x00"
            return f"{letter}\x01" if kind == "^" else f"{letter}\x00"

        text = "=" + _KEY.sub(place, formula)
        if "\x01" in text:
            return lambda row: text.replace("\x00", f"{row + 1}").replace("\x01", f"{row}")
        return lambda row: text.replace("\x00", f"{row + 1}")
