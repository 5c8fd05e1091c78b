"""総括: every programme on one page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from xlsxwriter.chart_bar import ChartBar
from xlsxwriter.worksheet import Worksheet

from allocator.domain.years import japanese_day
from allocator.outputs.workbook.book.book import Book
from allocator.outputs.workbook.book.cells import (
    by_sentences,
    headings,
    height,
    number_width,
    put,
    put_formula,
    put_link,
    set_widths,
    title,
)
from allocator.outputs.workbook.book.strings import literal, quoted
from allocator.outputs.workbook.model.sheet import EXACT, Calc
from allocator.results.agreement import Agreement
from allocator.results.outcome import Outcome, ProgrammeOutcome
from allocator.words.labels import NOTIONAL_REMARK, agreement_words, full_basis_words
from allocator.words.notes import notes_of
from allocator.words.rule import BASES, PAYERS

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
    "一覧": 8,
    "算定": 8,
}
HEADINGS: Final = frozenset({"総額(円)", "算定の根拠", "公表一覧との照合"})
"""Of the columns that `check` holds against the manifest."""
_TOTAL: Final = list(_COLUMNS).index("総額(円)")
_BASIS: Final = list(_COLUMNS).index("算定の根拠")
_AGREEMENT: Final = list(_COLUMNS).index("公表一覧との照合")
_LIST: Final = list(_COLUMNS).index("一覧")
_HEADINGS_ROW: Final = 2
_STAMPS: Final = ("作成", "確認", "決裁")
_SHEETS: Final = (
    "市区町村別",
    "前年度比較",
    "算定内訳書",
    "検算",
    "算定方法",
    "入力データ",
    "来歴",
)


def begin(book: Book) -> Worksheet:
    """Add the sheet, the first of the book; it is written last, when all else has its place."""
    return book.sheet(NAME, rows=1, landscape=True)


def write(
    book: Book, sheet: Worksheet, outcome: Outcome, calcs: Sequence[Calc | None], wrong: int
) -> None:
    """Write the sheet; `wrong` is the number of checks that fail."""
    styles = book.styles
    widths = [float(wide) for wide in _COLUMNS.values()]
    totals = [each.allocation.total for each in outcome.programmes if each.allocation]
    widths[_TOTAL] = max(widths[_TOTAL], number_width([*totals, sum(totals)]))
    set_widths(sheet, widths)
    title(sheet, f"{book.year.japanese} 配分総括表", widths, styles["title"])
    day = outcome.plan.table.payers_on
    words = f"負担団体は{japanese_day(day)}現在。金額は円。"
    put(sheet, 1, 0, words, styles["note"])
    shown = f"検算: {'否はない。' if not wrong else f'否 {wrong} 件'}"
    put_formula(sheet, 1, _AGREEMENT, '="検算: "&検算!$A$2', styles["note"], shown)
    headings(sheet, _HEADINGS_ROW, list(_COLUMNS), styles["heading"])
    row = _HEADINGS_ROW + 1
    for each, calc in zip(outcome.programmes, calcs, strict=True):
        _row(book, sheet, row, each, calc)
        row += 1
    last = row
    if outcome.complete:
        for col in range(len(_COLUMNS)):
            put(sheet, row, col, "計" if col == 1 else None, styles["label"])
        if sum(totals) < EXACT:
            cells = f"=SUM(E{_HEADINGS_ROW + 2}:E{last})"
            put_formula(sheet, row, _TOTAL, cells, styles["total"], sum(totals))
        else:
            put(sheet, row, _TOTAL, sum(totals), styles["total"])
        row += 1
    for note in _notes(outcome):
        for line in by_sentences(note, sum(widths)):
            row += 1
            put(sheet, row, 0, line, styles["plain"])
    row = _budget(book, sheet, row + 2, outcome, calcs)
    _links(book, sheet, row)
    _stamps(book, sheet, row)
    _chart(book, sheet, row + 6, last)
    sheet.freeze_panes(_HEADINGS_ROW + 1, 2)
    sheet.repeat_rows(_HEADINGS_ROW)
    book.protect(sheet)


def _row(
    book: Book,
    sheet: Worksheet,
    row: int,
    outcome: ProgrammeOutcome,
    calc: Calc | None,
) -> None:
    number = row - _HEADINGS_ROW
    programme, allocation, styles = outcome.programme, outcome.allocation, book.styles
    cells: list[str | int | None] = [
        number,
        programme.title,
        PAYERS[programme.payers].ja,
        len(allocation.payers) if allocation else None,
        allocation.total if allocation else programme.total,
        full_basis_words(outcome).ja,
        agreement_words(outcome).ja,
        programme.legal_basis,
        programme.source,
    ]
    put(sheet, row, 0, number, styles["place"])
    for col, value in enumerate(cells[1:], start=1):
        put(sheet, row, col, value, styles["number" if isinstance(value, int) else "wrapped"])
    if calc is not None and allocation is not None and allocation.total < EXACT:
        total = f"={calc.outside(calc.charged)}"
        put_formula(sheet, row, _TOTAL, total, styles["number"], allocation.total)
    elif calc is None and programme.total is not None:
        book.define(f"{programme.id}_total", sheet, row, _TOTAL)
    if calc is not None:
        if outcome.parts:
            otherwise = f"{BASES['parts'].name.ja}(割合は「算定{number}」を参照)"
            texts = (full_basis_words(outcome).ja, otherwise)
            _unless_changed(book, sheet, calc, (row, _BASIS), texts)
        if isinstance(outcome.agreement, Agreement):
            texts = (agreement_words(outcome).ja, "入力を変更したため照合の対象外")
            _unless_changed(book, sheet, calc, (row, _AGREEMENT), texts)
    for offset, kind in enumerate(("一覧", "算定")):
        name = calc.sheet.replace("算定", kind, 1) if calc is not None else ""
        if name:
            _link(book, sheet, row, _LIST + offset, name, f"{kind}{number}")
        else:
            put(sheet, row, _LIST + offset, None, styles["wrapped"])
    lines = [
        height(value, wide)
        for value, wide in zip(cells, _COLUMNS.values(), strict=False)
        if isinstance(value, str)
    ]
    sheet.set_row(row, max(lines))


def _unless_changed(
    book: Book, sheet: Worksheet, calc: Calc, place: tuple[int, int], texts: tuple[str, str]
) -> None:
    """Say the first of `texts` as long as no input is changed, the second from then on."""
    said, otherwise = map(literal, texts)
    formula = f"=IF({calc.outside('{changed}')}>0,{otherwise},{said})"
    put_formula(sheet, *place, formula, book.styles["wrapped"], texts[0])


def _link(book: Book, sheet: Worksheet, row: int, col: int, name: str, words: str) -> None:
    put_link(sheet, row, col, f"{quoted(name)}A1", book.styles["link"], words)


def _budget(
    book: Book, sheet: Worksheet, row: int, outcome: Outcome, calcs: Sequence[Calc | None]
) -> int:
    """Compare the totals with those rebuilt from the budget; return the next free row."""
    rows = outcome.budget
    if not rows:
        return row
    styles = book.styles
    put(
        sheet,
        row,
        0,
        "【予算との照合】予算の科目から求めた総額(千円未満切捨て)との比較",
        styles["plain"],
    )
    row += 1
    names = ["番号", "事業", "予算の段階", "区分", "予算(千円)", "差(千円)", "理由"]
    headings(sheet, row, names, styles["heading"])
    sheet.merge_range(row, 6, row, len(_COLUMNS) - 1, "理由", styles["heading"])
    programmes = [each.programme.id for each in outcome.programmes]
    for each in rows:
        row += 1
        place = programmes.index(each.programme)
        calc, found = calcs[place], outcome.programmes[place]
        put(sheet, row, 0, place + 1, styles["place"])
        put(sheet, row, 1, found.programme.title, styles["wrapped"])
        put(sheet, row, 2, each.stage, styles["wrapped"])
        put(sheet, row, 3, each.status, styles["wrapped"])
        put(sheet, row, 4, each.thousand_yen, styles["number"])
        if calc is not None and found.allocation is not None and found.allocation.total < EXACT:
            formula = f"=INT({calc.outside('{total}')}/1000)-E{row + 1}"
            gap = calc.number("total") // 1000 - each.thousand_yen
            put_formula(sheet, row, 5, formula, styles["number"], gap)
        else:
            put(sheet, row, 5, None, styles["number"])
        sheet.merge_range(row, 6, row, len(_COLUMNS) - 1, "", styles["wrapped"])
        put(sheet, row, 6, each.why, styles["wrapped"])
        wide = sum(list(_COLUMNS.values())[6:])
        sheet.set_row(row, max(height(each.why, wide), height(found.programme.title, 30)))
    return row + 2


def _links(book: Book, sheet: Worksheet, row: int) -> None:
    put(sheet, row, 0, "【各シート】", book.styles["plain"])
    for place, name in enumerate(_SHEETS):
        _link(book, sheet, row + 1 + place % 4, 1 + place // 4, name, name)


def _stamps(book: Book, sheet: Worksheet, row: int) -> None:
    """Boxes for those who made, checked and approved the calculation."""
    for place, name in enumerate(_STAMPS):
        col = _LIST - 3 + place
        put(sheet, row, col, name, book.styles["heading"])
        sheet.merge_range(row + 1, col, row + 4, col, "", book.styles["stamp_box"])


def _chart(book: Book, sheet: Worksheet, row: int, last: int) -> None:
    """Draw the totals of the programmes."""
    chart = book.workbook.add_chart({"type": "bar"})
    assert isinstance(chart, ChartBar)
    cells = (_HEADINGS_ROW + 1, last - 1)
    chart.add_series(
        {
            "name": "総額(円)",
            "categories": [NAME, cells[0], 1, cells[1], 1],
            "values": [NAME, cells[0], _TOTAL, cells[1], _TOTAL],
            "fill": {"color": "#5B9BD5"},
            "data_labels": {"value": True, "num_format": "#,##0"},
            "gap": 60,
        }
    )
    chart.set_title({"name": "事業別の総額(円)", "name_font": {"size": 11}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 8}})
    chart.set_x_axis(
        {"num_format": "#,##0", "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}}
    )
    chart.set_size({"width": 1100, "height": 90 + 60 * (last - _HEADINGS_ROW - 1)})
    sheet.insert_chart(row, 1, chart, {"description": "事業別の総額の棒グラフ"})
    sheet.print_area(0, 0, row + 5 + 3 * (last - _HEADINGS_ROW - 1), len(_COLUMNS) - 1)


def _notes(outcome: Outcome) -> list[str]:
    """Say what each basis means, and what is known of single programmes."""
    notes = ["【算定の根拠】"]
    computed = [each for each in outcome.programmes if each.allocation is not None]
    rules = [rule for each in computed for rule in (each, *each.parts)]
    notes += [
        f"{BASES[basis].name.ja}: {BASES[basis].remark.ja}"
        for basis in dict.fromkeys(rule.programme.basis for rule in rules)
    ]
    for each in outcome.programmes:
        programme = each.programme
        if each.allocation is None:
            notes.append(f"{programme.title}: 未算定({agreement_words(each).ja})")
            continue
        if programme.stated_error:
            notes.append(f"{programme.title}: 推計の誤差 {programme.stated_error}")
        if programme.note:
            notes.append(f"{programme.title}: {programme.note}")
        notes += [f"{programme.title}: {note.ja}" for note in notes_of(each)]
    if any(each.notional is not None for each in outcome.programmes):
        notes.append(f"【参考】と記した金額は{NOTIONAL_REMARK.ja}。")
    return notes
