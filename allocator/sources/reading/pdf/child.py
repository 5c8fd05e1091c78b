"""The process that reads the pages of one PDF: it may take so much time and memory, and no more.

What a page does is not known before it is drawn: forms that draw forms ten times each, one content
a thousand times, a character that stands for ten thousand. The library that does it cannot be
stopped from within, so it works here, and the system ends the process where it goes too far.

In: the file's name as the last argument, its content as standard input. Out: a line of JSON once
the content is there, one for each page, and one at the end or for what is wrong.
"""

from __future__ import annotations

import json
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from allocator.domain.errors import InputError, Problem
from allocator.sources.reading.pdf.pages import ReadPage, read_pages

FIRST: Final = 0.5
"""Seconds of work that a page may take; one of council papers takes a fiftieth of a second."""

EACH: Final = 0.1
"""Seconds that every page adds to what the next ones may take, up to `FIRST`."""

_MEMORY: Final = 400_000_000
"""Bytes beyond three times those of the file."""


def main() -> None:
    """Read the content, then its pages, and write what they hold."""
    content = sys.stdin.buffer.read()
    _say("ready", None)
    _limit_memory(_MEMORY + 3 * len(content))
    budget = _Budget()
    budget.allow()
    try:
        for page in read_pages(Path(sys.argv[-1]), content):
            _say("page", page_as_json(page))
            budget.allow()
    except InputError as error:
        _say("refused", [_problem_as_json(each) for each in error.problems])
    else:
        _say("end", None)


def page_as_json(page: ReadPage) -> list[Any]:
    """Return a page as JSON has it."""
    return [page.of, page.characters, page.wrong, [[*line] for line in page.lines]]


def _problem_as_json(problem: Problem) -> list[Any]:
    return [problem.where, [*problem.what], [*problem.mend], problem.code]


def _say(kind: str, what: Any) -> None:
    print(json.dumps([kind, what]), flush=True)


def _limit_memory(size: int) -> None:
    with suppress(ImportError, OSError, ValueError):  # where the system has no such limit
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (size, size))


@dataclass
class _Budget:
    """The seconds of work that are left, kept by the system, which ends the process after them."""

    left: float = FIRST - EACH

    def allow(self) -> None:
        """Let the work go on: for what is left, and what each page adds."""
        with suppress(ImportError, AttributeError):  # where the system has none
            import signal

            left = signal.getitimer(signal.ITIMER_PROF)[0] or self.left
            signal.setitimer(signal.ITIMER_PROF, min(FIRST, left + EACH))
