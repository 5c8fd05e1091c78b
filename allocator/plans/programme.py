"""A programme: a total and its rule, unit amounts from which it follows, or a sum of parts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any, Final, Self

from pydantic import BeforeValidator, Field, StrictStr, model_validator

from allocator.domain.organisations import PayerGroup
from allocator.domain.text import Text
from allocator.engine import rule
from allocator.plans import checks
from allocator.plans.faults import fault, faults, named
from allocator.plans.rules import RuleTable
from allocator.plans.tables import Basis, Breakdown, Footing
from allocator.plans.values import Codes, Id, Words, Yen, YenOrRest


class Part(RuleTable):
    """A part of a programme: its own total, basis, rule, rounding and adjustments.

    `total` is "rest" for what the programme's total leaves after the other parts. `payers` or
    `codes` limit the part to some of the programme's payers.
    """

    name: Words
    basis: Basis
    total: YenOrRest | None = None
    payers: PayerGroup | None = None
    codes: Codes | None = None

    @property
    def is_rest(self) -> bool:
        """Whether it takes what the other parts leave."""
        return self.total == "rest"

    @property
    def yen(self) -> int | None:
        """Its total, where one is written."""
        return self.total if isinstance(self.total, int) else None

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        found = [
            *named("wrong_rule", checks.rule_faults(self, self.basis)),
            *named("wrong_total", checks.total_faults(self, self.yen, is_rest=self.is_rest)),
            *named("wrong_adjustment", checks.adjustment_faults(self)),
        ]
        if self.payers is not None and self.codes is not None:
            found.append(_TWO_LIMITS)
        if found:
            raise faults(found)
        return self


_LEFT_OUT: Final = object()


def _given(value: Any) -> Any:
    """Refuse a basis that was left out, beside all other faults of the file."""
    if value is _LEFT_OUT:
        raise fault(
            Text("key basis is missing", "キー basis がありません"),
            Text("add it", "追加してください"),
        )
    return value


class Programme(RuleTable):
    """One programme: a rule, or parts that each have one."""

    id: Id
    name: Words = ""
    short: Words = ""
    payers: PayerGroup
    stated_basis: Annotated[Basis | None, BeforeValidator(_given)] = Field(
        default=None, alias="basis"
    )
    total: Yen | None = None
    source: Words = ""
    legal_basis: Words = ""
    stated_error: Words = ""
    note: Words = ""
    published: StrictStr | None = None
    inferred_from: StrictStr | None = None
    part: tuple[Part, ...] = ()
    breakdown: Breakdown | None = None

    @property
    def title(self) -> str:
        """The name as documents write it, or the id where none is given."""
        return self.name or self.id

    @property
    def basis(self) -> Footing:
        """How far the amounts stand on a rule; of parts each has its own."""
        return self.stated_basis or "parts"

    @property
    def rule(self) -> rule.Rule:
        """The rule for the engine."""
        if not self.part:
            return self.single
        return rule.Sum(
            tuple(
                rule.Part(part.name, part.single, part.yen, part.is_rest, part.adjustments)
                for part in self.part
            )
        )

    @property
    def divided(self) -> int | None:
        """The total (yen) to divide; None where it follows from the rule, written or not."""
        if self.part and not any(part.is_rest for part in self.part):
            return None
        return self.total

    @property
    def rules(self) -> tuple[RuleTable, ...]:
        """The tables that have a rule: the parts, or the programme itself."""
        return self.part or (self,)

    @property
    def asked(self) -> tuple[tuple[str, date | None], ...]:
        """The measures, with their dates, that its rules and its breakdown name, in order."""
        tables = [each for table in self.rules for each in (*table.measured, self.breakdown)]
        return tuple((each.by, each.as_of) for each in tables if each is not None)

    def of_part(self, number: int, total: int | None = None) -> Programme:
        """Return a part, counted from 1, as a programme of its own: `<id>_part_<number>`."""
        part = self.part[number - 1]
        return Programme.model_construct(
            id=f"{self.id}_part_{number}",
            name=part.name,
            payers=part.payers or self.payers,
            stated_basis=part.basis,
            total=part.yen if total is None else total,
            source=self.source,
            **{key: getattr(part, key) for key in RuleTable.model_fields},
        )

    @model_validator(mode="before")
    @classmethod
    def _has_a_basis(cls, keys: Any) -> Any:
        """Only a programme of parts has no basis of its own."""
        if isinstance(keys, dict) and "basis" not in keys and not keys.get("part"):
            return {**keys, "basis": _LEFT_OUT}
        return keys

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        found = [
            *self._faults(),
            *named(
                "wrong_breakdown",
                checks.breakdown_faults(self.payers, has_breakdown=self.breakdown is not None),
            ),
        ]
        if found:
            raise faults(found)
        return self

    def _faults(self) -> Iterator[tuple[str, Text, Text]]:
        if not self.part:
            yield from named("wrong_rule", checks.rule_faults(self, self.stated_basis))
            yield from named("wrong_rule", checks.inferred_faults(self, self.inferred_from))
            yield from named("wrong_bands", checks.band_faults(self, self.payers))
            yield from named("wrong_total", checks.total_faults(self, self.total))
            yield from named("wrong_adjustment", checks.adjustment_faults(self))
            return
        parts = [checks.PartTotal(part.name, part.yen, part.is_rest) for part in self.part]
        yield from named("wrong_parts", checks.sum_faults(self._own(), self.total, parts))
        for part in self.part:
            if part.codes is None:
                found = checks.band_faults(part, part.payers or self.payers)
                yield from named("wrong_bands", found)

    def _own(self) -> list[str]:
        """Return the keys of a single rule that the programme has."""
        keys = {
            "basis": self.stated_basis,
            "[[share]]": self.share,
            "[rounding]": self.rounding,
            "[unit_amount]": self.unit_amount,
            "[carried_forward]": self.carried_forward,
            "[[adjustment]]": self.adjustment,
            "stated_error": self.stated_error,
        }
        return [key for key, value in keys.items() if value]


_TWO_LIMITS: Final = (
    "wrong_parts",
    Text("payers and codes both limit the part", "payers と codes の両方で対象を限っています"),
    Text("leave one of them out", "どちらかを削ってください"),
)
