"""How far the work has come: said as it goes on, heard only where somebody watches."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from allocator.domain.text import Text

Watcher = Callable[[Text, int, int | None], None]
"""Told what is being done, how many are done, and of how many (None: nobody knows)."""

Item = TypeVar("Item")

_WATCHER: ContextVar[Watcher | None] = ContextVar("watcher", default=None)


@contextmanager
def watched(watcher: Watcher) -> Iterator[None]:
    """Tell `watcher` of all work inside."""
    token = _WATCHER.set(watcher)
    try:
        yield
    finally:
        _WATCHER.reset(token)


def step(text: Text) -> None:
    """Say that a step begins."""
    if (watcher := _WATCHER.get()) is not None:
        watcher(text, 0, None)


def so_far(text: Text, done: int, of: int) -> None:
    """Say how many are done."""
    if (watcher := _WATCHER.get()) is not None:
        watcher(text, done, of)


def counted(items: Collection[Item], text: Text) -> Iterator[Item]:
    """Yield `items`, saying how many are done."""
    watcher = _WATCHER.get()
    for done, item in enumerate(items):
        if watcher is not None:
            watcher(text, done, len(items))
        yield item
