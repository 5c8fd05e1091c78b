"""Sums of parts, asked of the engine and of the reference in the same words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any, Literal

from hypothesis import strategies as st

from allocator.engine.exact import Path
from allocator.engine.inputs import Inputs
from allocator.engine.result import Allocation
from allocator.plans.programme import Programme
from tests.engine import reference_programmes
from tests.engine.asking import compute
from tests.engine.cases import (
    NONE,
    adjusted,
    adjustment_tables,
    code,
    ints,
    parts,
    payers,
    previous_of,
    rounding_table,
)
from tests.engine.reference import (
    ALONE,
    METHODS,
    PLAIN_METHODS,
    Part,
    RefusedError,
    Rounding,
)
from tests.engine.reference_programmes import Adjustments, Outcome, split_total, unit_amounts

Kind = Literal["split", "carried", "bands"]


@dataclass(frozen=True)
class PartCase:
    """A part over `members` (places among the payers of the sum).

    `total` is in yen, None for "rest" and for unit amounts. A list that is carried forward stands
    in `shares` as the one measure, `bands` as starts and amounts beside the one measure.
    """

    kind: Kind
    members: tuple[int, ...]
    shares: tuple[Part, ...]
    total: int | None
    rounding: Rounding | None
    adjustments: Adjustments = NONE
    bands: tuple[tuple[int, int], ...] = ()

    @property
    def is_rest(self) -> bool:
        return self.total is None and self.kind != "bands"

    @property
    def measures(self) -> list[tuple[int, ...]]:
        return [measure for _, measure in self.shares if measure is not None]

    def table(self, name: str) -> dict[str, Any]:
        table: dict[str, Any] = {
            "name": name,
            "basis": "carried_forward" if self.kind == "carried" else "rule",
            "codes": [code(place) for place in self.members],
            "adjustment": self._adjustments(),
        }
        if self.kind != "bands":
            table["total"] = "rest" if self.is_rest else self.total
        if self.rounding is not None:
            table["rounding"] = rounding_table(self.rounding)
        if self.kind == "carried":
            table["carried_forward"] = {"list": "list.csv"}
        elif self.kind == "bands":
            bands = [{"from": start, "amount": amount} for start, amount in self.bands]
            table["unit_amount"] = {"by": "staff", "prefectures": bands}
        else:
            table["share"] = [
                {"weight": str(weight), "by": "equal" if measure is None else "population"}
                for weight, measure in self.shares
            ]
        return table

    def _adjustments(self) -> list[dict[str, Any]]:
        """Return the adjustments with the codes of the members in place of their positions."""
        here = {code(i): code(place) for i, place in enumerate(self.members)}
        tables = adjustment_tables(self.adjustments)
        return [
            {
                key: [here[each] for each in value] if isinstance(value, list) else value
                for key, value in table.items()
            }
            for table in tables
        ]

    def inputs(self, count: int) -> Inputs:
        everyone = payers(("prefecture",) * count)
        vectors = tuple(ints(measure) for measure in self.measures)
        carried = self.kind == "carried"
        return Inputs(
            everyone[list(self.members)],
            () if carried else vectors,
            vectors[0] if carried else None,
            previous_of(self.adjustments),
        )

    def expected(self, yen: int | None) -> Outcome:
        if self.kind == "bands":
            bands = [self.bands] * len(self.members)
            return unit_amounts(self.measures[0], bands, self.adjustments)
        assert yen is not None
        assert self.rounding is not None
        count = len(self.members)
        return split_total(count, self.shares, yen, self.rounding, self.adjustments)


@dataclass(frozen=True)
class SumCase:
    """Parts over `count` prefectures; `total` where one part takes the rest."""

    count: int
    total: int | None
    parts: tuple[PartCase, ...]

    @property
    def programme(self) -> Programme:
        table: dict[str, Any] = {
            "id": "toy",
            "payers": "prefectures",
            "part": [part.table(f"part {n}") for n, part in enumerate(self.parts, start=1)],
        }
        if self.total is not None:
            table["total"] = self.total
        return Programme.model_validate(table)

    @property
    def inputs(self) -> Inputs:
        own = tuple(part.inputs(self.count) for part in self.parts)
        return Inputs(payers(("prefecture",) * self.count), parts=own)

    def computed(self, path: Path = "auto") -> Allocation:
        return compute(self.programme, self.inputs, path)

    def expected(self) -> tuple[tuple[int, ...], tuple[Outcome, ...]]:
        """Return what everybody pays, and the outcomes of the parts."""
        found: dict[int, Outcome] = {
            n: part.expected(part.total) for n, part in enumerate(self.parts) if not part.is_rest
        }
        for n, part in enumerate(self.parts):
            if part.is_rest:
                assert self.total is not None
                rest = reference_programmes.rest_of(self.total, list(found.values()))
                found[n] = part.expected(rest)
        outcomes = tuple(found[n] for n in range(len(self.parts)))
        members = [part.members for part in self.parts]
        return reference_programmes.added(self.count, outcomes, members), outcomes


def solution(case: SumCase) -> tuple[tuple[int, ...], tuple[Outcome, ...]] | None:
    try:
        return case.expected()
    except RefusedError:
        return None


@st.composite
def part_cases(
    draw: st.DrawFn, count: int, figures: st.SearchStrategy[int], methods: tuple[str, ...]
) -> PartCase:
    kind: Kind = draw(st.sampled_from(["split", "split", "carried", "bands"]))
    some = st.lists(st.integers(0, count - 1), min_size=1, max_size=count, unique=True)
    members = draw(st.just(tuple(range(count))) | some.map(sorted).map(tuple))
    own = len(members)
    if kind == "split":
        shares = draw(parts(own, figures))
    else:
        measure = tuple(draw(st.lists(figures, min_size=own, max_size=own)))
        shares = ((Fraction(1), measure),)
    unit = draw(st.sampled_from([1, 3, 10]))
    method = draw(st.sampled_from(methods))
    ties = draw(st.sampled_from(["code", "weight", "error"]))
    rest = None if method in ALONE else draw(st.sampled_from([None, "largest", "first"]))
    yen = draw(st.integers(0, 12)) * unit
    if rest is not None or method in ALONE:
        yen += draw(st.integers(0, unit - 1))
    adjustments = draw(adjusted(own, yen, unit, leaves=draw(st.booleans())))
    if kind == "bands":
        starts = draw(st.lists(st.integers(1, 9), max_size=2, unique=True))
        bands = tuple((start, draw(st.integers(0, 30))) for start in [0, *sorted(starts)])
        return PartCase(kind, members, shares, None, None, adjustments, bands)
    return PartCase(kind, members, shares, yen, Rounding(unit, method, ties, rest), adjustments)


@st.composite
def sums(draw: st.DrawFn, *, large: bool = False) -> SumCase:
    """One to three parts, each over some of the payers; mostly one of them takes the rest."""
    count = draw(st.integers(1, 5))
    figures = st.integers(0, 10**12) if large else st.integers(0, 6)
    # The reference hands out the units of a divisor method one by one: not 10^15 of them.
    methods = (*(PLAIN_METHODS if large else METHODS), *ALONE)
    own = draw(st.lists(part_cases(count, figures, methods), min_size=1, max_size=3))
    if large:
        factor = 10 ** draw(st.integers(12, 15))
        own = [
            part if part.total is None else replace(part, total=part.total * factor) for part in own
        ]
    splits = [n for n, part in enumerate(own) if part.kind != "bands"]
    total = None
    if splits and draw(st.sampled_from([True, True, False])):
        at = draw(st.sampled_from(splits))
        others = sum(part.total or 0 for n, part in enumerate(own) if n != at)
        total = others + (own[at].total or 0) + draw(st.integers(0, 40))
        own[at] = replace(own[at], total=None)
    return SumCase(count, total, tuple(own))
