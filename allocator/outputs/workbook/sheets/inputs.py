"""入力データ: what the amounts rest on, where it comes from, and where its cells are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from allocator.files.paths import portable
from allocator.outputs.files.csv_files import NOTIONAL
from allocator.outputs.files.provenance import name_of
from allocator.outputs.workbook.book.book import Book
from allocator.outputs.workbook.book.cells import (
    height,
    put,
    put_formula,
    put_link,
    set_widths,
    title,
)
from allocator.outputs.workbook.model.entered import Inputs
from allocator.outputs.workbook.model.sheet import EXACT, Calc
from allocator.results.outcome import Outcome, ProgrammeOutcome
from allocator.words.rule import measure_name

NAME: Final = "入力データ"
_COLUMNS: Final = {
    "事業": 34,
    "入力": 32,
    "値・合計": 20,
    "団体数": 10,
    "セルの名前": 40,
    "ファイル": 50,
}


def write(book: Book, outcome: Outcome, calcs: Sequence[Calc | None], entered: Inputs) -> None:
    """Write the sheet: every named input with its present value, by formula."""
    sheet, styles = book.sheet(NAME, landscape=True), book.styles
    widths = [float(wide) for wide in _COLUMNS.values()]
    set_widths(sheet, widths)
    title(sheet, f"{book.year.japanese} 入力データ", widths, styles["title"])
    note = "黄色の入力セルの一覧と現在の値。名前を押すと、そのセルへ移る。"
    put(sheet, 1, 0, note, styles["note"])
    row = 3
    for whose, owner, each, calc in _calculations(outcome, calcs):
        for name, keys in calc.names.items():
            what = _what(calc, *keys)
            if what is None:
                continue
            words, formula, value, count, key = what
            put(sheet, row, 0, whose, styles["wrapped"])
            put(sheet, row, 1, words, styles["wrapped"])
            if isinstance(value, int) and value >= EXACT:
                put(sheet, row, 2, value, styles["number"])
            else:
                style = styles["text" if isinstance(value, str) else "number"]
                put_formula(sheet, row, 2, f"={calc.outside(formula)}", style, value)
            put(sheet, row, 3, count, styles["number"])
            put_link(sheet, row, 4, name, styles["link"], name)
            file = _file(outcome, owner, each, key)
            put(sheet, row, 5, file, styles["wrapped"])
            lines = ((whose, 0), (words, 1), (name, 4), (file, 5))
            sheet.set_row(row, max(height(text, widths[col]) for text, col in lines))
            row += 1
    for words, source, total in entered.of_breakdowns_alone():
        put(sheet, row, 0, f"【{NOTIONAL}】市区町村への按分", styles["wrapped"])
        put(sheet, row, 1, f"{words}の計", styles["wrapped"])
        put_formula(sheet, row, 2, f"=SUM({source.range})", styles["number"], total)
        put(sheet, row, 3, source.count, styles["number"])
        put_link(sheet, row, 4, source.range, styles["link"], source.sheet)
        put(sheet, row, 5, None, styles["wrapped"])
        row += 1
    book.table(sheet, NAME, (2, row - 3), list(_COLUMNS))
    sheet.freeze_panes(3, 0)
    sheet.repeat_rows(2)
    book.protect(sheet)


def _calculations(
    outcome: Outcome, calcs: Sequence[Calc | None]
) -> Iterator[tuple[str, str, ProgrammeOutcome, Calc]]:
    """Yield every calculation: whose it is in words, its programme's id, the outcome, itself."""
    for each, calc in zip(outcome.programmes, calcs, strict=True):
        if calc is None:
            continue
        title_of, identifier = each.programme.title, each.programme.id
        yield title_of, identifier, each, calc
        for part, own in zip(each.parts, calc.parts, strict=True):
            yield f"{title_of} {part.programme.title}", identifier, part, own


def _what(calc: Calc, start: str, end: str) -> tuple[str, str, int | str, int | None, str] | None:
    """Return words, formula, value, how many organisations, and the key of an input."""
    for column in calc.columns:
        if column.key == start and column.given:
            values = [int(value or 0) for value in column.values]
            return f"{column.heading}の計", f"SUM([{start}:])", sum(values), len(values), start
    if start == "charged":
        return None
    for line in calc.lines:
        cells = {cell.key: cell for cell in line.cells}
        if start not in cells:
            continue
        if start == end:
            return line.label, f"{{{start}}}", calc.value(start) or 0, None, start
        if end in cells:
            value = f"{cells[start].value}/{cells[end].value}"
            return line.label, f'{{{start}}}&"/"&{{{end}}}', value, None, start
        bands = [cell for each in calc.lines for cell in each.cells if _of_group(cell.key, start)]
        values = [int(cell.value or 0) for cell in bands]
        return (
            f"{line.label.rstrip('1')}の数",
            f"COUNT({{{start}}}:{{{end}}})",
            len(values),
            None,
            start,
        )
    return None


def _of_group(key: str, start: str) -> bool:
    return key.startswith(start.rstrip("1")) and key[len(start) - 1 :].isdigit()


def _file(outcome: Outcome, identifier: str, each: ProgrammeOutcome, key: str) -> str:
    """Return the file that an input comes from: the programme's, or that of a measure or list."""
    programme, folder = each.programme, outcome.plan.folder
    if key[0] == "m" and key[1:].isdigit():
        if programme.carried_forward is not None:
            return portable(programme.carried_forward.list_)
        measure = each.measures[int(key[1:]) - 1].measure
        if measure.source is None:
            return f"{measure_name(measure).ja}(団体一覧から)"
        return name_of(measure.source, folder)[0]
    place = outcome.plan.table.programmes.index(identifier) + 1
    return name_of(outcome.plan.sources[place], folder)[0]
