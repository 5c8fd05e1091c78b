"""All that is known after a plan was computed: the one object that every output renders."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from allocator.domain.changes import CodeChanges
from allocator.domain.organisations import Register
from allocator.domain.text import Text
from allocator.engine.breakdown import NotionalSplit
from allocator.engine.result import Allocation
from allocator.files.source import Source
from allocator.plans.plan import Plan
from allocator.plans.programme import Programme
from allocator.results.agreement import Agreement, NotCompared
from allocator.results.earlier import Previous
from allocator.sources.budgets.known import Reconciled
from allocator.sources.measures.of_plan import Aligned


@dataclass(frozen=True)
class NotComputed:
    """Why the amounts of a programme could not be computed."""

    reason: Text


@dataclass(frozen=True)
class ProgrammeOutcome:
    """One programme: its amounts or why there are none, and how they agree with the list.

    `programme` is as it was computed, options of the call included. `measures` are the inputs
    behind the proportional shares or the unit amounts, in the plan's order, beside all payers of
    the programme. `parts` are the outcomes of its parts, each as a programme of its own.
    """

    programme: Programme
    result: Allocation | NotComputed
    agreement: Agreement | NotCompared
    measures: tuple[Aligned, ...] = ()
    notional: NotionalSplit | None = None
    parts: tuple[ProgrammeOutcome, ...] = ()

    @property
    def all_measures(self) -> tuple[Aligned, ...]:
        """The measures behind the amounts, those of the parts included."""
        return (*self.measures, *(each for part in self.parts for each in part.measures))

    @property
    def allocation(self) -> Allocation | None:
        """The amounts, where they were computed."""
        return self.result if isinstance(self.result, Allocation) else None


@dataclass(frozen=True)
class Outcome:
    """A computed plan.

    `files` are all inputs, as they were when it was computed from them, `notes` what a reader
    should know, `budget` what the bundled budgets say of the totals, `previous` what the amounts
    are compared with.
    """

    plan: Plan
    register: Register
    changes: CodeChanges
    programmes: tuple[ProgrammeOutcome, ...]
    files: Mapping[Path, Source]
    notes: tuple[Text, ...] = ()
    budget: tuple[Reconciled, ...] = ()
    previous: Previous | None = None

    @property
    def complete(self) -> bool:
        """Whether every programme was computed."""
        return all(outcome.allocation is not None for outcome in self.programmes)
