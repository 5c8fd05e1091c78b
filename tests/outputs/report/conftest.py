"""What the tests of the report share: outcomes, their pages, a browser without a network."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from allocator.outputs.report import render_report
from allocator.plans.variant import Overrides
from allocator.results.outcome import Outcome
from allocator.sources.bundled import CONFIGS
from allocator.tasks.compute import compute_plan
from tests.outputs.report.plans import write_plan


@pytest.fixture(scope="session")
def outcome() -> Outcome:
    """Give the plan of fiscal year 2023, computed."""
    return compute_plan(CONFIGS / "2023")


@pytest.fixture(scope="session")
def earlier() -> Outcome:
    """Give a plan that stands for the year before: other totals, other days."""
    totals = {"residents": 1_450_000_000, "jpki": 2_500_000_000}
    dates = {"residents": date(2021, 1, 1), "intermediate_server": date(2017, 1, 1)}
    return compute_plan(CONFIGS / "2023", Overrides(totals, dates, (), ()))


@pytest.fixture(scope="session")
def report(outcome: Outcome) -> bytes:
    """Give the report of fiscal year 2023."""
    return render_report(outcome)


@pytest.fixture(scope="session")
def country(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Give the outcome of an invented country whose names are hostile."""
    return compute_plan(write_plan(tmp_path_factory.mktemp("country") / "plan"))


Opener = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, tmp_path: Path) -> Iterator[Opener]:
    """Give a function that opens a page's bytes as a file, with the network off.

    At the end: nothing was asked for but the file, and the browser had nothing to complain of.
    """
    context = None
    heard: list[str] = []
    asked: list[str] = []

    def open_(content: bytes, **options: object) -> Page:
        nonlocal context
        file = tmp_path / "report.html"
        file.write_bytes(content)
        settings: dict[str, object] = {"viewport": {"width": 1280, "height": 900}, **options}
        context = browser.new_context(offline=True, **settings)  # type: ignore[arg-type]
        page = context.new_page()
        page.on("console", lambda message: heard.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: heard.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(file.as_uri())
        return page

    yield open_
    if context is not None:
        context.close()
    assert heard == []
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []
    assert len([url for url in asked if url.startswith("file:")]) <= 1
