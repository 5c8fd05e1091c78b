"""Whatever stands in a list, an audit ends with findings, never with a fault of its own."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.auditing.compare import compare
from allocator.auditing.reference_list import join_lists
from allocator.domain import schemas
from allocator.domain.errors import InputError
from allocator.domain.yen import LARGEST
from allocator.sources.lists.table import PublishedList
from tests.audit.bundled import bundled

pytestmark = pytest.mark.fuzz

CODES = st.one_of(
    st.sampled_from(["010006", "020001", "130001", "131016", "044237", "011011", "10006", ""]),
    st.text(alphabet="0123456789", max_size=7),
    st.text(max_size=6),
)
NAMES = st.one_of(
    st.sampled_from(["", "北海道", "青森県", "札幌市", "石狩郡当別町"]), st.text(max_size=5)
)
AMOUNTS = st.one_of(st.integers(-LARGEST, LARGEST), st.sampled_from([47_267_000, 23_579_000]))

SLIPS = [
    *(("012041", "102041", "102075"), ("012131", "012181", "032131", "015181")),
    *(("012041", "212041", "212075", "102041"), ("014656", "014681", "103675")),
]


@st.composite
def lists(draw: st.DrawFn) -> PublishedList:
    rows = draw(st.lists(st.tuples(CODES, NAMES, NAMES, AMOUNTS), min_size=1, max_size=12))
    prints = draw(st.sets(st.sampled_from(["code", "prefecture", "municipality"]), min_size=1))
    frame = pl.DataFrame(
        [(*row, line) for line, row in enumerate(rows, start=2)],
        schema=schemas.LISTED,
        orient="row",
    ).with_columns(
        pl.lit("").alias(name) for name in ("prefecture", "municipality") if name not in prints
    )
    declared = draw(st.one_of(st.none(), st.integers(-LARGEST, LARGEST)))
    return PublishedList(Path("any.csv"), frame, declared, prints=frozenset(prints))


@given(published=lists(), programme=st.sampled_from(["residents", "jpki", "intermediate_server"]))
def test_against_a_plan(published: PublishedList, programme: str) -> None:
    each = bundled(programme)
    found = compare(published, each.reference, each.knowledge)
    assert found.listed_total == sum(published.frame["amount"].to_list())
    json.dumps([finding.as_dict("ja") for finding in found.findings])
    missing = {finding.code for finding in found.findings if finding.kind == "missing"}
    codes = set(each.reference.frame["code"]) - missing
    assert len(codes) <= len(published.frame)


@given(data=st.data())
def test_rows_with_codes_and_names_of_others(data: st.DataObject) -> None:
    """Rows may be left out, repeated, and have another's code, name or both.

    Codes that are one slip apart are the likeliest to be taken for each other.
    """
    each = bundled("intermediate_server")
    alike = data.draw(st.sampled_from(SLIPS))
    rows = []
    for row in each.sound.rows:
        if row.code not in alike:
            rows.append(row)
            continue
        for _ in range(data.draw(st.integers(0, 2))):
            code = data.draw(st.sampled_from([row.code, *alike]))
            name = data.draw(st.sampled_from([row.municipality, "謎"]))
            rows.append(replace(row, code=code, municipality=name))
    published = replace(each.sound, rows=tuple(rows)).published()
    found = compare(published, each.reference, each.knowledge)
    assert found.listed_total == sum(row.amount for row in rows)


@given(published=lists(), other=lists())
def test_against_another_list(published: PublishedList, other: PublishedList) -> None:
    ready = bundled("residents").ready
    try:
        joined = join_lists(published, other, ready.register, ready.changes)
    except InputError:
        return
    found = compare(joined.published, joined.reference)
    assert found.listed_total == sum(published.frame["amount"].to_list())
    assert joined.reference.total == sum(other.frame["amount"].to_list())
