"""Looking into a Parquet file before anything reads it.

Equal cells take no room in the file, but in memory they do; and the library reserves what footer
and pages say that they need. So both are walked here first, and what they say is added up.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import polars as pl

from allocator.domain.errors import InputError, refuse
from allocator.domain.text import Text, same, shortened
from allocator.files.source import Source
from allocator.sources.reading.limits import (
    LONGEST_CELL,
    MOST_TEXT,
    refuse_large,
    refuse_long_text,
    too_long_a_cell,
    too_much_text,
)
from allocator.sources.reading.thrift import Reader, Record

MARK: Final = b"PAR1"
_TAIL: Final = 8
_LONGEST_FOOTER: Final = 4_000_000
_LONGEST_HEAD: Final = 1_000_000
_MOST_VALUES: Final = 300_000
"""How many values a footer may hold: a column of a group of rows takes about twenty."""

_MOST_PAGES: Final = 20_000
"""How many pages are looked at; programs write one for each million bytes or 20,000 rows."""

_LONGEST_FIXED: Final = 32
_CHILDREN: Final = 5
_VERSION_2: Final = 8
"""Fields of a schema's element and of a page's head."""

_REPEATED: Final = 2
_FIXED: Final = 7
_SHARED_STARTS: Final = 7
"""DELTA_BYTE_ARRAY: each text begins as the one before, and a few bytes may stand for gigabytes."""


def read_parquet(source: Source, most_rows: int) -> pl.DataFrame:
    """Return a flat table, every cell as text.

    Raises:
        InputError: broken, too large, or with columns that are no plain cells.
    """
    file, content = source.path, source.content
    try:
        shape = Shape(content)
        refuse_large(file, shape.rows, shape.columns, most_rows)
        if shape.longest_name > LONGEST_CELL:
            raise too_long_a_cell(str(file))
        if shape.unpacked > MOST_TEXT:
            raise too_much_text(file)
        frame = pl.read_parquet(content)
        refuse_long_text(file, frame)
        return frame.cast(pl.String)
    except TooMuchError:
        raise _unreadable(
            file,
            Text(
                "it has too many columns, groups of rows or pages",
                "列・行グループ・ページが多すぎます",
            ),
        ) from None
    except NestedError:
        raise _unreadable(
            file, Text("it has lists or records in its cells", "セルにリストや構造体があります")
        ) from None
    except PackingError:
        raise _unreadable(
            file,
            Text(
                "a column is packed in a way whose size can't be told (DELTA_BYTE_ARRAY)",
                "展開後の大きさが分からない方式(DELTA_BYTE_ARRAY)の列があります",
            ),
        ) from None
    except (ValueError, KeyError, TypeError, IndexError):
        reason = Text("it is broken or not complete", "壊れているか、途中で切れています")
        raise _unreadable(file, reason) from None
    except (pl.exceptions.PolarsError, OSError) as error:
        said = shortened(str(error).partition("\n")[0])
        raise _unreadable(file, same(said)) from None


def _unreadable(file: Path, reason: Text) -> InputError:
    return refuse(
        str(file),
        Text(
            f"the Parquet file cannot be read: {reason.en}",
            f"Parquetを読めません: {reason.ja}",
        ),
        Text("write it again, with flat columns", "単純な列だけで書き直してください"),
        code="cannot_read",
    )


class TooMuchError(Exception):
    """Footer or pages take more than any table needs."""


class NestedError(Exception):
    """A column of lists or records."""


class PackingError(Exception):
    """A column written in a way whose size can't be told beforehand."""


class Shape:
    """What a file says of its table, borne out by its pages: rows, columns, bytes unpacked."""

    def __init__(self, content: bytes) -> None:
        """Walk through a file.

        Raises:
            ValueError, KeyError, TypeError: it is broken.
            NestedError, PackingError, TooMuchError: as they say.
        """
        footer = _footer(content)
        leaves = footer[2][1:]
        if any(_CHILDREN in each or each.get(3) == _REPEATED for each in leaves):
            raise NestedError
        if any(each.get(1) == _FIXED and each.get(2, 0) > _LONGEST_FIXED for each in leaves):
            raise PackingError
        self.columns: int = len(leaves)
        self.longest_name: int = max((len(each[4]) for each in leaves), default=0)
        self.rows: int = footer[3]
        groups = footer.get(4, [])
        if sum([group[3] for group in groups]) != self.rows or self.rows < 0:
            raise ValueError("other rows than it says")
        self.unpacked = 0
        pages = 0
        for group in groups:
            if len(group[1]) != self.columns:
                raise ValueError("other columns than it says")
            for chunk in group[1]:
                for size in _pages(content, chunk[3], group[3], _MOST_PAGES - pages):
                    self.unpacked += size
                    pages += 1


def _footer(content: bytes) -> Record:
    if len(content) < 2 * _TAIL or not content.endswith(MARK):
        raise ValueError("no end")
    (size,) = struct.unpack_from("<L", content, len(content) - _TAIL)
    end = len(content) - _TAIL
    if size > end - len(MARK):
        raise ValueError("cut off")
    if size > _LONGEST_FOOTER:
        raise TooMuchError
    return Reader(content, end - size, end, _MOST_VALUES).record()


def _pages(content: bytes, meta: dict[int, Any], rows: int, most: int) -> Iterator[int]:
    """Yield to how many bytes each page of a column of a group of rows unpacks.

    Raises:
        ValueError, KeyError: other rows than the group has, or pages beyond the column's end.
    """
    at = min(meta[9], meta.get(11) or meta[9])
    end = at + meta[7]
    if not len(MARK) <= at <= end <= len(content) or meta[5] != rows:
        raise ValueError("a column that isn't there")
    found = 0
    while at < end:
        most -= 1
        if most < 0:
            raise TooMuchError
        reader = Reader(content, at, min(end, at + _LONGEST_HEAD), _MOST_VALUES)
        head = reader.record()
        size, packed, values = head[2], head[3], head.get(5) or head.get(_VERSION_2)
        at = reader.at + packed
        if size < 0 or packed < 0 or at > end:
            raise ValueError("a page that isn't there")
        if values:
            found += values[1]
            if values.get(4 if _VERSION_2 in head else 2) == _SHARED_STARTS:
                raise PackingError
        yield size
    if found != rows:
        raise ValueError("other rows than it says")
