"""The working paper: every ending holds every finding, and nothing in it is markup or formula."""

from __future__ import annotations

import csv
import io
import json
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest

from allocator.cli.main import run

LIST = Path(__file__).parents[2] / "data" / "published" / "2023" / "residents.csv"
EVIL = '=HYPERLINK("x")<script>alert(1)</script>'


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


def report(wrong: Path, ending: str) -> Path:
    path = wrong.with_name(f"report{ending}")
    assert run(["--lang", "ja", "audit", str(wrong), "--report", str(path), "--quiet"]) == 1
    return path


def test_workbook(wrong: Path) -> None:
    book = openpyxl.load_workbook(report(wrong, ".xlsx"))
    rows = [list(row) for row in book["指摘事項"].iter_rows(values_only=True)]

    assert book.sheetnames == ["総括", "指摘事項"]
    codes = [row[rows[0].index("団体コード")] for row in rows[1:]]
    differences = [row[rows[0].index("差(円)")] for row in rows[1:]]
    assert codes == ["010006", "020001", "030007", "030007"]
    assert differences == [1, 1 - 23_579_000, 7, None]
    cells = [cell for row in book["指摘事項"].iter_rows() for cell in row]
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
        assert [each["difference"] for each in audit["findings"] if each["kind"] == "amount"] == [
            1,
            1 - 23_579_000,
            7,
        ]
    elif ending == ".csv":
        rows = list(csv.DictReader(io.StringIO(text)))
        assert [row["kind"] for row in rows].count("amount") == 3
    else:
        assert text.count("| 010006 |") == 1
        assert "照合しなかった事項とその理由" in text


@pytest.mark.parametrize("ending", [".xlsx", ".html", ".md", ".json", ".csv"])
def test_same_audit_same_bytes(ending: str, wrong: Path) -> None:
    assert report(wrong, ending).read_bytes() == report(wrong, ending).read_bytes()


def test_another_ending_is_refused(wrong: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang", "en", "audit", str(wrong), "--report", "report.docx"]) == 2
    said = capsys.readouterr().err
    assert ".xlsx" in said
    assert ".html" in said


@pytest.mark.parametrize("ending", [".md", ".html"])
def test_the_scope_names_the_plan(ending: str, wrong: Path) -> None:
    text = report(wrong, ending).read_text(encoding="utf-8")

    assert "令和5年度(" in text
    assert "plan.toml" in text


@pytest.mark.parametrize("ending", [".md", ".json", ".html", ".csv"])
def test_standard_input_is_called_so(
    ending: str, wrong: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = wrong.read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))
    path = wrong.with_name(f"report{ending}")

    assert run(["audit", "-", "--programme", "residents", "--report", str(path), "--quiet"]) == 1

    text = path.read_text(encoding="utf-8")
    assert "standard-input" in text
    assert "allocator-" not in text
