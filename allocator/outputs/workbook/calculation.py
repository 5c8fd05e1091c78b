"""算定: what a programme's amounts were computed from, beside the amounts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from allocator.audit.outcome import ProgrammeOutcome
from allocator.domain.organisations import KIND_NAMES, PREFECTURE
from allocator.domain.yen import group, yen
from allocator.engine.result import Allocation
from allocator.outputs.method import BASIS, measure_name, method_words
from allocator.outputs.provenance import portable
from allocator.outputs.wording import short_title
from allocator.outputs.workbook.book import Book, sheet_name
from allocator.outputs.workbook.cells import (
    headings,
    height,
    number_width,
    numbers,
    put,
    set_widths,
    texts,
    title,
    width,
)
from allocator.rules.model import EQUAL, Band

_NAMES: Final = ("団体コード", "都道府県名", "市区町村名", "適用")
_STANDING: Final = {"rule": "", "exempt": "免除", "fixed": "固定額"}


def write(book: Book, outcome: ProgrammeOutcome, allocation: Allocation, number: int) -> None:
    """Write the sheet; define `<id>_codes`, `<id>_amounts`, `<id>_measure_1` …, `<id>_unit`."""
    programme, styles, payers = allocation.programme, book.styles, allocation.payers
    sheet = book.sheet(sheet_name("算定", number, short_title(programme)), rows=len(payers))
    columns = [
        payers["code"].to_list(),
        payers["prefecture"].to_list(),
        (payers["county"] + payers["municipality"]).to_list(),
        [_STANDING[standing] for standing in allocation.standing],
    ]
    shown = [0, 1, *(col for col in (2, 3) if any(columns[col]))]
    measures = _measures(outcome, allocation)
    names = [_NAMES[col] for col in shown] + [name for name, _ in measures] + ["金額(円)"]
    widths = [width([_NAMES[col], *columns[col]], 10) for col in shown]
    widths += [number_width(values, width([name], 18, 28)) for name, values in measures]
    widths.append(number_width([*allocation.amounts, allocation.total], 18))
    set_widths(sheet, widths)
    title(sheet, f"{book.year.japanese} {programme.title} 算定", widths, styles["title"])
    row = 1
    for line in _rule(outcome, allocation):
        put(sheet, row, 0, line, styles["plain"])
        row += 1
    if programme.rounding is not None:
        put(sheet, row, 0, "端数処理の単位(円)", styles["plain"])
        put(sheet, row, len(widths) - 1, programme.rounding.unit, styles["number"])
        book.define(f"{programme.id}_unit", sheet, row, len(widths) - 1)
        row += 1
    headings(sheet, row, names, styles["heading"])
    lines = zip(names, widths, strict=True)
    sheet.set_row(row, max(height(name, wide) for name, wide in lines))
    sheet.freeze_panes(row + 1, 0)
    sheet.repeat_rows(row)
    first, count = row + 1, len(payers)
    for col, place in enumerate(shown):
        texts(sheet, first, col, columns[place], styles["code" if place == 0 else "text"])
    for offset, (_, values) in enumerate(measures, start=1):
        col = len(shown) + offset - 1
        numbers(sheet, first, col, values, styles["number"])
        book.define(f"{programme.id}_measure_{offset}", sheet, first, col, count)
    numbers(sheet, first, len(names) - 1, allocation.amounts, styles["number"])
    book.define(f"{programme.id}_codes", sheet, first, 0, count)
    book.define(f"{programme.id}_amounts", sheet, first, len(names) - 1, count)
    sheet.ignore_errors({"number_stored_as_text": f"A{first + 1}:A{first + count}"})


def _measures(
    outcome: ProgrammeOutcome, allocation: Allocation
) -> list[tuple[str, Sequence[int | None]]]:
    """Return the inputs behind the amounts: a heading, and a value for each payer."""
    if allocation.programme.carried_forward is not None:
        steps = allocation.steps
        listed = dict(zip(steps.codes, steps.columns["measure_1"].tolist(), strict=True))
        return [("公表一覧の額(円)", [listed.get(code) for code in allocation.payers["code"]])]
    return [
        (measure_name(aligned.measure).ja, aligned.values.tolist()) for aligned in outcome.measures
    ]


def _rule(outcome: ProgrammeOutcome, allocation: Allocation) -> list[str]:
    """Return the rule in words, line by line."""
    programme = allocation.programme
    lines = [
        f"算定の根拠: {BASIS[programme.basis].ja}",
        f"総額: {yen(allocation.total)}({len(allocation.payers):,}団体)",
    ]
    measures = iter(outcome.measures)
    for number, part in enumerate(programme.share, start=1):
        by = (
            "均等割" if part.by == EQUAL else f"{measure_name(next(measures).measure).ja}による按分"
        )
        lines.append(f"割合{number}: {part.weight} を{by}")
    if programme.carried_forward is not None:
        name = portable(programme.carried_forward.list_)
        lines.append(f"公表一覧 {name} の割合を総額に当てはめる")
    if programme.unit_amount is not None:
        rule = programme.unit_amount
        lines.append(f"{measure_name(outcome.measures[0].measure).ja}の区分ごとの単価")
        for name, bands in (
            (KIND_NAMES[PREFECTURE], rule.prefectures),
            ("市区町村", rule.municipalities),
        ):
            lines += [f"{name} {_band(band)}" for band in bands or ()]
    if programme.rounding is not None:
        lines.append(method_words(programme.rounding).ja)
    lines += [f"調整: {adjustment.reason}" for adjustment in programme.adjustment]
    return lines + [note.text.ja for note in allocation.notes]


def _band(band: Band) -> str:
    return f"{group(band.from_)} 以上: {yen(band.amount)}"
