"""Changes of organisations: carrying figures from old codes to new ones, and never splitting."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from allocator.domain.text import Text


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
    nobody here apportions.
    """

    code: str
    to: str
    way: Literal["forward", "back", "split", "unknown"]

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
class CodeChanges:
    """The history of changes, from the oldest to the newest."""

    rows: tuple[CodeChange, ...]

    @cached_property
    def _after(self) -> dict[str, set[str]]:
        return self._links((row.old_code, row.new_code, row.day) for row in self.rows)

    @cached_property
    def _before(self) -> dict[str, set[str]]:
        links: dict[str, set[str]] = defaultdict(set)
        for row in self.rows:
            if row.old_code != row.new_code:
                links[row.new_code].add(row.old_code)
        return links

    @staticmethod
    def _links(rows: Iterable[tuple[str, str, date]]) -> dict[str, set[str]]:
        """Keep for each code its last change: a code that was reused counts as its last bearer."""
        last: dict[str, tuple[date, set[str]]] = {}
        for code, other, day in rows:
            if code not in last or day > last[code][0]:
                last[code] = (day, set())
            last[code][1].add(other)
        return {code: others for code, (_, others) in last.items() if others != {code}}

    def carry(self, code: str, payers: Collection[str]) -> Carried:
        """Say to which of `payers` the figure of `code` belongs."""
        heirs = self._reach(code, payers, self._after)
        if len(heirs) == 1:
            return Carried(code, heirs.pop(), "forward")
        if heirs:
            return Carried(code, "", "split")
        forebears = self._reach(code, payers, self._before)
        if len(forebears) == 1:
            return Carried(code, forebears.pop(), "back")
        return Carried(code, "", "split" if forebears else "unknown")

    @staticmethod
    def _reach(code: str, payers: Collection[str], links: dict[str, set[str]]) -> set[str]:
        found: set[str] = set()
        seen, waiting = {code}, [code]
        while waiting:
            for other in links.get(waiting.pop(), set()) - seen:
                seen.add(other)
                if other in payers:
                    found.add(other)
                else:
                    waiting.append(other)
        return found
