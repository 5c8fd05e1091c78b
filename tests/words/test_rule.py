"""The terms of a plan in words: an entry for each of them, and what it says is so."""

from __future__ import annotations

from fractions import Fraction
from typing import get_args

import numpy as np
import pytest

from allocator.domain.text import Text
from allocator.engine import rule
from allocator.engine.rule import Method, Rest, Ties
from allocator.engine.shares import shares
from allocator.engine.split import methods, split
from allocator.plans.tables import Adjustment, Footing, Rounding
from allocator.words.rule import BASES, METHODS, RESTS, TIES, decisions_words, departure_words


def test_every_term_has_its_words() -> None:
    assert set(METHODS) == set(methods())
    assert set(TIES) == set(get_args(Ties))
    assert set(RESTS) == set(get_args(Rest))
    assert set(BASES) == set(get_args(Footing))


@pytest.mark.parametrize("method", methods())
def test_a_method_says_rightly_whether_equal_claims_matter(method: Method) -> None:
    three_alike = shares([Fraction(1)], [np.ones(3, dtype=np.int64)])
    divided = split(three_alike, 4, rule.Rounding(1, method))
    assert METHODS[method].ties == (divided.rounded.tie is not None)


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("largest_remainder", "端数の大きい団体から1単位ずつ加える"),
        ("half_up_then_largest", "割合の最も大きい団体で調整する"),
        ("floor_then_first", "割合のある先頭の団体で調整する"),
    ],
)
def test_who_gets_the_units_that_are_missing(method: Method, words: str) -> None:
    assert METHODS[method].missing.ja == words


@pytest.mark.parametrize(
    ("rounding", "words"),
    [
        (Rounding(unit=1, method="cumulative"), "団体コード順の累積四捨五入、単位 1 円"),
        (
            Rounding(unit=1000, method="largest_remainder", rest="first"),
            "最大剰余法、単位 1,000 円。同順位の団体は団体コードの小さい順とする。"
            "単位未満の額は割合のある先頭の団体に加える",
        ),
        (
            Rounding(unit=1, method="webster", ties="error"),
            "ウェブスター方式(サン=ラグ式)、単位 1 円。同順位で決まらないときは算定しない",
        ),
        (
            Rounding(unit=1000, method="floor_then_first", ties="weight", rest="largest"),
            "切捨て、差は先頭の団体で調整、単位 1,000 円。"
            "同順位の団体は割合の大きい順(同じなら団体コード順)とする。"
            "単位未満の額は割合の最も大きい団体に加える",
        ),
    ],
)
def test_what_a_rounding_decides_is_said(rounding: Rounding, words: str) -> None:
    assert decisions_words(rounding).ja == words


def _adjustment(**keys: object) -> Adjustment:
    return Adjustment.model_validate({"reason": "災害", **keys})


@pytest.mark.parametrize(
    ("adjustment", "words"),
    [
        (
            _adjustment(exempt=["A", "B"]),
            Text("A, B exempt (災害)", "A、Bの負担を免除(理由: 災害)"),
        ),
        (
            _adjustment(fixed=["A"], amount=12_345),
            Text("A fixed at 12,345 yen (災害)", "Aの額を12,345円に固定(理由: 災害)"),
        ),
        (
            _adjustment(minimum=0, maximum=1_000, codes=list("ABCDEF")),
            Text(
                "A, B, C, D, E and 1 more: at least 0 yen, at most 1,000 yen (災害)",
                "A、B、C、D、E ほか1件の額を0円以上、1,000円以下とする(理由: 災害)",
            ),
        ),
        (
            _adjustment(max_increase="0.1", max_decrease="1/8", previous="x.csv"),
            Text(
                "every payer: an increase of at most 10%, a decrease of at most 12.5% (災害)",
                "各団体の額を前回からの増加は 10% まで、前回からの減少は 12.5% まで"
                "とする(理由: 災害)",
            ),
        ),
    ],
)
def test_an_adjustment_says_what_and_why(adjustment: Adjustment, words: Text) -> None:
    assert departure_words(adjustment) == words
