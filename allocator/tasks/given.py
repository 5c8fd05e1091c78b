"""What Python code gives in place of files: the tables of a plan, and measures as frames.

They become the text of files that lie nowhere, so that everything is read, checked and named in one
way, whether it comes from a folder or from Python.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final, TypeAlias

from pydantic import ValidationError

from allocator.domain.errors import InputError, Problem, refuse
from allocator.domain.text import Text
from allocator.files.source import Source, Sources
from allocator.outputs.writers.csv_text import LF, csv_of_frame
from allocator.plans.faults import problems
from allocator.plans.load import PLAN_FILE
from allocator.plans.plan import MeasureSource, Plan
from allocator.plans.programme import Programme
from allocator.plans.written import as_toml
from allocator.tasks.given_frames import measure_frame

FOLDER: Final = Path("plan")
"""Where the files of a plan that was built in Python would lie."""

Key: TypeAlias = str | tuple[str, date | None]
"""The name of a measure, or name and date."""


@dataclass(frozen=True)
class Given:
    """A plan with the measures that were passed.

    `sources` has its files and what stands for those of the measures; `names` has the path of each
    measure as messages have it, and what it was passed as.
    """

    plan: Plan
    sources: Sources
    names: Mapping[str, str]


def plan_sources(
    keys: Mapping[str, Any], programmes: Sequence[Mapping[str, Any]], folder: Path
) -> list[Source]:
    """Return the files of a plan, plan.toml first, from its keys as TOML would have them.

    `programmes` of the keys may be left out: the programmes themselves say it.

    Raises:
        InputError: a value is not exact, or a programme has no id or that of another.
    """
    identifiers: list[str] = []
    for number, programme in enumerate(programmes, start=1):
        name = programme.get("id")
        if not isinstance(name, str):
            raise refuse(
                f"programmes[{number}]",
                Text("key id is missing", "キー id がありません"),
                Text("add it", "追加してください"),
                code="missing_key",
            )
        if name in identifiers:
            raise refuse(
                f"programmes[{number}].id",
                Text(f"the id {name!r} stands twice", f"id {name!r} が2回あります"),
                Text("give each programme its own", "事業ごとに別の id にしてください"),
                code="duplicate",
            )
        identifiers.append(name)
    whole = {"fiscal_year": keys.get("fiscal_year"), "programmes": identifiers, **keys}
    names = [PLAN_FILE, *(f"{identifier}.toml" for identifier in identifiers)]
    texts = [as_toml(table, name) for table, name in zip([whole, *programmes], names, strict=True)]
    return [Source(folder / name, text.encode()) for name, text in zip(names, texts, strict=True)]


def with_measures(
    plan: Plan, programmes: Sequence[Programme], measures: Mapping[Key, Any]
) -> Given:
    """Return a plan that declares measures given as frames, and what stands for their files.

    `programmes` are those to be computed: a measure that none of them asks for would change
    nothing, and is refused. A name without a date is of the one date that they ask for.

    Raises:
        InputError: what was passed is no measure (see `measure_frame`), or nobody asks for it.
    """
    asked = _asked(programmes)
    declared: dict[tuple[str, date | None], MeasureSource] = {}
    sources: list[Source] = []
    names: dict[str, str] = {}
    for key, data in measures.items():
        shown = _shown(key)
        source = _dated(_declared(key, shown), asked, shown)
        if (source.name, source.as_of) in declared:
            raise refuse(
                shown,
                Text("this measure is passed twice", "同じ指標が2回渡されています"),
                Text("pass it once", "1回だけにしてください"),
                code="duplicate",
            )
        declared[source.name, source.as_of] = source
        path = plan.folder / source.file
        official = plan.table.codes == "official"
        frame = measure_frame(source.name, data, shown, official=official)
        sources.append(Source(path, csv_of_frame(frame, LF, raw=False).encode()))
        names[str(path)] = shown
    kept = [each for each in plan.table.measure if (each.name, each.as_of) not in declared]
    table = plan.table.model_copy(update={"measure": (*kept, *declared.values())})
    return Given(replace(plan, table=table), Sources([*plan.sources, *sources]), names)


def _shown(key: object) -> str:
    """Return how a measure was passed, as messages and manifests have it."""
    name, day = key if isinstance(key, tuple) and len(key) == 2 else (key, None)  # noqa: PLR2004
    return f"measures[{name!r}]" if day is None else f"measures[{name!r}, {day}]"


def _declared(key: object, shown: str) -> MeasureSource:
    name, as_of = key if isinstance(key, tuple) and len(key) == 2 else (key, None)  # noqa: PLR2004
    if isinstance(as_of, datetime):
        as_of = as_of.date()
    try:
        return MeasureSource.model_validate(
            {"name": name, "as_of": as_of, "file": shown, "column": name}
        )
    except ValidationError as error:
        found = problems(shown, MeasureSource, error)
        own = [each for each in found if not each.where.endswith(": column")]
        raise InputError(own or found) from None


def _dated(
    source: MeasureSource, asked: Mapping[str, Sequence[date | None]], shown: str
) -> MeasureSource:
    """Return a measure with the date that the programmes ask for."""
    dates = asked.get(source.name, ())
    if not dates:
        known = ", ".join(sorted(asked)) or "-"
        raise refuse(
            shown,
            Text(
                f"no programme of the plan asks for {source.name}; they ask for: {known}",
                f"計画の事業は {source.name} を使いません(使う指標: {known})",
            ),
            Text("leave it out, or correct the name", "除くか、名前を直してください"),
            code="unused_measure",
        )
    if source.as_of in dates or None in dates:
        return source
    if source.as_of is None and len(dates) == 1:
        return source.model_copy(update={"as_of": dates[0]})
    wanted = ", ".join(str(day) for day in dates)
    raise refuse(
        shown,
        Text(
            f"the programmes ask for {source.name} of {wanted}",
            f"計画の事業が使う {source.name} は {wanted} 現在です",
        ),
        Text(
            f"pass it with one of these dates: measures={{({source.name!r}, date(…)): …}}",
            f"日付を添えて渡してください: measures={{({source.name!r}, date(…)): …}}",
        ),
        code="unused_measure",
    )


def _asked(programmes: Sequence[Programme]) -> dict[str, list[date | None]]:
    """Return the measures that programmes ask for, with the dates of each, the earliest first."""
    found: dict[str, set[date | None]] = {}
    for programme in programmes:
        for name, as_of in programme.asked:
            found.setdefault(name, set()).add(as_of)
    return {name: sorted(days, key=lambda day: day or date.min) for name, days in found.items()}


def in_python(problem: Problem, names: Mapping[str, str]) -> Problem:
    """Return a problem with the place as Python has it: an argument, or a row of a frame."""
    for path, shown in names.items():
        if problem.where.startswith(path):
            where = shown + _as_row(problem.where.removeprefix(path))
            return replace(problem, where=where, what=_as_rows(problem.what))
    for option, argument in _ARGUMENTS.items():
        if problem.where == option or problem.where.startswith(f"{option} "):
            rest = problem.where.removeprefix(option).strip()
            return replace(problem, where=f"{argument}: {rest}" if rest else argument)
    return problem


_ARGUMENTS: Final = {
    "--total": "totals",
    "--as-of": "as_of",
    "--programme": "programme",
    "--previous": "previous",
    "--against": "against",
    "--plan": "plan",
}
"""What an option of the command line is called in Python."""


def _as_row(place: str) -> str:
    """Return `: row 3, column staff` for `: line 4, column staff`: the first line is the header."""
    head, _, rest = place.partition("line ")
    number, comma, column = rest.partition(",")
    if head != ": " or not number.isdigit():
        return place
    return f": row {int(number) - 1}{comma}{column}" if int(number) > 1 else f"{comma}{column}"


_LINES_EN: Final = re.compile(r"\b(line)(s?) ([0-9][0-9, -]*)")
_LINES_JA: Final = re.compile(r"([0-9][0-9、, -]*?)( ?行目)")


def _as_rows(what: Text) -> Text:
    """Return `rows 1, 48` for `lines 2, 49`."""
    return Text(
        _LINES_EN.sub(lambda found: f"row{found[2]} {_one_less(found[3])}", what.en),
        _LINES_JA.sub(lambda found: f"{_one_less(found[1])}{found[2]}", what.ja),
    )


def _one_less(numbers: str) -> str:
    return re.sub(r"[0-9]+", lambda found: str(int(found[0]) - 1), numbers)
