"""Random questions, asked of the engine and of the reference in the same words."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from math import ceil, floor
from random import Random
from typing import Any

import numpy as np
import polars as pl
from hypothesis import strategies as st

from allocator.domain import schemas
from allocator.domain.yen import LARGEST
from allocator.engine.breakdown import NotionalSplit
from allocator.engine.exact import Ints, Path
from allocator.engine.inputs import Inputs
from allocator.engine.result import Allocation
from allocator.plans.programme import Programme
from tests.engine import reference, reference_programmes
from tests.engine.asking import compute
from tests.engine.reference import ALONE, Part, Rounding
from tests.engine.reference_programmes import Adjustments, Bound, Outcome


def code(place: int) -> str:
    """Return the code of the payer at a place; the engine takes any text, in ascending order."""
    return f"{10 * (place + 1):06d}"


@lru_cache(maxsize=256)
def payers(kinds: tuple[str, ...]) -> pl.DataFrame:
    columns = {
        "code": [code(place) for place in range(len(kinds))],
        "prefecture": [f"県{place}" for place in range(len(kinds))],
        "county": [""] * len(kinds),
        "municipality": ["" if kind == "prefecture" else "町" for kind in kinds],
        "kind": list(kinds),
    }
    return pl.DataFrame(columns, schema=schemas.PAYERS)


def ints(values: tuple[int, ...]) -> Ints:
    return np.array(values, dtype=np.int64)


NONE = Adjustments()


@dataclass(frozen=True)
class SplitCase:
    """A total split over `count` prefectures."""

    count: int
    parts: tuple[Part, ...]
    total: int
    rounding: Rounding
    adjustments: Adjustments = NONE

    @property
    def programme(self) -> Programme:
        return Programme.model_validate(self.table())

    def table(self) -> dict[str, Any]:
        """Return the programme as its TOML would have it."""
        return {
            "id": "toy",
            "payers": "prefectures",
            "basis": "rule",
            "total": self.total,
            "share": [
                {"weight": str(weight), "by": "equal" if measure is None else "population"}
                for weight, measure in self.parts
            ],
            "rounding": rounding_table(self.rounding),
            "adjustment": adjustment_tables(self.adjustments),
        }

    @property
    def inputs(self) -> Inputs:
        return Inputs(
            payers(("prefecture",) * self.count),
            tuple(ints(measure) for _, measure in self.parts if measure is not None),
            previous=previous_of(self.adjustments),
        )

    def rounded_by(self, method: str, ties: str | None = None) -> SplitCase:
        """Return the case with another method; those that round alone know of no rest."""
        rest = None if method in ALONE else self.rounding.rest
        ties = ties or self.rounding.ties
        return replace(self, rounding=Rounding(self.rounding.unit, method, ties, rest))

    def computed(self, path: Path = "auto") -> Allocation:
        return compute(self.programme, self.inputs, path)

    def expected(self) -> Outcome:
        return reference_programmes.split_total(
            self.count, self.parts, self.total, self.rounding, self.adjustments
        )


@dataclass(frozen=True)
class UnitAmountCase:
    """Unit amounts by band: prefectures first, then municipalities."""

    measure: tuple[int, ...]
    kinds: tuple[str, ...]
    bands: tuple[tuple[tuple[int, int], ...], tuple[tuple[int, int], ...]]
    adjustments: Adjustments
    keep_total: Rounding | None = None

    @property
    def programme(self) -> Programme:
        groups = zip(("prefectures", "municipalities"), self.bands, strict=True)
        table: dict[str, Any] = {
            "id": "toy",
            "payers": "all",
            "basis": "rule",
            "unit_amount": {"by": "population"}
            | {
                group: [{"from": start, "amount": amount} for start, amount in bands]
                for group, bands in groups
            },
            "adjustment": adjustment_tables(self.adjustments),
        }
        if self.keep_total is not None:
            table["rounding"] = rounding_table(self.keep_total)
            table["adjustment"][0]["keep_total"] = True
        return Programme.model_validate(table)

    @property
    def inputs(self) -> Inputs:
        return Inputs(
            payers(self.kinds), (ints(self.measure),), previous=previous_of(self.adjustments)
        )

    def computed(self, path: Path = "auto") -> Allocation:
        return compute(self.programme, self.inputs, path)

    def expected(self) -> Outcome:
        own = [self.bands[kind != "prefecture"] for kind in self.kinds]
        return reference_programmes.unit_amounts(
            self.measure, own, self.adjustments, self.keep_total
        )


def rounding_table(rounding: Rounding) -> dict[str, Any]:
    table = {"unit": rounding.unit, "method": rounding.method, "ties": rounding.ties}
    return table if rounding.rest is None else table | {"rest": rounding.rest}


def adjustment_tables(adjustments: Adjustments) -> list[dict[str, Any]]:
    """Return the bounds first, so that their place in the list is that in `previous_of`."""
    tables = [bound_table(bound) for bound in adjustments.bounds]
    for place, amount in adjustments.leaves:
        leaving = (
            {"exempt": [code(place)]}
            if amount is None
            else {"fixed": [code(place)], "amount": amount}
        )
        tables.append({"reason": "a test"} | leaving)
    return tables


def bound_table(bound: Bound) -> dict[str, Any]:
    table: dict[str, Any] = {
        "reason": "a test",
        "minimum": bound.minimum,
        "maximum": bound.maximum,
        "max_increase": None if bound.max_increase is None else str(bound.max_increase),
        "max_decrease": None if bound.max_decrease is None else str(bound.max_decrease),
        "previous": None if bound.previous is None else "previous.csv",
        "codes": None if bound.only is None else [code(place) for place in bound.only],
    }
    return {key: value for key, value in table.items() if value is not None}


def previous_of(adjustments: Adjustments) -> dict[int, tuple[int | None, ...]]:
    return {
        number: bound.previous
        for number, bound in enumerate(adjustments.bounds)
        if bound.previous is not None
    }


def columns(result: Allocation | NotionalSplit) -> dict[str, list[int]]:
    """Return every vector of a result as plain lists, so that kinds of integers don't matter."""
    if isinstance(result, NotionalSplit):
        return {"amounts": list(result.amounts)}
    return {name: values.tolist() for name, values in result.steps.columns.items()}


# Strategies

WEIGHTS = st.lists(st.integers(1, 4), min_size=1, max_size=3)
RATES = st.sampled_from([Fraction(0), Fraction(1, 10), Fraction(1, 3), Fraction(1, 2), Fraction(1)])


@st.composite
def parts(draw: st.DrawFn, count: int, figures: st.SearchStrategy[int]) -> tuple[Part, ...]:
    weights = draw(WEIGHTS)
    measure = st.none() | st.lists(figures, min_size=count, max_size=count).map(tuple)
    return tuple((Fraction(weight, sum(weights)), draw(measure)) for weight in weights)


@st.composite
def roundings(draw: st.DrawFn, units: tuple[int, ...] = (1, 3, 1000)) -> Rounding:
    return Rounding(
        draw(st.sampled_from(units)),
        draw(st.sampled_from(reference.BOUNDABLE)),
        draw(st.sampled_from(["code", "weight"])),
        draw(st.sampled_from([None, None, "largest", "first"])),
    )


@st.composite
def small_splits(
    draw: st.DrawFn,
    *,
    leaves: bool = False,
    bounds: st.SearchStrategy[str] | None = None,
) -> SplitCase:
    """Few payers, few units, small measures: ties and refusals are frequent."""
    count = draw(st.integers(1, 6))
    rounding = draw(roundings())
    units = draw(st.integers(0, 24))
    rest = draw(st.integers(0, rounding.unit - 1)) if rounding.rest else 0
    total = units * rounding.unit + rest
    adjustments = draw(adjusted(count, total, rounding.unit, leaves=leaves, bounds=bounds))
    return SplitCase(count, draw(parts(count, st.integers(0, 6))), total, rounding, adjustments)


@st.composite
def large_splits(
    draw: st.DrawFn,
    *,
    leaves: bool = False,
    bounds: st.SearchStrategy[str] | None = None,
) -> SplitCase:
    """Measures up to 10^12, totals up to 10^18; every other case in round figures, to have ties."""
    count = draw(st.integers(1, 8))
    if draw(st.booleans()):
        figures = st.integers(0, 10**12)
        total = draw(st.integers(0, 10**18))
    else:
        figures = st.integers(0, 5).map(lambda few: few * 10**11)
        total = draw(st.integers(0, 10**5 - 1)) * 10**13 + draw(st.integers(0, 3))
    rounding = draw(roundings((1, 40, 1000, 10**9 + 7)))
    if rounding.rest is None:
        total -= total % rounding.unit
    adjustments = draw(adjusted(count, total, rounding.unit, leaves=leaves, bounds=bounds))
    return SplitCase(count, draw(parts(count, figures)), total, rounding, adjustments)


@st.composite
def adjusted(
    draw: st.DrawFn,
    count: int,
    total: int,
    unit: int,
    *,
    leaves: bool = False,
    bounds: st.SearchStrategy[str] | None = None,
) -> Adjustments:
    mean = total // count
    gone: list[tuple[int, int | None]] = []
    if leaves:
        for place in range(count):
            how = draw(st.sampled_from(["rule", "rule", "rule", "exempt", "fixed"]))
            if how == "exempt":
                gone.append((place, None))
            elif how == "fixed":
                odd = draw(st.sampled_from([0, 0, 0, 1]))
                gone.append((place, draw(st.integers(0, mean // unit + 1)) * unit + odd))
    kinds = draw(st.lists(bounds, min_size=1, max_size=3)) if bounds is not None else []
    return Adjustments(tuple(gone), tuple(draw(bound(kind, count, mean)) for kind in kinds))


@st.composite
def bound(draw: st.DrawFn, kind: str, count: int, mean: int) -> Bound:
    """Draw a bound that a solution is likely, and not certain, to keep."""
    some = st.lists(st.integers(0, count - 1), min_size=1, max_size=count, unique=True)
    only = draw(st.none() | some.map(sorted).map(tuple))
    if kind == "minimum":
        return Bound(minimum=draw(st.integers(0, mean)), only=only)
    if kind == "maximum":
        most = min(3 * mean + 2, LARGEST)
        return Bound(maximum=draw(st.integers(mean // 2, most)), only=only)
    earlier = st.none() | st.integers(mean // 2, 2 * mean + 1)
    previous = tuple(draw(earlier) for _ in range(count))
    increase = draw(RATES) if kind in ("max_increase", "max_change") else None
    decrease = draw(RATES) if kind in ("max_decrease", "max_change") else None
    return Bound(max_increase=increase, max_decrease=decrease, previous=previous, only=only)


BOUND_KINDS = ("minimum", "maximum", "max_increase", "max_decrease")
ANY_BOUND = st.sampled_from([*BOUND_KINDS, "max_change"])


@st.composite
def band_tables(draw: st.DrawFn) -> tuple[tuple[int, int], ...]:
    starts = draw(st.lists(st.integers(1, 9), max_size=3, unique=True))
    return tuple((start, draw(st.integers(0, 60))) for start in [0, *sorted(starts)])


@st.composite
def unit_amount_cases(draw: st.DrawFn, *, keep_total: bool) -> UnitAmountCase:
    count = draw(st.integers(1, 6))
    measure = tuple(draw(st.integers(0, 10)) for _ in range(count))
    prefectures = draw(st.integers(0, count))
    kinds = ("prefecture",) * prefectures + ("town",) * (count - prefectures)
    bands = draw(band_tables()), draw(band_tables())
    adjustments = draw(
        adjusted(count, 30 * count, 1, leaves=True, bounds=draw(st.sampled_from([None, ANY_BOUND])))
    )
    rounding = None
    if keep_total and (adjustments.leaves or adjustments.bounds):
        rounding = draw(roundings())
    return UnitAmountCase(measure, kinds, bands, adjustments, rounding)


def plain_split(random: Random) -> SplitCase:
    """Return a split with figures so small that equal claims of unequal payers are frequent."""
    count = random.randint(2, 7)
    figures = [tuple(random.randint(0, 9) for _ in range(count)) for _ in range(2)]
    split: tuple[Part, ...] = ((Fraction(1), figures[0]),)
    if random.random() < 0.3:
        half = Fraction(1, 2)
        split = ((half, random.choice([None, figures[0]])), (half, figures[1]))
    unit = random.choice([1, 1, 1000])
    rest = random.choice([None, "largest", "first"])
    total = random.randint(1, 30) * unit + (random.randrange(unit) if rest else 0)
    return SplitCase(count, split, total, Rounding(unit, "cumulative", "code", rest))


def keepable(random: Random) -> SplitCase:
    """Return a split whose bounds were laid around an allocation, so that most can be kept."""
    case = plain_split(random)
    unit, count = case.rounding.unit, case.count
    able = [i for i in range(count) if any(m is None or m[i] for _, m in case.parts)]
    around = [0] * count
    for _ in range(case.total // unit if able else 0):
        around[random.choice(able)] += unit
    bounds = tuple(bound_around(random, around, unit) for _ in range(random.randint(1, 3)))
    method, ties = random.choice(reference.BOUNDABLE), random.choice(reference.TIES)
    return replace(case, adjustments=Adjustments(bounds=bounds)).rounded_by(method, ties)


def bound_around(random: Random, yen: list[int], unit: int) -> Bound:
    """Return one to four bounds in one adjustment that admit these amounts."""
    everyone = range(len(yen))
    only = tuple(i for i in everyone if random.random() < 0.6)
    chosen = only or tuple(everyone)
    which = random.sample(BOUND_KINDS, random.choice([1, 1, 2, 4]))
    least = min(yen[i] for i in chosen) - random.randrange(2 * unit)
    most = max(yen[i] for i in chosen) + random.randrange(2 * unit)
    increase, decrease = Fraction(random.randint(0, 12), 10), Fraction(random.randint(0, 9), 10)
    before = tuple(
        None
        if random.random() < 0.1
        else random.randint(ceil(amount / (1 + increase)), floor(amount / (1 - decrease)))
        for amount in yen
    )
    changes = "max_increase" in which or "max_decrease" in which
    return Bound(
        minimum=max(least, 0) if "minimum" in which else None,
        maximum=most if "maximum" in which else None,
        max_increase=increase if "max_increase" in which else None,
        max_decrease=decrease if "max_decrease" in which else None,
        previous=before if changes else None,
        only=only or None,
    )


def bounded_unit_amounts(random: Random) -> UnitAmountCase:
    """Return unit amounts with bounds around amounts a little off, so that some are moved."""
    count = random.randint(2, 6)
    limit = random.randint(1, 8)
    bands = (
        ((0, random.randint(5, 30)), (limit, random.randint(5, 60))),
        ((0, random.randint(5, 30)),),
    )
    kinds = tuple(random.choice(["prefecture", "town"]) for _ in range(count))
    measure = tuple(random.randint(0, 10) for _ in range(count))
    plain = UnitAmountCase(measure, kinds, bands, NONE).expected().amounts
    near = [max(amount + random.randint(-9, 9), 0) for amount in plain]
    adjustments = Adjustments(bounds=(bound_around(random, near, 1),))
    keep = Rounding(1, random.choice(reference.BOUNDABLE)) if random.random() < 0.3 else None
    return UnitAmountCase(measure, kinds, bands, adjustments, keep)
