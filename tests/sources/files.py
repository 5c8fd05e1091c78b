"""Population files to read: the bundled ones, changed, and a small plan that asks for them."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final

from allocator.plans.variant import Overrides
from allocator.results.outcome import Outcome
from allocator.sources.bundled import CONFIGS, DATA
from allocator.tasks.compute import compute_plan

NEW_DAY: Final = date(2026, 1, 1)
"""A date for which nothing is bundled."""

NAME: Final = "population_2026-01-01.csv"

Row = dict[str, str]


def population(day: date) -> list[Row]:
    """Return the rows of a bundled file: code, prefecture, municipality, population."""
    file = DATA / "population" / f"resident_register_{day}.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def as_csv(rows: list[Row]) -> str:
    """Return rows as the text of a CSV file."""
    lines = io.StringIO(newline="")
    writer = csv.DictWriter(lines, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return lines.getvalue()


def changed(rows: list[Row], code: str, change: Callable[[Row], Row | None]) -> list[Row]:
    """Return the rows, with that of `code` changed (or without it)."""
    found = [change(dict(row)) if row["code"] == code else row for row in rows]
    assert found != rows
    return [row for row in found if row is not None]


def residents_plan(folder: Path) -> Path:
    """Write a plan of the bundled programme `residents`, without its breakdown and its list."""
    text = (CONFIGS / "2023" / "residents.toml").read_text(encoding="utf-8")
    text = text.partition("[breakdown]")[0].replace("published = ", "# published = ")
    (folder / "residents.toml").write_text(text, encoding="utf-8")
    plan = 'fiscal_year = 2023\nprogrammes = ["residents"]\n'
    (folder / "plan.toml").write_text(plan, encoding="utf-8")
    return folder


def run_with(file: Path, day: date = NEW_DAY) -> Outcome:
    """Compute residents by the population of `day` that `file` holds."""
    folder = file.parent / "a_plan"
    folder.mkdir(exist_ok=True)
    overrides = Overrides(dates={"residents": day}, population=(file,))
    return compute_plan(residents_plan(folder), overrides)


def amounts_of(outcome: Outcome) -> dict[str, int]:
    """Return the amounts of the one programme of an outcome."""
    (only,) = outcome.programmes
    assert only.allocation is not None
    return dict(only.allocation.by_code)
