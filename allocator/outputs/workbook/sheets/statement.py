"""算定内訳書: choose a payer from a list; the sheet shows its way from input to amount."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from allocator.outputs.files.csv_files import NOTIONAL
from allocator.outputs.workbook.book.book import Book
from allocator.outputs.workbook.book.cells import height, put, put_formula, set_widths, title
from allocator.outputs.workbook.book.styles import Style
from allocator.outputs.workbook.model.lookups import position
from allocator.outputs.workbook.model.sheet import EXACT, Calc, Value
from allocator.outputs.workbook.sheets.municipalities import Everywhere
from allocator.results.outcome import Outcome, ProgrammeOutcome
from allocator.words.rule import BASIS

NAME: Final = "算定内訳書"
_WIDTHS: Final = (44.0, 24.0, 42.0)
_CHOICE: Final = 2
_CHOSEN: Final = f"$B${_CHOICE + 1}"
_NONE: Final = "―"
_SKIPPED: Final = ("published",)
_OF_BANDS: Final = ("band_from", "unit_amount")


@dataclass(frozen=True)
class _Extent:
    """How much of a calculation is shown: the words for its amount, all steps or its inputs."""

    amount: str
    whole: bool


def write(
    book: Book,
    outcome: Outcome,
    calcs: Sequence[Calc | None],
    everywhere: Everywhere,
) -> None:
    """Write the sheet, with the first organisation chosen."""
    sheet, styles = book.sheet(NAME, rows=1), book.styles
    set_widths(sheet, _WIDTHS)
    title(sheet, f"{book.year.japanese} 算定内訳書", _WIDTHS, styles["title"])
    code, name = everywhere.codes[0], everywhere.names[0]
    put(sheet, _CHOICE, 0, "団体コード(一覧から選択)", styles["label"])
    put(sheet, _CHOICE, 1, code, styles["input_code"])
    codes = everywhere.range(0)
    sheet.data_validation(
        _CHOICE,
        1,
        _CHOICE,
        1,
        {
            "validate": "list",
            "source": f"={codes}",
            "error_title": "入力の誤り",
            "error_message": "一覧にある団体コードを選んでください。",
        },
    )
    at = position(_CHOSEN, codes, everywhere.codes)
    put(sheet, _CHOICE + 1, 0, "団体名", styles["label"])
    formula = f"=INDEX({everywhere.range(1)},{at})&INDEX({everywhere.range(2)},{at})"
    put_formula(sheet, _CHOICE + 1, 1, formula, styles["text"], name)
    put(sheet, _CHOICE, 2, "黄色のセルで団体を選ぶと、その団体の内訳を表示する。", styles["remark"])
    row = _CHOICE + 3
    for number, (each, calc) in enumerate(zip(outcome.programmes, calcs, strict=True)):
        row = _programme(book, row, number, each, calc, everywhere)
    put(sheet, row, 0, f"負担額の計(円、{NOTIONAL}を除く)", styles["label"])
    total = sum(
        each.allocation.by_code.get(code, 0) for each in outcome.programmes if each.allocation
    )
    if total < EXACT:
        formula = f"=INDEX({everywhere.range(everywhere.total)},{at})"
        put_formula(sheet, row, 1, formula, styles["total"], total)
    else:
        put(sheet, row, 1, total, styles["total"])
    book.define("statement_code", sheet, _CHOICE, 1)
    book.define("statement_total", sheet, row, 1)
    sheet.print_area(0, 0, row, len(_WIDTHS) - 1)
    sheet.freeze_panes(_CHOICE + 2, 0)
    book.protect(sheet)


def _programme(
    book: Book,
    row: int,
    number: int,
    outcome: ProgrammeOutcome,
    calc: Calc | None,
    everywhere: Everywhere,
) -> int:
    """Write one programme from `row` on; return the next free row."""
    sheet, styles = book.sheets[NAME], book.styles
    name = outcome.programme.title
    put(sheet, row, 0, name, styles["subject"])
    basis = BASIS[outcome.programme.basis if calc else "not computed"].ja
    put(sheet, row, 1, None, styles["subject"])
    put(sheet, row, 2, basis, styles["subject"])
    sheet.set_row(row, height(name, _WIDTHS[0]))
    row += 1
    if calc is None:
        return row + 1
    for place, (part, own) in enumerate(zip(outcome.parts, calc.parts, strict=True), start=1):
        put(sheet, row, 0, f"部分{place} {part.programme.title}", styles["label"])
        put(sheet, row, 1, None, styles["label"])
        steps = own.sheet.partition(" ")[0]
        words = f"{BASIS[part.programme.basis].ja}(途中の計算は{steps})"
        put(sheet, row, 2, words, styles["label"])
        row = _steps(book, row + 1, own, everywhere.codes[0], _Extent("部分の額(円)", whole=False))
    extent = _Extent("負担額(円)", whole=not calc.parts)
    row = _steps(book, row, calc, everywhere.codes[0], extent)
    if number in everywhere.notional:
        put(sheet, row, 0, f"【{NOTIONAL}】市区町村への按分(円)", styles["notional_label"])
        cells = everywhere.range(everywhere.notional[number])
        at = position(_CHOSEN, everywhere.range(0), everywhere.codes)
        formula = f'=IF(INDEX({cells},{at})="","{_NONE}",INDEX({cells},{at}))'
        shown = _notional(outcome, everywhere.codes[0])
        put_formula(sheet, row, 1, formula, styles["notional"], shown)
        put(sheet, row, 2, "市区町村が負担するものではない。", styles["remark"])
        row += 1
    return row + 1


def _steps(book: Book, row: int, calc: Calc, code: str, extent: _Extent) -> int:
    """Write one calculation for the payer chosen, `code` now; return the next free row."""
    sheet, styles = book.sheets[NAME], book.styles
    own = [str(each) for each in calc.values("code")]
    at = position(_CHOSEN, calc.outside("[code:]"), own)
    place = own.index(code) if code in own else None
    for words, formula, value, remark in _scalars(calc, whole=extent.whole):
        put(sheet, row, 0, words, styles["text"])
        put_formula(sheet, row, 1, f"={formula}", styles["number"], value)
        put(sheet, row, 2, remark, styles["remark"])
        row += 1
    for column in calc.visible:
        if column.style in ("text", "code") or column.key in _SKIPPED:
            continue
        last = column.key == "amount"
        if not (extent.whole or last or column.given or column.key in _OF_BANDS):
            continue
        put(
            sheet,
            row,
            0,
            extent.amount if last else column.heading,
            styles["label" if last else "text"],
        )
        shown: Value = _NONE if place is None else calc.values(column.key)[place]
        cell = f'IFERROR(INDEX({calc.outside(f"[{column.key}:]")},{at}),"{_NONE}")'
        style: Style = "total" if last else "number"
        if isinstance(shown, int) and shown >= EXACT:
            shown = f"{shown:,}"
        put_formula(sheet, row, 1, f"={cell}", styles[style], "" if shown is None else shown)
        row += 1
    return row


def _notional(outcome: ProgrammeOutcome, code: str) -> int | str:
    if outcome.notional is None:
        return _NONE
    codes = outcome.notional.municipalities["code"].to_list()
    return outcome.notional.amounts[codes.index(code)] if code in codes else _NONE


def _scalars(calc: Calc, *, whole: bool) -> Iterator[tuple[str, str, int | str, str]]:
    """Yield what all payers have in common: words, formula, value, remark."""
    wanted = ("total", "units", "missing") if whole else ("total",)
    for line in calc.lines:
        keys = [cell.key for cell in line.cells]
        first = line.cells[0]
        if first.key in wanted:
            value = calc.value(first.key) or 0
            if isinstance(value, int) and value >= EXACT:
                value = f"{value:,}"
            yield line.label, calc.outside(f"{{{first.key}}}"), value, line.remark
        elif keys[0].startswith("p") and keys[1:] == [f"r{keys[0][1:]}"]:
            text = f"{first.value}/{line.cells[1].value}"
            yield (
                line.label.partition("(")[0],
                calc.outside(f'{{{keys[0]}}}&"/"&{{{keys[1]}}}'),
                text,
                line.remark,
            )
