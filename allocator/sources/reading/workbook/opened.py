"""The one place where workbooks (.xlsx, .xls) are opened: looked into first, then read as text."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from allocator.files.source import Source
from allocator.sources.reading.limits import (
    LONGEST_CELL,
    refuse_long_cells,
    too_long_a_cell,
    too_wide,
)
from allocator.sources.reading.workbook.parts import TooMuchError
from allocator.sources.reading.workbook.refusals import (
    broken,
    no_copy,
    no_workbook,
    protected,
    too_full,
    too_large,
)
from allocator.sources.reading.workbook.xls import (
    LARGEST_OLD,
    NoWorkbookError,
    ProtectedError,
    checked_old,
)
from allocator.sources.reading.workbook.xlsx import Limits, copy_checked

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook


OF_TABLES: Final = Limits(60_000_000, 1_000_000, 300_000, 2_500_000)
OF_DOCUMENTS: Final = Limits(16_000_000, 200_000, 200_000, 1_500_000)


Area = tuple[tuple[int, int], tuple[int, int]]
"""The first and the last cell of merged ones: row and column, from 0 on."""


_LONGEST_NAME: Final = 255
"""The most characters of a sheet's name: spreadsheets allow 31, others a few more."""


class Sheet(NamedTuple):
    """One sheet: its name, its rows of cells as text, stripped, and which cells are merged."""

    name: str
    rows: list[list[str]]
    merged: Sequence[Area] = ()


def read_workbook(source: Source, limits: Limits) -> list[Sheet]:
    """Return the sheets of a workbook that is known to be harmless.

    Raises:
        InputError: no workbook, broken, encrypted, or holding more than `limits`.
    """
    from python_calamine import CalamineError, PasswordError

    file = source.path
    try:
        if source.kind == "xlsx":
            return _read_packed(source, limits)
        return _read_old(source, limits)
    except PasswordError:
        raise protected(file) from None
    except (CalamineError, ValueError):
        raise broken(file) from None
    except OSError as error:
        raise no_copy(file, error) from None
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # the reader's own, and no Exception
            raise broken(file) from None
        raise


def _read_packed(source: Source, limits: Limits) -> list[Sheet]:
    from python_calamine import CalamineWorkbook

    file = source.path
    with tempfile.TemporaryDirectory(prefix="allocator-") as folder:
        copy = Path(folder) / "workbook.xlsx"
        copy_checked(source, copy, limits)
        with CalamineWorkbook.from_path(str(copy)) as workbook:
            return _sheets(file, workbook)


def _read_old(source: Source, limits: Limits) -> list[Sheet]:
    from python_calamine import CalamineWorkbook

    file = source.path
    if len(source.content) > LARGEST_OLD:
        raise too_large(file, LARGEST_OLD)
    try:
        checked = checked_old(source.content, limits.filled)
    except TooMuchError:
        raise too_full(file, limits.filled) from None
    except ProtectedError:
        raise protected(file) from None
    except NoWorkbookError:
        raise no_workbook(file) from None
    if checked.area > limits.cells:
        raise too_wide(file, checked.area, limits.cells)
    return _sheets(file, CalamineWorkbook.from_filelike(io.BytesIO(checked.content)))


def _sheets(file: Path, workbook: CalamineWorkbook) -> list[Sheet]:
    found = []
    for name in workbook.sheet_names:
        if len(name) > _LONGEST_NAME:
            raise broken(file)
        sheet = workbook.get_sheet_by_name(name)
        rows = [[_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
        if any(len(cell) > LONGEST_CELL for row in rows for cell in row):
            raise too_long_a_cell(f"{file}: sheet {name}")
        refuse_long_cells(file, rows)
        found.append(Sheet(name, rows, sheet.merged_cell_ranges or ()))
    return found


def _text(value: Any) -> str:
    """Return a typed cell as text; a whole float is a whole number (spreadsheets know no other)."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
