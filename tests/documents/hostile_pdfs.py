"""PDFs that are not what they seem, made small."""

import io
import zlib
from pathlib import Path

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from tests.documents.drawing import as_pdf
from tests.documents.papers import papers_of_2021


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


OPERATORS = b"0 0 m 9 9 l S\n" * 3_000_000


def pdf_that_grows(folder: Path) -> Path:
    """A small PDF with a page that unpacks to very much."""
    return _page(folder, b"/Filter/FlateDecode", zlib.compress(OPERATORS, 9))


def pdf_that_grows_twice(folder: Path) -> Path:
    """A page packed twice, and small once unpacked."""
    packed = zlib.compress(zlib.compress(OPERATORS, 9), 9)
    return _page(folder, b"/Filter[/FlateDecode /FlateDecode]", packed)


def pdf_that_grows_from_hex(folder: Path) -> Path:
    """A page packed and then written in digits."""
    digits = zlib.compress(OPERATORS, 9).hex().encode() + b">"
    return _page(folder, b"/Filter [ /ASCIIHexDecode/FlateDecode ]", digits)


def pdf_that_grows_by_the_oldest_packing(folder: Path) -> Path:
    """A page packed by LZW."""
    return _page(folder, b"/Filter /LZWDecode", lzw_of_blanks(6))


def pdf_that_hides_how_it_grows(folder: Path) -> Path:
    """A page that names its filters somewhere else, in other letters, and says it's a picture."""
    packed = zlib.compress(OPERATORS, 9)
    return _page(folder, b"/Subtype/Image/Filter 5 0 R", packed, b"[/Fl#61teDecode]")


def pdf_with_objects_that_grow(folder: Path) -> Path:
    """Objects packed together, and blanks between them."""
    packed = zlib.compress(b"9 0 null" + b" " * 40_000_000, 9)
    name = b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode"
    return _page(
        folder,
        b"",
        b"0 0 m",
        b"<<%s/Length %d>>stream\n%s\nendstream" % (name, len(packed), packed),
    )


def lzw_of_blanks(times: int) -> bytes:
    """Return seven million blanks for each time, packed by LZW: ever longer runs."""
    bits = ""
    for _ in range(times):
        bits += f"{256:0{9}b}{32:0{9}b}"
        size = 258  # entries of the reader's table
        for code in range(258, 4095):
            bits += f"{code:0{min(12, max(9, (size + 1).bit_length()))}b}"
            size += 1
    return int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")


def _page(folder: Path, keys: bytes, content: bytes, *more: bytes) -> Path:
    """Write a PDF of one page with that content."""
    return _write(
        folder / "papers.pdf",
        _pdf(
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>>>",
            b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), keys, content),
            *more,
        ),
    )


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
