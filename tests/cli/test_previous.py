"""`allocator run --previous`, and the key of a plan: what a year is compared with."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.recompute import Row, published, table
from tests.cli.calls import ROOT, Caller, assert_refused, call_inside, call_outside
from tests.documents.drawing import as_pdf, as_text, write
from tests.documents.papers import papers_of_2023
from tests.outputs.spreadsheet import opened
from tests.sources.files import as_csv

EXAMPLE = ROOT / "docs" / "examples" / "2026"
LISTS = ROOT / "data" / "published" / "2023"
PROGRAMMES = ["residents", "jpki", "intermediate_server", "lgwan"]
TOTALS = {"residents": 1_514_000_000, "jpki": 2_406_000_000, "lgwan": 1_677_903_280}
TOTALS["intermediate_server"] = 5_978_953_000


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Caller:
    return Caller(capsys)


def plan(folder: Path, previous: str) -> Path:
    """Write the plan of next year into `folder`, with another line in place of previous."""
    shutil.copytree(EXAMPLE, folder)
    file = folder / "plan.toml"
    lines = file.read_text(encoding="utf-8").splitlines()
    kept = [line for line in lines if not line.startswith("previous")]
    file.write_text("\n".join([*kept, previous, ""]), encoding="utf-8")
    return folder


def compared(call: Caller, *words: str | Path) -> dict[str, Any]:
    """Return what a run with --json says of the comparison, by programme."""
    ended = call("--lang", "en", "run", *words, "--json")
    assert ended.status == 0, ended.err
    return {each["id"]: each["previous"] for each in ended.object["programmes"]}


def listed(folder: Path, name: str, rows: list[Row]) -> Path:
    file = folder / name
    file.write_text(as_csv(rows), encoding="utf-8")
    return file


@pytest.mark.parametrize(
    "given", ["2023", ROOT / "configs" / "2023", ROOT / "configs/2023/plan.toml"]
)
def test_an_earlier_plan(given: str | Path, call: Caller, tmp_path: Path) -> None:
    now = plan(tmp_path / "2026", "")
    found = compared(call, now, "--previous", given, "--out", tmp_path / "out")
    for name in PROGRAMMES:
        assert found[name]["kind"] == "plan"
        assert found[name]["fiscal_year"] == 2023
        assert found[name]["total"] == found[name]["carried"] == TOTALS[name]
        assert (found[name]["lost"], found[name]["new"]) == (0, 0)
    assert [found[name]["basis"] for name in PROGRAMMES] == [
        "rule", "parts", "rule", "carried_forward",
    ]  # fmt: skip


def test_the_plans_own_key_and_the_option_in_its_place(call: Caller, tmp_path: Path) -> None:
    shutil.copytree(ROOT / "configs" / "2023", tmp_path / "2025")
    file = tmp_path / "2025" / "residents.toml"
    text = file.read_text(encoding="utf-8").replace("1_514_000_000", "1_000_000_000")
    file.write_text(text, encoding="utf-8")
    now = plan(tmp_path / "2026", 'previous = "../2025"')
    found = compared(call, now, "--out", tmp_path / "out")
    assert found["residents"]["total"] == 1_000_000_000
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    names = {each["file"] for each in manifest["inputs"]}
    assert {"plan.toml", "2025/plan.toml", "2025/residents.toml"} <= names
    assert [each["programme"] for each in manifest["previous"]] == PROGRAMMES
    other = compared(call, now, "--previous", "2023", "--out", tmp_path / "other")
    assert other["residents"]["total"] == 1_514_000_000


def test_the_earlier_plans_own_key_is_not_followed(call: Caller, tmp_path: Path) -> None:
    """What it names needn't even be there; that no plan leads back to itself is another matter."""
    plan(tmp_path / "before", 'previous = "../nowhere"')
    now = plan(tmp_path / "2026", 'previous = "../before"')
    assert compared(call, now, "--out", tmp_path / "out")["residents"]["fiscal_year"] == 2026


def test_published_lists(call: Caller, tmp_path: Path) -> None:
    words: list[str | Path] = []
    for name in PROGRAMMES:
        words += ["--previous", LISTS / f"{name}.csv"]
    found = compared(call, EXAMPLE, *words, "--out", tmp_path / "out")
    for name in PROGRAMMES:
        assert found[name]["kind"] == "list"
        assert found[name]["basis"] is None
        assert found[name]["fiscal_year"] == 2023
        assert found[name]["name"] == f"data/published/2023/{name}.csv"
        assert found[name]["total"] == TOTALS[name]


def test_one_list_leaves_the_others_without(call: Caller, tmp_path: Path) -> None:
    ended = call(
        "--lang", "en", "run", EXAMPLE, "--previous", LISTS / "jpki.csv", "--out", tmp_path
    )
    assert ended.status == 0
    assert "jpki: +94,000,000 yen against the published list of FY2023" in ended.err
    for name in ("residents", "intermediate_server", "lgwan"):
        assert f"{name}: no comparison: not among the earlier ones" in ended.err
    japanese = call_inside(
        "run", EXAMPLE, "--previous", LISTS / "jpki.csv", "--out", tmp_path, language="ja"
    )
    assert (
        "jpki: 令和5年度の公表一覧(data/published/2023/jpki.csv)に対し +94,000,000 円"
        in japanese.err
    )


@pytest.mark.parametrize("kind", ["txt", "pdf"])
def test_council_papers(kind: str, call: Caller, tmp_path: Path) -> None:
    papers = papers_of_2023()
    content = as_text(papers) if kind == "txt" else as_pdf(papers)
    file = write(tmp_path / f"papers.{kind}", content)
    out = tmp_path / "out"
    found = compared(call, EXAMPLE, "--previous", file, "--out", out)
    for name in PROGRAMMES:
        assert found[name]["kind"] == "list"
        assert (found[name]["name"], found[name]["fiscal_year"]) == (file.name, 2023)
        assert found[name]["total"] == found[name]["carried"] == TOTALS[name]
    text = str([*opened((out / "allocation.xlsx").read_bytes()).rows("前年度比較", 1)])
    assert (
        f"比較: 令和5年度の公表一覧({file.name})「公的個人認証サービスに係る令和4年度負担金一覧"
        in text
    )
    assert "一覧の表題は令和4年度、資料の見出しは令和5年度" in text
    picked = compared(call, EXAMPLE, "--previous", f"jpki={file}", "--out", out)
    assert [name for name in PROGRAMMES if picked[name]] == ["jpki"]


def test_papers_with_lists_of_other_programmes(call: Caller, tmp_path: Path) -> None:
    file = write(tmp_path / "papers.txt", as_text(papers_of_2023()))
    now = plan(tmp_path / "2026", "")
    text = (now / "plan.toml").read_text(encoding="utf-8")
    text = text.replace('"residents", "jpki", "intermediate_server", "lgwan"', '"jpki", "lgwan"')
    (now / "plan.toml").write_text(text, encoding="utf-8")
    found = compared(call, now, "--previous", file, "--out", tmp_path / "out")
    assert {name: each["total"] for name, each in found.items()} == {
        "jpki": TOTALS["jpki"], "lgwan": TOTALS["lgwan"],
    }  # fmt: skip
    sheet = [*opened((tmp_path / "out" / "allocation.xlsx").read_bytes()).rows("前年度比較", 1)]
    assert "本人確認情報処理事務等に係る令和5年度負担金一覧" in str(sheet)
    assert "(今年度の計画にない)" in str(sheet)


def test_whose_list_it_is_comes_from_title_name_or_rows(call: Caller, tmp_path: Path) -> None:
    rows = table(LISTS / "residents.csv")
    titled = tmp_path / "a.csv"
    title = "総合行政ネットワークに係る令和4年度負担金一覧"
    titled.write_text(f"{title}\n{as_csv(rows)}", encoding="utf-8")
    named = listed(tmp_path, "jpki.csv", rows)
    by_rows = listed(tmp_path, "b.csv", table(LISTS / "intermediate_server.csv"))
    words: list[str | Path] = ["--previous", titled, "--previous", named, "--previous", by_rows]
    found = compared(call, EXAMPLE, *words, "--out", tmp_path / "out")
    assert found["lgwan"] | {"new": 0} == {
        "kind": "list", "name": "a.csv", "fiscal_year": 2022, "basis": None,
        "total": 1_514_000_000, "carried": 1_514_000_000, "lost": 0, "new": 0,
    }  # fmt: skip
    assert (found["jpki"]["name"], found["jpki"]["fiscal_year"]) == ("jpki.csv", None)
    assert found["intermediate_server"]["name"] == "b.csv"
    assert found["residents"] is None


def test_a_list_that_could_be_of_several(call: Caller, tmp_path: Path) -> None:
    file = listed(tmp_path, "list.csv", table(LISTS / "jpki.csv"))
    ended = call("--lang", "en", "run", EXAMPLE, "--previous", file, "--out", tmp_path / "out")
    assert_refused(ended, "list.csv", "residents, jpki, lgwan", "residents=list.csv")
    assert not (tmp_path / "out").exists()
    words = ["--previous", f"lgwan={file}", "--previous", "jpki=2023"]
    found = compared(call, EXAMPLE, *words, "--out", tmp_path / "out")
    assert (found["lgwan"]["kind"], found["jpki"]["kind"]) == ("list", "plan")
    assert (found["residents"], found["intermediate_server"]) == (None, None)


def test_two_for_one_programme_are_named_both(call: Caller, tmp_path: Path) -> None:
    words: list[str | Path] = [
        "--previous",
        "2023",
        "--previous",
        LISTS / "jpki.csv",
        "--out",
        tmp_path / "out",
    ]
    ended = call("--lang", "en", "run", EXAMPLE, *words)
    both = f"two earlier amounts for jpki: {ROOT / 'configs' / '2023'} and {LISTS / 'jpki.csv'}"
    assert_refused(ended, both, "ID=PATH")


def test_codes_of_before_are_joined(call: Caller, tmp_path: Path) -> None:
    """那珂川町 became a city; 上九一色村 was divided between two; 飯塚市 was left out."""
    rows = table(LISTS / "intermediate_server.csv")
    for row in rows:
        if row["code"] == "402311":
            row["code"], row["municipality"] = "403059", "那珂川町"
    town = next(int(row["amount"]) for row in rows if row["code"] == "403059")
    rows = [row for row in rows if row["code"] != "402052"]
    rows.append({**rows[-1], "code": "193411", "municipality": "上九一色村", "amount": "777"})
    file = listed(tmp_path, "intermediate_server.csv", rows)
    out = tmp_path / "out"
    found = compared(call, EXAMPLE, "--previous", file, "--out", out)["intermediate_server"]
    left_out = published("intermediate_server")["402052"]
    assert found["carried"] == TOTALS["intermediate_server"] - left_out
    assert (found["lost"], found["new"]) == (777, 1)
    assert found["total"] == found["carried"] + 777
    assert town > 0


def test_check_sees_the_key(call: Caller, tmp_path: Path) -> None:
    assert call("check", plan(tmp_path / "good", 'previous = ["2023"]')).status == 0
    ended = call("--lang", "en", "check", plan(tmp_path / "bad", 'previous = "../2025"'))
    assert_refused(ended, "plan.toml: previous", "'../2025' is not there", "earlier plan")


@pytest.mark.parametrize("value", ["5", "[]", '[""]', "[5]", "true"])
def test_a_value_that_is_no_path(value: str, call: Caller, tmp_path: Path) -> None:
    ended = call("--lang", "en", "check", plan(tmp_path / "2026", f"previous = {value}"))
    assert_refused(ended, "plan.toml: previous", "is no path", '"../2023"')


@pytest.mark.parametrize(
    ("given", "pieces"),
    [
        ("nowhere", ("--previous nowhere", "'nowhere' is not there")),
        ("", ("--previous", "is not there")),
        ("jpki=nowhere", ("--previous jpki=nowhere", "'nowhere' is not there")),
        (".", ("--previous .", "plan.toml")),
        ("words.txt", ("words.txt",)),
        ("codes.csv", ("codes.csv: line 2", "999999", "not in the register")),
        ("doubled.csv", ("doubled.csv", "stands twice")),
        ("old/plan.toml", ("plan.toml", "programmes")),
    ],
)
def test_what_is_refused(given: str, pieces: tuple[str, ...], tmp_path: Path) -> None:
    (tmp_path / "words.txt").write_text("no list at all\n", encoding="utf-8")
    (tmp_path / "codes.csv").write_text("code,amount\n999999,5\n", encoding="utf-8")
    text = "code,amount\n010006,5\n020001,6\n020001,6\n"
    (tmp_path / "doubled.csv").write_text(text, encoding="utf-8")
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "plan.toml").write_text("fiscal_year = 2022\n", encoding="utf-8")
    words: list[str | Path] = ["--lang", "en", "run", EXAMPLE, "--previous", given, "--out", "out"]
    ended = call_outside(words, cwd=tmp_path)
    assert_refused(ended, *pieces)
    assert not (tmp_path / "out").exists()


def test_the_option_picks_no_programme_that_the_call_leaves_out(
    call: Caller, tmp_path: Path
) -> None:
    ended = call("--lang", "en", "run", EXAMPLE, "--programme", "jpki", "--out", tmp_path)
    assert ended.status == 0
    assert "jpki: +94,000,000 yen against the plan of FY2023" in ended.err
    assert "residents" not in ended.err
