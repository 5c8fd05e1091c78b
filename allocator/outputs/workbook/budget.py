"""How the totals agree with the budget: what `data/budget/reconciliation.toml` says of the year."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import Final

from allocator.audit.outcome import Outcome
from allocator.sources.bundled import DATA

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


def reconciled(outcome: Outcome) -> list[Reconciled]:
    """Return what the bundled budgets say of the plan's programmes; none for other countries."""
    file = DATA / "budget" / "reconciliation.toml"
    if not outcome.register.official or not file.is_file():
        return []
    rows = tomllib.loads(file.read_text(encoding="utf-8")).get("reconciliation", [])
    wanted = {each.programme.id for each in outcome.programmes}
    return [
        Reconciled(
            row["programme"],
            _STAGES.get(row["stage"], row["stage"]),
            row["total_thousand_yen"],
            _STATUS.get(row["status"], row["status"]),
            row["why"],
        )
        for row in rows
        if row["fiscal_year"] == outcome.plan.fiscal_year.year
        and row["programme"] in wanted
        and "total_thousand_yen" in row
    ]
