"""Vectors of exact integers: 64 bits where a guard proves that they suffice, Python's otherwise.

Both kinds obey the same operators, so every step is written once. A NumPy int64 product wraps
without a word, therefore the kind is chosen *before* anything is multiplied, from a bound on the
largest value that the step can produce.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

import numpy as np

if TYPE_CHECKING:
    # Importing numpy.typing takes as long as importing click; only type checkers need it.
    import numpy.typing as npt

Ints: TypeAlias = "npt.NDArray[Any]"
"""A vector of exact integers: dtype int64, or object holding Python integers."""

Path = Literal["auto", "python"]
"""`auto`: int64 where it is proven safe; `python`: Python integers throughout (for the tests)."""

INT64_MAX: Final = 2**63 - 1


def vector(values: Sequence[int] | Ints, bound: int, path: Path = "auto") -> Ints:
    """Return `values` as a vector fit for steps whose results never exceed `bound` in size."""
    if path == "auto" and bound <= INT64_MAX:
        return np.asarray(values, dtype=np.int64)
    plain = values.tolist() if isinstance(values, np.ndarray) else list(values)
    result = np.empty(len(plain), dtype=object)
    result[:] = plain
    return result


def total(values: Ints) -> int:
    """Return the exact sum. Summing int64 by halves of 32 bits cannot wrap below 2^31 values."""
    if values.dtype == object:
        return sum(values.tolist())
    if len(values) and max(-int(values.min()), int(values.max())) * len(values) <= INT64_MAX:
        return int(values.sum())
    high, low = values >> 32, values & 0xFFFFFFFF
    return (int(high.sum()) << 32) + int(low.sum())


def largest(values: Ints) -> int:
    """Return the largest value, 0 of an empty vector."""
    return int(values.max()) if len(values) else 0


def descending(values: Ints, then: Ints | None = None) -> npt.NDArray[np.int64]:
    """Return positions from the largest value down; equal ones by `then` down, then by position."""
    order = np.arange(len(values))
    for key in (then, values):
        if key is not None:
            order = order[np.argsort(-key[order], kind="stable")]
    return order
