"""allocation.csv and breakdown.csv: columns, order, bytes, encodings."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl
import pytest

from allocator.domain.errors import InputError
from allocator.outputs.files.csv_files import allocation_csv, breakdown_csv
from allocator.results.outcome import Outcome
from allocator.tasks.compute import compute_plan
from tests.outputs.country import TROUBLE, write_country


def records(content: bytes, encoding: str = "utf-8-sig") -> list[dict[str, str]]:
    """Read a CSV file with Python's own reader."""
    return list(csv.DictReader(io.StringIO(content.decode(encoding), newline="")))


def test_allocation_holds_every_amount_of_the_engine_in_order(bundled: Outcome) -> None:
    found = [
        (row["fiscal_year"], row["programme"], row["code"], int(row["amount"]))
        for row in records(allocation_csv(bundled))
    ]

    expected = [
        ("2023", each.programme.id, code, amount)
        for each in bundled.programmes
        if each.allocation is not None
        for code, amount in each.allocation.by_code.items()
    ]
    assert found == expected
    assert len(found) == 47 + 47 + 1788 + 47


def test_columns_and_names(bundled: Outcome) -> None:
    rows = records(allocation_csv(bundled))

    assert list(rows[0]) == [
        "fiscal_year",
        "programme",
        "code",
        "prefecture",
        "municipality",
        "amount",
    ]
    names = {row["code"]: (row["prefecture"], row["municipality"]) for row in rows}
    assert names["010006"] == ("北海道", "")
    assert names["013030"] == ("北海道", "石狩郡当別町")


def test_bytes_begin_with_a_mark_and_lines_end_with_cr_lf(bundled: Outcome) -> None:
    for content in (allocation_csv(bundled), breakdown_csv(bundled)):
        assert content.startswith(b"\xef\xbb\xbffiscal_year,")
        assert content.endswith(b"\r\n")
        assert content.count(b"\n") == content.count(b"\r\n")
        assert b'"' not in content


def test_polars_reads_it_back(bundled: Outcome) -> None:
    frame = pl.read_csv(allocation_csv(bundled), schema_overrides={"code": pl.String})

    sums = dict(frame.group_by("programme").agg(pl.col("amount").sum()).iter_rows())
    assert sums["intermediate_server"] == 5_978_953_000
    assert frame["code"][0] == "010006"


def test_breakdown_holds_notional_figures_alone(bundled: Outcome) -> None:
    rows = records(breakdown_csv(bundled))
    paid = {each.programme.id: each.allocation for each in bundled.programmes}

    assert {row["label"] for row in rows} == {"参考"}
    assert {row["programme"] for row in rows} == {"residents", "jpki", "lgwan"}
    for programme in ("residents", "jpki", "lgwan"):
        allocation = paid[programme]
        assert allocation is not None
        mine = [row for row in rows if row["programme"] == programme]
        assert not {row["code"] for row in mine} & set(allocation.by_code)
        sums: dict[str, int] = {}
        for row in mine:
            sums[row["prefecture"]] = sums.get(row["prefecture"], 0) + int(row["amount"])
        assert sums == dict(zip(allocation.payers["prefecture"], allocation.amounts, strict=True))


def test_without_a_breakdown_the_header_remains(country: Path) -> None:
    plan = (country / "plan.toml").read_text(encoding="utf-8")
    (country / "plan.toml").write_text(plan.replace('"roads", ', ""), encoding="utf-8")

    content = breakdown_csv(compute_plan(country))

    assert content == (
        b"\xef\xbb\xbffiscal_year,programme,code,prefecture,municipality,amount,label\r\n"
    )


def test_text_is_left_as_it_is(country: Path) -> None:
    outcome = compute_plan(country)

    assert [row["municipality"] for row in records(breakdown_csv(outcome))] == list(TROUBLE)


def test_cp932_has_the_same_text(bundled: Outcome) -> None:
    content = allocation_csv(bundled, "cp932")

    assert content.startswith(b"fiscal_year,")
    assert records(content, "cp932") == records(allocation_csv(bundled))


def test_a_character_that_cp932_lacks_is_named_and_never_replaced(tmp_path: Path) -> None:
    names = ("𠮷野町", "〜町", "村", "a", "𠮷田町")
    outcome = compute_plan(write_country(tmp_path / "country", names))

    with pytest.raises(InputError) as caught:
        allocation_csv(outcome, "cp932")

    message = str(caught.value)
    assert len(caught.value.problems) == 2
    assert "U+20BB7" in message
    assert "E0 東国 𠮷野町" in message
    assert "W4 西国 𠮷田町" in message
    assert "U+301C" in message
    assert allocation_csv(outcome).decode("utf-8-sig").count("𠮷") == 2
