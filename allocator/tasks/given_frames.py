"""A measure as Python code gives it: any table with codes and figures, made one plain frame."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

import polars as pl

from allocator.domain.codes import bare
from allocator.domain.errors import Problem, refuse
from allocator.domain.text import Text
from allocator.sources.tables.faults import raise_all

_CODE: Final = "code"
_OFFICIAL: Final = re.compile(r"[0-9]{4,6}")
"""A code, or what is left of one where a spreadsheet took it for a number."""


def measure_frame(name: str, data: Any, where: str, *, official: bool = True) -> pl.DataFrame:
    """Return a frame of two columns of text, `code` and `name`, a row for each row of `data`.

    A table has a column `code` and one of figures: named like the measure, or the only other one.
    What polars can take is a table: its own frames, a mapping of columns, anything with
    `__arrow_c_stream__`; so is a mapping from codes to figures. Figures are whole numbers from 0
    up; floats without a fraction will do, and so will text as files have it. Codes may be text or
    whole numbers; they are completed as those of files are.

    Codes are Japan's where `official`, any text otherwise.

    Raises:
        InputError: no table, no such columns, or rows without a code or such a figure; `where`
            names the measure.
    """
    frame = _table(name, data, where)
    figures = _figures(name, frame, where)
    found: list[Problem] = []
    rows: list[tuple[str, str]] = []
    for number, (code, figure) in enumerate(frame.select(_CODE, figures).iter_rows(), start=1):
        place = f"{where}: row {number}"
        read = _code(code, official=official), _figure(figure)
        for value, column in zip(read, (_CODE, figures), strict=True):
            if isinstance(value, Problem):
                found.append(
                    Problem(
                        f"{place}, column {column}",
                        value.what,
                        value.mend,
                        value.code,
                        {"row": number, "column": column},
                    )
                )
        if not any(isinstance(value, Problem) for value in read):
            rows.append((str(read[0]), str(read[1])))
    raise_all(found)
    return pl.DataFrame(rows, schema={_CODE: pl.String, name: pl.String}, orient="row")


def _table(name: str, data: Any, where: str) -> pl.DataFrame:
    if isinstance(data, pl.LazyFrame):
        data = data.collect()
    if isinstance(data, Mapping) and _CODE not in data:
        data = {_CODE: [str(code) for code in data], name: list(data.values())}
    try:
        if isinstance(data, Mapping):
            columns = {str(key): pl.Series(list(each), strict=True) for key, each in data.items()}
            return pl.DataFrame(columns)
        return pl.DataFrame(data)
    except (TypeError, ValueError, OverflowError, pl.exceptions.PolarsError) as error:
        reason = str(error).partition("\n")[0]
        raise refuse(
            where,
            Text(
                f"{type(data).__name__} cannot be read as a table: {reason}",
                f"{type(data).__name__} は表として読めません: {reason}",
            ),
            Text(
                "pass a frame with columns code and figures, or a mapping from codes to figures",
                "code と値の列を持つ表か、コードから値への対応を渡してください",
            ),
            code="not_a_table",
        ) from None


def _figures(name: str, frame: pl.DataFrame, where: str) -> str:
    """Return the column of the figures."""
    if _CODE not in frame.columns:
        raise refuse(
            where,
            Text(
                f"no column code among: {', '.join(frame.columns) or '-'}",
                f"code という列がありません(ある列: {'、'.join(frame.columns) or '-'})",
            ),
            Text("name the column of codes code", "団体コードの列名を code にしてください"),
            code="missing_column",
        )
    others = [each for each in frame.columns if each != _CODE]
    if name in others:
        return name
    if len(others) == 1:
        return others[0]
    raise refuse(
        where,
        Text(
            f"several columns could be the figures: {', '.join(others)}"
            if others
            else "there is no column of figures",
            f"値の列を1つに決められません: {'、'.join(others)}" if others else "値の列がありません",
        ),
        Text(f"name the column of figures {name}", f"値の列名を {name} にしてください"),
        code="unclear_column" if others else "missing_column",
    )


def _code(value: object, *, official: bool) -> str | Problem:
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not (_OFFICIAL.fullmatch(bare(text)) if official else text.strip()):
        return Problem(
            "",
            Text(f"{value!r} is no code", f"{value!r} は団体コードではありません"),
            Text("give every row a code", "すべての行に団体コードを入れてください"),
            "not_a_code",
        )
    return text


def _figure(value: object) -> str | Problem:
    """Return a figure as a file would have it; text stays as it is, and is read with its units."""
    if isinstance(value, str):
        return value
    if value is None or value != value:  # noqa: PLR0124 what is no number is not equal to itself
        return Problem("", Text("there is no figure", "値がありません"), _WHOLE, "missing_figure")
    exact = _exact(value)
    if exact is None:
        what = Text(f"{value!r} is no number", f"{value!r} は数ではありません")
        return Problem("", what, _WHOLE, "wrong_type")
    if exact.denominator != 1:
        what = Text(f"{value} is not a whole number", f"{value} は整数ではありません")
        return Problem("", what, _WHOLE, "not_whole")
    if exact < 0:
        what = Text(f"{value} is negative", f"{value} は負の値です")
        return Problem("", what, _WHOLE, "negative")
    return str(exact.numerator)


def _exact(value: object) -> Fraction | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return Fraction(value)
    if isinstance(value, float | Decimal | Fraction):
        with suppress(ValueError, OverflowError):  # infinite
            return Fraction(value)
    return None


_WHOLE: Final = Text("give a whole number, zero or more", "0以上の整数を入れてください")
