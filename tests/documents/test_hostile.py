"""Hostile documents each end in one clear sentence and status 2, and nothing is written."""

from __future__ import annotations

import io
import unicodedata
import zipfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.cli.main import run
from allocator.domain.errors import InputError
from allocator.domain.frames import added
from allocator.domain.organisations import Register
from allocator.files.source import open_source
from allocator.sources.documents.extraction import extract
from allocator.sources.documents.results import Extraction
from allocator.sources.reading.opening import open_document
from tests.documents.hostile import HOSTILE, small_documents
from tests.fuzzing import examples


@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", list(HOSTILE))
def test_a_hostile_document_is_one_problem(
    kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made, out = tmp_path / "given", tmp_path / "out"
    made.mkdir()
    maker, words = HOSTILE[kind]
    path = maker(made)

    status = run(["--lang", "en", "extract", str(path), "--out", str(out)])

    said = capsys.readouterr()
    assert status == 2
    assert said.out == ""
    assert words in said.err
    assert said.err.count("Error: ") == 1
    assert said.err.count("To mend it: ") == 1
    assert "Traceback" not in said.err
    assert not out.exists()


@pytest.mark.parametrize("kind", ["pdf_without_text", "pdf_without_meaning", "pdf_with_password"])
def test_japanese_messages(kind: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = HOSTILE[kind][0](tmp_path)
    assert run(["--lang", "ja", "extract", str(path), "--out", str(tmp_path / "out")]) == 2
    assert "対処: " in capsys.readouterr().err


def test_blank_cells_far_out_do_no_harm(tmp_path: Path, register: Register) -> None:
    """Spreadsheets keep formats of cells that hold nothing; that is no table of their size."""
    source = zipfile.ZipFile(io.BytesIO(small_documents()["papers.xlsx"]))
    path = tmp_path / "lists.xlsx"
    blank = b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'
    with zipfile.ZipFile(path, "w") as changed:
        for name in source.namelist():
            content = source.read(name).replace(b"</sheetData>", blank)
            changed.writestr(name, content)
    assert len(extract(open_document(open_source(path)), register).lists) == 1


WORDS = ["\t", "\n", "合計", "年度", "円", "9" * 30, "△", "一覧", "内容", "科目", "<", ">"]

SPOILT = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.one_of(
            st.binary(max_size=6),
            st.sampled_from(WORDS).map(str.encode),
        ),
        st.integers(0, 60),
    ),
    min_size=1,
    max_size=8,
)


def spoil(content: bytes, changes: list[tuple[float, bytes, int]]) -> bytes:
    """Put bytes in place of others, in UTF-8 of whole characters: else every text is refused."""
    for place, new, length in changes:
        at = whole(content, int(place * len(content)))
        content = content[:at] + new + content[whole(content, at + length) :]
    return content


def whole(content: bytes, at: int) -> int:
    """Return the nearest place from `at` on at which a character of UTF-8 can begin."""
    while at < len(content) and content[at] & 0xC0 == 0x80:
        at += 1
    return at


def read_or_refused(path: Path, register: Register) -> Extraction | None:
    """Read a document; None: it is refused by its name."""
    try:
        extraction = extract(open_document(open_source(path)), register)
    except InputError as error:  # anything else would be a fault of our own
        problems = error.problems
    else:
        assert_as_written(extraction)
        return extraction
    assert all(path.name in problem.where for problem in problems)
    return None


def assert_as_written(extraction: Extraction) -> None:
    """Assert that something was read, and that every amount stands in its line."""
    assert extraction.lists or extraction.lines
    document = extraction.document
    by_place = {line.place: line for line in document.lines}
    for each in extraction.lists:
        assert len(each.frame)
        for amount, line in each.frame.select("amount", "line").iter_rows():
            assert stands_in(amount, document.lines[line - 1].text)
        if each.printed_line is not None:
            assert each.printed_total is not None
            assert stands_in(each.printed_total, document.lines[each.printed_line - 1].text)
    for found in extraction.lines:
        assert stands_in(found.amount, by_place[found.place].text)


def stands_in(amount: int, text: str) -> bool:
    """Tell whether a line has an amount, in yen or in a larger unit."""
    digits = unicodedata.normalize("NFKC", text).replace(",", "")
    units = (1, 1_000, 1_000_000)
    return any(amount % unit == 0 and str(abs(amount) // unit) in digits for unit in units)


@pytest.mark.parametrize("name", ["papers.txt", "papers.pdf", "papers.xlsx"])
def test_the_documents_are_sound_before_they_are_spoilt(
    name: str, tmp_path: Path, register: Register
) -> None:
    path = tmp_path / name
    path.write_bytes(DOCUMENTS[name])
    extraction = read_or_refused(path, register)
    assert extraction is not None
    assert [each.programme for each in extraction.lists] == ["residents"]
    assert added(extraction.lists[0].frame["amount"]) == 1_514_000_000
    assert [line.amount for line in extraction.lines] == [31_036_680]


def test_some_spoilt_documents_are_read_and_some_refused(
    tmp_path: Path, register: Register
) -> None:
    random, read = Random(20230401), []
    path = tmp_path / "papers.txt"
    for _ in range(30):
        changes = [
            (random.random(), random.choice(WORDS).encode(), random.randint(0, 60))
            for _ in range(random.randint(1, 8))
        ]
        path.write_bytes(spoil(DOCUMENTS["papers.txt"], changes))
        read.append(read_or_refused(path, register) is not None)
    assert 3 <= sum(read) <= 27


@pytest.mark.fuzz
@pytest.mark.parametrize("name", ["papers.txt", "papers.pdf", "papers.xlsx"])
@examples(40)
@given(changes=SPOILT)
def test_spoilt_documents_are_read_or_refused(
    name: str, changes: list[tuple[float, bytes, int]], tmp_path: Path, register: Register
) -> None:
    path = tmp_path / name
    path.write_bytes(spoil(DOCUMENTS[name], changes))
    read_or_refused(path, register)


@pytest.mark.fuzz
@examples(40)
@given(part=st.floats(0, 1, exclude_max=True), changes=SPOILT)
def test_workbooks_with_spoilt_parts_are_read_or_refused(
    part: float, changes: list[tuple[float, bytes, int]], tmp_path: Path, register: Register
) -> None:
    with zipfile.ZipFile(io.BytesIO(DOCUMENTS["papers.xlsx"])) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = list(parts)[int(part * len(parts))]
    parts[name] = spoil(parts[name], changes)
    path = tmp_path / "papers.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        for each, content in parts.items():
            archive.writestr(each, content)
    read_or_refused(path, register)


DOCUMENTS = small_documents()
