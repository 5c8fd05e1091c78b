"""A workbook in the hands of LibreOffice: change input cells, recalculate, read the values."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Final

from openpyxl import Workbook, load_workbook

# Without this LibreOffice keeps the values that a file brings along.
_ALWAYS: Final = """\
<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""

Edit = Mapping[str, object]
"""Defined names and what goes into their cells: one value, a fraction, or values by position."""


def edited(content: bytes, edit: Edit) -> bytes:
    """Return a workbook with other inputs; what it had calculated is gone."""
    workbook = load_workbook(BytesIO(content))
    for name, value in edit.items():
        ((title, place),) = workbook.defined_names[name].destinations
        found = workbook[title][place]
        cells = [cell for row in found for cell in row] if isinstance(found, tuple) else [found]
        if isinstance(value, Fraction):
            cells[0].value, cells[1].value = value.numerator, value.denominator
        elif isinstance(value, Mapping):
            for position, other in value.items():
                cells[position].value = other
        else:
            (cell,) = cells
            cell.value = value
    out = BytesIO()
    workbook.save(out)
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


def recalculated(soffice: str, files: Mapping[str, bytes], folder: Path) -> dict[str, Workbook]:
    """Return the workbooks with the values that LibreOffice calculates."""
    paths = converted(soffice, files, folder, "xlsx")
    return {name: load_workbook(path, data_only=True) for name, path in paths.items()}


def differing(content: bytes, calculated: Workbook) -> list[tuple[str, str, object, object]]:
    """Return the formulas whose cached value isn't what LibreOffice calculates."""
    formulas, cached = (
        load_workbook(BytesIO(content)),
        load_workbook(BytesIO(content), data_only=True),
    )
    found = []
    for sheet in formulas.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type != "f":
                    continue
                ours = cached[sheet.title][cell.coordinate].value
                theirs = calculated[sheet.title][cell.coordinate].value
                if not _same(ours, theirs):
                    found.append((sheet.title, cell.coordinate, ours, theirs))
    return found


def _same(ours: object, theirs: object) -> bool:
    if isinstance(ours, float) and isinstance(theirs, float | int):
        return abs(ours - theirs) <= 1e-9 * abs(ours)
    return (ours or 0) == (theirs or 0)
