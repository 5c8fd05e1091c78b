"""The tool's own outputs as lists: audited, held against others, compared with the year before."""

from __future__ import annotations

import csv
import re
import shutil
from collections.abc import Callable
from html import unescape
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from tests.acceptance.recompute import published, table
from tests.cli.calls import ROOT, Caller, assert_refused, call_inside
from tests.cli.own import (
    HOKKAIDO,
    PROGRAMMES,
    ROWS,
    amounts_found,
    assert_sound,
    audits,
    packed,
    with_amount,
)
from tests.outputs.country import ROADS, TROUBLE, write_country
from tests.outputs.spreadsheet import converted, opened
from tests.sources.files import as_csv


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("own") / "2023"
    ended = call_inside("run", "--out", folder)
    assert ended.status == 0, ended.err
    return folder


# -- as they were written --------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["allocation.csv", "allocation.xlsx"])
def test_an_output_is_audited_programme_by_programme(
    call: Caller, outputs: Path, name: str
) -> None:
    assert_sound(audits(call, outputs / name))


def test_an_output_in_cp932(call: Caller, outputs: Path, here: Path) -> None:
    text = (outputs / "allocation.csv").read_text(encoding="utf-8-sig")
    (here / "sjis.csv").write_bytes(text.encode("cp932"))
    assert_sound(audits(call, "sjis.csv"))


def test_one_programme_may_be_picked(call: Caller, outputs: Path) -> None:
    for name in ("allocation.csv", "allocation.xlsx"):
        (found,) = audits(call, outputs / name, "--programme", "lgwan")
        assert (found["programme"], found["rows"]) == ("lgwan", 47)


def test_lines_and_sheets_are_named(call: Caller, outputs: Path, here: Path) -> None:
    text = (outputs / "allocation.csv").read_bytes()
    (here / "a.csv").write_bytes(text.replace(b",14132000", b",14132001", 1))
    lines = text.decode("utf-8-sig").splitlines()
    line = next(n for n, row in enumerate(lines, start=1) if row.endswith(",14132000"))
    (finding,) = (f for each in audits(call, "a.csv", status=1) for f in each["findings"])
    assert finding["where"] == f"a.csv: line {line}"
    book = with_amount((outputs / "allocation.xlsx").read_bytes(), "算定1", HOKKAIDO, "<v>1</v>")
    (here / "a.xlsx").write_bytes(book)
    first = next(
        f for each in audits(call, "a.xlsx", status=1) for f in each["findings"] if f["code"]
    )
    assert re.fullmatch(r"a\.xlsx: sheet 算定1 [^,]+, row 17", first["where"])


@pytest.mark.parametrize("total", [1_000_000, 900_000_000_000_000_000])
def test_names_that_make_trouble_and_amounts_beyond_a_spreadsheet(
    call: Caller, tmp_path: Path, total: int
) -> None:
    """Such amounts stand in the workbook as text; names may look like formulas or markup."""
    roads = ROADS.replace("total = 1000000", f"total = {total}")
    plan = write_country(tmp_path / "plan", roads=roads)
    assert call("run", plan, "--out", tmp_path / "out").status == 0
    for name in ("allocation.csv", "allocation.xlsx"):
        found = audits(call, tmp_path / "out" / name, "--plan", plan)
        assert [(each["programme"], each["rows"], each["matched"]) for each in found] == [
            ("roads", 2, 2),
            ("wells", 7, 7),
        ]
        assert all(each["findings"] == [] for each in found)
        assert found[0]["listed_total"] == total
        compared = call("compare", tmp_path / "out" / name, plan, "--json").object["programmes"]
        assert [each["left_total"] for each in compared] == [total, 49]
        assert {row["difference"] for each in compared for row in each["rows"]} == {0}
        assert [row["municipality"] for row in compared[1]["rows"] if row["municipality"]] == [
            *TROUBLE
        ]


# -- changed ---------------------------------------------------------------------------------------


def test_a_changed_amount_is_one_difference(call: Caller, outputs: Path, here: Path) -> None:
    text = (outputs / "allocation.csv").read_bytes()
    (here / "changed.csv").write_bytes(text.replace(b"47267000", b"47267001"))
    found = audits(call, "changed.csv", status=1)
    assert amounts_found(found) == [("residents", "010006", HOKKAIDO + 1, HOKKAIDO)]
    assert sum(len(each["findings"]) for each in found) == 1


@pytest.mark.parametrize("sheet", ["一覧1", "算定1", "市区町村別"])
def test_an_amount_changed_on_any_sheet_is_found(
    call: Caller, outputs: Path, here: Path, sheet: str
) -> None:
    """Sheets that disagree are each a list: nobody can tell which of them is meant."""
    content = (outputs / "allocation.xlsx").read_bytes()
    changed = with_amount(content, sheet, HOKKAIDO, f"<v>{HOKKAIDO + 1}</v>")
    (here / "changed.xlsx").write_bytes(changed)
    found = audits(call, "changed.xlsx", status=1)
    assert amounts_found(found) == [("residents", "010006", HOKKAIDO + 1, HOKKAIDO)]
    said = [check for each in found for check in each["checked"] if "other amounts" in check]
    assert len(said) >= 1
    assert sheet in "".join(said)
    refused = call("compare", "changed.xlsx", "2023")
    assert_refused(refused, "two lists of residents", "算定1")


def test_a_trial_shows_its_differences(call: Caller, tmp_path: Path) -> None:
    folder = tmp_path / "trial"
    call_inside("run", "--as-of", "intermediate_server=2016-01-01", "--out", folder)
    for name in ("allocation.csv", "allocation.xlsx"):
        found = audits(call, folder / name, status=1)
        codes = {code for programme, code, *_ in amounts_found(found)}
        assert len(codes) == 23, "as many as published amounts that the population of 2016 misses"
        assert {each["programme"] for each in found if each["findings"]} == {"intermediate_server"}


def test_another_year_is_said(call: Caller, outputs: Path, here: Path) -> None:
    text = (outputs / "allocation.csv").read_text(encoding="utf-8-sig")
    (here / "2022.csv").write_text(text.replace("\n2023,", "\n2022,"), encoding="utf-8")
    book = opened((outputs / "allocation.xlsx").read_bytes())
    parts = {
        name: part.replace("令和5年度".encode(), "令和4年度".encode())
        for name, part in book.parts.items()
    }
    (here / "2022.xlsx").write_bytes(packed(parts))
    for name in ("2022.csv", "2022.xlsx"):
        for each in audits(call, name):
            (finding,) = each["findings"]
            assert (finding["kind"], finding["reason"]) == ("title", "other_year")
            assert "令和4年度" in finding["message"]


def test_a_programme_that_the_plan_has_not_is_said(call: Caller, outputs: Path, here: Path) -> None:
    rows = [row for row in table(outputs / "allocation.csv") if row["programme"] == "residents"]
    (here / "x.csv").write_text(as_csv([{**row, "programme": "x"} for row in rows]), "utf-8")
    (found,) = audits(call, "x.csv")
    (finding,) = found["findings"]
    assert (finding["kind"], finding["reason"]) == ("title", "other_programme")
    assert "x" in finding["message"]


# -- saved again by another program ----------------------------------------------------------------


def test_a_workbook_that_was_saved_again(
    call: Caller,
    outputs: Path,
    tmp_path: Path,
    require_tool: Callable[[str], str],
) -> None:
    content = (outputs / "allocation.xlsx").read_bytes()
    cell = f"<v>{HOKKAIDO + 1}</v>"
    files = {"as_it_was": content, "typed_over": typed_over(content, "算定1", HOKKAIDO, cell)}
    paths = converted(require_tool("libreoffice"), files, tmp_path, "xlsx")
    assert_sound(audits(call, paths["as_it_was"]))
    found = audits(call, paths["typed_over"], status=1)
    assert amounts_found(found) == [("residents", "010006", HOKKAIDO + 1, HOKKAIDO)]
    assert [each["programme"] for each in found] == PROGRAMMES, "all sheets follow the cell"


def typed_over(content: bytes, sheet: str, old: int, new: str) -> bytes:
    """Return a workbook with a value in place of the formula whose value was `old`."""
    book = opened(content)
    (number,) = (n for n, title in enumerate(book.titles, start=1) if title.startswith(sheet))
    part = f"xl/worksheets/sheet{number}.xml"
    text, count = re.subn(rf"<f>[^<]*</f><v>{old}</v>", new, book.parts[part].decode(), count=1)
    assert count == 1
    return packed({**book.parts, part: text.encode()})


def test_formulas_that_were_never_calculated_are_no_amounts(
    call: Caller, outputs: Path, here: Path
) -> None:
    """The library keeps formulas and drops their values."""
    openpyxl.load_workbook(outputs / "allocation.xlsx").save(here / "saved.xlsx")
    refused = call("audit", "saved.xlsx")
    assert_refused(refused, "sheet 算定3", "row 18-1805", "without calculating", "allocation.csv")
    assert refused.err.count("Error") == 1, "one fault is said once"


def test_renamed_sheets_are_found_by_the_names_of_their_cells(
    call: Caller, outputs: Path, here: Path
) -> None:
    book = opened((outputs / "allocation.xlsx").read_bytes())
    parts = {
        name: part.replace("算定1 本人確認情報処理事務等".encode(), b"Sheet1").replace(
            "一覧1 本人確認情報処理事務等".encode(), b"Sheet2"
        )
        for name, part in book.parts.items()
    }
    (here / "renamed.xlsx").write_bytes(packed(parts))
    assert_sound(audits(call, "renamed.xlsx"))


def test_a_workbook_without_its_sheet_of_the_list_is_read_from_the_calculation(
    call: Caller, outputs: Path, here: Path
) -> None:
    book = opened((outputs / "allocation.xlsx").read_bytes())
    text = book.parts["xl/sharedStrings.xml"].decode()
    titles = [unescape(each) for each in re.findall(r"<t[^>]*>(.*?)</t>", text)]
    (title,) = (each for each in titles if each.endswith("一覧(都道府県別)") and "本人" in each)
    parts = {**book.parts, "xl/sharedStrings.xml": text.replace(title, "別の表").encode()}
    (here / "other.xlsx").write_bytes(packed(parts))
    found = audits(call, "other.xlsx")
    assert [each["rows"] for each in found] == list(ROWS.values())
    said = " ".join(found[0]["checked"])
    assert "no sheet in the layout of the list" in said


def test_names_that_are_gone_are_refused(call: Caller, outputs: Path, here: Path) -> None:
    book = opened((outputs / "allocation.xlsx").read_bytes())
    described = book.parts["xl/workbook.xml"].decode()
    everything = re.sub(r"<definedNames>.*</definedNames>", "", described)
    one = re.sub(r'<definedName name="jpki_(codes|amounts)">.*?</definedName>', "", described)
    astray = re.sub(r'(name="jpki_codes">)[^<]*', r"\1#REF!", described)
    shifted = re.sub(
        r'(name="jpki_codes">[^<]*\$)([0-9]+):',
        lambda found: f"{found[1]}{int(found[2]) + 1}:",
        described,
    )
    assert len({described, everything, one, astray, shifted}) == 5
    for text, pieces in (
        (everything, ("names of its cells are gone",)),
        (one, ("算定2", "gone")),
        (astray, ("jpki_codes", "#REF!")),
        (shifted, ("jpki_amounts",)),
    ):
        parts = {**book.parts, "xl/workbook.xml": text.encode()}
        (here / "gone.xlsx").write_bytes(packed(parts))
        assert_refused(call("audit", "gone.xlsx"), "gone.xlsx", *pieces)


@pytest.mark.parametrize(
    ("cell", "piece"),
    [("<v>47267000.5</v>", "47267000.5"), ("<v>1e19</v>", "more than"), ("", "no amount")],
)
def test_a_cell_that_holds_no_whole_yen_is_refused(
    call: Caller, outputs: Path, here: Path, cell: str, piece: str
) -> None:
    content = (outputs / "allocation.xlsx").read_bytes()
    (here / "odd.xlsx").write_bytes(with_amount(content, "算定1", HOKKAIDO, cell))
    assert_refused(call("audit", "odd.xlsx"), "sheet 算定1", "row 17", piece)


def test_allocation_csv_saved_as_a_workbook(call: Caller, outputs: Path, here: Path) -> None:
    """A spreadsheet program takes the codes for numbers."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    with (outputs / "allocation.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            sheet.append([int(cell) if cell.isdigit() else cell or None for cell in row])
    book.save(here / "excel.xlsx")
    assert_sound(audits(call, "excel.xlsx"))


def test_allocation_csv_saved_as_parquet(call: Caller, outputs: Path, here: Path) -> None:
    frame = pl.read_csv(outputs / "allocation.csv", schema_overrides={"code": pl.String})
    frame.write_parquet(here / "all.parquet")
    assert_sound(audits(call, "all.parquet"))


# -- elsewhere -------------------------------------------------------------------------------------


def test_one_output_against_another(call: Caller, outputs: Path, here: Path) -> None:
    shutil.copy(outputs / "allocation.xlsx", here / "a.xlsx")
    text = (outputs / "allocation.csv").read_bytes()
    (here / "b.csv").write_bytes(text.replace(b"47267000", b"47267001"))
    words = ("audit", "a.xlsx", "--against", "b.csv")
    assert_refused(call(*words), "several lists", "--programme")
    assert audits(call, *words[1:], "--programme", "lgwan")[0]["findings"] == []
    (found,) = audits(call, *words[1:], "--programme", "residents", status=1)
    (finding,) = found["findings"]
    assert (finding["code"], finding["difference"]) == ("010006", -1)


@pytest.mark.parametrize("name", ["allocation.csv", "allocation.xlsx"])
def test_an_output_as_the_year_before(
    call: Caller, outputs: Path, tmp_path: Path, name: str
) -> None:
    plan = tmp_path / "2026"
    shutil.copytree(ROOT / "docs" / "examples" / "2026", plan)
    words = ("run", plan, "--previous", outputs / name, "--out", tmp_path / "out", "--json")
    ended = call(*words)
    assert ended.status == 0, ended.err
    for each in ended.object["programmes"]:
        previous = each["previous"]
        assert (previous["kind"], previous["fiscal_year"]) == ("list", 2023)
        assert previous["total"] == sum(published(each["id"]).values())
