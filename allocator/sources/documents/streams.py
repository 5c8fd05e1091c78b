"""Looking into a PDF's compressed streams before anything is asked to unpack them."""

from __future__ import annotations

import re
import zlib
from pathlib import Path
from typing import Final

from allocator.domain.errors import refuse
from allocator.domain.text import Text

LARGEST_STREAM: Final = 32_000_000
"""The most that a stream may unpack to, in bytes; the text of a page takes a few thousand."""

_STREAM: Final = re.compile(rb"stream\r?\n")
_DICTIONARY: Final = 1_000
_PIECE: Final = 1_000_000


def refuse_bombs(file: Path, content: bytes) -> None:
    """Refuse a PDF with a stream that unpacks to far more than any page needs.

    Pictures are passed over: reading text doesn't unpack them.

    Raises:
        InputError: there is such a stream.
    """
    for found in _STREAM.finditer(content):
        before = content[max(found.start() - _DICTIONARY, 0) : found.start()]
        dictionary = before[before.rfind(b" obj") + 1 :]
        if b"/FlateDecode" not in dictionary or b"/Image" in dictionary:
            continue
        if _unpacks_to_too_much(content, found.end()):
            raise refuse(
                str(file),
                Text(
                    f"a part of the PDF unpacks to more than {LARGEST_STREAM:,} bytes",
                    f"PDFの一部が展開すると {LARGEST_STREAM:,} バイトを超えます",
                ),
                Text(
                    "give the pages alone that hold the lists, printed anew as PDF",
                    "一覧のあるページだけをPDFに出力し直してください",
                ),
            )


def _unpacks_to_too_much(content: bytes, start: int) -> bool:
    unpacker = zlib.decompressobj()
    size = 0
    at = start
    rest = b""
    try:
        while not unpacker.eof and (rest or at < len(content)):
            if not rest:
                rest = content[at : at + _PIECE]
                at += _PIECE
            size += len(unpacker.decompress(rest, _PIECE))
            rest = unpacker.unconsumed_tail
            if size > LARGEST_STREAM:
                return True
    except zlib.error:
        return False  # broken, or not where it seems to be: its reader will say so
    return False
