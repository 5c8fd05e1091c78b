"""Finding the published lists in a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from allocator.domain import schemas
from allocator.domain.errors import Problem
from allocator.domain.organisations import Register
from allocator.domain.yen import LARGEST
from allocator.sources.lists.headings import Headings
from allocator.sources.lists.list_sums import checked_sums, without_counties
from allocator.sources.lists.listed_codes import listed_codes
from allocator.sources.lists.lost import say_lost_titles, settle_totals
from allocator.sources.lists.remarks import ledger_of, remarks
from allocator.sources.lists.rows import (
    SHORTEST_HEADER,
    Parts,
    RowReader,
    half_a_code,
    header,
    heads_another_table,
    is_shaped,
    unreadable,
)
from allocator.sources.lists.running import Columns, Row, RunningList, joined
from allocator.sources.lists.table import PublishedList
from allocator.sources.reading.document import Document, Line, adjoining
from allocator.sources.tables.faults import raise_all
from allocator.sources.tables.sums import is_sum_word
from allocator.sources.tables.taken import SumRow
from allocator.sources.tables.units import stated, unit_of
from allocator.sources.tables.widths import surplus, too_many
from allocator.sources.tables.words import programme_of

_MOST_ODD: Final = 8
"""So many lines of another form end a list; fewer are the edges of a page, or broken rows."""


def published_lists(document: Document, register: Register) -> list[PublishedList]:
    """Return every published list of a document, in its order; none is an empty list.

    Names, codes and amounts are as printed. Codes that lost a zero are completed where they can
    be read in one way only (and that is remarked); what is no code at all stays as it is written
    ("" for an empty cell), and is remarked too. A list without codes gets those of the prefectures
    that it names.

    Raises:
        InputError: rows of a list whose amount cannot be read; all of them are named.
    """
    finder = _Finder(document, register)
    for index, line in enumerate(document.lines):
        finder.read(index, line)
    return finder.found()


class _Finder:
    def __init__(self, document: Document, register: Register) -> None:
        self._document = document
        self._reader = RowReader(register)
        self._headings = Headings(document)
        self._lists: list[RunningList] = []
        self._problems: list[Problem] = []
        self._titles: list[tuple[int, str, int]] = []

    def read(self, index: int, line: Line) -> None:
        """Take in the next line."""
        if not line.cells:
            return
        current = self._lists[-1] if self._lists else None
        if self._headings.turn_to(line.place.sheet) and current is not None:
            self._leave(current)
        if current is not None and not line.running and self._rows(current, index, line):
            return
        if groups := header(line):
            self._begin(current, groups, index)
        elif current is not None and self._is_unit_row(current, index, line):
            current.unit = unit_of(line.text, (), self._document.where(line.place), "yen")
            current.headings.append(self._number(index))
            current.last = index
        elif self._headings.read(index, self._number(index)):
            title = self._headings.above.title
            if title and (not self._titles or self._titles[-1][1] != title):
                self._titles.append((len(self._lists), title, self._number(index)))
        elif current is not None and not line.running:
            self._doubt(current, index, line)

    def found(self) -> list[PublishedList]:
        """Return the lists that have rows.

        Raises:
            InputError: amounts that cannot be read.
        """
        for each in self._lists:
            self._leave(each)
            each.settle()
        raise_all(self._problems)
        say_lost_titles(self._lists, self._titles)
        read = [each for each in joined(self._lists) if each.rows]
        settle_totals(read, self._headings.declared)
        return [self._published(each) for each in read]

    def _number(self, index: int) -> int:
        return self._document.number(index)

    def _begin(self, current: RunningList | None, groups: list[Columns], index: int) -> None:
        goes_on = current is not None and self._continues(current, groups[0], index)
        if self._headings.are_of_another_sheet and not goes_on:
            self._headings.forget()
        self._headings.take()
        above = self._headings.above
        if current is not None and goes_on and current.above.key == above.key:
            self._resolve(current, None)
            current.settle()
            current.groups = groups
            current.width = len(self._document.lines[index].cells)
            current.is_open = True
            current.last = index
            current.headings.append(self._number(index))
            return
        if current is not None:
            self._leave(current)
        line = self._document.lines[index]
        cells = line.cells
        at = groups[0].amount
        heading = cells[at] if len(cells) > at else line.text
        where = self._document.where(line.place)
        unit = unit_of(heading, self._headings.stated(index), where, "yen")
        self._lists.append(
            RunningList(
                above.of_list(unit),
                unit,
                groups,
                len(cells),
                last=index,
                headings=[self._number(index)],
            )
        )

    def _is_unit_row(self, current: RunningList, index: int, line: Line) -> bool:
        """Tell whether a line right below a header only says its unit."""
        if current.last != index - 1 or current.added or current.waiting:
            return False
        return len(line.filled) == 1 and any(each.kind == "yen" for each in stated(line.filled[0]))

    def _continues(self, current: RunningList, columns: Columns, index: int) -> bool:
        """Tell whether a header goes on with a list; on another sheet, with a payer it lacks."""
        lines = self._document.lines
        if current.has_ended or lines[index].place.sheet == lines[current.last].place.sheet:
            return not current.has_ended
        first = self._reader.first(lines[index:], columns)
        code = first.code if first and columns.code is not None else ""
        return first is None or not current.has(code, first.prefecture)

    def _rows(self, current: RunningList, index: int, line: Line) -> bool:
        """Take in the rows of a line; tell whether it has any.

        After a line that may belong to the list or not, only rows that do for certain are taken,
        and those before them with them.
        """
        parts = [
            self._reader.parts(line, columns, alone=len(current.groups) == 1)
            for columns in current.groups
        ]
        if self._is_too_wide(current, parts, index, line):
            return True
        if not current.is_open or current.doubtful:
            if not self._goes_on(current, parts):
                return False
            if not current.is_open:
                current.strays.append(self._number(index))
                return True
            self._resolve(current, index)
        taken = [
            each is not None
            and each.yen(current.unit) is not None
            and self._reader.is_row(each, columns)
            for each, columns in zip(parts, current.groups, strict=True)
        ]
        if not any(taken):
            return False
        current.last = index
        for at, (each, is_row) in enumerate(zip(parts, taken, strict=True)):
            if each is None or not any(each):
                continue
            if is_row or each.yen(current.unit) is not None:
                self._put(current, at, each, index)
            else:
                self._problems.append(unreadable(self._document.where(line.place), line))
        return True

    def _is_too_wide(
        self, current: RunningList, parts: Sequence[Parts | None], index: int, line: Line
    ) -> bool:
        """Refuse a row with more cells than its header: its amount may be cut in two."""
        kind = self._document.kind
        extra = surplus(line.cells, current.width, is_text=kind in ("csv", "text"))
        if not extra or not current.is_open or len(line.cells) < current.groups[0].end:
            return False
        first = parts[0]
        if first is None or first.yen(current.unit) is None:
            return False
        if not self._reader.is_row(first, current.groups[0]):
            return False
        where = self._document.where(line.place)
        self._problems.append(too_many(where, line.cells, current.width))
        current.last = index
        return True

    def _put(self, current: RunningList, group: int, parts: Parts, index: int) -> None:
        number, amount = self._number(index), parts.yen(current.unit) or 0
        kind = self._reader.sum_of(parts)
        if kind == "total" and amount != current.added and amount == current.since_sum:
            kind = "subtotal"  # a group's own sum, with no prefecture named
        if kind == "total":
            current.total = (amount, number)
            current.has_ended = True
        elif kind == "subtotal":
            words = tuple(part for part in parts[:3] if is_sum_word(part))
            row = SumRow(words, parts.prefecture or current.prefecture, parts.amount, number)
            current.subtotals.append((row, amount))
            current.since_sum = 0
        elif abs(amount) > LARGEST:
            line = self._document.lines[index]
            self._problems.append(unreadable(self._document.where(line.place), line))
        else:
            current.prefecture = parts.prefecture or current.prefecture
            code = "" if current.groups[group].code is None else parts.code
            current.put(group, Row(code, parts.prefecture, parts.municipality, amount, number))

    def _goes_on(self, current: RunningList, parts: Sequence[Parts | None]) -> bool:
        """Tell whether a list goes on for certain: with a payer that it lacks, or with its sum."""
        if current.is_complete or current.above.key != self._headings.above.key:
            return False
        for each, columns in zip(parts, current.groups, strict=True):
            if each is None:
                continue
            yen = each.yen(current.unit)
            if yen is None:
                continue
            if self._reader.is_certain(each, columns) and not current.has(
                each.code if columns.code is not None else "", each.prefecture
            ):
                return True
            is_total = self._reader.sum_of(each) == "total"
            if is_total and current.doubtful and not current.unread:
                return current.added + current.doubted == yen
        return False

    def _part(self, current: RunningList, index: int) -> Parts | None:
        """Return what a doubtful line has in the columns of a list, where it has any of them."""
        line = self._document.lines[index]
        if not is_shaped(line, current.groups[0]):
            return None
        return self._reader.parts(line, current.groups[0], alone=len(current.groups) == 1)

    def _doubt(self, current: RunningList, index: int, line: Line) -> None:
        """Take note of a line that is neither a row nor a title, below a list."""
        columns = current.groups[0]
        shaped = is_shaped(line, columns)
        if self._is_torn(current, index):
            current.lengthen("".join(line.filled))
            current.last = index
            return
        named = adjoining(self._document.lines, current.last, index)
        named = named and self._reader.lacks_figure(line, current)
        if not current.is_open or (len(line.filled) < SHORTEST_HEADER and not shaped and not named):
            return
        if not current.doubtful and (named or self._reader.is_broken(line, columns)):
            self._problems.append(unreadable(self._document.where(line.place), line))
            current.last = index
        elif current.is_complete or heads_another_table(line):
            self._leave(current)
        else:
            parts = self._part(current, index)
            current.doubt(index, parts.yen(current.unit) if parts else None, odd=not shaped)
            if current.odd > _MOST_ODD:
                self._leave(current)

    def _is_torn(self, current: RunningList, index: int) -> bool:
        """Tell whether a page break went through the name of a list's last row."""
        lines, at = self._document.lines, current.groups[0].municipality
        if (
            at is None
            or not current.last_name
            or len(lines[index].cells) <= at
            or len(lines[index].filled) > 1
        ):
            return False
        return (
            lines[index].place.page != lines[current.last].place.page
            and adjoining(lines, current.last, index)
            and self._reader.is_municipality(current.last_name + lines[index].cells[at])
        )

    def _resolve(self, current: RunningList, below: int | None) -> None:
        """Take the doubtful lines that touch the rows above or below for rows."""
        lines = self._document.lines
        touching = self._below(current)
        for index in reversed(current.doubtful):
            if below is None or not adjoining(lines, index, below):
                break
            touching.add(index)
            below = index
        for index in current.doubtful:
            parts = self._part(current, index)
            if index not in touching or parts is None:
                continue
            if parts.yen(current.unit) is None:
                self._problems.append(
                    unreadable(self._document.where(lines[index].place), lines[index])
                )
            else:
                self._put(current, 0, parts, index)
        current.settle_doubt()

    def _leave(self, current: RunningList) -> None:
        """End a list for now.

        What stands right below it is kept where it has the beginning of a row, or makes up what is
        missing to the declared total; else it is said.
        """
        below = [(index, self._part(current, index)) for index in sorted(self._below(current))]
        unit = current.unit
        likely = [(index, parts) for index, parts in below if parts and parts.yen(unit) is not None]
        added = sum(parts.yen(unit) or 0 for _, parts in likely)
        fits = current.above.declared_total == current.added + added
        coded = current.groups[0].code is not None
        for index, parts in likely:
            if fits or (coded and half_a_code(parts.code)):
                self._put(current, 0, parts, index)
            else:
                current.strays.append(self._number(index))
        current.settle_doubt()
        current.is_open = False

    def _below(self, current: RunningList) -> set[int]:
        """Return the doubtful lines that follow a list's last row without a gap."""
        found: set[int] = set()
        last = current.last
        for index in current.doubtful:
            if not adjoining(self._document.lines, last, index):
                break
            found.add(index)
            last = index
        return found

    def _published(self, read: RunningList) -> PublishedList:
        above, columns = read.above, read.groups[0]
        names = self._reader.names
        codes = listed_codes(
            pl.DataFrame(read.rows, schema=schemas.LISTED, orient="row"),
            names,
            has_codes=columns.code is not None,
        )
        total, total_line = read.total or (None, None)
        ledger = ledger_of(read, codes.frame, self._document)
        frame = without_counties(codes.frame, names, ledger)
        ledger.balance(len(frame))
        others = (above.declared_line, total_line, *(each.line for each in ledger))
        declared = above.declared_total is not None
        return PublishedList(
            self._document.file,
            frame,
            above.declared_total if declared else total,
            above.title,
            above.declared_line if declared else total_line,
            frozenset(
                name
                for name in ("code", "prefecture", "municipality")
                if getattr(columns, name) is not None
            ),
            programme=programme_of(above.title, above.heading),
            heading=above.heading,
            heading_year=above.heading_year,
            title_year=above.title_year,
            reference=above.reference,
            printed_total=total,
            printed_line=total_line,
            places=dict(self._places(frame["line"], *others)),
            remarks=tuple(remarks(read, codes, self._place)),
            left_out=ledger,
            by_name=codes.by_name,
            wrong_sums=checked_sums(read.subtotals, frame, names),
            source=self._document.source,
        )

    def _places(self, lines: pl.Series, *others: int | None) -> Iterator[tuple[int, str]]:
        """Yield the places of lines that are more than the number of a line in the file."""
        numbers = () if self._document.is_plain else (*lines, *others)
        yield from ((number, self._place(number)) for number in numbers if number is not None)

    def _place(self, number: int) -> str:
        """Return where a line stands, by its number in the whole document."""
        if not self._document.is_plain:
            return str(self._document.lines[number - 1].place)
        return f"line {number}"
