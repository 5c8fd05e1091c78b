"""Rows that are misprinted throughout: kept as printed, refused, or said; never just dropped."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from allocator.domain.errors import InputError
from allocator.domain.organisations import Register
from allocator.files.source import open_source
from allocator.sources.lists.papers import published_lists
from allocator.sources.lists.table import PublishedList
from allocator.sources.reading.opening import open_document
from tests.documents.drawing import Papers, Table, paragraph, write
from tests.documents.flowing import EDGES, as_flowing_pdf
from tests.documents.small import document, table

HEADER = "団体コード | 都道府県名 | 市区町村名 | 交付金"
TITLE = "公的個人認証サービスに係る令和6年度負担金一覧(都道府県別)"
FIRST, LAST = "012025 | 北海道 | 函館市 | 1", "012041 | 北海道 | 旭川市 | 3"
BROKEN = (
    ("0I2O3E", "北海遉", "小樽帀", "2,000"),
    ("OIZOEE", "北海遉", "小樽帀", "2,000"),  # no figure left in the code
    ("", "北海遉", "小樽帀", "2,000"),
    ("0I2O3E", "", "", "2,000"),
    ("", "", "", "2,000"),  # the amount alone
)


def found(folder: Path, register: Register, text: str) -> list[PublishedList]:
    return published_lists(document(folder, text), register)


def rows(published: PublishedList) -> list[tuple[Any, ...]]:
    columns = ("code", "prefecture", "municipality", "amount")
    return list(published.frame.select(columns).iter_rows())


class TestInText:
    @pytest.mark.parametrize("broken", BROKEN)
    @pytest.mark.parametrize("count", [1, 3])
    def test_between_rows(
        self, broken: tuple[str, ...], count: int, tmp_path: Path, register: Register
    ) -> None:
        text = table(HEADER, FIRST, *[" | ".join(broken)] * count, LAST)
        (published,) = found(tmp_path, register, text)
        assert [row[3] for row in rows(published)] == [1, *[2000] * count, 3]
        assert rows(published)[1][0] == broken[0]
        assert rows(published)[1][2] == broken[2]
        (remark,) = published.remarks
        assert remark.en.startswith(f"codes that are none, kept as written: {count:,}")

    def test_as_first_row_and_last(self, tmp_path: Path, register: Register) -> None:
        broken = " | ".join(BROKEN[0])
        for text in (table(HEADER, broken, FIRST, LAST), table(HEADER, FIRST, LAST, broken)):
            (published,) = found(tmp_path, register, text)
            assert sorted(row[3] for row in rows(published)) == [1, 3, 2000]

    def test_as_last_row_before_the_next_page(self, tmp_path: Path, register: Register) -> None:
        text = f"{TITLE}\n\n" + table(HEADER, FIRST, " | ".join(BROKEN[1])) + "\n- 1 -\n\n"
        text += f"{TITLE}\n\n" + table(HEADER, LAST)
        (published,) = found(tmp_path, register, text)
        assert [row[3] for row in rows(published)] == [1, 2000, 3]

    def test_as_last_row_before_the_sum(self, tmp_path: Path, register: Register) -> None:
        text = table(HEADER, FIRST, " | ".join(BROKEN[1]), "合計 | | | 2,001")
        (published,) = found(tmp_path, register, text)
        assert [row[3] for row in rows(published)] == [1, 2000]
        assert published.printed_total == 2001

    def test_what_may_be_a_last_row_is_said(self, tmp_path: Path, register: Register) -> None:
        (published,) = found(tmp_path, register, table(HEADER, FIRST, " | ".join(BROKEN[1])))
        assert [row[3] for row in rows(published)] == [1]
        assert [remark.en for remark in published.remarks] == [
            "lines that look like rows of the list, left out: 1 (line 3)"
        ]

    def test_a_last_row_that_makes_up_the_declared_total(
        self, tmp_path: Path, register: Register
    ) -> None:
        text = "2 交付金総額\n\n2,001円\n\n" + table(HEADER, FIRST, " | ".join(BROKEN[1]))
        (published,) = found(tmp_path, register, text)
        assert [row[3] for row in rows(published)] == [1, 2000]

    def test_a_list_of_which_nothing_can_be_read_is_said(
        self, tmp_path: Path, register: Register
    ) -> None:
        other = TITLE.replace("公的個人認証サービス", "総合行政ネットワーク")
        text = f"{TITLE}\n\n" + table(HEADER, FIRST) + f"\n{other}\n\n"
        text += table("団体コード | 都道府県名", "010006 | 北海道") + "\n金額\n\n500\n"
        (published,) = found(tmp_path, register, text)
        assert [remark.en for remark in published.remarks] == [
            f"another list has a title, but no rows were found: {other} (line 6)"
        ]

    def test_without_tabs(self, tmp_path: Path, register: Register) -> None:
        text = table(HEADER, FIRST) + "0I2O3E 北海遉 小樽帀 2,000\n" + table(LAST)
        (published,) = found(tmp_path, register, text)
        assert rows(published)[1] == ("0I2O3E", "北海遉", "小樽帀", 2000)

    @pytest.mark.parametrize("amount", ["2,OOO", "*", ""])
    def test_an_amount_that_cannot_be_read_either_is_named(
        self, amount: str, tmp_path: Path, register: Register
    ) -> None:
        text = table(HEADER, FIRST, f"OIZOEE | 北海遉 | 小樽帀 | {amount}", LAST)
        with pytest.raises(InputError, match="小樽帀"):
            found(tmp_path, register, text)

    def test_a_name_and_an_amount_that_cannot_be_read(
        self, tmp_path: Path, register: Register
    ) -> None:
        text = table("都道府県名 | 金額", "北海道 | 100", "青森遉 | 2OO", "岩手県 | 300")
        with pytest.raises(InputError, match="青森遉"):
            found(tmp_path, register, text)

    @pytest.mark.parametrize("at", [1, 2, 3])
    def test_a_name_and_no_amount_at_all(self, at: int, tmp_path: Path, register: Register) -> None:
        lines = ["北海道 | 100", "岩手県 | 300", "宮城県 | 400"]
        lines.insert(at, "青森県 |")
        text = f"{TITLE}\n\n" + table("都道府県名 | 金額", *lines[:2]) + "\n- 1 -\n\n"
        text += f"{TITLE}\n\n" + table("都道府県名 | 金額", *lines[2:])
        with pytest.raises(InputError, match="青森県"):
            found(tmp_path, register, text)

    def test_a_municipality_and_no_amount_at_all(self, tmp_path: Path, register: Register) -> None:
        lines = ("北海道 | 札幌市 | 100", "| 函館市 |", "| 小樽市 | 300")
        with pytest.raises(InputError, match="函館市"):
            found(tmp_path, register, table("都道府県名 | 市区町村名 | 金額", *lines))

    def test_a_prefecture_above_its_municipalities_is_a_heading(
        self, tmp_path: Path, register: Register
    ) -> None:
        lines = ("北海道 | 札幌市 | 100", "青森県 | |", "| 青森市 | 200")
        (published,) = found(tmp_path, register, table("都道府県名 | 市区町村名 | 金額", *lines))
        assert [row[3] for row in rows(published)] == [100, 200]

    def test_beside_a_row_of_another_column(self, tmp_path: Path, register: Register) -> None:
        heads = "都道府県名 | 金額 | 都道府県名 | 金額"
        with pytest.raises(InputError, match="岩手遉"):
            found(tmp_path, register, table(heads, "北海道 | 100 | 岩手遉 | 3OO"))

    def test_the_edge_of_a_page_ends_no_list(self, tmp_path: Path, register: Register) -> None:
        text = table(HEADER, FIRST) + "\n委員会\t資料7\n\n" + table(LAST)
        (published,) = found(tmp_path, register, text)
        assert [row[3] for row in rows(published)] == [1, 3]
        assert published.remarks == ()

    @pytest.mark.parametrize(
        "heads", ["団体コード | 都道府県名 | 市区町村名 | 人口", "区分 | | | 人口"]
    )
    def test_other_figures_of_the_same_payers_are_no_part_of_a_list(
        self, heads: str, tmp_path: Path, register: Register
    ) -> None:
        other = table(heads, "012025 | 北海道 | 函館市 | 251,271")
        (published,) = found(tmp_path, register, table(HEADER, FIRST, LAST) + "\n" + other)
        assert [row[3] for row in rows(published)] == [1, 3]

    def test_rows_below_another_table_are_said(self, tmp_path: Path, register: Register) -> None:
        other = table("団体コード | 都道府県名 | 人口", "012025 | 北海道 | 251,271")
        text = table(HEADER, FIRST) + "\n" + other + "\n" + table(LAST)
        (published,) = found(tmp_path, register, text)
        assert [row[3] for row in rows(published)] == [1]
        assert "left out: 1 (line 7)" in published.remarks[0].en


class TestInPdf:
    @pytest.mark.parametrize("broken", BROKEN[:4])
    @pytest.mark.parametrize("ruled", [True, False])
    def test_wherever_the_page_ends(
        self, broken: tuple[str, ...], ruled: bool, tmp_path: Path, register: Register
    ) -> None:
        more = [(f"{10006 + at:06}", "北海道", "札幌市", "5,000") for at in range(8)]
        papers = Papers()
        papers.add(
            paragraph(TITLE),
            Table(
                (tuple(cell.strip() for cell in HEADER.split("|")), *more[:3], broken, *more[3:]),
                (80.0, 100.0, 200.0, 100.0),
            ),
        )
        for height in range(110, 240, 6):
            pdf = as_flowing_pdf(papers, EDGES["browser"], paper=(595, height), ruled=ruled)
            path = write(tmp_path / "a.pdf", pdf)
            (published,) = published_lists(open_document(open_source(path)), register)
            assert sorted(row[3] for row in rows(published)) == [2000, *[5000] * 8], height
            assert rows(published)[3][:1] == broken[:1], height
