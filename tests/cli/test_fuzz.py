"""Whatever is called on whatever files: a status of ours, words with a mend, nothing half done."""

from __future__ import annotations

import io
import shutil
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from allocator.cli.main import run
from tests.cli.any_file import FILES
from tests.cli.any_plan import Folder, plans
from tests.cli.calls import Ended, snapshot
from tests.fuzzing import examples

pytestmark = pytest.mark.fuzz

_NAMES: Final = (
    "population_2022-01-01.csv population.csv f_2026-01-01.xlsx list.csv lists.pdf [bold]x "
    "令和5年1月1日.xls -x"
).split()
NAMES: Final = st.sampled_from([*_NAMES, "a\nb_2022-01-01.csv", "\udcff_2022-01-01.csv", "x y"])
"""Names of files that a call is handed."""

_ODD: Final = "- -- . .. / nowhere plan plan/plan.toml out \udcff = residents= =1 [/bold] \x1b[31m"
ODD: Final = st.one_of(
    st.sampled_from([*_ODD.split(), "", "a\nb", "x" * 300]),
    st.text(st.characters(exclude_characters="\0"), max_size=6),
)
"""Values that no option wants."""

IDS: Final = st.sampled_from("roads wells residents jpki split units nobody".split())
YEN: Final = st.sampled_from(["9" * 30, "9" * 5000, *"1000 0 1_000 １０００ -1 1.5".split()])
DAYS: Final = st.sampled_from("2022-01-01 2026-01-01 0001-01-01 20220101 x 2022-W01".split())
CODES: Final = st.sampled_from(["9" * 5000, *"131016 13101 010006 10006 E W3 ９".split()])
REPORTS: Final = st.sampled_from("r.xlsx r.html r.md r.json r.csv r.PDF no/r.md".split())
COMMANDS: Final = st.sampled_from("run run run check show audit audit compare extract".split())


@dataclass(frozen=True)
class Call:
    """A command line, what lies in the folder it is called from, and its standard input."""

    words: list[str]
    files: Folder
    given: bytes
    as_json: bool


def _option(name: str, values: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    return (values | ODD).map(lambda value: [name, value])


def _pairs(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(IDS, values).map("=".join)


PLAN: Final = st.sampled_from(["plan", "plan", "plan", "plan/plan.toml", "no plan"]).map(
    lambda word: [] if word == "no plan" else [word]
)
FILE: Final = st.sampled_from(["file", "file", "file", "-", "plan/staff.csv"]).map(lambda at: [at])
OPTIONS: Final[dict[str, tuple[st.SearchStrategy[list[str]], ...]]] = {
    "run": (
        _option("--out", st.just("out")),
        _option("--population", st.sampled_from(["file", "-"])),
        _option("--total", _pairs(YEN)),
        _option("--as-of", _pairs(DAYS)),
        _option("--programme", IDS),
        _option("--encoding", st.sampled_from(["utf-8", "cp932"])),
        PLAN,
    ),
    "check": (),
    "show": (),
    "audit": (
        _option("--programme", IDS),
        _option("--plan", st.just("plan")),
        _option("--against", st.sampled_from(["file", "-"])),
        _option("--report", REPORTS),
    ),
    "compare": (
        _option("--programme", IDS),
        _option("--plan", st.sampled_from(["plan", "2023"])),
        _option("--report", REPORTS),
        st.just(["--changed"]),
    ),
    "extract": (_option("--out", st.just("out")),),
}
COMMON: Final = (
    st.sampled_from([["--quiet"], ["-q"], ["--lang", "ja"], ["--lang=en"], ["--lang", "fr"]]),
    ODD.map(lambda word: [word]),
    st.sampled_from([["--help"], ["-h"], ["--version"], ["--colour"], ["--out"], ["--lang"]]),
)


@st.composite
def calls(draw: st.DrawFn) -> Call:
    """Draw a call that is mostly in order, on files that are mostly not."""
    command = draw(COMMANDS)
    of_command: dict[str, Any] = {
        "run": PLAN,
        "check": FILE | PLAN,
        "show": st.tuples(CODES | ODD, PLAN).map(lambda pair: [pair[0], *pair[1]]),
        "audit": FILE,
        "compare": st.tuples(FILE, FILE | PLAN | st.just(["2023"])).map(
            lambda two: [*two[0], *two[1]]
        ),
        "extract": FILE.map(lambda file: [*file, "--out", "out"]),
    }
    pieces = [draw(of_command[command])]
    if options := OPTIONS[command]:
        pieces += draw(st.lists(st.one_of(*options), max_size=3))
    if draw(st.integers(0, 3)) == 0:
        pieces += draw(st.lists(st.one_of(*COMMON), max_size=2))
    as_json = draw(st.booleans())
    if command == "run" and draw(st.integers(0, 7)):
        pieces.append(["--quiet"])
    name = draw(NAMES)
    files: Folder = {name: draw(FILES)}
    files |= {f"plan/{path}": content for path, content in draw(plans()).items()}
    files |= {"out/allocation.csv": b"old", "out/manifest.json": b"old", "r.md": b"old"}
    words = [
        # A name that begins with a hyphen is given as people have to give it.
        (f"./{name}" if name.startswith("-") else name) if word == "file" else word
        for piece in draw(st.permutations(pieces))
        for word in piece
    ]
    words = [command, *(["--json"] if as_json else []), *words]
    return Call(words, files, draw(FILES) if "-" in words else b"", as_json)


def lay_out(folder: Path, files: Folder) -> None:
    """Write files and links into an emptied folder."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            path.symlink_to(content)
        else:
            path.write_bytes(content)


def called(call: Call, monkeypatch: pytest.MonkeyPatch) -> Ended:
    """Call as a shell does, with bytes on standard input."""
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace")
    err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(call.given)))
    with redirect_stdout(out), redirect_stderr(err):
        status = run(call.words)
        out.flush()
        err.flush()
    printed = [stream.buffer.getvalue().decode() for stream in (out, err)]
    return Ended(status, *printed)


@examples(60)
@given(call=calls())
def test_any_call_on_any_files(call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALLOCATOR_DEBUG", "1")  # a fault of our own shows where it is
    here = tmp_path / "here"
    lay_out(here, call.files)
    monkeypatch.chdir(here)
    before = snapshot(here)

    ended = called(call, monkeypatch)

    note(f"{call.words}: {ended}")
    assert ended.status in ({0, 1, 2} if call.words[0] == "audit" else {0, 2})
    assert "Traceback" not in ended.out + ended.err
    helped = bool({"--help", "-h", "--version"} & set(call.words))
    printed = ended.object if call.as_json and not helped else {}
    if ended.status == 2 and not _partly_computed(ended, printed):
        assert snapshot(here) == before
        assert_problems(ended, printed)
        assert call.as_json == bool(printed) or helped
    elif ended.status == 1:
        assert not call.as_json or any(audit["findings"] for audit in printed["audits"])


def _partly_computed(ended: Ended, printed: dict[str, Any]) -> bool:
    """Tell whether a programme alone lacks its list, so that the others are written."""
    if "errors" in printed:
        return False
    plans = printed.get("plans", [printed] if printed else [])
    bases = {each["basis"] for plan in plans for each in plan["programmes"]}
    return "not computed" in bases or not ended.err.startswith(("Error: ", "エラー: ", "Usage"))


def assert_problems(ended: Ended, printed: dict[str, Any]) -> None:
    """Assert at least one message with where, what and how to mend it, and as many in JSON."""
    heads = [line for line in ended.err.splitlines() if line.startswith(("Error: ", "エラー: "))]
    mends = [line for line in ended.err.splitlines() if line.startswith(("  To mend", "  対処"))]
    assert len(heads) == len(mends) >= 1
    assert len(ended.err.splitlines()) == 2 * len(heads), "a problem is two lines"
    if printed:
        assert len(printed["errors"]) == len(heads)
        for each in printed["errors"]:
            assert all(each[key].strip() for key in ("where", "what", "mend")), each
