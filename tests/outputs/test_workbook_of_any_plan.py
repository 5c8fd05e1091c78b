"""Workbooks of plans of one's own: hostile names, large amounts, missing lists, limits."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import polars as pl
import pytest
from openpyxl import load_workbook

from allocator.domain.errors import InputError
from allocator.outputs.workbook.book import limits
from allocator.outputs.workbook.book.book import unique
from allocator.outputs.workbook.book.cells import LARGEST_NUMBER, height, width
from allocator.outputs.workbook.book.strings import sheet_name
from allocator.outputs.workbook.model import build as building
from allocator.outputs.workbook.model.proofs import payers_once
from allocator.results.agreement import Agreement
from allocator.tasks.compute import compute_plan
from allocator.tasks.earlier import against
from tests.outputs.country import (
    PLAN,
    ROADS,
    TROUBLE,
    named,
    opened,
    part,
    rendered,
    rows,
    sheet,
    write_country,
)

CARRIED = """\
id = "roads"
name = "道路に係る負担金"
payers = "prefectures"
basis = "carried_forward"
total = 1000000
published = "roads_2030.csv"
[carried_forward]
list = "roads_2029.csv"
[rounding]
unit = 1
method = "largest_remainder"
"""


def test_names_stay_text_whatever_they_look_like(country: Path) -> None:
    content = rendered(compute_plan(country))
    workbook = load_workbook(BytesIO(content), data_only=True)

    listed = [row[2] for row in rows(sheet(workbook, "一覧2"), 4) if row[2] is not None]
    assert listed == list(TROUBLE)
    strings = part(content, "xl/sharedStrings.xml")
    # The format's way to write such a name.
    assert "&#95;x005F&#95;x0041&#95; a,b\n&#95;x005F&#95;x0042&#95;x005F" in strings
    for number in range(1, len(workbook.sheetnames) + 1):
        text = part(content, f"xl/worksheets/sheet{number}.xml")
        assert not re.search("<f>[^<]*example", text)
        assert "r:id" not in "".join(re.findall("<hyperlink [^>]*>", text))


def test_a_source_that_looks_like_a_formula_is_text(country: Path) -> None:
    cell = sheet(opened(country), "総括")["I4"]

    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_lists_of_an_invented_country(country: Path) -> None:
    workbook = opened(country)

    roads = sheet(workbook, "一覧1")
    assert roads.title == "一覧1 道路_1__"
    assert rows(roads)[0][0] == "道路[1]: 'に係る令和12年度負担金一覧(都道府県別)"
    assert rows(roads, 4) == [("東国", 566_700), ("西国", 433_300), ("合計", 1_000_000)]
    wells = rows(sheet(workbook, "一覧2"))
    assert wells[0][0] == "wells 令和12年度一覧(団体別)"
    assert [row[3] for row in wells[3:]] == [5, 8, 8, 8, 5, 8, 7]
    assert named(workbook, "wells_total") == [49]


def test_payers_that_are_municipalities_alone(tmp_path: Path) -> None:
    wells = """\
id = "wells"
name = "井戸負担金"
payers = "municipalities"
basis = "rule"
total = 500
[[share]]
weight = "1"
by = "equal"
[rounding]
unit = 1
method = "largest_remainder"
"""
    plan = PLAN.replace('"roads", ', "")
    workbook = opened(write_country(tmp_path / "country", plan=plan, wells=wells))

    title, _, heading, *listed = rows(sheet(workbook, "一覧1"))
    assert title[0] == "井戸令和12年度負担金一覧(市区町村別)"
    assert heading == ("団体コード", "都道府県名", "市区町村名", "金額")
    assert [row[3] for row in listed] == [100] * 5


def test_exempt_payers_are_marked_where_the_amounts_are_computed(tmp_path: Path) -> None:
    roads = f'{ROADS}[[adjustment]]\nreason = "独自設備"\nexempt = ["W"]\n'

    workbook = opened(write_country(tmp_path / "country", roads=roads))

    of = sheet(workbook, "算定1")
    lines = rows(of)
    assert lines[-1][:4] == ("W", "西国", "免除", 40)
    assert ("調整", "Wの負担を免除(理由: 独自設備)") in rows(sheet(workbook, "算定方法"))
    assert named(workbook, "roads_amounts") == [1_000_000, 0]


def test_the_rest_goes_to_the_first_payer_that_has_a_share(tmp_path: Path) -> None:
    roads = ROADS.partition("[[share]]")[0].replace("1000000", "1000050")
    roads += '[[share]]\nweight = "1"\nby = "staff"\n'
    roads += '[rounding]\nunit = 100\nmethod = "largest_remainder"\nrest = "first"\n'
    plan = PLAN.replace(', "wells"', "")
    folder = write_country(tmp_path / "country", plan=plan, roads=roads)
    (folder / "staff.csv").write_text("code,staff\nE,0\nW,40\n", encoding="utf-8")

    workbook = opened(folder)

    assert named(workbook, "roads_amounts") == [0, 1_000_050]
    (line,) = [row for row in rows(sheet(workbook, "算定1")) if row[0] == "単位未満の額(円)"]
    assert "割合のある先頭の団体に加える" in line


@pytest.mark.parametrize("total", [LARGEST_NUMBER, LARGEST_NUMBER + 1, 2**53 + 1, 10**18])
def test_amounts_beyond_what_a_spreadsheet_holds_are_text(total: int, tmp_path: Path) -> None:
    roads = ROADS.replace("1000000", str(total)).replace("unit = 100", "unit = 1")
    outcome = compute_plan(write_country(tmp_path / "country", roads=roads))
    allocation = outcome.programmes[0].allocation
    assert allocation is not None
    workbook = load_workbook(BytesIO(rendered(outcome)), data_only=True)

    def shown(amount: int) -> object:
        return amount if amount <= LARGEST_NUMBER else f"{amount:,}"

    assert named(workbook, "roads_total") == [shown(total)]
    assert named(workbook, "roads_amounts") == [shown(each) for each in allocation.amounts]
    checks = [row for row in rows(sheet(workbook, "検算"), 4) if "道路" in str(row[1])]
    assert "否" not in [row[6] for row in checks]
    noted = [row for row in checks if row[6] == "注記"]
    assert len(noted) == (total > LARGEST_NUMBER)


def test_a_programme_without_its_list_is_not_computed(tmp_path: Path) -> None:
    plan = write_country(tmp_path / "country", roads=CARRIED)

    workbook = opened(plan)

    found = [str(value) for row in rows(sheet(workbook, "一覧1")) for value in row if value]
    assert "未算定" in found
    assert any("roads_2029.csv" in text for text in found)
    assert "算定1" not in "".join(workbook.sheetnames)
    assert "roads_amounts" not in workbook.defined_names
    assert named(workbook, "roads_total") == [1_000_000]
    assert rows(sheet(workbook, "総括"), 4)[0][5] == "未算定"
    assert rows(sheet(workbook, "検算"), 4)[0][6] == "未算定"
    assert "未算定" in str(rows(sheet(workbook, "市区町村別"), 3)[0][4])


@pytest.mark.parametrize("basis", ["carried_forward", "estimated"])
def test_amounts_without_a_rule_are_never_called_verified(basis: str, tmp_path: Path) -> None:
    if basis == "carried_forward":
        plan = write_country(tmp_path / "country", roads=CARRIED)
        (plan / "roads_2029.csv").write_text("code,amount\nE,3\nW,1\n", encoding="utf-8")
    else:
        text = ROADS.replace('"rule"', '"estimated"')
        text = text.replace('source = "=1+1"', 'published = "roads_2030.csv"\nstated_error = "±5%"')
        text = text.replace("1/3", "1/2").replace("2/3", "1/2")
        plan = write_country(tmp_path / "country", roads=text)
    amounts = "E,750000\nW,250000" if basis == "carried_forward" else "E,550000\nW,450000"
    (plan / "roads_2030.csv").write_text(f"code,amount\n{amounts}\n", encoding="utf-8")
    outcome = compute_plan(plan)
    found = outcome.programmes[0].agreement
    assert isinstance(found, Agreement)
    assert (found.matched, found.different) == (2, 0)

    workbook = load_workbook(BytesIO(rendered(outcome)), data_only=True)

    summary = rows(sheet(workbook, "総括"), 4)
    assert summary[0][5] == {"carried_forward": "公表割合の引継ぎ", "estimated": "推計"}[basis]
    assert "規則による再現ではない" in str(summary[0][6])
    assert "一致" not in str(summary[0][6])
    assert basis != "estimated" or any("±5%" in str(row[0]) for row in summary)
    checks = [
        row
        for row in rows(sheet(workbook, "検算"), 4)
        if "公表一覧の金額" in str(row[2]) or "公表一覧と" in str(row[2])
    ]
    assert [row[6] for row in checks if "道路" in str(row[1])] == ["注記"]


def test_a_rule_that_misses_its_list_is_said_to(tmp_path: Path) -> None:
    roads = ROADS.replace('source = "=1+1"', 'published = "roads_2030.csv"')
    plan = write_country(tmp_path / "country", roads=roads)
    (plan / "roads_2030.csv").write_text("code,amount\nE,566700\nW,433301\n", encoding="utf-8")

    workbook = opened(plan)

    assert rows(sheet(workbook, "総括"), 4)[0][6] == "2団体中 1団体が一致、相違 1件"
    of = sheet(workbook, "検算")
    assert rows(of)[1][0] == "否 1 件"
    (wrong,) = [row for row in rows(of, 4) if row[6] == "否"]
    assert wrong[3:6] == (1, 2, -1)


def test_the_checks_can_fail(country: Path) -> None:
    outcome = compute_plan(country)
    everyone = outcome.register.valid_on(outcome.plan.table.payers_on)
    short = everyone.filter(pl.col("code") != "W")
    programme, allocation = outcome.programmes[0].programme, outcome.programmes[0].allocation
    assert allocation is not None

    assert payers_once(programme, allocation, everyone) == (2, 2)
    assert payers_once(programme, allocation, short) == (0, 1)
    stranger = short.vstack(everyone.filter(pl.col("code") == "E").with_columns(code=pl.lit("X")))
    assert payers_once(programme, allocation, stranger) == (0, 2)


def test_the_check_of_the_breakdown_can_fail(country: Path) -> None:
    outcome = compute_plan(country)
    roads, wells = outcome.programmes
    assert roads.notional is not None
    first, *others = roads.notional.amounts
    wrong = replace(roads, notional=replace(roads.notional, amounts=(first + 1, *others)))

    content = rendered(replace(outcome, programmes=(wrong, wells)))

    found = rows(sheet(load_workbook(BytesIO(content), data_only=True), "検算"), 4)
    (check,) = [row for row in found if "按分の計" in str(row[2])]
    assert check[3:7] == (1, 2, -1, "否")


def test_headings_of_tables_are_unique_whatever_they_are_called() -> None:
    given = ["a", "A", "=1+1", "_x0041_", "", "a\u0001b", "x" * 300, "x" * 300]

    found = unique(given)

    assert len({name.casefold() for name in found}) == len(given)
    assert found[:4] == ["a", "A(2)", "=1+1", " x0041_"]
    assert all(0 < len(name) <= 255 for name in found)
    assert unique(["a(2)", "a", "A"]) == ["a(2)", "a", "A(3)"]


def test_sheet_names_are_valid_whatever_the_programme_is_called() -> None:
    for title in (
        "道路[1]: 'に",
        "a/b\\c?*:[]",
        "𠮷" * 40,
        "x" * 24 + "'" * 9,
        "",
        "=1",
        "\n\u0001",
    ):
        name = sheet_name("一覧", 12, title)
        assert name.startswith("一覧12")
        assert len(name.encode("utf-16-le")) <= 62
        assert not set(name) & set("[]:*?/\\\n\u0001")
        assert not name.endswith(("'", " "))


def test_more_rows_than_a_sheet_has_are_refused(
    country: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_ROWS", 106)

    with pytest.raises(InputError, match=r"7 organisations; a sheet of allocation\.xlsx holds 6"):
        opened(country)


def test_texts_longer_than_a_cell_are_refused(tmp_path: Path) -> None:
    """In what counts as long a sheet is stricter than a register: it counts units of UTF-16."""
    for number, name in enumerate(("a" * 32_768, "𠮷" * 16_384)):
        country = write_country(tmp_path / f"{number}", (name, "b", "c", "d", "e"))
        with pytest.raises(InputError) as caught:
            opened(country)
        (problem,) = caught.value.problems
        assert "municipality" in problem.where


def test_texts_of_a_plan_that_no_cell_could_hold_are_refused(tmp_path: Path) -> None:
    country = write_country(tmp_path / "country", roads=ROADS.replace("=1+1", "s" * 32_768))
    with pytest.raises(InputError) as caught:
        opened(country)
    (problem,) = caught.value.problems
    assert (problem.where, problem.code) == (f"{country / 'roads.toml'}", "too_large")


def test_texts_as_long_as_a_cell_are_written_whole(tmp_path: Path) -> None:
    names = ("a" * 32_767, "𠮷" * 16_383, "c", "d", "e")

    workbook = opened(write_country(tmp_path / "country", names))

    assert [row[2] for row in rows(sheet(workbook, "一覧2"), 4)][1:3] == list(names[:2])


def test_widths_count_a_kanji_as_two() -> None:
    assert width(["漢字", "abc"]) == 6
    assert width(["漢字仮名", "abc"]) == 10
    assert width(["漢" * 100]) == 60
    assert height("漢" * 20, 20) > 2 * height("漢", 20)


def test_an_earlier_plan_is_compared_payer_by_payer(tmp_path: Path) -> None:
    now = compute_plan(write_country(tmp_path / "now"))
    roads = ROADS.replace("1000000", "800000")
    before = compute_plan(write_country(tmp_path / "before", roads=roads))

    content = rendered(against(now, before))

    of = sheet(load_workbook(BytesIO(content), data_only=True), "前年度比較")
    (place,) = (place for place, row in enumerate(rows(of)) if row[0] == "団体コード")
    assert rows(of)[place - 1][3] == "比較: 令和12年度の計画(規則による)"
    heading, first = rows(of)[place], rows(of)[place + 1]
    assert heading[:7] == (
        "団体コード", "都道府県名", "市区町村名",
        "前回(円)", "令和12年度(円)", "増減(円)", "増減率",
    )  # fmt: skip
    old, new = (outcome.programmes[0].allocation for outcome in (before, now))
    assert old is not None
    assert new is not None
    gap = new.by_code["E"] - old.by_code["E"]
    assert first[:6] == ("E", "東国", None, old.by_code["E"], new.by_code["E"], gap)
    assert first[6] == pytest.approx(gap / old.by_code["E"])


def test_without_an_earlier_plan_there_is_no_comparison(country: Path) -> None:
    found = rows(sheet(opened(country), "前年度比較"))

    assert "比較はない" in str(found[2][0])
    assert "previous" in str(found[3][0])


def test_beyond_a_number_of_payers_amounts_are_values(
    country: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "MOST_LIVE", 1)

    content = rendered(compute_plan(country))

    of = sheet(load_workbook(BytesIO(content)), "算定1")
    formulas = load_workbook(BytesIO(content))
    assert named(formulas, "roads_amounts") == [566_700, 433_300]
    assert "再計算されない" in str(of["A2"].value)
    checks = rows(sheet(load_workbook(BytesIO(content), data_only=True), "検算"), 4)
    assert any("入力を変更していない" in str(row[2]) and row[6] == "適" for row in checks)
