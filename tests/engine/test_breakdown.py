"""The notional split of prefectures' amounts: who has nothing to divide by, who needs nothing."""

from __future__ import annotations

import polars as pl
import pytest

from allocator.domain import schemas
from allocator.domain.errors import InputError
from allocator.engine.breakdown import break_down
from tests.engine.asking import broken_down
from tests.engine.toys import computed, ints, programme, said_in_both, says


def municipalities(*prefectures: str) -> pl.DataFrame:
    columns = {
        "code": [f"{place:06d}" for place in range(len(prefectures))],
        "prefecture": prefectures,
        "county": "",
        "municipality": "町",
        "kind": "town",
    }
    return pl.DataFrame(columns, schema=schemas.PAYERS)


@pytest.mark.parametrize("places", [("県0",), ("県0", "県1")])
def test_a_prefecture_without_anybody_to_break_down_to(places: tuple[str, ...]) -> None:
    allocation = computed(programme(breakdown={"by": "population"}), 1, 1)
    with pytest.raises(InputError) as caught:
        broken_down(allocation, municipalities(*places), ints([5, 0][: len(places)]))
    (problem,) = caught.value.problems
    assert said_in_both(problem).where == "toy: breakdown.by"
    assert says(problem, "県1")


def test_a_prefecture_that_pays_nothing_needs_no_municipality() -> None:
    allocation = computed(programme(breakdown={"by": "population"}), 1, 0)
    assert break_down(allocation, municipalities("県0"), ints([5])).amounts == (100,)


def test_a_breakdown_in_units_of_nothing_is_refused_with_the_plan() -> None:
    with pytest.raises(ValueError, match="unit"):
        programme(breakdown={"by": "population", "unit": 0})
