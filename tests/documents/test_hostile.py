"""Hostile documents each end in one clear sentence and status 2, and nothing is written."""

from __future__ import annotations

import io
import zipfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.cli.main import run
from allocator.domain.errors import InputError
from allocator.domain.organisations import Register
from allocator.sources.documents import extract, open_document
from allocator.sources.reading.source import open_source
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


SPOILT = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.one_of(
            st.binary(max_size=6),
            st.sampled_from(
                ["\t", "\n", "合計", "年度", "円", "9" * 30, "△", "一覧", "内容", "科目", "<", ">"]
            ).map(str.encode),
        ),
        st.integers(0, 60),
    ),
    min_size=1,
    max_size=8,
)


def spoil(content: bytes, changes: list[tuple[float, bytes, int]]) -> bytes:
    """Put bytes in place of others."""
    for place, new, length in changes:
        at = int(place * len(content))
        content = content[:at] + new + content[at + length :]
    return content


@pytest.mark.fuzz
@pytest.mark.parametrize("name", ["papers.txt", "papers.pdf", "papers.xlsx"])
@examples(40)
@given(changes=SPOILT)
def test_spoilt_documents_are_read_or_refused(
    name: str, changes: list[tuple[float, bytes, int]], tmp_path: Path, register: Register
) -> None:
    path = tmp_path / name
    path.write_bytes(spoil(DOCUMENTS[name], changes))
    with suppress(InputError):  # anything else would be a fault of our own
        extract(open_document(open_source(path)), register)


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
    with suppress(InputError):  # anything else would be a fault of our own
        extract(open_document(open_source(path)), register)


DOCUMENTS = small_documents()
