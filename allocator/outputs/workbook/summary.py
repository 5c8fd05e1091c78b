"""総括: every programme on one page."""

from __future__ import annotations

from typing import Final

from allocator.audit.outcome import Outcome, ProgrammeOutcome
from allocator.outputs.method import BASIS
from allocator.outputs.wording import BASIS_REMARKS, PAYERS, agreement_words
from allocator.outputs.workbook.book import Book
from allocator.outputs.workbook.cells import (
    headings,
    height,
    number_width,
    put,
    set_widths,
    title,
)
from allocator.outputs.workbook.styles import Style

NAME: Final = "総括"
_COLUMNS: Final = {
    "番号": 6,
    "事業": 30,
    "負担団体": 12,
    "団体数": 9,
    "総額(円)": 18,
    "算定の根拠": 16,
    "公表一覧との照合": 26,
    "根拠法令": 32,
    "出典": 28,
}
_TOTAL: Final = list(_COLUMNS).index("総額(円)")
_HEADINGS_ROW: Final = 2


def write(book: Book, outcome: Outcome) -> None:
    """Write the sheet; define `<id>_total`."""
    sheet, styles = book.sheet(NAME, landscape=True), book.styles
    widths = [float(wide) for wide in _COLUMNS.values()]
    totals = [each.allocation.total for each in outcome.programmes if each.allocation]
    widths[_TOTAL] = max(widths[_TOTAL], number_width([*totals, sum(totals)]))
    set_widths(sheet, widths)
    title(sheet, f"{book.year.japanese} 配分総括表", widths, styles["title"])
    day = outcome.plan.table.payers_on
    put(
        sheet,
        1,
        0,
        f"負担団体は{day.year}年{day.month}月{day.day}日現在。金額は円。",
        styles["note"],
    )
    headings(sheet, _HEADINGS_ROW, list(_COLUMNS), styles["heading"])
    row = _HEADINGS_ROW + 1
    for number, each in enumerate(outcome.programmes, start=1):
        cells = _row(each, number)
        for col, value in enumerate(cells):
            style: Style = "number" if isinstance(value, int) else "wrapped"
            put(sheet, row, col, value, styles[style])
        lines = [
            height(value, wide)
            for value, wide in zip(cells, widths, strict=True)
            if isinstance(value, str)
        ]
        sheet.set_row(row, max(lines))
        if cells[_TOTAL] is not None:
            book.define(f"{each.programme.id}_total", sheet, row, _TOTAL)
        row += 1
    if outcome.complete:
        for col in range(len(_COLUMNS)):
            put(sheet, row, col, "計" if col == 1 else None, styles["label"])
        put(sheet, row, _TOTAL, sum(totals), styles["total"])
        row += 1
    for note in _notes(outcome):
        row += 1
        put(sheet, row, 0, note, styles["plain"])
    sheet.freeze_panes(_HEADINGS_ROW + 1, 2)
    sheet.repeat_rows(_HEADINGS_ROW)


def _row(outcome: ProgrammeOutcome, number: int) -> list[str | int | None]:
    programme, allocation = outcome.programme, outcome.allocation
    return [
        number,
        programme.title,
        PAYERS[programme.payers].ja,
        len(allocation.payers) if allocation else None,
        allocation.total if allocation else programme.total,
        BASIS[programme.basis if allocation else "not computed"].ja,
        agreement_words(outcome).ja,
        programme.legal_basis,
        programme.source,
    ]


def _notes(outcome: Outcome) -> list[str]:
    """Say what each basis means, and what is known of single programmes."""
    notes = ["【算定の根拠】"]
    computed = [each for each in outcome.programmes if each.allocation is not None]
    notes += [
        f"{BASIS[basis].ja}: {BASIS_REMARKS[basis].ja}"
        for basis in dict.fromkeys(each.programme.basis for each in computed)
    ]
    for each in outcome.programmes:
        programme = each.programme
        if each.allocation is None:
            notes.append(f"{programme.title}: 未算定({agreement_words(each).ja})")
            continue
        if programme.stated_error:
            notes.append(f"{programme.title}: 推計の誤差 {programme.stated_error}")
        notes += [f"{programme.title}: {note.text.ja}" for note in each.allocation.notes]
    if any(each.notional is not None for each in outcome.programmes):
        notes.append(
            "【参考】と記した金額は都道府県の負担額を市区町村に按分した目安で、"
            "市区町村が負担するものではない。"
        )
    return notes
