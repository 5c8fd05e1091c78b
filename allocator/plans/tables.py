"""The tables of a plan: frozen, validated, every key known.

The form is described in `docs/plan.md`. Amounts are whole yen, weights exact fractions.
"""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Annotated, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictInt,
    StrictStr,
    model_validator,
)

from allocator.domain.organisations import PayerGroup
from allocator.domain.text import Text
from allocator.domain.years import FiscalYear
from allocator.plans import checks
from allocator.plans.faults import fault, faults
from allocator.plans.values import (
    Codes,
    Date,
    Id,
    LowerLimit,
    Paths,
    Rate,
    Unit,
    Weight,
    Yen,
)

Basis = Literal["rule", "carried_forward", "estimated"]
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
]
Ties = Literal["code", "weight", "error"]
Rest = Literal["largest", "first"]

DIVISOR_METHODS: Final = ("adams", "dean", "huntington_hill", "webster", "jefferson")

EQUAL: Final = "equal"
MUNICIPALITIES: Final = "municipalities"


_FISCAL_YEARS: Final = range(1950, 2201)


class Table(BaseModel):
    """A table of a plan: frozen, and refusing keys it doesn't know."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, arbitrary_types_allowed=True, populate_by_name=False
    )


class Share(Table):
    """One part of a split total: `weight` of it, in equal parts or in proportion to a measure."""

    weight: Weight
    by: StrictStr
    as_of: Date | None = None

    @model_validator(mode="after")
    def _equal_has_no_date(self) -> Self:
        if self.by == EQUAL and self.as_of is not None:
            raise fault(
                Text("equal parts have no date", "均等割に日付はありません"),
                Text("leave as_of out", "as_of を削ってください"),
            )
        return self


class Rounding(Table):
    """How exact quotas become whole units: unit (yen), method, ties, and who takes the rest."""

    unit: Unit
    method: Method
    ties: Ties = "code"
    rest: Rest | None = None


class Band(Table):
    """From `from` (inclusive) of the measure up to the next band: `amount` yen."""

    from_: LowerLimit = Field(alias="from")
    amount: Yen


def _ascending(bands: tuple[Band, ...]) -> tuple[Band, ...]:
    starts = [band.from_ for band in bands]
    mend = Text(
        "list the bands from 0 upwards, each limit once",
        "0から小さい順に、各下限を1回ずつ書いてください",
    )
    if not starts or starts[0] != 0:
        raise fault(Text("no band starts at 0", "0から始まる区分がありません"), mend)
    for before, after in pairwise(starts):
        if before == after:
            raise fault(
                Text(
                    f"two bands start at {after:,}: they overlap",
                    f"{after:,} から始まる区分が重複しています",
                ),
                mend,
            )
        if before > after:
            raise fault(
                Text(
                    f"the band from {after:,} stands after the one from {before:,}: not sorted",
                    f"{after:,} からの区分が {before:,} からの区分より後にあり、並び順が逆です",
                ),
                mend,
            )
    return bands


Bands = Annotated[tuple[Band, ...], AfterValidator(_ascending)]


class UnitAmount(Table):
    """A unit amount per band of a measure; the total follows from it."""

    by: StrictStr
    as_of: Date | None = None
    prefectures: Bands | None = None
    municipalities: Bands | None = None


class CarriedForward(Table):
    """The shares of a published list, applied to a new total."""

    list_: StrictStr = Field(alias="list")


LOWER_BOUNDS: Final = ("minimum", "max_decrease")
"""The bounds from below; maximum and max_increase are those from above."""


class Adjustment(Table):
    """One departure from the plain rule, with its reason.

    `exempt` and `fixed` payers leave the split. The bounds hold for all payers of the split, or
    for `codes` alone; max_increase and max_decrease are fractions of the `previous` list.
    """

    reason: StrictStr
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
        names = ("minimum", "maximum", "max_increase", "max_decrease")
        return tuple(name for name in names if getattr(self, name) is not None)

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
            )
        if (self.fixed is None) != (self.amount is None):
            raise fault(
                Text("fixed and amount belong together", "fixed と amount は対で書きます"),
                Text("write both, or neither", "両方書くか、両方削ってください"),
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
            )
        if self.codes is not None and not self.bounds:
            raise fault(
                Text("codes goes with bounds", "codes は上下限と併せて使います"),
                Text("leave codes out", "codes を削ってください"),
            )
        return self


class Breakdown(Table):
    """A notional split (参考) of each prefecture's amount over its municipalities."""

    by: StrictStr
    as_of: Date | None = None
    unit: Unit = 1


class Programme(Table):
    """One programme: a total and its rule, or unit amounts from which the total follows."""

    id: Id
    name: StrictStr = ""
    payers: PayerGroup
    basis: Basis
    total: Yen | None = None
    source: StrictStr = ""
    legal_basis: StrictStr = ""
    stated_error: StrictStr = ""
    note: StrictStr = ""
    published: StrictStr | None = None
    inferred_from: StrictStr | None = None
    share: tuple[Share, ...] = ()
    rounding: Rounding | None = None
    unit_amount: UnitAmount | None = None
    carried_forward: CarriedForward | None = None
    adjustment: tuple[Adjustment, ...] = ()
    breakdown: Breakdown | None = None

    @property
    def title(self) -> str:
        """The name as documents write it, or the id where none is given."""
        return self.name or self.id

    @property
    def keeps_total(self) -> bool:
        """Whether adjustments leave the total of unit amounts as it was."""
        return any(adjustment.keep_total for adjustment in self.adjustment)

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        found = [
            *checks.rule_faults(self),
            *checks.total_faults(self),
            *checks.adjustment_faults(self),
            *checks.breakdown_faults(self),
        ]
        if found:
            raise faults(found)
        return self


class MeasureSource(Table):
    """A measure of the plan's own: a number per organisation, with its date."""

    name: Id
    as_of: Date | None = None
    file: StrictStr
    column: StrictStr | None = None

    @model_validator(mode="after")
    def _name_is_free(self) -> Self:
        if self.name in (EQUAL, MUNICIPALITIES):
            raise fault(
                Text(
                    f"the name {self.name} is taken: it is known without a file",
                    f"{self.name} は予約された名前です(ファイルなしで使えます)",
                ),
                Text("choose another name", "別の名前にしてください"),
            )
        return self


def _at_least_one(programmes: tuple[str, ...]) -> tuple[str, ...]:
    if not programmes:
        raise fault(
            Text("the plan has no programme", "計画に事業がありません"),
            Text("name at least one", "1つ以上書いてください"),
        )
    return programmes


class PlanTable(Table):
    """plan.toml: which programmes make up the plan of a fiscal year, and who pays."""

    fiscal_year: StrictInt
    programmes: Annotated[tuple[Id, ...], AfterValidator(_at_least_one)]
    payers_as_of: Date | None = None
    organisations: StrictStr | None = None
    codes: Literal["official", "text"] = "official"
    previous: Paths = ()
    measure: tuple[MeasureSource, ...] = ()

    @property
    def payers_on(self) -> dt.date:
        """The day that decides who pays: as given, else 1 April of the fiscal year."""
        return self.payers_as_of or FiscalYear(self.fiscal_year).first_day

    @model_validator(mode="after")
    def _makes_sense(self) -> Self:
        if self.fiscal_year not in _FISCAL_YEARS:
            raise fault(
                Text(
                    f"{self.fiscal_year} is no fiscal year",
                    f"{self.fiscal_year} は年度ではありません",
                ),
                Text("write four digits, such as 2023", "2023 のように4桁で書いてください"),
            )
        if len(set(self.programmes)) != len(self.programmes):
            raise fault(
                Text("a programme is named twice", "同じ事業が2回あります"),
                Text("name each programme once", "1回だけにしてください"),
            )
        if self.codes == "text" and self.organisations is None:
            raise fault(
                Text(
                    'codes = "text" needs a register of your own',
                    'codes = "text" には独自の団体一覧が要ります',
                ),
                Text('add organisations = "…csv"', 'organisations = "…csv" を加えてください'),
            )
        return self
