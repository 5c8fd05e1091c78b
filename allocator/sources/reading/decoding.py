"""Text from bytes, in any of the encodings that offices write."""

from __future__ import annotations

import codecs
from pathlib import Path
from typing import Final

from allocator.domain.errors import refuse
from allocator.domain.text import Text
from allocator.files.sniff import unmarked_utf_16
from allocator.sources.reading.limits import (
    MOST_ROWS,
    MOST_TEXT,
    too_long_a_line,
    too_many,
    too_much_text,
)

_LONGEST_LINE: Final = 250_000
"""No line of this many characters, or twice as many, is one of a table."""


def decode(content: bytes, file: Path) -> str:
    """Decode text: UTF-16 where it has that mark or plainly is that, else UTF-8, else CP932."""
    utf_16 = _utf_16(content)
    for encoding in [utf_16] if utf_16 else ["utf-8-sig", "cp932"]:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise refuse(
        str(file),
        Text("not text in UTF-8, UTF-16 or CP932", "UTF-8・UTF-16・CP932の文字として読めません"),
        Text("save it as CSV in UTF-8", "UTF-8のCSVで保存し直してください"),
        code="unknown_encoding",
    )


def _utf_16(content: bytes) -> str | None:
    """Return how a text in UTF-16 is written, None where it is in another encoding."""
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    return unmarked_utf_16(content) if b"\0" in content else None


def text_of(file: Path, content: bytes, most_lines: int = MOST_ROWS) -> str:
    """Return the text of a table, its line ends made one.

    Raises:
        InputError: no text in an encoding that is read, or more than a table has.
    """
    if len(content) > MOST_TEXT:
        raise too_much_text(file)
    if b"\r" in content and _utf_16(content) is None:
        content = content.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    text = decode(content, file)
    if "\0" in text:
        raise refuse(
            str(file),
            Text("not a text file", "テキストファイルではありません"),
            Text("save it as plain CSV", "通常のCSVで保存してください"),
            code="not_text",
        )
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    _refuse_large(file, text, most_lines)
    return text


def _refuse_large(file: Path, text: str, most_lines: int) -> None:
    """Refuse too many lines, and one that is far too long.

    Of two lengths in a row, a line of twice that length has one whole: there is no end in it.
    """
    lines = text.count("\n")
    if lines > most_lines:
        raise too_many(file, lines, Text("lines", "行"), most_lines)
    for at in range(0, len(text) - _LONGEST_LINE, _LONGEST_LINE):
        if text.find("\n", at, at + _LONGEST_LINE) < 0:
            raise too_long_a_line(file, text.count("\n", 0, at) + 1, _LONGEST_LINE)
