"""What a call has written, and whether what it had to say could be said."""

from __future__ import annotations

import errno
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from allocator.cli.status import DONE, WRONG_INPUT
from allocator.cli.streams import failure_of
from allocator.cli.terminal import show, tell
from allocator.domain.errors import Problem
from allocator.domain.text import Language, Text

if TYPE_CHECKING:
    from pathlib import Path

_GONE: Final = (errno.EPIPE, errno.ESHUTDOWN, errno.ECONNRESET)
"""Whoever read it has enough, and went away."""

ERROR: Final = Text("Error", "エラー")
"""What a message begins with that says what is wrong."""

_STANDARD_OUTPUT: Final = "stdout"
_CLOSED: Final = Text(
    "closed, so that the result cannot be printed", "閉じられており、結果を出力できません"
)
_ELSEWHERE: Final = Text(
    "make room where it goes, or send it elsewhere (> FILE)",
    "出力先の空きを増やすか、別の出力先(> FILE)を指定してください",
)


@dataclass
class Delivery:
    """One call: the files that it wrote, with the words for it, and how it meant to say so."""

    as_json: bool
    quiet: bool
    words: list[Text] = field(default_factory=list)
    paths: list[Path] = field(default_factory=list)
    ended: bool = False
    """Whether the command came to its end: it has then said itself what it wrote."""

    def settled(self, status: int, language: Language) -> int:
        """Say what is not yet said, wherever it can be, and return the exit status.

        What was found stays what was found, though nobody read it. Only a result that was asked
        for and could not be put out, a reader's going away aside, is no success.
        """
        failure = failure_of(sys.stdout)
        lost = failure is not None and failure.errno not in _GONE
        if lost and status == DONE:
            status = WRONG_INPUT
        meant = failure if self.as_json else failure_of(sys.stderr)
        unsaid = not self.ended or lost or (meant is not None and not self.quiet)
        if unsaid:
            self._say(language, out=sys.stderr if failure_of(sys.stderr) is None else sys.stdout)
        if failure is not None and lost:
            what, mend = _problem(failure).lines(language)
            tell(f"{ERROR.in_(language)}: {what}", mend)
        failure_of(sys.stderr)
        return status

    def _say(self, language: Language, out: object) -> None:
        if out is sys.stdout and self.as_json:
            return  # which holds an object, and nothing else
        lines = [each.in_(language) for each in self.words]
        if lines and out is sys.stderr:
            tell(*lines)
        elif lines:
            show(lines)


@contextmanager
def delivering(arguments: Sequence[str]) -> Iterator[Delivery]:
    """Give what is kept of a call, for everything inside."""
    quiet = "--quiet" in arguments or "-q" in arguments
    delivery = Delivery("--json" in arguments, quiet)
    token = _OF_THIS_CALL.set(delivery)
    try:
        yield delivery
    finally:
        _OF_THIS_CALL.reset(token)


def wrote(words: Text, paths: Sequence[Path]) -> Text:
    """Note that files were written, as soon as they are; return the words that say so."""
    if (delivery := _OF_THIS_CALL.get()) is not None:
        delivery.words.append(words)
        delivery.paths += paths
    return words


def report_written(report: Path) -> Text:
    """Return what is said of a report that was written."""
    return Text(f"Written: {report}", f"{report} に書き出しました")


_OF_THIS_CALL: Final[ContextVar[Delivery | None]] = ContextVar("delivery", default=None)


def _problem(failure: OSError) -> Problem:
    if failure.errno == errno.EBADF:
        what = _CLOSED
    else:
        reason = failure.strerror or str(failure)
        what = Text(f"cannot be written: {reason}", f"書き込めません: {reason}")
    return Problem(_STANDARD_OUTPUT, what, _ELSEWHERE, code="cannot_write")
