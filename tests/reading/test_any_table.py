"""Tables drawn from a known truth: read back exactly, or refused; never wrong in silence."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from tests.fuzzing import LONG, MANY, examples
from tests.reading.any_table import MUNICIPALITIES, Drawn, tables
from tests.reading.known import today
from tests.reading.routes import Read, lists
from tests.reading.shapes import ask, assert_exact

GROUPS: Final = {
    "measures": ("[[measure]]", "run --population"),
    "lists of plans": ("carried_forward", "run --previous", "published"),
    "audits": tuple(lists("audit --plan", "audit", "--against", "compare")),
    "extract and check": ("extract", "check (list)"),
}
AROUND: Final = {"header", "title", "blank", "heading"}
"""Reasons of lines above the first row, of blank ones and of the header repeated."""

SAID: Final = ("rows left out", "codes that are none, kept as written")
"""How a note of a run, and one of an extraction, say it."""

FEW: Final = 125
"""Examples of each group: 500 in all, and 20,000 in `make fuzz`."""


def assert_never_wrong(read: Read, drawn: Drawn) -> None:
    """Assert that what was not refused or found is right, and that what is missing is said."""
    truth = drawn.sample.truth
    if read.status != 0:
        return
    if read.amounts is None:
        if (read.count, read.total) != (len(truth), sum(truth.values())):
            assert "left out" in read.said, read.said
            assert read.count is not None
            assert read.count < len(truth)
        return
    wrong = {
        code: amount
        for code, amount in read.amounts.items()
        if code in today() and truth.get(code) != amount
    }
    assert not wrong, f"{drawn.fault}: read {wrong} of {truth}: {read.said}"
    if truth.keys() - read.amounts.keys():
        in_ledger = read.left_out or any(each.get("left_out") for each in read.ledgers)
        assert in_ledger or any(each in read.said for each in SAID), read.said


def assert_accounted(read: Read, drawn: Drawn) -> None:
    """Assert that every row is taken or in the ledger, for the reason that it was put there."""
    (ledger,) = read.ledgers
    reasons = Counter(each["reason"] for each in ledger["left_out"])
    assert ledger["rows_taken"] == len(drawn.sample.truth)
    assert ledger["rows_in"] == ledger["rows_taken"] + reasons.total()
    assert {each: count for each, count in reasons.items() if each not in AROUND} == drawn.left


@pytest.mark.fuzz
@pytest.mark.parametrize("group", GROUPS)
@settings(examples(FEW), max_examples=max(MANY, 20_000) // 4 if LONG else FEW)
@given(data=st.data())
def test_a_table_is_read_exactly_or_refused(group: str, data: st.DataObject) -> None:
    drawn = data.draw(tables())
    route = data.draw(st.sampled_from(GROUPS[group]))
    if route == "run --population" and not drawn.sample.truth.keys() <= set(MUNICIPALITIES):
        route = "[[measure]]"  # a population of prefectures alone is not whole
    note(f"fault: {drawn.fault or 'none'}")
    with tempfile.TemporaryDirectory() as folder:
        read = ask(drawn.sample, route, Path(folder))
    if drawn.fault or drawn.odd:
        assert_never_wrong(read, drawn)
    else:
        assert_exact(read, drawn.sample.truth)
        if route in {"audit --plan", "audit", "compare", "extract"}:
            assert_accounted(read, drawn)
