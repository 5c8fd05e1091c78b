"""What a list should say by a plan: the expected amounts, and why they may be none.

Amounts that come from the very list that is audited check nothing. It is known by its content, as
a copy says nothing more than the original.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from pathlib import Path

import polars as pl

from allocator.auditing.reasons import Band, Bands, Dated, Knowledge, Other
from allocator.auditing.reference import Reference, payers_frame
from allocator.domain.errors import InputError
from allocator.domain.organisations import PREFECTURE
from allocator.domain.text import Text, joined, listed
from allocator.domain.years import FiscalYear
from allocator.engine.result import Allocation
from allocator.files.paths import same_file
from allocator.plans.plan import Plan
from allocator.plans.programme import Programme
from allocator.plans.tables import EQUAL, MUNICIPALITIES, Footing
from allocator.plans.variant import Overrides, apply
from allocator.results.outcome import ProgrammeOutcome
from allocator.sources.bundled import DATA, locate, shown
from allocator.sources.lists.anywhere import read_list_of
from allocator.sources.lists.table import PublishedList, amounts_by_code
from allocator.tasks.compute import Prepared
from allocator.words.parts import shares_by_basis, unverified_words
from allocator.words.rule import BASES, BASIS, measure_words


@dataclass(frozen=True)
class Basis:
    """What a programme's amounts stand on, in words. `bases` are the shares of those of its parts.

    They are empty where it has no parts, or could not be computed.
    """

    programme: Programme
    bases: Mapping[Footing, Fraction]

    @property
    def _stated(self) -> Footing:
        """The one basis of all parts, where they have one; else `parts`."""
        found = {table.basis for table in self.programme.part}
        return found.pop() if len(found) == 1 else self.programme.basis

    @property
    def whose(self) -> Text:
        """What stands before an expected amount."""
        words = BASES[self._stated]
        if self._stated == "rule":
            return Text("the rule gives", words.amounts.ja)
        return Text(f"{words.way.en} (not verified)", f"{words.amounts.ja}(未検証)")

    @property
    def against(self) -> Text:
        """What a list is compared with."""
        return BASES[self._stated].amounts

    @property
    def unverified(self) -> Text | None:
        """What is to be said of amounts that no rule verifies, or not wholly."""
        return unverified_words(self._stated, self.bases)


@dataclass(frozen=True)
class Expected:
    """What a programme's list should say; `unchecked` is why amounts can't be checked.

    `bases` are the shares of what is charged by the basis of the parts, where there are parts.
    """

    reference: Reference
    knowledge: Knowledge
    unchecked: Text | None = None
    bases: Mapping[Footing, Fraction] = field(default_factory=dict)


def bare(programme: Programme) -> Programme:
    """Return a programme without what an audit doesn't need: its list, its notional split."""
    return programme.model_copy(update={"published": None, "breakdown": None})


def expected_of(
    published: PublishedList, plan: Plan, ready: Prepared, programme: Programme
) -> Expected:
    """Return what a list of a programme should say.

    Raises:
        InputError: the programme cannot be computed, or a list that it rests on cannot be read.
    """
    own = None if programme.part else _own_list(published, plan, ready, programme)
    if own is not None and not own[0]:  # which nothing can be computed from either
        return _unknown(plan, ready, programme, *own)
    outcome = ready.compute(bare(programme))
    allocation = outcome.allocation
    if own is not None and not _is_computed(published, own[0], allocation):
        return _unknown(plan, ready, programme, *own, outcome)
    if allocation is None:
        return _unknown(plan, ready, programme, {}, getattr(outcome.result, "reason", None))
    bases = shares_by_basis(outcome) if outcome.parts else {}
    resting = _own_parts(published, plan, ready, programme, allocation)
    if resting is not None:
        return _unknown(plan, ready, programme, *resting, outcome)
    may_be_left_out = [
        standing == "exempt" or (bool(programme.part) and amount == 0)
        for standing, amount in zip(allocation.standing, allocation.amounts, strict=True)
    ]
    reference = Reference(
        payers_frame(allocation.payers, allocation.amounts, may_be_left_out),
        allocation.total,
        ready.register,
        ready.changes,
        Basis(programme, bases).whose,
    )
    knowledge = Knowledge(
        _bands(programme, allocation),
        partial(_dated, plan, ready, programme),
        only_bands=not programme.adjustment,
        others=partial(_others, plan, ready, programme),
    )
    return Expected(reference, knowledge, bases=bases)


# -- lists that amounts come from ------------------------------------------------------------------


def _own_list(
    published: PublishedList, plan: Plan, ready: Prepared, programme: Programme
) -> tuple[Mapping[str, int], Text] | None:
    """Return the amounts of a list that the programme carries forward itself, and what to say.

    At least half of the amounts of the list audited are those carried forward. None: it is another
    list.
    """
    carried = programme.carried_forward
    if carried is None:
        return None
    for name in (carried.list_, carried.derived_from):
        file = name and locate(name, plan.folder, ready.sources)
        if not file:
            continue
        try:
            amounts = amounts_by_code(_list_of(file, ready, programme), ready.register)
        except InputError:
            if not same_file(file, published.file):
                raise
            amounts = {}
        if amounts and not _alike(published, amounts):
            continue
        of = shown(file)
        reason = Text(
            f"not checkable: this is the list that the programme carries forward ({of})",
            f"照合できません: この事業が引き継ぐ一覧そのものです({of})",
        )
        return amounts, _with_others(reason, published, amounts)
    return None


def _is_computed(
    published: PublishedList, carried: Mapping[str, int], allocation: Allocation | None
) -> bool:
    """Tell the list of what was computed from the list `carried` forward, where they are alike.

    Where it is as near to both, it is the one that is carried forward: nothing speaks against it.
    """
    if allocation is None:
        return False
    nearest = len(_differing(published, carried))
    return len(_differing(published, allocation.by_code)) < nearest


def _own_parts(
    published: PublishedList,
    plan: Plan,
    ready: Prepared,
    programme: Programme,
    allocation: Allocation,
) -> tuple[Mapping[str, int], Text] | None:
    """Return the same of a list that a part's amounts were worked out from.

    That is the list that the part names (`derived_from`), else the programme's own: a part is not
    published by itself. Where neither can be read, the sum stands for it: with the other parts,
    what was taken from a list gives it back.
    """
    for part in programme.part:
        if part.carried_forward is None:
            continue
        name = part.carried_forward.derived_from or programme.published or programme.inferred_from
        file = name and locate(name, plan.folder, ready.sources)
        amounts: Mapping[str, int] = allocation.by_code
        of = str(name or published.file)
        if file:
            of = shown(file)
            try:
                amounts = amounts_by_code(_list_of(file, ready, programme), ready.register)
            except InputError:
                if not same_file(file, published.file):
                    raise
        if not _alike(published, amounts):
            continue
        reason = Text(
            f"not checkable: the part {part.name} carries forward what was derived from this very "
            f"list ({of})",
            f"照合できません:「{part.name}」はこの一覧そのもの({of})から求めた額の引継ぎです",
        )
        return amounts, _with_others(reason, published, amounts)
    return None


def _alike(published: PublishedList, amounts: Mapping[str, int]) -> bool:
    """Tell whether at least half of a list's amounts are these: it is (a copy of) that list."""
    return 2 * len(_differing(published, amounts)) <= len(published.frame)


def _differing(published: PublishedList, amounts: Mapping[str, int]) -> list[str]:
    rows = published.frame.select("code", "amount").iter_rows()
    return [code for code, amount in rows if amounts.get(code) != amount]


def _with_others(reason: Text, published: PublishedList, amounts: Mapping[str, int]) -> Text:
    """Add to a reason who has another amount in the copy that the plan has."""
    other = [code for code in _differing(published, amounts) if code in amounts]
    if not other:
        return reason
    who = listed(other)
    return Text(
        f"{reason.en}; the copy carried forward has other amounts for {who.en} (see --against)",
        f"{reason.ja}。引き継いだ一覧と金額が異なる団体: {who.ja}(--against で比較できます)",
    )


def inferred_from(
    published: PublishedList, plan: Plan, ready: Prepared, programme: Programme
) -> str | None:
    """Return the list that the rule was inferred from, where the audited one is (a copy of) it.

    It is known by its content, like a list that is carried forward: at least half of its amounts.
    Where the plan's file is not there or cannot be read, nothing speaks for another list.
    """
    if programme.inferred_from is None:
        return None
    file = locate(programme.inferred_from, plan.folder, ready.sources)
    if file is None:
        return programme.inferred_from
    try:
        known = amounts_by_code(_list_of(file, ready, programme), ready.register)
    except InputError:
        return shown(file)
    return shown(file) if _alike(published, known) else None


def _list_of(file: Path, ready: Prepared, programme: Programme) -> PublishedList:
    return read_list_of(ready.sources.open(file), ready.register, programme.id)


def _unknown(
    plan: Plan,
    ready: Prepared,
    programme: Programme,
    amounts: Mapping[str, int],
    reason: Text | None,
    outcome: ProgrammeOutcome | None = None,
) -> Expected:
    """Return what is known of a list whose amounts can't be checked; of parts also their sum."""
    payers = ready.register.payers(programme.payers, plan.table.payers_on)
    total, bases = programme.total, {}
    if outcome is not None and outcome.allocation is not None:
        total = outcome.allocation.total
        bases = dict(shares_by_basis(outcome)) if outcome.parts else {}
    reference = Reference(
        payers_frame(payers, [amounts.get(code) for code in payers["code"]]),
        total,
        ready.register,
        ready.changes,
        Basis(programme, bases).whose,
        comparable=False,
    )
    return Expected(reference, Knowledge(), reason or BASIS["not computed"], bases)


# -- what may be behind a wrong amount -------------------------------------------------------------


def _bands(programme: Programme, allocation: Allocation) -> Bands | None:
    rule = programme.unit_amount
    if rule is None:
        return None
    kinds = allocation.payers.filter(pl.col("kind") == PREFECTURE)
    values = allocation.steps.columns["measure_1"]
    return Bands(
        measure_words(rule.by, rule.as_of),
        tuple(Band(band.from_, band.amount) for band in rule.prefectures or ()),
        tuple(Band(band.from_, band.amount) for band in rule.municipalities or ()),
        dict(zip(allocation.steps.codes, values.tolist(), strict=True)),
        frozenset(kinds["code"].to_list()),
    )


def _others(plan: Plan, ready: Prepared, programme: Programme) -> Sequence[Other]:
    """Return the amounts of the plan's other programmes, and of the lists of other years."""
    found = []
    for each in plan.programmes:
        if each.id == programme.id:
            continue
        try:
            allocation = ready.compute(bare(each)).allocation
        except InputError:
            continue
        if allocation is not None:
            label = Text(f"{each.id} ({each.name})", f"{each.name}({each.id})")
            found.append(Other("other_programme", label, allocation.by_code))
    for file in sorted((DATA / "published").glob(f"[0-9]*/{programme.id}.csv")):
        year = FiscalYear.parse(file.parent.name)
        if year == plan.fiscal_year:
            continue
        try:
            amounts = amounts_by_code(_list_of(file, ready, programme), ready.register)
        except InputError:
            continue
        of = shown(file)
        label = Text(f"the list of fiscal year {year} ({of})", f"{year.japanese}の一覧({of})")
        found.append(Other("other_year", label, amounts))
    return found


def _dated(plan: Plan, ready: Prepared, programme: Programme) -> Sequence[Dated]:
    """Compute a programme with measures of every other date that there is, the nearest first."""
    rules = [
        (measured.by, measured.as_of) for table in programme.rules for measured in table.measured
    ]
    measures = {by for by, _ in rules} - {EQUAL, MUNICIPALITIES}
    present = {as_of for by, as_of in rules if by in measures}
    dates = {
        entry.as_of
        for entry in ready.measures.entries
        if entry.name in measures and entry.as_of is not None
    } - present
    reference = max((day for day in present if day is not None), default=None)
    found = []
    for day in sorted(dates, key=lambda day: abs(day - (reference or day))):
        variants = apply(plan, Overrides(dates={programme.id: day}, only=(programme.id,)))
        try:
            allocation = ready.compute(bare(variants[0])).allocation
        except InputError:
            continue
        if allocation is not None:
            words = (measure_words(name, day) for name in sorted(measures))
            label = joined(words, " and ", "・")
            found.append(Dated(label, allocation.by_code))
    return found
