"""Sums of parts: against the reference, and worked by hand."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given

from allocator.domain.errors import InputError
from allocator.engine.bound import bind
from allocator.engine.errors import StrangersError, TooFewUnitsError, WrongTotalError
from allocator.engine.exact import Path
from allocator.engine.notes import DifferenceNote, UnsplitNote
from allocator.engine.rule import Adjustment, Sum
from allocator.words.refusals import refused
from tests.engine.cases import code
from tests.engine.reference import RefusedError, Rounding
from tests.engine.reference_programmes import Adjustments
from tests.engine.sums import PartCase, SumCase, solution, sums

ONE = Fraction(1)


@pytest.mark.fuzz
@given(case=sums())
def test_against_the_reference(case: SumCase) -> None:
    compare(case)


@pytest.mark.fuzz
@given(case=sums(large=True))
def test_large_figures_against_the_reference(case: SumCase) -> None:
    compare(case)


def compare(case: SumCase) -> None:
    paths: tuple[Path, ...] = ("auto", "python")
    try:
        amounts, outcomes = case.expected()
    except RefusedError:
        for path in paths:
            with pytest.raises(InputError) as caught:
                case.computed(path)
            assert all(each.where.startswith("toy: ") for each in caught.value.problems)
        return
    for path in paths:
        result = case.computed(path)
        assert result.amounts == amounts
        assert (result.given, result.total) == (case.total, sum(amounts))
        assert [part.amounts for part in result.parts] == [each.amounts for each in outcomes]
        assert [part.total for part in result.parts] == [each.charged for each in outcomes]
        columns = result.steps.columns
        assert list(columns) == [f"part_{n + 1}" for n in range(len(outcomes))] + ["amount"]
        assert columns["amount"].tolist() == list(amounts)
        for n, (part, outcome) in enumerate(zip(case.parts, outcomes, strict=True), start=1):
            beside = dict(zip(part.members, outcome.amounts, strict=True))
            everyone = [beside.get(place, 0) for place in range(case.count)]
            assert columns[f"part_{n}"].tolist() == everyone


def test_how_often_a_sum_has_an_allocation() -> None:
    found: list[bool] = []

    @given(case=sums())
    def look(case: SumCase) -> None:
        found.append(solution(case) is not None)

    look()
    assert sum(found) >= len(found) / 4


def part(
    total: int | None, weights: tuple[int, ...] | None, rounding: Rounding, count: int = 3
) -> PartCase:
    """Return a split over the first `count` payers (weights of None: equal parts)."""
    return PartCase("split", tuple(range(count)), ((ONE, weights),), total, rounding)


FLOOR = part(100, None, Rounding(10, "floor"))
"""Three times 33 1/3, each cut to 30."""

REST = part(None, (1, 2, 3), Rounding(1, "half_up_then_largest"))


def test_what_the_others_leave_goes_to_the_rest_what_was_cut_among_it() -> None:
    """By hand: 30 each of the 100; 145 - 90 = 55 remain: 9 1/6, 18 1/3, 27 1/2 and no more."""
    result = SumCase(3, 145, (FLOOR, REST)).computed()
    floor, rest = result.parts
    assert (floor.given, floor.total, floor.amounts) == (100, 90, (30, 30, 30))
    assert (rest.given, rest.total, rest.amounts) == (55, 55, (9, 18, 28))
    assert result.amounts == (39, 48, 58)
    assert floor.notes == (UnsplitNote(100, 90),)
    assert rest.notes == ()
    assert result.notes == ()


def test_the_order_of_the_parts_does_not_matter() -> None:
    there, back = SumCase(3, 145, (FLOOR, REST)), SumCase(3, 145, (REST, FLOOR))
    assert there.computed().amounts == back.computed().amounts
    assert back.computed().steps.columns["part_1"].tolist() == [9, 18, 28]


def test_a_difference_within_a_part_is_told_there() -> None:
    """54: 9, 18, 27; 53: 8 5/6, 17 2/3, 26 1/2: 9 + 18 + 27 is one too many."""
    rest = SumCase(3, 143, (FLOOR, REST)).computed().parts[1]
    assert rest.amounts == (9, 18, 26)
    assert rest.notes == (DifferenceNote(code(2), -1),)


def test_a_part_of_some_payers_alone() -> None:
    host = PartCase("split", (1,), ((ONE, None),), 90, Rounding(1, "largest_remainder"))
    others = replace(REST, members=(0, 2), shares=((ONE, (1, 4)),))
    result = SumCase(3, 100, (host, others)).computed()
    assert result.amounts == (2, 90, 8)
    assert result.steps.of(code(0)) == {"part_1": 0, "part_2": 2, "amount": 2}
    assert result.parts[0].by_code == {code(1): 90}
    assert result.standing == ("rule", "rule", "rule")


def test_adjustments_hold_within_their_part() -> None:
    exempt = replace(REST, adjustments=Adjustments(leaves=((2, None),)))
    result = SumCase(3, 120, (FLOOR, exempt)).computed()
    assert result.amounts == (40, 50, 30)
    assert result.parts[1].standing == ("rule", "rule", "exempt")


def test_the_total_follows_where_no_part_takes_the_rest() -> None:
    bands = PartCase("bands", (0, 1, 2), ((ONE, (1, 5, 9)),), None, None, bands=((0, 7), (5, 11)))
    result = SumCase(3, None, (FLOOR, bands)).computed()
    assert result.amounts == (37, 41, 41)
    assert (result.given, result.total) == (None, 119)
    assert result.parts[1].given is None


@pytest.mark.parametrize("total", [100, 93, 90])
def test_others_may_take_the_whole_total_and_leave_nothing(total: int) -> None:
    """What is cut is not counted as taken: 90 of the 100 leave ten, three, or nothing."""
    result = SumCase(3, total, (replace(FLOOR, total=90), REST)).computed()
    assert result.parts[1].total == total - 90


def test_others_that_take_more_than_the_total() -> None:
    up = part(100, None, Rounding(10, "ceiling"))
    with pytest.raises(InputError) as caught:
        SumCase(3, 110, (up, REST)).computed()
    (problem,) = caught.value.problems
    assert problem.where == "toy: part[2].total"
    assert all("120" in text and "110" in text for text in problem.what)


def test_what_a_part_refuses_is_said_of_that_part() -> None:
    adams = part(None, (1, 2, 3), Rounding(1, "adams"))
    with pytest.raises(InputError) as caught:
        SumCase(3, 92, (replace(FLOOR, total=90), adams)).computed()
    (problem,) = caught.value.problems
    assert problem.where == "toy: part[2].rounding.method"


def test_strangers_in_a_part_are_said_of_that_part() -> None:
    case = SumCase(3, 145, (FLOOR, REST))
    rule = case.programme.rule
    assert isinstance(rule, Sum)
    strange = replace(rule.parts[1], adjustments=(Adjustment(exempt=("999999",)),))
    with pytest.raises(StrangersError) as caught:
        bind(Sum((rule.parts[0], strange)), case.inputs)
    assert caught.value.found == (("part[2].adjustment[1].exempt", ("999999",)),)
    (problem,) = refused(caught.value, "toy").problems
    assert problem.where == "toy: part[2].adjustment[1].exempt"
    assert "999999" in problem.what.en


def test_a_sum_is_bound_once_and_solved_with_other_totals() -> None:
    case = SumCase(3, 145, (FLOOR, REST))
    bound = bind(case.programme.rule, case.inputs)
    for total in (145, 100, 10**6 + 1, 145):
        assert bound.solve(total=total).amounts == replace(case, total=total).computed().amounts


def test_errors_of_parts_are_typed_and_placed() -> None:
    adams = part(None, (1, 2, 3), Rounding(1, "adams"))
    case = SumCase(3, 145, (FLOOR, adams))
    bound = bind(case.programme.rule, case.inputs)
    with pytest.raises(TooFewUnitsError) as caught:
        bound.solve(total=92)
    assert (caught.value.key, caught.value.needed, caught.value.units) == (
        "part[2].rounding.method",
        3,
        2,
    )
    with pytest.raises(WrongTotalError, match="missing"):
        bound.solve()


def test_the_rule_of_a_sum_names_the_measures_of_all_parts() -> None:
    rule = SumCase(3, 145, (FLOOR, REST, replace(REST, total=5))).programme.rule
    assert isinstance(rule, Sum)
    assert rule.measures == ("population", "population")
