"""Reading a plan from its folder, with everything wrong in it reported at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from allocator.domain.errors import InputError, Problem
from allocator.domain.text import Text
from allocator.files.paths import is_folder
from allocator.files.source import Sources
from allocator.files.toml import read_toml
from allocator.plans.faults import MOST_FAULTS, few, problems
from allocator.plans.plan import Plan, PlanTable
from allocator.plans.programme import Programme
from allocator.plans.tables import Table

PLAN_FILE = "plan.toml"

AnyTable = TypeVar("AnyTable", bound=Table)


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
        if len(found) > MOST_FAULTS:
            raise InputError(few(found, more=len(table.programmes) - len(files) + 1))
    found += _names_twice(programmes, dict(zip(table.programmes, files[1:], strict=True)))
    if found:
        raise InputError(few(found))
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


def _names_twice(of: Sequence[Programme], path_of: Mapping[str, Path]) -> Iterator[Problem]:
    """Find short names that are those of two programmes, or the id of another one."""
    for programme in of:
        if not programme.short:
            continue
        others = [
            other.id
            for other in of
            if other.id != programme.id and programme.short in (other.id, other.short)
        ]
        if others:
            named = ", ".join(others)
            yield Problem(
                f"{path_of[programme.id]}: short",
                Text(
                    f"{programme.short!r} is also the name of {named}",
                    f"{programme.short!r} は {named} の名前でもあります",
                ),
                Text("choose another one", "別の名前にしてください"),
                code="name_taken",
            )


def _wrong_id(file: Path, expected: str, found: str) -> Problem:
    return Problem(
        f"{file}: id",
        Text(
            f"the id is {found!r}, the file is named for {expected!r}",
            f"id が {found!r} で、ファイル名 {expected!r} と違います",
        ),
        Text("make them the same", "同じにしてください"),
        code="wrong_id",
    )
