"""What each payer bears of each part of a programme, where those are few enough for a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from allocator.outputs.report.figures import Members
from allocator.results.outcome import ProgrammeOutcome

MOST_PAYERS: Final = 60
"""The most payers that the table of parts shows; parts.csv has all of them."""


@dataclass(frozen=True)
class PartsRow:
    """A payer's amounts in yen: `parts` in their order (None: outside the part), and their sum."""

    name: str
    parts: tuple[int | None, ...]
    amount: int


def parts_table(outcome: ProgrammeOutcome, members: Members) -> Sequence[PartsRow]:
    """Return the amounts of each payer by part, then their sums; nothing where it would be long."""
    allocation = outcome.allocation
    if allocation is None or not outcome.parts or len(allocation.payers) > MOST_PAYERS:
        return ()
    parts = [part.allocation for part in outcome.parts if part.allocation is not None]
    rows = [
        PartsRow(members.full_name(code), tuple(part.by_code.get(code) for part in parts), amount)
        for code, amount in allocation.by_code.items()
    ]
    return [*rows, PartsRow("計", tuple(part.total for part in parts), allocation.total)]
