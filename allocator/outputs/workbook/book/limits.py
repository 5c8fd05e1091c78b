"""What a sheet cannot hold, refused before anything is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from allocator.domain.errors import InputError, Problem
from allocator.domain.text import Text
from allocator.outputs.workbook.book.strings import LONGEST
from allocator.results.outcome import Outcome
from allocator.sources.bundled import shown

MOST_ROWS: Final = 1_048_576
"""Rows of a sheet: the limit of the xlsx format."""

_OWN_ROWS: Final = 100
"""Rows that a sheet has beside those of the organisations, generously."""


def refuse_beyond_limits(outcome: Outcome, everyone: pl.DataFrame) -> None:
    """Refuse a plan that a workbook cannot hold; `everyone` are the organisations of its day.

    Raises:
        InputError: too many organisations for a sheet, or a text too long for a cell.
    """
    if found := [*_too_many(outcome, len(everyone)), *_too_long(outcome)]:
        raise InputError(found)


def _too_many(outcome: Outcome, count: int) -> Iterator[Problem]:
    most = MOST_ROWS - _OWN_ROWS
    if count > most:
        yield Problem(
            outcome.register.origin,
            Text(
                f"{count:,} organisations; a sheet of allocation.xlsx holds {most:,}",
                f"団体が {count:,} あり、allocation.xlsx のシートの上限 {most:,} を超えます",
            ),
            Text(
                "make a plan and a register for each part",
                "団体一覧と計画をいくつかに分けてください",
            ),
            code="too_large",
        )


def _too_long(outcome: Outcome) -> Iterator[Problem]:
    mend = Text("shorten it", "短くしてください")

    def too_long(text: str) -> bool:
        return len(text) * 2 > LONGEST and len(text.encode("utf-16-le")) // 2 > LONGEST

    names = outcome.register.frame.select(
        "code", "prefecture", (pl.col("county") + pl.col("municipality")).alias("municipality")
    )
    for column in names:
        long = column.filter(column.str.len_chars() * 2 > LONGEST)
        if any(map(too_long, long)):
            yield Problem(
                f"{outcome.register.origin}: {column.name}",
                Text(
                    f"a text longer than {LONGEST:,} characters",
                    f"{LONGEST:,} 文字を超える文字列があります",
                ),
                mend,
                code="too_large",
            )
    files = dict(zip(outcome.plan.table.programmes, outcome.plan.files[1:], strict=True))
    for each in outcome.programmes:
        programme = each.programme
        reasons = "".join(
            adjustment.reason for table in programme.rules for adjustment in table.adjustment
        )
        reasons += "".join(part.name for part in programme.part)
        named = (programme.name, programme.source, programme.legal_basis, programme.stated_error)
        if too_long("".join((*named, programme.note, reasons))):
            yield Problem(
                shown(files[programme.id]),
                Text(
                    f"texts of more than {LONGEST:,} characters",
                    f"文字列が {LONGEST:,} 文字を超えています",
                ),
                mend,
                code="too_large",
            )
