"""One cause, one finding: what is wrong throughout a list is said once, with its evidence."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from allocator.auditing.compare import Comparison, compare
from allocator.auditing.findings import Finding
from allocator.sources.bundled import CONFIGS, DATA, newest_plan
from allocator.tasks.audit_plan import audit_file
from tests.audit.bundled import bundled
from tests.audit.mutations import FAULTS, Faulty, Row
from tests.audit.test_reasons import amounts_of

LISTS = DATA / "published/2023"
RULES = ("residents", "intermediate_server")
INDEPENDENT = ("one_yen", "dropped", "twice", "declared")

slow = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])

Amounts = Callable[[Sequence[int]], list[int]]


def scaled(amounts: Sequence[int]) -> list[int]:
    return [amount // 1000 for amount in amounts]


def nearest(amounts: Sequence[int], unit: int) -> list[int]:
    return [(amount + unit // 2) // unit * unit for amount in amounts]


def turned(amounts: Sequence[int], rows: int) -> list[int]:
    return [*amounts[-rows:], *amounts[:-rows]]


CAUSES: dict[str, tuple[str, Amounts]] = {
    "thousand yen": ("thousand_yen", scaled),
    "yen taken for thousands": ("unit", lambda amounts: [amount * 1000 for amount in amounts]),
    "rounded to 10,000": ("rounded", lambda amounts: nearest(amounts, 10_000)),
    "cut to 100,000": ("rounded", lambda amounts: [each // 100_000 * 100_000 for each in amounts]),
    "down a row": ("shifted", lambda amounts: turned(amounts, 1)),
    "up a row": ("shifted", lambda amounts: turned(amounts, -1)),
    "down three rows": ("shifted", lambda amounts: turned(amounts, 3)),
}


def with_amounts(faulty: Faulty, amounts: Sequence[int]) -> Faulty:
    rows = zip(faulty.rows, amounts, strict=True)
    return replace(faulty, rows=tuple(replace(row, amount=amount) for row, amount in rows))


def audited(programme: str, faulty: Faulty) -> Comparison:
    each = bundled(programme)
    return compare(faulty.published(), each.reference, each.knowledge)


def errors(found: Comparison) -> list[Finding]:
    return [each for each in found.findings if each.severity == "error"]


@pytest.mark.parametrize("programme", RULES)
@pytest.mark.parametrize("name", CAUSES)
def test_one_cause_is_one_finding(programme: str, name: str) -> None:
    reason, change = CAUSES[name]
    sound = bundled(programme).sound
    due = [row.amount for row in sound.rows]
    faulty = with_amounts(sound, change(due))
    wrong = sum(row.amount != amount for row, amount in zip(faulty.rows, due, strict=True))
    found = errors(audited(programme, faulty))
    (finding,) = found
    assert (finding.kind, finding.reason) == ("amount", reason)
    assert len(finding.below) == wrong
    assert f"{len(finding.below):,} of {wrong:,} wrong amounts" in finding.message.en
    assert {each.reason for each in finding.below} == {reason}
    assert all(each.published != each.expected for each in finding.below)
    assert finding.effect == sum(each.difference or 0 for each in finding.below)


@pytest.mark.parametrize("programme", RULES)
def test_a_list_of_another_date_is_one_finding(programme: str) -> None:
    sound = bundled(programme).sound
    other = amounts_of(programme, "2021-01-01")
    faulty = with_amounts(sound, [other[row.code] for row in sound.rows])
    (finding,) = errors(audited(programme, faulty))
    assert finding.reason == "other_date"
    assert {each.reason for each in finding.below} == {"other_date"}
    assert "2021-01-01" in finding.message.en
    wrong = sum(row.amount != other[row.code] for row in sound.rows)
    assert len(finding.below) == wrong
    assert f"{wrong} of {wrong} wrong amounts" in finding.message.en


def test_a_list_of_another_programme_is_one_finding() -> None:
    (audit,) = audit_file(LISTS / "residents.csv", newest_plan(), "jpki")
    (finding,) = audit.errors
    assert (finding.kind, finding.reason, len(finding.below)) == ("amount", "other_programme", 47)
    assert "residents" in finding.message.en
    assert "本人確認情報処理事務等に係る負担金" in finding.message.ja


def test_a_list_of_another_programme_has_that_ones_payers() -> None:
    """All that is wrong hangs below: municipalities are no payers of the residents' system."""
    (audit,) = audit_file(LISTS / "intermediate_server.csv", newest_plan(), "residents")
    (finding,) = audit.errors
    assert finding.reason == "other_programme"
    assert {each.kind for each in finding.below} == {"amount", "unexpected"}
    assert len(finding.below) == 1788
    (audit,) = audit_file(LISTS / "residents.csv", newest_plan(), "intermediate_server")
    (finding,) = audit.errors
    assert len(finding.below) == 1788
    assert {each.kind for each in finding.below} == {"amount", "missing"}


def test_a_list_of_another_year_is_one_finding(tmp_path: Path) -> None:
    """The list of FY2023 beside a plan of the next year, with another total and another date."""
    plan = tmp_path / "2024"
    shutil.copytree(CONFIGS / "2023", plan)
    for name, old, new in (
        ("plan.toml", "fiscal_year = 2023", "fiscal_year = 2024"),
        ("residents.toml", "total = 1_514_000_000", "total = 1_600_000_000"),
        ("residents.toml", "as_of = 2022-01-01", "as_of = 2023-01-01"),
    ):
        text = (plan / name).read_text(encoding="utf-8")
        assert old in text
        (plan / name).write_text(text.replace(old, new), encoding="utf-8")
    (audit,) = audit_file(LISTS / "residents.csv", plan, "residents")
    (finding,) = audit.errors
    assert (finding.reason, len(finding.below)) == ("other_year", 47)
    assert "令和5年度の一覧" in finding.message.ja


@pytest.mark.parametrize("declared", [1_514_000, 1_514_000_000, 1_514_001])
def test_a_total_in_the_same_unit_is_no_fault_of_its_own(declared: int) -> None:
    found = audited("residents", replace(rows_of("residents", "thousand yen"), declared=declared))
    (finding,) = [each for each in found.findings if each.below]
    totals = [each for each in found.findings if each.kind == "total"]
    assert len(totals) == (declared == 1_514_001)
    assert sum(each.kind == "total" for each in finding.below) == (declared == 1_514_000)


def test_what_is_wrong_here_and_there_has_no_common_cause() -> None:
    """Ten amounts, five in thousands and five shifted: neither cause explains nine in ten."""
    sound = bundled("residents").sound
    due = [row.amount for row in sound.rows]
    amounts = [*scaled(due[:5]), *due[5:20], *turned(due[20:25], 1), *due[25:]]
    found = errors(audited("residents", with_amounts(sound, amounts)))
    assert [len(each.below) for each in found] == [0, 0, 0, 0, 0, 5]
    assert {each.reason for each in found[:5]} == {"unit"}
    assert found[5].reason == "shifted"


def rows_of(programme: str, name: str) -> Faulty:
    sound = bundled(programme).sound
    return with_amounts(sound, CAUSES[name][1]([row.amount for row in sound.rows]))


@pytest.mark.fuzz
@slow
@given(data=st.data())
def test_other_faults_stay_findings_of_their_own(data: st.DataObject) -> None:
    programme = data.draw(st.sampled_from(RULES))
    name = data.draw(st.sampled_from(sorted(CAUSES)))
    before = rows_of(programme, name)
    kinds = data.draw(st.lists(st.sampled_from(INDEPENDENT), max_size=3))
    faulty = before
    for kind in kinds:
        faulty = FAULTS[kind](data, faulty)
    due = {row.code: row.amount for row in bundled(programme).sound.rows}
    # Faults upon each other's rows, and at the ends of a shift, are no independent ones.
    touched = {row.code for row in {*faulty.rows} ^ {*before.rows}}
    assume(len(touched) == sum(kind in ("one_yen", "dropped") for kind in kinds))
    assume(touched.isdisjoint({before.rows[0].code, before.rows[-1].code}))
    assume(len({row.code for row in faulty.rows}) == len({*faulty.rows}))
    found = errors(audited(programme, faulty))
    (cause,) = [each for each in found if each.below]
    assert cause.reason == CAUSES[name][0]
    _check([each for each in found if not each.below], kinds, before, faulty, due)


AMOUNTS: dict[str, Callable[[Random], int]] = {
    "any": lambda random: random.randrange(10**5, 10**8),
    "thousands": lambda random: random.randrange(100, 10**5) * 1000,
    "few": lambda random: random.choice((2_096_120, 3_101_200, 3_937_305, 6_684_900)),
}


@pytest.mark.fuzz
@slow
@given(
    random=st.randoms(use_true_random=False),
    count=st.sampled_from((20, 47, 300)),
    kind=st.sampled_from(sorted(AMOUNTS)),
    name=st.sampled_from(sorted(CAUSES)),
)
def test_lists_of_any_plan(random: Random, count: int, kind: str, name: str) -> None:
    """One cause and up to three rows with a fault of their own, away from the ends."""
    whole = bundled("intermediate_server").reference
    due = [AMOUNTS[kind](random) for _ in range(count)]
    frame = whole.frame.head(count).with_columns(amount=pl.Series(due, dtype=pl.Int64))
    reason, change = CAUSES[name]
    names = frame.select("code", "prefecture", "full").rows()
    rows = [
        Row(code, code, prefecture, full, amount)
        for (code, prefecture, full), amount in zip(names, change(due), strict=True)
    ]
    assume(sum(row.amount != amount for row, amount in zip(rows, due, strict=True)) > 15)
    expected = []
    listed: list[Row] = []
    odd = dict.fromkeys(random.sample(range(4, count - 4), random.randrange(4)))
    faults = {at: random.choice(("amount", "missing", "duplicate")) for at in odd}
    for at, row in enumerate(rows):
        fault = faults.get(at)
        if fault:
            expected.append((fault, row.code))
        changed = replace(row, amount=row.amount + 7) if fault == "amount" else row
        listed += [changed] * {"missing": 0, "duplicate": 2}.get(fault or "", 1)
    reference = replace(whole, frame=frame, total=sum(due))
    found = errors(compare(Faulty(tuple(listed)).published(), reference))
    (cause,) = [each for each in found if each.below]
    assert cause.reason == reason
    others = [(each.kind, each.code) for each in found if not each.below]
    assert sorted(others) == sorted(expected)


def _check(
    others: list[Finding], kinds: list[str], before: Faulty, faulty: Faulty, due: dict[str, int]
) -> None:
    left = {row.code for row in before.rows} - {row.code for row in faulty.rows}
    assert {each.code for each in others if each.kind == "missing"} == left
    changed: set[Row] = {row for row in faulty.rows if row not in before.rows}
    wrong = {row.code for row in changed if row.amount != due[row.code]}
    assert {each.code for each in others if each.kind == "amount"} == wrong
    assert sum(each.kind == "duplicate" for each in others) == len(faulty.rows) - len(
        {row.code for row in faulty.rows}
    )
    assert sum(each.kind == "total" for each in others) == ("declared" in kinds)
    assert {each.kind for each in others} <= {"missing", "amount", "duplicate", "total"}
