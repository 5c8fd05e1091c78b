"""The tool's own outputs read back as lists: allocation.xlsx, allocation.csv, and their like.

A table with a column for the programme is one list a programme, whoever wrote it.
"""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl

from allocator.domain.errors import InputError, Problem, refuse
from allocator.domain.names import TOTAL_WORDS
from allocator.domain.organisations import Register
from allocator.domain.text import Text
from allocator.domain.years import FiscalYear
from allocator.domain.yen import group, parse_yen
from allocator.sources.cells import ranges
from allocator.sources.grid import CODE_WORDS, MUNICIPALITY_WORDS, PREFECTURE_WORDS, folded
from allocator.sources.lists import AMOUNT_NAMES, PublishedList, list_in
from allocator.sources.own_workbook import lists_of_workbook
from allocator.sources.sniff import FileKind, sniff
from allocator.sources.table import TextTable, raise_all, read_table

PROGRAMME_WORDS: Final = ("programme", "事業", "事業名")
YEAR_WORDS: Final = ("fiscal_year", "年度", "会計年度")

_LABEL: Final = "label"
_NOTIONAL: Final = "参考"
_HEAD: Final = 8_192
_TEXTS: Final = 2_000_000
"""Bytes that are looked at for a column of programmes: the first of a text, of a sheet's texts."""

_WORDS: Final = frozenset(PROGRAMME_WORDS)
_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9_-]+")
_LONGEST_HEADING: Final = 20
_UNIT: Final = re.compile(r"\(円\)$")
_FIRST_YEAR, _LAST_YEAR = 1926, 9999
_MOST_SHEETS: Final = 100
_BETWEEN: Final = re.compile(r'[,\t\r\n"<>]+')


def own_lists(file: Path, register: Register) -> list[PublishedList] | None:
    """Return the lists of one of our own outputs, or of a table by programme; None: it is neither.

    Raises:
        InputError: it is one, but a row cannot be read; or it is breakdown.csv, which is no list.
    """
    kind = sniff(file)
    found = lists_of_workbook(file, kind) if kind in ("xlsx", "xls") else None
    if found is not None or not _may_name_programmes(file, kind):
        return found
    try:
        table = read_table(file)
    except InputError:
        return None  # No single table: whatever it is, others read it or say what is wrong.
    programme = _column(table, PROGRAMME_WORDS)
    whose = _column(table, (*CODE_WORDS, *PREFECTURE_WORDS))
    if programme is None or whose is None or not _amount_columns(table):
        return None
    return _by_programme(table, programme, register)


def _by_programme(table: TextTable, column: str, register: Register) -> list[PublishedList]:
    """Return the lists of a table, one for each year and programme, in the order of their rows.

    Raises:
        InputError: notional figures, rows that name no programme or no year, a total that is wrong.
    """
    _refuse_notional(table)
    rows, totals, remarks = _apart(table, column)
    year = _column(table, YEAR_WORDS)
    by = [column] if year is None else [year, column]
    lists: list[PublishedList] = []
    for key, part in rows.group_by(by, maintain_order=True):
        *years, name = map(str, key)
        of_year = _year(table, year or "", years[0], part["line"][0]) if years else None
        title = of_year.japanese if of_year else ""
        if not _IDENTIFIER.fullmatch(name):
            title += name  # told by its words, as those of a title are
        one = list_in(replace(table, frame=part), register)
        lists.append(
            replace(
                one,
                programme=name,
                title=title,
                heading_year=of_year,
                remarks=(*one.remarks, *remarks),
            )
        )
        remarks = ()
    _refuse_wrong_totals(table, totals, lists)
    return lists


def _apart(table: TextTable, column: str) -> tuple[pl.DataFrame, pl.DataFrame, tuple[Text, ...]]:
    """Return the rows of programmes, those that are a total of all, and what was left out.

    Raises:
        InputError: a row with a name or a figure that names no programme, or no rows at all.
    """
    words = (*CODE_WORDS, *PREFECTURE_WORDS, *MUNICIPALITY_WORDS)
    names = [name for name in table.columns if name in words]
    cells = [*names, *_amount_columns(table)]
    is_blank = pl.all_horizontal(pl.col(cells) == "")
    left_out = table.frame.filter(is_blank)["line"].to_list()
    frame = table.frame.filter(~is_blank)
    without = pl.col(column) == ""
    named_total = pl.any_horizontal(pl.col(names).str.replace_all(r"\s", "").is_in(TOTAL_WORDS))
    is_total = pl.col(column).str.replace_all(r"\s", "").is_in(TOTAL_WORDS) | (
        without & named_total
    )
    raise_all(
        [
            Problem(
                table.where(line, column),
                Text("no programme", "事業が書かれていません"),
                Text("write it in every row", "すべての行に事業を書いてください"),
            )
            for line in frame.filter(without & ~is_total)["line"]
        ]
    )
    rows = frame.filter(~is_total)
    if rows.is_empty():
        raise refuse(
            str(table.file),
            Text("a total and no rows", "合計だけで行がありません"),
            Text("give a table with rows", "行のある表を指定してください"),
        )
    lines = ranges(left_out)
    note = Text(
        f"{len(left_out)} rows without organisation and amount left out (lines {lines})",
        f"団体も金額もない行を除外 {len(left_out)} 件({lines} 行目)",
    )
    return rows, frame.filter(is_total), (note,) if left_out else ()


def _year(table: TextTable, column: str, text: str, line: int) -> FiscalYear:
    year = FiscalYear.parse(text, table.where(line, column))
    if not _FIRST_YEAR <= year.year <= _LAST_YEAR:
        raise refuse(
            table.where(line, column),
            Text(f"{text!r} is no fiscal year", f"{text!r} は年度として読めません"),
            Text("write 2023 or 令和5年度", "2023、令和5年度 のように書いてください"),
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
            Text(
                "give allocation.csv or allocation.xlsx of the same folder",
                "同じフォルダーの allocation.csv か allocation.xlsx を指定してください",
            ),
        )


def _refuse_wrong_totals(
    table: TextTable, totals: pl.DataFrame, lists: Sequence[PublishedList]
) -> None:
    """Refuse a total over all programmes that isn't theirs: a row is wrong, or one is missing."""
    if totals.is_empty():
        return
    column = _amount_columns(table)[0]
    added = sum(sum(each.frame["amount"].to_list()) for each in lists)
    found: list[Problem] = []
    for line, text in totals.select("line", column).iter_rows():
        total = parse_yen(text, table.where(line, column))
        if total != added:
            what = Text(
                f"the total is {group(total)}, the rows of all programmes add up to {group(added)}",
                f"合計は {group(total)} ですが、全事業の各行の計は {group(added)} です",
            )
            mend = Text("correct the row that is wrong", "誤っている行を直してください")
            found.append(Problem(table.where(line, column), what, mend))
    raise_all(found)


def _amount_columns(table: TextTable) -> list[str]:
    plain = {name: _UNIT.sub("", name).rpartition("/")[2] for name in table.columns}
    return [name for name, word in plain.items() if word in AMOUNT_NAMES]


def _column(table: TextTable, words: Sequence[str]) -> str | None:
    return next((name for name in words if name in table.columns), None)


# -- whether a file is worth a closer look ---------------------------------------------------------


def _may_name_programmes(file: Path, kind: FileKind) -> bool:
    """Tell by a quick look at a file whether a heading of it may be that of programmes."""
    try:
        if kind == "parquet":
            return not _WORDS.isdisjoint(map(folded, pl.read_parquet_schema(file)))
        if kind == "xlsx":
            return any(map(_says_so, _texts_of(file)))
        with file.open("rb") as opened:
            if kind == "text":
                return _says_so(opened.read(_HEAD))
            content = opened.read()
            encodings = ("latin-1", "utf-16-le")
            return any(
                word.encode(encoding) in content
                for word in PROGRAMME_WORDS
                for encoding in encodings
                if word.isascii() or encoding != "latin-1"
            )
    except (OSError, ValueError, RuntimeError, EOFError, pl.exceptions.PolarsError):
        return False  # NotImplementedError is a RuntimeError: what zipfile doesn't unpack
    except (zipfile.BadZipFile, zlib.error, lzma.LZMAError):
        return False


def _texts_of(file: Path) -> Iterator[bytes]:
    with zipfile.ZipFile(file) as archive:
        texts = [part for part in archive.namelist() if part.endswith("sharedStrings.xml")]
        sheets = [part for part in archive.namelist() if "/worksheets/sheet" in part]
        for part in (*texts[:1], *sheets[:_MOST_SHEETS]):
            with archive.open(part) as opened:
                yield opened.read(_TEXTS if part in texts else _HEAD)


def _says_so(content: bytes) -> bool:
    encodings = ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else []
    for encoding in encodings or ("utf-8-sig", "cp932"):
        words = _BETWEEN.split(content.decode(encoding, errors="ignore"))
        if not _WORDS.isdisjoint(folded(word) for word in words if len(word) < _LONGEST_HEADING):
            return True
    return False
