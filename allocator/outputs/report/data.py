"""What the scripts of the report read: figures as columns, embedded once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from allocator.domain.organisations import KIND_NAMES, PREFECTURE
from allocator.outputs.report.change import Changes
from allocator.outputs.report.figures import Figures, ProgrammeFigures
from allocator.outputs.report.shell import script_json
from allocator.outputs.report.sizes import Sizes
from allocator.outputs.report.tiles import short_name, tiles
from allocator.words.labels import basis_words

MOST_ORGANISATIONS: Final = 20_000
"""The most organisations that a report lists: more would make it too slow to open."""

MOST_BYTES: Final = 1_900_000
"""The most that the list of organisations may take, so that the whole stays below 3 MB."""

MOST_AREAS: Final = 60
"""The most prefectures that charts and their tables show, those with the largest amounts."""

_LARGEST_NUMBER: Final = 2**53 - 1
"""The largest whole number up to which a number of JavaScript is exact."""


@dataclass(frozen=True)
class Embedded:
    """What the scripts read. `areas`: which of the figures' areas it shows; `tiled`: as a map."""

    content: Mapping[str, Any]
    areas: tuple[int, ...]
    tiled: bool

    @property
    def listed(self) -> bool:
        """Whether the organisations are embedded, each with its figures."""
        return self.content["organisations"] is not None


def embedded(
    figures: Figures, spread: Sequence[Sizes | None], compared: Changes | None
) -> Embedded:
    """Return all that charts and table need; `spread` runs beside the programmes."""
    places = _areas_shown(figures)
    names = [figures.members.areas[place] for place in places]
    japan = tiles(names)
    areas = [
        {"name": name} if tile is None else {"name": short_name(name), **tile._asdict()}
        for name, tile in zip(names, japan or [None] * len(names), strict=True)
    ]
    content = {
        "year": figures.outcome.plan.fiscal_year.year,
        "tiled": japan is not None,
        "areas": areas,
        "programmes": [
            _programme(figures, programme, places, sizes, compared)
            for programme, sizes in zip(figures.programmes, spread, strict=True)
        ],
        "organisations": _organisations(figures),
    }
    return Embedded(content, places, japan is not None)


def _areas_shown(figures: Figures) -> tuple[int, ...]:
    """Return the places of the areas that charts show, in code order."""
    count = len(figures.members.areas)
    if count <= MOST_AREAS:
        return tuple(range(count))
    sums = [0] * count
    for programme in figures.programmes:
        for place, area in enumerate(programme.areas):
            sums[place] += area.amount
    largest = sorted(range(count), key=lambda place: (-sums[place], place))
    return tuple(sorted(largest[:MOST_AREAS]))


def _programme(
    figures: Figures,
    programme: ProgrammeFigures,
    places: Sequence[int],
    sizes: Sizes | None,
    compared: Changes | None,
) -> dict[str, Any]:
    counted = programme.area_population
    content: dict[str, Any] = {
        "label": programme.label,
        "basis": basis_words(programme.outcome).ja,
        "computed": programme.computed,
        "population": "" if counted is None else counted.label,
    }
    if not programme.computed:
        return content
    areas = [programme.areas[place] for place in places]
    change = compared.of(programme.number) if compared else None
    content["areas"] = {
        "own": _numbers(area.own for area in areas),
        "members": _numbers(area.members for area in areas),
        "perResident": [area.per_resident for area in areas],
    }
    # The chart's scales are logarithmic: it needs something above 0.
    drawable = sizes is not None and any(each.quarter > 0 for each in sizes.classes)
    content["sizes"] = _sizes(figures, sizes) if sizes is not None and drawable else None
    content["before"] = (
        None if change is None else _numbers(change.areas[place].before for place in places)
    )
    return content


def _sizes(figures: Figures, sizes: Sizes) -> dict[str, Any]:
    dates = [population.as_of for population in figures.populations]
    return {
        "notional": sizes.notional,
        "population": dates.index(sizes.population.as_of),
        "extent": [sizes.smallest, sizes.largest],
        "classes": [
            [each.start, each.end, each.count, each.quarter, each.median, each.three_quarters]
            for each in sizes.classes
        ],
    }


def _organisations(figures: Figures) -> dict[str, Any] | None:
    members = figures.members
    if len(members.codes) > MOST_ORGANISATIONS:
        return None
    kinds = {kind: place for place, kind in enumerate(members.kinds)}
    content = {
        "areas": members.areas,
        "areaKana": _area_kana(figures),
        "kinds": [KIND_NAMES.get(kind, kind) for kind in kinds],
        "prefectureKind": kinds.get(PREFECTURE, -1),
        "official": figures.outcome.register.official,
        "code": members.codes,
        "area": members.area,
        "name": members.name,
        "kana": members.kana,
        "kind": [kinds[kind] for kind in members.kind],
        "populations": [
            {"label": each.label, "persons": _column(each.persons, members.codes)}
            for each in figures.populations
        ],
        "paid": [_column(each.paid, members.codes) for each in figures.programmes],
        "notional": [_column(each.notional, members.codes) for each in figures.programmes],
    }
    return content if len(script_json(content).encode()) <= MOST_BYTES else None


def _area_kana(figures: Figures) -> list[str]:
    members = figures.members
    kana = [""] * len(members.areas)
    for place, kind in enumerate(members.kind):
        if kind == PREFECTURE:
            kana[members.area[place]] = members.kana[place]
    return kana


def _column(values: Mapping[str, int], codes: Iterable[str]) -> list[int | str | None]:
    """Return a column beside the codes, empty where it would hold nothing."""
    return _numbers(values.get(code) for code in codes) if values else []


def _numbers(values: Iterable[int | None]) -> list[int | str | None]:
    """Return whole numbers as JavaScript reads them exactly: large ones as decimal text."""
    return [
        value if value is None or abs(value) <= _LARGEST_NUMBER else str(value) for value in values
    ]
