"""`allocator extract`: what it prints, writes and returns."""

from __future__ import annotations

import io
import json
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from allocator.cli.main import run
from tests.documents.budgets import DATA

Rebuilt = Callable[[str], Path]
Capture = pytest.CaptureFixture[str]


def call(*words: str | Path) -> int:
    return run(["--lang", "en", "extract", *map(str, words)])


def test_what_is_printed(rebuilt: Rebuilt, tmp_path: Path, capsys: Capture) -> None:
    assert call(rebuilt("papers-2023.txt"), "--out", tmp_path) == 0

    said = capsys.readouterr()
    assert said.out == ""
    lines = [line.replace(" ", "") for line in said.err.splitlines()]
    assert any(
        "intermediate_server│2023│1,788│5,978,953,000│5,978,953,000│" in line for line in lines
    )
    assert any("2023,initial│lgwan│1,677,903│fact│equal" in line for line in lines)
    assert any("2022,Marchsupplementary│lgwan│1,677,308│inference│none" in line for line in lines)
    assert "the title says 令和4年度, the heading 令和5年度" in said.err


def test_what_is_left_open(rebuilt: Rebuilt, tmp_path: Path, capsys: Capture) -> None:
    assert call(rebuilt("papers-2021.txt"), "--out", tmp_path) == 0
    assert "1,567,136 or 1,661,895" in capsys.readouterr().err


def test_in_japanese(rebuilt: Rebuilt, tmp_path: Path, capsys: Capture) -> None:
    path = rebuilt("papers-2021.txt")
    assert run(["--lang", "ja", "extract", str(path), "--out", str(tmp_path)]) == 0
    said = capsys.readouterr().err
    assert "令和3年度1月補正" in said
    assert "1,567,136 または 1,661,895" in said


def test_the_files(rebuilt: Rebuilt, tmp_path: Path) -> None:
    out = tmp_path / "made" / "here"
    assert call(rebuilt("papers-2023.pdf"), "--out", out, "--quiet") == 0

    written = sorted(path.relative_to(out).as_posix() for path in out.rglob("*") if path.is_file())
    assert written == [
        "2023/intermediate_server.csv",
        "2023/jpki.csv",
        "2023/lgwan.csv",
        "2023/lists.toml",
        "2023/places.csv",
        "2023/residents.csv",
        "budget/2022.csv",
        "budget/2023.csv",
        "budget/reconciliation.toml",
        "left_out.csv",
    ]
    name = "published/2023/lists.toml"
    known = tomllib.loads((DATA / name).read_text("utf-8"))
    assert tomllib.loads((out / "2023/lists.toml").read_text("utf-8")) == known


def test_the_same_document_gives_the_same_bytes(rebuilt: Rebuilt, tmp_path: Path) -> None:
    contents = []
    for name in ("one", "other"):
        assert call(rebuilt("papers-2021.pdf"), "--out", tmp_path / name, "--quiet") == 0
        files = sorted(path for path in (tmp_path / name).rglob("*") if path.is_file())
        contents.append([path.read_bytes() for path in files])
    assert contents[0] == contents[1]


def test_json(rebuilt: Rebuilt, tmp_path: Path, capsys: Capture) -> None:
    path = rebuilt("papers-2023.txt")
    assert call(path, "--out", tmp_path, "--json") == 0

    said = capsys.readouterr()
    assert said.err == ""
    assert said.out.count("\n") == 1
    found = json.loads(said.out)
    assert set(found) == {
        "file",
        "kind",
        "document",
        "lists",
        "budget",
        "reconciliation",
        "rows_in",
        "rows_taken",
        "left_out",
        "notes",
        "outputs",
    }
    assert found["rows_in"] == found["rows_taken"] + len(found["left_out"])
    for each in found["lists"]:
        assert each["rows_in"] == each["rows_taken"] + len(each["left_out"])
    assert (found["kind"], found["document"]) == (
        "text",
        "第38回経営審議委員会 配付資料 令和5年3月2日",
    )
    jpki = found["lists"][1]
    assert (jpki["heading_year"], jpki["title_year"], jpki["fiscal_year"]) == (2023, 2022, 2023)
    assert (jpki["rows"], jpki["listed_total"], jpki["declared_total"]) == (
        47,
        2_406_000_000,
        2_406_000_000,
    )
    assert jpki["file"] == "2023/jpki.csv"
    assert jpki["where"].startswith(f"{path}: line ")
    assert {line["stage"] for line in found["budget"]} == {"initial", "march_supplementary"}
    assert all(each["agrees"] for each in found["reconciliation"])
    assert [Path(name).exists() for name in found["outputs"]] == [True] * 10
    assert len(found["notes"]) == 1


def test_quiet(rebuilt: Rebuilt, tmp_path: Path, capsys: Capture) -> None:
    assert call(rebuilt("papers-2021.txt"), "--out", tmp_path, "--quiet") == 0
    said = capsys.readouterr()
    assert (said.out, said.err) == ("", "")


def test_standard_input(
    rebuilt: Rebuilt, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture
) -> None:
    content = rebuilt("papers-2021.pdf").read_bytes()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))
    assert call("-", "--out", tmp_path, "--json") == 0
    assert json.loads(capsys.readouterr().out)["kind"] == "pdf"


def test_a_list_without_words_has_no_year_and_no_name(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "a.csv"
    path.write_text("都道府県名,金額\n北海道,1\n\n都道府県名,金額\n青森県,2\n合計,2\n", "utf-8")
    assert call(path, "--out", tmp_path / "out", "--json") == 0
    (one,) = json.loads(capsys.readouterr().out)["lists"]
    assert (one["programme"], one["fiscal_year"], one["file"]) == (None, None, "undated/list.csv")
    assert (tmp_path / "out/undated/list.csv").read_text("utf-8") == (
        "code,prefecture,municipality,amount\n010006,北海道,,1\n020001,青森県,,2\n"
    )
    toml = tomllib.loads((tmp_path / "out/undated/lists.toml").read_text("utf-8"))
    assert "fiscal_year" not in toml


def test_two_lists_of_one_programme_get_two_files(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "a.txt"
    title = "公的個人認証サービスに係る令和6年度負担金一覧(都道府県別)"
    once = f"{title}\n\n都道府県名\t金額\n北海道\t1\n合計\t1\n\n"
    path.write_text(once * 2, "utf-8")
    assert call(path, "--out", tmp_path / "out", "--json") == 0
    lists = json.loads(capsys.readouterr().out)["lists"]
    assert [each["file"] for each in lists] == ["2024/jpki.csv", "2024/jpki-2.csv"]


def test_extracted_files_can_be_checked_and_extracted_again(
    rebuilt: Rebuilt, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert call(rebuilt("papers-2023.txt"), "--out", out, "--quiet") == 0
    path = out / "2023" / "intermediate_server.csv"
    assert run(["check", str(path)]) == 0
    assert call(path, "--out", tmp_path / "again", "--quiet") == 0
    again = tmp_path / "again" / "undated" / "list.csv"
    assert again.read_bytes() == path.read_bytes()


class TestUnwritable:
    def test_a_file_in_the_way(self, rebuilt: Rebuilt, tmp_path: Path, capsys: Capture) -> None:
        out = tmp_path / "out"
        out.write_text("in the way", "utf-8")
        assert call(rebuilt("papers-2021.txt"), "--out", out) == 2
        assert "To mend it: " in capsys.readouterr().err
        assert out.read_text("utf-8") == "in the way"

    def test_where_one_file_cannot_be_written_none_is(
        self, rebuilt: Rebuilt, tmp_path: Path, capsys: Capture
    ) -> None:
        """Old files stay as they were, new ones don't appear, nothing temporary is left."""
        out = tmp_path / "out"
        (out / "budget" / "2023.csv").mkdir(parents=True)
        (out / "2023").mkdir()
        (out / "2023" / "residents.csv").write_text("old", "utf-8")
        assert call(rebuilt("papers-2023.txt"), "--out", out) == 2
        assert "2023.csv" in capsys.readouterr().err
        left = sorted(path.relative_to(out).as_posix() for path in out.rglob("*"))
        assert left == ["2023", "2023/residents.csv", "budget", "budget/2023.csv"]
        assert (out / "2023" / "residents.csv").read_text("utf-8") == "old"

    def test_without_out(self, rebuilt: Rebuilt, capsys: Capture) -> None:
        assert call(rebuilt("papers-2021.txt")) == 2
        assert "--out" in capsys.readouterr().err


@pytest.mark.parametrize("language", ["en", "ja"])
def test_help(language: str, capsys: Capture) -> None:
    assert run(["--lang", language, "extract", "--help"]) == 0
    assert "--out" in capsys.readouterr().out
