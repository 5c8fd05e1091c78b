"""A plan from its files to its outcome, in the order of the work.

load plan -> load measures -> shares -> quotas -> amounts -> check -> compare
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from allocator.domain.changes import CodeChanges
from allocator.domain.errors import InputError, Problem, refuse
from allocator.domain.organisations import Register
from allocator.domain.progress import counted, step
from allocator.domain.text import Text, listed
from allocator.domain.yen import LARGEST, too_much
from allocator.engine.breakdown import NotionalSplit, break_down
from allocator.engine.compute import Inputs, compute
from allocator.engine.exact import Ints
from allocator.engine.result import Allocation, NotComputed
from allocator.files.source import Source, Sources
from allocator.plans.load import Plan, load_plan
from allocator.plans.tables import EQUAL, Programme
from allocator.plans.variant import Overrides, apply
from allocator.results.agreement import Agreement, NotCompared, agreement
from allocator.results.outcome import Outcome, ProgrammeOutcome
from allocator.sources.budgets.known import RECONCILIATION, Reconciled, reconciled
from allocator.sources.bundled import locate, shown
from allocator.sources.lists.anywhere import read_list_of
from allocator.sources.lists.table import PublishedList, amounts_by_code, refuse_wrong_totals
from allocator.sources.measures.file import POPULATION, Measure
from allocator.sources.measures.of_plan import Aligned, Measures, measures_of, with_population
from allocator.sources.register import CHANGES_FILE, register_of
from allocator.sources.tables.faults import raise_all


@dataclass
class _Run:
    """What the steps of one run share."""

    plan: Plan
    register: Register
    changes: CodeChanges
    measures: Measures
    sources: Sources
    files: dict[Path, Source] = field(default_factory=dict)
    notes: dict[Text, None] = field(default_factory=dict)

    def open(self, file: Path) -> Source:
        """Return what a file holds, and note that it is one of the inputs."""
        return self.note(self.sources.open(file))

    def note(self, source: Source) -> Source:
        """Note what was read as one of the inputs."""
        return self.files.setdefault(source.path, source)


def compute_plan(
    path: Path, overrides: Overrides | None = None, sources: Sources | None = None
) -> Outcome:
    """Compute every programme of the plan at `path` (a folder, or its plan.toml).

    Files that `sources` of this run hold already are not opened again.

    Raises:
        InputError: something in the plan, its files or the options is wrong.
    """
    overrides = overrides or Overrides()
    sources = sources or Sources()
    plan = load_plan(path, sources)
    chosen = apply(plan, overrides)
    run, notes = _prepare(plan, chosen, overrides.population, sources)
    outcomes: list[ProgrammeOutcome] = []
    found: list[Problem] = []
    for programme in counted(chosen, Text("computing the programmes", "事業を計算中")):
        try:
            outcomes.append(_programme(run, programme))
        except InputError as error:
            found += [_placed(plan, problem) for problem in error.problems]
    if found:
        raise InputError(found)
    notes += [*_remarks(outcomes), *run.notes]
    return Outcome(
        plan,
        run.register,
        run.changes,
        tuple(outcomes),
        budget=_budget(run, chosen),
        files=run.files,
        notes=tuple(notes),
    )


@dataclass(frozen=True)
class Prepared:
    """A plan made ready to compute programmes one by one, also such as are not in its files.

    Every file is read once, by `sources`. `compute` raises an `InputError` as `compute_plan` does.
    """

    register: Register
    changes: CodeChanges
    measures: Measures
    compute: Callable[[Programme], ProgrammeOutcome]
    sources: Sources


def prepare(plan: Plan, sources: Sources | None = None) -> Prepared:
    """Return what computes the programmes of `plan` and variants of them.

    Raises:
        InputError: its register or a file of its measures is not there.
    """
    sources = sources or Sources()
    run, _ = _prepare(plan, (), (), sources)

    def one(programme: Programme) -> ProgrammeOutcome:
        try:
            return _programme(run, programme)
        except InputError as error:
            raise InputError([_placed(plan, each) for each in error.problems]) from None

    return Prepared(run.register, run.changes, run.measures, one, sources)


def _prepare(
    plan: Plan, programmes: Sequence[Programme], populations: Sequence[Path], sources: Sources
) -> tuple[_Run, list[Text]]:
    register, changes = register_of(plan, sources)
    measures = measures_of(plan, register, changes, sources)
    notes: list[Text] = []
    for file in populations:
        source = sources.open(file)
        step(Text(f"reading {source.label.en}", f"{source.label.ja} を読取り中"))
        measures, added, replaced = with_population(measures, source)
        _refuse_unwanted(added, programmes)
        if replaced:
            notes.append(
                Text(
                    f"{source.path} takes the place of the {added.label.en} that the plan had",
                    f"{source.path} を、計画にあった {added.label.ja} の代わりに使います",
                )
            )
    run = _Run(plan, register, changes, measures, sources)
    run.files.update(zip(plan.files, plan.sources, strict=True))
    run.open(Path(register.origin))
    return run, notes


def _programme(run: _Run, programme: Programme) -> ProgrammeOutcome:
    payers = run.register.payers(programme.payers, run.plan.table.payers_on)
    if payers.is_empty():
        raise refuse(
            f"{programme.id}: payers",
            Text(
                f"the register has no {programme.payers} on {run.plan.table.payers_on}",
                f"{run.plan.table.payers_on} 現在、団体一覧に {programme.payers} がありません",
            ),
            Text(
                "correct payers, payers_as_of or the register",
                "payers、payers_as_of か団体一覧を直してください",
            ),
        )
    measures = _measures(run, programme, payers)
    listed_amounts: Ints | None = None
    if programme.carried_forward is not None:
        file = locate(programme.carried_forward.list_, run.plan.folder, run.sources)
        if file is None:
            reason = Text(
                f"the list to carry forward, {programme.carried_forward.list_}, is not there",
                f"引き継ぐ一覧 {programme.carried_forward.list_} がありません",
            )
            brief = Text("no list", "一覧なし")
            return ProgrammeOutcome(NotComputed(programme, reason), NotCompared(brief, reason))
        earlier = _earlier_amounts(run, file, programme, payers)
        lacking = [code for code, amount in earlier.items() if amount is None]
        if lacking:
            who = listed(lacking)
            raise refuse(
                f"{file}",
                Text(f"no amount for {who.en}", f"金額がない団体があります: {who.ja}"),
                Text("add the missing rows", "不足する行を加えてください"),
            )
        amounts = [amount or 0 for amount in earlier.values()]
        listed_amounts = np.array(amounts, dtype=np.int64)
    previous = _previous(run, programme, payers)
    inputs = Inputs(payers, tuple(m.values for m in measures), listed_amounts, previous)
    allocation = compute(programme, inputs)
    return ProgrammeOutcome(
        allocation,
        _agreement(run, allocation, measures),
        measures,
        _notional(run, allocation),
    )


def _measures(run: _Run, programme: Programme, payers: pl.DataFrame) -> tuple[Aligned, ...]:
    wanted = [
        (f"{programme.id}: share[{number}]", part.by, part.as_of)
        for number, part in enumerate(programme.share, start=1)
        if part.by != EQUAL
    ]
    if programme.unit_amount is not None:
        rule = programme.unit_amount
        wanted.append((f"{programme.id}: unit_amount", rule.by, rule.as_of))
    return tuple(_aligned(run, name, as_of, where, payers) for where, name, as_of in wanted)


def _aligned(run: _Run, name: str, as_of: date | None, where: str, payers: pl.DataFrame) -> Aligned:
    measure = run.measures.find(name, as_of, where)
    if measure.source is not None:
        run.note(measure.source)
    aligned = run.measures.align(measure, payers, where)
    if aligned.carried:
        run.open(CHANGES_FILE)
    return aligned


def _listed(run: _Run, file: Path, programme: Programme) -> PublishedList:
    """Return the list of a programme in a file, saying what was read otherwise than printed."""
    published = read_list_of(run.open(file), run.register, programme.id)
    for remark in (*published.remarks, *published.told_by_name):
        run.notes[Text(f"{file.name}: {remark.en}", f"{file.name}: {remark.ja}")] = None
    return published


def _earlier_amounts(
    run: _Run, file: Path, programme: Programme, payers: pl.DataFrame
) -> Mapping[str, int | None]:
    """Return what each payer paid in an earlier list, joined over code changes (None: unknown)."""
    published = _listed(run, file, programme)
    earlier = amounts_by_code(published, run.register)
    refuse_wrong_totals(published)
    over = run.changes.carry_over(earlier, payers["code"].to_list())
    if over.carried:
        run.open(CHANGES_FILE)
    for way in over.twice:
        raise refuse(
            f"{file}",
            Text(
                f"{way.code} became {way.to}, and both have an amount",
                f"{way.code} は {way.to} に変わっており、両方に金額があります",
            ),
            Text("keep one of the two rows", "どちらか1行だけ残してください"),
        )
    large = [(code, amount) for code, amount in over.values.items() if (amount or 0) > LARGEST]
    raise_all([too_much(f"{file}", code, amount or 0) for code, amount in large])
    for way in over.carried:
        name = file.name
        run.notes[Text(f"{name}: {way.text.en}", f"{name}: {way.text.ja}")] = None
    return over.values


def _previous(run: _Run, programme: Programme, payers: pl.DataFrame) -> dict[int, list[int | None]]:
    previous: dict[int, list[int | None]] = {}
    for number, adjustment in enumerate(programme.adjustment):
        if adjustment.previous is None:
            continue
        file = locate(adjustment.previous, run.plan.folder, run.sources)
        if file is None:
            raise refuse(
                f"{programme.id}: adjustment[{number + 1}].previous",
                Text(
                    f"{adjustment.previous!r} is not there",
                    f"{adjustment.previous!r} がありません",
                ),
                Text("put it beside the plan", "計画の隣に置いてください"),
            )
        previous[number] = list(_earlier_amounts(run, file, programme, payers).values())
    return previous


def _agreement(
    run: _Run, allocation: Allocation, measures: Sequence[Aligned]
) -> Agreement | NotCompared:
    programme = allocation.programme
    no_list = Text("no list", "一覧なし")
    if programme.published is None:
        return NotCompared(
            no_list, Text("the plan names no list", "計画に公表一覧の指定がありません")
        )
    if programme != run.plan.programme(programme.id, programme.id):
        return NotCompared(
            Text("changed by option", "指定により変更"),
            Text(
                "--total or --as-of departs from what the list rests on",
                "--total・--as-of の指定が公表一覧の前提と異なります",
            ),
        )
    if any(aligned.measure.origin == "option" for aligned in measures):
        return NotCompared(
            Text("changed by option", "指定により変更"),
            Text(
                "--population departs from what the list rests on",
                "--population の指定が公表一覧の前提と異なります",
            ),
        )
    file = locate(programme.published, run.plan.folder, run.sources)
    carried = programme.carried_forward
    if carried is not None and file == locate(carried.list_, run.plan.folder, run.sources):
        return NotCompared(
            Text("not compared", "照合対象外"),
            Text(
                "the list is the very one whose shares are carried forward",
                "割合を引き継いだ当の一覧であるため、照合になりません",
            ),
        )
    if file is None:
        return NotCompared(
            no_list,
            Text(f"{programme.published} is not there", f"{programme.published} がありません"),
        )
    amounts = amounts_by_code(_listed(run, file, programme), run.register)
    return agreement(programme.published, amounts, allocation.by_code)


def _notional(run: _Run, allocation: Allocation) -> NotionalSplit | None:
    rule = allocation.programme.breakdown
    if rule is None:
        return None
    members = run.register.payers("municipalities", run.plan.table.payers_on)
    where = f"{allocation.programme.id}: breakdown"
    aligned = _aligned(run, rule.by, rule.as_of, where, members)
    return break_down(allocation, members, aligned.values)


def _budget(run: _Run, programmes: Sequence[Programme]) -> tuple[Reconciled, ...]:
    """Return what the budgets say of the totals; Japan's say nothing of another register."""
    if run.plan.table.organisations is not None:
        return ()
    names = {programme.id for programme in programmes}
    found = reconciled(run.plan.fiscal_year, names, run.sources)
    if found:
        run.open(RECONCILIATION)
    return found


def _remarks(outcomes: Sequence[ProgrammeOutcome]) -> list[Text]:
    """Return what was mended in the files of measures, and carried over, each said once."""
    remarks: dict[Text, None] = {}
    for aligned in (each for outcome in outcomes for each in outcome.measures):
        name = aligned.measure.source.name if aligned.measure.source else aligned.measure.name
        for text in (*aligned.measure.remarks, *(way.text for way in aligned.carried)):
            remarks[Text(f"{name}: {text.en}", f"{name}: {text.ja}")] = None
    return list(remarks)


def _placed(plan: Plan, problem: Problem) -> Problem:
    """Put the file of a programme in place of its id, where a problem names it."""
    identifier, colon, key = problem.where.partition(": ")
    if not colon or identifier not in plan.table.programmes:
        return problem
    file = shown(plan.files[1 + plan.table.programmes.index(identifier)])
    return replace(problem, where=f"{file}: {key}")


def _refuse_unwanted(measure: Measure, programmes: Sequence[Programme]) -> None:
    """Refuse a population whose date no programme asks for: it would change nothing."""
    dates = {
        rule.as_of
        for programme in programmes
        for rule in (*programme.share, programme.unit_amount, programme.breakdown)
        if rule is not None and rule.by == POPULATION
    }
    if measure.as_of in dates or None in dates:
        return
    wanted = ", ".join(sorted(str(day) for day in dates)) or "-"
    raise refuse(
        f"{measure.file}",
        Text(
            f"the file is of {measure.as_of}; the plan uses the population of {wanted}",
            f"ファイルは {measure.as_of} 現在ですが、計画が使う人口は {wanted} 現在です",
        ),
        Text(
            f"give a file of those dates, or move a programme: --as-of ID={measure.as_of}",
            f"その日付のファイルを指定するか、--as-of ID={measure.as_of} で基準日を変えてください",
        ),
    )
