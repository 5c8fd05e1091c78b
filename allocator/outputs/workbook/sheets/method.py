"""算定方法: the rule of every programme in words, with its sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from allocator.outputs.workbook.book.book import Book
from allocator.outputs.workbook.book.cells import height, put, set_widths, title
from allocator.results.outcome import Outcome, ProgrammeOutcome
from allocator.words.rule_text import rule_lines

NAME: Final = "算定方法"
_WIDTHS: Final = (18.0, 90.0)


def write(book: Book, outcome: Outcome) -> None:
    """Write the sheet, from the plan as it was computed."""
    sheet, styles = book.sheet(NAME), book.styles
    set_widths(sheet, _WIDTHS)
    title(sheet, f"{book.year.japanese} 算定方法", _WIDTHS, styles["title"])
    row = 2
    for number, each in enumerate(outcome.programmes, start=1):
        title_of = each.programme.title
        put(sheet, row, 0, f"事業{number}", styles["heading"])
        put(sheet, row, 1, title_of, styles["subject"])
        sheet.set_row(row, height(title_of, _WIDTHS[1]))
        for name, text in _lines(each):
            row += 1
            put(sheet, row, 0, name, styles["label"])
            put(sheet, row, 1, text, styles["wrapped"])
            sheet.set_row(row, height(text, _WIDTHS[1]))
        row += 2
    sheet.freeze_panes(2, 0)
    book.protect(sheet)


def _lines(outcome: ProgrammeOutcome) -> Iterator[tuple[str, str]]:
    """Yield what each line is about, and what it says; after the whole its parts."""
    for line in rule_lines(outcome):
        yield line.name.ja, line.text.ja
    for number, (table, part) in enumerate(
        zip(outcome.programme.part, outcome.parts, strict=False), start=1
    ):
        yield f"部分{number}", part.programme.title
        for line in rule_lines(part, table):
            yield f"部分{number} {line.name.ja}", line.text.ja
