"""What the outputs were made from: inputs with their sha256, versions, options of the call."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal

from allocator import __version__
from allocator.audit.outcome import Outcome
from allocator.domain.errors import refuse
from allocator.domain.text import Text
from allocator.rules.model import Programme
from allocator.rules.paths import resolved
from allocator.sources.bundled import CONFIGS, DATA, shown

Place = Literal["bundled", "plan", "elsewhere"]

PLACES: Final[Mapping[Place, Text]] = {
    "bundled": Text("bundled", "同梱"),
    "plan": Text("in the plan's folder", "計画のフォルダー"),
    "elsewhere": Text("named by the user", "利用者の指定"),
}


@dataclass(frozen=True)
class InputFile:
    """One input: a name that is the same wherever the files lie, and the sha256 of its bytes."""

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
    """Return what an outcome was computed from; inputs are sorted by name.

    Raises:
        InputError: an input is no longer there.
    """
    inputs = [_input(file, *named) for file, named in named_files(outcome).items()]
    inputs.sort(key=lambda found: (found.name, found.sha256))
    return Provenance(tuple(inputs), _versions(), _options(outcome))


def portable_notes(outcome: Outcome) -> list[Text]:
    """Return what to know of a run, inputs named as in the manifest and not by their paths."""
    names = [(str(file), name) for file, (name, _) in named_files(outcome).items()]
    names.sort(key=lambda pair: -len(pair[0]))
    notes = []
    for note in outcome.notes:
        english, japanese = note
        for path, name in names:
            english, japanese = english.replace(path, name), japanese.replace(path, name)
        notes.append(Text(english, japanese))
    return notes


def name_of(file: Path, folder: Path) -> tuple[str, Place]:
    """Return an input's name: data/… or configs/…, else from the plan's folder, else the bare name.

    Never an absolute path: who computes the same elsewhere gets the same name.
    """
    if any(resolved(file).is_relative_to(base) for base in (DATA, CONFIGS)):
        return shown(file), "bundled"
    if file.is_relative_to(folder):
        return _text(file.relative_to(folder).as_posix()), "plan"
    return _text(file.name), "elsewhere"


def portable(name: str) -> str:
    """Return a file's name as a plan writes it, an absolute one cut to its last part."""
    return Path(name).name if Path(name).is_absolute() else name


def named_files(outcome: Outcome) -> dict[Path, tuple[str, Place]]:
    """Return every input with its name: also a register of one's own, and what is compared with.

    Files of an earlier plan bear the name of its folder: both plans have a plan.toml.
    """
    files = dict.fromkeys([*outcome.files, Path(outcome.register.origin)])
    named = {file: name_of(file, outcome.plan.folder) for file in files}
    for file in outcome.previous.files if outcome.previous else ():
        if any(resolved(file) == resolved(known) for known in named):
            continue
        named[file] = name_of(file, outcome.plan.folder)
        for folder in outcome.previous.folders if outcome.previous else ():
            whole = resolved(folder)
            if named[file][1] != "bundled" and resolved(file).is_relative_to(whole):
                inside = resolved(file).relative_to(whole).as_posix()
                named[file] = (_text(f"{whole.name}/{inside}"), "elsewhere")
    return named


def _input(file: Path, name: str, place: Place) -> InputFile:
    try:
        with file.open("rb") as content:
            digest = hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        raise refuse(
            f"{file}",
            Text(
                f"the input can no longer be read: {error.strerror}",
                f"入力ファイルを読めなくなりました: {error.strerror}",
            ),
            Text("put it back and run again", "元に戻して、もう一度実行してください"),
        ) from None
    return InputFile(name, place, digest)


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
    """Return the dates of a rule's measures in order; a measure without one has no part in it."""
    days = [part.as_of for part in programme.share]
    if programme.unit_amount is not None:
        days.append(programme.unit_amount.as_of)
    return [str(day) for day in days if day is not None]
