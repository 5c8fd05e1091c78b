"""Which programme of a plan a list belongs to, by what the list itself shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from allocator.auditing.titles import programmes_in
from allocator.domain.errors import refuse
from allocator.domain.text import Text
from allocator.engine.exact import total
from allocator.plans.plan import Plan
from allocator.plans.programme import Programme
from allocator.sources.lists.table import PublishedList

Amounts = Callable[[Programme], Mapping[str, int] | None]
"""Computes a programme: its amounts (yen) by code, None where they can't be."""


def choose_programme(
    published: PublishedList,
    plan: Plan,
    payers: Callable[[Programme], frozenset[str]],
    amounts: Amounts,
) -> Programme:
    """Return the programme that a list fits best.

    First by the programme that the document names, if it does, then by who is listed, then, among
    those that fit equally, by the title, by the total, and by how many amounts agree.

    Raises:
        InputError: the list fits none, or several equally; names them.
    """
    for programme in plan.programmes:
        if programme.id == published.programme:
            return programme
    left = _by_payers(published, plan, payers)
    for narrow in (_by_title, _by_total):
        if len(left) > 1:
            left = narrow(published, left, plan) or left
    if len(left) > 1:
        left = _by_amounts(published, left, amounts) or left
    if len(left) == 1:
        return left[0]
    names = ", ".join(programme.id for programme in left or plan.programmes)
    what = (
        Text(
            f"the list fits several programmes: {names}",
            f"一覧に当てはまる事業が複数あります: {names}",
        )
        if left
        else Text(
            "no row of the list is that of a payer of any programme",
            "どの事業の負担団体の行もありません",
        )
    )
    raise refuse(
        str(published.file),
        what,
        Text(
            f"say which one: --programme ID, one of {names}",
            f"--programme で指定してください(使える事業: {names})",
        ),
        code="unclear_programme",
    )


def _by_payers(
    published: PublishedList, plan: Plan, payers: Callable[[Programme], frozenset[str]]
) -> list[Programme]:
    """Keep the programmes whose payers and the list's have the most in common."""
    codes = frozenset(published.frame["code"].to_list())
    likeness: dict[str, float] = {}
    for programme in plan.programmes:
        due = payers(programme)
        likeness[programme.id] = len(codes & due) / len(codes | due)
    best = max(likeness.values())
    if not best:
        return []
    return [programme for programme in plan.programmes if likeness[programme.id] == best]


def _by_title(published: PublishedList, left: Sequence[Programme], plan: Plan) -> list[Programme]:
    named = programmes_in(published.title, {each.id: each.name for each in plan.programmes})
    return [programme for programme in left if programme.id in named]


def _by_total(published: PublishedList, left: Sequence[Programme], _: Plan) -> list[Programme]:
    totals = (published.declared_total, total(published.frame["amount"].to_numpy()))
    return [programme for programme in left if programme.total in totals]


def _by_amounts(
    published: PublishedList, left: Sequence[Programme], amounts: Amounts
) -> list[Programme]:
    """Keep the programme that has at least half of the list's amounts, and more than any other."""
    matched: dict[str, int] = {}
    for programme in left:
        due = amounts(programme) or {}
        rows = published.frame.select("code", "amount").iter_rows()
        matched[programme.id] = sum(due.get(code) == amount for code, amount in rows)
    best = max(matched.values())
    if 2 * best < len(published.frame):
        return []
    return [programme for programme in left if matched[programme.id] == best]
