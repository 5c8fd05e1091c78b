"""検算: what was checked of every programme, with both figures and 適 or 否."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from allocator.audit.agreement import Agreement
from allocator.audit.outcome import Outcome, ProgrammeOutcome
from allocator.domain.organisations import PREFECTURE
from allocator.engine.breakdown import NotionalSplit
from allocator.engine.result import Allocation
from allocator.outputs.csv_files import NOTIONAL
from allocator.outputs.wording import agreement_words
from allocator.outputs.workbook.book import Book
from allocator.outputs.workbook.cells import (
    LARGEST_NUMBER,
    headings,
    height,
    number_width,
    put,
    set_widths,
    title,
)
from allocator.outputs.workbook.styles import Style

NAME: Final = "検算"
_COLUMNS: Final = {
    "番号": 6,
    "事業": 36,
    "検査": 34,
    "値": 16,
    "あるべき値": 16,
    "差": 14,
    "判定": 10,
    "備考": 44,
}
_HEADINGS_ROW: Final = 2

Verdict = Literal["適", "否", "対象外", "未算定", "注記"]
_STYLES: Final[dict[Verdict, Style]] = {"適": "good", "否": "bad"}


@dataclass(frozen=True)
class Check:
    """One check of one programme: what was found, what had to be, and the verdict."""

    programme: str
    what: str
    found: int | None
    expected: int | None
    verdict: Verdict
    remark: str = ""


def write(book: Book, outcome: Outcome, everyone: pl.DataFrame) -> None:
    """Write the sheet; `everyone` are the organisations of the day that decides who pays."""
    checks = [check for each in outcome.programmes for check in checks_of(each, everyone)]
    sheet, styles = book.sheet(NAME, landscape=True), book.styles
    widths = [float(wide) for wide in _COLUMNS.values()]
    figures = [figure for check in checks for figure in (check.found, check.expected)]
    widths[3] = widths[4] = number_width(figures, 16)
    set_widths(sheet, widths)
    title(sheet, f"{book.year.japanese} 検算", widths, styles["title"])
    wrong = sum(check.verdict == "否" for check in checks)
    put(sheet, 1, 0, f"否 {wrong} 件" if wrong else "否はない。", styles["note"])
    headings(sheet, _HEADINGS_ROW, list(_COLUMNS), styles["heading"])
    for row, check in enumerate(checks, start=_HEADINGS_ROW + 1):
        gap = (
            None if check.found is None or check.expected is None else check.found - check.expected
        )
        put(sheet, row, 0, row - _HEADINGS_ROW, styles["number"])
        put(sheet, row, 1, check.programme, styles["wrapped"])
        put(sheet, row, 2, check.what, styles["wrapped"])
        for col, figure in enumerate((check.found, check.expected, gap), start=3):
            put(sheet, row, col, figure, styles["number"])
        put(sheet, row, 6, check.verdict, styles[_STYLES.get(check.verdict, "neutral")])
        put(sheet, row, 7, check.remark, styles["wrapped"])
        wrapped = ((check.programme, 1), (check.what, 2), (check.remark, 7))
        sheet.set_row(row, max(height(text, widths[col]) for text, col in wrapped))
    sheet.freeze_panes(_HEADINGS_ROW + 1, 0)
    sheet.repeat_rows(_HEADINGS_ROW)


def checks_of(outcome: ProgrammeOutcome, everyone: pl.DataFrame) -> Iterator[Check]:
    """Yield the checks of one programme, in the order of the sheet."""
    name, allocation = outcome.programme.title, outcome.allocation
    if allocation is None:
        yield Check(name, "算定", None, None, "未算定", agreement_words(outcome).ja)
        return
    yield _equal(name, "一覧の合計が総額に等しい(円)", sum(allocation.amounts), allocation.total)
    yield _each_once(name, allocation, everyone)
    if outcome.notional is not None:
        yield _breakdown(name, allocation, outcome.notional)
    yield _agreement(name, outcome)
    figures = [*allocation.amounts, *(outcome.notional.amounts if outcome.notional else ())]
    if large := sum(abs(figure) > LARGEST_NUMBER for figure in [*figures, allocation.total]):
        yield Check(
            name,
            "表計算で扱える桁数(15桁)を超える金額(個)",
            large,
            None,
            "注記",
            "超える金額は1円まで正確な文字列で記載した。表計算ソフトの計算には使えない。",
        )


def _equal(name: str, what: str, found: int, expected: int, remark: str = "") -> Check:
    return Check(name, what, found, expected, "適" if found == expected else "否", remark)


def _each_once(name: str, allocation: Allocation, everyone: pl.DataFrame) -> Check:
    """Every payer of the register stands in the list, once, and nobody else."""
    group = allocation.programme.payers
    is_prefecture = pl.col("kind") == PREFECTURE
    payers = everyone
    if group != "all":
        payers = everyone.filter(is_prefecture if group == "prefectures" else ~is_prefecture)
    times = Counter(allocation.payers["code"])
    once = sum(times.pop(code, 0) == 1 for code in payers["code"])
    what = "負担団体がそれぞれ1回だけ記載されている(団体)"
    return _equal(name, what, once - len(times), len(payers))


def _breakdown(name: str, allocation: Allocation, notional: NotionalSplit) -> Check:
    """The notional figures of each prefecture's municipalities add up to what it pays."""
    sums: dict[str, int] = defaultdict(int)
    for prefecture, amount in zip(
        notional.municipalities["prefecture"], notional.amounts, strict=True
    ):
        sums[prefecture] += amount
    paid = zip(allocation.payers["prefecture"], allocation.amounts, strict=True)
    right = sum(sums[prefecture] == amount for prefecture, amount in paid)
    what = f"【{NOTIONAL}】市区町村への按分の計が都道府県の額に等しい(都道府県)"
    return _equal(name, what, right, len(allocation.payers))


def _agreement(name: str, outcome: ProgrammeOutcome) -> Check:
    """Amounts by rule have to agree with the list; others are nothing that a list could prove."""
    what, found = "公表一覧の金額に一致する(団体)", outcome.agreement
    words = agreement_words(outcome).ja
    if not isinstance(found, Agreement):
        return Check(name, what, None, None, "対象外", words)
    if outcome.programme.basis != "rule":
        return Check(name, "公表一覧と同額(団体)", found.matched, found.rows, "注記", words)
    verdict: Verdict = "否" if found.different else "適"
    return Check(name, what, found.matched, found.rows, verdict, words)
