"""Whole units by weights, without a plan: seats, yen, anything that cannot be divided."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, TypeAlias, get_args

import numpy as np

from allocator.domain.errors import InputError, refuse
from allocator.domain.text import Text, listed
from allocator.engine.divisors import TooFewError
from allocator.engine.errors import TooFewUnitsError
from allocator.engine.exact import Ints, largest, total, vector
from allocator.engine.rounding import BelowZeroError, Tie
from allocator.engine.rule import EACH_ALONE, Method, Rounding, Ties
from allocator.engine.shares import shares
from allocator.engine.split import methods, split
from allocator.words.refusals import refused

Exact: TypeAlias = int | Fraction | Decimal | str
"""A number that is exactly what it says; text is a fraction ("1/3") or a decimal ("0.25")."""


@dataclass(frozen=True, eq=False)
class Apportionment:
    """Whole units beside the weights, and the tie that was decided on the way, if any.

    `units` is a vector of whole numbers. `tie` has positions from 0 up: who had equal claims on the
    last unit (`contenders`), and who was served.
    """

    units: Ints
    tie: Tie | None = None


def apportion(
    units: int,
    weights: Iterable[Exact],
    method: Method = "largest_remainder",
    ties: Ties = "code",
) -> Apportionment:
    """Divide whole `units` in proportion to weights, exactly; docs/rounding.md has the methods.

    Args:
        units: how many, from 0 up.
        weights: exact numbers from 0 up, at least one above: any sequence or vector of them.
        method: one of the rounding methods that hand out every unit.
        ties: who goes first where claims are equal: the earlier position ("code"), the larger
            weight ("weight"), or nobody ("error").

    Raises:
        InputError: what was passed allows no such division.
    """
    _refuse_unknown("method", method, [each for each in methods() if each not in EACH_ALONE])
    _refuse_unknown("ties", ties, list(get_args(Ties)))
    count, figures = _count(units), _whole(weights)
    try:
        done = split(shares([Fraction(1)], [figures]), count, Rounding(1, method, ties))
    except TooFewError as error:
        too_few = TooFewUnitsError("method", method, error.needed, count)
        raise refused(too_few, "apportion") from None
    except BelowZeroError as error:
        raise _wrong(
            "method",
            "negative_amount",
            Text(
                f"position {error.position} would be left with {error.units} units",
                f"位置 {error.position} が {error.units} 単位(負)になります",
            ),
            Text("use the method largest_remainder", "largest_remainder を使ってください"),
        ) from None
    tie = done.rounded.tie
    if tie is not None and ties == "error":
        places = listed([str(place) for place in tie.contenders])
        raise _wrong(
            "ties",
            "undecided_tie",
            Text(
                f"equal claims on the last unit at positions {places.en}",
                f"最後の単位について同順位の位置があります: {places.ja}",
            ),
            Text(
                'decide by ties = "code" or "weight"', 'ties = "code" か "weight" で決めてください'
            ),
        )
    return Apportionment(done.amounts, tie)


def _refuse_unknown(name: str, value: object, allowed: list[str]) -> None:
    if value not in allowed:
        raise _wrong(
            name,
            "wrong_value",
            Text(f"{value!r} is not allowed here", f"{value!r} は使えません"),
            Text(f"use one of: {', '.join(allowed)}", f"使える値: {', '.join(allowed)}"),
        )


def _whole(weights: Iterable[Exact]) -> Ints:
    """Return weights as whole numbers in the same proportions."""
    if isinstance(weights, str | bytes | Mapping) or not isinstance(weights, Iterable):
        name = type(weights).__name__
        what = Text(f"{name} is no sequence of weights", f"{name} は重みの列ではありません")
        raise _wrong("weights", "wrong_type", what, _MEND)
    if isinstance(weights, np.ndarray) and weights.dtype.kind in "iu":
        figures = vector(weights.ravel(), largest(weights))
    else:
        figures = _common_multiples(list(weights))
    least, most = (int(figures.min()), largest(figures)) if len(figures) else (0, 0)
    if least < 0:
        position = next(place for place, figure in enumerate(figures) if figure < 0)
        what = Text(
            f"the weight at position {position} is negative", f"位置 {position} の重みが負です"
        )
        raise _wrong("weights", "negative", what, _MEND)
    if most == 0:
        what = Text(
            "the weights add up to 0: nothing to divide by", "重みの合計が0で、配分できません"
        )
        raise _wrong("weights", "empty_measure", what, _MEND)
    return vector(figures, total(figures))


def _common_multiples(weights: list[object]) -> Ints:
    """Return weights times the least number that makes all of them whole."""
    if {*map(type, weights)} == {int}:
        with suppress(OverflowError):  # beyond 64 bits
            return np.array(weights, dtype=np.int64)
    exact = [_exact(position, weight) for position, weight in enumerate(weights)]
    common = math.lcm(*(each.denominator for each in exact))
    figures = [each.numerator * (common // each.denominator) for each in exact]
    return vector(figures, max(map(abs, figures), default=0))


def _count(units: object) -> int:
    if isinstance(units, bool) or not isinstance(units, int | np.integer):
        what = Text(f"{units!r} is no whole number", f"{units!r} は整数ではありません")
        raise _wrong("units", "wrong_type", what, _MEND_UNITS)
    if units < 0:
        what = Text(f"{units} is negative", f"{units} は負の値です")
        raise _wrong("units", "negative", what, _MEND_UNITS)
    return int(units)


def _exact(position: int, weight: object) -> Fraction:
    plain = int(weight) if isinstance(weight, np.integer) else weight
    if isinstance(plain, int | Fraction | Decimal | str) and not isinstance(plain, bool):
        with suppress(ValueError, ZeroDivisionError, OverflowError):  # "ten", "1/0", infinite
            return Fraction(plain)
    what = Text(
        f"the weight {weight!r} at position {position} is not exact",
        f"位置 {position} の重み {weight!r} は正確な値ではありません",
    )
    raise _wrong("weights", "not_exact", what, _MEND)


_MEND: Final = Text(
    "pass whole numbers, fractions or decimal text, zero or more and not all zero",
    "0以上の整数・分数・小数の文字列を渡してください(すべて0は不可)",
)
_MEND_UNITS: Final = Text("pass a whole number, zero or more", "0以上の整数を渡してください")


def _wrong(argument: str, code: str, what: Text, mend: Text) -> InputError:
    return refuse(f"apportion: {argument}", what, mend, code=code)
