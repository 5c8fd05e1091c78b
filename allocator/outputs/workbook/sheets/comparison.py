"""前年度比較: every payer's amounts against the earlier ones, joined over changes of codes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from allocator.outputs.workbook.book.book import Book
from allocator.outputs.workbook.book.cells import (
    height,
    number_width,
    put,
    put_formula,
    set_widths,
    texts,
    title,
    width,
)
from allocator.outputs.workbook.model.sheet import EXACT, Test
from allocator.outputs.workbook.sheets.municipalities import PREFIX, Everywhere
from allocator.results.earlier import Earlier, Lost, Previous
from allocator.results.outcome import Outcome, ProgrammeOutcome
from allocator.words.labels import earlier_label, origin_words

NAME: Final = "前年度比較"
LARGE_CHANGE: Final = 0.1
"""A change from this on is marked."""

NEW: Final = "新"
GONE: Final = "廃"
SPLIT: Final = "分割"

SUMS: Final = ("計(引き継いだ額)", "引き継げなかった額の計", "比較する額の合計")
"""The rows with the sums of what was carried over, of what was not, and of all of it."""
_NAMES: Final = ("団体コード", "都道府県名", "市区町村名")
_HELP: Final = (
    "比較する前年度の計画や公表一覧が指定されていないため、比較はない。",
    '指定するには、計画(plan.toml)に previous = "../2023" のように書くか、allocator run に '
    "--previous を付ける。",
)


@dataclass(frozen=True)
class _Compared:
    """One programme on the sheet: its place in the plan, what it was before, its first column."""

    number: int
    outcome: ProgrammeOutcome
    earlier: Earlier
    col: int

    @property
    def now(self) -> Mapping[str, int]:
        allocation = self.outcome.allocation
        return allocation.by_code if allocation else {}

    @property
    def large(self) -> bool:
        """Whether there are figures that a spreadsheet cannot calculate with."""
        return max(self.earlier.total, sum(self.now.values())) >= EXACT

    def label(self, book: Book) -> str:
        return earlier_label([self.earlier.origin], book.year)

    def letter(self, offset: int) -> str:
        return xl_col_to_name(self.col + offset)


def write(
    book: Book, outcome: Outcome, everyone: pl.DataFrame, everywhere: Everywhere
) -> dict[int, Test]:
    """Write the sheet; return a check for each programme, by its place: no yen is lost.

    Without earlier amounts the sheet says so, and how to give some.
    """
    sheet, styles = book.sheet(NAME, landscape=True), book.styles
    heading = f"{book.year.japanese} 前年度比較"
    previous = outcome.previous
    if previous is None:
        set_widths(sheet, [100.0])
        title(sheet, heading, [100.0], styles["title"])
        texts(sheet, 2, 0, _HELP, styles["plain"])
        sheet.freeze_panes(2, 0)
        book.protect(sheet)
        return {}
    shown = _shown(outcome, previous, everywhere)
    columns = [everywhere.codes, everyone["prefecture"].to_list()]
    columns.append((everyone["county"] + everyone["municipality"]).to_list())
    widths = [width([name, *values], 10) for name, values in zip(_NAMES, columns, strict=True)]
    for each in shown:
        before, after = each.earlier.total, sum(each.now.values())
        wide = number_width([before, after], 16)
        widths += [wide, wide, number_width([after - before], 14), 9.0]
    set_widths(sheet, widths)
    title(sheet, heading, widths, styles["title"])
    lines = list(_lines(outcome, previous))
    texts(sheet, 1, 0, lines, styles["note"])
    row = len(lines) + 3
    _headings(book, sheet, (row, len(everywhere.codes)), shown, widths)
    first, last = row + 1, row + 1 + len(everywhere.codes)
    for col, values in enumerate(columns):
        texts(sheet, first, col, values, styles["code" if col == 0 else "text"])
    for each in shown:
        _amounts(book, everywhere, each, first)
        rate = each.letter(3)
        # A formula and not "not between": to a spreadsheet a word is larger than any number.
        marked = f"AND(ISNUMBER({rate}{first + 1}),ABS(N({rate}{first + 1}))>={LARGE_CHANGE})"
        rule = {"type": "formula", "criteria": f"={marked}", "format": styles["if_bad"]}
        sheet.conditional_format(f"{rate}{first + 1}:{rate}{last}", rule)
    tests = _sums(book, sheet, shown, (first, last))
    sheet.freeze_panes(first, len(_NAMES))
    sheet.repeat_rows(row - 2, row)
    sheet.ignore_errors({"number_stored_as_text": f"A{first + 1}:A{last + 2 + _gone(shown)}"})
    book.protect(sheet)
    return tests


def _shown(outcome: Outcome, previous: Previous, everywhere: Everywhere) -> list[_Compared]:
    found: list[_Compared] = []
    for number, each in enumerate(outcome.programmes):
        earlier = previous.of(each.programme.id)
        if earlier is not None and number in everywhere.paid:
            found.append(_Compared(number, each, earlier, len(_NAMES) + 4 * len(found)))
    return found


def _lines(outcome: Outcome, previous: Previous) -> Iterator[str]:
    """Yield what stands above the table."""
    yield (
        f"比較する額は、団体の変更履歴により現在の団体に合わせた(合併は合算、分割は按分しない)。"
        f"{LARGE_CHANGE:.0%} 以上の増減に色を付けた。{NEW}: 比較する額のない団体、"
        f"{GONE}・{SPLIT}: 引き継ぐ団体のない額(表の下)。"
    )
    for each in outcome.programmes:
        if (reason := previous.without.get(each.programme.id)) is not None:
            yield f"比較なし: {each.programme.title}({reason.ja})"
    for name in previous.others:
        yield f"比較なし: {name}(今年度の計画にない)"


def _headings(
    book: Book,
    sheet: Worksheet,
    place: tuple[int, int],
    shown: Sequence[_Compared],
    widths: Sequence[float],
) -> None:
    """Write three rows: the programme, what the earlier amounts are, the columns."""
    row, count = place
    style, least = book.styles["heading"], [2 * 16.5, 2 * 16.5]
    names = list(_NAMES)
    for each in shown:
        titles = (each.outcome.programme.title, _origin(each.earlier))
        wide = sum(widths[each.col : each.col + 4])
        for offset, text in enumerate(titles):
            at = row - 2 + offset
            sheet.merge_range(at, each.col, at, each.col + 3, "", style)
            put(sheet, at, each.col, text, style)
            least[offset] = max(least[offset], height(text, wide))
        names += [f"{each.label(book)}(円)", f"{book.year.japanese}(円)", "増減(円)", "増減率"]
    book.table(sheet, NAME, (row, count), names)
    for offset, high in enumerate(least):
        sheet.set_row(row - 2 + offset, high)


def _origin(earlier: Earlier) -> str:
    words = f"比較: {origin_words(earlier.origin).ja}"
    return f"{words}「{earlier.origin.title}」" if earlier.origin.title else words


def _amounts(book: Book, everywhere: Everywhere, each: _Compared, first: int) -> None:
    sheet, styles, col = book.sheets[NAME], book.styles, each.col
    source = xl_col_to_name(everywhere.paid[each.number])
    was, own, gap = (each.letter(offset) for offset in range(3))
    for place, code in enumerate(everywhere.codes):
        if (after := each.now.get(code)) is None:
            continue
        row, r = first + place, first + place + 1
        before = each.earlier.amounts.get(code)
        change = after - (before or 0)
        rate = NEW if before is None else change / before if before else ""
        put(sheet, row, col, before, styles["number"])
        if each.large:
            put(sheet, row, col + 1, after, styles["number"])
            put(sheet, row, col + 2, change, styles["number"])
            put(sheet, row, col + 3, NEW if before is None else None, styles["rate"])
            continue
        cell = f"={PREFIX}{source}{everywhere.first + place + 1}"
        put_formula(sheet, row, col + 1, cell, styles["number"], after)
        put_formula(sheet, row, col + 2, f"=N({own}{r})-N({was}{r})", styles["number"], change)
        formula = f'=IF({was}{r}="","{NEW}",IF({was}{r}>0,{gap}{r}/{was}{r},""))'
        put_formula(sheet, row, col + 3, formula, styles["rate"], rate)


def _sums(
    book: Book, sheet: Worksheet, shown: Sequence[_Compared], rows: tuple[int, int]
) -> dict[int, Test]:
    """Write what was carried over, what was not and by whom, and the sum as it came."""
    styles, (first, last) = book.styles, rows
    gone = _lost(shown)
    lost_first, lost_last = last + 1, last + 1 + len(gone)
    for row, name in ((last, SUMS[0]), (lost_last, SUMS[1])):
        _label(book, sheet, row, name, shown)
    _label(book, sheet, lost_last + 1, SUMS[2], shown)
    for row, (code, lost) in enumerate(gone.items(), lost_first):
        organisation = next(iter(lost.values())).organisation
        names = (code, organisation.prefecture, organisation.county + organisation.municipality)
        for col, value in enumerate(names):
            put(sheet, row, col, value, styles["code" if col == 0 else "text"])
        for each in shown:
            mine = lost.get(each.number)
            word = None if mine is None else SPLIT if mine.split else GONE
            put(sheet, row, each.col, mine.amount if mine else None, styles["number"])
            for offset in (1, 2):
                put(sheet, row, each.col + offset, None, styles["neutral"])
            put(sheet, row, each.col + 3, word, styles["neutral"])
    tests = {}
    for each in shown:
        tests[each.number] = _sum(book, sheet, each, (first, last, lost_last))
    row = lost_last + 3
    for each in shown:
        for note in each.earlier.notes:
            put(sheet, row, 0, f"{each.outcome.programme.title}: {note.ja}", styles["note"])
            row += 1
    return tests


def _sum(book: Book, sheet: Worksheet, each: _Compared, rows: tuple[int, int, int]) -> Test:
    first, last, lost_last = rows
    style, earlier, now = book.styles["total"], each.earlier, sum(each.now.values())
    what = f"{each.label(book)}の合計 = 引き継いだ額 + 引き継げなかった額(円)"
    remark = origin_words(earlier.origin).ja
    sums = (earlier.carried, now, now - earlier.carried)
    found = earlier.carried + earlier.lost_amount
    put(sheet, lost_last + 1, each.col, earlier.total, style)
    if each.large:
        for offset, value in enumerate(sums):
            put(sheet, last, each.col + offset, value, style)
        put(sheet, lost_last, each.col, earlier.lost_amount, style)
        verdict = "適" if found == earlier.total else "否"
        return Test(what, "", "0", (found, earlier.total), verdict, remark)
    for offset, value in enumerate(sums):
        letter = each.letter(offset)
        cells = f"=SUM({letter}{first + 1}:{letter}{last})"
        put_formula(sheet, last, each.col + offset, cells, style, value)
    letter = each.letter(0)
    cells = f"{letter}{last + 2}:{letter}{lost_last}"
    formula = f"=SUM({cells})" if lost_last > last + 1 else "=0"
    put_formula(sheet, lost_last, each.col, formula, style, earlier.lost_amount)
    at = f"{NAME}!${letter}$"
    carried, lost, total = (f"{at}{row + 1}" for row in (last, lost_last, lost_last + 1))
    return Test(what, f"{carried}+{lost}", total, (found, earlier.total), "", remark)


def _label(book: Book, sheet: Worksheet, row: int, name: str, shown: Sequence[_Compared]) -> None:
    for col in range(len(_NAMES) + 4 * len(shown)):
        put(sheet, row, col, name if col == 0 else None, book.styles["label"])


def _lost(shown: Sequence[_Compared]) -> dict[str, dict[int, Lost]]:
    """Return the amounts not carried over: by code, then by the place of the programme."""
    found: dict[str, dict[int, Lost]] = {}
    for each in shown:
        for lost in each.earlier.lost:
            found.setdefault(lost.organisation.code, {})[each.number] = lost
    return dict(sorted(found.items()))


def _gone(shown: Sequence[_Compared]) -> int:
    return len(_lost(shown))
