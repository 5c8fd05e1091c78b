"""Everything that a document holds for us: published lists, budget lines, totals rebuilt."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from allocator.domain.errors import InputError, refuse
from allocator.domain.frames import added
from allocator.domain.organisations import Register
from allocator.domain.progress import step
from allocator.domain.text import Text, listed
from allocator.domain.yen import group, thousands
from allocator.files.sniff import FileKind
from allocator.files.source import Source
from allocator.sources.budgets.budget import budget_lines
from allocator.sources.budgets.reconcile import reconcile
from allocator.sources.budgets.tables import budget_tables, stages
from allocator.sources.documents.leftover import left_over
from allocator.sources.documents.results import BudgetLine, Extraction, Reconciliation
from allocator.sources.lists.headings import with_heading
from allocator.sources.lists.papers import published_lists
from allocator.sources.lists.table import PublishedList
from allocator.sources.reading.document import Document, DocumentKind
from allocator.sources.tables.words import plain, programme_of

_MEETING: Final = re.compile(r"(第[0-9]+回.{2,20}?(?:会議|委員会))")
_DAY: Final = re.compile(r"((?:令和|平成)(?:元|[0-9]{1,2})年[0-9]{1,2}月[0-9]{1,2}日)")
_FIRST_LINES: Final = 60
_KINDS: Final[Mapping[FileKind, DocumentKind]] = {
    "text": "csv",
    "xlsx": "xlsx",
    "xls": "xls",
    "parquet": "parquet",
}


def extract_file(source: Source, register: Register) -> Extraction:
    """Find every published list and every budget line of a file.

    Lists are those that every other command reads in it.

    Raises:
        InputError: there is neither, or the file or rows of a list cannot be read.
    """
    from allocator.sources.lists.anywhere import find_lists
    from allocator.sources.reading.opening import open_document

    step(Text("looking for lists and budgets", "一覧と予算を検索中"))
    found = find_lists(source, register)
    if found.document is not None or found.table is None:
        return extract(found.document or open_document(source), register, found.lists)
    lists = [
        replace(each, programme=programme_of(each.programme) or each.programme)
        if each.programme
        else with_heading(each, found.table)
        for each in found.lists
    ]
    document = Document(source.path, _KINDS[source.kind], (), source=source)
    return extract(open_document(source) if found.sheets > 1 else document, register, lists)


def extract(
    document: Document, register: Register, lists: Sequence[PublishedList] | None = None
) -> Extraction:
    """Find every published list and every budget line of a document; `lists` are read already.

    Raises:
        InputError: there is neither, or rows of a list cannot be read.
    """
    if lists is None:
        lists = published_lists(document, register)
    tables = budget_tables(document)
    lines: list[BudgetLine] = []
    remarks = list(_of_reading(document))
    for each in lists:
        remarks += [_said(each, remark) for remark in (*each.remarks, *_of_list(each))]
    for stage in stages(tables):
        found, said = budget_lines(tables, stage)
        lines += found
        remarks += said
    if not lists and not lines:
        raise _nothing(document, remarks)
    reconciliations = reconcile(lines, lists)
    remarks += [remark for each in reconciliations for remark in _of_total(each)]
    rows_in, left_out = left_over(document, lists, lines)
    return Extraction(
        document,
        title_of(document),
        tuple(lists),
        tuple(lines),
        tuple(reconciliations),
        tuple(remarks),
        rows_in,
        left_out,
    )


def title_of(document: Document) -> str:
    """Return the papers' title as their first page has it: which meeting, when; else the name."""
    first = [plain(line.text) for line in islice(document.lines, _FIRST_LINES)]
    meeting = next((found[1] for text in first if (found := _MEETING.search(text))), "")
    day = next((found[1] for text in first if (found := _DAY.search(text))), "")
    if not meeting:
        return document.source.name if document.source else document.file.name
    return f"{meeting} 配付資料 {day}".rstrip()


def _of_reading(document: Document) -> Iterator[Text]:
    if document.scanned:
        pages = listed([str(page) for page in document.scanned])
        yield Text(
            f"pages without text, which were not read: {pages.en}",
            f"文字データがなく読めないページ: {pages.ja}",
        )
    if document.unreadable:
        yield Text(
            f"characters that the fonts give no meaning to: {document.unreadable:,}",
            f"フォントに対応表がなく判別できない文字: {document.unreadable:,}",
        )


def _of_list(published: PublishedList) -> Iterator[Text]:
    """Say what a reader of the extracted list wants to know; the rest is the audit's to find."""
    listed_total = added(published.frame["amount"])
    year, other = published.heading_year, published.title_year
    if year is not None and other is not None and year != other:
        yield Text(
            f"the title says {other.japanese}, the heading {year.japanese}; it is taken for {year}",
            f"表題は{other.japanese}、見出しは{year.japanese}です。{year.japanese}としました",
        )
    for wrong in published.wrong_sums:
        place = published.place(wrong.line)
        yield Text(f"{place}: {wrong.text.en}", f"{place}: {wrong.text.ja}")
    # Where no other total is declared, that of the 合計 row is.
    is_apart = published.declared_line != published.printed_line
    declared = published.declared_total if is_apart else None
    for total, line, name in (
        (declared, published.declared_line, Text("declared total", "負担金総額")),
        (published.printed_total, published.printed_line, Text("合計", "合計")),
    ):
        if total is not None and line is not None and total != listed_total:
            yield Text(
                f"{name.en} ({published.place(line)}) {group(total)}, but the rows add up to "
                f"{group(listed_total)}",
                f"{name.ja}({published.place(line)})は {group(total)} ですが、各行の計は "
                f"{group(listed_total)} です",
            )


def _of_total(found: Reconciliation) -> Iterator[Text]:
    """Say what speaks against a total, or what it lacks."""
    name = Text(
        f"{found.stage.text.en}, {found.programme}", f"{found.stage.text.ja} {found.programme}"
    )
    if found.missing:
        lines = listed(list(found.missing))
        yield Text(
            f"{name.en}: budget lines not found: {lines.en}",
            f"{name.ja}: 見つからない予算の行: {lines.ja}",
        )
    if found.total is None:
        return
    known = (
        (found.expected, Text("data/budget has", "data/budget では")),
        (
            None if found.listed is None else thousands(found.listed),
            Text("the published list adds up to", "公表一覧の計は"),
        ),
    )
    for amount, what in known:
        if amount is not None and amount != found.total:
            yield Text(
                f"{name.en}: the budget lines add up to {group(found.total)} thousand yen, "
                f"{what.en} {group(amount)}",
                f"{name.ja}: 予算の行の計は {group(found.total)} 千円、{what.ja} {group(amount)}",
            )


def _said(published: PublishedList, remark: Text) -> Text:
    name = published.title or published.heading or published.place(published.frame["line"][0])
    return Text(f"{name}: {remark.en}", f"{name}: {remark.ja}")


def _nothing(document: Document, remarks: Sequence[Text]) -> InputError:
    why = remarks[0] if remarks else Text("", "")
    return refuse(
        str(document.file),
        Text(
            f"neither a published list nor a budget table was found. {why.en}".rstrip(),
            f"公表一覧も予算の表も見つかりません。{why.ja}",
        ),
        Text(
            "a list needs a header with 都道府県名 or 団体コード and 金額, 交付金 or 負担金; "
            "a budget its title (令和5年度 予定損益計算書 …)",
            "一覧には都道府県名か団体コードと、金額・交付金・負担金の見出しが、予算には表題"
            "(令和5年度 予定損益計算書 など)が必要です",
        ),
        code="nothing_found",
    )
