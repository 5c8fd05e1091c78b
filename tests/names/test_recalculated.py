"""LibreOffice opens the books of plans with nasty names, and calculates what the engine gave."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from allocator.tasks.compute import compute_plan
from tests.names.nasty import Words, write_plan
from tests.outputs.country import rendered
from tests.outputs.recomputed import verdicts
from tests.outputs.spreadsheet import edited, opened, recalculated

BOOKS: Final = {
    "keys": Words(
        "{total}",
        ("[units]", "{=1}", "[amount:]"),
        ("{total}に", "[units]"),
        "",
        "{changed}",
        "{a}",
    ),
    "quotes": Words("'", ('"', "''", "'=1"), ('it\'s "x"', "a'!b"), "'q", '"', "&amp;"),
    "markup": Words(
        "<r>&bad</r>", ("<r><t>x</t></r>", "<r><x></r>", "]]>"), ("<r>&", "<b>"), "", "<r></r>", "&"
    ),
    "escapes": Words(
        "_x0041_",
        ("_x0041_x0042_", "_x000D_", "_x005F_"),
        ("_x0041_ a", "b_x0042_x0043_"),
        "",
        "_x0041_",
        "_x0041_",
    ),
    "criteria": Words("<1", ("*", "?", "~"), ("=1+1", "@SUM(A1)"), "", "+1", "-1"),
    "errors": Words("#REF!", ("TRUE", "1e5", "#N/A"), ("#REF!", "1/2"), "", "TRUE", "#N/A"),
    "others": Words(
        "😀" * 20,
        ("\u200bx", "\ufeffx", "\u2028x"),
        ("長" * 200, "A1"),
        "R1C1",
        "a\nb",
        "😀" * 4_000,
    ),
}


@pytest.fixture
def soffice(require_tool: Callable[[str], str]) -> str:
    return require_tool("soffice")


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("books")
    plans = {name: write_plan(folder / name, said) for name, said in BOOKS.items()}
    return {name: rendered(compute_plan(plan)) for name, plan in plans.items()}


def test_what_is_calculated_is_what_was_computed(
    books: dict[str, bytes], tmp_path: Path, soffice: str
) -> None:
    changed = {
        f"{name} changed": edited(book, {"roads_total": 2_000_000}) for name, book in books.items()
    }
    found = recalculated(soffice, books | changed, tmp_path)
    for name, book in books.items():
        ours, theirs = opened(book), found[name]
        assert len(ours.titles) == len(theirs.titles)
        for here, there in zip(ours.titles, theirs.titles, strict=True):
            for place in ours.formulas[here]:
                value = ours.values[here].get(place)
                if isinstance(value, int | float):
                    assert theirs.values[there].get(place) == value, (name, here, place)
            assert not [
                v for v in theirs.values[there].values() if str(v).startswith(("#NAME", "Err:"))
            ]
        assert verdicts(theirs) == []
        again = found[f"{name} changed"]
        assert sum(int(each or 0) for each in again.named("roads_amounts")) == 2_000_000


@pytest.mark.parametrize("name", BOOKS)
def test_no_text_is_too_long_and_none_is_twice_a_sheet(name: str, books: dict[str, bytes]) -> None:
    with zipfile.ZipFile(io.BytesIO(books[name])) as archive:
        assert archive.testzip() is None
    titles = opened(books[name]).titles
    assert len({title.casefold() for title in titles}) == len(titles)
    assert max(len(title.encode("utf-16-le")) // 2 for title in titles) <= 31
