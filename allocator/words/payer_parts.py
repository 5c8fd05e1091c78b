"""One payer's way through a programme of parts: each part for itself, then their sum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from allocator.domain.text import Text
from allocator.domain.yen import group, yen
from allocator.engine.result import Allocation
from allocator.plans.tables import Footing
from allocator.results.outcome import ProgrammeOutcome
from allocator.words.rule import BASIS
from allocator.words.steps import Step, amount_step, own_steps


@dataclass(frozen=True)
class PartExplanation:
    """One part of a programme, of one payer; a payer that it doesn't concern has no `amount`.

    `given` is the part's total as the plan gives it (yen; None: it follows from unit amounts),
    `total` what is charged.
    """

    name: str
    basis: Footing
    given: int | None
    total: int
    amount: int | None
    steps: tuple[Step, ...]

    @property
    def heading(self) -> Text:
        """The part's name, its basis, its total as given and as charged, and the payer's amount."""
        basis, total = (
            BASIS[self.basis],
            Text(f"total {group(self.total)} yen", f"総額 {yen(self.total)}"),
        )
        if self.given is not None and self.given != self.total:
            total = Text(
                f"total {group(self.given)} yen, {group(self.total)} charged",
                f"総額 {yen(self.given)}、負担額の計 {yen(self.total)}",
            )
        amount = "" if self.amount is None else f" {group(self.amount)}"
        return Text(
            f"{self.name} [{basis.en}, {total.en}]{amount}",
            f"{self.name} [{basis.ja}、{total.ja}]{amount}",
        )


def parts_of(outcome: ProgrammeOutcome, code: str) -> Iterator[PartExplanation]:
    """Yield the parts of a programme, each with the steps of the payer with `code`."""
    for planned, part in zip(outcome.programme.part, outcome.parts, strict=True):
        allocation = part.allocation
        if allocation is None:
            raise AssertionError(f"{part.programme.id}: a part without amounts")
        amount = allocation.by_code.get(code)
        steps = [_outside(allocation)]
        if amount is not None:
            steps = own_steps(part, allocation, code)
        if planned.is_rest:
            steps.insert(0, _rest(outcome, part, allocation))
        yield PartExplanation(
            part.programme.title,
            part.programme.basis,
            allocation.given,
            allocation.total,
            amount,
            tuple(steps),
        )


def sum_steps(parts: Sequence[PartExplanation], amount: int) -> list[Step]:
    """Return the steps of a sum: what each part comes to, and the amount."""
    steps = [
        Step(
            f"part_{number}",
            str(part.amount or 0),
            Text(
                f"{part.name}: {group(part.amount or 0)} yen",
                f"{part.name}: {yen(part.amount or 0)}",
            ),
        )
        for number, part in enumerate(parts, start=1)
    ]
    added = " + ".join(group(part.amount or 0) for part in parts)
    words = amount_step(amount).text
    whole = Text(f"{words.en} = {added}", f"{words.ja} = {added}")
    return [*steps, Step("amount", str(amount), whole)]


def _rest(outcome: ProgrammeOutcome, part: ProgrammeOutcome, allocation: Allocation) -> Step:
    """Say what the other parts leave of the programme's total."""
    whole = outcome.programme.total or 0
    others = [each for each in outcome.parts if each is not part]
    less = [
        Text(
            f"{group(each.allocation.total)} ({each.programme.title})",
            f"{each.programme.title} {yen(each.allocation.total)}",
        )
        for each in others
        if each.allocation is not None
    ]
    left = allocation.given or 0
    return Step(
        "rest_of_total",
        str(left),
        Text(
            f"what the other parts leave of {group(whole)} yen, less "
            f"{' and '.join(each.en for each in less)}: {group(left)} yen",
            f"総額 {yen(whole)} から{'、'.join(each.ja for each in less)} を除いた残り: "
            f"{yen(left)}",
        ),
    )


def _outside(allocation: Allocation) -> Step:
    count = len(allocation.payers)
    return Step(
        "outside",
        "",
        Text(
            f"outside this part, which {count:,} of the payers bear",
            f"この部分の対象外(対象は {count:,} 団体)",
        ),
    )
