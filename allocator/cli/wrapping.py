"""Breaking Japanese lines: every full-width character counts two columns."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_KEEP_AS_IS: Final = "\b\n"
"""What tells the command-line library not to wrap a paragraph again."""

# Words in Latin letters stay whole, all else may break anywhere but before closing marks.
_PIECES: Final = re.compile(r"[!-~]+ ?|.[、。)」』・]*", re.DOTALL)


def width(text: str) -> int:
    """Return the columns that a text takes on a terminal."""
    return sum(2 if unicodedata.east_asian_width(c) in "FW" else 1 for c in text)


def wrapped(text: str, columns: int) -> str:
    """Return a Japanese text in lines of at most `columns`, marked as not to be wrapped again."""
    lines, line = [], ""
    for piece in _PIECES.findall(text):
        if line and width(line + piece.rstrip()) > columns:
            lines.append(line.rstrip())
            line = ""
        line += piece
    return _KEEP_AS_IS + "\n".join([*lines, line.rstrip()])
