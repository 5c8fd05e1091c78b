"""The working paper printed: A4, its headings on every page, nothing cut, pages numbered."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from playwright.sync_api import Browser

from allocator.auditing.findings import Audit, Finding
from allocator.domain.text import Text, same
from allocator.files.source import Sources
from allocator.outputs.audit_paper.content import paper
from allocator.outputs.audit_paper.html import render as as_page
from allocator.outputs.audit_paper.particulars import Particulars, particulars
from allocator.outputs.audit_paper.workbook import render as as_workbook
from allocator.sources.bundled import DATA, newest_plan
from allocator.tasks.audit_plan import audit_file
from tests.outputs.spreadsheet import converted

A4 = (595, 842)
LONG = "とても長い璧の町" * 40
HUGE = 10**18


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    """Give the audit of a long list with faults of many kinds, and finding with rows below."""
    lines = (DATA / "published/2023/intermediate_server.csv").read_text("utf-8").splitlines()
    for at in range(5, len(lines), 40):
        head, _, amount = lines[at].rpartition(",")
        lines[at] = f"{head},{int(amount) + at}"
    lines[20] = lines[20].replace("市", f"市{LONG}")
    del lines[100], lines[300]
    file = tmp_path_factory.mktemp("printed") / "list.csv"
    file.write_text("\n".join([*lines, lines[50]]) + "\n", encoding="utf-8")
    (found,) = audit_file(file, newest_plan(), "intermediate_server")
    below = tuple(each for each in found.findings if each.kind == "amount")
    huge = replace(below[0], published=HUGE, expected=-HUGE, message=same("璽" * 3000))
    cause = Finding(
        "amount",
        "unit",
        Text("one cause", "1つの原因"),
        found.source,
        effect=sum(each.effect or 0 for each in below),
        below=below,
    )
    others = tuple(each for each in found.findings if each.kind != "amount")
    return replace(found, findings=(cause, huge, *others))


@pytest.fixture(scope="module")
def of(audit: Audit) -> Particulars:
    """Give the particulars of a call with everything in it."""
    file = Path(audit.source)
    given = {"day": date(2026, 12, 1), "materiality": 1_000}
    known = [audit.programme]
    return particulars(file, None, newest_plan(), known, Sources(), **given)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def workbook(audit: Audit, of: Particulars) -> bytes:
    """Give the working paper as a workbook."""
    return as_workbook(paper([audit], of, "ja"), "ja")


@pytest.fixture(scope="module")
def opened(workbook: bytes) -> Workbook:
    """Give the workbook, read back."""
    return load_workbook(BytesIO(workbook))


def rows_of(opened: Workbook) -> list[list[object]]:
    """Return the sheet of findings, headings first."""
    return [list(row) for row in opened["指摘事項"].values]


def pages_of(pdf: Path, require_tool: Callable[[str], str]) -> list[str]:
    command = [require_tool("pdftotext"), "-layout", str(pdf), "-"]
    text = subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8")
    return text.split("\f")[:-1]


def sizes_of(pdf: Path, require_tool: Callable[[str], str]) -> set[tuple[int, int]]:
    command = [require_tool("pdfinfo"), "-l", "-1", str(pdf)]
    text = subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8")
    found = re.findall(r"size:\s+([0-9.]+) x ([0-9.]+)", text)
    return {(round(float(wide)), round(float(high))) for wide, high in found}


def numbers_on(pages: list[str]) -> list[str]:
    """Return the last line of every page, which is its number."""
    return [re.sub(r"\s+", "", page.rstrip().rsplit("\n", 1)[-1]) for page in pages]


# -- the workbook ----------------------------------------------------------------------------------


def test_no_row_is_higher_than_a_spreadsheet_allows(opened: Workbook) -> None:
    heights = [each.height for sheet in opened for each in sheet.row_dimensions.values()]
    assert max(height for height in heights if height) < 409


def test_a_text_too_long_for_one_row_goes_on_in_the_next(opened: Workbook) -> None:
    cells = [str(cell.value or "") for row in opened["指摘事項"].iter_rows() for cell in row]
    assert sum(cell.count("璽") for cell in cells if set(cell) == {"璽"}) == 3000
    assert sum(cell.count("璧") for cell in cells) == 80


def test_columns_are_wide_enough_for_their_amounts(opened: Workbook) -> None:
    rows = rows_of(opened)
    widths = opened["指摘事項"].column_dimensions
    for head, figure in (("一覧の額(円)", f"{HUGE:,}"), ("あるべき額(円)", f"△{HUGE:,}")):
        at = rows[0].index(head)
        assert figure in [row[at] for row in rows]  # beyond 15 digits an amount is text
        assert widths[get_column_letter(at + 1)].width >= len(figure) + 1


def test_codes_are_text_and_rows_below_are_grouped(opened: Workbook, audit: Audit) -> None:
    heads, *rows = rows_of(opened)
    codes = [str(row[heads.index("団体コード")] or "") for row in rows]
    numbers = [row[heads.index("番号")] for row in rows]
    below = audit.findings[0].below

    assert {len(code) for code in codes if code} == {6}
    assert any(code.startswith("0") for code in codes)
    assert numbers[: len(below) + 1] == ["1", *(f"1-{n}" for n in range(1, len(below) + 1))]
    lines = opened["指摘事項"].row_dimensions
    levels = [lines[at].outlineLevel for at in range(2, len(below) + 4)]
    assert levels == [0, *[1] * len(below), 0]
    differences = [int(str(row[heads.index("差(円)")])) for row in rows[: len(below) + 1]]
    assert differences[0] == sum(differences[1:])


def test_the_printed_workbook(
    workbook: bytes, require_tool: Callable[[str], str], tmp_path: Path
) -> None:
    paths = converted(require_tool("soffice"), {"paper": workbook}, tmp_path, "pdf")
    pages = pages_of(paths["paper"], require_tool)

    assert sizes_of(paths["paper"], require_tool) == {A4, A4[::-1]}
    assert numbers_on(pages) == [f"{n}/{len(pages)}" for n in range(1, len(pages) + 1)]
    listed = [page for page in pages if "指摘事項" in page.splitlines()[0]]
    assert 5 <= len(listed) <= 25
    assert all("団体コード" in page and "相手先(作成者)の回答" in page for page in listed)
    assert "###" not in "".join(pages)
    # Nothing is cut: the first and the last line of the longest text are there.
    assert sum(page.count("璽") for page in pages) == 3000


# -- the page --------------------------------------------------------------------------------------


_OVERFLOWING = """() => [...document.querySelectorAll("th, td, dt, dd, li, h2, h3, .badge")]
.filter(each => {
  const text = document.createRange();
  text.selectNodeContents(each);
  const [inner, outer] = [text.getBoundingClientRect(), each.getBoundingClientRect()];
  return inner.right > outer.right + 1 || inner.bottom > outer.bottom + 1;
}).map(each => each.textContent)"""
"""Which texts reach beyond the place that they have."""


@pytest.fixture(scope="module")
def html(audit: Audit, of: Particulars) -> bytes:
    """Give the working paper as a page."""
    return as_page(paper([audit], of, "ja"), "ja")


def test_the_printed_page(
    html: bytes, browser: Browser, require_tool: Callable[[str], str], tmp_path: Path
) -> None:
    file, pdf = tmp_path / "paper.html", tmp_path / "paper.pdf"
    file.write_bytes(html)
    # 273 mm: what an A4 page across has between its margins.
    page = browser.new_page(viewport={"width": 1032, "height": 700})
    page.goto(file.as_uri())
    page.emulate_media(media="print")
    overflowing = page.evaluate(_OVERFLOWING)
    wide = page.evaluate("document.documentElement.scrollWidth")
    page.pdf(path=str(pdf), prefer_css_page_size=True)
    page.close()
    pages = pages_of(pdf, require_tool)

    assert overflowing == []
    assert wide <= 1032
    assert {(wide, high) for wide, high in sizes_of(pdf, require_tool)} == {A4[::-1]}
    assert numbers_on(pages) == [f"{n}/{len(pages)}" for n in range(1, len(pages) + 1)]
    assert 4 <= len(pages) <= 20
    assert "作成・確認" in pages[0].replace("･", "・")
    # Every page on which a table of findings goes on begins with its headings.
    first = next(at for at, page in enumerate(pages) if "1-1 " in page)
    assert all("団体コード" in page for page in pages[first:])
