"""A plan in Python: loaded, built from tables, changed for this once. Nothing is computed yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeAlias, TypeVar

import polars as pl
from pydantic import TypeAdapter, ValidationError

from allocator.api.showing import named_as_passed, shown_table
from allocator.domain.errors import InputError, refuse
from allocator.domain.text import Text
from allocator.files.source import Sources
from allocator.outputs.frames import plan_frame
from allocator.plans.faults import problems
from allocator.plans.load import PLAN_FILE
from allocator.plans.load import load_plan as _load
from allocator.plans.plan import Plan as _Plan
from allocator.plans.programme import Programme
from allocator.plans.values import Yen
from allocator.plans.variant import Overrides, apply
from allocator.sources.bundled import bundled_years, newest_plan
from allocator.tasks.given import FOLDER, Given, Key, plan_sources, with_measures
from allocator.tasks.sides import plan_at

PlanLike: TypeAlias = "Plan | int | str | Path"
"""A plan, the year of a bundled one, or the path of a folder or its plan.toml."""

Value = TypeVar("Value")

_YEN: TypeAdapter[int] = TypeAdapter(Yen)


@dataclass(frozen=True)
class Plan:
    """A plan, with the totals and dates that `with_` changed. Nothing is computed yet.

    It comes from `load_plan` or `build_plan`, and never changes: `with_` returns another one.
    """

    loaded: _Plan = field(repr=False)
    overrides: Overrides = field(default_factory=Overrides, repr=False)

    def __repr__(self) -> str:
        """Name the year and the programmes."""
        return f"Plan(fiscal_year={self.fiscal_year}, programmes={', '.join(self.programmes)})"

    @property
    def fiscal_year(self) -> int:
        """The calendar year in which the fiscal year begins: 2023 for 令和5年度."""
        return self.loaded.table.fiscal_year

    @property
    def programmes(self) -> tuple[str, ...]:
        """The ids of the programmes, in the plan's order."""
        return tuple(programme.id for programme in self.changed)

    @property
    def changed(self) -> tuple[Programme, ...]:
        """The programmes as they are to be computed, with what `with_` changed in them."""
        return apply(self.loaded, self.overrides)

    def with_(
        self,
        totals: Mapping[str, int] | None = None,
        as_of: Mapping[str, date] | None = None,
        only: Sequence[str] | str = (),
    ) -> Plan:
        """Return the plan with other totals and dates, or fewer programmes.

        Args:
            totals: yen by programme (id or short name). In a sum of parts, the part that takes the
                rest takes the difference.
            as_of: the day that the measures of a programme are to be of, breakdowns left out.
            only: the programmes to keep.

        Raises:
            InputError: no such programme, or a total or date that its rule cannot take.
        """
        names = [only] if isinstance(only, str) else list(only)
        earlier = self.overrides
        with named_as_passed():
            chosen = tuple(self._id(each, "only") for each in names) or earlier.only
            kept = chosen or tuple(each.id for each in self.loaded.programmes)
            changed = Overrides(
                totals=_of(earlier.totals, kept) | self._totals(totals or {}),
                dates=_of(earlier.dates, kept) | self._dates(as_of or {}),
                only=chosen,
            )
            apply(self.loaded, changed)
        return replace(self, overrides=changed)

    def _totals(self, totals: Mapping[str, int]) -> dict[str, int]:
        found: dict[str, int] = {}
        for name, total in totals.items():
            where = f"totals[{name!r}]"
            try:
                found[self._id(name, where)] = _YEN.validate_python(_plain(total))
            except ValidationError as error:
                raise InputError(problems(where, type(self.loaded.table), error)) from None
        return found

    def _dates(self, as_of: Mapping[str, date]) -> dict[str, date]:
        found: dict[str, date] = {}
        for name, day in as_of.items():
            where = f"as_of[{name!r}]"
            if not isinstance(day, date):
                raise refuse(
                    where,
                    Text(f"{day!r} is no date", f"{day!r} は日付ではありません"),
                    Text("pass a datetime.date", "datetime.date で指定してください"),
                    code="wrong_type",
                    fields={"value": day},
                )
            found[self._id(name, where)] = day.date() if isinstance(day, datetime) else day
        return found

    def _id(self, name: str, where: str) -> str:
        return self.loaded.programme(name, where).id

    def save(self, folder: Path | str) -> list[Path]:
        """Write the plan's TOML files into a folder, and return their paths; plan.toml is first.

        What `with_` changed is changed in them. Files that the plan names, such as measures, are
        not copied.

        Raises:
            InputError: one of them is there already, or cannot be written.
        """
        from allocator.plans.changed import changed_sources
        from allocator.tasks.saving import save_files

        return save_files(Path(folder), changed_sources(self.loaded, self.overrides))

    def frame(self) -> pl.DataFrame:
        """Return programme, name, payers, basis and total (yen; null where it follows)."""
        return plan_frame(self.changed)

    def _repr_html_(self) -> str:
        return shown_table(f"Plan of FY{self.fiscal_year}", self.frame())


def load_plan(year_or_path: PlanLike) -> Plan:
    """Return a plan: a bundled one by its year, or that of a folder or its plan.toml.

    Raises:
        InputError: every fault of every file at once.
    """
    if isinstance(year_or_path, Plan):
        return year_or_path
    path = Path(str(year_or_path))
    at = plan_at(path)
    if at is None and isinstance(year_or_path, int):
        years = ", ".join(map(str, bundled_years()))
        raise refuse(
            "plan",
            Text(f"no bundled plan of {year_or_path}", f"{year_or_path}年度の同梱計画はありません"),
            Text(
                f"name one of: {years}; or the folder of a plan",
                f"{years} のいずれかか、計画のフォルダーを指定してください",
            ),
            code="unknown_plan",
            fields={"year": year_or_path},
        )
    return Plan(_load(at or path, Sources()))


def build_plan(
    programmes: Sequence[Mapping[str, Any]], folder: Path | str = FOLDER, **keys: Any
) -> Plan:
    """Return a plan from its tables, with the keys that its TOML files would have (docs/plan.md).

    Args:
        programmes: one mapping each, as the programme's file: `share` is a list of mappings,
            weights are fractions or text, dates are dates.
        folder: where files that the plan names are looked for, and the name that messages give it.
        keys: those of plan.toml: `fiscal_year=2026`, `measure=[…]` …

    Raises:
        InputError: as `load_plan`; also a float, which would not be exact.
    """
    at = Path(folder)
    return Plan(_load(at / PLAN_FILE, Sources(plan_sources(keys, programmes, at))))


def plan_of(plan: PlanLike | None) -> Plan:
    """Return a plan, loaded where it is named; None is the newest bundled one."""
    return load_plan(newest_plan() if plan is None else plan)


def _of(changed: Mapping[str, Value], kept: Sequence[str]) -> dict[str, Value]:
    """Return what was changed in the programmes that are kept."""
    return {name: value for name, value in changed.items() if name in kept}


def _plain(value: object) -> object:
    """Return a whole number of numpy as one of Python, and anything else as it is."""
    item = getattr(value, "item", None)
    return item() if callable(item) else value


def with_passed(plan: Plan, measures: Mapping[Key, Any] | None) -> Given:
    """Return a plan with the measures that were passed, and all files that it is read from.

    Raises:
        InputError: what was passed is no measure, or nobody asks for it.
    """
    with named_as_passed():
        return with_measures(plan.loaded, plan.changed, measures or {})
