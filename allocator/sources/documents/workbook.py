"""Reading a workbook as lines of cells, after making sure that it is as small as it looks."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from pathlib import Path
from typing import Any, Final
from xml.parsers.expat import ExpatError, ParserCreate

from allocator.domain.errors import InputError, refuse
from allocator.domain.text import Text
from allocator.sources.documents.model import Document, Line, Place
from allocator.sources.sniff import unreadable

LARGEST_UNPACKED: Final = 16_000_000
"""The most that a document's workbook may hold unpacked, in bytes."""

MOST_CELLS: Final = 200_000
"""The largest area (rows times columns) of all sheets; readers make a cell for every place."""

_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})", re.IGNORECASE)


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


def checked(file: Path, largest: int = LARGEST_UNPACKED, most_cells: int = MOST_CELLS) -> bytes:
    """Return a workbook packed anew, without compression, once its size is known to be harmless.

    Sizes are counted while unpacking and not believed: what the archive says of itself may be
    wrong, and a sheet with one cell far out makes its readers reserve room for all before it.

    Raises:
        InputError: broken, unpacking to more than `largest` bytes, or sheets of more than
            `most_cells`.
    """
    packed = io.BytesIO()
    room = largest
    area = 0
    try:
        with zipfile.ZipFile(file) as archive, zipfile.ZipFile(packed, "w") as copy:
            for part in archive.infolist():
                if part.is_dir():
                    continue
                with archive.open(part) as opened:
                    content = opened.read(room + 1)
                room -= len(content)
                if room < 0:
                    raise _too_large(file, largest)
                if part.filename.endswith("workbook.bin"):
                    raise _binary(file)
                if b"sheetData" in content:
                    area += _area(content)
                    if area > most_cells:
                        raise _too_wide(file, part.filename, area, most_cells)
                copy.writestr(zipfile.ZipInfo(part.filename), content)
    except (zipfile.BadZipFile, zlib.error, ExpatError, EOFError, ValueError, NotImplementedError):
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


class _Extent:
    """Follows the cells of a sheet that hold something, as far as they reach."""

    def __init__(self) -> None:
        self.area = 0
        self._last_row = self._last_column = 0
        self._row = self._column = 0

    def read(self, content: bytes) -> None:
        """Take in a sheet.

        Raises:
            ExpatError, ValueError: it is no XML, or a cell is nowhere.
        """
        parser = ParserCreate("utf-8")  # as the reader does, whatever is declared
        parser.StartElementHandler = self._start
        parser.StartDoctypeDeclHandler = self._refuse
        parser.Parse(content, True)
        self.area = self._last_row * self._last_column

    def _refuse(self, *_: object) -> None:
        raise ValueError("a sheet with a document type")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = name.rpartition(":")[2]
        if local in {"v", "is"}:
            self._last_row = max(self._last_row, self._row)
            self._last_column = max(self._last_column, self._column)
        elif local == "c":
            self._column += 1
            if "r" in attributes:
                found = _REFERENCE.fullmatch(attributes["r"])
                if found is None:
                    raise ValueError(f"no place: {attributes['r']}")
                self._column, self._row = _column_number(found[1]), int(found[2])
        elif local == "row":
            self._row = int(attributes.get("r", self._row + 1))
            self._column = 0


def _area(content: bytes) -> int:
    extent = _Extent()
    extent.read(content)
    return extent.area


def _too_wide(file: Path, sheet: str, area: int, most: int) -> InputError:
    return refuse(
        f"{file}: {sheet}",
        Text(
            f"the sheets spread over {area:,} cells up to here, more than {most:,}",
            f"シートの範囲がここまでで {area:,} セルあり、上限 {most:,} を超えます",
        ),
        Text(
            "give the sheet of the list alone, and delete cells outside of the table",
            "一覧のシートだけにし、表の外にあるセルを削除してください",
        ),
    )


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


def _too_large(file: Path, largest: int) -> InputError:
    return refuse(
        str(file),
        Text(
            f"the workbook unpacks to more than {largest:,} bytes",
            f"展開すると上限 {largest:,} バイトを超えます",
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
