"""The content of report.html against the engine's figures."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from allocator.domain.text import Text
from allocator.outputs.report import render_report
from allocator.outputs.report.data import MOST_AREAS
from allocator.outputs.report.figures import figures_of
from allocator.outputs.report.tiles import tiles
from allocator.results.agreement import Agreement, NotCompared
from allocator.results.outcome import Outcome
from allocator.sources.bundled import CONFIGS
from allocator.tasks.compute import compute_plan
from allocator.tasks.earlier import against
from tests.outputs.report.plans import COUNTRY, ROADS, SCRIPT, WELLS, data_of, words, write_plan

HALF_A_HUNDREDTH = Fraction(1, 200) + Fraction(1, 10**9)


def test_same_bytes_again_and_in_another_process(report: bytes, outcome: Outcome) -> None:
    assert render_report(outcome) == report
    script = (
        "import sys; from pathlib import Path\n"
        "from allocator.outputs.report import render_report\n"
        "from allocator.tasks.compute import compute_plan\n"
        "sys.stdout.buffer.write(render_report(compute_plan(Path(sys.argv[1]))))"
    )
    environment = os.environ | {
        "TZ": "Pacific/Kiritimati",
        "PYTHONHASHSEED": "7",
        "LC_ALL": "C",
        "PYTHONUTF8": "0",
        "PYTHONPATH": os.pathsep.join(path for path in sys.path if path),
    }
    again = subprocess.run(
        [sys.executable, "-c", script, str(CONFIGS / "2023")],
        env=environment,
        capture_output=True,
        check=True,
    )
    assert again.stdout == report


def test_it_is_small(report: bytes) -> None:
    assert len(report) < 1_500_000


def test_nothing_in_it_fetches_anything(report: bytes) -> None:
    page = re.sub(r"<script>.*?</script>|<pre.*?</pre>", "", report.decode(), flags=re.DOTALL)
    assert re.findall(r"https?://[^\s\"'<]*", page) == []
    assert re.findall(r"<(?:script|img|iframe|object|embed|base)\b[^>]*\bsrc=", page) == []
    assert re.findall(r"<link\b[^>]*>", page) == ['<link rel="icon" href="data:,">']


def test_the_title_names_the_fiscal_year(report: bytes) -> None:
    assert "<title>令和5年度 負担金・交付金の算定結果</title>" in report.decode()


def test_the_summary_says_what_each_programme_rests_on(report: bytes, outcome: Outcome) -> None:
    cards = re.findall(r'<li class="card".*?</li>', report.decode(), re.DOTALL)
    assert len(cards) == 4
    for card, each in zip(cards, outcome.programmes, strict=True):
        assert each.allocation is not None
        assert f"{each.allocation.total:,}" in card
    residents, jpki, servers, lgwan = cards
    for card, agreed in ((residents, "47/47 一致"), (servers, "1,788/1,788 一致")):
        assert "規則による" in card
        assert agreed in card
    assert "規則 82.5%、引継ぎ 17.5%" in jpki
    assert "公表割合の引継ぎ" in lgwan
    assert "照合対象外(割合を引き継いだ当の一覧であるため、照合になりません)" in lgwan
    for card in (jpki, lgwan):
        assert "一致" not in card
        assert "照合対象外(" in card
    assert "規則により再現・検証した額ではない" in words(report, "summary")


def test_equal_amounts_without_a_rule_are_not_called_agreement(outcome: Outcome) -> None:
    found = Agreement("another.csv", 47, 47, 0)
    programmes = tuple(replace(each, agreement=found) for each in outcome.programmes)
    page = render_report(replace(outcome, programmes=programmes))
    cards = re.findall(r'<li class="card".*?</li>', page.decode(), re.DOTALL)
    assert "47団体中 47団体が同額(規則による再現ではない)" in cards[3]
    for card in (cards[1], cards[3]):
        assert "一致" not in card


def test_differences_from_the_published_list_are_counted(outcome: Outcome) -> None:
    first, *others = outcome.programmes
    changed = replace(first, agreement=Agreement("x.csv", 47, 45, 2))
    page = render_report(replace(outcome, programmes=(changed, *others)))
    card = re.findall(r'<li class="card".*?</li>', page.decode(), re.DOTALL)[0]
    assert "45/47 一致" in card
    assert "相違 2件" in card


def test_prefectures_have_the_engine_s_sums(report: bytes, outcome: Outcome) -> None:
    data = data_of(report)
    names = [area["name"] for area in data["areas"]]
    assert names[:2] == ["北海道", "青森"]
    assert len(names) == 47
    for embedded, each in zip(data["programmes"], outcome.programmes, strict=True):
        assert each.allocation is not None
        sums: dict[str, int] = {}
        frame = each.allocation.frame()
        for prefecture, amount in frame.select("prefecture", "amount").iter_rows():
            sums[prefecture] = sums.get(prefecture, 0) + amount
        areas = embedded["areas"]
        paid = [own + members for own, members in zip(areas["own"], areas["members"], strict=True)]
        assert paid == list(sums.values())
        prefectures = frame.filter(each.allocation.payers["kind"] == "prefecture")
        assert areas["own"] == prefectures["amount"].to_list()
        assert sum(paid) == each.allocation.total


@pytest.mark.parametrize(("place", "day"), [(0, "2022年1月1日現在"), (2, "2019年1月1日現在")])
def test_yen_per_resident_uses_the_population_of_the_plan(
    report: bytes, outcome: Outcome, place: int, day: str
) -> None:
    embedded, each = data_of(report)["programmes"][place], outcome.programmes[place]
    assert embedded["population"] == day
    assert each.allocation is not None
    frame = each.allocation.payers
    persons = dict(zip(frame["code"], each.measures[0].values.tolist(), strict=True))
    prefectures = frame.filter(frame["kind"] == "prefecture")["code"].to_list()
    areas = embedded["areas"]
    for number, code in enumerate(prefectures):
        exact = Fraction(areas["own"][number] + areas["members"][number], persons[code])
        assert abs(Fraction(areas["perResident"][number]) - exact) < HALF_A_HUNDREDTH


def test_organisations_have_the_engine_s_amounts(report: bytes, outcome: Outcome) -> None:
    data = data_of(report)["organisations"]
    assert len(data["code"]) == 1788
    for number, each in enumerate(outcome.programmes):
        assert each.allocation is not None
        paid = zip(data["code"], data["paid"][number], strict=True)
        assert {code: amount for code, amount in paid if amount is not None} == dict(
            each.allocation.by_code
        )
        notional = data["notional"][number]
        if each.notional is None:
            assert notional == []
        else:
            codes = each.notional.municipalities["code"].to_list()
            expected = dict(zip(codes, each.notional.amounts, strict=True))
            found = zip(data["code"], notional, strict=True)
            assert {code: value for code, value in found if value is not None} == expected


def test_sizes_add_up_and_notional_ones_are_marked(report: bytes, outcome: Outcome) -> None:
    text = words(report, "sizes")
    assert "参考 本人確認情報処理事務等: 都道府県の負担額を市区町村に按分した目安" in text
    section = re.search(r'<section id="sizes".*?</section>', report.decode(), re.DOTALL)
    assert section is not None
    tables = re.findall(r"<table>.*?</table>", section[0], re.DOTALL)
    assert len(tables) == 4
    for table, each in zip(tables, outcome.programmes, strict=True):
        rows = re.findall(r"<tr><th scope=\"row\">.*?</tr>", table)
        cells = [re.findall(r"<td>(.*?)</td>", row) for row in rows]
        assert sum(int(row[0].replace(",", "")) for row in cells) == 1741
        amounts = [re.sub(r"<[^>]*>|[^0-9]", "", row[1]) for row in cells]
        assert each.allocation is not None
        if each.notional is not None:
            assert sum(map(int, amounts)) == each.allocation.total
            assert all("参考" in row[1] for row in cells)
        else:
            payers = each.allocation.frame().filter(each.allocation.payers["kind"] != "prefecture")
            assert sum(map(int, amounts)) == payers["amount"].sum()
            assert "参考" not in table


def test_without_a_year_before_it_says_so(report: bytes) -> None:
    text = words(report, "change")
    assert "比較する前年度の計画や公表一覧の指定がないため、比較はない" in text
    assert "--previous" in text


def test_the_year_before_is_compared_payer_by_payer(outcome: Outcome, earlier: Outcome) -> None:
    page = render_report(against(outcome, earlier))
    text = words(page, "change")
    assert "1,450,000,000 1,514,000,000 64,000,000 4.41%" in text
    assert "2,500,000,000 2,406,000,000 △94,000,000 △3.76%" in text
    residents = outcome.programmes[0].allocation
    before = earlier.programmes[0].allocation
    assert residents is not None
    assert before is not None
    tokyo, was = residents.by_code["130001"], before.by_code["130001"]
    assert f"東京都 130001 {was:,} {tokyo:,} {tokyo - was:,}" in text
    assert data_of(page)["programmes"][0]["before"] == list(before.by_code.values())


def test_the_method_in_words(report: bytes) -> None:
    text = words(report, "method")
    assert "負担団体 都道府県(47団体) 総額 1,514,000,000円 " in text
    assert "割合1 総額の 1/2(50%): 均等割 " in text
    assert "割合2 総額の 1/2(50%): 人口(2022年1月1日現在)による按分 " in text
    assert "端数処理 最大剰余法、単位 1,000 円。" in text
    assert "割合 公表一覧(published/2023/lgwan.csv)の割合を総額に当てはめる " in text
    assert "市区町村 10,000以上100,000未満 3,101,000 942" in text
    assert "都道府県 10,000,000以上 16,143,000 1" in text


def test_a_programme_that_is_not_computed_is_shown_as_such(tmp_path: Path) -> None:
    lost = WELLS.partition("[unit_amount]")[0].replace('"rule"', '"carried_forward"')
    lost = (
        f'{lost}total = 100\n[carried_forward]\nlist = "lost.csv"\n'
        '[rounding]\nunit = 1\nmethod = "largest_remainder"\n'
    )
    plan = write_plan(tmp_path / "plan", {"wells": lost, "roads": ROADS})
    page = render_report(compute_plan(plan))
    assert "未算定" in words(page, "summary")
    assert "算定の根拠 未算定(引き継ぐ一覧 lost.csv がありません)" in words(page, "method")
    assert "1,000,000" in words(page, "summary")
    data = data_of(page)
    assert [each["computed"] for each in data["programmes"]] == [False, True]


def test_adjustments_and_estimates_are_told(tmp_path: Path) -> None:
    estimated = ROADS.replace('"rule"', '"estimated"').replace(
        "[[share]]", 'stated_error = "平均 1%"\nnote = "規則は推定"\n[[share]]', 1
    )
    adjusted = estimated.replace(
        "[breakdown]",
        '[[adjustment]]\nreason = "経過措置"\nminimum = 100\nmaximum = 999_900\n[breakdown]',
    )
    text = render_report(compute_plan(write_plan(tmp_path / "plan", {"roads": adjusted})))
    method, summary = words(text, "method"), words(text, "summary")
    assert "調整 各団体の額を100円以上、999,900円以下とする(理由: 経過措置)" in method
    assert "推計の誤差 平均 1%" in method
    assert "規則は推定" in method
    assert "当てはめたモデルによる推計額(規則により再現・検証した額ではない)" in summary
    assert "一致" not in summary


def test_hostile_names_stay_data(country: Outcome, tmp_path: Path) -> None:
    before = compute_plan(
        write_plan(tmp_path / "plan", {"roads": ROADS, "wells": WELLS.replace("= 7", "= 6")})
    )
    page = render_report(against(country, before))
    text = re.sub(r"<script>.*?</script>", "", page.decode(), flags=re.DOTALL)
    assert SCRIPT not in text
    assert "<img" not in text
    assert "window.broken" in text
    names = data_of(page)["organisations"]["name"]
    assert names == [row[2] for row in COUNTRY]


def test_another_country_has_no_map_of_japan(country: Outcome) -> None:
    page = render_report(country)
    assert b'id="map"' not in page
    assert b'id="bars"' in page
    assert data_of(page)["tiled"] is False


def test_a_plan_without_population_has_no_yen_per_resident(tmp_path: Path) -> None:
    plan = write_plan(
        tmp_path / "plan",
        {"roads": ROADS.replace('"population"', '"staff"')},
    )
    with (plan / "plan.toml").open("a") as file:
        file.write('[[measure]]\nname = "staff"\ncolumn = "population"\nfile = "population.csv"\n')
    page = render_report(compute_plan(plan))
    data = data_of(page)
    assert data["programmes"][0]["areas"]["perResident"] == [None, None]
    assert data["programmes"][0]["sizes"] is None
    assert data["organisations"]["populations"] == []
    assert "1人当たり" not in words(page, "summary")


def test_amounts_beyond_what_javascript_counts_are_embedded_as_text(tmp_path: Path) -> None:
    total = 10**18
    plan = write_plan(
        tmp_path / "plan",
        {"roads": ROADS.replace("1_000_000", f"{total}").replace("unit = 100", "unit = 1")},
    )
    outcome = compute_plan(plan)
    data = data_of(render_report(outcome))
    paid = data["organisations"]["paid"][0]
    assert all(isinstance(value, str) for value in paid if value is not None)
    assert sum(int(value) for value in paid if value is not None) == total


def test_200_000_payers_make_no_large_file(tmp_path: Path) -> None:
    rows = [(f"P{area:03}", f"第{area}県", "", "prefecture", 20_000) for area in range(200)]
    rows += [
        (f"P{area:03}M{number:03}", f"第{area}県", f"第{number}町", "town", 20)
        for area in range(200)
        for number in range(999)
    ]
    outcome = compute_plan(write_plan(tmp_path / "plan", {"wells": WELLS}, rows))
    page = render_report(outcome)
    assert len(page) < 1_200_000
    data = data_of(page)
    assert data["organisations"] is None
    assert len(data["areas"]) == MOST_AREAS
    assert "200,000団体と多く" in words(page, "organisations")
    assert "都道府県の数が 200 と多いため" in words(page, "areas")
    assert outcome.programmes[0].allocation is not None
    total = outcome.programmes[0].allocation.total
    assert f"計 {total:,}" in words(page, "areas")
    assert "その他の 140" in words(page, "areas")


@pytest.mark.parametrize("count", [12_000, 19_000])
def test_a_long_list_never_takes_the_page_beyond_3_mb(tmp_path: Path, count: int) -> None:
    rows = [("P", "県", "", "prefecture", count * 5)]
    rows += [(f"P{n:05}", "県", f"いろはにほへと第{n}町", "town", 5) for n in range(count)]
    page = render_report(compute_plan(write_plan(tmp_path / "plan", None, rows)))
    assert len(page) < 3_000_000


def test_tiles_are_for_japan_s_47_prefectures_and_no_two_share_a_place(outcome: Outcome) -> None:
    names = figures_of(outcome).members.areas
    places = tiles(names)
    assert places is not None
    assert len(set(places)) == 47
    assert tiles(names[:46]) is None
    assert tiles([*names, "東国"]) is None
    assert tiles(["東京都"] * 47) is None
    assert tiles([name.replace("東京都", "東京市") for name in names]) is None


def test_remarks_of_the_run_are_shown_escaped(outcome: Outcome) -> None:
    noted = replace(outcome, notes=(Text("<b>", "<b>注意</b>"),))
    assert "&lt;b&gt;注意&lt;/b&gt;" in render_report(noted).decode()


def test_a_missing_list_is_said_with_its_reason(outcome: Outcome) -> None:
    first, *others = outcome.programmes
    why = NotCompared(Text("no list", "一覧なし"), Text("gone", "x.csv がありません"))
    page = render_report(replace(outcome, programmes=(replace(first, agreement=why), *others)))
    assert "一覧なし(x.csv がありません)" in words(page, "summary")
