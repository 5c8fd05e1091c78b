"""The rules of the programmes as the report shows them: lines of words, and two tables of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from allocator.domain.figures import tenths
from allocator.plans.programme import Part
from allocator.results.outcome import ProgrammeOutcome
from allocator.words.parts import charged_by_basis
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
    """A part of a sum: `share` is what is charged of the programme's total, in per cent."""

    outcome: ProgrammeOutcome
    is_rest: bool
    share: str
    method: Method


def method_of(outcome: ProgrammeOutcome, part: Part | None = None) -> Method:
    """Return how a programme's amounts come about, or why there are none; or those of a `part`."""
    lines = tuple(line for line in rule_lines(outcome, part) if line.key not in _ELSEWHERE)
    bands = () if outcome.allocation is None else tuple(bands_of(outcome, outcome.allocation))
    return Method(lines, bands, tuple(_parts(outcome)))


def _parts(outcome: ProgrammeOutcome) -> Iterator[PartMethod]:
    # There are none of what isn't computed.
    for planned, part in zip(outcome.programme.part, outcome.parts, strict=False):
        own, whole = (sum(charged_by_basis(each).values()) for each in (part, outcome))
        yield PartMethod(part, planned.is_rest, tenths(own, whole), method_of(part, planned))
