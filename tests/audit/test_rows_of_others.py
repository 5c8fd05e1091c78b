"""Rows of a list that are no payer's: wards, subtotals, and organisations of the past."""

from __future__ import annotations

from pathlib import Path

import pytest

from allocator.auditing.findings import Audit, Finding
from tests.audit.test_lists_by_hand import SERVER, audit

NAMES = {"variant", "misreading"}
"""The reasons of the warnings that the bundled list has anyway."""

MERGED = next(line for line in SERVER if line.startswith("023078"))
AMOUNT = int(MERGED.rpartition(",")[2])
AT = SERVER.index(MERGED)


def findings(each: Audit) -> list[Finding]:
    return [finding for finding in each.findings if finding.reason not in NAMES]


def kinds(each: Audit) -> list[tuple[str, str, str | None]]:
    return [(finding.kind, finding.reason, finding.code) for finding in findings(each)]


# -- wards, subtotals, the Northern Territories ----------------------------------------------------


@pytest.mark.parametrize(
    ("row", "en", "ja"),
    [
        ("011011,北海道,札幌市中央区", "a ward of 札幌市", "指定都市 札幌市 の区"),
        ("011011,,中央区", "a ward of 札幌市", "指定都市 札幌市 の区"),
        ("141313,神奈川県,川崎区", "a ward of 川崎市", "指定都市 川崎市 の区"),
        ("023001,青森県,東津軽郡", "a subtotal", "小計"),
        ("023001,,青森県東津軽郡", "a subtotal", "小計"),
        ("133604,東京都,大島支庁", "a subtotal", "小計"),
        ("016951,北海道,色丹郡色丹村", "a village of the Northern Territories", "北方領土の村"),
        ("016969,北海道,泊村", "a village of the Northern Territories", "北方領土の村"),
    ],
)
def test_a_row_of_others_is_said_to_be_what_it_is(
    tmp_path: Path, row: str, en: str, ja: str
) -> None:
    each = audit(tmp_path, [*SERVER, f"{row},5"])
    (finding,) = findings(each)
    assert (finding.kind, finding.reason, finding.code) == ("unexpected", "unknown", row[:6])
    assert en in finding.message.en
    assert ja in finding.message.ja
    assert each.matched == 1788


def test_a_subtotal_is_never_a_missing_payer_of_a_like_name(tmp_path: Path) -> None:
    """三戸郡 is one character off 三戸町, which is missing."""
    lines = [line for line in SERVER if not line.startswith("024414,")]
    assert len(lines) == len(SERVER) - 1
    each = audit(tmp_path, [*lines, "024406,青森県,三戸郡,5"])
    assert kinds(each) == [("unexpected", "unknown", "024406"), ("missing", "no_row", "024414")]


@pytest.mark.parametrize("row", ["151041,東京都,新宿区", "151041,,新宿区"])
def test_a_special_ward_with_the_code_of_another_citys_ward(tmp_path: Path, row: str) -> None:
    """Prefecture and name say that it is a payer's row, whose code is misprinted."""
    lines = [line.replace("131041,東京都,新宿区", row) for line in SERVER]
    assert kinds(audit(tmp_path, lines)) == [("unexpected", "misprint", "151041")]


def test_a_subtotal_without_a_code(tmp_path: Path) -> None:
    (finding,) = findings(audit(tmp_path, [*SERVER, ",青森県,東津軽郡,5"]))
    assert (finding.kind, finding.reason) == ("bad_code", "empty")
    assert "a subtotal" in finding.message.en


def test_a_valid_code_of_nobody_at_all(tmp_path: Path) -> None:
    (finding,) = findings(audit(tmp_path, [*SERVER, "980005,青森県,どこか,5"]))
    assert (finding.kind, finding.reason) == ("unexpected", "unknown")
    assert finding.message.en == "980005: no payer has it"


# -- codes of the past -----------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["黒川郡富谷町", "富谷町", "宮城県黒川郡富谷町", "富谷市"])
def test_a_code_given_up_is_one_finding(tmp_path: Path, name: str) -> None:
    lines = [line.replace("042161,宮城県,富谷市", f"044237,宮城県,{name}") for line in SERVER]
    each = audit(tmp_path, lines)
    (finding,) = findings(each)
    assert (finding.kind, finding.reason, finding.code) == ("unexpected", "former_code", "044237")
    for said in ("044237", "黒川郡富谷町", "2016-10-10", "042161", "富谷市"):
        assert said in finding.message.en
        assert said in finding.message.ja
    assert each.matched == 1787


def test_a_code_given_up_beside_a_name_of_neither(tmp_path: Path) -> None:
    lines = [line.replace("042161,宮城県,富谷市", "044237,宮城県,札幌市") for line in SERVER]
    assert [one[:2] for one in kinds(audit(tmp_path, lines))] == [
        ("unexpected", "former_code"),
        ("name", "other"),
    ]


def test_a_slip_that_hits_a_code_given_up_is_a_misprint(tmp_path: Path) -> None:
    """155021 was 小国町's, which went into 長岡市: but one digit off 152021, beside that name."""
    lines = [line.replace("152021,", "155021,") for line in SERVER]
    assert lines != SERVER
    each = audit(tmp_path, lines)
    assert kinds(each) == [("unexpected", "misprint", "155021")]
    assert "152021" in findings(each)[0].message.en


@pytest.mark.parametrize("name", ["富谷町", "富谷市"])
def test_a_code_given_up_beside_its_successor(tmp_path: Path, name: str) -> None:
    each = audit(tmp_path, [*SERVER, f"044237,宮城県,{name},7"])
    (finding,) = findings(each)
    assert (finding.kind, finding.reason) == ("unexpected", "former_code")
    assert "042161 宮城県富谷市, which has a row of its own" in finding.message.en
    assert each.matched == 1788


def parts(*amounts: int) -> list[str]:
    """Return rows of the three that merged into 外ヶ浜町 (023078) on 2005-03-28."""
    olds = ("023027,青森県,蟹田町", "023051,青森県,東津軽郡平舘村", "023060,青森県,三厩村")
    return [f"{old},{amount}" for old, amount in zip(olds, amounts, strict=False)]


def test_the_rows_of_a_merger_stand_for_their_payer(tmp_path: Path) -> None:
    olds = parts(1000, 2000, AMOUNT - 3000)
    each = audit(tmp_path, [*SERVER[:AT], *olds, *SERVER[AT + 1 :]])
    assert kinds(each) == [("unexpected", "former_code", old[:6]) for old in olds]
    for finding in findings(each):
        assert "(新設合併); it is part of 023078 青森県東津軽郡外ヶ浜町" in finding.message.en
    assert each.matched == 1787


def test_the_rows_of_a_merger_that_make_another_amount(tmp_path: Path) -> None:
    each = audit(tmp_path, [*SERVER[:AT], *parts(1000, 2000), *SERVER[AT + 1 :]])
    assert sorted(one[:2] for one in kinds(each)) == [
        ("amount", "other"),
        ("unexpected", "former_code"),
        ("unexpected", "former_code"),
    ]
    (finding,) = [one for one in findings(each) if one.kind == "amount"]
    assert (finding.published, finding.expected) == (3000, AMOUNT)
    assert "the sum of 2 rows under former codes" in finding.message.en


def test_rows_of_a_merger_beside_the_whole_are_too_many(tmp_path: Path) -> None:
    olds = parts(1000, 2000)
    each = audit(tmp_path, [*SERVER, *olds])
    assert kinds(each) == [("unexpected", "former_code", old[:6]) for old in olds]
    assert each.matched == 1788


def test_rows_of_a_merger_that_are_lacking_in_the_whole(tmp_path: Path) -> None:
    """The payer has but its own part, and the rest under codes of the past."""
    rest = MERGED.replace(f",{AMOUNT}", f",{AMOUNT - 3000}")
    olds = parts(1000, 2000)
    each = audit(tmp_path, [*SERVER[:AT], *olds, rest, *SERVER[AT + 1 :]])
    assert kinds(each) == [("unexpected", "former_code", old[:6]) for old in olds]
    assert each.matched == 1788


def test_sums_of_a_list_whose_amounts_cannot_be_checked(tmp_path: Path) -> None:
    """Parts of a payer count into the sum, where the payer has no row of its own."""
    olds = parts(1000, 2000, AMOUNT - 3000)
    lines = [*SERVER[:AT], *olds, *SERVER[AT + 1 :]]
    total = sum(int(line.rpartition(",")[2]) for line in SERVER[1:])
    each = audit(tmp_path, [*lines, f"合計,,,{total}"])
    assert {one[1] for one in kinds(each)} == {"former_code"}
