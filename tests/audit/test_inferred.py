"""Where the rule was inferred from the very list that is audited, agreement is no evidence."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from allocator.auditing.findings import Audit
from allocator.auditing.verdict import verdict
from allocator.sources.bundled import CONFIGS, DATA, newest_plan
from allocator.tasks.audit_plan import audit_file
from allocator.tasks.compute import compute_plan

LISTS = DATA / "published/2023"


def audit(file: Path, plan: Path, programme: str) -> Audit:
    (found,) = audit_file(file, plan, programme)
    return found


@pytest.mark.parametrize("programme", ["residents", "intermediate_server"])
def test_the_list_itself_is_said_to_be_no_evidence(programme: str) -> None:
    found = audit(LISTS / f"{programme}.csv", newest_plan(), programme)
    assert found.inferred_from == f"data/published/2023/{programme}.csv"
    assert "独立の証拠になりません" in verdict(found).ja
    assert "no independent evidence" in verdict(found).en
    (amounts,) = [check for check in found.checked if check.what == "amounts"]
    assert amounts.note is not None
    assert "独立の証拠になりません" in amounts.note.ja


def test_a_copy_with_faults_is_known_by_its_amounts(tmp_path: Path) -> None:
    copy = tmp_path / "copy.csv"
    text = (LISTS / "residents.csv").read_text(encoding="utf-8").replace("47267000", "1")
    copy.write_text(text, encoding="utf-8")
    assert audit(copy, newest_plan(), "residents").inferred_from is not None


def test_another_list_is_evidence(tmp_path: Path) -> None:
    """The next year's list, by the same rule with another total, is nobody's source."""
    plan = tmp_path / "2024"
    shutil.copytree(CONFIGS / "2023", plan)
    residents = plan / "residents.toml"
    text = residents.read_text(encoding="utf-8").replace("1_514_000_000", "1_600_000_000")
    residents.write_text(text, encoding="utf-8")
    lines = ["code,amount"]
    allocation = compute_plan(plan).programmes[0].allocation
    assert allocation is not None
    lines += [f"{code},{amount}" for code, amount in allocation.by_code.items()]
    listed = tmp_path / "list.csv"
    listed.write_text("\n".join(lines), encoding="utf-8")
    found = audit(listed, plan, "residents")
    assert (found.inferred_from, found.agreeing) == (None, 47)
    assert verdict(found).ja == "47団体すべて一致"


def test_a_rule_that_stands_by_itself_says_nothing(tmp_path: Path) -> None:
    plan = tmp_path / "2023"
    shutil.copytree(CONFIGS / "2023", plan)
    residents = plan / "residents.toml"
    text = residents.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines() if not line.startswith("inferred_from")]
    residents.write_text("\n".join(kept), encoding="utf-8")
    assert audit(LISTS / "residents.csv", plan, "residents").inferred_from is None


def test_where_the_list_is_not_there_nothing_speaks_for_another_one(tmp_path: Path) -> None:
    plan = tmp_path / "2023"
    shutil.copytree(CONFIGS / "2023", plan)
    residents = plan / "residents.toml"
    text = residents.read_text(encoding="utf-8")
    gone = text.replace(
        'inferred_from = "published/2023/residents.csv"', 'inferred_from = "gone.csv"'
    )
    assert gone != text
    residents.write_text(gone, encoding="utf-8")
    assert audit(LISTS / "residents.csv", plan, "residents").inferred_from == "gone.csv"
