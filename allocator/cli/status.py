"""The exit statuses."""

from __future__ import annotations

from typing import Final

DONE: Final = 0
DIFFERENCES: Final = 1
WRONG_INPUT: Final = 2
OWN_FAULT: Final = 70
INTERRUPTED: Final = 130
