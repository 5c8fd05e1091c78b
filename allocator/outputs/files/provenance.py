"""What the outputs were made from: inputs with their sha256, versions, options of the call."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from allocator import __version__
from allocator.domain.text import Text
from allocator.files.paths import resolved
from allocator.files.source import Source
from allocator.plans.programme import Programme
from allocator.results.outcome import Outcome
from allocator.sources.bundled import CONFIGS, DATA, shown

Place = Literal["bundled", "plan", "elsewhere"]

PLACES: Final[Mapping[Place, Text]] = {
    "bundled": Text("bundled", "同梱"),
    "plan": Text("in the plan's folder", "計画のフォルダー"),
    "elsewhere": Text("named by the user", "利用者の指定"),
}


@dataclass(frozen=True)
class InputFile:
    """One input: a name that is the same wherever the files lie, and the sha256 of what was read.

    The file itself may be another by now.
    """

    name: str
    place: Place
    sha256: str


@dataclass(frozen=True)
class Provenance:
    """Where the outputs come from. No clock time, no absolute path."""

    inputs: tuple[InputFile, ...]
    versions: Mapping[str, str]
    options: Mapping[str, Any]


def provenance_of(outcome: Outcome) -> Provenance:
    """Return what an outcome was computed from; inputs are sorted by name."""
    inputs = [InputFile(name, place, read.sha256) for read, name, place in named_files(outcome)]
    inputs.sort(key=lambda found: (found.name, found.sha256))
    return Provenance(tuple(inputs), _versions(), _options(outcome))


def portable_notes(outcome: Outcome) -> list[Text]:
    """Return what to know of a run, inputs named as in the manifest and not by their paths."""
    names = [(str(source.path), name) for source, name, _ in named_files(outcome)]
    names.sort(key=lambda pair: -len(pair[0]))
    notes = []
    for note in outcome.notes:
        english, japanese = note
        for path, name in names:
            english, japanese = english.replace(path, name), japanese.replace(path, name)
        notes.append(Text(english, japanese))
    return notes


def name_of(source: Source, folder: Path) -> tuple[str, Place]:
    """Return an input's name: data/… or configs/…, else from the plan's folder, else the bare name.

    Never an absolute path: who computes the same elsewhere gets the same name. Nor the number that
    a pipe has in this process.
    """
    file = source.path
    if source.stream is not None:
        return source.name, "elsewhere"
    if any(resolved(file).is_relative_to(base) for base in (DATA, CONFIGS)):
        return shown(file), "bundled"
    if file.is_relative_to(folder):
        return _text(file.relative_to(folder).as_posix()), "plan"
    return _text(file.name), "elsewhere"


def named_files(outcome: Outcome) -> list[tuple[Source, str, Place]]:
    """Return every input with its name: also a register of one's own, and what is compared with.

    Files of an earlier plan bear the name of its folder: both plans have a plan.toml. A file that
    both plans use is named once, unless it was another when it was read again.
    """
    folder = outcome.plan.folder
    named = [(source, *name_of(source, folder)) for source in outcome.files.values()]
    known = {(resolved(source.path), source.sha256) for source in outcome.files.values()}
    for source in outcome.previous.files.values() if outcome.previous else ():
        at = resolved(source.path)
        if (at, source.sha256) in known:
            continue
        name, place = name_of(source, folder)
        for earlier in map(resolved, outcome.previous.folders if outcome.previous else ()):
            if place != "bundled" and source.stream is None and at.is_relative_to(earlier):
                inside = at.relative_to(earlier).as_posix()
                name, place = _text(f"{earlier.name}/{inside}"), "elsewhere"
        named.append((source, name, place))
    return named


def _text(name: str) -> str:
    """Return a file name as text; bytes that are none become U+FFFD."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _versions() -> dict[str, str]:
    import jinja2
    import numpy as np
    import polars as pl
    import xlsxwriter

    return {
        "allocator": __version__,
        "jinja2": jinja2.__version__,
        "numpy": np.__version__,
        "polars": pl.__version__,
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "xlsxwriter": xlsxwriter.__version__,
    }


def _options(outcome: Outcome) -> dict[str, Any]:
    """Return where the programmes computed depart from the plan's files, by option."""
    totals: dict[str, int | None] = {}
    dates: dict[str, str] = {}
    for each in outcome.programmes:
        computed, planned = each.programme, outcome.plan.programme(each.programme.id, "")
        if computed.total != planned.total:
            totals[computed.id] = computed.total
        if (days := _dates(computed)) != _dates(planned):
            dates[computed.id] = days[0]  # --as-of gives every part that has a date the same one
    chosen = [each.programme.id for each in outcome.programmes]
    options: dict[str, Any] = {"total": totals, "as_of": dates}
    if chosen != [programme.id for programme in outcome.plan.programmes]:
        options["programme"] = chosen
    return {name: value for name, value in options.items() if value}


def _dates(programme: Programme) -> list[str]:
    """Return the dates of the measures of a rule in order, or of those of all parts."""
    return [str(day) for rule in programme.rules for day in rule.dates]
