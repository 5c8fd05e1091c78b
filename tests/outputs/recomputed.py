"""What the engine gives for the inputs that stand in a workbook."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from fractions import Fraction
from typing import Any, Final

import numpy as np

from allocator.engine.breakdown import break_down
from allocator.engine.inputs import Inputs
from allocator.engine.result import Allocation
from allocator.plans.programme import Programme
from allocator.results.outcome import Outcome, ProgrammeOutcome
from allocator.words.rule import measure_words
from tests.engine.asking import compute
from tests.outputs.spreadsheet import Book

_OF_A_RULE: Final = ("share", "rounding", "unit_amount")


def computed_again(each: ProgrammeOutcome, found: Book) -> Allocation:
    """Compute a programme with the inputs that a workbook has now."""
    programme, allocation = each.programme, each.allocation
    assert allocation is not None
    if each.parts:
        again = [_with_inputs(part, found) for part in each.parts]
        changes: dict[str, Any] = {
            "part": tuple(
                table.model_copy(
                    update={
                        **{key: getattr(part, key) for key in _OF_A_RULE},
                        "total": "rest" if table.is_rest else part.total,
                    }
                )
                for table, (part, _) in zip(programme.part, again, strict=True)
            )
        }
        if any(table.is_rest for table in programme.part):
            (changes["total"],) = found.named(f"{programme.id}_total")
        inputs = Inputs(allocation.payers, parts=tuple(own for _, own in again))
        return compute(programme.model_copy(update=changes), inputs)
    return compute(*_with_inputs(each, found))


def _with_inputs(each: ProgrammeOutcome, found: Book) -> tuple[Programme, Inputs]:
    """Return a rule and what it is applied to, as a workbook has them now."""
    programme, allocation = each.programme, each.allocation
    assert allocation is not None
    changes: dict[str, Any] = {}

    def given(name: str) -> list[Any]:
        return found.named(f"{programme.id}_{name}")

    if programme.unit_amount is not None:
        bands = {}
        for group in ("prefectures", "municipalities"):
            old = getattr(programme.unit_amount, group)
            if old is not None:
                amounts = zip(old, given(f"unit_amounts_{group}"), strict=True)
                bands[group] = tuple(
                    band.model_copy(update={"amount": amount}) for band, amount in amounts
                )
        changes["unit_amount"] = programme.unit_amount.model_copy(update=bands)
    else:
        (changes["total"],) = given("total")
        assert programme.rounding is not None
        (unit,) = given("unit")
        changes["rounding"] = programme.rounding.model_copy(update={"unit": unit})
        changes["share"] = tuple(
            part.model_copy(update={"weight": Fraction(*given(f"weight_{number}"))})
            for number, part in enumerate(programme.share, start=1)
        )
    if programme.carried_forward is not None:
        inputs = Inputs(allocation.payers, listed=np.array(given("measure_1")))
    else:
        numbers = range(1, len(each.measures) + 1)
        measures = tuple(np.array(given(f"measure_{number}")) for number in numbers)
        inputs = Inputs(allocation.payers, measures)
    return programme.model_copy(update=changes), inputs


def check(outcome: Outcome, found: Book, but: Collection[str] = ()) -> Iterator[str]:
    """Compare the amounts of a recalculated workbook with the engine's; yield who was compared.

    `but` are programmes whose amounts are values and stay behind the inputs.
    """
    _, _, titles, *everyone, _ = found.rows("市区町村別", 1)
    columns = list(zip(*everyone, strict=True))
    for each in outcome.programmes:
        programme = each.programme
        if programme.id in but:
            continue
        expected = computed_again(each, found)
        assert found.named(f"{programme.id}_amounts") == list(expected.amounts), programme.id
        given = expected.total if expected.given is None else expected.given
        assert found.named(f"{programme.id}_total") == [given]
        if expected.total != given:
            assert found.named(f"{programme.id}_charged") == [expected.total]
        for number, part in enumerate(expected.parts, start=1):
            assert [
                amount
                for amount in found.named(f"{programme.id}_part_{number}_amounts")
                if amount is not None
            ] == list(part.amounts), (programme.id, number)
        column = titles.index(programme.title)
        shown: dict[Any, Any] = dict(zip(columns[0], columns[column], strict=True))
        assert {code: shown[code] for code in expected.by_code} == expected.by_code
        if each.notional is not None:
            rule = programme.breakdown
            assert rule is not None
            heading = measure_words(rule.by, rule.as_of).ja
            by: dict[Any, Any] = dict(zip(columns[0], columns[titles.index(heading)], strict=True))
            members = each.notional.municipalities["code"].to_list()
            measure = np.array([by[code] for code in members])
            members_of = each.notional.municipalities
            split = break_down(expected, members_of, measure, each.notional.unit)
            shown = dict(zip(columns[0], columns[column + 1], strict=True))
            assert [shown[code] for code in members] == list(split.amounts), programme.id
        yield programme.id


def verdicts(found: Book) -> list[tuple[str, str]]:
    """Return the checks that say 否: programme and what was checked."""
    return [(str(row[1]), str(row[2])) for row in found.rows("検算", 4) if row[6] == "否"]
