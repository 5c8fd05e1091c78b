"""How far the amounts of a programme agree with its published list, or why that can't be said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from allocator.domain.text import Text
from allocator.engine.result import Allocation
from allocator.plans.programme import Programme
from allocator.results.agreement import Agreement, NotCompared, agreement
from allocator.sources.bundled import locate
from allocator.sources.lists.table import amounts_by_code
from allocator.sources.measures.of_plan import Aligned
from allocator.tasks.binding import Run, listed_in

_NO_LIST: Final = Text("no list", "一覧なし")
_CHANGED: Final = Text("changed by option", "指定により変更")
_NOT_COMPARED: Final = Text("not compared", "照合対象外")


def agreement_of(
    run: Run, programme: Programme, allocation: Allocation, measures: Sequence[Aligned]
) -> Agreement | NotCompared:
    """Compare the amounts with the list that the plan names, where they don't come from it."""
    if programme.published is None:
        return NotCompared(
            _NO_LIST, Text("the plan names no list", "計画に公表一覧の指定がありません")
        )
    if programme != run.plan.programme(programme.id, programme.id):
        return NotCompared(
            _CHANGED,
            Text(
                "--total or --as-of departs from what the list rests on",
                "--total・--as-of の指定が公表一覧の前提と異なります",
            ),
        )
    if any(aligned.measure.origin == "option" for aligned in measures):
        return NotCompared(
            _CHANGED,
            Text(
                "--population departs from what the list rests on",
                "--population の指定が公表一覧の前提と異なります",
            ),
        )
    file = locate(programme.published, run.plan.folder, run.sources)
    if (reason := rests_on_list(run, programme)) is not None:
        return NotCompared(_NOT_COMPARED, reason)
    if file is None:
        return NotCompared(
            _NO_LIST,
            Text(f"{programme.published} is not there", f"{programme.published} がありません"),
        )
    amounts = amounts_by_code(listed_in(run, file, programme.id), run.register)
    return agreement(programme.published, amounts, allocation.by_code)


def rests_on_list(run: Run, programme: Programme) -> Text | None:
    """Say why equality with the programme's own list is no agreement: amounts come from it.

    A part is never published by itself: the list that it carries forward was worked out from some
    published one, and from this very one unless the plan names another (`derived_from`).
    """
    file = programme.published and locate(programme.published, run.plan.folder, run.sources)
    carried = programme.carried_forward
    if carried is not None and file is not None:
        names = [carried.list_, *([carried.derived_from] if carried.derived_from else [])]
        if any(locate(name, run.plan.folder, run.sources) == file for name in names):
            return Text(
                "the list is the very one whose shares are carried forward",
                "割合を引き継いだ当の一覧であるため、照合になりません",
            )
    for part in programme.part:
        if (rule := part.carried_forward) is None:
            continue
        origin = rule.derived_from and locate(rule.derived_from, run.plan.folder, run.sources)
        if origin is None or origin == file:
            return Text(
                f"the part {part.name} is carried forward from what was derived from the list",
                f"「{part.name}」がこの一覧から求めた額の引継ぎであるため、照合になりません",
            )
    return None
