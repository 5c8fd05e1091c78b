"""Finding the published lists in a document."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import polars as pl

from allocator.domain import schemas
from allocator.domain.errors import Problem
from allocator.domain.organisations import Register
from allocator.domain.text import Text, listed
from allocator.domain.yen import LARGEST
from allocator.sources.documents.headings import Headings
from allocator.sources.documents.model import Document, Line, adjoining
from allocator.sources.documents.rows import (
    SHORTEST_HEADER,
    SUBTOTALS,
    TOTALS,
    Parts,
    RowReader,
    half_a_code,
    header,
    heads_another_table,
    is_shaped,
    unreadable,
)
from allocator.sources.documents.running import Columns, Row, RunningList, joined
from allocator.sources.documents.words import plain, programme_of
from allocator.sources.lists import PublishedList
from allocator.sources.table import raise_all

_MOST_ODD: Final = 8
"""So many lines of another form end a list; fewer are the edges of a page, or broken rows."""

_PLACED: Final = ("pdf", "xlsx", "xls")
"""Documents in which a place is more than the number of a line."""


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
        self._say_what_is_lost([each for each in self._lists if each.rows])
        return [self._published(each) for each in joined(self._lists) if each.rows]

    def _say_what_is_lost(self, read: Sequence[RunningList]) -> None:
        """Note titles whose list was not found, beside the list above (or the first one)."""
        known = {programme_of(each.above.title, each.above.heading) for each in read}
        for count, title, number in self._titles:
            programme = programme_of(title)
            if read and programme and programme not in known:
                above = [each for each in self._lists[:count] if each.rows] or read[:1]
                above[-1].lost.append((title, number))
                known.add(programme)

    def _number(self, index: int) -> int:
        """Return a line's number in the whole document; pages and sheets are numbered through."""
        place = self._document.lines[index].place
        return index + 1 if place.page or place.sheet else place.line

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
            current.is_open = True
            current.last = index
            return
        if current is not None:
            self._leave(current)
        self._lists.append(RunningList(above, self._headings.factor(index), groups, last=index))

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
        if not current.is_open or current.doubtful:
            if not self._goes_on(current, parts):
                return False
            if not current.is_open:
                current.strays.append(self._number(index))
                return True
            self._resolve(current, index)
        taken = [
            each is not None and each.yen is not None and self._reader.is_row(each, columns)
            for each, columns in zip(parts, current.groups, strict=True)
        ]
        if not any(taken):
            return False
        current.last = index
        for at, (each, is_row) in enumerate(zip(parts, taken, strict=True)):
            if each is None or not any(each):
                continue
            if is_row or each.yen is not None:
                self._put(current, at, each, index)
            else:
                self._problems.append(unreadable(self._document.where(line.place), line))
        return True

    def _put(self, current: RunningList, group: int, parts: Parts, index: int) -> None:
        number, amount = self._number(index), (parts.yen or 0) * current.factor
        if parts.words & TOTALS:
            current.total = (amount, number)
            current.has_ended = True
        elif parts.words & SUBTOTALS:
            current.subtotals.append(number)
        elif abs(amount) > LARGEST:
            line = self._document.lines[index]
            self._problems.append(unreadable(self._document.where(line.place), line))
        else:
            current.prefecture = parts.prefecture or current.prefecture
            code = ""
            if current.groups[group].code is not None:
                code, completed, malformed = self._reader.code(parts.code, current.prefecture)
                current.completed += [number] * completed
                current.malformed += [number] * malformed
            current.put(group, Row(code, parts.prefecture, parts.municipality, amount, number))

    def _goes_on(self, current: RunningList, parts: Sequence[Parts | None]) -> bool:
        """Tell whether a list goes on for certain: with a payer that it lacks, or with its sum."""
        if current.is_complete or current.above.key != self._headings.above.key:
            return False
        for each, columns in zip(parts, current.groups, strict=True):
            if each is None:
                continue
            if self._reader.is_certain(each, columns) and not current.has(
                each.code if columns.code is not None else "", each.prefecture
            ):
                return True
            if each.words & TOTALS and each.yen is not None and not current.unread:
                added = current.added + current.doubted * current.factor
                if current.doubtful and added == each.yen * current.factor:
                    return True
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
        if not current.is_open or (len(line.filled) < SHORTEST_HEADER and not shaped):
            return
        if not current.doubtful and self._reader.is_broken(line, columns):
            self._problems.append(unreadable(self._document.where(line.place), line))
            current.last = index
        elif current.is_complete or heads_another_table(line):
            self._leave(current)
        else:
            parts = self._part(current, index)
            current.doubt(index, parts.yen if parts else None, odd=not shaped)
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
            if parts.yen is None:
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
        likely = [(index, parts) for index, parts in below if parts and parts.yen is not None]
        added = sum(parts.yen or 0 for _, parts in likely) * current.factor
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
        frame = pl.DataFrame(read.rows, schema=schemas.LISTED, orient="row")
        if columns.code is None:
            names = [plain(name) for name in frame["prefecture"]]
            codes = [self._reader.prefectures.get(name, "") for name in names]
            frame = frame.with_columns(pl.Series("code", codes, dtype=pl.String))
        else:
            frame = frame.with_columns(self._merged_down(frame, frozenset(read.malformed)))
        total, total_line = read.total or (None, None)
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
            places=dict(self._places(frame["line"], above.declared_line, total_line)),
            remarks=tuple(_remarks(read, self._place)),
        )

    def _merged_down(self, frame: pl.DataFrame, malformed: frozenset[int]) -> pl.Series:
        """Fill in prefectures that are printed once over many rows, by the number in the code."""
        names: list[str] = []
        before = ("", "")
        for code, name, line in frame.select("code", "prefecture", "line").iter_rows():
            number = code[:2]
            if line in malformed:  # no number in it: that of the name, or of the row above
                number = self._reader.prefectures.get(plain(name), before[0])[:2]
            if not name and number == before[0]:
                name = before[1]  # noqa: PLW2901 the cell above reaches down to here
            names.append(name)
            before = (number, name)
        return pl.Series("prefecture", names, dtype=pl.String)

    def _places(self, lines: pl.Series, *others: int | None) -> Iterator[tuple[int, str]]:
        """Yield the places of lines that are more than the number of a line in the file."""
        if self._document.kind in _PLACED:
            for number in (*lines, *others):
                if number is not None:
                    yield number, self._place(number)

    def _place(self, number: int) -> str:
        """Return where a line stands, by its number in the whole document."""
        if self._document.kind in _PLACED:
            return str(self._document.lines[number - 1].place)
        return f"line {number}"


def _remarks(read: RunningList, place: Callable[[int], str]) -> Iterator[Text]:
    if read.factor != 1:
        yield Text(
            f"amounts are printed in units of {read.factor:,} yen, and given in yen",
            f"{read.factor:,} 円単位で印刷された金額を円に直しました",
        )
    if read.completed:
        yield Text(
            f"codes completed to six digits: {len(read.completed):,}",
            f"6桁に補った団体コード: {len(read.completed):,} 件",
        )
    if read.malformed:
        where = listed([place(number) for number in read.malformed])
        yield Text(
            f"codes that are none, kept as written: {len(read.malformed):,} ({where.en})",
            f"団体コードとして読めず、記載のまま残したもの: {len(read.malformed):,} 件({where.ja})",
        )
    if read.strays:
        where = listed([place(number) for number in read.strays])
        yield Text(
            f"lines that look like rows of the list, left out: {len(read.strays):,} ({where.en})",
            f"一覧の行に見えるが除いた行: {len(read.strays):,} 行({where.ja})",
        )
    for title, number in read.lost:
        yield Text(
            f"another list has a title, but no rows were found: {title} ({place(number)})",
            f"表題だけで行が見つからない一覧があります: {title}({place(number)})",
        )
    if read.subtotals:
        yield Text(
            f"subtotals left out: {len(read.subtotals):,}",
            f"除いた小計: {len(read.subtotals):,} 行",
        )
