"""Published lists from files, audits of them, and two of them side by side."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TypeAlias

import polars as pl

from allocator.api.outcome import Outcome
from allocator.api.plan import Plan, PlanLike, plan_of
from allocator.api.showing import named_as_passed, shown_table
from allocator.auditing.findings import Audit
from allocator.auditing.side_by_side import Comparison as _Comparison
from allocator.domain.characters import visible
from allocator.domain.organisations import Register
from allocator.domain.text import Language
from allocator.files.source import Source, Sources
from allocator.outputs.frames import (
    audits_frame,
    checks_frame,
    comparison_frame,
    left_out_frame,
    lists_frame,
)
from allocator.sources.lists.anywhere import read_lists as _read_lists
from allocator.sources.lists.table import PublishedList
from allocator.sources.register import register_of
from allocator.tasks.audit_lists import audit_two
from allocator.tasks.audit_plan import audit_against
from allocator.tasks.compare import compare_sides
from allocator.tasks.compute import compute
from allocator.tasks.sides import Lender, Side, of_lists, of_plan, plan_at


@dataclass(frozen=True)
class Lists:
    """The published lists of a file, as printed."""

    source: Source = field(repr=False)
    lists: tuple[PublishedList, ...] = field(repr=False)

    def __repr__(self) -> str:
        """Name the file, and tell how many lists it has."""
        return f"Lists({visible(self.source.name)}, lists={len(self)})"

    def __len__(self) -> int:
        """Return how many lists there are."""
        return len(self.lists)

    def frame(self) -> pl.DataFrame:
        """Return list (from 1), programme, code, prefecture, municipality, amount (yen), line."""
        return lists_frame(self.lists)

    def left_out(self) -> pl.DataFrame:
        """Return line, reason, text, list: every row of the lists' tables that is in none."""
        return left_out_frame(self.lists)

    def _repr_html_(self) -> str:
        return shown_table(self.source.name, self.frame())


@dataclass(frozen=True)
class Audits:
    """The lists of a file, audited: every difference is a finding."""

    audits: tuple[Audit, ...] = field(repr=False)

    def __repr__(self) -> str:
        """Tell how many lists were audited, and what came of it."""
        findings = sum(len(each.findings) for each in self.audits)
        return f"Audits(lists={len(self)}, findings={findings}, agree={self.agree})"

    def __len__(self) -> int:
        """Return how many lists were audited."""
        return len(self.audits)

    @property
    def agree(self) -> bool:
        """Whether nothing but warnings was found. `checks` tells what could not be checked."""
        findings = (finding for each in self.audits for finding in each.findings)
        return not any(finding.severity == "error" for finding in findings)

    def frame(self, language: Language = "en") -> pl.DataFrame:
        """Return the findings, a row each, with the columns of `audit --json`; amounts in yen."""
        return audits_frame(self.audits, language)

    def checks(self, language: Language = "en") -> pl.DataFrame:
        """Return programme, check, note, checked: what was checked, and what could not be."""
        return checks_frame(self.audits, language)

    def _repr_html_(self) -> str:
        return shown_table("Findings", self.frame()) + shown_table("Checks", self.checks())


@dataclass(frozen=True)
class Comparison:
    """Two lists, plans or outputs side by side."""

    comparison: _Comparison = field(repr=False)

    def __repr__(self) -> str:
        """Name both sides."""
        sides = (self.comparison.left.en, self.comparison.right.en)
        return f"Comparison({', '.join(map(visible, sides))})"

    def frame(self) -> pl.DataFrame:
        """Return programme, code, prefecture, municipality, left, right, difference (yen)."""
        return comparison_frame(self.comparison)

    def notes(self, language: Language = "en") -> list[str]:
        """Return what a reader should know of both sides."""
        return [note.in_(language) for note in self.comparison.notes]

    def _repr_html_(self) -> str:
        names = f"{self.comparison.left.en} → {self.comparison.right.en}"
        return shown_table(names, self.frame())


Compared: TypeAlias = "Outcome | Lists | PlanLike"
"""What can be compared: an outcome, lists, a plan or its year, or the path of a list, a plan or
outputs."""


def read_lists(path: Path | str, plan: PlanLike | None = None) -> Lists:
    """Read every published list of a file; codes and amounts are as printed.

    Args:
        path: a table (CSV, Excel, PDF) or papers with several.
        plan: it lends its register; the newest bundled one by default.

    Raises:
        InputError: the file cannot be read, or holds no list.
    """
    source = Sources().open(Path(path))
    return Lists(source, tuple(_read_lists(source, _register(plan_of(plan)))))


def audit(
    lists: Lists | Path | str,
    plan: PlanLike | None = None,
    against: Lists | Path | str | None = None,
    programme: str | None = None,
) -> Audits:
    """Hold lists against a plan, with what `with_` changed in it, or against another list.

    Args:
        lists: lists that were read, or the path of a file with some.
        plan: the newest bundled one by default.
        against: another list, in place of the plan, which then only lends its register.
        programme: the one that the list is of, where it doesn't say so.

    Raises:
        InputError: a file or the plan is wrong, or it isn't plain whose a list is.
    """
    found = plan_of(plan)
    given = [each for each in (lists, against) if isinstance(each, Lists)]
    sources = Sources([*found.loaded.sources, *(each.source for each in given)])
    with named_as_passed():
        if against is not None:
            at = found.loaded.files[0]
            return Audits(audit_two(_path(lists), _path(against), at, programme, sources))
        changed = replace(found.loaded, programmes=found.changed)
        return Audits(audit_against(_path(lists), changed, programme, sources))


def compare(
    left: Compared,
    right: Compared,
    programme: str | None = None,
    plan: PlanLike | None = None,
) -> Comparison:
    """Set two lists, plans or outputs side by side, joined over changes of codes.

    Args:
        left: see `Compared`; plans are computed, with what `with_` changed in them.
        right: the same.
        programme: the one to compare; by default all that both have.
        plan: it lends its register to lists, and tells whose they are: by default a plan that is
            compared, else the newest bundled one.

    Raises:
        InputError: one of them cannot be read, or they have nothing in common.
    """
    with named_as_passed():
        meant = [_computed(each) for each in (left, right)]
        outcomes = (each for each in meant if isinstance(each, Outcome))
        lender = _lender(plan, next(outcomes, None))
        sides = [_side(each, lender.register) for each in meant]
        return Comparison(compare_sides(sides, lender, programme)[0])


def _computed(given: Compared) -> Outcome | Lists | Path:
    """Return what is compared, a plan computed."""
    if isinstance(given, Outcome | Lists):
        return given
    if not isinstance(given, Plan):
        path = Path(str(given))
        if plan_at(path) is None and not isinstance(given, int):
            return path
    plan = plan_of(given)
    return Outcome(compute(plan.loaded, plan.overrides, Sources(plan.loaded.sources)))


def _lender(plan: PlanLike | None, outcome: Outcome | None) -> Lender:
    if plan is None and outcome is not None:
        computed = outcome.computed
        return Lender(computed.plan.files[0], Sources(computed.plan.sources), computed)
    found = plan_of(plan).loaded
    return Lender(found.files[0], Sources(found.sources))


def _side(given: Outcome | Lists | Path, register: Register) -> Side:
    if isinstance(given, Outcome):
        return of_plan(given.computed.plan.folder, given.computed)
    opened = [given.source] if isinstance(given, Lists) else []
    return of_lists(_path(given), register, Sources(opened))


def _register(plan: Plan) -> Register:
    return register_of(plan.loaded, Sources(plan.loaded.sources))[0]


def _path(lists: Lists | Path | str) -> Path:
    return lists.source.path if isinstance(lists, Lists) else Path(lists)
