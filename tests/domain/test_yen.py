"""Yen: whole, grouped, with the minus signs of budgets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.domain.errors import InputError
from allocator.domain.yen import LARGEST, group, parse_yen, thousands, yen


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, "0"),
        (999, "999"),
        (1_514_000_000, "1,514,000,000"),
        (-5_000, "△5,000"),
        (LARGEST, "1,000,000,000,000,000,000"),
    ],
)
def test_grouped(amount: int, text: str) -> None:
    assert group(amount) == text
    assert yen(amount) == f"{text}円"


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1514000000", 1_514_000_000),
        ("1,514,000,000", 1_514_000_000),
        ("１，５１４，０００", 1_514_000),
        (" 5,000円 ", 5_000),
        ("5,000 円", 5_000),
        ("0", 0),
        ("007", 7),
        ("△5,000", -5_000),
        ("▲5,000円", -5_000),
        ("-5000", -5_000),
        ("−5,000", -5_000),  # U+2212
        ("－５，０００", -5_000),
        ("9007199254740993", 2**53 + 1),
        ("99999999999999999999", 10**20 - 1),
    ],
)
def test_read(text: str, amount: int) -> None:
    assert parse_yen(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        *("", "円", "-", "△", "1.5", "1e6", "1,51", "1,5140", ",514", "5,000,", "1 514", "--5"),
        *("△-5", "五千円", "5円円", "5,000千円", "+5", "0x10", "1_000", "nan", "٣"),
    ],
)
def test_no_whole_number_of_yen(text: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_yen(text, where="list.csv: line 4")
    (problem,) = caught.value.problems
    assert problem.where == "list.csv: line 4"
    assert all(repr(text) in said for said in problem.what)
    assert all(problem.mend)


@given(st.integers(-(10**20), 10**20))
def test_read_as_written(amount: int) -> None:
    assert parse_yen(group(amount)) == amount
    assert parse_yen(yen(amount)) == amount
    assert parse_yen(str(amount)) == amount


@pytest.mark.parametrize(
    ("amount", "cut"), [(0, 0), (999, 0), (1_000, 1), (1_677_903_280, 1_677_903)]
)
def test_cut_to_thousands(amount: int, cut: int) -> None:
    assert thousands(amount) == cut
