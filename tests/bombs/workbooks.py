"""Workbooks (.xlsx) that are small as files and large as tables, or lie about themselves."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from tests.bombs.workbook_pieces import (
    BLOCK,
    END,
    HEAD,
    MAIN,
    ROW,
    book,
    cells_of,
    link,
    shared,
    sheet_begin,
    sheet_part,
)


def one_long_text(folder: Path) -> Path:
    """One text of 30,000 characters in 200,000 cells."""
    return shared(folder, b"<si><t>" + b"x" * 30_000 + b"</t></si>", 200_000)


def one_text_of_5_million(folder: Path) -> Path:
    """One text of five million characters in 200 cells."""
    return shared(folder, b"<si><t>" + b"x" * 5_000_000 + b"</t></si>", 200)


def one_text_in_many_pieces(folder: Path) -> Path:
    """One text of two million formatted pieces."""
    pieces = b"<r><t>x</t></r>" * 2_000_000
    return shared(folder, b"<si>" + pieces + b"</si>", 200)


def long_text_in_itself(folder: Path) -> Path:
    """An inline text of ninety million characters."""
    row = b'<row><c t="inlineStr"><is><t>' + b"x" * 90_000_000 + b"</t></is></c></row>"
    return book(folder, {sheet_part(1): cells_of(HEAD + row)})


def empty_texts(folder: Path) -> Path:
    """Sixty million empty shared texts."""
    return shared(folder, b"<si/>" * BLOCK, 1, times=600)


def texts_that_nobody_names(folder: Path) -> Path:
    """Three million short shared texts."""
    return shared(folder, b"<si><t>x</t></si>" * BLOCK, 1, times=30)


def names_of_one_sheet(folder: Path) -> Path:
    """Two thousand sheets that are all the same part, of 3,000 rows."""
    sheets = "".join(f'<sheet name="s{at}" sheetId="{at}" r:id="rId1"/>' for at in range(1, 2001))
    return book(folder, {sheet_part(1): cells_of(HEAD + ROW * 3000)}, sheets=sheets)


def links_to_one_sheet(folder: Path) -> Path:
    """The same, each sheet by a link of its own."""
    sheets = "".join(
        f'<sheet name="s{at}" sheetId="{at}" r:id="rId{at}"/>' for at in range(1, 2001)
    )
    links = "".join(link(f"rId{at}", "worksheet", "worksheets/sheet1.xml") for at in range(1, 2001))
    return book(folder, {sheet_part(1): cells_of(HEAD + ROW * 3000)}, sheets=sheets, links=links)


def many_sheets(folder: Path) -> Path:
    """A hundred thousand names of a small sheet."""
    sheets = "".join(
        f'<sheet name="s{at}" sheetId="{at}" r:id="rId1"/>' for at in range(1, 100_001)
    )
    return book(folder, {sheet_part(1): cells_of(HEAD + ROW)}, sheets=sheets)


def a_long_sheet_name(folder: Path) -> Path:
    """A sheet with a name of five million characters, and another."""
    sheets = f'<sheet name="{"金" * 5_000_000}" sheetId="1" r:id="rId1"/>'
    sheets += '<sheet name="b" sheetId="2" r:id="rId1"/>'
    return book(folder, {sheet_part(1): cells_of(HEAD + ROW)}, sheets=sheets)


def many_parts(folder: Path) -> Path:
    """Three hundred thousand empty parts."""
    return book(folder, {sheet_part(1): cells_of(HEAD + ROW)}, empty=300_000)


def fewer_parts(folder: Path) -> Path:
    """Fifteen thousand empty parts."""
    return book(folder, {sheet_part(1): cells_of(HEAD + ROW)}, empty=15_000)


def parts_of_one_name(folder: Path) -> Path:
    """A thousand parts that all bear the name of the sheet."""
    path = book(folder, {sheet_part(1): cells_of(HEAD + ROW * 1000)})
    content = path.read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        sheet = archive.read(sheet_part(1))
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # that a name stands there already
        for _ in range(1000):
            archive.writestr(zipfile.ZipInfo(sheet_part(1)), sheet, zipfile.ZIP_DEFLATED)
    return path


def parts_that_overlap(folder: Path) -> Path:
    """Ten thousand entries of the directory that lead to one part of ten million bytes."""
    target = book(
        folder, {sheet_part(1): cells_of(HEAD + ROW), "xl/big.xml": (b"", b" " * 10**7, 1, b"")}
    )
    content = target.read_bytes()
    end = content.rindex(b"PK\5\6")
    size, at = struct.unpack_from("<LL", content, end + 12)
    entries = content[at : at + size]
    found = entries.rindex(b"PK\1\2")
    last = entries[found:]
    many = b"".join(last.replace(b"xl/big.xml", b"xl/%07d" % number) for number in range(10_000))
    total = struct.unpack_from("<H", content, end + 10)[0] + 10_000
    tail = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, total, total, size + len(many), at, 0)
    target.write_bytes(content[:at] + entries + many + tail)
    return target


def parts_that_say_they_are_small(folder: Path) -> Path:
    """A part of a billion blanks that says it has a hundred."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = b"".join([packer.compress(b" " * 10**6) for _ in range(1000)]) + packer.flush()
    target = book(folder, {sheet_part(1): cells_of(HEAD + ROW)})
    with zipfile.ZipFile(target, "a") as archive:
        archive.writestr("xl/big.xml", packed)
    content = bytearray(target.read_bytes())
    for mark, method, size in ((b"PK\3\4", 8, 22), (b"PK\1\2", 10, 24)):
        at = content.rindex(mark)
        struct.pack_into("<H", content, at + method, 8)
        struct.pack_into("<L", content, at + size, 100)
    target.write_bytes(content)
    return target


def blanks_to_the_limit(folder: Path) -> Path:
    """A sheet of 390 million blanks."""
    return book(folder, {sheet_part(1): (sheet_begin() + HEAD, b" " * 10**6, 390, END)})


def pictures_to_the_limit(folder: Path) -> Path:
    """Pictures that unpack to 390 million bytes, beside a table."""
    return book(
        folder,
        {sheet_part(1): cells_of(HEAD + ROW), "xl/media/a.png": (b"", b"\0" * 10**6, 390, b"")},
    )


def cells_to_the_limit(folder: Path) -> Path:
    """A table of three million cells."""
    return book(folder, {sheet_part(1): (sheet_begin() + HEAD, ROW * 1000, 1500, END)})


def figures_to_the_limit(folder: Path) -> Path:
    """Rows of a hundred figures, five million in all."""
    row = b"<row>" + b"<c><v>5</v></c>" * 100 + b"</row>"
    return book(folder, {sheet_part(1): (sheet_begin() + HEAD, row * 1000, 50, END)})


def empty_cells(folder: Path) -> Path:
    """Fifteen thousand rows of a hundred empty cells with formats."""
    row = b"<row>" + b'<c s="1"/>' * 100 + b"</row>"
    return book(folder, {sheet_part(1): (sheet_begin() + HEAD + ROW, row * 1000, 15, END)})


def rows_far_out(folder: Path) -> Path:
    """A cell in the last row of a sheet."""
    far = b'<row r="1048576"><c r="A1048576"><v>1</v></c></row>'
    return book(folder, {sheet_part(1): cells_of(HEAD + ROW + far)})


def cells_in_wide_rows(folder: Path) -> Path:
    """A table of 16,384 columns and 300 rows."""
    row = b"<row>" + b"<c><v>5</v></c>" * 16_384 + b"</row>"
    return book(folder, {sheet_part(1): (sheet_begin() + HEAD, row, 30, END)})


def a_size_that_lies(folder: Path) -> Path:
    """A sheet that says it reaches to the last cell there is."""
    begin = sheet_begin().replace(b"<sheetData>", b'<dimension ref="A1:XFD1048576"/><sheetData>')
    return book(folder, {sheet_part(1): (begin + HEAD, ROW, 1, END)})


def merged_ranges(folder: Path) -> Path:
    """Two million merged ranges."""
    merged = b'<mergeCell ref="A1:A9"/>' * BLOCK
    end = b"</sheetData><mergeCells>" + merged * 20 + b"</mergeCells></worksheet>"
    return book(folder, {sheet_part(1): (sheet_begin() + HEAD, ROW, 1, end)})


def merged_over_and_over(folder: Path) -> Path:
    """Twenty thousand merged ranges, each the whole column of prefectures of 20,000 rows."""
    head = HEAD.replace(b"code", "都道府県名".encode())
    merged = b'<mergeCell ref="A2:A20001"/>' * 20_000
    end = b"</sheetData><mergeCells>" + merged + b"</mergeCells></worksheet>"
    return book(folder, {sheet_part(1): (sheet_begin() + head, ROW * 1000, 20, end)})


def styles(folder: Path) -> Path:
    """Three million formats of cells."""
    xfs = b'<xf numFmtId="14"/>' * BLOCK
    begin = b'<styleSheet xmlns="%s"><cellXfs>' % MAIN.encode()
    part = (begin, xfs, 30, b"</cellXfs></styleSheet>")
    return book(folder, {sheet_part(1): cells_of(HEAD + ROW), "xl/styles.xml": part})


def defined_names(folder: Path) -> Path:
    """A million defined names."""
    names = "".join(
        f'<definedName name="n{at}">Sheet1!$A$1</definedName>' for at in range(1_000_000)
    )
    names = f"<definedNames>{names}</definedNames>"
    return book(folder, {sheet_part(1): cells_of(HEAD + ROW)}, more=names)


def comments(folder: Path) -> Path:
    """A million comments beside a table."""
    one = b'<comment ref="A1"><text><t>x</t></text></comment>'
    part = (b'<comments xmlns="%s">' % MAIN.encode(), one * 1000, 1000, b"</comments>")
    return book(folder, {sheet_part(1): cells_of(HEAD + ROW), "xl/comments1.xml": part})


def many_links(folder: Path) -> Path:
    """A million links to nothing."""
    links = link("rId1", "worksheet", "worksheets/sheet1.xml")
    links += "".join(link(f"x{at}", "image", "a") for at in range(1_000_000))
    return book(folder, {sheet_part(1): cells_of(HEAD + ROW)}, links=links)


def entities(folder: Path) -> Path:
    """Texts of texts of texts: a billion laughs among the shared ones."""
    lines = [b'<!ENTITY a0 "lol">']
    lines += [b'<!ENTITY a%d "%s">' % (at, b"&a%d;" % (at - 1) * 10) for at in range(1, 10)]
    begin = b"<!DOCTYPE sst [" + b"".join(lines) + b"]>"
    begin += b'<sst xmlns="%s"><si><t>&a9;</t></si>' % MAIN.encode()
    return book(
        folder,
        {
            sheet_part(1): cells_of(HEAD + b'<row><c t="s"><v>0</v></c><c><v>1</v></c></row>'),
            "xl/sharedStrings.xml": (begin, b"", 0, b"</sst>"),
        },
    )


def deep_down(folder: Path) -> Path:
    """A sheet of tags in tags, a million deep."""
    return book(folder, {sheet_part(1): (sheet_begin() + HEAD, b"<x>", 1_000_000, b"")})


def long_formulas(folder: Path) -> Path:
    """A thousand formulas of fifty thousand characters."""
    row = b"<row><c><f>" + b"1+" * 25_000 + b"1</f><v>1</v></c></row>"
    return book(folder, {sheet_part(1): (sheet_begin() + HEAD, row, 1000, END)})


def binary_xlsb(folder: Path) -> Path:
    """A workbook of the binary format."""
    path = folder / "population_2022-01-01.xlsb"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.bin", b"\x83\x01\x00")
        archive.writestr("xl/worksheets/sheet1.bin", b"\x81\x01\x00" * 10_000_000)
    return path


def open_document(folder: Path) -> Path:
    """A workbook of OpenDocument: one row a million times, in one line."""
    path = folder / "population_2022-01-01.ods"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            "mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED
        )
        row = '<table:table-row table:number-rows-repeated="1048576"/>'
        archive.writestr("content.xml", f"<office:document-content>{row}</office:document-content>")
    return path


def headings_of_5_million(folder: Path) -> Path:
    """A heading of five million characters."""
    head = HEAD.replace(b"amount", b"x" * 5_000_000)
    return book(folder, {sheet_part(1): cells_of(head + ROW)})


def headings_to_the_limit(folder: Path) -> Path:
    """A hundred sheets with a heading of thirty thousand characters each."""
    head = HEAD.replace(b"amount", b"x" * 30_000)
    parts = {sheet_part(at): cells_of(head + ROW) for at in range(1, 101)}
    sheets = "".join(f'<sheet name="s{at}" sheetId="{at}" r:id="rId{at}"/>' for at in range(1, 101))
    links = "".join(
        link(f"rId{at}", "worksheet", f"worksheets/sheet{at}.xml") for at in range(1, 101)
    )
    return book(folder, parts, sheets=sheets, links=links)


WORKBOOKS: Final[dict[str, Callable[[Path], Path]]] = {
    f"xlsx_{maker.__name__}": maker
    for maker in (
        one_long_text,
        one_text_of_5_million,
        one_text_in_many_pieces,
        long_text_in_itself,
        empty_texts,
        texts_that_nobody_names,
        names_of_one_sheet,
        links_to_one_sheet,
        many_sheets,
        a_long_sheet_name,
        many_parts,
        fewer_parts,
        parts_of_one_name,
        parts_that_overlap,
        parts_that_say_they_are_small,
        blanks_to_the_limit,
        pictures_to_the_limit,
        cells_to_the_limit,
        figures_to_the_limit,
        empty_cells,
        rows_far_out,
        cells_in_wide_rows,
        a_size_that_lies,
        merged_ranges,
        merged_over_and_over,
        styles,
        defined_names,
        comments,
        many_links,
        entities,
        deep_down,
        long_formulas,
        binary_xlsb,
        open_document,
        headings_of_5_million,
        headings_to_the_limit,
    )
}
