"""Putting several files into a folder at once: all of them, or none."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack, suppress
from pathlib import Path

from allocator.domain.errors import refuse
from allocator.domain.text import Text


def replace_files(folder: Path, contents: Mapping[str, bytes]) -> list[Path]:
    """Write `contents` (name to bytes) into `folder`, making it where it isn't there.

    A name may lie in a folder below (`2023/lists.toml`), which is made as well.

    Everything is first written under temporary names beside its place. The last name is that of
    the file which describes the others: its old one is taken away before any other file changes,
    its new one comes last, so that at no moment a description stands beside files it doesn't fit.
    Whatever fails, the folder is put back as it was. (A process that is killed in between leaves
    the files without the description, and the old ones as `.NAME.….old`.)

    Raises:
        OSError, ValueError: the folder or a file in it cannot be made or written.
    """
    names = list(contents)
    mark = os.urandom(4).hex()
    targets = {name: folder / name for name in names}
    new = {name: at.with_name(f".{at.name}.{mark}.new") for name, at in targets.items()}
    old = {name: at.with_name(f".{at.name}.{mark}.old") for name, at in targets.items()}
    with ExitStack() as undo:
        for place in dict.fromkeys([folder, *(target.parent for target in targets.values())]):
            _make(place, undo)
        for target in targets.values():
            if target.is_dir():
                raise IsADirectoryError(0, "a folder stands where a file belongs", str(target))
        for name, content in contents.items():
            undo.callback(_remove, new[name])
            with new[name].open("xb") as file:
                file.write(content)
        was_there = {name: os.path.lexists(targets[name]) for name in names}
        *others, description = names
        undo.callback(_restore, targets[description], old[description], was_there[description])
        if was_there[description]:
            targets[description].replace(old[description])
        for name in others:
            undo.callback(_restore, targets[name], old[name], was_there[name])
            if was_there[name]:
                _keep(targets[name], old[name])
            new[name].replace(targets[name])
        new[description].replace(targets[description])
        undo.pop_all()
    for kept in old.values():
        with suppress(OSError):
            _remove(kept)
    return list(targets.values())


def _make(folder: Path, undo: ExitStack) -> None:
    """Make a folder and those above it; undone, only what was made here goes away again."""
    at = folder
    missing = []
    while not at.exists() and at != at.parent:
        missing.append(at)
        at = at.parent
    for made in reversed(missing):
        undo.callback(_remove_folder, made)
    folder.mkdir(parents=True, exist_ok=True)


def _keep(target: Path, kept: Path) -> None:
    """Keep an old file under another name, at best without taking it away from its own."""
    try:
        os.link(target, kept, follow_symlinks=False)
    except (OSError, NotImplementedError):
        target.replace(kept)


def _restore(target: Path, kept: Path, was_there: bool) -> None:
    if os.path.lexists(kept):
        kept.replace(target)
        _remove(kept)  # two links to one file: replacing leaves both
    elif not was_there:
        _remove(target)


def _remove(file: Path) -> None:
    file.unlink(missing_ok=True)


def _remove_folder(folder: Path) -> None:
    with suppress(OSError):
        folder.rmdir()


def replace_report(file: Path, content: bytes) -> None:
    """Put one file, named by --report, into place; what stood there stays until it is whole.

    Raises:
        InputError: it cannot be written.
    """
    try:
        replace_files(file.parent, {file.name: content})
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise refuse(
            str(file),
            Text(f"cannot be written: {reason}", f"書き込めません: {reason}"),
            Text("give --report another place", "--report で別の場所を指定してください"),
            code="cannot_write",
        ) from None
