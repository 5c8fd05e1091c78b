"""Files that are not what they seem, made small for the tests and large for the benchmarks."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

import openpyxl
import polars as pl
import xlwt

from allocator.sources.reading.workbook.compound import packed, streams

ENCRYPTED: Final = Path(__file__).parents[1] / "fixtures" / "encrypted.xlsx"
_SHEETS: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def html_named_xlsx(folder: Path) -> Path:
    """An error page of a web server, saved under the name of the download."""
    path = folder / "population_2022-01-01.xlsx"
    path.write_bytes(b"\xef\xbb\xbf\r\n<!DOCTYPE html><html><body>404 Not Found</body></html>")
    return path


def truncated_xlsx(folder: Path) -> Path:
    """A workbook whose download broke off."""
    path = folder / "population_2022-01-01.xlsx"
    path.write_bytes(_workbook()[:-900])
    return path


def zip_without_workbook(folder: Path) -> Path:
    """A zip archive of something else."""
    path = folder / "population_2022-01-01.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "no workbook")
    return path


def broken_inside(folder: Path) -> Path:
    """A zip archive with the parts of a workbook that hold rubbish."""
    path = folder / "population_2022-01-01.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<rubbish")
        archive.writestr("xl/workbook.xml", "<workbook")
    return path


def zip_bomb(folder: Path) -> Path:
    """A small workbook that unpacks to more than the limit of 400 million bytes."""
    path = folder / "population_2022-01-01.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _ in range(410):
                sheet.write(b" " * 1_000_000)
    return path


def cell_far_out(folder: Path) -> Path:
    """A small workbook with one cell in the last corner of a sheet."""
    path = folder / "population_2022-01-01.xlsx"
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["A1"] = "団体コード"
    sheet["XFD1048576"] = 1
    book.save(path)
    return path


def cells_without_place(folder: Path) -> Path:
    """A small workbook of very many rows, none of whose cells says where it is."""
    return _sheets_of(folder, b"<row><c><v>1</v></c></row>", 12_000_000)


def rows_without_cells(folder: Path) -> Path:
    """A small workbook of very many empty rows."""
    return _sheets_of(folder, b"<row/>", 60_000_000)


def many_attributes(folder: Path) -> Path:
    """A small workbook whose cells have a hundred attributes each."""
    attributes = b" ".join(b'a%d=""' % number for number in range(100))
    return _sheets_of(folder, b"<c " + attributes + b"/>", 400_000)


def many_full_sheets(folder: Path) -> Path:
    """A small workbook of many sheets, each of a size that would do alone."""
    return _sheets_of(folder, b"<row><c><v>1</v></c></row>", 300_000, sheets=40)


def encrypted_xlsx(folder: Path) -> Path:
    """A workbook under a password."""
    path = folder / "population_2022-01-01.xlsx"
    path.write_bytes(ENCRYPTED.read_bytes())
    return path


def xls_encrypted(folder: Path) -> Path:
    """An old workbook under a password: what comes after the record that says so is noise."""
    book = _old_book()
    first = 4 + int.from_bytes(book[2:4], "little")
    under = struct.pack("<HHHHH", 0x002F, 54, 1, 1, 1) + Random(1).randbytes(48)
    return _old(folder, book[:first] + under + Random(2).randbytes(len(book)))


def xls_cell_far_out(folder: Path) -> Path:
    """A small old workbook with one cell in the last corner of a sheet."""
    path = folder / "population_2022-01-01.xls"
    book = xlwt.Workbook()
    sheet = book.add_sheet("人口")
    sheet.write(0, 0, "団体コード")
    sheet.write(65_535, 255, 1)
    book.save(str(path))
    return path


def xls_cell_beyond(folder: Path) -> Path:
    """An old workbook with a cell in a column that no sheet has."""
    book, at = _old_record(0x027E)
    return _old(folder, book[:at] + b"\xff\xff\xff\xff" + book[at + 4 :])


def xls_that_says_it_is_huge(folder: Path) -> Path:
    """A small old workbook that says of itself that it is very large."""
    book, at = _old_record(0x0200)
    size = struct.pack("<LLHH", 0, 0xFFFFFFFF, 0, 0xFFFF)
    return _old(folder, book[:at] + size + book[at + len(size) :])


def xls_of_too_many_texts(folder: Path) -> Path:
    """An old workbook that says it holds more texts than there is room for."""
    book, at = _old_record(0x00FC)
    return _old(folder, book[: at + 4] + b"\xff\xff\xff\x7f" + book[at + 8 :])


def xls_without_end(folder: Path) -> Path:
    """An old workbook whose parts lead to one another in a circle."""
    path = xls_cell_beyond(folder)
    content = bytearray(path.read_bytes())
    content[4096:8192] = b"\x00" * 4096
    path.write_bytes(content)
    return path


def parquet_that_grows(folder: Path) -> Path:
    """A small Parquet table of equal rows, very many of them."""
    path = folder / "population_2022-01-01.parquet"
    rows = pl.repeat("010006", 10_000_001, eager=True).alias("code")
    pl.DataFrame([rows]).write_parquet(path)
    return path


def not_really_xls(folder: Path) -> Path:
    """The first bytes of an old workbook and nothing sensible after them."""
    path = folder / "population_2022-01-01.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x07" * 4096)
    return path


def not_really_parquet(folder: Path) -> Path:
    """The first bytes of Parquet and nothing sensible after them."""
    path = folder / "population_2022-01-01.parquet"
    path.write_bytes(b"PAR1" + b"\x07" * 4096)
    return path


def binary_noise(folder: Path) -> Path:
    """Random bytes."""
    path = folder / "population_2022-01-01.csv"
    path.write_bytes(Random(1).randbytes(100_000))
    return path


def text_rubbish(folder: Path) -> Path:
    """Text that is no table."""
    path = folder / "population_2022-01-01.csv"
    path.write_text("いろはにほへと\n" * 1000, encoding="utf-8")
    return path


def uneven_rows(folder: Path) -> Path:
    """A header, and rows with more cells than it has."""
    path = folder / "population_2022-01-01.csv"
    path.write_text("code,population\n010006,1,2,3\n", encoding="utf-8")
    return path


def pdf(folder: Path) -> Path:
    """A document where a table is wanted."""
    path = folder / "population_2022-01-01.csv"
    path.write_bytes(b"%PDF-1.7\n%rubbish")
    return path


def symlink_loop(folder: Path) -> Path:
    """A link that leads to itself."""
    path = folder / "population_2022-01-01.csv"
    path.symlink_to(path)
    return path


def name_with_newlines(folder: Path) -> Path:
    """A name that would break lines, of a file that isn't there."""
    return folder / "popu\nlation_2022-01-01.csv"


def empty_file(folder: Path) -> Path:
    """Nothing but a byte-order mark."""
    path = folder / "population_2022-01-01.csv"
    path.write_bytes(b"\xef\xbb\xbf")
    return path


def large_rubbish(folder: Path, size: int = 120_000_000) -> Path:
    """A very large CSV of rubbish (sparse text lines)."""
    path = folder / "population_2022-01-01.csv"
    block = ("a,b,c,rubbish\n" * 80_000).encode()
    with path.open("wb") as file:
        written = 0
        while written < size:
            written += file.write(block)
    return path


HOSTILE: Final[dict[str, Callable[[Path], Path]]] = {
    maker.__name__: maker
    for maker in (
        html_named_xlsx,
        truncated_xlsx,
        zip_without_workbook,
        broken_inside,
        zip_bomb,
        cell_far_out,
        cells_without_place,
        rows_without_cells,
        many_attributes,
        many_full_sheets,
        encrypted_xlsx,
        xls_encrypted,
        xls_cell_far_out,
        xls_cell_beyond,
        xls_that_says_it_is_huge,
        xls_of_too_many_texts,
        xls_without_end,
        not_really_xls,
        not_really_parquet,
        parquet_that_grows,
        binary_noise,
        text_rubbish,
        uneven_rows,
        pdf,
        symlink_loop,
        name_with_newlines,
        empty_file,
        large_rubbish,
    )
}


def _sheets_of(folder: Path, row: bytes, rows: int, sheets: int = 1) -> Path:
    """Write a workbook whose sheets each repeat one row, packed fast."""
    path = folder / "population_2022-01-01.xlsx"
    block = row * 100_000
    with (
        zipfile.ZipFile(io.BytesIO(_workbook())) as plain,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
    ):
        for name in plain.namelist():
            if "sheet1" not in name:
                archive.writestr(name, plain.read(name))
        for number in range(1, sheets + 1):
            with archive.open(f"xl/worksheets/sheet{number}.xml", "w") as sheet:
                sheet.write(f'<worksheet xmlns="{_SHEETS}"><sheetData>'.encode())
                for _ in range(rows // 100_000):
                    sheet.write(block)
                sheet.write(b"</sheetData></worksheet>")
    return path


def _workbook() -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in range(200):
        sheet.append([f"{row:06}", row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def _old_book() -> bytes:
    """Return the stream of records of a small old workbook."""
    book = xlwt.Workbook()
    sheet = book.add_sheet("人口")
    for row in range(20):
        sheet.write(row, 0, f"{row:06}")
        sheet.write(row, 1, row)
    content = io.BytesIO()
    book.save(content)
    return streams(content.getvalue())["Workbook"]


def _old_record(wanted: int) -> tuple[bytes, int]:
    """Return an old workbook and where in it the content of its first record of a kind begins."""
    book, at = _old_book(), 0
    while True:
        kind, size = struct.unpack_from("<HH", book, at)
        if kind == wanted:
            return book, at + 4
        at += 4 + size


def _old(folder: Path, book: bytes) -> Path:
    path = folder / "population_2022-01-01.xls"
    path.write_bytes(packed("Workbook", book))
    return path
