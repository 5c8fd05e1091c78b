"""`allocator audit` as it is called: exit statuses, JSON, reports, what goes where."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from allocator.cli.main import run
from allocator.sources.bundled import CONFIGS, DATA

LISTS = DATA / "published/2023"
AUDIT_KEYS = [
    *(
        "programme",
        "basis",
        "shares",
        "inferred_from",
        "verdict",
        "checked",
        "not_checked",
        "rows",
        "matched",
    ),
    *(
        "payers",
        "agreeing",
        "rows_in",
        "rows_taken",
        "left_out",
        "declared_total",
        "listed_total",
        "expected_total",
    ),
    *("net_difference", "gross_difference", "bridge", "findings"),
]
FINDING_KEYS = [
    *("kind", "severity", "reason", "code", "prefecture", "municipality"),
    *("published", "expected", "difference", "where", "message", "effect", "below"),
]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C")


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """The list of residents with one yen too much for 北海道."""
    file = tmp_path / "wrong.csv"
    text = (LISTS / "residents.csv").read_text(encoding="utf-8")
    file.write_text(text.replace("47267000", "47267001"), encoding="utf-8")
    return file


def call(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, str, str]:
    """Return the exit status, standard output and standard error of a call."""
    status = run(["audit", *map(str, words)])
    printed = capsys.readouterr()
    return status, printed.out, printed.err


def as_json(capsys: pytest.CaptureFixture[str], *words: str | Path) -> tuple[int, dict[str, Any]]:
    status, out, err = call(capsys, *words, "--json")
    assert err == ""
    document = json.loads(out)
    assert list(document) == ["audits"]
    (audit,) = document["audits"]
    assert list(audit) == AUDIT_KEYS
    assert all(list(finding) == FINDING_KEYS for finding in audit["findings"])
    return status, audit


def test_sound_lists(capsys: pytest.CaptureFixture[str]) -> None:
    for programme, rows in (("residents", 47), ("intermediate_server", 1788)):
        status, audit = as_json(capsys, LISTS / f"{programme}.csv")
        assert status == 0
        assert (audit["programme"], audit["basis"]) == (programme, "rule")
        assert (audit["rows"], audit["matched"]) == (rows, rows)
        assert audit["listed_total"] == audit["expected_total"]
        assert {finding["severity"] for finding in audit["findings"]} <= {"warning"}


def test_a_list_that_cannot_be_checked(capsys: pytest.CaptureFixture[str]) -> None:
    status, audit = as_json(capsys, LISTS / "jpki.csv")
    assert (status, audit["matched"], audit["findings"]) == (0, None, [])
    assert (audit["basis"], list(audit["shares"])) == ("parts", ["rule", "carried_forward"])
    assert audit["not_checked"][0].startswith("amounts: not checkable")


def test_a_wrong_list(capsys: pytest.CaptureFixture[str], wrong: Path) -> None:
    status, audit = as_json(capsys, wrong)
    assert status == 1
    assert audit["matched"] == 46
    (finding,) = audit["findings"]
    message = finding.pop("message")
    assert finding == {
        "kind": "amount",
        "severity": "error",
        "reason": "other",
        "code": "010006",
        "prefecture": "北海道",
        "municipality": "",
        "published": 47267001,
        "expected": 47267000,
        "difference": 1,
        "where": f"{wrong}: line 2",
        "effect": 1,
        "below": [],
    }
    assert audit["verdict"] == (
        "46 of 47 payers agree, 1 amount differs. Net difference +1 yen. The rule was inferred "
        "from this very list, so that agreement is no independent evidence"
    )
    assert audit["inferred_from"] == "data/published/2023/residents.csv"
    assert (audit["net_difference"], audit["gross_difference"]) == (1, 1)
    assert [step["yen"] for step in audit["bridge"]] == [1_514_000_000, 1, 1_514_000_001]
    assert "47,267,001" in message


def test_people_read_the_verdict_first(capsys: pytest.CaptureFixture[str], wrong: Path) -> None:
    status, out, err = call(capsys, wrong)
    assert (status, out) == (1, "")
    lines = err.splitlines()
    assert lines[0].startswith("residents: 46 of 47 payers agree, 1 amount differs. Net difference")
    assert lines[1].startswith(f"error: amount: {wrong}: line 2: 010006 北海道")
    assert "not checked: title: the file has none" in lines


def test_nothing_is_cut(capsys: pytest.CaptureFixture[str]) -> None:
    _, _, err = call(capsys, LISTS / "intermediate_server.csv")
    assert len([line for line in err.splitlines() if line.startswith("warning: name")]) == 23


def test_japanese(capsys: pytest.CaptureFixture[str], wrong: Path) -> None:
    status = run(["--lang", "ja", "audit", str(wrong)])
    err = capsys.readouterr().err
    assert status == 1
    assert err.splitlines()[0].startswith("residents: 47団体中46団体一致、金額相違1。純差額+1円")
    assert f"誤り: 金額相違: {wrong}: 2行目: 010006 北海道" in err


def test_rows_of_one_cause_are_shown_below_it(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "thousands.csv"
    text = (LISTS / "residents.csv").read_text(encoding="utf-8")
    file.write_text(text.replace("000\n", "\n"), encoding="utf-8")
    status = run(["--lang", "ja", "audit", str(file), "--programme", "residents"])
    lines = capsys.readouterr().err.splitlines()
    assert status == 1
    assert lines[0].startswith("residents: 47団体中0団体一致、金額相違47(うち千円単位47)。純差額")
    assert "相違のある47件のうち47件は" in lines[1]
    assert [line.startswith("  誤り: 金額相違") for line in lines[2:50]] == [*[True] * 47, False]


def test_the_way_between_the_totals_is_shown(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "totals.csv"
    text = (LISTS / "residents.csv").read_text(encoding="utf-8").replace("47267000", "47267001")
    file.write_text(text + "合計,,,1514000000\n", encoding="utf-8")
    run(["--lang", "ja", "audit", str(file), "--programme", "residents"])
    err = capsys.readouterr().err
    assert (
        "合計欄の額: 1,514,000,000円\n  金額相違 010006 北海道: +1円\n= 各行の合計: 1,514,000,001円"
    ) in err
    run(["--lang", "ja", "audit", str(LISTS / "residents.csv"), "--programme", "residents"])
    assert "各行の合計" not in capsys.readouterr().err


def test_quiet(capsys: pytest.CaptureFixture[str], wrong: Path) -> None:
    assert call(capsys, wrong, "--quiet") == (1, "", "")


def test_the_plan_may_be_named(capsys: pytest.CaptureFixture[str], wrong: Path) -> None:
    assert as_json(capsys, wrong, "--plan", CONFIGS / "2023")[0] == 1
    assert as_json(capsys, wrong, "--plan", CONFIGS / "2023" / "plan.toml")[0] == 1


def test_against(capsys: pytest.CaptureFixture[str], wrong: Path) -> None:
    status, audit = as_json(capsys, wrong, "--against", LISTS / "residents.csv")
    assert (status, audit["basis"], audit["programme"]) == (1, "list", None)
    assert [finding["code"] for finding in audit["findings"]] == ["010006"]
    status, audit = as_json(capsys, wrong, "--against", wrong, "--programme", "residents")
    assert (status, audit["programme"]) == (0, "residents")


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["gone.csv"], "the file is not there"),
        (["."], "folder"),
        ([LISTS / "residents.csv", "--programme", "roads"], "no programme 'roads'"),
        ([LISTS / "residents.csv", "--plan", "gone"], "gone"),
        ([LISTS / "residents.csv", "--against", "gone.csv"], "the file is not there"),
        ([LISTS / "residents.csv", "--report", "r.docx"], ".xlsx, .html, .md, .json, .csv"),
        ([LISTS / "residents.csv", "--report", "r"], ".xlsx, .html, .md, .json, .csv"),
        ([LISTS / "residents.csv", "--report", LISTS / "jpki.csv" / "r.json"], "cannot be written"),
        (
            [LISTS / "residents.csv", "--report", LISTS / "residents.csv"],
            "the list that is audited",
        ),
        ([], "FILE"),
    ],
)
def test_wrong_calls(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    words: list[str | Path],
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    status, out, err = call(capsys, *words)
    assert (status, out) == (2, "")
    assert message in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "empty"),
        ("code,amount\n", "no rows"),
        ("a,b\n1,2\n", "header"),
        ("code,population\n010006,1\n", "amount"),
        ("code,amount\n010006,1.5\n", "line 2"),
        ("code,amount\n010006,x\n", "'x'"),
        (f"code,amount\n010006,{10**19}\n", "more than"),
        ("code,amount\n合計,5\n", "a total and no rows"),
    ],
)
def test_wrong_files(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, message: str
) -> None:
    file = tmp_path / "list.csv"
    file.write_text(text, encoding="utf-8")
    status, out, err = call(capsys, file)
    assert (status, out) == (2, "")
    assert message in err


def test_control_characters_do_not_reach_the_terminal(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "list.csv"
    text = (LISTS / "residents.csv").read_text(encoding="utf-8")
    file.write_text(text.replace("北海道", "北\x1b[2J海道"), encoding="utf-8")
    _, _, err = call(capsys, file)
    assert "\x1b" not in err
    assert "\\x1b[2J" in err


# -- reports ---------------------------------------------------------------------------------------


def test_a_report_in_json_is_what_json_prints(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, wrong: Path
) -> None:
    report = tmp_path / "report.json"
    status, out, _ = call(capsys, wrong, "--report", report, "--json")
    assert status == 1
    assert json.loads(report.read_text(encoding="utf-8")) == json.loads(out)
    assert sorted(each.name for each in tmp_path.iterdir()) == ["report.json", "wrong.csv"]


def test_a_report_in_csv_has_a_line_a_finding(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    report = tmp_path / "report.CSV"
    call(capsys, LISTS / "intermediate_server.csv", "--report", report)
    with report.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["programme", *FINDING_KEYS[:-2]]
    assert len(rows) == 23
    assert {row["kind"] for row in rows} == {"name"}


def test_a_report_in_markdown_says_what_was_not_checked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    report = tmp_path / "report.md"
    call(capsys, LISTS / "intermediate_server.csv", "--report", report)
    text = report.read_text(encoding="utf-8")
    assert "(intermediate_server)" in text
    assert "No errors were found in what was checked (23 to note)." in text
    assert "### Not checked, and why" in text
    assert "### Warnings (23)" in text
    assert len([line for line in text.splitlines() if "| warning | name (" in line]) == 23
    status = run(["--lang", "ja", "audit", str(LISTS / "jpki.csv"), "--report", str(report)])
    assert status == 0
    assert "照合しなかった事項とその理由" in report.read_text(encoding="utf-8")
    assert "照合不能" in report.read_text(encoding="utf-8")


def test_a_report_takes_the_place_of_an_older_one(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, wrong: Path
) -> None:
    report = tmp_path / "report.json"
    report.write_text("old", encoding="utf-8")
    assert call(capsys, wrong, "--report", report)[0] == 1
    assert "audits" in report.read_text(encoding="utf-8")


def test_what_cannot_be_read_leaves_an_older_report_alone(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    report = tmp_path / "report.json"
    report.write_text("old", encoding="utf-8")
    assert call(capsys, tmp_path / "gone.csv", "--report", report)[0] == 2
    assert report.read_text(encoding="utf-8") == "old"
