"""Small programmes as a plan has them, what comes of them, and how they are refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from allocator.domain.errors import InputError, Problem
from allocator.engine.exact import Ints
from allocator.engine.inputs import Inputs
from allocator.engine.result import Allocation
from allocator.plans.programme import Programme
from tests.engine.asking import compute
from tests.engine.cases import payers

JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-龠]")


def programme(**keys: Any) -> Programme:
    """Return a programme of 100 yen by population, with these keys changed."""
    plain = {
        "id": "toy",
        "payers": "prefectures",
        "basis": "rule",
        "total": 100,
        "share": [{"weight": "1", "by": "population"}],
        "rounding": {"unit": 1, "method": "largest_remainder"},
    }
    given = {key: value for key, value in (plain | keys).items() if value is not None}
    return Programme.model_validate(given)


def by_unit_amounts(*amounts: int, **keys: Any) -> Programme:
    """Return a programme whose payers' measures are 0, 1, 2 … and choose these unit amounts."""
    bands = [{"from": start, "amount": amount} for start, amount in enumerate(amounts)]
    rule = {"by": "population", "prefectures": bands}
    return programme(**({"total": None, "share": [], "rounding": None, "unit_amount": rule} | keys))


def ints(values: Sequence[int]) -> Ints:
    return np.array(values, dtype=np.int64)


def computed(rule: Programme, *measure: int, previous: Sequence[int | None] = ()) -> Allocation:
    inputs = Inputs(
        payers(("prefecture",) * len(measure)), (ints(measure),), previous={0: tuple(previous)}
    )
    return compute(rule, inputs if previous else Inputs(inputs.payers, inputs.measures))


def refusal(rule: Programme, *measure: int, previous: Sequence[int | None] = ()) -> Problem:
    with pytest.raises(InputError) as caught:
        computed(rule, *measure, previous=previous)
    (problem,) = caught.value.problems
    return said_in_both(problem)


def said_in_both(problem: Problem) -> Problem:
    """Return the problem after a look at both languages: each says what and how to mend it."""
    for text in (problem.what, problem.mend):
        assert re.search("[a-z]{3}", text.en)
        assert not JAPANESE.search(text.en.replace("県", ""))
        assert JAPANESE.search(text.ja)
    for paragraph, what, mend in zip(
        (problem.in_("en"), problem.in_("ja")), problem.what, problem.mend, strict=True
    ):
        assert paragraph.startswith(f"{problem.where}: {what}")
        assert mend in paragraph
    return problem


def says(problem: Problem, *figures: str) -> bool:
    """Tell whether both languages give these figures, codes or keys."""
    return all(figure in text for figure in figures for text in problem.what)
