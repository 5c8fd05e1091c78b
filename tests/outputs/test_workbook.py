"""allocation.xlsx of the bundled plan, read back with another library."""

from __future__ import annotations

import zipfile
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import polars as pl
import pytest
from openpyxl import Workbook

from allocator.engine.result import Allocation
from allocator.outputs.files.provenance import provenance_of
from allocator.outputs.workbook.book.cells import LARGEST_NUMBER
from allocator.results.outcome import Outcome
from allocator.sources.bundled import DATA
from tests.outputs.country import named, rows, sheet

PREFECTURE_LISTS = {1: "residents", 2: "jpki", 4: "lgwan"}


def allocation_of(outcome: Outcome, programme: str) -> Allocation:
    """Return the amounts of one programme."""
    (found,) = [each.allocation for each in outcome.programmes if each.programme.id == programme]
    assert found is not None
    return found


def test_sheets_and_their_order(workbook: Workbook) -> None:
    assert workbook.sheetnames == [
        "総括",
        "一覧1 本人確認情報処理事務等",
        "算定1 本人確認情報処理事務等",
        "一覧2 公的個人認証サービス",
        "算定2 公的個人認証サービス",
        "算定2-1 均等割",
        "算定2-2 割合表による額",
        "算定2-3 人口割",
        "一覧3 特定個人情報の提供の求め等",
        "算定3 特定個人情報の提供の求め等",
        "一覧4 総合行政ネットワーク",
        "算定4 総合行政ネットワーク",
        "市区町村別",
        "前年度比較",
        "算定内訳書",
        "検算",
        "算定方法",
        "入力データ",
        "入力データ(都道府県)",
        "入力データ(市区町村)",
        "入力データ(全団体)",
        "来歴",
    ]
    assert workbook.active is not None
    assert workbook.active.title == "総括"


@pytest.mark.parametrize(("number", "programme"), PREFECTURE_LISTS.items())
def test_prefecture_lists_are_laid_out_as_published(
    number: int, programme: str, workbook: Workbook, bundled: Outcome
) -> None:
    allocation = allocation_of(bundled, programme)
    stem = bundled.plan.programme(programme, "").name.removesuffix("負担金")

    title, unit, heading, *listed, total = rows(sheet(workbook, f"一覧{number}"))

    assert title == (f"{stem}令和5年度負担金一覧(都道府県別)", None)
    assert unit == (None, "(単位:円)")
    assert heading == ("都道府県名", "金額")
    assert listed == list(zip(allocation.payers["prefecture"], allocation.amounts, strict=True))
    assert total == ("合計", allocation.total)


def test_the_list_for_all_payers_is_laid_out_as_published(
    workbook: Workbook, bundled: Outcome
) -> None:
    title, unit, heading, *listed = rows(sheet(workbook, "一覧3"))

    assert str(title[0]).endswith("事務の委任に係る令和5年度交付金一覧(団体別)")
    assert unit[-1] == "(単位:円)"
    assert heading == ("団体コード", "都道府県名", "市区町村名", "交付金")
    amounts = allocation_of(bundled, "intermediate_server").by_code
    assert {row[0]: row[3] for row in listed} == amounts
    assert [row[0] for row in listed] == sorted(amounts)
    assert listed[0] == ("010006", "北海道", None, 11_866_000)
    assert listed[-1] == ("473821", "沖縄県", "八重山郡与那国町", 2_096_000)


@pytest.mark.parametrize("programme", ["residents", "intermediate_server"])
def test_lists_by_rule_hold_the_published_amounts(programme: str, workbook: Workbook) -> None:
    published = pl.read_csv(
        DATA / f"published/2023/{programme}.csv", schema_overrides={"code": pl.String}
    )

    codes, amounts = (named(workbook, f"{programme}_{name}") for name in ("codes", "amounts"))

    assert dict(zip(codes, amounts, strict=True)) == dict(
        published.select("code", "amount").iter_rows()
    )


@pytest.mark.parametrize("programme", ["residents", "jpki", "intermediate_server", "lgwan"])
def test_defined_names_lead_to_payers_in_code_order(
    programme: str, workbook: Workbook, bundled: Outcome
) -> None:
    allocation = allocation_of(bundled, programme)

    assert named(workbook, f"{programme}_total") == [allocation.total]
    assert named(workbook, f"{programme}_codes") == list(allocation.by_code)
    assert named(workbook, f"{programme}_amounts") == list(allocation.amounts)
    if not allocation.parts:
        measures = named(workbook, f"{programme}_measure_1")
        assert measures == allocation.steps.columns["measure_1"].tolist()


def test_names_of_the_unit(workbook: Workbook) -> None:
    assert named(workbook, "residents_unit") == [1000]
    assert named(workbook, "lgwan_unit") == [1]
    assert "intermediate_server_unit" not in workbook.defined_names


def test_all_organisations_with_notional_figures_apart(
    workbook: Workbook, bundled: Outcome
) -> None:
    of = sheet(workbook, "市区町村別")
    heading, *everyone, total = rows(of, 3)
    assert len(everyone) == 1788
    assert total[0] == "合計"
    columns = [list(column) for column in zip(*everyone, strict=True)]
    codes, col = columns[0], 4
    for each in bundled.programmes:
        assert each.allocation is not None
        assert heading[col] == each.programme.name
        paid = each.allocation.by_code
        assert columns[col] == [paid.get(str(code)) for code in codes]
        assert total[col] == each.allocation.total
        assert of.cell(4, col + 1).font.i is False
        col += 1
        if each.notional is None:
            continue
        assert str(heading[col]).startswith("【参考】")
        members = each.notional.municipalities["code"]
        figures = dict(zip(members, each.notional.amounts, strict=True))
        assert columns[col] == [figures.get(str(code)) for code in codes]
        assert total[col] == each.allocation.total
        assert of.cell(5, col + 1).font.i is True
        col += 1
    assert col == 11
    assert [str(name).split("\n")[0] for name in heading[col : col + 3]] == [
        "負担額の計",
        "人口(2022年1月1日現在)",
        "人口1人当たりの",
    ]
    assert columns[col] == [
        sum(
            each.allocation.by_code.get(str(code), 0)
            for each in bundled.programmes
            if each.allocation
        )
        for code in codes
    ]
    assert columns[col + 2][0] == columns[col][0] / columns[col + 1][0]


def test_summary_says_how_far_amounts_stand_on_a_rule(workbook: Workbook) -> None:
    found = {str(row[1]): row for row in rows(sheet(workbook, "総括"), 4)[:4]}

    residents = found["本人確認情報処理事務等に係る負担金"]
    assert residents[2:7] == ("都道府県", 47, 1_514_000_000, "規則による", "47団体中 47団体が一致")
    jpki = found["公的個人認証サービスに係る負担金"]
    assert jpki[5] == "部分の合算(規則 82.5%、引継ぎ 17.5%)"
    assert str(jpki[6]).startswith("照合対象外")
    assert "電子署名" in str(jpki[7])
    assert "参考資料6" in str(jpki[8])
    assert rows(sheet(workbook, "総括"), 8)[0][4] == 11_576_856_280


def test_summary_reconciles_with_the_budget(workbook: Workbook) -> None:
    found = [row for row in rows(sheet(workbook, "総括")) if row[2] == "当初予算"]

    assert [row[3:6] for row in found] == [
        ("事実", 1_514_000, 0),
        ("事実", 2_406_000, 0),
        ("事実", 5_978_953, 0),
        ("事実", 1_677_903, 0),
    ]


def test_checks_are_all_right_and_claim_nothing_of_carried_shares(workbook: Workbook) -> None:
    found = rows(sheet(workbook, "検算"), 4)

    assert len(found) == 57
    assert [row[0] for row in found] == list(range(1, 58))
    verdicts = [row[6] for row in found]
    assert verdicts.count("適") == 55
    assert verdicts.count("対象外") == 2
    for row in found:
        if row[6] == "適":
            assert row[3] == row[4]
            assert row[5] == 0
    published = {str(row[1])[:4]: row for row in found if "公表一覧の金額" in str(row[2])}
    assert published["本人確認"][3:7] == (47, 47, 0, "適")
    assert published["公的個人"][3:7] == (None, None, None, "対象外")


def test_history_names_inputs_and_versions(workbook: Workbook, bundled: Outcome) -> None:
    found = {row[0]: row[1:] for row in rows(sheet(workbook, "来歴"))}
    provenance = provenance_of(bundled)

    for each in provenance.inputs:
        assert found[each.name] == ("同梱", each.sha256)
    for name, version in provenance.versions.items():
        assert found[f"版: {name}"][0] == version


def test_sheets_are_ready_to_print(workbook: Workbook) -> None:
    for each in workbook.worksheets:
        assert each.page_setup.paperSize == 9
        assert each.page_setup.fitToWidth in (None, 1)
        assert each.sheet_properties.pageSetUpPr is not None
        assert each.sheet_properties.pageSetUpPr.fitToPage
        assert each.oddFooter is not None
        assert each.oddFooter.center.text == "&P / &N"
        assert each.freeze_panes is not None
    assert sheet(workbook, "一覧3").print_title_rows == "$1:$3"
    assert sheet(workbook, "一覧3").freeze_panes == "A4"
    assert sheet(workbook, "一覧3").page_setup.fitToHeight == 0
    assert sheet(workbook, "一覧1").page_setup.fitToHeight in (None, 1)
    assert sheet(workbook, "市区町村別").print_title_rows == "$3:$3"


def test_amounts_are_shown_with_separators_and_a_triangle(workbook: Workbook) -> None:
    cell = sheet(workbook, "一覧1")["B4"]

    assert cell.data_type == "n"
    assert cell.number_format == '#,##0;"△"#,##0'
    assert sheet(workbook, "一覧3")["A4"].number_format == "@"


def test_columns_hold_their_text(workbook: Workbook) -> None:
    of = sheet(workbook, "一覧3")
    longest = max(len(str(row[2] or "")) for row in rows(of, 4))

    assert of.column_dimensions["C"].width >= 2 * longest
    assert of.column_dimensions["D"].width >= len("5,978,953,000")


def test_no_note_of_the_summary_runs_beyond_the_page(workbook: Workbook) -> None:
    of = sheet(workbook, "総括")
    room = sum(dimension.width for dimension in of.column_dimensions.values())
    notes = [str(row[0]) for row in rows(of, 3) if isinstance(row[0], str)]

    assert any("割合表" in note for note in notes)
    for note in notes:
        assert sum(2 if ord(each) > 255 else 1 for each in note) <= room


def test_properties_hold_no_clock(workbook: Workbook) -> None:
    assert workbook.properties.created == datetime(2023, 4, 1)  # noqa: DTZ001
    assert workbook.properties.modified == datetime(2023, 4, 1)  # noqa: DTZ001
    assert workbook.properties.title == "令和5年度 配分総括表"


def test_parts_hold_no_clock_and_no_rights(written: Path) -> None:
    with zipfile.ZipFile(written / "allocation.xlsx") as archive:
        for entry in archive.infolist():
            assert entry.date_time == (1980, 1, 1, 0, 0, 0)


def test_links_stay_inside_the_workbook(workbook: Workbook) -> None:
    links = [
        cell.hyperlink
        for each in workbook.worksheets
        for row in each.iter_rows()
        for cell in row
        if cell.hyperlink is not None
    ]

    assert len(links) > 15
    for link in links:
        assert link.target is None
        target = str(link.location)
        inside = target in workbook.defined_names or target.split("'")[1] in workbook.sheetnames
        assert inside or target.partition("!")[0].strip("'") in workbook.sheetnames


def test_inputs_are_marked_and_all_else_is_locked(workbook: Workbook) -> None:
    for each in workbook.worksheets:
        assert each.protection.sheet
        assert not each.protection.password
    for name in ("residents_total", "residents_unit", "residents_weight_1", "lgwan_measure_1"):
        ((title, place),) = workbook.defined_names[name].destinations
        found = workbook[title][place]
        cells = [cell for row in found for cell in row] if isinstance(found, tuple) else [found]
        for cell in cells:
            assert cell.fill.fgColor.rgb == "FFFFF2CC"
            assert not cell.protection.locked
            assert any(
                cell.coordinate in rule.sqref
                for rule in workbook[title].data_validations.dataValidation
            )
    assert sheet(workbook, "一覧1")["B4"].protection.locked


def test_lists_are_tables_that_excel_can_open(workbook: Workbook) -> None:
    tables = [(each, table) for each in workbook.worksheets for table in each.tables.values()]

    found = {each.title.partition(" ")[0] for each, _ in tables}
    assert found >= {"一覧1", "一覧3", "算定1", "算定3", "市区町村別", "検算"}
    assert found >= {"入力データ", "入力データ(都道府県)", "入力データ(全団体)"}
    names = [str(table.displayName) for _, table in tables]
    assert len({name.casefold() for name in names}) == len(names)
    assert not {*names} & {*workbook.defined_names}
    for each, table in tables:
        headings, *body = each[table.ref]
        assert [cell.value for cell in headings] == [column.name for column in table.tableColumns]
        assert len({str(cell.value).casefold() for cell in headings}) == len(headings)
        assert all(cell.data_type == "s" for cell in headings)
        assert not {cell.coordinate for row in body for cell in row} & {
            cell for merged in each.merged_cells.ranges for cell in merged.cells
        }
        assert each.auto_filter.ref is None
        assert table.autoFilter.ref == table.ref
        assert each.protection.autoFilter is False  # False: not forbidden
        assert "合計" not in [cell.value for cell in body[-1]]


def test_helper_columns_are_seen_but_not_printed(workbook: Workbook) -> None:
    of = sheet(workbook, "算定1")

    area = str(of.print_area).rpartition("!")[2].replace("$", "")
    right = max(cell.column for cell in of[area][-1])
    helpers = [cell for row in of.iter_rows(min_col=right + 1) for cell in row if cell.value]
    assert len(helpers) > 47
    assert {cell.font.color.rgb for cell in helpers} == {"FF808080"}
    assert not any(dimension.hidden for dimension in of.column_dimensions.values())
    assert of["A20"].alignment.indent == 0
    assert of["B20"].alignment.indent == 1


def test_a_measure_is_entered_once(workbook: Workbook) -> None:
    yellow = {
        (each.title, cell.column)
        for each in workbook.worksheets
        for row in each.iter_rows(min_row=30, max_row=40)
        for cell in row
        if cell.fill.fgColor.rgb == "FFFFF2CC"
    }

    assert yellow == {
        ("算定2-2 割合表による額", 3),
        ("算定4 総合行政ネットワーク", 3),
        ("入力データ(都道府県)", 3),
        ("入力データ(市区町村)", 4),
        ("入力データ(全団体)", 4),
    }
    listed = {row[4] for row in rows(sheet(workbook, "入力データ"), 4)}
    assert {
        "residents_measure_1",
        "intermediate_server_measure_1",
        "入力データ(市区町村)",
    } <= listed


def test_weights_are_named_as_numerator_and_denominator(workbook: Workbook) -> None:
    for number in (1, 2):
        ((title, place),) = workbook.defined_names[f"residents_weight_{number}"].destinations
        (cells,) = workbook[title][place]
        assert [cell.value for cell in cells] == [1, 2]


def test_unit_amounts_have_names(workbook: Workbook) -> None:
    name = "intermediate_server_unit_amounts"
    assert named(workbook, f"{name}_prefectures")[-1] == 16_143_000
    assert len(named(workbook, f"{name}_municipalities")) == 6


def test_every_number_is_one_that_a_spreadsheet_shows(workbook: Workbook) -> None:
    assert LARGEST_NUMBER == 999_999_999_999_999
    for each in workbook.worksheets:
        for row in each.iter_rows(values_only=True):
            for value in row:
                assert value is None or isinstance(value, str | int) or each.title == "市区町村別"


def test_lists_are_in_code_order(workbook: Workbook) -> None:
    codes = [str(row[0]) for row in rows(sheet(workbook, "市区町村別"), 4)[:-1]]

    assert all(before < after for before, after in pairwise(codes))


def test_the_whole_folder_is_small(written: Path) -> None:
    assert sum(path.stat().st_size for path in written.iterdir()) < 3_000_000
