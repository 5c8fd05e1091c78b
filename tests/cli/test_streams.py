"""The exit status is what was found, whatever becomes of the streams that say it."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from allocator.outputs.files.folder import verify
from tests.cli.calls import ROOT, Ended
from tests.outputs.country import write_country

BASH = shutil.which("bash")
pytestmark = [
    pytest.mark.skipif(
        BASH is None or not Path("/dev/full").exists(),
        reason="Without bash and /dev/full no stream is full.",
    ),
    pytest.mark.timeout(600),
]

STREAMS: Final = (
    "| head -c 1",
    "| true",
    "> /dev/full",
    ">&-",
    "2> /dev/full",
    "2>&-",
    "2>&1 | true",
    "2>&1 > /dev/full",
    "<&-",
    ">&- 2>&- <&-",
)

FOUND: Final = {
    "audit agrees": ("audit same.csv --against list.csv", 0),
    "audit differs": ("audit other.csv --against list.csv", 1),
    "audit wrong": ("audit none.csv --against list.csv", 2),
    "audit differs, in JSON": ("audit other.csv --against list.csv --json", 1),
    "audit wrong, in JSON": ("audit none.csv --against list.csv --json", 2),
    "compare": ("compare list.csv other.csv", 0),
    "compare wrong": ("compare list.csv none.csv", 2),
    "check": ("check list.csv", 0),
    "check wrong": ("check country/wells.toml", 2),
    "extract wrong": ("extract none.csv --out x", 2),
    "run wrong": ("run country --total roads=x --out x", 2),
    "show wrong": ("show E9 country", 2),
}
"""What is called, and the status that says what was found."""

RESULTS: Final = {
    "audit": "audit same.csv --against list.csv --json",
    "check": "check list.csv --json",
    "show": "show E1 country",
    "help": "--help",
}
"""What is called for what it puts out."""


def bash(command: str, cwd: Path, environment: Mapping[str, str] | None = None) -> Ended:
    """Run a command in which `allocator` is ours; the status is that of the first of a pipe."""
    assert BASH is not None
    function = f'allocator() {{ "{sys.executable}" -m allocator --lang en "$@"; }}\n'
    done = subprocess.run(
        [BASH, "-c", f"{function}{command}\nexit ${{PIPESTATUS[0]}}"],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return Ended(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a plan, a list, the same list, and another; not to be changed."""
    folder = tmp_path_factory.mktemp("streams")
    write_country(folder / "country")
    rows = ["010006,北海道,,7", "131016,東京都,千代田区,8"]
    for name, last in (("list", "9"), ("same", "9"), ("other", "10")):
        text = "\n".join(
            ["code,prefecture,municipality,amount", *rows, f"131024,東京都,中央区,{last}"]
        )
        (folder / f"{name}.csv").write_text(f"{text}\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("streams", STREAMS)
@pytest.mark.parametrize("found", ["audit agrees", "audit differs", "audit wrong"])
def test_an_audit(found: str, streams: str, place: Path) -> None:
    words, status = FOUND[found]
    ended = bash(f"allocator {words} {streams}", place)
    assert ended.status == status, ended.err


@pytest.mark.parametrize("streams", ["| true", "> /dev/full", ">&-", "2>&-", ">&- 2>&- <&-"])
@pytest.mark.parametrize("found", ["audit differs, in JSON", "audit wrong, in JSON"])
def test_an_audit_in_json(found: str, streams: str, place: Path) -> None:
    words, status = FOUND[found]
    ended = bash(f"allocator {words} {streams}", place)
    assert ended.status == status, ended.err


@pytest.mark.parametrize("found", [name for name in FOUND if not name.startswith("audit")])
def test_the_other_commands(found: str, place: Path) -> None:
    words, status = FOUND[found]
    for streams in ("2> /dev/full", ">&- 2>&- <&-"):
        ended = bash(f"allocator {words} {streams}", place)
        assert ended.status == status, (streams, ended.err)


@pytest.mark.parametrize("what", RESULTS)
def test_a_result_that_cannot_be_put_out_is_no_success(what: str, place: Path) -> None:
    full = bash(f"allocator {RESULTS[what]} > /dev/full", place)
    assert full.status == 2
    assert full.err.splitlines()[0] == "Error: stdout: cannot be written: No space left on device"
    closed = bash(f"allocator {RESULTS[what]} >&-", place)
    assert closed.status == 2
    assert "Error: stdout: closed" in closed.err
    gone = bash(f"allocator {RESULTS[what]} | true", place)
    assert (gone.status, gone.err) == (0, "")


RUN: Final = "allocator run country --out"
WRITTEN: Final = "Written into {0}: allocation.xlsx, allocation.csv, breakdown.csv, report.html"


@pytest.mark.parametrize(
    ("streams", "status", "where"),
    [
        ("--json | true", 0, "err"),
        ("--json > /dev/full", 2, "err"),
        ("--json >&-", 2, "err"),
        ("2> /dev/full", 0, "out"),
        ("2>&-", 0, "out"),
        ("--quiet --json > /dev/full", 2, "err"),
    ],
)
def test_what_was_written_is_said_where_it_can_be(
    streams: str, status: int, where: str, place: Path, tmp_path: Path
) -> None:
    ended = bash(f"{RUN} {tmp_path}/out {streams}", place)
    assert ended.status == status
    said, other = (ended.err, ended.out) if where == "err" else (ended.out, ended.err)
    assert said.startswith(WRITTEN.format(tmp_path / "out"))
    assert other == ""
    assert verify(tmp_path / "out") == []


def test_a_report_that_was_written_is_said(place: Path, tmp_path: Path) -> None:
    words = "audit other.csv --against list.csv --json --report"
    for streams, status in (("| true", 1), ("> /dev/full", 1)):
        ended = bash(f"allocator {words} {tmp_path}/r.json {streams}", place)
        assert ended.status == status
        assert ended.err.startswith(f"Written: {tmp_path}/r.json\n")
        assert json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))["audits"]


def test_what_is_quiet_stays_quiet(place: Path, tmp_path: Path) -> None:
    ended = bash(f"{RUN} {tmp_path}/out --quiet 2> /dev/full", place)
    assert (ended.status, ended.out) == (0, "")


def test_what_was_written_before_an_error_is_said(tmp_path: Path) -> None:
    """The second plan's file cannot be put into its place: the first one's folder is whole."""
    for year in (2031, 2032):
        write_country(tmp_path / f"{year}")
        file = tmp_path / f"{year}/plan.toml"
        text = file.read_text(encoding="utf-8")
        file.write_text(text.replace("2030", f"{year}"), encoding="utf-8")
    (tmp_path / "out/2032/report.html").mkdir(parents=True)
    call = "allocator run 2031 2032 --out out"
    ended = bash(call, tmp_path)
    assert ended.status == 2
    assert "a folder stands where the output" in ended.err
    assert WRITTEN.format("out/2031") in ended.err
    assert verify(tmp_path / "out/2031") == []
    ended = bash(f"{call} --json", tmp_path)
    assert ended.object["errors"][0]["code"] == "in_the_way"
    assert "out/2031/manifest.json" in ended.object["outputs"]


def test_a_closed_stream_gets_no_file_to_write_into(place: Path, tmp_path: Path) -> None:
    """Nothing that is opened takes the number of a stream: what libraries print would go there."""
    ended = bash(f"{RUN} {tmp_path}/out <&- >&- 2>&-", place)
    assert ended.status == 0
    assert verify(tmp_path / "out") == []
    ended = bash("allocator check /dev/stdin <&-", place)
    assert ended.status == 2
    assert "/dev/stdin" in ended.err


def test_a_pipe_that_does_not_wait(place: Path) -> None:
    """A reader that is slow, of a pipe whose writer isn't made to wait, gets everything."""
    code = (
        "import os, subprocess, sys, time\n"
        "r, w = os.pipe()\n"
        "os.set_blocking(w, False)\n"
        "words = [sys.executable, '-m', 'allocator', 'audit', 'far.csv', '--against', 'list.csv']\n"
        "child = subprocess.Popen([*words, '--json'], stdout=w)\n"
        "os.close(w)\n"
        "time.sleep(2)\n"
        "sys.stdout.buffer.write(open(r, 'rb').read())\n"
        "sys.exit(child.wait())\n"
    )
    rows = [f"9{number:05},東京都,{number}町,1" for number in range(2_000)]
    text = "\n".join(["code,prefecture,municipality,amount", *rows])
    (place / "far.csv").write_text(f"{text}\n", encoding="utf-8")
    ended = bash(f"{sys.executable} -c {json.dumps(code)}".replace("\\n", "\n"), place)
    assert ended.status == 1, ended.err
    assert len(ended.out) > 65_536
    assert ended.object["audits"]


# -- the folder of temporary files -----------------------------------------------------------------


def test_no_folder_for_temporary_files_is_said(place: Path, tmp_path: Path) -> None:
    """A workbook is read from a copy: where none can be made, the file is not what is wrong."""
    assert bash(f"{RUN} {tmp_path}/out --quiet", place).status == 0
    words = "check ../out/allocation.xlsx"
    (tmp_path / "here").mkdir()
    ended = bash(f"ulimit -f 0; allocator {words}", tmp_path / "here")
    assert ended.status == 2
    assert "temporary" in ended.err
    assert "TMPDIR" in ended.err


@pytest.mark.parametrize("name", ["missing", "file"])
def test_another_folder_does_where_that_of_temporary_files_is_none(
    name: str, place: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert bash(f"{RUN} {tmp_path}/out --quiet", place).status == 0
    words = f"compare {tmp_path}/out country --plan country"
    ended = bash(f"allocator {words}", place, {"TMPDIR": str(tmp_path / name)})
    assert ended.status == 0, ended.err


def test_no_home(place: Path) -> None:
    for command in ("unset HOME; allocator", "HOME=/nowhere allocator"):
        assert bash(f"{command} check country", place).status == 0


def test_outputs_larger_than_a_file_may_be(place: Path, tmp_path: Path) -> None:
    ended = bash(f"ulimit -f 8; {RUN} {tmp_path}/out", place)
    assert ended.status == 2
    assert "--out" in ended.err
    assert list(tmp_path.iterdir()) == []
