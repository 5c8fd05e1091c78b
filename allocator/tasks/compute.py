"""A plan from its files to its outcome, in the order of the work.

load plan -> load measures -> shares -> quotas -> amounts -> check -> compare
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from allocator.domain.changes import CodeChanges
from allocator.domain.errors import InputError, Problem, refuse
from allocator.domain.organisations import Register
from allocator.domain.progress import counted, step
from allocator.domain.text import Text
from allocator.engine.breakdown import NotionalSplit, break_down
from allocator.engine.errors import RuleError
from allocator.engine.result import Allocation
from allocator.files.source import Sources
from allocator.plans.load import load_plan
from allocator.plans.plan import Plan
from allocator.plans.programme import Programme
from allocator.plans.variant import Overrides, apply
from allocator.results.agreement import OF_A_PART, NotCompared
from allocator.results.outcome import NotComputed, Outcome, ProgrammeOutcome
from allocator.sources.budgets.known import RECONCILIATION, Reconciled, reconciled
from allocator.sources.bundled import shown
from allocator.sources.measures.file import POPULATION, Measure
from allocator.sources.measures.of_plan import Aligned, Measures, measures_of, with_population
from allocator.sources.register import register_of
from allocator.tasks.agreeing import agreement_of
from allocator.tasks.binding import BoundProgramme, MissingListError, Run, aligned, bind_programme
from allocator.words.refusals import refused

_PUT_IT: Final = Text("put it beside the plan", "計画の隣に置いてください")


def compute_plan(
    path: Path, overrides: Overrides | None = None, sources: Sources | None = None
) -> Outcome:
    """Compute every programme of the plan at `path` (a folder, or its plan.toml).

    Files that `sources` of this run hold already are not opened again.

    Raises:
        InputError: something in the plan, its files or the options is wrong.
    """
    sources = sources or Sources()
    return compute(load_plan(path, sources), overrides, sources)


def compute(
    plan: Plan, overrides: Overrides | None = None, sources: Sources | None = None
) -> Outcome:
    """Compute every programme of a plan that is loaded; see `compute_plan`."""
    overrides = overrides or Overrides()
    sources = sources or Sources()
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


def bind_plan(
    plan: Plan, overrides: Overrides | None = None, sources: Sources | None = None
) -> list[BoundProgramme]:
    """Return every programme of a plan that is loaded, bound to its inputs.

    Raises:
        InputError: as `compute_plan`; also where a list that is to be carried forward is not there.
    """
    sources = sources or Sources()
    chosen = apply(plan, overrides or Overrides())
    run, _ = _prepare(plan, chosen, (), sources)
    found: list[BoundProgramme] = []
    for programme in chosen:
        try:
            found.append(bind_programme(run, programme))
        except MissingListError as error:
            raise refuse(programme.id, _missing(error), _PUT_IT, code="missing_file") from None
        except InputError as error:
            raise InputError([_placed(plan, each) for each in error.problems]) from None
    return found


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
) -> tuple[Run, list[Text]]:
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
    run = Run(plan, register, changes, measures, sources)
    run.files.update(zip(plan.files, plan.sources, strict=True))
    run.open(Path(register.origin))
    return run, notes


def _programme(run: Run, programme: Programme) -> ProgrammeOutcome:
    try:
        bound = bind_programme(run, programme)
    except MissingListError as error:
        reason = _missing(error)
        brief = Text("no list", "一覧なし")
        return ProgrammeOutcome(programme, NotComputed(reason), NotCompared(brief, reason))
    try:
        allocation = bound.bound.solve(total=programme.divided)
    except RuleError as error:
        raise refused(error, programme.id) from None
    measures = (*bound.measures, *(each for part in bound.of_parts for each in part))
    return ProgrammeOutcome(
        programme,
        allocation,
        agreement_of(run, programme, allocation, measures),
        bound.measures,
        _notional(run, programme, allocation),
        _parts(programme, allocation, bound.of_parts),
    )


def _missing(error: MissingListError) -> Text:
    return Text(
        f"the list to carry forward, {error.name}, is not there",
        f"引き継ぐ一覧 {error.name} がありません",
    )


def _parts(
    programme: Programme, allocation: Allocation, measures: Sequence[tuple[Aligned, ...]]
) -> tuple[ProgrammeOutcome, ...]:
    """Return the parts of a programme as programmes of their own."""
    return tuple(
        ProgrammeOutcome(programme.of_part(number, part.given), part, OF_A_PART, own)
        for number, (part, own) in enumerate(zip(allocation.parts, measures, strict=True), start=1)
    )


def _notional(run: Run, programme: Programme, allocation: Allocation) -> NotionalSplit | None:
    rule = programme.breakdown
    if rule is None:
        return None
    members = run.register.payers("municipalities", run.plan.table.payers_on)
    where = f"{programme.id}: breakdown"
    measure = aligned(run, rule.by, rule.as_of, where, members)
    try:
        return break_down(allocation, members, measure.values, rule.unit)
    except RuleError as error:
        raise refused(error, programme.id) from None


def _budget(run: Run, programmes: Sequence[Programme]) -> tuple[Reconciled, ...]:
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
    for each in (each for outcome in outcomes for each in outcome.all_measures):
        name = each.measure.source.name if each.measure.source else each.measure.name
        for text in (*each.measure.remarks, *(way.text for way in each.carried)):
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
        as_of for programme in programmes for name, as_of in programme.asked if name == POPULATION
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
        code="unused_measure",
    )
