"""Links lead somewhere, and nothing points outside the project."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.build import ROOT
from tests.docs.pages import PAGES, Page, page


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_resolve(path: Path) -> None:
    broken = []
    for link in Page(path).links():
        if link.startswith(("https://", "http://")):
            continue
        target, _, anchor = link.partition("#")
        file = (path.parent / target).resolve() if target else path
        lost = not file.is_relative_to(ROOT) or not file.exists()
        if lost or (anchor and anchor not in Page(file).anchors):
            broken.append(link)

    assert not broken


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_place_of_one_computer_is_named(path: Path) -> None:
    text = Page(path).text

    assert not re.findall(r"(?<![\w.:/])/(?:work|tmp|home|root|usr|var|Users|mnt)\b\S*", text)
    assert not re.findall(r"\b[A-Za-z]:\\\S*", text)
    climbing = re.findall(r"(?:\.\./)+[\w./-]*", text)
    assert all((path.parent / way).resolve().is_relative_to(ROOT) for way in climbing)


def test_the_index_names_every_page() -> None:
    linked = {(ROOT / "docs" / link).resolve() for link in page("docs/index.md").links()}
    there = {path for path in (ROOT / "docs").glob("*.md") if path.name != "index.md"}

    assert there <= linked


@pytest.mark.parametrize("name", ["README.md", "README.ja.md"])
def test_the_readme_links_every_page(name: str) -> None:
    linked = {(ROOT / link).resolve() for link in page(name).links()}
    there = {path for path in (ROOT / "docs").glob("*.md") if path.name != "index.md"}

    assert there <= linked
