"""The verdict in one line, net and gross difference, and the way between the totals."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocator.auditing.compare import compare
from allocator.auditing.findings import REASON_NAMES, Audit, Finding
from allocator.auditing.verdict import bridge, gross_difference, net_difference, verdict
from allocator.domain.text import Text
from allocator.sources.bundled import DATA, newest_plan
from allocator.sources.tables.ledger import Ledger, Reason
from allocator.tasks.audit_lists import audit_two
from allocator.tasks.audit_plan import audit_file
from tests.audit.bundled import bundled
from tests.audit.mutations import FAULTS, Faulty
from tests.audit.test_any_list import lists
from tests.docs.pages import page

LISTS = DATA / "published/2023"
Rows = list[str]
AUDIT = page("docs/audit.md")
INFERRED = Text(
    "The rule was inferred from this very list, so that agreement is no independent evidence",
    "規則はこの一覧から推定したもので、一致は独立の証拠になりません",
)


@pytest.fixture
def audited(tmp_path: Path) -> Callable[..., Audit]:
    """Audit a bundled list after a change of its lines."""

    def audited(programme: str, change: Callable[[Rows], Rows]) -> Audit:
        lines = (LISTS / f"{programme}.csv").read_text(encoding="utf-8").splitlines()
        file = tmp_path / "list.csv"
        file.write_text("\n".join(change(lines)) + "\n", encoding="utf-8")
        (audit,) = audit_file(file, newest_plan(), programme)
        return audit

    return audited


def test_all_agree(audited: Callable[..., Audit]) -> None:
    audit = audited("residents", lambda lines: lines)
    assert verdict(audit) == Text(
        f"All 47 payers agree. {INFERRED.en}", f"47団体すべて一致。{INFERRED.ja}"
    )
    assert (net_difference(audit), gross_difference(audit), bridge(audit)) == (0, 0, ())


def test_every_kind_is_counted_and_the_payers_add_up(audited: Callable[..., Audit]) -> None:
    def change(lines: Rows) -> Rows:
        lines[8] = lines[8].rsplit(",", 1)[0] + ",1"
        lines.append(lines[1])  # 北海道 a second time
        return [line for line in lines if not line.startswith(("020001", "030007"))]

    audit = audited("intermediate_server", change)
    assert audit.payers == 1788
    assert verdict(audit).ja.startswith("1,788団体中1,785団体一致、金額相違1、欠落2。ほかに重複1。")
    assert verdict(audit).en.startswith(
        "1,785 of 1,788 payers agree, 1 amount differs, 2 missing. Also 1 duplicate. "
    )
    # 小樽市 … has 1 yen in place of its amount; two prefectures are missing; 北海道 is there twice.
    rows = (LISTS / "intermediate_server.csv").read_text(encoding="utf-8").splitlines()
    due = {line[:6]: int(line.rsplit(",", 1)[1]) for line in rows[1:]}
    wrong = 1 - due[rows[8][:6]]
    net = wrong - due["020001"] - due["030007"] + due[rows[1][:6]]
    assert net_difference(audit) == net == audit.listed_total - sum(due.values())
    assert gross_difference(audit) == -wrong + due["020001"] + due["030007"] + due[rows[1][:6]]


def test_differences_that_offset_each_other_are_seen_in_the_gross(
    audited: Callable[..., Audit],
) -> None:
    def change(lines: Rows) -> Rows:
        return [
            line.replace("47267000", "47267005").replace(",23579000", ",23578995") for line in lines
        ]

    audit = audited("residents", change)
    assert (net_difference(audit), gross_difference(audit)) == (0, 10)
    assert verdict(audit).ja == f"47団体中45団体一致、金額相違2。純差額0円。{INFERRED.ja}"
    assert bridge(audit) == ()


def test_a_bridge_leads_from_the_declared_total_over_every_fault(
    audited: Callable[..., Audit],
) -> None:
    def change(lines: Rows) -> Rows:
        changed = [line.replace("47267000", "47267001") for line in lines]
        return [*changed[:2], *changed[3:], "合計,合計,,1514000500"]

    audit = audited("residents", change)
    way = [(step.role, step.text.ja, step.yen) for step in bridge(audit)]
    assert way == [
        ("start", "合計欄の額", 1_514_000_500),
        ("change", "合計欄の相違", -500),
        ("subtotal", "あるべき合計(規則による額)", 1_514_000_000),
        ("change", "金額相違 010006 北海道", 1),
        ("change", "団体の欠落 020001 青森県", -23_579_000),
        ("end", "各行の合計", 1_514_000_000 + 1 - 23_579_000),
    ]
    assert "ほかに合計相違1" in verdict(audit).ja


def test_what_cannot_be_checked_is_never_said_to_agree(audited: Callable[..., Audit]) -> None:
    audit = audited("jpki", lambda lines: lines)
    assert verdict(audit).ja == "金額は照合できません(47団体中47団体を掲載)"
    assert "agree" not in verdict(audit).en
    assert net_difference(audit) is None
    assert gross_difference(audit) is None


def test_two_lists_have_the_same_verdict(tmp_path: Path) -> None:
    file = tmp_path / "other.csv"
    text = (LISTS / "residents.csv").read_text(encoding="utf-8")
    file.write_text(text.replace("47267000", "47267001"), encoding="utf-8")
    (audit,) = audit_two(file, LISTS / "residents.csv", newest_plan())
    assert verdict(audit).ja == "47団体中46団体一致、金額相違1。純差額+1円"
    assert [(step.role, step.yen) for step in bridge(audit)] == [
        ("start", 1_514_000_000),
        ("change", 1),
        ("end", 1_514_000_001),
    ]


# -- whatever is wrong with a list, the effects of the findings make up the whole difference -------


def audit_of(faulty: Faulty, programme: str) -> Audit:
    each = bundled(programme)
    published = faulty.published()
    found = compare(published, each.reference, each.knowledge)
    return _audit(published, found, each.reference.total)


def _audit(published, found, expected) -> Audit:  # type: ignore[no-untyped-def]
    return Audit(
        source="list.csv",
        against=Text("the rule", "規則"),
        programme=None,
        basis="rule",
        checked=(),
        not_checked=(),
        rows=len(published.frame),
        matched=found.matched,
        declared_total=published.declared_total,
        listed_total=found.listed_total,
        expected_total=expected,
        findings=found.findings,
        payers=found.payers,
        agreeing=found.agreeing,
    )


def adds_up(audit: Audit) -> None:
    way = bridge(audit)
    if way:
        assert way[0].role == "start"
        assert way[-1].role == "end"
        assert way[-1].yen == audit.listed_total
        at = way[0].yen
        for step in way[1:-1]:
            at = at + step.yen if step.role == "change" else at
            assert step.role == "change" or step.yen == at
        assert at == audit.listed_total


@pytest.mark.fuzz
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data())
def test_effects_make_up_the_difference(data: st.DataObject) -> None:
    programme = data.draw(st.sampled_from(("residents", "intermediate_server")))
    faulty = bundled(programme).sound
    for fault in data.draw(st.lists(st.sampled_from(sorted(FAULTS)), max_size=3)):
        faulty = FAULTS[fault](data, faulty)
    audit = audit_of(faulty, programme)
    assert audit.expected_total is not None
    assert net_difference(audit) == audit.listed_total - audit.expected_total
    assert not any("no finding" in step.text.en for step in bridge(audit))
    adds_up(audit)
    missing = sum(each.kind == "missing" for each in audit.findings)
    assert audit.payers == len(bundled(programme).sound.rows)
    assert audit.agreeing is not None
    assert 0 <= audit.agreeing <= audit.payers - missing


@pytest.mark.fuzz
@given(data=st.data(), programme=st.sampled_from(["residents", "jpki", "intermediate_server"]))
def test_a_bridge_adds_up_whatever_stands_in_a_list(data: st.DataObject, programme: str) -> None:
    published = data.draw(lists())
    each = bundled(programme)
    found = compare(published, each.reference, each.knowledge)
    audit = _audit(published, found, each.reference.total)
    adds_up(audit)
    if found.agreeing is not None:
        assert each.reference.total is not None
        assert net_difference(audit) == found.listed_total - each.reference.total
    verdict(audit)


# -- rows left out ---------------------------------------------------------------------------------


def ledger(**counts: int) -> Ledger:
    """Return a ledger with so many rows left out for each reason."""
    found = Ledger()
    for reason, count in counts.items():
        for line in range(count):
            found.leave_out(line, cast("Reason", reason), ())
    return found


def test_subtotals_left_out_are_said() -> None:
    audit = audit_of(bundled("residents").sound, "residents")
    rows = replace(audit, ledger=ledger(subtotal=47, total=1, note=2))
    assert verdict(rows).ja == "47団体すべて一致(小計47は対象外)"
    assert verdict(rows).en == "All 47 payers agree (47 subtotals left out)"


def test_the_line_that_a_reader_needs() -> None:
    """The order of what it says, in the words of the agency's readers."""
    found = [
        *(Finding("amount", "other", Text("", ""), "list.csv", effect=6_000_000),) * 8,
        *(Finding("missing", "no_row", Text("", ""), "list.csv", effect=-2_248_000),) * 2,
        Finding("duplicate", "repeated", Text("", ""), "list.csv", effect=1_000_000),
        Finding("unexpected", "former_code", Text("", ""), "list.csv", effect=3_000_000),
    ]
    audit = replace(
        audit_of(bundled("residents").sound, "residents"),
        findings=tuple(found),
        payers=1788,
        agreeing=1778,
        ledger=ledger(subtotal=47),
    )
    assert verdict(audit).ja == (
        "1,788団体中1,778団体一致、金額相違8、欠落2。"
        "ほかに重複1・旧コード1(小計47は対象外)。純差額+47,504,000円"
    )
    assert verdict(audit).en == (
        "1,778 of 1,788 payers agree, 8 amounts differ, 2 missing. Also 1 duplicate, 1 former code "
        "(47 subtotals left out). Net difference +47,504,000 yen"
    )


def test_a_bridge_over_many_findings_may_go_by_kind() -> None:
    found = [
        Finding("amount", "other", Text("", ""), "list.csv", code=str(at), effect=at)
        for at in range(1, 21)
    ]
    audit = replace(
        audit_of(bundled("residents").sound, "residents"),
        findings=tuple(found),
        listed_total=1_514_000_210,
    )
    assert len(bridge(audit)) == 22
    steps = bridge(audit, most=12)
    assert [(step.text.ja, step.yen) for step in steps[1:-1]] == [("金額相違 20件", 210)]
    adds_up(audit)


def test_every_reason_has_a_name() -> None:
    reasons = {row["reason"].strip("`") for row in AUDIT.sections["Reasons"].tables[0]}
    assert reasons == REASON_NAMES.keys()
