"""Evidence of whose an odd row is, beside its code: the name that it bears, the place it has."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import polars as pl

from allocator.auditing.likeness import is_alike
from allocator.auditing.odd_rows import OddRow
from allocator.auditing.reference import Reference
from allocator.domain.names import fold, spellings
from allocator.engine.exact import Ints


class Names:
    """The names that odd rows may turn out to bear.

    They are those printed on the odd rows, those of missing payers, and spellings of a name that
    stand on other rows.
    """

    def __init__(
        self, reference: Reference, listed: pl.DataFrame, odd: pl.DataFrame, missing: pl.DataFrame
    ) -> None:
        """Index the names of payers that odd rows may be; see `Search` for `listed` and `odd`."""
        self._reference = reference
        wanted = odd["municipality"].unique().implode()
        likely = reference.frame.filter(
            pl.col("bare").is_in(wanted)
            | pl.col("full").is_in(wanted)
            | pl.col("code").is_in(missing["code"].implode())
        )
        names = likely.select("code", "prefecture", "full", "bare")
        self._names: dict[str, Sequence[str]] = {code: each for code, *each in names.iter_rows()}
        self._bearers: dict[tuple[str, str], set[str]] = defaultdict(set)
        for code, prefecture, full, bare in names.iter_rows():
            for name in (full, bare):
                self._learn(prefecture, name, code)
        siblings = reference.named(
            listed.filter(pl.col("hit") & ~pl.col("fits") & pl.col("municipality").is_in(wanted))
        ).select("code", "expected_prefecture", "full", "bare", "prefecture", "municipality")
        names_of_payers = frozenset(self._bearers)
        for code, *own, prefecture, name in siblings.iter_rows():
            known = (fold(prefecture), fold(name)) in names_of_payers
            if not known and is_alike(prefecture, name, own):
                self._learn(prefecture, name, code)

    def _learn(self, prefecture: str, name: str, code: str) -> None:
        for key in (fold(prefecture), ""):
            self._bearers[key, fold(name)].add(code)

    def bearers(self, each: OddRow) -> set[str]:
        """Return the payers whose name a row bears."""
        found: set[str] = set()
        for spelling in spellings(each.municipality):
            found |= self._bearers.get((fold(each.prefecture), spelling), set())
        return found

    def is_alike(self, each: OddRow, code: str) -> bool:
        """Tell whether a row's name is, or is likely, that of a payer."""
        return is_alike(each.prefecture, each.municipality, self._of(code))

    def _of(self, code: str) -> Sequence[str]:
        """Return prefecture and names of any payer: one can come to be missing on the way."""
        if code not in self._names:
            row = self._reference.frame.filter(pl.col("code") == code)
            self._names[code] = row.select("prefecture", "full", "bare").row(0)
        return self._names[code]


class Room:
    """The places of payers, and the room for them between the rows that are settled."""

    def __init__(self, reference: Reference, settled: Ints) -> None:
        """Take the places of the settled rows (-1: not settled)."""
        self._places: dict[str, int] = {}
        self._frame = reference.frame
        rows = np.arange(len(settled))
        before = np.maximum.accumulate(np.where(settled >= 0, rows, -1))
        after = np.minimum.accumulate(np.where(settled >= 0, rows, len(rows))[::-1])[::-1]
        ends = np.append(settled, [len(reference.frame), -1])
        self._before, self._after = ends[before], ends[after]

    def place(self, code: str) -> int:
        """Return the place of a payer in the order of the list."""
        if not self._places:
            self._places = dict(self._frame.select("code", "place").iter_rows())
        return self._places[code]

    def holds(self, each: OddRow, code: str) -> bool:
        """Tell whether the settled rows before and after leave room for `code` here."""
        return bool(self._before[each.row] < self.place(code) < self._after[each.row])

    def in_order(self, each: OddRow, other: OddRow) -> bool:
        """Tell whether two rows stand in the order of their codes: neighbours' places are one."""
        return (self.place(each.code) < self.place(other.code)) == (each.row < other.row)
