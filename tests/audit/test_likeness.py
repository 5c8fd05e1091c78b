"""Codes near to one another: the index finds what comparing each with each would."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from allocator.auditing.likeness import Slips, is_slip

CODE = st.text("ab1", max_size=4)


@given(CODE, st.sets(CODE, max_size=30))
def test_the_index_of_slips(written: str, codes: set[str]) -> None:
    assert Slips(codes).near(written) == {code for code in codes if is_slip(written, code)}
