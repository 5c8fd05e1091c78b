"""Measures in PDFs: one table over several pages, its header on each."""

from __future__ import annotations

import csv
from pathlib import Path

from allocator.files.source import open_source
from allocator.sources.bundled import DATA
from allocator.sources.measures.file import read_measure
from allocator.sources.register import japan
from tests.documents.drawing import Papers, Paragraph, Table, as_pdf

HEAD = ("団体コード", "都道府県名", "市区町村名", "職員数(人)")
ROWS_OF_A_PAGE = 40


def rows() -> list[tuple[str, str, str, str]]:
    file = DATA / "population" / "resident_register_2025-01-01.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        return [
            (row["code"], row["prefecture"], row["municipality"], f"{int(row['population']):,}")
            for row in csv.DictReader(lines)
            if row["code"][:2] in {"01", "02"}
        ]


def test_a_measure_is_read_over_all_pages(tmp_path: Path) -> None:
    papers = Papers()
    found = rows()
    for first in range(0, len(found), ROWS_OF_A_PAGE):
        table = Table((HEAD, *found[first : first + ROWS_OF_A_PAGE]), (60, 80, 120, 80))
        papers.add(*([Paragraph(("職員数の状況",))] if not first else []), table)
    path = tmp_path / "staff.pdf"
    path.write_bytes(as_pdf(papers))

    measure = read_measure(open_source(path), "職員数", japan())

    assert dict(measure.frame.select("code", "value").iter_rows()) == {
        code: int(figure.replace(",", "")) for code, _, _, figure in found
    }
    counts = measure.left_out.counts()
    assert counts["header"] == 1
    assert counts["heading"] == len(papers.pages) - 1
