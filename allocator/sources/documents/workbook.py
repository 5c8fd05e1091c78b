"""Reading a workbook as lines of cells, after making sure that it is as small as it looks."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import Path
from typing import Any, Final

from allocator.domain.errors import InputError, refuse
from allocator.domain.text import Text
from allocator.sources.documents.model import Document, Line, Place
from allocator.sources.sniff import unreadable

LARGEST_UNPACKED: Final = 64_000_000
"""The most that a document's workbook may hold unpacked, in bytes."""

MOST_CELLS: Final = 4_000_000
"""The largest area (rows times columns) of a sheet; readers reserve room for every cell of it."""

_REFERENCE: Final = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{0,3})([0-9]{1,8})["']""")


def read_workbook(file: Path) -> Document:
    """Read the cells of a workbook's sheets as text.

    Raises:
        InputError: broken, encrypted, unpacking to too much, or a sheet of too large an area.
    """
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    content = checked(file)
    lines: list[Line] = []
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for name in workbook.sheet_names:
            rows = workbook.get_sheet_by_name(name).to_python(skip_empty_area=False)
            for number, row in enumerate(rows, start=1):
                cells = tuple(_cell(value) for value in row)
                lines.append(Line(Place(number, sheet=name), cells if any(cells) else ()))
    except PasswordError:
        raise refuse(
            str(file),
            Text("the workbook is protected by a password", "ブックがパスワードで保護されています"),
            Text("save it without a password", "パスワードを外して保存し直してください"),
        ) from None
    except (CalamineError, OSError, ValueError):
        raise _broken(file) from None
    return Document(file, "xlsx", tuple(lines))


def checked(file: Path) -> bytes:
    """Return a workbook packed anew, without compression, once its size is known to be harmless.

    Sizes are counted while unpacking and not believed: what the archive says of itself may be
    wrong, and a sheet with one cell far out makes its readers reserve room for all before it.

    Raises:
        InputError: broken, unpacking to too much, or a sheet of too large an area.
    """
    packed = io.BytesIO()
    room = LARGEST_UNPACKED
    try:
        with zipfile.ZipFile(file) as archive, zipfile.ZipFile(packed, "w") as copy:
            for part in archive.infolist():
                if part.is_dir():
                    continue
                with archive.open(part) as opened:
                    content = opened.read(room + 1)
                room -= len(content)
                if room < 0:
                    raise _too_large(file)
                if part.filename.endswith("workbook.bin"):
                    raise _binary(file)
                if b"sheetData" in content:
                    _refuse_large_area(file, part.filename, content)
                copy.writestr(zipfile.ZipInfo(part.filename), content)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError):
        raise _broken(file) from None
    except RuntimeError:  # what zipfile raises for an encrypted archive
        raise refuse(
            str(file),
            Text("the archive is protected by a password", "パスワードで保護されています"),
            Text("save it without a password", "パスワードを外して保存し直してください"),
        ) from None
    except OSError as error:
        raise unreadable(file, error) from None
    return packed.getvalue()


def _refuse_large_area(file: Path, sheet: str, content: bytes) -> None:
    columns = {b""}
    last_row = 0
    for found in _REFERENCE.finditer(content):
        columns.add(found[1])
        last_row = max(last_row, int(found[2]))
    area = last_row * max(map(_column_number, columns))
    if area > MOST_CELLS:
        raise refuse(
            f"{file}: {sheet}",
            Text(
                f"the sheet spreads over {area:,} cells, more than the {MOST_CELLS:,} of a document",
                f"シートの範囲が {area:,} セルあり、文書の上限 {MOST_CELLS:,} を超えます",
            ),
            Text(
                "delete the cells outside of the table, and save it again",
                "表の外にあるセルを削除して保存し直してください",
            ),
        )


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def _too_large(file: Path) -> InputError:
    return refuse(
        str(file),
        Text(
            f"the workbook unpacks to more than {LARGEST_UNPACKED:,} bytes",
            f"展開すると上限 {LARGEST_UNPACKED:,} バイトを超えます",
        ),
        Text("give the table alone", "必要な表だけのファイルにしてください"),
    )


def _binary(file: Path) -> InputError:
    return refuse(
        str(file),
        Text("a workbook of the binary format .xlsb", "バイナリ形式(.xlsb)のブックです"),
        Text("open it and save it as .xlsx", "開いて .xlsx で保存し直してください"),
    )


def _broken(file: Path) -> InputError:
    return refuse(
        str(file),
        Text(
            "the workbook is broken or not complete",
            "表計算ファイルが壊れているか、途中で切れています",
        ),
        Text("download or save it again", "もう一度ダウンロードまたは保存してください"),
    )


def _cell(value: Any) -> str:
    """Return a typed cell as text; a whole float is a whole number (spreadsheets know no other)."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return " ".join(str(value).split())
