"""A plan written as TOML: the text that a plan built in Python stands for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import tomlkit

from allocator.domain.errors import refuse
from allocator.domain.text import Text


def as_toml(keys: Mapping[str, Any], where: str) -> str:
    """Return the keys of one of a plan's files as TOML; `None` is a key that is left out.

    Fractions become text ("1/2"), as a plan writes them; tables in lists become [[tables]].

    Raises:
        InputError: a value that no plan can have, such as a float: it would not be exact.
    """
    return tomlkit.dumps(_plain(keys, where))


def _plain(value: Any, where: str) -> Any:
    """Return a value as TOML can hold it."""
    if isinstance(value, Mapping):
        return {
            str(key): _plain(each, f"{where}: {key}")
            for key, each in value.items()
            if each is not None
        }
    if isinstance(value, Fraction):
        return str(value)
    if isinstance(value, str | bool | int | date):
        return value
    if isinstance(value, Sequence):
        return [_plain(each, where) for each in value]
    raise refuse(
        where,
        Text(f"{value!r} is not exact", f"{value!r} は正確な値として扱えません"),
        Text(
            "give whole numbers, fractions, text or dates",
            "整数・分数・文字列・日付で指定してください",
        ),
        code="not_exact",
    )
