"""Templates of the report are compiled once, and kept where Python keeps byte code."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from allocator.outputs.report import shell


@pytest.fixture(autouse=True)
def anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    monkeypatch.setattr(sys, "pycache_prefix", str(tmp_path / "kept"))
    shell.environment.cache_clear()
    yield
    shell.environment.cache_clear()


def kept(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.cache"))


def test_a_template_is_kept_and_taken_from_there(tmp_path: Path) -> None:
    first = shell.page("title", "body")
    (file,) = kept(tmp_path)
    made = file.stat().st_mtime_ns
    shell.environment.cache_clear()

    assert shell.page("title", "body") == first
    assert [file] == kept(tmp_path)
    assert file.stat().st_mtime_ns == made


def test_nothing_is_kept_where_python_keeps_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)

    assert shell.page("title", "body")
    assert kept(tmp_path) == []


def test_a_place_that_takes_nothing_is_no_fault(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("no folder", encoding="utf-8")

    assert b"<h1>title</h1>" in shell.page("title", "body")
