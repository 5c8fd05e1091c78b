"""What stands above a list: heading, title, number of the paper, declared total, unit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Final

from allocator.domain.years import FiscalYear
from allocator.sources.lists.table import PublishedList
from allocator.sources.reading.document import Document, Line, Place
from allocator.sources.tables.opened import TextTable
from allocator.sources.tables.units import Unit, stated
from allocator.sources.tables.words import begins_with_programme, plain, programme_of, year_in

_MONEY: Final = r"(?:負担金|交付金|分担金)"
_HEADING: Final = re.compile(_MONEY + r".*について$")
_TITLE: Final = re.compile(_MONEY + r"額?一覧表?(?:\(.*\))?(?:単位.*)?$")
_HEADING_END: Final = re.compile(r"(?:^|に)(?:つい|い)?て$")
_TITLE_END: Final = re.compile(r"(?:^|一)覧表?(?:\(.*\))?(?:単位.*)?$")
_PAPER: Final = re.compile(r"^参考資料([0-9]+(?:-[0-9]+)?)")
_TOTAL: Final = re.compile(r"^[(0-9.)]*" + _MONEY + r"総額:?(.*)$")
_AMOUNT: Final = re.compile(r"^金?([0-9][0-9,]*)(円|千円|百万円)$")
_BARE: Final = re.compile(r"^([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{4,})()$")
"""A figure without a unit, and more than the number of a page or a paragraph."""
_FACTORS: Final = {"円": 1, "千円": 1_000, "百万円": 1_000_000}
_MOST_LINES: Final = 3
_LONGEST: Final = 200
_UNIT_ABOVE: Final = 4
_LONGEST_UNIT: Final = 16
"""A line that says hardly more than the unit is nothing else: (単位:千円)."""
_FARTHEST: Final = 14
"""How many lines up a heading or a unit may stand across a page break: foot and top lie between."""


@dataclass(frozen=True)
class Above:
    """What was last read above a list.

    The declared total is in yen, or in the unit of the list where it says none (`is_bare`).
    """

    heading: str = ""
    heading_year: FiscalYear | None = None
    reference: str = ""
    declared_total: int | None = None
    declared_line: int | None = None
    title: str = ""
    title_year: FiscalYear | None = None
    is_bare: bool = False

    def of_list(self, unit: Unit) -> Above:
        """Return what stands above a list of this unit, its declared total in yen."""
        if not self.is_bare or self.declared_total is None:
            return self
        return replace(self, declared_total=self.declared_total * unit.factor, is_bare=False)

    @property
    def key(self) -> tuple[str, str]:
        """Heading and title: as long as they stay, a list goes on."""
        return plain(self.heading), plain(self.title)


class Headings:
    """Follows a document line by line, and knows what stands above the line that comes next.

    `declared` is each total that was declared, with what stood above it.
    """

    def __init__(self, document: Document) -> None:
        self.above = Above()
        self.declared: list[Above] = []
        self._lines = document.lines
        self._papers: dict[str, str] = {}
        self._paper = ""
        self._awaits_total = False
        self._unit: tuple[int, str] | None = None
        self._sheet: str | None = None
        self._taken_on: tuple[str | None] | None = None

    @property
    def are_of_another_sheet(self) -> bool:
        """Whether what is known belongs to a list that stands on an earlier sheet."""
        return self._taken_on is not None and self._taken_on != (self._sheet,)

    def turn_to(self, sheet: str | None) -> bool:
        """Go on to the sheet of the next line; tell whether it is another one.

        Units, numbers of papers and beginnings of a total say nothing about another sheet.
        """
        if sheet == self._sheet:
            return False
        self._sheet = sheet
        self._unit = None
        self._paper = ""
        self._awaits_total = False
        return True

    def take(self) -> None:
        """Note that a list on this sheet has what stands above."""
        self._taken_on = (self._sheet,)

    def forget(self) -> None:
        """Forget what stands above."""
        self.above = Above()
        self._taken_on = None

    def stated(self, index: int) -> tuple[str, ...]:
        """Return what may state the unit of the table whose header stands at `index`.

        A line right above it, then the title; the line of a table further up says nothing about
        this one.
        """
        title = (self.above.title,) if self.above.title else ()
        return (*self._line_above(index), *title)

    def _line_above(self, index: int) -> tuple[str, ...]:
        if self._unit is None or index - self._unit[0] > _FARTHEST:
            return ()
        at, text = self._unit
        page = self._lines[at].place.page
        between = [
            line
            for line in self._lines[at + 1 : index]
            if not line.running and (line.cells or line.place.page == page)
        ]
        return (text,) if len(between) < _UNIT_ABOVE else ()

    def read(self, index: int, number: int) -> bool:
        """Take in a line; tell whether it was one of those that stand above lists."""
        line = self._lines[index]
        if len(line.text) > _LONGEST or (line.running and len(line.filled) > 1):
            return False
        text = plain(line.text)
        if self._awaits_total and not line.running:
            self._awaits_total = False
            if found := _figure(text):
                self._declare(found, number)
                return True
        if found := _TOTAL.match(text):
            if amount := _figure(found[1]):
                self._declare(amount, number)
            else:
                self._awaits_total = True
            return True
        if any(unit.kind == "yen" for unit in stated(text)):
            self._unit = (index, text)
            if len(text) <= _LONGEST_UNIT:
                return True
        return self._heading(index, text) or self._title(index, text) or self._alone(text)

    def _declare(self, found: re.Match[str], number: int) -> None:
        total = int(found[1].replace(",", "")) * _FACTORS.get(found[2], 1)
        if self.are_of_another_sheet and total != self.above.declared_total:
            self.forget()
        self.above = replace(
            self.above, declared_total=total, declared_line=number, is_bare=not found[2]
        )
        self.declared.append(self.above)

    def _heading(self, index: int, text: str) -> bool:
        heading = self._read(index, text, _HEADING, _HEADING_END)
        if not heading:
            return False
        paper = _PAPER.match(plain(heading))
        if paper:
            heading = re.sub(r"^参考資料[0-9０-９]+(?:[-‐－][0-9０-９]+)?", "", heading)
        year = year_in(heading)
        if year is None:
            return False
        if paper:
            self._papers[plain(heading)] = f"参考資料{paper[1]}"
        reference = self._papers.get(plain(heading), self._paper)
        if plain(heading) != self.above.key[0]:
            self.forget()
            self.above = Above(heading, year, reference)
        return True

    def _title(self, index: int, text: str) -> bool:
        title = self._read(index, text, _TITLE, _TITLE_END)
        if not title:
            return False
        if self.are_of_another_sheet and plain(title) != self.above.key[1]:
            self.forget()
        named, headed = programme_of(title), programme_of(self.above.heading)
        if self.above.heading and named != headed:
            self.forget()  # a list without a heading of its own, below another one's
        self.above = replace(self.above, title=title, title_year=year_in(title))
        return True

    def _read(self, index: int, text: str, words: re.Pattern[str], end: re.Pattern[str]) -> str:
        """Return a heading or title that ends in a line, or ""; its words may be parted as well."""
        if not words.search(text) and not end.search(text):
            return ""
        whole = _whole(self._lines, index)
        return whole if words.search(plain(whole)) else ""

    def _alone(self, text: str) -> bool:
        """Take in the number of the paper, where it stands by itself in a corner of the page."""
        found = _PAPER.match(text)
        if not found or found[0] != text:
            return False
        self._paper = text
        return True


def with_heading(published: PublishedList, table: TextTable) -> PublishedList:
    """Return a list that is a table with what the lines above it say, as they do in papers."""
    texts = reversed([text for text in table.above if text != table.sheet])
    lines = tuple(Line(Place(number), (text,)) for number, text in enumerate(texts, start=1))
    headings = Headings(Document(published.file, "text", lines))
    for index in range(len(lines)):
        headings.read(index, index + 1)
    above = headings.above
    return replace(
        published,
        programme=programme_of(above.title, above.heading),
        heading=above.heading,
        heading_year=above.heading_year,
        title=above.title or published.title,
        title_year=above.title_year,
        reference=above.reference,
    )


def _figure(text: str) -> re.Match[str] | None:
    return _AMOUNT.match(text) or _BARE.match(text)


def _whole(lines: Sequence[Line], index: int) -> str:
    """Return a heading with the lines above that belong to it, without blanks.

    A line belongs to it where nothing stands between them and the words for a programme begin
    there, or where the line below begins with the fiscal year. A page break may part them.
    """
    text = lines[index].text
    joined = text
    for line in _above(lines, index, _MOST_LINES):
        if programme_of(joined) or len(line.filled) != 1:
            break
        joined = line.text + joined
    if programme_of(joined):
        return joined
    if found := _over_a_page_break(lines, index):
        return found
    above = _above(lines, index, 1)
    if above and len(above[0].filled) == 1 and text.startswith(("令和", "平成")):
        return above[0].text + text
    return text


def _above(lines: Sequence[Line], index: int, most: int) -> list[Line]:
    """Return the lines above one, the nearest first; those of another sheet are none of them."""
    sheet = lines[index].place.sheet
    return [
        line for line in reversed(lines[max(index - most, 0) : index]) if line.place.sheet == sheet
    ]


def _over_a_page_break(lines: Sequence[Line], index: int) -> str:
    """Return a heading that begins at the foot of the page above, or "".

    What else stands at foot and top is left out, of one line or more: only with the right ones do
    the words for a programme come out.
    """
    page = lines[index].place.page
    above: list[str] = []
    reached = page
    for line in _above(lines, index, _FARTHEST):
        if len(line.filled) == 1:
            above.append(line.text)
            reached = line.place.page
        elif line.cells and not line.running:
            break
    if reached == page:
        return ""
    for count in range(1, _MOST_LINES):
        for chosen in combinations(above, count):
            joined = "".join(reversed(chosen)) + lines[index].text
            if begins_with_programme(_PAPER.sub("", plain(joined))):
                return joined
    return ""
