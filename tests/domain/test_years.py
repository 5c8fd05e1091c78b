"""年度: by the calendar and by era, read and written."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from allocator.domain.errors import InputError
from allocator.domain.years import FiscalYear


@pytest.mark.parametrize(
    ("year", "japanese"),
    [
        (2023, "令和5年度"),
        (2020, "令和2年度"),
        (2019, "令和元年度"),
        (2018, "平成30年度"),
        (1990, "平成2年度"),
        (1989, "平成元年度"),
        (1988, "昭和63年度"),
        (1950, "昭和25年度"),
        (2030, "令和12年度"),
    ],
)
def test_by_era_both_ways(year: int, japanese: str) -> None:
    assert FiscalYear(year).japanese == japanese
    assert FiscalYear.parse(japanese) == FiscalYear(year)


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2023", 2023),
        (2023, 2023),
        ("２０２３", 2023),
        ("2023年度", 2023),
        ("２０２３ 年度", 2023),
        ("令和５年度", 2023),
        (" 令和 ５ 年度\u3000", 2023),
        ("令和5", 2023),
        ("R5", 2023),
        ("Ｒ５", 2023),
        ("R5年度", 2023),
        ("R元年度", 2019),
        ("令和1年度", 2019),
        ("平成31年度", 2019),
        ("H31", 2019),
        ("平成27年度", 2015),
        ("昭和64年度", 1989),
        ("S60", 1985),
        ("㋿5年度", 2023),
    ],
    ids=repr,
)
def test_what_documents_write(text: str | int, year: int) -> None:
    assert FiscalYear.parse(text).year == year


@pytest.mark.parametrize(
    "text",
    ["", "年度", "令和", "令和0年度", "R0", "大正5年度", "23", "20233", "2023-04", "X5", "五"],
)
def test_no_fiscal_year(text: str) -> None:
    with pytest.raises(InputError) as caught:
        FiscalYear.parse(text, where="plan.toml: fiscal_year")
    (problem,) = caught.value.problems
    assert problem.where == "plan.toml: fiscal_year"
    assert all(repr(text) in said for said in problem.what)
    assert all(problem.mend)


def test_nothing_before_the_eras() -> None:
    with pytest.raises(ValueError, match="1925"):
        _ = FiscalYear(1925).japanese


@given(st.integers(1926, 2117))
def test_read_as_written(year: int) -> None:
    assert FiscalYear.parse(FiscalYear(year).japanese).year == year
    assert FiscalYear.parse(str(FiscalYear(year))).year == year


def test_first_and_last_day() -> None:
    year = FiscalYear(2023)
    assert (year.first_day, year.last_day) == (date(2023, 4, 1), date(2024, 3, 31))


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2023, 3, 31), 2022),
        (date(2023, 4, 1), 2023),
        (date(2023, 12, 31), 2023),
        (date(2024, 1, 1), 2023),
        (date(2024, 2, 29), 2023),
        (date(2019, 5, 1), 2019),
    ],
)
def test_the_fiscal_year_of_a_day(day: date, year: int) -> None:
    assert FiscalYear.of(day) == FiscalYear(year)


@given(st.dates(date(1930, 1, 1), date(2200, 1, 1)))
def test_a_day_lies_in_its_year_and_no_other(day: date) -> None:
    year = FiscalYear.of(day)
    assert year.first_day <= day <= year.last_day
    assert FiscalYear(year.year + 1).first_day - year.last_day == timedelta(days=1)


def test_years_are_ordered() -> None:
    years = [FiscalYear.parse(text) for text in ("R5", "H31", "S60", "R1")]
    assert [year.year for year in sorted(years)] == [1985, 2019, 2019, 2023]
