"""allocation.csv, breakdown.csv and parts.csv.

A name that a spreadsheet would take for a formula has a `'` before it; `raw` leaves it out.
"""

from __future__ import annotations

from typing import Final, Literal

import polars as pl

from allocator.domain.errors import InputError, Problem
from allocator.domain.text import Text, listed
from allocator.outputs.writers.csv_text import csv_of_frame
from allocator.results.outcome import Outcome

Encoding = Literal["utf-8", "cp932"]

NOTIONAL: Final = "参考"
"""The label of notional figures, which nobody pays."""

COLUMNS: Final = pl.Schema(
    {
        "fiscal_year": pl.Int64,
        "programme": pl.String,
        "code": pl.String,
        "prefecture": pl.String,
        "municipality": pl.String,
        "amount": pl.Int64,
    }
)


PART_COLUMNS: Final = pl.Schema(
    {
        "fiscal_year": pl.Int64,
        "programme": pl.String,
        "part": pl.Int64,
        "name": pl.String,
        "basis": pl.String,
        "code": pl.String,
        "prefecture": pl.String,
        "municipality": pl.String,
        "amount": pl.Int64,
    }
)


def allocation_csv(outcome: Outcome, encoding: Encoding = "utf-8", *, raw: bool = False) -> bytes:
    """Return allocation.csv: what each payer pays (yen), by programme, then code.

    Raises:
        InputError: a name has a character that `encoding` lacks; all of them are named.
    """
    parts = [
        _rows(outcome, each.programme.id, each.allocation.payers, each.allocation.amounts)
        for each in outcome.programmes
        if each.allocation is not None
    ]
    return _csv(pl.concat([pl.DataFrame(schema=COLUMNS), *parts]), encoding, raw=raw)


def breakdown_csv(outcome: Outcome, encoding: Encoding = "utf-8", *, raw: bool = False) -> bytes:
    """Return breakdown.csv: notional figures (参考, yen) of municipalities, and nothing else.

    Raises:
        InputError: a name has a character that `encoding` lacks; all of them are named.
    """
    parts = [
        _rows(outcome, each.programme.id, each.notional.municipalities, each.notional.amounts)
        for each in outcome.programmes
        if each.notional is not None
    ]
    rows = pl.concat([pl.DataFrame(schema=COLUMNS), *parts])
    return _csv(rows.with_columns(pl.lit(NOTIONAL).alias("label")), encoding, raw=raw)


def has_parts(outcome: Outcome) -> bool:
    """Tell whether the plan has a programme of parts, be it computed or not."""
    return any(programme.part for programme in outcome.plan.programmes)


def parts_csv(outcome: Outcome, encoding: Encoding = "utf-8", *, raw: bool = False) -> bytes:
    """Return parts.csv: each payer's amount (yen) in each part, by programme, part, then code.

    A payer that a part doesn't concern has no row of it.

    Raises:
        InputError: a name has a character that `encoding` lacks; all of them are named.
    """
    rows = [
        _rows(outcome, each.programme.id, part.allocation.payers, part.allocation.amounts)
        .with_columns(
            pl.lit(number, pl.Int64).alias("part"),
            pl.lit(part.programme.title).alias("name"),
            pl.lit(part.programme.basis).alias("basis"),
        )
        .select(PART_COLUMNS.names())
        for each in outcome.programmes
        for number, part in enumerate(each.parts, start=1)
        if part.allocation is not None
    ]
    return _csv(pl.concat([pl.DataFrame(schema=PART_COLUMNS), *rows]), encoding, raw=raw)


def _rows(
    outcome: Outcome, programme: str, organisations: pl.DataFrame, amounts: tuple[int, ...]
) -> pl.DataFrame:
    """Return rows as COLUMNS; `organisations` follows `schemas.PAYERS`, `amounts` beside it."""
    return organisations.select(
        pl.lit(outcome.plan.fiscal_year.year, pl.Int64).alias("fiscal_year"),
        pl.lit(programme).alias("programme"),
        "code",
        "prefecture",
        (pl.col("county") + pl.col("municipality")).alias("municipality"),
        pl.Series("amount", amounts, dtype=pl.Int64),
    )


def _csv(rows: pl.DataFrame, encoding: Encoding, *, raw: bool) -> bytes:
    text = csv_of_frame(rows, raw=raw)
    if encoding == "utf-8":
        return text.encode("utf-8-sig")
    if not _has(encoding, text):
        raise _not_encodable(rows, encoding)
    return text.encode(encoding)


_NAMES: Final = ("name", "code", "prefecture", "municipality")
"""The columns that hold what people wrote."""


def _not_encodable(rows: pl.DataFrame, encoding: Encoding) -> InputError:
    """Name every character that the encoding lacks, and where it stands."""
    places: dict[str, list[str]] = {}
    columns = [name for name in _NAMES if name in rows.columns]
    for cells in rows.select(columns).unique(maintain_order=True).iter_rows():
        for character in dict.fromkeys("".join(cells)):
            if not _has(encoding, character):
                places.setdefault(character, []).append(" ".join(filter(None, cells)))
    mend = Text(
        "write UTF-8 (leave --encoding out), or give the name another spelling in your register",
        "UTF-8で出力するか(--encoding を外す)、団体一覧の表記を変えてください",
    )
    return InputError(
        [
            Problem(
                f"--encoding {encoding}",
                Text(
                    f"{encoding} has no {character!r} (U+{ord(character):04X}): {found.en}",
                    f"{encoding} に「{character}」(U+{ord(character):04X})がありません: {found.ja}",
                ),
                mend,
                code="not_in_encoding",
            )
            for character, found in ((key, listed(value)) for key, value in places.items())
        ]
    )


def _has(encoding: Encoding, text: str) -> bool:
    """Tell whether `text` comes back as it was: Python writes some characters as others (〜 ～)."""
    try:
        return text.encode(encoding).decode(encoding) == text
    except UnicodeEncodeError:
        return False
