"""Auditing council papers as they come: every list in them, one audit each."""

from __future__ import annotations

import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from allocator.cli.main import run
from allocator.sources.bundled import DATA
from tests.documents.drawing import as_pdf, as_text, write
from tests.documents.papers import papers_of_2021, papers_of_2023

# docs: the names that the FY2023 list misprints or spells otherwise (data/SOURCES.md).
NAMES = {"variant": 17, "misreading": 6}


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("papers")
    return {
        "text": write(folder / "papers.txt", as_text(papers_of_2023())),
        "pdf": write(folder / "papers.pdf", as_pdf(papers_of_2023())),
        "without": write(folder / "without.txt", as_text(papers_of_2021())),
    }


def audits(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[Any]]:
    status = run(["--lang", "en", "audit", *arguments, "--json"])
    found: list[Any] = json.loads(capsys.readouterr().out)["audits"]
    return status, found


def check_papers_of_2023(status: int, found: list[Any]) -> None:
    by_programme = {audit["programme"]: audit for audit in found}
    matched = {name: (each["matched"], each["rows"]) for name, each in by_programme.items()}
    kinds = {
        name: Counter((each["kind"], each["severity"]) for each in audit["findings"])
        for name, audit in by_programme.items()
    }
    reasons = Counter(each["reason"] for each in by_programme["intermediate_server"]["findings"])

    assert status == 0
    assert matched == {
        "residents": (47, 47),
        "jpki": (None, 47),
        "intermediate_server": (1788, 1788),
        "lgwan": (None, 47),
    }
    assert kinds == {
        "residents": {},
        "jpki": {("title", "warning"): 1},
        "intermediate_server": {("name", "warning"): 23},
        "lgwan": {},
    }
    assert reasons == NAMES
    for name in ("jpki", "lgwan"):
        (why,) = [each for each in by_programme[name]["not_checked"] if "not checkable" in each]
        assert "carries forward" in why


@pytest.mark.parametrize("kind", ["text", "pdf"])
def test_every_list_of_the_papers(
    kind: str, papers: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    check_papers_of_2023(*audits(capsys, str(papers[kind])))


@pytest.mark.parametrize("order", ["utf-16-le", "utf-16-be"])
def test_papers_and_lists_in_utf_16_that_does_not_say_so(
    order: str, papers: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = papers["text"].read_text(encoding="utf-8")
    file = tmp_path / "papers.txt"
    file.write_bytes(text.encode(order))
    check_papers_of_2023(*audits(capsys, str(file)))
    bundled = DATA / "published/2023/residents.csv"
    file.write_bytes(bundled.read_text(encoding="utf-8").encode(order))
    status, (found,) = audits(capsys, str(file))
    assert (status, found["matched"], found["findings"]) == (0, 47, [])


@pytest.mark.skipif(
    not os.environ.get("ALLOCATOR_DOCUMENTS"),
    reason="ALLOCATOR_DOCUMENTS names no folder with the council papers; "
    "set it to audit the originals as well.",
)
def test_the_papers_themselves(capsys: pytest.CaptureFixture[str]) -> None:
    for path in sorted(Path(os.environ["ALLOCATOR_DOCUMENTS"]).iterdir()):
        if "令和5年度負担金一覧" in path.read_text(encoding="utf-8"):
            check_papers_of_2023(*audits(capsys, str(path)))
            return
    pytest.skip("the folder has no papers with the lists of 令和5年度.")


def test_one_list_of_the_papers(
    papers: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    status, found = audits(capsys, str(papers["text"]), "--programme", "residents")

    assert status == 0
    assert [audit["programme"] for audit in found] == ["residents"]


def test_one_yen_in_the_papers(
    papers: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = papers["text"].read_text(encoding="utf-8")
    assert text.count("47,267,000") == 1
    changed = tmp_path / "papers.txt"
    changed.write_text(text.replace("47,267,000", "47,267,001"), encoding="utf-8")

    status, found = audits(capsys, str(changed), "--programme", "residents")

    assert status == 1
    (finding,) = found[0]["findings"]
    assert (finding["kind"], finding["code"], finding["difference"]) == ("amount", "010006", 1)
    assert f"{changed}: line " in finding["where"]


ROW = "012033\t北海道\t小樽市\t3,937,000\n"


def with_row(papers: dict[str, Path], folder: Path, row: str) -> Path:
    text = papers["text"].read_text(encoding="utf-8")
    assert text.count(ROW) == 1
    changed = folder / "papers.txt"
    changed.write_text(text.replace(ROW, row), encoding="utf-8")
    return changed


@pytest.mark.parametrize(
    ("code", "reason"), [("0120333", "not_a_code"), ("O12033", "not_a_code"), ("", "empty")]
)
def test_a_code_of_the_papers_that_is_none(
    code: str,
    reason: str,
    papers: dict[str, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    changed = with_row(papers, tmp_path, ROW.replace("012033", code))

    status, (found,) = audits(capsys, str(changed), "--programme", "intermediate_server")

    assert (status, found["matched"], found["rows"]) == (1, 1787, 1788)
    (finding,) = [each for each in found["findings"] if each["kind"] != "name"]
    assert (finding["kind"], finding["reason"], finding["code"]) == ("bad_code", reason, code)


@pytest.mark.parametrize("code", ["012033", "0120333"])
@pytest.mark.parametrize("amount", ["", "3,9?7,000", "3,9370,00"])
def test_an_amount_of_the_papers_that_cannot_be_read(
    code: str,
    amount: str,
    papers: dict[str, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    row = ROW.replace("012033", code).replace("3,937,000", amount)
    changed = with_row(papers, tmp_path, row)
    line = changed.read_text(encoding="utf-8").splitlines().index(row.rstrip("\n")) + 1

    assert run(["--lang", "en", "audit", str(changed)]) == 2
    said = capsys.readouterr().err
    assert f"{changed}: line {line}: a row of a list without an amount that can be read" in said
    assert "no header" not in said


@pytest.mark.parametrize("page", [0, 1])
def test_a_title_misprinted_on_one_page_of_a_list(
    page: int, papers: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    title = "5年度交付金一覧(団体別)"
    parts = papers["text"].read_text(encoding="utf-8").split(title)
    assert len(parts) > 3
    titles = [title] * (len(parts) - 1)
    titles[page] = title.replace("5", "4")
    changed = tmp_path / "papers.txt"
    text = parts[0] + "".join(each + part for each, part in zip(titles, parts[1:], strict=True))
    changed.write_text(text, encoding="utf-8")

    status, (found,) = audits(capsys, str(changed), "--programme", "intermediate_server")

    assert (status, found["matched"], found["rows"]) == (0, 1788, 1788)
    kinds = Counter((each["kind"], each["severity"]) for each in found["findings"])
    assert kinds == {("name", "warning"): 23, ("title", "warning"): 1}


def test_papers_against_a_list(papers: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    bundled = Path(__file__).parents[2] / "data" / "published" / "2023" / "lgwan.csv"
    arguments = (str(papers["pdf"]), "--against", str(bundled), "--programme", "lgwan")
    status, (found,) = audits(capsys, *arguments)

    assert (status, found["matched"], found["findings"]) == (0, 47, [])


def test_several_lists_against_one_need_a_programme(
    papers: dict[str, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    bundled = Path(__file__).parents[2] / "data" / "published" / "2023" / "lgwan.csv"

    assert run(["--lang", "en", "audit", str(papers["text"]), "--against", str(bundled)]) == 2
    assert "--programme" in capsys.readouterr().err


def test_papers_without_a_list(papers: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["--lang", "en", "audit", str(papers["without"])]) == 2
    assert capsys.readouterr().err.count("Error: ") == 1
