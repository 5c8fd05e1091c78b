"""Rows of the ministry's tables that are no organisation: what they are said to be."""

from __future__ import annotations

import pytest

from allocator.domain.codes import is_valid
from allocator.domain.names import fold
from allocator.domain.outsiders import Outsider, outsider
from allocator.sources.register import japan

REGISTER = japan()


@pytest.mark.parametrize(
    ("code", "name", "city"),
    [
        ("011011", "札幌市中央区", "札幌市"),
        ("011011", "中央区", "札幌市"),
        ("011011", "", "札幌市"),
        ("141186", "横浜市都筑区", "横浜市"),
        ("141313", "川崎区", "川崎市"),
        ("141534", "相模原市南区", "相模原市"),
        ("271411", "堺市堺区", "堺市"),
        ("401331", "福岡市中央区", "福岡市"),
        ("221317", "浜松市中区", "浜松市"),
        ("", "濱松市 中区", "浜松市"),
    ],
)
def test_wards(code: str, name: str, city: str) -> None:
    assert not code or is_valid(code)
    assert outsider(code, "", name, REGISTER) == Outsider("ward", city)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("023001", "東津軽郡"),
        ("023001", "青森県東津軽郡"),
        ("133604", "大島支庁"),
        ("131008", "特別区部"),
        ("013005", "石狩振興局"),
        ("", "市町村計"),
    ],
)
def test_subtotals(code: str, name: str) -> None:
    assert outsider(code, "", name, REGISTER) == Outsider("subtotal")


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("016951", "色丹郡色丹村"),
        ("016969", "泊村"),
        ("016977", "国後郡留夜別村"),
        ("017001", "蘂取村"),
        ("017001", ""),
        ("", "国後郡 泊村"),
    ],
)
def test_villages_of_the_northern_territories(code: str, name: str) -> None:
    assert outsider(code, "", name, REGISTER) == Outsider("northern")


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("016951", "札幌市"),  # the name speaks against the code
        ("", "泊村"),  # in 古宇郡, with a code of its own
        ("980005", "どこか"),
        ("023001", ""),
    ],
)
def test_what_is_none_of_these(code: str, name: str) -> None:
    assert outsider(code, "", name, REGISTER) == Outsider("other")


@pytest.mark.parametrize(
    ("prefecture", "kind"),
    [("東京都", "other"), ("新潟県", "ward"), ("新潟", "ward"), ("", "ward")],
)
def test_the_prefecture_has_to_agree(prefecture: str, kind: str) -> None:
    assert outsider("151041", prefecture, "新宿区", REGISTER).kind == kind


def test_no_organisation_is_taken_for_an_outsider_by_its_name() -> None:
    rows = REGISTER.frame.filter(REGISTER.frame["kind"] != "prefecture")
    for county, name in rows.select("county", "municipality").iter_rows():
        if not name.endswith("区"):
            assert outsider("", "", f"{county}{name}", REGISTER).kind == "other"


def test_all_spellings_of_the_register_stay_apart() -> None:
    """Forms of characters that fold alike never make two of today's organisations one."""
    today = REGISTER.frame.filter(REGISTER.frame["valid_to"].is_null())
    names = today.select("prefecture", "county", "municipality").rows()
    assert len({tuple(map(fold, row)) for row in names}) == len(set(names)) == 1788
