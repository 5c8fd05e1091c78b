"""Looking into a PDF's compressed streams before anything is asked to unpack them."""

from __future__ import annotations

import re
import string
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from allocator.domain.errors import refuse
from allocator.domain.text import Text
from allocator.sources.reading.pdf.filters import (
    TooMuchError,
    from_85,
    from_hex,
    from_lzw,
    from_runs,
)

LARGEST_STREAM: Final = 32_000_000
LARGEST_TEXT: Final = 8_000_000
"""The most that a stream may unpack to, in bytes: whole fonts can be large, operators are not (a
page of text takes some thousand bytes), and reading them takes forty times their size."""

_LARGEST_WHOLE: Final = 200_000_000
"""The most that all streams may unpack to, of pictures no more than a piece."""

_MOST_OBJECTS: Final = 1_000_000
"""How often the word for an object may stand in a file: twice for each, at the most."""

MOST_STREAMS: Final = 200_000

_STREAM: Final = re.compile(rb"(?<!end)stream[^\r\n]*(?:\r\n?|\n)")
_FILTER: Final = re.compile(rb"/Filter\s*(?:\[([^\]]*)\]|(/[^\s/<>\[\]()]+))")
_ESCAPE: Final = re.compile(rb"#([0-9A-Fa-f]{2})")
_DICTIONARY: Final = 100_000
_PIECE: Final = 1_000_000
_SAMPLE: Final = 4_096
_PRINTED: Final = string.printable.encode()
_ZLIB: Final = 8
"""The low half of the first byte of what zlib packs."""


def refuse_bombs(file: Path, content: bytes) -> None:
    """Refuse a PDF with a stream that unpacks, filter by filter, to more than any page needs.

    Pictures may be large: reading text doesn't unpack them.

    Raises:
        InputError: there is such a stream, or there are too many to look at.
    """
    try:
        _look_through(content)
    except TooMuchError:
        raise refuse(
            str(file),
            Text(
                f"a part of the PDF unpacks to more than {LARGEST_TEXT:,} bytes, or all of it to "
                f"more than {_LARGEST_WHOLE:,}",
                f"PDFの一部が展開すると {LARGEST_TEXT:,} バイトを、"
                f"または全体で {_LARGEST_WHOLE:,} バイトを超えます",
            ),
            Text(
                "give the pages alone that hold the lists, printed anew as PDF",
                "一覧のあるページだけをPDFに出力し直してください",
            ),
            code="too_large",
        ) from None


def _look_through(content: bytes) -> None:
    if content.count(b"obj") > _MOST_OBJECTS:
        raise TooMuchError
    before = looked_at = 0
    for number, found in enumerate(_STREAM.finditer(content)):
        if number == MOST_STREAMS:
            raise TooMuchError
        start = max(before, found.start() - _DICTIONARY)
        opened = max(start, content.rfind(b"obj", start, found.start()))
        dictionary = _ESCAPE.sub(_unescaped, content[opened : found.start()])
        before = found.start()
        if b"/Image" in dictionary:
            # A picture may be large, as reading text doesn't unpack it; operators are none.
            points = _unpacked(content, found.end(), dictionary, _PIECE)
            looked_at += len(points)
            if len(points) <= _PIECE or not _is_text(points):
                continue
        whole = _unpacked(content, found.end(), dictionary, LARGEST_STREAM)
        looked_at += len(whole)
        if len(whole) > (LARGEST_TEXT if _is_text(whole) else LARGEST_STREAM):
            raise TooMuchError
        if looked_at > _LARGEST_WHOLE:
            raise TooMuchError


def _unescaped(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 16)])


def _unpacked(content: bytes, start: int, dictionary: bytes, most: int) -> bytes:
    """Undo a stream's filters one by one, until one gives more than `most` bytes.

    Raises:
        TooMuchError: it is too long to look through.
    """
    named = [part for both in _FILTER.findall(dictionary)[-1:] for part in both if part]
    names = [name.strip() for part in named for name in part.split(b"/")[1:]]
    found = b""
    while len(found) <= most:
        name = names.pop(0) if names else b""
        # What looks packed is taken for that: the filters may be named elsewhere.
        after = _inflated(content, start, most) if _is_packed(content, start) else b""
        if not after and name in _FILTERS:
            after = _FILTERS[name](content, start, most)
        if not after:
            break
        content, start, found = after, 0, after
    return found


def _is_packed(content: bytes, start: int) -> bool:
    """Tell whether what begins at `start` has the head that zlib gives and asks for."""
    head = content[start : start + 2]
    return bool(head[1:]) and head[0] & 15 == _ZLIB and int.from_bytes(head, "big") % 31 == 0


def _is_text(content: bytes) -> bool:
    """Tell operators of a page from points of a picture: they are mostly text."""
    sample = content[len(content) // 2 :][:_SAMPLE]
    return len(sample.translate(None, _PRINTED)) * 2 < len(sample)


def _inflated(content: bytes, start: int, most: int) -> bytes:
    """Unpack what zlib has packed, as far as it can be and `most` allows."""
    unpacker = zlib.decompressobj()
    found: list[bytes] = []
    size, at, rest = 0, start, b""
    try:
        while not unpacker.eof and (rest or at < len(content)):
            if not rest:
                rest = content[at : at + _PIECE]
                at += _PIECE
            found.append(unpacker.decompress(rest, _PIECE))
            size += len(found[-1])
            rest = unpacker.unconsumed_tail
            if size > most:
                break
    except zlib.error:
        pass  # broken, or no such stream: what came before counts
    return b"".join(found)


_FILTERS: Final[dict[bytes, Callable[[bytes, int, int], bytes]]] = {
    b"LZWDecode": from_lzw,
    b"LZW": from_lzw,
    b"RunLengthDecode": from_runs,
    b"RL": from_runs,
    b"ASCIIHexDecode": from_hex,
    b"AHx": from_hex,
    b"ASCII85Decode": from_85,
    b"A85": from_85,
}
"""Filters by their names; zlib's is known by its head, and those of pictures don't matter."""
