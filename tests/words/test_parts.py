"""How much of a total stands on which basis, in words."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

from allocator.domain.text import Text
from allocator.results.outcome import ProgrammeOutcome
from allocator.sources.bundled import newest_plan
from allocator.tasks.compute import compute_plan
from allocator.words.parts import parts_words, shares_by_basis

PLAN = """\
fiscal_year = 2030
programmes = ["p"]
organisations = "organisations.csv"
codes = "text"
"""
PART = """\
[[part]]
name = "{basis}{yen}"
basis = "{basis}"
total = {yen}
[[part.share]]
weight = "1"
by = "equal"
[part.rounding]
unit = 1
method = "largest_remainder"
"""


def computed(folder: Path, *parts: tuple[str, int]) -> ProgrammeOutcome:
    register = "code,prefecture,municipality,kind\nE,東国,,prefecture\nW,西国,,prefecture\n"
    (folder / "organisations.csv").write_text(register, encoding="utf-8")
    (folder / "plan.toml").write_text(PLAN, encoding="utf-8")
    text = "".join(PART.format(basis=basis, yen=yen) for basis, yen in parts)
    (folder / "p.toml").write_text(f'id = "p"\npayers = "prefectures"\n{text}', encoding="utf-8")
    return compute_plan(folder).programmes[0]


def test_the_bundled_sum_stands_on_two_bases() -> None:
    outcome = next(each for each in compute_plan(newest_plan()).programmes if each.parts)

    shares = shares_by_basis(outcome)

    assert shares == {
        "rule": Fraction(1_986_000_000, 2_406_000_000),
        "carried_forward": Fraction(420_000_000, 2_406_000_000),
    }
    assert parts_words(outcome) == Text(
        "82.5 % by rule, 17.5 % carried forward", "規則 82.5%、引継ぎ 17.5%"
    )


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ([("rule", 5), ("rule", 7)], "規則 100.0%"),
        ([("rule", 0), ("estimated", 0)], "規則 0.0%、推計 0.0%"),
        ([("estimated", 1), ("rule", 2), ("estimated", 3)], "推計 66.7%、規則 33.3%"),
        ([("rule", 999_999), ("estimated", 1)], "規則 99.9%超、推計 0.1%未満"),
    ],
)
def test_shares_are_said_with_one_decimal(
    parts: list[tuple[str, int]], words: str, tmp_path: Path
) -> None:
    assert parts_words(computed(tmp_path, *parts)).ja == words


def test_a_programme_without_parts_stands_on_its_own_basis() -> None:
    outcome = next(each for each in compute_plan(newest_plan()).programmes if not each.parts)

    assert shares_by_basis(outcome) == {"rule": 1}
    assert parts_words(outcome).en == "100.0 % by rule"
