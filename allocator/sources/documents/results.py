"""What was found in a document, as frozen values that the command line and the audit render."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from allocator.domain.text import Text
from allocator.domain.yen import thousands
from allocator.sources.budgets.tables import Stage
from allocator.sources.lists.table import PublishedList
from allocator.sources.reading.document import Document, Place
from allocator.sources.tables.ledger import Reason

Status = Literal["fact", "inference", "open", "incomplete"]


@dataclass(frozen=True)
class BudgetLine:
    """One line of a budget: thousand yen, as printed (after the supplement, where it is one).

    `also` are other places with the same amount. `kind` and `column` are what the id ends in.
    """

    id: str
    stage: Stage
    table: str
    business: str
    item: str
    amount: int
    place: Place
    also: tuple[Place, ...] = ()
    kind: str = ""
    column: str = ""


@dataclass(frozen=True)
class Candidate:
    """Lines that may make up a total (thousand yen), and why."""

    lines: tuple[str, ...]
    total: int
    why: Text


@dataclass(frozen=True)
class Reconciliation:
    """The total of a programme (thousand yen) rebuilt from budget lines.

    `status`: fact, where a published list confirms it; inference, where lines had to be chosen;
    open, where more than one choice is possible (`candidates`); incomplete, where lines that it
    takes were not found (`missing`). `listed` is the sum of the document's own list, in yen.
    `expected` is what the bundled reconciliation says, where it has this budget.
    """

    stage: Stage
    programme: str
    lines: tuple[str, ...]
    total: int | None
    status: Status
    why: Text
    candidates: tuple[Candidate, ...] = ()
    missing: tuple[str, ...] = ()
    listed: int | None = None
    expected: int | None = None

    @property
    def agrees(self) -> bool:
        """Whether nothing speaks against the total: neither the list nor what is known of it."""
        if self.status == "open":
            return True
        if self.total is None:
            return False
        listed = self.listed is None or thousands(self.listed) == self.total
        return listed and self.expected in (None, self.total)


class LeftOutRow(NamedTuple):
    """A row of the document that is in none of its lists and budget lines, with its place."""

    line: int | str
    reason: Reason
    text: str


@dataclass(frozen=True)
class Extraction:
    """Everything that was found. `title` names the papers as their first page does.

    `left_out` has every row (`rows_in` are there) that is in no list and no budget line.
    """

    document: Document
    title: str
    lists: tuple[PublishedList, ...]
    lines: tuple[BudgetLine, ...]
    reconciliations: tuple[Reconciliation, ...]
    remarks: tuple[Text, ...]
    rows_in: int = 0
    left_out: tuple[LeftOutRow, ...] = ()
