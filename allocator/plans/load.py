"""Reading a plan from its folder, with everything wrong in it reported at once."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from allocator.domain.errors import InputError, Problem
from allocator.domain.text import Text
from allocator.domain.years import FiscalYear
from allocator.files.paths import is_folder
from allocator.files.source import Source, Sources
from allocator.files.toml import read_toml
from allocator.plans.faults import problems
from allocator.plans.tables import PlanTable, Programme, Table

PLAN_FILE = "plan.toml"

AnyTable = TypeVar("AnyTable", bound=Table)


@dataclass(frozen=True)
class Plan:
    """The programmes of one fiscal year, validated, in the plan's order.

    `files` are the TOML files it was read from, plan.toml first, and `sources` what they held.
    """

    table: PlanTable
    programmes: tuple[Programme, ...]
    folder: Path
    files: tuple[Path, ...]
    sources: tuple[Source, ...] = ()

    @property
    def fiscal_year(self) -> FiscalYear:
        """The year that the plan is for."""
        return FiscalYear(self.table.fiscal_year)

    def programme(self, identifier: str, where: str) -> Programme:
        """Return a programme by its id; an `InputError` names `where` and the ids there are."""
        for programme in self.programmes:
            if programme.id == identifier:
                return programme
        known = ", ".join(programme.id for programme in self.programmes)
        raise InputError(
            Problem(
                where,
                Text(f"no programme {identifier!r}", f"事業 {identifier!r} はありません"),
                Text(f"use one of: {known}", f"使える事業: {known}"),
            )
        )


def load_plan(path: Path, sources: Sources | None = None) -> Plan:
    """Read a plan from its folder or its plan.toml, with what `sources` of this run hold already.

    Raises:
        InputError: every fault of every file at once: file, key, value, what is allowed.
    """
    file = path / PLAN_FILE if is_folder(path) else path
    sources = sources or Sources()
    table = _read(file, PlanTable, sources)
    if isinstance(table, list):
        raise InputError(table)
    found: list[Problem] = []
    programmes: list[Programme] = []
    files = [file]
    for identifier in table.programmes:
        programme_file = file.parent / f"{identifier}.toml"
        files.append(programme_file)
        programme = _read(programme_file, Programme, sources)
        if isinstance(programme, list):
            found += programme
        elif programme.id != identifier:
            found.append(_wrong_id(programme_file, identifier, programme.id))
        else:
            programmes.append(programme)
    if found:
        raise InputError(found)
    opened = tuple([sources.open(each) for each in files])
    return Plan(table, tuple(programmes), file.parent, tuple(files), opened)


def _read(file: Path, model: type[AnyTable], sources: Sources) -> AnyTable | list[Problem]:
    where = str(file)
    raw = read_toml(file, sources)
    if isinstance(raw, Problem):
        return [raw]
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        return problems(where, model, error)


def _wrong_id(file: Path, expected: str, found: str) -> Problem:
    return Problem(
        f"{file}: id",
        Text(
            f"the id is {found!r}, the file is named for {expected!r}",
            f"id が {found!r} で、ファイル名 {expected!r} と違います",
        ),
        Text("make them the same", "同じにしてください"),
    )
