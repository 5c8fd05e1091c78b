"""Why there is no allocation: typed, with the data that a sentence needs. The sentences are words'.

`key` is where in the rule the fault lies, as a plan writes it (`rounding.method`); what a caller of
`solve` passed wrongly has the name of the argument.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Literal


@dataclass(eq=False)
class RuleError(Exception):
    """The rule and its inputs allow no allocation."""

    key: str

    def __str__(self) -> str:
        """Name the kind and the fields, for those who see no sentence."""
        shown = ", ".join(f"{name}={value!r}" for name, value in self.fields())
        return f"{type(self).__name__}({shown})"

    def fields(self) -> Iterator[tuple[str, object]]:
        """Yield the names and values that the sentence is made of."""
        for field in fields(self):
            yield field.name, getattr(self, field.name)

    def within(self, part: int) -> RuleError:
        """Return the same error as that of a part of a sum, counted from 1."""
        self.key = f"part[{part}].{self.key}"
        return self


@dataclass(eq=False)
class StrangersError(RuleError):
    """Adjustments name codes that are no payers: `found` are the keys and their codes."""

    found: tuple[tuple[str, tuple[str, ...]], ...]

    def within(self, part: int) -> RuleError:
        """Return the same error as that of a part of a sum, counted from 1."""
        self.found = tuple((f"part[{part}].{key}", codes) for key, codes in self.found)
        return super().within(part)


@dataclass(eq=False)
class NobodyError(RuleError):
    """No payer is left under the rule."""


@dataclass(eq=False)
class EmptyMeasureError(RuleError):
    """The measure adds up to nothing over the payers."""


@dataclass(eq=False)
class OddTotalError(RuleError):
    """What is to be split (yen) is no multiple of the unit, and nobody takes the rest."""

    yen: int
    unit: int


@dataclass(eq=False)
class TooLargeError(RuleError):
    """The amounts add up to more than the engine undertakes to allocate (yen)."""

    yen: int


@dataclass(eq=False)
class FixedBeyondTotalError(RuleError):
    """The fixed amounts add up to more than the total (yen)."""

    fixed: int
    total: int


@dataclass(eq=False)
class NegativeAmountError(RuleError):
    """The rounding difference would leave the payer that bears it with `units`, below zero."""

    code: str
    units: int


@dataclass(eq=False)
class TooFewUnitsError(RuleError):
    """The method gives every payer with a share a unit; there are too few."""

    method: str
    needed: int
    units: int


@dataclass(eq=False)
class ContradictoryBoundsError(RuleError):
    """A payer's bounds, in whole units of `unit` yen, contradict each other (yen)."""

    code: str
    least: int
    most: int
    unit: int
    names: tuple[str, ...]


@dataclass(eq=False)
class UnkeptBoundsError(RuleError):
    """The least that all must pay is more than the total, or the most is less (`bound`, yen)."""

    kind: Literal["minimum", "maximum"]
    bound: int
    names: tuple[str, ...]


@dataclass(eq=False)
class UnboundableError(RuleError):
    """The rounding method cannot keep bounds."""

    method: str


@dataclass(eq=False)
class RestBeyondBoundError(RuleError):
    """The rest (yen) below a unit would lift its payer above its upper bound."""

    code: str
    rest: int


@dataclass(eq=False)
class UndecidedTieError(RuleError):
    """Equal claims of `codes`, where nothing may decide; `on` is what they are on (`TieNote`)."""

    codes: tuple[str, ...]
    on: Literal["unit", "difference", "rest"] = "unit"


@dataclass(eq=False)
class NothingToBreakDownError(RuleError):
    """A prefecture pays, and its municipalities have nothing to divide its amount by."""

    prefecture: str


@dataclass(eq=False)
class RestBelowZeroError(RuleError):
    """The other parts take more than the total: nothing is left for the rest (yen)."""

    total: int
    others: int


@dataclass(eq=False)
class WrongTotalError(RuleError):
    """A total that the rule cannot take.

    `reason`: it is below zero; it is no whole number; it follows from the rule and cannot be set;
    or none was given.
    """

    total: int | None
    reason: Literal["negative", "fraction", "follows", "missing"]


@dataclass(eq=False)
class WrongUnitError(RuleError):
    """A rounding unit that the rule cannot take: no whole yen from one up, or the rule has none."""

    unit: int
    reason: Literal["small", "fraction", "none"]


@dataclass(eq=False)
class WrongWeightsError(RuleError):
    """Weights that the rule cannot take: as many as payers are needed, whole and not negative."""

    measure: str
    expected: int
    found: int
    reason: Literal["count", "negative", "fraction", "unknown", "several"]
