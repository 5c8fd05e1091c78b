"""Wrong calls, the languages of messages, and faults of our own."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from allocator import __version__
from tests.cli.calls import Caller, assert_refused, call_outside, snapshot

WRONG: dict[str, tuple[list[str], tuple[str, ...]]] = {
    "no such command": (["walk"], ("allocator: ", "'walk'", "allocator --help")),
    "no such option": (["run", "--walk"], ("allocator run: ", "--walk", "allocator run --help")),
    "an option without its value": (["run", "--total"], ("--total",)),
    "an encoding that we have not": (
        ["run", "--encoding", "latin-1"],
        ("--encoding", "utf-8", "cp932"),
    ),
    "a language that we have not": (["--lang", "fr", "run"], ("--lang", "ja", "en")),
    "show without a code": (["show"], ("CODE", "allocator show --help")),
    "show with too many words": (["show", "131016", "a", "b"], ("allocator show",)),
    "check without a path": (["check"], ("PATH", "allocator check --help")),
}


@pytest.mark.parametrize(("words", "pieces"), WRONG.values(), ids=WRONG.keys())
def test_a_wrong_call(words: list[str], pieces: tuple[str, ...], here: Path, call: Caller) -> None:
    assert_refused(call(*words), *pieces)
    assert snapshot(here) == {}


TWICE = {
    "both lists of an audit": (["audit", "-", "--against", "-"], ("FILE -", "--against -")),
    "two population files": (
        ["run", "--population", "-", "--population", "-"],
        ("--population -, --population -",),
    ),
    "population and the year before": (
        ["run", "--population", "-", "--previous", "residents=-"],
        ("--population -", "--previous residents=-"),
    ),
}


@pytest.mark.parametrize(("words", "pieces"), TWICE.values(), ids=TWICE.keys())
def test_standard_input_is_asked_for_once_only(
    words: list[str], pieces: tuple[str, ...], call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = io.TextIOWrapper(io.BytesIO(b"code,amount\n"))
    monkeypatch.setattr("sys.stdin", given)
    assert_refused(call(*words), *pieces, "standard input (-) is given 2 times", "give a file")
    assert given.buffer.tell() == 0  # nothing was read


def test_a_wrong_call_in_japanese(call: Caller) -> None:
    ended = call("--lang", "ja", "run", "--walk")
    assert_refused(ended, "呼び出しの誤り", "--walk", "allocator run --help")
    assert ended.err.startswith("エラー: ")


def test_a_wrong_call_with_json(call: Caller) -> None:
    ended = call("run", "--walk", "--json")
    assert ended.status == 2
    (error,) = ended.object["errors"]
    assert error["where"] == "allocator run"
    assert "--walk" in error["what"]


def test_without_a_command_the_help_is_shown_as_lines(call: Caller) -> None:
    ended = call()
    said = ended.out + ended.err
    assert "\\n" not in said
    for command in ("run", "audit", "compare", "show", "check"):
        assert any(line.split()[:1] == [command] for line in said.splitlines()), said


def test_version(call: Caller) -> None:
    ended = call("--version")
    assert (ended.status, ended.err) == (0, "")
    assert __version__ in ended.out


@pytest.mark.parametrize("command", [[], ["run"], ["audit"], ["compare"], ["show"], ["check"]])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_help_in_both_languages(command: list[str], language: str, call: Caller) -> None:
    ended = call("--lang", language, *command, "--help")
    assert (ended.status, ended.err) == (0, "")
    japanese = any("ぁ" <= letter <= "ん" for letter in ended.out)
    assert japanese == (language == "ja"), ended.out
    for english in ("Usage:", "Options:", "Show this message"):
        assert (english in ended.out) == (language == "en"), ended.out
    if command:
        assert "70" in ended.out, "the exit statuses"


def test_help_is_quick_to_import(tmp_path: Path) -> None:
    for words in (["--help"], ["run", "--help"], ["--version"]):
        code = (
            "import sys; from allocator.cli.main import run; "
            f"status = run({words!r}); "
            "heavy = {'polars', 'xlsxwriter', 'numpy', 'pydantic', 'rich'} & set(sys.modules); "
            "sys.exit(status or (f'imported: {heavy}' if heavy else 0))"
        )
        import subprocess

        done = subprocess.run(
            [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")


LOCALES = [
    ({}, "en"),
    ({"LANG": "ja_JP.UTF-8"}, "ja"),
    ({"LANG": "ja"}, "ja"),
    ({"LANG": "en_GB.UTF-8"}, "en"),
    ({"LANG": "de_DE.UTF-8"}, "en"),
    ({"LANG": "ja_JP.UTF-8", "LC_ALL": "C"}, "en"),
    ({"LANG": "C", "LC_MESSAGES": "ja_JP.UTF-8"}, "ja"),
    ({"LANG": "en_US.UTF-8", "LC_ALL": "ja_JP.UTF-8"}, "ja"),
]


@pytest.mark.parametrize(("locale", "language"), LOCALES, ids=str)
def test_the_language_of_the_locale(
    locale: dict[str, str], language: str, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in locale.items():
        monkeypatch.setenv(name, value)
    start = {"en": "Error: ", "ja": "エラー: "}
    assert call("run", "nowhere").err.startswith(start[language])
    for asked in ("ja", "en"):
        assert call("--lang", asked, "run", "nowhere").err.startswith(start[asked])
        for words in (
            (f"--lang={asked}", "run", "nowhere"),
            ("run", "--lang", asked, "nowhere"),
            ("run", "nowhere", f"--lang={asked}"),
        ):
            assert call(*words).err.startswith(start[asked])


def test_the_locale_in_a_process_of_its_own(tmp_path: Path) -> None:
    ended = call_outside(["run", "nowhere"], cwd=tmp_path, environment={"LANG": "ja_JP.UTF-8"})
    assert_refused(ended, "nowhere")
    assert ended.err.startswith("エラー: ")


FAULTS: list[type[Exception]] = [RuntimeError, AssertionError, KeyError, TypeError, RecursionError]


@pytest.mark.parametrize("kind", FAULTS)
@pytest.mark.parametrize("json", [False, True])
def test_a_fault_of_our_own(
    kind: type[Exception], json: bool, here: Path, call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise kind("a wheel came off")

    monkeypatch.setattr("allocator.tasks.compute.compute_plan", fail)
    ended = call("run", *(["--json"] if json else []))
    assert ended.status == 70
    assert ended.out == ""
    assert "Traceback" not in ended.err
    assert kind.__name__ in ended.err
    assert "a wheel came off" in ended.err
    assert "report" in ended.err
    assert "報告" in call("--lang", "ja", "run").err
    assert snapshot(here) == {}


def test_a_fault_of_our_own_with_its_place_where_that_is_asked_for(
    call: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a wheel came off")

    monkeypatch.setattr("allocator.tasks.compute.compute_plan", fail)
    monkeypatch.setenv("ALLOCATOR_DEBUG", "1")
    ended = call("show", "131016")
    assert ended.status == 70
    assert "Traceback" in ended.err
    assert Path(__file__).name in ended.err


def test_an_interrupted_call(here: Path, call: Caller, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("allocator.tasks.compute.compute_plan", interrupt)
    ended = call("run")
    assert (ended.status, ended.out) == (130, "")
    assert "interrupted" in ended.err
    assert snapshot(here) == {}
