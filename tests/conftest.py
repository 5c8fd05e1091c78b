"""What all tests share: Hypothesis profiles and the tools that only some machines have.

A test that needs a tool is skipped where there is none, and says so. ALLOCATOR_SKIPPED names a file
that takes the names of those tests; with ALLOCATOR_TOOLS=required they fail instead.
"""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

import pytest
from hypothesis import HealthCheck, settings

from tests.fuzzing import MANY

if TYPE_CHECKING:
    from playwright.sync_api import Browser

settings.register_profile("default", derandomize=True, deadline=None, max_examples=100)
settings.register_profile(
    "fuzz",
    derandomize=False,
    deadline=None,
    max_examples=MANY,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))

INSTALL_IT: Final = "install it to run this test as well."
"""How the reason of a test ends that is skipped for a missing tool, and for nothing else."""

_DRAWS: Final = ("chromium", "soffice")
"""What ends at once where there is no font, and breaks pages elsewhere without a Japanese one."""

_skipped: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note the tests that a tool was missing for."""
    if report.skipped and isinstance(report.longrepr, tuple):
        *_, reason = report.longrepr
        if reason.endswith(INSTALL_IT):
            _skipped.append(report.nodeid)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write down what a later run, with all tools, still has to do: a name on each line."""
    file = os.environ.get("ALLOCATOR_SKIPPED")
    if file and not hasattr(session.config, "workerinput"):  # once, not for each process
        Path(file).write_text("".join(f"{name}\n" for name in _skipped), encoding="utf-8")


def _missing(what: str) -> NoReturn:
    if os.environ.get("ALLOCATOR_TOOLS") == "required":
        pytest.fail(f"{what} is not installed, and has to be: see .ci/run.")
    pytest.skip(f"{what} is not installed; {INSTALL_IT}")


def _require_tool(name: str) -> str:
    path = shutil.which(name) or _missing(name)
    if name in _DRAWS and not _has_japanese_font():
        _missing("A Japanese font")
    return path


@cache
def _has_japanese_font() -> bool:
    fonts = shutil.which("fc-list")  # none on Windows and macOS, which bring such a font along
    if fonts is None:
        return True
    return bool(subprocess.run([fonts, ":lang=ja"], capture_output=True, check=True).stdout)


@pytest.fixture(scope="session")
def require_tool() -> Callable[[str], str]:
    """Give tests that need a program outside Python its path: ``require_tool("libreoffice")``."""
    return _require_tool


_FLAGS: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


@pytest.fixture(scope="session")
def browser(require_tool: Callable[[str], str]) -> "Iterator[Browser]":
    """Give a headless Chromium, one for all tests of a process: it can't be started twice."""
    from playwright.sync_api import sync_playwright

    program = require_tool("chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=program, args=list(_FLAGS))
        yield started
        started.close()
