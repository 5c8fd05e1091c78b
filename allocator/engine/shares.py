"""From weights and measures to exact shares of the total."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from allocator.engine.exact import Ints, Path, total, vector


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
    numerators = vector(np.zeros(len(measures[0]), dtype=np.int64), denominator, path)
    for weight, measure, s in zip(weights, measures, sums, strict=True):
        factor = weight.numerator * (denominator // (weight.denominator * s))
        numerators = numerators + vector(measure, denominator, path) * factor
    divisor = math.gcd(denominator, int(np.gcd.reduce(numerators)))
    return Shares(numerators // divisor, denominator // divisor)
