"""検算: every check of every programme as a live formula, with both figures and 適 or 否."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from allocator.outputs.files.csv_files import NOTIONAL
from allocator.outputs.workbook.book.book import Book
from allocator.outputs.workbook.book.cells import (
    LARGEST_NUMBER,
    height,
    number_width,
    put,
    put_formula,
    set_widths,
    title,
)
from allocator.outputs.workbook.book.styles import Style
from allocator.outputs.workbook.model.entered import Inputs
from allocator.outputs.workbook.model.lookups import are_no_criteria
from allocator.outputs.workbook.model.notional import MOST_MEASURE
from allocator.outputs.workbook.model.proofs import SAME_INPUT
from allocator.outputs.workbook.model.sheet import EXACT, Calc, Test
from allocator.outputs.workbook.sheets.municipalities import Everywhere
from allocator.results.agreement import Agreement
from allocator.results.outcome import Outcome, ProgrammeOutcome
from allocator.words.labels import agreement_words

NAME: Final = "検算"
_COLUMNS: Final = {
    "番号": 6,
    "事業": 36,
    "検査": 38,
    "値": 16,
    "あるべき値": 16,
    "差": 14,
    "判定": 10,
    "備考": 44,
}
_HEADINGS_ROW: Final = 2
_VERDICTS: Final[Mapping[str, Style]] = {"適": "if_good", "否": "if_bad"}


Checks = Iterator[tuple[str, Test]]
"""Checks, each with the programme that it is of."""


def write(
    book: Book,
    outcome: Outcome,
    calcs: Sequence[Calc | None],
    everywhere: Everywhere,
    compared: Mapping[int, Test],
    inputs: Inputs,
) -> int:
    """Write the sheet; return how many verdicts are 否.

    `compared` are the checks of 前年度比較, by the place of their programme.
    """
    checks: list[tuple[str, Test]] = []
    for number, (each, calc) in enumerate(zip(outcome.programmes, calcs, strict=True)):
        checks += checks_of(each, calc, number, everywhere)
        if (test := compared.get(number)) is not None:
            checks.append((each.programme.title, test))
    checks += _entered_twice(inputs)
    sheet, styles = book.sheet(NAME, landscape=True), book.styles
    widths = [float(wide) for wide in _COLUMNS.values()]
    figures = [figure for _, check in checks for figure in check.values]
    widths[3] = widths[4] = number_width(figures, 16)
    set_widths(sheet, widths)
    title(sheet, f"{book.year.japanese} 検算", widths, styles["title"])
    wrong = sum(check.now == "否" for _, check in checks)
    first, last = _HEADINGS_ROW + 2, _HEADINGS_ROW + 1 + len(checks)
    count = f'COUNTIF($G${first}:$G${last},"否")'
    put_formula(
        sheet,
        1,
        0,
        f'=IF({count}=0,"否はない。","否 "&{count}&" 件")',
        styles["note"],
        f"否 {wrong} 件" if wrong else "否はない。",
    )
    book.table(sheet, NAME, (_HEADINGS_ROW, len(checks)), list(_COLUMNS))
    for row, (programme, check) in enumerate(checks, start=_HEADINGS_ROW + 1):
        put(sheet, row, 0, row - _HEADINGS_ROW, styles["place"])
        put(sheet, row, 1, programme, styles["wrapped"])
        put(sheet, row, 2, check.what, styles["wrapped"])
        _figures(book, row, check)
        put(sheet, row, 7, check.remark, styles["wrapped"])
        wrapped = ((programme, 1), (check.what, 2), (check.remark, 7))
        sheet.set_row(row, max(height(text, widths[col]) for text, col in wrapped))
    for verdict, style in _VERDICTS.items():
        rule = {"type": "cell", "criteria": "==", "value": f'"{verdict}"', "format": styles[style]}
        sheet.conditional_format(f"G{first}:G{last}", rule)
    sheet.freeze_panes(_HEADINGS_ROW + 1, 0)
    sheet.repeat_rows(_HEADINGS_ROW)
    book.protect(sheet)
    book.workbook.name_cells("checks_wrong", f"{NAME}!$A$2")
    return wrong


def _figures(book: Book, row: int, check: Test) -> None:
    sheet, number = book.sheets[NAME], book.styles["number"]
    found, expected = check.values
    gap = None if found is None or expected is None else found - expected
    if not check.found:
        for col, figure in enumerate((found, expected, gap), start=3):
            put(sheet, row, col, figure, number)
        put(sheet, row, 6, check.now, book.styles["neutral"])
        return
    at = row + 1
    put_formula(sheet, row, 3, f"={check.found}", number, found)
    put_formula(sheet, row, 4, f"={check.expected}", number, expected)
    put_formula(sheet, row, 5, f"=D{at}-E{at}", number, gap)
    verdict = f'IF(F{at}=0,"適","否")' if not check.verdict else f'"{check.verdict}"'
    verdict = f'IF(ISNUMBER(F{at}),{verdict},"否")'
    if check.when:
        verdict = f'IF({check.when}>0,"対象外",{verdict})'
    put_formula(sheet, row, 6, f"={verdict}", book.styles["neutral"], check.now)


def checks_of(
    outcome: ProgrammeOutcome, calc: Calc | None, number: int, everywhere: Everywhere
) -> Checks:
    """Yield the checks of one programme, in the order of the sheet."""
    name, allocation = outcome.programme.title, outcome.allocation
    if allocation is None or calc is None:
        words = agreement_words(outcome).ja
        yield name, Test("算定", values=(None, None), verdict="未算定", remark=words)
        return
    yield from _tests(name, calc)
    for part, own in zip(outcome.parts, calc.parts, strict=True):
        yield from _tests(f"{name} {part.programme.title}", own)
    if outcome.notional is not None:
        for test in _breakdown(outcome, calc, number, everywhere):
            yield name, test
    yield name, _agreement(outcome, calc)
    figures = [*allocation.amounts, *(outcome.notional.amounts if outcome.notional else ())]
    if large := sum(abs(figure) > LARGEST_NUMBER for figure in [*figures, allocation.total]):
        yield (
            name,
            Test(
                "表計算で扱える桁数(15桁)を超える金額(個)",
                values=(large, None),
                verdict="注記",
                remark="超える金額は1円まで正確な文字列で記載した。表計算ソフトの計算には使えない。",
            ),
        )


def _tests(name: str, calc: Calc) -> Checks:
    """Yield the checks of one calculation."""
    for test in calc.tests:
        found, expected = calc.outside(test.found), calc.outside(test.expected)
        yield name, replace(test, found=found, expected=expected)


def _entered_twice(inputs: Inputs) -> Checks:
    """One fact, one figure: what the sheet of all organisations refers to was not overwritten."""
    for words, source, other in inputs.pairs():
        differing = f"SUMPRODUCT(({source.range}<>{other.range})*1)"
        yield "(共通)", Test(f"{SAME_INPUT}: {words}", differing)


def _breakdown(
    outcome: ProgrammeOutcome, calc: Calc, number: int, everywhere: Everywhere
) -> Iterator[Test]:
    """The notional figures of each prefecture's municipalities add up to what it pays."""
    notional, allocation = outcome.notional, outcome.allocation
    if notional is None or allocation is None:
        return
    count = len(allocation.payers)
    what = f"【{NOTIONAL}】市区町村への按分の計が都道府県の額に等しい(都道府県)"
    sums: dict[str, int] = {}
    for prefecture, amount in zip(
        notional.municipalities["prefecture"], notional.amounts, strict=True
    ):
        sums[prefecture] = sums.get(prefecture, 0) + amount
    paid = zip(allocation.payers["prefecture"], allocation.amounts, strict=True)
    right = sum(sums.get(prefecture, 0) == amount for prefecture, amount in paid)
    remark = "" if are_no_criteria(list(sums)) else "都道府県名に記号等があり、算定時に検算した。"
    if remark or max(*allocation.amounts, 0) >= EXACT:
        verdict = "適" if right == count else "否"
        yield Test(what, values=(right, count), verdict=verdict, remark=remark)
        return
    names, split = everywhere.outside("[prefecture:]"), everywhere.outside(f"[notional_{number}:]")
    own, amounts = calc.outside("[prefecture:]"), calc.outside("[amount:]")
    found = f"SUMPRODUCT((SUMIF({names},{own},{split})={amounts})*1)"
    yield Test(what, found, f"ROWS({own})", (right, count))
    kind = everywhere.of_programme[number]
    measure = everywhere.outside(f"[measure_{kind}:]")
    if number not in everywhere.live_notional:
        weighted = everywhere.weighted.get(kind, EXACT)
        if weighted < EXACT:
            what = f"【{NOTIONAL}】按分の指標を変更していない(行番号を掛けた計)"
            found = f"SUMPRODUCT({measure}*ROW({measure}))"
            yield Test(what, found, f"{weighted}", (weighted, weighted))
        return
    bad = f'COUNTIF({measure},"<0")+COUNTIF({measure},">{MOST_MEASURE}")'
    bad += f"+SUMPRODUCT((INT({measure})<>{measure})*1)"
    what = f"【{NOTIONAL}】按分の指標が計算できる範囲にある(超過の数)"
    yield Test(what, bad, remark=f"都道府県の計が {MOST_MEASURE:,} 以下")


def _agreement(outcome: ProgrammeOutcome, calc: Calc) -> Test:
    """Amounts by rule have to agree with the list; others are nothing that a list could prove."""
    found, words = outcome.agreement, agreement_words(outcome).ja
    by_rule = outcome.programme.basis == "rule"
    what = "公表一覧の金額に一致する(団体)" if by_rule else "公表一覧と同額(団体)"
    if not isinstance(found, Agreement):
        what = "公表一覧の金額に一致する(団体)"
        return Test(what, values=(None, None), verdict="対象外", remark=words)
    values = (found.matched, found.rows)
    if "published" not in calc.places:
        verdict = "注記" if not by_rule else ("否" if found.different else "適")
        return Test(what, values=values, verdict=verdict, remark=words)
    fixed = "注記" if not by_rule else ""
    if by_rule and found.different and found.matched == found.rows:
        fixed = "否"
    matched = calc.outside("SUMPRODUCT(([amount:]=[published:])*1)")
    remark, changed = f"{words}。入力を変えると対象外になる。", calc.outside("{changed}")
    return Test(what, matched, f"{found.rows}", values, fixed, remark, changed)
