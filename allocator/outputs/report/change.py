"""Against the year before: amounts joined over changes of codes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from allocator.outputs.report.figures import Figures, ProgrammeFigures
from allocator.results.earlier import Earlier, Lost
from allocator.words.labels import earlier_label, origin_words

_LARGEST: Final = 10
"""How many of the largest changes, and of the amounts not carried over, are listed."""


@dataclass(frozen=True)
class Change:
    """One amount before and after, in yen."""

    name: str
    code: str
    before: int
    after: int

    @property
    def difference(self) -> int:
        """After less before."""
        return self.after - self.before

    @property
    def per_cent(self) -> float | None:
        """The difference in per cent of before, to the second decimal; None where that is 0."""
        if not self.before:
            return None
        size = (20_000 * abs(self.difference) + self.before) // (2 * self.before) / 100
        return size if self.difference >= 0 else -size


@dataclass(frozen=True)
class ProgrammeChange:
    """One programme of both years. `areas` runs beside the areas of the figures.

    `label` is the year of the earlier amounts, `origin` says what they are. `new` counts payers
    without an amount before, `gone` amounts before that no single payer now succeeds to;
    `gone_amount` is their sum (yen), `lost` the largest of them.
    """

    number: int
    whole: Change
    label: str
    origin: str
    areas: tuple[Change, ...]
    largest: tuple[Change, ...]
    new: int
    gone: int
    gone_amount: int
    lost: tuple[Lost, ...]
    equal: int
    notes: tuple[str, ...]


@dataclass(frozen=True)
class Changes:
    """All programmes that have an amount before and now, and those that have only one, with why."""

    year: str
    programmes: tuple[ProgrammeChange, ...]
    without: tuple[str, ...]

    def of(self, number: int) -> ProgrammeChange | None:
        """Return the change of the programme that stands at `number`."""
        return next((each for each in self.programmes if each.number == number), None)


def changes(figures: Figures) -> Changes | None:
    """Compare with what the outcome is compared with; None where there is nothing."""
    previous = figures.outcome.previous
    if previous is None:
        return None
    found: list[ProgrammeChange] = []
    without: list[str] = []
    for programme in figures.programmes:
        identifier = programme.outcome.programme.id
        earlier = previous.of(identifier)
        if earlier is None:
            without.append(f"{programme.label}({previous.without[identifier].ja})")
        else:
            found.append(_programme(figures, programme, earlier))
    without += [f"{title}(今年度の計画にない)" for title in previous.others]
    origins = [each.origin for each in previous.programmes]
    return Changes(
        earlier_label(origins, figures.outcome.plan.fiscal_year), tuple(found), tuple(without)
    )


def _programme(figures: Figures, programme: ProgrammeFigures, earlier: Earlier) -> ProgrammeChange:
    members, paid, before = figures.members, programme.paid, earlier.amounts
    areas = [0] * len(members.areas)
    for code, amount in before.items():
        areas[members.area[members.place[code]]] += amount
    payers = [
        Change(members.full_name(code), code, before[code], amount)
        for code, amount in paid.items()
        if code in before
    ]
    changed = [change for change in payers if change.difference]
    changed.sort(key=lambda change: (-abs(change.difference), change.code))
    lost = sorted(earlier.lost, key=lambda each: (-each.amount, each.organisation.code))
    return ProgrammeChange(
        programme.number,
        Change(programme.label, "", earlier.total, sum(paid.values())),
        earlier_label([earlier.origin], figures.outcome.plan.fiscal_year),
        origin_words(earlier.origin).ja,
        tuple(
            Change(area.name, "", amount, area.amount)
            for area, amount in zip(programme.areas, areas, strict=True)
        ),
        tuple(changed[:_LARGEST]),
        new=len(paid) - len(before),
        gone=len(lost),
        gone_amount=earlier.lost_amount,
        lost=tuple(lost[:_LARGEST]),
        equal=len(payers) - len(changed),
        notes=tuple(note.ja for note in earlier.notes),
    )
