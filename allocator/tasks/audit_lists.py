"""An audit of one list against another, in the order of the work.

load plan -> read both lists -> bring them under the same codes -> compare -> say what was checked
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import Final

from allocator.auditing.compare import compare
from allocator.auditing.findings import Audit, Check
from allocator.auditing.reference_list import Joined, join_lists
from allocator.auditing.scope import checks_left, checks_made, only_one
from allocator.domain.organisations import Register
from allocator.domain.progress import step
from allocator.domain.text import Text
from allocator.files.source import Source, Sources
from allocator.plans.load import load_plan
from allocator.sources.lists.anywhere import read_lists
from allocator.sources.lists.table import PublishedList
from allocator.sources.register import register_of

_NO_TITLE_OF_TWO: Final = Check(
    "title", Text("two lists may be of two years", "年度の異なる一覧でもよいため")
)


def audit_two(
    file: Path,
    against: Path,
    plan_path: Path,
    programme: str | None = None,
    sources: Sources | None = None,
) -> tuple[Audit, ...]:
    """Audit the list in `file` against the one in `against`; the plan only lends its register.

    Raises:
        InputError: a file, the plan or the programme is wrong.
    """
    sources = sources or Sources()
    plan = load_plan(plan_path, sources)
    if programme is not None:
        plan.programme(programme, f"--programme {programme}")
    register, changes = register_of(plan, sources)
    one, two = sources.open(file), sources.open(against)
    ours, theirs = _read_both((one, two), register)
    published = only_one(ours, programme, str(one.path))
    other = only_one(theirs, programme, f"--against {two.path}")
    step(Text("comparing the lists", "一覧を照合中"))
    joined = join_lists(published, other, register, changes)
    found = compare(joined.published, joined.reference)
    checks = checks_made(published, found, joined.reference)
    return (
        Audit(
            source=str(one.path),
            against=Text(str(two.path), str(two.path)),
            programme=programme,
            basis="list",
            checked=_with_carried(checks, joined),
            not_checked=(*checks_left(published), _NO_TITLE_OF_TWO),
            rows=len(published.frame),
            matched=found.matched,
            payers=found.payers,
            agreeing=found.agreeing,
            ledger=published.left_out,
            places=published.places,
            declared_total=published.declared_total,
            listed_total=found.listed_total,
            expected_total=joined.reference.total,
            findings=found.findings,
        ),
    )


def _read_both(both: tuple[Source, Source], register: Register) -> Iterable[list[PublishedList]]:
    """Return the lists of two files: text is read at once, as most of that is done outside Python.

    Other files are read one after the other: the library that reads PDFs knows no threads.
    """
    if any(source.kind != "text" for source in both):
        return [read_lists(source, register) for source in both]
    with ThreadPoolExecutor() as pool:
        # Each in a copy of the context, which holds who watches the progress.
        reading = [pool.submit(copy_context().run, read_lists, each, register) for each in both]
    return [each.result() for each in reading]


def _with_carried(checks: Sequence[Check], joined: Joined) -> tuple[Check, ...]:
    """Say in the check of codes which of them were carried over."""
    if not joined.carried:
        return tuple(checks)
    note = Text(
        "; ".join(text.en for text in joined.carried),
        "、".join(text.ja for text in joined.carried),
    )
    return tuple(Check("codes", note) if check.what == "codes" else check for check in checks)
