"""The same inputs and versions give the same bytes of every output."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.acceptance.recompute import ROOT, bundled_population
from tests.cli.calls import OUTPUTS, call_outside, snapshot
from tests.sources.files import as_csv

PLACES = [
    {"TZ": "Asia/Tokyo", "PYTHONHASHSEED": "1", "LANG": "ja_JP.UTF-8"},
    {"TZ": "America/St_Johns", "PYTHONHASHSEED": "4242", "LC_ALL": "C", "POLARS_MAX_THREADS": "1"},
]


def test_two_runs_in_two_places(tmp_path: Path) -> None:
    found = []
    for number, environment in enumerate(PLACES):
        here = tmp_path / f"place {number}" / ("deep" * number)
        here.mkdir(parents=True)
        out = "results" if number == 0 else here / "another name" / "2023"
        words = ["run", "--out", out]
        ended = call_outside(words, cwd=here, environment=environment)
        assert (ended.status, ended.out) == (0, "")
        found.append(snapshot(here / out))
    assert set(found[0]) == set(OUTPUTS)
    for name in OUTPUTS:
        assert found[0][name] == found[1][name], name


def test_a_plan_and_a_population_that_lie_elsewhere(tmp_path: Path) -> None:
    """Where the files lie is no input: their paths must not show in any output."""
    found = []
    for number, environment in enumerate(PLACES):
        here = tmp_path / ("somewhere", "quite/another/place")[number]
        here.mkdir(parents=True)
        shutil.copytree(ROOT / "configs" / "2023", here / "plan")
        file = here / "population_2022-01-01.csv"
        file.write_text(as_csv(bundled_population("2025-01-01")), encoding="utf-8")
        words: list[str | Path] = [
            "run",
            here / "plan",
            "--population",
            file,
            "--out",
            here / "results",
        ]
        if number:
            words = ["run", "plan", "--population", file.name, "--out", "results"]
        ended = call_outside(words, cwd=here, environment=environment)
        assert ended.status == 0, ended.err
        found.append(snapshot(here / "results"))
    for name in OUTPUTS:
        assert found[0][name] == found[1][name], name
