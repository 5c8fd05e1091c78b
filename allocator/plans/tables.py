"""The tables of a plan: frozen, validated, every key known.

The form is described in `docs/plan.md`. Amounts are whole yen, weights exact fractions.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Annotated, Final, Literal, Self, cast

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StrictStr,
    model_validator,
)
from pydantic_core import PydanticKnownError

from allocator.domain.text import Text
from allocator.engine import rule
from allocator.engine.rule import Rest, Ties
from allocator.engine.split import methods
from allocator.plans.faults import fault
from allocator.plans.values import Codes, Date, LowerLimit, Rate, Unit, Weight, Words, Yen

Basis = Literal["rule", "carried_forward", "estimated"]
Footing = Literal[Basis, "parts"]
"""A basis, or that of parts, which have one each."""

EQUAL: Final = "equal"
MUNICIPALITIES: Final = "municipalities"


class Table(BaseModel):
    """A table of a plan: frozen, and refusing keys it doesn't know."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        arbitrary_types_allowed=True,
        populate_by_name=False,
        # Most tables are only parts of others, which have all that is needed to validate them.
        defer_build=True,
    )


class Share(Table):
    """One part of a split total: `weight` of it, in equal parts or in proportion to a measure."""

    weight: Weight
    by: Words
    as_of: Date | None = None

    @model_validator(mode="after")
    def _equal_has_no_date(self) -> Self:
        if self.by == EQUAL and self.as_of is not None:
            raise fault(
                Text("equal parts have no date", "均等割に日付はありません"),
                Text("leave as_of out", "as_of を削ってください"),
                "wrong_date",
            )
        return self


def _known_method(name: object) -> object:
    if name not in (names := methods()):
        expected = " or ".join((", ".join(map(repr, names[:-1])), repr(names[-1])))
        raise PydanticKnownError("literal_error", {"expected": expected})
    return name


MethodName = Annotated[str, BeforeValidator(_known_method)]


class Rounding(Table):
    """How exact quotas become whole units: unit (yen), method, ties, and who takes the rest."""

    unit: Unit
    method: MethodName
    ties: Ties = "code"
    rest: Rest | None = None

    @property
    def rule(self) -> rule.Rounding:
        """The same for the engine."""
        return rule.Rounding(self.unit, cast("rule.Method", self.method), self.ties, self.rest)


class Band(Table):
    """From `from` (inclusive) of the measure up to the next band: `amount` yen."""

    from_: LowerLimit = Field(alias="from")
    amount: Yen

    @property
    def rule(self) -> rule.Band:
        """The same for the engine."""
        return rule.Band(self.from_, self.amount)


def _ascending(bands: tuple[Band, ...]) -> tuple[Band, ...]:
    starts = [band.from_ for band in bands]
    mend = Text(
        "list the bands from 0 upwards, each limit once",
        "0から小さい順に、各下限を1回ずつ書いてください",
    )
    if not starts or starts[0] != 0:
        raise fault(Text("no band starts at 0", "0から始まる区分がありません"), mend, "wrong_bands")
    for before, after in pairwise(starts):
        if before == after:
            raise fault(
                Text(
                    f"two bands start at {after:,}: they overlap",
                    f"{after:,} から始まる区分が重複しています",
                ),
                mend,
                "wrong_bands",
            )
        if before > after:
            raise fault(
                Text(
                    f"the band from {after:,} stands after the one from {before:,}: not sorted",
                    f"{after:,} からの区分が {before:,} からの区分より後にあり、並び順が逆です",
                ),
                mend,
                "wrong_bands",
            )
    return bands


Bands = Annotated[tuple[Band, ...], AfterValidator(_ascending)]


class UnitAmount(Table):
    """A unit amount per band of a measure; the total follows from it."""

    by: Words
    as_of: Date | None = None
    prefectures: Bands | None = None
    municipalities: Bands | None = None


class CarriedForward(Table):
    """The shares of a published list, applied to a new total.

    `derived_from` is the published list that this one was worked out from, where it is none itself.
    """

    list_: StrictStr = Field(alias="list")
    derived_from: StrictStr | None = None


class Adjustment(Table):
    """One departure from the plain rule, with its reason.

    `exempt` and `fixed` payers leave the split. The bounds hold for all payers of the split, or
    for `codes` alone; max_increase and max_decrease are fractions of the `previous` list.
    """

    reason: Words
    exempt: Codes | None = None
    fixed: Codes | None = None
    amount: Yen | None = None
    minimum: Yen | None = None
    maximum: Yen | None = None
    max_increase: Rate | None = None
    max_decrease: Rate | None = None
    previous: StrictStr | None = None
    codes: Codes | None = None
    keep_total: StrictBool = False

    @property
    def bounds(self) -> tuple[str, ...]:
        """The names of the bounds that are set."""
        return self.rule.bounds

    @property
    def rule(self) -> rule.Adjustment:
        """The same for the engine."""
        return rule.Adjustment(
            exempt=self.exempt or (),
            fixed=self.fixed or (),
            amount=self.amount or 0,
            minimum=self.minimum,
            maximum=self.maximum,
            max_increase=self.max_increase,
            max_decrease=self.max_decrease,
            codes=self.codes,
        )

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        ways = [self.exempt is not None, self.fixed is not None, bool(self.bounds)]
        if sum(ways) != 1:
            raise fault(
                Text(
                    "an adjustment is exempt, fixed or bounds, one of them",
                    "調整は exempt、fixed、上下限のいずれか一つです",
                ),
                Text(
                    "write one [[adjustment]] for each",
                    "それぞれ別の [[adjustment]] に分けてください",
                ),
                "wrong_adjustment",
            )
        if (self.fixed is None) != (self.amount is None):
            raise fault(
                Text("fixed and amount belong together", "fixed と amount は対で書きます"),
                Text("write both, or neither", "両方書くか、両方削ってください"),
                "wrong_adjustment",
            )
        against = self.max_increase is not None or self.max_decrease is not None
        if against != (self.previous is not None):
            raise fault(
                Text(
                    "max_increase and max_decrease go with previous, the list they compare with",
                    "max_increase・max_decrease には比較する一覧 previous が要ります",
                ),
                Text(
                    'add previous = "…csv", or leave it out', "previous を加えるか、削ってください"
                ),
                "wrong_adjustment",
            )
        if self.codes is not None and not self.bounds:
            raise fault(
                Text("codes goes with bounds", "codes は上下限と併せて使います"),
                Text("leave codes out", "codes を削ってください"),
                "wrong_adjustment",
            )
        return self


class Breakdown(Table):
    """A notional split (参考) of each prefecture's amount over its municipalities."""

    by: Words
    as_of: Date | None = None
    unit: Unit = 1
