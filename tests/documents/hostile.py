"""Documents that are not what they seem, made small."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import xlsxwriter

from allocator.sources.reading.workbook.compound import packed
from tests.documents.drawing import as_pdf
from tests.documents.hostile_pdfs import (
    pdf_cut_in_two,
    pdf_cut_off,
    pdf_that_grows,
    pdf_that_grows_by_the_oldest_packing,
    pdf_that_grows_from_hex,
    pdf_that_grows_twice,
    pdf_that_hides_how_it_grows,
    pdf_with_objects_that_grow,
    pdf_with_password,
    pdf_without_meaning,
    pdf_without_text,
)
from tests.documents.papers import lists_alone, papers_of_2021
from tests.sources.hostile import (
    binary_noise,
    broken_inside,
    empty_file,
    encrypted_xlsx,
    html_named_xlsx,
    name_with_newlines,
    not_really_parquet,
    not_really_xls,
    symlink_loop,
    truncated_xlsx,
    xls_cell_beyond,
    xls_cell_far_out,
    xls_encrypted,
    xls_that_says_it_is_huge,
    zip_bomb,
    zip_without_workbook,
)


def old_document(folder: Path) -> Path:
    """A file of another old Office program."""
    return _write(folder / "papers.doc", packed("WordDocument", b"text" * 2000))


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
        (not_really_xls, "broken or not complete"),
        (xls_encrypted, "password"),
        (xls_cell_far_out, "16,777,216 cells"),
        (xls_cell_beyond, "4,294,967,296 cells"),
        (xls_that_says_it_is_huge, "neither a published list nor a budget table"),
        (old_document, "no workbook"),
        (not_really_parquet, "Parquet"),
        (pdf_without_text, "scanned, no text layer"),
        (pdf_with_password, "password"),
        (pdf_without_meaning, "cannot be told"),
        (pdf_cut_off, "broken or not complete"),
        (pdf_cut_in_two, "broken or not complete"),
        (text_without_meaning, "cannot be told"),
        (text_with_control_characters, "not a text file"),
        (text_of_too_many_lines, "too long"),
        (text_too_long, "more than"),
        (text_of_one_line, "more than"),
        (pdf_that_grows, "unpacks to more than"),
        (pdf_that_grows_twice, "unpacks to more than"),
        (pdf_that_grows_from_hex, "unpacks to more than"),
        (pdf_that_grows_by_the_oldest_packing, "unpacks to more than"),
        (pdf_that_hides_how_it_grows, "unpacks to more than"),
        (pdf_with_objects_that_grow, "unpacks to more than"),
        (rows_without_amounts, "line 2, column 金額"),
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
