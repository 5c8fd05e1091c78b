"""Files that are small and hold very much are refused by every reader of tables, in a few words.

How long that takes, and how much memory, tests/benchmarks/test_hostile.py measures, with more.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import polars as pl
import pytest

from allocator.cli.main import run
from allocator.domain.errors import InputError
from allocator.files.source import open_source
from allocator.sources.reading import parquet
from allocator.sources.reading.limits import LONGEST_CELL, MOST_ROWS
from allocator.sources.reading.parquet import Shape
from allocator.sources.tables.opened import read_table
from tests.bombs.commands import COMMANDS
from tests.bombs.old_workbooks import OLD_WORKBOOKS
from tests.bombs.parquets import PARQUETS
from tests.bombs.pdfs import PDFS
from tests.bombs.plans import PLANS
from tests.bombs.texts import TEXTS
from tests.bombs.workbooks import WORKBOOKS

LONGEST_LINE: Final = 2_500
TABLES: Final = ("audit", "check", "extract", "measure", "register")

SAID: Final = {
    "parquet_one_long_text": "more than",
    "parquet_one_text_in_fewer_rows": "more than 50,000,000 bytes of text",
    "parquet_one_huge_cell_that_says_it_is_small": "cannot be read",
    "parquet_one_nested_cell": "lists or records",
    "parquet_texts_that_share_their_starts": "DELTA_BYTE_ARRAY",
    "parquet_more_rows_than_said": "broken or not complete",
    "parquet_page_longer_than_the_file": "more than 50,000,000 bytes of text",
    "parquet_footer_of_many_things": "too many columns",
    "parquet_footer_deep_down": "broken or not complete",
    "parquet_a_dictionary_of_long_texts": "characters",
    "csv_columns_100_000": "more than 250,000 characters",
    "csv_lines_of_1_500_columns": "1,500 columns",
    "csv_newlines": "empty",
    "csv_carriage_returns": "lines",
    "csv_one_cell": "more than 250,000 characters",
    "csv_long_cells": "the cells of more than 1,000 bytes hold more than 4,000,000 bytes",
    "xlsx_one_long_text": "more than 50,000,000 bytes of text",
    "xlsx_names_of_one_sheet": "one sheet under several names",
    "xlsx_links_to_one_sheet": "one sheet under several names",
    "xlsx_fewer_parts": "15,005 parts",
    "xlsx_parts_of_one_name": "broken or not complete",
    "xlsx_merged_over_and_over": "broken or not complete",
    "xlsx_entities": "broken or not complete",
    "xlsx_deep_down": "broken or not complete",
    "xlsx_cells_in_wide_rows": "filled cells",
    "xlsx_binary_xlsb": ".xlsb",
    "xlsx_open_document": "OpenDocument",
    "xls_names_of_one_sheet": "filled cells",
    "xls_a_long_text_of_pieces": "filled cells",
    "xls_streams_over_one_another": "broken or not complete",
}
"""What is said of a bomb, whichever command is given it."""

MAKERS: Final = {**PARQUETS, **TEXTS, **WORKBOOKS, **OLD_WORKBOOKS, **PDFS, **PLANS}


@pytest.mark.timeout(120)
@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("kind", list(SAID))
def test_a_bomb_is_refused_alike_by_every_command(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = tmp_path / "made"
    made.mkdir()
    path = MAKERS[kind](made)
    for command in TABLES:
        folder = tmp_path / command
        folder.mkdir()
        assert run(["--lang", "en", *COMMANDS[command](folder, path)]) == 2
        said = capsys.readouterr().err
        assert SAID[kind] in said, command
        assert len(said.splitlines()) == 2
        assert max(map(len, said.splitlines())) <= LONGEST_LINE


@pytest.mark.parametrize(
    "kind",
    [
        "csv_cells_of_5_million",
        "csv_codes_of_5_million",
        "csv_headings_of_5_million",
        "csv_codes_again_and_again",
        "csv_amounts_again_and_again",
        "csv_headings_again_and_again",
        "csv_titles_again_and_again",
        "xlsx_a_long_sheet_name",
        "xlsx_headings_of_5_million",
        "xlsx_headings_to_the_limit",
        "parquet_long_heading",
        "plan_a_long_key",
        "plan_a_long_value",
        "plan_a_long_programme",
        "plan_many_keys",
        "plan_many_programmes",
    ],
)
def test_no_message_is_longer_than_can_be_read(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = MAKERS[kind](tmp_path)
    for command in ("check",) if kind.startswith("plan") else ("audit", "check", "measure"):
        for language in ("en", "ja"):
            folder = tmp_path / f"{command}-{language}"
            folder.mkdir()
            assert run(["--lang", language, *COMMANDS[command](folder, path)]) in (0, 2)
            said = capsys.readouterr().err
            assert 0 < len(said) <= 20_000
            assert max(map(len, said.splitlines())) <= LONGEST_LINE


@pytest.mark.parametrize(
    "kind", ["pdf_forms_that_multiply", "pdf_a_character_of_many", "pdf_many_contents"]
)
def test_a_page_without_end_is_given_up(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = PDFS[kind](tmp_path)
    assert run(["--lang", "en", "check", str(path)]) == 2
    assert "page 1: the page takes more time or memory" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["pdf_scripts", "pdf_huge_page", "pdf_pages_that_double"])
def test_what_a_page_carries_does_nothing(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--lang", "en", "extract", str(PDFS[kind](tmp_path)), "--out", "out"]) == 2
    assert capsys.readouterr().err.count("Error: ") == 1


def test_tables_up_to_the_limits_are_read(tmp_path: Path) -> None:
    """Rows, and a cell as long as spreadsheets allow."""
    long = "x" * LONGEST_CELL
    frame = pl.DataFrame({"code": ["010006"] * (MOST_ROWS - 1), "amount": range(MOST_ROWS - 1)})
    frame = frame.with_columns(note=pl.lit("").first()).with_columns(
        pl.when(pl.col("amount") == 7).then(pl.lit(long)).otherwise(pl.lit("")).alias("note")
    )
    for path in (tmp_path / "a.csv", tmp_path / "a.parquet"):
        if path.suffix == ".csv":
            frame.write_csv(path)
        else:
            frame.write_parquet(path)
        table = read_table(open_source(path))
        assert len(table.frame) == MOST_ROWS - 1
        assert table.frame["note"][7] == long


@pytest.mark.parametrize("compression", ["uncompressed", "snappy", "gzip", "lz4", "zstd", "brotli"])
@pytest.mark.parametrize("rows", [0, 1, 1_000])
def test_a_sound_parquet_is_what_it_says(compression: str, rows: int, tmp_path: Path) -> None:
    """Whatever it is packed with, and in however many pages and groups of rows."""
    frame = pl.DataFrame(
        {
            "code": [f"{row:06}" for row in range(rows)],
            "amount": range(rows),
            "share": [row / 7 for row in range(rows)],
            "is": [None if row % 3 else row % 2 == 0 for row in range(rows)],
        },
        schema={"code": pl.String, "amount": pl.Int64, "share": pl.Float64, "is": pl.Boolean},
    )
    path = tmp_path / "a.parquet"
    frame.write_parquet(
        path,
        compression=compression,  # type: ignore[arg-type]
        row_group_size=300,
        data_page_size=100,
    )
    shape = Shape(path.read_bytes())
    assert (shape.rows, shape.columns) == (rows, 4)
    read = parquet.read_parquet(open_source(path), MOST_ROWS)
    assert read.equals(frame.cast(pl.String))


@pytest.mark.parametrize("kind", ["xlsx", "csv", "titled csv", "parquet"])
@pytest.mark.parametrize("count", [120, 140])
def test_long_cells_are_counted_together_in_every_kind_of_file(
    kind: str, count: int, tmp_path: Path
) -> None:
    frame = pl.DataFrame(
        {
            "code": ["010006"] * count,
            "amount": ["5"] * count,
            "note": [f"{number} {'x' * 30_000}" for number in range(count)],
        }
    )
    file = tmp_path / f"list.{kind.rsplit(maxsplit=1)[-1]}"
    if kind == "parquet":
        frame.write_parquet(file)
    elif kind == "xlsx":
        frame.write_excel(file)
    else:
        head = "a list\n" if kind == "titled csv" else ""
        file.write_text(head + frame.write_csv(), encoding="utf-8")
    if count == 120:
        assert len(read_table(open_source(file)).frame) == count
        return
    with pytest.raises(InputError, match="more than 4,000,000 bytes"):
        read_table(open_source(file))
