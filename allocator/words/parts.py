"""A programme of parts in words: how much of its total stands on which basis."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from allocator.domain.text import Text, joined
from allocator.plans.tables import Footing
from allocator.results.outcome import ProgrammeOutcome
from allocator.words.rule import BASES

_TENTHS: Final = 1000
"""Tenths of a per cent in a whole."""


def shares_by_basis(outcome: ProgrammeOutcome) -> Mapping[Footing, Fraction]:
    """Return by basis its share of what is charged, in the order of the parts.

    A programme without parts stands on its own basis wholly. Empty where nothing was computed;
    where nothing is charged every share is 0.
    """
    charged = charged_by_basis(outcome)
    if charged and not outcome.parts:
        return {outcome.programme.basis: Fraction(1)}
    total = max(sum(charged.values()), 1)
    return {basis: Fraction(yen, total) for basis, yen in charged.items()}


def charged_by_basis(outcome: ProgrammeOutcome) -> Mapping[Footing, int]:
    """Return by basis what is charged (yen) by a programme, or by its parts; empty as above."""
    charged: dict[Footing, int] = {}
    for each in outcome.parts or (outcome,):
        if each.allocation is not None:
            basis = each.programme.basis
            charged[basis] = charged.get(basis, 0) + each.allocation.total
    return charged


def parts_words(outcome: ProgrammeOutcome) -> Text:
    """Say how much of the total stands on which basis: 82.5 % by rule, 17.5 % carried forward."""
    return shares_words(shares_by_basis(outcome))


def shares_words(shares: Mapping[Footing, Fraction]) -> Text:
    """Say the same of shares that are known by basis."""
    ways = [BASES[basis].way for basis in shares]
    figures = map(_figure, shares.values(), _tenths(list(shares.values())))
    return joined(
        Text(f"{figure.en} {way.en}", f"{way.ja} {figure.ja}")
        for way, figure in zip(ways, figures, strict=True)
    )


def unverified_words(basis: str, shares: Mapping[Footing, Fraction]) -> Text | None:
    """Say that no rule verifies amounts of a basis; `shares` are those of a sum of parts.

    None is returned where a rule does, or where they are those of another list.
    """
    if basis == "rule" or basis not in BASES:
        return None
    what = BASES[basis].amounts
    if basis == "parts":
        words = shares_words(shares)
        what = Text(
            f"sums with parts that stand on no rule ({words.en})",
            f"規則によらない部分を含む額({words.ja})",
        )
    return Text(
        f"compared with {what.en}: no rule verifies them",
        f"{what.ja}との照合で、規則による検証ではありません",
    )


def _tenths(shares: list[Fraction]) -> list[int]:
    """Round shares to tenths of a per cent such that they add up as they did before."""
    exact = [share * _TENTHS for share in shares]
    found = [int(each) for each in exact]
    missing = round(sum(exact)) - sum(found)
    order = sorted(range(len(exact)), key=lambda place: found[place] - exact[place])
    for place in order[:missing]:
        found[place] += 1
    return found


def _figure(share: Fraction, tenth: int) -> Text:
    """Return a share in per cent; what is not all and not nothing never looks as if it were."""
    if share > 0 and tenth == 0:
        return Text("under 0.1 %", "0.1%未満")
    if share < 1 and tenth == _TENTHS:
        return Text("over 99.9 %", "99.9%超")
    whole, tenths = divmod(tenth, 10)
    return Text(f"{whole}.{tenths} %", f"{whole}.{tenths}%")
