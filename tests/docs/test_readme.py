"""The commands of the README and of the documentation are run, and end as the text says."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from docs.build import ROOT
from tests.docs.pages import PAGES, Page, page

READMES: Final = ["README.md", "README.ja.md"]
POPULATION: Final = ROOT / "data/population/resident_register_2025-01-01.csv"
PRINTED: Final = "printed.txt"
LIST: Final = ROOT / "data/published/2023/residents.csv"


def commands(pages: list[Path]) -> list[str]:
    """Return the calls of allocator in blocks of shell code, each once."""
    found = [
        line
        for path in pages
        for section in Page(path).sections.values()
        for block in section.code("sh")
        for line in block.splitlines()
    ]
    return list(dict.fromkeys(found))


def call(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command line in `folder`; it begins with `allocator`."""
    program, *arguments = shlex.split(command)
    assert program == "allocator"
    return subprocess.run(
        [sys.executable, "-m", "allocator", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the commands name, and the results of a run."""
    folder = tmp_path_factory.mktemp("office")
    (folder / "population_2026-01-01.csv").write_bytes(POPULATION.read_bytes())
    (folder / "list.csv").write_bytes(LIST.read_bytes())
    shutil.copytree(ROOT / "docs" / "examples" / "2026", folder / "2026")
    assert call("allocator run 2026", folder).returncode == 0
    done = call("allocator run", folder)
    assert done.returncode == 0, done.stderr
    (folder / PRINTED).write_text(done.stderr, encoding="utf-8")
    return folder


@pytest.mark.parametrize("command", commands(PAGES))
def test_a_command_does_what_it_says(command: str, office: Path) -> None:
    done = call(command, office)

    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", READMES)
def test_an_audit_ends_with_1_where_amounts_differ(name: str, office: Path) -> None:
    (command,) = (line for line in commands([ROOT / name]) if " audit " in line)
    folder = office / name
    folder.mkdir()
    rows = LIST.read_text(encoding="utf-8")
    (folder / "list.csv").write_text(rows.replace("47267000", "47267001"), encoding="utf-8")

    assert call(command, folder).returncode == 1


@pytest.mark.parametrize("name", READMES)
def test_the_two_commands_come_first_and_exist_on_both_systems(name: str) -> None:
    targets = re.findall(r"^    (\.\\)?make (\w+)", page(name).text, re.MULTILINE)

    assert targets == [("", "run"), ("", "test"), (".\\", "run"), (".\\", "test")]
    first = re.search(r"^    ", page(name).text, re.MULTILINE)
    assert first
    assert page(name).text[: first.start()].count("\n") <= 5
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    batch = (ROOT / "make.cmd").read_text(encoding="utf-8")
    for target in ("run", "test"):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)
        assert re.search(rf"^:{target}$", batch, re.MULTILINE)


def test_targets_of_make_that_are_named_exist() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    known = set(re.findall(r"^(\w+):", makefile, re.MULTILINE))
    named = {
        target
        for path in PAGES
        for target in re.findall(r"(?:`|^ {4}\S*\s?)make (\w+)", Page(path).text, re.MULTILINE)
    }

    assert {"run", "test", "docs", "bench"} <= named
    assert named <= known


def test_both_readmes_have_the_same_commands_and_sections() -> None:
    one, other = (page(name) for name in READMES)

    assert commands([one.path]) == commands([other.path])
    assert len(one.sections) == len(other.sections)
    assert re.findall(r"\d+ of \d[\d,]* ", one.text)


def test_what_is_said_of_agreement_is_what_the_program_prints(office: Path) -> None:
    printed = (office / PRINTED).read_text(encoding="utf-8")
    text = page("README.md").sections["What is known, and what is not"].text
    for name, agreement in (("residents", "47 of 47"), ("intermediate_server", "1,788 of 1,788")):
        (row,) = (line for line in text.splitlines() if line.startswith(f"| `{name}`"))
        assert agreement in row
        matched = agreement.replace(",", "").replace(" of ", "/")
        assert re.search(rf"{name} .* rule .* {matched} ", printed)
    for name in ("jpki", "lgwan"):
        (row,) = (line for line in text.splitlines() if line.startswith(f"| `{name}`"))
        assert not re.search(r"verif|reproduc", row)
        assert re.search(rf"{name} .* carried forward .* not compared ", printed)
