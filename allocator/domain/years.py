"""Fiscal years (年度): 1 April to 31 March, named by the year they begin in."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from allocator.domain.errors import refuse
from allocator.domain.text import Text

# First calendar year of each era, newest first. Fiscal 2019 began in 平成31年 and ended in
# 令和2年; offices write both 平成31年度 and 令和元年度, and the later name is the one we give.
_ERAS: Final = (("令和", "R", 2019), ("平成", "H", 1989), ("昭和", "S", 1926))
_WRITTEN: Final = re.compile(r"(令和|平成|昭和|[RHS])\s*(元|[0-9]{1,3})\s*(?:年度)?")


def japanese_day(day: date) -> str:
    """Return a day as documents write it: 2022年1月1日."""
    return f"{day.year}年{day.month}月{day.day}日"


@dataclass(frozen=True, order=True)
class FiscalYear:
    """A fiscal year; `year` is the calendar year of its 1 April (2023 = 令和5年度)."""

    year: int

    @property
    def first_day(self) -> date:
        """1 April."""
        return date(self.year, 4, 1)

    @property
    def last_day(self) -> date:
        """31 March of the following calendar year."""
        return date(self.year + 1, 3, 31)

    @property
    def japanese(self) -> str:
        """The year by era, as documents write it: 令和5年度, 令和元年度."""
        for era, _, first in _ERAS:
            if self.year >= first:
                count = self.year - first + 1
                return f"{era}{'元' if count == 1 else count}年度"
        raise ValueError(f"{self.year} lies before the eras that are known")

    def __str__(self) -> str:
        """Return the calendar year."""
        return str(self.year)

    @classmethod
    def of(cls, day: date) -> FiscalYear:
        """Return the fiscal year that `day` lies in."""
        return cls(day.year if day >= date(day.year, 4, 1) else day.year - 1)

    @classmethod
    def parse(cls, text: str | int, where: str = "fiscal year") -> FiscalYear:
        """Read `2023`, `2023年度`, `令和5年度`, `令和 ５ 年度` or `R5`.

        Raises:
            InputError: `text` names no fiscal year; names `where`.
        """
        plain = unicodedata.normalize("NFKC", str(text)).strip()
        if western := re.fullmatch(r"(\d{4})\s*(?:年度)?", plain):
            return cls(int(western[1]))
        if written := _WRITTEN.fullmatch(plain):
            first = next(start for era, sign, start in _ERAS if written[1] in (era, sign))
            count = 1 if written[2] == "元" else int(written[2])
            if count >= 1:
                return cls(first + count - 1)
        raise refuse(
            where,
            Text(f"{text!r} is no fiscal year", f"{text!r} は年度として読めません"),
            Text(
                "write 2023, 令和5年度 or R5",
                "2023、令和5年度、R5 のいずれかの形で書いてください",
            ),
            code="not_a_year",
        )
