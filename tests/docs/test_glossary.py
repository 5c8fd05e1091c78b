"""The terms of the glossary are in use, and every term of a plan or a result is in it."""

from __future__ import annotations

import re
from functools import cache
from typing import Final, get_args

import pytest

from allocator.domain.organisations import KINDS
from allocator.plans.tables import Basis
from allocator.words.rule import BASIS
from docs.build import ROOT
from tests.docs.pages import figures, page

GLOSSARY: Final = page("docs/glossary.md")
ROWS: Final = [row for part in GLOSSARY.sections.values() for table in part.tables for row in table]


@cache
def in_use() -> str:
    """Return the text of the code, the plans, and the sources of the data."""
    files = [*(ROOT / "allocator").rglob("*.py"), *(ROOT / "configs").rglob("*.toml")]
    files += [ROOT / "data/SOURCES.md", ROOT / "data/published/2023/lists.toml"]
    return "\n".join(file.read_text(encoding="utf-8") for file in files)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["日本語"])
def test_a_term_is_in_use(row: dict[str, str]) -> None:
    assert row["日本語"] in in_use()
    english = row["English"].partition(" (")[0]
    terms = figures(row["English"]) or [english]
    for term in terms:
        assert re.search(rf"\b{re.escape(term)}", in_use(), re.IGNORECASE), term
    for term in figures(row["meaning"]):
        assert term in in_use(), term


def test_every_kind_and_basis_is_there() -> None:
    named = {term for row in ROWS for cell in row.values() for term in figures(cell)}

    assert set(KINDS) - {"prefecture"} <= named
    assert set(get_args(Basis)) <= named
    assert {text.ja for text in BASIS.values()} <= {row["日本語"] for row in ROWS}


def test_no_term_stands_twice() -> None:
    terms = [row["日本語"] for row in ROWS]

    assert len(set(terms)) == len(terms)
