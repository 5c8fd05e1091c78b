"""Published lists from Python: read, audited, compared."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import allocator
from allocator.sources.bundled import DATA
from tests.api.tables import FOLDER, by_staff, codes_of, staff

LISTS = DATA / "published" / "2023"
RESIDENTS = LISTS / "residents.csv"


def wrong_by(yen: int, tmp_path: Path) -> Path:
    """Return a copy of the list with another amount in its first row."""
    text = RESIDENTS.read_text(encoding="utf-8")
    assert "47267000" in text
    file = tmp_path / "residents.csv"
    file.write_text(text.replace("47267000", str(47_267_000 + yen)), encoding="utf-8")
    return file


def test_a_list_is_read_as_printed() -> None:
    lists = allocator.read_lists(RESIDENTS)
    frame = lists.frame()

    assert len(lists) == 1
    assert frame.columns == [
        "list", "programme", "code", "prefecture", "municipality", "amount", "line",
    ]  # fmt: skip
    assert frame["amount"].sum() == 1_514_000_000
    assert frame.row(0)[2:] == ("010006", "北海道", "", 47_267_000, 2)
    assert repr(lists) == "Lists(residents.csv, lists=1)"
    assert "<table" in lists._repr_html_()


def test_a_row_that_is_left_out_is_told(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text(RESIDENTS.read_text(encoding="utf-8") + "合計,,,1514000000\n", encoding="utf-8")

    left_out = allocator.read_lists(str(file)).left_out()

    assert left_out.columns == ["line", "reason", "text", "list"]
    assert left_out["line"].to_list() == ["1", "49"]
    assert left_out["text"][1].startswith("合計")


def test_a_plan_lends_its_register() -> None:
    assert len(allocator.read_lists(RESIDENTS, plan=2023).frame()) == 47
    assert len(allocator.read_lists(RESIDENTS, plan=allocator.load_plan(FOLDER)).frame()) == 47


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(allocator.InputError) as caught:
        allocator.read_lists("nothing.csv")

    assert codes_of(caught.value) == ["missing_file"]


def test_a_list_that_agrees() -> None:
    audits = allocator.audit(RESIDENTS)

    assert audits.agree
    assert audits.frame().is_empty()
    assert len(audits) == 1
    checks = audits.checks()
    assert checks.filter("checked")["check"].to_list()[:2] == ["codes", "payers"]
    assert not checks.filter(~pl.col("checked")).is_empty()
    assert repr(audits) == "Audits(lists=1, findings=0, agree=True)"
    assert "declared_total" in audits._repr_html_()


def test_a_difference_is_a_finding(tmp_path: Path) -> None:
    lists = allocator.read_lists(wrong_by(1000, tmp_path))

    audits = allocator.audit(lists, programme="residents")

    assert not audits.agree
    found = audits.frame().filter(pl.col("kind") == "amount")
    row = found.select("code", "published", "expected", "difference").rows()
    assert row == [("010006", 47_268_000, 47_267_000, 1000)]
    assert audits.frame("ja")["message"].to_list() != audits.frame()["message"].to_list()


def test_an_audit_heeds_what_with_changed() -> None:
    changed = allocator.load_plan(2023).with_(totals={"residents": 1_600_000_000})
    amounts = allocator.allocate(changed)["residents"].frame()["amount"].to_list()

    audits = allocator.audit(RESIDENTS, changed, programme="residents")

    assert not audits.agree
    found = audits.frame().filter(pl.col("kind") == "amount")
    assert found["expected"].to_list() == amounts
    only = allocator.load_plan(2023).with_(only="lgwan")
    with pytest.raises(allocator.InputError):
        allocator.audit(RESIDENTS, only, programme="residents")


def test_a_list_against_another(tmp_path: Path) -> None:
    other = allocator.read_lists(wrong_by(1000, tmp_path))

    assert allocator.audit(RESIDENTS, against=RESIDENTS).agree
    found = allocator.audit(other, against=allocator.read_lists(RESIDENTS)).frame()
    assert found.filter(pl.col("kind") == "amount")["difference"].to_list() == [1000]


def test_lists_side_by_side(tmp_path: Path) -> None:
    comparison = allocator.compare(RESIDENTS, wrong_by(1000, tmp_path), programme="residents")
    frame = comparison.frame()

    assert frame.columns == [
        "programme", "code", "prefecture", "municipality", "left", "right", "difference",
    ]  # fmt: skip
    assert frame.filter(pl.col("difference") != 0)["difference"].to_list() == [1000]
    assert "<table" in comparison._repr_html_()
    assert isinstance(comparison.notes("ja"), list)


def test_plans_and_outcomes_and_lists_can_be_compared() -> None:
    plan = allocator.load_plan(2023)
    changed = plan.with_(totals={"residents": 1_600_000_000})
    lists = allocator.read_lists(RESIDENTS)

    same = allocator.compare(plan, 2023).frame()
    more = allocator.compare(plan, changed, programme="residents").frame()
    less = allocator.compare(allocator.allocate(changed), lists, programme="residents").frame()

    assert same["difference"].sum() == 0
    assert len(same) == 47 * 3 + 1788
    assert more["difference"].sum() == 86_000_000
    assert less["difference"].sum() == -86_000_000
    assert allocator.compare(str(FOLDER), FOLDER / "plan.toml").frame().equals(same)


def test_outcomes_with_measures_of_their_own_can_be_compared() -> None:
    figures = staff()
    one, other = (
        allocator.allocate(by_staff(), measures={"staff": each})
        for each in (figures, figures.with_columns(pl.col("staff").reverse()))
    )

    frame = allocator.compare(one, other).frame()

    assert frame["left"].to_list() == frame["right"].to_list()[::-1]


def test_what_has_nothing_in_common_is_refused() -> None:
    with pytest.raises(allocator.InputError) as caught:
        allocator.compare(RESIDENTS, LISTS / "lgwan.csv", programme="nothing")

    assert [each.where for each in caught.value.problems] == ["programme: nothing"]
    with pytest.raises(allocator.InputError):
        allocator.compare(2023, "nothing")
