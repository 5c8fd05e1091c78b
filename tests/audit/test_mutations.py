"""Random faults in the bundled lists: each found, named rightly, and nothing else reported."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from allocator.audit.compare import compare
from tests.audit.bundled import bundled
from tests.audit.mutations import FAULTS

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
