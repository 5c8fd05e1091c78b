"""Reading a plan from its folder, with everything wrong in it reported at once."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, TypeVar

from pydantic import ValidationError

from allocator.domain.errors import InputError, Problem
from allocator.domain.text import Text
from allocator.domain.years import FiscalYear
from allocator.rules.faults import problems
from allocator.rules.model import PlanTable, Programme, Table
from allocator.rules.paths import is_folder

PLAN_FILE = "plan.toml"

# What no plan has, and what takes the reader of TOML minutes.
_LONGEST: Final = 1_000_000
_MOST_PARTS: Final = 50
_TOO_DEEP: Final = re.compile(
    rf"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{_MOST_PARTS}}}"""
)

_AT: Final = re.compile(r"at line ([0-9]+), column ([0-9]+)")

AnyTable = TypeVar("AnyTable", bound=Table)


def _spot(message: str) -> str:
    """Return where the reader of TOML stopped, in Japanese; its reasons are English alone."""
    found = _AT.search(message)
    return f"({found[1]}行{found[2]}文字目)" if found else ""


@dataclass(frozen=True)
class Plan:
    """The programmes of one fiscal year, validated, in the plan's order.

    `files` are the TOML files it was read from, plan.toml first.
    """

    table: PlanTable
    programmes: tuple[Programme, ...]
    folder: Path
    files: tuple[Path, ...]

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


def load_plan(path: Path) -> Plan:
    """Read a plan from its folder or its plan.toml.

    Raises:
        InputError: every fault of every file at once: file, key, value, what is allowed.
    """
    file = path / PLAN_FILE if is_folder(path) else path
    table = _read(file, PlanTable)
    if isinstance(table, list):
        raise InputError(table)
    found: list[Problem] = []
    programmes: list[Programme] = []
    files = [file]
    for identifier in table.programmes:
        programme_file = file.parent / f"{identifier}.toml"
        files.append(programme_file)
        programme = _read(programme_file, Programme)
        if isinstance(programme, list):
            found += programme
        elif programme.id != identifier:
            found.append(_wrong_id(programme_file, identifier, programme.id))
        else:
            programmes.append(programme)
    if found:
        raise InputError(found)
    return Plan(table, tuple(programmes), file.parent, tuple(files))


def _read(file: Path, model: type[AnyTable]) -> AnyTable | list[Problem]:
    where = str(file)
    raw = _toml(file)
    if isinstance(raw, Problem):
        return [raw]
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        return problems(where, model, error)


def _toml(file: Path) -> dict[str, Any] | Problem:
    where = str(file)
    try:
        text = file.read_text(encoding="utf-8-sig")
        if len(text) > _LONGEST or _TOO_DEEP.search(text):
            return _no_plan(where)
        return tomllib.loads(text)
    except FileNotFoundError:
        return Problem(
            where,
            Text("the file is not there", "ファイルがありません"),
            Text(
                "give a plan's folder or its plan.toml; each programme has a file beside it",
                "計画のフォルダーか plan.toml を指定し、事業ごとのファイルを隣に置いてください",
            ),
        )
    except UnicodeDecodeError as error:
        return Problem(
            where,
            Text(
                f"not UTF-8 text (byte {error.start})",
                f"UTF-8の文字ではありません({error.start}バイト目)",
            ),
            Text("save it as UTF-8", "UTF-8で保存し直してください"),
        )
    except (ValueError, RecursionError) as error:
        return Problem(
            where,
            Text(f"not TOML: {error}", f"TOMLとして読めません{_spot(str(error))}"),
            Text("correct that line", "その行を直してください"),
        )
    except OSError as error:
        return Problem(
            where,
            Text(f"cannot be read: {error.strerror}", f"読めません: {error.strerror}"),
            Text("give a file that can be read", "読めるファイルを指定してください"),
        )


def _no_plan(where: str) -> Problem:
    return Problem(
        where,
        Text(
            f"more than {_LONGEST:,} characters, or a key of more than {_MOST_PARTS} parts",
            f"{_LONGEST:,} 文字を超えるか、{_MOST_PARTS} を超える部分からなるキーがあります",
        ),
        Text("give the files of a plan", "計画のファイルを指定してください"),
    )


def _wrong_id(file: Path, expected: str, found: str) -> Problem:
    return Problem(
        f"{file}: id",
        Text(
            f"the id is {found!r}, the file is named for {expected!r}",
            f"id が {found!r} で、ファイル名 {expected!r} と違います",
        ),
        Text("make them the same", "同じにしてください"),
    )
