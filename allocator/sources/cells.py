"""Cells as offices write them, read as codes and whole numbers; everything mended is listed."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

import polars as pl

from allocator.domain.codes import LENGTH, bare, check_digit, is_valid, parse_code, readings
from allocator.domain.errors import InputError, Problem
from allocator.domain.names import fold, is_total, spellings
from allocator.domain.organisations import Register
from allocator.domain.outsiders import outsider
from allocator.domain.text import Text
from allocator.domain.yen import MINUS_SIGNS
from allocator.sources.grid import CODE_WORDS, MUNICIPALITY_WORDS, PREFECTURE_WORDS
from allocator.sources.table import TextTable, is_official, raise_all

_NATION: Final = re.compile(r"0{5,6}")
"""The code of 全国 in files of e-Stat."""

_BLANKS: Final = frozenset({"", "-", "－", "―", "*", "***", "…", "x", "X"})
_UNITS: Final = re.compile(r"(千円|円|人|世帯|枚|件|台)$")
_DIGITS: Final = r"([0-9]+|[0-9]{1,3}(,[0-9]{3})+)"
_MOST_DIGITS: Final = 15
_FLOAT: Final = r"^([0-9]{4,6})\.0+$"
_MEND: Final = Text("write a whole number, zero or more", "0以上の整数で書いてください")
_MEND_FORMULA: Final = Text(
    f"{_MEND.en}; if it is a formula there, calculate and save the workbook first",
    f"{_MEND.ja}(数式の場合は、表計算ソフトで計算して保存し直してください)",
)
_FAR_MORE: Final = 20
"""How many times the evidence one way of writing codes needs against the other."""


@dataclass
class Mended:
    """What was read otherwise than it was written, and which rows were left out."""

    remarks: dict[str, list[int]] = field(default_factory=dict)
    named: list[Text] = field(default_factory=list)
    left_out: dict[str, int] = field(default_factory=dict)

    def texts(self) -> tuple[Text, ...]:
        """Return everything that was mended, and how many rows were left out and why."""
        found = [_REMARKS[kind](ranges(lines), len(lines)) for kind, lines in self.remarks.items()]
        if self.left_out:
            parts = [(_LEFT_OUT[kind], count) for kind, count in self.left_out.items()]
            found.append(
                Text(
                    "rows left out: " + ", ".join(f"{count} {why.en}" for why, count in parts),
                    "除いた行: " + "、".join(f"{why.ja} {count}" for why, count in parts),
                )
            )
        return (*self.named, *found)

    def note(self, kind: str, line: int) -> None:
        """Note that a cell on `line` was mended."""
        self.remarks.setdefault(kind, []).append(line)

    def leave_out(self, kind: str) -> None:
        """Count a row that is no organisation."""
        self.left_out[kind] = self.left_out.get(kind, 0) + 1


_REMARKS: Final = {
    "code": lambda lines, count: Text(
        f"codes completed to six digits: {count} (lines {lines})",
        f"6桁に補った団体コード: {count} 件({lines} 行目)",
    ),
    "sign": lambda lines, count: Text(
        f"codes read without quotes and hyphens: {count} (lines {lines})",
        f"引用符・ハイフンを除いて読んだ団体コード: {count} 件({lines} 行目)",
    ),
    "number": lambda lines, count: Text(
        f"figures read without width, signs or units: {count} (lines {lines})",
        f"全角・記号・単位を整えて読んだ数値: {count} 件({lines} 行目)",
    ),
}

_LEFT_OUT: Final = {
    "total": Text("total rows", "合計行"),
    "ward": Text("wards of designated cities", "指定都市の区"),
    "subtotal": Text("county or island subtotals", "郡・島の小計"),
    "northern": Text("villages of the Northern Territories", "北方領土の村"),
    "note": Text("notes and headings", "注記・見出し"),
    "blank": Text("total rows without a figure", "数値のない合計行"),
    "other": Text("rows of others that are not in the register", "団体一覧にない行"),
}


def organisation_codes(table: TextTable, register: Register, mended: Mended) -> pl.DataFrame:
    """Return code and line of the rows that are organisations of the register.

    Codes may lack a leading zero or the check digit, be full-width or end in .0 as figures do; a
    missing one is resolved by prefecture and name where that is unambiguous. Wards, subtotals,
    totals and notes are left out.

    Raises:
        InputError: a code whose check digit is wrong or that can be read in two ways.
    """
    column = next((name for name in CODE_WORDS if name in table.columns), None)
    prefecture = next((name for name in PREFECTURE_WORDS if name in table.columns), None)
    municipality = next((name for name in MUNICIPALITY_WORDS if name in table.columns), None)
    empty = pl.lit("")
    keys = {each for each in (column, prefecture, municipality) if each}
    rest = [name for name in table.columns if name not in keys]
    has_figures = pl.any_horizontal(pl.col(rest) != "") if rest else pl.lit(value=True)
    rows = table.frame.select(
        (pl.col(column).str.normalize("NFKC").str.replace(_FLOAT, "$1") if column else empty).alias(
            "code"
        ),
        (pl.col(prefecture) if prefecture else empty).alias("prefecture"),
        (pl.col(municipality) if municipality else empty).alias("municipality"),
        pl.col("line"),
        has_figures.alias("has_figures"),
    )
    known = pl.Series(sorted(register.codes), dtype=pl.String)
    plain = rows.filter(is_official(pl.col("code")) & pl.col("code").is_in(known.implode()))
    others = rows.join(plain.select("line"), on="line", how="anti", maintain_order="left")
    if others.is_empty():
        return plain.select("code", "line")
    resolved = _others(table, others, register, mended, column or "code")
    return pl.concat([plain.select("code", "line"), resolved]).sort("line")


def _others(
    table: TextTable, rows: pl.DataFrame, register: Register, mended: Mended, column: str
) -> pl.DataFrame:
    by_name, read = _by_name(register), _reader(rows["code"], table, register, column)
    found: list[Problem] = []
    kept: list[tuple[str, int]] = []
    for cell, prefecture, municipality, line, has_figures in rows.iter_rows():
        written = bare(cell)
        if _NATION.fullmatch(written):
            mended.leave_out("total")
            continue
        if not re.fullmatch(r"[0-9]{4,6}", written):
            # A name alone is a heading between rows.
            code = _named(by_name, prefecture, municipality) if has_figures else ""
            if code and written in _BLANKS:
                kept.append((code, line))
                mended.named.append(_resolved(code, prefecture, municipality, line))
            elif is_total(written, prefecture, municipality):
                mended.leave_out("total")
            elif code:
                found.append(_unreadable(table.where(line, column), written, code))
            elif has_figures and written in _BLANKS and (prefecture or municipality):
                mended.leave_out(outsider("", prefecture, municipality, register).kind)
            else:
                mended.leave_out("note")
            continue
        try:
            code = read(written) or parse_code(written, table.where(line, column), register.codes)
        except InputError as error:
            found += error.problems
            continue
        if code not in register.codes:
            mended.leave_out(outsider(code, prefecture, municipality, register).kind)
            continue
        mended.note("code" if written == cell else "sign", line)
        kept.append((code, line))
    raise_all(found)
    return pl.DataFrame(kept, schema={"code": pl.String, "line": pl.Int64}, orient="row")


def _reader(
    cells: pl.Series, table: TextTable, register: Register, column: str
) -> Callable[[str], str]:
    """Return how digits are read that could lack either a zero or the check digit.

    A column is written in one way throughout: where other cells of it can only be read in one of
    the two ways, that way holds. Codes of wards and counties, which no register knows, now and then
    look like another's code read the other way; so a way holds if it has 20 times the evidence.
    Nothing is returned where neither has.
    """
    ways = Counter[bool]()
    whole = table.frame[column] if column in table.columns else cells
    for text in whole.str.normalize("NFKC").str.replace(_FLOAT, "$1"):
        if re.fullmatch(r"[0-9]{4,6}", text):
            codes = [code for code in readings(text) if code in register.codes]
            if len(codes) == 1:
                ways[_lacks_check(text, codes[0])] += 1
    lacks_check = ways[True] > _FAR_MORE * ways[False]
    lacks_zero = ways[False] > _FAR_MORE * ways[True]

    def read(text: str) -> str:
        if lacks_check and len(text) < LENGTH:
            number = text.zfill(LENGTH - 1)
            return number + check_digit(number)
        code = text.zfill(LENGTH)
        return code if lacks_zero and len(text) == LENGTH - 1 and is_valid(code) else ""

    return read


def _lacks_check(text: str, code: str) -> bool:
    """Tell whether `text` is `code` without its check digit."""
    return len(text) < len(code) and code[:-1].endswith(text)


def _by_name(register: Register) -> dict[tuple[str, str], str]:
    """Return the codes of names that only one organisation of today bears in its prefecture.

    Names that it bore before count as well, and all spellings of a name are one.
    """
    codes: dict[tuple[str, str], set[str]] = {}
    open_codes = register.frame.filter(pl.col("valid_to").is_null())["code"]
    today = register.frame.filter(pl.col("code").is_in(open_codes.implode()))
    for code, prefecture, county, municipality in today.select(
        "code", "prefecture", "county", "municipality"
    ).iter_rows():
        for name in {f"{county}{municipality}", municipality}:
            codes.setdefault((fold(prefecture), fold(name)), set()).add(code)
    return {name: next(iter(found)) for name, found in codes.items() if len(found) == 1}


def _named(by_name: Mapping[tuple[str, str], str], prefecture: str, municipality: str) -> str:
    """Return the code of a name, however it is spelt; empty where nobody or several bear it."""
    keys = ((fold(prefecture), name) for name in spellings(municipality))
    return next((code for key in keys if (code := by_name.get(key, ""))), "")


def _unreadable(where: str, written: str, code: str) -> Problem:
    return Problem(
        where,
        Text(
            f"{written!r} is no code; by its name the row is that of {code}",
            f"{written!r} は団体コードではありません(名称では {code} の行です)",
        ),
        Text("correct the code", "団体コードを直してください"),
    )


def _resolved(code: str, prefecture: str, municipality: str, line: int) -> Text:
    return Text(
        f"line {line}: no code; {prefecture} {municipality} is {code} by its name",
        f"{line} 行目: コードがないため、名称 {prefecture} {municipality} により {code} としました",
    )


def whole_numbers(table: TextTable, column: str, lines: pl.Series, mended: Mended) -> pl.Series:
    """Return the whole numbers, zero or more, of the rows on `lines`, as Int64.

    Separators, full-width digits and units (人, 千円 …) are read; what is empty, negative or a
    fraction is an `InputError`.
    """
    rows = lines.to_frame("line").join(table.frame, on="line", how="left", maintain_order="left")
    cells = rows[column]
    numbers = cells.str.replace_all(",", "", literal=True).cast(pl.Int64, strict=False)
    plain = (cells.str.contains(f"^{_DIGITS}$") & numbers.is_not_null()).to_list()
    if all(plain):
        return numbers.alias("value")
    found: list[Problem] = []
    values: list[int] = []
    for cell, number, line, fine in zip(cells, numbers, lines, plain, strict=True):
        value = number if fine else whole_number(cell)
        if isinstance(value, Text):
            mend = _MEND_FORMULA if not cell and table.sheet else _MEND
            found.append(Problem(table.where(line, column), value, mend))
            continue
        values.append(value)
        if not fine:
            mended.note("number", line)
    raise_all(found)
    return pl.Series("value", values, dtype=pl.Int64)


def whole_number(cell: str) -> int | Text:
    """Read one cell as a whole number, zero or more, or say what it is instead."""
    if cell in _BLANKS:
        return (
            Text(f"no figure here ({cell!r})", f"数値がありません({cell!r})")
            if cell
            else Text("the cell is empty", "セルが空です")
        )
    text = unicodedata.normalize("NFKC", cell).translate(MINUS_SIGNS).replace(" ", "")
    unit = _UNITS.search(text)
    factor = 1000 if unit and unit[1] == "千円" else 1
    figure = re.sub(r"(?<=[0-9])\.0+$", "", _UNITS.sub("", text))
    if re.fullmatch(_DIGITS, figure):
        digits = figure.replace(",", "")
        if len(digits) > _MOST_DIGITS:
            return Text(f"{cell} is more than 10^12", f"{cell} は10の12乗を超えています")
        return int(digits) * factor
    if re.fullmatch(rf"-{_DIGITS}(\.[0-9]+)?", figure):
        return Text(f"{cell} is negative", f"{cell} は負の値です")
    return Text(f"{cell!r} is not a whole number", f"{cell!r} は整数ではありません")


def ranges(lines: Iterable[int]) -> str:
    """Return line numbers shortened to ranges: 2-5, 9."""
    parts: list[list[int]] = []
    for line in sorted(lines):
        if parts and line == parts[-1][1] + 1:
            parts[-1][1] = line
        else:
            parts.append([line, line])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)
