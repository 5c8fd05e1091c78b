"""Text that a spreadsheet takes for a formula where it stands in a CSV file, and what prevents it.

A `'` before it makes it text. A text that has such a `'` of its own gets one more, so that readers
who take one away (`sources/tables/rows.py`) have every text back as it was.
"""

from __future__ import annotations

import re
from typing import Final

_BLANK: Final = "\x00-\x20\x7f-\xa0\u1680\u180e\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff"
"""What programs pass over at the beginning of a cell, or don't show there."""

STARTS_LIKE_A_FORMULA: Final = f"^'*(?:[{_BLANK}]*[=+\\-@＝＋－＠]|[\t\r\n])"
"""For `re` and for polars. Full-width signs begin a formula in Japanese Excel as well."""

_STARTS: Final = re.compile(STARTS_LIKE_A_FORMULA)


def guarded(text: str) -> str:
    """Return text that no spreadsheet takes for a formula."""
    return f"'{text}" if _STARTS.match(text) else text
