r"""JSON that no terminal obeys: control characters and marks of direction are `\uXXXX`."""

from __future__ import annotations

import json
from typing import Any

from allocator.domain.characters import escaped


def json_text(
    value: Any, *, indent: int | None = None, sort_keys: bool = False, compact: bool = False
) -> str:
    """Return a value as JSON, in one line where there is no `indent`.

    Numbers that JSON hasn't (NaN) are a fault of our own.
    """
    separators = (",", ":") if compact else None
    return escaped(
        json.dumps(
            value,
            ensure_ascii=False,
            indent=indent,
            sort_keys=sort_keys,
            separators=separators,
            allow_nan=False,
        )
    )
