"""What a second reading of the writers found: each would have been code, or hidden what it is."""

from __future__ import annotations

import csv
import io
import re
import tomllib
import zipfile
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.api import build_plan, read_lists
from allocator.domain.errors import InputError
from allocator.outputs.writers.csv_text import CR_LF, LF, csv_text
from tests.cli.calls import call_inside
from tests.outputs.country import ROADS, rendered, write_country

CELLS = st.text(st.sampled_from("a=+-@'\" ,;\t\r\n\x85\u2028"), max_size=6)


@pytest.mark.fuzz
@given(rows=st.lists(st.tuples(CELLS, CELLS), max_size=4), end=st.sampled_from([LF, CR_LF]))
def test_a_cell_never_ends_a_row(rows: list[tuple[str, str]], end: str) -> None:
    text = csv_text(("one", "two"), rows, end, raw=True)
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert [tuple(row) for row in read] == [("one", "two"), *rows]


def test_headings_are_marked_as_cells_are() -> None:
    assert csv_text(("=1+1",), [("=2",)], LF, raw=False) == "'=1+1\n'=2\n"


def test_a_carriage_return_in_a_name_is_extracted_as_part_of_it(
    tmp_path: Path,
) -> None:
    names = ["千代田区\r=1+1", "中央区"]
    frame = pl.DataFrame(
        {
            "code": ["131016", "131024"],
            "prefecture": ["東京都"] * 2,
            "municipality": names,
            "amount": [100, 200],
        }
    )
    frame.write_parquet(tmp_path / "list.parquet")
    ended = call_inside("extract", tmp_path / "list.parquet", "--out", tmp_path / "out")
    assert ended.status == 0, ended.err
    for file in (tmp_path / "out").rglob("*.csv"):
        cells = csv.reader(io.StringIO(file.read_text(encoding="utf-8-sig"), newline=""))
        assert not [cell for row in cells for cell in row if cell.startswith("=")], file


def test_names_of_files_differ_in_more_than_capitals(tmp_path: Path) -> None:
    lines = ["programme,code,amount"]
    lines += [f"{name},010006,{n}" for n, name in enumerate(("CON", "Places", "a", "A"), start=1)]
    (tmp_path / "lists.csv").write_text("\n".join(lines), encoding="utf-8")
    assert call_inside("extract", tmp_path / "lists.csv", "--out", tmp_path / "out").status == 0
    names = [
        file.relative_to(tmp_path / "out").as_posix() for file in (tmp_path / "out").rglob("*.*")
    ]
    assert len({name.casefold() for name in names}) == len(names)
    assert not [name for name in names if re.search(r"/con\.", name, re.IGNORECASE)]
    lists = tomllib.loads((tmp_path / "out/undated/lists.toml").read_text(encoding="utf-8"))
    assert len(lists["list"]) == 4


def test_no_name_of_a_cell_stands_twice() -> None:
    programme = tomllib.loads(ROADS) | {"id": "statement", "payers": "all"}
    programme.pop("breakdown")
    with pytest.raises(InputError, match="statement"):
        build_plan([programme], fiscal_year=2030)


def test_what_turns_a_line_around_is_written_out_in_html(tmp_path: Path) -> None:
    (tmp_path / "list.csv").write_text(
        "code,prefecture,municipality,amount\n131016,東京都,千代\u202e田区,1\n", encoding="utf-8"
    )
    paper = tmp_path / "paper.html"
    call_inside("audit", tmp_path / "list.csv", "--report", paper)
    text = paper.read_text(encoding="utf-8")
    assert "\u202e" not in text
    assert "千代\\u202e田区" in text


def test_a_file_steers_no_prompt(tmp_path: Path) -> None:
    file = tmp_path / "\x1b[2Jx.csv"
    file.write_text("code,amount\n010006,1\n", encoding="utf-8")
    assert "\x1b" not in repr(read_lists(file))


def test_names_of_cells_are_unique_in_a_workbook(tmp_path: Path) -> None:
    from allocator.tasks.compute import compute_plan

    content = rendered(compute_plan(write_country(tmp_path / "country")))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        book = archive.read("xl/workbook.xml").decode()
    names = re.findall(r'<definedName name="([^"]+)"(?! localSheetId)[^>]*>', book)
    own = [name for name in names if not name.startswith("_xlnm")]
    assert len(own) == len(set(own)) > 3
