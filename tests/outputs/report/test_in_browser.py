"""report.html in a headless Chromium: as a file, with the network off."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from allocator.outputs.report import render_report
from allocator.results.outcome import Outcome
from allocator.tasks.compute import compute_plan
from allocator.tasks.earlier import against, with_previous
from tests.acceptance.recompute import ROOT
from tests.outputs.report.conftest import Opener
from tests.outputs.report.plans import ROADS, WELLS, write_plan
from tests.outputs.report.reading import codes, status, sums

EXAMPLE = ROOT / "docs" / "examples" / "2026"


def choose(page: Page, programme: str) -> None:
    """Choose the programme that the charts show."""
    page.locator("#switcher label", has_text=programme).click()


def tile_texts(page: Page) -> list[str]:
    """Return all text of the map."""
    return page.locator("#map svg text").all_text_contents()


def test_it_loads_with_the_network_off(open_page: Opener, report: bytes) -> None:
    page = open_page(report)
    expect(page).to_have_title("令和5年度 負担金・交付金の算定結果")
    for chart in ("#map", "#bars", "#sizes-chart"):
        assert page.locator(f"{chart} svg").count() == 1
    status(page, 1788)
    assert len(codes(page)) == 100
    assert page.locator("#table tbody.rows tr").first.inner_text().startswith("010006")


def test_switching_the_programme_redraws_map_bars_and_tables(
    open_page: Opener, report: bytes, outcome: Outcome
) -> None:
    page = open_page(report)
    assert {"東京", "7.2", "鳥取", "35.2"} <= set(tile_texts(page))
    before = page.locator("#bars svg").inner_html()
    choose(page, "特定個人情報")
    expect(page.locator("#map")).to_have_attribute("data-programme", "2")
    allocation = outcome.programmes[2].allocation
    assert allocation is not None
    frame = allocation.frame()
    paid = frame.filter(frame["prefecture"] == "鳥取県")["amount"].sum()
    persons = int(
        outcome.programmes[2].measures[0].values[list(allocation.by_code).index("310000")]
    )
    assert f"{paid / persons:.1f}" in tile_texts(page)
    assert "7.2" not in tile_texts(page)
    assert page.locator("#bars svg").inner_html() != before
    expect(page.locator("#map-note")).to_contain_text("2019年1月1日現在")
    shown = page.locator("#sizes .by-programme:visible")
    assert shown.count() == 1
    expect(shown).to_contain_text("特定個人情報の提供の求め等: 市区町村の負担額")


def test_the_programme_is_switched_by_arrow_keys(open_page: Opener, report: bytes) -> None:
    page = open_page(report)
    page.locator("#switcher input").first.focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator("#map")).to_have_attribute("data-programme", "1")
    expect(page.locator("#switcher input").nth(1)).to_be_checked()


def test_bars_in_order_of_amount(open_page: Opener, report: bytes) -> None:
    page = open_page(report)
    labels = page.locator("#bars .role-axis-label text")
    assert labels.all_text_contents()[-47:][0] == "北海道"
    page.get_by_label("並び順").select_option("金額の大きい順")
    assert labels.all_text_contents()[-47:][:3] == ["東京", "神奈川", "大阪"]


def test_the_pointer_tells_a_prefecture_s_figures(
    open_page: Opener, report: bytes, outcome: Outcome
) -> None:
    page = open_page(report)
    page.locator("#map text", has_text="京都").scroll_into_view_if_needed()
    page.locator("#map text", has_text="京都").hover(force=True)
    allocation = outcome.programmes[0].allocation
    assert allocation is not None
    expect(page.locator(".tip")).to_contain_text(f"{allocation.by_code['260002']:,}円")


def test_everything_is_reached_by_keyboard(open_page: Opener, report: bytes) -> None:
    page = open_page(report)
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    reached = set()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        found = page.evaluate(
            "(() => { const at = document.activeElement;"
            " return [at.id || at.name || at.textContent.trim().slice(0, 12),"
            " getComputedStyle(at).outlineStyle, at.matches('.switcher input')]; })()"
        )
        reached.add(found[0])
        assert found[1] != "none" or found[2], found
    wanted = {"programme", "bars-order", "query", "area", "kind", "download", "page-size", "forth"}
    assert wanted <= reached


def test_names_of_charts_and_tables_for_screen_readers(open_page: Opener, report: bytes) -> None:
    page = open_page(report)
    for chart in ("#map", "#bars", "#sizes-chart"):
        label = page.locator(chart).get_attribute("aria-label")
        assert label is not None
        assert "本人確認情報処理事務等" in label
    assert page.locator("table:not(:has(caption))").count() == 0
    assert page.locator("#status[role=status][aria-live=polite]").count() == 1
    assert page.locator("th:not([scope])").count() == 0
    nameless = "[...document.querySelectorAll('input, select')].filter((at) => !at.labels.length)"
    assert page.evaluate(f"{nameless}.length") == 0


def test_light_and_dark(open_page: Opener, report: bytes) -> None:
    page = open_page(report)

    def colours() -> list[str]:
        found = page.evaluate(
            "[document.body, document.querySelector('#map path[fill^=\"var(--map\"]'),"
            " document.querySelector('#map text')].map((each) => {"
            " const style = getComputedStyle(each);"
            " return each === document.body ? style.backgroundColor : style.fill; })"
        )
        assert isinstance(found, list)
        return found

    light = colours()
    page.emulate_media(color_scheme="dark")
    dark = colours()
    assert light[0] == "rgb(245, 246, 248)"
    assert dark[0] == "rgb(18, 23, 30)"
    assert all(one != other for one, other in zip(light, dark, strict=True))
    page.emulate_media(color_scheme="dark", media="print")
    assert colours()[1:] == light[1:]


def test_on_paper_controls_are_left_out_and_headings_stay(open_page: Opener, report: bytes) -> None:
    page = open_page(report)
    page.emulate_media(media="print")
    for control in ("#filters", ".pager", ".places", "#bars-order"):
        expect(page.locator(control)).to_be_hidden()
    expect(page.locator("#map svg")).to_be_visible()
    expect(page.locator("#table thead .on-paper").first).to_be_visible()
    assert page.pdf(prefer_css_page_size=True).startswith(b"%PDF")
    expect(page.locator("details.numbers")).not_to_have_count(0)
    expect(page.locator("details.numbers[open]")).to_have_count(0)


@pytest.mark.parametrize("width", [390, 768, 1600])
def test_no_width_makes_the_page_wider_than_the_window(
    open_page: Opener, report: bytes, width: int
) -> None:
    page = open_page(report, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_year_before_is_drawn(open_page: Opener, outcome: Outcome, earlier: Outcome) -> None:
    page = open_page(render_report(against(outcome, earlier)))
    expect(page.locator("#change-chart svg")).to_be_visible()
    first = page.locator("#change-chart svg").inner_html()
    choose(page, "公的個人認証")
    assert page.locator("#change-chart svg").inner_html() != first


def test_a_published_list_and_a_plan_are_told_apart(open_page: Opener, tmp_path: Path) -> None:
    rows = ["code,amount", *(f"{code},1000000" for code in ("402311", "193411", "131016"))]
    (tmp_path / "intermediate_server.csv").write_text("\n".join(rows), encoding="utf-8")
    given = [str(tmp_path / "intermediate_server.csv"), "jpki=2023"]
    page = open_page(render_report(with_previous(compute_plan(EXAMPLE), given)))
    whole = page.locator("#change table").first
    expect(whole).to_contain_text("公表一覧(年度の記載なし、intermediate_server.csv)")
    expect(whole).to_contain_text("令和5年度の計画(規則 82.5%、引継ぎ 17.5%。公表額ではない)")
    expect(page.locator("#change")).to_contain_text("本人確認情報処理事務等(前年度の資料にない)")
    choose(page, "特定個人情報")
    expect(page.locator("#change-chart svg")).to_be_visible()
    of_servers = page.locator('#change .by-programme[data-programme="2"]')
    expect(of_servers).to_contain_text("前回に額のない団体(新) 1,786")
    expect(of_servers).to_contain_text("上九一色村 193411")
    expect(of_servers).to_contain_text("1,000,000 分割(按分しない)".replace(" ", ""))


def test_without_the_list_charts_are_drawn_all_the_same(open_page: Opener, tmp_path: Path) -> None:
    rows = [
        (f"P{area:02}", f"第{area}県", "", "prefecture", 20_000 * (area + 1)) for area in range(25)
    ]
    rows += [
        (f"P{area:02}M{number:03}", f"第{area}県", f"第{number}町", "town", 20 * (area + 1))
        for area in range(25)
        for number in range(1000)
    ]
    outcome = compute_plan(write_plan(tmp_path / "plan", {"wells": WELLS}, rows))
    page = open_page(render_report(outcome))
    for chart in ("#bars", "#sizes-chart"):
        expect(page.locator(f"{chart} svg")).to_be_visible()
    assert page.locator("#table").count() == 0


def test_nothing_to_pay_is_drawn_without_complaint(open_page: Opener, tmp_path: Path) -> None:
    roads = ROADS.replace("1_000_000", "0")
    wells = WELLS.replace("amount = 5", "amount = 0").replace("amount = 7", "amount = 0")
    plan = write_plan(tmp_path / "plan", {"roads": roads, "wells": wells})
    outcome = compute_plan(plan)
    page = open_page(render_report(against(outcome, outcome)))
    assert sums(page, "paid")[0] == "0"
    choose(page, "wells")
    expect(page.locator("#bars svg")).to_be_visible()


def test_without_scripts_the_figures_are_there(open_page: Opener, report: bytes) -> None:
    page = open_page(report, java_script_enabled=False)
    expect(page.locator("#summary")).to_contain_text("1,514,000,000")
    page.get_by_text("都道府県別の数値を表で見る").click()
    expect(page.locator("#areas table")).to_contain_text("北海道")
    expect(page.locator("#switcher")).to_be_hidden()
