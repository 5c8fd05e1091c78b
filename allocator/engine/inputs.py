"""What a rule is applied to: payers, measures, lists, and what was paid before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

import polars as pl

from allocator.engine.exact import Ints

Weights: TypeAlias = "Sequence[int] | Ints | Mapping[str, Sequence[int] | Ints]"
"""Figures beside the payers in place of a measure, or by the name of the measure."""


@dataclass(frozen=True)
class Inputs:
    """What a rule is applied to. Vectors run beside `payers`.

    `measures` has one vector for each of the rule's measures, in its order; `listed` is the list
    carried forward (yen); `previous` holds, for the adjustments that compare with an earlier list,
    what each payer paid (yen; None: nothing known). A sum has the inputs of its parts in `parts`;
    their payers are some of its own.
    """

    payers: pl.DataFrame
    measures: tuple[Ints, ...] = ()
    listed: Ints | None = None
    previous: Mapping[int, Sequence[int | None]] = field(default_factory=dict)
    parts: tuple[Inputs, ...] = ()

    def in_code_order(self) -> Inputs:
        """Return the same inputs with every vector in the order of the codes."""
        codes = self.payers["code"]
        if codes.is_sorted():
            return self
        order = codes.arg_sort().to_numpy()
        return replace(
            self,
            payers=self.payers[order],
            measures=tuple(measure[order] for measure in self.measures),
            listed=None if self.listed is None else self.listed[order],
            previous={
                key: [amounts[place] for place in order] for key, amounts in self.previous.items()
            },
        )
