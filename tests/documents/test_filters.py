"""Filters of PDF streams, undone by hand, and the pictures that are left alone."""

from __future__ import annotations

import base64
import zlib
from pathlib import Path

import pytest

from allocator.domain.errors import InputError
from allocator.sources.reading.pdf.filters import from_85, from_hex, from_lzw, from_runs
from allocator.sources.reading.pdf.streams import LARGEST_TEXT, refuse_bombs

TEXT = b"0 0 m 9 9 l S\n" * 40


def test_lzw_by_the_example_of_the_standard() -> None:
    """ISO 32000-1, 7.4.4.2."""
    packed = bytes.fromhex("800B6050220C0C8501")
    assert from_lzw(b"xx" + packed + b"endstream", 2, 100) == bytes(
        [45, 45, 45, 45, 45, 65, 45, 45, 45, 66]
    )


def test_digits_and_runs() -> None:
    assert from_hex(b"61 62\n6 3>ff", 0, 100) == b"abc"
    assert from_85(base64.a85encode(TEXT, wrapcol=60) + b"~>more", 0, 1_000) == TEXT
    assert from_85(b"\x80~>", 0, 100) == b""
    assert from_runs(b"\x02abc\xfed\x80rest", 0, 100) == b"abcddd"
    assert len(from_runs(b"\x81d" * 100, 0, 1_000)) <= 1_000 + 128


@pytest.mark.parametrize(
    ("keys", "content", "refused"),
    [
        (b"/Filter/FlateDecode", zlib.compress(bytes(LARGEST_TEXT + 1)), False),
        (b"/Filter/FlateDecode", zlib.compress(b" " * (LARGEST_TEXT + 1)), True),
        (b"/Filter/FlateDecode", zlib.compress(b" " * LARGEST_TEXT), False),
        (b"/Subtype/Image/Filter/FlateDecode", zlib.compress(b"\xff" * 40_000_000), False),
        (b"/Filter/FlateDecode", zlib.compress(b"\xff" * 40_000_000), True),
        (b"/Filter/DCTDecode", b"\xff\xd8" * 1_000, False),
    ],
    ids=["a font", "a page", "a page just small enough", "a picture", "too large", "a photograph"],
)
def test_what_is_too_much(keys: bytes, content: bytes, refused: bool) -> None:
    pdf = b"%%PDF-1.7\n1 0 obj<<%s>>stream\r\n%s\nendstream endobj\n%%%%EOF" % (keys, content)
    if refused:
        with pytest.raises(InputError, match="unpacks to more than"):
            refuse_bombs(Path("a.pdf"), pdf)
    else:
        refuse_bombs(Path("a.pdf"), pdf)
