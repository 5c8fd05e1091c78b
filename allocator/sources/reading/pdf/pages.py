"""Reading a PDF's text layer: characters with their places, and the rulings of its tables."""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple

import pypdfium2  # type: ignore[import-untyped]
from pypdfium2 import raw

from allocator.domain.errors import InputError, refuse
from allocator.domain.text import Text
from allocator.sources.reading.legible import MEANINGLESS
from allocator.sources.reading.pdf.fonts import use_no_font_of_the_machine
from allocator.sources.reading.pdf.layout import Character, PageLine, page_lines
from allocator.sources.reading.pdf.rulings import Ruling

MOST_PAGES: Final = 3_000
MOST_RULINGS: Final = 100_000
"""The most lines of one page that are looked at: drawings and maps can have millions."""

_BLANKS: Final = frozenset(map(chr, (*range(0x21), 0xA0, 0x3000)))
_FIRST_DOUBTFUL: Final = 0xD800
_PARTS: Final = frozenset(map(chr, range(0x2E80, 0x2FE0)))
_PATH, _FORM = 2, 5  # FPDF_PAGEOBJ_PATH, FPDF_PAGEOBJ_FORM
_LINE_TO, _MOVE_TO = 0, 2  # FPDF_SEGMENT_LINETO, FPDF_SEGMENT_MOVETO
_DEEPEST: Final = 4
_FIRST_WIDE: Final = 0x2E80
_ALIKE: Final = 0.1
"""How far (points) the widths of full-width characters of one font and size lie apart."""

_CENTRE: Final = 0.38
"""How far above its base line the middle of a full-width character lies, in its size."""

_STRAIGHT: Final = 1.0
_SHORTEST: Final = 3.0

# Characters that fonts give for others that look alike, and that no name in the register has:
# parts of characters (Kangxi radicals by NFKC, those that Unicode does not fold by this table).
_RADICALS: Final = {
    "⺠": "民", "⻁": "虎", "⻄": "西", "⻆": "角", "⻑": "長", "⻘": "青", "⻝": "食", "⻤": "鬼",
    "⻨": "麦", "⻩": "黄", "⻫": "斉", "⻭": "歯", "⻯": "竜", "⻲": "亀",
}  # fmt: skip

Matrix = tuple[float, float, float, float, float, float]
Box = tuple[float, float, float, float]

# How places on a page (y upwards) become places as they are seen (y downwards), by its rotation.
_TURNS: Final[dict[int, Matrix]] = {
    0: (1, 0, 0, -1, 0, 0),
    90: (0, 1, 1, 0, 0, 0),
    180: (-1, 0, 0, 1, 0, 0),
    270: (0, -1, -1, 0, 0, 0),
}


class ReadPage(NamedTuple):
    """One page of so many: its lines, how many characters it has, and how many mean nothing."""

    of: int
    lines: list[PageLine]
    characters: int
    wrong: int


def read_pages(file: Path, content: bytes) -> Iterator[ReadPage]:
    """Yield the pages of a PDF.

    Raises:
        InputError: protected by a password, broken, or of too many pages.
    """
    use_no_font_of_the_machine()
    try:
        pdf = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise _not_opened(file, str(error)) from None
    try:
        if len(pdf) > MOST_PAGES:
            raise too_long(file, f"{len(pdf):,} pages", f"{len(pdf):,} ページ")
        for number in range(1, len(pdf) + 1):
            try:
                found, rulings, wrong = _read_page(pdf, number - 1)
            except pypdfium2.PdfiumError:
                raise broken(file, number) from None
            yield ReadPage(len(pdf), page_lines(found, rulings), len(found), wrong)
    finally:
        pdf.close()


def _read_page(pdf: pypdfium2.PdfDocument, index: int) -> tuple[list[Character], list[Ruling], int]:
    """Return a page's characters and rulings, y downwards, and how many characters are unknown."""
    page = pdf[index]
    text = page.get_textpage()
    try:
        turn = _TURNS[page.get_rotation() % 360]
        characters, wrong = _characters(text, turn)
        rulings = list(islice(_rulings(page, turn), MOST_RULINGS)) if characters else []
    finally:
        text.close()
        page.close()
    return characters, rulings, wrong


def _characters(text: Any, turn: Matrix) -> tuple[list[Character], int]:
    unicode_of, box_of = raw.FPDFText_GetUnicode, raw.FPDFText_GetLooseCharBox
    is_unmapped = raw.FPDFText_HasUnicodeMapError
    lies_on_its_side = turn[0] == 0
    along, down = (turn[2], turn[1]) if lies_on_its_side else (turn[0], turn[3])
    box = raw.FS_RECTF()
    reference = ctypes.byref(box)
    found: list[Character] = []
    wrong = 0
    width = 0.0
    spaced = False
    for index in range(raw.FPDFText_CountChars(text)):
        point = unicode_of(text, index)
        character = chr(point)
        if is_unmapped(text, index) == 1 or (
            point >= _FIRST_DOUBTFUL and MEANINGLESS.fullmatch(character)
        ):
            wrong += 1
        if character in _BLANKS:
            spaced = True
            continue
        if not box_of(text, index, reference):
            continue
        x0, x1, y0, y1 = box.left, box.right, box.bottom, box.top
        if point >= _FIRST_WIDE and not -_ALIKE < x1 - x0 - width < _ALIKE:
            x0, x1, y0, y1 = _whole_box(text, index, (x0, x1, y0, y1))
            width = x1 - x0
        if lies_on_its_side:
            x0, x1, y0, y1 = y0, y1, x0, x1
        if along < 0:
            x0, x1 = -x1, -x0
        middle = down * (y0 + y1) / 2
        if character in _PARTS:
            character = _folded(character)
        found.append(Character(character, x0, x1, middle, abs(y1 - y0), spaced))
        spaced = False
    return found, wrong


def _whole_box(text: Any, index: int, box: Box) -> Box:
    """Return the square of a full-width character; `box` holds its ink alone in some fonts.

    Fonts that are drawn piece by piece (Type 3, as browsers write them) don't say how tall they
    are. The base line tells a box of ink from a whole one, which begins there.
    """
    x, y, matrix = ctypes.c_double(), ctypes.c_double(), raw.FS_MATRIX()
    if not raw.FPDFText_GetCharOrigin(text, index, ctypes.byref(x), ctypes.byref(y)):
        return box
    raw.FPDFText_GetMatrix(text, index, ctypes.byref(matrix))
    if matrix.a <= 0 or matrix.b or abs(box[0] - x.value) <= _ALIKE:
        return box
    size = raw.FPDFText_GetFontSize(text, index) * matrix.a
    middle = y.value + _CENTRE * size
    return x.value, x.value + size, middle - size / 2, middle + size / 2


def _folded(character: str) -> str:
    return _RADICALS.get(character) or unicodedata.normalize("NFKC", character)


def _rulings(page: Any, turn: Matrix) -> Iterator[Ruling]:
    """Yield the straight lines of a page that run along or across it."""
    kind_of = raw.FPDFPageObj_GetType
    objects = range(raw.FPDFPage_CountObjects(page))
    waiting = [(raw.FPDFPage_GetObject(page, index), turn, 0) for index in objects]
    while waiting:
        item, outer, depth = waiting.pop()
        kind = kind_of(item)
        if kind == _PATH:
            yield from _straight(item, _times(_matrix(item), outer))
        elif kind == _FORM and depth < _DEEPEST:
            inner = _times(_matrix(item), outer)
            parts = range(raw.FPDFFormObj_CountObjects(item))
            waiting += [(raw.FPDFFormObj_GetObject(item, at), inner, depth + 1) for at in parts]


def _straight(path: Any, matrix: Matrix) -> Iterator[Ruling]:
    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    to_x, to_y = ctypes.byref(x), ctypes.byref(y)
    start = before = (0.0, 0.0)
    for index in range(raw.FPDFPath_CountSegments(path)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        raw.FPDFPathSegment_GetPoint(segment, to_x, to_y)
        at = (a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == _MOVE_TO:
            start = before = at
            continue
        if kind == _LINE_TO and (found := _along(before, at)):
            yield found
        before = at
        if raw.FPDFPathSegment_GetClose(segment) and (found := _along(at, start)):
            yield found


def _along(start: tuple[float, float], end: tuple[float, float]) -> Ruling | None:
    (x0, y0), (x1, y1) = start, end
    if abs(x1 - x0) <= _STRAIGHT and abs(y1 - y0) >= _SHORTEST:
        return Ruling(True, (x0 + x1) / 2, min(y0, y1), max(y0, y1))
    if abs(y1 - y0) <= _STRAIGHT and abs(x1 - x0) >= _SHORTEST:
        return Ruling(False, (y0 + y1) / 2, min(x0, x1), max(x0, x1))
    return None


def _matrix(item: Any) -> Matrix:
    found = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(item, ctypes.byref(found))
    return found.a, found.b, found.c, found.d, found.e, found.f


def _times(inner: Matrix, outer: Matrix) -> Matrix:
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return (
        a * p + b * r,
        a * q + b * s,
        c * p + d * r,
        c * q + d * s,
        e * p + f * r + t,
        e * q + f * s + u,
    )


def _not_opened(file: Path, reason: str) -> InputError:
    if "password" in reason.lower() or "security" in reason.lower():
        return refuse(
            str(file),
            Text("the PDF is protected by a password", "PDFがパスワードで保護されています"),
            Text("save it without a password", "パスワードを外して保存し直してください"),
            code="password",
        )
    return broken(file)


def broken(file: Path, page: int | None = None) -> InputError:
    """Say that a PDF, or one of its pages, can't be read."""
    return refuse(
        f"{file}: page {page}" if page else str(file),
        Text("the PDF is broken or not complete", "PDFが壊れているか、途中で切れています"),
        Text("download it again", "もう一度ダウンロードしてください"),
        code="broken_file",
    )


def too_long(file: Path, size: str, size_ja: str) -> InputError:
    """Say that a PDF has more pages or characters than are read."""
    return refuse(
        str(file),
        Text(f"the PDF is too long: {size}", f"PDFが長すぎます: {size_ja}"),
        Text("give the pages alone that hold the lists", "一覧のあるページだけを指定してください"),
        code="too_large",
    )
