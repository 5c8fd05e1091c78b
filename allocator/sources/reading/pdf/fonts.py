"""One font for all that a PDF does not embed, so that nothing depends on the fonts of a machine.

PDFium takes where a character stands and how wide it is from the file (`/W`, `/DW`, `/Widths`), but
stretches it to the ink of the font; where the file brings none, of whatever the machine has that
looks alike. What has no ink there is dropped without a word when it lies on its side: all Japanese
text on a machine without Japanese fonts. So PDFium is given this font, and no other: each of its
characters has ink, and none reaches beyond the widths and heights that files state.
"""

from __future__ import annotations

import ctypes
import struct
from functools import cache
from typing import Any, Final

from pypdfium2 import raw  # type: ignore[import-untyped]

_EM: Final = 1000
_ASCENT, _DESCENT = 880, -120
"""The square that Japanese fonts are drawn in: where the file does not say how tall its font is."""

_TOP: Final = 700
"""How tall a character is drawn: not beyond what files say of their fonts."""

_NARROW: Final = 100
_HALF: Final = 500
"""How wide a character of a font is that says nothing of its widths, against the standard."""

_GLYPHS: Final = 0xFFFF
_LAST_CHARACTER: Final = 0x10FFFF

# PDFium brings along the 14 fonts that need no widths in the file; it has no Japanese ones.
_BROUGHT_ALONG: Final = (b"Courier", b"Helvetica", b"Times", b"Symbol", b"ZapfDingbats")
_JAPANESE_AND_THE_LIKE: Final = frozenset({128, 129, 134, 136})  # FXFONT_SHIFTJIS_CHARSET, ...
_HANDLE: Final = 1
_COLLECTION: Final = int.from_bytes(b"ttcf", "big")
_WHOLE: Final = 0
_HEAD: Final = struct.pack(">4sLLL", b"ttcf", 0x10000, 1, 16)

_installed: list[Any] = []


def use_no_font_of_the_machine() -> None:
    """Let PDFium know of no font but those it brings along and this one; for this whole process."""
    if _installed:
        return
    info = raw.FPDF_SYSFONTINFO(version=1)
    for name, answer in (("MapFont", _map_font), ("GetFontData", _get_font_data)):
        setattr(info, name, type(getattr(info, name))(answer))
    raw.FPDF_SetSystemFontInfo(info)
    _installed.append(info)  # PDFium keeps its address


def _map_font(
    _info: Any, _weight: int, _italic: int, charset: int, _pitch: int, face: Any, _exact: Any
) -> int | None:
    known = ctypes.string_at(face).startswith(_BROUGHT_ALONG)
    return None if known and charset not in _JAPANESE_AND_THE_LIKE else _HANDLE


def _get_font_data(_info: Any, _font: Any, table: int, buffer: Any, size: int) -> int:
    """Give the collection, or the font within it, or nothing: no other part by its name."""
    start = {_COLLECTION: 0, _WHOLE: len(_HEAD)}.get(table)
    if start is None:
        return 0
    content = square_font()[start:]
    ctypes.memmove(buffer, content, min(size, len(content)))
    return len(content)


@cache
def square_font() -> bytes:
    """Return a TrueType font with the same narrow box for every character and every number.

    It's a collection of one: PDFium then holds it once, however many fonts a document names.
    """
    box = struct.pack(">hhhhh", 1, 0, _DESCENT, _NARROW, _TOP)
    # One contour ends with point 1; no instructions; two points on it; their steps in x, in y.
    corners = struct.pack(">HHBBhhhh", 1, 0, 1, 1, 0, _NARROW, _DESCENT, _TOP - _DESCENT)
    glyph = box + corners
    everything = struct.pack(">HHLLLLLL", 13, 0, 28, 0, 1, 0, _LAST_CHARACTER, 1)
    tables = {
        b"cmap": struct.pack(">HHHHLHHL", 0, 2, 3, 1, 20, 3, 10, 20) + everything,
        b"glyf": glyph * _GLYPHS,
        b"head": struct.pack(
            ">LLLLHH16xhhhhHHhhh",
            *(0x10000, 0x10000, 0, 0x5F0F3CF5, 0, _EM),
            *(0, _DESCENT, _NARROW, _ASCENT, 0, 8, 2, 1, 0),
        ),
        b"hhea": struct.pack(
            ">LhhhHhhhhhh8xhH",
            *(0x10000, _ASCENT, _DESCENT, 0, _HALF, 0, 0, _NARROW, 1, 0, 0),
            *(0, 1),
        ),
        b"hmtx": struct.pack(">Hh", _HALF, 0) + bytes(2 * (_GLYPHS - 1)),
        b"loca": struct.pack(f">{_GLYPHS + 1}L", *range(0, len(glyph) * (_GLYPHS + 1), len(glyph))),
        b"maxp": struct.pack(">LHHHHHHHHHHHHHH", 0x10000, _GLYPHS, 2, 1, *(0,) * 2, 1, *(0,) * 8),
    }
    return _font_file(tables)


def _font_file(tables: dict[bytes, bytes]) -> bytes:
    """Return a collection with a font of these tables, which are in the order of their names."""
    head = _HEAD + struct.pack(">LHHHH", 0x10000, len(tables), 64, 2, 16 * len(tables) - 64)
    at = len(head) + 16 * len(tables)
    content = b""
    for name, table in tables.items():
        head += struct.pack(">4sLLL", name, 0, at + len(content), len(table))
        content += table + bytes(-len(table) % 4)
    return head + content
