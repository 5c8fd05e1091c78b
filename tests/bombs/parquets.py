"""Parquet tables that are small as files and large as tables, or lie about themselves."""

from __future__ import annotations

import itertools
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Final

import polars as pl

from tests.bombs.parquet_pieces import (
    DICTIONARY,
    MARK,
    SHARED_STARTS,
    Chunk,
    ended,
    file_of,
    gzip_of,
    leaf,
    listing,
    number,
    page,
    record,
    runs,
    signed,
    text_field,
    texts,
)

_NAME: Final = "population_2022-01-01.parquet"
_STRUCT: Final = 12


def one_long_text(folder: Path) -> Path:
    """A million rows that share one text of 10,000 characters."""
    return _frame(
        folder,
        code=pl.repeat("x" * 10_000, 1_000_000, eager=True),
        amount=pl.repeat("5", 1_000_000, eager=True),
    )


def one_text_in_fewer_rows(folder: Path) -> Path:
    """As many rows as there may be that share one text of 10,000 characters."""
    return _frame(
        folder,
        code=pl.repeat("x" * 10_000, 99_000, eager=True),
        amount=pl.repeat("5", 99_000, eager=True),
    )


def one_huge_cell(folder: Path) -> Path:
    """One cell of a billion bytes."""
    size = 1_000_000_000
    packed = gzip_of(b"a" * 1_000_000, size // 1_000_000)
    cell = page(b"", 1, size=size + 4, packed=packed)
    return _write(folder, _two([cell], 1))


def one_huge_cell_that_says_it_is_small(folder: Path) -> Path:
    """The same, where page and footer say that it takes a thousand bytes."""
    packed = gzip_of(b"a" * 1_000_000, 1_000)
    return _write(folder, _two([page(b"", 1, size=1000, packed=packed)], 1))


def many_cells(folder: Path) -> Path:
    """Just under ten million cells."""
    return _frame(
        folder,
        code=pl.repeat("010006", 4_900_000, eager=True),
        amount=pl.repeat("5", 4_900_000, eager=True),
    )


def many_codes(folder: Path) -> Path:
    """Two million rows of codes that are none, each its own."""
    numbers = pl.int_range(2_000_000, eager=True)
    return _frame(folder, code=numbers.cast(pl.String), amount=numbers)


def one_nested_cell(folder: Path) -> Path:
    """One cell that is a list of a hundred million figures."""
    return _frame(
        folder,
        code=pl.Series(["010006"]),
        amount=pl.Series([pl.repeat(5, 100_000_000, dtype=pl.Int64, eager=True)]),
    )


def nested_records(folder: Path) -> Path:
    """A column of records in records, thirty deep."""
    column = pl.int_range(100_000, eager=True).alias("x")
    for _ in range(30):
        column = pl.DataFrame([column]).to_struct("x")
    return _frame(folder, code=pl.repeat("010006", 100_000, eager=True), amount=column)


def many_columns(folder: Path) -> Path:
    """A hundred thousand columns."""
    return _frame(folder, code=["010006"], **{f"c{at}": [1] for at in range(100_000)})


def many_groups(folder: Path) -> Path:
    """A hundred thousand groups of a row each."""
    one = [Chunk("code", [page(texts(b"010006"), 1)], 1), _amount(1)]
    return _write(folder, file_of(*[one] * 100_000, rows=100_000))


def one_group_again_and_again(folder: Path) -> Path:
    """A thousand groups that are all the same bytes: a table of a hundred million cells."""
    count = 50_000
    code = Chunk("code", [page(runs(0, count), count, DICTIONARY)], count, dictionary=_entry(b"x"))
    amount = Chunk(
        "amount", [page(runs(0, count), count, DICTIONARY)], count, dictionary=_entry(b"5")
    )
    content = MARK + code.content + amount.content
    group = record(
        (1, 9, listing(_STRUCT, [code.meta(4), amount.meta(4 + len(code.content))])),
        (2, 6, 1000),
        (3, 6, count),
    )
    from tests.bombs.parquet_pieces import footer

    leaves = [leaf("code"), leaf("amount")]
    return _write(folder, content + footer(count * 1000, leaves, [group] * 1000))


def a_dictionary_of_long_texts(folder: Path) -> Path:
    """A dictionary of one text of a million characters, and fifty thousand rows of it."""
    count = 50_000
    text = b"0" * 1_000_000
    code = Chunk("code", [page(runs(0, count), count, DICTIONARY)], count, dictionary=_entry(text))
    amount = Chunk(
        "amount", [page(runs(0, count), count, DICTIONARY)], count, dictionary=_entry(text)
    )
    return _write(folder, file_of([code, amount], rows=count))


def texts_that_share_their_starts(folder: Path) -> Path:
    """Texts that are each the one before and nothing more: 200,000 of a million characters."""
    count, size = 200_000, 1_000_000
    values = _deltas([0, *[size] * (count - 1)]) + _deltas([size, *[0] * (count - 1)])
    return _write(folder, _two([page(values + b"0" * size, count, SHARED_STARTS)], count))


def more_rows_than_said(folder: Path) -> Path:
    """A page of a hundred million references in a table that says it has one row."""
    count = 100_000_000
    code = Chunk("code", [page(runs(0, count), count, DICTIONARY)], count, dictionary=_entry(b"x"))
    return _write(folder, file_of([code, _amount(1)], rows=1))


def more_rows_said_than_there_are(folder: Path) -> Path:
    """A table of one row that says it has a thousand billions."""
    return _write(
        folder,
        file_of([Chunk("code", [page(texts(b"010006"), 1)], 10**15), _amount(1)], rows=10**15),
    )


def huge_footer(folder: Path) -> Path:
    """Ninety million bytes that describe a table of one row."""
    meta = record((1, 5, 1), text_field(6, b"x" * 90_000_000))
    return _write(folder, MARK + ended(meta))


def footer_of_many_things(folder: Path) -> Path:
    """A footer of forty million keys and values, a byte each."""
    pair = record(text_field(1, b""))
    found = listing(_STRUCT, [pair * 10_000_000], 10_000_000)
    return _write(folder, MARK + ended(record((1, 5, 1), (5, 9, found))))


def footer_deep_down(folder: Path) -> Path:
    """A footer of structs in structs, a million deep."""
    return _write(folder, MARK + ended(b"\x1c" * 1_000_000))


def footer_of_lists_of_nothing(folder: Path) -> Path:
    """A footer that says it has two billion columns."""
    found = listing(_STRUCT, [], 2_000_000_000)
    return _write(folder, MARK + ended(record((1, 5, 1), (2, 9, found))))


def footer_longer_than_the_file(folder: Path) -> Path:
    """A footer that says it is longer than the file."""
    return _write(folder, MARK + b"x" * 100 + struct.pack("<L", 0xFFFFFFF0) + MARK)


def page_longer_than_the_file(folder: Path) -> Path:
    """A page that says it unpacks to two billion bytes, and holds ten."""
    return _write(folder, _two([page(b"0123456789", 1, size=2_000_000_000)], 1))


def page_of_less_than_nothing(folder: Path) -> Path:
    """A page of a length below zero."""
    return _write(folder, _two([page(b"0123456789", 1, size=-1)], 1))


def text_longer_than_its_page(folder: Path) -> Path:
    """A text that says it has four billion bytes."""
    return _write(folder, _two([page(b"\xff\xff\xff\xffabc", 1)], 1))


def many_pages(folder: Path) -> Path:
    """A million pages of nothing."""
    return _write(folder, _two([page(b"", 0) * 1_000_000], 1))


def long_heading(folder: Path) -> Path:
    """A heading of five million characters."""
    return _frame(folder, **{"code": ["010006"], "金" * 5_000_000: [1]})


def blobs(folder: Path) -> Path:
    """A column of bytes that are no text."""
    return _frame(
        folder, code=["010006"], amount=pl.Series([b"\xff" * 40_000_000], dtype=pl.Binary)
    )


def times_of_day(folder: Path) -> Path:
    """A column of times, and one of categories."""
    return _frame(
        folder,
        code=pl.repeat("010006", 400_000, eager=True).cast(pl.Categorical),
        amount=pl.repeat("x" * 3000, 400_000, eager=True).cast(pl.Categorical),
    )


PARQUETS: Final[dict[str, Callable[[Path], Path]]] = {
    f"parquet_{maker.__name__}": maker
    for maker in (
        one_long_text,
        one_text_in_fewer_rows,
        one_huge_cell,
        one_huge_cell_that_says_it_is_small,
        many_cells,
        many_codes,
        one_nested_cell,
        nested_records,
        many_columns,
        many_groups,
        one_group_again_and_again,
        a_dictionary_of_long_texts,
        texts_that_share_their_starts,
        more_rows_than_said,
        more_rows_said_than_there_are,
        huge_footer,
        footer_of_many_things,
        footer_deep_down,
        footer_of_lists_of_nothing,
        footer_longer_than_the_file,
        page_longer_than_the_file,
        page_of_less_than_nothing,
        text_longer_than_its_page,
        many_pages,
        long_heading,
        blobs,
        times_of_day,
    )
}


def _frame(folder: Path, **columns: object) -> Path:
    path = folder / _NAME
    pl.DataFrame(columns).write_parquet(path, compression="zstd")
    return path


def _two(code: list[bytes], count: int) -> bytes:
    return file_of([Chunk("code", code, count, size=100), _amount(count)], rows=count)


def _amount(count: int) -> Chunk:
    pages = [page(runs(0, count), count, DICTIONARY)]
    return Chunk("amount", pages, count, dictionary=_entry(b"5"))


def _entry(value: bytes) -> bytes:
    return page(texts(value), 1, is_dictionary=True)


def _deltas(values: list[int]) -> bytes:
    """Return numbers as differences, in blocks of 128 and four parts of 32 bits each."""
    found = number(128) + number(4) + number(len(values)) + signed(values[0])
    steps = [after - before for before, after in itertools.pairwise(values)]
    for at in range(0, len(steps), 128):
        block = steps[at : at + 128]
        least = min(block)
        padded = [step - least for step in block] + [0] * (128 - len(block))
        width = 0 if not any(padded) else 32
        found += signed(least) + bytes([width] * 4)
        found += struct.pack("<128L", *padded) if width else b""
    return found


def _write(folder: Path, content: bytes) -> Path:
    path = folder / _NAME
    path.write_bytes(content)
    return path
