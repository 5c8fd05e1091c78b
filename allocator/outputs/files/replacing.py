"""Putting files into place: several into a folder at once, all of them or none; or a single one."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, TypeVar

from allocator.domain.errors import InputError, refuse
from allocator.domain.text import Text
from allocator.files.locking import hold, let_go
from allocator.outputs.files.claim import (
    PATIENCE,
    HeldError,
    Journal,
    claimed,
    inside,
    journal_of,
    missing,
    put_back,
    put_in_order,
    take_away,
)

Render = TypeVar("Render")

ANOTHER_PLACE: Final = Text("give --report another place", "--report で別の場所を指定してください")
_WAIT: Final = Text(
    "wait until it is done, then try again", "終わってから、もう一度実行してください"
)


def replace_files(
    folder: Path,
    contents: Mapping[str, bytes],
    no_more: Callable[[], Iterable[str]] = tuple,
) -> list[Path]:
    """Write `contents` (name to bytes) into `folder`, making it where it isn't there.

    A name may lie in a folder below (`2023/lists.toml`), which is made as well. `no_more` is asked,
    once nobody else writes there, which files of an earlier run go away.

    Everything is first written beside its place. The last name is that of the file which describes
    the others: its old one is taken away before any other file changes, its new one comes last, so
    that at no moment a description stands beside files it doesn't fit. Whatever fails, the folder
    is put back as it was; where the process is killed, the next run does that.

    Raises:
        InputError: another run is writing into the folder.
        OSError, ValueError: the folder or a file in it cannot be made or written.
    """
    names = list(contents)
    for name in names:
        if (folder / name).is_dir():
            raise IsADirectoryError(0, "a folder stands where a file belongs", str(folder / name))
    try:
        with claimed(folder) as work:
            places = dict.fromkeys((folder / name).parent for name in names)
            put_in_order(places, names, whole=(folder / names[-1]).exists())
            going = [name for name in no_more() if name not in contents]
            gone = [name for name in going if os.path.lexists(folder / name)]
            _replace(folder, work, contents, gone)
    except HeldError:
        raise _busy(folder) from None
    return [folder / name for name in names]


def _replace(folder: Path, work: Path, contents: Mapping[str, bytes], gone: list[str]) -> None:
    *others, description = contents
    targets = {name: folder / name for name in (*contents, *gone)}
    for name in targets:
        inside(folder, name)
        for kind in ("new", "old"):
            (work / kind / name).parent.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        with (work / "new" / name).open("xb") as file:
            file.write(content)
    there = frozenset(name for name, target in targets.items() if os.path.lexists(target))
    made = [each for target in targets.values() for each in missing(target.parent)]
    folders = [each.relative_to(folder).as_posix() for each in dict.fromkeys(made)]
    journal = journal_of(work)
    Journal((*gone, *others, description), there, tuple(folders)).write(journal)
    try:
        _move(work, targets, gone, there)
        journal.unlink()
    except BaseException:
        put_back(folder)
        raise


def _move(
    work: Path, targets: Mapping[str, Path], gone: Sequence[str], there: Collection[str]
) -> None:
    """Put new files in the place of old ones; the last of `targets` but for `gone` comes last."""
    *others, description = [name for name in targets if name not in gone]
    for target in targets.values():
        target.parent.mkdir(parents=True, exist_ok=True)
    for name in (description, *gone):
        if name in there:
            targets[name].replace(work / "old" / name)
    for name in others:
        if name in there:
            _keep(targets[name], work / "old" / name)
        (work / "new" / name).replace(targets[name])
    (work / "new" / description).replace(targets[description])


def _keep(target: Path, kept: Path) -> None:
    """Keep an old file under another name, at best without taking it away from its own."""
    try:
        os.link(target, kept, follow_symlinks=False)
    except (OSError, NotImplementedError):
        target.replace(kept)


def replace_report(file: Path, content: bytes) -> None:
    """Put one file, named by --report, into place; what stood there stays until it is whole.

    One renaming puts it there: at no moment is there none. It is written beside its place, into a
    file that two runs with the same report don't share, and that the next one writes anew where a
    run was killed.

    Raises:
        InputError: it is a link or no file, another run is writing it, or it cannot be written.
    """
    try:
        _refuse_what_is_no_file(file)
        made = missing(file.parent)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            _put(file, content)
        finally:
            take_away(reversed(made))
    except HeldError:
        raise _busy(file) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise _refused(
            file, Text(f"cannot be written: {reason}", f"書き込めません: {reason}"), "cannot_write"
        ) from None


def _put(file: Path, content: bytes) -> None:
    import hashlib

    name = hashlib.sha256(os.fsencode(file.name)).hexdigest()[:12]
    new = file.with_name(f".allocator-{name}.new")  # short, however long the report's name is
    held = hold(new, PATIENCE)
    try:
        held.truncate(0)
        rest = memoryview(content)
        while rest:
            rest = rest[held.write(rest) :]
        if os.name == "nt":
            held.close()  # where a file that is open can't be renamed
        new.replace(file)
    except BaseException:
        let_go(held, new)
        raise
    held.close()


def by_ending(renderers: Mapping[str, Render], file: Path) -> Render:
    """Return what renders a report of the kind that the ending of its name says.

    Raises:
        InputError: none does.
    """
    if (found := renderers.get(file.suffix.lower())) is not None:
        return found
    kind, endings = file.suffix, ", ".join(renderers)
    what = Text(
        f"no report of the kind {kind or '(no ending)'}",
        f"{kind or '(拡張子なし)'} の報告書は作れません",
    )
    mend = Text(f"end its name in one of: {endings}", f"使える拡張子: {endings}")
    raise refuse(f"--report {file}", what, mend, code="unknown_format")


def _refuse_what_is_no_file(file: Path) -> None:
    """Refuse a link, which may lead anywhere, a folder, a device."""
    try:
        mode = file.lstat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISLNK(mode):
        to = file.readlink()
        raise _refused(
            file,
            Text(
                f"this is a link (to {to}), and no link is written through or replaced",
                f"リンク(→ {to})です。リンク先への書込みも置換えも行いません",
            ),
            "not_a_file",
            Text(
                "name the file itself, or remove the link",
                "ファイル自体を指定するか、リンクを消してください",
            ),
        )
    if stat.S_ISDIR(mode):
        raise _refused(file, Text("this is a folder", "フォルダーです"), "not_a_file")
    if not stat.S_ISREG(mode):
        raise _refused(
            file, Text("this is a device or a pipe", "デバイスかパイプです"), "not_a_file"
        )


def _refused(file: Path, what: Text, code: str, mend: Text | None = None) -> InputError:
    return refuse(str(file), what, mend or ANOTHER_PLACE, code=code)


def _busy(at: Path) -> InputError:
    return refuse(
        str(at),
        Text("another run is writing there at this moment", "別の実行が書込み中です"),
        _WAIT,
        code="in_use",
    )
