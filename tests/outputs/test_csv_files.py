"""allocation.csv, breakdown.csv and parts.csv: columns, order, bytes, encodings."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import polars as pl
import pytest

from allocator.domain.errors import InputError
from allocator.outputs.files.csv_files import allocation_csv, breakdown_csv, parts_csv
from allocator.outputs.files.folder import verify, write_outputs
from allocator.results.outcome import Outcome
from allocator.tasks.compute import compute_plan
from tests.outputs.country import TROUBLE, write_country
from tests.outputs.report.plans import write_plan
from tests.sums import AMOUNTS, MIXED, NAMES, write_mixed


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


def test_a_name_is_no_formula_unless_asked_for_raw(country: Path) -> None:
    outcome = compute_plan(country)
    marked = [f"'{name}" if name.startswith(("=", "+")) else name for name in TROUBLE]

    assert [row["municipality"] for row in records(breakdown_csv(outcome))] == marked
    raw = records(breakdown_csv(outcome, raw=True))
    assert [row["municipality"] for row in raw] == list(TROUBLE)


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


def test_parts_csv_has_every_payer_of_every_part(tmp_path: Path) -> None:
    rows = records(parts_csv(compute_plan(write_mixed(tmp_path / "plan"))))

    assert list(rows[0]) == (
        "fiscal_year programme part name basis code prefecture municipality amount".split()
    )
    found = {(int(row["part"]), row["code"]): int(row["amount"]) for row in rows}
    assert found == {
        (number, code): amount
        for code, amounts in AMOUNTS.items()
        for number, amount in enumerate(amounts, start=1)
        if amount is not None
    }
    assert list(found) == sorted(found)
    assert {(row["part"], row["name"]) for row in rows} == {
        (str(number), name) for number, name in enumerate(NAMES, start=1)
    }
    assert {row["name"]: row["basis"] for row in rows} == dict.fromkeys(NAMES, "rule") | {
        "単価": "estimated"
    }
    assert {(row["fiscal_year"], row["programme"]) for row in rows} == {("2030", "mixed")}


def test_parts_csv_adds_up_to_allocation_csv(bundled: Outcome) -> None:
    rows = records(parts_csv(bundled))
    sums: dict[str, int] = {}
    for row in rows:
        sums[row["code"]] = sums.get(row["code"], 0) + int(row["amount"])

    paid = records(allocation_csv(bundled))

    assert sums == {r["code"]: int(r["amount"]) for r in paid if r["programme"] == "jpki"}
    assert {row["programme"] for row in rows} == {"jpki"}


def test_parts_csv_is_there_only_where_the_plan_has_parts(country: Path, tmp_path: Path) -> None:
    without = write_outputs(compute_plan(country), tmp_path / "without")
    plan = write_mixed(tmp_path / "plan")
    having = write_outputs(compute_plan(plan), tmp_path / "with")

    assert "parts.csv" not in [path.name for path in without]
    assert [path.name for path in having] == [
        "allocation.xlsx",
        "allocation.csv",
        "breakdown.csv",
        "parts.csv",
        "report.html",
        "manifest.json",
    ]
    assert verify(tmp_path / "with") == []


def test_a_part_s_name_that_cp932_lacks_is_named(tmp_path: Path) -> None:
    organisations = (("E", "東国", "", "prefecture", 5), ("W", "西国", "", "prefecture", 4))
    text = MIXED.replace('"all"', '"prefectures"').replace("均等割", "𠮷割")
    part = text[text.index('[[part]]\nname = "単価"') : text.index('[[part]]\nname = "人口割"')]
    plan = write_plan(tmp_path / "plan", {"mixed": text.replace(part, "")}, organisations)
    outcome = compute_plan(plan)

    with pytest.raises(InputError) as caught:
        parts_csv(outcome, "cp932")

    assert "U+20BB7" in str(caught.value)
    assert "𠮷割 E 東国" in str(caught.value)
    assert allocation_csv(outcome, "cp932").count(b"mixed") == 2
