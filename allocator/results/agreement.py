"""How far computed amounts agree with the published list."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from allocator.domain.text import Text


@dataclass(frozen=True)
class Agreement:
    """Row by row: `rows` amounts of the list, `matched` of them equal, `different` not.

    Payers that the list lacks, and rows that are no payers, count as different. `listed` are the
    amounts of the list (yen) by code.
    """

    list_name: str
    rows: int
    matched: int
    different: int
    listed: Mapping[str, int] = field(default_factory=dict, repr=False, compare=False)


@dataclass(frozen=True)
class NotCompared:
    """Why there is nothing to say about agreement. `brief` fits a table cell."""

    brief: Text
    reason: Text


OF_A_PART: Final = NotCompared(
    Text("part", "部分"), Text("no list has it by itself", "単独の公表一覧はありません")
)
"""Parts are not published by themselves."""


def agreement(list_name: str, listed: Mapping[str, int], computed: Mapping[str, int]) -> Agreement:
    """Compare two sets of amounts (yen) by code."""
    matched = sum(computed.get(code) == amount for code, amount in listed.items())
    different = len(listed.keys() | computed.keys()) - matched
    return Agreement(list_name, len(listed), matched, different, dict(listed))
