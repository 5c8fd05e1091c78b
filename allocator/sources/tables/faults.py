"""The faults of one file, said together: many of one kind as one, and no more than can be read."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from itertools import islice
from typing import Final

from allocator.domain.errors import InputError, Problem
from allocator.domain.text import Text
from allocator.sources.tables.ledger import ranges

MOST_PROBLEMS: Final = 20
"""How many faults of one file are said; the rest is counted."""

MOST_FOUND: Final = 2_000
"""So many faults are looked for; whoever has that many has given another file than was meant."""

_ENDED: Final = Text("the reading ended there", "ここで読取りを打ち切りました")
_FLOOD: Final = 5
"""So many faults that differ only in their lines are said as one."""

_LINE_OF_PLACE: Final = re.compile(r"(?<=line )([0-9]+)")
_LONGEST_RANGES: Final = 200


class Faults(list[Problem]):
    """The faults of one file as they are found; where there are very many, the reading ends."""

    def append(self, fault: Problem) -> None:
        """Add one.

        Raises:
            InputError: there are as many as are looked for.
        """
        super().append(fault)
        if len(self) > MOST_FOUND:
            raise_all(self)


def raise_all(faults: Iterable[Problem]) -> None:
    """Raise the problems of one file together: many of one kind as one, and the rest counted.

    Raises:
        InputError: there is any.
    """
    found = list(islice(faults, MOST_FOUND + 1))
    if not found:
        return
    said = _gathered(found)
    if len(found) > MOST_FOUND:
        said[0] = _with_more(said[0], _ENDED)
    more = len(said) - MOST_PROBLEMS
    if more > 0:
        said = said[:MOST_PROBLEMS]
        said[-1] = _with_more(said[-1], Text(f"and {more} more such rows", f"ほか{more}件"))
    raise InputError(said)


def _gathered(found: list[Problem]) -> list[Problem]:
    """Return problems that differ only in their lines as one each, where there are many."""
    kinds: dict[tuple[str, Text], list[Problem]] = {}
    for each in found:
        kinds.setdefault((_LINE_OF_PLACE.sub("", each.where), each.mend), []).append(each)
    said: list[Problem] = []
    for each in found:
        alike = kinds[_LINE_OF_PLACE.sub("", each.where), each.mend]
        if len(alike) < _FLOOD:
            said.append(each)
        elif each is alike[0]:
            numbers = [int(line[1]) for one in alike if (line := _LINE_OF_PLACE.search(one.where))]
            count, lines = len(alike) - 1, ranges(numbers[1:])
            lines = lines if len(lines) <= _LONGEST_RANGES else f"{lines[:_LONGEST_RANGES]}…"
            more = Text(f"and {count} more: lines {lines}", f"ほか{count}件: {lines} 行目")
            said.append(_with_more(each, more))
    return said


def _with_more(problem: Problem, more: Text) -> Problem:
    what = Text(f"{problem.what.en} ({more.en})", f"{problem.what.ja}({more.ja})")
    return replace(problem, what=what)
