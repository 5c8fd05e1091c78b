"""Whose row is it, where its code doesn't tell? By prefecture and name, by history, by likeness."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, Literal

import polars as pl

from allocator.auditing.evidence import Names, Room
from allocator.auditing.likeness import Slips, is_slip, shortens
from allocator.auditing.odd_rows import Fault, OddRow, wrong_code
from allocator.auditing.past import Past
from allocator.auditing.reference import Reference
from allocator.engine.exact import Ints
from allocator.sources.lists.table import PublishedList

_MOST_LIKENESSES: Final = 200_000
"""How many pairs of names are compared for likeness: beyond, the two lists are not one list."""


@dataclass
class Search:
    """The rows that their codes could not settle, and what is found out about them.

    `listed` are all rows with the place of their code's payer (null: nobody's), `hit` (there is
    one) and `fits` (the name is that payer's); `odd` are those not settled, `places` the places of
    the settled ones (-1: not settled).
    """

    published: PublishedList
    reference: Reference
    named: bool
    listed: pl.DataFrame
    odd: pl.DataFrame
    places: Ints
    faults: dict[int, Fault] = field(default_factory=dict)
    mended: list[int] = field(default_factory=list)
    held: dict[str, list[OddRow]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        columns = ("row", "line", "code", "prefecture", "municipality", "amount", "hit", "fits")
        self.rows = [OddRow(*values) for values in self.odd.select(columns).iter_rows()]
        self.coded = "code" in self.published.prints
        self.past = Past(self.reference)
        self.printed = Counter(each.code for each in self.rows if each.hit)
        missing = self.reference.without(self.listed["place"])
        self.missing = set(missing["code"].to_list())
        self.names = Names(self.reference, self.listed, self.odd, missing) if self.named else None
        self.room = Room(self.reference, self.places)

    def run(self) -> None:
        """Settle what can be settled, the surest evidence first."""
        hits = [each for each in self.rows if each.hit]
        for each in hits:
            self._give(each, each.code)
        for find in (
            self._by_own_name,
            self._by_name,
            self._by_history,
            self._by_likeness,
            self._by_merger,
        ):
            for each in self._unsettled():
                find(each)
        for each in hits:
            if self.named and not each.fits:
                self._by_another_name(each)
            if self.printed[each.code] > 1 and each.row not in self.faults:
                self._by_place(each)
        for each in self._unsettled():
            self.faults[each.row] = Fault(*self._fault_of(each), None)

    def found(self) -> pl.DataFrame:
        """Return the payers of the odd rows (null: nobody's): row, found."""
        rows = [(each.row, each.payer) for each in self.rows]
        return pl.DataFrame(rows, schema={"row": pl.Int64, "found": pl.String}, orient="row")

    def _named(self, each: OddRow) -> str | None:
        """Return the one payer whose name a row bears; among several, the one that is missing."""
        found = self.names.bearers(each) if self.names else set[str]()
        if len(found) > 1:
            found &= self.missing
        return next(iter(found)) if len(found) == 1 else None

    def _alike(self, each: OddRow) -> list[str]:
        """Return the missing payers whose names are much like the one that a row bears."""
        if self.names is None or len(self.rows) * len(self.missing) > _MOST_LIKENESSES:
            return []
        return [code for code in self.missing if self.names.is_alike(each, code)]

    def _unsettled(self) -> Iterator[OddRow]:
        return (each for each in self.rows if each.payer is None and each.row not in self.faults)

    # -- kinds of evidence -----------------------------------------------------------------------

    def _by_name(self, each: OddRow) -> None:
        if (code := self._named(each)) is None:
            return
        # One slip off the code of the payer that it names: misprinted, whosever code it once was.
        is_past = self.coded and not is_slip(each.code, code)
        if is_past and self.past.successor(each.code) == code:
            self._by_merger(each)
        else:
            self._settle(each, code)

    def _by_own_name(self, each: OddRow) -> None:
        """Know a row whose code and name agree although they are no payer's.

        A former organisation's row is its successor's. Wards, subtotals and the like are nobody's,
        even where a payer elsewhere has the name.
        """
        if not (self.coded and self.named and each.municipality):
            return
        if self.past.had_name(each.code, each.municipality):
            self._by_merger(each)
        elif (
            self.past.is_outsider(each.code, each.prefecture, each.municipality)
            and self._named(each) not in self.missing
        ):
            self.faults[each.row] = Fault("unexpected", "unknown", None)

    def _by_history(self, each: OddRow) -> None:
        """Find the missing successor of a code that was right once."""
        if self.past.successor(each.code) in self.missing:
            self._by_merger(each)

    def _by_merger(self, each: OddRow) -> None:
        """Say into which payer the bearer of a code went, if into one.

        Of several the first stands for a payer without a row of its own. The others get none: what
        becomes of their amounts, `with_parts` says.
        """
        if to := self.past.successor(each.code):
            self.faults[each.row] = Fault("unexpected", "former_code", to)
            if to in self.missing:
                self._give(each, to)

    def _by_likeness(self, each: OddRow) -> None:
        """Find the one missing payer whose name is much alike, or whose code is but one slip off.

        A slip alone is taken only where no name speaks against it, or the row stands in that
        payer's place.
        """
        alike = self._alike(each)
        if len(alike) == 1:
            self._settle(each, alike[0])
            return
        nameless = self.coded and not self.named
        likely = [code for code in self._slips(each) if nameless or self.room.holds(each, code)]
        if len(likely) == 1:
            self._settle(each, likely[0])

    def _by_another_name(self, each: OddRow) -> None:
        """A payer's code beside another's name: whose row it is depends on the other rows.

        The code counts, unless the payer of that code has a row of its own and the one named has
        none; or the code is but a slip of the latter's and the row stands in its place.
        """
        code = self._named(each)
        if code is None and self.printed[each.code] > 1:
            alike = self._alike(each)
            code = alike[0] if len(alike) == 1 else None
        if code is None or code == each.code:
            return
        rivals = any(
            other is not each
            and (other.fits or not other.hit or self._named(other) in (None, other.code))
            for other in self.held[each.code]
        )
        misplaced = (
            code in self.missing and is_slip(each.code, code) and self.room.holds(each, code)
        )
        if rivals or misplaced:
            self._move(each, code)
        elif (other := self._exchanged(each, code)) is not None:
            own = each.code
            self._move(each, code)
            self._move(other, own)

    def _exchanged(self, each: OddRow, code: str) -> OddRow | None:
        """Return the row that has this one's code as this one has its, if names and places agree.

        Where names alone changed places, both rows stand where their codes belong.
        """
        for other in self.held[code]:
            if other.hit and self._named(other) == each.code:
                at_home = self.room.in_order(each, other) and (
                    self.room.holds(each, each.code) or self.room.holds(other, code)
                )
                crossed = self.room.holds(each, code) and self.room.holds(other, each.code)
                return other if crossed and not at_home else None
        return None

    def _by_place(self, each: OddRow) -> None:
        """Of several rows with one code, find the one that stands in a missing payer's place."""
        if not self.coded:
            likely = self._likely_by_place(each)
        elif self.named or self.room.holds(each, each.code):
            return
        else:
            likely = [code for code in self._slips(each) if self.room.holds(each, code)]
        if len(likely) == 1:
            self._move(each, likely[0])

    def _likely_by_place(self, each: OddRow) -> list[str]:
        """Return the missing payers whose row this may be in a list by name, by place and amount.

        A payer with the row's amount comes before one that has merely the place. A row that has
        another one's amount as well as its name is a copy, unless both payers' amounts are alike.
        """
        others = [other for other in self.held[each.code] if other is not each]
        if not others:
            return []
        copied = any(other.amount == each.amount for other in others)
        own = self._amounts[each.code]
        placed = [
            code
            for code in self.missing
            if self.room.holds(each, code) and self._is_beside(each, code, others)
        ]
        exact = [code for code in placed if self._amounts[code] == each.amount]
        return exact or [code for code in placed if not copied or self._amounts[code] == own]

    def _is_beside(self, each: OddRow, code: str, others: Sequence[OddRow]) -> bool:
        """Tell whether a row stands to one of `others` as `code` to the code that all have.

        That tells neighbours apart, who have the room between the settled rows in common.
        """
        if not self.room.holds(each, each.code):
            return True
        later = self.room.place(each.code) < self.room.place(code)
        return any(
            (other.row < each.row) == later for other in others if self.room.holds(other, each.code)
        )

    # -- the odds and ends -----------------------------------------------------------------------

    @cached_property
    def _slips_of(self) -> Slips:
        """The payers that are missing, or may come to be, by what their codes are near to."""
        return Slips([*self.missing, *(each.code for each in self.rows if each.hit)])

    @cached_property
    def _registered(self) -> Collection[str]:
        """The codes of odd rows that the register knows, of today or of the past."""
        odd = pl.Series([each.code for each in self.rows], dtype=pl.String).unique()
        known = self.reference.register.frame["code"]
        return frozenset(known.filter(known.is_in(odd.implode())))

    @cached_property
    def _amounts(self) -> Mapping[str, int | None]:
        return dict(self.reference.frame.select("code", "amount").iter_rows())

    def _slips(self, each: OddRow) -> list[str]:
        """Return the missing payers that the row's code is a slip of.

        A list without codes has the amount instead: that of the payer, and not of the one named.
        """
        if self.coded:
            return [code for code in self._slips_of.near(each.code) if code in self.missing]
        amount = self._amounts.get(each.code)
        return [code for code in self.missing if self._amounts[code] == each.amount != amount]

    def _give(self, each: OddRow, code: str) -> None:
        if each.payer is not None:
            self.held[each.payer].remove(each)
        each.payer = code
        self.held[code].append(each)
        self.missing.discard(code)

    def _settle(self, each: OddRow, code: str) -> None:
        """Give a row without a payer to `code`, and say what is wrong with the code it has."""
        if self.coded and self.reference.register.official and shortens(each.code, code):
            self.mended.append(each.line)
        elif self.coded:
            kind, reason = self._fault_of(each)
            self.faults[each.row] = Fault(
                kind, "misprint" if kind == "unexpected" else reason, code
            )
        self._give(each, code)

    def _move(self, each: OddRow, code: str) -> None:
        """Give a row that bears another payer's code to `code`."""
        kind: Literal["duplicate", "unexpected"] = (
            "duplicate" if self.printed[each.code] > 1 else "unexpected"
        )
        self.faults[each.row] = Fault(kind, "other_place", code)
        left = each.code
        self._give(each, code)
        if not self.held[left]:
            self.missing.add(left)

    def _fault_of(self, each: OddRow) -> tuple[Literal["bad_code", "unexpected"], str]:
        if not self.coded:
            return "unexpected", "unknown_name"
        official = self.reference.register.official
        return wrong_code(each.code, self._registered, official=official)
