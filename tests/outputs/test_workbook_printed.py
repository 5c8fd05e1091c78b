"""The printed workbook: how many pages each sheet takes, and what stands on them."""

from __future__ import annotations

import subprocess
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook

from tests.outputs.spreadsheet import converted

ONE_PAGE = (
    "総括",
    "一覧1",
    "算定1",
    "一覧2",
    "算定2",
    "算定2-1",
    "算定2-2",
    "算定2-3",
    "一覧4",
    "算定4",
    "前年度比較",
    "算定内訳書",
    "来歴",
)


def test_sheets_take_the_pages_they_should(
    written: Path, workbook: Workbook, require_tool: Callable[[str], str], tmp_path: Path
) -> None:
    content = (written / "allocation.xlsx").read_bytes()
    paths = converted(require_tool("soffice"), {"book": content}, tmp_path, "pdf")
    command = [require_tool("pdftotext"), "-layout", str(paths["book"]), "-"]
    text = subprocess.run(command, check=True, capture_output=True).stdout.decode("utf-8")
    printed = text.split("\f")[:-1]

    pages = Counter(
        next(n for n in workbook.sheetnames if _foot(page).endswith(n)) for page in printed
    )

    found = {name.partition(" ")[0]: pages[name] for name in workbook.sheetnames}
    assert [found[name] for name in ONE_PAGE] == [1] * len(ONE_PAGE)
    assert found["検算"] <= 3
    assert found["入力データ"] <= 2
    assert found["算定方法"] <= 2  # prose: a wider font takes a second page
    assert 30 <= found["一覧3"] <= 50
    assert 20 <= found["算定3"] <= 60
    assert 20 <= found["市区町村別"] <= 40
    listed = [page for page in printed if "一覧3" in _foot(page)]
    assert all("団体コード" in page and "市区町村名" in page for page in listed)


def _foot(page: str) -> str:
    return page.rstrip().rsplit("\n", 1)[-1]
