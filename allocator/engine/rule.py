"""Rules as values: how a total is divided, without what it is applied to.

A rule is one of a few kinds, and each kind has only what it needs: a `Split` of a total by shares,
`UnitAmounts` from which the total follows, `CarriedForward` shares of an earlier list, or a `Sum`
of parts that are such rules themselves. Rates and splits within splits will be kinds beside them.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal, TypeAlias

Method = Literal[
    "largest_remainder",
    "half_up_then_largest",
    "floor_then_first",
    "cumulative",
    "adams",
    "dean",
    "huntington_hill",
    "webster",
    "jefferson",
    "floor",
    "ceiling",
    "half_up",
]
"""The rounding methods for who checks types; `split.methods` has those that there are."""

Ties = Literal["code", "weight", "error"]
Rest = Literal["largest", "first"]

DIVISOR_METHODS: Final = ("adams", "dean", "huntington_hill", "webster", "jefferson")

EACH_ALONE: Final = ("floor", "ceiling", "half_up")
"""Each amount is rounded for itself and nothing handed out: the total is what comes of it."""

BOUNDABLE: Final = ("largest_remainder", *DIVISOR_METHODS)
"""The methods that can keep minimum, maximum, max_increase and max_decrease."""

LOWER_BOUNDS: Final = ("minimum", "max_decrease")
"""The bounds from below; maximum and max_increase are those from above."""

_BOUNDS: Final = ("minimum", "maximum", "max_increase", "max_decrease")


@dataclass(frozen=True)
class Rounding:
    """How exact quotas become whole units: unit (yen), method, ties, and who takes the rest."""

    unit: int
    method: Method
    ties: Ties = "code"
    rest: Rest | None = None

    @property
    def hits_total(self) -> bool:
        """Whether the amounts add up to the total, whatever it is."""
        return self.method not in EACH_ALONE


@dataclass(frozen=True)
class Share:
    """A part of the shares: `weight` of the total, by a measure (its name), or equally (None)."""

    weight: Fraction
    measure: str | None = None


@dataclass(frozen=True)
class Split:
    """A total divided by shares, which are added up before anything is rounded."""

    shares: tuple[Share, ...]
    rounding: Rounding

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures behind the shares, in their order."""
        return tuple(share.measure for share in self.shares if share.measure is not None)


@dataclass(frozen=True)
class Band:
    """From `start` (inclusive) of the measure up to the next band: `amount` yen."""

    start: int
    amount: int


@dataclass(frozen=True)
class UnitAmounts:
    """An amount for each band of a measure; the total follows.

    Bands stand in ascending order, the first from 0. With a `rounding` the adjustments leave the
    total as the bands made it, and it is split anew in proportion to the unit amounts.
    """

    measure: str
    prefectures: tuple[Band, ...] | None = None
    municipalities: tuple[Band, ...] | None = None
    rounding: Rounding | None = None

    @property
    def measures(self) -> tuple[str, ...]:
        """The one measure that the bands are of."""
        return (self.measure,)


@dataclass(frozen=True)
class CarriedForward:
    """The shares of an earlier list, applied to a total."""

    rounding: Rounding

    @property
    def measures(self) -> tuple[str, ...]:
        """No measure: the list takes its place."""
        return ()


@dataclass(frozen=True)
class Adjustment:
    """A departure from the plain rule: exempt payers, fixed amounts (yen), or bounds.

    The bounds (yen, and fractions of what was paid before) hold for all payers, or for `codes`.
    """

    exempt: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()
    amount: int = 0
    minimum: int | None = None
    maximum: int | None = None
    max_increase: Fraction | None = None
    max_decrease: Fraction | None = None
    codes: tuple[str, ...] | None = None

    @property
    def bounds(self) -> tuple[str, ...]:
        """The names of the bounds that are set."""
        return tuple(name for name in _BOUNDS if getattr(self, name) is not None)

    @property
    def compares(self) -> bool:
        """Whether it needs what was paid before."""
        return self.max_increase is not None or self.max_decrease is not None


Single: TypeAlias = Split | UnitAmounts | CarriedForward


@dataclass(frozen=True)
class Part:
    """A part of a sum: its rule, and its own total in yen.

    `total` is None for unit amounts, whose total follows, and for the part that takes what the
    others leave (`is_rest`).
    """

    name: str
    rule: Single
    total: int | None = None
    is_rest: bool = False
    adjustments: tuple[Adjustment, ...] = ()


@dataclass(frozen=True)
class Sum:
    """Parts, each divided and rounded for itself, then added up payer by payer."""

    parts: tuple[Part, ...]

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures of all parts, in their order."""
        return tuple(measure for part in self.parts for measure in part.rule.measures)


Rule: TypeAlias = Split | UnitAmounts | CarriedForward | Sum
