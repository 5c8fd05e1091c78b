"""No name, note or name of a file steers a terminal, in any command, as text or as JSON."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Final

import pytest

from allocator.cli.terminal import Terminal, show, show_json, tell
from allocator.domain.characters import escaped, visible
from tests.cli.calls import call_inside
from tests.cli.test_progress import on_terminal
from tests.names.nasty import HARMLESS, STEERING, Words, write_plan, write_rows

STEERS: Final = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
EVIL: Final = "\x1b]0;t\x07\x1b[2J\x1b]52;c;eA==\x07\x9b1m\u202e\u2066\u061c\n\r[bold]x[/bold][link=http://e]y[/link]"
NAME: Final = "\x1b]0;t\x07\x1b[2J\x9b1m\u202e[bold]x[link=e]"
"""The same as the name of a file."""

WORDS: Final = Words(
    "東国", ("[bold]甲", "乙[/]", "[link=http://e]丙"), ("[red]道", "井[/x]"), "", "残", "[b]"
)


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    """A plan with markup of the terminal's library in its names, in a folder of a steering name."""
    return write_plan(tmp_path / NAME, WORDS)


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    """A list with steering names, in a file of such a name."""
    file = tmp_path / f"{NAME}.csv"
    rows = [(f"E{n}", f"東{EVIL}", f"町{n}{EVIL}", "7") for n in range(3)]
    write_rows(file, ("code", "prefecture", "municipality", "amount"), rows)
    return file


def calls(plan: Path, listed: Path, out: Path) -> list[list[str | Path]]:
    """Return every command, with what it can do right and wrong."""
    of_plan: list[str | Path] = ["--plan", plan, "--programme", "wells"]
    papers = listed.with_name(f"papers{NAME}.txt")
    papers.write_text(f"団体コード\t都道府県名\t金額\n131016\t{EVIL.replace(chr(10), '')}\t7\n")
    return [
        ["run", plan, "--out", out / f"{NAME}"],
        ["run", plan, "--out", out / "b", "--total", f"{EVIL}=5"],
        ["run", plan, "--previous", listed, "--out", out / "c"],
        ["run", plan / NAME],
        ["show", "E0", plan],
        ["show", EVIL, plan],
        ["check", plan],
        ["check", listed],
        ["check", plan / "organisations.csv"],
        ["check", out / f"{NAME}"],
        ["audit", listed, *of_plan],
        ["audit", listed, "--plan", plan, "--programme", EVIL],
        ["audit", listed, "--against", plan / "staff.csv", *of_plan],
        ["audit", listed, *of_plan, "--report", out / f"{NAME}.html"],
        ["audit", listed, *of_plan, "--report", out / f"{NAME}.{NAME}"],
        ["audit", listed, *of_plan, "--report", out / f"{NAME}.md", "--date", EVIL],
        ["compare", listed, plan, *of_plan],
        ["compare", listed, listed.with_name(NAME), *of_plan],
        ["extract", listed, "--out", out / f"e{NAME}"],
        ["extract", papers, "--out", out / "f"],
        [f"--{NAME}"],
        [NAME],
        ["run", f"--{NAME}"],
        ["run", "--encoding", NAME],
    ]


@pytest.mark.parametrize("number", range(24))
@pytest.mark.parametrize("as_json", [False, True])
def test_no_command_lets_a_name_steer(
    number: int, as_json: bool, plan: Path, listed: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    every = calls(plan, listed, out)
    assert len(every) == 24
    words = every[number]
    if words[:2] == ["check", out / NAME]:
        call_inside("run", plan, "--out", out / NAME)
    for language in ("en", "ja"):
        ended = call_inside(*words, *(["--json"] if as_json else []), language=language)
        assert ended.status in (0, 1, 2), ended.err
        for text in (ended.out, ended.err):
            assert STEERS.search(text) is None, STEERS.findall(text)
        if as_json and ended.out:
            json.loads(ended.out)


def test_markup_of_the_library_is_text(plan: Path, tmp_path: Path) -> None:
    ended = call_inside("show", "E0", plan)
    assert "[bold]甲" in ended.out
    assert "[red]道" in ended.out
    ended = call_inside("compare", plan, plan, "--programme", "[bold]x[/bold]")
    assert "[bold]x[/bold]" in ended.err
    assert call_inside("run", plan, "--out", tmp_path / "[red]out").status == 0


def test_values_in_json_are_what_they_were(listed: Path, plan: Path) -> None:
    other = listed.with_name("other.csv")
    name = f"町{EVIL}".replace("\r", "")
    write_rows(other, ("code", "prefecture", "municipality", "amount"), [("X", "北国", name, "1")])
    of_plan: list[str | Path] = ["--plan", plan, "--programme", "wells"]
    ended = call_inside("compare", other, listed, *of_plan, "--json")
    rows = json.loads(ended.out)["programmes"][0]["rows"]
    assert [row["municipality"] for row in rows if row["code"] == "X"] == [name]
    assert STEERS.search(ended.out) is None


def test_on_a_real_terminal(listed: Path, plan: Path, tmp_path: Path) -> None:
    status, _, shown = on_terminal(
        "audit", listed, "--plan", plan, "--programme", "wells", cwd=tmp_path
    )
    assert status == 1
    for sequence in (b"\x1b]", b"\x1b[2J\x1b", b"\x07", "\x9b".encode(), "\u202e".encode(), b"]8;"):
        assert sequence not in shown
    assert rb"\x1b]52" in shown.replace(b"\r\n", b"")


@pytest.mark.parametrize("character", STEERING)
def test_what_steers_is_shown(character: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = f"a{character}b"
    show([text])
    tell(text, text)
    terminal = Terminal()
    terminal.say(text)
    show_json({"x": text})
    printed = capsys.readouterr()
    assert STEERS.search(printed.out + printed.err) is None
    assert json.loads(printed.out.splitlines()[1]) == {"x": text}
    assert visible(text) == text.encode("unicode_escape").decode()
    assert json.loads(escaped(json.dumps(text, ensure_ascii=False))) == text


def test_what_people_write_is_as_it_was() -> None:
    text = "名　前(ｱ) 𠮷野家 が 葛\U000e0100 <&>'\" \\ é"
    assert visible(text) == text
    assert HARMLESS.prefecture == visible(HARMLESS.prefecture)
