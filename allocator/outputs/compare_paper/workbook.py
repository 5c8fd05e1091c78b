"""A comparison as a workbook: sums and counts, then every payer of every programme."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final

from allocator.auditing.side_by_side import Comparison
from allocator.domain.errors import refuse
from allocator.domain.text import Language, Text
from allocator.outputs.compare_paper.content import (
    COLUMNS,
    FIGURES,
    NOTES,
    TITLE,
    cells,
    figures,
    name_of,
    scope,
)

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from allocator.outputs.workbook.book.styles import Style

_SUMMARY: Final = Text("Summary", "総括")
_ROWS: Final = Text("By payer", "団体別")
_PROGRAMME: Final = Text("programme", "事業")
_WIDTHS: Final = (24, 12, 14, 26, 18, 18, 16, 10, 12)
_A4: Final = 9
_MOST_ROWS: Final = 1_048_576


def render(comparison: Comparison, language: Language) -> bytes:
    """Return the workbook; the same comparison gives the same bytes.

    Raises:
        InputError: more rows than a sheet can hold.
    """
    from allocator.outputs.workbook.book.file import DAY, File, page_footer
    from allocator.outputs.workbook.book.styles import styles

    rows = sum(len(each.rows) for each in comparison.programmes)
    if rows >= _MOST_ROWS:
        raise refuse(
            "--report",
            Text(
                f"{rows:,} rows; a sheet holds {_MOST_ROWS:,} with its header",
                f"行が {rows:,} あり、シートの上限(見出しを含め {_MOST_ROWS:,})を超えます",
            ),
            Text("write .csv or .json", ".csv か .json で書き出してください"),
            code="too_large",
        )
    content = io.BytesIO()
    workbook = File(content, {"title": TITLE.in_(language)}, DAY)
    formats = styles(workbook)
    summary = workbook.add_worksheet(_SUMMARY.in_(language))
    _summary(summary, formats, comparison, language)
    table = workbook.add_worksheet(_ROWS.in_(language))
    _rows(table, formats, comparison, language)
    for sheet in (summary, table):
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        page_footer(sheet)
    table.set_landscape()
    workbook.close()
    return content.getvalue()


def _summary(
    sheet: Worksheet,
    formats: Mapping[Style, Format],
    comparison: Comparison,
    language: Language,
) -> None:
    """Write what was compared, and the sums and counts of each programme."""
    from allocator.outputs.workbook.book.cells import put

    def pairs(row: int, lines: Iterable[tuple[str, str]], notes: Iterable[Text]) -> int:
        said = [(NOTES.in_(language), note.in_(language)) for note in notes]
        for name, value in (*lines, *said):
            row += 1
            put(sheet, row, 0, name, formats["label"])
            put(sheet, row, 1, value, formats["wrapped"])
        return row

    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, 90)
    put(sheet, 0, 0, TITLE.in_(language), formats["plain"])
    row = pairs(1, scope(comparison, language), comparison.notes)
    for each in comparison.programmes:
        row += 2
        put(sheet, row, 0, name_of(each, language), formats["heading"])
        put(sheet, row, 1, each.title, formats["heading"])
        row = pairs(row, figures(each, language), each.notes)


def _rows(
    sheet: Worksheet,
    formats: Mapping[Style, Format],
    comparison: Comparison,
    language: Language,
) -> None:
    """Write every payer of every programme: amounts as numbers, all else as text."""
    from allocator.outputs.workbook.book.cells import put

    heads = [_PROGRAMME, *COLUMNS.values()]
    for column, (head, width) in enumerate(zip(heads, _WIDTHS, strict=True)):
        sheet.set_column(column, column, width)
        put(sheet, 0, column, head.in_(language), formats["heading"])
    row = 0
    for each in comparison.programmes:
        name = name_of(each, language)
        for one in each.rows:
            row += 1
            put(sheet, row, 0, name, formats["text"])
            for column, (key, cell) in enumerate(cells(one, language).items(), start=1):
                style: Style = "code" if key == "code" else "text"
                if key in FIGURES:
                    style = "number"
                put(sheet, row, column, cell, formats[style])
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(row, 1), len(heads) - 1)
    sheet.repeat_rows(0)
    sheet.ignore_errors({"number_stored_as_text": f"B2:B{max(row, 1) + 1}"})
