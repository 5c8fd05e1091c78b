"""Reading a CSV file as text, each row knowing its line, every fault of the file said plainly."""

from __future__ import annotations

import codecs
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import polars as pl

from allocator.domain.codes import parse_code
from allocator.domain.errors import InputError, Problem, refuse
from allocator.domain.text import Text

MOST_PROBLEMS: Final = 20
"""How many faults of one file are said; the rest is counted."""

_LINE: Final = "line"


@dataclass(frozen=True)
class TextTable:
    """A table whose cells are all text (stripped, empty for null), with a column `line`."""

    file: Path
    frame: pl.DataFrame

    @property
    def columns(self) -> list[str]:
        """The names in the header."""
        return [name for name in self.frame.columns if name != _LINE]

    def where(self, line: int, column: str) -> str:
        """Return a place in the file, for a message."""
        return f"{self.file}: line {line}, column {column}"

    def column(self, names: Sequence[str]) -> str:
        """Return the first of `names` that the header has.

        Raises:
            InputError: it has none of them.
        """
        for name in names:
            if name in self.columns:
                return name
        found = ", ".join(self.columns)
        raise refuse(
            f"{self.file}: line 1",
            Text(
                f"no column {' or '.join(names)}; the header has: {found}",
                f"{' または '.join(names)} の列がありません(見出し: {found})",
            ),
            Text(f"name a column {names[0]}", f"{names[0]} という見出しの列を設けてください"),
        )


def read_bytes(file: Path) -> bytes:
    """Return the bytes of a file; a folder, a missing or an empty file is an `InputError`."""
    choose = Text("give a file that can be read", "読めるファイルを指定してください")
    if file.is_dir():
        raise refuse(
            str(file),
            Text("this is a folder, not a file", "ファイルではなくフォルダーです"),
            choose,
        )
    try:
        content = file.read_bytes()
    except FileNotFoundError:
        raise refuse(
            str(file), Text("the file is not there", "ファイルがありません"), choose
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refuse(
            str(file), Text(f"cannot be read: {reason}", f"読めません: {reason}"), choose
        ) from None
    if not content.strip(b"\xef\xbb\xbf \t\r\n"):
        raise refuse(str(file), Text("the file is empty", "ファイルが空です"), choose)
    return content


def decode(content: bytes, file: Path) -> str:
    """Decode text: UTF-16 where it has that mark, else UTF-8, else CP932."""
    encodings = ["utf-8-sig", "cp932"]
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refuse(
        str(file),
        Text("not text in UTF-8, UTF-16 or CP932", "UTF-8・UTF-16・CP932の文字として読めません"),
        Text("save it as CSV in UTF-8", "UTF-8のCSVで保存し直してください"),
    )


def read_csv(file: Path) -> TextTable:
    """Read a CSV file with a header line; blank lines are passed over.

    Raises:
        InputError: no such file, a folder, empty, not text, a header twice, rows of uneven length.
    """
    text = decode(read_bytes(file), file)
    mend = Text(
        "save it as plain CSV with one header line", "見出し1行の通常のCSVで保存してください"
    )
    if "\0" in text:
        raise refuse(str(file), Text("not a text file", "テキストファイルではありません"), mend)
    try:
        frame = pl.read_csv(
            io.BytesIO(text.encode("utf-8")),
            infer_schema=False,
            raise_if_empty=True,
        )
    except pl.exceptions.PolarsError as error:
        reason = str(error).partition("\n")[0]
        raise refuse(
            str(file), Text(f"not a table: {reason}", f"表として読めません: {reason}"), mend
        ) from None
    frame = frame.rename({name: name.strip() for name in frame.columns})
    text_cells = pl.all().fill_null("").str.strip_chars()
    frame = frame.with_columns(text_cells).with_row_index(_LINE, offset=2)
    filled = pl.any_horizontal(pl.exclude(_LINE) != "")
    frame = frame.filter(filled).with_columns(pl.col(_LINE).cast(pl.Int64))
    if frame.is_empty():
        raise refuse(str(file), Text("a header and no rows", "見出しだけで行がありません"), mend)
    return TextTable(file, frame)


def official_codes(table: TextTable, column: str, known: frozenset[str]) -> pl.Series:
    """Return a column of 団体コード as six digits; rows that are no codes are an `InputError`."""
    codes = table.frame[column]
    plain = codes.to_frame("code").select(is_official(pl.col("code"))).to_series()
    if plain.all():
        return codes.alias("code")
    parsed: list[str] = []
    found: list[Problem] = []
    rows = zip(codes, plain, table.frame[_LINE], strict=True)
    for code, as_is, line in rows:
        try:
            parsed.append(code if as_is else parse_code(code, table.where(line, column), known))
        except InputError as error:
            found += error.problems
    raise_all(found)
    return pl.Series("code", parsed, dtype=pl.String)


def is_official(code: pl.Expr) -> pl.Expr:
    """Tell for a column of text which cells are six digits with a right check digit."""
    digits = [code.str.slice(place, 1).cast(pl.Int64, strict=False) for place in range(6)]
    weighted = pl.sum_horizontal(
        *(weight * digit for weight, digit in zip((6, 5, 4, 3, 2), digits[:5], strict=True)),
        ignore_nulls=False,
    )
    right = (11 - weighted % 11) % 10 == digits[5]
    return (code.str.contains(r"^[0-9]{6}$") & right).fill_null(value=False)


def whole_numbers(table: TextTable, column: str) -> pl.Series:
    """Return a column of whole numbers, zero or more, as Int64; anything else is an `InputError`.

    Thousands separators are taken off.
    """
    cells = table.frame[column].str.replace_all(",", "", literal=True)
    numbers = cells.cast(pl.Int64, strict=False)
    good = (cells.str.contains(r"^[0-9]+$") & numbers.is_not_null()).to_list()
    found = [
        Problem(
            table.where(line, column),
            _not_a_whole_number(cell),
            Text("write a whole number, zero or more", "0以上の整数で書いてください"),
        )
        for cell, line, fine in zip(table.frame[column], table.frame[_LINE], good, strict=True)
        if not fine
    ]
    raise_all(found)
    return numbers.alias("value")


def _not_a_whole_number(cell: str) -> Text:
    if not cell:
        return Text("the cell is empty", "セルが空です")
    if cell.startswith("-") and cell[1:].replace(",", "").isdecimal():
        return Text(f"{cell} is negative", f"{cell} は負の値です")
    return Text(f"{cell!r} is not a whole number", f"{cell!r} は整数ではありません")


def refuse_duplicates(table: TextTable, codes: pl.Series, column: str) -> None:
    """Raise an `InputError` that names every code standing on more than one line."""
    if codes.n_unique() == len(codes):
        return
    lines = (
        pl.DataFrame({"code": codes, "line": table.frame[_LINE]})
        .group_by("code", maintain_order=True)
        .agg("line")
        .filter(pl.col("line").list.len() > 1)
    )
    raise_all(
        [
            Problem(
                table.where(stands[1], column),
                Text(
                    f"the code {code} stands on lines {', '.join(map(str, stands))}",
                    f"団体コード {code} が {'、'.join(map(str, stands))} 行目に重複しています",
                ),
                Text("keep one of the rows", "1行だけ残してください"),
            )
            for code, stands in lines.iter_rows()
        ]
    )


def raise_all(found: list[Problem]) -> None:
    """Raise the problems of one file together, counting those beyond `MOST_PROBLEMS`."""
    if not found:
        return
    more = len(found) - MOST_PROBLEMS
    if more > 0:
        found = found[:MOST_PROBLEMS]
        last = found[-1]
        found[-1] = Problem(
            last.where,
            Text(f"{last.what.en} (and {more} more such rows)", f"{last.what.ja}(ほか{more}件)"),
            last.mend,
        )
    raise InputError(found)
