"""`allocator compare`: two lists, plans or outputs, never an error."""

from __future__ import annotations

import csv
import html
import io
import json
import re
import shutil
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest

from tests.acceptance.recompute import (
    bundled_population,
    half_equal_half_by,
    largest_remainder,
    people,
    published,
)
from tests.cli.calls import ROOT, Caller, assert_refused, call_inside, call_outside

LISTS: Final = ROOT / "data" / "published" / "2023"
HEAD: Final = "code,prefecture,municipality,amount"
PROGRAMMES: Final = ["residents", "jpki", "intermediate_server", "lgwan"]
ROW_KEYS: Final = ["code", "prefecture", "municipality", "left", "right", "difference"]


def compared(call: Caller, *words: str | Path) -> dict[str | None, dict[str, Any]]:
    """Return what --json says, by programme."""
    ended = call("compare", *words, "--json")
    assert (ended.status, ended.err) == (0, ""), ended.err
    document = ended.object
    assert list(document) == ["left", "right", "programmes", "read"]
    for each in document["programmes"]:
        assert list(each) == ["programme", "left_total", "right_total", "rows"]
        assert all(list(row) == ROW_KEYS for row in each["rows"])
    return {each["programme"]: each for each in document["programmes"]}


def written(folder: Path, name: str, *rows: str) -> Path:
    file = folder / name
    file.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return file


def residents_of(day: str) -> dict[str, int]:
    """Return the amounts of residents by population of a day, computed in plain fractions."""
    population = people(bundled_population(day), prefectures=True)
    return largest_remainder(half_equal_half_by(population), 1_514_000_000, 1000)


@pytest.fixture(scope="module")
def outputs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two runs of the bundled plan: as it is, and with the population of 2025 for residents."""
    folder = tmp_path_factory.mktemp("outputs")
    for name, words in (("now", ()), ("later", ("--as-of", "residents=2025-01-01"))):
        ended = call_inside("run", *words, "--out", folder / name)
        assert ended.status == 0, ended.err
    return folder


def test_published_lists_are_what_the_bundled_plan_gives(call: Caller) -> None:
    for programme, rows in (("residents", 47), ("jpki", 47), ("intermediate_server", 1788)):
        found = compared(call, LISTS / f"{programme}.csv", "2023")
        assert set(found) == set(PROGRAMMES), "what the list hasn't is said as well"
        amounts = published(programme)
        of_list = {row["code"]: row["left"] for row in found[programme]["rows"]}
        assert of_list == amounts
        assert len(of_list) == rows
        assert {row["difference"] for row in found[programme]["rows"]} == {0}
        for other in set(PROGRAMMES) - {programme}:
            assert found[other]["left_total"] is None
            assert {row["left"] for row in found[other]["rows"]} == {None}
            assert {row["difference"] for row in found[other]["rows"]} == {None}


@pytest.mark.parametrize("kind", ["", "allocation.csv", "allocation.xlsx"])
def test_two_population_dates_as_recomputed(call: Caller, outputs: Path, kind: str) -> None:
    found = compared(call, outputs / "now" / kind, outputs / "later" / kind)
    before, after = residents_of("2022-01-01"), residents_of("2025-01-01")
    rows = found["residents"]["rows"]
    assert [row["code"] for row in rows] == sorted(before)
    for row in rows:
        code = row["code"]
        assert (row["left"], row["right"]) == (before[code], after[code])
        assert row["difference"] == after[code] - before[code]
    assert found["residents"]["left_total"] == found["residents"]["right_total"] == 1_514_000_000
    assert any(row["difference"] for row in rows)
    for other in ("jpki", "intermediate_server", "lgwan"):
        assert {row["difference"] for row in found[other]["rows"]} == {0}


def test_turned_round_every_difference_changes_its_sign(call: Caller, outputs: Path) -> None:
    one = compared(call, outputs / "now", outputs / "later" / "allocation.xlsx")
    other = compared(call, outputs / "later" / "allocation.xlsx", outputs / "now")
    for programme in PROGRAMMES:
        pairs = zip(one[programme]["rows"], other[programme]["rows"], strict=True)
        assert all(a["difference"] == -b["difference"] for a, b in pairs)


def test_changed_leaves_out_what_is_the_same(call: Caller, outputs: Path) -> None:
    found = compared(call, outputs / "now", outputs / "later", "--changed")
    assert found["lgwan"]["rows"] == []
    assert found["lgwan"]["left_total"] == 1_677_903_280
    assert len(found["residents"]["rows"]) > 40
    assert all(row["difference"] for row in found["residents"]["rows"])


def test_a_list_from_before_a_change_of_codes(call: Caller, here: Path) -> None:
    old = written(here, "old.csv", "044237,宮城県,黒川郡富谷町,5", "040002,宮城県,,1")
    new = written(here, "new.csv", "042161,宮城県,富谷市,7", "040002,宮城県,,1")
    found = compared(call, old, new)[None]
    assert (found["left_total"], found["right_total"]) == (6, 8)
    assert found["rows"][1] == {
        "code": "042161",
        "prefecture": "宮城県",
        "municipality": "富谷市",
        "left": 5,
        "right": 7,
        "difference": 2,
    }
    ended = call("compare", old, new)
    assert "044237 compared under 042161" in ended.err
    assert "6 → 8 yen, +2 (+33.3%); 1 increase, 0 decrease, 1 unchanged" in ended.err


def test_who_comes_and_who_goes(call: Caller, here: Path) -> None:
    left = written(here, "left.csv", "010006,北海道,,5", "020001,青森県,,7")
    right = written(here, "right.csv", "010006,北海道,,3", "030007,岩手県,,9")
    rows = compared(call, left, right)[None]["rows"]
    assert [(row["left"], row["right"], row["difference"]) for row in rows] == [
        (5, 3, -2),
        (7, None, None),
        (None, 9, None),
    ]
    ended = call("--lang", "ja", "compare", left, right)
    assert (ended.status, ended.out) == (0, "")
    assert "増 0、減 1、増減なし 0、新 1、廃止・なし 1" in ended.err
    assert "誤り" not in ended.err
    assert "エラー" not in ended.err


def test_no_english_in_what_is_said_in_japanese(call: Caller, here: Path) -> None:
    left = written(here, "l.csv", "010006,北海道,,5", "093670,栃木県,岩舟町,7", "999999,甲県,,1")
    right = written(here, "r.csv", "010006,北海道,,3", "092037,栃木県,栃木市,9")
    ended = call("--lang", "ja", "compare", left, right)
    words = set(re.findall(r"[A-Za-z]{2,}", ended.err.replace("l.csv", "").replace("r.csv", "")))
    assert words <= {"here", "tmp", *re.findall(r"[A-Za-z]+", str(here))}
    assert "999999" in ended.err, "a code that the register doesn't know is said"


def test_totals_beyond_64_bits_do_not_wrap(call: Caller, here: Path) -> None:
    codes = list(published("residents"))[:20]
    most = 10**18
    left = written(here, "left.csv", *(f"{code},,,{most}" for code in codes))
    right = written(here, "right.csv", *(f"{code},,,1" for code in codes))
    found = compared(call, left, right)[None]
    assert (found["left_total"], found["right_total"]) == (20 * most, 20)
    assert f"△{20 * most - 20:,} (△100.0%)" in call("compare", left, right).err


def test_a_plan_an_output_and_a_list_are_all_the_same_thing(call: Caller, outputs: Path) -> None:
    named: list[str | Path] = ["2023", ROOT / "configs/2023", ROOT / "configs/2023/plan.toml"]
    for one in named:
        found = compared(call, one, outputs / "now")
        assert [each["left_total"] for each in found.values()] == [
            1_514_000_000,
            2_406_000_000,
            5_978_953_000,
            1_677_903_280,
        ]
        assert all(row["difference"] == 0 for each in found.values() for row in each["rows"])


def test_papers_hold_several_lists(call: Caller, here: Path) -> None:
    from tests.documents.drawing import as_text
    from tests.documents.papers import papers_of_2023

    papers = here / "papers.txt"
    papers.write_text(as_text(papers_of_2023()), encoding="utf-8")
    found = compared(call, papers, "2023")
    assert set(found) == set(PROGRAMMES)
    assert all(row["difference"] == 0 for each in found.values() for row in each["rows"])


def test_standard_input_is_one_of_the_two(outputs: Path, here: Path) -> None:
    import subprocess
    import sys

    done = subprocess.run(
        [sys.executable, "-m", "allocator", "compare", "-", str(outputs / "later"), "--json"],
        input=(outputs / "now" / "allocation.csv").read_bytes(),
        capture_output=True,
        cwd=here,
        env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "LC_ALL": "C.UTF-8"},
        check=True,
    )
    document = json.loads(done.stdout)
    assert document["left"] == "standard-input"
    assert len(document["programmes"]) == 4


def test_a_programme_may_be_picked(call: Caller, outputs: Path) -> None:
    words = (outputs / "now", outputs / "later", "--programme", "residents")
    assert list(compared(call, *words)) == ["residents"]
    assert_refused(call("compare", *words[:2], "--programme", "roads"), "roads", "residents")


def test_a_list_without_a_programme_is_that_which_the_call_names(
    call: Caller, outputs: Path, here: Path
) -> None:
    file = written(here, "list.csv", "010006,,,1", "020001,,,2")
    found = compared(call, file, outputs / "now", "--programme", "lgwan")
    assert list(found) == ["lgwan"]
    assert found["lgwan"]["left_total"] == 3
    refused = call("compare", file, outputs / "now")
    assert_refused(refused, "several programmes", "--programme")


def test_two_lists_need_no_programme(call: Caller, here: Path) -> None:
    for name in ("a.csv", "b.csv"):
        shutil.copy(LISTS / "residents.csv", here / name)
    assert list(compared(call, "a.csv", "b.csv")) == [None]
    assert list(compared(call, "a.csv", LISTS / "residents.csv")) == ["residents"]


def test_lists_of_different_programmes_are_not_compared(call: Caller) -> None:
    refused = call("compare", LISTS / "residents.csv", LISTS / "jpki.csv")
    assert_refused(refused, "residents against jpki")


def test_a_programme_on_one_side_alone_is_said(call: Caller, outputs: Path, here: Path) -> None:
    lines = (outputs / "now/allocation.csv").read_text(encoding="utf-8-sig").splitlines()
    kept = [line for line in lines if ",lgwan," not in line]
    (here / "less.csv").write_text("\n".join(kept), encoding="utf-8")
    found = compared(call, "less.csv", outputs / "now")
    assert (found["lgwan"]["left_total"], len(found["lgwan"]["rows"])) == (None, 47)
    ended = call("compare", "less.csv", outputs / "now")
    assert "lgwan: only on the right: 1,677,903,280 yen, 47 payers" in ended.err
    assert "not in less.csv" in ended.err


def test_an_output_that_was_changed_since_is_said(call: Caller, outputs: Path, here: Path) -> None:
    shutil.copytree(outputs / "now", here / "changed")
    file = here / "changed" / "allocation.csv"
    file.write_bytes(file.read_bytes().replace(b"47267000", b"47267001"))
    ended = call("compare", outputs / "now", "changed")
    assert ended.status == 0
    assert "allocation.csv: its content is not the one that the manifest records" in ended.err
    assert "+1 (0.0%); 1 increase" in ended.err


def test_what_cannot_be_compared_is_refused(call: Caller, here: Path, outputs: Path) -> None:
    sound = written(here, "sound.csv", "010006,北海道,,5")
    twice = written(here, "twice.csv", "010006,北海道,,5", "010006,北海道,,6")
    nameless = written(here, "nameless.csv", ",,,5")
    (here / "empty").mkdir()
    shutil.copytree(ROOT / "configs" / "2023", here / "both")
    shutil.copy(outputs / "now" / "allocation.csv", here / "both")
    for words, pieces in (
        ((sound, "gone.csv"), ("gone.csv", "not there", "a list", "a plan")),
        ((sound, "2099"), ("2099", "not there")),
        ((sound, "x" * 5000), ("not there",)),
        ((sound, "empty"), ("empty", "neither a plan (plan.toml) nor outputs")),
        ((sound, "both"), ("both", "which is meant")),
        ((sound, twice), ("line 3", "stands twice")),
        ((nameless, sound), ("line 2", "without a code")),
        ((sound, sound, "--report", sound), ("file that is compared",)),
        ((sound, sound, "--report", "r.docx"), (".xlsx, .html, .md, .json, .csv",)),
        ((sound, sound, "--report", "sound.csv/r.md"), ("cannot be written",)),
        (("-", "-"), ("A -, B -", "only once")),
        ((sound, outputs / "now" / "breakdown.csv"), ("breakdown.csv", "参考")),
        ((sound, outputs / "now" / "report.html"), ("web page",)),
    ):
        before = {path.name for path in here.iterdir()}
        assert_refused(call("compare", *words), *pieces)
        assert {path.name for path in here.iterdir()} == before


def test_quiet_says_nothing(call: Caller, here: Path) -> None:
    left = written(here, "left.csv", "010006,北海道,,5")
    ended = call("compare", left, left, "--quiet")
    assert (ended.status, ended.out, ended.err) == (0, "", "")


def test_the_largest_changes_come_first_and_the_others_are_counted(
    call: Caller, outputs: Path
) -> None:
    ended = call("compare", outputs / "now", outputs / "later")
    before, after = residents_of("2022-01-01"), residents_of("2025-01-01")
    moved = sorted(before, key=lambda code: (-abs(after[code] - before[code]), code))
    shown = re.findall(r"^│ ([0-9]{6}) ", ended.err, re.MULTILINE)
    assert shown == moved[:10]
    changed = sum(before[code] != after[code] for code in before)
    assert f"and {changed - 10} smaller changes" in ended.err


# -- reports ---------------------------------------------------------------------------------------

HOSTILE: Final = '=HYPERLINK("http://x")<script>|`*'


@pytest.fixture
def hostile(here: Path) -> tuple[Path, Path]:
    """Two lists with text that a sheet, a page or Markdown could take for something else."""
    cell = '"' + HOSTILE.replace('"', '""') + '"'
    return (
        written(here, "left.csv", "010006,北海道,,5", f"999001,{cell},,7"),
        written(here, "right.csv", "010006,北海道,,4", f"999001,{cell},,8", "020001,青森県,,9"),
    )


def test_a_report_in_json_is_what_json_prints(
    call: Caller, hostile: tuple[Path, Path], here: Path
) -> None:
    ended = call("compare", *hostile, "--json", "--report", "r.json")
    assert json.loads((here / "r.json").read_text(encoding="utf-8")) == ended.object
    assert ended.object["programmes"][0]["rows"][2]["prefecture"] == HOSTILE


def test_a_report_in_csv_has_no_live_formula(
    call: Caller, hostile: tuple[Path, Path], here: Path
) -> None:
    assert call("compare", *hostile, "--report", "r.csv").status == 0
    text = (here / "r.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [row["difference"] for row in rows] == ["-1", "", "1"]
    assert rows[2]["prefecture"] == f"'{HOSTILE}"
    assert [row["change"] for row in rows] == ["decrease", "new", "increase"]


def test_a_report_as_a_workbook_has_numbers_and_text_and_no_formula(
    call: Caller, hostile: tuple[Path, Path], here: Path
) -> None:
    assert call("--lang", "ja", "compare", *hostile, "--report", "r.xlsx").status == 0
    book = openpyxl.load_workbook(here / "r.xlsx")
    assert book.sheetnames == ["総括", "団体別"]
    rows = list(book["団体別"].iter_rows(values_only=True))
    assert rows[1][1:] == ("010006", "北海道", None, 5, 4, -1, "△20.0%", "減")
    assert rows[2][1:] == ("020001", "青森県", None, None, 9, None, None, "新")
    assert rows[3][1] == "999001"
    assert rows[3][2] == HOSTILE
    assert all(
        cell.data_type != "f" and cell.hyperlink is None
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
    )
    first = (here / "r.xlsx").read_bytes()
    call("--lang", "ja", "compare", *hostile, "--report", "r.xlsx")
    assert (here / "r.xlsx").read_bytes() == first


def test_a_report_as_a_page_holds_all_text_escaped(
    call: Caller, hostile: tuple[Path, Path], here: Path
) -> None:
    assert call("compare", *hostile, "--report", "r.html").status == 0
    text = (here / "r.html").read_text(encoding="utf-8")
    assert "<script>|" not in text
    assert html.escape(HOSTILE).replace("&quot;", "&#34;") in text
    assert text.count('<td class="words">010006</td>') == 1


def test_a_report_in_markdown_holds_all_text_escaped(
    call: Caller, hostile: tuple[Path, Path], here: Path
) -> None:
    assert call("compare", *hostile, "--report", "r.md").status == 0
    (line,) = (
        line
        for line in (here / "r.md").read_text(encoding="utf-8").splitlines()
        if "999001" in line and "compared" not in line and "register" not in line
    )
    assert r"\<script\>\|\`\*" in line
    assert len(re.findall(r"(?<!\\)\|", line)) == 9


def test_every_payer_stands_in_a_report(call: Caller, outputs: Path, here: Path) -> None:
    words = (outputs / "now", outputs / "later", "--report")
    for name in ("r.md", "r.html", "r.csv", "r.xlsx"):
        assert call("compare", *words, name).status == 0
    rows = 3 * 47 + 1788
    in_markdown = (here / "r.md").read_text("utf-8").splitlines()
    assert sum(bool(re.match(r"\| [0-9]{6} ", line)) for line in in_markdown) == rows
    assert (here / "r.html").read_text("utf-8").count("<tr><td") == rows
    assert (here / "r.csv").read_text("utf-8").count("\n") == rows + 1
    book = openpyxl.load_workbook(here / "r.xlsx", read_only=True)
    assert book["By payer"].max_row == rows + 1


def test_the_command_is_found_from_outside(here: Path) -> None:
    file = written(here, "list.csv", "010006,北海道,,5")
    ended = call_outside(["compare", file, file], cwd=here)
    assert (ended.status, ended.out) == (0, "")
    assert "Traceback" not in ended.err
