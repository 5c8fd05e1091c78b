"""団体コード: check digits, and what offices write in place of six digits."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.domain.codes import (
    check_digit,
    is_prefecture_code,
    is_valid,
    parse_code,
    prefecture_of,
)
from allocator.domain.errors import InputError

REGISTER = Path(__file__).parents[2] / "data" / "organisations.csv"

OFFICIAL = ["011002", "131016", "130001", "010006", "473821", "044237", "402311", "141003"]
"""札幌市 千代田区 東京都 北海道 与那国町 富谷町 那珂川市 横浜市, as the ministry lists them."""


def register_codes() -> list[str]:
    with REGISTER.open(encoding="utf-8-sig", newline="") as file:
        return sorted({row["code"] for row in csv.DictReader(file)})


CODES = register_codes()


def digit_by_hand(first_five: str) -> str:
    """The rule as the specification words it: 11 less the remainder, the last digit of that."""
    weighted = 0
    for weight, digit in zip((6, 5, 4, 3, 2), first_five, strict=True):
        weighted += weight * int(digit)
    return str(11 - weighted % 11)[-1]


@pytest.mark.parametrize("code", OFFICIAL)
def test_official_codes(code: str) -> None:
    assert check_digit(code[:5]) == code[5]
    assert is_valid(code)
    assert parse_code(code) == code


@pytest.mark.parametrize(
    ("first_five", "digit"),
    [("01213", "1"), ("13113", "0"), ("47382", "1"), ("47214", "0"), ("00000", "1")],
)
def test_check_digits_at_the_ends_of_the_rule(first_five: str, digit: str) -> None:
    """Remainders 0 and 1 give 11 and 10, of which the last digit counts (苫小牧市, 渋谷区)."""
    assert check_digit(first_five) == digit == digit_by_hand(first_five)


def test_every_check_digit() -> None:
    for number in range(100_000):
        first_five = f"{number:05d}"
        assert check_digit(first_five) == digit_by_hand(first_five)


@given(st.integers(0, 99_999), st.integers(0, 9))
def test_only_the_right_digit_is_valid(number: int, digit: int) -> None:
    first_five = f"{number:05d}"
    assert is_valid(f"{first_five}{digit}") == (str(digit) == digit_by_hand(first_five))


@pytest.mark.parametrize("text", ["", "1100", "0110", "011 02", "abcde", "-1100", "０１１００"])
def test_a_check_digit_needs_five_digits(text: str) -> None:
    with pytest.raises(ValueError, match="five digits"):
        check_digit(text)


@pytest.mark.parametrize("text", ["", "11002", "0110020", "011003", "O11002", "０１１００２"])
def test_not_valid(text: str) -> None:
    assert not is_valid(text)


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("011002", "011002"),
        (" 011002\u3000", "011002"),
        ("０１１００２", "011002"),
        ("１３１０１６", "131016"),
        (131016, "131016"),
        ("01100", "011002"),  # without the check digit
        ("13101", "131016"),
        ("１３０００", "130001"),
        (13000, "130001"),
        ("11002", "011002"),  # without the zero, as spreadsheets drop it
        (11002, "011002"),
        (10006, "010006"),
        ("1100", "011002"),  # without either
        (1000, "010006"),
    ],
    ids=repr,
)
def test_what_offices_write(written: str | int, code: str) -> None:
    assert parse_code(written) == code


def test_every_code_of_the_register_is_valid() -> None:
    assert len(CODES) > 1_788
    assert [code for code in CODES if not is_valid(code)] == []


def test_every_code_of_the_register_is_found_again() -> None:
    """As a number, and without the check digit; where those are two codes they are refused."""
    known = set(CODES)
    refused: list[str | int] = []
    for code in CODES:
        for short in (code[:5], int(code), int(code[:5])):
            readings = spelled_out(str(short)) & known
            try:
                assert parse_code(short, known=known) == code
            except InputError:
                assert len(readings) > 1
                refused.append(short)
            else:
                assert readings == {code}
    assert 0 < len(refused) < len(CODES) / 20


def spelled_out(short: str) -> set[str]:
    """Return what `short` can be: whole, or without a leading zero, a check digit, or both."""
    zeros = {short, "0" + short}
    return {text for text in zeros if len(text) == 6} | {
        text + digit_by_hand(text) for text in zeros if len(text) == 5
    }


def ambiguous() -> tuple[str, str, str]:
    """Return five digits of the register that are another code of it without its zero."""
    known = set(CODES)
    for code in CODES:
        short = str(int(code))
        other = short + digit_by_hand(short) if len(short) == 5 else ""
        if other in known:
            return short, code, other
    raise AssertionError("none")


def test_five_digits_that_are_two_codes() -> None:
    short, with_zero, with_digit = ambiguous()
    with pytest.raises(InputError) as caught:
        parse_code(short, where="list.csv: line 7")
    (problem,) = caught.value.problems
    assert problem.where == "list.csv: line 7"
    for text in problem.what:
        assert with_zero in text
        assert with_digit in text
    assert parse_code(short, known={with_zero}) == with_zero
    assert parse_code(short, known={with_digit}) == with_digit
    for known in ({with_zero, with_digit}, set[str]()):
        with pytest.raises(InputError):
            parse_code(short, known=known)


@pytest.mark.parametrize("first_five", ["48000", "50100", "99999", "70201"])
def test_check_digits_count_above_prefecture_47(first_five: str) -> None:
    """Six digits are judged by their check digit alone, whoever may bear them."""
    right = int(digit_by_hand(first_five))
    assert parse_code(f"{first_five}{right}") == f"{first_five}{right}"
    with pytest.raises(InputError, match=f"expected {right}"):
        parse_code(f"{first_five}{(right + 1) % 10}")


@pytest.mark.parametrize("short", ["48000", "99202", 48201])
def test_five_digits_above_prefecture_47_are_no_code(short: str | int) -> None:
    with pytest.raises(InputError):
        parse_code(short)


@given(st.sampled_from(CODES), st.integers(1, 9))
def test_a_wrong_check_digit_is_named(code: str, off: int) -> None:
    wrong = f"{code[:5]}{(int(code[5]) + off) % 10}"
    with pytest.raises(InputError) as caught:
        parse_code(wrong, where="list.csv: line 3")
    (problem,) = caught.value.problems
    assert problem.where == "list.csv: line 3"
    for text in problem.what:
        assert re.findall(r"[0-9]+", text) == [wrong, wrong[5], code[5]]


@pytest.mark.parametrize(
    "value",
    ["", "110", 7, "0110022", 1100222, "札幌市", "01100a", "01-100", "1,100", True, "11002.0"],
)
def test_no_code_at_all(value: str | int) -> None:
    with pytest.raises(InputError) as caught:
        parse_code(value, where="list.csv: line 9")
    (problem,) = caught.value.problems
    assert problem.where == "list.csv: line 9"
    assert all(repr(value) in text for text in problem.what)
    assert all(problem.mend)


@pytest.mark.parametrize(
    ("code", "prefecture"),
    [("011002", "010006"), ("131016", "130001"), ("130001", "130001"), ("473821", "470007")],
)
def test_the_prefecture_of_a_code(code: str, prefecture: str) -> None:
    assert prefecture_of(code) == prefecture
    assert is_prefecture_code(prefecture)
    assert is_prefecture_code(code) == (code == prefecture)
