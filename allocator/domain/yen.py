"""Amounts of money: whole yen, always `int`."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from allocator.domain.errors import Problem, refuse
from allocator.domain.text import Text

LARGEST: Final = 10**18
"""The largest amount that the engine undertakes to allocate, in yen."""

MINUS_SIGNS: Final = str.maketrans({"△": "-", "▲": "-", "−": "-", "‐": "-", "–": "-"})
"""What documents put before a negative figure, for `str.translate`."""

_NO_FRACTION: Final = re.compile(r"(?<=[0-9])\.0{1,20}$")
_WHOLE: Final = re.compile(r"-?([0-9]{1,40}|[0-9]{1,3}(,[0-9]{3}){1,12})")


def group(amount: int) -> str:
    """Return an amount with separators, △ before a negative one: 1,514,000,000, △5,000."""
    return f"△{-amount:,}" if amount < 0 else f"{amount:,}"


def signed(difference: int) -> str:
    """Return a difference with its sign: +5,000, △5,000, 0."""
    return f"+{group(difference)}" if difference > 0 else group(difference)


def yen(amount: int) -> str:
    """Return an amount as documents print it: 1,514,000,000円."""
    return f"{group(amount)}円"


def parse_yen(text: str, where: str = "amount") -> int:
    """Read a whole number of yen: separators, full-width digits, △ ▲, ¥, 円 and .0 allowed.

    Raises:
        InputError: no whole number of yen; names `where`.
    """
    plain = unicodedata.normalize("NFKC", text).translate(MINUS_SIGNS).strip().removesuffix("円")
    # In older Japanese encodings the yen sign is the backslash.
    plain = re.sub(r"^(-?)\s*[¥\\]?\s*", r"\1", plain.strip())
    plain = _NO_FRACTION.sub("", plain)
    if not _WHOLE.fullmatch(plain):
        raise refuse(
            where,
            Text(f"{text!r} is no whole number of yen", f"{text!r} は円単位の整数ではありません"),
            Text(
                "write whole yen, such as 1514000000 or 1,514,000,000",
                "1514000000 や 1,514,000,000 のように円単位の整数で書いてください",
            ),
            code="not_whole",
        )
    return int(plain.replace(",", ""))


def too_much(where: str, code: str, amount: int) -> Problem:
    """Return the problem of merged organisations whose amounts add up to more than `LARGEST`."""
    return Problem(
        where,
        Text(
            f"the parts of {code} add up to {group(amount)} yen, more than {group(LARGEST)}",
            f"{code} となった団体の金額の計 {group(amount)} 円が上限 {group(LARGEST)} 円を"
            "超えています",
        ),
        Text("correct the amounts", "金額を直してください"),
        code="too_large",
    )


def thousands(amount: int) -> int:
    """Return an amount of yen cut to thousand yen (千円未満切捨て), as budgets print it."""
    return amount // 1000 if amount >= 0 else -(-amount // 1000)
