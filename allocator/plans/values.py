"""The scalar values of a plan: exact weights, whole yen, ids, dates."""

from __future__ import annotations

import datetime as dt
import re
from fractions import Fraction
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, BeforeValidator, Strict, StrictStr

from allocator.domain.characters import refused_in
from allocator.domain.text import Text
from allocator.domain.yen import LARGEST, group
from allocator.plans.faults import fault

_WRITTEN: Final = re.compile(r"[+-]?([0-9]{1,50}(/[0-9]{1,50})?|[0-9]{0,50}\.[0-9]{1,50})")


def _exact_fraction(value: Any) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise fault(
            Text(f"{value!r} is not exact", f"{value!r} は正確な値として扱えません"),
            Text(
                'write a fraction or a decimal in quotes, such as "1/3" or "0.25"',
                '"1/3" や "0.25" のように引用符で囲んだ分数または小数で書いてください',
            ),
            "not_exact",
        )
    try:
        written = not isinstance(value, str) or _WRITTEN.fullmatch(value.strip())
        return Fraction(value if written else "")
    except (ValueError, ZeroDivisionError):
        raise fault(
            Text(f"{value!r} is no fraction", f"{value!r} は分数として読めません"),
            Text('write it as "1/3" or "0.25"', '"1/3" や "0.25" のように書いてください'),
            "not_exact",
        ) from None


def _not_negative(value: Fraction) -> Fraction:
    if value < 0:
        raise fault(
            Text(f"{value} is negative", f"{value} は負の値です"),
            Text("write zero or more", "0以上で書いてください"),
            "negative",
        )
    return value


def _positive(value: Fraction) -> Fraction:
    if value <= 0:
        raise fault(
            Text(f"the weight {value} is not positive", f"割合 {value} は正の値ではありません"),
            Text(
                "leave the share out, or write more than zero",
                "その行を削るか、正の値で書いてください",
            ),
            "negative",
        )
    return value


def _whole_yen(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int):
        raise fault(
            Text(f"{value!r} is not whole yen", f"{value!r} は円単位の整数ではありません"),
            Text(
                "write whole yen, such as 1_514_000_000",
                "1_514_000_000 のように円単位の整数で書いてください",
            ),
            "not_whole",
        )
    if not 0 <= value <= LARGEST:
        raise fault(
            Text(
                f"{group(value)} lies outside 0 to {group(LARGEST)} yen",
                f"{group(value)} は 0 から {group(LARGEST)} 円の範囲にありません",
            ),
            Text(
                f"write an amount from 0 to {group(LARGEST)}",
                f"0 から {group(LARGEST)} までの金額を書いてください",
            ),
            "out_of_range",
        )
    return value


def _yen_or_rest(value: Any) -> Any:
    if value == "rest":
        return value
    if isinstance(value, str):
        raise fault(
            Text(
                f'{value!r} is neither whole yen nor "rest"',
                f'{value!r} は円単位の整数でも "rest" でもありません',
            ),
            Text(
                'write whole yen, such as 1_514_000_000, or "rest"',
                '1_514_000_000 のような円単位の整数か "rest" を書いてください',
            ),
        )
    return _whole_yen(value)


def _lower_limit(value: Any) -> Any:
    """Check where a band begins: a figure of the measure, such as residents."""
    if isinstance(value, bool) or not isinstance(value, int):
        raise fault(
            Text(f"{value!r} is not a whole number", f"{value!r} は整数ではありません"),
            Text("write a whole number, such as 10_000", "10_000 のように整数で書いてください"),
            "not_whole",
        )
    if not 0 <= value <= LARGEST:
        raise fault(
            Text(
                f"{group(value)} lies outside 0 to {group(LARGEST)}",
                f"{group(value)} は 0 から {group(LARGEST)} の範囲にありません",
            ),
            Text(
                f"write a number from 0 to {group(LARGEST)}",
                f"0 から {group(LARGEST)} までの数を書いてください",
            ),
            "out_of_range",
        )
    return value


def _at_least_one_yen(value: int) -> int:
    if value == 0:
        raise fault(
            Text("the unit is 0", "単位が0です"),
            Text("write 1 or more", "1以上で書いてください"),
            "out_of_range",
        )
    return value


_LONGEST_ID: Final = 100
"""Names of cells are made of ids, and may have 255 characters."""


def _identifier(value: str) -> str:
    if not re.fullmatch(rf"[a-z][a-z0-9_]{{0,{_LONGEST_ID - 1}}}", value):
        shown = value if len(value) <= _LONGEST_ID else f"{value[:_LONGEST_ID]}…"
        raise fault(
            Text(f"{shown!r} cannot be an id", f"{shown!r} は id に使えません"),
            Text(
                f"use up to {_LONGEST_ID} small letters, digits and _, a letter first: it names "
                "files and cells",
                f"英小文字で始め、{_LONGEST_ID} 文字までの英小文字・数字・_ だけで書いてください"
                "(ファイル名になります)",
            ),
            "bad_id",
        )
    return value


def _written(value: str) -> str:
    """Refuse characters that steer a screen, or that no file can hold."""
    if (what := refused_in(value)) is not None:
        raise fault(
            what,
            Text("leave it out, or write the text anew", "その文字を除くか、書き直してください"),
            "unwritten_character",
        )
    return value


def _one_or_more(value: Any) -> tuple[str, ...]:
    several = value if isinstance(value, list) else [value]
    if not several or not all(isinstance(each, str) and each.strip() for each in several):
        raise fault(
            Text(f"{value!r} is no path", f"{value!r} はパスではありません"),
            Text(
                'write a path in quotes, such as "../2023", or a list of them',
                '"../2023" のように引用符で囲んだパスか、その配列で書いてください',
            ),
        )
    return tuple(several)


Weight = Annotated[Fraction, BeforeValidator(_exact_fraction), AfterValidator(_positive)]
Rate = Annotated[Fraction, BeforeValidator(_exact_fraction), AfterValidator(_not_negative)]
Yen = Annotated[int, BeforeValidator(_whole_yen)]
YenOrRest = Annotated[int | Literal["rest"], BeforeValidator(_yen_or_rest)]
LowerLimit = Annotated[int, BeforeValidator(_lower_limit)]
Unit = Annotated[Yen, AfterValidator(_at_least_one_yen)]
Id = Annotated[StrictStr, AfterValidator(_identifier)]
Words = Annotated[StrictStr, AfterValidator(_written)]
"""A name or a text, of any characters that people write."""
Date = Annotated[dt.date, Strict()]
Codes = tuple[StrictStr, ...]
Paths = Annotated[tuple[StrictStr, ...], BeforeValidator(_one_or_more)]
