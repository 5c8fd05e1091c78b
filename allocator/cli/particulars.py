"""What a call says of a working paper: the day of the work, the threshold of materiality."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Final

from allocator.cli.inputs import yen_given
from allocator.domain.dates import dates_in
from allocator.domain.errors import refuse
from allocator.domain.text import Text

_ISO: Final = re.compile(r"([0-9]{4})[-/]([0-9]{1,2})[-/]([0-9]{1,2})")
_JAPANESE: Final = re.compile(
    r"(?:(?:令和|平成|昭和)\s*(?:元|[1-9][0-9]?)|[0-9]{4})\s*年\s*[0-9]{1,2}\s*月\s*[0-9]{1,2}\s*日"
)


def refuse_without_report(report: Path | None, options: Mapping[str, str | None]) -> None:
    """Refuse what is said of a working paper where none is written.

    Raises:
        InputError: one of `options` is given, and `report` is not.
    """
    given = [f"{name} {value}" for name, value in options.items() if value is not None]
    if given and report is None:
        raise refuse(
            ", ".join(given),
            Text("this is for the working paper", "調書のための指定です"),
            Text("add --report FILE, or leave it out", "--report FILE を加えるか、外してください"),
            code="wrong_call",
        )


def day_of(text: str | None) -> date | None:
    """Return the day that `--date` names: 2026-12-01, 2026/12/1, 令和8年12月1日.

    Raises:
        InputError: it is no date.
    """
    if text is None:
        return None
    plain = unicodedata.normalize("NFKC", text).strip()
    days: list[date] = []
    if found := _ISO.fullmatch(plain):
        try:
            days = [date(*map(int, found.groups()))]
        except ValueError:
            days = []
    elif _JAPANESE.fullmatch(plain):
        days = dates_in(plain)
    if len(days) == 1:
        return days[0]
    raise refuse(
        f"--date {text}",
        Text(f"{text!r} is no date", f"{text!r} は日付ではありません"),
        Text(
            "write it as 2026-12-01",
            "2026-12-01 や 令和8年12月1日 の形で書いてください",
        ),
        code="not_a_date",
    )


def threshold_of(text: str | None) -> int | None:
    """Return the yen that `--materiality` names: separators and full-width digits are allowed.

    Raises:
        InputError: no whole number of yen, or a negative one.
    """
    return None if text is None else yen_given(text, f"--materiality {text}")
