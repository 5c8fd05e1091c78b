"""The table of organisations in a headless Chromium."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, expect

from allocator.domain.formulas import guarded
from allocator.outputs.report import render_report
from allocator.results.outcome import Outcome
from allocator.tasks.compute import compute_plan
from allocator.tasks.earlier import against
from tests.names.nasty import Words
from tests.names.nasty import write_plan as write_nasty_plan
from tests.outputs.report.conftest import Opener
from tests.outputs.report.plans import COUNTRY, ROADS, SCRIPT, write_plan
from tests.outputs.report.reading import codes, names, status, sums

SEARCHES: Final = {
    "三宅": ["133817", "293628"],
    "みやけ": ["133817", "293628"],
    "ミヤケ": ["133817", "293628"],
    "ﾐﾔｹ": ["133817", "293628"],
    "みやけむら": ["133817"],
    "三宅　奈良": ["293628"],
    "ならけん みやけ": ["293628"],
    "磯城郡三宅町": ["293628"],
    "131016": ["131016"],
    "１３１０１６": ["131016"],
    "11002": ["011002"],
    "曽於市": ["462179"],
    "曾於市": ["462179"],
    "鰺ケ沢町": ["023213"],
    "どこにもない": [],
}
"""What is typed, and the codes that it finds."""


def test_search(open_page: Opener, report: bytes) -> None:
    page = open_page(report)
    for query, expected in SEARCHES.items():
        page.get_by_label("名称・読み・団体コード").fill(query)
        expect(page.locator("#table tbody.rows td.code")).to_have_text(expected)
        status(page, len(expected))


def test_a_beginning_of_a_code_finds_all_that_begin_so(open_page: Opener, report: bytes) -> None:
    page = open_page(report)
    page.get_by_label("名称・読み・団体コード").fill("1310")
    status(page, 9)
    assert all(code.startswith("1310") for code in codes(page))


def test_sums_of_a_filter_are_the_engine_s(
    open_page: Opener, report: bytes, outcome: Outcome
) -> None:
    page = open_page(report)
    assert sums(page, "paid")[:4] == [
        str(each.allocation.total) for each in outcome.programmes if each.allocation
    ]
    page.get_by_label("都道府県", exact=True).select_option("奈良県")
    page.get_by_label("種別", exact=True).select_option("町")
    allocation = outcome.programmes[2].allocation
    assert allocation is not None
    towns = allocation.payers.filter(
        (allocation.payers["prefecture"] == "奈良県") & (allocation.payers["kind"] == "town")
    )["code"].to_list()
    status(page, len(towns))
    paid = sum(allocation.by_code[code] for code in towns)
    assert sums(page, "paid") == ["0", "0", str(paid), "0", str(paid)]
    expected = []
    for each in outcome.programmes:
        if each.notional is None:
            expected.append("")
            continue
        notional = zip(each.notional.municipalities["code"], each.notional.amounts, strict=True)
        expected.append(str(sum(amount for code, amount in notional if code in towns)))
    assert sums(page, "notional") == [*expected, ""]
    page.get_by_role("button", name="条件を消す").click()
    status(page, 1788)


def test_notional_figures_are_marked_in_every_cell(open_page: Opener, report: bytes) -> None:
    page = open_page(report)
    page.get_by_label("名称・読み・団体コード").fill("千代田区")
    status(page, 1)
    cells = page.locator("#table tbody.rows tr td").all_inner_texts()
    assert [cell.startswith("参考 ") for cell in cells[5:]] == [True, True, False, True, False]


def test_sorting_by_pointer_and_keyboard(
    open_page: Opener, report: bytes, outcome: Outcome
) -> None:
    page = open_page(report)
    heading = page.locator("#table thead th", has_text="特定個人情報の提供の求め等")
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "descending")
    allocation = outcome.programmes[2].allocation
    assert allocation is not None
    ordered = sorted(allocation.by_code.items(), key=lambda row: (-row[1], row[0]))
    assert codes(page) == [code for code, _ in ordered[:100]]
    heading.get_by_role("button").press("Enter")
    expect(heading).to_have_attribute("aria-sort", "ascending")
    ordered.sort(key=lambda row: (row[1], row[0]))
    assert codes(page) == [code for code, _ in ordered[:100]]
    page.locator("#table thead th", has_text="市区町村").get_by_role("button").click()
    kana = outcome.register.valid_on(outcome.plan.table.payers_on).select("code", "kana")
    readings = dict(kana.iter_rows())
    assert readings[codes(page)[0]].startswith("アイ")
    assert page.locator("#table thead th[aria-sort]").count() == 1


def test_pages_of_the_table(open_page: Opener, report: bytes) -> None:
    page = open_page(report)
    forth = page.get_by_role("button", name="次へ")
    back = page.get_by_role("button", name="前へ")
    expect(back).to_be_disabled()
    first = codes(page)
    forth.click()
    assert codes(page) != first
    expect(page.locator("#status")).to_contain_text("101〜200件目")
    back.click()
    assert codes(page) == first
    page.get_by_label("1ページの行数").select_option("すべて")
    assert len(codes(page)) == 1788
    expect(forth).to_be_disabled()


def saved(page: Page, folder: Path) -> list[list[str]]:
    """Save what the table shows as CSV; return its rows."""
    with page.expect_download() as download:
        page.get_by_role("button", name="CSVを保存").click()
    file = folder / "saved.csv"
    download.value.save_as(file)
    assert re.fullmatch(r"organisations_\d{4}\.csv", download.value.suggested_filename)
    content = file.read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_saved_csv_is_the_engine_s(
    open_page: Opener, report: bytes, outcome: Outcome, tmp_path: Path
) -> None:
    page = open_page(report)
    heads, *rows = saved(page, tmp_path)
    assert len(rows) == 1788
    assert heads[:7] == [
        *("団体コード", "都道府県", "市区町村", "読み", "種別"),
        *("人口(2022年1月1日現在)", "人口(2019年1月1日現在)"),
    ]
    for each in outcome.programmes:
        assert each.allocation is not None
        label = each.programme.title.partition("に係る")[0]
        column = heads.index(f"{label} 負担額(円)")
        found = {row[0]: int(row[column]) for row in rows if row[column]}
        assert found == dict(each.allocation.by_code)
        if each.notional is None:
            assert f"{label} 参考額(円)" not in heads
            continue
        column = heads.index(f"{label} 参考額(円)")
        found = {row[0]: int(row[column]) for row in rows if row[column]}
        expected = zip(each.notional.municipalities["code"], each.notional.amounts, strict=True)
        assert found == dict(expected)


def test_the_csv_has_all_that_is_found_and_nothing_else(
    open_page: Opener, report: bytes, tmp_path: Path
) -> None:
    page = open_page(report)
    page.get_by_label("都道府県", exact=True).select_option("北海道")
    status(page, 180)
    _, *rows = saved(page, tmp_path)
    assert len(rows) == 180
    assert {row[1] for row in rows} == {"北海道"}


def test_hostile_names_are_shown_and_do_nothing(
    open_page: Opener, country: Outcome, tmp_path: Path
) -> None:
    page = open_page(render_report(against(country, country)))
    status(page, len(COUNTRY))
    assert names(page) == [row[2] or "(都道府県)" for row in COUNTRY]
    page.get_by_label("名称・読み・団体コード").fill("</script>")
    status(page, 1)
    page.get_by_role("button", name="条件を消す").click()
    status(page, len(COUNTRY))
    page.locator("#bars .role-mark path").last.hover(force=True)
    expect(page.locator(".tip")).to_contain_text("西国<img")
    assert page.evaluate("window.broken") is None
    _, *rows = saved(page, tmp_path)
    assert [row[2] for row in rows] == [guarded(row[2]) for row in COUNTRY]
    assert SCRIPT in [row[2] for row in rows]


def test_the_saved_csv_has_no_formula(open_page: Opener, tmp_path: Path) -> None:
    said = Words("=東", ("'=1+1", "\u3000＠SUM", '-"x"'), ("道路", "井戸"), "", "残", "備")
    outcome = compute_plan(write_nasty_plan(tmp_path / "plan", said))
    page = open_page(render_report(outcome))
    status(page, 7)
    _, *rows = saved(page, tmp_path)
    assert {row[1] for row in rows} == {"'=東", "西国"}
    assert [row[2] for row in rows[1:4]] == ["''=1+1", "'＠SUM", '\'-"x"']


def test_codes_of_another_country_are_found_in_their_middle(
    open_page: Opener, country: Outcome
) -> None:
    page = open_page(render_report(country))
    page.get_by_label("名称・読み・団体コード").fill("e2")
    status(page, 1)
    assert codes(page) == ["E2"]


def test_sums_beyond_what_javascript_counts_are_exact(open_page: Opener, tmp_path: Path) -> None:
    total = 10**18
    roads = ROADS.replace("1_000_000", f"{total}").replace("unit = 100", "unit = 1")
    outcome = compute_plan(write_plan(tmp_path / "plan", {"roads": roads}))
    page = open_page(render_report(outcome))
    assert sums(page, "paid") == [str(total), str(total)]
    assert sums(page, "notional")[0] == str(total)
