"""The codes of a list's rows, as papers print them: read like those of tables, or told by names."""

from __future__ import annotations

from typing import NamedTuple

import polars as pl

from allocator.domain.codes import LENGTH, bare
from allocator.sources.tables.carried import carried_down
from allocator.sources.tables.taken import NO_CODE
from allocator.sources.tables.who import Names
from allocator.sources.tables.written_codes import DIGITS, code_reader, plain_codes


class ListedCodes(NamedTuple):
    """The codes of a list's rows: "" where there is none; how they were come by, by line."""

    frame: pl.DataFrame
    by_name: dict[int, str]
    completed: list[int]
    malformed: list[int]


def listed_codes(rows: pl.DataFrame, names: Names, *, has_codes: bool) -> ListedCodes:
    """Return rows of a list (code, prefecture, municipality, amount, line) with codes as read.

    Prefectures are carried down. A code that is none stays as it is written; a list without codes
    has those that its names tell.
    """
    if names.register.official:
        rows = rows.with_columns(plain_codes(rows["code"]))
    rows = rows.with_columns(carried_down(rows, names))
    found = ListedCodes(rows, {}, [], [])
    reader = code_reader(rows["code"], names) if names.register.official else None
    codes: list[str] = []
    for written, prefecture, municipality, line in rows.select(
        "code", "prefecture", "municipality", "line"
    ).iter_rows():
        text = bare(written)
        if text in NO_CODE:
            told = names.find(prefecture, municipality)
            code = told[0] if len(told) == 1 else ""
            if has_codes:
                found.malformed.append(line)
                if code:
                    found.by_name[line] = code
            codes.append("" if has_codes else code)
            continue
        code = reader.listed(text, prefecture, municipality) if reader else written
        if reader and not code and (len(text) != LENGTH or not DIGITS.fullmatch(text)):
            found.malformed.append(line)
        elif code and code != text:
            found.completed.append(line)
        codes.append(code or text)
    return found._replace(frame=rows.with_columns(pl.Series("code", codes, dtype=pl.String)))
