"""The register: who is there on a day, and who pays."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from allocator.domain import schemas
from allocator.domain.organisations import (
    KIND_NAMES,
    KINDS,
    Organisation,
    PayerGroup,
    Register,
    organisations,
)

TOMIYA = date(2016, 10, 10)
TAMBA = date(2019, 5, 1)
WARDS = date(2024, 1, 1)

ROWS = [
    ("040002", "宮城県", "", "", "prefecture", None, None),
    ("042161", "宮城県", "", "富谷市", "city", TOMIYA, None),
    ("044237", "宮城県", "黒川郡", "富谷町", "town", None, TOMIYA),
    ("221309", "静岡県", "", "浜松市", "designated_city", None, None),
    ("282219", "兵庫県", "", "篠山市", "city", None, TAMBA),
    ("282219", "兵庫県", "", "丹波篠山市", "city", TAMBA, None),
    ("999999", "どこか", "", "一日村", "village", TAMBA, date(2019, 5, 2)),
]


def frame() -> pl.DataFrame:
    rows = [(*row[:4], "", *row[4:]) for row in ROWS]
    return pl.DataFrame(rows, schema=schemas.ORGANISATIONS, orient="row")


@pytest.fixture
def register() -> Register:
    return Register(frame())


def names(rows: pl.DataFrame) -> list[str]:
    return [name or prefecture for prefecture, name in rows["prefecture", "municipality"].rows()]


@pytest.mark.parametrize(
    ("day", "there"),
    [
        (date(1900, 1, 1), ["宮城県", "富谷町", "浜松市", "篠山市"]),
        (date(2016, 10, 9), ["宮城県", "富谷町", "浜松市", "篠山市"]),
        (TOMIYA, ["宮城県", "富谷市", "浜松市", "篠山市"]),  # valid_to is exclusive
        (date(2019, 4, 30), ["宮城県", "富谷市", "浜松市", "篠山市"]),
        (TAMBA, ["宮城県", "富谷市", "浜松市", "丹波篠山市", "一日村"]),
        (date(2019, 5, 2), ["宮城県", "富谷市", "浜松市", "丹波篠山市"]),
        (WARDS, ["宮城県", "富谷市", "浜松市", "丹波篠山市"]),
    ],
)
def test_valid_on(register: Register, day: date, there: list[str]) -> None:
    valid = register.valid_on(day)
    assert names(valid) == there
    assert valid.schema == schemas.ORGANISATIONS
    assert valid["code"].is_sorted()


@pytest.mark.parametrize(
    ("group", "there"),
    [
        ("prefectures", ["宮城県"]),
        ("municipalities", ["富谷市", "浜松市", "丹波篠山市"]),
        ("all", ["宮城県", "富谷市", "浜松市", "丹波篠山市"]),
    ],
)
def test_payers(register: Register, group: PayerGroup, there: list[str]) -> None:
    payers = register.payers(group, WARDS)
    assert names(payers) == there
    assert payers.schema == schemas.PAYERS


def test_nobody_is_there() -> None:
    empty = Register(frame().clear())
    assert empty.valid_on(WARDS).is_empty()
    assert empty.payers("all", WARDS).schema == schemas.PAYERS
    assert empty.codes == frozenset()


def test_codes_of_today_and_of_the_past(register: Register) -> None:
    assert register.codes == {row[0] for row in ROWS}


def test_rows_as_values(register: Register) -> None:
    prefecture, town, *_ = organisations(register.payers("all", date(2016, 4, 1)))
    assert prefecture == Organisation("040002", "宮城県", "", "", "prefecture")
    assert prefecture.is_prefecture
    assert prefecture.name == "宮城県"
    assert not town.is_prefecture
    assert town.name == "宮城県黒川郡富谷町"


def test_every_kind_has_a_name() -> None:
    assert set(KIND_NAMES) == set(KINDS)
