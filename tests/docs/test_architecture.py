"""The rooms, arrows, files and names of docs/architecture.md are those of the program."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from docs.build import ROOT
from tests.docs.pages import page
from tests.test_house import LEVELS

TEXT: Final = page("docs/architecture.md").text
PACKAGE: Final = ROOT / "allocator"

FOLDERS: Final = re.findall(r"`((?:\w+/)+)`", TEXT)
FILES: Final = re.findall(r"`((?:\w+/)+\w+\.\w+)`(?: \(((?:`\w+`(?:, )?)+)\))?", TEXT)
"""Files, each with the names that stand in brackets behind it: `cli/run.py` (`command`)."""


def test_the_rooms_are_the_folders_of_the_package() -> None:
    named: list[str] = []
    room = ""
    for indent, folder in re.findall(r"^ {6}( *)(\w+)/ ", TEXT, re.MULTILINE):
        room = room if indent else folder
        named.append(f"{room}/{folder}" if indent else folder)
    packages = [*PACKAGE.glob("*/__init__.py"), *PACKAGE.glob("*/*/__init__.py")]
    assert sorted(named) == sorted(path.parent.relative_to(PACKAGE).as_posix() for path in packages)


def test_the_arrows_are_those_that_are_kept() -> None:
    (arrows,) = re.findall(r"^    (.+ → .+)$", TEXT, re.MULTILINE)
    levels = [[room for room in rooms if (PACKAGE / room).is_dir()] for rooms in LEVELS]
    assert [level.split(", ") for level in arrows.split(" → ")] == list(filter(None, levels))


def test_files_and_folders_exist() -> None:
    assert len(FILES) > len(FOLDERS) > 0
    assert [name for name, _ in FILES if _found(name) is None] == []
    assert [name for name in FOLDERS if _found(name) is None] == []


def test_names_are_where_they_are_said_to_be() -> None:
    pairs = [(file, name) for file, names in FILES for name in re.findall(r"\w+", names)]
    assert pairs
    assert [f"{file}: {name}" for file, name in pairs if not _defines(file, name)] == []


def _found(name: str) -> Path | None:
    """Return a file or folder of the package, or of the project."""
    return next((at / name for at in (PACKAGE, ROOT) if (at / name).exists()), None)


def _defines(file: str, name: str) -> bool:
    """Tell whether a function, a class or a constant of that name stands in a file."""
    path = _found(file)
    text = path.read_text(encoding="utf-8") if path is not None else ""
    return re.search(rf"^ *(?:def|class) {name}\b|^{name}\b.* = ", text, re.MULTILINE) is not None
