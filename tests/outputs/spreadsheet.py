"""A workbook in the hands of LibreOffice: change input cells, recalculate, read the values.

The parts of the file are read and changed as they stand: a library that reads and writes whole
workbooks takes longer than LibreOffice itself, and would drop what the file had calculated.
"""

from __future__ import annotations

import html
import re
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Final

from openpyxl.utils import column_index_from_string, get_column_letter

# Without this LibreOffice keeps the values that a file brings along.
_ALWAYS: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
_CELL: Final = re.compile(r'<c r="([A-Z]+)(\d+)"([^>]*?)(?:/>|>(.*?)</c>)', re.DOTALL)
_VALUE: Final = re.compile(r"<v>(.*?)</v>", re.DOTALL)
_TEXT: Final = re.compile(r"<t[^>]*>(.*?)</t>", re.DOTALL)
_SHEET: Final = re.compile(r'<sheet name="([^"]*)"')
_NAME: Final = re.compile(r'<definedName [^>]*?\bname="([^"]*)"[^>]*>(.*?)</definedName>')
_AREA: Final = re.compile(r"^(.*)!\$([A-Z]+)\$(\d+)(?::\$([A-Z]+)\$(\d+))?$")

Edit = Mapping[str, object]
"""Defined names (or cells) and what goes there: one value, a fraction, or values by position."""

Value = int | float | str | None


@dataclass(frozen=True)
class Book:
    """The cells of a workbook, sheet by sheet: values, and which of them are formulas."""

    parts: Mapping[str, bytes]
    titles: tuple[str, ...]
    names: Mapping[str, str]
    values: Mapping[str, Mapping[tuple[int, int], Value]]
    formulas: Mapping[str, frozenset[tuple[int, int]]]

    def area(self, name: str) -> tuple[str, list[tuple[int, int]]]:
        """Return the sheet of a defined name (or of cells in a formula), and its cells."""
        found = _AREA.match(self.names.get(name, name))
        assert found is not None, name
        title, left, top, right, bottom = found.groups()
        cols = range(_number(left), _number(right or left) + 1)
        rows = range(int(top), int(bottom or top) + 1)
        title = title.strip("'").replace("''", "'")
        return title, [(row, col) for row in rows for col in cols]

    def named(self, name: str) -> list[Value]:
        """Return the values of the cells that a defined name stands for."""
        title, places = self.area(name)
        return [self.values[title].get(place) for place in places]

    def rows(self, title: str, first: int) -> Iterator[list[Value]]:
        """Yield the rows of a sheet from `first` on (counted from 1)."""
        cells = self.values[title]
        last, widest = (max(place[axis] for place in cells) for axis in (0, 1))
        for row in range(first, last + 1):
            yield [cells.get((row, col)) for col in range(1, widest + 1)]


def opened(content: bytes) -> Book:
    """Read a workbook."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    described = parts["xl/workbook.xml"].decode()
    titles = tuple(html.unescape(title) for title in _SHEET.findall(described))
    names = {name: html.unescape(area) for name, area in _NAME.findall(described)}
    strings = re.findall(r"<si>(.*?)</si>", parts["xl/sharedStrings.xml"].decode(), re.DOTALL)
    shared = ["".join(map(html.unescape, _TEXT.findall(string))) for string in strings]
    values, formulas = {}, {}
    for number, title in enumerate(titles, start=1):
        cells: dict[tuple[int, int], Value] = {}
        computed = []
        text = parts[f"xl/worksheets/sheet{number}.xml"].decode()
        for letters, row, attributes, inside in _CELL.findall(text):
            place = int(row), _number(letters)
            if "<f" in inside:
                computed.append(place)
            if (found := _VALUE.search(inside)) is not None:
                cells[place] = _value(found[1], attributes, shared)
        values[title], formulas[title] = cells, frozenset(computed)
    return Book(parts, titles, names, values, formulas)


def edited(content: bytes, edit: Edit) -> bytes:
    """Return a workbook with other inputs, all else as it was."""
    book = opened(content)
    parts = dict(book.parts)
    formats = parts["xl/styles.xml"].partition(b"<cellXfs")[2].partition(b"</cellXfs>")[0]
    unlocked = [b'locked="0"' in each for each in formats.split(b"<xf ")[1:]]
    for name, value in edit.items():
        title, places = book.area(name)
        part = f"xl/worksheets/sheet{book.titles.index(title) + 1}.xml"
        changes: Mapping[int, object] = {0: value}
        if isinstance(value, Fraction):
            changes = {0: value.numerator, 1: value.denominator}
        elif isinstance(value, Mapping):
            changes = value
        for position, new in changes.items():
            row, col = places[position]
            parts[part] = _changed(parts[part], f"{get_column_letter(col)}{row}", new, unlocked)
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, text in parts.items():
            archive.writestr(part, text)
    return out.getvalue()


def converted(soffice: str, files: Mapping[str, bytes], folder: Path, to: str) -> dict[str, Path]:
    """Let LibreOffice load, recalculate and save all `files` at once."""
    given, made, user = folder / "in", folder / to, folder / "profile" / "user"
    for place in (given, user):
        place.mkdir(parents=True, exist_ok=True)
    (user / "registrymodifications.xcu").write_text(_ALWAYS, encoding="utf-8")
    for name, content in files.items():
        (given / f"{name}.xlsx").write_bytes(content)
    form = "xlsx:Calc MS Excel 2007 XML" if to == "xlsx" else to
    command = [soffice, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += ["--convert-to", form, "--outdir", str(made)]
    command += [str(given / f"{name}.xlsx") for name in files]
    subprocess.run(command, check=True, capture_output=True, timeout=300)
    return {name: made / f"{name}.{to}" for name in files}


def recalculated(soffice: str, files: Mapping[str, bytes], folder: Path) -> dict[str, Book]:
    """Return the workbooks with the values that LibreOffice calculates."""
    paths = converted(soffice, files, folder, "xlsx")
    return {name: opened(path.read_bytes()) for name, path in paths.items()}


def differing(content: bytes, calculated: Book) -> list[tuple[str, tuple[int, int], Value, Value]]:
    """Return the formulas whose cached value isn't what LibreOffice calculates."""
    ours = opened(content)
    assert ours.titles == calculated.titles
    return [
        (title, place, cells.get(place), calculated.values[title].get(place))
        for title, cells in ours.values.items()
        for place in sorted(ours.formulas[title])
        if not _same(cells.get(place), calculated.values[title].get(place))
    ]


def _changed(part: bytes, cell: str, value: object, unlocked: list[bool]) -> bytes:
    pattern = re.compile(rf'<c r="{cell}"( s="(\d+)")?[^>]*?>.*?</c>'.encode())
    found = pattern.search(part)
    assert found is not None, cell
    assert unlocked[int(found[2] or 0)], f"{cell} is no input"
    style = (found[1] or b"").decode()
    new = f'<c r="{cell}"{style}><v>{value}</v></c>'
    if isinstance(value, str):
        new = f'<c r="{cell}"{style} t="inlineStr"><is><t>{value}</t></is></c>'
    return part[: found.start()] + new.encode() + part[found.end() :]


def _value(text: str, attributes: str, shared: list[str]) -> Value:
    if 't="s"' in attributes:
        return shared[int(text)]
    if 't="str"' in attributes or 't="e"' in attributes:
        return html.unescape(text)
    if not text:
        return None
    number = float(text)
    return int(number) if number.is_integer() else number


def _same(ours: Value, theirs: Value) -> bool:
    if isinstance(ours, float) and isinstance(theirs, float | int):
        return abs(ours - theirs) <= 1e-9 * abs(ours)
    return (ours or 0) == (theirs or 0)


def _number(letters: str) -> int:
    return int(column_index_from_string(letters))
