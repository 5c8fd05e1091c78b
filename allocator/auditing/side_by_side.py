"""Two sets of amounts side by side, joined over changes of codes: what rose, what fell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any, Final, Literal

from allocator.domain.changes import Carried, CodeChanges
from allocator.domain.errors import refuse
from allocator.domain.text import Text
from allocator.sources.tables.ledger import Ledger

Change = Literal["up", "down", "same", "new", "gone"]
Side = Literal["left", "right"]

CHANGES: Final[Mapping[Change, Text]] = {
    "up": Text("increase", "増"),
    "down": Text("decrease", "減"),
    "same": Text("unchanged", "増減なし"),
    "new": Text("new", "新"),
    "gone": Text("gone", "廃止・なし"),
}
"""What can have happened to a payer, from the left side to the right one."""


@dataclass(frozen=True)
class Row:
    """One payer: its amounts (yen) on either side, None where that side has none."""

    code: str
    prefecture: str
    municipality: str
    left: int | None
    right: int | None

    @property
    def difference(self) -> int | None:
        """Right less left, where both are there."""
        if self.left is None or self.right is None:
            return None
        return self.right - self.left

    @property
    def moved(self) -> int:
        """What the payer adds to the difference of the totals: of a new one, all it has."""
        return (self.right or 0) - (self.left or 0)

    @property
    def change(self) -> Change:
        """What happened to the payer."""
        if self.left is None:
            return "new"
        if self.right is None:
            return "gone"
        return "same" if self.left == self.right else "up" if self.right > self.left else "down"

    @property
    def name(self) -> str:
        """The name, prefecture first."""
        parts = [part for part in (self.prefecture, self.municipality) if part]
        return (" " if all(part.isascii() for part in parts) else "").join(parts)

    def as_dict(self) -> dict[str, Any]:
        """Return the row as JSON has it."""
        return {
            "code": self.code,
            "prefecture": self.prefecture,
            "municipality": self.municipality,
            "left": self.left,
            "right": self.right,
            "difference": self.difference,
        }


@dataclass(frozen=True)
class Compared:
    """One programme on both sides. `programme` is None where neither list says whose it is.

    `rows` are in the order of codes; with `changed_only` (see `only_changed`) those that are the
    same are not among them, but in the totals they are. A total is None where that side lacks the
    programme. `notes` say what was joined, and what could not be.
    """

    programme: str | None
    title: str
    rows: tuple[Row, ...]
    left_total: int | None
    right_total: int | None
    notes: tuple[Text, ...] = ()
    same: int = 0

    @property
    def difference(self) -> int | None:
        """Right less left in total, where both sides have the programme."""
        if self.left_total is None or self.right_total is None:
            return None
        return self.right_total - self.left_total

    @cached_property
    def counts(self) -> Mapping[Change, int]:
        """How many payers rose, fell, stayed, came and went."""
        found: dict[Change, int] = dict.fromkeys(CHANGES, 0)
        for row in self.rows:
            found[row.change] += 1
        found["same"] += self.same
        return found

    def moved(self, change: Change) -> int:
        """Return what the payers of one kind add to the difference of the totals, in yen."""
        return sum(row.moved for row in self.rows if row.change == change)

    def largest(self, most: int) -> list[Row]:
        """Return the rows that moved most, the largest first, then by code."""
        moved = [row for row in self.rows if row.change != "same"]
        return sorted(moved, key=lambda row: (-abs(row.moved), row.code))[:most]

    def only_changed(self) -> Compared:
        """Return the programme without the rows that are the same on both sides."""
        kept = tuple(row for row in self.rows if row.change != "same")
        return replace(self, rows=kept, same=self.same + len(self.rows) - len(kept))


@dataclass(frozen=True)
class ReadList:
    """A list that is compared: on which side, and which of its rows were taken and left out."""

    name: str
    side: Side
    programme: str | None
    taken: int
    left_out: Ledger
    places: Mapping[int, str]

    def as_dict(self) -> dict[str, Any]:
        """Return the reading as JSON has it."""
        return {
            "name": self.name,
            "side": self.side,
            "programme": self.programme,
            **self.left_out.as_dict(self.taken, self.places),
        }


@dataclass(frozen=True)
class Comparison:
    """Two lists, plans or outputs, programme by programme. `left` and `right` are as named.

    `read` has every list that is compared, none for plans.
    """

    left: Text
    right: Text
    left_words: Text
    right_words: Text
    programmes: tuple[Compared, ...]
    notes: tuple[Text, ...] = ()
    read: tuple[ReadList, ...] = ()

    def with_paths(self, shown: Callable[[str], str]) -> Comparison:
        """Return it with every text passed through `shown`, which says how paths look."""

        def text(words: Text) -> Text:
            return Text(shown(words.en), shown(words.ja))

        def texts(several: tuple[Text, ...]) -> tuple[Text, ...]:
            return tuple(text(each) for each in several)

        return replace(
            self,
            left=text(self.left),
            right=text(self.right),
            programmes=tuple(
                replace(each, title=shown(each.title), notes=texts(each.notes))
                for each in self.programmes
            ),
            notes=texts(self.notes),
        )

    def only_changed(self) -> Comparison:
        """Return the comparison without the rows that are the same on both sides."""
        return replace(self, programmes=tuple(each.only_changed() for each in self.programmes))

    def as_dict(self) -> dict[str, Any]:
        """Return what `compare --json` prints."""
        return {
            "left": self.left.en,
            "right": self.right.en,
            "programmes": [
                {
                    "programme": each.programme,
                    "left_total": each.left_total,
                    "right_total": each.right_total,
                    "rows": [row.as_dict() for row in each.rows],
                }
                for each in self.programmes
            ],
            "read": [each.as_dict() for each in self.read],
        }


@dataclass(frozen=True)
class Joined:
    """Amounts of both sides under the same codes, and which codes stand under which."""

    amounts: Mapping[str, tuple[int | None, int | None]]
    under: Mapping[str, Sequence[str]]
    divided: tuple[str, ...] = ()

    @property
    def notes(self) -> Iterator[Text]:
        """Yield what was added up under another code, and what was not."""
        for code, parts in self.under.items():
            names = ", ".join(parts)
            yield Text(
                f"{names} compared under {code} (change of codes)",
                f"{'、'.join(parts)} は {code} として比較(団体コードの変更)",
            )
        for code in self.divided:
            yield Text(
                f"{code} has several counterparts by its changes; its amount is not apportioned",
                f"{code} は変更履歴上の相手団体が複数あるため、按分せずに示す",
            )


def join_sides(
    left: Mapping[str, int], right: Mapping[str, int], changes: CodeChanges, where: tuple[str, str]
) -> Joined:
    """Bring the amounts of both sides under the same codes; the sides may be exchanged.

    What became one organisation is added up, on either side; a part of what was divided among
    several that are there stays by itself.

    Raises:
        InputError: one side has a place under its old code and under its new one.
    """
    links = {code: {code} for code in (*left, *right)}
    divided: list[str] = []
    for mine, theirs, place in ((left, right, where[0]), (right, left, where[1])):
        for code in mine if changes.rows else ():
            if code in theirs:
                continue
            way = changes.carry(code, theirs)
            if way.way == "split":
                divided.append(code)
            elif way.to and _joins(way, mine, changes, place):
                links[code].add(way.to)
                links[way.to].add(code)
    amounts: dict[str, tuple[int | None, int | None]] = {}
    under: dict[str, Sequence[str]] = {}
    for group in _groups(links):
        code = _head(group, left, right, changes)
        amounts[code] = (_added(group, left), _added(group, right))
        if parts := [each for each in group if each != code]:
            under[code] = parts
    ordered = dict(sorted(amounts.items()))
    apart = sorted(code for code in divided if links[code] == {code})
    return Joined(ordered, dict(sorted(under.items())), tuple(apart))


def _joins(way: Carried, mine: Mapping[str, int], changes: CodeChanges, where: str) -> bool:
    """Tell whether the figure of a code adds to that of the other side's payer.

    Where its own side has that payer as well, it does if the one was taken in by the other.

    Raises:
        InputError: they are one place under two codes.
    """
    if way.to not in mine or way.joins:
        return True
    gone = way.code if way.way == "forward" else way.to
    if changes.end_of(gone) is None:
        return False  # The other one goes on, and this came out of it: it is new, or went.
    raise refuse(
        where,
        Text(
            f"{way.code} and {way.to} are one place before and after a change of its code, and "
            "both have an amount",
            f"{way.code} と {way.to} は団体コードの変更前後の同じ団体で、両方に金額があります",
        ),
        Text("keep one of the two rows", "どちらか1行だけ残してください"),
        code="counted_twice",
    )


def _groups(links: Mapping[str, Iterable[str]]) -> Iterator[list[str]]:
    """Yield the codes that are linked with one another, in order."""
    seen: set[str] = set()
    for start in links:
        if start in seen:
            continue
        group, waiting = {start}, [start]
        while waiting:
            for other in links[waiting.pop()]:
                if other not in group:
                    group.add(other)
                    waiting.append(other)
        seen |= group
        yield sorted(group)


def _head(
    group: Sequence[str], left: Mapping[str, int], right: Mapping[str, int], changes: CodeChanges
) -> str:
    """Return the code of the whole: that of the side that has one alone, and the latest."""
    if len(group) == 1:
        return group[0]

    def until(code: str) -> date:
        end = changes.end_of(code)
        return date.max if end is None else end.day

    sides = ([code for code in group if code in side] for side in (left, right))
    alone = [codes[0] for codes in sides if len(codes) == 1] or group
    return max(sorted(alone), key=until)  # of equals the lowest


def _added(group: Iterable[str], side: Mapping[str, int]) -> int | None:
    found = [side[code] for code in group if code in side]
    return sum(found) if found else None
