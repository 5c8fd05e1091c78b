"""Finding the tables of a budget in a document, each with its fiscal year, stage and unit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Final

from allocator.domain.text import Text
from allocator.domain.years import FiscalYear
from allocator.sources.budgets.columns import by_business
from allocator.sources.reading.document import Document, Line, Place
from allocator.sources.tables.words import plain, steady, words, year_in

INITIAL: Final = "initial"
_MONTHS: Final = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_STATEMENTS: Final = ("予定貸借対照表", "予定損益計算書", "資金計画")
_SUPPLEMENT: Final = re.compile(r"年度(?:第[0-9]+次)?([0-9]{1,2})月補正")
_UNIT: Final = re.compile(r"単位:?(円|千円|百万円)")
_FIRST_CELLS: Final = ("科目", "区分", "内容")
_AFTER: Final = re.compile(r"(?:([0-9]{1,2})月)?補正後予定額$")
_FIGURE: Final = re.compile(r"[-△▲−]?[0-9][0-9,]*")
_NOTHING: Final = frozenset({"-", "―", "ー", "−", "－"})
_MINUS: Final = str.maketrans({"△": "-", "▲": "-", "−": "-"})
_FEWEST_COLUMNS: Final = 2


@dataclass(frozen=True, order=True)
class Stage:
    """Which budget: the fiscal year, and whether it is the first or a supplementary one."""

    fiscal_year: FiscalYear
    name: str

    @property
    def prefix(self) -> str:
        """What the ids of its lines begin with: 2022-march."""
        return f"{self.fiscal_year}-{self.name.removesuffix('_supplementary')}"

    @property
    def text(self) -> Text:
        """Which budget, for people: 令和4年度3月補正."""
        month, year = self.month, self.fiscal_year
        if month is None:
            return Text(f"{year}, initial", f"{year.japanese}当初")
        return Text(
            f"{year}, {_MONTHS[month - 1].capitalize()} supplementary",
            f"{year.japanese}{month}月補正",
        )

    @property
    def month(self) -> int | None:
        """The month of a supplementary budget."""
        month = self.name.removesuffix("_supplementary")
        return _MONTHS.index(month) + 1 if month in _MONTHS else None


@dataclass(frozen=True)
class TableRow:
    """A row as printed: its label, the texts of its cells, the figures in them (None: none)."""

    label: str
    cells: tuple[str, ...]
    figures: tuple[int | None, ...]
    place: Place

    @property
    def filled(self) -> tuple[int, ...]:
        """The figures alone."""
        return tuple(figure for figure in self.figures if figure is not None)


@dataclass
class BudgetTable:
    """A table: headings (without that of the labels), rows, whose budget it is.

    `thousands` tells whether it is in thousand yen; `below` are the headings of a second row,
    under headings that reach over several columns.
    """

    stage: Stage
    title: str
    thousands: bool
    headings: tuple[str, ...]
    place: Place
    below: tuple[str, ...] = ()
    rows: list[TableRow] = field(default_factory=list)

    @property
    def is_by_business(self) -> bool:
        """Whether the columns are businesses."""
        return by_business([heading for heading in self.headings if heading])

    @property
    def is_form7(self) -> bool:
        """Whether this is the table of advances received, by purpose."""
        names = {plain(heading) for heading in self.headings}
        return {words().form7.column, words().form7.beside} <= names

    @property
    def form(self) -> str:
        """The form that the table's rows tell, or ""."""
        labels = {row.label for row in self.rows}
        for form in words().forms:
            if labels & set(form.marks):
                return form.id
        return ""

    def row(self, name: str) -> TableRow | None:
        """Return the first row with this label."""
        wanted = steady(name)
        return next((row for row in self.rows if row.label == wanted), None)

    def after_supplement(self, place: int) -> bool:
        """Tell whether a column gives the amounts after this budget's supplement."""
        found = _AFTER.search(plain(self.below[place])) if place < len(self.below) else None
        return found is not None and found[1] in (None, str(self.stage.month))


def budget_tables(document: Document) -> list[BudgetTable]:
    """Return the tables of all budgets in a document; what isn't in a budget is passed over."""
    finder = _Finder()
    for line in document.lines:
        finder.read(line)
    return [table for table in finder.tables if table.rows]


class _Finder:
    def __init__(self) -> None:
        self.tables: list[BudgetTable] = []
        self._stage: Stage | None = None
        self._title = ""
        self._thousands = False
        self._open: BudgetTable | None = None
        self._after_blank = False
        self._after_text = False

    def read(self, line: Line) -> None:
        """Take in the next line."""
        if line.running:
            return
        if self._after_blank and _is_text(line):
            self._open = None  # labels without figures stand between rows, text after a gap
        self._after_blank = not line.cells
        self._after_text |= _is_text(line)
        if len(line.filled) < _FEWEST_COLUMNS:
            if not self._mended(line):
                self._single(line)
            return
        first = plain(line.cells[0])
        if first in _FIRST_CELLS:
            self._begin(line)
        elif self._open is not None:
            self._row(self._open, line)

    def _mended(self, line: Line) -> bool:
        """Put together a label that is looked for, where a page break went through it."""
        if self._open is None or not self._open.rows or not any(line.cells[:1]):
            return False
        last = self._open.rows[-1]
        whole = last.label + steady(line.cells[0])
        if last.place.page == line.place.page or all(
            steady(item.name) != whole for item in words().items
        ):
            return False
        self._open.rows[-1] = replace(last, label=whole)
        return True

    def _single(self, line: Line) -> None:
        """Take in a line of one cell: a title, a unit, or a label without figures."""
        text = plain(line.text)
        if not text:
            return
        if found := _UNIT.search(text):
            self._thousands = found[1] == "千円"
        if any(name in text for name in _STATEMENTS):
            stage = _stage_in(text)
            if stage is not None:
                self._stage = stage
                self._title = text
                self._open = None

    def _begin(self, line: Line) -> None:
        headings = line.cells[1:]
        self._open = None
        if self._stage is None:
            return
        before = self.tables[-1] if self.tables else None
        goes_on = (
            before is not None
            and before.headings == headings
            and before.stage == self._stage
            and before.title == self._title
            and before.place.page != line.place.page
            and not (before.is_form7 and self._after_text)  # one of changes, one of everything
        )
        if before is not None and goes_on:
            self._open = before
            return
        self._open = BudgetTable(self._stage, self._title, self._thousands, headings, line.place)
        self.tables.append(self._open)

    def _row(self, table: BudgetTable, line: Line) -> None:
        cells = line.cells[1:]
        self._after_text = False
        if not line.cells[0] and not any(_figure(cell) is not None for cell in cells):
            table.below = cells
            return
        label, figures = steady(line.cells[0]), tuple(_figure(cell) for cell in cells)
        if label and any(figure is not None for figure in figures):
            table.rows.append(TableRow(label, line.cells, figures, line.place))


def stages(tables: Sequence[BudgetTable]) -> list[Stage]:
    """Return the budgets that tables belong to, in the order of the document."""
    return list(dict.fromkeys(table.stage for table in tables))


def _is_text(line: Line) -> bool:
    """Tell a line of text from a row with a label alone: a page's rows have all their cells."""
    return len(line.filled) == 1 and (line.place.page is None or len(line.cells) == 1)


def _stage_in(text: str) -> Stage | None:
    year = year_in(text)
    if year is None:
        return None
    found = _SUPPLEMENT.search(text)
    if found is None:
        return Stage(year, INITIAL)
    month = int(found[1])
    if not 1 <= month <= len(_MONTHS):
        return None
    return Stage(year, f"{_MONTHS[month - 1]}_supplementary")


def _figure(text: str) -> int | None:
    """Read a cell as a whole number; a dash is nought."""
    compact = "".join(unicodedata.normalize("NFKC", text).split())
    if compact in _NOTHING:
        return 0
    if not _FIGURE.fullmatch(compact):
        return None
    return int(compact.translate(_MINUS).replace(",", ""))
