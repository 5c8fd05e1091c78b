"""Earlier amounts beside today's payers: what was carried over, and what nobody succeeds to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import Literal

from allocator.domain.changes import Carried, CodeChanges
from allocator.domain.errors import refuse
from allocator.domain.organisations import Organisation
from allocator.domain.text import Text
from allocator.domain.years import FiscalYear
from allocator.files.source import Source
from allocator.plans.tables import Footing


@dataclass(frozen=True)
class Origin:
    """Where the earlier amounts of a programme come from.

    A list says what was published. A plan is computed anew: `basis` says how far its amounts stand
    on a rule (of a sum of parts: `shares`, how much of it stands on which basis), and they are
    nobody's published ones. `year` is None where a list names none; `title`
    is that of the list, as printed; `name` that of its file, or of the plan's folder.
    """

    name: str
    year: FiscalYear | None
    basis: Footing | None = None
    title: str = ""
    shares: Mapping[Footing, Fraction] = field(default_factory=dict, hash=False)

    @property
    def kind(self) -> Literal["plan", "list"]:
        """Whether the amounts were computed or read."""
        return "list" if self.basis is None else "plan"


@dataclass(frozen=True)
class Lost:
    """An earlier amount (yen) that no single payer of today succeeds to, and why."""

    organisation: Organisation
    amount: int
    split: bool

    @property
    def text(self) -> Text:
        """Why the amount is not carried over."""
        if self.split:
            return Text("divided among several, not apportioned", "分割(按分しない)")
        return Text("no payer now, no successor", "廃止・対象外(承継団体なし)")


@dataclass(frozen=True)
class Earlier:
    """The earlier amounts of one programme, in yen.

    `amounts` are by the payers of today that have any; those of merged organisations are added up.
    `total` is the sum of all amounts as they came: those of `amounts` and of `lost`.
    """

    programme: str
    origin: Origin
    total: int
    amounts: Mapping[str, int]
    lost: tuple[Lost, ...] = ()
    notes: tuple[Text, ...] = ()

    @property
    def carried(self) -> int:
        """The sum of the amounts that payers of today succeed to."""
        return sum(self.amounts.values())

    @property
    def lost_amount(self) -> int:
        """The sum of the others."""
        return sum(each.amount for each in self.lost)


@dataclass(frozen=True)
class Previous:
    """What a plan is compared with.

    `without` are the programmes of the plan (by id) that have no comparison, with the reason;
    `others` the earlier ones that the plan hasn't, by title. `files` is everything that was read,
    as it was then, `folders` are those of the earlier plans.
    """

    programmes: tuple[Earlier, ...]
    without: Mapping[str, Text]
    others: tuple[str, ...] = ()
    files: Mapping[Path, Source] = field(default_factory=dict)
    folders: tuple[Path, ...] = ()

    def of(self, programme: str) -> Earlier | None:
        """Return the earlier amounts of a programme, by its id."""
        return next((each for each in self.programmes if each.programme == programme), None)


@dataclass(frozen=True)
class Joined:
    """Earlier amounts by payer of today, those that have none, and what was carried over."""

    amounts: Mapping[str, int]
    lost: Mapping[str, Carried]
    carried: tuple[Carried, ...]


def join(
    earlier: Mapping[str, int], payers: Iterable[str], changes: CodeChanges, where: str
) -> Joined:
    """Bring earlier amounts (yen, by code) to the payers of today: nothing is added or left out.

    Raises:
        InputError: a place has an amount under its old code and under its new one.
    """
    over = changes.carry_over(earlier, payers)
    refuse_twice(over.twice, where)
    carried = tuple(way for way in over.carried if way.to)
    done = {way.code for way in carried}
    lost = {
        code: changes.carry(code, over.values)
        for code in earlier
        if code not in over.values and code not in done
    }
    amounts = {code: amount for code, amount in over.values.items() if amount is not None}
    return Joined(amounts, lost, carried)


def refuse_twice(twice: Iterable[Carried], where: str) -> None:
    """Refuse amounts of a place under its old code and under its new one.

    Raises:
        InputError: there are such amounts; names the first.
    """
    for way in twice:
        raise refuse(
            where,
            Text(
                f"{way.code} became {way.to}, and both have an amount",
                f"{way.code} は {way.to} に変わっており、両方に金額があります",
            ),
            Text("keep one of the two rows", "どちらか1行だけ残してください"),
            code="counted_twice",
        )
