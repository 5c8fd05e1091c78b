"""算定方法: the rule of every programme in words, with its sources."""

from __future__ import annotations

from typing import Final

from allocator.outputs.workbook.book.book import Book
from allocator.outputs.workbook.book.cells import height, put, set_widths, title
from allocator.outputs.workbook.words import rule_words
from allocator.results.outcome import Outcome
from allocator.words.labels import agreement_words
from allocator.words.rule import BASIS

NAME: Final = "算定方法"
_WIDTHS: Final = (18.0, 90.0)


def write(book: Book, outcome: Outcome) -> None:
    """Write the sheet, from the plan as it was computed."""
    sheet, styles = book.sheet(NAME), book.styles
    set_widths(sheet, _WIDTHS)
    title(sheet, f"{book.year.japanese} 算定方法", _WIDTHS, styles["title"])
    row = 2
    for number, each in enumerate(outcome.programmes, start=1):
        programme, allocation = each.programme, each.allocation
        put(sheet, row, 0, f"事業{number}", styles["heading"])
        put(sheet, row, 1, programme.title, styles["subject"])
        sheet.set_row(row, height(programme.title, _WIDTHS[1]))
        lines = [("根拠法令", programme.legal_basis), ("出典", programme.source)]
        lines.append(("備考", programme.note))
        if allocation is None:
            lines.append((BASIS["not computed"].ja, agreement_words(each).ja))
        else:
            lines += [*rule_words(each, allocation), ("公表一覧との照合", agreement_words(each).ja)]
        for name, text in lines:
            if not text:
                continue
            row += 1
            put(sheet, row, 0, name, styles["label"])
            put(sheet, row, 1, text, styles["wrapped"])
            sheet.set_row(row, height(text, _WIDTHS[1]))
        row += 2
    sheet.freeze_panes(2, 0)
    book.protect(sheet)
