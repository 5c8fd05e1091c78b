"""What a file is, by its first bytes and never by its name; what we don't read is refused."""

from __future__ import annotations

import codecs
import io
import unicodedata
import zipfile
from pathlib import Path
from typing import Final, Literal

from allocator.domain.errors import InputError, refuse
from allocator.domain.text import Text

FileKind = Literal["xlsx", "xls", "parquet", "pdf", "text"]

LARGEST_FILE: Final = 100_000_000
"""The largest file that is read, in bytes; a list of a million rows takes about 20 million."""

_MOST_PARTS: Final = 5_000
_ENTRY: Final = b"PK\1\2"
"""What every entry of a zip's directory begins with."""

_MIME: Final = 30
_OPEN_DOCUMENT: Final = b"mimetypeapplication/vnd.oasis.opendocument."
"""Where and how a zip begins whose first part says that it is OpenDocument."""

_HEAD: Final = 4096
_BREAKS: Final = frozenset("\t\n\v\f\r")
_NO_TEXT: Final = frozenset({"Cc", "Cn", "Cs"})
"""What no text holds: control characters, and what stands for none. 外字 (Co) it may."""

_FEWEST_PLAIN: Final = 20
"""One in so many characters of a table or a paper is ASCII, at the least."""

GIVE_ANOTHER: Final = Text("give a file that can be read", "読めるファイルを指定してください")


def sniff(file: Path, content: bytes) -> FileKind:
    """Return what kind of file this is, by what it holds; `file` is its name for messages.

    Raises:
        InputError: empty, HTML, a zip that is no workbook, noise.
    """
    head = content[:_HEAD]
    if not head.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise refuse(
            str(file),
            Text("the file is empty", "ファイルが空です"),
            GIVE_ANOTHER,
            code="empty_file",
        )
    if head.startswith(b"PK"):
        return _workbook(file, content)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "xls"
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"%PDF-"):
        return "pdf"
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise refuse(
            str(file),
            Text(
                "this is a web page (HTML or XML), whatever its name says",
                "名前にかかわらず、中身はウェブページ(HTML・XML)です",
            ),
            Text("download the file itself again", "ファイル本体をダウンロードし直してください"),
            code="web_page",
        )
    marked = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if b"\0" in head and not marked and unmarked_utf_16(head) is None:
        raise refuse(
            str(file),
            Text("neither text nor a workbook", "テキストでも表計算ファイルでもありません"),
            GIVE_ANOTHER,
            code="unknown_kind_of_file",
        )
    return "text"


def unmarked_utf_16(content: bytes) -> Literal["utf-16-le", "utf-16-be"] | None:
    """Return how a text in UTF-16 that doesn't say so is written, None where it plainly isn't one.

    Its first bytes tell: signs of ASCII (every line has some: commas, figures, its end) have a NUL
    as every other byte, on the side that few other characters have one (the ideographic space has
    it on the other). What is decoded has nothing but signs that texts have, some of them ASCII.
    Data that is no text has not.
    """
    head = content[: _HEAD // 2 * 2]
    first, second = head[::2].count(0), head[1::2].count(0)
    if first == second:
        return None
    encoding: Literal["utf-16-le", "utf-16-be"] = "utf-16-le" if first < second else "utf-16-be"
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(head)
    except UnicodeDecodeError:
        return None
    plain = sum(each in _BREAKS or " " <= each <= "~" for each in text)
    is_text = all(each in _BREAKS or unicodedata.category(each) not in _NO_TEXT for each in text)
    return encoding if is_text and 0 < len(text) <= plain * _FEWEST_PLAIN else None


def _workbook(file: Path, content: bytes) -> FileKind:
    broken = refuse(
        str(file),
        Text(
            "the workbook is broken or not complete",
            "表計算ファイルが壊れているか、途中で切れています",
        ),
        Text("download or save it again", "もう一度ダウンロードまたは保存してください"),
        code="broken_file",
    )
    count = content.count(_ENTRY)
    if count > _MOST_PARTS:  # the directory itself takes long to read
        raise refuse(
            str(file),
            Text(
                f"the workbook has {count:,} parts, more than {_MOST_PARTS:,}",
                f"ブックの構成ファイルが {count:,} 個あり、上限 {_MOST_PARTS:,} を超えます",
            ),
            Text("give the table alone", "必要な表だけのファイルにしてください"),
            code="too_large",
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise broken from None
    if content.startswith(_OPEN_DOCUMENT, _MIME):
        raise refuse(
            str(file),
            Text("an OpenDocument file (.ods, .odt …)", "OpenDocument形式(.ods、.odtなど)です"),
            Text("open it and save it as .xlsx or PDF", "開いて .xlsx かPDFで保存し直してください"),
            code="unknown_kind_of_file",
        )
    if not any(part.filename.startswith("xl/") for part in parts):
        raise refuse(
            str(file),
            Text(
                "a zip archive, but no Excel workbook", "ZIP形式ですが、Excelブックではありません"
            ),
            Text("unpack it, and give the file inside", "展開して、中のファイルを指定してください"),
            code="unknown_kind_of_file",
        )
    return "xlsx"


def unreadable(file: Path, error: Exception) -> InputError:
    """Say that the system would not let us read a file, and why."""
    reason = getattr(error, "strerror", None) or str(error)
    return refuse(
        str(file),
        Text(f"cannot be read: {reason}", f"読めません: {reason}"),
        GIVE_ANOTHER,
        code="cannot_read",
    )
