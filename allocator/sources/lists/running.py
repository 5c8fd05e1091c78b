"""A list while it is being read, and the pages of one list whose titles differ by a misprint."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from allocator.sources.lists.headings import Above
from allocator.sources.tables.taken import SumRow
from allocator.sources.tables.units import Unit
from allocator.sources.tables.words import plain

_YEAR: Final = re.compile(r"(?:元|[0-9]{1,4})年度")


class Columns(NamedTuple):
    """Where a list's columns stand in a line; `end` is the first place after them."""

    code: int | None
    prefecture: int | None
    municipality: int | None
    amount: int
    start: int
    end: int


class Row(NamedTuple):
    """A row as printed: its amount in yen, and its line in the whole document."""

    code: str
    prefecture: str
    municipality: str
    amount: int
    line: int


@dataclass
class RunningList:
    """A list that is being read.

    `last` is the line of its last row or header, `doubtful` are lines below that may belong to it
    (`odd`: how many of them have another form, `unread`: how many no amount, `doubted`: the sum of
    the others), `strays` those that were left out in the end, `lost` titles of lists
    nearby that have no rows, `unclaimed` the lines of declared totals that belong to no list.
    """

    above: Above
    unit: Unit
    groups: list[Columns]
    width: int
    prefecture: str = ""
    is_open: bool = True
    has_ended: bool = False
    total: tuple[int, int] | None = None
    rows: list[Row] = field(default_factory=list)
    waiting: list[list[Row]] = field(default_factory=list)
    subtotals: list[tuple[SumRow, int]] = field(default_factory=list)
    headings: list[int] = field(default_factory=list)
    last: int = 0
    doubtful: list[int] = field(default_factory=list)
    odd: int = 0
    unread: int = 0
    doubted: int = 0
    strays: list[int] = field(default_factory=list)
    lost: list[tuple[str, int]] = field(default_factory=list)
    unclaimed: list[int] = field(default_factory=list)
    added: int = 0
    since_sum: int = 0
    _payers: set[tuple[str, str]] = field(default_factory=set)

    @property
    def is_complete(self) -> bool:
        """Whether its sum was read, and its rows add up to it."""
        return self.total is not None and self.total[0] == self.added

    def put(self, group: int, row: Row) -> None:
        """Take in a row; columns set side by side are read one after the other."""
        while len(self.waiting) <= group:
            self.waiting.append([])
        self.waiting[group].append(row)
        self.added += row.amount
        self.since_sum += row.amount
        self._payers.add(_payer(row.code, row.prefecture))

    def has(self, code: str, prefecture: str) -> bool:
        """Tell whether a row with this code was read, or with this name where it has none."""
        return _payer(plain(code), prefecture) in self._payers

    def doubt(self, index: int, amount: int | None, *, odd: bool) -> None:
        """Take note of a line that may belong to the list, and of its amount."""
        self.doubtful.append(index)
        self.odd += odd
        self.unread += amount is None
        self.doubted += amount or 0

    def settle_doubt(self) -> None:
        """Forget the doubtful lines."""
        self.doubtful.clear()
        self.odd = self.unread = self.doubted = 0

    @property
    def last_name(self) -> str:
        """The municipality of the row that was put last."""
        return self.waiting[-1][-1].municipality if self.waiting and self.waiting[-1] else ""

    def lengthen(self, name: str) -> None:
        """Add the rest of its name to the row that was put last."""
        last = self.waiting[-1][-1]
        self.waiting[-1][-1] = last._replace(municipality=last.municipality + name)

    def settle(self) -> None:
        """End a page."""
        for rows in self.waiting:
            self.rows += rows
        self.waiting.clear()

    def take_on(self, page: RunningList) -> None:
        """Go on with a page that bears another title; the one that the heading denies is kept."""
        self.rows += page.rows
        for name in ("subtotals", "headings", "strays", "lost"):
            getattr(self, name).extend(getattr(page, name))
        self.total, self.has_ended = page.total, page.has_ended
        if self.above.title_year == self.above.heading_year:
            self.above = page.above


def joined(lists: Iterable[RunningList]) -> list[RunningList]:
    """Return settled lists, with pages of one list put together whose titles differ in the year.

    They stand under one heading with a year, none is over (合計), and they name other payers: two
    years of one list name the same ones.
    """
    found: list[RunningList] = []
    for each in lists:
        if found and _goes_on(found[-1], each):
            found[-1].take_on(each)
        else:
            found.append(each)
    return found


def _goes_on(read: RunningList, page: RunningList) -> bool:
    if read.has_ended or read.above.heading_year is None or read.unit.factor != page.unit.factor:
        return False
    if _without_year(read.above) != _without_year(page.above):
        return False
    before, now = _payers(read), _payers(page)
    return 2 * len(before & now) < min(len(before), len(now))


def _without_year(above: Above) -> tuple[str, str]:
    return plain(above.heading), _YEAR.sub("", plain(above.title))


def _payers(read: RunningList) -> set[tuple[str, str]]:
    return {_payer(row.code, row.prefecture) for row in read.rows}


def _payer(code: str, prefecture: str) -> tuple[str, str]:
    return code, "" if code else plain(prefecture)
