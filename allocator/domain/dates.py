"""Dates as documents write them."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Final

_ERAS: Final = {"令和": 2018, "平成": 1988, "昭和": 1925}
_JAPANESE: Final = re.compile(
    r"(?:(令和|平成|昭和)\s*(元|[0-9]{1,2})|([0-9]{4}))\s*年\s*([0-9]{1,2})\s*月\s*([0-9]{1,2})\s*日"
)
_OF_CELLS: Final = re.compile(r"(?<![0-9-])([0-9]{4})-([0-9]{2})-([0-9]{2})(?![0-9-])")
_PLAIN: Final = re.compile(r"(?<![0-9])([0-9]{4})[-_./]?([0-9]{2})[-_./]?([0-9]{2})(?![0-9])")


def dates_in(text: str) -> list[date]:
    """Return the dates that stand in `text`, in their order: 平成31年1月1日, 2019年1月1日."""
    found = []
    for era, count, year, month, day in _JAPANESE.findall(unicodedata.normalize("NFKC", text)):
        years = int(year) if year else _ERAS[era] + (1 if count == "元" else int(count))
        found.append((years, int(month), int(day)))
    return _real(found)


def dates_in_name(name: str) -> list[date]:
    """Return the dates that stand in a file's name: 2026-01-01, 20260101, 令和8年1月1日."""
    plain = [(int(year), int(month), int(day)) for year, month, day in _PLAIN.findall(name)]
    return _real(plain) + dates_in(name)


def dates_of_cells(text: str) -> list[date]:
    """Return the dates that stand in `text` as a spreadsheet's dates do: 2019-01-01."""
    return _real(
        [(int(year), int(month), int(day)) for year, month, day in _OF_CELLS.findall(text)]
    )


def _real(parts: list[tuple[int, int, int]]) -> list[date]:
    dates: dict[date, None] = {}
    for year, month, day in parts:
        try:
            dates[date(year, month, day)] = None
        except ValueError:
            continue
    return list(dates)
