"""Names of files in what is written: they say nothing of where the files lie on this machine."""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from pathlib import Path

from allocator.sources.bundled import CONFIGS, DATA, shown


def name_of(file: Path) -> str:
    """Return a file's name as it was given, an absolute path cut to its last part."""
    name = shown(file)
    if Path(name).is_absolute():
        name = file.name
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def places_of(files: Collection[Path]) -> tuple[tuple[str, str], ...]:
    """Return the paths of this machine that texts can hold, the longest first, and what to say."""
    found: dict[str, str] = {}
    for file in files:
        if not file.is_absolute():
            continue
        found |= dict.fromkeys((str(file), file.as_posix()), name_of(file))
        if file.parent != Path(file.anchor):
            found |= _folder(file.parent)
    for bundled in (DATA, CONFIGS):
        found |= _folder(bundled, f"{bundled.name}/") | _folder(bundled.parent)
    return tuple(sorted(found.items(), key=lambda pair: (-len(pair[0]), pair)))


def _folder(folder: Path, name: str = "") -> dict[str, str]:
    return {f"{folder}{os.sep}": name, f"{folder.as_posix()}/": name}


def portable_in(text: str, places: Sequence[tuple[str, str]]) -> str:
    """Return a text whose files bear their names, and not where they lie on this machine."""
    for path, name in places:
        text = text.replace(path, name)
    return text
