"""A programme's rule with what it is applied to: payers, measures, lists, earlier amounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from allocator.domain.changes import CodeChanges
from allocator.domain.errors import refuse
from allocator.domain.organisations import PREFECTURE, Register
from allocator.domain.text import Text, listed
from allocator.domain.yen import LARGEST, too_much
from allocator.engine.bound import Bound, bind
from allocator.engine.errors import RuleError, StrangersError
from allocator.engine.exact import Ints
from allocator.engine.inputs import Inputs
from allocator.files.source import Source, Sources
from allocator.plans.plan import Plan
from allocator.plans.programme import Part, Programme
from allocator.plans.rules import RuleTable
from allocator.plans.tables import EQUAL
from allocator.results.earlier import refuse_twice
from allocator.sources.bundled import locate
from allocator.sources.lists.anywhere import read_list_of
from allocator.sources.lists.table import PublishedList, amounts_by_code, refuse_wrong_totals
from allocator.sources.measures.of_plan import Aligned, Measures
from allocator.sources.register import CHANGES_FILE
from allocator.sources.tables.faults import raise_all
from allocator.words.refusals import refused


@dataclass
class Run:
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


class MissingListError(Exception):
    """The list that is to be carried forward is not there; `name` is what the plan says."""

    def __init__(self, name: str) -> None:
        """Take the name that the plan gives."""
        self.name = name
        super().__init__(name)


@dataclass(frozen=True)
class BoundProgramme:
    """A programme bound to its inputs: the rule, and the measures behind it as they were read.

    `measures` are those of the programme's own rule, `of_parts` those of each of its parts.
    """

    programme: Programme
    bound: Bound
    measures: tuple[Aligned, ...] = ()
    of_parts: tuple[tuple[Aligned, ...], ...] = ()


def bind_programme(run: Run, programme: Programme) -> BoundProgramme:
    """Return a programme with its inputs, measured and checked.

    Raises:
        InputError: a file, a measure or a code in it is wrong.
        MissingListError: a list to carry forward is not there.
    """
    payers = _payers(run, programme)
    if not programme.part:
        inputs, measures = _inputs(run, programme, programme.id, payers, programme.id)
        return BoundProgramme(programme, _bound(programme, inputs), measures)
    parts: list[Inputs] = []
    of_parts: list[tuple[Aligned, ...]] = []
    for number, part in enumerate(programme.part, start=1):
        where = f"{programme.id}: part[{number}]"
        own = _payers_of(part, payers, programme.id, number)
        inputs, measures = _inputs(run, part, where, own, f"{programme.id}_part_{number}")
        parts.append(inputs)
        of_parts.append(measures)
    whole = Inputs(payers, parts=tuple(parts))
    return BoundProgramme(programme, _bound(programme, whole), (), tuple(of_parts))


def _bound(programme: Programme, inputs: Inputs) -> Bound:
    try:
        return bind(programme.rule, inputs, programme.adjustments)
    except RuleError as error:
        raise refused(error, programme.id) from None


def _payers(run: Run, programme: Programme) -> pl.DataFrame:
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
            code="nobody",
        )
    return payers


def _payers_of(part: Part, payers: pl.DataFrame, programme: str, number: int) -> pl.DataFrame:
    """Return those of the programme's payers that a part, counted from 1, is limited to.

    Raises:
        InputError: the part names codes that are none of them, or nobody is left.
    """
    if part.codes is not None:
        strangers = sorted(set(part.codes) - set(payers["code"]))
        if strangers:
            found = StrangersError("codes", (("codes", tuple(strangers)),))
            raise refused(found.within(number), programme)
        payers = payers.filter(pl.col("code").is_in(list(part.codes)))
    elif part.payers in ("prefectures", "municipalities"):
        is_prefecture = pl.col("kind") == PREFECTURE
        payers = payers.filter(is_prefecture if part.payers == "prefectures" else ~is_prefecture)
    if payers.is_empty():
        raise refuse(
            f"{programme}: part[{number}]",
            Text("no payer of the programme is left for it", "対象となる負担団体がありません"),
            Text("correct payers or codes", "payers か codes を直してください"),
            code="nobody",
        )
    return payers


def _inputs(
    run: Run, table: RuleTable, where: str, payers: pl.DataFrame, name: str
) -> tuple[Inputs, tuple[Aligned, ...]]:
    """Return the inputs of one rule; `where` is its place in the plan, `name` finds its lists."""
    dot = ": " if isinstance(table, Programme) else "."
    wanted = [
        (f"{where}{dot}share[{number}]", share.by, share.as_of)
        for number, share in enumerate(table.share, start=1)
        if share.by != EQUAL
    ]
    if (rule := table.unit_amount) is not None:
        wanted.append((f"{where}{dot}unit_amount", rule.by, rule.as_of))
    measures = tuple(aligned(run, by, as_of, place, payers) for place, by, as_of in wanted)
    inputs = Inputs(
        payers,
        tuple(measure.values for measure in measures),
        _carried(run, table, payers, name),
        _previous(run, table, f"{where}{dot}", payers, name),
    )
    return inputs, measures


def _carried(run: Run, table: RuleTable, payers: pl.DataFrame, name: str) -> Ints | None:
    """Return the amounts of the list that is carried forward, beside the payers."""
    if table.carried_forward is None:
        return None
    file = locate(table.carried_forward.list_, run.plan.folder, run.sources)
    if file is None:
        raise MissingListError(table.carried_forward.list_)
    earlier = _earlier_amounts(run, file, name, payers)
    lacking = [code for code, amount in earlier.items() if amount is None]
    if lacking:
        who = listed(lacking)
        raise refuse(
            f"{file}",
            Text(f"no amount for {who.en}", f"金額がない団体があります: {who.ja}"),
            Text("add the missing rows", "不足する行を加えてください"),
            code="missing_payers",
        )
    return np.array([amount or 0 for amount in earlier.values()], dtype=np.int64)


def aligned(run: Run, name: str, as_of: date | None, where: str, payers: pl.DataFrame) -> Aligned:
    """Return a measure beside the payers, and note what was read for it."""
    measure = run.measures.find(name, as_of, where)
    if measure.source is not None:
        run.note(measure.source)
    found = run.measures.align(measure, payers, where)
    if found.carried:
        run.open(CHANGES_FILE)
    return found


def listed_in(run: Run, file: Path, name: str) -> PublishedList:
    """Return the list of a programme in a file, saying what was read otherwise than printed."""
    published = read_list_of(run.open(file), run.register, name)
    for remark in (*published.remarks, *published.told_by_name):
        run.notes[Text(f"{file.name}: {remark.en}", f"{file.name}: {remark.ja}")] = None
    return published


def _earlier_amounts(
    run: Run, file: Path, name: str, payers: pl.DataFrame
) -> Mapping[str, int | None]:
    """Return what each payer paid in an earlier list, joined over code changes (None: unknown)."""
    published = listed_in(run, file, name)
    earlier = amounts_by_code(published, run.register)
    refuse_wrong_totals(published)
    over = run.changes.carry_over(earlier, payers["code"].to_list())
    if over.carried:
        run.open(CHANGES_FILE)
    refuse_twice(over.twice, f"{file}")
    large = [(code, amount) for code, amount in over.values.items() if (amount or 0) > LARGEST]
    raise_all([too_much(f"{file}", code, amount or 0) for code, amount in large])
    for way in over.carried:
        run.notes[Text(f"{file.name}: {way.text.en}", f"{file.name}: {way.text.ja}")] = None
    return over.values


def _previous(
    run: Run, table: RuleTable, where: str, payers: pl.DataFrame, name: str
) -> dict[int, list[int | None]]:
    previous: dict[int, list[int | None]] = {}
    for number, adjustment in enumerate(table.adjustment):
        if adjustment.previous is None:
            continue
        file = locate(adjustment.previous, run.plan.folder, run.sources)
        if file is None:
            raise refuse(
                f"{where}adjustment[{number + 1}].previous",
                Text(
                    f"{adjustment.previous!r} is not there",
                    f"{adjustment.previous!r} がありません",
                ),
                Text("put it beside the plan", "計画の隣に置いてください"),
                code="missing_file",
            )
        previous[number] = list(_earlier_amounts(run, file, name, payers).values())
    return previous
