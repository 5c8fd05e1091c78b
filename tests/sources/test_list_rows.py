"""Rows of lists as offices print them: notes, headings, totals, signs around codes and amounts."""

from __future__ import annotations

from pathlib import Path

import pytest

from allocator.files.source import open_source
from allocator.sources.lists.table import PublishedList, read_list
from allocator.sources.register import japan
from tests.plans.plans import assert_says, refused

HEAD = "団体コード,都道府県名,市区町村名,金額"
ROWS = ["010006,北海道,,1000", "011002,北海道,札幌市,2000"]
AMOUNTS = [("010006", 1000), ("011002", 2000)]


def read(folder: Path, *lines: str) -> PublishedList:
    file = folder / "list.csv"
    file.write_text("\n".join(lines), encoding="utf-8")
    return read_list(open_source(file), japan())


def amounts(found: PublishedList) -> list[tuple[str, int]]:
    return found.frame.select("code", "amount").rows()


@pytest.mark.parametrize(
    "line",
    [
        "注1 100団体を除く,,,",
        ",注1 試験,,",
        ",,※2 令和5年1月1日現在,",
        "3,,,",
        ",北海道,,",
        HEAD,
    ],
)
@pytest.mark.parametrize("at", [1, 2, 3])
def test_what_has_no_amount_and_no_code_is_left_out_and_counted(
    line: str, at: int, tmp_path: Path
) -> None:
    lines = [HEAD, *ROWS]
    lines.insert(at, line)
    found = read(tmp_path, *lines, line)
    assert amounts(found) == AMOUNTS
    if at > 1:  # before the first row, it stands in the header
        (remark,) = found.remarks
        if line == HEAD:
            where = "4-5" if at == 3 else f"{at + 1}, 5"
            assert remark.en == f"rows left out: 2 repeated headings (lines {where})"
            assert "繰り返しの見出し 2" in remark.ja
        else:
            assert remark.en.startswith("rows left out: 2 notes and headings (lines ")
            assert "注記・見出し 2" in remark.ja


@pytest.mark.parametrize("code", ["011002", "11002"])
def test_a_payer_without_an_amount_is_refused(code: str, tmp_path: Path) -> None:
    (problem,) = refused(lambda: read(tmp_path, HEAD, ROWS[0], f"{code},北海道,札幌市,"))
    assert_says(problem, "line 3, column 金額")


def test_a_prefecture_without_an_amount_is_refused(tmp_path: Path) -> None:
    lines = ["都道府県名,金額", "北海道,1000", "青森県,", "注 試験,"]
    (problem,) = refused(lambda: read(tmp_path, *lines))
    assert_says(problem, "line 3, column 金額")


def test_a_note_below_a_list_by_name(tmp_path: Path) -> None:
    found = read(tmp_path, "都道府県名,金額", "北海道,1000", "青森県,2000", "注 試験,")
    assert amounts(found) == [("010006", 1000), ("020001", 2000)]
    (remark,) = found.remarks
    assert remark.en == "rows left out: 1 notes and headings (lines 4)"


@pytest.mark.parametrize("word", ["合計", "合　計", "総計", "全国", "総数", "全国計"])
def test_totals_by_any_word(word: str, tmp_path: Path) -> None:
    found = read(tmp_path, HEAD, f",{word},,3000", *ROWS, f",,{word},")
    assert (found.declared_total, found.declared_line) == (3000, 2)
    assert amounts(found) == AMOUNTS
    assert [(row.line, row.reason) for row in found.left_out if row.reason != "header"] == [
        (2, "total"),
        (5, "total"),
    ]


@pytest.mark.parametrize(
    "written",
    ["1000", '"1,000"', "1000.0", '"¥1,000"', "￥1000", "\\1000", "1000円", "１，０００円"],
)
def test_amounts(written: str, tmp_path: Path) -> None:
    if written == "１，０００円":
        written = f'"{written}"'
    assert amounts(read(tmp_path, HEAD, f"010006,北海道,,{written}", ROWS[1])) == AMOUNTS


@pytest.mark.parametrize("written", ["1000.5", "1000.", "¥", "1¥000", "--1000"])
def test_what_is_no_amount(written: str, tmp_path: Path) -> None:
    (problem,) = refused(lambda: read(tmp_path, HEAD, f"010006,北海道,,{written}", ROWS[1]))
    assert_says(problem, "line 2, column 金額")
