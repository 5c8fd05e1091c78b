"""The three sheets of allocation.xlsx that have a programme's amounts, each read by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from allocator.domain.errors import InputError, Problem, refuse
from allocator.domain.names import is_total
from allocator.domain.text import Text
from allocator.domain.yen import LARGEST, group, parse_yen
from allocator.sources.lists.table import AMOUNT_NAMES
from allocator.sources.lists.workbook_names import Book, amounts_of
from allocator.sources.tables.faults import raise_all
from allocator.sources.tables.header import (
    CODE_WORDS,
    MUNICIPALITY_WORDS,
    PREFECTURE_WORDS,
    Grid,
    folded,
)
from allocator.sources.tables.ledger import Ledger, Reason, ranges

_MARKS: Final = re.compile(r"【[^】]*】")
_NUMBER: Final = re.compile(r"\([0-9]+\)$")
_YEAR: Final = re.compile(r"(?:(?:令和|平成|昭和)(?:元|[0-9]{1,2})|[0-9]{4})年度")
_DEEPEST: Final = 10
"""Rows that are looked through for the headings of a sheet."""

_SAVE: Final = Text(
    "open it in a spreadsheet program, calculate and save it again; or give allocation.csv",
    "表計算ソフトで開いて再計算・保存し直すか、allocation.csv を指定してください",
)


@dataclass(frozen=True)
class View:
    """One programme as one sheet has it: code, prefecture, municipality, amount, row.

    `first` is the first row below the headings. `declared` is its 合計, with its row (None: it
    stands on another sheet); `notes` are rows without an amount, `totals` those of a 合計.
    """

    sheet: str
    title: str
    rows: Sequence[tuple[str, str, str, int, int]]
    prints: frozenset[str]
    first: int
    declared: tuple[int, int | None] | None = None
    notes: tuple[int, ...] = ()
    totals: tuple[int, ...] = ()

    @property
    def amounts(self) -> dict[str, int] | None:
        """The amounts by code; None where a code stands twice or isn't known."""
        found = {code: amount for code, _, _, amount, _ in self.rows if code}
        return found if len(found) == len(self.rows) else None

    @property
    def is_right(self) -> bool:
        """Whether its 合計 is the sum of its rows, where it has one."""
        return self.declared is None or self.declared[0] == sum(row[3] for row in self.rows)


def ledger_of(view: View, sheet: Grid) -> Ledger:
    """Return the rows of a sheet that are not in a list: those of others have no amount there."""
    ledger = Ledger(len(sheet.rows))
    taken = {row for *_, row in view.rows}
    for number, row in enumerate(sheet.rows, start=1):
        if number in taken:
            continue
        reason: Reason = "outside"
        if not any(row):
            reason = "blank"
        elif number < view.first:
            reason = "header" if number == view.first - 1 else "title"
        elif number in view.totals:
            reason = "total"
        elif number in view.notes:
            reason = "note"
        ledger.leave_out(number, reason, row)
    ledger.balance(len(taken))
    return ledger


def calculated(file: Path, sheets: Mapping[str, Grid], book: Book, programme: str) -> View:
    """Return the amounts that the names `<id>_codes` and `<id>_amounts` stand for.

    Rows that were added right below them belong to them.
    """
    (name, at, first, last), amounts = amounts_of(file, sheets, programme, book)
    rows = sheets[name].rows
    while last < len(rows) and (_cell(rows, last, at) or _cell(rows, last, amounts.column)):
        last += 1
    heads = [folded(cell) for cell in rows[first - 2]] if first > 1 else []
    columns = _columns(heads, at, amounts.column)
    return _view(file, sheets[name], columns, range(first, last + 1))


def printed_in(file: Path, view: View, sheets: Mapping[str, Grid]) -> View | None:
    """Return the sheet in the layout of the published list: 一覧1 beside 算定1, or by its title."""
    twin = view.sheet.replace("算定", "一覧", 1)
    subject = _subject(view.title)
    titled = [
        name
        for name, sheet in sheets.items()
        if name != view.sheet and subject and _subject(_title(sheet)) == subject
    ]
    name = twin if twin in titled else titled[0] if len(titled) == 1 else ""
    if not name:
        return None
    sheet = sheets[name]
    for number, row in enumerate(sheet.rows[:_DEEPEST], start=1):
        heads = [folded(cell) for cell in row]
        amount = _place_of(heads, AMOUNT_NAMES)
        columns = _columns(heads, _place_of(heads, CODE_WORDS), amount or 0)
        if amount is None or columns.key is None:
            continue
        known = frozenset(name for code, prefecture, *_ in view.rows for name in (code, prefecture))
        numbers = range(number + 1, len(sheet.rows) + 1)
        found = _view(file, sheet, columns, numbers, known)
        return found if columns.code is not None else _with_codes(found, view)
    return None


def everywhere_in(file: Path, view: View, sheets: Mapping[str, Grid]) -> View | None:
    """Return the column of a programme on 市区町村別, where its heading tells."""
    sheet = sheets.get("市区町村別")
    subject = _subject(view.title)
    for number, row in enumerate(sheet.rows[:_DEEPEST] if sheet else (), start=1):
        heads = [_subject(cell) for cell in row]
        code = _place_of(heads, CODE_WORDS)
        if sheet is None or code is None:
            continue
        if [head for head in heads if _NUMBER.sub("", head) == subject] != [subject]:
            return None  # several programmes have one name: numbers tell them apart
        payers = frozenset(each for each, *_ in view.rows)
        columns = _columns(heads, code, heads.index(subject))
        numbers = range(number + 1, len(sheet.rows) + 1)
        found = _view(file, sheet, columns, numbers, payers)
        return replace(found, title=view.title, declared=None, notes=())
    return None


@dataclass(frozen=True)
class _Columns:
    """Where the parts of a row stand, counted from 0; None: nowhere."""

    code: int | None
    prefecture: int | None
    municipality: int | None
    amount: int

    @property
    def key(self) -> int | None:
        """Where stands who a row is of."""
        return self.prefecture if self.code is None else self.code


def _columns(heads: Sequence[str], code: int | None, amount: int) -> _Columns:
    places = (_place_of(heads, words) for words in (PREFECTURE_WORDS, MUNICIPALITY_WORDS))
    prefecture, municipality = places
    return _Columns(code, prefecture, municipality, amount)


def _view(
    file: Path,
    sheet: Grid,
    columns: _Columns,
    numbers: range,
    payers: frozenset[str] | None = None,
) -> View:
    """Return the rows of a sheet (numbered from 1) that have an amount.

    What has none is a note, unless its code or name is one of `payers` (None: of any).

    Raises:
        InputError: an amount that is no whole yen, or none where there must be one.
    """
    found: list[tuple[str, str, str, int, int]] = []
    declared = None
    totals: list[int] = []
    notes: list[int] = []
    blank: list[int] = []
    problems: list[Problem] = []
    for number in numbers:
        code, prefecture, municipality, text = (
            _cell(sheet.rows, number - 1, at)
            for at in (columns.code, columns.prefecture, columns.municipality, columns.amount)
        )
        if not any((code, prefecture, municipality, text)):
            continue
        key = prefecture if columns.code is None else code
        if not text:
            is_note = payers is not None and key not in payers
            (notes if is_note else blank).append(number)
            continue
        where = f"{file}: {place_of(sheet.sheet, number)}"
        try:
            amount = _yen(text, where)
        except InputError as error:
            problems += error.problems
            continue
        if is_total(code, prefecture):
            declared = (amount, number)
            totals.append(number)
        else:
            found.append((code, prefecture, municipality, amount, number))
    if blank:
        problems.append(_without_amounts(file, sheet.sheet, blank))
    raise_all(problems)
    places = {
        "code": columns.code,
        "prefecture": columns.prefecture,
        "municipality": columns.municipality,
    }
    prints = frozenset(name for name, at in places.items() if at is not None)
    title, first = _title(sheet), numbers.start
    return View(sheet.sheet, title, found, prints, first, declared, tuple(notes), tuple(totals))


def _with_codes(printed: View, view: View) -> View:
    """Give a list by prefecture the codes that the calculation has for its names."""
    codes = {prefecture: code for code, prefecture, name, _, _ in view.rows if not name}
    rows = [
        (codes.get(prefecture, ""), prefecture, name, amount, row)
        for _, prefecture, name, amount, row in printed.rows
    ]
    return replace(printed, rows=rows)


def _without_amounts(file: Path, sheet: str, rows: Sequence[int]) -> Problem:
    return Problem(
        f"{file}: sheet {sheet}, row {ranges(rows)}",
        Text(
            "no amount: the workbook was saved without calculating its formulas",
            "金額がありません(数式が計算されずに保存されています)",
        ),
        _SAVE,
        code="formulas_not_calculated",
    )


def _yen(text: str, where: str) -> int:
    amount = parse_yen(text, where)
    if abs(amount) > LARGEST:
        what = f"{group(amount)}"
        raise refuse(
            where,
            Text(
                f"{what} yen is more than {group(LARGEST)}",
                f"{what} 円は上限 {group(LARGEST)} 円を超えています",
            ),
            Text("correct the amount", "金額を直してください"),
            code="too_large",
        )
    return amount


# -- cells and titles ------------------------------------------------------------------------------


def _cell(rows: Sequence[Sequence[str]], row: int, column: int | None) -> str:
    if column is None or row >= len(rows) or column >= len(rows[row]):
        return ""
    return rows[row][column]


def _title(sheet: Grid) -> str:
    return next((cell for cell in sheet.rows[0] if cell), "") if sheet.rows else ""


def _subject(title: str) -> str:
    """Return what a title speaks of, without its year, marks and what kind of sheet it heads."""
    plain = _YEAR.sub("", folded(_MARKS.sub("", title)))
    return plain.removesuffix("算定").partition("一覧(")[0]


def _place_of(heads: Sequence[str], words: Sequence[str]) -> int | None:
    return next((heads.index(word) for word in words if word in heads), None)


def place_of(sheet: str, row: int) -> str:
    """Return the place of a row, as messages give it."""
    return f"sheet {sheet}, row {row}"
