"""Loose limits, so that nothing goes over the rows one by one; `make bench` measures."""

from __future__ import annotations

import time
from dataclasses import replace

import polars as pl

from allocator.auditing.compare import compare
from allocator.auditing.reference import Reference
from allocator.domain.changes import CodeChanges
from allocator.domain.organisations import Register
from allocator.domain.text import same
from tests.audit.bundled import bundled

ROWS = 200_000


def test_the_bundled_list() -> None:
    each = bundled("intermediate_server")
    compare(each.published, each.reference, each.knowledge)
    begin = time.perf_counter()
    compare(each.published, each.reference, each.knowledge)
    assert time.perf_counter() - begin < 0.5


def test_many_rows_of_any_code() -> None:
    numbers = pl.int_range(ROWS, eager=True)
    code = pl.format("P{}", numbers.cast(pl.String).str.zfill(7).alias("n"))
    frame = numbers.to_frame("n").select(
        pl.select(code).to_series().alias("code"),
        pl.lit("Wood").alias("prefecture"),
        pl.format("town {}", "n").alias("full"),
        pl.format("town {}", "n").alias("bare"),
        pl.col("n").cast(pl.Int64).alias("amount"),
        pl.lit(value=False).alias("optional"),
        pl.col("n").cast(pl.Int64).alias("place"),
    )
    register = Register(frame.select("code", "prefecture", kind=pl.lit("town")), official=False)
    reference = Reference(frame, None, register, CodeChanges(()), same("list"))
    listed = frame.select(
        "code", "prefecture", pl.col("bare").alias("municipality"), "amount", line=pl.col("place")
    )
    published = replace(bundled("residents").published, frame=listed, declared_total=None)
    begin = time.perf_counter()
    assert compare(published, reference).findings == ()
    thousandth = pl.col("line") % 1000 == 0
    off = listed.with_columns(pl.when(thousandth).then(pl.col("amount") + 1).otherwise("amount"))
    found = compare(replace(published, frame=off.filter(pl.col("line") % 1001 != 5)), reference)
    assert len(found.findings) == 200 + 200
    assert time.perf_counter() - begin < 20
