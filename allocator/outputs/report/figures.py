"""The figures of a report: amounts by organisation and by prefecture, persons, yen per resident."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from allocator.domain.organisations import KIND_NAMES, PREFECTURE
from allocator.domain.years import japanese_day
from allocator.results.outcome import Outcome, ProgrammeOutcome
from allocator.sources.measures.file import POPULATION
from allocator.words.labels import short_title

Amounts = Mapping[str, int]
"""Yen by code."""


@dataclass(frozen=True)
class Members:
    """Every organisation of the plan's day, column by column, in code order.

    `area` is the place of the prefecture in `areas`; `name` is county and municipality, empty for
    a prefecture itself.
    """

    codes: tuple[str, ...]
    area: tuple[int, ...]
    name: tuple[str, ...]
    kana: tuple[str, ...]
    kind: tuple[str, ...]
    areas: tuple[str, ...]

    @cached_property
    def place(self) -> Mapping[str, int]:
        """Where each code stands."""
        return {code: place for place, code in enumerate(self.codes)}

    @cached_property
    def kinds(self) -> tuple[str, ...]:
        """The kinds there are, as the register writes them: Japan's in their order, then others."""
        there = dict.fromkeys(self.kind)
        known = [kind for kind in KIND_NAMES if kind in there]
        return (*known, *(kind for kind in there if kind not in KIND_NAMES))

    def full_name(self, code: str) -> str:
        """Return an organisation's name, prefecture first."""
        place = self.place[code]
        return self.areas[self.area[place]] + self.name[place]


@dataclass(frozen=True)
class Population:
    """Persons by code, and the day they were counted (None: the plan gives no date)."""

    as_of: date | None
    persons: Mapping[str, int]

    @property
    def label(self) -> str:
        """The day in words: 2022年1月1日現在."""
        day = self.as_of
        return "" if day is None else f"{japanese_day(day)}現在"


@dataclass(frozen=True)
class Area:
    """A prefecture: what it pays itself, what its municipalities pay (yen), and its residents."""

    name: str
    own: int
    members: int
    population: int | None

    @property
    def amount(self) -> int:
        """What is paid in the prefecture altogether, in yen."""
        return self.own + self.members

    @property
    def per_resident(self) -> float | None:
        """Yen per resident, to the second decimal."""
        return per_resident(self.amount, self.population)


@dataclass(frozen=True)
class ProgrammeFigures:
    """One programme: what each organisation pays, what is notional (参考), by whom it is counted.

    `population` counts those who pay, `notional_population` those of the breakdown.
    """

    number: int
    outcome: ProgrammeOutcome
    label: str
    areas: tuple[Area, ...]
    population: Population | None
    notional_population: Population | None
    paid: Amounts = field(default_factory=dict)
    notional: Amounts = field(default_factory=dict)

    @property
    def computed(self) -> bool:
        """Whether there are amounts."""
        return self.outcome.allocation is not None

    @property
    def area_population(self) -> Population | None:
        """The population that amounts of prefectures are set against."""
        return self.population or self.notional_population

    @property
    def per_resident(self) -> float | None:
        """Yen per resident altogether; None where an area's residents are unknown."""
        persons = [area.population for area in self.areas]
        known = [count for count in persons if count is not None]
        if not self.computed or len(known) < len(persons):
            return None
        return per_resident(sum(self.paid.values()), sum(known))


@dataclass(frozen=True)
class Figures:
    """All figures of one outcome."""

    outcome: Outcome
    members: Members
    programmes: tuple[ProgrammeFigures, ...]

    @cached_property
    def populations(self) -> tuple[Population, ...]:
        """Every population that the plan uses, one a date, in the order of its use.

        A prefecture that is counted only by its municipalities has their sum.
        """
        found: dict[date | None, dict[str, int]] = {}
        for programme in self.programmes:
            for population in (programme.population, programme.notional_population):
                if population is not None:
                    found.setdefault(population.as_of, {}).update(population.persons)
        return tuple(
            Population(as_of, _with_sums(self.members, persons)) for as_of, persons in found.items()
        )


def figures_of(outcome: Outcome) -> Figures:
    """Return the figures of an outcome; nothing is computed anew but sums and quotients."""
    members = _members(outcome)
    labels = _labels(outcome)
    return Figures(
        outcome,
        members,
        tuple(
            _programme(members, number, each, label)
            for number, (each, label) in enumerate(zip(outcome.programmes, labels, strict=True))
        ),
    )


def per_resident(amount: int, persons: int | None) -> float | None:
    """Return yen per resident, rounded half up to the second decimal; None without residents."""
    if not persons:
        return None
    return ((200 * amount + persons) // (2 * persons)) / 100


def _members(outcome: Outcome) -> Members:
    rows = (
        outcome.register.valid_on(outcome.plan.table.payers_on)
        .select("code", "prefecture", "county", "municipality", "kana", "kind")
        .iter_rows()
    )
    columns: tuple[list[str], ...] = ([], [], [], [])
    area: list[int] = []
    areas: dict[str, int] = {}
    for code, prefecture, county, municipality, kana, kind in rows:
        area.append(areas.setdefault(prefecture, len(areas)))
        values = (code, f"{county or ''}{municipality or ''}", kana or "", kind)
        for column, value in zip(columns, values, strict=True):
            column.append(value)
    codes, name, kana_, kind_ = map(tuple, columns)
    return Members(codes, tuple(area), name, kana_, kind_, tuple(areas))


def _labels(outcome: Outcome) -> list[str]:
    """Return the programmes' short names; where two are the same, with their ids."""
    short = [short_title(each.programme) for each in outcome.programmes]
    return [
        label if short.count(label) == 1 else f"{label}({each.programme.id})"
        for label, each in zip(short, outcome.programmes, strict=True)
    ]


def _programme(
    members: Members, number: int, outcome: ProgrammeOutcome, label: str
) -> ProgrammeFigures:
    allocation, split = outcome.allocation, outcome.notional
    if allocation is None:
        return ProgrammeFigures(number, outcome, label, (), None, None)
    population, notional_population = _population(outcome), None
    notional: Amounts = {}
    if split is not None:
        codes = split.municipalities["code"].to_list()
        notional = dict(zip(codes, split.amounts, strict=True))
        rule = outcome.programme.breakdown
        if rule is not None and rule.by == POPULATION:
            persons = dict(zip(codes, split.measure.tolist(), strict=True))
            notional_population = Population(rule.as_of, persons)
    counted = population or notional_population
    return ProgrammeFigures(
        number,
        outcome,
        label,
        _areas(members, allocation.by_code, counted.persons if counted else {}),
        population,
        notional_population,
        allocation.by_code,
        notional,
    )


def _population(outcome: ProgrammeOutcome) -> Population | None:
    """Return the first population that counts all who pay: one of the rule, or of a part's rule.

    That of a part which concerns only some of them would leave the others uncounted.
    """
    for each in (outcome, *outcome.parts):
        if each.allocation is None or outcome.allocation is None:
            continue
        codes = each.allocation.payers["code"]
        if len(codes) < len(outcome.allocation.payers):
            continue
        for aligned in each.measures:
            if aligned.measure.name == POPULATION:
                persons = dict(zip(codes, aligned.values.tolist(), strict=True))
                return Population(aligned.measure.as_of, persons)
    return None


def _areas(members: Members, paid: Amounts, persons: Mapping[str, int]) -> tuple[Area, ...]:
    own, others = [0] * len(members.areas), [0] * len(members.areas)
    for place, code in enumerate(members.codes):
        amount = paid.get(code)
        if amount:
            (own if members.kind[place] == PREFECTURE else others)[members.area[place]] += amount
    residents = _residents(members, persons)
    columns = zip(members.areas, own, others, residents, strict=True)
    return tuple(Area(*values) for values in columns)


def _residents(members: Members, persons: Mapping[str, int]) -> Sequence[int | None]:
    """Return the persons of each prefecture: its own figure, else the sum of its municipalities."""
    own: list[int | None] = [None] * len(members.areas)
    sums: list[int | None] = [None] * len(members.areas)
    for place, code in enumerate(members.codes):
        count = persons.get(code)
        if count is None:
            continue
        at = members.area[place]
        if members.kind[place] == PREFECTURE:
            own[at] = count
        else:
            sums[at] = (sums[at] or 0) + count
    return [mine if mine is not None else theirs for mine, theirs in zip(own, sums, strict=True)]


def _with_sums(members: Members, persons: Mapping[str, int]) -> Mapping[str, int]:
    residents = _residents(members, persons)
    completed = dict(persons)
    for place, code in enumerate(members.codes):
        count = residents[members.area[place]]
        if members.kind[place] == PREFECTURE and count is not None:
            completed[code] = count
    return completed
