"""Finding the published lists in a document."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

import polars as pl

from allocator.domain import schemas
from allocator.domain.codes import parse_code
from allocator.domain.errors import InputError, Problem
from allocator.domain.names import TOTAL_WORDS
from allocator.domain.organisations import PREFECTURE, Register
from allocator.domain.text import Text, listed
from allocator.domain.yen import LARGEST, parse_yen
from allocator.sources.documents.headings import Headings
from allocator.sources.documents.model import Document, Line
from allocator.sources.documents.running import Columns, Row, RunningList, joined
from allocator.sources.documents.words import plain, programme_of
from allocator.sources.grid import CODE_WORDS, MUNICIPALITY_WORDS, PREFECTURE_WORDS
from allocator.sources.lists import AMOUNT_NAMES, PublishedList
from allocator.sources.table import raise_all

_UNIT: Final = re.compile(r"\((?:円|千円)\)$")
_CODE: Final = re.compile(r"[0-9]{4,6}")
_SIX: Final = re.compile(r"[0-9]{6}")
_FEWEST_DIGITS: Final = 4
_TOTALS: Final = frozenset(TOTAL_WORDS)
_SUBTOTALS: Final = frozenset({"小計", "都道府県計", "市区町村計", "市町村計"})
_SHORTEST_HEADER: Final = 2


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
        self._register = register
        self._prefectures = {
            plain(name): code
            for name, code in register.frame.filter(pl.col("kind") == PREFECTURE)
            .select("prefecture", "code")
            .iter_rows()
        }
        self._codes: dict[str, set[str]] = {}
        for name, code in register.frame.select("prefecture", "code").iter_rows():
            self._codes.setdefault(plain(name), set()).add(code)
        self._municipalities = {plain(name) for name in register.frame["municipality"]} - {""}
        self._headings = Headings(document)
        self._lists: list[RunningList] = []
        self._problems: list[Problem] = []

    def read(self, index: int, line: Line) -> None:
        """Take in the next line."""
        if not line.cells:
            return
        current = self._lists[-1] if self._lists else None
        number = self._number(index, line)
        if current is not None and current.is_open and self._rows(current, line, number):
            return
        if groups := _header(line):
            self._begin(current, groups, index)
        elif not self._headings.read(index, number) and current is not None:
            self._close(current, line)

    def found(self) -> list[PublishedList]:
        """Return the lists that have rows.

        Raises:
            InputError: amounts that cannot be read.
        """
        raise_all(self._problems)
        for each in self._lists:
            each.settle()
        return [self._published(each) for each in joined(self._lists) if each.rows]

    def _number(self, index: int, line: Line) -> int:
        """Return a line's number in the whole document; pages and sheets are numbered through."""
        return index + 1 if line.place.page or line.place.sheet else line.place.line

    def _begin(self, current: RunningList | None, groups: list[Columns], index: int) -> None:
        above = self._headings.above
        if current is not None and current.above.key == above.key and not current.has_ended:
            current.settle()
            current.groups = groups
            current.is_open = True
            return
        if current is not None:
            current.is_open = False
        self._lists.append(RunningList(above, self._headings.factor(index), groups))

    def _close(self, current: RunningList, line: Line) -> None:
        """End a list for now where another table begins, unless the line is a broken row of it."""
        if not current.is_open or len(line.filled) < _SHORTEST_HEADER:
            return
        first, second = (plain(cell) for cell in line.filled[:2])
        coded = current.groups[0].code is not None
        if (
            _SIX.fullmatch(first)
            or first in self._prefectures
            or (coded and second in self._prefectures)
        ):
            self._problems.append(_unreadable(self._document.where(line.place), line))
            return
        current.is_open = False

    def _rows(self, current: RunningList, line: Line, number: int) -> bool:
        taken = False
        for at, columns in enumerate(current.groups):
            parts = self._parts(line, columns, alone=len(current.groups) == 1)
            if parts is None:
                continue
            words = {plain(part) for part in parts[:3]}
            amount = _amount(parts[3])
            if amount is None or not self._is_row(parts, columns, words):
                continue
            taken = True
            amount *= current.factor
            if words & _TOTALS:
                current.total = (amount, number)
                current.has_ended = True
            elif words & _SUBTOTALS:
                current.subtotals.append(number)
            else:
                current.prefecture = parts[1] or current.prefecture
                code = self._code(parts[0], current, number) if columns.code is not None else ""
                current.put(at, Row(code, parts[1], parts[2], amount, number))
        return taken

    def _parts(
        self, line: Line, columns: Columns, *, alone: bool
    ) -> tuple[str, str, str, str] | None:
        """Return code, prefecture, municipality and amount of a row, as texts."""
        cells = line.cells
        if len(cells) >= columns.end:
            places = (columns.code, columns.prefecture, columns.municipality)
            code, prefecture, municipality = ("" if at is None else cells[at] for at in places)
            return code, prefecture, municipality, cells[columns.amount]
        if not alone:
            return None
        # Empty cells leave no trace without rulings or tabs: code first, amount last, names
        # between.
        words = line.filled if len(line.filled) > 1 else tuple("".join(line.cells).split())
        named = [columns.code, columns.prefecture, columns.municipality]
        if len(words) < _SHORTEST_HEADER:
            return None
        code = ""
        middle = list(words[:-1])
        if named[0] is not None and (
            _CODE.fullmatch(plain(middle[0]))
            or (len(middle) > 1 and plain(middle[1]) in self._prefectures)
        ):
            code = middle.pop(0)
        prefecture = middle.pop(0) if middle and named[1] is not None else ""
        if middle and named[2] is None:
            return None
        return code, prefecture, " ".join(middle), words[-1]

    def _is_row(self, parts: tuple[str, str, str, str], columns: Columns, words: set[str]) -> bool:
        if words & (_TOTALS | _SUBTOTALS):
            return True
        if columns.code is not None and self._register.official:
            return bool(_CODE.fullmatch(plain(parts[0]))) or self._is_miscoded(parts)
        return bool(parts[0] if columns.code is not None else parts[1])

    def _is_miscoded(self, parts: tuple[str, str, str, str]) -> bool:
        """Tell a row of the list, whose code is misprinted or missing, from one of another table.

        It names a prefecture or a municipality, or has, with misprints in both names as well,
        most of a code.
        """
        code, prefecture, municipality = (plain(part) for part in parts[:3])
        if prefecture in self._prefectures or municipality in self._municipalities:
            return True
        digits = sum(char.isdecimal() for char in code)
        named = bool(prefecture or municipality)
        return named and digits >= _FEWEST_DIGITS and digits >= len(code) - 1

    def _code(self, written: str, current: RunningList, number: int) -> str:
        if not self._register.official:
            return written
        code = plain(written)
        if _SIX.fullmatch(code):
            return code
        if not _CODE.fullmatch(code):
            current.malformed.append(number)
            return code
        known = self._codes.get(plain(current.prefecture), self._register.codes)
        try:
            whole = parse_code(code, "", known)
        except InputError:
            return code
        if whole not in known:
            return code
        current.completed.append(number)
        return whole

    def _published(self, read: RunningList) -> PublishedList:
        above, columns = read.above, read.groups[0]
        frame = pl.DataFrame(read.rows, schema=schemas.LISTED, orient="row")
        if columns.code is None:
            names = [plain(name) for name in frame["prefecture"]]
            codes = [self._prefectures.get(name, "") for name in names]
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
                number = self._prefectures.get(plain(name), before[0])[:2]
            if not name and number == before[0]:
                name = before[1]  # noqa: PLW2901 the cell above reaches down to here
            names.append(name)
            before = (number, name)
        return pl.Series("prefecture", names, dtype=pl.String)

    def _places(self, lines: pl.Series, *others: int | None) -> Iterator[tuple[int, str]]:
        """Yield the places of lines that are more than the number of a line in the file."""
        if self._document.kind in ("pdf", "xlsx"):
            for number in (*lines, *others):
                if number is not None:
                    yield number, self._place(number)

    def _place(self, number: int) -> str:
        """Return where a line stands, by its number in the whole document."""
        if self._document.kind in ("pdf", "xlsx"):
            return str(self._document.lines[number - 1].place)
        return f"line {number}"


def _header(line: Line) -> list[Columns]:
    """Return the columns that a header names, more than one set where they stand side by side."""
    if not any(name in line.text for name in AMOUNT_NAMES):
        return []
    cells = line.cells if len(line.filled) > 1 else tuple("".join(line.cells).split())
    labels = [_UNIT.sub("", plain(cell)) for cell in cells]
    if len([label for label in labels if label]) < _SHORTEST_HEADER:
        return []
    groups: list[Columns] = []
    start = 0
    for place, label in enumerate(labels):
        if label not in AMOUNT_NAMES:
            continue
        code, prefecture, municipality = (
            next((at for at in range(start, place) if labels[at] in names), None)
            for names in (CODE_WORDS, PREFECTURE_WORDS, MUNICIPALITY_WORDS)
        )
        if code is None and prefecture is None:
            return []
        groups.append(Columns(code, prefecture, municipality, place, start, place + 1))
        start = place + 1
    return groups


def _amount(text: str) -> int | None:
    try:
        amount = parse_yen(text)
    except InputError:
        return None
    return amount if abs(amount) <= LARGEST else None


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
    if read.subtotals:
        yield Text(
            f"subtotals left out: {len(read.subtotals):,}",
            f"除いた小計: {len(read.subtotals):,} 行",
        )


def _unreadable(where: str, line: Line) -> Problem:
    shown = " | ".join(line.cells)
    return Problem(
        where,
        Text(
            f"a row of a list without an amount that can be read: {shown}",
            f"一覧の行に読み取れる金額がありません: {shown}",
        ),
        Text(
            "correct the document, or give the list as CSV",
            "文書を直すか、一覧をCSVで指定してください",
        ),
    )
