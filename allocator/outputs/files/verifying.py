"""Are the files of an output folder those that its manifest describes?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from allocator.domain.errors import InputError, Problem
from allocator.domain.text import Text
from allocator.files.paths import is_file
from allocator.files.source import open_regular
from allocator.outputs.files.claim import WORK, is_left_over, state_of
from allocator.outputs.files.manifest_form import MANIFEST, RUN_AGAIN, read_manifest

_LITTER: Final = ("Thumbs.db", "desktop.ini", ".DS_Store")
_LOCKS: Final = ("~$", ".~lock.")

_TRIES: Final = 3
_LEFT_OVER: Final = Text(
    "the manifest doesn't name it: left by a run that was stopped before it was done",
    "manifest.json に記録のない、途中で止められた実行の残りです",
)
_CLEAR: Final = Text(
    "run again into this folder, which clears it away, or delete it",
    "同じフォルダーへもう一度実行すると片付きます。削除しても構いません",
)


def verify(folder: Path) -> list[Problem]:
    """Return where a folder's files differ from its manifest: missing, changed, or not in it.

    Lock files and other litter of desktops are passed over. Where a run has written the folder
    meanwhile, it is looked at again.
    """
    found: list[Problem] = []
    for _ in range(_TRIES):
        before = _stamp(folder)
        found = _verified(folder)
        if not found or _stamp(folder) == before:
            break
    return found


def _stamp(folder: Path) -> tuple[int, int] | None:
    with suppress(OSError, ValueError):
        found = (folder / MANIFEST).stat()
        return found.st_ino, found.st_mtime_ns
    return None


def _verified(folder: Path) -> list[Problem]:
    if (unfinished := _unfinished(folder)) is not None:
        return [unfinished]
    manifest = read_manifest(folder / MANIFEST)
    if isinstance(manifest, Problem):
        return [manifest]
    listed = manifest.listed
    found: list[Problem] = []
    for name, sha256 in listed.items():
        file = folder / name
        try:
            same = _is_recorded(file, sha256)
        except FileNotFoundError:
            what = Text("the manifest names it, and it is not there", "記録にあるのにありません")
        except InputError as error:
            what = error.problems[0].what
        except (OSError, ValueError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            what = Text(f"cannot be read: {reason}", f"読めません: {reason}")
        else:
            if same:
                continue
            what = Text(
                "its content is not the one that the manifest records",
                "内容が manifest.json の記録と違います",
            )
        found.append(Problem(f"{file}", what, RUN_AGAIN, code="differs_from_manifest"))
    found += [_extra(file) for file in _others(folder, listed)]
    if found and state_of(folder) == "writing":
        return [_writing(folder)]
    return found


def left_by_an_earlier_run(folder: Path) -> list[str]:
    """Return the files that a folder's manifest names and that are still as it records them."""
    manifest = read_manifest(folder / MANIFEST)
    if isinstance(manifest, Problem):
        return []
    found: list[str] = []
    for name, sha256 in manifest.listed.items():
        with suppress(OSError, ValueError, InputError):
            if _is_recorded(folder / name, sha256):
                found.append(name)
    return found


def _is_recorded(file: Path, sha256: str) -> bool:
    """Tell whether a file's content is the one with this hash, however large it is.

    Raises:
        InputError: it is no file.
        OSError, ValueError: it can't be read.
    """
    with open_regular(file) as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == sha256


def _others(folder: Path, listed: Mapping[str, str]) -> list[Path]:
    return sorted(
        file
        for file in folder.iterdir()
        if file.name not in (*listed, MANIFEST, WORK, *_LITTER)
        and not file.name.startswith(_LOCKS)
        and not is_file(file / MANIFEST)  # a folder of outputs in its own right
    )


def _unfinished(folder: Path) -> Problem | None:
    """Return that a run is writing into a folder, or was stopped while it did."""
    place = f"{folder / WORK}"
    state = state_of(folder)
    if state == "writing":
        return _writing(folder)
    if state == "midway":
        return Problem(
            place,
            Text(
                "a run was stopped while it put files into place: some are old, some are new",
                "ファイルの置換え中に実行が止められました。新旧のファイルが混ざっています",
            ),
            Text(
                "run it again into this folder: that first puts everything back as it was",
                "同じフォルダーへもう一度実行してください。最初に元の状態へ戻します",
            ),
            code="left_over",
        )
    if state == "left over":
        return Problem(place, _LEFT_OVER, _CLEAR, code="left_over")
    return None


def _writing(folder: Path) -> Problem:
    return Problem(
        f"{folder}",
        Text(
            "a run is writing into this folder at this moment",
            "このフォルダーには別の実行が書込み中です",
        ),
        Text("check it when the run is done", "終わってから、もう一度検証してください"),
        code="in_use",
    )


def _extra(file: Path) -> Problem:
    if is_left_over(file.name):
        return Problem(f"{file}", _LEFT_OVER, _CLEAR, code="left_over")
    return Problem(
        f"{file}",
        Text("the manifest doesn't name it", "manifest.json に記録がありません"),
        Text("move it to another folder", "別のフォルダーに移してください"),
        code="not_in_manifest",
    )
