"""The exit statuses."""

from __future__ import annotations

from typing import Final

DONE: Final = 0
DIFFERENCES: Final = 1
WRONG_INPUT: Final = 2
OWN_FAULT: Final = 70
STOPPED_BY: Final = 128
"""And the number of the signal: 130 by Ctrl-C (SIGINT), 143 by SIGTERM, 129 by SIGHUP."""
