"""A case put to the engine, on both of its paths, and to the reference: all of it is compared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import pytest

from allocator.domain.errors import InputError
from allocator.engine.exact import Path
from allocator.engine.notes import (
    DifferenceNote,
    KeptTotalNote,
    Note,
    RestNote,
    TieNote,
    UnboundedNote,
    UnsplitNote,
)
from allocator.engine.result import Allocation
from allocator.words.notes import note_words
from tests.engine.cases import SplitCase, UnitAmountCase, code, columns
from tests.engine.reference import ALONE, RefusedError
from tests.engine.reference_programmes import Outcome, unbounded

KINDS: Final = {
    TieNote: "tie",
    DifferenceNote: "difference",
    RestNote: "rest",
    UnboundedNote: "unbounded",
    KeptTotalNote: "kept_total",
    UnsplitNote: "unsplit",
}
CODE: Final = re.compile(r"(?<!\d)\d{6}(?!\d)")


def compare(case: SplitCase | UnitAmountCase) -> None:
    """Make sure that engine and reference say the same, also where both refuse."""
    try:
        expected = case.expected()
    except RefusedError:
        refused(case)
        return
    result = compute_both(case)
    assert result.amounts == expected.amounts
    assert result.allocated == result.total == expected.charged
    assert result.given == (case.total if isinstance(case, SplitCase) else None)
    assert result.steps.codes == tuple(code(place) for place in expected.under_rule)
    compare_standing(case, result)
    compare_notes(case, result, expected)
    if expected.units:
        compare_steps(result, expected)


def refused(case: SplitCase | UnitAmountCase) -> None:
    """Make sure that both paths refuse, and say where."""
    paths: tuple[Path, ...] = ("auto", "python")
    for path in paths:
        with pytest.raises(InputError) as caught:
            case.computed(path)
        for problem in caught.value.problems:
            assert problem.where.startswith("toy: ")


def compute_both(case: SplitCase | UnitAmountCase) -> Allocation:
    """Return the result of the fast path, after it was seen to be that of the slow one."""
    fast, slow = case.computed("auto"), case.computed("python")
    assert columns(fast) == columns(slow)
    assert fast.amounts == slow.amounts
    assert fast.notes == slow.notes
    assert fast.steps.constants == slow.steps.constants
    assert list(fast.steps.columns) == list(slow.steps.columns)
    return fast


def compare_standing(case: SplitCase | UnitAmountCase, result: Allocation) -> None:
    leaves = dict(case.adjustments.leaves)
    for place, standing in enumerate(result.standing):
        if place not in leaves:
            assert standing == "rule"
        else:
            assert standing == ("exempt" if leaves[place] is None else "fixed")


def compare_notes(case: SplitCase | UnitAmountCase, result: Allocation, expected: Outcome) -> None:
    """What was decided is told, with codes and yen, and nothing else is; in words as well."""
    wanted = list(notes(case, expected))
    assert list(result.notes) == wanted
    kinds = [KINDS[type(note)] for note in wanted]
    assert [note.kind for note in result.notes] == kinds
    for note in wanted:
        named = [*codes_of(note)]
        for text in note_words(note):
            assert CODE.findall(text) == named


def notes(case: SplitCase | UnitAmountCase, expected: Outcome) -> Iterator[Note]:
    """Yield the notes that the reference knows of, in the order of the work."""
    here = [code(place) for place in expected.under_rule]
    rounding = case.rounding if isinstance(case, SplitCase) else case.keep_total
    if isinstance(case, UnitAmountCase) and rounding is not None:
        yield KeptTotalNote(expected.charged)
    for tie in expected.ties:
        assert rounding is not None
        contenders, served = (
            tuple(here[i] for i in group) for group in (tie.contenders, tie.served)
        )
        yield TieNote(contenders, served, rounding.ties, tie.on)  # type: ignore[arg-type]
    if expected.borne is not None:
        yield DifferenceNote(here[expected.borne[0]], expected.borne[1])
    if expected.rest_to is not None:
        assert rounding is not None
        assert expected.given is not None
        yield RestNote(here[expected.rest_to], expected.given % rounding.unit)
    if rounding is not None and rounding.method in ALONE:
        under_rule = sum(expected.amounts[place] for place in expected.under_rule)
        assert expected.given is not None
        if under_rule != expected.given:
            yield UnsplitNote(expected.given, under_rule)
    unknown = unbounded(case.adjustments.bounds, expected.under_rule)
    if unknown:
        yield UnboundedNote(tuple(code(place) for place in unknown))


def codes_of(note: Note) -> tuple[str, ...]:
    """Return the codes that the words of a note name, in their order."""
    match note:
        case TieNote():
            return (*note.contenders, *note.served)
        case DifferenceNote() | RestNote():
            return (note.code,)
        case UnboundedNote():
            return note.codes
    return ()


def compare_steps(result: Allocation, expected: Outcome) -> None:
    shares, quotas = result.steps.shares, result.steps.quotas
    assert shares is not None
    assert quotas is not None
    places = range(len(expected.units))
    assert tuple(shares.of(i) for i in places) == expected.shares
    assert tuple(quotas.of(i) for i in places) == expected.quotas
    assert tuple(result.steps.columns["units"].tolist()) == expected.units
    assert result.steps.constants["units"] == sum(expected.units)
    assert result.steps.columns["share"].tolist() == shares.numerators.tolist()
    assert result.steps.columns["quota"].tolist() == quotas.numerators.tolist()
    under_rule = [result.amounts[place] for place in expected.under_rule]
    assert result.steps.columns["amount"].tolist() == under_rule
