"""What the engine gives for the inputs that a workbook was changed to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allocator.audit.outcome import Outcome, ProgrammeOutcome
from allocator.engine.breakdown import break_down
from allocator.engine.compute import Inputs, compute
from allocator.engine.result import Allocation
from tests.outputs.spreadsheet import Book, Edit


def computed_again(each: ProgrammeOutcome, edit: Edit) -> Allocation:
    """Compute a programme anew with the inputs of `edit`."""
    programme, allocation = each.programme, each.allocation
    assert allocation is not None
    own = {name.removeprefix(f"{programme.id}_"): value for name, value in edit.items()}
    changes: dict[str, Any] = {}
    if "total" in own:
        changes["total"] = own["total"]
    if "unit" in own:
        assert programme.rounding is not None
        changes["rounding"] = programme.rounding.model_copy(update={"unit": own["unit"]})
    changes["share"] = tuple(
        part.model_copy(update={"weight": own.get(f"weight_{number}", part.weight)})
        for number, part in enumerate(programme.share, start=1)
    )
    if programme.unit_amount is not None:
        bands = {}
        for group in ("prefectures", "municipalities"):
            given: Any = own.get(f"unit_amounts_{group}", {})
            old = getattr(programme.unit_amount, group) or ()
            bands[group] = tuple(
                band.model_copy(update={"amount": given.get(place, band.amount)})
                for place, band in enumerate(old)
            )
        changes["unit_amount"] = programme.unit_amount.model_copy(update=bands)
    measures = [aligned.values.copy() for aligned in each.measures]
    listed = None
    if programme.carried_forward is not None:
        listed = allocation.steps.columns["measure_1"].copy()
        measures = [listed]
    for number, measure in enumerate(measures, start=1):
        values: Any = own.get(f"measure_{number}", {})
        for place, value in values.items():
            measure[place] = value
    inputs = Inputs(allocation.payers, () if listed is not None else tuple(measures), listed)
    return compute(programme.model_copy(update=changes), inputs)


def check(outcome: Outcome, edit: Edit, found: Book) -> Iterator[str]:
    """Compare every amount of a recalculated workbook with the engine's; yield who was compared."""
    _, _, titles, *everyone, _ = found.rows("市区町村別", 1)
    columns = list(zip(*everyone, strict=True))
    for each in outcome.programmes:
        programme = each.programme
        expected = computed_again(each, changes_of(programme.id, edit))
        assert found.named(f"{programme.id}_amounts") == list(expected.amounts), programme.id
        assert found.named(f"{programme.id}_total") == [expected.total]
        column = titles.index(programme.title)
        shown = dict(zip(columns[0], columns[column], strict=True))
        assert {code: shown[code] for code in expected.by_code} == expected.by_code
        if each.notional is not None:
            split = break_down(expected, each.notional.municipalities, each.notional.measure)
            shown = dict(zip(columns[0], columns[column + 1], strict=True))
            members = each.notional.municipalities["code"].to_list()
            assert [shown[code] for code in members] == list(split.amounts), programme.id
        yield programme.id


def changes_of(programme: str, edit: Edit) -> Edit:
    """Return what an edit changes of one programme (`lr` is no part of `lr_out`)."""
    kinds = ("total", "unit", "weight", "measure")
    return {
        name: value
        for name, value in edit.items()
        if name.startswith(f"{programme}_")
        and name.removeprefix(f"{programme}_").partition("_")[0] in kinds
    }


def verdicts(found: Book) -> list[tuple[str, str]]:
    """Return the checks that say 否: programme and what was checked."""
    return [(str(row[1]), str(row[2])) for row in found.rows("検算", 4) if row[6] == "否"]
