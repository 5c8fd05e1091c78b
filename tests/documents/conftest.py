"""The rebuilt documents, made once for all tests."""

from collections.abc import Callable
from pathlib import Path

import pytest

from allocator.domain.organisations import Register
from allocator.sources.register import japan
from tests.documents.drawing import FONTS, as_pdf, as_text, as_workbook, write
from tests.documents.papers import lists_alone, papers_of_2021, papers_of_2023

MAKERS: dict[str, Callable[[], str | bytes]] = {
    "papers-2023.txt": lambda: as_text(papers_of_2023()),
    "papers-2023.pdf": lambda: as_pdf(papers_of_2023()),
    "papers-2023-unruled.pdf": lambda: as_pdf(papers_of_2023(), ruled=False),
    "papers-2023-turned.pdf": lambda: as_pdf(papers_of_2023(), turned=True, font=FONTS[1]),
    "papers-2021.txt": lambda: as_text(papers_of_2021()),
    "papers-2021.pdf": lambda: as_pdf(papers_of_2021()),
    "papers-2021.xlsx": lambda: as_workbook(papers_of_2021()),
    "lists-2023.xlsx": lambda: as_workbook(lists_alone()),
}


@pytest.fixture(scope="session")
def register() -> Register:
    """Give Japan's register."""
    return japan()


@pytest.fixture(scope="session")
def rebuilt(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Give the path of a rebuilt document, made when it is first asked for."""
    folder = tmp_path_factory.mktemp("rebuilt")

    def path_of(name: str) -> Path:
        path = folder / name
        return path if path.exists() else write(path, MAKERS[name]())

    return path_of
