"""前年度比較: every payer's amounts against those of an earlier plan, joined by code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import polars as pl
from xlsxwriter.utility import xl_col_to_name

from allocator.audit.outcome import Outcome
from allocator.domain.changes import CodeChanges
from allocator.outputs.workbook.book import Book
from allocator.outputs.workbook.calc import EXACT
from allocator.outputs.workbook.cells import headings, put, set_widths, texts, title, width
from allocator.outputs.workbook.municipalities import PREFIX, Everywhere
from allocator.sources.register import code_changes

NAME: Final = "前年度比較"
LARGE_CHANGE: Final = 0.1
"""A change from this on is marked."""

_ROW: Final = 3
_FIRST: Final = 4


def write(
    book: Book,
    outcome: Outcome,
    previous: Outcome | None,
    everyone: pl.DataFrame,
    everywhere: Everywhere,
) -> None:
    """Write the sheet; without an earlier plan it says so."""
    sheet, styles = book.sheet(NAME, landscape=True), book.styles
    heading = f"{book.year.japanese} 前年度比較"
    if previous is None:
        set_widths(sheet, [100.0])
        title(sheet, heading, [100.0], styles["title"])
        put(
            sheet, 2, 0, "比較する前年度の計画が指定されていないため、比較はない。", styles["plain"]
        )
        sheet.freeze_panes(2, 0)
        book.protect(sheet)
        return
    changes = code_changes() if outcome.register.official else CodeChanges(())
    earlier = {
        each.programme.id: carried(each.allocation.by_code, everywhere.codes, changes)
        for each in previous.programmes
        if each.allocation is not None
    }
    shown = [
        (number, each)
        for number, each in enumerate(outcome.programmes)
        if each.programme.id in earlier and number in everywhere.paid
    ]
    columns = [everywhere.codes, everyone["prefecture"].to_list()]
    columns.append((everyone["county"] + everyone["municipality"]).to_list())
    names = ["団体コード", "都道府県名", "市区町村名"]
    widths = [width([name, *values], 10) for name, values in zip(names, columns, strict=True)]
    widths += [16.0, 16.0, 14.0, 9.0] * len(shown)
    set_widths(sheet, widths)
    title(sheet, heading, widths, styles["title"])
    years = (
        f"{previous.plan.fiscal_year.japanese}の額は、団体の変更履歴により現在の団体に合わせた。"
    )
    put(sheet, 1, 0, f"{years}{LARGE_CHANGE:.0%} 以上の増減に色を付けた。", styles["note"])
    headings(sheet, _ROW, names, styles["heading"])
    for col, values in enumerate(columns):
        texts(sheet, _FIRST, col, values, styles["code" if col == 0 else "text"])
    last = _FIRST + len(everywhere.codes)
    for offset, (number, each) in enumerate(shown):
        col = len(names) + 4 * offset
        sheet.merge_range(_ROW - 1, col, _ROW - 1, col + 3, "", styles["heading"])
        put(sheet, _ROW - 1, col, each.programme.title, styles["heading"])
        words = ["前年度(円)", "今年度(円)", "増減(円)", "増減率"]
        for place, word in enumerate(words):
            put(sheet, _ROW, col + place, word, styles["heading"])
        now = each.allocation.by_code if each.allocation else {}
        _amounts(book, everywhere, (number, col), earlier[each.programme.id], now)
        cells = f"{xl_col_to_name(col + 3)}{_FIRST + 1}:{xl_col_to_name(col + 3)}{last}"
        sheet.conditional_format(
            cells,
            {
                "type": "cell",
                "criteria": "not between",
                "minimum": -LARGE_CHANGE,
                "maximum": LARGE_CHANGE,
                "format": styles["if_bad"],
            },
        )
    sheet.autofilter(_ROW, 0, last - 1, len(widths) - 1)
    sheet.freeze_panes(_FIRST, len(names))
    sheet.repeat_rows(_ROW - 1, _ROW)
    sheet.ignore_errors({"number_stored_as_text": f"A{_FIRST + 1}:A{last}"})
    book.protect(sheet)


def carried(
    amounts: Mapping[str, int], codes: Sequence[str], changes: CodeChanges
) -> dict[str, int]:
    """Return earlier amounts under today's codes; those of merged organisations add up."""
    today = set(codes)
    found: dict[str, int] = {}
    for code, amount in amounts.items():
        to = code if code in today else changes.carry(code, today).to
        if to:
            found[to] = found.get(to, 0) + amount
    return found


def _amounts(
    book: Book,
    everywhere: Everywhere,
    place: tuple[int, int],
    earlier: Mapping[str, int],
    now: Mapping[str, int],
) -> None:
    sheet, styles = book.sheets[NAME], book.styles
    number, col = place
    source = xl_col_to_name(everywhere.paid[number])
    was, own, gap = (xl_col_to_name(col + offset) for offset in range(3))
    for row, code in enumerate(everywhere.codes, _FIRST):
        before, after = earlier.get(code), now.get(code)
        if before is None and after is None:
            continue
        r = row + 1
        put(sheet, row, col, before, styles["number"])
        if after is not None and after < EXACT:
            cell = f"={PREFIX}{source}{everywhere.first + row - _FIRST + 1}"
            sheet.write_formula(row, col + 1, cell, styles["number"], after)
        else:
            put(sheet, row, col + 1, after, styles["number"])
        if max(before or 0, after or 0) >= EXACT:
            continue
        change = (after or 0) - (before or 0)
        sheet.write_formula(row, col + 2, f"=N({own}{r})-N({was}{r})", styles["number"], change)
        rate = change / before if before else ""
        formula = f'=IF(N({was}{r})>0,{gap}{r}/{was}{r},"")'
        sheet.write_formula(row, col + 3, formula, styles["rate"], rate)
