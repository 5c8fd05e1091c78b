"""Papers as browsers and offices print them: running lines, and pages that end anywhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from allocator.domain.organisations import Register
from allocator.files.source import open_source
from allocator.sources.documents.extraction import extract
from allocator.sources.lists.papers import published_lists
from allocator.sources.lists.table import PublishedList
from allocator.sources.reading.document import Document
from allocator.sources.reading.opening import open_document
from tests.documents.drawing import Papers, Table, as_text, paragraph, write
from tests.documents.expected import check_budgets, check_lists, check_lists_toml
from tests.documents.flowing import EDGES, as_flowing_pdf
from tests.documents.papers import papers_of_2023

SMALL = (595.0, 420.0)
LETTER = (612.0, 792.0)
ROWS = (
    ("010006", "北海道", "", "11,866,000"),
    ("011002", "北海道", "札幌市", "23,647,000"),
    ("012025", "北海道", "函館市", "3,937,000"),
    ("012033", "北海道", "小樽市", "3,937,000"),
    ("012041", "北海道", "旭川市", "6,684,000"),
    ("012050", "北海道", "室蘭市", "3,101,000"),
    ("012068", "北海道", "釧路市", "3,937,000"),
    ("012076", "北海道", "帯広市", "3,937,000"),
    ("012084", "北海道", "北見市", "3,937,000"),
    ("012092", "北海道", "夕張市", "2,096,000"),
    ("012106", "北海道", "岩見沢市", "3,101,000"),
    ("012114", "北海道", "網走市", "3,101,000"),
)
HEADER = ("団体コード", "都道府県名", "市区町村名", "交付金")
WIDTHS = (80.0, 100.0, 200.0, 100.0)
SUBJECT = "特定個人情報の提供の求め等に係る電子計算機の設置等関連事務の委任に係る"


def short_papers(unit: str = "(単位:円)") -> Papers:
    """Return one list below its heading and total."""
    papers = Papers()
    papers.add(
        paragraph(SUBJECT[:27], SUBJECT[27:] + "令和 5 年度交付金について"),
        paragraph("1 概要"),
        paragraph("2 交付金総額"),
        paragraph("73,281,000円"),
        paragraph("3 負担団体"),
        paragraph("都道府県及び市区町村"),
        paragraph(SUBJECT, "令和5年度交付金一覧(団体別)"),
        paragraph(unit),
        Table((HEADER, *ROWS), WIDTHS),
    )
    return papers


def read(path: Path, register: Register) -> list[PublishedList]:
    return published_lists(open_document(open_source(path)), register)


def rows(published: PublishedList) -> list[tuple[str, ...]]:
    columns = ("code", "prefecture", "municipality", "amount")
    return list(published.frame.select(columns).iter_rows())


def pages_of(document: Document) -> int:
    return document.lines[-1].place.page or 0


class TestWholePapers:
    @pytest.mark.parametrize("edges", EDGES)
    def test_whatever_stands_at_the_edges(
        self, edges: str, tmp_path: Path, register: Register
    ) -> None:
        path = write(tmp_path / "a.pdf", as_flowing_pdf(papers_of_2023(), EDGES[edges]))
        extraction = extract(open_document(open_source(path)), register)
        check_lists(extraction)
        check_lists_toml(extraction)
        check_budgets(extraction, 2022, 2023)
        assert len(extraction.remarks) == 1  # the title that disagrees

    @pytest.mark.parametrize("paper", [SMALL, LETTER])
    @pytest.mark.parametrize("heads_again", [True, False])
    def test_wherever_pages_end(
        self, paper: tuple[float, float], heads_again: bool, tmp_path: Path, register: Register
    ) -> None:
        pdf = as_flowing_pdf(
            papers_of_2023(), EDGES["browser"], paper=paper, heads_again=heads_again
        )
        extraction = extract(open_document(open_source(write(tmp_path / "a.pdf", pdf))), register)
        check_lists(extraction)
        check_budgets(extraction, 2022, 2023)

    def test_without_rulings(self, tmp_path: Path, register: Register) -> None:
        pdf = as_flowing_pdf(papers_of_2023(), EDGES["browser"], ruled=False, heads_again=False)
        check_lists(extract(open_document(open_source(write(tmp_path / "a.pdf", pdf))), register))


class TestEveryPageBreak:
    @pytest.mark.parametrize("edges", ["none", "browser", "number of pages"])
    @pytest.mark.parametrize("heads_again", [True, False])
    def test_a_list_and_what_stands_above_it(
        self, edges: str, heads_again: bool, tmp_path: Path, register: Register
    ) -> None:
        (expected,) = read(write(tmp_path / "a.txt", as_text(short_papers())), register)
        assert (expected.programme, expected.declared_total) == ("intermediate_server", 73_281_000)
        assert len(expected.frame) == len(ROWS)
        counts = set()
        for height in range(130, 460, 5):
            pdf = as_flowing_pdf(
                short_papers(), EDGES[edges], paper=(595, height), heads_again=heads_again
            )
            document = open_document(open_source(write(tmp_path / "a.pdf", pdf)))
            counts.add(pages_of(document))
            (found,) = published_lists(document, register)
            assert rows(found) == rows(expected), height
            for name in ("programme", "title", "heading", "declared_total", "remarks"):
                assert getattr(found, name) == getattr(expected, name), (height, name)
        assert len(counts) > 4

    def test_the_unit_above_the_break_counts(self, tmp_path: Path, register: Register) -> None:
        papers = short_papers("(単位:千円)")
        for height in range(130, 460, 5):
            pdf = as_flowing_pdf(papers, EDGES["browser"], paper=(595, height))
            (found,) = read(write(tmp_path / "a.pdf", pdf), register)
            assert found.frame["amount"][0] == 11_866_000_000, height


class TestTitlesOverAPageBreak:
    def found(self, folder: Path, register: Register, *title: str) -> list[PublishedList]:
        """Read a list whose title's first line is the last of its page."""
        first, *rest = title
        for height in range(130, 460, 5):
            papers = Papers()
            papers.add(*(paragraph(f"本文{at}") for at in range(12)), paragraph(first, *rest))
            papers.add(Table((HEADER, *ROWS), WIDTHS))
            pdf = as_flowing_pdf(papers, EDGES["browser"], paper=(595, height))
            document = open_document(open_source(write(folder / "a.pdf", pdf)))
            pages = {line.text: line.place.page for line in document.lines}
            if pages[first] != pages[rest[0]]:
                return published_lists(document, register)
        pytest.fail("no page ends there")

    @pytest.mark.parametrize("at", [len(SUBJECT), len(SUBJECT) + 1, len(SUBJECT) + 9, 20])
    def test_it_is_one(self, at: int, tmp_path: Path, register: Register) -> None:
        title = SUBJECT + "令和5年度交付金一覧(団体別)"
        (found,) = self.found(tmp_path, register, title[:at], title[at:])
        assert (found.title, found.programme) == (title, "intermediate_server")

    def test_what_stands_at_the_foot_is_no_part_of_another_title(
        self, tmp_path: Path, register: Register
    ) -> None:
        prose = "ここまでが総合行政ネットワークに係る令和5年度の負担金の説明。"
        (found,) = self.found(tmp_path, register, prose, "何かの負担金一覧")
        assert (found.title, found.programme) == ("何かの負担金一覧", "")


class TestRunningLines:
    def lines(self, folder: Path, papers: Papers, edges: str) -> list[tuple[str, ...]]:
        pdf = as_flowing_pdf(papers, EDGES[edges], paper=(595, 200), ruled=False)
        document = open_document(open_source(write(folder / "a.pdf", pdf)))
        return [line.cells for line in document.lines if line.running]

    def test_only_the_edges_run(self, tmp_path: Path) -> None:
        found = self.lines(tmp_path, short_papers(), "browser")
        assert len(found) == 2 * len({cells for cells in found if "https" in cells[0]})
        assert {cells[0] for cells in found} == {
            "2023/03/02 10:09",
            "https://example.jp/papers.html",
        }

    def test_rows_alike_at_every_top_are_data(self, tmp_path: Path, register: Register) -> None:
        """Pages of one row each, all with the same names: only code and amount change."""
        papers = Papers()
        papers.add(paragraph(SUBJECT + "令和5年度交付金一覧(団体別)"))
        alike = [(f"{10006 + at:06}", "北海道", "某町", f"{2_096_000 + at:,}") for at in range(40)]
        papers.add(Table((HEADER, *alike), WIDTHS, size=12.0))
        for ruled in (True, False):
            pdf = as_flowing_pdf(
                papers, EDGES["browser"], paper=(595, 105), ruled=ruled, heads_again=False
            )
            document = open_document(open_source(write(tmp_path / "a.pdf", pdf)))
            assert pages_of(document) > 20
            (found,) = published_lists(document, register)
            assert [row[0] for row in rows(found)] == [row[0] for row in alike]

    def test_a_prefecture_at_every_top_is_no_loss(self, tmp_path: Path, register: Register) -> None:
        papers = Papers()
        for at, row in enumerate(ROWS):
            title = [paragraph(SUBJECT + "令和5年度交付金一覧(団体別)")] if at == 0 else []
            papers.add(*title, paragraph("北海道"), Table((HEADER, row), WIDTHS))
        pdf = as_flowing_pdf(papers, EDGES["number"], paper=(595, 150))
        (found,) = read(write(tmp_path / "a.pdf", pdf), register)
        assert len(found.frame) == len(ROWS)
