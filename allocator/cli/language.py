"""The language that messages come in: --lang, else the locale, else English."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

from allocator.domain.text import Language

_JAPANESE_ON_WINDOWS = 0x11


def of_call(arguments: Sequence[str]) -> Language:
    """Return the language of a command line that isn't parsed yet: help needs it before."""
    for place, word in enumerate(arguments):
        if word.startswith("--lang="):
            return "ja" if word.removeprefix("--lang=") == "ja" else "en"
        if word == "--lang" and place + 1 < len(arguments):
            return "ja" if arguments[place + 1] == "ja" else "en"
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "ja" if value.lower().startswith("ja") else "en"
    return "ja" if _windows_is_japanese() else "en"


def language_first(arguments: Sequence[str]) -> list[str]:
    """Return the command line with --lang before the command, wherever it was written."""
    option: list[str] = []
    rest: list[str] = []
    words = iter(arguments)
    for word in words:
        if word == "--lang":
            option = [word, *([value] if (value := next(words, None)) is not None else [])]
        elif word.startswith("--lang="):
            option = [word]
        else:
            rest.append(word)
    return [*option, *rest]


@contextmanager
def spoken(language: Language) -> Iterator[None]:
    """Print everything inside in one language: that of the call, and of nothing outside it."""
    token = _OF_THIS_CALL.set(language)
    try:
        yield
    finally:
        _OF_THIS_CALL.reset(token)


def chosen() -> Language:
    """Return the language of this call."""
    return _OF_THIS_CALL.get() or of_call(sys.argv[1:])


_OF_THIS_CALL: Final[ContextVar[Language | None]] = ContextVar("language", default=None)


def _windows_is_japanese() -> bool:
    import ctypes

    windll = getattr(ctypes, "windll", None)
    if windll is None:
        return False
    identifier: int = windll.kernel32.GetUserDefaultUILanguage()
    return identifier & 0x3FF == _JAPANESE_ON_WINDOWS
