"""What we override in xlsxwriter writes the same parts as its own methods do."""

from __future__ import annotations

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from xlsxwriter.worksheet import Worksheet

from allocator.outputs.workbook.book.file import Sheet
from allocator.sources.bundled import CONFIGS
from allocator.tasks.compute import compute_plan
from tests.outputs.country import part, rendered


def _parts(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(BytesIO(content)) as book:
        return {name: part(content, name) for name in book.namelist()}


@pytest.mark.parametrize("plan", ["bundled", "of a country"])
def test_every_kind_of_formula_is_written_as_by_the_library(
    plan: str, country: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = compute_plan(CONFIGS / "2023" if plan == "bundled" else country)
    ours = _parts(rendered(outcome))
    with monkeypatch.context() as patch:
        patch.setattr(Sheet, "_prepare_formula", Worksheet._prepare_formula)
        if plan == "bundled":  # it has no text that looks like an error: there we differ
            patch.setattr(Sheet, "_xml_formula_element", Worksheet._xml_formula_element)
        theirs = _parts(rendered(outcome))

    assert ours.keys() == theirs.keys()
    for name, text in ours.items():
        assert text == theirs[name], name
    kinds = {
        "<f>": "a cell's",
        "<formula1>": "a list's",
        "<formula>": "a condition's",
        "<definedName": "a name's",
    }
    for mark, whose in kinds.items():
        found = [text for text in ours.values() if mark in text]
        assert found, whose
        assert not any(f"{mark}=" in text for text in found), whose
