"""Extracting from rebuilt papers: text, PDF in several makes, workbook; all as the data have it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from allocator.domain.organisations import Register
from allocator.files.source import open_source
from allocator.outputs.files.extracted import contents
from allocator.sources.documents.extraction import extract
from allocator.sources.documents.results import Extraction
from allocator.sources.reading.opening import open_document
from tests.documents.expected import (
    check_budgets,
    check_documents,
    check_lists,
    check_lists_toml,
)

OF_2023 = "第38回経営審議委員会 配付資料 令和5年3月2日"
OF_2021 = "第41回代表者会議 配付資料 令和4年1月13日"
PAPERS = (
    "papers-2023.txt",
    "papers-2023.pdf",
    "papers-2023-unruled.pdf",
    "papers-2023-turned.pdf",
)

Rebuilt = Callable[[str], Path]


@pytest.fixture(scope="module")
def extracted(rebuilt: Rebuilt, register: Register) -> Callable[[str], Extraction]:
    """Give what is found in a rebuilt document; each is read once."""
    known: dict[str, Extraction] = {}

    def of(name: str) -> Extraction:
        if name not in known:
            known[name] = extract(open_document(open_source(rebuilt(name))), register)
        return known[name]

    return of


Extracted = Callable[[str], Extraction]


class TestPapersOf2023:
    @pytest.mark.parametrize("name", PAPERS)
    def test_the_four_lists(self, name: str, extracted: Extracted) -> None:
        extraction = extracted(name)
        check_lists(extraction)
        check_lists_toml(extraction)

    @pytest.mark.parametrize("name", PAPERS)
    def test_the_budget_lines_of_both_years(self, name: str, extracted: Extracted) -> None:
        check_budgets(extracted(name), 2022, 2023)
        check_documents(extracted(name), OF_2023)

    @pytest.mark.parametrize("name", PAPERS)
    def test_only_the_title_that_disagrees_is_remarked_on(
        self, name: str, extracted: Extracted
    ) -> None:
        (remark,) = extracted(name).remarks
        assert "the title says 令和4年度, the heading 令和5年度" in remark.en
        assert "公的個人認証サービス" in remark.ja

    def test_misprints_stay(self, extracted: Extracted) -> None:
        lists = {each.programme: each for each in extracted("papers-2023.pdf").lists}
        names = dict(lists["intermediate_server"].frame.select("code", "municipality").iter_rows())
        assert names["013463"] == "二世郡八雲町"
        assert names["133817"] == "三宅島 三宅村"
        assert names["462179"] == "曾於市"

    def test_every_row_keeps_its_line(self, rebuilt: Rebuilt, extracted: Extracted) -> None:
        lines = rebuilt("papers-2023.txt").read_text("utf-8").split("\n")
        for published in extracted("papers-2023.txt").lists:
            for code, prefecture, amount, line in published.frame.select(
                "code", "prefecture", "amount", "line"
            ).iter_rows():
                cells = lines[line - 1].split("\t")
                assert prefecture in cells
                assert cells[-1] == f"{amount:,}"
                assert cells[0] == (code if "code" in published.prints else prefecture)
                assert published.place(line) == f"line {line}"

    def test_every_row_keeps_its_page_and_line(self, extracted: Extracted) -> None:
        pages = {}
        for published in extracted("papers-2023.pdf").lists:
            places = [published.place(line) for line in published.frame["line"]]
            assert len(set(places)) == len(places)
            pages[published.programme] = list(dict.fromkeys(at.split(",")[0] for at in places))
        assert {name: len(found) for name, found in pages.items()} == {
            "residents": 1,
            "jpki": 1,
            "intermediate_server": 39,  # 46 rows a page
            "lgwan": 1,
        }
        document = extracted("papers-2023.pdf").document
        published = extracted("papers-2023.pdf").lists[2]
        line = published.frame["line"][100]
        assert document.lines[line - 1].cells[0] == published.frame["code"][100]
        assert published.where(line) == f"{document.file}: {document.lines[line - 1].place}"

    def test_budget_lines_name_every_place_that_has_the_amount(self, extracted: Extracted) -> None:
        lines = {line.id: line for line in extracted("papers-2023.pdf").lines}
        found = lines["2022-march-jpki-revenue"]
        places = (found.place, *found.also)
        assert [place.page for place in places] == [5, 12]

    def test_places_are_written(self, extracted: Extracted) -> None:
        rows = contents(extracted("papers-2023.pdf"))["2023/places.csv"].decode().splitlines()
        assert rows[0] == "programme,code,prefecture,municipality,place"
        assert len(rows) == 1 + 47 + 47 + 1788 + 47
        assert 'intermediate_server,010006,北海道,,"page 27, line 6"' in rows

    def test_the_text_without_tabs(
        self, rebuilt: Rebuilt, tmp_path: Path, register: Register
    ) -> None:
        """What copying from a PDF viewer gives: spaces, and nothing for an empty cell."""
        path = tmp_path / "copied.txt"
        text = rebuilt("papers-2023.txt").read_text("utf-8")
        path.write_text(text.replace("\t\t", "\t").replace("\t", " "), "utf-8")
        check_lists(extract(open_document(open_source(path)), register))

    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp932"])
    def test_encodings(
        self, encoding: str, rebuilt: Rebuilt, tmp_path: Path, register: Register
    ) -> None:
        path = tmp_path / "papers.txt"
        text = rebuilt("papers-2023.txt").read_text("utf-8")
        kept = text.encode(encoding, "replace").decode(encoding)
        path.write_bytes(kept.encode(encoding))
        found = extract(open_document(open_source(path)), register)
        if kept == text:
            check_lists(found)
        check_budgets(found, 2022, 2023)


class TestPapersOf2021:
    @pytest.mark.parametrize("kind", ["txt", "pdf", "xlsx"])
    def test_the_budget_lines(self, kind: str, extracted: Extracted) -> None:
        extraction = extracted(f"papers-2021.{kind}")
        check_budgets(extraction, 2021)
        check_documents(extraction, OF_2021)
        assert extraction.lists == ()
        assert extraction.remarks == ()


class TestWorkbook:
    def test_the_four_lists(self, extracted: Extracted) -> None:
        check_lists(extracted("lists-2023.xlsx"))

    def test_completed_codes_are_remarked_on(self, extracted: Extracted) -> None:
        extraction = extracted("lists-2023.xlsx")
        lost = sum(code.startswith("0") for code in extraction.lists[2].frame["code"])
        assert lost == 484  # 01 to 09; the sheet stores codes as numbers
        assert any(
            f"codes completed to six digits: {lost} (sheet " in remark.en
            and remark.en.endswith(f" and {lost - 10} more)")
            for remark in extraction.remarks
        )

    def test_every_row_keeps_its_sheet_and_row(self, extracted: Extracted) -> None:
        published = extracted("lists-2023.xlsx").lists[0]
        assert published.place(published.frame["line"][0]) == "sheet Sheet2, row 8"
