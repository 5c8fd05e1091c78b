"""Two sets of council papers, rebuilt from `data/`: the layout of the originals, not their text."""

import csv
import tomllib
from functools import lru_cache
from typing import Any, Final

from tests.documents.budgets import (
    DATA,
    add_budget,
    add_form7,
    add_overview,
    add_supplement,
    read_budget,
)
from tests.documents.drawing import Papers, Table, paragraph

ROWS_ON_A_PAGE: Final = 46
AGENCY: Final = "地方公共団体情報システム機構"
_WIDTHS: Final = {2: (150.0, 150.0), 4: (80.0, 100.0, 200.0, 100.0)}


@lru_cache(maxsize=1)
def papers_of_2023() -> Papers:
    """Return papers with the FY2022 supplement, the FY2023 budget and its four lists."""
    papers = Papers()
    lists = _lists()
    _cover(papers, "第 38 回 経営審議委員会", "令和 5 年 3 月 2 日 (木) 10 : 00 ~ 12 : 00", lists)
    supplement, budget = read_budget(2022), read_budget(2023)
    add_budget(papers, supplement, "議案第1号")
    add_overview(papers, supplement, "参考資料1-1")
    add_supplement(papers, supplement, "参考資料1-2")
    add_budget(papers, budget, "議案第4号")
    for entry in lists:
        _add_list(papers, entry)
    return papers


@lru_cache(maxsize=1)
def papers_of_2021() -> Papers:
    """Return papers with the FY2021 supplement: budget tables, and no list."""
    papers = Papers()
    _cover(papers, "第 41 回 代表者会議", "令和 4 年 1 月 1 3 日 (木) 1 1 : 0 0 ~ 1 2 : 0 0", [])
    budget = read_budget(2021)
    add_budget(papers, budget, "議案第1号")
    add_overview(papers, budget, "参考資料1")
    add_supplement(papers, budget, "参考資料2")
    add_form7(papers, budget, "参考資料2", whole=True)
    return papers


def lists_alone() -> Papers:
    """Return the four lists without anything else."""
    papers = Papers()
    for entry in _lists():
        _add_list(papers, entry)
    return papers


def _lists() -> list[dict[str, Any]]:
    path = DATA / "published" / "2023" / "lists.toml"
    entries: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))["list"]
    return entries


def _cover(papers: Papers, meeting: str, day: str, lists: list[dict[str, Any]]) -> None:
    name = meeting.replace(" ", "")
    papers.add(
        paragraph(AGENCY),
        paragraph(meeting),
        paragraph(day),
        paragraph("次 第"),
        paragraph(f"{AGENCY} {name} 配付資料"),
        paragraph("【議案】"),
        *(
            paragraph(f"{_apart(entry['reference'])} {_apart(entry['heading'])}", size=7)
            for entry in lists
        ),
    )


def _add_list(papers: Papers, entry: dict[str, Any]) -> None:
    """Add the pages of a list: heading and declared total, then rows under a repeated header."""
    heading, title = _apart(entry["heading"]), entry["title"]
    by_code = "団体" in title.split("一覧")[1]
    money = "交付金" if "交付金" in title else "負担金"
    papers.add(
        paragraph(entry["reference"], size=7),
        paragraph(*_folded(heading, 28)),
        paragraph("1 概要"),
        paragraph(f"機構の事務のために、{'地方公共団体' if by_code else '都道府県'}に求める負担。"),
        paragraph(f"2 {money}総額"),
        paragraph(f"{entry['declared_total']:,}円"),
        paragraph("3 負担団体"),
        paragraph("都道府県及び市区町村" if by_code else "都道府県"),
    )
    header, rows = _rows(entry, by_code=by_code)
    size = ROWS_ON_A_PAGE if by_code else len(rows)
    for start in range(0, len(rows), size):
        papers.add(
            paragraph(f"第38回経営審議委員会 {entry['reference']}", size=7),
            paragraph(*_folded(title, 36), size=9),
            paragraph("(単位:円)" if by_code else "(単位：円)", size=8),
            Table((header, *rows[start : start + size]), _WIDTHS[len(header)]),
        )


def _rows(entry: dict[str, Any], *, by_code: bool) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    path = DATA / "published" / "2023" / entry["file"]
    with path.open(encoding="utf-8", newline="") as file:
        printed = list(csv.DictReader(file))
    if by_code:
        return ("団体コード", "都道府県名", "市区町村名", "交付金"), [
            (row["code"], row["prefecture"], row["municipality"], f"{int(row['amount']):,}")
            for row in printed
        ]
    rows: list[tuple[str, ...]] = [
        (row["prefecture"], f"{int(row['amount']):,}") for row in printed
    ]
    if entry["total_row"]:
        rows.append(("合計", f"{sum(int(row['amount']) for row in printed):,}"))
    return ("都道府県名", "金額"), rows


def _apart(text: str) -> str:
    """Set figures apart, as the papers do in headings: 令和 5 年度."""
    return "".join(f" {each} " if each.isdigit() else each for each in text)


def _folded(text: str, width: int) -> tuple[str, ...]:
    """Break a long heading into lines; short ones stay whole."""
    if len(text) <= width + 8:
        return (text,)
    return text[:width], text[width:]
