"""From weights and measures to exact shares of the total."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import numpy as np

from allocator.engine.exact import Ints, Path, total, vector

_FEW: Final = 64


@dataclass(frozen=True)
class Shares:
    """Every payer's share of the total as a fraction over one denominator; they add up to 1."""

    numerators: Ints
    denominator: int

    def of(self, position: int) -> Fraction:
        """Return the share of one payer."""
        return Fraction(int(self.numerators[position]), self.denominator)


def shares(weights: Sequence[Fraction], measures: Sequence[Ints], path: Path = "auto") -> Shares:
    """Return sᵢ = Σ weight · mᵢ / Σm, parts added up before anything is rounded.

    `weights` add up to 1; each vector of `measures` is not negative and has a positive sum (the
    caller sees to it). An equal part is a measure of ones.
    """
    sums = [total(measure) for measure in measures]
    denominator = math.lcm(
        *(weight.denominator * s for weight, s in zip(weights, sums, strict=True))
    )
    parts = [
        vector(measure, denominator, path)
        * (weight.numerator * (denominator // (weight.denominator * s)))
        for weight, measure, s in zip(weights, measures, sums, strict=True)
    ]
    numerators = sum(parts[1:], parts[0])
    divisor = _common_divisor(denominator, numerators)
    if divisor == 1:
        return Shares(numerators, denominator)
    return Shares(numerators // divisor, denominator // divisor)


def _common_divisor(denominator: int, numerators: Ints) -> int:
    """Return the greatest common divisor of all: where the first few have none, nobody has."""
    few = math.gcd(denominator, *numerators[:_FEW].tolist())
    return few if few == 1 else math.gcd(few, int(np.gcd.reduce(numerators)))
