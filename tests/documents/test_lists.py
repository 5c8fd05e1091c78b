"""Finding lists: headers, titles, totals, pages, and rows as offices print them."""

from __future__ import annotations

from pathlib import Path

import pytest

from allocator.domain.errors import InputError
from allocator.domain.organisations import Register
from allocator.domain.text import Text
from allocator.files.source import open_source
from allocator.sources.documents.extraction import extract
from allocator.sources.lists.papers import published_lists
from allocator.sources.lists.table import PublishedList
from allocator.sources.reading.opening import open_document
from tests.documents.small import document, table

ROWS = ("北海道 | 100", "青森県 | 200", "岩手県 | 300")
HEADER = "都道府県名 | 金額"


def found(folder: Path, register: Register, text: str, name: str = "a.txt") -> list[PublishedList]:
    return published_lists(document(folder, text, name), register)


def rows(published: PublishedList) -> list[tuple[str, str, str, int]]:
    columns = ("code", "prefecture", "municipality", "amount")
    return list(published.frame.select(columns).iter_rows())


PREFECTURES = [
    ("010006", "北海道", "", 100),
    ("020001", "青森県", "", 200),
    ("030007", "岩手県", "", 300),
]


class TestWhatStandsAbove:
    def test_heading_title_and_declared_total(self, tmp_path: Path, register: Register) -> None:
        text = (
            "参考資料 5 総合行政ネットワークに係る令和 6 年度負担金について\n\n"
            "総合行政ネットワークに係る令和 6 年度負担金について\n\n"
            "2 負担金総額\n\n600円\n\n3 負担団体\n\n都道府県\n\n"
            "総合行政ネットワークに係る令和6年度負担金一覧(都道府県別)\n\n(単位：円)\n\n"
        ) + table(HEADER, *ROWS, "合計 | 600")
        (published,) = found(tmp_path, register, text)

        assert rows(published) == PREFECTURES
        assert published.programme == "lgwan"
        assert published.heading == "総合行政ネットワークに係る令和6年度負担金について"
        assert published.title == "総合行政ネットワークに係る令和6年度負担金一覧(都道府県別)"
        assert (str(published.heading_year), str(published.title_year)) == ("2024", "2024")
        assert published.reference == "参考資料5"
        assert (published.declared_total, published.declared_line) == (600, 7)
        assert (published.printed_total, published.printed_line) == (600, 21)
        assert published.prints == {"prefecture"}
        assert published.remarks == ()

    def test_the_number_of_the_paper_in_a_corner(self, tmp_path: Path, register: Register) -> None:
        text = "参考資料7\n\n公的個人認証サービスに係る令和6年度負担金について\n\n"
        (published,) = found(tmp_path, register, text + table(HEADER, *ROWS))
        assert published.reference == "参考資料7"

    @pytest.mark.parametrize(
        "written", ["負担金総額 600円", "2 負担金総額:600円", "交付金総額\n\n金600円"]
    )
    def test_the_declared_total_on_one_line_or_two(
        self, written: str, tmp_path: Path, register: Register
    ) -> None:
        (published,) = found(tmp_path, register, f"{written}\n\n" + table(HEADER, *ROWS))
        assert published.declared_total == 600

    def test_without_a_declared_total_the_sum_under_the_list_counts(
        self, tmp_path: Path, register: Register
    ) -> None:
        (published,) = found(tmp_path, register, table(HEADER, *ROWS, "合 計 | 601"))
        assert (published.declared_total, published.declared_line) == (601, 5)
        assert published.printed_total == 601

    def test_without_any_words_there_is_no_programme_and_no_year(
        self, tmp_path: Path, register: Register
    ) -> None:
        (published,) = found(tmp_path, register, table(HEADER, *ROWS))
        assert (published.programme, published.fiscal_year, published.title) == ("", None, "")

    def test_a_title_in_two_lines(self, tmp_path: Path, register: Register) -> None:
        text = (
            "特定個人情報の提供の求め等に係る電子計算機の設置等関連\n"
            "事務の委任に係る令和 6 年度交付金について\n\n1 概要\n\n"
            "特定個人情報の提供の求め等に係る電子計算機の設置等関連事務の委任に係る\n"
            "令和6年度交付金一覧(団体別)\n\n(単位:円)\n\n"
        ) + table("団体コード | 都道府県名 | 市区町村名 | 交付金", "010006 | 北海道 | | 1,000")
        (published,) = found(tmp_path, register, text)
        assert published.programme == "intermediate_server"
        assert published.title.endswith("設置等関連事務の委任に係る令和6年度交付金一覧(団体別)")
        assert published.heading.endswith("関連事務の委任に係る令和6年度交付金について")

    def test_a_list_below_another_ones_heading_keeps_its_own_title(
        self, tmp_path: Path, register: Register
    ) -> None:
        text = (
            "公的個人認証サービスに係る令和6年度負担金について\n\n2 負担金総額\n\n600円\n\n"
            "公的個人認証サービスに係る令和6年度負担金一覧(都道府県別)\n\n"
            + table(HEADER, *ROWS)
            + "\n総合行政ネットワークに係る令和5年度負担金一覧(都道府県別)\n\n"
            + table(HEADER, *ROWS)
        )
        first, second = found(tmp_path, register, text)
        assert (first.programme, first.declared_total) == ("jpki", 600)
        assert (second.programme, second.declared_total, second.heading) == ("lgwan", None, "")
        assert str(second.fiscal_year) == "2023"


class TestPages:
    TITLE = "公的個人認証サービスに係る令和6年度負担金一覧(都道府県別)\n\n"

    def test_a_repeated_header_goes_on(self, tmp_path: Path, register: Register) -> None:
        first, rest = table(HEADER, *ROWS[:1]), table(HEADER, *ROWS[1:], "合計 | 600")
        text = f"{self.TITLE}{first}\n- 1 -\n\n委員会\t資料6\n{self.TITLE}(単位：円)\n\n{rest}"
        (published,) = found(tmp_path, register, text)
        assert rows(published) == PREFECTURES

    def test_rows_go_on_without_a_header(self, tmp_path: Path, register: Register) -> None:
        text = self.TITLE + table(HEADER, *ROWS[:1]) + "\n- 1 -\n\n" + table(*ROWS[1:])
        (published,) = found(tmp_path, register, text)
        assert rows(published) == PREFECTURES

    def test_after_its_sum_a_list_is_over(self, tmp_path: Path, register: Register) -> None:
        text = self.TITLE + table(HEADER, *ROWS, "合計 | 600") + "\n" + table(HEADER, *ROWS)
        assert [len(each.frame) for each in found(tmp_path, register, text)] == [3, 3]

    def test_two_titles_are_two_lists(self, tmp_path: Path, register: Register) -> None:
        other = self.TITLE.replace("6", "7")
        text = self.TITLE + table(HEADER, *ROWS) + "\n" + other + table(HEADER, *ROWS)
        years = [str(each.fiscal_year) for each in found(tmp_path, register, text)]
        assert years == ["2024", "2025"]

    def test_another_table_is_no_part_of_a_list(self, tmp_path: Path, register: Register) -> None:
        text = self.TITLE + table(HEADER, *ROWS) + "\n" + table("項目 | 数", "端末 | 400")
        (published,) = found(tmp_path, register, text)
        assert rows(published) == PREFECTURES


class TestRows:
    def test_columns_side_by_side_are_read_one_after_the_other(
        self, tmp_path: Path, register: Register
    ) -> None:
        text = table(
            "都道府県名 | 金額 | 都道府県名 | 金額",
            "北海道 | 100 | 岩手県 | 300",
            "青森県 | 200 | 合計 | 600",
        )
        (published,) = found(tmp_path, register, text)
        assert rows(published) == PREFECTURES
        assert published.printed_total == 600

    def test_a_prefecture_printed_once_for_many_rows(
        self, tmp_path: Path, register: Register
    ) -> None:
        text = table(
            "団体コード | 都道府県名 | 市区町村名 | 金額",
            "010006 | 北海道 | | 1",
            "011002 | | 札幌市 | 2",
            "020001 | 青森県 | | 3",
            "022012 | | 青森市 | 4",
            "032018 | | 盛岡市 | 5",
        )
        (published,) = found(tmp_path, register, text)
        assert published.frame["prefecture"].to_list() == [
            "北海道",
            "北海道",
            "青森県",
            "青森県",
            "",  # another prefecture's number: nothing above says its name
        ]

    def test_names_codes_and_amounts_stay_as_printed(
        self, tmp_path: Path, register: Register
    ) -> None:
        text = table(
            "団体コード | 都道府県名 | 市区町村名 | 交付金",
            "010007 | 北海遉 | | 1",  # the check digit is wrong, the name too
            "999999 | 北海道 | どこか町 | 2",
            "０１１００２ | 北海道 | 札幌市 | １，０００",
            "012025 | 北海道 | 函館市 | △5",
        )
        (published,) = found(tmp_path, register, text)
        assert rows(published) == [
            ("010007", "北海遉", "", 1),
            ("999999", "北海道", "どこか町", 2),
            ("011002", "北海道", "札幌市", 1000),
            ("012025", "北海道", "函館市", -5),
        ]
        assert published.remarks == ()

    def test_codes_that_lost_a_zero_or_the_check_digit_are_completed_and_remarked_on(
        self, tmp_path: Path, register: Register
    ) -> None:
        text = table(
            "団体コード | 都道府県名 | 市区町村名 | 交付金",
            "11002 | 北海道 | 札幌市 | 1",
            "13101 | 東京都 | 千代田区 | 2",
            "12999 | 北海道 | どこか町 | 3",
        )
        (published,) = found(tmp_path, register, text)
        assert published.frame["code"].to_list() == ["011002", "131016", "12999"]
        said, none = published.remarks
        assert none.en == "codes that are none, kept as written: 1 (line 4)"
        start = published.frame["line"][0]
        assert said == Text(
            f"codes completed to six digits: 2 (line {start}, line {start + 1})",
            f"6桁に補った団体コード: 2 件({start}行目、{start + 1}行目)",
        )

    @pytest.mark.parametrize("code", ["0120333", "O12033", "01203?", "小樽", ""])
    def test_a_row_whose_code_is_none_is_kept_as_written_and_remarked_on(
        self, code: str, tmp_path: Path, register: Register
    ) -> None:
        text = table(
            "団体コード | 都道府県名 | 市区町村名 | 交付金",
            "012025 | 北海道 | 函館市 | 1",
            f"{code} | 北海道 | 小樽市 | 2",
            "012041 | 北海道 | 旭川市 | 3",
        )
        extraction = extract(document(tmp_path, text), register)
        (published,) = extraction.lists
        assert rows(published)[1:] == [
            (code, "北海道", "小樽市", 2),
            ("012041", "北海道", "旭川市", 3),
        ]
        (remark,) = [each.en for each in extraction.remarks]
        assert remark.endswith("codes that are none, kept as written: 1 (line 3)")

    def test_a_misprinted_code_beside_a_misprinted_name_or_without_tabs(
        self, tmp_path: Path, register: Register
    ) -> None:
        header = table(
            "団体コード | 都道府県名 | 市区町村名 | 交付金", "012025 | 北海道 | 函館市 | 1"
        )
        for row in ("O12033\t北海遉\t小樽市\t2\n", "0120333 北海道 小樽市 2\n"):
            (published,) = found(tmp_path, register, f"{header}{row}012041\t北海道\t旭川市\t3\n")
            assert rows(published)[1][2:] == ("小樽市", 2)
            assert len(published.frame) == 3

    def test_a_misprinted_code_where_the_prefecture_is_printed_once(
        self, tmp_path: Path, register: Register
    ) -> None:
        text = table(
            "団体コード | 都道府県名 | 市区町村名 | 金額",
            "010006 | 北海道 | | 1",
            "O11002 | | 札幌市 | 2",
            "012025 | | 函館市 | 3",
        )
        (published,) = found(tmp_path, register, text)
        assert published.frame["prefecture"].to_list() == ["北海道"] * 3

    def test_another_table_of_as_many_columns_is_no_part_of_a_list(
        self, tmp_path: Path, register: Register
    ) -> None:
        text = table(
            "団体コード | 都道府県名 | 市区町村名 | 交付金",
            "012025 | 北海道 | 函館市 | 1",
            "1 | 端末 | 台 | 400",
        )
        (published,) = found(tmp_path, register, text)
        assert len(published.frame) == 1

    def test_five_digits_that_can_be_read_in_two_ways_are_told_by_the_prefecture(
        self, tmp_path: Path, register: Register
    ) -> None:
        text = table(
            "団体コード | 都道府県名 | 市区町村名 | 交付金",
            "12203 | 北海道 | 士別市 | 1",
            "12203 | 千葉県 | 市川市 | 2",
            "12203 | どこか | 何か市 | 3",
        )
        (published,) = found(tmp_path, register, text)
        assert published.frame["code"].to_list() == ["012203", "122033", "12203"]

    def test_subtotals_are_left_out_into_the_ledger(
        self, tmp_path: Path, register: Register
    ) -> None:
        (published,) = found(
            tmp_path, register, table(HEADER, ROWS[0], "小計 | 100", *ROWS[1:], "合計 | 600")
        )
        assert rows(published) == PREFECTURES
        assert published.remarks == ()
        assert published.left_out.counts()["subtotal"] == 1

    def test_thousand_yen_become_yen(self, tmp_path: Path, register: Register) -> None:
        text = "(単位：千円)\n\n" + table(HEADER, *ROWS)
        (published,) = found(tmp_path, register, text)
        assert published.frame["amount"].to_list() == [100_000, 200_000, 300_000]
        assert "units of 1,000 yen" in published.remarks[0].en

    def test_an_unknown_prefecture_has_no_code(self, tmp_path: Path, register: Register) -> None:
        (published,) = found(tmp_path, register, table(HEADER, "北海遉 | 1", "青森県 | 2"))
        assert rows(published) == [("", "北海遉", "", 1), ("020001", "青森県", "", 2)]

    def test_rows_with_amounts_that_cannot_be_read_are_all_named(
        self, tmp_path: Path, register: Register
    ) -> None:
        text = table(HEADER, "北海道 | 1OO", "青森県 | 200", "岩手県 | *", "宮城県 | 400")
        with pytest.raises(InputError) as raised:
            found(tmp_path, register, text)
        assert [problem.where for problem in raised.value.problems] == [
            f"{tmp_path / 'a.txt'}: line 2",
            f"{tmp_path / 'a.txt'}: line 4",
        ]
        assert "北海道 | 1OO" in raised.value.problems[0].what.en

    def test_amounts_beyond_all_measure_are_not_read(
        self, tmp_path: Path, register: Register
    ) -> None:
        with pytest.raises(InputError, match="北海道"):
            found(tmp_path, register, table(HEADER, f"北海道 | {'9' * 25}"))

    def test_a_note_below_is_no_row(self, tmp_path: Path, register: Register) -> None:
        (published,) = found(tmp_path, register, table(HEADER, *ROWS) + "(注) 端数は切り捨てた。\n")
        assert rows(published) == PREFECTURES


class TestCsv:
    @pytest.mark.parametrize("name", ["a.csv", "a.txt"])
    def test_is_told_by_its_commas(self, name: str, tmp_path: Path, register: Register) -> None:
        text = "code,prefecture,municipality,amount\n010006,北海道,,100\n020001,青森県,,200\n"
        opened = document(tmp_path, text, name)
        assert opened.kind == "csv"
        (published,) = published_lists(opened, register)
        assert rows(published) == PREFECTURES[:2]
        assert published.where(2) == f"{tmp_path / name}: line 2"

    def test_titles_and_quoted_amounts(self, tmp_path: Path, register: Register) -> None:
        text = (
            "公的個人認証サービスに係る令和6年度負担金一覧(都道府県別),\n"
            '都道府県名,金額(円)\n北海道,"1,000"\n"青森\n県","2,000"\n合計,"3,000"\n'
        )
        (published,) = found(tmp_path, register, text, "a.csv")
        assert published.programme == "jpki"
        assert published.printed_total == published.frame["amount"].sum() == 3000
        assert published.frame["line"].to_list() == [3, 5]  # where each row ends

    def test_amounts_with_separators_do_not_make_a_csv(
        self, tmp_path: Path, register: Register
    ) -> None:
        opened = document(tmp_path, "都道府県名 金額\n北海道 1,000\n青森県 2,000,000\n")
        assert opened.kind == "text"
        (published,) = published_lists(opened, register)
        assert published.frame["amount"].to_list() == [1000, 2_000_000]


def test_a_document_with_neither_lists_nor_budgets(tmp_path: Path, register: Register) -> None:
    with pytest.raises(InputError, match="neither a published list nor a budget table"):
        extract(document(tmp_path, "いろはにほへと\n"), register)


def test_sums_that_disagree_are_remarked_on(tmp_path: Path, register: Register) -> None:
    text = "2 負担金総額\n\n601円\n\n" + table(HEADER, *ROWS, "合計 | 602")
    remarks = [each.en for each in extract(document(tmp_path, text), register).remarks]
    assert remarks == [
        "line 6: declared total (line 3) 601, but the rows add up to 600",
        "line 6: 合計 (line 9) 602, but the rows add up to 600",
    ]


def test_the_bundled_lists_read_the_same_as_documents(register: Register) -> None:
    from tests.documents.budgets import DATA

    (published,) = published_lists(
        open_document(open_source(DATA / "published" / "2023" / "intermediate_server.csv")),
        register,
    )
    assert len(published.frame) == 1788
    assert published.frame["amount"].sum() == 5_978_953_000
