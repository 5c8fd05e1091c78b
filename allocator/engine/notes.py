"""What a reader of the amounts should know: decisions that were taken on the way, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from allocator.engine.rule import Ties


@dataclass(frozen=True)
class TieNote:
    """Equal claims of `contenders` (codes); `served` were served, by `rule`.

    `on` is what the claims were on: the last `unit`, the `difference` of the rounding, or the
    `rest` below a unit.
    """

    contenders: tuple[str, ...]
    served: tuple[str, ...]
    rule: Ties
    on: Literal["unit", "difference", "rest"]

    @property
    def kind(self) -> Literal["tie"]:
        """The kind of note."""
        return "tie"


@dataclass(frozen=True)
class DifferenceNote:
    """The difference that rounding left (yen), of either sign, borne by one payer."""

    code: str
    yen: int

    @property
    def kind(self) -> Literal["difference"]:
        """The kind of note."""
        return "difference"


@dataclass(frozen=True)
class RestNote:
    """The yen below a unit, and who took them."""

    code: str
    yen: int

    @property
    def kind(self) -> Literal["rest"]:
        """The kind of note."""
        return "rest"


@dataclass(frozen=True)
class UnboundedNote:
    """Payers without an earlier amount, which a limit on change could not be applied to."""

    codes: tuple[str, ...]

    @property
    def kind(self) -> Literal["unbounded"]:
        """The kind of note."""
        return "unbounded"


@dataclass(frozen=True)
class KeptTotalNote:
    """The total of the unit amounts (yen), which the adjustments left as it was."""

    yen: int

    @property
    def kind(self) -> Literal["kept_total"]:
        """The kind of note."""
        return "kept_total"


@dataclass(frozen=True)
class UnsplitNote:
    """What rounding each amount for itself charges beside the total that was given (yen)."""

    given: int
    charged: int

    @property
    def kind(self) -> Literal["unsplit"]:
        """The kind of note."""
        return "unsplit"


Note: TypeAlias = TieNote | DifferenceNote | RestNote | UnboundedNote | KeptTotalNote | UnsplitNote
