"""The pictures of the documentation: those that the script makes, all shown, all small."""

from __future__ import annotations

import importlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from docs.build import ROOT
from tests.docs.pages import PAGES

# By name: a type checker takes the folder docs/pictures for the module.
_SCRIPT = importlib.import_module("docs.pictures")
FOLDER: Final[Path] = _SCRIPT.FOLDER
PICTURES: Final[Mapping[str, object]] = _SCRIPT.PICTURES
SHOWN = re.compile(r"!\[([^\]]*)\]\(([^)\s]+)\)")
MOST_BYTES, MOST_BYTES_TOGETHER = 200_000, 1_200_000


def shown() -> list[tuple[Path, str, Path]]:
    """Return every picture that a page shows: the page, the words in its place, the file."""
    return [
        (page, words, (page.parent / target).resolve())
        for page in PAGES
        for words, target in SHOWN.findall(page.read_text(encoding="utf-8"))
    ]


def test_the_folder_holds_what_the_script_makes() -> None:
    assert sorted(file.name for file in FOLDER.iterdir()) == sorted(f"{n}.png" for n in PICTURES)


def test_every_picture_is_shown_and_every_shown_one_exists() -> None:
    files = {file for _, _, file in shown()}
    assert files == {FOLDER / f"{name}.png" for name in PICTURES}


def test_every_picture_has_words_in_its_place_in_the_language_of_the_page() -> None:
    for page, words, file in shown():
        assert len(words) >= 30, file.name
        expected = r"[ぁ-ん]" if page.name.endswith(".ja.md") else r"[a-z]{4}"
        assert re.search(expected, words), f"{page.name}: {file.name}"


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_small(name: str) -> None:
    content = (FOLDER / f"{name}.png").read_bytes()
    assert content.startswith(b"\x89PNG\r\n\x1a\n")
    assert len(content) < MOST_BYTES


def test_all_together_are_small() -> None:
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < MOST_BYTES_TOGETHER


def test_both_readmes_show_the_same() -> None:
    one, other = (
        [file for page, _, file in shown() if page == ROOT / name]
        for name in ("README.md", "README.ja.md")
    )
    assert one == other != []
