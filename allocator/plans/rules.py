"""The keys of a rule, which a programme has, or each of its parts."""

from __future__ import annotations

from datetime import date

from allocator.engine import rule
from allocator.plans.tables import (
    EQUAL,
    Adjustment,
    CarriedForward,
    Rounding,
    Share,
    Table,
    UnitAmount,
)


class RuleTable(Table):
    """One rule: shares of a total, unit amounts from which it follows, or shares carried forward.

    Which of them, and what goes together, `checks` sees to.
    """

    share: tuple[Share, ...] = ()
    rounding: Rounding | None = None
    unit_amount: UnitAmount | None = None
    carried_forward: CarriedForward | None = None
    adjustment: tuple[Adjustment, ...] = ()

    @property
    def keeps_total(self) -> bool:
        """Whether adjustments leave the total of unit amounts as it was."""
        return any(adjustment.keep_total for adjustment in self.adjustment)

    @property
    def measured(self) -> tuple[Share | UnitAmount, ...]:
        """The tables that say by what, in order: the shares, or the unit amounts."""
        return self.share if self.unit_amount is None else (*self.share, self.unit_amount)

    @property
    def dates(self) -> tuple[date, ...]:
        """The dates of its measures, in order; a measure without one has no part in it."""
        return tuple(each.as_of for each in self.measured if each.as_of is not None)

    @property
    def single(self) -> rule.Single:
        """The rule for the engine."""
        rounding = None if self.rounding is None else self.rounding.rule
        if self.unit_amount is not None:
            bands = self.unit_amount
            return rule.UnitAmounts(
                bands.by,
                None if bands.prefectures is None else tuple(b.rule for b in bands.prefectures),
                None
                if bands.municipalities is None
                else tuple(b.rule for b in bands.municipalities),
                rounding if self.keeps_total else None,
            )
        if rounding is None:
            raise AssertionError("a split without a rounding")
        if self.carried_forward is not None:
            return rule.CarriedForward(rounding)
        shares = tuple(
            rule.Share(share.weight, None if share.by == EQUAL else share.by)
            for share in self.share
        )
        return rule.Split(shares, rounding)

    @property
    def adjustments(self) -> tuple[rule.Adjustment, ...]:
        """The adjustments for the engine."""
        return tuple(adjustment.rule for adjustment in self.adjustment)
