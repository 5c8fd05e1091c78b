"""Published lists: who was told to pay how much, as printed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from allocator.domain.errors import InputError, Problem, refuse
from allocator.domain.organisations import Register
from allocator.domain.places import place_text
from allocator.domain.text import Text
from allocator.domain.years import FiscalYear
from allocator.domain.yen import LARGEST, group
from allocator.files.source import Source
from allocator.sources.lists.list_sums import WrongSum, checked_sums, without_counties
from allocator.sources.reading.limits import refuse_flood
from allocator.sources.tables.faults import Faults, raise_all
from allocator.sources.tables.header import without_unit
from allocator.sources.tables.ledger import Ledger, Mended
from allocator.sources.tables.opened import TextTable, read_table
from allocator.sources.tables.rows import take_rows
from allocator.sources.tables.taken import SumRow, Taken, keys_of
from allocator.sources.tables.units import Unit, figure, unit_of
from allocator.sources.tables.who import Names

AMOUNT_NAMES: Final = (
    "amount",
    "金額",
    "交付金",
    "負担金",
    "交付金額",
    "負担金額",
    "負担額",
    "分担金",
    "分担金額",
)
_SAID_ELSEWHERE: Final = ("total", "subtotal")
"""Sums have a place of their own: they are compared with the rows."""

_WHOLE: Final = r"^-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)$"


@dataclass(frozen=True)
class PublishedList:
    """A list as printed. `frame` follows `schemas.LISTED`, in the order of the file.

    Codes are digits as written (full-width ones made plain), not checked: a wrong code is a
    finding for the audit. A list without codes has those of the prefectures that it names, and ""
    where there is no such prefecture. `declared_total` (yen) is the list's own 合計, where it has
    one; `prints` says which of code, prefecture and municipality the list has columns for.

    `printed_total` is that row too. A list found in a document knows more: its programme ("" where
    its words name none), heading and title with the fiscal years that they name, the number of the
    paper (参考資料5); there `declared_total` is the total that the paper declares (負担金総額), if
    it declares one. `places` says for each line where it stands (page, sheet), where that isn't one
    of the file; `remarks` what was read otherwise than it is printed; `left_out` every row of the
    table that isn't in `frame`. `by_name` has the codes of rows without one whose name tells it, by
    line, where other rows have codes; `wrong_sums` the subtotals that don't add up. `source` is
    what it was read from; `sheet` the sheet of a table ("" for text), None for papers.
    """

    file: Path
    frame: pl.DataFrame
    declared_total: int | None = None
    title: str = ""
    declared_line: int | None = None
    prints: frozenset[str] = frozenset(("code", "prefecture", "municipality"))
    programme: str = ""
    heading: str = ""
    heading_year: FiscalYear | None = None
    title_year: FiscalYear | None = None
    reference: str = ""
    printed_total: int | None = None
    printed_line: int | None = None
    places: Mapping[int, str] = field(default_factory=dict)
    remarks: tuple[Text, ...] = ()
    left_out: Ledger = field(default_factory=Ledger)
    by_name: Mapping[int, str] = field(default_factory=dict)
    wrong_sums: tuple[WrongSum, ...] = ()
    source: Source | None = None
    sheet: str | None = None

    @property
    def told_by_name(self) -> tuple[Text, ...]:
        """What is to be known of codes that only a name tells, where a list is computed with."""
        return tuple(
            Text(
                f"{where.en}: no code; by its name the row is that of {code}",
                f"{where.ja}: コードがないため、名称により {code} としました",
            )
            for line, code in self.by_name.items()
            for where in [place_text(self.place(line))]
        )

    @property
    def fiscal_year(self) -> FiscalYear | None:
        """The year that the list is for: that of the heading, else that of the title."""
        return self.heading_year or self.title_year

    def place(self, line: int) -> str:
        """Return where in the file a row stands."""
        plain = f"sheet {self.sheet}, row {line}" if self.sheet else f"line {line}"
        return self.places.get(line, plain)

    def where(self, line: int) -> str:
        """Return a row's place, with the file."""
        return f"{self.file}: {self.place(line)}"


def read_list(source: Source, register: Register) -> PublishedList:
    """Read a list from a table.

    Columns: code (or 団体コード; a prefecture list may have 都道府県名 alone) and amount (or 金額,
    交付金); names where there are any. 合計 is the declared total, what stands above the title.

    Raises:
        InputError: no table, no such columns, no rows, amounts that are no yen, unequal totals.
    """
    return list_in(read_table(source), register)


def list_in(table: TextTable, register: Register) -> PublishedList:
    """Return the list that a table is; see `read_list`."""
    column = amount_column(table)
    keys = keys_of(table)
    # A column of municipalities with nothing in it, as lists of prefectures have it, names nobody.
    has_names = keys.municipality is not None and (table.frame[keys.municipality] != "").any()
    if keys.code is None and keys.prefecture is None and not has_names:
        table.column(("団体コード", "code", "都道府県名"))
    unit = unit_in(table, column)
    names, mended = Names(register), Mended()
    ledger = Ledger()
    ledger.add(table.ledger)
    taken = take_rows(table, column, names, ledger, mended, is_list=True)
    rows = taken.frame
    if rows.is_empty():
        raise refuse(
            str(table.file),
            Text("a total and no rows", "合計だけで行がありません"),
            Text("give a table with rows", "行のある表を指定してください"),
            code="no_rows",
        )
    amounts = _amounts(table, rows["figure"], rows["line"], column, unit)
    frame = rows.select("code", "prefecture", "municipality", amounts, "line")
    frame = without_counties(frame, names, ledger)
    refuse_flood(table.file, frame["code"], register)
    totals, subtotals = _sums(table, taken, frame, names, column, unit)
    ledger.balance(len(frame))
    if totals and len({amount for amount, _ in totals}) > 1:
        raise _different_totals(table, [line for _, line in totals], column)
    total, total_line = totals[0] if totals else (None, None)
    return PublishedList(
        table.file,
        frame,
        total,
        table.title,
        total_line,
        frozenset(name for name, heading in keys._asdict().items() if heading is not None),
        printed_total=total,
        printed_line=total_line,
        remarks=_remarks(mended, ledger, unit),
        left_out=ledger,
        by_name=taken.by_name,
        wrong_sums=checked_sums(subtotals, frame, names),
        source=table.source,
        places=table.places,
        sheet=table.sheet,
    )


def unit_in(table: TextTable, column: str) -> Unit:
    """Return the unit of a column of amounts.

    Raises:
        InputError: it is none of amounts, or cannot be told.
    """
    return unit_of(column, table.above, f"{table.at(table.header_line)}, column {column}", "yen")


def is_amount(label: str) -> bool:
    """Tell whether a heading is one of amounts, the lowest of stacked ones, whatever its unit."""
    return without_unit(label).rpartition("/")[2] in AMOUNT_NAMES


def amount_column(table: TextTable) -> str:
    """Return the column of amounts: one that bears a name for them, with or without its unit.

    Of stacked headings the lowest counts, where it is the only such one: 令和5年度/金額.

    Raises:
        InputError: there is none, or several that could be meant.
    """
    plain = {name: without_unit(name) for name in table.columns}
    whole = [name for name, label in plain.items() if label in AMOUNT_NAMES]
    lowest = [name for name, label in plain.items() if label.rpartition("/")[2] in AMOUNT_NAMES]
    found = whole or lowest
    if not found:
        return table.column(AMOUNT_NAMES)
    labels = {plain[name] for name in found}
    first = next(name for label in AMOUNT_NAMES for name in found if plain[name].endswith(label))
    if len(found) == 1 or (whole and len(labels) == len(found)):
        if first in table.repeated:
            raise _several_columns(table, [first, first])
        return first
    raise _several_columns(table, found)


def _several_columns(table: TextTable, found: Sequence[str]) -> InputError:
    names = ", ".join(found)
    return refuse(
        table.at(table.header_line),
        Text(
            f"several columns could be the amounts: {names}",
            f"金額の列が複数あります: {names}",
        ),
        Text("keep one column of amounts", "金額の列を1つにしてください"),
        code="several_columns",
    )


def _remarks(mended: Mended, ledger: Ledger, unit: Unit) -> tuple[Text, ...]:
    converted = unit_remark(unit)
    return (*([converted] if converted else []), *mended.texts(ledger, _SAID_ELSEWHERE))


def unit_remark(unit: Unit) -> Text | None:
    """Return the statement that amounts were brought from a larger unit to yen, None for yen."""
    if unit.factor == 1:
        return None
    return Text(
        f"amounts are printed in units of {unit.factor:,} yen, and given in yen",
        f"{unit.factor:,} 円単位で印刷された金額を円に直しました",
    )


def _sums(
    table: TextTable, taken: Taken, frame: pl.DataFrame, names: Names, column: str, unit: Unit
) -> tuple[list[tuple[int, int]], list[tuple[SumRow, int]]]:
    """Return the totals (yen, line) and the subtotals with their amounts (yen).

    Words for a total may stand under each group of rows, where no prefecture is named: then only
    those that are the sum of all rows are totals; or none, if the others are right as subtotals.
    """
    totals, subtotals = (
        list(zip(rows, amounts_of_sums(table, rows, column, unit), strict=True))
        for rows in (taken.totals, taken.subtotals)
    )
    if len({amount for _, amount in totals}) > 1:
        added = sum(frame["amount"].to_list())
        whole = [pair for pair in totals if pair[1] == added]
        subtotals += [pair for pair in totals if pair[1] != added]
        if whole or not checked_sums(subtotals, frame, names):
            totals = whole
    return [(amount, row.line) for row, amount in totals], subtotals


def amounts_of_sums(table: TextTable, rows: Sequence[SumRow], column: str, unit: Unit) -> list[int]:
    """Return the amounts of sums (yen), which may be more than the largest amount."""
    figures = [(row.figure, row.line) for row in rows]
    return _read(table, figures, column, unit, most=None)


def _different_totals(table: TextTable, lines: Sequence[int], column: str) -> InputError:
    shown = "、".join(map(str, lines))
    return refuse(
        table.where(lines[1], column),
        Text(f"different totals on lines {shown}", f"合計が異なる行があります: {shown} 行目"),
        Text("give one list with one total", "合計が1つの一覧にしてください"),
        code="several_totals",
    )


def amounts_by_code(published: PublishedList, register: Register) -> dict[str, int]:
    """Return a list's amounts (yen) by code, for computing with it.

    Raises:
        InputError: a code that the register doesn't know or that stands twice, a negative amount.
    """
    found = Faults()
    amounts: dict[str, int] = {}
    for printed, amount, line in published.frame.select("code", "amount", "line").iter_rows():
        code = printed or published.by_name.get(line, "")
        if code not in register.codes:
            what = Text(
                f"the code {code!r} is not in the register",
                f"コード {code!r} は団体一覧にありません",
            )
            if not code:
                what = Text("no organisation has this name", "この名称の団体がありません")
        elif code in amounts:
            what = Text(f"the code {code} stands twice", f"コード {code} が重複しています")
        elif amount < 0:
            what = Text(f"{group(amount)} is negative", f"{group(amount)} は負の値です")
        else:
            amounts[code] = amount
            continue
        mend = Text(
            "correct the row; `allocator audit` says more",
            "行を直してください(allocator audit で詳しく調べられます)",
        )
        found.append(Problem(published.where(line), what, mend, code="unclear_row"))
    raise_all(found)
    return amounts


def refuse_wrong_totals(published: PublishedList) -> None:
    """Refuse a list whose rows don't add up to its own total and subtotals: some amount is wrong.

    Raises:
        InputError: names the sums that are off.
    """
    wrong = published.wrong_sums
    found = [Problem(published.where(each.line), each.text, _FIND, "wrong_sum") for each in wrong]
    listed, declared = sum(published.frame["amount"].to_list()), published.declared_total
    if declared is not None and declared != listed:
        what = Text(
            f"合計 says {group(declared)}, the rows add up to {group(listed)}",
            f"合計は {group(declared)} ですが、各行の計は {group(listed)} です",
        )
        found.append(Problem(str(published.file), what, _FIND, code="wrong_sum"))
    raise_all(found)


_FIND: Final = Text("`allocator audit` finds the row", "allocator audit で該当行を調べられます")


def _amounts(
    table: TextTable, cells: pl.Series, lines: pl.Series, column: str, unit: Unit
) -> pl.Series:
    """Return amounts in yen, exactly.

    Raises:
        InputError: cells that are no whole yen, or more than the engine undertakes.
    """
    if unit.factor == 1 and (plain := _plain(cells)) is not None:
        return plain
    figures = zip(cells, lines, strict=True)
    return pl.Series("amount", _read(table, figures, column, unit, LARGEST), dtype=pl.Int64)


def _read(
    table: TextTable,
    figures: Iterable[tuple[str, int]],
    column: str,
    unit: Unit,
    most: int | None,
) -> list[int]:
    """Return amounts (yen) from their cells and lines, of either sign, none above `most`."""
    found = Faults()
    amounts: list[int] = []
    for text, line in figures:
        read = figure(text, unit)
        if isinstance(read, Text):
            place, what = table.where(line, column), _no_amount(text, read, unit)
            found.append(Problem(place, what, _MEND, code="wrong_figure"))
        elif most is not None and abs(read[0]) > most:
            found.append(_too_large(table.where(line, column), read[0]))
        else:
            amounts.append(read[0])
    raise_all(found)
    return amounts


_MEND: Final = Text(
    "write whole yen, such as 1514000000 or 1,514,000,000",
    "1514000000 や 1,514,000,000 のように円単位の整数で書いてください",
)


def _no_amount(text: str, read: Text, unit: Unit) -> Text:
    if unit.factor != 1:
        return read
    return Text(f"{text!r} is no whole number of yen", f"{text!r} は円単位の整数ではありません")


def _plain(cells: pl.Series) -> pl.Series | None:
    """Return amounts that are written plainly, all of them; None where one isn't."""
    plain = cells.cast(pl.Int64, strict=False)
    if plain.null_count() or cells.str.starts_with("+").any():
        plain = cells.str.replace_all(",", "", literal=True).cast(pl.Int64, strict=False)
        plain = plain.set(~cells.str.contains(_WHOLE), None)
    if plain.null_count() or not plain.is_between(-LARGEST, LARGEST).all():
        return None
    return plain.alias("amount")


def _too_large(where: str, amount: int) -> Problem:
    return Problem(
        where,
        Text(
            f"{group(amount)} yen is more than {group(LARGEST)}",
            f"{group(amount)} 円は上限 {group(LARGEST)} 円を超えています",
        ),
        Text("correct the amount", "金額を直してください"),
        code="too_large",
    )
