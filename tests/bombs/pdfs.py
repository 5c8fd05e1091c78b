"""PDFs that lead in circles, hold far more than they show, or carry what no paper needs."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

_NAME: Final = "papers.pdf"
_PAGE: Final = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources %s>>"
_FONT: Final = b"<</Font<</F <</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
_TEXT: Final = b"BT /F 12 Tf 50 700 Td (a list) Tj ET\n"


def pages_in_a_circle(folder: Path) -> Path:
    """A tree of pages that leads back to its root."""
    return _write(
        folder, _pdf(b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[2 0 R]/Count 9>>")
    )


def pages_deep_down(folder: Path) -> Path:
    """A tree of pages a hundred thousand deep."""
    count = 100_000
    nodes = [b"<</Type/Pages/Kids[%d 0 R]/Count 1>>" % (at + 3) for at in range(count)]
    return _write(folder, _pdf(b"<</Type/Catalog/Pages 2 0 R>>", *nodes, _PAGE % b"<<>>"))


def pages_that_double(folder: Path) -> Path:
    """Nodes of pages that name the next one twice, forty deep."""
    nodes = [b"<</Type/Pages/Kids[%d 0 R %d 0 R]/Count 2>>" % (at + 3, at + 3) for at in range(40)]
    return _write(folder, _pdf(b"<</Type/Catalog/Pages 2 0 R>>", *nodes, _PAGE % b"<<>>"))


def more_pages_than_there_are(folder: Path) -> Path:
    """A document that says it has two billion pages."""
    return _one_page(folder, _TEXT, kids=b"[3 0 R]", count=2_000_000_000)


def many_pages(folder: Path) -> Path:
    """Three hundred thousand names of one page."""
    return _one_page(folder, _TEXT, kids=b"[" + b"3 0 R " * 300_000 + b"]", count=300_000)


def characters_to_the_limit(folder: Path) -> Path:
    """A page of 200,000 characters in one line."""
    return _one_page(folder, b"BT /F 1 Tf 1 700 Td (" + b"x y " * 50_000 + b") Tj ET\n")


def more_characters(folder: Path) -> Path:
    """A page of six million characters, packed."""
    text = b"BT /F 1 Tf 1 700 Td (" + b"x y " * 1_500_000 + b") Tj ET\n"
    return _one_page(folder, zlib.compress(text, 9), b"/Filter/FlateDecode")


def many_lines_of_text(folder: Path) -> Path:
    """A page of 100,000 words, each in a place of its own."""
    words = b"".join(
        b"BT /F 1 Tf %d %d Td (x) Tj ET\n" % (at % 590, at // 590 * 4) for at in range(100_000)
    )
    return _one_page(folder, zlib.compress(words, 9), b"/Filter/FlateDecode")


def many_rulings(folder: Path) -> Path:
    """A page of 500,000 lines, and a word."""
    lines = b"".join(b"%d 0 m %d 800 l S\n" % (at % 590, at % 590) for at in range(400_000))
    return _one_page(folder, zlib.compress(lines + _TEXT, 9), b"/Filter/FlateDecode")


def one_path(folder: Path) -> Path:
    """A page with one path of a million pieces."""
    pieces = b"0 0 m " + b"9 9 l 0 0 l " * 600_000 + b"S\n"
    return _one_page(folder, zlib.compress(pieces + _TEXT, 9), b"/Filter/FlateDecode")


def a_grid_of_rulings(folder: Path) -> Path:
    """A page with a grid of 2,000 by 2,000 lines and words between them."""
    lines = b"".join(b"%.2f 0 m %.2f 800 l S\n" % (at / 4, at / 4) for at in range(2_000))
    lines += b"".join(b"0 %.2f m 590 %.2f l S\n" % (at / 4, at / 4) for at in range(2_000))
    words = b"".join(
        b"BT /F 4 Tf %d %d Td (word) Tj ET\n" % (at % 59 * 10, at // 59 * 5) for at in range(9_000)
    )
    return _one_page(folder, zlib.compress(lines + words, 9), b"/Filter/FlateDecode")


def forms_in_a_circle(folder: Path) -> Path:
    """A form that draws itself."""
    resources = (
        b"<</XObject<</X 5 0 R>>/Font<</F <</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    )
    form = b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X 5 0 R>>>>"
    form += b"/Length 11>>stream\n/X Do /X Do\nendstream"
    return _one_page(folder, _TEXT + b"/X Do\n", resources=resources, more=(form,))


def forms_that_multiply(folder: Path) -> Path:
    """Forms that each draw the next ten times, ten deep: ten billion words."""
    resources = (
        b"<</XObject<</X 5 0 R>>/Font<</F <</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>"
    )
    head = b"<</Type/XObject/Subtype/Form/BBox[0 0 999 999]/Resources<</XObject<</X %d 0 R>>"
    head += b"/Font<</F <</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>/Length %d>>"
    forms = []
    for at in range(10):
        drawn = b"/X Do " * 10 if at < 9 else _TEXT * 10
        forms.append(head % (at + 6, len(drawn)) + b"stream\n" + drawn + b"\nendstream")
    return _one_page(folder, _TEXT + b"/X Do\n", resources=resources, more=tuple(forms))


def huge_page(folder: Path) -> Path:
    """A page of a billion points."""
    box = b"[0 0 1000000000 1000000000]"
    return _one_page(folder, _TEXT, box=box)


def page_of_nothing(folder: Path) -> Path:
    """A page whose sides are no numbers that anybody could draw."""
    return _one_page(folder, _TEXT, box=b"[1e308 -1e308 1e39 99999999999999999999]")


def scripts(folder: Path) -> Path:
    """A page with a script that never ends, run when it is opened."""
    catalog = b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(while(true){})>>>>"
    return _one_page(folder, _TEXT, catalog=catalog)


def attachments(folder: Path) -> Path:
    """A page with an attached file that unpacks to a billion bytes."""
    packer = zlib.compressobj(9)
    packed = b"".join([packer.compress(b"\0" * 10**6) for _ in range(1000)]) + packer.flush()
    stream = b"<</Type/EmbeddedFile/Filter/FlateDecode/Length %d>>stream\n" % len(packed)
    catalog = b"<</Type/Catalog/Pages 2 0 R/Names<</EmbeddedFiles<</Names[(a)6 0 R]>>>>>>"
    return _one_page(
        folder,
        _TEXT,
        catalog=catalog,
        more=(stream + packed + b"\nendstream", b"<</Type/Filespec/F(a)/EF<</F 5 0 R>>>>"),
    )


def packed_objects_in_a_circle(folder: Path) -> Path:
    """Packed objects that extend themselves, and say they are two billion."""
    name = b"/Type/ObjStm/N 2000000000/First 8/Extends 5 0 R"
    packed = zlib.compress(b"1 0 2 4 null null", 9)
    stream = b"<<%s/Filter/FlateDecode/Length %d>>stream\n" % (name, len(packed))
    return _one_page(folder, _TEXT, more=(stream + packed + b"\nendstream",))


def tables_in_a_circle(folder: Path) -> Path:
    """A table of places whose earlier one is itself."""
    content = _pages(_TEXT)
    at = content.rindex(b"startxref\n") + 10
    start = content[at:].split(b"\n")[0]
    return _write(folder, content.replace(b"/Root 1 0 R", b"/Root 1 0 R/Prev " + start))


def more_objects_than_there_are(folder: Path) -> Path:
    """A table of places that says it has four billion."""
    content = _pages(_TEXT)
    return _write(
        folder,
        content.replace(b"xref\n0 5\n", b"xref\n0 4294967295\n").replace(
            b"/Size 5", b"/Size 4294967295"
        ),
    )


def streamed_table_that_lies(folder: Path) -> Path:
    """A packed table of places with two billion entries of two billion bytes."""
    packed = zlib.compress(b"\0" * 100, 9)
    table = b"<</Type/XRef/Size 2147483647/W[2147483647 2147483647 2147483647]/Root 1 0 R"
    table += b"/Index[0 2147483647]/Filter/FlateDecode/Length %d>>stream\n" % len(packed)
    head = b"%PDF-1.7\n"
    body = head + b"1 0 obj\n" + table + packed + b"\nendstream\nendobj\n"
    return _write(folder, body + b"startxref\n%d\n%%%%EOF" % len(head))


def predictor_that_lies(folder: Path) -> Path:
    """A page unpacked with lines of two billion points."""
    packed = zlib.compress(_TEXT, 9)
    keys = b"/Filter/FlateDecode/DecodeParms<</Predictor 12/Columns 2147483647/Colors 32>>"
    return _one_page(folder, packed, keys)


def arrays_deep_down(folder: Path) -> Path:
    """A page with arrays in arrays, a million deep."""
    return _one_page(folder, _TEXT, more=(b"[" * 1_000_000,))


def operators_deep_down(folder: Path) -> Path:
    """A page that keeps the state of drawing a million times, and arrays in arrays."""
    return _one_page(folder, b"q " * 1_000_000 + b"[" * 1_000_000 + _TEXT)


def many_streams(folder: Path) -> Path:
    """A hundred thousand streams that each unpack to as much as one may."""
    packed = zlib.compress(b"x" * 7_000_000, 9)
    stream = b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)
    return _one_page(folder, _TEXT, more=(stream,) * 10_000)


def many_contents(folder: Path) -> Path:
    """A page whose content is one stream named ten thousand times."""
    packed = zlib.compress(b"0 0 m 9 9 l S\n" * 500_000, 9)
    stream = b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(packed), packed)
    page = _PAGE % _FONT
    page = page.replace(b"/Contents 4 0 R", b"/Contents[" + b"5 0 R " * 10_000 + b"]")
    return _write(folder, _pdf(_CATALOG, _KIDS, page, b"null", stream))


def objects(folder: Path) -> Path:
    """Two million objects that nobody names."""
    content = _pages(_TEXT)
    more = b"".join(b"%d 0 obj\nnull\nendobj\n" % at for at in range(10, 2_000_010))
    return _write(folder, content.replace(b"xref\n", more + b"xref\n", 1))


def a_font_that_maps_everything(folder: Path) -> Path:
    """A font with a table of two million characters."""
    lines = b"100 beginbfrange\n" + b"<0000> <ffff> <0041>\n" * 100 + b"endbfrange\n"
    table = zlib.compress(b"begincmap\n" + lines * 1000 + b"endcmap", 9)
    font = b"<</Font<</F <</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 5 0 R>>>>>>"
    stream = b"<</Filter/FlateDecode/Length %d>>stream\n%s\nendstream" % (len(table), table)
    return _one_page(folder, _TEXT, resources=font, more=(stream,))


def a_character_of_many(folder: Path) -> Path:
    """A font whose one character means ten thousand, shown ten thousand times."""
    table = b"begincmap\n1 beginbfchar\n<61> <" + b"0041" * 10_000 + b">\nendbfchar\nendcmap"
    font = b"<</Font<</F <</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 5 0 R>>>>>>"
    stream = b"<</Length %d>>stream\n%s\nendstream" % (len(table), table)
    text = b"BT /F 1 Tf 1 700 Td (" + b"a" * 10_000 + b") Tj ET\n"
    return _one_page(folder, text, resources=font, more=(stream,))


def under_a_password(folder: Path) -> Path:
    """A document under the password of its reader."""
    target = io.BytesIO()
    canvas = Canvas(target, encrypt=StandardEncryption("secret", strength=128))
    canvas.drawString(100, 100, "secret")
    canvas.save()
    return _write(folder, target.getvalue())


def under_an_unknown_lock(folder: Path) -> Path:
    """A document locked by a handler that nobody has."""
    content = _pages(_TEXT)
    lock = b"/Root 1 0 R/Encrypt<</Filter/Nobody/V 9/R 9/Length 99999999>>"
    return _write(folder, content.replace(b"/Root 1 0 R", lock))


PDFS: Final[dict[str, Callable[[Path], Path]]] = {
    f"pdf_{maker.__name__}": maker
    for maker in (
        pages_in_a_circle,
        pages_deep_down,
        pages_that_double,
        more_pages_than_there_are,
        many_pages,
        characters_to_the_limit,
        more_characters,
        many_lines_of_text,
        many_rulings,
        one_path,
        a_grid_of_rulings,
        forms_in_a_circle,
        forms_that_multiply,
        huge_page,
        page_of_nothing,
        scripts,
        attachments,
        packed_objects_in_a_circle,
        tables_in_a_circle,
        more_objects_than_there_are,
        streamed_table_that_lies,
        predictor_that_lies,
        arrays_deep_down,
        operators_deep_down,
        many_streams,
        many_contents,
        objects,
        a_font_that_maps_everything,
        a_character_of_many,
        under_a_password,
        under_an_unknown_lock,
    )
}

_CATALOG: Final = b"<</Type/Catalog/Pages 2 0 R>>"
_KIDS: Final = b"<</Type/Pages/Kids[3 0 R]/Count 1>>"


def _pages(
    content: bytes,
    keys: bytes = b"",
    *,
    kids: bytes = b"[3 0 R]",
    count: int = 1,
    box: bytes = b"[0 0 595 842]",
    resources: bytes = _FONT,
    catalog: bytes = _CATALOG,
    more: tuple[bytes, ...] = (),
) -> bytes:
    return _pdf(
        catalog,
        b"<</Type/Pages/Kids%s/Count %d>>" % (kids, count),
        (_PAGE % resources).replace(b"[0 0 595 842]", box),
        b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), keys, content),
        *more,
    )


def _one_page(folder: Path, content: bytes, keys: bytes = b"", **more: object) -> Path:
    return _write(folder, _pages(content, keys, **more))  # type: ignore[arg-type]


def _pdf(*objects: bytes) -> bytes:
    """Return a PDF of these objects; the first is its catalog."""
    content, places = bytearray(b"%PDF-1.7\n"), []
    for number, each in enumerate(objects, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, each)
    size = len(objects) + 1
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (size, len(content))
    return bytes(content) + b"xref\n0 %d\n0000000000 65535 f \n%s%s" % (size, table, end)


def _write(folder: Path, content: bytes) -> Path:
    path = folder / _NAME
    path.write_bytes(content)
    return path
