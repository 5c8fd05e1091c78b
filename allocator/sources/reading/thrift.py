"""Thrift's compact protocol, as far as the descriptions in a Parquet file are written in it."""

from __future__ import annotations

from typing import Any, Final

Record = dict[int, Any]
"""The fields of a struct by their numbers."""

_BITS: Final = 64
_MORE: Final = 128
_LONG: Final = 15
"""What says that another byte follows, and that a list's length does."""

_DEEPEST: Final = 12


class Reader:
    """Reads structs from bytes, no more than `most` values in all.

    Raises `ValueError` for what is cut off, too deep, or more than that.
    """

    def __init__(self, content: bytes, at: int, end: int, most: int) -> None:
        self._content, self.at, self._end, self._room = content, at, end, most

    def record(self, depth: int = 0) -> Record:
        """Return the struct that begins here, and go on behind it."""
        if depth > _DEEPEST:
            raise ValueError("too deep")
        found: Record = {}
        place = 0
        while head := self._byte():
            place = place + (head >> 4) if head >> 4 else self._signed()
            found[place] = self._value(head & 15, depth, in_list=False)
        return found

    def _value(self, kind: int, depth: int, *, in_list: bool) -> Any:
        """Read what the kind says: truth, a byte, a number, a double, bytes, a list, a struct."""
        self._room -= 1
        if self._room < 0:
            raise ValueError("too many values")
        match kind:
            case 4 | 5 | 6:
                found: Any = self._signed()
            case 8:
                found = self._bytes(self._number())
            case 9 | 10:
                found = self._values(depth + 1)
            case 12:
                found = self.record(depth + 1)
            case 1 | 2:
                found = self._byte() == 1 if in_list else kind == 1
            case 3:
                found = self._byte()
            case 7:
                found = self._bytes(8)
            case _:
                raise ValueError(f"no such type: {kind}")
        return found

    def _values(self, depth: int) -> list[Any]:
        if depth > _DEEPEST:
            raise ValueError("too deep")
        head = self._byte()
        count = head >> 4
        if count == _LONG:
            count = self._number()
        return [self._value(head & 15, depth, in_list=True) for _ in range(count)]

    def _byte(self) -> int:
        if self.at >= self._end:
            raise ValueError("cut off")
        self.at += 1
        return self._content[self.at - 1]

    def _bytes(self, count: int) -> bytes:
        if count > self._end - self.at:
            raise ValueError("cut off")
        self.at += count
        return self._content[self.at - count : self.at]

    def _number(self) -> int:
        found = 0
        for shift in range(0, _BITS, 7):
            byte = self._byte()
            found |= (byte & 127) << shift
            if byte < _MORE:
                return found
        raise ValueError("no number")

    def _signed(self) -> int:
        found = self._number()
        return found >> 1 ^ -(found & 1)
