"""Why an amount is wrong."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from allocator.auditing.compare import compare
from allocator.auditing.findings import Finding
from allocator.auditing.reasons import Dated
from allocator.plans.variant import Overrides
from allocator.sources.bundled import newest_plan
from allocator.tasks.compute import compute_plan
from tests.audit.bundled import Bundled, bundled
from tests.audit.mutations import Faulty

DATES = ["2018-01-01", "2021-01-01"]


def audit(each: Bundled, changed: dict[str, int]) -> dict[str | None, Finding]:
    """Return the findings on amounts when some amounts are other ones, by code."""
    rows = tuple(replace(row, amount=changed.get(row.code, row.amount)) for row in each.sound.rows)
    listed = compare(Faulty(rows).published(), each.reference, each.knowledge).findings
    found = [leaf for finding in listed for leaf in finding.leaves]
    amounts = {finding.code: finding for finding in found if finding.kind == "amount"}
    assert len(amounts) == len([finding for finding in found if finding.kind == "amount"])
    return amounts


def amounts_of(programme: str, day: str) -> dict[str, int]:
    """Compute a programme anew with the measures of another date."""
    overrides = Overrides(dates={programme: date.fromisoformat(day)}, only=(programme,))
    allocation = compute_plan(newest_plan(), overrides).programmes[0].allocation
    assert allocation is not None
    return dict(allocation.by_code)


@pytest.mark.parametrize("day", DATES)
@pytest.mark.parametrize("programme", ["residents", "intermediate_server"])
def test_a_list_of_another_date(programme: str, day: str) -> None:
    each = bundled(programme)
    other = amounts_of(programme, day)
    found = audit(each, other)
    assert found.keys() == {
        code for code, amount in each.oracle().amounts.items() if other[code] != amount
    }
    assert found
    assert {finding.reason for finding in found.values()} == {"other_date"}
    if len(found) < 5:
        japanese = f"人口({day[:4]}年1月1日現在)による金額"
        assert all(
            day in each.message.en and japanese in each.message.ja for each in found.values()
        )


@pytest.mark.parametrize("programme", ["residents", "intermediate_server"])
def test_one_amount_of_another_date(programme: str) -> None:
    each = bundled(programme)
    other = amounts_of(programme, "2018-01-01")
    code = next(code for code, amount in each.oracle().amounts.items() if other[code] != amount)
    (finding,) = audit(each, {code: other[code]}).values()
    assert (finding.code, finding.reason) == (code, "other_date")
    assert "2018-01-01" in finding.message.en


def test_a_list_of_another_date_with_a_misprint() -> None:
    each = bundled("residents")
    found = audit(each, amounts_of("residents", "2020-01-01") | {"010006": 47_000_123})
    assert found.pop("010006").reason == "other"
    assert {finding.reason for finding in found.values()} == {"other_date"}


def test_an_amount_of_another_band() -> None:
    # 千代田区 had 63,635 residents on 2019-01-01: never over 100,000 or under 10,000.
    (finding,) = audit(bundled("intermediate_server"), {"131016": 3_937_000}).values()
    assert finding.reason == "other_band"
    assert (finding.published, finding.expected, finding.difference) == (
        3_937_000,
        3_101_000,
        836_000,
    )
    assert "100,000" in finding.message.en
    assert "63,635" in finding.message.en


def test_an_amount_of_the_other_group() -> None:
    (finding,) = audit(bundled("intermediate_server"), {"131016": 16_143_000}).values()
    assert finding.reason == "other_place"
    assert "prefectures" in finding.message.en


def test_the_amount_of_another_payer() -> None:
    each = bundled("residents")
    amount = each.oracle().amounts["130001"]
    (finding,) = audit(each, {"010006": amount}).values()
    assert finding.reason == "other_place"
    assert "130001" in finding.message.en


def test_swapped_amounts_name_each_other() -> None:
    each = bundled("residents")
    amounts = each.oracle().amounts
    found = audit(each, {"010006": amounts["470007"], "470007": amounts["010006"]})
    assert {code: finding.reason for code, finding in found.items()} == {
        "010006": "swapped",
        "470007": "swapped",
    }
    assert "470007" in found["010006"].message.en
    assert "010006" in found["470007"].message.ja


@pytest.mark.parametrize("step", [1, -1])
def test_shifted_amounts(step: int) -> None:
    each = bundled("residents")
    codes = list(each.oracle().amounts)[10:20]
    amounts = [each.oracle().amounts[code] for code in codes]
    found = audit(each, dict(zip(codes, amounts[-step:] + amounts[:-step], strict=True)))
    assert found.keys() == set(codes)
    assert {finding.reason for finding in found.values()} == {"shifted"}


def test_shifted_amounts_of_a_prefecture_with_few_bands() -> None:
    each = bundled("intermediate_server")
    rows = [row for row in each.sound.rows if row.prefecture == "千葉県"]
    amounts = [row.amount for row in rows]
    changed = {
        row.code: amount for row, amount in zip(rows, amounts[-1:] + amounts[:-1], strict=True)
    }
    found = audit(each, changed)
    assert len(found) > 5
    assert {finding.reason for finding in found.values()} == {"shifted"}


@pytest.mark.parametrize("step", [1, -1])
def test_few_shifted_amounts_are_findings_of_their_own(step: int) -> None:
    each = bundled("residents")
    codes = list(each.oracle().amounts)[10:14]
    amounts = [each.oracle().amounts[code] for code in codes]
    found = audit(each, dict(zip(codes, amounts[-step:] + amounts[:-step], strict=True)))
    assert found.keys() == set(codes)
    assert {finding.reason for finding in found.values()} == {"other_place"}
    assert all("shifted" in finding.message.en for finding in found.values())


def test_thousands_of_yen() -> None:
    (finding,) = audit(bundled("residents"), {"010006": 47_267}).values()
    assert finding.reason == "unit"


def test_anything_else() -> None:
    (finding,) = audit(bundled("residents"), {"010006": 47_267_001}).values()
    assert (finding.reason, finding.difference, finding.severity) == ("other", 1, "error")


def test_other_dates_are_computed_only_where_they_may_explain_something() -> None:
    each = bundled("intermediate_server")
    asked: list[str] = []

    def dated() -> tuple[Dated, ...]:
        asked.append("dates")
        return ()

    knowledge = replace(each.knowledge, dated=dated)
    rows = list(each.sound.rows)
    rows[0] = replace(rows[0], amount=11_866_001)
    compare(each.sound.published(), each.reference, knowledge)
    compare(Faulty(tuple(rows)).published(), each.reference, knowledge)
    assert asked == []
    rows[0] = replace(rows[0], amount=3_937_000)
    compare(Faulty(tuple(rows)).published(), each.reference, knowledge)
    assert asked == ["dates"]
