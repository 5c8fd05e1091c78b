"""Being told to stop: by Ctrl-C, by who ends the process, by a terminal that goes away."""

from __future__ import annotations

import signal
from types import FrameType
from typing import Final

from allocator.cli.status import STOPPED_BY

_NAMES: Final = ("SIGINT", "SIGTERM", "SIGHUP")


class Stopped(KeyboardInterrupt):
    """Stop now, and leave things in order; `number` is that of the signal."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number


def stop_in_order() -> None:
    """Let all signals that ask a process to end do so as Ctrl-C does: what was begun is undone.

    What whoever started the process lets it ignore (`nohup`) stays ignored.
    """
    for each in _signals():
        if signal.getsignal(each) not in (signal.SIG_IGN, None):
            signal.signal(each, _stop)


def status_of(error: BaseException) -> int:
    """Return the exit status of a call that was stopped: 128 and the number of the signal."""
    reason: BaseException | None = error
    while reason is not None and not isinstance(reason, Stopped):
        reason = reason.__cause__ or reason.__context__
    return STOPPED_BY + (signal.SIGINT if reason is None else reason.number)


def _stop(number: int, _: FrameType | None) -> None:
    for each in _signals():
        signal.signal(
            each, signal.SIG_IGN
        )  # once is enough: putting things in order takes a moment
    raise Stopped(number)


def _signals() -> list[signal.Signals]:
    return [signal.Signals[each] for each in _NAMES if each in signal.Signals.__members__]
