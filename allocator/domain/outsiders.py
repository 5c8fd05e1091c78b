"""Rows of official tables that are no organisation of the register: what they stand for.

The ministry's tables have wards of designated cities, subtotals of counties and islands, and the
villages of the Northern Territories among the municipalities, each with a code of its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from allocator.domain.codes import LENGTH, check_digit, prefecture_of
from allocator.domain.names import fold, spellings
from allocator.domain.organisations import Register
from allocator.domain.text import Text

Kind = Literal["ward", "subtotal", "northern", "other"]

# 総務省「全国地方公共団体コード」, JIS X 0402: numbers 695 to 700 of 北海道.
_NORTHERN: Final = {
    f"{number}{check_digit(number)}": fold(name)
    for number, name in (
        ("01695", "色丹郡色丹村"),
        ("01696", "国後郡泊村"),
        ("01697", "国後郡留夜別村"),
        ("01698", "択捉郡留別村"),
        ("01699", "紗那郡紗那村"),
        ("01700", "蘂取郡蘂取村"),
    )
}
_SUBTOTALS: Final = ("郡", "支庁", "振興局", "島しょ", "計", "市部", "郡部", "町村部", "区部")
_DESIGNATED: Final = ("100", "199")
"""The numbers of designated cities and their wards; those of a city's wards follow its own."""


@dataclass(frozen=True)
class Outsider:
    """What a row that is no organisation stands for; `city` is the designated city of a ward."""

    kind: Kind
    city: str = ""

    @property
    def text(self) -> Text:
        """The statement for the reader; empty where nothing is known."""
        if self.kind == "ward" and self.city:
            return Text(f"this is a ward of {self.city}", f"指定都市 {self.city} の区です")
        return _WORDS[self.kind]


_WORDS: Final = {
    "ward": Text("this is a ward of a designated city", "指定都市の区です"),
    "subtotal": Text(
        "this is a subtotal (of a county, islands …)", "郡・島などの小計で、団体ではありません"
    ),
    "northern": Text("this is a village of the Northern Territories", "北方領土の村です"),
    "other": Text("", ""),
}


def outsider(code: str, prefecture: str, name: str, register: Register) -> Outsider:
    """Say what a row stands for that is no organisation of the register.

    `code` has six digits, or is empty where the row has none that can be read; `prefecture` and
    `name` (the municipality) are as printed, or empty. What is given has to agree.
    """
    forms = spellings(name)
    if code and not _is_in(code, fold(prefecture), register):
        return Outsider("other")
    if code in _NORTHERN:
        village = _NORTHERN[code]
        if not name or any(form and village.endswith(form) for form in forms):
            return Outsider("northern")
    elif not code and forms[0] in _NORTHERN.values():
        return Outsider("northern")
    is_numbered = len(code) == LENGTH and _DESIGNATED[0] < code[2:5] <= _DESIGNATED[1]
    if is_numbered or not code:
        city = _city_of(code, forms[0], register)
        if forms[0].endswith("区") or (not name and city):
            return Outsider("ward", city)
    if forms[0].endswith(_SUBTOTALS):
        return Outsider("subtotal")
    return Outsider("other")


def _is_in(code: str, prefecture: str, register: Register) -> bool:
    """Tell whether a code may lie in the prefecture that is printed: 青森県, 青森, or nothing."""
    rows = register.frame.filter(pl.col("code") == prefecture_of(code))
    return not prefecture or rows.is_empty() or fold(rows["prefecture"][0]).startswith(prefecture)


def _city_of(code: str, name: str, register: Register) -> str:
    """Return the designated city of a ward: the one before it in code order, or in its name."""
    cities = (
        register.frame.filter((pl.col("kind") == "designated_city") & pl.col("valid_to").is_null())
        .select("code", "municipality")
        .sort("code")
        .rows()
    )
    before = [city for number, city in cities if number[:2] == code[:2] and number <= code]
    named = [city for _, city in cities if name.startswith(fold(city))]
    return next(iter([*named, *before[-1:]]), "")
