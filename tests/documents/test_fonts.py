"""Fonts that a PDF does not embed: what is read comes from the file, whatever the machine has."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Final

import pypdfium2  # type: ignore[import-untyped]
import pytest

from allocator.files.source import open_source
from allocator.sources.reading.pdf.fonts import square_font, use_no_font_of_the_machine
from allocator.sources.reading.pdf.layout import Character
from allocator.sources.reading.pdf.pages import _read_page
from allocator.sources.reading.pdf.read import read_pdf
from tests.documents.hostile_pdfs import _pdf

TEXT: Final = "北海道Ａ札幌市①11,866"
SIZE: Final = 10.0
START: Final = 50.0

_JAPANESE: Final = (
    b"<</Type/Font/Subtype/CIDFontType%d/BaseFont/%s/FontDescriptor 7 0 R%s"
    b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 2>>>>"
)
_TO_UNICODE: Final = (
    b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap "
    b"1 begincodespacerange <0000> <FFFF> endcodespacerange "
    b"%d beginbfchar %s endbfchar endcmap end end"
) % (
    len(TEXT),
    b" ".join(b"<%04X> <%04X>" % (ord(each), ord(each)) for each in TEXT),
)


def text_pdf(shown: bytes, font: bytes, *more: bytes, descriptor: bytes, aside: bool) -> bytes:
    """Return a page with one line of text; `aside`: lying on its side, and the page turned."""
    place = b"0 1 -1 0 300 %g" if aside else b"1 0 0 1 %g 500"
    content = b"BT /F %g Tf " % SIZE + place % START + b" Tm <%s> Tj ET" % shown.hex().encode()
    return _pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R%s"
        b"/Resources<</Font<</F 5 0 R>>>>>>" % (b"/Rotate 90" if aside else b""),
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        font,
        more[0] if more else b"null",
        b"<</Type/FontDescriptor/FontName/F/Flags 4/ItalicAngle 0/StemV 80%s>>" % descriptor,
        b"<</Length %d>>stream\n%s\nendstream" % (len(_TO_UNICODE), _TO_UNICODE),
    )


METRICS: Final = b"/FontBBox[-100 -200 1100 900]/Ascent 859/Descent -140/CapHeight 700"


def japanese(name: bytes, encoding: str, widths: bytes, kind: int = 2) -> tuple[bytes, bytes]:
    """Return a Japanese font that is not embedded: of two objects."""
    return (
        b"<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/%s/DescendantFonts[6 0 R]>>"
        % (name, encoding.encode()),
        _JAPANESE % (kind, name, widths),
    )


@pytest.fixture(autouse=True)
def no_fonts() -> None:
    use_no_font_of_the_machine()


def read(folder: Path, content: bytes) -> list[Character]:
    """Return the characters of the only page, as they are seen."""
    path = folder / "a.pdf"
    path.write_bytes(content)
    pdf = pypdfium2.PdfDocument(path)
    try:
        characters, _, wrong = _read_page(pdf, 0)
    finally:
        pdf.close()
    assert not wrong
    return characters


# A half-width character of Adobe-Japan1 has a number between 231 and 324 in the old encodings, and
# between 1 and 94 in those of Unicode.
KINDS: Final = [
    ("MS-Gothic", "90ms-RKSJ-H", "cp932", b"/DW 1000/W[231 324 500]"),
    ("MS-Mincho", "90ms-RKSJ-H", "cp932", b"/W[231[500 500]233 324 500]"),
    ("NobodyKnowsIt", "90ms-RKSJ-H", "cp932", b"/DW 1000/W[231 324 500]"),
    ("HeiseiMin-W3", "UniJIS-UCS2-H", "utf-16-be", b"/W[1 94 500]"),
    ("KozMinPr6N-Regular", "UniJIS-UTF16-H", "utf-16-be", b"/DW 1000/W[1 94 500]"),
    ("Helvetica", "UniJIS-UTF16-H", "utf-16-be", b"/DW 1000/W[1 94 500]"),
]


@pytest.mark.parametrize("aside", [False, True])
@pytest.mark.parametrize(
    ("metrics", "height"),
    [(METRICS, 0.999), (b"", 1.0), (b"/FontBBox[0 0 0 0]/Ascent 0/Descent 0", 1.0)],
)
@pytest.mark.parametrize("kind", KINDS)
def test_japanese_text_stands_where_the_file_says(
    kind: tuple[str, str, str, bytes], metrics: bytes, height: float, aside: bool, tmp_path: Path
) -> None:
    name, encoding, codec, widths = kind
    font, below = japanese(name.encode(), encoding, widths)
    content = text_pdf(TEXT.encode(codec), font, below, descriptor=metrics, aside=aside)
    found = read(tmp_path, content)

    assert "".join(each.text for each in found) == TEXT
    at = START
    for each in found:
        width = SIZE * (0.5 if each.text.isascii() else 1.0)
        assert (each.x0, each.x1) == pytest.approx((at, at + width), abs=0.01), each
        at += width
    assert len({each.middle for each in found}) == 1
    heights = [each.height for each in found]
    assert heights == pytest.approx([height * SIZE] * len(TEXT), abs=0.02)


def test_where_nothing_is_said_a_character_is_as_wide_as_tall(tmp_path: Path) -> None:
    font, below = japanese(b"MS-Gothic", "90ms-RKSJ-H", b"")
    found = read(
        tmp_path, text_pdf("北海道札幌市".encode("cp932"), font, below, descriptor=b"", aside=False)
    )
    assert [each.x1 - each.x0 for each in found] == pytest.approx([SIZE] * 6, abs=0.01)


@pytest.mark.parametrize("aside", [False, True])
def test_text_of_numbers_with_a_table_of_what_they_show(aside: bool, tmp_path: Path) -> None:
    """As offices write fonts that they hold for common: glyph numbers, a table, no font."""
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/MSGothic/Encoding/Identity-H"
        b"/DescendantFonts[6 0 R]/ToUnicode 8 0 R>>"
    )
    below = (
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/MSGothic/FontDescriptor 7 0 R/DW 1000"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/W[44 57 500]>>"
    )
    shown = TEXT.encode("utf-16-be")
    found = read(tmp_path, text_pdf(shown, font, below, descriptor=METRICS, aside=aside))
    assert "".join(each.text for each in found) == TEXT
    assert found[-1].x1 == pytest.approx(START + SIZE * (8 + 0.5 * 6), abs=0.01)


@pytest.mark.parametrize("aside", [False, True])
@pytest.mark.parametrize("name", [b"Century", b"ArialUnicodeMS", b"Arial", b"Helvetica"])
def test_latin_text_stands_where_the_file_says(name: bytes, aside: bool, tmp_path: Path) -> None:
    widths = b"/FirstChar 32/LastChar 126/Widths[%s]" % b" ".join(
        b"%d" % (400 + code) for code in range(32, 127)
    )
    font = (
        b"<</Type/Font/Subtype/TrueType/BaseFont/%s/Encoding/WinAnsiEncoding"
        b"/FontDescriptor 7 0 R%s>>" % (name, widths)
    )
    found = read(tmp_path, text_pdf(b"iM,1Wx", font, descriptor=METRICS, aside=aside))
    assert "".join(each.text for each in found) == "iM,1Wx"
    for before, each in pairwise(found):
        width = SIZE * (400 + ord(before.text)) / 1000
        assert each.x0 - before.x0 == pytest.approx(width, abs=0.01)


def test_fonts_that_need_no_widths_have_their_own(tmp_path: Path) -> None:
    """The 14 fonts that every reader knows; figures of Helvetica are 0.556 of their size wide."""
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
    found = read(tmp_path, text_pdf(b"11,866", font, descriptor=b"", aside=False))
    assert found[1].x0 - found[0].x0 == pytest.approx(0.556 * SIZE, abs=0.01)
    assert found[3].x0 - found[2].x0 == pytest.approx(0.278 * SIZE, abs=0.01)


def test_characters_without_a_meaning_are_counted_on_their_side_too(tmp_path: Path) -> None:
    """Numbers of glyphs and no table: they must not be dropped, or nobody hears of them."""
    font = (
        b"<</Type/Font/Subtype/Type0/BaseFont/Unknown/Encoding/Identity-H/DescendantFonts[6 0 R]>>"
    )
    below = (
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Unknown/FontDescriptor 7 0 R/DW 1000"
        b"/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>>>"
    )
    shown = struct.pack(">6H", 0x123, 0x4567, 0x89AB, 0xCDEF, 0xE000, 0xFFFE)
    path = tmp_path / "a.pdf"
    path.write_bytes(text_pdf(shown, font, below, descriptor=METRICS, aside=True))
    pdf = pypdfium2.PdfDocument(path)
    _, _, wrong = _read_page(pdf, 0)
    pdf.close()
    assert wrong >= 4


@pytest.mark.skipif(not hasattr(os, "wait4"), reason="Only POSIX tells a child's peak memory.")
def test_a_document_of_many_fonts_takes_little_memory(tmp_path: Path) -> None:
    """The font that stands in for all of them is held once, whatever their names and weights."""
    count = 1000
    shown = b"".join(b"BT /F%d 10 Tf 1 0 0 1 50 500 Tm (x) Tj ET " % at for at in range(count))
    names = b"".join(b"/F%d %d 0 R" % (at, 5 + 2 * at) for at in range(count))
    fonts = []
    for at in range(count):
        fonts += [
            b"<</Type/Font/Subtype/TrueType/BaseFont/Some%dThing/Encoding/WinAnsiEncoding"
            b"/FirstChar 120/LastChar 120/Widths[500]/FontDescriptor %d 0 R>>" % (at, 6 + 2 * at),
            b"<</Type/FontDescriptor/FontName/F/Flags 32/ItalicAngle 0/StemV %d/CapHeight 700"
            b"/FontBBox[0 0 1000 1000]/Ascent 800/Descent -200>>" % at,
        ]
    content = _pdf(
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R"
        b"/Resources<</Font<<%s>>>>>>" % names,
        b"<</Length %d>>stream\n%s\nendstream" % (len(shown), shown),
        *fonts,
    )
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    # What `resource` tells begins, on Linux, with what the process had that started this one.
    code = (
        "import re, resource, sys; from pathlib import Path;"
        "from allocator.sources.reading.pdf.read import read_pdf;"
        "from allocator.files.source import open_source;"
        "read_pdf(open_source(Path(sys.argv[1])));"
        "status = Path('/proc/self/status');"
        "told = re.search('VmHWM: *([0-9]+)', status.read_text().expandtabs()) "
        "if status.exists() else None;"
        "print(told[1] if told else resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(path)], check=True, capture_output=True, text=True
    )
    scale = 1024 if sys.platform == "darwin" else 1
    assert int(done.stdout) / scale < 400_000  # kilobytes; a copy for each font: 2,000,000


def test_one_line_is_one_cell(tmp_path: Path) -> None:
    font, below = japanese(b"MS-Mincho", "90ms-RKSJ-H", b"/DW 1000/W[231 324 500]")
    path = tmp_path / "a.pdf"
    for aside in (False, True):
        path.write_bytes(
            text_pdf(TEXT.encode("cp932"), font, below, descriptor=METRICS, aside=aside)
        )
        assert [line.cells for line in read_pdf(open_source(path)).lines if line.cells] == [(TEXT,)]


def test_pages_on_their_side_read_as_upright_ones(rebuilt: Callable[[str], Path]) -> None:
    """In another font too: neither is embedded."""
    upright, turned = (
        read_pdf(open_source(rebuilt(name))).lines
        for name in ("papers-2023.pdf", "papers-2023-turned.pdf")
    )
    assert turned == upright


def test_the_square_font_has_a_box_for_everything() -> None:
    content = square_font()
    assert content[:4] == b"ttcf"
    count = struct.unpack(">H", content[20:22])[0]
    tables = {}
    for at in range(28, 28 + 16 * count, 16):
        name, _, offset, length = struct.unpack(">4sLLL", content[at : at + 16])
        assert offset % 4 == 0
        assert offset + length <= len(content)
        tables[name] = content[offset : offset + length]
    assert list(tables) == sorted(tables)
    (glyphs,) = struct.unpack(">H", tables[b"maxp"][4:6])
    places = struct.unpack(f">{glyphs + 1}L", tables[b"loca"])
    assert places[-1] == len(tables[b"glyf"])
    boxes = {tables[b"glyf"][start:end] for start, end in pairwise(places)}
    assert [struct.unpack(">5h", box[:10]) for box in boxes] == [(1, 0, -120, 100, 700)]
