"""Programmes of parts in the workbook: their sheets, their names, and what LibreOffice computes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from allocator.domain.figures import tenths
from allocator.files.source import Sources
from allocator.results.outcome import Outcome
from allocator.sources.lists.anywhere import read_lists
from allocator.tasks.compute import compute_plan
from tests.outputs.country import named, rendered, rows, sheet
from tests.outputs.country_of_sums import MIXED, STAFF, part, write_plan
from tests.outputs.recomputed import check, verdicts
from tests.outputs.spreadsheet import Edit, differing, edited, recalculated


@pytest.fixture(scope="module")
def soffice(require_tool: Callable[[str], str]) -> str:
    return require_tool("soffice")


@pytest.fixture(scope="module")
def sums(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Give the plan of sums, computed."""
    return compute_plan(write_plan(tmp_path_factory.mktemp("sums") / "plan"))


@pytest.fixture(scope="module")
def book(sums: Outcome) -> Workbook:
    """Give its workbook, read back."""
    return load_workbook(BytesIO(rendered(sums)), data_only=True)


def lines_of(workbook: Workbook, name: str) -> dict[str, tuple[object, ...]]:
    """Return the lines of a sheet by what they begin with, the cells that say something."""
    found = rows(sheet(workbook, name))
    return {str(row[0]): tuple(cell for cell in row[1:6] if cell is not None) for row in found}


def test_each_part_has_a_sheet_and_names(workbook: Workbook, bundled: Outcome) -> None:
    jpki = next(each for each in bundled.programmes if each.parts)
    assert jpki.allocation is not None

    for number, own in enumerate(jpki.parts, start=1):
        assert own.allocation is not None
        name = f"jpki_part_{number}"
        assert named(workbook, f"{name}_total") == [own.allocation.given]
        assert named(workbook, f"{name}_amounts") == list(own.allocation.amounts)
        assert f"{name}_codes" not in workbook.defined_names  # a part is no list of its own
    assert named(workbook, "jpki_total") == [2_406_000_000]
    assert named(workbook, "jpki_part_1_unit") == [1000]
    assert named(workbook, "jpki_part_1_charged") == [661_995_000]
    assert named(workbook, "jpki_part_2_measure_1")[0] == 10_668_000
    assert named(workbook, "jpki_part_3_measure_1") == named(workbook, "residents_measure_1")
    assert "jpki_measure_1" not in workbook.defined_names
    assert "jpki_charged" not in workbook.defined_names
    heading = rows(sheet(workbook, "算定2-1"))[0][0]
    assert heading == "令和5年度 公的個人認証サービスに係る負担金 均等割 算定"


def test_the_programme_adds_up_its_parts(workbook: Workbook, written: Path) -> None:
    found = lines_of(workbook, "算定2")
    assert found["総額(円)"] == (2_406_000_000,)
    assert found["部分1 均等割(円)"][:2] == (661_995_000, "27.5%")
    assert found["部分2 割合表による額(円)"][1:3] == (
        "17.5%",
        "公表割合の引継ぎ。右は各部分の計に占める割合",
    )
    assert found["部分3 人口割(円)"][0] == 1_324_005_000

    formulas = load_workbook(written / "allocation.xlsx")
    of = sheet(formulas, "算定2")
    heading = next(row for row in of.iter_rows() if row[0].value == "団体コード")
    first = (heading[0].row or 0) + 1
    assert [cell.value for cell in heading[2:6]] == [
        "均等割(円)",
        "割合表による額(円)",
        "人口割(円)",
        "金額(円)",
    ]
    assert [str(of.cell(first, col).value)[:7] for col in (3, 4, 5)] == [
        "='算定2-1",
        "='算定2-2",
        "='算定2-3",
    ]
    assert of.cell(first, 6).value == f"=$C{first}+$D{first}+$E{first}"
    rest = str(sheet(formulas, "算定2-3")["C3"].value)
    assert rest == (
        "='算定2 公的個人認証サービス'!$C$3-'算定2-1 均等割'!$C$10-'算定2-2 割合表による額'!$C$3"
    )


def test_what_is_not_handed_out_is_shown(workbook: Workbook) -> None:
    found = lines_of(workbook, "算定2-1")

    assert found["総額(円)"] == (662_000_000,)
    assert found["請求する額(円)"][0] == 661_995_000
    assert found["配らない差(円)"][0] == -5_000
    checked = [row for row in rows(sheet(workbook, "検算"), 4) if str(row[1]).endswith("均等割")]
    (total,) = [row for row in checked if "一覧の合計" in str(row[2])]
    assert total[2:7] == ("一覧の合計が請求する額に等しい(円)", 661_995_000, 661_995_000, 0, "適")


def test_other_sheets_name_the_parts(workbook: Workbook) -> None:
    method = {str(row[0]): row[1] for row in rows(sheet(workbook, "算定方法")) if row[0]}
    assert method["部分1"] == "均等割"
    assert "661,995,000円" in str(method["部分1 総額"])
    assert "切捨て" in str(method["部分1 端数処理"])
    assert str(method["部分2 算定の根拠"]).startswith("公表割合の引継ぎ")
    assert method["部分2 割合"] == (
        "公表一覧(published/2023/jpki.csv)から逆算した一覧(derived/2023/jpki_by_ratio.csv)"
        "の割合を総額に当てはめる"
    )
    assert "他の部分の額を除いた残り" in str(method["部分3 総額"])

    inputs = {row[4]: row for row in rows(sheet(workbook, "入力データ"), 4)}
    assert inputs["jpki_part_2_measure_1"][1] == "公表一覧から求めた額(円)の計"
    assert inputs["jpki_part_2_measure_1"][5] == "derived/2023/jpki_by_ratio.csv"
    assert str(inputs["jpki_part_3_measure_1"][5]).endswith("resident_register_2022-01-01.csv")
    assert inputs["jpki_part_1_unit"][5] == "configs/2023/jpki.toml"
    assert not any(str(name).endswith(("_charged", "_amounts")) for name in inputs)

    summary = [str(row[0]) for row in rows(sheet(workbook, "総括")) if row[0]]
    bases = [line.partition(":")[0] for line in summary]
    assert bases.index("規則による") < bases.index("部分の合算") < bases.index("公表割合の引継ぎ")
    assert any("均等割: 各団体の額を個別に" in line for line in summary)

    statement = [(row[0], row[1]) for row in rows(sheet(workbook, "算定内訳書"))]
    start = statement.index(("部分1 均等割", None))
    assert statement[start : start + 17] == [
        ("部分1 均等割", None),
        ("総額(円)", 662_000_000),
        ("割合1", "1/1"),
        ("部分の額(円)", 14_085_000),
        ("部分2 割合表による額", None),
        ("総額(円)", 420_000_000),
        ("公表一覧から求めた額(円)", 10_668_000),
        ("部分の額(円)", 10_668_000),
        ("部分3 人口割", None),
        ("総額(円)", 1_324_005_000),
        ("割合1", "1/1"),
        ("人口(2022年1月1日現在)", 5_183_687),
        ("部分の額(円)", 54_501_246),
        ("総額(円)", 2_406_000_000),
        ("負担額(円)", 79_254_246),
        ("【参考】市区町村への按分(円)", "―"),
        (None, None),
    ]


def test_parts_are_no_lists_when_the_workbook_is_read(written: Path, bundled: Outcome) -> None:
    lists = read_lists(Sources().open(written / "allocation.xlsx"), bundled.register)

    assert [each.programme for each in lists] == [
        "residents",
        "jpki",
        "intermediate_server",
        "lgwan",
    ]


def test_payers_outside_a_part_have_a_blank(book: Workbook, sums: Outcome) -> None:
    mixed = sums.programmes[0]
    assert mixed.allocation is not None
    codes = named(book, "mixed_codes")

    hosts = dict(zip(codes, named(book, "mixed_part_2_amounts"), strict=True))

    assert [code for code, amount in hosts.items() if amount is not None] == ["A", "A3", "B1"]
    assert named(book, "mixed_amounts") == list(mixed.allocation.amounts)
    assert named(book, "mixed_total") == [987_654_321]
    assert named(book, "mixed_charged") == [mixed.allocation.total]
    assert mixed.allocation.total != 987_654_321
    assert rows(sheet(book, "総括"), 4)[0][4] == mixed.allocation.total


def test_a_measure_of_some_payers_refers_to_that_of_all(sums: Outcome) -> None:
    formulas = load_workbook(BytesIO(rendered(sums)))

    cells = [str(cell) for cell in named(formulas, "mixed_part_2_measure_1")]

    assert [cell.rpartition("!")[0] for cell in cells] == ["='入力データ(全団体)'"] * 3
    ((title, place),) = formulas.defined_names["mixed_part_2_measure_1"].destinations
    for (cell,) in formulas[title][place]:
        assert not cell.protection.locked


def test_shares_are_rounded_half_up() -> None:
    assert [tenths(yen, 10_000) for yen in (0, 4, 5, 3_335, 9_999, 10_000)] == [
        "0.0%",
        "0.0%",
        "0.1%",
        "33.4%",
        "100.0%",
        "100.0%",
    ]
    assert tenths(0, 0) == "0.0%"


@pytest.mark.parametrize("total", [10**15 - 1, 10**15, 10**18])
def test_sums_beyond_what_a_spreadsheet_holds_are_text(total: int, tmp_path: Path) -> None:
    text = f'payers = "prefectures"\ntotal = {total}\n'
    text += part("定額", "total = 1_000_000", MIXED, 1000, "ceiling")
    text += part("残り", 'total = "rest"', STAFF, 1, "half_up")
    outcome = compute_plan(write_plan(tmp_path / "plan", large=text))
    allocation = outcome.programmes[0].allocation
    assert allocation is not None

    found = load_workbook(BytesIO(rendered(outcome)), data_only=True)

    def shown(amount: int) -> object:
        return amount if amount < 10**15 else f"{amount:,}"

    assert named(found, "large_total") == [shown(total)]
    assert named(found, "large_amounts") == [shown(amount) for amount in allocation.amounts]
    assert named(found, "large_part_2_total") == [shown(total - outcome_charged(outcome))]
    assert "否" not in [row[6] for row in rows(sheet(found, "検算"), 4)]


def outcome_charged(outcome: Outcome) -> int:
    """Return what the first part of the first programme charges."""
    first = outcome.programmes[0].parts[0].allocation
    assert first is not None
    return first.total


def test_amounts_that_the_formulas_do_not_give_are_not_written(sums: Outcome) -> None:
    mixed, *others = sums.programmes
    assert mixed.allocation is not None
    first, *amounts = mixed.allocation.amounts
    wrong = replace(mixed.allocation, total=mixed.allocation.total + 1)
    wrong.__dict__["amounts"] = (first + 1, *amounts)

    with pytest.raises(AssertionError, match="mixed: the formulas do not give the amounts"):
        rendered(replace(sums, programmes=(replace(mixed, result=wrong), *others)))


def test_sums_recalculate(sums: Outcome, soffice: str, tmp_path: Path) -> None:
    content = rendered(sums)
    edits: dict[str, Edit] = {
        "totals": {
            "mixed_total": 1_000_000_007,
            "mixed_part_1_total": 23_456_789,
            "mixed_part_1_unit": 7,
            "mixed_part_2_unit": 1000,
            "mixed_part_4_unit": 9,
            "follows_part_1_total": 999_999,
            "follows_part_2_total": 6_000_000,
            "follows_part_2_weight_1": Fraction(1, 4),
            "follows_part_2_weight_2": Fraction(3, 4),
            "whole_total": 60_123_000,
            "whole_part_2_total": 2_000_000,
            "whole_part_2_measure_1": {0: 5},
        },
        "measures": {
            "'入力データ(市区町村)'!$D$5:$D$15": {0: 77, 4: 0, 10: 12},
            "'入力データ(都道府県)'!$C$5:$C$6": {1: 1_234},
            "'入力データ(全団体)'!$E$5:$E$17": {0: 99_999, 4: 1, 9: 31},
            "mixed_part_3_unit_amounts_municipalities": {1: 12_345},
            "statement_code": "B1",
        },
    }
    edits["below"] = {"mixed_total": 5}
    edits["values"] = {"values_part_1_total": 20_000_000}
    edits["twice"] = {"mixed_part_2_measure_1": {1: 5}}
    edits["broken"] = {"follows_part_1_total": 0.5}
    files = {name: edited(content, edit) for name, edit in edits.items()}

    found = recalculated(soffice, {"made": content, **files}, tmp_path)

    assert differing(content, found["made"]) == []
    assert verdicts(found["made"]) == []
    for name in ("totals", "measures", "twice"):
        assert len(list(check(sums, found[name], {"values"}))) == 3, name
    assert verdicts(found["totals"]) == []
    statement = [(row[0], row[1]) for row in found["measures"].rows("算定内訳書", 1)]
    host = statement.index(("部分2 設置団体", None))
    assert statement[host + 3 : host + 5] == [
        ("lines", found["measures"].named("mixed_part_2_measure_1")[2]),
        ("部分の額(円)", found["measures"].named("mixed_part_2_amounts")[-4]),
    ]
    staff = "入力を変更していない(この事業の金額は値で、再計算されない)"
    assert verdicts(found["measures"]) == [("values ドント", staff)]
    wrong = {name: {whose for whose, _ in verdicts(book)} for name, book in found.items()}
    assert wrong["below"] == {"mixed 残り"}
    assert wrong["values"] == {"values ドント", "values"}
    assert wrong["twice"] == {"mixed 設置団体"}
    assert wrong["broken"] == {"follows 均等割"}


def test_the_bundled_sum_follows_every_input(
    bundled: Outcome, written: Path, soffice: str, tmp_path: Path
) -> None:
    content = (written / "allocation.xlsx").read_bytes()
    edits: dict[str, Edit] = {
        "total": {"jpki_total": 2_500_000_001},
        "part": {"jpki_part_1_total": 700_000_123, "jpki_part_2_total": 430_000_000},
        "population": {"jpki_part_3_measure_1": {0: 6_000_001, 46: 1}},
    }
    files = {name: edited(content, edit) for name, edit in edits.items()}

    found = recalculated(soffice, files, tmp_path)

    for name, each in found.items():
        assert len(list(check(bundled, each))) == 4, name
        assert verdicts(each) == [], name
    assert found["total"].named("jpki_part_3_total") == [1_418_005_001]
    assert found["part"].named("jpki_part_3_total") == [
        2_406_000_000 - 430_000_000 - found["part"].named("jpki_part_1_charged")[0]  # type: ignore[operator]
    ]
    summary = list(found["total"].rows("総括", 4))
    assert summary[1][5] == "部分の合算(割合は「算定2」を参照)"
