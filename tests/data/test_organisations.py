"""Organisations and their changes since 1970 against official counts and against each other.

Plain files and plain Python: nothing of the package is used.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "data"

Row = dict[str, str]

COUNTS = {
    "1985-04-01": (651, 2_001, 601),
    "1999-03-31": (670, 1_994, 568),
    "2006-03-31": (777, 846, 198),
    "2010-03-31": (786, 757, 184),
    "2014-04-05": (790, 745, 183),
    "2025-01-01": (792, 743, 183),
}
"""総務省, 市町村数: cities, towns and villages; the 23 special wards are counted apart."""


def rows_of(name: str) -> list[Row]:
    """Read one file of the data folder; every field is text."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def valid(row: Row, date: str) -> bool:
    """Tell whether a row of organisations.csv holds on a date (ISO dates compare as text)."""
    return row["valid_from"] <= date and (not row["valid_to"] or date < row["valid_to"])


@pytest.fixture(scope="module")
def organisations() -> list[Row]:
    """Give every organisation since 1970."""
    return rows_of("organisations.csv")


@pytest.fixture(scope="module")
def changes() -> list[Row]:
    """Give every change of organisations since 1970."""
    return rows_of("code_changes.csv")


class TestOrganisations:
    """全国地方公共団体コード, and 統計に用いる標準地域コード, 廃置分合等情報, since 1970."""

    def test_order_and_no_two_rows_of_a_code_at_one_time(self, organisations: list[Row]) -> None:
        keys = [(row["code"], row["valid_from"]) for row in organisations]
        assert keys == sorted(set(keys))
        for row in organisations:
            assert not row["valid_to"] or row["valid_from"] < row["valid_to"]
        for earlier, later in pairwise(organisations):
            if earlier["code"] == later["code"]:
                assert earlier["valid_to"] == later["valid_from"] != ""

    def test_kind_fits_name_and_code(self, organisations: list[Row]) -> None:
        endings = {
            "designated_city": "市",
            "special_ward": "区",
            "city": "市",
            "town": "町",
            "village": "村",
        }
        for row in organisations:
            if row["kind"] == "prefecture":
                assert row["code"][2:5] == "000"
                assert row["municipality"] == row["county"] == ""
            else:
                assert row["municipality"].endswith(endings[row["kind"]])
            assert (row["kind"] == "special_ward") == row["code"].startswith("131")
            assert not row["county"] or row["county"].endswith("郡")
            assert not row["county"] or row["kind"] in {"town", "village"}

    @pytest.mark.parametrize(("date", "expected"), COUNTS.items())
    def test_number_of_municipalities(
        self, date: str, expected: tuple[int, int, int], organisations: list[Row]
    ) -> None:
        kinds = Counter(row["kind"] for row in organisations if valid(row, date))
        cities = kinds["designated_city"] + kinds["city"]
        assert (cities, kinds["town"], kinds["village"]) == expected
        assert kinds["special_ward"] == 23
        assert kinds["prefecture"] == 47

    def test_sums_that_the_ministry_gives(self) -> None:
        """3,253, 3,232, 1,821, 1,727 and 1,718 municipalities: the parts above add up to them."""
        assert [sum(parts) for parts in COUNTS.values()] == [
            3_253,
            3_232,
            1_821,
            1_727,
            1_718,
            1_718,
        ]

    def test_before_okinawa_returned(self, organisations: list[Row]) -> None:
        """1 April 1970: 564 cities, 2,027 towns and 689 villages in 46 prefectures."""
        kinds = Counter(row["kind"] for row in organisations if valid(row, "1970-04-01"))
        assert kinds["designated_city"] == 6
        assert kinds["city"] + kinds["designated_city"] == 564
        assert (kinds["town"], kinds["village"], kinds["prefecture"]) == (2_027, 689, 46)

    @pytest.mark.parametrize("date", ["2019-06-01", "2023-04-01", "2025-04-01"])
    def test_todays_organisations_are_those_of_the_register(
        self, date: str, organisations: list[Row]
    ) -> None:
        register_rows = rows_of("population/resident_register_2022-01-01.csv")
        register = {r["code"]: (r["prefecture"], r["municipality"]) for r in register_rows}
        today = {
            row["code"]: (row["prefecture"], row["municipality"])
            for row in organisations
            if valid(row, date)
        }
        assert today == register

    def test_readings_and_counties_of_today(self, organisations: list[Row]) -> None:
        today = [row for row in organisations if not row["valid_to"]]
        for row in today:
            assert row["kana"], row["code"]
            if row["kind"] in {"town", "village"}:
                assert bool(row["county"]) == (not row["code"].startswith(("1336", "1338", "134")))
        for row in organisations:
            assert all("ァ" <= sign <= "ヴ" or sign == "ー" for sign in row["kana"]), row["kana"]
        by_code = {row["code"]: row for row in today}
        assert by_code["013030"]["county"] == "石狩郡"
        assert by_code["013030"]["municipality"] == "当別町"
        assert by_code["013030"]["kana"] == "トウベツチョウ"
        assert by_code["394050"]["municipality"] == "檮原町"
        assert by_code["010006"]["kana"] == "ホッカイドウ"

    @pytest.mark.parametrize(
        ("code", "name", "valid_from", "valid_to"),
        [
            ("044237", "富谷町", "", "2016-10-10"),
            ("042161", "富谷市", "2016-10-10", ""),
            ("403059", "那珂川町", "", "2018-10-01"),
            ("402311", "那珂川市", "2018-10-01", ""),
            ("282219", "篠山市", "1999-04-01", "2019-05-01"),
            ("282219", "丹波篠山市", "2019-05-01", ""),
            ("016098", "幌泉町", "", "1970-10-01"),
            ("093670", "岩舟町", "", "2014-04-05"),
            ("193411", "上九一色村", "", "2006-03-01"),
            ("012017", "札幌市", "", "1972-04-01"),
            ("011002", "札幌市", "1972-04-01", ""),
            ("152170", "新井市", "", "2005-04-01"),
            ("152170", "妙高市", "2005-04-01", ""),
            ("235211", "三好町", "", "2010-01-04"),
            ("174611", "穴水町", "2005-03-01", ""),
            ("124869", "君津町", "", "1971-09-01"),
        ],
    )
    def test_some_changes(
        self, code: str, name: str, valid_from: str, valid_to: str, organisations: list[Row]
    ) -> None:
        rows = [
            (r["municipality"], r["valid_from"], r["valid_to"])
            for r in organisations
            if r["code"] == code
        ]
        assert (name, valid_from, valid_to) in rows

    def test_left_out(self, organisations: list[Row]) -> None:
        """No ward of a designated city, no village of the Northern Territories."""
        codes = {row["code"] for row in organisations}
        assert not codes & {"011011", "141011", "221384", "271276"}
        assert not codes & {"016951", "016969", "016977", "016985", "016993", "017001"}


class TestChanges:
    """統計に用いる標準地域コード, 廃置分合等情報: each change against organisations.csv."""

    def test_order_and_no_row_twice(self, changes: list[Row]) -> None:
        keys = [(row["date"], row["old_code"], row["new_code"]) for row in changes]
        assert keys == sorted(set(keys))

    def test_every_code_is_known(self, changes: list[Row], organisations: list[Row]) -> None:
        known = {row["code"] for row in organisations}
        assert {row["old_code"] for row in changes} <= known
        assert {row["new_code"] for row in changes} <= known

    def test_reasons(self, changes: list[Row]) -> None:
        assert {row["reason"] for row in changes} == {
            "新設合併",
            "編入合併",
            "市制施行",
            "町制施行",
            "名称変更",
            "郡の区域変更",
            "政令指定都市施行",
        }

    def test_every_beginning_and_end_has_its_change(
        self, changes: list[Row], organisations: list[Row]
    ) -> None:
        ends = {(row["date"], row["old_code"]) for row in changes}
        beginnings = {(row["date"], row["new_code"]) for row in changes}
        okinawa = {"1972-05-15", "1972-06-07"}
        for row in organisations:
            if row["valid_to"]:
                assert (row["valid_to"], row["code"]) in ends
            if row["valid_from"] and not (row["code"][:2] == "47" and row["valid_from"] in okinawa):
                assert (row["valid_from"], row["code"]) in beginnings

    def test_old_codes_hold_on_the_day_before_and_new_ones_on_the_day(
        self, changes: list[Row], organisations: list[Row]
    ) -> None:
        rows = defaultdict(list)
        for row in organisations:
            rows[row["code"]].append(row)

        def held_before(code: str, date: str) -> bool:
            return any(
                row["valid_from"] < date and (not row["valid_to"] or date <= row["valid_to"])
                for row in rows[code]
            )

        on_the_day = defaultdict(set)
        for change in changes:
            on_the_day[change["date"]].add(change["old_code"])
        for change in changes:
            date, old, new = change["date"], change["old_code"], change["new_code"]
            assert held_before(old, date), change
            # Where it does not hold, another change of the same day takes it further.
            assert any(valid(row, date) for row in rows[new]) or new in on_the_day[date], change

    def test_only_one_organisation_was_split(self, changes: list[Row]) -> None:
        """上九一色村 went into 甲府市 and 富士河口湖町 on 2006-03-01."""
        successors = defaultdict(set)
        for row in changes:
            if row["old_code"] != row["new_code"]:
                successors[row["date"], row["old_code"]].add(row["new_code"])
        split = {key: codes for key, codes in successors.items() if len(codes) > 1}
        assert split == {("2006-03-01", "193411"): {"192015", "194301"}}

    def test_since_2015(self, changes: list[Row]) -> None:
        """No merger since 岩舟町 went into 栃木市: two new cities, one new name."""
        last = [(row["date"], row["old_code"], row["new_code"]) for row in changes[-4:]]
        assert last == [
            ("2014-04-05", "093670", "092037"),
            ("2016-10-10", "044237", "042161"),
            ("2018-10-01", "403059", "402311"),
            ("2019-05-01", "282219", "282219"),
        ]
