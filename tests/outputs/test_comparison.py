"""前年度比較 and its checks: every earlier yen is on the sheet, carried over or not."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from allocator.domain.changes import CodeChange, CodeChanges
from allocator.domain.text import Text
from allocator.outputs.files.provenance import provenance_of
from allocator.outputs.report import render_report
from allocator.results.outcome import Outcome
from allocator.tasks.compute import compute_plan
from allocator.tasks.earlier import with_previous
from tests.acceptance.recompute import ROOT, table
from tests.outputs.country import rendered, write_country
from tests.outputs.spreadsheet import Book, Value, differing, edited, opened, recalculated
from tests.sources.files import as_csv

NAME = "前年度比較"
EXAMPLE = ROOT / "docs" / "examples" / "2026"
LISTS = ROOT / "data" / "published" / "2023"
ROADS, WELLS = "道路[1]: 'に係る負担金", "wells"
CHANGED = date(2029, 4, 1)
CHANGES = CodeChanges(
    (
        CodeChange(CHANGED, "OLD", "E0", "編入合併"),
        CodeChange(CHANGED, "TWO", "E1", "分割"),
        CodeChange(CHANGED, "TWO", "W3", "分割"),
    )
)
OF_WELLS = {"E": 5, "W": 5, "E0": 6, "E1": 8, "E2": 0, "W3": 10, "OLD": 100, "GONE": 2_000}


@pytest.fixture
def joined(tmp_path: Path) -> Outcome:
    """An invented country: OLD became part of E0, TWO was divided, GONE is gone, W4 is new."""
    folder = write_country(tmp_path / "now", ("一", "二", "三", "四", "五"))
    register = folder / "organisations.csv"
    rows = [row.replace('"', "") for row in register.read_text(encoding="utf-8").splitlines()]
    rows = [f"{rows[0]},valid_to", *(f"{row}," for row in rows[1:])]
    rows += [f"{code},東国,旧{code},town,{CHANGED}" for code in ("OLD", "TWO", "GONE")]
    register.write_text("\n".join(rows) + "\n", encoding="utf-8")
    for name, amounts in (
        ("wells", OF_WELLS | {"TWO": 30_000}),
        ("roads", {"E": 400_000, "W": 500_000}),
    ):
        text = "".join(f"{code},{amount}\n" for code, amount in amounts.items())
        (folder / f"{name}.csv").write_text(f"令和11年度\ncode,amount\n{text}", encoding="utf-8")
    outcome = replace(compute_plan(folder), changes=CHANGES)
    return with_previous(outcome, [str(folder / "wells.csv"), str(folder / "roads.csv")])


def by_label(book: Book) -> dict[Value, list[Value]]:
    """Return the rows of the sheet by their first cell."""
    return {row[0]: row for row in book.rows(NAME, 1) if row[0] is not None}


def checks(book: Book) -> dict[Value, list[Value]]:
    """Return the checks of the comparison, by programme."""
    return {row[1]: row for row in book.rows("検算", 4) if "引き継いだ額" in str(row[2])}


def test_an_invented_country(joined: Outcome) -> None:
    book = opened(rendered(joined))
    rows = by_label(book)
    paid = joined.programmes[1].allocation
    assert paid is not None
    now = paid.by_code
    assert rows["E0"][7:10] == [106, now["E0"], now["E0"] - 106]
    assert rows["E0"][10] == pytest.approx((now["E0"] - 106) / 106)
    assert rows["W4"][7:11] == [None, now["W4"], now["W4"], "新"]
    assert rows["E2"][7:11] == [0, now["E2"], now["E2"], None]
    assert rows["GONE"][1:3] == ["東国", "旧GONE"]
    assert (rows["GONE"][7], rows["GONE"][10]) == (2_000, "廃")
    assert (rows["TWO"][7], rows["TWO"][10]) == (30_000, "分割")
    assert rows["計(引き継いだ額)"][3:6] == [900_000, 1_000_000, 100_000]
    assert rows["計(引き継いだ額)"][7:9] == [134, sum(now.values())]
    assert (rows["引き継げなかった額の計"][3], rows["引き継げなかった額の計"][7]) == (0, 32_000)
    assert (rows["比較する額の合計"][3], rows["比較する額の合計"][7]) == (900_000, 32_134)
    assert any("OLD は団体の変更履歴により E0 に引き継ぎました" in str(row) for row in rows)
    assert "令和11年度の公表一覧(wells.csv)" in str([*book.rows(NAME, 1)])
    found = checks(book)
    assert found[WELLS][3:7] == [32_134, 32_134, 0, "適"]
    assert found[ROADS][3:7] == [900_000, 900_000, 0, "適"]


def test_a_yen_that_is_lost_turns_the_check(joined: Outcome) -> None:
    assert joined.previous is not None
    programmes = tuple(
        replace(each, total=each.total + 1) if each.programme == "wells" else each
        for each in joined.previous.programmes
    )
    wrong = replace(joined, previous=replace(joined.previous, programmes=programmes))
    book = opened(rendered(wrong))
    assert checks(book)[WELLS][3:7] == [32_134, 32_135, -1, "否"]
    assert checks(book)[ROADS][6] == "適"
    assert "否 1 件" in str(book.named("checks_wrong"))


def test_amounts_beyond_fifteen_digits_are_compared_as_text(tmp_path: Path) -> None:
    folder = write_country(tmp_path / "now")
    roads = folder / "roads.toml"
    text = roads.read_text(encoding="utf-8").replace("1000000", f"{10**17}")
    roads.write_text(text, encoding="utf-8")
    (folder / "roads.csv").write_text(f"code,amount\nE,{10**17 - 1}\nW,1\n", encoding="utf-8")
    outcome = with_previous(compute_plan(folder), [str(folder / "roads.csv")])
    book = opened(rendered(outcome))
    assert by_label(book)["E"][3] == "99,999,999,999,999,999"
    assert checks(book)[ROADS][3:7] == [f"{10**17:,}", f"{10**17:,}", 0, "適"]


def test_nothing_that_both_have(joined: Outcome) -> None:
    previous = joined.previous
    assert previous is not None
    reason = Text("not computed", "前年度の計画で未算定")
    none = replace(previous, programmes=(), without={"roads": reason, "wells": reason})
    book = opened(rendered(replace(joined, previous=none)))
    text = str([*book.rows(NAME, 1)])
    assert f"比較なし: {WELLS}(前年度の計画で未算定)" in text
    assert checks(book) == {}
    page = render_report(replace(joined, previous=none)).decode()
    assert "wells(前年度の計画で未算定)" in page


def test_what_was_compared_is_in_the_record(joined: Outcome) -> None:
    names = [each.name for each in provenance_of(joined).inputs]
    assert {"wells.csv", "roads.csv"} <= set(names)
    book = opened(rendered(joined))
    assert {"wells.csv", "roads.csv"} <= {row[0] for row in book.rows("来歴", 4)}


@pytest.fixture(scope="module")
def next_year(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """Next year's example against a list with a town that became a city, and one divided."""
    rows = table(LISTS / "intermediate_server.csv")
    for row in rows:
        if row["code"] == "402311":
            row["code"], row["municipality"] = "403059", "那珂川町"
    rows.append({**rows[-1], "code": "193411", "municipality": "上九一色村", "amount": "777"})
    file = tmp_path_factory.mktemp("list") / "intermediate_server.csv"
    file.write_text(as_csv(rows), encoding="utf-8")
    others = [str(LISTS / f"{name}.csv") for name in ("residents", "jpki")]
    return with_previous(compute_plan(EXAMPLE), [str(file), *others])


def test_libreoffice_calculates_the_same_and_follows_an_input(
    next_year: Outcome, require_tool: Callable[[str], str], tmp_path: Path
) -> None:
    content = rendered(next_year)
    files = {"as_made": content, "more": edited(content, {"residents_total": 1_700_000_000})}
    books = recalculated(require_tool("soffice"), files, tmp_path)
    assert differing(content, books["as_made"]) == []
    rows = by_label(books["as_made"])
    assert rows["402311"][11] == 3_101_000
    assert (rows["193411"][11], rows["193411"][14]) == (777, "分割")
    assert not re.search("lgwan|総合行政", str(rows["団体コード"]))
    assert any("比較なし: 総合行政ネットワーク" in str(row) for row in rows)
    verdicts = {row[6] for row in checks(books["as_made"]).values()}
    assert (len(checks(books["as_made"])), verdicts) == (3, {"適"})
    more = by_label(books["more"])
    assert more["計(引き継いだ額)"][3:6] == [1_514_000_000, 1_700_000_000, 186_000_000]
    assert {row[6] for row in checks(books["more"]).values()} == {"適"}
