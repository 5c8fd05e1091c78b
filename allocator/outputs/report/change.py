"""Against the year before: amounts joined over changes of codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from allocator.audit.outcome import Outcome
from allocator.domain.changes import CodeChanges
from allocator.outputs.report.figures import Amounts, Figures, ProgrammeFigures
from allocator.sources.register import code_changes

_LARGEST: Final = 10
"""How many of the largest changes are listed."""


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

    `new` counts payers without an amount before, `gone` amounts before without a payer now;
    `gone_amount` is their sum (yen).
    """

    number: int
    whole: Change
    basis_before: str
    areas: tuple[Change, ...]
    largest: tuple[Change, ...]
    new: int
    gone: int
    gone_amount: int
    equal: int


@dataclass(frozen=True)
class Changes:
    """All programmes that both years computed, and the labels of those that only one has."""

    year: str
    programmes: tuple[ProgrammeChange, ...]
    without: tuple[str, ...]

    def of(self, number: int) -> ProgrammeChange | None:
        """Return the change of the programme that stands at `number`."""
        return next((each for each in self.programmes if each.number == number), None)


def changes(figures: Figures, previous: Outcome) -> Changes:
    """Compare with the outcome of the year before; programmes are the same by their id."""
    history = code_changes() if figures.outcome.register.official else CodeChanges(())
    earlier = {each.programme.id: each for each in previous.programmes}
    found: list[ProgrammeChange] = []
    without: list[str] = []
    for programme in figures.programmes:
        before = earlier.pop(programme.outcome.programme.id, None)
        if before is None or before.allocation is None or not programme.computed:
            without.append(programme.label)
            continue
        basis = before.programme.basis
        amounts = before.allocation.by_code
        found.append(_programme(figures, programme, (basis, amounts), history))
    without += [each.programme.title for each in earlier.values()]
    return Changes(previous.plan.fiscal_year.japanese, tuple(found), tuple(without))


def _programme(
    figures: Figures,
    programme: ProgrammeFigures,
    before: tuple[str, Amounts],
    history: CodeChanges,
) -> ProgrammeChange:
    basis, earlier = before
    members, paid = figures.members, programme.paid
    joined, gone = _joined(earlier, paid, history)
    areas = [0] * len(members.areas)
    for code, amount in joined.items():
        areas[members.area[members.place[code]]] += amount
    payers = [
        Change(members.full_name(code), code, joined[code], amount)
        for code, amount in paid.items()
        if code in joined
    ]
    changed = [change for change in payers if change.difference]
    changed.sort(key=lambda change: (-abs(change.difference), change.code))
    whole = Change(programme.label, "", sum(earlier.values()), sum(paid.values()))
    return ProgrammeChange(
        programme.number,
        whole,
        basis,
        tuple(
            Change(area.name, "", amount, area.amount)
            for area, amount in zip(programme.areas, areas, strict=True)
        ),
        tuple(changed[:_LARGEST]),
        new=len(paid) - len(joined),
        gone=len(gone),
        gone_amount=sum(gone.values()),
        equal=len(payers) - len(changed),
    )


def _joined(
    earlier: Amounts, payers: Mapping[str, int], history: CodeChanges
) -> tuple[Amounts, Amounts]:
    """Return earlier amounts by today's code, and those that no single payer of today succeeds."""
    joined: dict[str, int] = {}
    gone: dict[str, int] = {}
    for code, amount in earlier.items():
        to = code if code in payers else history.carry(code, payers).to
        if to:
            joined[to] = joined.get(to, 0) + amount
        else:
            gone[code] = amount
    return joined, gone
