"""Whatever a plan's names are: its outputs have the structure that plain names give them.

Formulas are the same but for the names of sheets, cells hold what they held, pages have the same
elements, and every name comes back as it was.
"""

from __future__ import annotations

import csv
import io
import json
import re
import tempfile
import zipfile
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Final
from xml.etree import ElementTree as ET

import pytest
from hypothesis import example, given
from openpyxl import load_workbook
from openpyxl.workbook import Workbook
from python_calamine import CalamineWorkbook

from allocator.domain.formulas import guarded
from allocator.outputs.files.folder import write_outputs
from allocator.outputs.workbook.model.lookups import are_no_criteria
from allocator.tasks.compute import compute_plan
from tests.fuzzing import LONG, examples
from tests.names.nasty import HARMLESS, PIECES, Words, words, write_plan

SHEET: Final = re.compile(r"'(?:[^']|'')*'!")
OF_LENGTH: Final = ("総括", "検算")
"""Sheets that have a row for each sentence of a note, and checks that some names cannot have."""


def outputs(said: Words, *, raw_csv: bool = False) -> dict[str, bytes]:
    """Compute a plan with these words, and return its files."""
    with tempfile.TemporaryDirectory() as folder:
        plan = write_plan(Path(folder) / "plan", said)
        paths = write_outputs(compute_plan(plan), Path(folder) / "out", raw_csv=raw_csv)
        return {path.name: path.read_bytes() for path in paths}


@cache
def harmless() -> dict[str, bytes]:
    """Return the files of the plan with plain names."""
    return outputs(HARMLESS)


def every_piece() -> list[Words]:
    """Return words that have every piece in every place."""
    pieces = [each.replace("\r", "\n").strip() for each in PIECES if each.strip()]
    turned = [pieces[at:] + pieces[:at] for at in range(8)]
    rows = zip(*turned, strict=True)
    return [Words(a, (b, c, d), (e, f), g, h, b) for a, b, c, d, e, f, g, h in rows]


def unlike_the_other(said: Words) -> bool:
    return said.prefecture not in ("西国", "")


def assert_sound(said: Words) -> None:
    """Assert that all files are what plain names give, with these names in their place."""
    found = outputs(said)
    assert found.keys() == harmless().keys()
    assert_sound_book(found["allocation.xlsx"], said)
    assert elements(found["report.html"]) == elements(harmless()["report.html"])
    assert_sound_csv(found["allocation.csv"], said)
    embedded = re.search(
        r'id="report-data"[^>]*>(.*?)</script>', found["report.html"].decode(), re.DOTALL
    )
    assert embedded is not None
    listed = json.loads(embedded[1])["organisations"]
    assert listed["areas"] == [said.prefecture, "西国"]
    assert listed["name"][1:4] == list(said.towns)
    manifest = json.loads(found["manifest.json"])
    assert [each["name"] for each in manifest["programmes"]] == list(said.programmes)
    assert_seen(found["manifest.json"].decode())


def assert_seen(text: str) -> None:
    """Assert that a text has nothing that a terminal obeys or doesn't show."""
    unseen = [
        each for each in text if each != "\n" and not (each.isprintable() or each == "\u3000")
    ]
    assert not [each for each in unseen if each not in "\xa0\u2003\u1680"], unseen


def elements(page: bytes) -> list[tuple[str, tuple[str, ...]]]:
    """Return the elements of a page in their order, with the names of their attributes."""
    tags: list[tuple[str, tuple[str, ...]]] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.append((tag, tuple(name for name, _ in attrs)))

        def handle_endtag(self, tag: str) -> None:
            tags.append((f"/{tag}", ()))

        def handle_comment(self, data: str) -> None:
            tags.append(("comment", (data,)))

    Tags().feed(page.decode())
    return tags


def assert_sound_csv(content: bytes, said: Words) -> None:
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    plain = harmless()["allocation.csv"].decode("utf-8-sig")
    before = list(csv.DictReader(io.StringIO(plain, newline="")))
    assert [row["amount"] for row in rows] == [row["amount"] for row in before]
    for row in rows:
        assert not re.match(r"[\s\ufeff]*[=+\-@＝＋－＠]|[\t\n]", row["municipality"])
        assert not re.match(r"[\s\ufeff]*[=+\-@＝＋－＠]|[\t\n]", row["prefecture"])
    own = [row["municipality"] for row in rows if row["code"] in ("E0", "E1", "E2")]
    assert own == list(map(guarded, said.towns))


def assert_sound_book(content: bytes, said: Words) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            ET.fromstring(archive.read(name))
    plain = harmless()["allocation.xlsx"]
    formulas, values = read(content, data_only=False), read(content, data_only=True)
    plain_formulas, plain_values = read(plain, data_only=False), read(plain, data_only=True)
    assert len(formulas.sheetnames) == len(plain_formulas.sheetnames)
    assert formulas.defined_names.keys() == plain_formulas.defined_names.keys()
    for new, old, now, before in zip(formulas, plain_formulas, values, plain_values, strict=True):
        if new.title in OF_LENGTH and not (
            new.title == "検算" and are_no_criteria([said.prefecture, "西国"])
        ):
            continue
        cells = {cell.coordinate: cell for row in new.iter_rows() for cell in row}
        for row in old.iter_rows():
            for cell in row:
                mine = cells[cell.coordinate]
                assert (mine.data_type == "f") == (cell.data_type == "f"), mine
                if cell.data_type == "f":
                    assert SHEET.sub("S!", str(mine.value)) == SHEET.sub("S!", str(cell.value))
                kept, was = now[cell.coordinate].value, before[cell.coordinate].value
                assert isinstance(kept, int | float) == isinstance(was, int | float), mine
                if isinstance(was, int | float):
                    assert kept == was, (new.title, cell.coordinate)
    assert_names(content, said)


def read(content: bytes, *, data_only: bool) -> Workbook:
    return load_workbook(io.BytesIO(content), data_only=data_only)


def assert_names(content: bytes, said: Words) -> None:
    """Assert that two libraries read every name as the plan has it."""
    book = read(content, data_only=True)
    title = next(name for name in book.sheetnames if name.startswith("一覧2"))
    listed = [row[2].value for row in book[title].iter_rows(min_row=4, max_row=10)]
    assert listed[1:4] == list(said.towns)
    assert [row[1].value for row in book[title].iter_rows(min_row=4, max_row=4)] == [
        said.prefecture
    ]
    assert [book["総括"]["B4"].value, book["総括"]["B5"].value] == list(said.programmes)
    assert said.text in [cell.value for cell in book["算定方法"]["B"]]
    rows = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name("市区町村別")
    names = [str(row[2]) for row in rows.to_python(skip_empty_area=False)]
    assert [names.count(town) >= said.towns.count(town) for town in said.towns] == [True] * 3


@pytest.mark.parametrize("number", range(0, len(every_piece()), 1 if LONG else 8))
def test_every_nasty_name_is_a_name(number: int) -> None:
    said = every_piece()[number]
    if unlike_the_other(said):
        assert_sound(said)


@pytest.mark.fuzz
@examples(15)
@given(words())
@example(HARMLESS)
def test_any_name_is_a_name(said: Words) -> None:
    assert_sound(said)


def test_raw_csv_has_the_names_alone() -> None:
    said = Words("=東", ("=1", "'=1", "'x"), ("道", "井"), "", "p", "t")
    marked, raw = (outputs(said, raw_csv=raw)["allocation.csv"].decode() for raw in (False, True))

    assert [f",{name}," in marked for name in ("'=東", "'=1", "''=1", "'x")] == [True] * 4
    assert [f",{name}," in raw for name in ("=東", "=1", "'=1", "'x")] == [True] * 4
