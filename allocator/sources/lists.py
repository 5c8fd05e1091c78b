"""Published lists: who was told to pay how much, as printed."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from allocator.domain.errors import InputError, Problem
from allocator.domain.organisations import PREFECTURE, Register
from allocator.domain.text import Text
from allocator.domain.yen import parse_yen
from allocator.sources.table import TextTable, raise_all, read_csv

CODE_NAMES: Final = ("code", "団体コード")
PREFECTURE_NAMES: Final = ("prefecture", "都道府県名", "都道府県")
MUNICIPALITY_NAMES: Final = ("municipality", "市区町村名", "市区町村")
AMOUNT_NAMES: Final = ("amount", "金額", "交付金", "負担金")
_TOTAL_WORDS: Final = ("合計", "総計", "計")


@dataclass(frozen=True)
class PublishedList:
    """A list as printed. `frame` follows `schemas.LISTED`, in the order of the file.

    Codes are digits as written (full-width ones made plain), not checked: a wrong code is a
    finding for the audit. `declared_total` (yen) is the list's own 合計, where it has one.
    """

    file: Path
    frame: pl.DataFrame
    declared_total: int | None = None
    title: str = ""

    def where(self, line: int) -> str:
        """Return a row's place in the file."""
        return f"{self.file}: line {line}"


def read_list(file: Path, register: Register) -> PublishedList:
    """Read a list from a CSV file.

    Columns: code (or 団体コード; a prefecture list may have 都道府県名 alone) and amount (or 金額,
    交付金); prefecture and municipality names where there are any. A row of 合計 is the list's
    declared total.

    Raises:
        InputError: no such file, no such columns, amounts that are no whole yen.
    """
    table = read_csv(file)
    amount = table.column(AMOUNT_NAMES)
    names = (CODE_NAMES, PREFECTURE_NAMES, MUNICIPALITY_NAMES)
    code, prefecture, municipality = (_first(table, candidates) for candidates in names)
    if code is None and prefecture is None:
        table.column(CODE_NAMES)
    empty = pl.lit("")
    frame = table.frame.select(
        (pl.col(code) if code else empty).alias("code"),
        (pl.col(prefecture) if prefecture else empty).alias("prefecture"),
        (pl.col(municipality) if municipality else empty).alias("municipality"),
        pl.col(amount).alias("amount"),
        pl.col("line"),
    )
    is_total = pl.any_horizontal(pl.col("code", "prefecture", "municipality").is_in(_TOTAL_WORDS))
    totals = frame.filter(is_total)
    rows = frame.filter(~is_total)
    rows = rows.with_columns(_codes(rows, register), _amounts(table, rows, amount))
    declared = _amounts(table, totals, amount)
    return PublishedList(file, rows, declared[0] if len(declared) else None)


def amounts_by_code(published: PublishedList, register: Register) -> dict[str, int]:
    """Return a list's amounts (yen) by code, for computing with it.

    Raises:
        InputError: a code that the register doesn't know, or one that stands twice.
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


def _first(table: TextTable, candidates: tuple[str, ...]) -> str | None:
    return next((name for name in candidates if name in table.columns), None)


def _codes(rows: pl.DataFrame, register: Register) -> pl.Series:
    """Return the codes with plain digits; where there is none, that of the named prefecture."""
    if (rows["code"] != "").all():
        return pl.Series(
            "code", [unicodedata.normalize("NFKC", code) for code in rows["code"]], dtype=pl.String
        )
    prefectures = register.frame.filter(pl.col("kind") == PREFECTURE)
    by_name = dict(prefectures.select("prefecture", "code").iter_rows())
    codes = [
        unicodedata.normalize("NFKC", code) or ("" if municipality else by_name.get(name, ""))
        for code, name, municipality in rows.select(
            "code", "prefecture", "municipality"
        ).iter_rows()
    ]
    return pl.Series("code", codes, dtype=pl.String)


def _amounts(table: TextTable, rows: pl.DataFrame, column: str) -> pl.Series:
    plain = rows["amount"].str.replace_all(",", "", literal=True).cast(pl.Int64, strict=False)
    if plain.null_count() == 0:
        return plain.alias("amount")
    found: list[Problem] = []
    amounts: list[int] = []
    for text, line in rows.select("amount", "line").iter_rows():
        try:
            amounts.append(parse_yen(text, table.where(line, column)))
        except InputError as error:
            found += error.problems
    raise_all(found)
    return pl.Series("amount", amounts, dtype=pl.Int64)
