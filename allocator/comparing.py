"""An audit of one list against another, in the order of the work.

load plan -> read both lists -> bring them under the same codes -> compare -> say what was checked
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import Final

from allocator.audit.compare import compare
from allocator.audit.findings import Audit, Check
from allocator.audit.other_list import Joined, join_lists
from allocator.audit.scope import checks_left, checks_made, left_out, only_one
from allocator.domain.organisations import Register
from allocator.domain.progress import step
from allocator.domain.text import Text
from allocator.rules.load import load_plan
from allocator.sources.lists import PublishedList
from allocator.sources.published import read_lists
from allocator.sources.register import register_of
from allocator.sources.sniff import sniff

_NO_TITLE_OF_TWO: Final = Check(
    "title", Text("two lists may be of two years", "年度の異なる一覧でもよいため")
)


def audit_two(
    file: Path, against: Path, plan_path: Path, programme: str | None = None
) -> tuple[Audit, ...]:
    """Audit the list in `file` against the one in `against`; the plan only lends its register.

    Raises:
        InputError: a file, the plan or the programme is wrong.
    """
    plan = load_plan(plan_path)
    if programme is not None:
        plan.programme(programme, f"--programme {programme}")
    register, changes = register_of(plan)
    ours, theirs = _read_both((file, against), register)
    published = only_one(ours, programme, str(file))
    other = only_one(theirs, programme, f"--against {against}")
    step(Text("comparing the lists", "一覧を照合中"))
    joined = join_lists(published, other, register, changes)
    found = compare(joined.published, joined.reference)
    checks = checks_made(published, found, joined.reference)
    return (
        Audit(
            source=str(file),
            against=Text(str(against), str(against)),
            programme=programme,
            basis="list",
            checked=_with_carried(checks, joined),
            not_checked=(*checks_left(published), _NO_TITLE_OF_TWO),
            rows=len(published.frame),
            matched=found.matched,
            payers=found.payers,
            agreeing=found.agreeing,
            left_out=left_out(published),
            declared_total=published.declared_total,
            listed_total=found.listed_total,
            expected_total=joined.reference.total,
            findings=found.findings,
        ),
    )


def _read_both(files: tuple[Path, Path], register: Register) -> Iterable[list[PublishedList]]:
    """Return the lists of two files: text is read at once, as most of that is done outside Python.

    Other files are read one after the other: the library that reads PDFs knows no threads.
    """
    if any(sniff(file) != "text" for file in files):
        return [read_lists(file, register) for file in files]
    with ThreadPoolExecutor() as pool:
        # Each in a copy of the context, which holds who watches the progress.
        reading = [pool.submit(copy_context().run, read_lists, file, register) for file in files]
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
