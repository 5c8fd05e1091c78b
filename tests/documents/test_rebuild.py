"""The script that rebuilds documents: what it writes, and that it is always the same."""

from __future__ import annotations

import subprocess
import sys
from itertools import pairwise
from pathlib import Path

from tests.documents import rebuild
from tests.documents.drawing import Table, as_text
from tests.documents.papers import papers_of_2023

SCRIPT = Path(rebuild.__file__)


def test_the_script(tmp_path: Path) -> None:
    command = [sys.executable, str(SCRIPT), str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert written == [
        "lists-2023.xlsx",
        "papers-2021.pdf",
        "papers-2021.txt",
        "papers-2023.pdf",
        "papers-2023.txt",
    ]

    again = {path.name: path.read_bytes() for path in rebuild.rebuild(tmp_path / "again")}
    for name in written:
        assert (tmp_path / "out" / name).read_bytes() == again[name], name


def test_the_script_without_a_folder(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT)], capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert done.returncode == 1
    assert "usage: " in done.stderr


def test_what_makes_the_papers_hard_to_read() -> None:
    papers = papers_of_2023()
    text = as_text(papers)
    assert text.count("団体コード\t都道府県名\t市区町村名\t交付金") == 39
    assert "令和4年度負担金一覧" in text
    assert "公的個人認証サービスに係る令和 5 年度負担金について" in text
    assert "二世郡八雲町" in text
    assert "△" not in text
    assert "業 処 認 本 理\t情 人 事 報 確" in text  # a heading read across, torn in two
    assert "\t1,878,939\t1,878,939\t" in text  # a column that stands twice


def test_pages_end_in_the_middle_of_a_prefecture() -> None:
    tables = [
        block
        for page in papers_of_2023().pages
        for block in page.blocks
        if isinstance(block, Table) and len(block.rows[0]) == 4 and "団体" in block.rows[0][0]
    ]
    ends = [(one.rows[-1][1], other.rows[1][1]) for one, other in pairwise(tables)]
    assert sum(before == after for before, after in ends) > 30
