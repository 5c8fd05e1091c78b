"""Whose row it is, by prefecture and municipality: the one look-up of names for all readers."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import polars as pl

from allocator.domain.names import fold, spellings
from allocator.domain.organisations import PREFECTURE, Register

_NOBODY: Final = frozenset({"", "-", "－", "―", "ー", "–", "—", "…", "*", "***", "x", "X", "×"})
"""What stands in a column of municipalities where the row is the prefecture's own."""

_KANA: Final = re.compile(r"[ァ-ヶヽヾー]+")
_HIRAGANA: Final = {code: code + 0x60 for code in range(0x3041, 0x3097)}

Key = tuple[str, str]


@dataclass(frozen=True)
class Names:
    """The names of a register's organisations, as anybody may write them.

    A name is known with its county and without, in all its spellings, in kana, and by what it was
    before. Organisations of today go before those of the past, and a name that several bear in one
    prefecture means nobody.
    """

    register: Register

    def is_nobody(self, name: str) -> bool:
        """Tell whether a cell of a municipality is empty, or holds what stands for nothing."""
        return name.strip() in _NOBODY

    def prefecture(self, name: str) -> str:
        """Return the folded name of the prefecture that is written (青森, 青森県, アオモリケン)."""
        return self._prefectures.get(_key(name), "")

    def prefecture_code(self, name: str) -> str:
        """Return the code of the prefecture itself, or ""."""
        codes = self._own.get(self.prefecture(name), ())
        return codes[0] if len(codes) == 1 else ""

    def order(self, prefecture: str) -> str:
        """Return what prefectures are sorted by: its code, or those of its members; "": none."""
        area = self.prefecture(prefecture)
        return self._first.get(area, "") if area else ""

    @cached_property
    def _first(self) -> dict[str, str]:
        rows = self.register.frame.select("prefecture", "code").sort("code", descending=True)
        return {fold(name): code for name, code in rows.iter_rows()}

    def is_municipality(self, name: str) -> bool:
        """Tell whether a municipality of today or of the past has this name."""
        return any(form in self._anywhere for form in self._forms(name))

    def find(self, prefecture: str, municipality: str) -> tuple[str, ...]:
        """Return the codes that a row can be of: one where it is certain, none, or several.

        A row with a municipality's name is never the prefecture's.
        """
        area = self.prefecture(prefecture)
        if self.is_nobody(municipality):
            return tuple(self._own.get(area, ())) if area else ()
        if area:
            if self.prefecture(municipality) == area:
                return tuple(self._own.get(area, ()))
            return self._in(area, municipality)
        if not self.is_nobody(prefecture):
            return ()  # a prefecture that nobody knows
        return self._without_prefecture(municipality)

    def _in(self, area: str, municipality: str) -> tuple[str, ...]:
        for names in (self._today, self._ever):
            for form in self._forms(municipality):
                for name in (form, form.removeprefix(area)):
                    if codes := names.get((area, name)):
                        return tuple(sorted(codes))
        return ()

    def _without_prefecture(self, name: str) -> tuple[str, ...]:
        """Look up a name with its prefecture before it, or one that stands once in the country."""
        if area := self.prefecture(name):
            return tuple(self._own.get(area, ()))
        whole = fold(name)
        for area in self._own:
            if whole.startswith(area) and (found := self._in(area, name)):
                return found
        for names in (self._today, self._ever):
            for form in self._forms(name):
                codes = {code for area in self._own for code in names.get((area, form), ())}
                if codes:
                    return tuple(sorted(codes))
        return ()

    @staticmethod
    def _forms(name: str) -> Iterator[str]:
        yield from spellings(name)
        kana = _key(name)
        if _KANA.fullmatch(kana):
            yield kana

    @cached_property
    def _prefectures(self) -> dict[str, str]:
        """Return every way to write a prefecture, with its folded name."""
        found: dict[str, str] = {}
        rows = self.register.frame.filter(pl.col("kind") == PREFECTURE)
        for name, kana in rows.select("prefecture", "kana").iter_rows():
            self._add(found, name)
            if self.register.official and kana:
                found.setdefault(_key(kana), fold(name))
        for name in self.register.frame["prefecture"].unique(maintain_order=True):
            self._add(found, name)
        found.pop("", None)
        return found

    def _add(self, found: dict[str, str], name: str) -> None:
        """Add a prefecture's name, in Japan's register also without its last character."""
        area = fold(name)
        found[area] = area
        if self.register.official and area[-1:] in "都府県" and len(area) > 2:  # noqa: PLR2004
            found.setdefault(area[:-1], area)

    @cached_property
    def _own(self) -> dict[str, tuple[str, ...]]:
        """Return the code of each prefecture itself by its folded name; none where it has none."""
        areas = dict.fromkeys(self._prefectures.values())
        found: dict[str, list[str]] = {area: [] for area in areas}
        rows = self._now.filter(pl.col("kind") == PREFECTURE).select("prefecture", "code")
        for name, code in rows.unique(maintain_order=True).iter_rows():
            found[fold(name)].append(code)
        return {area: tuple(codes) for area, codes in found.items()}

    @cached_property
    def _now(self) -> pl.DataFrame:
        """Return all rows, also of the past, of codes that are still somebody's."""
        frame = self.register.frame
        current = frame.filter(pl.col("valid_to").is_null())["code"]
        return frame.filter(pl.col("code").is_in(current.implode()))

    @cached_property
    def _today(self) -> dict[Key, set[str]]:
        return self._index(self._now)

    @cached_property
    def _ever(self) -> dict[Key, set[str]]:
        return self._index(self.register.frame)

    @cached_property
    def _anywhere(self) -> frozenset[str]:
        return frozenset(name for _, name in self._ever)

    def _index(self, frame: pl.DataFrame) -> dict[Key, set[str]]:
        found: dict[Key, set[str]] = defaultdict(set)
        rows = frame.filter(pl.col("kind") != PREFECTURE)
        columns = ("code", "prefecture", "county", "municipality", "kana")
        for code, prefecture, county, municipality, kana in rows.select(columns).iter_rows():
            area = fold(prefecture)
            names = [f"{county}{municipality}", municipality]
            for name in names:
                found[area, fold(name)].add(code)
            if kana:
                found[area, _key(kana)].add(code)
        return dict(found)


def _key(name: str) -> str:
    """Return what all ways of writing a name in kana share; other names are folded."""
    return fold(name).translate(_HIRAGANA)
