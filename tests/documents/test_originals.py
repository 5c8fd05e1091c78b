"""The papers themselves, where the machine has them: ALLOCATOR_DOCUMENTS names their folder."""

import os
from functools import lru_cache
from pathlib import Path

import pytest

from allocator.domain.errors import InputError
from allocator.files.source import open_source
from allocator.outputs.files.extracted import contents
from allocator.sources.documents.extraction import extract
from allocator.sources.documents.results import Extraction
from allocator.sources.reading.opening import open_document
from allocator.sources.register import japan
from tests.documents.expected import check_budgets, check_documents, check_lists

FOLDER = os.environ.get("ALLOCATOR_DOCUMENTS", "")
pytestmark = pytest.mark.skipif(
    not FOLDER,
    reason="ALLOCATOR_DOCUMENTS names no folder with the council papers; "
    "set it to read the originals as well.",
)


@lru_cache(maxsize=1)
def originals() -> dict[str, Extraction]:
    """Return what is found in each document of the folder, by the papers' title."""
    found = {}
    for path in sorted(Path(FOLDER).iterdir()):
        try:
            extraction = extract(open_document(open_source(path)), japan())
        except InputError:
            continue  # the folder may hold other things
        found[extraction.title] = extraction
    return found


def original(title: str) -> Extraction:
    found = originals()
    if title not in found:
        pytest.skip(f"the folder has no papers {title}; it has: {', '.join(found) or 'none'}.")
    return found[title]


def test_the_papers_of_2023() -> None:
    title = "第38回経営審議委員会 配付資料 令和5年3月2日"
    extraction = original(title)

    check_lists(extraction)
    check_budgets(extraction, 2022, 2023)
    check_documents(extraction, title)
    (remark,) = extraction.remarks
    assert "the title says 令和4年度, the heading 令和5年度" in remark.en
    assert [each.reference for each in extraction.lists] == [
        "参考資料5",
        "参考資料6",
        "参考資料7",
        "参考資料8",
    ]
    totals = {each.programme: each.printed_total for each in extraction.lists}
    assert totals == {
        "residents": 1_514_000_000,
        "jpki": 2_406_000_000,
        "intermediate_server": None,
        "lgwan": 1_677_903_280,
    }
    assert "2023/lists.toml" in contents(extraction)


def test_the_papers_of_2021() -> None:
    title = "第41回代表者会議 配付資料 令和4年1月13日"
    extraction = original(title)

    check_budgets(extraction, 2021)
    check_documents(extraction, title)
    assert extraction.lists == ()
    assert extraction.remarks == ()
