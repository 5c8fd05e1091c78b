"""Population and organisation-size files as they are downloaded."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from allocator.domain.errors import InputError
from allocator.domain.organisations import Register
from allocator.files.source import open_source
from allocator.sources.measures.file import Measure, read_measure
from allocator.sources.register import japan
from tests.sources.downloads import (
    COUNTY,
    NORTHERN,
    WARD,
    Row,
    bundled,
    ministry_rows,
    write_csv,
    write_parquet,
    write_xls,
    write_xlsx,
)

TITLE = "平成31年1月1日住民基本台帳人口・世帯数、平成30年人口動態(市区町村別)"


@pytest.fixture(scope="module")
def register() -> Register:
    return japan()


@pytest.fixture(scope="module")
def rows() -> list[Row]:
    return bundled("2019-01-01")


def read(path: Path, register: Register, column: str = "population") -> Measure:
    return read_measure(open_source(path), column, register, (column, None, "option"))


def figures(measure: Measure) -> dict[str, int]:
    return dict(measure.frame.select("code", "value").iter_rows())


Writer = Callable[[Path, list[Row]], Path]


def _ministry_xlsx(folder: Path, rows: list[Row]) -> Path:
    return write_xlsx(folder / "soumu.xlsx", ministry_rows(rows, TITLE))


def _ministry_xls(folder: Path, rows: list[Row]) -> Path:
    return write_xls(folder / "soumu.xls", ministry_rows(rows, TITLE))


def _later_years(folder: Path, rows: list[Row]) -> Path:
    """Later years: an empty row before the header, "-" where others have blanks."""
    title, *rest = ministry_rows(rows, TITLE, blank="-")
    return write_xlsx(folder / "later.xlsx", [title, [""] * 9, *rest])


def _ministry_csv(encoding: str) -> Writer:
    def write(folder: Path, rows: list[Row]) -> Path:
        return write_csv(folder / "soumu.csv", ministry_rows(rows, TITLE), encoding)

    return write


def _plain_csv(encoding: str) -> Writer:
    def write(folder: Path, rows: list[Row]) -> Path:
        table = [("団体コード", "都道府県名", "市区町村名", "人口"), *rows]
        return write_csv(folder / "jinko_20190101.csv", table, encoding)

    return write


def _parquet(folder: Path, rows: list[Row]) -> Path:
    return write_parquet(folder / "population_2019-01-01.parquet", rows)


def _e_stat(folder: Path, rows: list[Row]) -> Path:
    """e-Stat: lines about the table, five-digit area codes, units, values with separators."""
    about = [["統計名：", "住民基本台帳に基づく人口"], ["基準日", "2019年1月1日"], []]
    header = ["area_code", "地域", "unit", "value"]
    table = [[code[:5], prefecture + name, "人", f"{n:,}"] for code, prefecture, name, n in rows]
    return write_csv(folder / "FEH_00200241.csv", [*about, header, *table])


@pytest.mark.parametrize(
    "write",
    [
        pytest.param(_ministry_xlsx, id="ministry xlsx"),
        pytest.param(_ministry_xls, id="ministry xls"),
        pytest.param(_later_years, id="later years"),
        *(
            pytest.param(_ministry_csv(encoding), id=f"ministry csv {encoding}")
            for encoding in ("utf-8", "utf-8-sig", "cp932", "utf-16")
        ),
        *(
            pytest.param(_plain_csv(encoding), id=f"plain csv {encoding}")
            for encoding in ("utf-8", "utf-8-sig", "cp932", "utf-16")
        ),
        pytest.param(_parquet, id="parquet"),
        pytest.param(_e_stat, id="e-Stat"),
    ],
)
def test_every_layout_gives_the_same_figures(
    write: Writer, tmp_path: Path, register: Register, rows: list[Row]
) -> None:
    measure = read(write(tmp_path, rows), register)

    assert measure.as_of == date(2019, 1, 1)
    assert figures(measure) == {code: count for code, _, _, count in rows}


def test_rows_that_are_no_payers_are_left_out_and_counted(
    tmp_path: Path, register: Register, rows: list[Row]
) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", ministry_rows([*rows, WARD, COUNTY, NORTHERN], TITLE))
    measure = read(path, register)

    assert figures(measure) == {code: count for code, _, _, count in rows}
    (remark,) = measure.remarks
    for words in ("1 total rows", "1 wards", "1 county or island", "1 villages", "1 notes"):
        assert words in remark.en


def test_another_column_by_its_words(tmp_path: Path, register: Register, rows: list[Row]) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", ministry_rows(rows, TITLE))

    assert figures(read(path, register, "世帯数")) == {code: n // 2 for code, _, _, n in rows}


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda code: str(int(code)), id="number without its zero"),
        pytest.param(lambda code: code[:5], id="five digits"),
        pytest.param(lambda code: str(int(code[:5])), id="five digits without a zero"),
        pytest.param(lambda code: code.translate(_WIDE), id="full width"),
    ],
)
def test_codes_as_offices_write_them(
    spoil: Callable[[str], str], tmp_path: Path, register: Register, rows: list[Row]
) -> None:
    table = [("団体コード", "人口"), *((spoil(code), count) for code, _, _, count in rows)]
    path = write_csv(tmp_path / "population_2019-01-01.csv", table)

    assert figures(read(path, register)) == {code: count for code, _, _, count in rows}


_WIDE: dict[int, str] = {ord(digit): chr(ord(digit) + 0xFEE0) for digit in "0123456789"}


def test_what_was_mended_is_listed(tmp_path: Path, register: Register, rows: list[Row]) -> None:
    table = [("団体コード", "人口"), (11002, "１，９５５人"), *(row[::3] for row in rows[2:])]
    measure = read(write_csv(tmp_path / "population_2019-01-01.csv", table), register)

    assert figures(measure)["011002"] == 1_955
    assert {remark.en for remark in measure.remarks} == {
        "codes completed to six digits: 1 (lines 2)",
        "figures read without width, signs or units: 1 (lines 2)",
    }


def test_missing_codes_are_resolved_by_name(tmp_path: Path, register: Register) -> None:
    """Card-issuance files have no code for 三宅村 and 八丈町."""
    table = [
        ("団体コード", "都道府県名", "市区町村名", "人口"),
        ("133647", "東京都", "神津島村", 1_900),
        ("", "東京都", "三宅村", 2_400),
        ("-", "東京都", "八丈町", 7_300),
    ]
    measure = read(write_csv(tmp_path / "cards_2019-01-01.csv", table), register)

    assert figures(measure) == {"133647": 1_900, "133817": 2_400, "134015": 7_300}
    assert [remark.en for remark in measure.remarks] == [
        "line 3: no code; 東京都 三宅村 is 133817 by its name",
        "line 4: no code; 東京都 八丈町 is 134015 by its name",
    ]


def test_thousands_as_a_unit(tmp_path: Path, register: Register) -> None:
    table = [("団体コード", "budget"), ("131016", "1,234千円"), ("131024", "5円")]
    path = write_csv(tmp_path / "budget_2019-01-01.csv", table)

    assert figures(read(path, register, "budget")) == {"131016": 1_234_000, "131024": 5}


@pytest.mark.parametrize("title", ["", "（単位：千人）"])
@pytest.mark.parametrize(("written", "persons"), [("1", 1000), ("66.456", 66456)])
def test_figures_in_thousands_are_read_in_persons(
    title: str, written: str, persons: int, tmp_path: Path, register: Register
) -> None:
    header = ["団体コード", "人口" if title else "人口（千人）"]
    path = write_csv(tmp_path / "population_2019-01-01.csv", [[title], header, ["131016", written]])

    assert figures(read(path, register)) == {"131016": persons}


def test_a_figure_in_thousands_that_is_no_whole_number_is_refused(
    tmp_path: Path, register: Register
) -> None:
    table = [("団体コード", "人口（千人）"), ("131016", "66.4567")]
    path = write_csv(tmp_path / "population_2019-01-01.csv", table)

    with pytest.raises(InputError) as caught:
        read(path, register)
    assert "line 2, column 人口(千人)" in str(caught.value)
    assert "66.4567" in str(caught.value)


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("△12", "negative"),
        ("▲12", "negative"),
        ("−12", "negative"),
        ("12.5", "not a whole number"),
        ("", "empty"),
        ("***", "no figure"),
        ("十二", "not a whole number"),
    ],
)
def test_cells_that_are_no_figure(
    cell: str, words: str, tmp_path: Path, register: Register
) -> None:
    table = [("団体コード", "人口"), ("131016", 1), ("131024", cell)]
    path = write_csv(tmp_path / "population_2019-01-01.csv", table)

    with pytest.raises(InputError) as caught:
        read(path, register)
    (problem,) = caught.value.problems
    assert "line 3, column 人口" in problem.where
    assert words in problem.what.en
    assert problem.mend.ja


def test_a_file_of_another_date_is_refused(
    tmp_path: Path, register: Register, rows: list[Row]
) -> None:
    path = write_xlsx(tmp_path / "a.xlsx", ministry_rows(rows, TITLE))

    with pytest.raises(InputError) as caught:
        read_measure(
            open_source(path), "population", register, ("population", date(2022, 1, 1), "plan")
        )
    assert "2019-01-01" in str(caught.value)
    assert "2022-01-01" in str(caught.value)


def _two_sheets(path: Path, *names: str) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    for figure, name in enumerate(names, start=1):
        sheet = book.create_sheet(name)
        sheet.append(["団体コード", "人口"])
        sheet.append(["131016", figure])
    book.save(path)
    return path


def test_two_sheets_with_tables_are_refused(tmp_path: Path, register: Register) -> None:
    path = _two_sheets(tmp_path / "population_2019-01-01.xlsx", "甲", "乙")
    with pytest.raises(InputError, match="甲, 乙"):
        read(path, register)


def test_of_two_sheets_that_of_all_residents_is_read_and_said(
    tmp_path: Path, register: Register
) -> None:
    path = _two_sheets(tmp_path / "population_2019-01-01.xlsx", "外国人", "総計")
    found = read(path, register)
    assert figures(found) == {"131016": 2}
    assert found.remarks[-1].en == "sheet 総計 was read, and none of: Sheet, 外国人"
