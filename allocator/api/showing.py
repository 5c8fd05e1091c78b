"""What public objects share: how a notebook shows them, and how errors name what was passed."""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import polars as pl

from allocator.domain.errors import InputError
from allocator.tasks.given import in_python


def shown_table(title: str, frame: pl.DataFrame) -> str:
    """Return a frame as a notebook shows it, with a title."""
    return f"<p><b>{html.escape(title)}</b></p>{frame._repr_html_()}"


@contextmanager
def named_as_passed(names: Mapping[str, str] | None = None) -> Iterator[None]:
    """Let an `InputError` name arguments in place of options, and measures in place of files.

    `names` has the path that stands for each measure, and what it was passed as.
    """
    try:
        yield
    except InputError as error:
        raise InputError([in_python(each, names or {}) for each in error.problems]) from None


def unknown(kind: str, name: object, known: list[str]) -> KeyError:
    """Return what is raised for a name that isn't there: it says which there are."""
    return KeyError(f"no {kind} {name!r}: there are {', '.join(known)}")
