"""Any file that a user could hand over: sound ones, spoilt in every way that we could think of."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date
from functools import cache
from typing import Any, Final, Literal

import polars as pl
import xlsxwriter
import xlwt
from hypothesis import strategies as st

from allocator.sources.bundled import DATA
from tests.documents.hostile import small_documents
from tests.sources.hostile import ENCRYPTED

Rows = list[list[Any]]

_WORDS: Final = (
    "- △1 ▲ *** ０１００６ 10006 010006 01000 131016 130001 合計 総計 団体コード code 都道府県名 "
    "市区町村名 人口 population amount 金額 交付金 kind line value 計 北海道 東京都 千代田区 1,000 "
    "1,00 １２３人 12千円 1.0 1e9 =1+1 令和5年1月1日 2022-01-01 令和99年13月40日 平成31年 参考資料5"
    " residents jpki 2023 令和5年度"
).split()

CELLS: Final = st.one_of(
    st.sampled_from([*_WORDS, "", "\n", '"', "\x0b", "9" * 30]),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.booleans(),
    st.dates(),
    st.text(max_size=8),
)
"""What a cell may hold, figures among it that no column can."""

HEADERS: Final = st.sampled_from(
    [
        ["code", "population"],
        ["code", "prefecture", "municipality", "population"],
        ["code", "prefecture", "municipality", "amount"],
        ["団体コード", "都道府県名", "市区町村名", "人口"],
        ["都道府県名", "交付金"],
        ["都道府県名", "金額"],
        ["code", "prefecture", "municipality", "kind", "valid_from", "valid_to"],
        ["code", "line", "value", "code"],
        ["code"],
        ["fiscal_year", "programme", "code", "prefecture", "municipality", "amount"],
        ["事業", "都道府県名", "金額"],
        ["", "code", "", "amount", "amount"],
    ]
)

ENCODINGS: Final = st.sampled_from(
    ["utf-8", "utf-8", "utf-8-sig", "cp932", "utf-16", "utf-16-le", "latin-1", "utf-7"]
)


@st.composite
def tables(draw: st.DrawFn) -> Rows:
    """Draw a small table: often with a header that is known, and with rows of any cells."""
    header: list[Any] = list(draw(HEADERS))
    width = len(header)
    body = st.lists(CELLS, min_size=max(0, width - 1), max_size=width + 2)
    above = draw(st.lists(st.lists(CELLS, max_size=3), max_size=3))
    return [*above, header, *draw(st.lists(body, max_size=6))]


@st.composite
def csv_files(draw: st.DrawFn) -> bytes:
    """Draw a table as CSV, in any encoding and with any marks."""
    text = io.StringIO(newline="")
    quoting: Literal[0, 1] = csv.QUOTE_ALL if draw(st.booleans()) else csv.QUOTE_MINIMAL
    delimiter = draw(st.sampled_from([",", ",", ",", "\t", ";"]))
    csv.writer(text, delimiter=delimiter, quoting=quoting).writerows(draw(tables()))
    return text.getvalue().encode(draw(ENCODINGS), "replace")


@st.composite
def xlsx_files(draw: st.DrawFn) -> bytes:
    """Draw one or two tables as a workbook, cells typed, some of them merged or formulas."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "nan_inf_to_errors": True})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for _ in range(draw(st.integers(1, 2))):
        sheet = book.add_worksheet()
        for at, row in enumerate(draw(tables())):
            for place, cell in enumerate(row):
                if isinstance(cell, date):
                    sheet.write_number(at, place, cell.toordinal() - 693_594, day)
                elif isinstance(cell, bool):
                    sheet.write_boolean(at, place, cell)
                elif isinstance(cell, int | float):
                    sheet.write_number(at, place, cell)
                elif cell.startswith("="):
                    sheet.write_formula(at, place, cell, value="#N/A")
                elif cell:
                    sheet.write_string(at, place, cell)
        if draw(st.booleans()):
            sheet.merge_range(0, 5, 1, 8, "merged")
    book.close()
    return target.getvalue()


@st.composite
def xls_files(draw: st.DrawFn) -> bytes:
    """Draw a table as an old workbook."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("人口")
    for at, row in enumerate(draw(tables())):
        for place, cell in enumerate(row):
            if isinstance(cell, int) and abs(cell) > 2**53:
                sheet.write(at, place, float(cell))
            elif cell != "":
                sheet.write(at, place, cell)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


_COLUMNS: Final[list[pl.Series]] = [
    pl.Series([10006, 20001, 30007]),
    pl.Series(["010006", "020001", None]),
    pl.Series([b"010006", b"\xff", b""]),
    pl.Series([date(2022, 1, 1), None, date(1, 1, 1)]),
    pl.Series([[1], [2, 3], None]),
    pl.Series([{"a": 1}, {"a": None}, None]),
    pl.Series([1.5, float("nan"), float("inf")]),
    pl.Series([True, False, None]),
    pl.Series([None, None, None], dtype=pl.Null),
    pl.Series(["a", "b", "a"], dtype=pl.Categorical),
    pl.Series(["1.50", "2", None]).cast(pl.Decimal(10, 2)),
    pl.Series([10**30, -(10**30), 0], dtype=pl.Int128),
    pl.Series([1, 2, 3]).cast(pl.Duration("us")),
    pl.Series([2**64 - 1, 0, None], dtype=pl.UInt64),
]


@st.composite
def parquet_files(draw: st.DrawFn) -> bytes:
    """Draw a Parquet table with columns of any kind."""
    names = dict.fromkeys(name for name in draw(HEADERS) if name)
    columns = [draw(st.sampled_from(_COLUMNS)).alias(name) for name in names]
    frame = pl.DataFrame(columns).head(draw(st.integers(0, 3)))
    target = io.BytesIO()
    frame.write_parquet(target)
    return target.getvalue()


@cache
def sound() -> dict[str, bytes]:
    """Return sound files of every kind, to spoil."""
    published = DATA / "published" / "2023"
    bundled = [
        published / "residents.csv",
        published / "intermediate_server.csv",
        DATA / "population" / "resident_register_2022-01-01.csv",
        DATA / "organisations.csv",
        ENCRYPTED,
    ]
    found = {file.name: file.read_bytes() for file in bundled} | small_documents()
    lines = list(csv.reader(found["residents.csv"].decode().splitlines()))
    book = xlwt.Workbook()
    sheet = book.add_sheet("一覧")
    for at, row in enumerate(lines):
        for place, cell in enumerate(row):
            sheet.write(at, place, cell)
    old, table = io.BytesIO(), io.BytesIO()
    book.save(old)
    pl.read_csv(bundled[0]).write_parquet(table)
    return found | {"residents.xls": old.getvalue(), "residents.parquet": table.getvalue()}


_PIECES: Final = (
    ", < > △ - 合計 年度 円 一覧 内容 科目 10006 1e400 PAR1 /FlateDecode stream endobj \ufeff \x00"
).split(" ")

NEW_BYTES: Final = st.one_of(
    st.binary(max_size=6),
    st.sampled_from([*_PIECES, "\t", "\n", "\r", '"', "9" * 30]).map(str.encode),
)
"""What is put in place of other bytes."""


@st.composite
def spoilt_files(draw: st.DrawFn) -> bytes:
    """Draw a sound file with bytes put in place of others, cut off, or in another encoding."""
    name = draw(st.sampled_from(sorted(sound())))
    content = sound()[name]
    if name.endswith((".csv", ".txt")) and draw(st.booleans()):
        content = content.decode("utf-8-sig").encode(draw(ENCODINGS), "replace")
    if name.endswith(".xlsx") and name != ENCRYPTED.name and draw(st.booleans()):
        return _with_spoilt_part(draw, content)
    if draw(st.integers(0, 7)) == 0:
        content = content[: int(draw(st.floats(0, 1)) * len(content))]
    return _spoilt(draw, content)


def _spoilt(draw: st.DrawFn, content: bytes) -> bytes:
    for _ in range(draw(st.integers(0, 5))):
        at = int(draw(st.floats(0, 1, exclude_max=True)) * len(content))
        content = content[:at] + draw(NEW_BYTES) + content[at + draw(st.integers(0, 60)) :]
    return content


def _with_spoilt_part(draw: st.DrawFn, content: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(target, "w") as changed:
        chosen = draw(st.sampled_from(archive.namelist()))
        for name in archive.namelist():
            part = archive.read(name)
            changed.writestr(name, _spoilt(draw, part) if name == chosen else part)
    return target.getvalue()


FILES: Final = st.one_of(
    csv_files(),
    csv_files(),
    spoilt_files(),
    spoilt_files(),
    xlsx_files(),
    xls_files(),
    parquet_files(),
    st.binary(max_size=200),
    st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")),
)
"""Any content of a file."""
