"""Random faults in the bundled lists: each found, named rightly, and nothing else reported."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocator.auditing.compare import compare
from tests.audit.bundled import bundled
from tests.audit.mutations import FAULTS, misnamed

pytestmark = pytest.mark.fuzz

RULES = ("residents", "intermediate_server")
ROWS_ALONE = ("one_yen", "dropped", "twice", "rows_swapped", "amounts_swapped", "shifted", "slip")
"""The faults that a list without names shows without doubt."""

slow = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@pytest.mark.parametrize("fault", FAULTS)
@slow
@given(data=st.data())
def test_one_fault(fault: str, data: st.DataObject) -> None:
    check(data.draw(st.sampled_from(RULES)), (fault,), data)


@pytest.mark.parametrize("programme", RULES)
@slow
@given(data=st.data())
def test_two_faults_at_once(programme: str, data: st.DataObject) -> None:
    names = st.sampled_from(sorted(FAULTS))
    check(programme, data.draw(st.tuples(names, names)), data)


def check(programme: str, faults: tuple[str, ...], data: st.DataObject) -> None:
    each = bundled(programme)
    faulty = each.sound
    for fault in faults:
        faulty = FAULTS[fault](data, faulty)
    found = compare(faulty.published(), each.reference, each.knowledge)
    each.oracle().check(faulty, found.findings)


@pytest.mark.parametrize("fault", ROWS_ALONE)
@slow
@given(data=st.data())
def test_a_list_without_names(fault: str, data: st.DataObject) -> None:
    each = bundled(data.draw(st.sampled_from(RULES)))
    faulty = FAULTS[fault](data, each.sound).nameless()
    found = compare(faulty.published("code"), each.reference, each.knowledge)
    each.oracle(named=False).check(faulty, found.findings)


@pytest.mark.parametrize("amounts", ["known", "unknown"])
@pytest.mark.parametrize("programme", ["residents", "jpki", "lgwan"])
@slow
@given(data=st.data())
def test_another_ones_name_in_a_list_by_name(
    programme: str, amounts: str, data: st.DataObject
) -> None:
    each = bundled(programme)
    reference = each.reference
    if amounts == "unknown":
        unknown = reference.frame.with_columns(amount=pl.lit(None, pl.Int64))
        reference = replace(reference, frame=unknown, total=None, comparable=False)
    faulty = misnamed(data, each.sound)
    found = compare(faulty.published("prefecture"), reference)
    each.oracle().check(faulty, found.findings)


@slow
@given(data=st.data())
def test_a_copy_in_the_place_of_a_missing_row_of_a_list_by_name(data: st.DataObject) -> None:
    each = bundled("residents")
    rows = list(each.sound.rows)
    at = data.draw(st.integers(1, len(rows) - 1))
    lacking, rows[at] = rows[at], rows[at - 1]
    if lacking.amount == rows[at].amount:
        return
    found = compare(replace(each.sound, rows=tuple(rows)).published("prefecture"), each.reference)
    assert [(finding.kind, finding.reason) for finding in found.findings] == [
        ("duplicate", "repeated"),
        ("missing", "no_row"),
    ]
    assert found.findings[1].code == lacking.code


@slow
@given(data=st.data())
def test_matched_counts_payers_with_their_code_and_amount(data: st.DataObject) -> None:
    each = bundled("residents")
    fault = data.draw(st.sampled_from(("one_yen", "dropped", "twice", "slip", "rows_swapped")))
    faulty = FAULTS[fault](data, each.sound)
    found = compare(faulty.published(), each.reference)
    right = each.oracle().amounts
    sound = [row for row in faulty.rows if row.code == row.owner]
    assert found.matched == len({row.owner for row in sound if row.amount == right[row.owner]})
