"""Telling whose the amounts of a budget are: by headings, by order, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from allocator.domain.organisations import Register
from allocator.sources.budgets.columns import columns, likeness
from allocator.sources.documents.extraction import extract
from allocator.sources.documents.results import Extraction
from tests.documents.small import BUSINESSES, budget, by_business, document, table

SHARES = "地方公共団体負担金収入 | 0 | 100 | 200 | 0 | 0 | 300 | 0 | 0 | 600"
SERVER = "自治体中間サーバー関連交付金 | 0 | 0 | 0 | 0 | 70 | 0 | 0 | 0 | 70"
REVENUE = {
    "2024-initial-residents-revenue": 100,
    "2024-initial-jpki-revenue": 200,
    "2024-initial-intermediate-server-revenue": 70,
    "2024-initial-lgwan-revenue": 300,
    "2024-initial-all-revenue": 600,
}
CASH = (
    "営業収益 | 0 | 10 | 20 | 0 | 70 | 30 | 0 | 0 | 130",
    "当期末未収金 | 0 | 4 | 0 | 0 | 0 | 0 | 0 | 0 | 4",
    "長期前受金 | 0 | 5 | 0 | 6 | 7 | 8 | 0 | 0 | 26",
    "資金収入合計 | 0 | 11 | 20 | 6 | 77 | 38 | 0 | 0 | 152",
)
TORN = "一般 | 本情処理事 | 業認人報確 | 公的 | 個人認証 | 個番 | 中間 | 総行 | 情報 | 基金 | 合 計"


def extracted(folder: Path, register: Register, text: str) -> Extraction:
    return extract(document(folder, text), register)


def amounts(extraction: Extraction) -> dict[str, int]:
    return {line.id: line.amount for line in extraction.lines}


class TestLegibleHeadings:
    def test_amounts_are_taken_by_column(self, tmp_path: Path, register: Register) -> None:
        text = budget(by_business(SERVER, SHARES), by_business(*CASH, first="区分"))
        extraction = extracted(tmp_path, register, text)
        assert amounts(extraction) == REVENUE | {
            "2024-initial-residents-advance": 5,
            "2024-initial-jpki-advance": 0,
            "2024-initial-intermediate-server-advance": 7,
            "2024-initial-lgwan-advance": 8,
            "2024-initial-all-advance": 26,
            "2024-initial-intermediate-server-cash-inflow": 77,
        }
        assert not extraction.remarks
        line = extraction.lines[0]
        assert (line.table, line.business) == (
            "事業別財務情報 予定損益計算書関係",
            "本人確認情報処理事業",
        )
        assert str(line.place) == "line 7"

    def test_dashes_are_noughts(self, tmp_path: Path, register: Register) -> None:
        text = budget(by_business(SHARES.replace("| 0 ", "| － "), SERVER))
        assert amounts(extracted(tmp_path, register, text)) == REVENUE

    def test_a_new_business_among_them(self, tmp_path: Path, register: Register) -> None:
        headings = BUSINESSES.replace("| 合計", "| 宇宙開発 | 合計")
        rows = [row.replace("| 0 | 0 | ", "| 0 | 0 | 0 | ", 1) for row in CASH]
        rows[0] = "営業収益 | 0 | 10 | 20 | 0 | 70 | 30 | 0 | 0 | 0 | 130"
        rows[2] = "長期前受金 | 0 | 5 | 0 | 6 | 7 | 8 | 0 | 0 | 9 | 35"
        rows[1] = "当期末未収金 | 0 | 4 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 4"
        rows[3] = "資金収入合計 | 0 | 11 | 20 | 6 | 77 | 38 | 0 | 0 | 9 | 161"
        text = budget(by_business(*rows, headings=headings, first="区分"))
        found = amounts(extracted(tmp_path, register, text))
        assert found["2024-initial-lgwan-advance"] == 8
        assert found["2024-initial-all-advance"] == 35

    def test_a_column_that_does_not_add_up_is_remarked_on(
        self, tmp_path: Path, register: Register
    ) -> None:
        rows = [*CASH[:3], "資金収入合計 | 0 | 12 | 20 | 6 | 76 | 38 | 0 | 0 | 152"]
        remarks = extracted(tmp_path, register, budget(by_business(*rows, first="区分"))).remarks
        assert [remark.en for remark in remarks if "column" in remark.en] == [
            "line 9: the column 本人確認情報処理事業 says 12, its rows add up to 11",
            "line 9: the column 中間サーバー共同化・集約化等事業 says 76, its rows add up to 77",
        ]

    def test_a_row_that_does_not_add_up_is_left_out_and_said(
        self, tmp_path: Path, register: Register
    ) -> None:
        rows = [*CASH[:2], CASH[2].replace("| 26", "| 27"), CASH[3]]
        extraction = extracted(tmp_path, register, budget(by_business(*rows, first="区分")))
        assert not any("advance" in name for name in amounts(extraction))
        assert any(
            "line 8: whose the amounts of 長期前受金 are" in each.en for each in extraction.remarks
        )


class TestScrambledHeadings:
    @pytest.mark.parametrize(
        "row",
        [
            "0 | 100 | | 200 | 0 | 0 | 300 | 0 | 0 | 0 | 600",
            "0 | 100 | | | 200 | 0 | 0 | 300 | 0 | 0 | 600",
            "0 | 100 | 200 | 200 | 0 | 0 | 300 | 0 | 0 | 0 | 600",
            "0 | 100 | 100 | 200 | 0 | 0 | 300 | 300 | 0 | 0 | 600",
            "100 | 200 | 300 | 0 | 0 | 0 | 0 | 0 | 0 | 0 | 600",
        ],
        ids=["gap", "two gaps", "doubled", "two doubled", "shifted"],
    )
    def test_amounts_are_told_by_their_order(
        self, row: str, tmp_path: Path, register: Register
    ) -> None:
        server = (
            "自治体中間サー ー バ ー 関 連 交 付 金 | 0 | | 0 | 0 | 0 | 70 | 0 | 0 | 0 | 0 | 70"
        )
        text = budget(by_business(server, f"地方公共団体 負 担 金 収 入 | {row}", headings=TORN))
        extraction = extracted(tmp_path, register, text)
        assert amounts(extraction) == REVENUE

    @pytest.mark.parametrize(
        "row",
        [
            "0 | 100 | | 200 | 0 | 0 | 301 | 0 | 0 | 0 | 600",
            "0 | 100 | | 200 | 0 | 0 | 0 | 0 | 0 | 0 | 300",
            "0 | 100 | 200 | 100 | 0 | 0 | 200 | 0 | 0 | 0 | 600",
        ],
        ids=["no sum", "one missing", "one too many"],
    )
    def test_what_cannot_be_told_is_left_out_and_said(
        self, row: str, tmp_path: Path, register: Register
    ) -> None:
        text = budget(by_business(SERVER, f"地方公共団体負担金収入 | {row}", headings=TORN))
        extraction = extracted(tmp_path, register, text)
        assert list(amounts(extraction)) == ["2024-initial-intermediate-server-revenue"]
        said = " ".join(remark.en for remark in extraction.remarks)
        assert "line 7: whose the amounts of 地方公共団体負担金収入 are cannot be told" in said
        assert "2024-initial-residents-revenue" in said

    def test_an_item_that_any_business_may_have_is_never_told_by_order(
        self, tmp_path: Path, register: Register
    ) -> None:
        text = budget(
            by_business(SERVER, SHARES),
            by_business(*CASH, headings=TORN.replace("| 基金 ", ""), first="区分"),
        )
        extraction = extracted(tmp_path, register, text)
        assert amounts(extraction) == REVENUE
        assert any("長期前受金" in remark.en for remark in extraction.remarks)

    def test_another_table_may_say_what_one_does_not(
        self, tmp_path: Path, register: Register
    ) -> None:
        columns_of = " | 当初予定額 | 補正額 | 3月補正後予定額"
        part = table(
            "区分 | 本人確認情報処理事業 | | | 公的個人認証サービス事業 | | ",
            columns_of + columns_of,
            "長期前受金 | 3 | 2 | 5 | 1 | 1 | 0",
            "資金収入合計 | 3 | 2 | 5 | 1 | 1 | 0",
        )
        text = budget(part, title="令和6年度3月補正 資金計画")
        extraction = extracted(tmp_path, register, text)
        assert amounts(extraction) == {
            "2024-march-residents-advance": 5,
            "2024-march-jpki-advance": 0,
        }

    def test_tables_that_disagree_are_remarked_on(self, tmp_path: Path, register: Register) -> None:
        whole = table("科目 | 金額", "地方公共団体負担金収入 | 601", "営業収益合計 | 700")
        extraction = extracted(tmp_path, register, budget(whole, by_business(SHARES, SERVER)))
        assert amounts(extraction) == REVENUE
        assert [remark.en for remark in extraction.remarks] == [
            "地方公共団体負担金収入, 合計: 600 (line 10) is taken, but line 6 says 601"
        ]


class TestColumns:
    def test_of_two_alike_the_order_decides(self) -> None:
        headings = [each.strip() for each in BUSINESSES.split("|")]
        headings[1] = headings[6] = "本人 情報 確認 事業"
        told = columns(headings)
        assert told.places == {
            "residents": 1,
            "jpki": 2,
            "intermediate-server": 4,
            "lgwan": 5,
            "all": 8,
        }
        assert not told.doubtful

    def test_torn_headings_are_doubtful(self) -> None:
        told = columns([each.strip() for each in TORN.split("|")])
        assert {"residents", "jpki", "intermediate-server", "lgwan"} <= told.doubtful

    def test_a_second_heading_like_a_business_leaves_it_in_doubt(self) -> None:
        headings = [each.strip() for each in BUSINESSES.split("|")]
        assert not columns(headings).doubtful
        headings.insert(2, "本人確認処理")
        assert columns(headings).doubtful == {"residents"}

    def test_likeness(self) -> None:
        assert likeness("本人確認", "確認本人") == 1
        assert likeness("本人確認", "本人") == pytest.approx(2 / 3)
        assert likeness("", "本人") == 0


class TestStages:
    @pytest.mark.parametrize(
        ("title", "prefix"),
        [
            ("令和 6 年度 予定損益計算書", "2024-initial"),
            ("(事業別財務情報(令和４年度１月補正 予定損益計算書関係))", "2022-january"),
            ("平成31年度12月補正 資金計画", "2019-december"),
        ],
    )
    def test_by_the_title(
        self, title: str, prefix: str, tmp_path: Path, register: Register
    ) -> None:
        text = budget(by_business(SHARES, SERVER), title=title)
        ids = [line.id for line in extracted(tmp_path, register, text).lines]
        assert ids[0] == f"{prefix}-residents-revenue"

    def test_million_yen_are_passed_over(self, tmp_path: Path, register: Register) -> None:
        text = budget(by_business(SHARES, SERVER))
        more = text.replace("千円", "百万円").replace("100", "999")
        assert amounts(extracted(tmp_path, register, text + "\n" + more)) == REVENUE

    def test_a_table_without_a_budgets_title_is_passed_over(
        self, tmp_path: Path, register: Register
    ) -> None:
        text = by_business(SHARES, SERVER) + "\n" + budget(by_business(SERVER))
        assert list(amounts(extracted(tmp_path, register, text))) == [
            "2024-initial-intermediate-server-revenue"
        ]


class TestForm7:
    FORM = table(
        "内 容 | 予定前受金 | 累積前受金",
        "住基ネットシステムの機器更改 (第 5 回) | 10 | 100",
        "月面基地の整備 | 20 | 200",
        "火星基地の整備 | 0 | 0",
        "合 計 | 30 | 300",
    )

    def test_lines(self, tmp_path: Path, register: Register) -> None:
        text = budget(self.FORM + "\n(債務負担行為関係)\n\n" + table("事項 | 限度額", "運用 | 9"))
        lines = extracted(tmp_path, register, text).lines
        assert [(line.id, line.item, line.amount) for line in lines] == [
            (
                "2024-initial-form7-juki-net-equipment",
                "住基ネットシステムの機器更改（第5回）",
                10,
            ),
            ("2024-initial-form7-other-1", "月面基地の整備", 20),
            ("2024-initial-form7-other-2", "火星基地の整備", 0),
            ("2024-initial-form7-total", "合計", 30),
        ]

    def test_the_fullest_counts_and_what_disagrees_is_remarked_on(
        self, tmp_path: Path, register: Register
    ) -> None:
        part = table("内容 | 予定前受金 | 累積前受金", "月面基地の整備 | 21 | 200")
        extraction = extracted(tmp_path, register, budget(part, self.FORM))
        assert len(extraction.lines) == 4
        assert "月面基地の整備: 20 (line 10) is taken, but line 6 says 21" in [
            remark.en for remark in extraction.remarks
        ]

    def test_a_sum_that_is_off_is_remarked_on(self, tmp_path: Path, register: Register) -> None:
        text = budget(self.FORM.replace("30", "31", 1))
        remarks = [remark.en for remark in extracted(tmp_path, register, text).remarks]
        assert "line 9: 合計 says 31, the rows add up to 30" in remarks


class TestReconciliation:
    LIST = "総合行政ネットワークに係る令和6年度負担金一覧(都道府県別)\n\n"

    def test_a_list_decides_what_nobody_has_decided_yet(
        self, tmp_path: Path, register: Register
    ) -> None:
        text = budget(by_business(SHARES, SERVER), by_business(*CASH, first="区分")) + (
            "\n" + self.LIST + table("都道府県名 | 金額", "北海道 | 300000", "青森県 | 8999")
        )
        found = {
            each.programme: each for each in extracted(tmp_path, register, text).reconciliations
        }
        lgwan = found["lgwan"]
        assert (lgwan.total, lgwan.status, lgwan.listed) == (308, "fact", 308_999)
        assert lgwan.lines == ("2024-initial-lgwan-revenue", "2024-initial-lgwan-advance")
        assert lgwan.agrees
        residents = found["residents"]
        assert (residents.total, residents.status) == (None, "open")
        assert [each.total for each in residents.candidates] == [100, 105]
        assert [each.total for each in found["jpki"].candidates] == [200]  # no advance

    def test_what_is_known_of_a_budget_is_compared(
        self, tmp_path: Path, register: Register
    ) -> None:
        text = budget(
            by_business(SHARES, SERVER),
            by_business(*CASH, first="区分"),
            title="令和5年度 予定損益計算書",
        )
        extraction = extracted(tmp_path, register, text)
        lgwan = next(each for each in extraction.reconciliations if each.programme == "lgwan")
        assert (lgwan.total, lgwan.status, lgwan.expected) == (308, "inference", 1_677_903)
        assert not lgwan.agrees
        assert (
            "2023, initial, lgwan: the budget lines add up to 308 thousand yen, data/budget has "
            "1,677,903"
        ) in [remark.en for remark in extraction.remarks]

    def test_missing_lines_are_named(self, tmp_path: Path, register: Register) -> None:
        text = budget(by_business(SHARES, SERVER), title="令和5年度 予定損益計算書")
        extraction = extracted(tmp_path, register, text)
        lgwan = next(each for each in extraction.reconciliations if each.programme == "lgwan")
        assert (lgwan.status, lgwan.missing) == ("incomplete", ("2023-initial-lgwan-advance",))
        assert "2023, initial, lgwan: budget lines not found: 2023-initial-lgwan-advance" in [
            remark.en for remark in extraction.remarks
        ]
