"""Tools that only some machines have: what is skipped without, and what `.ci/run` then does."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).resolve().parents[1]
TESTS: Final = """
import pytest

@pytest.fixture(scope="session")
def tool(require_tool):
    return require_tool("no-such-tool")

@pytest.mark.parametrize("of", ["a b", "\u5317"])
def test_with_the_tool(tool, of): ...
def test_without(): ...
def test_of_another_system(): pytest.skip("this system has no /proc")
"""
SKIPPED: Final = ["test_it.py::test_with_the_tool[a b]", r"test_it.py::test_with_the_tool[\u5317]"]

FAKE_MAKE: Final = """#!/bin/sh
echo "make $* [$ALLOCATOR_TOOLS]" >>"$LOG"
[ -z "$ALLOCATOR_SKIPPED" ] || printf '%s' "$SKIPS" >"$ALLOCATOR_SKIPPED"
"""
FAKE_APT: Final = """#!/bin/sh
echo "apt-get $*" >>"$LOG"
"""
NEEDED: Final = "bash cat dirname env id mktemp rm sh wc".split()


def run_tests(folder: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run pytest on a folder with our conftest."""
    shutil.copy(ROOT / "tests" / "conftest.py", folder)
    (folder / "test_it.py").write_text(TESTS, encoding="utf-8")
    own = {name: each for name, each in os.environ.items() if not name.startswith("ALLOCATOR_")}
    command = [sys.executable, "-m", "pytest", "-q", "-ra", "-p", "no:cacheprovider"]
    return subprocess.run(
        [*command, *arguments],
        cwd=folder,
        env={**own, "CI": "true", "PYTHONPATH": str(ROOT), **settings},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def test_a_missing_tool_skips_and_is_noted(tmp_path: Path) -> None:
    noted = tmp_path / "skipped"
    done = run_tests(tmp_path, "-n", "2", ALLOCATOR_SKIPPED=str(noted))

    assert done.returncode == 0, done.stdout
    assert "1 passed, 3 skipped" in done.stdout
    assert "no-such-tool is not installed; install it to run this test as well." in done.stdout
    assert noted.read_text("utf-8").splitlines() == SKIPPED


def test_what_was_skipped_fails_where_tools_are_required(tmp_path: Path) -> None:
    noted = tmp_path / "skipped"
    noted.write_text("\n".join(SKIPPED), encoding="utf-8")
    done = run_tests(tmp_path, f"@{noted}", ALLOCATOR_TOOLS="required")

    assert done.returncode == 1, done.stdout
    assert "2 errors" in done.stdout
    assert "passed" not in done.stdout
    assert "no-such-tool is not installed, and has to be: see .ci/run." in done.stdout


@pytest.fixture
def checked(require_tool: Callable[[str], str], tmp_path: Path) -> Callable[[str], list[str]]:
    """Run `.ci/run` on a machine with make and Python alone; give what it calls, in order."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in NEEDED:
        (programs / name).symlink_to(require_tool(name))
    (programs / "python3").symlink_to(sys.executable)
    fakes = {"make": FAKE_MAKE, "apt-get": FAKE_APT, "sudo": '#!/bin/sh\nshift\nexec "$@"\n'}
    for name, content in fakes.items():
        (programs / name).write_text(content, encoding="utf-8")
        (programs / name).chmod(0o755)
    (tmp_path / "checkout" / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "run", tmp_path / "checkout" / ".ci")
    log = tmp_path / "log"

    def run(skips: str) -> list[str]:
        subprocess.run(
            [tmp_path / "checkout" / ".ci" / "run"],
            env={"PATH": str(programs), "LOG": str(log), "SKIPS": skips, "TMPDIR": str(tmp_path)},
            check=True,
            capture_output=True,
        )
        return log.read_text("utf-8").splitlines()

    return run


def test_the_check_installs_nothing_before_the_tests(checked: Callable[[str], list[str]]) -> None:
    lint, test, *installed, again = checked("tests/a.py::test_b\n")

    assert (lint, test) == ("make lint []", "make test []")
    assert installed[0].startswith("apt-get update")
    packages = {line.split()[-1] for line in installed[1:]}
    assert {"chromium", "libreoffice-calc-nogui", "poppler-utils"} <= packages
    assert again.startswith("make test ARGS=@")
    assert again.endswith(" [required]")


def test_the_check_ends_where_nothing_was_skipped(checked: Callable[[str], list[str]]) -> None:
    assert checked("") == ["make lint []", "make test []"]
