"""What a working paper says of the call: its day, its threshold, and the files that were used."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from allocator import __version__
from allocator.domain.text import Language, Text
from allocator.files.source import Source, Sources
from allocator.outputs.files.places import name_of, places_of, portable_in
from allocator.plans.load import load_plan
from allocator.plans.plan import Plan
from allocator.plans.programme import Programme
from allocator.sources.bundled import DATA, locate
from allocator.sources.measures.of_plan import measures_of
from allocator.sources.register import CHANGES_FILE, register_of

LIST: Final = Text("list audited", "照合した一覧")
OTHER: Final = Text("list compared with", "照合先の一覧")
PLAN: Final = Text("plan", "計画")
USED: Final = Text("data used", "使用データ")
ORIGIN: Final = Text("sources of the bundled data", "同梱データの出典表")


@dataclass(frozen=True)
class SourceFile:
    """One file behind an audit: what it is, its name (never an absolute path), its sha256."""

    role: Text
    name: str
    sha256: str


@dataclass(frozen=True)
class Particulars:
    """What comes from the call and not from the audit.

    `day` is when the work was done (None: to be filled in by hand), `materiality` the threshold in
    yen (None: none was set). `names` are those of the plan's programmes, by their identifiers;
    `places` are paths of this machine, with what stands in their place.
    """

    day: date | None = None
    materiality: int | None = None
    sources: tuple[SourceFile, ...] = ()
    names: tuple[tuple[str, str], ...] = ()
    places: tuple[tuple[str, str], ...] = ()

    def name(self, programme: str | None) -> str | None:
        """Return the name of a programme as the plan has it (None: it names no such programme)."""
        return dict(self.names).get(programme or "")

    def portable(self, text: str) -> str:
        """Return a text whose files bear their names, and not where they lie on this machine."""
        return portable_in(text, self.places)

    def as_dict(self, language: Language) -> dict[str, Any]:
        """Return the particulars as JSON has them."""
        return {
            "date": None if self.day is None else self.day.isoformat(),
            "materiality": self.materiality,
            "version": __version__,
            "sources": [
                {"role": each.role.in_(language), "name": each.name, "sha256": each.sha256}
                for each in self.sources
            ],
        }


def particulars(
    file: Path,
    against: Path | None,
    plan_path: Path,
    programmes: Collection[str | None],
    sources: Sources,
    *,
    day: date | None = None,
    materiality: int | None = None,
) -> Particulars:
    """Return what a working paper says of a call: every file that the audit rests on, hashed.

    `programmes` are those that lists were found of, `sources` the files that the audit has opened.
    """
    plan = load_plan(plan_path, sources)
    files = [(LIST, file)]
    if against is None:
        files += [(PLAN, each) for each in plan.files]
        chosen = [each for each in plan.programmes if each.id in programmes]
    else:
        # Of the plan, two lists need no more than its register.
        files += [(OTHER, against), (PLAN, plan.files[0])]
        chosen = []
    files += [(USED, each) for each in _data(plan, chosen, sources)]
    files.append((ORIGIN, DATA / "SOURCES.md"))
    there = [(role, each) for role, each in files if role != ORIGIN or each.is_file()]
    return Particulars(
        day,
        materiality,
        tuple(hashed(role, sources.open(each)) for role, each in there),
        tuple((each.id, each.name) for each in plan.programmes),
        places_of([each for _, each in there]),
    )


def hashed(role: Text, source: Source) -> SourceFile:
    """Return a file by its name, with the sha256 of the very bytes that were read."""
    return SourceFile(role, name_of(source.path), source.sha256)


def _data(plan: Plan, programmes: Collection[Programme], sources: Sources) -> Iterator[Path]:
    """Yield the register, and what the amounts of `programmes` are computed from."""
    register, changes = register_of(plan, sources)
    files: dict[Path, None] = {Path(register.origin): None}
    if plan.table.organisations is None:
        files[CHANGES_FILE] = None
    entries = measures_of(plan, register, changes, sources).entries if programmes else []
    for table in (table for programme in programmes for table in programme.rules):
        for measured in table.measured:
            files.update(
                (each.file, None)
                for each in entries
                if each.name == measured.by and measured.as_of in (None, each.as_of)
            )
        lists = [each.previous for each in table.adjustment]
        if table.carried_forward is not None:
            lists += [table.carried_forward.list_, table.carried_forward.derived_from]
        for name in lists:
            found = None if name is None else locate(name, plan.folder, sources)
            if found is not None:
                files[found] = None
    yield from files
