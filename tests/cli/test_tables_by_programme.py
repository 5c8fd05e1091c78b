"""Tables with a column for the programme: one list for each, and every row accounted for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest

from tests.acceptance.recompute import Row, table
from tests.cli.calls import Caller, assert_refused, call_inside
from tests.cli.own import PROGRAMMES, ROWS, audits
from tests.outputs.spreadsheet import opened
from tests.sources.files import as_csv

HEAD: Final = "年度,事業,団体コード,都道府県名,金額"


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("by_programme") / "2023"
    ended = call_inside("run", "--out", folder)
    assert ended.status == 0, ended.err
    return folder


def readings(call: Caller, file: Path | str) -> dict[str, dict[str, Any]]:
    """Return what `check` read of each list, whose ledgers hold for all rows together."""
    ended = call("check", file, "--json")
    assert ended.status == 0, ended.err
    found = {each["name"]: each for each in ended.object["read"]}
    assert len(found) == len(ended.object["read"])
    for each in found.values():
        assert each["rows_taken"] + len(each["left_out"]) == each["rows_in"]
    return found


def reasons(reading: Mapping[str, Any]) -> list[tuple[Any, str]]:
    return [(each["line"], each["reason"]) for each in reading["left_out"]]


def by_programme(rows: Sequence[Row], names: Mapping[str, str]) -> list[Row]:
    return [
        {
            "事業": names[row["programme"]],
            "団体コード": row["code"],
            "都道府県名": row["prefecture"],
            "市区町村名": row["municipality"],
            "金額": row["amount"],
        }
        for row in rows
    ]


def test_a_table_of_ones_own_by_the_names_of_the_programmes(
    call: Caller, outputs: Path, here: Path
) -> None:
    text = (outputs / "allocation.xlsx").read_bytes()
    names = {
        name: title
        for name, title in zip(
            PROGRAMMES,
            [row[1] for row in opened(text).rows("総括", 4)],
            strict=False,
        )
        if isinstance(title, str)
    }
    rows = by_programme(table(outputs / "allocation.csv"), names)
    total = sum(int(row["金額"]) for row in rows)
    rows.append(dict.fromkeys(rows[0], "") | {"団体コード": "合計", "金額": f"{total:,}"})
    (here / "table.csv").write_text("各事業の負担額\n" + as_csv(rows), encoding="utf-8")
    found = audits(call, "table.csv")
    assert [each["programme"] for each in found] == PROGRAMMES
    assert [each["rows"] for each in found] == list(ROWS.values())
    assert all(each["findings"] == [] for each in found)

    ended = call("compare", "table.csv", "2023", "--json")
    assert ended.status == 0, ended.err
    assert [each["programme"] for each in ended.object["programmes"]] == PROGRAMMES
    for each in ended.object["programmes"]:
        assert {row["difference"] for row in each["rows"]} == {0}

    rows[-1]["金額"] = f"{total + 1}"
    (here / "table.csv").write_text(as_csv(rows), encoding="utf-8")
    assert_refused(call("audit", "table.csv"), f"line {len(rows) + 1}", f"{total + 1:,}")


def test_rows_without_a_programme_are_refused(call: Caller, outputs: Path, here: Path) -> None:
    rows = table(outputs / "allocation.csv")
    rows[4]["programme"] = ""
    (here / "gap.csv").write_text(as_csv(rows), encoding="utf-8")
    assert_refused(call("audit", "gap.csv"), "gap.csv: line 6, column programme", "no programme")
    rows[4] |= {"programme": "residents", "fiscal_year": "soon"}
    (here / "gap.csv").write_text(as_csv(rows), encoding="utf-8")
    assert_refused(call("audit", "gap.csv"), "gap.csv: line 6, column fiscal_year", "soon")


def test_notional_figures_are_no_list(call: Caller, outputs: Path) -> None:
    file = outputs / "breakdown.csv"
    for words in (("audit", file), ("audit", outputs / "allocation.csv", "--against", file)):
        assert_refused(call(*words), "breakdown.csv", "参考", "allocation.csv")


# -- rows that are nobody's ------------------------------------------------------------------------


def test_every_row_of_a_table_is_in_one_ledger(call: Caller, here: Path) -> None:
    """What belongs to no programme alone stands in the ledger of the first list."""
    rows = [
        "各事業の負担額,,,,",
        "(単位:千円),,,,",
        HEAD,
        "令和5年度,道路,010006,北海道,5",
        "令和5年度,道路,020001,青森県,7",
        ",,小計,,12",
        ",,,,",
        "年度,事業,団体コード,都道府県名,金額",
        "2023,水道,010006,北海道,1",
        "2023,水道,,合計,1",
        "2023,道路,030007,岩手県,2",
        ",,注 四捨五入による。,,",
        ",合計,,,15",
    ]
    (here / "table.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    found = readings(call, "table.csv")
    assert list(found) == ["道路", "水道"]
    assert sum(each["rows_in"] for each in found.values()) == len(rows)
    assert reasons(found["道路"]) == [
        (1, "title"),
        (2, "title"),
        (3, "header"),
        (6, "subtotal"),
        (7, "blank"),
        (8, "heading"),
        (12, "note"),
        (13, "total"),
    ]
    assert reasons(found["水道"]) == [(10, "total")]
    (said,) = (each["text"] for each in [call("check", "table.csv", "--json").object])
    assert "3 amounts, 14,000 yen" in said
    assert "1 amounts, 1,000 yen" in said


@pytest.mark.parametrize(
    ("row", "pieces"),
    [
        (",,,,3", ("line 4, column 事業", "no programme")),
        (",,020001,青森県,", ("line 4, column 事業", "no programme")),
        (",,,青森県,", ("line 4, column 事業", "no programme")),
        (",合計,,,7", ("line 4, column 金額", "the total is 7", "add up to 6")),
        (",,小計,,4", ("line 4, column 金額", "the total is 4")),
        (",合計,,,六", ("line 4, column 金額", "六")),
        ("2023,水道,010006,北海道,1,234", ("line 4", "1,234")),
        ("来年度,水道,010006,北海道,1", ("line 4, column 年度", "来年度")),
    ],
)
def test_a_row_that_cannot_be_told_is_refused(
    call: Caller, here: Path, row: str, pieces: tuple[str, ...]
) -> None:
    rows = [HEAD, "2023,道路,010006,北海道,5", "2023,水道,020001,青森県,1", row]
    (here / "table.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    for command in ("check", "audit"):
        assert_refused(call(command, "table.csv"), *pieces)


def test_figures_that_are_cut_in_some_programmes_alone(call: Caller, here: Path) -> None:
    """All of one programme are: by itself it might have a column of its own there."""
    rows = [f"{HEAD},番号", "2023,道路,010006,北海道,5,123", "2023,水道,010006,北海道,700,"]
    (here / "table.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert_refused(call("check", "table.csv"), "line 2, column 金額", "unquoted separators")


def test_a_total_over_the_only_programme_is_its_own(call: Caller, here: Path) -> None:
    """So a wrong one is a finding, and no reason to refuse the table."""
    rows = [HEAD, "2023,道路,010006,北海道,5", "2023,道路,020001,青森県,1", ",合計,,,7"]
    (here / "table.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    (found,) = audits(call, "table.csv", "--programme", "residents", status=1)
    assert (found["declared_total"], found["listed_total"]) == (7, 6)
    assert_refused(call("check", "table.csv"), "合計 says 7, the rows add up to 6")


def test_a_column_of_programmes_that_says_something_else(call: Caller, here: Path) -> None:
    rows = [HEAD, *(f"2023,道路その{number},010006,北海道,5" for number in range(101))]
    (here / "table.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert_refused(call("audit", "table.csv"), "line 1, column 事業", "101 programmes")
    (here / "table.csv").write_text("\n".join(rows[:-1]) + "\n", encoding="utf-8")
    assert len(readings(call, "table.csv")) == 100


def test_one_programme_in_two_years_is_two_lists(call: Caller, here: Path) -> None:
    rows = [HEAD, "令和4年度,residents,010006,北海道,5", "2023,residents,010006,北海道,6"]
    (here / "table.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    ended = call("extract", "table.csv", "--out", "out", "--json")
    assert ended.status == 0, ended.err
    assert [each["heading_year"] for each in ended.object["lists"]] == [2022, 2023]
    for year, amount in ((2022, 5), (2023, 6)):
        (row,) = table(here / "out" / str(year) / "residents.csv")
        assert row["amount"] == str(amount)


def test_faults_of_all_programmes_are_said_at_once(call: Caller, here: Path) -> None:
    rows = [HEAD, "2023,道路,010006,北海道,五", "2023,水道,020001,青森県,六"]
    (here / "table.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    assert_refused(call("check", "table.csv"), "line 2, column 金額", "line 3, column 金額")


def test_programmes_in_words_are_extracted_under_their_ids(
    call: Caller, outputs: Path, here: Path
) -> None:
    """Of a table with one programme the title above says the same."""
    words = {
        "residents": "本人確認情報処理事務等に係る負担金",
        "lgwan": "総合行政ネットワークに係る負担金",
    }
    rows = [row for row in table(outputs / "allocation.csv") if row["programme"] in words]
    text = as_csv(by_programme(rows, words))
    (here / "two.csv").write_text(text, encoding="utf-8")
    alone = as_csv(by_programme(rows[:47], {"residents": "事業1"}))
    title = "令和5年度 本人確認情報処理事務等に係る負担金一覧\n"
    (here / "one.csv").write_text(title + alone, encoding="utf-8")
    assert call("extract", "two.csv", "--out", "two").status == 0
    assert {each.stem for each in (here / "two/undated").glob("*.csv")} == {*words, "places"}
    (found,) = audits(call, "one.csv")
    assert (found["programme"], found["matched"]) == ("residents", 47)


@pytest.mark.parametrize("name", ["../../x", "places", "負担金一覧", "=1+1", "a/b", "CON:"])
def test_programmes_of_any_name_are_extracted_into_the_folder(
    call: Caller, here: Path, name: str
) -> None:
    rows = [HEAD, f"2023,{name},010006,北海道,5", "2023,水道,010006,北海道,6"]
    (here / "table.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")
    ended = call("extract", "table.csv", "--out", "out", "--json")
    assert ended.status == 0, ended.err
    assert {each.name for each in here.iterdir()} == {"table.csv", "out"}
    written = {each.relative_to(here / "out").as_posix() for each in here.glob("out/**/*.*")}
    assert written == {
        "2023/list.csv",
        "2023/list-2.csv",
        "2023/places.csv",
        "2023/lists.toml",
        "left_out.csv",
    }
    assert table(here / "out/2023/list.csv")[0]["amount"] == "5"


def test_a_table_by_programme_on_a_sheet(call: Caller, here: Path) -> None:
    """Words that stand over lists in papers may stand in its rows and its title."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["令和5年度 負担金総額 11円"],
        HEAD.split(",")[1:],
        ["道路負担金一覧", "010006", "北海道", 5],
        ["水道負担金一覧", "010006", "北海道", 6],
    ):
        sheet.append(row)
    book.create_sheet("説明").append(["この表について"])
    book.save(here / "table.xlsx")
    found = readings(call, "table.xlsx")
    assert list(found) == ["道路負担金一覧", "水道負担金一覧"]
    assert reasons(found["道路負担金一覧"]) == [(1, "title"), (2, "header")]
    ended = call("extract", "table.xlsx", "--out", "out", "--json").object
    assert [each["heading_year"] for each in ended["lists"]] == [2023, 2023]
    assert ended["rows_in"] - len(ended["left_out"]) == 2
    assert [each["reason"] for each in ended["left_out"]] == ["title", "header", "outside"]
