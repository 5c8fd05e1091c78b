"""A plan bound to its inputs: read, measured and checked once, solved as often as one likes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from allocator.api.plan import PlanLike, plan_of, with_passed
from allocator.api.showing import named_as_passed, shown_table, unknown
from allocator.domain.errors import refuse
from allocator.domain.text import Language, Text
from allocator.engine.bound import Bound
from allocator.engine.errors import RuleError
from allocator.engine.exact import Ints
from allocator.engine.inputs import Weights
from allocator.engine.result import Allocation
from allocator.outputs.frames import allocation_frame
from allocator.tasks.compute import bind_plan
from allocator.tasks.given import Key
from allocator.words.notes import note_words
from allocator.words.refusals import refused


@dataclass(frozen=True, eq=False)
class Solution:
    """The amounts that a bound rule gives, in yen."""

    allocation: Allocation = field(repr=False)

    def __repr__(self) -> str:
        """Tell how many payers there are, and what they are charged."""
        return f"Solution(payers={len(self.vector)}, total={self.total})"

    @property
    def total(self) -> int:
        """What is charged, in yen: the sum of the amounts."""
        return self.allocation.total

    @property
    def vector(self) -> Ints:
        """The amounts beside `codes`, in yen: whole numbers, of 64 bits where they fit."""
        return self.allocation.vector

    @property
    def codes(self) -> list[str]:
        """The codes of the payers, ascending."""
        return self.allocation.payers["code"].to_list()

    @property
    def parts(self) -> tuple[Solution, ...]:
        """The parts of a sum, each over its own payers."""
        return tuple(Solution(part) for part in self.allocation.parts)

    def notes(self, language: Language = "en") -> list[str]:
        """Return what was decided on the way: ties, differences of the rounding, rests."""
        return [note_words(note).in_(language) for note in self.allocation.notes]

    def frame(self) -> pl.DataFrame:
        """Return code, prefecture, municipality, amount (yen); a row a payer, by code."""
        return allocation_frame(self.allocation)

    def steps(self) -> pl.DataFrame:
        """Return the way from input to amount: a row a payer under the rule, a column a step."""
        return self.allocation.steps.frame()

    def _repr_html_(self) -> str:
        return shown_table(f"{self.total:,} yen", self.frame())


@dataclass(frozen=True)
class BoundAmounts:
    """A programme's rule with its inputs, measured and checked once, to be solved many times.

    Threads may share it. `total` is the plan's, in yen; None where it follows from the rule.
    """

    id: str
    total: int | None
    bound: Bound = field(repr=False)

    @property
    def codes(self) -> list[str]:
        """The codes of the payers, ascending: weights that are passed run beside them."""
        return self.bound.payers["code"].to_list()

    def solve(
        self,
        total: int | None = None,
        weights: Weights | None = None,
        unit: int | None = None,
    ) -> Solution:
        """Return the amounts.

        Args:
            total: yen to divide, in place of the plan's.
            weights: whole numbers from 0 up beside `codes`, in place of the rule's one measure; or
                a mapping from the names of measures to such numbers.
            unit: yen to round to, in place of the rule's.

        Raises:
            InputError: the rule cannot take what was passed; each problem says which and why.
        """
        self._refuse_part_of_a_yen(total=total, unit=unit)
        yen = self.total if total is None else int(total)
        try:
            return Solution(self.bound.solve(total=yen, weights=weights, unit=unit))
        except RuleError as error:
            raise refused(error, self.id) from None

    def _refuse_part_of_a_yen(self, **given: object) -> None:
        for name, value in given.items():
            is_whole = isinstance(value, int | np.integer) and not isinstance(value, bool)
            if value is not None and not is_whole:
                raise refuse(
                    f"{self.id}: {name}",
                    Text(f"{value!r} is not whole yen", f"{value!r} は円単位の整数ではありません"),
                    Text("pass a whole number", "整数で指定してください"),
                    code="wrong_type",
                    fields={"value": value},
                )


class BoundPlan(Mapping[str, BoundAmounts]):
    """The programmes of a plan, bound, by id or short name."""

    def __init__(self, programmes: Mapping[str, BoundAmounts], short: Mapping[str, str]) -> None:
        """Take the programmes by id, and the ids by short names."""
        self._programmes, self._short = dict(programmes), dict(short)

    def __repr__(self) -> str:
        """Name the programmes."""
        return f"BoundPlan({', '.join(self)})"

    def __getitem__(self, programme: str) -> BoundAmounts:
        """Return a programme's rule with its inputs."""
        found = self._programmes.get(self._short.get(programme, programme))
        if found is None:
            raise unknown("programme", programme, list(self))
        return found

    def __iter__(self) -> Iterator[str]:
        """Yield the ids of the programmes, in the plan's order."""
        return iter(self._programmes)

    def __len__(self) -> int:
        """Return how many programmes there are."""
        return len(self._programmes)


def bind(plan: PlanLike, measures: Mapping[Key, Any] | None = None) -> BoundPlan:
    """Return the programmes of a plan, bound to their inputs; `plan` and `measures` as `allocate`.

    Raises:
        InputError: as `allocate`; also where a list that is to be carried forward is not there.
    """
    found = plan_of(plan)
    given = with_passed(found, measures)
    with named_as_passed(given.names):
        bound = bind_plan(given.plan, found.overrides, given.sources)
    programmes = [each.programme for each in bound]
    return BoundPlan(
        {
            each.programme.id: BoundAmounts(each.programme.id, each.programme.divided, each.bound)
            for each in bound
        },
        {each.short: each.id for each in programmes if each.short},
    )
