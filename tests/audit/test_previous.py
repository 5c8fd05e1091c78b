"""Earlier amounts beside today's payers: not a yen is added, lost or apportioned."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.domain.changes import CodeChange, CodeChanges
from allocator.domain.errors import InputError
from allocator.results.earlier import join
from allocator.sources.register import code_changes

DAY = date(2024, 1, 1)
INVENTED = CodeChanges(
    (
        CodeChange(DAY, "A", "N", "新設合併"),
        CodeChange(DAY, "B", "N", "新設合併"),
        CodeChange(DAY, "C", "X", "分割"),
        CodeChange(DAY, "C", "Y", "分割"),
        CodeChange(DAY, "D", "K", "編入合併"),
    )
)
PAYERS = ("K", "N", "X", "Y", "Z")


def test_mergers_add_up_and_divisions_are_left_out() -> None:
    earlier = {"A": 1, "B": 20, "C": 300, "D": 4_000, "K": 50_000, "G": 600_000}
    joined = join(earlier, PAYERS, INVENTED, "list.csv")
    assert joined.amounts == {"N": 21, "K": 54_000}
    assert {code: way.way for code, way in joined.lost.items()} == {"C": "split", "G": "unknown"}
    assert [(way.code, way.to) for way in joined.carried] == [("A", "N"), ("B", "N"), ("D", "K")]


@given(st.dictionaries(st.sampled_from("ABCDGKXYZ"), st.integers(0, 10**18)))
def test_carried_and_lost_make_the_sum_that_came(earlier: dict[str, int]) -> None:
    joined = join(earlier, PAYERS, INVENTED, "list.csv")
    lost = sum(earlier[code] for code in joined.lost)
    assert sum(joined.amounts.values()) + lost == sum(earlier.values())
    assert set(joined.amounts) <= set(PAYERS)


def test_one_place_under_two_codes_is_refused() -> None:
    with pytest.raises(InputError, match="A became N, and both have an amount"):
        join({"A": 1, "N": 2}, PAYERS, INVENTED, "list.csv")


@pytest.mark.parametrize(
    ("earlier", "payers", "found"),
    [
        pytest.param({"403059": 9}, ["402311"], {"402311": 9}, id="那珂川町 to 那珂川市"),
        pytest.param({"402311": 7}, ["403059"], {"403059": 7}, id="那珂川市 to 那珂川町"),
        pytest.param({"093670": 5, "092037": 6}, ["092037"], {"092037": 11}, id="岩舟町 to 栃木市"),
    ],
)
def test_the_real_history(
    earlier: dict[str, int], payers: list[str], found: dict[str, int]
) -> None:
    joined = join(earlier, payers, code_changes(), "list.csv")
    assert joined.amounts == found
    assert not joined.lost


def test_a_village_that_was_divided() -> None:
    joined = join({"193411": 8}, ["192015", "194301"], code_changes(), "list.csv")
    assert joined.amounts == {}
    assert joined.lost["193411"].way == "split"
