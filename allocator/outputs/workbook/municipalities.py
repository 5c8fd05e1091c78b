"""市区町村別: every organisation, every programme; notional figures in columns of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import polars as pl

from allocator.audit.outcome import Outcome
from allocator.domain.organisations import KIND_NAMES
from allocator.outputs.csv_files import NOTIONAL
from allocator.outputs.workbook.book import Book
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
from allocator.outputs.workbook.styles import Style

NAME: Final = "市区町村別"
_NAMES: Final = ("団体コード", "都道府県名", "市区町村名", "区分")
_HEADINGS_ROW: Final = 2


@dataclass(frozen=True)
class _Column:
    """Figures of one programme: what payers pay, or the notional ones (参考) of municipalities."""

    heading: str
    values: Sequence[int | None]
    total: int | None
    notional: bool = False

    @property
    def style(self) -> Style:
        return "notional" if self.notional else "number"


def write(book: Book, outcome: Outcome, everyone: pl.DataFrame) -> None:
    """Write the sheet; `everyone` are the organisations of the day that decides who pays."""
    sheet, styles = book.sheet(NAME, landscape=True), book.styles
    named = [
        everyone["code"].to_list(),
        everyone["prefecture"].to_list(),
        (everyone["county"] + everyone["municipality"]).to_list(),
        [KIND_NAMES.get(kind, kind) for kind in everyone["kind"]],
    ]
    figures = _figures(outcome, named[0])
    widths = [width([name, *values], 10) for name, values in zip(_NAMES, named, strict=True)]
    widths += [number_width([*each.values, each.total], 17) for each in figures]
    set_widths(sheet, widths)
    title(sheet, f"{book.year.japanese} 市区町村別一覧(都道府県を含む)", widths, styles["title"])
    put(sheet, 1, 0, _note(figures), styles["note"])
    put(sheet, 1, len(widths) - 1, "(単位:円)", styles["unit"])
    headings(sheet, _HEADINGS_ROW, _NAMES, styles["heading"])
    first, count = _HEADINGS_ROW + 1, len(everyone)
    for col, values in enumerate(named):
        texts(sheet, first, col, values, styles["code" if col == 0 else "text"])
    put(sheet, first + count, 0, "合計", styles["label"])
    for col in range(1, len(named)):
        put(sheet, first + count, col, None, styles["label"])
    for col, each in enumerate(figures, start=len(named)):
        style: Style = "notional_heading" if each.notional else "heading"
        put(sheet, _HEADINGS_ROW, col, each.heading, styles[style])
        numbers(sheet, first, col, each.values, styles[each.style])
        total = each.style if each.notional else "total"
        put(sheet, first + count, col, each.total, styles[total])
    lines = zip(figures, widths[len(named) :], strict=True)
    heights = [height(each.heading, wide, 2) for each, wide in lines]
    sheet.set_row(_HEADINGS_ROW, max(heights, default=33))
    sheet.autofilter(_HEADINGS_ROW, 0, first + count - 1, len(widths) - 1)
    sheet.ignore_errors({"number_stored_as_text": f"A{first + 1}:A{first + count}"})
    sheet.freeze_panes(first, len(named) - 1)
    sheet.repeat_rows(_HEADINGS_ROW)


def _figures(outcome: Outcome, codes: Sequence[str]) -> list[_Column]:
    columns = []
    for each in outcome.programmes:
        name = each.programme.title
        if each.allocation is None:
            columns.append(_Column(f"{name}\n(未算定)", [], None))
            continue
        paid = each.allocation.by_code
        columns.append(_Column(name, [paid.get(code) for code in codes], each.allocation.total))
        if each.notional is not None:
            members = each.notional.municipalities["code"].to_list()
            split = dict(zip(members, each.notional.amounts, strict=True))
            values = [split.get(code) for code in codes]
            total = sum(each.notional.amounts)
            columns.append(_Column(f"【{NOTIONAL}】\n{name}の按分", values, total, notional=True))
    return columns


def _note(figures: Sequence[_Column]) -> str:
    if not any(each.notional for each in figures):
        return ""
    return (
        f"斜体の【{NOTIONAL}】欄は都道府県の負担額を市区町村に按分した目安で、"
        "市区町村が負担するものではない。"
    )
