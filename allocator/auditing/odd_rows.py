"""Odd rows: those that their codes could not settle, and what is wrong with those codes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from allocator.domain.codes import LENGTH, is_valid


@dataclass(eq=False)
class OddRow:
    """A row that its code could not settle; `hit`: a payer's code, `fits`: beside its name."""

    row: int
    line: int
    code: str
    prefecture: str
    municipality: str
    amount: int
    hit: bool
    fits: bool
    payer: str | None = None


@dataclass(frozen=True)
class Fault:
    """What is wrong with a row's code. `payer` is whose row it is, where that can be told."""

    kind: Literal["bad_code", "unexpected", "duplicate"]
    reason: str
    payer: str | None


def wrong_code(
    code: str, registered: Collection[str], *, official: bool
) -> tuple[Literal["bad_code", "unexpected"], str]:
    """Return kind and reason of the finding on a code; `registered` are those that exist.

    Only official codes have six digits and a check digit.
    """
    if not code:
        return "bad_code", "empty"
    if official and not is_valid(code):
        has_six_digits = len(code) == LENGTH and code.isascii() and code.isdecimal()
        return "bad_code", "check_digit" if has_six_digits else "not_a_code"
    return "unexpected", "no_payer" if code in registered else "unknown"
