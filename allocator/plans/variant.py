"""Options of a call that change a plan for this once: totals, dates, which programmes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from allocator.domain.errors import InputError, Problem, refuse
from allocator.domain.text import Text
from allocator.domain.yen import LARGEST, group
from allocator.plans.checks import total_against_unit
from allocator.plans.plan import Plan
from allocator.plans.programme import Programme
from allocator.plans.rules import RuleTable


@dataclass(frozen=True)
class Overrides:
    """What the call changes: totals (yen) and dates by programme, more populations, a choice."""

    totals: Mapping[str, int] = field(default_factory=dict)
    dates: Mapping[str, date] = field(default_factory=dict)
    population: tuple[Path, ...] = ()
    only: tuple[str, ...] = ()


V = TypeVar("V")


def apply(plan: Plan, overrides: Overrides) -> tuple[Programme, ...]:
    """Return the programmes to compute, with the call's totals and dates in them.

    Raises:
        InputError: an id that the plan hasn't, a total that the rule cannot take.
    """
    by_id = resolved(plan, overrides)
    only, totals, dates = by_id.only, by_id.totals, by_id.dates
    found = []
    for programme in plan.programmes:
        if only and programme.id not in only:
            continue
        changed = programme
        if programme.id in totals:
            changed = _with_total(changed, totals[programme.id])
        if programme.id in dates:
            changed = _dated(changed, dates[programme.id])
        found.append(changed)
    return tuple(found)


def resolved(plan: Plan, overrides: Overrides) -> Overrides:
    """Return the same changes by the ids of programmes, which may be named by their short names.

    Raises:
        InputError: as `apply`, for the names.
    """
    only = tuple(plan.programme(name, "--programme").id for name in overrides.only)
    return replace(
        overrides,
        totals=_by_id(plan, "--total", overrides.totals, only),
        dates=_by_id(plan, "--as-of", overrides.dates, only),
        only=only,
    )


def _by_id(plan: Plan, option: str, given: Mapping[str, V], only: Sequence[str]) -> dict[str, V]:
    """Return what an option says by the ids of programmes, which it may name by their short names.

    Raises:
        InputError: a programme that the plan hasn't, that isn't among those picked, or named twice.
    """
    found: dict[str, V] = {}
    for name, value in given.items():
        identifier = plan.programme(name, option).id
        if only and identifier not in only:
            raise refuse(
                f"{option} {name}",
                Text(
                    "this programme is not among those that --programme picks",
                    "--programme で選ばれていない事業です",
                ),
                Text("leave one of the options out", "どちらかの指定を外してください"),
                code="not_chosen",
            )
        if identifier in found:
            raise refuse(
                f"{option} {name}",
                Text(
                    f"{identifier} is given twice, by its id and by its short name",
                    f"{identifier} が ID と短い名前で2回指定されています",
                ),
                Text("give it once", "1回だけにしてください"),
                code="given_twice",
            )
        found[identifier] = value
    return found


def _with_total(programme: Programme, total: int) -> Programme:
    where = f"--total {programme.id}={total}"
    if not 0 <= total <= LARGEST:
        raise refuse(
            where,
            Text(
                f"a total is 0 to {group(LARGEST)} yen",
                f"総額は 0 から {group(LARGEST)} 円までです",
            ),
            Text("give an amount within that", "その範囲の金額を指定してください"),
            code="wrong_total",
        )
    if programme.part:
        return _with_total_of_parts(programme, total, where)
    if programme.unit_amount is not None:
        raise refuse(
            where,
            Text(
                "the total of unit amounts follows from them and cannot be set",
                "単価方式の総額は単価から決まるため、指定できません",
            ),
            Text(
                "change the unit amounts in the programme's file; finding ones that hit a total is "
                "the work of `allocator fit-units`, which this version doesn't have yet",
                "事業のファイルの単価を変えてください(総額に合う単価を求める allocator fit-units は"
                "この版にはまだありません)",
            ),
            code="wrong_total",
        )
    changed = programme.model_copy(update={"total": total})
    if found := total_against_unit(changed.total, changed.rounding):
        raise InputError(Problem(where, *found, code="odd_total"))
    return changed


def _with_total_of_parts(programme: Programme, total: int, where: str) -> Programme:
    """Return a programme of parts with another total: the part that takes the rest takes it up."""
    if not any(part.is_rest for part in programme.part):
        raise refuse(
            where,
            Text(
                "the total is the sum of the parts, and none of them takes the rest",
                '総額は各 part の計であり、残りを受ける part(total = "rest")がありません',
            ),
            Text(
                "change the parts in the programme's file, or let one take the rest",
                '事業のファイルで part を直すか、一つを total = "rest" にしてください',
            ),
            code="wrong_total",
        )
    others = sum(part.yen or 0 for part in programme.part)
    if others > total:
        raise refuse(
            where,
            Text(
                f"the other parts take {group(others)} yen, and the total is less than that",
                f"ほかの part の計 {group(others)} 円を下回っています",
            ),
            Text(
                "give more, or lower the parts in the programme's file",
                "総額を上げるか、事業のファイルで part の total を下げてください",
            ),
            code="rest_below_zero",
        )
    return programme.model_copy(update={"total": total})


def _dated(programme: Programme, day: date) -> Programme:
    """Return a programme with another date for every measure of its rule, or of its parts."""
    if not any(rule.dates for rule in programme.rules):
        raise refuse(
            f"--as-of {programme.id}={day}",
            Text(
                "the rule of this programme has no date", "この事業の配分方法には日付がありません"
            ),
            Text("leave the option out", "この指定を外してください"),
            code="no_date_to_change",
        )
    if programme.part:
        parts = tuple(part.model_copy(update=_moved(part, day)) for part in programme.part)
        return programme.model_copy(update={"part": parts})
    return programme.model_copy(update=_moved(programme, day))


def _moved(rule: RuleTable, day: date) -> dict[str, object]:
    """Return the tables of a rule that have a date, with `day` in its place."""
    shares = tuple(
        share if share.as_of is None else share.model_copy(update={"as_of": day})
        for share in rule.share
    )
    unit_amount = rule.unit_amount
    if unit_amount is not None and unit_amount.as_of is not None:
        unit_amount = unit_amount.model_copy(update={"as_of": day})
    return {"share": shares, "unit_amount": unit_amount}
