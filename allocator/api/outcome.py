"""A plan computed: its amounts, the way to them, and the files that show them."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from allocator.api.explanation import Explanation
from allocator.api.plan import PlanLike, plan_of, with_passed
from allocator.api.showing import named_as_passed, shown_table, unknown
from allocator.domain.text import Language, Text
from allocator.engine.result import Allocation
from allocator.outputs.files.csv_files import Encoding
from allocator.outputs.files.folder import write_outputs
from allocator.outputs.frames import allocation_frame, amounts_frame, summary_frame
from allocator.results.agreement import Agreement, NotCompared
from allocator.results.outcome import Outcome as _Outcome
from allocator.results.outcome import ProgrammeOutcome
from allocator.tasks.compute import compute
from allocator.tasks.earlier import with_previous
from allocator.tasks.given import Key
from allocator.tasks.known_code import known_code
from allocator.words.notes import note_words
from allocator.words.payer import explain


@dataclass(frozen=True)
class Amounts:
    """The amounts of one programme, or of one of its parts, in yen."""

    outcome: ProgrammeOutcome = field(repr=False)

    def __repr__(self) -> str:
        """Name the programme, what its amounts stand on, and their sum."""
        allocation = self.outcome.allocation
        what = "not computed" if allocation is None else f"total={allocation.total}"
        return f"Amounts({self.id}, {self.basis}, {what})"

    @property
    def allocation(self) -> Allocation:
        """What the engine gave: amounts by code, and every step as a vector beside the payers.

        Raises:
            LookupError: the programme was not computed; it says why.
        """
        if self.outcome.allocation is None:
            reason = getattr(self.outcome.result, "reason", Text("", ""))
            raise LookupError(f"{self.id} was not computed: {reason.en}")
        return self.outcome.allocation

    @property
    def id(self) -> str:
        """The programme's id; of a part `<id>_part_<number>`."""
        return self.outcome.programme.id

    @property
    def name(self) -> str:
        """The programme's name, or that of the part."""
        return self.outcome.programme.title

    @property
    def basis(self) -> str:
        """How far the amounts stand on a rule: rule, carried_forward, estimated, or parts."""
        return self.outcome.programme.basis

    @property
    def total(self) -> int:
        """What is charged, in yen: the sum of the amounts."""
        return self.allocation.total

    @property
    def parts(self) -> tuple[Amounts, ...]:
        """The parts of the programme, each over its own payers; none of most programmes."""
        return tuple(Amounts(part) for part in self.outcome.parts)

    @property
    def agreement(self) -> Agreement | NotCompared:
        """How many amounts equal the published list, or why that cannot be said."""
        return self.outcome.agreement

    def notes(self, language: Language = "en") -> list[str]:
        """Return what was decided on the way: ties, differences of the rounding, rests."""
        return [note_words(note).in_(language) for note in self.allocation.notes]

    def frame(self) -> pl.DataFrame:
        """Return code, prefecture, municipality, amount (yen); a row a payer, by code."""
        return allocation_frame(self.allocation)

    def steps(self) -> pl.DataFrame:
        """Return the way from input to amount: a row a payer under the rule, a column a step.

        `share` and `quota` are numerators; their denominators are those of `allocation.steps`.
        """
        return self.allocation.steps.frame()

    def _repr_html_(self) -> str:
        if self.outcome.allocation is None:
            return f"<p>{html.escape(repr(self))}</p>"
        return shown_table(f"{self.name}: {self.basis}, {self.total:,} yen", self.frame())


@dataclass(frozen=True)
class Outcome(Mapping[str, Amounts]):
    """A plan computed: its programmes by id, in the plan's order, and what to know of them."""

    computed: _Outcome = field(repr=False)

    def __repr__(self) -> str:
        """Name the year and the programmes."""
        return f"Outcome(fiscal_year={self.fiscal_year}, programmes={', '.join(self)})"

    def __getitem__(self, programme: str) -> Amounts:
        """Return the amounts of a programme, by its id or short name."""
        for each in self.computed.programmes:
            if programme in (each.programme.id, each.programme.short or each.programme.id):
                return Amounts(each)
        raise unknown("programme", programme, list(self))

    def __iter__(self) -> Iterator[str]:
        """Yield the ids of the programmes."""
        return iter([each.programme.id for each in self.computed.programmes])

    def __len__(self) -> int:
        """Return how many programmes there are."""
        return len(self.computed.programmes)

    @property
    def fiscal_year(self) -> int:
        """The calendar year in which the fiscal year begins: 2023 for 令和5年度."""
        return self.computed.plan.table.fiscal_year

    @property
    def complete(self) -> bool:
        """Whether every programme was computed; `summary` says why one was not."""
        return self.computed.complete

    def notes(self, language: Language = "en") -> list[str]:
        """Return what a reader should know of the inputs."""
        return [note.in_(language) for note in self.computed.notes]

    def frame(self) -> pl.DataFrame:
        """Return programme, code, prefecture, municipality, amount (yen), as allocation.csv."""
        return amounts_frame(self.computed)

    def summary(self, language: Language = "en") -> pl.DataFrame:
        """Return programme, basis, agreement with the list (in words), payers, total (yen)."""
        return summary_frame(self.computed, language)

    def explain(self, code: str | int) -> Explanation:
        """Return every step of a payer's amounts in words and figures.

        Args:
            code: the six digits of an organisation; a leading zero or the check digit may be left
                out, as in files.

        Raises:
            InputError: no organisation has this code on the plan's day.
        """
        found = known_code(self.computed, str(code), f"code {code}")
        return Explanation(explain(self.computed, found), self.fiscal_year)

    def write(
        self, folder: Path | str, encoding: Encoding = "utf-8", *, raw_csv: bool = False
    ) -> list[Path]:
        """Write workbook, CSV files, report and manifest; return their paths.

        Args:
            folder: made where it isn't there; what stands in it under the same names is replaced.
            encoding: that of the CSV files: utf-8 (with a byte order mark, for Excel) or cp932.
            raw_csv: write names as they are; else one that a spreadsheet would take for a formula
                (=1+1) has a ' before it in the CSV files.

        Raises:
            InputError: the folder cannot be written, or a name is not in cp932.
        """
        return write_outputs(self.computed, Path(folder), encoding, raw_csv=raw_csv)

    def _repr_html_(self) -> str:
        return shown_table(f"FY{self.fiscal_year}", self.summary())


def allocate(
    plan: PlanLike,
    measures: Mapping[Key, Any] | None = None,
    previous: Sequence[str | int | Path] | str | int | Path = (),
) -> Outcome:
    """Compute a plan.

    Args:
        plan: a plan, the year of a bundled one, or a path.
        measures: figures by organisation, beside the plan's own or in their place: whole numbers
            from 0 up by name, or by (name, date). Each is a table with a column `code` and one of
            figures (a frame of polars or pandas, anything with `__arrow_c_stream__`, a mapping of
            columns), or a mapping from codes to figures. A name without a date is of the one date
            that the plan asks for.
        previous: what the amounts are compared with: paths of plans or lists, or years; `ID=path`
            says for which programme one stands.

    Raises:
        InputError: something in the plan, its files or what was passed is wrong.
    """
    found = plan_of(plan)
    given = with_passed(found, measures)
    several = [previous] if isinstance(previous, str | int | Path) else previous
    with named_as_passed(given.names):
        outcome = compute(given.plan, found.overrides, given.sources)
        return Outcome(with_previous(outcome, [str(each) for each in several], given.sources))
