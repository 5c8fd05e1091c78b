"""Papers drawn from a known truth: their list is read exactly, or what is wrong is told."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

import pytest
from hypothesis import given, note, settings
from hypothesis import strategies as st

from tests.fuzzing import LONG, MANY, examples
from tests.reading.any_paper import Paper, papers
from tests.reading.known import today
from tests.reading.routes import LISTS, Question, Read
from tests.reading.shapes import assert_exact

ROUTES: Final = (
    "audit --plan",
    "audit",
    "--against",
    "carried_forward",
    "run --previous",
    "extract",
)
FEW: Final = 100


def assert_told(read: Read, paper: Paper) -> None:
    """Assert that a fault is told: refused, found, or left out and said; no figure is changed.

    A figure that is another's, or an own total that is off, can be found by an audit alone.
    """
    if read.status != 0 or paper.fault in {"a figure of another", "a wrong total", "a row twice"}:
        return
    assert read.amounts is not None
    wrong = {
        code: amount
        for code, amount in read.amounts.items()
        if code in today() and paper.truth.get(code) != amount
    }
    assert not wrong, read.said
    if paper.truth.keys() - read.amounts.keys():
        assert read.left_out or any(each.get("left_out") for each in read.ledgers), read.said


@pytest.mark.fuzz
@settings(examples(FEW), max_examples=max(MANY, 5_000) if LONG else FEW)
@given(data=st.data())
def test_a_list_of_papers_is_read_exactly_or_refused(data: st.DataObject) -> None:
    paper = data.draw(papers())
    route = data.draw(st.sampled_from(ROUTES))
    note(f"fault: {paper.fault or 'none'}")
    with tempfile.TemporaryDirectory() as folder:
        read = LISTS[route](Question(paper.written(Path(folder)), paper.truth))
    if not paper.fault:
        assert_exact(read, paper.truth)
        return
    assert_told(read, paper)
    if route in {"audit --plan", "audit"}:
        assert read.status != 0, read.said
