"""The filters of PDF streams other than zlib's, undone as far as a limit allows.

Each takes the content of a file, where in it the stream begins, and the most bytes to unpack;
what comes back may be a little more than that, and is cut short where the stream is broken.
"""

from __future__ import annotations

import base64
import re
from typing import Final

_MOST_LZW: Final = 1_000_000
"""The longest stream of this old packing that is looked through, in bytes."""

_BLANKS: Final = re.compile(rb"[\x00\t\n\f\r ]+")
_NO_HEX: Final = re.compile(rb"[^0-9A-Fa-f]")
_NO_85: Final = re.compile(rb"[^!-uz]")
_CLEAR, _END = 256, 257
_SHORTEST, _LONGEST = 9, 12
_RUN_ENDS: Final = 128


class TooMuchError(Exception):
    """A stream unpacks to more than it may."""


def from_hex(content: bytes, start: int, most: int) -> bytes:
    """Undo ASCIIHexDecode."""
    digits = _NO_HEX.sub(b"", _up_to(content, start, b">", 2 * most))
    return bytes.fromhex(digits[: len(digits) // 2 * 2].decode())


def from_85(content: bytes, start: int, most: int) -> bytes:
    """Undo ASCII85Decode."""
    text = _NO_85.sub(b"", _up_to(content, start, b"~>", 2 * most))
    try:
        return base64.a85decode(text)
    except ValueError:
        return b""


def from_runs(content: bytes, start: int, most: int) -> bytes:
    """Undo RunLengthDecode."""
    found = bytearray()
    at = start
    while at < len(content) and (length := content[at]) != _RUN_ENDS and len(found) <= most:
        if length < _RUN_ENDS:
            found += content[at + 1 : at + 2 + length]
            at += 2 + length
        else:
            found += content[at + 1 : at + 2] * (257 - length)
            at += 2
    return bytes(found)


def from_lzw(content: bytes, start: int, most: int) -> bytes:
    """Undo LZWDecode.

    Raises:
        TooMuchError: the stream itself is too long to look through.
    """
    found = bytearray()
    table = [bytes([byte]) for byte in range(256)] + [b"", b""]
    before = b""
    bits = held = 0
    width = _SHORTEST
    for byte in content[start : start + _MOST_LZW]:
        bits, held = bits << 8 | byte, held + 8
        if held < width:
            continue
        held -= width
        code, bits = bits >> held, bits & (1 << held) - 1
        if code == _END or code > len(table) or len(found) > most:
            return bytes(found)
        if code == _CLEAR:
            del table[_END + 1 :]
            before, width = b"", _SHORTEST
            continue
        entry = table[code] if code < len(table) else before + before[:1]
        found += entry
        if before and len(table) < 1 << _LONGEST:
            table.append(before + entry[:1])
        before = entry
        width = min(_LONGEST, max(_SHORTEST, (len(table) + 1).bit_length()))
    if start + _MOST_LZW < len(content):
        raise TooMuchError
    return bytes(found)


def _up_to(content: bytes, start: int, mark: bytes, most: int) -> bytes:
    """Return a stream of text without blanks, up to the mark that ends it."""
    end = content.find(mark, start, start + most)
    return _BLANKS.sub(b"", content[start : end if end >= 0 else start + most])
