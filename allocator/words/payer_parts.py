"""One payer's way through a programme of parts: each part for itself, then their sum."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from allocator.domain.text import Text, joined
from allocator.domain.yen import group, yen
from allocator.engine.result import Allocation
from allocator.plans.tables import Footing
from allocator.results.outcome import ProgrammeOutcome
from allocator.words.labels import total_words
from allocator.words.rule import BASIS
from allocator.words.steps import Step, amount_step, own_steps, step


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
        basis, total = BASIS[self.basis], total_words(self.total, self.given)
        amount = "" if self.amount is None else f" {group(self.amount)}"
        return Text(
            f"{self.name} [{basis.en}, total {total.en}]{amount}",
            f"{self.name} [{basis.ja}、総額 {total.ja}]{amount}",
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
    amounts = [part.amount or 0 for part in parts]
    steps = [
        step(f"part_{number}", own, f"{part.name}: {group(own)} yen", f"{part.name}: {yen(own)}")
        for number, (part, own) in enumerate(zip(parts, amounts, strict=True), start=1)
    ]
    added, words = " + ".join(map(group, amounts)), amount_step(amount).text
    return [*steps, step("amount", amount, f"{words.en} = {added}", f"{words.ja} = {added}")]


def _rest(outcome: ProgrammeOutcome, part: ProgrammeOutcome, allocation: Allocation) -> Step:
    """Say what the other parts leave of the programme's total."""
    whole = outcome.programme.total or 0
    others = [
        (each.programme.title, each.allocation.total)
        for each in outcome.parts
        if each is not part and each.allocation is not None
    ]
    less = joined([Text(f"{group(n)} ({of})", f"{of} {yen(n)}") for of, n in others], " and ")
    left = allocation.given or 0
    return step(
        "rest_of_total",
        left,
        f"what the other parts leave of {group(whole)} yen, less {less.en}: {group(left)} yen",
        f"総額 {yen(whole)} から{less.ja} を除いた残り: {yen(left)}",
    )


def _outside(allocation: Allocation) -> Step:
    count = len(allocation.payers)
    return step(
        "outside",
        "",
        f"outside this part, which {count:,} of the payers bear",
        f"この部分の対象外(対象は {count:,} 団体)",
    )
