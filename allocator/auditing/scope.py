"""The scope of an audit: which lists of a document are meant, what was checked and what was not."""

from __future__ import annotations

from collections.abc import Sequence

from allocator.auditing.compare import Comparison
from allocator.auditing.findings import Check
from allocator.auditing.reference import Reference
from allocator.domain.errors import refuse
from allocator.domain.text import Text, joined
from allocator.sources.lists.table import PublishedList
from allocator.sources.tables.ledger import ranges


def picked(lists: Sequence[PublishedList], programme: str | None) -> list[PublishedList]:
    """Return the lists of a document that --programme picks, or all of them.

    Raises:
        InputError: the document has several lists, none of them of that programme.
    """
    if programme is None or len(lists) == 1:
        return list(lists)
    found = [each for each in lists if each.programme == programme]
    if not found:
        named = ", ".join(dict.fromkeys(each.programme or "?" for each in lists))
        raise refuse(
            f"--programme {programme}",
            Text(
                f"the document has no list of it; it has: {named}",
                f"この文書にその事業の一覧はありません(あるもの: {named})",
            ),
            Text(
                "pick one of those, or leave the option out",
                "いずれかを指定するか、指定を外してください",
            ),
            code="no_such_list",
        )
    return found


def only_one(lists: Sequence[PublishedList], programme: str | None, where: str) -> PublishedList:
    """Return the one list of a document that is meant.

    Raises:
        InputError: there are several, or none of the programme.
    """
    found = picked(lists, programme)
    if len(found) > 1:
        named = ", ".join(each.programme or "?" for each in found)
        raise refuse(
            where,
            Text(f"the document has several lists: {named}", f"文書に一覧が複数あります: {named}"),
            Text("pick one with --programme", "--programme で1つ選んでください"),
            code="several_lists",
        )
    return found[0]


def checks_made(
    published: PublishedList, found: Comparison, reference: Reference
) -> tuple[Check, ...]:
    """Return what a comparison checked."""
    checks = [Check("payers"), Check("duplicates")]
    if "code" in published.prints:
        lines = ranges(found.mended)
        note = Text(
            f"{len(found.mended)} read as six digits (lines {lines})",
            f"6桁に補って読んだもの {len(found.mended)} 件({lines} 行目)",
        )
        checks.insert(0, Check("codes", note if found.mended else None))
    if reference.comparable:
        checks.append(Check("amounts"))
    checks.append(Check("sum"))
    if published.declared_total is not None:
        checks.append(Check("declared_total"))
    if not published.prints.isdisjoint(("prefecture", "municipality")):
        checks.append(Check("names"))
    if published.remarks:
        checks.append(Check("reading", joined(published.remarks, "; ")))
    return (*checks, Check("order"))


def checks_left(published: PublishedList) -> tuple[Check, ...]:
    """Return what could not be checked, as the list doesn't print it."""
    missing: list[Check] = []
    if "code" not in published.prints:
        note = Text(
            "the list has none; its rows were found by their names",
            "一覧にないため、名称で照合しました",
        )
        missing.append(Check("codes", note))
    if published.declared_total is None:
        missing.append(Check("declared_total", Text("the list has no 合計", "合計欄がありません")))
    if published.prints.isdisjoint(("prefecture", "municipality")):
        missing.append(Check("names", Text("the list has none", "名称の列がありません")))
    return tuple(missing)
