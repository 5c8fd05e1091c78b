"""Lists with any names, in files with any names: the papers of audit and compare, and extract.

Lists are not refused for a character: what is printed is a finding. It stays data in every file.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
import zipfile
from functools import cache
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from openpyxl import load_workbook

from allocator.domain.characters import legible
from allocator.outputs.writers.markdown import plain
from tests.cli.calls import call_inside
from tests.fuzzing import examples
from tests.names.nasty import HARMLESS, PIECES, STEERING, listed_names, write_plan, write_rows
from tests.names.test_outputs_of_a_plan import assert_seen, elements

ENDINGS: Final = ("xlsx", "html", "md", "json", "csv")
FILES: Final = ("=1.csv", "<b>&.csv", "\u202eab.csv", "a|b`[x](y).csv", "\x1b[2J\x1b]0;x\x07.csv")
STEERS: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
MARKDOWN: Final = MarkdownIt("commonmark").enable(["table", "strikethrough"])

Names = tuple[str, str, str]
PLAIN: Final[Names] = ("甲市", "乙市", "丙市")


def papers(names: Names, file: str = "list.csv") -> dict[str, bytes]:
    """Audit a list and compare it with another; return all reports, by command and ending."""
    found: dict[str, bytes] = {}
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        plan = write_plan(here / "plan", HARMLESS)
        heads = ("code", "prefecture", "municipality", "amount")
        rows = [(f"E{n}", "東国", name, str(100 + n)) for n, name in enumerate(names)]
        # Those of the register have its names in a comparison, others those that are printed.
        others = [(f"X{n}", "北国", name, "9") for n, name in enumerate(names)]
        rows = [("E", "東国", "", "100"), *rows, ("W", "西国", "", "5"), *others]
        first, second = here / file, here / "other.csv"
        write_rows(first, heads, rows)
        write_rows(second, heads, [(*row[:3], str(int(row[3]) + 1)) for row in rows])
        for ending in ENDINGS:
            for command, status in (
                (("audit", first, "--plan", plan, "--programme", "wells"), 1),
                (("compare", first, second, "--plan", plan, "--programme", "wells"), 0),
            ):
                report = here / f"{command[0]}.{ending}"
                ended = call_inside(*command, "--report", report, language="ja")
                assert ended.status == status, ended.err
                assert STEERS.search(ended.err.replace("\n", "")) is None
                found[report.name] = report.read_bytes()
    return found


@cache
def plainly() -> dict[str, bytes]:
    return papers(PLAIN)


def assert_sound(names: Names, file: str = "list.csv") -> None:
    """Assert that the papers have the structure of those with plain names."""
    found, before = papers(names, file), plainly()
    for name, content in found.items():
        if name.endswith(".html"):
            assert elements(content) == elements(before[name])
        elif name.endswith(".md"):
            assert structure(content) == structure(before[name])
            assert_no_address(content.decode())
        elif name.endswith(".xlsx"):
            assert_same_cells(content, before[name])
        elif name.endswith(".json"):
            json.loads(content)
            assert_seen(content.decode())
        else:
            rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
            assert len(rows) == len(csv_rows(before[name]))
            for cell in (cell for row in rows for cell in row.values()):
                assert not re.match(r"[\s\ufeff]*[=@＝＋－＠]|\t", cell), cell
    shown = json.loads(found["compare.json"])["programmes"][0]["rows"]
    assert [row["municipality"] for row in shown if row["code"][0] == "X"] == list(names)


def csv_rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def structure(content: bytes) -> list[tuple[str, str]]:
    """Return what Markdown is made of, block by block; what stands in a line is but text."""
    tokens = MARKDOWN.parse(content.decode())
    return [
        (each.type, each.tag)
        for token in tokens
        for each in (token, *(token.children or ()))
        if each.type not in ("text", "softbreak")
    ]


def assert_no_address(text: str) -> None:
    """Assert that nothing is left of which some programs make a link: backslashes stand before."""
    assert re.search(r"(?<!\\)://|(?i:www)\.|(?<!\\)@|(?i:mailto|javascript):", text) is None


def assert_same_cells(content: bytes, before: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            ET.fromstring(archive.read(name))
    new, old = (load_workbook(io.BytesIO(each)) for each in (content, before))
    assert new.sheetnames == old.sheetnames
    mine, theirs = (
        [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
        for book in (new, old)
    )
    assert not {"f", "e"} & {cell.data_type for cell in mine}
    figures = (
        [each.value for each in cells if each.data_type == "n" and each.value is not None]
        for cells in (mine, theirs)
    )
    assert next(figures) == next(figures)


@pytest.mark.parametrize("file", FILES)
def test_a_file_of_any_name(file: str) -> None:
    assert_sound(PLAIN, file)


@pytest.mark.fuzz
@examples(8)
@given(st.tuples(listed_names(), listed_names(), listed_names()))
@example(("町\x1b]52;c;eA==\x07", "町\u202e\x9b", "町<r>&</r>\ufffe"))
@example(("町http://e/ www.e.jp a@b.jp", "町|`[x](javascript:x)", "町\\|*x*_y_~~z~~<b>"))
def test_a_list_with_any_names(names: Names) -> None:
    assert_sound(names)


# -- Markdown, alone ------------------------------------------------------------------------------


def rendered(text: str) -> tuple[list[tuple[str, str]], list[str]]:
    """Return what a text becomes as a paragraph, an item, a heading and a cell; and its words."""
    found = MARKDOWN.parse(
        f"{text}\n\n- {text}\n\n## {text}\n\n| a | b |\n|---|---|\n| {text} | x |\n"
    )
    inside = [token.children or [] for token in found if token.type == "inline"]
    words = ["".join(child.content for child in each) for each in inside]
    return [(each.type, each.tag) for each in found], words


@pytest.mark.fuzz
@examples(200)
@given(st.one_of(st.sampled_from(PIECES + STEERING), st.text(min_size=1), listed_names()))
@example("1. x")
@example("10) x")
@example("x #")
@example("| --- |")
@example("a\\")
def test_any_text_stays_text_in_markdown(text: str) -> None:
    wanted = legible(" ".join(text.split()))
    if not wanted or "\0" in wanted:
        return
    blocks, words = rendered(plain(text))
    assert blocks == rendered("x")[0]
    assert words == [wanted, wanted, wanted, "a", "b", wanted, "x"]
