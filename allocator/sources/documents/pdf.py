"""Reading a PDF's text layer: characters with their places, and the rulings of its tables."""

from __future__ import annotations

import ctypes
import unicodedata
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from allocator.domain.errors import InputError, refuse
from allocator.domain.text import Text
from allocator.sources.documents.layout import Character, page_lines
from allocator.sources.documents.legible import refuse_meaningless
from allocator.sources.documents.model import Document, Line, Place
from allocator.sources.documents.rulings import Ruling

if TYPE_CHECKING:
    import pypdfium2

MOST_PAGES: Final = 3_000
MOST_CHARACTERS: Final = 5_000_000
"""The most that is read of one PDF: several times the thickest set of papers."""

MOST_RULINGS: Final = 100_000
"""The most lines of one page that are looked at: drawings and maps can have millions."""

_PATH, _FORM = 2, 5  # FPDF_PAGEOBJ_PATH, FPDF_PAGEOBJ_FORM
_LINE_TO, _MOVE_TO = 0, 2  # FPDF_SEGMENT_LINETO, FPDF_SEGMENT_MOVETO
_DEEPEST: Final = 4
_STRAIGHT: Final = 1.0
_SHORTEST: Final = 3.0

# Characters that fonts give for others that look alike, and that no name in the register has:
# parts of characters (Kangxi radicals by NFKC, those that Unicode does not fold by this table).
_RADICALS: Final = {
    "⺠": "民", "⻁": "虎", "⻄": "西", "⻆": "角", "⻑": "長", "⻘": "青", "⻝": "食", "⻤": "鬼",
    "⻨": "麦", "⻩": "黄", "⻫": "斉", "⻭": "歯", "⻯": "竜", "⻲": "亀",
}  # fmt: skip

Matrix = tuple[float, float, float, float, float, float]
Turn = Callable[[float, float], tuple[float, float]]


def read_pdf(file: Path) -> Document:
    """Read every page of a PDF that has a text layer.

    Raises:
        InputError: protected by a password, broken, too long, only pictures of text, or fonts that
            don't say which characters they show.
    """
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError as error:
        raise _not_opened(file, str(error)) from None
    lines: list[Line] = []
    scanned: list[int] = []
    wrong = characters = 0
    try:
        if len(pdf) > MOST_PAGES:
            raise _too_long(file, f"{len(pdf):,} pages", f"{len(pdf):,} ページ")
        for number in range(1, len(pdf) + 1):
            try:
                found, rulings, without_meaning = _read_page(pdf, number - 1)
            except pypdfium2.PdfiumError:
                raise _broken(file, number) from None
            if not found:
                scanned.append(number)
            characters += len(found)
            wrong += without_meaning
            if characters > MOST_CHARACTERS:
                raise _too_long(file, f"{characters:,} characters", f"{characters:,} 文字")
            rows = page_lines(found, rulings)
            lines += [Line(Place(at, page=number), cells) for at, cells in rows]
            lines.append(Line(Place(len(rows) + 1, page=number), ()))
    finally:
        pdf.close()
    if not characters:
        raise _only_pictures(file, len(scanned))
    refuse_meaningless(file, wrong, characters)
    return Document(file, "pdf", tuple(lines), tuple(scanned), wrong)


def _read_page(
    pdf: pypdfium2.PdfDocument, index: int
) -> tuple[list[Character], list[Ruling], int]:
    """Return a page's characters and rulings, y downwards, and how many characters are unknown."""
    page = pdf[index]
    text = page.get_textpage()
    try:
        turn = _turn(page.get_rotation())
        characters, wrong = _characters(text, turn)
        rulings = list(islice(_rulings(page, turn), MOST_RULINGS)) if characters else []
    finally:
        text.close()
        page.close()
    return characters, rulings, wrong


def _turn(rotation: int) -> Turn:
    """Return how places on a page (y upwards) become places as they are seen (y downwards)."""
    turns: dict[int, Turn] = {
        0: lambda x, y: (x, -y),
        90: lambda x, y: (y, x),
        180: lambda x, y: (-x, y),
        270: lambda x, y: (-y, -x),
    }
    return turns[rotation % 360]


def _characters(text: Any, turn: Turn) -> tuple[list[Character], int]:
    from pypdfium2 import raw

    found: list[Character] = []
    wrong = 0
    spaced = False
    box = raw.FS_RECTF()
    reference = ctypes.byref(box)
    for index in range(raw.FPDFText_CountChars(text)):
        point = raw.FPDFText_GetUnicode(text, index)
        if point <= 0x20 or point in {0xA0, 0x3000}:
            if raw.FPDFText_HasUnicodeMapError(text, index) == 1:
                wrong += 1
            spaced = True
            continue
        if not raw.FPDFText_GetLooseCharBox(text, index, reference):
            continue
        if raw.FPDFText_HasUnicodeMapError(text, index) == 1 or _is_meaningless(point):
            wrong += 1
        x0, y0 = turn(box.left, box.bottom)
        x1, y1 = turn(box.right, box.top)
        found.append(
            Character(
                _folded(point),
                min(x0, x1),
                min(y0, y1),
                max(x0, x1),
                max(y0, y1),
                spaced,
            )
        )
        spaced = False
    return found, wrong


def _is_meaningless(point: int) -> bool:
    return point == 0xFFFD or 0xE000 <= point <= 0xF8FF or point >= 0xF0000


def _folded(point: int) -> str:
    character = chr(point) if not 0xD800 <= point <= 0xDFFF else "\ufffd"
    if 0x2E80 <= point <= 0x2FDF:
        return _RADICALS.get(character) or unicodedata.normalize("NFKC", character)
    return character


def _rulings(page: Any, turn: Turn) -> Iterator[Ruling]:
    """Yield the straight lines of a page that run along or across it."""
    from pypdfium2 import raw

    waiting: list[tuple[Any, Matrix, int]] = []
    whole: Matrix = (1, 0, 0, 1, 0, 0)
    for index in range(raw.FPDFPage_CountObjects(page)):
        waiting.append((raw.FPDFPage_GetObject(page, index), whole, 0))
    while waiting:
        item, outer, depth = waiting.pop()
        kind = raw.FPDFPageObj_GetType(item)
        if kind == _PATH:
            yield from _straight(item, _times(_matrix(item), outer), turn)
        elif kind == _FORM and depth < _DEEPEST:
            inner = _times(_matrix(item), outer)
            for index in range(raw.FPDFFormObj_CountObjects(item)):
                waiting.append((raw.FPDFFormObj_GetObject(item, index), inner, depth + 1))


def _straight(path: Any, matrix: Matrix, turn: Turn) -> Iterator[Ruling]:
    from pypdfium2 import raw

    a, b, c, d, e, f = matrix
    x, y = ctypes.c_float(), ctypes.c_float()
    start = before = (0.0, 0.0)
    for index in range(raw.FPDFPath_CountSegments(path)):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        at = turn(a * x.value + c * y.value + e, b * x.value + d * y.value + f)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == _MOVE_TO:
            start = at
        elif kind == _LINE_TO:
            yield from _along(before, at)
        before = at
        if raw.FPDFPathSegment_GetClose(segment):
            yield from _along(at, start)


def _along(start: tuple[float, float], end: tuple[float, float]) -> Iterator[Ruling]:
    (x0, y0), (x1, y1) = start, end
    if abs(x1 - x0) <= _STRAIGHT and abs(y1 - y0) >= _SHORTEST:
        yield Ruling(True, (x0 + x1) / 2, min(y0, y1), max(y0, y1))
    elif abs(y1 - y0) <= _STRAIGHT and abs(x1 - x0) >= _SHORTEST:
        yield Ruling(False, (y0 + y1) / 2, min(x0, x1), max(x0, x1))


def _matrix(item: Any) -> Matrix:
    from pypdfium2 import raw

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
        )
    return _broken(file)


def _broken(file: Path, page: int | None = None) -> InputError:
    return refuse(
        f"{file}: page {page}" if page else str(file),
        Text("the PDF is broken or not complete", "PDFが壊れているか、途中で切れています"),
        Text("download it again", "もう一度ダウンロードしてください"),
    )


def _too_long(file: Path, size: str, size_ja: str) -> InputError:
    return refuse(
        str(file),
        Text(f"the PDF is too long: {size}", f"PDFが長すぎます: {size_ja}"),
        Text("give the pages alone that hold the lists", "一覧のあるページだけを指定してください"),
    )


def _only_pictures(file: Path, pages: int) -> InputError:
    return refuse(
        str(file),
        Text(
            f"scanned, no text layer: none of the {pages:,} pages holds any text",
            f"スキャン画像のみで文字データがありません({pages:,} ページとも)",
        ),
        Text(
            "read it with a text recognition (OCR) program first, or ask for the original",
            "文字認識(OCR)をかけるか、元のファイルを入手してください",
        ),
    )
