"""Text from bytes, in any of the encodings that offices write."""

from __future__ import annotations

import codecs
from pathlib import Path

from allocator.domain.errors import refuse
from allocator.domain.text import Text
from allocator.files.sniff import unmarked_utf_16


def decode(content: bytes, file: Path) -> str:
    """Decode text: UTF-16 where it has that mark or plainly is that, else UTF-8, else CP932."""
    encodings = ["utf-8-sig", "cp932"]
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["utf-16"]
    elif b"\0" in content and (unmarked := unmarked_utf_16(content)) is not None:
        encodings = [unmarked]
    for encoding in encodings:
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


def text_of(file: Path, content: bytes) -> str:
    """Return the text of a table, its line ends made one.

    Raises:
        InputError: no text in an encoding that is read.
    """
    text = decode(content, file)
    if "\0" in text:
        raise refuse(
            str(file),
            Text("not a text file", "テキストファイルではありません"),
            Text("save it as plain CSV", "通常のCSVで保存してください"),
            code="not_text",
        )
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text
