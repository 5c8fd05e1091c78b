"""Published lists: who was told to pay how much, as printed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import polars as pl

from allocator.domain.codes import bare
from allocator.domain.errors import InputError, Problem, refuse
from allocator.domain.names import TOTAL_WORDS, fold
from allocator.domain.organisations import PREFECTURE, Register
from allocator.domain.text import Text
from allocator.domain.years import FiscalYear
from allocator.domain.yen import LARGEST, group, parse_yen
from allocator.sources.cells import Mended
from allocator.sources.grid import CODE_WORDS, MUNICIPALITY_WORDS, PREFECTURE_WORDS
from allocator.sources.table import TextTable, raise_all, read_table, refuse_thousands

AMOUNT_NAMES: Final = ("amount", "金額", "交付金", "負担金", "交付金額", "負担金額")
_SUM: Final = "計"
_OTHER_TOTALS: Final = tuple(word for word in TOTAL_WORDS if not word.endswith(_SUM))
_UNIT: Final = re.compile(r"\(円\)$")
_CODE: Final = re.compile(r"[0-9]{4,6}")
_WHOLE: Final = r"^-?([0-9]+|[0-9]{1,3}(,[0-9]{3})+)$"


@dataclass(frozen=True)
class PublishedList:
    """A list as printed. `frame` follows `schemas.LISTED`, in the order of the file.

    Codes are digits as written (full-width ones made plain), not checked: a wrong code is a
    finding for the audit. A list without codes has those of the prefectures that it names, and ""
    where there is no such prefecture. `declared_total` (yen) is the list's own 合計, where it has
    one; `prints` says which of code, prefecture and municipality the list has columns for.

    A list found in a document knows more: its programme ("" where its words name none), heading
    and title with the fiscal years that they name, the number of the paper (参考資料5); there
    `declared_total` is the total that the paper declares (負担金総額), and `printed_total` its 合計
    row. `places` says for each line where it stands (page, sheet), where that isn't a line of the
    file; `remarks` what was read otherwise than it is printed.
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

    @property
    def fiscal_year(self) -> FiscalYear | None:
        """The year that the list is for: that of the heading, else that of the title."""
        return self.heading_year or self.title_year

    def place(self, line: int) -> str:
        """Return where in the file a row stands."""
        return self.places.get(line, f"line {line}")

    def where(self, line: int) -> str:
        """Return a row's place, with the file."""
        return f"{self.file}: {self.place(line)}"


def read_list(file: Path, register: Register) -> PublishedList:
    """Read a list from a table.

    Columns: code (or 団体コード; a prefecture list may have 都道府県名 alone) and amount (or 金額,
    交付金); prefecture and municipality names where there are any. A row of 合計 is the list's
    declared total, what stands above the header its title.

    Raises:
        InputError: no such file, no such columns, no rows, amounts that are no whole yen, two
            totals that differ.
    """
    return list_in(read_table(file), register)


def list_in(table: TextTable, register: Register) -> PublishedList:
    """Return the list that a table is; see `read_list`."""
    file = table.file
    amount = _find(table, AMOUNT_NAMES) or table.column(AMOUNT_NAMES)
    refuse_thousands(table, amount)
    names = {
        "code": _find(table, CODE_WORDS),
        "prefecture": _find(table, PREFECTURE_WORDS),
        "municipality": _find(table, MUNICIPALITY_WORDS),
    }
    if names["code"] is None and names["prefecture"] is None:
        table.column(CODE_WORDS)
    frame = table.frame.select(
        *(
            (pl.lit("") if column is None else pl.col(column)).alias(name)
            for name, column in names.items()
        ),
        pl.col(amount).alias("amount"),
        pl.col("line"),
    )
    printed = [name for name, column in names.items() if column is not None]
    totals, rows = (frame.clear(), frame) if table.is_ascii else _apart(frame, printed)
    remarks: tuple[Text, ...] = ()
    plain = _plain(rows["amount"])
    if plain is None or (totals["amount"] == "").any():
        totals, rows, remarks = _without_notes(totals, rows, register)
    if rows.is_empty():
        raise refuse(
            str(file),
            Text("a total and no rows", "合計だけで行がありません"),
            Text("give a table with rows", "行のある表を指定してください"),
        )
    amounts = _amounts(table, rows, amount) if plain is None else plain
    rows = rows.with_columns(_codes(rows, register), amounts)
    declared = _read(table, totals, amount, most=None)
    if len(set(declared)) > 1:
        lines = "、".join(str(line) for line in totals["line"])
        raise refuse(
            table.where(totals["line"][1], amount),
            Text(f"different totals on lines {lines}", f"合計が異なる行があります: {lines} 行目"),
            Text("give one list with one total", "合計が1つの一覧にしてください"),
        )
    return PublishedList(
        file,
        rows,
        declared[0] if declared else None,
        table.title,
        totals["line"][0] if declared else None,
        frozenset(printed),
        remarks=remarks,
    )


def amounts_by_code(published: PublishedList, register: Register) -> dict[str, int]:
    """Return a list's amounts (yen) by code, for computing with it.

    Raises:
        InputError: a code that the register doesn't know or that stands twice, a negative amount.
    """
    found: list[Problem] = []
    amounts: dict[str, int] = {}
    for code, amount, line in published.frame.select("code", "amount", "line").iter_rows():
        if code not in register.codes:
            what = Text(
                f"the code {code!r} is not in the register",
                f"コード {code!r} は団体一覧にありません",
            )
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
        found.append(Problem(published.where(line), what, mend))
    raise_all(found)
    return amounts


def _find(table: TextTable, candidates: tuple[str, ...]) -> str | None:
    """Return the column that bears one of the names, with or without (円) behind it.

    Of stacked headings the lowest counts, where it is the only such one: 令和5年度/金額.
    """
    plain = {_UNIT.sub("", name): name for name in reversed(table.columns)}
    whole = next((plain[name] for name in candidates if name in plain), None)
    lowest = [name for label, name in plain.items() if label.rpartition("/")[2] in candidates]
    return lowest[0] if whole is None and len(lowest) == 1 else whole


def _apart(frame: pl.DataFrame, names: list[str]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows of 合計, and the others."""
    # Few cells end like a word for a total, and only those are looked at as a whole.
    named = pl.col([name for name in names if name != "code"] or names)
    ends = pl.any_horizontal(pl.col(names).str.ends_with(_SUM), named.is_in(_OTHER_TOTALS))
    likely = frame.select(ends).to_series()
    if not likely.any():
        return frame.clear(), frame
    words = pl.col(names).str.replace_all(r"\s", "")
    is_total = pl.any_horizontal(words.is_in(TOTAL_WORDS))
    return frame.filter(is_total), frame.filter(~is_total)


def _without_notes(
    totals: pl.DataFrame, rows: pl.DataFrame, register: Register
) -> tuple[pl.DataFrame, pl.DataFrame, tuple[Text, ...]]:
    """Leave out rows without an amount that are no payer's, and say how many.

    They are notes, headings between rows and on later pages, and totals without a figure. A payer
    without an amount stays, and is refused with its line.
    """
    mended, lines = Mended(), list[int]()
    coded = bool((rows["code"] != "").any())
    prefectures = {fold(name) for name in register.frame["prefecture"]}
    suspects = rows.filter((pl.col("amount") == "") | pl.col("amount").is_in(AMOUNT_NAMES))
    for code, prefecture, _, amount, line in suspects.iter_rows():
        if amount:
            is_note = code in CODE_WORDS or prefecture in PREFECTURE_WORDS
        elif not coded:
            is_note = fold(prefecture) not in prefectures
        elif register.official:
            is_note = not _CODE.fullmatch(bare(code))
        else:
            is_note = code not in register.codes
        if is_note:
            mended.leave_out("note")
            lines.append(line)
    for line in totals.filter(pl.col("amount") == "")["line"]:
        mended.leave_out("blank")
        lines.append(line)
    kept = ~pl.col("line").is_in(lines)
    return totals.filter(kept), rows.filter(kept), mended.texts()


def _codes(rows: pl.DataFrame, register: Register) -> pl.Series:
    """Return the codes with plain digits; in a list without any, those of the named prefectures."""
    codes = rows["code"]
    if (codes != "").any():
        # A register of one's own may have codes of any text: those mean what they are.
        return codes.str.normalize("NFKC") if register.official else codes
    prefectures = register.frame.filter(pl.col("kind") == PREFECTURE)
    by_name = prefectures.select("prefecture", pl.col("code").alias("named")).unique("prefecture")
    found = rows.join(by_name, on="prefecture", how="left", maintain_order="left")
    named = pl.when(pl.col("municipality") == "").then(pl.col("named")).fill_null("")
    return found.select(named.alias("code")).to_series()


def _amounts(table: TextTable, rows: pl.DataFrame, column: str) -> pl.Series:
    if (plain := _plain(rows["amount"])) is not None:
        return plain
    return pl.Series("amount", _read(table, rows, column, LARGEST), dtype=pl.Int64)


def _read(table: TextTable, rows: pl.DataFrame, column: str, most: int | None) -> list[int]:
    """Return amounts (yen) of either sign, none above `most`."""
    found: list[Problem] = []
    amounts: list[int] = []
    for text, line in rows.select("amount", "line").iter_rows():
        try:
            amount = parse_yen(text, table.where(line, column))
            amounts.append(amount if most is None else _within(amount, most, table, line, column))
        except InputError as error:
            found += error.problems
    raise_all(found)
    return amounts


def _plain(cells: pl.Series) -> pl.Series | None:
    """Return amounts that are written plainly, all of them; None where one isn't."""
    plain = cells.cast(pl.Int64, strict=False)
    if plain.null_count() or cells.str.starts_with("+").any():
        plain = cells.str.replace_all(",", "", literal=True).cast(pl.Int64, strict=False)
        plain = plain.set(~cells.str.contains(_WHOLE), None)
    if plain.null_count() or not plain.is_between(-LARGEST, LARGEST).all():
        return None
    return plain.alias("amount")


def _within(amount: int, most: int, table: TextTable, line: int, column: str) -> int:
    if abs(amount) > most:
        raise refuse(
            table.where(line, column),
            Text(
                f"{group(amount)} yen is more than {group(most)}",
                f"{group(amount)} 円は上限 {group(most)} 円を超えています",
            ),
            Text("correct the amount", "金額を直してください"),
        )
    return amount
