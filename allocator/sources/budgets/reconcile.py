"""The totals of the programmes, rebuilt from the budget lines of a document."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import Any, Final

from allocator.domain.frames import added
from allocator.domain.text import Text, joined
from allocator.domain.yen import thousands
from allocator.sources.budgets.tables import Stage
from allocator.sources.bundled import DATA
from allocator.sources.documents.results import (
    BudgetLine,
    Candidate,
    Reconciliation,
    Status,
)
from allocator.sources.lists.table import PublishedList
from allocator.sources.tables.words import ProgrammeWords, words

DEFINITIONS: Final = DATA / "budget" / "reconciliation.toml"
_OPTIONAL: Final = ("advance", "deferred-income")


@dataclass(frozen=True)
class _Definition:
    """What the bundled reconciliation says of one programme in one budget."""

    lines: tuple[str, ...]
    total: int | None
    status: Status
    why: Text
    candidates: tuple[tuple[tuple[str, ...], Text], ...]


def reconcile(lines: Sequence[BudgetLine], lists: Sequence[PublishedList]) -> list[Reconciliation]:
    """Return each programme's total in each budget that a document has lines of.

    Budgets that the bundled `reconciliation.toml` describes are rebuilt as it says; in others
    every sum of the revenue and the advances is a candidate, and a published list in the same
    document decides.
    """
    amounts = {line.id: line.amount for line in lines}
    defined = _definitions()
    found = []
    for stage in sorted({line.stage for line in lines}, reverse=True):
        for programme in words().programmes:
            listed = _listed(lists, stage, programme.id)
            definition = defined.get((stage.fiscal_year.year, stage.name, programme.id))
            if definition is not None:
                found.append(_as_defined(definition, stage, programme.id, amounts, listed))
            else:
                found.append(_by_trial(stage, programme, amounts, listed))
    return found


@lru_cache(maxsize=1)
def _definitions() -> dict[tuple[int, str, str], _Definition]:
    if not DEFINITIONS.is_file():
        return {}
    entries = tomllib.loads(DEFINITIONS.read_text(encoding="utf-8"))["reconciliation"]
    return {
        (entry["fiscal_year"], entry["stage"], entry["programme"]): _Definition(
            tuple(entry["lines"]),
            entry.get("total_thousand_yen"),
            entry["status"],
            _why(entry),
            tuple(
                (tuple(candidate["lines"]), _why(candidate))
                for candidate in entry.get("candidate", ())
            ),
        )
        for entry in entries
    }


def _why(entry: Mapping[str, Any]) -> Text:
    return Text(entry["why_en"], entry["why"])


def _listed(lists: Sequence[PublishedList], stage: Stage, programme: str) -> int | None:
    """Return the sum (yen) of the only list of a programme for the year of a budget."""
    sums = {
        added(each.frame["amount"])
        for each in lists
        if each.programme == programme and each.fiscal_year == stage.fiscal_year
    }
    return sums.pop() if len(sums) == 1 else None


def _as_defined(
    definition: _Definition,
    stage: Stage,
    programme: str,
    amounts: Mapping[str, int],
    listed: int | None,
) -> Reconciliation:
    asked = [*definition.lines, *(name for lines, _ in definition.candidates for name in lines)]
    missing = tuple(name for name in dict.fromkeys(asked) if name not in amounts)
    complete = bool(definition.lines) and not missing
    total = sum(amounts[name] for name in definition.lines) if complete else None
    status = definition.status
    if missing:
        status = "incomplete"
    elif total != definition.total:
        status = "inference"  # what confirmed the total was another one
    return Reconciliation(
        stage,
        programme,
        definition.lines,
        total,
        status,
        definition.why,
        tuple(
            Candidate(names, sum(amounts[name] for name in names), why)
            for names, why in definition.candidates
            if all(name in amounts for name in names)
        ),
        missing,
        listed,
        definition.total,
    )


def _by_trial(
    stage: Stage, programme: ProgrammeWords, amounts: Mapping[str, int], listed: int | None
) -> Reconciliation:
    """Try revenue alone and with the advances, where nobody has decided yet what belongs to it."""
    revenue = f"{stage.prefix}-{programme.business}-revenue"
    if revenue not in amounts:
        missing = Text("the revenue line was not found", "収益の額が見つかりません")
        return Reconciliation(
            stage, programme.id, (), None, "incomplete", missing, (), (revenue,), listed
        )
    advances = [
        name
        for kind in _OPTIONAL
        if amounts.get(name := f"{stage.prefix}-{programme.business}-{kind}")
    ]
    sums = [
        tuple(name for name, taken in zip([revenue, *advances], choice, strict=True) if taken)
        for choice in product((True,), *((False, True) for _ in advances))
    ]
    candidates = tuple(
        Candidate(names, sum(amounts[name] for name in names), _plainly(names)) for names in sums
    )
    confirmed = [
        each for each in candidates if listed is not None and each.total == thousands(listed)
    ]
    if len(confirmed) == 1:
        why = Text(
            "The only sum of these lines that equals the published list, cut to thousands.",
            "公表された一覧の合計(千円未満切捨て)に一致する唯一の組合せ。",
        )
        one = confirmed[0]
        return Reconciliation(stage, programme.id, one.lines, one.total, "fact", why, listed=listed)
    why = Text(
        "No published list of this budget's year decides between the sums that are possible.",
        "可能な組合せのどれによるか、この年度の公表一覧で確かめられない。",
    )
    return Reconciliation(stage, programme.id, (), None, "open", why, candidates, listed=listed)


def _plainly(names: Sequence[str]) -> Text:
    what = {
        "revenue": Text("revenue", "収益"),
        "advance": Text("the advance received", "長期前受金"),
        "deferred-income": Text("deferred income", "長期前受収益"),
    }
    parts = [text for name in names for kind, text in what.items() if name.endswith(kind)]
    together = joined(parts, " + ", "+")
    return Text(f"{together.en}.", f"{together.ja}による。")
