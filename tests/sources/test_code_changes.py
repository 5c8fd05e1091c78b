"""Figures under codes of the past: carried over by the history of changes, never apportioned."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from allocator.domain.changes import CodeChange, CodeChanges
from allocator.domain.organisations import Register
from allocator.domain.schemas import MEASURE
from allocator.sources import register as bundled
from allocator.sources.measures.file import Measure
from allocator.sources.measures.of_plan import Aligned, Measures
from tests.plans.plans import refused

TODAY = date(2023, 4, 1)


@cache
def japan() -> Register:
    return bundled.japan()


@cache
def changes() -> CodeChanges:
    return bundled.code_changes()


@cache
def codes_on(day: date) -> frozenset[str]:
    return frozenset(japan().payers("municipalities", day)["code"].to_list())


def test_a_town_that_became_a_city() -> None:
    carried = changes().carry("044237", codes_on(TODAY))
    assert (carried.to, carried.way) == ("042161", "forward")
    assert "044237" in carried.text.en
    assert "042161" in carried.text.ja


def test_a_town_that_was_merged_and_merged_again() -> None:
    """石狩郡厚田村 into 石狩市 (2005); 六郷町 into 市川三郷町 (2005)."""
    assert changes().carry("013056", codes_on(TODAY)).to == "012351"
    assert changes().carry("193445", codes_on(TODAY)).to == "193461"


def test_a_village_that_was_divided_belongs_to_nobody() -> None:
    """上九一色村 was divided between 甲府市 and 富士河口湖町 on 2006-03-01."""
    carried = changes().carry("193411", codes_on(TODAY))
    assert (carried.to, carried.way) == ("", "split")
    assert "not apportioned" in carried.text.en
    assert "按分せず" in carried.text.ja


def test_a_newer_code_is_carried_back_to_payers_of_before() -> None:
    carried = changes().carry("042161", codes_on(date(2016, 4, 1)))
    assert (carried.to, carried.way) == ("044237", "back")


@pytest.mark.parametrize("code", ["011011", "481009", "999999"])
def test_a_code_without_history(code: str) -> None:
    carried = changes().carry(code, codes_on(TODAY))
    assert (carried.to, carried.way) == ("", "unknown")


def test_a_code_that_was_given_again_counts_as_its_last_bearer() -> None:
    history = CodeChanges(
        (
            CodeChange(date(1980, 4, 1), "A", "B", "編入合併"),
            CodeChange(date(2000, 4, 1), "A", "C", "編入合併"),
        )
    )
    assert history.carry("A", {"B", "C"}).to == "C"


def test_rings_come_to_an_end() -> None:
    history = CodeChanges(
        (
            CodeChange(date(2000, 4, 1), "A", "B", "名称変更"),
            CodeChange(date(2001, 4, 1), "B", "A", "名称変更"),
        )
    )
    assert history.carry("A", {"C"}).way == "unknown"


def test_every_code_of_the_past_goes_somewhere_or_was_divided() -> None:
    ways = {code: changes().carry(code, codes_on(TODAY)) for code in codes_on(date(1999, 4, 1))}
    gone = {code: way for code, way in ways.items() if code not in codes_on(TODAY)}
    assert len(gone) > 1_500
    assert {way.way for way in gone.values()} == {"forward", "split"}
    assert {code for code, way in gone.items() if way.way == "split"} == {"193411"}


def aligned(values: dict[str, int], day: date) -> tuple[dict[str, int], Aligned]:
    """Align figures with the municipalities of `day`."""
    rows = [(code, value, line) for line, (code, value) in enumerate(values.items(), start=2)]
    frame = pl.DataFrame(rows, schema=MEASURE, orient="row")
    measure = Measure("population", None, frame, Path("own.csv"), "plan")
    payers = japan().payers("municipalities", day)
    found = Measures(japan(), changes(), day, []).align(measure, payers, "share[1]")
    return dict(zip(payers["code"], found.values.tolist(), strict=True)), found


def ten_each(day: date) -> dict[str, int]:
    return dict.fromkeys(sorted(codes_on(day)), 10)


def test_a_file_of_2014_under_payers_of_2023() -> None:
    values, found = aligned(ten_each(date(2014, 1, 1)), TODAY)
    assert sum(values.values()) == 10 * len(codes_on(date(2014, 1, 1)))
    assert values["092037"] == 20  # 岩舟町 093670 was merged into 栃木市 on 2014-04-05
    assert (values["042161"], values["402311"]) == (10, 10)
    ways = {carried.code: carried.to for carried in found.carried}
    assert ways == {"044237": "042161", "093670": "092037", "403059": "402311"}


def test_a_merger_adds_up_where_nobody_else_changed() -> None:
    values, found = aligned(ten_each(date(2014, 4, 1)), date(2014, 4, 5))
    assert values["092037"] == 20
    assert [carried.code for carried in found.carried] == ["093670"]


def test_mergers_add_up_without_loss() -> None:
    day = date(2007, 4, 1)
    values, _ = aligned(ten_each(day), TODAY)
    assert sum(values.values()) == 10 * len(codes_on(day))


def test_a_division_is_reported_and_not_apportioned() -> None:
    day = date(2006, 2, 1)
    assert "193411" in codes_on(day)
    values, found = aligned(ten_each(day), date(2006, 4, 1))
    assert (values["192015"], values["194301"]) == (20, 10)  # 中道町 went into 甲府市 that day
    assert [carried.way for carried in found.carried if carried.code == "193411"] == ["split"]


def test_one_place_under_its_old_and_its_new_code() -> None:
    values = ten_each(TODAY)
    problems = refused(lambda: aligned(values | {"044237": 5}, TODAY))
    assert "044237" in problems[0].in_("en")
    assert "042161" in problems[0].in_("en")
