"""Documents that are not what they seem, made small."""

import io
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

import xlsxwriter
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from tests.documents.drawing import as_pdf
from tests.documents.papers import lists_alone, papers_of_2021
from tests.sources.hostile import (
    binary_noise,
    broken_inside,
    empty_file,
    html_named_xlsx,
    name_with_newlines,
    not_really_parquet,
    not_really_xls,
    symlink_loop,
    truncated_xlsx,
    zip_bomb,
    zip_without_workbook,
)

ENCRYPTED: Final = Path(__file__).parents[1] / "fixtures" / "encrypted.xlsx"


def encrypted_xlsx(folder: Path) -> Path:
    """A workbook under a password."""
    return _write(folder / "lists.xlsx", ENCRYPTED.read_bytes())


def pdf_without_text(folder: Path) -> Path:
    """Pages that show something, none of it text."""
    target = io.BytesIO()
    canvas = Canvas(target, invariant=1)
    for _ in range(3):
        canvas.rect(100, 100, 300, 400, fill=1)
        canvas.showPage()
    canvas.save()
    return _write(folder / "papers.pdf", target.getvalue())


def pdf_with_password(folder: Path) -> Path:
    """A PDF that opens with a password alone."""
    target = io.BytesIO()
    canvas = Canvas(target, encrypt=StandardEncryption("secret", strength=128))
    canvas.drawString(100, 100, "secret")
    canvas.save()
    return _write(folder / "papers.pdf", target.getvalue())


def pdf_without_meaning(folder: Path) -> Path:
    """A PDF whose font says nothing of the characters that it shows."""
    shown = b"BT /F 12 Tf 50 700 Td <012301240125012601270128> Tj ET"
    return _write(
        folder / "papers.pdf",
        _pdf(
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
            b"/Resources<</Font<</F 5 0 R>>>>>>",
            b"<</Length %d>>stream\n%s\nendstream" % (len(shown), shown),
            b"<</Type/Font/Subtype/Type0/BaseFont/ABCDEF+Unknown/Encoding/Identity-H"
            b"/DescendantFonts[6 0 R]>>",
            b"<</Type/Font/Subtype/CIDFontType2/BaseFont/ABCDEF+Unknown/FontDescriptor 7 0 R"
            b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/DW 1000>>",
            b"<</Type/FontDescriptor/FontName/ABCDEF+Unknown/Flags 4/ItalicAngle 0/StemV 80"
            b"/FontBBox[0 0 1000 1000]/Ascent 800/Descent -200/CapHeight 700>>",
        ),
    )


def pdf_cut_off(folder: Path) -> Path:
    """A PDF whose download broke off."""
    content = as_pdf(papers_of_2021())
    return _write(folder / "papers.pdf", content[: len(content) // 2])


def pdf_cut_in_two(folder: Path) -> Path:
    """A PDF with its end, and nothing that it belongs to."""
    content = as_pdf(papers_of_2021())
    return _write(folder / "papers.pdf", content[:2000] + content[-200:])


def text_without_meaning(folder: Path) -> Path:
    """Text as programs write it that don't know the characters of a font."""
    return _write(folder / "papers.txt", b"(cid:291)(cid:292) 1,000\n" * 100)


def text_with_control_characters(folder: Path) -> Path:
    """Bytes that could be CP932 and are no text."""
    return _write(folder / "papers.txt", "都道府県名\x01金額\n".encode("cp932") * 100)


def text_of_too_many_lines(folder: Path) -> Path:
    """More lines than any papers have."""
    return _write(folder / "papers.txt", b"a\n" * 50_001)


def text_too_long(folder: Path) -> Path:
    """More bytes than any papers have, in few lines."""
    return _write(folder / "papers.txt", (b"a" * 40_000 + b"\n") * 130)


def text_of_one_line(folder: Path) -> Path:
    """All in one line."""
    return _write(folder / "papers.txt", b"a," * 30_000)


def pdf_that_grows(folder: Path) -> Path:
    """A small PDF with a page that unpacks to very much."""
    packed = zlib.compress(b"0 0 m 9 9 l S\n" * 3_000_000, 9)
    return _write(
        folder / "papers.pdf",
        _pdf(
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>>>",
            b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(packed), packed),
        ),
    )


def xlsx_with_a_cell_far_out(folder: Path) -> Path:
    """A small workbook with a cell in its last row and column: readers reserve 10^10 cells."""
    path = folder / "lists.xlsx"
    workbook = xlsxwriter.Workbook(path)
    sheet = workbook.add_worksheet()
    sheet.write_string(0, 0, "都道府県名")
    sheet.write_number(1_048_575, 16_383, 1)
    workbook.close()
    return path


def xlsx_with_a_cell_nowhere(folder: Path) -> Path:
    """A cell that says twice, and too far out, where it is."""
    return _changed(folder, b'<c r="A1"', b'<c r="A1" r="ZZZ99999999999"')


def xlsx_that_says_it_is_small(folder: Path) -> Path:
    """A zip bomb that gives a wrong size for what it holds."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 50_000_000)
    true = (50_000_000).to_bytes(4, "little")
    content = target.getvalue().replace(true, (1000).to_bytes(4, "little"))
    return _write(folder / "lists.xlsx", content)


def xlsx_of_another_format(folder: Path) -> Path:
    """A workbook of the binary format."""
    path = folder / "lists.xlsb"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.bin", b"\x83\x01\x00")
    return path


def xlsx_with_an_expanding_entity(folder: Path) -> Path:
    """XML that grows when it is read."""
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb">]><worksheet'
    return _changed(folder, b"<worksheet", bomb)


def rows_without_amounts(folder: Path) -> Path:
    """A list with amounts that are none."""
    return _write(folder / "list.csv", "都道府県名,金額\n北海道,多い\n".encode())


def nothing_of_ours(folder: Path) -> Path:
    """A sound document of something else."""
    return _write(folder / "papers.txt", "いろはにほへと\n".encode() * 1000)


def a_folder(folder: Path) -> Path:
    """A folder where a file is wanted."""
    return folder


HOSTILE: Final[dict[str, tuple[Callable[[Path], Path], str]]] = {
    maker.__name__: (maker, said)
    for maker, said in (
        (html_named_xlsx, "web page"),
        (truncated_xlsx, "broken"),
        (broken_inside, "broken"),
        (zip_without_workbook, "no Excel workbook"),
        (zip_bomb, "unpacks to"),
        (encrypted_xlsx, "password"),
        (xlsx_with_a_cell_far_out, "17,179,869,184 cells"),
        (xlsx_with_a_cell_nowhere, "broken"),
        (xlsx_that_says_it_is_small, "broken"),
        (xlsx_of_another_format, ".xlsb"),
        (xlsx_with_an_expanding_entity, "broken"),
        (not_really_xls, "old Office format"),
        (not_really_parquet, "Parquet"),
        (pdf_without_text, "scanned, no text layer"),
        (pdf_with_password, "password"),
        (pdf_without_meaning, "cannot be told"),
        (pdf_cut_off, "broken or not complete"),
        (pdf_cut_in_two, "broken or not complete"),
        (text_without_meaning, "cannot be told"),
        (text_with_control_characters, "not a text file"),
        (text_of_too_many_lines, "too long"),
        (text_too_long, "too long"),
        (text_of_one_line, "too long"),
        (pdf_that_grows, "unpacks to more than"),
        (rows_without_amounts, "北海道 | 多い"),
        (nothing_of_ours, "neither a published list nor a budget table"),
        (binary_noise, "text"),
        (empty_file, "empty"),
        (symlink_loop, "cannot be read"),
        (name_with_newlines, "not there"),
        (a_folder, "a folder"),
    )
}
"""Each with words of the message that it has to end in."""


def _changed(folder: Path, old: bytes, new: bytes) -> Path:
    """A workbook with something else in its first sheet."""
    source = io.BytesIO()
    workbook = xlsxwriter.Workbook(source, {"in_memory": True})
    workbook.add_worksheet().write_number(0, 0, 1)
    workbook.close()
    path = folder / "lists.xlsx"
    with zipfile.ZipFile(source) as archive, zipfile.ZipFile(path, "w") as changed:
        for name in archive.namelist():
            content = archive.read(name)
            if name.endswith("sheet1.xml"):
                assert old in content
                content = content.replace(old, new, 1)
            changed.writestr(name, content)
    return path


def _pdf(*objects: bytes) -> bytes:
    """Return a PDF of these objects; the first is its catalog."""
    content = b"%PDF-1.7\n"
    places = []
    for number, each in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    size = len(objects) + 1
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, len(content))
    return content + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (size, table, end)


def _write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


def small_documents() -> dict[str, bytes]:
    """Return sound documents to spoil: some pages of text, PDF and a workbook."""
    from tests.documents.drawing import Papers, as_text, as_workbook

    pages = Papers([*lists_alone().pages[:2], *papers_of_2021().pages[3:7]])
    return {
        "papers.txt": as_text(pages).encode(),
        "papers.pdf": as_pdf(pages),
        "papers.xlsx": as_workbook(pages),
    }
