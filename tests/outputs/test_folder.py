"""The output folder: everything or nothing, and never a manifest beside files it doesn't fit."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from allocator.domain.errors import InputError
from allocator.outputs.files.folder import PARTS, verify, write_outputs
from allocator.outputs.files.replacing import replace_files
from allocator.results.outcome import Outcome
from allocator.tasks.compute import compute_plan
from tests.outputs.country import write_country
from tests.sums import write_mixed

NAMES = ["allocation.xlsx", "allocation.csv", "breakdown.csv", "report.html", "manifest.json"]


def state(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its content."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def outcome(country: Path) -> Outcome:
    """Give a small outcome."""
    return compute_plan(country)


def test_writes_five_files_and_nothing_else(outcome: Outcome, tmp_path: Path) -> None:
    folder = tmp_path / "new" / "folder"

    paths = write_outputs(outcome, folder)

    assert paths == [folder / name for name in NAMES]
    assert sorted(state(folder)) == sorted(NAMES)
    assert verify(folder) == []


def test_writes_again_over_what_is_there(outcome: Outcome, tmp_path: Path) -> None:
    write_outputs(outcome, tmp_path / "out")
    first = state(tmp_path / "out")
    (tmp_path / "out" / "allocation.csv").write_text("old", encoding="utf-8")
    (tmp_path / "out" / "notes.txt").write_text("mine", encoding="utf-8")

    write_outputs(outcome, tmp_path / "out")

    assert state(tmp_path / "out") == first | {"notes.txt": b"mine"}


def test_files_have_the_usual_rights(outcome: Outcome, tmp_path: Path) -> None:
    (tmp_path / "usual").write_text("", encoding="utf-8")
    usual = (tmp_path / "usual").stat().st_mode

    for path in write_outputs(outcome, tmp_path / "out"):
        assert path.stat().st_mode == usual


def test_a_link_in_the_place_of_an_output_is_replaced_and_its_target_left(
    outcome: Outcome, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    (tmp_path / "precious").write_text("precious", encoding="utf-8")
    (folder / "allocation.csv").symlink_to(tmp_path / "precious")

    write_outputs(outcome, folder)

    assert not (folder / "allocation.csv").is_symlink()
    assert (tmp_path / "precious").read_text(encoding="utf-8") == "precious"
    assert sorted(state(folder)) == sorted(NAMES)


@pytest.mark.parametrize("existing", [False, True])
@pytest.mark.parametrize("step", range(1, len(NAMES) + 3))
def test_a_failure_at_any_step_leaves_the_folder_as_it_was(
    step: int, existing: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "a" / "out"
    contents = dict.fromkeys(NAMES, b"new")
    if existing:
        folder.mkdir(parents=True)
        for name in NAMES[1:]:
            (folder / name).write_bytes(b"old")
    before = state(tmp_path)
    steps = failing_at(step, monkeypatch)

    if step <= len(NAMES) + existing:
        with pytest.raises(OSError, match="no room"):
            replace_files(folder, contents)
        assert state(tmp_path) == before
        assert (tmp_path / "a").exists() == existing
    else:
        replace_files(folder, contents)
        assert steps() < step


def failing_at(step: int, monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """Let the renaming number `step` fail; return how many there were."""
    count = 0

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **more: object) -> object:
            nonlocal count
            count += 1
            if count == step:
                raise OSError(errno.ENOSPC, "no room")
            return real(*arguments, **more)

        return call

    monkeypatch.setattr(Path, "replace", counted(Path.replace))
    return lambda: count


def test_a_failure_in_mid_write_leaves_nothing(
    outcome: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "deep" / "out"
    real = Path.open

    def full(self: Path, mode: str = "r", *arguments: object, **more: object) -> object:
        if mode == "xb" and "manifest" in self.name:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return real(self, mode, *arguments, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", full)

    with pytest.raises(InputError, match="make room on the disk") as caught:
        write_outputs(outcome, folder)

    assert caught.value.problems[0].where == str(folder)
    assert not (tmp_path / "deep").exists()


def test_without_hard_links_files_are_moved_aside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def none(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, "no hard links here")

    monkeypatch.setattr(os, "link", none)
    for content in (b"first", b"second"):
        replace_files(tmp_path / "out", dict.fromkeys(NAMES, content))

    assert state(tmp_path / "out") == dict.fromkeys(NAMES, b"second")


def test_an_interruption_is_a_failure_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    replace_files(tmp_path, dict.fromkeys(NAMES, b"old"))
    real = Path.replace

    def interrupted(self: Path, target: Path) -> Path:
        if target.name == "breakdown.csv" and self.parent.name == "new":
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "replace", interrupted)

    with pytest.raises(KeyboardInterrupt):
        replace_files(tmp_path, dict.fromkeys(NAMES, b"new"))

    assert state(tmp_path) == dict.fromkeys(NAMES, b"old")


def test_the_manifest_goes_first_and_comes_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace_files(tmp_path, dict.fromkeys(NAMES, b"old"))
    real = Path.replace
    seen: list[tuple[str, bool]] = []

    def watched(self: Path, target: Path) -> Path:
        done = real(self, target)
        seen.append((target.name.lstrip("."), (tmp_path / "manifest.json").exists()))
        return done

    monkeypatch.setattr(Path, "replace", watched)
    replace_files(tmp_path, dict.fromkeys(NAMES, b"new"))

    assert [there for _, there in seen] == [*[False] * len(NAMES), True]
    assert seen[0][0].startswith("manifest.json")
    assert [name for name, _ in seen[1:]] == NAMES


def in_the_way(folder: Path) -> Path:
    (folder / "out").write_text("a file", encoding="utf-8")
    return folder / "out"


def above(folder: Path) -> Path:
    (folder / "file").write_text("a file", encoding="utf-8")
    return folder / "file" / "deep" / "out"


def output_is_a_folder(folder: Path) -> Path:
    (folder / "out" / "allocation.csv").mkdir(parents=True)
    return folder / "out"


def loop(folder: Path) -> Path:
    (folder / "out").symlink_to(folder / "out")
    return folder / "out"


def no_name(folder: Path) -> Path:
    return folder / "out\0"


def proc(_: Path) -> Path:
    return Path("/proc/allocator/out")


def too_long(folder: Path) -> Path:
    return folder / ("x" * 300)


@pytest.mark.parametrize(
    "make", [in_the_way, above, output_is_a_folder, loop, no_name, proc, too_long]
)
def test_a_folder_that_cannot_be_written_is_named_and_nothing_remains(
    make: Callable[[Path], Path], outcome: Outcome, tmp_path: Path
) -> None:
    if make is proc and not Path("/proc/self").exists():
        pytest.skip("this system has no /proc")
    work = tmp_path / "work"
    work.mkdir()
    folder = make(work)
    before = state(work)

    with pytest.raises(InputError) as caught:
        write_outputs(outcome, folder)

    problem = caught.value.problems[0]
    assert problem.where == str(folder)
    assert "--out" in problem.mend.en
    assert "--out" in problem.mend.ja
    assert state(work) == before


def test_no_right_to_write_is_said(
    outcome: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)

    with pytest.raises(InputError, match="get the right to write there"):
        write_outputs(outcome, tmp_path / "out")

    assert not (tmp_path / "out").exists()


def test_an_output_that_cannot_be_rendered_changes_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    write_outputs(compute_plan(write_country(tmp_path / "plain")), folder)
    before = state(folder)
    names = ("𠮷野町", "b", "c", "d", "e")

    with pytest.raises(InputError, match=r"U\+20BB7"):
        write_outputs(compute_plan(write_country(tmp_path / "other", names)), folder, "cp932")

    assert state(folder) == before


def test_the_parts_of_an_earlier_plan_go_away(outcome: Outcome, tmp_path: Path) -> None:
    sums = tmp_path / "sums"
    write_mixed(sums)
    folder = tmp_path / "out"
    write_outputs(compute_plan(sums), folder)
    assert (folder / PARTS).is_file()

    write_outputs(outcome, folder)

    assert sorted(path.name for path in folder.iterdir()) == sorted(NAMES)
    assert verify(folder) == []


def test_a_file_of_that_name_that_is_somebodys_own_stays(outcome: Outcome, tmp_path: Path) -> None:
    sums = tmp_path / "sums"
    write_mixed(sums)
    folder = tmp_path / "out"
    write_outputs(compute_plan(sums), folder)
    (folder / PARTS).write_text("mine", encoding="utf-8")

    write_outputs(outcome, folder)

    assert (folder / PARTS).read_text(encoding="utf-8") == "mine"
