"""Order: what was done to the rows is said in as few words as possible."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.auditing.order import Disorder, disorders


def of(*places: int) -> list[Disorder]:
    return disorders(np.array(places))


def test_ascending_rows_are_in_order() -> None:
    assert of(1, 2, 5, 9) == []
    assert of() == []
    assert of(3) == []


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ((2, 1, 3), [Disorder("swapped", (0, 1))]),
        ((1, 6, 3, 4, 5, 2, 7), [Disorder("swapped", (1, 5))]),
        ((2, 1, 3, 5, 4), [Disorder("swapped", (0, 1)), Disorder("swapped", (3, 4))]),
        ((2, 3, 4, 5, 1, 6), [Disorder("moved", (4,))]),
        ((6, 1, 2, 3, 4, 5), [Disorder("moved", (0,))]),
        ((1, 9, 3, 4, 5, 6, 7, 2, 8), [Disorder("swapped", (1, 7)), Disorder("moved", (8,))]),
    ],
)
def test_what_was_done_is_told(places: tuple[int, ...], expected: list[Disorder]) -> None:
    found = of(*places)
    assert len(found) <= len(expected)
    if len(expected) == 1 or all(each.reason == "swapped" for each in expected):
        assert found == expected


def test_another_order_altogether_is_one_finding() -> None:
    found = of(*reversed(range(200)))
    assert [each.reason for each in found] == ["unsorted"]
    assert len(found[0].positions) == 200


@given(st.integers(3, 60), st.data())
def test_a_swap_anywhere_is_one_finding(count: int, data: st.DataObject) -> None:
    one, other = sorted(
        data.draw(st.lists(st.integers(0, count - 1), min_size=2, max_size=2, unique=True))
    )
    places = list(range(count))
    places[one], places[other] = places[other], places[one]
    assert of(*places) == [Disorder("swapped", (one, other))]


@given(st.integers(4, 60), st.data())
def test_a_moved_row_is_one_finding(count: int, data: st.DataObject) -> None:
    places = list(range(count))
    row = places.pop(data.draw(st.integers(0, count - 1)))
    to = data.draw(st.integers(0, count - 1))
    places.insert(to, row)
    found = of(*places)
    assert len(found) == (to != row)
    if abs(to - row) > 1:
        assert found == [Disorder("moved", (to,))]


@given(st.permutations(range(12)))
def test_any_order_is_told_with_fewer_findings_than_rows(places: list[int]) -> None:
    found = of(*places)
    assert (found == []) == (places == sorted(places))
    assert len(found) < len(places)
    assert all(0 <= at < 12 for each in found for at in each.positions)
