"""Two sets of amounts under the same codes: nothing added, nothing lost, whichever is the first."""

from __future__ import annotations

from datetime import date
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.auditing.side_by_side import Compared, Joined, Row, join_sides
from allocator.domain.changes import CodeChange, CodeChanges
from allocator.domain.errors import InputError
from allocator.outputs.compare_paper.content import percent
from allocator.sources.register import code_changes
from tests.fuzzing import examples

CHANGES: Final = code_changes()
WHERE: Final = ("left", "right")

CODES: Final = sorted({code for row in CHANGES.rows for code in (row.old_code, row.new_code)})
AMOUNTS: Final = st.integers(-(10**18), 10**18)


def join(left: dict[str, int], right: dict[str, int]) -> Joined:
    return join_sides(left, right, CHANGES, WHERE)


def test_a_changed_code_is_one_payer_under_the_code_of_today() -> None:
    """富谷町 (044237) became 富谷市 (042161) on 2016-10-10."""
    assert dict(join({"044237": 5}, {"042161": 7}).amounts) == {"042161": (5, 7)}
    assert dict(join({"042161": 7}, {"044237": 5}).amounts) == {"042161": (7, 5)}


def test_what_was_taken_in_is_added_up() -> None:
    """岩舟町 (093670) went into 栃木市 (092037) on 2014-04-05."""
    parts, whole = {"092037": 10, "093670": 20}, {"092037": 31}
    found = join(parts, whole)
    assert dict(found.amounts) == {"092037": (30, 31)}
    assert dict(found.under) == {"092037": ["093670"]}
    assert dict(join(whole, parts).amounts) == {"092037": (31, 30)}


def test_a_new_merger_is_the_sum_of_its_parts() -> None:
    changes = CodeChanges(
        tuple(CodeChange(date(2020, 1, 1), old, "C", "新設合併") for old in ("A", "B"))
    )
    assert dict(join_sides({"A": 1, "B": 2}, {"C": 5}, changes, WHERE).amounts) == {"C": (3, 5)}
    turned = join_sides({"C": 5}, {"A": 1, "B": 2}, changes, WHERE)
    assert dict(turned.amounts) == {"C": (5, 3)}
    assert turned.divided == ()


def test_what_was_divided_among_payers_that_were_there_before_is_not_apportioned() -> None:
    """上九一色村 (193411) went to 甲府市 (192015) and to 富士河口湖町 (194301) in 2006."""
    parted = [row.new_code for row in CHANGES.rows if row.old_code == "193411"]
    assert {"192015", "194301"} <= set(parted)
    left = {"192015": 1, "193411": 100, "194301": 2}
    right = {"192015": 10, "194301": 20}
    found = join(left, right)
    assert dict(found.amounts) == {"192015": (1, 10), "193411": (100, None), "194301": (2, 20)}
    assert found.divided == ("193411",)
    assert any("193411" in note.ja and "按分" in note.ja for note in found.notes)


@pytest.mark.parametrize("turned", [False, True])
def test_one_place_under_both_its_codes_is_refused(turned: bool) -> None:
    both, one = {"044237": 5, "042161": 5}, {"042161": 7}
    with pytest.raises(InputError) as found:
        join(*((one, both) if turned else (both, one)))
    (problem,) = found.value.problems
    assert problem.where == ("right" if turned else "left")
    assert "044237" in problem.what.en
    with pytest.raises(InputError):
        join(*(({"044237": 7}, both) if turned else (both, {"044237": 7})))


def test_without_a_history_codes_are_what_they_are() -> None:
    found = join_sides({"044237": 5}, {"042161": 7}, CodeChanges(()), WHERE)
    assert dict(found.amounts) == {"042161": (None, 7), "044237": (5, None)}


def test_sums_beyond_64_bits_stay_exact() -> None:
    huge = 2**63 - 1
    found = join({"092037": huge, "093670": huge}, {"092037": 1})
    assert dict(found.amounts) == {"092037": (2 * huge, 1)}
    (row,) = (Row(code, "", "", *both) for code, both in found.amounts.items())
    assert row.difference == 1 - 2 * huge


@given(
    st.dictionaries(st.sampled_from(CODES), AMOUNTS, max_size=40),
    st.dictionaries(st.sampled_from(CODES), AMOUNTS, max_size=40),
)
@examples(200)
def test_nothing_is_added_or_lost_and_the_sides_can_be_exchanged(
    left: dict[str, int], right: dict[str, int]
) -> None:
    try:
        found = join(left, right)
    except InputError:
        with pytest.raises(InputError):
            join(right, left)
        return
    rows = [Row(code, "", "", *both) for code, both in found.amounts.items()]
    assert sum(row.left or 0 for row in rows) == sum(left.values())
    assert sum(row.right or 0 for row in rows) == sum(right.values())
    turned = {code: (b, a) for code, (a, b) in join(right, left).amounts.items()}
    assert turned == dict(found.amounts)
    assert list(found.amounts) == sorted(found.amounts)
    stands = [*found.amounts] + [c for parts in found.under.values() for c in parts]
    assert sorted(stands) == sorted(left.keys() | right.keys()), "each code once"

    total = sum(right.values()) - sum(left.values())
    compared = Compared("x", "", tuple(rows), sum(left.values()), sum(right.values()))
    assert compared.difference == total
    assert sum(row.moved for row in rows) == total
    assert sum(map(compared.moved, compared.counts)) == total
    both = sum(row.difference for row in rows if row.difference is not None)
    assert both + compared.moved("new") + compared.moved("gone") == total
    assert sum(compared.counts.values()) == len(rows)
    less = compared.only_changed()
    assert (less.counts, less.difference) == (compared.counts, total)


@pytest.mark.parametrize(
    ("difference", "of", "words"),
    [
        (5, 100, "+5.0%"),
        (-5, 100, "△5.0%"),
        (1, 2000, "+0.1%"),
        (1, 2001, "0.0%"),
        (-(10**18), 3 * 10**18, "△33.3%"),
        (2, 1, "+200.0%"),
        (12345, 10, "+123,450.0%"),
        (5, -100, "△5.0%"),
        (0, 7, "0.0%"),
        (5, 0, ""),
        (None, 5, ""),
        (5, None, ""),
    ],
)
def test_per_cent_is_exact_to_a_tenth(difference: int | None, of: int | None, words: str) -> None:
    assert percent(difference, of) == words
