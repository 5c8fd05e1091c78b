"""Asking the system about paths that anybody may have written: what it can't answer is a no.

`Path.is_dir()` and its like raise where a name is too long, a link leads to itself, or a folder
may not be looked into; reading the file then says why it can't be read.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path


def portable(name: str) -> str:
    """Return a file's name as a plan writes it, an absolute one cut to its last part."""
    return Path(name).name if Path(name).is_absolute() else name


def is_folder(path: Path) -> bool:
    """Tell whether a path is a folder."""
    with suppress(OSError, ValueError):
        return path.is_dir()
    return False


def is_file(path: Path) -> bool:
    """Tell whether a path is a file."""
    with suppress(OSError, ValueError):
        return path.is_file()
    return False


def exists(path: Path) -> bool:
    """Tell whether there is anything at a path."""
    with suppress(OSError, ValueError):
        return path.exists()
    return False


def same_file(one: Path, other: Path) -> bool:
    """Tell whether two paths lead to one file."""
    with suppress(OSError, ValueError):
        return one.samefile(other)
    return False


def resolved(path: Path) -> Path:
    """Return where a path leads, or the path itself where that can't be told."""
    with suppress(OSError, ValueError, RuntimeError):
        return path.resolve()
    return path
