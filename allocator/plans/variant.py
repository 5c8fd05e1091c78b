"""Options of a call that change a plan for this once: totals, dates, which programmes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from allocator.domain.errors import InputError, Problem, refuse
from allocator.domain.text import Text
from allocator.plans.checks import total_against_unit
from allocator.plans.load import Plan
from allocator.plans.tables import Programme


@dataclass(frozen=True)
class Overrides:
    """What the call changes: totals (yen) and dates by programme, more populations, a choice."""

    totals: Mapping[str, int] = field(default_factory=dict)
    dates: Mapping[str, date] = field(default_factory=dict)
    population: tuple[Path, ...] = ()
    only: tuple[str, ...] = ()


def apply(plan: Plan, overrides: Overrides) -> tuple[Programme, ...]:
    """Return the programmes to compute, with the call's totals and dates in them.

    Raises:
        InputError: an id that the plan hasn't, a total that the rule cannot take.
    """
    for option, names in (
        ("--total", overrides.totals),
        ("--as-of", overrides.dates),
        ("--programme", overrides.only),
    ):
        for identifier in names:
            plan.programme(identifier, option)
            if overrides.only and identifier not in overrides.only:
                raise refuse(
                    f"{option} {identifier}",
                    Text(
                        "this programme is not among those that --programme picks",
                        "--programme で選ばれていない事業です",
                    ),
                    Text("leave one of the options out", "どちらかの指定を外してください"),
                )
    chosen = [
        programme
        for programme in plan.programmes
        if not overrides.only or programme.id in overrides.only
    ]
    return tuple(_dated(_with_total(programme, overrides), overrides) for programme in chosen)


def _with_total(programme: Programme, overrides: Overrides) -> Programme:
    if programme.id not in overrides.totals:
        return programme
    where = f"--total {programme.id}={overrides.totals[programme.id]}"
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
        )
    changed = programme.model_copy(update={"total": overrides.totals[programme.id]})
    if found := total_against_unit(changed):
        raise InputError(Problem(where, *found))
    return changed


def _dated(programme: Programme, overrides: Overrides) -> Programme:
    if programme.id not in overrides.dates:
        return programme
    day = overrides.dates[programme.id]
    dated_shares = tuple(
        part if part.as_of is None else part.model_copy(update={"as_of": day})
        for part in programme.share
    )
    unit_amount = programme.unit_amount
    if unit_amount is not None and unit_amount.as_of is not None:
        unit_amount = unit_amount.model_copy(update={"as_of": day})
    has_dates = any(part.as_of for part in programme.share) or (unit_amount and unit_amount.as_of)
    if not has_dates:
        raise refuse(
            f"--as-of {programme.id}={day}",
            Text(
                "the rule of this programme has no date", "この事業の配分方法には日付がありません"
            ),
            Text("leave the option out", "この指定を外してください"),
        )
    return programme.model_copy(update={"share": dated_shares, "unit_amount": unit_amount})
