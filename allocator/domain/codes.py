"""団体コード (全国地方公共団体コード): the six digits that name a prefecture or municipality.

Two digits for the prefecture (01 to 47), three for the organisation in it (000: the prefecture
itself), one check digit. Source: 総務省「全国地方公共団体コード仕様」.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from typing import Final

from allocator.domain.errors import InputError, refuse
from allocator.domain.text import Text

LENGTH: Final = 6
_WEIGHTS: Final = (6, 5, 4, 3, 2)
_FIVE: Final = re.compile(r"[0-9]{5}")
_SIX: Final = re.compile(r"[0-9]{6}")
_QUOTED: Final = re.compile(r"(?:=?\"|=?')([0-9-]+)[\"']?")
_HYPHENED: Final = re.compile(r"^([0-9]{2}|[0-9]{5})[-\u2010-\u2015\u2212]([0-9]+)$")


def check_digit(first_five: str) -> str:
    """Return the check digit of the first five digits of a code.

    s = 6·d1 + 5·d2 + 4·d3 + 3·d4 + 2·d5; the check digit is (11 − s mod 11) mod 10.
    """
    if not _FIVE.fullmatch(first_five):
        raise ValueError(f"five digits expected, found {first_five!r}")
    total = sum(w * int(d) for w, d in zip(_WEIGHTS, first_five, strict=True))
    return str((11 - total % 11) % 10)


def is_valid(code: str) -> bool:
    """Tell whether `code` is six digits with a right check digit (whoever may bear it)."""
    return bool(_SIX.fullmatch(code)) and check_digit(code[:5]) == code[5]


def parse_code(value: str | int, where: str = "code", known: Container[str] | None = None) -> str:
    """Return a code as six digits from what offices write.

    Takes six digits, five digits (the check digit is added), numbers that lost their leading
    zero, full-width digits, surrounding blanks and what `bare` takes away. Where five digits can
    be read in two ways, `known` (the codes of a register) decides.

    Raises:
        InputError: `value` is no code, its check digit is wrong, or it can be read in two ways;
            names `where`.
    """
    text = bare(str(value))
    if isinstance(value, bool) or not re.fullmatch(r"[0-9]{4,6}", text):
        raise _not_a_code(where, value)
    found = readings(text)
    if len(found) > 1 and known is not None:
        found = [code for code in found if code in known]
    if len(found) == 1:
        return found[0]
    if len(text) == LENGTH:
        raise _wrong_check_digit(where, text)
    if found:
        raise read_in_two_ways(where, text, found)
    raise _not_a_code(where, value)


def bare(text: str) -> str:
    """Return a code without what makes spreadsheets take it for text, or sets digits apart.

    That is '011002, ="011002", and 01100-2 or 01-1002 (six digits in all).
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    quoted = _QUOTED.fullmatch(plain)
    plain = quoted[1] if quoted else plain
    digits = _HYPHENED.sub(r"\1\2", plain)
    return digits if len(digits) == LENGTH else plain


def prefecture_of(code: str) -> str:
    """Return the code of the prefecture that `code` lies in (its own, for a prefecture)."""
    first_five = code[:2] + "000"
    return first_five + check_digit(first_five)


def is_prefecture_code(code: str) -> bool:
    """Tell whether `code` is that of a prefecture itself."""
    return code[2:5] == "000"


def readings(text: str) -> list[str]:
    """Return the codes that four to six digits can stand for.

    Whole; or short of the leading zero (a spreadsheet number), of the check digit, or of both.
    """
    zero, check = "0" + text, check_digit
    candidates = {
        6: lambda: [text],
        5: lambda: [zero, text + check(text)],
        4: lambda: [zero + check(zero)],
    }[len(text)]()
    return [code for code in candidates if is_valid(code) and (code == text or _is_assigned(code))]


def _is_assigned(code: str) -> bool:
    """Tell whether the number lies where numbers are given: prefectures 01-47, 000 or 100 up."""
    return "01" <= code[:2] <= "47" and (code[2:5] == "000" or code[2:5] >= "100")


def _wrong_check_digit(where: str, text: str) -> InputError:
    expected = check_digit(text[:5])
    return refuse(
        where,
        Text(
            f"the check digit of code {text} is {text[5]}, expected {expected}",
            f"団体コード {text} の検査数字は {text[5]} ですが、正しくは {expected} です",
        ),
        Text(
            "compare the code with the register of organisations; a digit of it is wrong",
            "団体コード一覧と照合し、誤った桁を直してください",
        ),
        code="wrong_check_digit",
    )


def read_in_two_ways(where: str, text: str, codes: list[str]) -> InputError:
    """Return the error of digits that can be several codes."""
    return refuse(
        where,
        Text(
            f"{text} can be read as {' or '.join(codes)}",
            f"{text} は {' とも '.join(codes)} とも読めます",
        ),
        Text("write all six digits, as text", "6桁すべてを文字列で書いてください"),
        code="ambiguous_code",
    )


def _not_a_code(where: str, value: object) -> InputError:
    return refuse(
        where,
        Text(f"{value!r} is no code (団体コード)", f"{value!r} は団体コードではありません"),
        Text(
            "write six digits, such as 131016 (five without the check digit will do)",
            "131016 のような6桁の数字で書いてください(検査数字を除いた5桁でも可)",
        ),
        code="not_a_code",
    )
