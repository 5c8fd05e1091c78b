"""Tables with a column of programmes, as allocation.csv has one: a list for each of them.

Every list has a ledger of its own rows; what belongs to none of them (title, header, blank rows,
notes, totals over all programmes) is in that of the first.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

import polars as pl

from allocator.domain.codes import bare
from allocator.domain.errors import InputError, Problem, refuse
from allocator.domain.organisations import Register
from allocator.domain.text import Text
from allocator.domain.years import FiscalYear
from allocator.domain.yen import group
from allocator.sources.lists.table import (
    PublishedList,
    amount_column,
    amounts_of_sums,
    is_amount,
    list_in,
    unit_in,
)
from allocator.sources.reading.limits import MOST_ODD
from allocator.sources.tables.cut import refuse_cut_figures
from allocator.sources.tables.faults import Faults, raise_all
from allocator.sources.tables.header import CODE_WORDS, MUNICIPALITY_WORDS, PREFECTURE_WORDS, folded
from allocator.sources.tables.ledger import Ledger, Reason
from allocator.sources.tables.opened import TextTable
from allocator.sources.tables.sums import is_sum_word, sum_of
from allocator.sources.tables.taken import Keys, SumRow, keys_of
from allocator.sources.tables.who import Names
from allocator.sources.tables.written_codes import DIGITS

PROGRAMME_WORDS: Final = ("programme", "事業", "事業名")
YEAR_WORDS: Final = ("fiscal_year", "年度", "会計年度")

_KEY_WORDS: Final = frozenset((*CODE_WORDS, *PREFECTURE_WORDS, *MUNICIPALITY_WORDS))
_LABEL: Final = "label"
_NOTIONAL: Final = "参考"
_OF_PARTS: Final = frozenset(("programme", "part", "name", "basis"))
_NOT_THIS: Final = Text(
    "give allocation.csv or allocation.xlsx of the same folder",
    "同じフォルダーの allocation.csv か allocation.xlsx を指定してください",
)
_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9_-]+")
_MOST_LISTS: Final = 100
_FIRST_YEAR, _LAST_YEAR = 1926, 9999

_Key = tuple[FiscalYear | None, str]
"""What a list is of: the year, where the table has a column for it, and the programme."""


def names_programmes(labels: Iterable[str]) -> bool:
    """Tell whether a table with these headings has amounts by organisation and programme."""
    found = frozenset(labels)
    return (
        not found.isdisjoint(PROGRAMME_WORDS)
        and not found.isdisjoint(_KEY_WORDS)
        and any(map(is_amount, found))
    )


def lists_by_programme(table: TextTable, register: Register) -> list[PublishedList]:
    """Return the lists of a table, one for each year and programme, in the order of their rows.

    Raises:
        InputError: notional figures, rows that name no programme or no year, a total over all
            programmes that isn't theirs; and what is wrong with any of the lists.
    """
    _refuse_notional(table)
    _refuse_parts(table)
    if (count := table.frame[_first(table, PROGRAMME_WORDS)].n_unique()) > MOST_ODD:
        raise _too_many(table, count)
    amount = amount_column(table)
    refuse_cut_figures(table, amount)
    rows, sums, ledger = _apart(table, amount, Names(register))
    parts = list(_parts(table, rows))
    if len(parts) > _MOST_LISTS:
        raise _too_many(table, len(parts))
    lists: list[PublishedList] = []
    found = Faults()
    for (year, name), part in parts:
        ledger.rows_in += len(part)
        try:
            one = list_in(replace(table, frame=part, ledger=ledger), register)
            lists.append(_named(one, name, year, is_only=len(parts) == 1))
        except InputError as error:
            found += error.problems
        ledger = Ledger()
    raise_all(found)
    figures = amounts_of_sums(table, sums, amount, unit_in(table, amount))
    totals = [(row.line, figure) for row, figure in zip(sums, figures, strict=True)]
    if len(lists) == len(totals) == 1 and lists[0].declared_total is None:
        ((line, total),) = totals  # over one programme: what that list itself declares
        own = replace(lists[0], declared_total=total, declared_line=line)
        return [replace(own, printed_total=total, printed_line=line)]
    _refuse_wrong_totals(table, amount, totals, lists)
    return lists


def _too_many(table: TextTable, count: int) -> InputError:
    column = _first(table, PROGRAMME_WORDS)
    return refuse(
        f"{table.at(table.header_line)}, column {column}",
        Text(
            f"{count:,} programmes and years, more than {_MOST_LISTS} that are read as lists",
            f"事業・年度が {count:,} 通りあり、一覧として読める上限 {_MOST_LISTS} を超えています",
        ),
        Text(
            "leave the column out if all rows are one list; else give fewer programmes",
            "全体が1つの一覧であればこの列を除き、そうでなければ事業を絞ってください",
        ),
        code="too_many_lists",
    )


def _named(
    one: PublishedList, name: str, year: FiscalYear | None, *, is_only: bool
) -> PublishedList:
    """Return a list with its programme and year; a title above many is that of none of them."""
    title = year.japanese if year is not None else ""
    if not _IDENTIFIER.fullmatch(name):
        title += name  # told by its words, as those of a title are
    if is_only and one.title:
        title = f"{one.title} {title}".rstrip()
    return replace(one, programme=name, title=title, heading_year=year)


def _apart(
    table: TextTable, amount: str, names: Names
) -> tuple[pl.DataFrame, list[SumRow], Ledger]:
    """Return the rows of programmes, the sums over several of them, and the ledger of all others.

    Raises:
        InputError: a row of somebody, or with a figure, that names no programme; or no rows at all.
    """
    column = _first(table, PROGRAMME_WORDS)
    keys = keys_of(table)
    named = [name for name in keys if name is not None]
    ledger, sums, apart = Ledger(), list[SumRow](), list[int]()
    ledger.add(table.ledger)
    found = Faults()
    for row in table.frame.filter(_is_odd(table, column, named, amount)).iter_rows(named=True):
        line, figure, written = row["line"], row[amount], [row[each] for each in (column, *named)]
        kind = sum_of(written, names)
        reason: Reason = kind or "note"
        if folded(row[column]) in PROGRAMME_WORDS:
            reason = "heading"
        elif kind is not None and figure:
            words = tuple(filter(is_sum_word, written))
            sums.append(SumRow(words, "", figure, line))
        elif kind is None and (figure or _is_somebodys(row, keys, names)):
            found.append(_no_programme(table.where(line, column)))
        apart.append(line)
        ledger.leave_out(line, reason, [row[each] for each in table.columns])
    raise_all(found)
    rows = table.frame.filter(~pl.col("line").is_in(apart))
    if rows.is_empty():
        raise refuse(
            str(table.file),
            Text("a total and no rows", "合計だけで行がありません"),
            Text("give a table with rows", "行のある表を指定してください"),
            code="no_rows",
        )
    ledger.rows_in -= len(rows)
    return rows, sums, ledger


def _is_odd(table: TextTable, column: str, named: Sequence[str], amount: str) -> pl.Expr:
    """Tell which rows are not plainly a programme's: without one, sums, headings, notes."""
    others = [
        each
        for each in table.frame[column].unique()
        if not each or is_sum_word(each) or folded(each) in PROGRAMME_WORDS
    ]
    return pl.col(column).is_in(others) | pl.all_horizontal(pl.col(*named, amount) == "")


def _is_somebodys(row: Mapping[str, str], keys: Keys, names: Names) -> bool:
    """Tell whether a row without an amount has a code, or the name of an organisation."""
    code, prefecture, municipality = (row[each] if each else "" for each in keys)
    if DIGITS.fullmatch(bare(code)) or code in names.register.codes:
        return True
    return bool(names.find(prefecture, municipality))


def _no_programme(where: str) -> Problem:
    return Problem(
        where,
        Text("no programme", "事業が書かれていません"),
        Text("write it in every row", "すべての行に事業を書いてください"),
        code="missing_programme",
    )


def _parts(table: TextTable, rows: pl.DataFrame) -> Iterator[tuple[_Key, pl.DataFrame]]:
    """Yield what each list is of, and its rows; without a column of years the title says it.

    Raises:
        InputError: a year that is none.
    """
    from allocator.sources.tables.words import year_in

    programme = _first(table, PROGRAMME_WORDS)
    column = next((name for name in YEAR_WORDS if name in table.columns), None)
    above = year_in(table.title)
    if column is None:
        for (name,), part in rows.group_by(programme, maintain_order=True):
            yield (above, str(name)), part
        return
    lines = rows.group_by(column, maintain_order=True).agg(pl.col("line").first())
    years = {text: _year(table.where(line, column), text) for text, line in lines.iter_rows()}
    of_row = pl.col(column).replace_strict(
        {text: year.year for text, year in years.items()}, return_dtype=pl.Int64
    )
    keyed = rows.group_by(of_row.alias("year of the row"), programme, maintain_order=True)
    for (number, name), part in keyed:
        year = next(year for year in years.values() if year.year == number)
        yield (year, str(name)), part


def _year(where: str, text: str) -> FiscalYear:
    year = FiscalYear.parse(text, where)
    if not _FIRST_YEAR <= year.year <= _LAST_YEAR:
        raise refuse(
            where,
            Text(f"{text!r} is no fiscal year", f"{text!r} は年度として読めません"),
            Text("write 2023 or 令和5年度", "2023、令和5年度 のように書いてください"),
            code="not_a_year",
        )
    return year


def _refuse_notional(table: TextTable) -> None:
    """Refuse breakdown.csv: what it holds is paid by nobody.

    Raises:
        InputError: a row is labelled so.
    """
    if _LABEL not in table.columns:
        return
    labelled = table.frame.filter(pl.col(_LABEL) == _NOTIONAL)["line"]
    if len(labelled):
        raise refuse(
            table.where(labelled[0], _LABEL),
            Text(
                "notional figures (参考, as breakdown.csv has them), which nobody pays: no list",
                "参考の按分額(breakdown.csv)で、団体が負担する額ではなく、一覧ではありません",
            ),
            _NOT_THIS,
            code="notional_figures",
        )


def _refuse_parts(table: TextTable) -> None:
    """Refuse parts.csv: several rows of it are one payer's amount, which allocation.csv has.

    Raises:
        InputError: the table has the columns of parts.csv.
    """
    if not set(table.columns) >= _OF_PARTS:
        return
    raise refuse(
        table.at(table.header_line),
        Text(
            "amounts by part of a programme (as parts.csv has them), which make up a payer's "
            "amount only together: no list",
            "部分ごとの額(parts.csv)で、合わせて各団体の負担額となるものであり、一覧ではありません",
        ),
        _NOT_THIS,
        code="part_amounts",
    )


def _refuse_wrong_totals(
    table: TextTable,
    column: str,
    totals: Sequence[tuple[int, int]],
    lists: Sequence[PublishedList],
) -> None:
    """Refuse sums (line, yen) that are those of no rows they can stand for: an amount is wrong.

    Those are all rows, those above up to the last sum, or all of the programme above.

    Raises:
        InputError: names the sums that are off.
    """
    rows = [
        (line, amount, place)
        for place, each in enumerate(lists)
        for line, amount in each.frame.select("line", "amount").iter_rows()
    ]
    whole = sum(amount for _, amount, _ in rows)
    found = Faults()
    last = 0
    for line, total in totals:
        since = sum(amount for at, amount, _ in rows if last < at < line)
        above = max((row for row in rows if row[0] < line), default=None)
        of_one = above and sum(amount for _, amount, place in rows if place == above[2])
        last = line
        if total in (whole, since, of_one):
            continue
        what = Text(
            f"the total is {group(total)}, the rows of all programmes add up to {group(whole)}",
            f"合計は {group(total)} ですが、全事業の各行の計は {group(whole)} です",
        )
        mend = Text("correct the row that is wrong", "誤っている行を直してください")
        found.append(Problem(table.where(line, column), what, mend, code="wrong_sum"))
    raise_all(found)


def _first(table: TextTable, words: Sequence[str]) -> str:
    return next(name for name in words if name in table.columns)
