"""Every plan that `check` accepts, `run` computes, and every output shows its amounts."""

from __future__ import annotations

import csv
import io
import shutil
from collections import Counter
from pathlib import Path
from random import Random
from xml.etree import ElementTree as ET

import pytest
from hypothesis import event, given, note
from hypothesis import strategies as st

from tests.cli.calls import Ended, call_inside
from tests.fuzzing import examples
from tests.outputs.spreadsheet import opened
from tests.plans.sound_plans import DrawnPlan, sound_plans


@pytest.mark.fuzz
def test_what_check_accepts_is_computed_and_shown(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    accepted: Counter[bool] = Counter()

    @examples(300)
    @given(plan=sound_plans(), draw=st.randoms(use_true_random=False))
    def holds(plan: DrawnPlan, draw: Random) -> None:
        here = tmp_path_factory.mktemp("plan")
        accepted[_holds(plan, here, draw)] += 1
        shutil.rmtree(here)

    holds()
    assert accepted[True] > 2 * accepted[False], "where most are refused, this says little"


def _holds(plan: DrawnPlan, here: Path, draw: Random) -> bool:
    """Assert that `check` and `run` agree and all outputs are right; tell whether it is sound."""
    folder, out = plan.written(here / "plan"), here / "out"
    checked = call_inside("check", folder)
    ran = call_inside("run", folder, "--out", out, "--json")

    event(f"check ended with {checked.status}")
    assert checked.status in (0, 2), checked.err
    assert ran.status == checked.status, (checked, ran)
    if ran.status == 2:
        assert not out.exists()
        note(checked.err)
        return False
    amounts = _amounts(out / "allocation.csv")
    for each in ran.object["programmes"]:
        assert sum(amounts[each["id"]].values()) == each["total"]
        assert len(amounts[each["id"]]) == each["payers"]
    _assert_shown(out, amounts)
    code = draw.choice(plan.codes)
    shown = call_inside("show", code, folder, "--json")
    assert _shown_amounts(shown) == {
        name: own[code] for name, own in amounts.items() if code in own
    }
    assert call_inside("check", out).status == 0
    for name in ("allocation.csv", "allocation.xlsx"):
        audited = call_inside("audit", out / name, "--plan", folder)
        assert audited.status == 0, audited
    return True


def _amounts(file: Path) -> dict[str, dict[str, int]]:
    """Return the amounts (yen) of allocation.csv by programme and code."""
    found: dict[str, dict[str, int]] = {}
    for row in csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))):
        own = found.setdefault(row["programme"], {})
        assert row["code"] not in own
        own[row["code"]] = int(row["amount"])
    return found


def _shown_amounts(shown: Ended) -> dict[str, int]:
    assert shown.status == 0, shown.err
    return {each["id"]: each["amount"] for each in shown.object["programmes"] if each["pays"]}


def _assert_shown(folder: Path, amounts: dict[str, dict[str, int]]) -> None:
    """Assert that all parts of the workbook are well-formed, and that the report has the sums."""
    book = opened((folder / "allocation.xlsx").read_bytes())
    for name, content in book.parts.items():
        if name.endswith((".xml", ".rels")):
            ET.fromstring(content)
    report = (folder / "report.html").read_text(encoding="utf-8")
    for own in amounts.values():
        assert f"{sum(own.values()):,}" in report
