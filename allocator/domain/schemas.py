"""The columns of every frame that passes between the parts, in one place."""

from __future__ import annotations

from typing import Final

import polars as pl

ORGANISATIONS: Final = pl.Schema(
    {
        "code": pl.String,
        "prefecture": pl.String,
        "county": pl.String,
        "municipality": pl.String,
        "kana": pl.String,
        "kind": pl.String,
        "valid_from": pl.Date,
        "valid_to": pl.Date,
    }
)
"""One row an organisation and name; valid_to is exclusive, null means open."""

PAYERS: Final = pl.Schema(
    {
        "code": pl.String,
        "prefecture": pl.String,
        "county": pl.String,
        "municipality": pl.String,
        "kind": pl.String,
    }
)
"""Who pays, in code order, each once."""

CODE_CHANGES: Final = pl.Schema(
    {"date": pl.Date, "old_code": pl.String, "new_code": pl.String, "reason": pl.String}
)

MEASURE: Final = pl.Schema({"code": pl.String, "value": pl.Int64, "line": pl.Int64})
"""A number per organisation; `line` is the line of the file that it stands on."""

LISTED: Final = pl.Schema(
    {
        "code": pl.String,
        "prefecture": pl.String,
        "municipality": pl.String,
        "amount": pl.Int64,
        "line": pl.Int64,
    }
)
"""A published list as printed: amounts in yen."""
