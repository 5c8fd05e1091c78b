"""Changes of organisations: carrying figures from old codes to new ones, and never splitting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Final, Literal

from allocator.domain.text import Text

ABSORBED: Final = "編入合併"
"""The reason of a change by which an organisation that goes on takes in another."""


@dataclass(frozen=True)
class CodeChange:
    """One change: what bore `old_code` became part or all of `new_code` on `day`."""

    day: date
    old_code: str
    new_code: str
    reason: str


@dataclass(frozen=True)
class Carried:
    """Where the figure of a code that is no payer belongs.

    `to` is the payer; empty where the figure belongs to none or to several (`way` = split), which
    nobody here apportions. `joins` tells that the payer existed before and took this one in
    (編入合併): then both may have figures, which add up; else one of them counts twice.
    """

    code: str
    to: str
    way: Literal["forward", "back", "split", "unknown"]
    joins: bool = False

    @property
    def text(self) -> Text:
        """The statement for the reader."""
        if self.to:
            return Text(
                f"{self.code} is carried over to {self.to} by the history of changes",
                f"{self.code} は団体の変更履歴により {self.to} に引き継ぎました",
            )
        if self.way == "split":
            return Text(
                f"{self.code} was divided among several; its figure is not apportioned",
                f"{self.code} は複数団体に分かれたため、按分せず除きました",
            )
        return Text(
            f"{self.code} is no payer and has no successor among them; left out",
            f"{self.code} は負担団体でなく、承継団体もないため除きました",
        )


@dataclass(frozen=True)
class CarriedOver:
    """Figures beside the payers they belong to (None: no figure), and what was carried over.

    `twice` are codes whose payer has a figure of its own although it is the same place under
    another code: adding them up would count it twice.
    """

    values: Mapping[str, int | None]
    carried: tuple[Carried, ...] = ()
    twice: tuple[Carried, ...] = ()


@dataclass(frozen=True)
class CodeChanges:
    """The history of changes, from the oldest to the newest."""

    rows: tuple[CodeChange, ...]

    @cached_property
    def _after(self) -> dict[str, dict[str, bool]]:
        """What each code became at its last change, and whether that was there before."""
        last: dict[str, date] = {}
        for row in self.rows:
            last[row.old_code] = max(row.day, last.get(row.old_code, row.day))
        # A new merger lists the part that keeps its code; an absorbing one isn't listed at all.
        kept = {(row.day, row.new_code) for row in self.rows if row.old_code == row.new_code}
        links: dict[str, dict[str, bool]] = defaultdict(dict)
        for row in self.rows:
            if row.day == last[row.old_code]:
                joins = row.reason == ABSORBED or (row.day, row.new_code) in kept
                links[row.old_code][row.new_code] = joins
        return {code: others for code, others in links.items() if set(others) != {code}}

    @cached_property
    def _before(self) -> dict[str, dict[str, bool]]:
        links: dict[str, dict[str, bool]] = defaultdict(dict)
        for row in self.rows:
            if row.old_code != row.new_code:
                links[row.new_code][row.old_code] = False
        return links

    def end_of(self, code: str) -> CodeChange | None:
        """Return the change by which a code was given up, None where it still is one."""
        if code not in self._after:
            return None
        return next(row for row in reversed(self.rows) if row.old_code == code)

    def start_of(self, code: str) -> CodeChange | None:
        """Return the first change by which a code came about, None where it was there before."""
        found = (row for row in self.rows if row.new_code == code and row.old_code != code)
        return next(found, None)

    def carry_over(self, figures: Mapping[str, int], payers: Iterable[str]) -> CarriedOver:
        """Bring figures to `payers`: mergers add up, a division is left out and reported."""
        values: dict[str, int | None] = {code: figures.get(code) for code in payers}
        own = {code for code, value in values.items() if value is not None}
        carried: list[Carried] = []
        twice: list[Carried] = []
        for code, figure in figures.items():
            if code in values:
                continue
            way = self.carry(code, values)
            if way.to in own and not way.joins:
                twice.append(way)
            elif way.to:
                values[way.to] = (values[way.to] or 0) + figure
                carried.append(way)
            elif way.way == "split":
                carried.append(way)
        return CarriedOver(values, tuple(carried), tuple(twice))

    def carry(self, code: str, payers: Collection[str]) -> Carried:
        """Say to which of `payers` the figure of `code` belongs."""
        heirs = self._reach(code, payers, self._after)
        if len(heirs) == 1:
            to, joins = heirs.popitem()
            return Carried(code, to, "forward", joins)
        if heirs:
            return Carried(code, "", "split")
        forebears = self._reach(code, payers, self._before)
        if len(forebears) == 1:
            return Carried(code, next(iter(forebears)), "back")
        return Carried(code, "", "split" if forebears else "unknown")

    @staticmethod
    def _reach(
        code: str, payers: Collection[str], links: dict[str, dict[str, bool]]
    ) -> dict[str, bool]:
        """Return the payers that `code` leads to, each with whether the last step joined it."""
        found: dict[str, bool] = {}
        if code not in links:
            return found
        seen, waiting = {code}, [code]
        while waiting:
            for other, joins in links.get(waiting.pop(), {}).items():
                if other in payers:
                    found[other] = found.get(other, False) or joins
                elif other not in seen:
                    seen.add(other)
                    waiting.append(other)
        return found
