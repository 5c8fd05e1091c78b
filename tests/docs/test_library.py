"""The page on the library: its code runs, the notebook is what it gives, every name is there."""

from __future__ import annotations

import inspect
import json
import re
from functools import cache
from typing import Any

import pytest

import allocator
from docs import notebook
from tests.docs.pages import figures, page


@cache
def stored() -> list[dict[str, Any]]:
    found: dict[str, Any] = json.loads(notebook.NOTEBOOK.read_text(encoding="utf-8"))
    assert found["nbformat"] == 4
    cells: list[dict[str, Any]] = found["cells"]
    return cells


@cache
def made() -> list[dict[str, Any]]:
    cells: list[dict[str, Any]] = notebook.notebook(notebook.PAGE.read_text(encoding="utf-8"))[
        "cells"
    ]
    return cells


def texts(cell: dict[str, Any]) -> list[str]:
    """Return what a cell printed and gave, as text."""
    outputs = cell.get("outputs", ())
    return ["".join(each.get("text") or each["data"]["text/plain"]) for each in outputs]


def test_the_notebook_has_the_text_and_the_code_of_the_page() -> None:
    blocks = list(notebook.blocks(notebook.PAGE.read_text(encoding="utf-8")))

    assert len(blocks) > 30
    assert [(cell["cell_type"], "".join(cell["source"])) for cell in stored()] == blocks


def test_the_notebook_has_what_its_cells_give() -> None:
    for cell, expected in zip(stored(), made(), strict=True):
        assert texts(cell) == texts(expected), "stale; `make docs` rebuilds it"


def test_most_cells_give_something_and_tables_are_shown() -> None:
    given = [cell["outputs"] for cell in stored() if cell["cell_type"] == "code"]

    assert all(given)
    assert sum("text/html" in each[-1].get("data", {}) for each in given) > 10


def test_outputs_name_no_place_and_no_time() -> None:
    shown = "\n".join(text for cell in stored() for text in texts(cell))

    assert not re.search(r"/tmp|/home|\\\\|\d\d:\d\d", shown)


def test_all_names_stand_on_the_page() -> None:
    (table,) = page("docs/library.md").sections["All names"].tables
    names = {figures(row["name"])[0]: row["what it is"] for row in table}
    plain = {name.partition("(")[0]: name for name in names}

    assert plain.keys() == {*allocator.__all__} - {"__version__"}
    for name, call in plain.items():
        if "(" in call:
            named = [each.strip().strip("*") for each in call.partition("(")[2][:-1].split(",")]
            assert named == list(inspect.signature(getattr(allocator, name)).parameters)


@pytest.mark.parametrize(
    "name", [name for name in allocator.__all__ if inspect.isclass(getattr(allocator, name))]
)
def test_members_that_are_named_exist(name: str) -> None:
    (table,) = page("docs/library.md").sections["All names"].tables
    (text,) = (row["what it is"] for row in table if figures(row["name"])[0] == name)
    owner = getattr(allocator, name)
    own = {*dir(owner), *getattr(owner, "__dataclass_fields__", ()), *dir(allocator)}
    own |= {"problems"} if owner is allocator.InputError else set()

    assert {each.partition("(")[0] for each in figures(text)} <= own
