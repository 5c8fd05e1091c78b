"""What the published list of jpki for FY2023 says of itself: a sum of three parts.

All of it from the list and the resident registers alone; nothing of the package is used but in the
last tests, which hold the bundled data and the bundled plan against what was found here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import pytest

from allocator.sources.bundled import CONFIGS, DATA
from allocator.tasks.compute import compute_plan
from tests.acceptance.recompute import ROOT, bundled_population, people, published, table

TOTAL: Final = 2_406_000_000
EQUAL: Final = 14_085_000
"""The equal part of each prefecture: 662,000,000 / 47, cut to 1,000 yen."""
BY_RATIO: Final = 420_000_000
BY_POPULATION: Final = 1_324_005_000
"""What the two leave of the total, what was cut of the first among it."""
STEPS: Final = 100_000
"""The ratios are whole steps of 0.001 %."""
TOKYO: Final = "130001"
DAYS: Final = [f"{year}-01-01" for year in range(2016, 2026)]

LISTED: Final = published("jpki")
CODES: Final = sorted(LISTED)
NAMES: Final = {
    row["code"]: row["prefecture"]
    for row in table(ROOT / "data" / "published" / "2023" / "jpki.csv")
}
LESS: Final = {"青森県", "茨城県", "長崎県"}
"""Those whose part by the table is 1,000 yen less than its steps say."""

Ints = np.ndarray[Any, np.dtype[np.int64]]


def half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def residents(day: str) -> dict[str, int]:
    found = people(bundled_population(day), prefectures=True)
    assert sorted(found) == CODES
    return found


def by_population(day: str, total: int) -> dict[str, int]:
    """Return the part by population: half-up to the yen, the odd yen to the largest."""
    of = residents(day)
    whole = sum(of.values())
    amounts = {code: half_up(total * people, whole) for code, people in of.items()}
    amounts[max(of, key=lambda code: of[code])] += total - sum(amounts.values())
    return amounts


@pytest.fixture(scope="module")
def left() -> dict[str, int]:
    """Give what is left of each amount after the parts by population and in equal parts."""
    part = by_population("2022-01-01", BY_POPULATION)
    return {code: amount - part[code] - EQUAL for code, amount in LISTED.items()}


# -- the part by population ------------------------------------------------------------------------


def test_the_part_by_population_leaves_whole_thousands_everywhere() -> None:
    part = by_population("2022-01-01", BY_POPULATION)
    assert sum(part.values()) == BY_POPULATION
    assert [(LISTED[code] - part[code]) % 1000 for code in CODES] == [0] * 47


def test_the_odd_yen_stands_on_the_largest_payer() -> None:
    of = residents("2022-01-01")
    rounded = {code: half_up(BY_POPULATION * of[code], sum(of.values())) for code in CODES}
    assert BY_POPULATION - sum(rounded.values()) == 1
    assert max(of, key=lambda code: of[code]) == TOKYO
    odd = [code for code in CODES if (LISTED[code] - rounded[code]) % 1000]
    assert odd == [TOKYO]
    assert (LISTED[TOKYO] - rounded[TOKYO]) % 1000 == 1


def explained(day: str, most: int = TOTAL // 1000) -> Ints:
    """Return for each sub-total of 0 to `most` thousand yen how many amounts it explains.

    A sub-total S explains an amount A where A less S·p/P, half-up, is a multiple of 1,000. The
    rounded part takes each value v at one S at most, as it grows by 1000·p/P > 1 from one S to the
    next: so the values with the last three digits of A are gone through, and not all the S.
    """
    of = residents(day)
    whole = sum(of.values())
    counts = np.zeros(most + 1, dtype=np.int64)
    for code in CODES:
        each = 2000 * of[code]
        assert each > 2 * whole
        values = np.arange(LISTED[code] % 1000, most * each // (2 * whole) + 2, 1000)
        assert 2 * int(values[-1]) * whole + whole < 2**62
        found = -(-((2 * values - 1) * whole) // each)
        fits = (found >= 0) & (found <= most) & (found * each < (2 * values + 1) * whole)
        counts[found[fits]] += 1
    return counts


def test_sub_totals_are_counted_as_they_are_when_tried_one_by_one() -> None:
    of = residents("2022-01-01")
    whole, tried = sum(of.values()), range(1_323_000, 1_325_000)
    counted = explained("2022-01-01", 1_325_000)
    for thousands in (*range(300), *tried):
        parts = {code: half_up(thousands * 1000 * of[code], whole) for code in CODES}
        fitting = sum((LISTED[code] - parts[code]) % 1000 == 0 for code in CODES)
        assert counted[thousands] == fitting


@pytest.mark.parametrize("day", DAYS)
def test_no_other_date_and_no_other_sub_total_explains_the_last_three_digits(day: str) -> None:
    counts = explained(day)
    assert len(counts) == 2_406_001
    if day == "2022-01-01":
        assert counts[BY_POPULATION // 1000] == 46
        counts[BY_POPULATION // 1000] = 0
    assert 1 <= counts.max() <= 5


# -- the equal part and the table of ratios --------------------------------------------------------


def test_the_three_parts_are_the_total() -> None:
    assert EQUAL == 662_000_000 // 47 // 1000 * 1000
    assert 47 * EQUAL == 661_995_000
    assert 662_000_000 + BY_RATIO + 1_324_000_000 == TOTAL
    assert 47 * EQUAL + BY_RATIO + BY_POPULATION == TOTAL == sum(LISTED.values())


def test_what_is_left_is_the_total_of_the_table(left: dict[str, int]) -> None:
    assert sum(left.values()) == BY_RATIO
    assert all(amount > 0 and amount % 1000 == 0 for amount in left.values())


def test_what_is_left_are_whole_steps_of_a_thousandth_of_a_per_cent(left: dict[str, int]) -> None:
    """In 44 of 47; the others have 1,000 yen less, which is what half-up exceeds the total by."""
    before = {code: left[code] + 1000 * (name in LESS) for code, name in NAMES.items()}
    steps = {code: half_up(amount * STEPS, BY_RATIO) for code, amount in before.items()}
    assert {code: in_thousands(k) for code, k in steps.items()} == before
    assert sum(steps.values()) == STEPS
    assert sum(before.values()) == BY_RATIO + 3000
    known = {"鳥取県": 520, "島根県": 509, "大阪府": 5_546, "東京都": 19_899}
    assert {NAMES[code]: k for code, k in steps.items() if NAMES[code] in known} == known


def test_the_three_that_have_less_are_no_whole_steps(left: dict[str, int]) -> None:
    reached = {code: in_thousands(half_up(left[code] * STEPS, BY_RATIO)) for code in CODES}
    assert {NAMES[code] for code in CODES if reached[code] != left[code]} == LESS


def in_thousands(steps: int) -> int:
    """Return steps of 0.001 % of the table's total, half-up to 1,000 yen."""
    return half_up(BY_RATIO * steps, STEPS * 1000) * 1000


# -- the bundled data and the plan -----------------------------------------------------------------


def derived() -> list[dict[str, str]]:
    return table(ROOT / "data" / "derived" / "2023" / "jpki_by_ratio.csv")


def test_the_bundled_table_is_what_is_left(left: dict[str, int]) -> None:
    rows = derived()
    assert [row["code"] for row in rows] == CODES
    assert {row["code"]: int(row["amount"]) for row in rows} == left


def test_the_plan_has_these_parts_and_reads_the_derived_table_for_one_of_them_alone() -> None:
    outcome = compute_plan(CONFIGS / "2023")
    (found,) = [each for each in outcome.programmes if each.programme.id == "jpki"]
    assert found.allocation is not None
    equal, by_ratio, rest = (part.allocation for part in found.parts)
    assert equal is not None
    assert by_ratio is not None
    assert rest is not None
    assert set(equal.amounts) == {EQUAL}
    assert by_ratio.by_code == {row["code"]: int(row["amount"]) for row in derived()}
    assert dict(rest.by_code) == by_population("2022-01-01", BY_POPULATION)
    assert dict(found.allocation.by_code) == LISTED


def test_the_parts_by_rule_read_nothing_published_and_nothing_derived(tmp_path: Path) -> None:
    """Without the part that is carried forward, and its total; and nothing is compared."""
    text = (CONFIGS / "2023" / "jpki.toml").read_text(encoding="utf-8")
    head, equal, by_ratio, rest = text.split("[[part]]\n")
    assert "[part.carried_forward]" in by_ratio
    assert "2_406_000_000" in head
    names_no_list = [
        line for line in head.splitlines() if not line.startswith(("published", "inferred_from"))
    ]
    by_rule = "\n".join(names_no_list).replace("2_406_000_000", f"{TOTAL - BY_RATIO}")
    (tmp_path / "jpki.toml").write_text(f"{by_rule}\n[[part]]\n{equal}[[part]]\n{rest}", "utf-8")
    (tmp_path / "plan.toml").write_text('fiscal_year = 2023\nprogrammes = ["jpki"]\n', "utf-8")
    outcome = compute_plan(tmp_path)
    (found,) = outcome.programmes
    assert found.allocation is not None
    without = {row["code"]: LISTED[row["code"]] - int(row["amount"]) for row in derived()}
    assert dict(found.allocation.by_code) == without
    read = {file.relative_to(DATA).parts[0] for file in outcome.files if file.is_relative_to(DATA)}
    assert "population" in read
    assert read.isdisjoint(("derived", "published"))
