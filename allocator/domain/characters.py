"""Characters that steer a screen, or that files cannot hold: shown, escaped, refused.

Names, notes and names of files come from anywhere. Control characters move a terminal's cursor or
reach its clipboard, marks of direction let a line read as another one.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from allocator.domain.text import Text

_UNSEEN: Final = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"})
"""Categories of characters that a reader doesn't see, or that no font has."""

UNWRITTEN: Final = (
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"  # control characters but tabs and ends of lines
    "|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"  # marks of direction
    "|[\ufdd0-\ufdef\ufffe\uffff]"  # no characters at all
)
"""What no office writes into a name; for `re` and for polars."""

_REFUSED: Final = re.compile(f"{UNWRITTEN}|[\ud800-\udfff]")


class _Visible(dict[int, str]):
    """What stands on a screen for each character, by its code; filled as they come up."""

    def __missing__(self, code: int) -> str:
        one = chr(code)
        seen = unicodedata.category(one) not in _UNSEEN
        self[code] = one if seen else one.encode("unicode_escape").decode()
        return self[code]


_VISIBLE: Final = _Visible()


def visible(text: str) -> str:
    r"""Return text for a screen: on one line, what steers it as Python writes it (`\x1b`)."""
    return text if text.isprintable() else text.translate(_VISIBLE)


def escaped(text: str) -> str:
    r"""Return JSON (or TOML of the BMP) with `\uXXXX` for what a reader wouldn't see.

    The value is the same. Ends of lines stay: inside a string JSON has none.
    """
    if text.isascii() and "\x7f" not in text:
        return text
    for one in set(text) - {"\n"}:
        if unicodedata.category(one) in _UNSEEN:
            text = text.replace(one, _units(one))
    return text


def legible(text: str) -> str:
    """Return text for a document: what no name has (see `refused_in`) as Python writes it."""
    return _REFUSED.sub(lambda found: found[0].encode("unicode_escape").decode(), text)


def _units(character: str) -> str:
    units = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))


def refused_in(text: str) -> Text | None:
    """Say which character of a name no office would write: control, direction, or none at all."""
    found = _REFUSED.search(text)
    if found is None:
        return None
    code = f"U+{ord(found[0]):04X}"
    return Text(
        f"{text!r} has a character that no name has ({code}, character {found.start() + 1})",
        f"{text!r} に名称には使えない文字({code}、{found.start() + 1}文字目)があります",
    )
