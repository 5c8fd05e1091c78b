"""Exact fractions as figures that people read."""

from __future__ import annotations

from fractions import Fraction


def decimal(value: Fraction, places: int = 6) -> str:
    """Return a fraction as a decimal, cut after `places`; … says that something was cut off."""
    sign = "△" if value < 0 else ""
    whole, rest = divmod(abs(value.numerator), value.denominator)
    digits, rest = divmod(rest * 10**places, value.denominator)
    if not digits and not rest:
        return f"{sign}{whole:,}"
    shown = f"{digits:0{places}d}"
    return f"{sign}{whole:,}.{shown}…" if rest else f"{sign}{whole:,}.{shown.rstrip('0')}"


def per_cent(value: Fraction, places: int = 6) -> str:
    """Return a share in per cent: 6.541061…%."""
    return f"{decimal(value * 100, places)}%"


def tenths(part: int, whole: int) -> str:
    """Return what `part` is of `whole` in per cent with one decimal, half up: 82.5%.

    So does a spreadsheet's TEXT(…,"0.0%"). Neither is negative; of nothing everything is 0.0%.
    """
    found = (2_000 * part + whole) // (2 * whole) if whole else 0
    return f"{found // 10:,}.{found % 10}%"
