"""The working paper: every ending holds every finding, and nothing in it is markup or formula."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

from allocator.cli.main import run
from tests.audit.paper_text import PAPERS, text_of

LIST = Path(__file__).parents[2] / "data" / "published" / "2023" / "residents.csv"
EVIL = '=HYPERLINK("x")<script>alert(1)</script>|*_x_*[y](z)'

# Three amounts are changed: 47,267,001 for 47,267,000, 1 for 23,579,000, 23,359,007 for 23,359,000.
DIFFERENCES = [1, -23_578_999, 7]
NET, GROSS = "△23,578,991", "23,579,007"


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """Give a list with three wrong amounts, one of a payer with a hostile name."""
    text = LIST.read_text(encoding="utf-8")
    for old, new in (("47267000", "47267001"), ("23579000", "1"), ("23359000", "23359007")):
        assert text.count(old) == 1
        text = text.replace(old, new)
    quoted = EVIL.replace('"', '""')
    path = tmp_path / "list.csv"
    path.write_text(text.replace("030007,岩手県", f'030007,"{quoted}"'), encoding="utf-8")
    return path


def report(wrong: Path, ending: str, *options: str) -> Path:
    path = wrong.with_name(f"report{ending}")
    call = ["--lang", "ja", "audit", str(wrong), "--report", str(path), "--quiet", *options]
    assert run(call) == 1
    return path


def findings_in(path: Path) -> list[dict[str, object]]:
    """Return the sheet of findings, a row by its headings."""
    rows = [list(row) for row in openpyxl.load_workbook(path)["指摘事項"].values]
    return [dict(zip(map(str, rows[0]), row, strict=True)) for row in rows[1:]]


# -- every ending ----------------------------------------------------------------------------------


def test_workbook(wrong: Path) -> None:
    path = report(wrong, ".xlsx")
    book = openpyxl.load_workbook(path)
    rows = findings_in(path)

    assert book.sheetnames == ["総括", "指摘事項"]
    assert [row["団体コード"] for row in rows] == ["010006", "020001", "030007", "030007"]
    assert [row["差(円)"] for row in rows] == [*DIFFERENCES, None]
    assert all(row["相手先(作成者)の回答"] is None for row in rows)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert any(EVIL in str(cell.value) for cell in cells)
    assert all(cell.data_type != "f" for cell in cells)


def test_html(wrong: Path) -> None:
    text = report(wrong, ".html").read_text(encoding="utf-8")
    tags: list[str] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002
            tags.append(tag)

    Tags().feed(text)
    assert "script" not in tags
    for figure in ("47,267,001", "23,579,000", "△23,578,999", "030007"):
        assert figure in text
    assert "http://" not in text
    assert "https://" not in text


@pytest.mark.parametrize("ending", [".md", ".json", ".csv"])
def test_text(ending: str, wrong: Path) -> None:
    text = report(wrong, ending).read_text(encoding="utf-8-sig")

    if ending == ".json":
        (audit,) = json.loads(text)["audits"]
        found = [each["difference"] for each in audit["findings"] if each["kind"] == "amount"]
        assert found == DIFFERENCES
    elif ending == ".csv":
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [row["kind"] for row in rows].count("amount") == 3
    else:
        assert text.count("| 010006 |") == 1
        assert "照合しなかった事項とその理由" in text


def test_names_in_markdown_stay_text_in_their_cell(wrong: Path) -> None:
    lines = report(wrong, ".md").read_text(encoding="utf-8").splitlines()

    found = [line for line in lines if "HYPERLINK" in line]
    assert len(found) == 3  # a step of the bridge, the amount, the name that is not the register's
    for line in found:
        assert re.search(r"(?<!\\)[<>*\[\]]|(?<!\\)_x", line) is None
        table = next(at for at in range(lines.index(line), 0, -1) if lines[at].startswith("|---"))
        assert len(re.findall(r"(?<!\\)\|", line)) == lines[table].count("|")


def test_a_name_in_csv_is_no_formula(wrong: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(text_of(report(wrong, ".csv")))))

    assert [row["prefecture"] for row in rows if row["code"] == "030007"] == [f"'{EVIL}"] * 2
    assert not [cell for row in rows for cell in row.values() if cell[:1] in "=+@" and cell]
    assert rows[1]["difference"] == "-23578999"  # an amount is no text


@pytest.mark.parametrize("ending", [".xlsx", ".html", ".md", ".json", ".csv"])
def test_same_audit_same_bytes(ending: str, wrong: Path) -> None:
    assert report(wrong, ending).read_bytes() == report(wrong, ending).read_bytes()


def test_another_ending_is_refused(wrong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang", "en", "audit", str(wrong), "--report", "report.docx"]) == 2
    said = capsys.readouterr().err
    assert ".xlsx" in said
    assert ".html" in said


# -- what a working paper has to say ---------------------------------------------------------------


@pytest.mark.parametrize("ending", PAPERS)
def test_it_says_what_was_done_with_what(ending: str, wrong: Path) -> None:
    text = text_of(report(wrong, ending))

    for heading in ("目的", "方法・範囲", "資料", "作成・確認", "結論", "差異の橋渡し"):
        assert heading in text
    assert "全件照合、抽出なし" in text
    assert "本人確認情報処理事務等に係る負担金" in text
    assert "令和5年度(" in text
    assert hashlib.sha256(wrong.read_bytes()).hexdigest() in text
    used = LIST.parents[2] / "population" / "resident_register_2022-01-01.csv"
    assert f"data/population/{used.name}" in text
    assert hashlib.sha256(used.read_bytes()).hexdigest() in text
    assert "configs/2023/plan.toml" in text
    assert (
        hashlib.sha256((LIST.parents[3] / "configs/2023/plan.toml").read_bytes()).hexdigest()
        in text
    )


@pytest.mark.parametrize("ending", PAPERS)
def test_it_has_net_and_gross_difference(ending: str, wrong: Path) -> None:
    text = text_of(report(wrong, ending))

    assert NET in text
    assert GROSS in text


@pytest.mark.parametrize("ending", PAPERS)
def test_another_list_is_named_with_its_sha256(ending: str, wrong: Path) -> None:
    text = text_of(report(wrong, ending, "--against", str(LIST)))

    assert "照合先の一覧" in text
    assert "data/published/2023/residents.csv" in text
    assert hashlib.sha256(LIST.read_bytes()).hexdigest() in text
    assert "residents.toml" not in text  # the plan lends its register alone


@pytest.mark.parametrize("ending", [*PAPERS, ".csv"])
def test_no_path_of_the_machine_is_in_it(ending: str, wrong: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plans" / "mine"
    plan.mkdir(parents=True)
    for file in (LIST.parents[3] / "configs" / "2023").iterdir():
        (plan / file.name).write_bytes(file.read_bytes())
    text = text_of(report(wrong, ending, "--plan", str(plan)))

    assert "list.csv" in text or ending == ".csv"
    assert str(tmp_path) not in text
    assert str(LIST.parents[3]) not in text
    assert tmp_path.name not in text


@pytest.mark.parametrize("ending", PAPERS)
def test_the_day_is_what_the_call_says(ending: str, wrong: Path) -> None:
    assert "令和8年12月1日(2026年12月1日)" in text_of(report(wrong, ending, "--date", "2026-12-01"))


@pytest.mark.parametrize("ending", PAPERS)
def test_without_a_day_there_is_a_blank(ending: str, wrong: Path) -> None:
    text = text_of(report(wrong, ending))

    assert re.search(r"年\s+月\s+日", text)
    assert re.search(r"20[0-9]{2}年[0-9]{1,2}月", text) is None


@pytest.mark.parametrize(
    ("day", "shown"),
    [
        ("２０２６－１２－０１", "令和8年12月1日(2026年12月1日)"),
        ("2026/12/1", "令和8年12月1日(2026年12月1日)"),
        ("令和8年12月1日", "令和8年12月1日(2026年12月1日)"),
        ("令和元年5月1日", "令和元年5月1日(2019年5月1日)"),
        ("2019-04-30", "2019年4月30日"),
    ],
)
def test_a_day_is_read_as_people_write_it(day: str, shown: str, wrong: Path) -> None:
    assert f"| 実施日 | {shown} |" in text_of(report(wrong, ".md", "--date", day))


def test_standard_input_is_called_so(wrong: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = wrong.read_bytes()
    for ending in (".md", ".json", ".html", ".csv"):
        stream = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8")
        monkeypatch.setattr("sys.stdin", stream)
        path = wrong.with_name(f"report{ending}")

        assert run(["audit", "-", "--programme", "residents", "--report", str(path), "-q"]) == 1

        text = path.read_text(encoding="utf-8")
        assert "standard-input" in text
        assert "allocator-" not in text
        if ending in PAPERS:
            assert hashlib.sha256(content).hexdigest() in text


@pytest.mark.parametrize("ending", PAPERS)
def test_beside_the_figures_it_says_where_the_rule_comes_from(ending: str, wrong: Path) -> None:
    text = text_of(report(wrong, ending))

    assert "44(この一覧から推定した規則による額であり、一致は独立した証拠とならない)" in text
    assert "1,514,000,000(この一覧から推定した規則による)" in text
    assert "独立した証拠とはならない" in text
    assert text.count("推定(本一覧)") == 3  # beside each amount that differs


@pytest.mark.parametrize("ending", PAPERS)
def test_another_list_is_no_rule_and_nothing_inferred(ending: str, wrong: Path) -> None:
    text = text_of(report(wrong, ending, "--against", str(LIST)))

    assert "推定" not in text


@pytest.mark.parametrize("ending", PAPERS)
def test_rows_of_one_cause_stand_below_it(ending: str, tmp_path: Path) -> None:
    head, *lines = LIST.read_text(encoding="utf-8").splitlines()
    file = tmp_path / "list.csv"
    thousands = [line.removesuffix("000") for line in lines]
    file.write_text("\n".join([head, *thousands]) + "\n", encoding="utf-8")
    text = text_of(report(file, ending, "--materiality", "30000000", "--programme", "residents"))

    assert "誤りが1件、計47行認められた" in text
    assert "基準値以上 1件" in text  # together: 1,512,486,000 yen
    assert "△1,512,486,000" in text
    assert all(f"1-{number}" in text for number in range(1, 48))
    # A row lacks 999 of 1,000 parts of its amount.
    below = sum(int(line.rpartition(",")[2]) * 999 // 1000 < 30_000_000 for line in lines)
    assert text.count("基準値未満") == below


# -- materiality -----------------------------------------------------------------------------------


def test_small_findings_are_marked_and_stay(wrong: Path) -> None:
    rows = findings_in(report(wrong, ".xlsx", "--materiality", "7"))

    assert [row["差(円)"] for row in rows] == [*DIFFERENCES, None]
    assert [row["重要性"] for row in rows] == ["基準値未満", "基準値以上", "基準値以上", None]


@pytest.mark.parametrize("ending", PAPERS)
@pytest.mark.parametrize(
    ("threshold", "conclusion"),
    [
        ("23579006", "総差額は重要性の基準値(23,579,006円)を超える"),
        ("２３，５７９，００７円", "総差額は重要性の基準値(23,579,007円)を超えない"),
    ],
)
def test_the_conclusion_holds_the_gross_difference_against_the_threshold(
    ending: str, threshold: str, conclusion: str, wrong: Path
) -> None:
    assert conclusion in text_of(report(wrong, ending, "--materiality", threshold))


def test_without_a_threshold_none_is_spoken_of(wrong: Path) -> None:
    path = report(wrong, ".xlsx")

    assert "重要性" not in findings_in(path)[0]
    assert "設定なし" in text_of(path)
    assert "基準値を超え" not in text_of(path)


def test_data_say_what_is_material(wrong: Path) -> None:
    options = ("--materiality", "7", "--date", "2026-12-01")
    rows = list(csv.DictReader(io.StringIO(text_of(report(wrong, ".csv", *options)))))
    document = json.loads(text_of(report(wrong, ".json", *options)))

    assert [row["material"] for row in rows] == ["no", "yes", "yes", "no"]
    assert document["particulars"]["materiality"] == 7
    assert document["particulars"]["date"] == "2026-12-01"
    first = document["particulars"]["sources"][0]
    assert first["sha256"] == hashlib.sha256(wrong.read_bytes()).hexdigest()


@pytest.mark.parametrize("ending", PAPERS)
def test_where_amounts_are_not_checkable_nothing_is_concluded_of_them(
    ending: str, tmp_path: Path
) -> None:
    path = tmp_path / f"report{ending}"
    file = LIST.with_name("jpki.csv")
    call = ["--lang", "ja", "audit", str(file), "--report", str(path), "-q", "--materiality", "1"]

    assert run(call) == 0

    text = text_of(path)
    assert "照合不能" in text
    assert "金額の当否については結論を述べない" in text
    assert "判定できない" in text
    assert "超えない" not in text
    assert "規則による検証ではない" in text


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--date", "2026-02-30"), "日付ではありません"),
        (("--date", "昨日"), "日付ではありません"),
        (("--date", "令和0年1月1日"), "日付ではありません"),
        (("--date", "20261201"), "日付ではありません"),
        (("--date", "２０２６年13月1日"), "日付ではありません"),
        (("--materiality", "たくさん"), "円単位の整数ではありません"),
        (("--materiality", "1.5"), "円単位の整数ではありません"),
        (("--materiality", "△1"), "範囲にありません"),
        (("--materiality", "1" + "0" * 19), "範囲にありません"),
    ],
)
def test_a_wrong_day_or_threshold_is_refused_before_any_work(
    options: tuple[str, ...], said: str, wrong: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = wrong.with_name("report.md")

    assert run(["--lang", "ja", "audit", str(wrong), "--report", str(path), *options]) == 2

    error = capsys.readouterr().err
    assert said in error
    assert options[0] in error
    assert not path.exists()


def test_a_day_without_a_working_paper_is_refused(
    wrong: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["--lang", "ja", "audit", str(wrong), "--date", "2026-12-01"]) == 2
    assert "--report" in capsys.readouterr().err
