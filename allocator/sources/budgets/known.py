"""How the totals agree with the budget: what `data/budget/reconciliation.toml` says of the year."""

from __future__ import annotations

import tomllib
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from allocator.domain.years import FiscalYear
from allocator.files.source import MissingError, Sources
from allocator.sources.bundled import DATA

RECONCILIATION: Final = DATA / "budget" / "reconciliation.toml"

_STATUS: Final = {"fact": "事実", "inference": "推定", "open": "未確定"}
_STAGES: Final = {
    "initial": "当初予算",
    "march_supplementary": "3月補正予算",
    "january_supplementary": "1月補正予算",
}


@dataclass(frozen=True)
class Reconciled:
    """One programme's total rebuilt from the budget's lines, in thousand yen."""

    programme: str
    stage: str
    thousand_yen: int
    status: str
    why: str


def reconciled(
    year: FiscalYear, programmes: Collection[str], sources: Sources
) -> tuple[Reconciled, ...]:
    """Return what the bundled budgets say of these programmes' totals, where they settle one."""
    try:
        text = sources.open(RECONCILIATION).text()
    except MissingError:
        return ()
    rows = tomllib.loads(text).get("reconciliation", [])
    return tuple(
        Reconciled(
            row["programme"],
            _STAGES.get(row["stage"], row["stage"]),
            row["total_thousand_yen"],
            _STATUS.get(row["status"], row["status"]),
            row["why"],
        )
        for row in rows
        if row["fiscal_year"] == year.year
        and row["programme"] in programmes
        and "total_thousand_yen" in row
    )
