"""The bundled data against what their sources say.

Figures that stand here were read in the published documents or are official counts; none is
computed by the package, and nothing of the package is used, not even for the check digit.
"""

from __future__ import annotations

import csv
import tomllib
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

DATA = Path(__file__).parents[2] / "data"

Row = dict[str, str]

POPULATION = {
    2016: 128_066_211,
    2017: 127_907_086,
    2018: 127_707_259,
    2019: 127_443_563,
    2020: 127_138_033,
    2021: 126_654_244,
    2022: 125_927_902,
    2023: 125_416_877,
    2024: 124_885_175,
    2025: 124_330_690,
}
"""総務省, 住民基本台帳に基づく人口 (総計), whole country, 1 January of each year."""

LISTS = {
    "residents": (1_514_000_000, 47),
    "jpki": (2_406_000_000, 47),
    "intermediate_server": (5_978_953_000, 1_788),
    "lgwan": (1_677_903_280, 47),
}
"""第38回経営審議委員会 参考資料5 to 8: declared total in yen, and how many pay."""

MISPRINTS = {
    *("013463", "013951", "023213", "113638", "232149", "284424"),
    *("033812", "082082", "122246", "122297", "213624"),
    *("204226", "204234", "204251", "204293", "204307", "204323"),
    *("243035", "293857", "462179", "464686"),
    *("133817", "134015"),
}
"""参考資料7: names misread (6), ヶ for ケ (5), 曾 for 曽 (10), with the island in front (2)."""

HEADERS = {
    "population/*.csv": "code,prefecture,municipality,population",
    "published/*/*.csv": "code,prefecture,municipality,amount",
    "derived/*/*.csv": "code,prefecture,municipality,amount",
    "budget/*.csv": ("id,fiscal_year,stage,table,business,item,amount_thousand_yen,document,place"),
    "organisations.csv": ("code,prefecture,county,municipality,kana,kind,valid_from,valid_to"),
    "code_changes.csv": "date,old_code,new_code,reason",
}
"""The contract for tidy data."""


def rows_of(name: str) -> list[Row]:
    """Read one file of the data folder; every field is text."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, strict=True))


def population_of(year: int) -> list[Row]:
    """Read the resident register of 1 January."""
    return rows_of(f"population/resident_register_{year}-01-01.csv")


def all_files() -> list[str]:
    """Name every CSV file of the data folder, with `/` between folders."""
    return sorted(path.relative_to(DATA).as_posix() for path in DATA.rglob("*.csv"))


def check_digit(code: str) -> str:
    """Compute the sixth digit of a 団体コード from the first five (総務省, 検査数字)."""
    total = sum(int(digit) * weight for digit, weight in zip(code, (6, 5, 4, 3, 2), strict=False))
    return str(11 - total % 11)[-1]


@pytest.fixture(scope="module")
def lists() -> dict[str, dict[str, Any]]:
    """Give what the papers say about each published list, by programme."""
    text = (DATA / "published/2023/lists.toml").read_text(encoding="utf-8")
    return {entry["programme"]: entry for entry in tomllib.loads(text)["list"]}


@pytest.fixture(scope="module")
def budget() -> dict[str, Row]:
    """Give every budget line by id."""
    lines = [line for year in (2021, 2022, 2023) for line in rows_of(f"budget/{year}.csv")]
    by_id = {line["id"]: line for line in lines}
    assert len(by_id) == len(lines), "an id is there twice"
    return by_id


@pytest.fixture(scope="module")
def reconciliations() -> list[dict[str, Any]]:
    """Give the entries of budget/reconciliation.toml."""
    text = (DATA / "budget/reconciliation.toml").read_text(encoding="utf-8")
    entries: list[dict[str, Any]] = tomllib.loads(text)["reconciliation"]
    return entries


class TestFiles:
    """The form that all files share."""

    def test_each_file_has_the_columns_of_the_contract(self) -> None:
        seen = set()
        for pattern, header in HEADERS.items():
            for path in DATA.glob(pattern):
                seen.add(path.relative_to(DATA).as_posix())
                first = path.read_text(encoding="utf-8").split("\n", 1)[0]
                assert first == header, path.name
        assert sorted(seen) == all_files()

    @pytest.mark.parametrize("name", all_files())
    def test_plain_text(self, name: str) -> None:
        raw = (DATA / name).read_bytes()
        assert not raw.startswith(b"\xef\xbb\xbf")
        assert b"\r" not in raw
        assert b'"' not in raw
        assert raw.endswith(b"\n")
        assert not raw.endswith(b"\n\n")

    @pytest.mark.parametrize("name", all_files())
    def test_fields_are_tidy(self, name: str) -> None:
        for row in rows_of(name):
            assert None not in row, "a field too many"
            for field in row.values():
                assert field is not None, "a field too few"
                assert field == field.strip()
                assert field == unicodedata.normalize("NFC", field)

    @pytest.mark.parametrize("name", all_files())
    def test_check_digit_of_every_code(self, name: str) -> None:
        for row in rows_of(name):
            for column in {"code", "old_code", "new_code"} & row.keys():
                code = row[column]
                assert len(code) == 6
                assert code.isascii()
                assert code.isdigit()
                assert check_digit(code) == code[5], code
                assert 1 <= int(code[:2]) <= 47

    def test_the_check_digit_itself(self) -> None:
        """Known codes, 北海道, 札幌市, 会津若松市, 龍ケ崎市, 那覇市; one slip is noticed."""
        for code in ("010006", "011002", "072028", "082082", "472018"):
            assert check_digit(code) == code[5]
        assert check_digit("012002") != "2"

    def test_sources_name_every_folder_and_no_path_outside(self) -> None:
        text = (DATA / "SOURCES.md").read_text(encoding="utf-8")
        for name in (
            "population/",
            "published/2023/",
            "derived/2023/",
            "budget/",
            "organisations.csv",
        ):
            assert name in text
        assert "../" not in text


class TestPopulation:
    """総務省, 住民基本台帳に基づく人口、人口動態及び世帯数."""

    def test_there_is_a_file_for_every_year_and_no_other(self) -> None:
        names = sorted(path.name for path in (DATA / "population").iterdir())
        assert names == [f"resident_register_{year}-01-01.csv" for year in POPULATION]

    @pytest.mark.parametrize("year", POPULATION)
    def test_payers_and_order(self, year: int) -> None:
        rows = population_of(year)
        codes = [row["code"] for row in rows]
        assert codes == sorted(set(codes))
        assert len(codes) == 1_788
        assert sum(not row["municipality"] for row in rows) == 47
        for row in rows:
            assert (row["code"][2:5] == "000") == (not row["municipality"])
            assert row["population"].isdigit()

    @pytest.mark.parametrize(("year", "total"), POPULATION.items())
    def test_prefecture_is_the_sum_of_its_municipalities(self, year: int, total: int) -> None:
        prefectures: dict[str, int] = {}
        sums: Counter[str] = Counter()
        for row in population_of(year):
            if row["municipality"]:
                sums[row["code"][:2]] += int(row["population"])
            else:
                prefectures[row["code"][:2]] = int(row["population"])
        assert prefectures == dict(sums)
        assert sum(prefectures.values()) == total

    def test_codes_and_names_are_the_same_at_every_date(self) -> None:
        def names(year: int) -> list[tuple[str, str, str]]:
            rows = population_of(year)
            return [(row["code"], row["prefecture"], row["municipality"]) for row in rows]

        first = names(2016)
        for year in POPULATION:
            assert names(year) == first

    def test_some_figures_of_2019(self) -> None:
        """The ministry's spreadsheet for 2019-01-01, column 計."""
        figures = {row["code"]: int(row["population"]) for row in population_of(2019)}
        assert figures["010006"] == 5_304_413
        assert figures["011002"] == 1_955_457
        assert figures["473626"] == 31_338
        assert figures["473821"] == 1_716


class TestPublishedLists:
    """第38回経営審議委員会 配付資料, 参考資料5 to 8."""

    @pytest.mark.parametrize(("programme", "expected"), LISTS.items())
    def test_sum_is_the_declared_total(
        self, programme: str, expected: tuple[int, int], lists: dict[str, dict[str, Any]]
    ) -> None:
        total, payers = expected
        rows = rows_of(f"published/2023/{programme}.csv")
        assert len(rows) == payers
        assert sum(int(row["amount"]) for row in rows) == total
        assert lists[programme]["declared_total"] == total
        assert lists[programme]["rows"] == payers
        assert lists[programme]["file"] == f"{programme}.csv"

    def test_there_is_an_entry_for_each_list_in_the_order_of_the_papers(
        self, lists: dict[str, dict[str, Any]]
    ) -> None:
        assert list(lists) == list(LISTS)
        assert [entry["reference"] for entry in lists.values()] == [
            "参考資料5",
            "参考資料6",
            "参考資料7",
            "参考資料8",
        ]
        printed = [name for name, entry in lists.items() if entry["total_row"]]
        assert printed == ["residents", "jpki", "lgwan"]

    def test_the_title_of_one_list_names_the_year_before(
        self, lists: dict[str, dict[str, Any]]
    ) -> None:
        for programme, entry in lists.items():
            assert "令和5年度" in entry["heading"]
            assert ("令和4年度" in entry["title"]) == (programme == "jpki")

    @pytest.mark.parametrize("programme", LISTS)
    def test_payers(self, programme: str) -> None:
        rows = rows_of(f"published/2023/{programme}.csv")
        register = {row["code"]: row for row in population_of(2022)}
        expected = [
            code
            for code, row in register.items()
            if programme == "intermediate_server" or not row["municipality"]
        ]
        assert [row["code"] for row in rows] == expected
        for row in rows:
            assert row["prefecture"] == register[row["code"]]["prefecture"]
            assert bool(row["municipality"]) == bool(register[row["code"]]["municipality"])

    @pytest.mark.parametrize(
        ("programme", "code", "amount"),
        [
            ("residents", "010006", 47_267_000),
            ("residents", "470007", 25_037_000),
            ("jpki", "130001", 242_700_821),
            ("jpki", "470007", 39_126_323),
            ("intermediate_server", "010006", 11_866_000),
            ("intermediate_server", "011002", 23_647_000),
            ("intermediate_server", "473821", 2_096_000),
            ("lgwan", "130001", 43_644_560),
            ("lgwan", "470007", 35_588_120),
        ],
    )
    def test_some_amounts_as_printed(self, programme: str, code: str, amount: int) -> None:
        rows = rows_of(f"published/2023/{programme}.csv")
        assert {row["code"]: row["amount"] for row in rows}[code] == str(amount)

    def test_names_differ_from_the_register_in_23_places(self) -> None:
        """The organisations of 2023-04-01 are today's: the last change is of 2019."""
        register = {
            row["code"]: row["county"] + row["municipality"]
            for row in rows_of("organisations.csv")
            if row["valid_from"] <= "2023-04-01" and not row["valid_to"]
        }
        rows = rows_of("published/2023/intermediate_server.csv")
        differing = {r["code"] for r in rows if r["municipality"] != register[r["code"]]}
        assert len(MISPRINTS) == 23
        assert differing == MISPRINTS

    def test_some_misprints_as_printed(self) -> None:
        rows = rows_of("published/2023/intermediate_server.csv")
        names = {row["code"]: row["municipality"] for row in rows}
        assert names["013463"] == "二世郡八雲町"
        assert names["023213"] == "西津軽郡鮎ヶ沢町"
        assert names["082082"] == "龍ヶ崎市"
        assert names["133817"] == "三宅島 三宅村"
        assert names["232149"] == "蒲都市"
        assert names["462179"] == "曾於市"


class TestDerived:
    """What was worked out from the published lists; SOURCES.md says how."""

    def test_there_is_one_file(self) -> None:
        found = [path.relative_to(DATA).as_posix() for path in DATA.glob("derived/**/*.*")]
        assert found == ["derived/2023/jpki_by_ratio.csv"]

    def test_the_part_of_jpki_by_a_table_of_ratios(self) -> None:
        """Its derivation is done again in tests/acceptance/test_jpki_in_parts.py."""
        rows, listed = rows_of("derived/2023/jpki_by_ratio.csv"), rows_of("published/2023/jpki.csv")
        for row, whole in zip(rows, listed, strict=True):
            assert [row[key] for key in ("code", "prefecture", "municipality")] == [
                whole[key] for key in ("code", "prefecture", "municipality")
            ]
            assert int(row["amount"]) % 1000 == 0
            assert 0 < int(row["amount"]) < int(whole["amount"])
        assert sum(int(row["amount"]) for row in rows) == 420_000_000

    def test_sources_say_what_it_is(self) -> None:
        text = (DATA / "SOURCES.md").read_text(encoding="utf-8")
        section = text.split("## Derived from the lists\n")[1].split("\n## ")[0]
        for said in ("jpki_by_ratio.csv", "published/2023/jpki.csv", "2022-01-01", "420,000,000"):
            assert said in section


RECONCILED = {
    (2023, "initial", "residents"): ([609_529, 904_471], 1_514_000, "fact"),
    (2023, "initial", "jpki"): ([2_406_000], 2_406_000, "fact"),
    (2023, "initial", "intermediate_server"): ([5_977_324, 1_629], 5_978_953, "fact"),
    (2023, "initial", "lgwan"): ([1_426_274, 251_629], 1_677_903, "fact"),
    (2022, "march_supplementary", "residents"): ([1_064_000, 450_000], 1_514_000, "inference"),
    (2022, "march_supplementary", "jpki"): ([2_406_000], 2_406_000, "inference"),
    (2022, "march_supplementary", "intermediate_server"): (
        [5_933_831, 45_122],
        5_978_953,
        "inference",
    ),
    (2022, "march_supplementary", "lgwan"): ([1_362_052, 315_256], 1_677_308, "inference"),
    (2021, "january_supplementary", "residents"): ([1_064_000, 450_000], 1_514_000, "inference"),
    (2021, "january_supplementary", "jpki"): ([1_906_000, 500_000], 2_406_000, "inference"),
    (2021, "january_supplementary", "intermediate_server"): (
        [7_963_900, 67_190],
        8_031_090,
        "inference",
    ),
    (2021, "january_supplementary", "lgwan"): ([], None, "open"),
}
"""Thousand yen: the lines (第38回経営審議委員会 and 第41回代表者会議 配付資料), total, status."""


class TestBudget:
    """予定損益計算書, 資金計画 and 様式第7号 of three budgets."""

    def test_every_total_is_the_sum_of_its_lines(
        self, reconciliations: list[dict[str, Any]], budget: dict[str, Row]
    ) -> None:
        found = {}
        for entry in reconciliations:
            lines = [budget[name] for name in entry["lines"]]
            for line in lines:
                assert line["fiscal_year"] == str(entry["fiscal_year"])
                assert line["stage"] == entry["stage"]
            amounts = [int(line["amount_thousand_yen"]) for line in lines]
            total = entry.get("total_thousand_yen")
            assert total == (sum(amounts) if amounts else None)
            key = (entry["fiscal_year"], entry["stage"], entry["programme"])
            found[key] = (amounts, total, entry["status"])
        assert found == RECONCILED

    def test_every_entry_gives_its_reason_in_both_languages(
        self, reconciliations: list[dict[str, Any]]
    ) -> None:
        for entry in reconciliations:
            for reason in (entry, *entry.get("candidate", ())):
                assert reason["why"].endswith("。")
                assert reason["why_en"].endswith(".")

    def test_the_open_entry_has_two_candidates(
        self, reconciliations: list[dict[str, Any]], budget: dict[str, Row]
    ) -> None:
        sums: dict[str, list[list[int]]] = {}
        for entry in reconciliations:
            for candidate in entry.get("candidate", ()):
                amounts = [int(budget[name]["amount_thousand_yen"]) for name in candidate["lines"]]
                assert sum(amounts) == candidate["total_thousand_yen"]
                sums.setdefault(entry["status"], []).append(amounts)
        assert sums == {"open": [[1_317_136, 250_000], [1_317_136, 250_000, 94_759]]}

    def test_a_fact_is_a_published_list_cut_to_thousands(
        self, reconciliations: list[dict[str, Any]]
    ) -> None:
        facts = [entry for entry in reconciliations if entry["status"] == "fact"]
        assert {entry["programme"] for entry in facts} == set(LISTS)
        for entry in facts:
            rows = rows_of(f"published/{entry['fiscal_year']}/{entry['programme']}.csv")
            total = sum(int(row["amount"]) for row in rows)
            assert total // 1_000 == entry["total_thousand_yen"]

    @pytest.mark.parametrize("prefix", ["2021-january", "2022-march", "2023-initial"])
    def test_lines_add_up_to_the_sums_printed_beside_them(
        self, prefix: str, budget: dict[str, Row]
    ) -> None:
        """The 合計 column of 地方公共団体負担金収入, and the 合計 row of 様式第7号."""

        def amount(name: str) -> int:
            return int(budget[f"{prefix}-{name}"]["amount_thousand_yen"])

        shares = [amount(f"{business}-revenue") for business in ("residents", "jpki", "lgwan")]
        assert sum(shares) == amount("all-revenue")
        form7 = [name.removeprefix(f"{prefix}-") for name in budget if f"{prefix}-form7" in name]
        assert sum(amount(name) for name in form7 if name != "form7-total") == amount("form7-total")
        parts = ("revenue", "deferred-income" if prefix == "2021-january" else "advance")
        inflow = amount("intermediate-server-cash-inflow")
        assert sum(amount(f"intermediate-server-{part}") for part in parts) == inflow

    def test_lines_say_where_they_stand(self, budget: dict[str, Row]) -> None:
        documents = {
            "2021": "第41回代表者会議 配付資料 令和4年1月13日",
            "2022": "第38回経営審議委員会 配付資料 令和5年3月2日",
            "2023": "第38回経営審議委員会 配付資料 令和5年3月2日",
        }
        for name, line in budget.items():
            year = line["fiscal_year"]
            stage = line["stage"].removesuffix("_supplementary")
            assert name.startswith(f"{year}-{stage}-")
            assert line["document"] == documents[year]
            assert "議案第" in line["place"] or "参考資料" in line["place"]
            assert line["table"]
            assert line["item"]
            assert line["amount_thousand_yen"].isdigit()
            assert bool(line["business"]) == ("様式第7号" not in line["place"])
