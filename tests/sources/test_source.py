"""Opening files: once, to the end, within the limit; what is no file is refused by its name."""

from __future__ import annotations

import hashlib
import io
import os
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from allocator.domain.errors import InputError
from allocator.domain.text import Text
from allocator.files import source as module
from allocator.files.source import MissingError, Source, Sources, open_source
from tests.plans.plans import refused

CONTENT = "code,amount\n010006,1\n".encode("utf-8-sig")
POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has neither FIFOs nor /dev/fd.")


@contextmanager
def pipe(content: bytes) -> Iterator[Path]:
    """Give the path of a pipe into which `content` is written, a piece at a time."""
    reading, writing = os.pipe()

    def write() -> None:
        with os.fdopen(writing, "wb") as end:
            end.write(content)

    writer = Thread(target=write)
    writer.start()
    yield Path(f"/dev/fd/{reading}")
    os.close(reading)
    writer.join()


def test_a_file_is_what_it_was_when_it_was_opened(tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_bytes(CONTENT)
    source = open_source(file)
    file.unlink()

    assert source == Source(file, CONTENT)
    assert source.sha256 == hashlib.sha256(CONTENT).hexdigest()
    assert source.kind == "text"
    assert source.text() == "code,amount\n010006,1\n"
    assert (source.name, source.label) == ("list.csv", Text("list.csv", "list.csv"))


def test_one_run_opens_a_file_once_whatever_it_is_called(tmp_path: Path) -> None:
    file, link = tmp_path / "list.csv", tmp_path / "link.csv"
    file.write_bytes(CONTENT)
    link.symlink_to(file)
    sources = Sources()
    first = sources.open(file)
    digest = first.sha256
    file.write_bytes(b"changed")

    assert sources.open(file) is first
    other = sources.open(link)
    assert (other.path, other.content, other.sha256) == (link, CONTENT, digest)
    assert Sources([first]).open(link).content == CONTENT
    assert Sources().open(file).content == b"changed"

    file.unlink()
    link.unlink()
    assert sources.open(link) == other
    assert (sources.has(file), sources.has(link), Sources().has(file)) == (True, True, False)
    with pytest.raises(MissingError):
        Sources().open(file)


def test_what_could_not_be_opened_is_not_there(tmp_path: Path) -> None:
    sources, file = Sources(), tmp_path / "list.csv"
    with pytest.raises(MissingError):
        sources.open(file)
    assert not sources.has(file)
    file.write_bytes(CONTENT)
    assert sources.has(file)
    assert sources.open(file).content == CONTENT


def test_threads_share_what_was_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = [tmp_path / f"{number}.csv" for number in range(4)]
    for file in files:
        file.write_bytes(file.name.encode())
    opened: list[Path] = []

    def counting(path: Path) -> Source:
        opened.append(path)
        return open_source(path)

    monkeypatch.setattr(module, "open_source", counting)
    sources = Sources()
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(sources.open, files * 25))
    assert sorted(opened) == files
    assert [each.content for each in found] == [file.name.encode() for file in files * 25]


def test_a_file_of_the_largest_size_is_read_and_one_byte_more_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGEST_FILE", 3_000_000)
    file = tmp_path / "large.csv"
    file.write_bytes(b"x" * 3_000_000)
    assert open_source(file).content == b"x" * 3_000_000
    file.write_bytes(b"x" * 3_000_001)
    (problem,) = refused(lambda: open_source(file))
    assert problem.where == str(file)
    assert "3,000,001" in problem.what.en
    assert "3,000,001" in problem.what.ja


@POSIX
@pytest.mark.timeout(300)
def test_a_pipe_of_the_call_is_read_to_its_end_but_not_beyond_the_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    content = os.urandom(1_234_567)
    monkeypatch.setattr(module, "LARGEST_FILE", len(content))
    with pipe(content) as path:
        source = open_source(path)
    assert source.content == content
    assert (source.path, source.label) == (path, Text("pipe", "パイプ"))

    taken = 0

    def endless(count: int) -> bytes:
        nonlocal taken
        taken += count
        return b"x" * count

    stream = io.BytesIO()
    stream.read = endless  # type: ignore[assignment,method-assign]
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(stream))
    (problem,) = refused(lambda: open_source(Path("-")))
    assert problem.where == "standard-input"
    assert f"{len(content):,}" in problem.what.en
    assert taken == len(content) + 1


@POSIX
@pytest.mark.timeout(300)
def test_a_pipe_is_read_once_by_one_run() -> None:
    sources = Sources()
    with pipe(CONTENT) as one, pipe(b"other") as two:
        first = sources.open(one)
        assert sources.open(two).content == b"other"
        assert sources.open(one) is first
    assert first.content == CONTENT


def test_all_names_of_standard_input_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(CONTENT)))
    sources = Sources()
    source = sources.open(Path("-"))
    assert source.path == Path("standard-input")
    assert source.label == Text("standard-input", "標準入力")
    for name in ("-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"):
        assert sources.open(Path(name)).content == CONTENT, name
        assert Sources([source]).open(Path(name)).content == CONTENT, name


def test_without_standard_input_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    (problem,) = refused(lambda: open_source(Path("-")))
    assert "standard input is closed" in problem.what.en


def a_fifo(at: Path) -> Path:
    os.mkfifo(at)
    return at


def a_socket(at: Path) -> Path:
    with socket.socket(socket.AF_UNIX) as end:
        end.bind(str(at))
    return at


def a_loop(at: Path) -> Path:
    at.symlink_to(at)
    return at


def a_link(to: str) -> Callable[[Path], Path]:
    def made(at: Path) -> Path:
        at.symlink_to(to)
        return at

    return made


NO_FILES: dict[str, tuple[Callable[[Path], Path], str, str]] = {
    "a folder": (lambda at: at.parent, "this is a folder", "フォルダー"),
    "a FIFO": (a_fifo, "this is a named pipe (FIFO)", "名前付きパイプ"),
    "a link to a FIFO": (
        lambda at: a_link(str(a_fifo(at.parent / "fifo")))(at),
        "this is a named pipe (FIFO)",
        "名前付きパイプ",
    ),
    "a socket": (a_socket, "this is a socket", "ソケット"),
    "a device": (lambda _: Path("/dev/null"), "this is a device", "デバイス"),
    "a link to a device": (a_link("/dev/zero"), "this is a device", "デバイス"),
    "a loop": (a_loop, "cannot be read", "読めません"),
    "an over-long name": (lambda at: at.parent / ("x" * 300), "cannot be read", "読めません"),
    "a NUL": (lambda at: Path(f"{at}\0"), "cannot be read", "読めません"),
    "below a file": (
        lambda at: (at.write_bytes(b"x"), at / "x.csv")[1],
        "cannot be read",
        "読めません",
    ),
}


@POSIX
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", NO_FILES)
def test_what_is_no_file_is_refused_by_its_name(name: str, tmp_path: Path) -> None:
    make, what, in_japanese = NO_FILES[name]
    path = make(tmp_path / "x.csv")
    (problem,) = refused(lambda: open_source(path))
    assert problem.where == str(path)
    assert what in problem.what.en
    assert in_japanese in problem.what.ja


def test_a_missing_file_is_told_from_others(tmp_path: Path) -> None:
    with pytest.raises(MissingError, match="the file is not there"):
        open_source(tmp_path / "x.csv")
    with pytest.raises(InputError) as caught:
        open_source(tmp_path)
    assert not isinstance(caught.value, MissingError)


@POSIX
@pytest.mark.skipif(os.name != "nt" and os.geteuid() == 0, reason="Root may read everything.")
def test_without_permission_that_is_said(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(CONTENT)
    file.chmod(0)
    (problem,) = refused(lambda: open_source(file))
    assert "cannot be read: Permission denied" in problem.what.en
