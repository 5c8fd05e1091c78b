"""Outcomes that many tests read: the bundled plan, and an invented country."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from allocator.outputs.files.folder import write_outputs
from allocator.results.outcome import Outcome
from allocator.sources.bundled import newest_plan
from allocator.tasks.compute import compute_plan
from tests.outputs.country import write_country


@pytest.fixture(scope="session")
def bundled() -> Outcome:
    """Give the newest bundled plan, computed."""
    return compute_plan(newest_plan())


@pytest.fixture(scope="session")
def written(bundled: Outcome, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the outputs of the bundled plan; not to be changed."""
    folder = tmp_path_factory.mktemp("bundled")
    write_outputs(bundled, folder)
    return folder


@pytest.fixture(scope="session")
def workbook(written: Path) -> Workbook:
    """Give the workbook of the bundled plan, read back."""
    return load_workbook(written / "allocation.xlsx", data_only=True)


@pytest.fixture
def country(tmp_path: Path) -> Path:
    """Give a folder with the plan of an invented country."""
    return write_country(tmp_path / "country")
