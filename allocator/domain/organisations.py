"""The register of organisations: who exists, of what kind, and from when to when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, Literal

import polars as pl

PREFECTURE: Final = "prefecture"
KINDS: Final = (PREFECTURE, "designated_city", "special_ward", "city", "town", "village")
"""The kinds of organisation in Japan's register (政令指定都市, 特別区, 市, 町, 村)."""

KIND_NAMES: Final = {
    PREFECTURE: "都道府県",
    "designated_city": "指定都市",
    "special_ward": "特別区",
    "city": "市",
    "town": "町",
    "village": "村",
}

PayerGroup = Literal["prefectures", "municipalities", "all"]


@dataclass(frozen=True)
class Organisation:
    """One prefecture or municipality as the register has it."""

    code: str
    prefecture: str
    county: str
    municipality: str
    kind: str

    @property
    def is_prefecture(self) -> bool:
        """Whether this is a prefecture itself."""
        return self.kind == PREFECTURE

    @property
    def name(self) -> str:
        """The full name, prefecture first: 東京都千代田区, 北海道石狩郡当別町."""
        parts = [part for part in (self.prefecture, self.county, self.municipality) if part]
        # Names in Latin letters need a space between them; Japanese ones have none.
        return (" " if all(part.isascii() for part in parts) else "").join(parts)


@dataclass(frozen=True)
class Register:
    """All organisations ever valid, with their validity dates.

    `frame` follows `schemas.ORGANISATIONS`: code, prefecture, county, municipality, kana, kind,
    valid_from, valid_to (exclusive; null: open). Sorted by code, then valid_from.
    `official` tells whether codes are 団体コード (check digit) or any unique text.
    """

    frame: pl.DataFrame
    official: bool = True
    origin: str = ""

    def valid_on(self, day: date) -> pl.DataFrame:
        """Return the organisations valid on `day`, one row each, in code order."""
        return self.frame.filter(
            (pl.col("valid_from").is_null() | (pl.col("valid_from") <= day))
            & (pl.col("valid_to").is_null() | (pl.col("valid_to") > day))
        )

    def payers(self, group: PayerGroup, day: date) -> pl.DataFrame:
        """Return who pays on `day`: code, prefecture, county, municipality, kind, in code order."""
        valid = self.valid_on(day)
        if group == "prefectures":
            valid = valid.filter(pl.col("kind") == PREFECTURE)
        elif group == "municipalities":
            valid = valid.filter(pl.col("kind") != PREFECTURE)
        return valid.select("code", "prefecture", "county", "municipality", "kind")

    @cached_property
    def codes(self) -> frozenset[str]:
        """Every code that the register knows, of today or of the past."""
        return frozenset(self.frame["code"].to_list())


def organisations(frame: pl.DataFrame) -> Sequence[Organisation]:
    """Return the rows of a payers frame as `Organisation` values."""
    return [
        Organisation(**row)
        for row in frame.select("code", "prefecture", "county", "municipality", "kind").iter_rows(
            named=True
        )
    ]
