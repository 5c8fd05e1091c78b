"""Lists of a programme of parts: what its own list may be held against, and other lists."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from allocator.auditing.document import as_document
from allocator.auditing.findings import Audit
from allocator.auditing.verdict import verdict
from allocator.domain.text import Language
from allocator.files.source import Sources
from allocator.outputs.audit_paper.content import paper
from allocator.outputs.audit_paper.particulars import Particulars, particulars
from allocator.sources.bundled import CONFIGS, DATA, newest_plan
from allocator.tasks.audit_plan import audit_file
from allocator.tasks.compute import compute_plan
from tests.sums import AMOUNTS, write_mixed

JPKI = DATA / "published/2023/jpki.csv"
SHARES = "82.5 % by rule, 17.5 % carried forward"
SHARES_JA = "規則 82.5%、引継ぎ 17.5%"


def audit(file: Path, plan: Path, programme: str = "jpki") -> Audit:
    (found,) = audit_file(file, plan, programme)
    return found


def plan_of(folder: Path, **changes: str) -> Path:
    """Write the bundled plan into a folder, each (old=new) of jpki.toml changed."""
    plan = folder / "plan"
    shutil.copytree(CONFIGS / "2023", plan)
    file = plan / "jpki.toml"
    text = file.read_text(encoding="utf-8")
    for old, new in changes.items():
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    file.write_text(text, encoding="utf-8")
    return plan


def listed(folder: Path, amounts: Mapping[str, int]) -> Path:
    file = folder / "list.csv"
    rows = [f"{code},{amount}" for code, amount in amounts.items()]
    file.write_text("\n".join(["code,amount", *rows]), encoding="utf-8")
    return file


def amounts_of(plan: Path, programme: str = "jpki") -> Mapping[str, int]:
    found = {each.programme.id: each for each in compute_plan(plan).programmes}[programme]
    assert found.allocation is not None
    return found.allocation.by_code


def said(found: Audit, language: Language = "en") -> str:
    """Return the whole working paper as one text."""
    return json.dumps(repr(paper([found], Particulars(), language)), ensure_ascii=False)


# -- the list that a part was derived from ---------------------------------------------------------


def test_the_list_itself_is_not_checkable_though_every_amount_is_the_sum_of_the_parts() -> None:
    found = audit(JPKI, newest_plan())
    assert (found.basis, found.matched, found.agreeing) == ("parts", None, None)
    assert found.findings == ()
    assert [check.what for check in found.checked] == [
        "codes",
        "payers",
        "duplicates",
        "sum",
        "names",
        "order",
    ]
    why = next(check for check in found.not_checked if check.what == "amounts")
    assert "割合表による額" in why.in_("en")
    assert "data/published/2023/jpki.csv" in why.in_("en")
    assert "照合できません" in why.in_("ja")
    assert found.expected_total == found.listed_total == 2_406_000_000
    assert verdict(found).en.startswith("Amounts are not checkable; 47 of 47 payers are listed")
    assert "agree" not in verdict(found).en
    assert "一致" not in verdict(found).ja


def test_its_basis_and_shares_in_json() -> None:
    (document,) = as_document([audit(JPKI, newest_plan())], "en")["audits"]
    assert document["basis"] == "parts"
    assert document["shares"]["rule"] == pytest.approx(1_986 / 2_406, abs=1e-9)
    assert document["shares"]["carried_forward"] == pytest.approx(420 / 2_406, abs=1e-9)
    assert (document["matched"], document["agreeing"]) == (None, None)
    assert document["inferred_from"] == "data/published/2023/jpki.csv"


def test_its_working_paper_says_what_stands_on_what_and_that_it_is_no_evidence() -> None:
    english, japanese = (said(audit(JPKI, newest_plan()), each) for each in ("en", "ja"))
    assert f"parts: {SHARES}, inferred from this very list" in english
    assert f"部分の合算({SHARES_JA})" in japanese
    assert f"The expected amounts are a sum of parts: {SHARES}." in english
    assert "parts that were inferred from this very list" in english
    assert "no independent evidence" in english
    assert "独立した証拠とはならない" in japanese
    assert "Amounts were not checkable" in english
    assert "金額は照合できない" in japanese


def test_its_working_paper_names_the_files_of_all_parts() -> None:
    of = particulars(JPKI, None, newest_plan(), {"jpki"}, Sources())
    names = [each.name for each in of.sources]
    for name in (
        "data/derived/2023/jpki_by_ratio.csv",
        "data/published/2023/jpki.csv",
        "data/population/resident_register_2022-01-01.csv",
        "configs/2023/jpki.toml",
    ):
        assert name in names


@pytest.mark.parametrize(
    "changes",
    [
        {'derived_from = "published/2023/jpki.csv"\n': ""},  # the plan's own list stands for it
        {  # neither is named: what the parts come to
            'derived_from = "published/2023/jpki.csv"\n': "",
            'published = "published/2023/jpki.csv"\n': "",
        },
        {'derived_from = "published/2023/jpki.csv"': 'derived_from = "gone.csv"'},
    ],
)
def test_it_is_known_wherever_the_plan_leaves_it_open(
    changes: dict[str, str], tmp_path: Path
) -> None:
    found = audit(JPKI, plan_of(tmp_path, **changes))
    assert found.agreeing is None
    assert "not checkable" in verdict(found).en


def test_a_copy_with_faults_is_known_by_its_amounts(tmp_path: Path) -> None:
    copy = tmp_path / "copy.csv"
    lines = JPKI.read_text(encoding="utf-8").splitlines()
    lines[1] = lines[1].replace("79254246", "79254247")
    copy.write_text("\n".join([*lines[:3], *lines[4:]]), encoding="utf-8")
    found = audit(copy, newest_plan())
    assert found.agreeing is None
    assert sorted((each.kind, each.reason) for each in found.findings) == [
        ("missing", "no_row"),
        ("total", "sum"),
    ]
    why = next(check.in_("en") for check in found.not_checked if check.what == "amounts")
    assert "010006" in why


def test_a_derived_list_that_is_not_there(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, **{'list = "derived/2023/jpki_by_ratio.csv"': 'list = "gone.csv"'})
    found = audit(JPKI, plan)
    assert found.agreeing is None
    why = next(check.in_("en") for check in found.not_checked if check.what == "amounts")
    assert "gone.csv" in why
    assert found.shares is None


# -- other lists -----------------------------------------------------------------------------------


@pytest.fixture
def next_year(tmp_path: Path) -> Path:
    """Give the plan of a year whose total rose by 100,000,000 yen: the part by population takes it.

    Two amounts in three of its list are none of FY2023's.
    """
    return plan_of(tmp_path, **{"total = 2_406_000_000": "total = 2_506_000_000"})


def test_a_list_of_another_year_is_compared_and_never_called_verified(
    next_year: Path, tmp_path: Path
) -> None:
    found = audit(listed(tmp_path, amounts_of(next_year)), next_year)
    assert (found.agreeing, found.findings) == (47, ())
    assert found.inferred_from is None
    assert found.against.en == "the sums of parts"
    amounts = next(check for check in found.checked if check.what == "amounts")
    shares = found.shares
    assert shares is not None
    assert shares.en == "83.2 % by rule, 16.8 % carried forward"
    assert shares.en in amounts.in_("en")
    assert verdict(found).en == (
        f"All 47 payers agree. Compared with sums with parts that stand on no rule ({shares.en}): "
        "no rule verifies them"
    )
    assert verdict(found).ja.endswith(
        f"規則によらない部分を含む額({shares.ja})との照合で、規則による検証ではありません"
    )
    english, japanese = said(found), said(found, "ja")
    assert f"The expected amounts are a sum of parts: {shares.en}." in english
    assert "The expected amounts do not wholly come from a rule" in english
    assert "47 (no rule verifies it)" in english
    assert "全部が規則によるものではない" in japanese


def test_a_wrong_amount_is_found_against_the_sum_of_the_parts(
    next_year: Path, tmp_path: Path
) -> None:
    amounts = dict(amounts_of(next_year))
    amounts["130001"] += 1000
    (finding,) = audit(listed(tmp_path, amounts), next_year).findings
    assert (finding.kind, finding.code, finding.difference) == ("amount", "130001", 1000)
    assert "sum of parts (not verified)" in finding.message.en
    assert "未検証" in finding.message.ja


def test_amounts_of_another_date_are_found_in_the_parts_that_have_one(
    next_year: Path, tmp_path: Path
) -> None:
    other = shutil.copytree(next_year, tmp_path / "other")
    text = (other / "jpki.toml").read_text(encoding="utf-8")
    before = 'by = "population"\nas_of = 2022-01-01\n\n[part'
    assert text.count(before) == 1
    (other / "jpki.toml").write_text(
        text.replace(before, before.replace("2022", "2023")), encoding="utf-8"
    )
    amounts = dict(amounts_of(next_year))
    for code in ("130001", "270008"):
        amounts[code] = amounts_of(other)[code]
    found = audit(listed(tmp_path, amounts), next_year)
    leaves = [leaf for each in found.findings for leaf in each.leaves if leaf.kind == "amount"]
    assert [(leaf.code, leaf.reason) for leaf in leaves] == [
        ("130001", "other_date"),
        ("270008", "other_date"),
    ]


def mixed(folder: Path, *changes: tuple[str, str]) -> Audit:
    plan = write_mixed(folder / "plan", *changes)
    amounts = {code: sum(part or 0 for part in parts) for code, parts in AMOUNTS.items()}
    return audit(listed(folder, amounts), plan, "mixed")


def test_parts_by_rule_and_estimates(tmp_path: Path) -> None:
    found = mixed(tmp_path)
    assert (found.agreeing, found.findings) == (7, ())
    assert set(found.bases) == {"rule", "estimated"}
    assert "parts that stand on no rule" in verdict(found).en


def test_parts_that_are_all_by_rule_are_a_rule(tmp_path: Path) -> None:
    found = mixed(tmp_path, ('basis = "estimated"', 'basis = "rule"'))
    assert found.basis == "parts"
    assert list(found.bases.items()) == [("rule", Fraction(1))]
    assert verdict(found).en == "All 7 payers agree"
    assert found.against.en == "what the rule gives"
    assert found.shares is None
    assert "not verified" not in said(found)


def test_who_pays_nothing_in_any_part_may_be_left_out(tmp_path: Path) -> None:
    """A part by codes alone, all else being for others: 0 yen need no row."""
    plan = tmp_path / "plan"
    plan.mkdir()
    (plan / "plan.toml").write_text('fiscal_year = 2023\nprogrammes = ["host"]\n', encoding="utf-8")
    part: dict[str, Any] = {"name": "host", "codes": '["130001", "270008"]'}
    (plan / "host.toml").write_text(
        'id = "host"\npayers = "prefectures"\n[[part]]\n'
        f'name = "{part["name"]}"\nbasis = "rule"\ntotal = 100\ncodes = {part["codes"]}\n'
        '[[part.share]]\nweight = "1"\nby = "equal"\n'
        '[part.rounding]\nunit = 1\nmethod = "largest_remainder"\n',
        encoding="utf-8",
    )
    found = audit(listed(tmp_path, {"130001": 50, "270008": 50}), plan, "host")
    assert found.findings == ()
