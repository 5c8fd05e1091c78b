"""The rules of the programmes as the report shows them: lines of words, and two tables of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from allocator.domain.figures import tenths
from allocator.plans.programme import Part
from allocator.results.outcome import ProgrammeOutcome
from allocator.words.rule import BASES
from allocator.words.rule_text import Band, Line, bands_of, rule_lines

_ELSEWHERE: Final = ("band", "note", "agreement")
"""What stands in a table of its own, or in another section."""


@dataclass(frozen=True)
class Method:
    """A programme's rule, or a part's: its lines, and the bands of its unit amounts.

    A sum has the rules of its `parts` as well.
    """

    lines: tuple[Line, ...]
    bands: tuple[Band, ...]
    parts: tuple[PartMethod, ...] = ()


@dataclass(frozen=True)
class PartMethod:
    """A part of a sum: `given` is its total as planned (None: it follows), `charged` in yen.

    `share` is what is charged of the programme's total, in per cent.
    """

    name: str
    basis: str
    basis_words: str
    given: int | None
    is_rest: bool
    charged: int
    share: str
    method: Method


def method_of(outcome: ProgrammeOutcome, part: Part | None = None) -> Method:
    """Return how a programme's amounts come about, or why there are none; or those of a `part`."""
    lines = tuple(line for line in rule_lines(outcome, part) if line.key not in _ELSEWHERE)
    bands = () if outcome.allocation is None else tuple(bands_of(outcome, outcome.allocation))
    return Method(lines, bands, tuple(_parts(outcome)))


def _parts(outcome: ProgrammeOutcome) -> Iterator[PartMethod]:
    whole = outcome.allocation
    for planned, part in zip(outcome.programme.part, outcome.parts, strict=False):
        allocation = part.allocation
        if allocation is None or whole is None:
            raise AssertionError(f"{part.programme.id}: a part without amounts")
        yield PartMethod(
            part.programme.title,
            part.programme.basis,
            BASES[part.programme.basis].name.ja,
            allocation.given,
            planned.is_rest,
            allocation.total,
            tenths(allocation.total, whole.total),
            method_of(part, planned),
        )
