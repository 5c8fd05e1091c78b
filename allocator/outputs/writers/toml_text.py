"""TOML: keys with text, whole numbers and lists of them, one a line."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Final

Value = str | int | bool | Sequence[str] | Sequence[int]

_PLAIN_UP_TO: Final = 10_000
"""Years stay plain; larger numbers have separators."""

_UNSEEN: Final = re.compile(
    "[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff0-\uffff]"
)
_HALF: Final = re.compile("[\ud800-\udfff]")


def toml_keys(entry: Mapping[str, Value]) -> str:
    """Return the keys of a table, a line each."""
    return "".join(f"{key} = {_value(value)}\n" for key, value in entry.items())


def _value(value: Value) -> str:
    """Write a value: strings are those of JSON, but that no half of a character may stand there."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int):
        return f"{value:_}" if abs(value) >= _PLAIN_UP_TO else str(value)
    text = json.dumps(value, ensure_ascii=False)
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", _HALF.sub("\ufffd", text))
