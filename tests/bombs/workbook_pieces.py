"""Workbooks (.xlsx) written part by part."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final

NAME: Final = "population_2022-01-01.xlsx"
MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
LINKS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
BLOCK: Final = 100_000
HEAD: Final = (
    b'<row><c t="inlineStr"><is><t>code</t></is></c>'
    b'<c t="inlineStr"><is><t>amount</t></is></c></row>'
)
ROW: Final = b'<row><c t="inlineStr"><is><t>010006</t></is></c><c><v>5</v></c></row>'

Part = tuple[bytes, bytes, int, bytes]
"""A part: its beginning, a block, how often that is there, its end."""


END: Final = b"</sheetData></worksheet>"


def sheet_begin() -> bytes:
    return b'<worksheet xmlns="%s"><sheetData>' % MAIN.encode()


def cells_of(rows: bytes) -> Part:
    return (sheet_begin(), rows, 1, END)


def sheet_part(number: int) -> str:
    return f"xl/worksheets/sheet{number}.xml"


def link(name: str, kind: str, target: str) -> str:
    return f'<Relationship Id="{name}" Type="{LINKS}/{kind}" Target="{target}"/>'


def shared(folder: Path, text: bytes, cells: int, times: int = 1) -> Path:
    """Write a workbook of shared texts, the first of them in so many cells."""
    row = b'<row><c t="s"><v>0</v></c><c><v>5</v></c></row>'
    return book(
        folder,
        {
            sheet_part(1): (sheet_begin() + HEAD, row, cells, END),
            "xl/sharedStrings.xml": (b'<sst xmlns="%s">' % MAIN.encode(), text, times, b"</sst>"),
        },
    )


def book(
    folder: Path,
    parts: Mapping[str, Part],
    sheets: str = '<sheet name="Sheet1" sheetId="1" r:id="rId1"/>',
    links: str = "",
    more: str = "",
    empty: int = 0,
) -> Path:
    """Write a workbook of these parts, and of what leads to them."""
    path = folder / NAME
    links = links or link("rId1", "worksheet", "worksheets/sheet1.xml")
    links += link("rIdS", "sharedStrings", "sharedStrings.xml")
    links += link("rIdT", "styles", "styles.xml")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="xml" ContentType="application/xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships">'
            f"{link('rId1', 'officeDocument', 'xl/workbook.xml')}</Relationships>",
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{sheets}</sheets>{more}'
            "</workbook>",
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
        )
        for name, (begin, block, times, end) in parts.items():
            with archive.open(name, "w") as part:
                part.write(begin)
                for _ in range(times):
                    part.write(block)
                part.write(end)
        for at in range(empty):
            archive.writestr(f"xl/a{at}.xml", b"")
    return path
