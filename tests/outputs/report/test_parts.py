"""Programmes of parts in report.html."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from allocator.outputs.report import render_report
from allocator.outputs.report.parts_table import MOST_PAYERS, parts_table
from allocator.results.agreement import Agreement
from allocator.results.outcome import Outcome
from allocator.tasks.compute import compute_plan
from allocator.tasks.earlier import against
from tests.outputs.report.plans import WELLS, data_of, words, write_plan
from tests.sums import AMOUNTS, CHARGED, MIXED, NAMES, write_mixed

FOOTING = "規則 82.5%、引継ぎ 17.5%"


@pytest.fixture(scope="module")
def mixed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """Give the report of a programme of four parts."""
    return render_report(compute_plan(write_mixed(tmp_path_factory.mktemp("mixed") / "plan")))


def card_of(page: bytes, number: int) -> str:
    """Return a card of the summary."""
    found: list[str] = re.findall(r'<li class="card".*?</li>', page.decode(), re.DOTALL)
    return found[number]


def test_what_stands_on_which_basis_counts_the_parts(report: bytes, outcome: Outcome) -> None:
    by_id = {each.programme.id: each.allocation for each in outcome.programmes}
    residents, servers, lgwan = (
        by_id[name] for name in ("residents", "intermediate_server", "lgwan")
    )
    assert residents is not None
    assert servers is not None
    assert lgwan is not None
    ruled = residents.total + servers.total + 661_995_000 + 1_324_005_000
    text = words(report, "summary")
    assert f"うち規則による額 {ruled:,} 円 81.9%" in text
    assert f"うち引継ぎによる額 {lgwan.total + 420_000_000:,} 円 18.1%" in text
    assert "部分の合算による額" not in text


def test_a_card_says_the_shares_and_no_agreement(report: bytes) -> None:
    card = card_of(report, 1)
    assert FOOTING in card
    assert "一致" not in card
    assert "47/47" not in card
    assert "照合対象外" in card
    assert data_of(report)["programmes"][1]["basis"] == FOOTING


def test_equal_amounts_with_a_part_carried_forward_are_no_agreement(outcome: Outcome) -> None:
    first, jpki, *others = outcome.programmes
    equal = replace(jpki, agreement=Agreement("another.csv", 47, 47, 0))
    page = render_report(replace(outcome, programmes=(first, equal, *others)))
    card = card_of(page, 1)
    assert f"47団体中 47団体が同額({FOOTING}。規則による再現ではない)" in card
    assert "一致" not in card


def test_a_sum_wholly_by_rule_can_agree(tmp_path: Path) -> None:
    plan = write_mixed(tmp_path / "plan", ('basis = "estimated"', 'basis = "rule"'))
    outcome = compute_plan(plan)
    (only,) = outcome.programmes
    agreed = replace(only, agreement=Agreement("x.csv", 7, 7, 0))
    card = card_of(render_report(replace(outcome, programmes=(agreed,))), 0)
    assert "7/7 一致" in card
    assert "規則 100.0%" in card


def test_the_rules_of_the_parts_and_a_table_of_them(report: bytes) -> None:
    text = words(report, "method")
    assert f"部分の合算({FOOTING})。部分ごとに算定した額の合算(根拠は部分ごとに示す)" in text
    assert "均等割 規則による 662,000,000 661,995,000 27.5%" in text
    assert "割合表による額 公表割合の引継ぎ 420,000,000 420,000,000 17.5%" in text
    assert "人口割 規則による 1,324,005,000(残り) 1,324,005,000 55.0%" in text
    assert f"計 {FOOTING} 2,406,000,000" in text
    assert "端数処理 各団体の額を切捨て(差は配らない)、単位 1,000 円 " in text
    assert "総額 662,000,000円(請求する額 661,995,000円、差 △5,000円) " in text
    assert (
        "公表一覧(published/2023/jpki.csv)から逆算した一覧(derived/2023/jpki_by_ratio.csv)" in text
    )
    assert (
        "公表一覧から逆算した割合を総額に当てはめた額(規則により再現・検証した額ではない) " in text
    )
    assert "総額 1,324,005,000円(総額から他の部分の額を除いた残り) " in text
    assert "三つの部分の和であることは公表一覧から推定した。" in text
    assert "東京都 14,085,000 83,576,000 145,039,821 242,700,821" in text
    assert "計 661,995,000 420,000,000 1,324,005,000 2,406,000,000" in text


def test_the_notes_of_the_parts_have_their_names(report: bytes) -> None:
    text = words(report, "notes")
    title = "公的個人認証サービスに係る負担金"
    assert f"{title}: 均等割: 各団体の額を個別に端数処理したため、662,000,000 円に対し" in text
    assert f"{title}: 人口割: 端数処理の差 +1 円は 130001 で調整しました" in text


def test_yen_per_resident_by_the_population_of_a_part(mixed: bytes) -> None:
    """The parts that concern some of the payers don't count all residents, the last one does."""
    programme = data_of(mixed)["programmes"][0]
    assert programme["population"] == "2030年1月1日現在"
    assert programme["areas"]["own"] == [10_787, 43_591]
    assert programme["areas"]["perResident"][0] == round((10_787 + 7_013) / 6_000, 2)


def test_limited_parts_and_unit_amounts_in_words(mixed: bytes) -> None:
    text = words(mixed, "method")
    assert "負担団体 都道府県(2団体) 総額 10,000円(請求する額 9,996円、差 △4円) " in text
    assert "単価 人口(2030年1月1日現在)の区分ごとに定める " in text
    assert "総額 38円(各団体の額の合計) " in text
    assert "市区町村 2,000以上 8 3" in text
    assert "負担団体 指定した団体(1団体) " in text
    assert "単価 推計 — 38 0.0%" in text
    assert "計 規則 99.9%超、推計 0.1%未満 100,000" in text
    assert "四つの部分の和。" in text
    assert "対象外 7 1,200 965 2,172" in text


def test_the_table_of_parts_has_the_engine_s_amounts(tmp_path: Path) -> None:
    from allocator.outputs.report.figures import figures_of

    outcome = compute_plan(write_mixed(tmp_path / "plan"))
    rows = parts_table(outcome.programmes[0], figures_of(outcome).members)
    assert [row.parts for row in rows[:-1]] == list(AMOUNTS.values())
    assert rows[-1].parts == CHARGED
    assert rows[-1].amount == 100_000


def test_many_payers_are_left_to_parts_csv(tmp_path: Path) -> None:
    rows = [("E", "東国", "", "prefecture", 1), ("W", "西国", "", "prefecture", 1)]
    rows += [(f"E{n}", "東国", f"第{n}町", "town", n) for n in range(1, MOST_PAYERS)]
    outcome = compute_plan(write_plan(tmp_path / "plan", {"mixed": MIXED}, rows))
    text = words(render_report(outcome), "method")
    assert "団体ごと・部分ごとの額は parts.csv にある。" in text
    assert "団体ごとの内訳" not in text
    assert all(name in text for name in NAMES)


def test_the_year_before_says_the_shares(tmp_path: Path) -> None:
    earlier = compute_plan(write_mixed(tmp_path / "earlier", year=2029))
    page = render_report(against(compute_plan(write_mixed(tmp_path / "plan")), earlier))
    footing = "規則 99.9%超、推計 0.1%未満"
    assert f"令和11年度の計画({footing}。公表額ではない) → {footing}" in words(page, "change")


def test_unit_amounts_of_municipalities_alone(tmp_path: Path) -> None:
    wells = WELLS.replace('"all"', '"municipalities"')
    wells = wells.replace("prefectures = [{ from = 0, amount = 5 }]\n", "")
    text = words(
        render_report(compute_plan(write_plan(tmp_path / "p", {"wells": wells}))), "method"
    )
    assert "市区町村 2,000未満 7 2" in text
    assert "市区町村 2,000以上 8 3" in text
