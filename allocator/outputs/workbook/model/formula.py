"""A formula of a sheet: written once, read twice, as what it gives and as the text of its cells.

In a formula `{total}` is a single cell and `{a}:{b}` the cells from one down to another; `[units]`
is the cell of column `units` in the formula's own row, `[units^]` the one above, `[units:]` the
whole column, `[units<]` the column down to the own row, `[units@]` the whole column where it is
entered and `[units@7]` the cell of its row 7 there, counted from 0. What stands in quotes, names of
sheets and texts, is left alone.

What a formula gives is worked out as a spreadsheet does it, in floating point and a column at a
time. Whole numbers are exact below `EXACT`; a figure beyond it is refused, not rounded. Operators
bind as they do in Python, whose parser takes formulas apart.
"""

from __future__ import annotations

import ast
import math
import operator
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, Protocol, TypeAlias

import numpy as np

EXACT: Final = 10**15
"""Whole numbers below this are added, subtracted, multiplied and compared exactly."""

DIVIDEND: Final = 10**14
"""INT(a / b) is exact for whole numbers with a below this: see `docs/workbook.md`."""

Figures: TypeAlias = Any
"""A column as an array of floats, row by row, or one float: text is NaN, an empty cell 0."""

_QUOTED: Final = r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\""
KEY: Final = re.compile(
    rf"{_QUOTED}|\{{(?P<cell>\w+)\}}|\[(?P<column>\w+)(?P<kind>[:^<]|@(?P<row>[0-9]*))?\]"
)
"""A cell or a column by its key; what is quoted is matched as well, and has neither group."""

_TOKEN: Final = re.compile(rf"(?P<text>{_QUOTED})|\{{(\w+)\}}:\{{(\w+)\}}|{KEY.pattern}|<>|[<>]=|=")
_SIGNS: Final = {"<>": "!=", "=": "=="}
_COLUMNS: Final = {None: "own", ":": "whole", "^": "above", "<": "down", "@": "whole"}


class BeyondError(Exception):
    """A formula forms a figure that a spreadsheet does not hold exactly."""


class Cells(Protocol):
    """What formulas speak of: single cells and columns, by their keys."""

    def figure(self, key: str) -> Figures:
        """Return what a single cell has; a reference to other cells: all of them."""

    def figures(self, key: str) -> Figures:
        """Return what a column has."""

    def figures_of(self, start: str, end: str) -> Figures:
        """Return what the cells from one down to another have."""


@dataclass(frozen=True)
class _Down:
    """A column down to the own row, in every row."""

    figures: Figures


@dataclass(frozen=True)
class _Criterion:
    """What COUNTIF looks for: a comparison with a figure, or in every row with its own."""

    compare: Callable[[Figures, Figures], Any]
    figures: Figures


def value_of(formula: str, cells: Cells) -> Figures:
    """Return what a formula gives: a number, or one in each row.

    Raises:
        BeyondError: a figure on the way is too large to be exact.
    """
    return _value(_parsed(formula), cells)


@lru_cache(maxsize=10_000)
def _parsed(formula: str) -> ast.expr:
    return ast.parse(_TOKEN.sub(_python, formula), mode="eval").body


def _python(found: re.Match[str]) -> str:
    """Return a token as Python has it: cells and columns as calls of the functions below."""
    if text := found["text"]:
        return repr(text[1:-1].replace(text[0] * 2, text[0]))
    if found[2]:
        return f"between({found[2]!r},{found[3]!r})"
    if key := found["cell"]:
        return f"cell({key!r})"
    if key := found["column"]:
        row = found["row"]
        return f"at({key!r},{row})" if row else f"{_COLUMNS[found['kind']]}({key!r})"
    return _SIGNS.get(found[0], found[0])


def _value(node: ast.expr, cells: Cells) -> Any:
    found: Any = math.nan  # what is text has no figure
    match node:
        case ast.Constant(value=str() as text) if text:
            found = text
        case ast.Constant(value=int() as number):
            found = np.float64(number)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            found = -_value(operand, cells)
        case ast.Compare(left=left, ops=[sign], comparators=[right]):
            found = _COMPARISONS[type(sign)](_value(left, cells), _value(right, cells)) * 1.0
        case ast.BinOp(left=left, op=ast.BitAnd(), right=right):
            found = _criterion(_value(left, cells), _value(right, cells))
        case ast.BinOp(left=left, op=sign, right=right):
            found = _exact(_OPERATORS[type(sign)](_value(left, cells), _value(right, cells)))
        case ast.Call(func=ast.Name(id=name), args=args) if name in _PLACES:
            found = _PLACES[name](cells, *(ast.literal_eval(each) for each in args))
        case ast.Call(func=ast.Name(id=name), args=args):
            found = _FUNCTIONS[name](*(_value(each, cells) for each in args))
    return found


def _exact(figures: Figures) -> Figures:
    if (np.abs(figures) >= EXACT).any():
        raise BeyondError
    return figures


def _criterion(sign: str, figures: Any) -> _Criterion:
    return _Criterion({">": np.greater, "<": np.less}[sign], figures)


def _above(cells: Cells, key: str) -> Figures:
    """Return the column one row down: above its first cell stands the heading."""
    return np.concatenate(([np.nan], cells.figures(key)[:-1]))


_PLACES: Final[dict[str, Callable[..., Any]]] = {
    "cell": lambda cells, key: cells.figure(key),
    "between": lambda cells, start, end: cells.figures_of(start, end),
    "own": lambda cells, key: cells.figures(key),
    "whole": lambda cells, key: cells.figures(key),
    "above": _above,
    "down": lambda cells, key: _Down(cells.figures(key)),
    "at": lambda cells, key, row: cells.figures(key)[row],
}
_COMPARISONS: Final[dict[type[ast.cmpop], Callable[[Any, Any], Any]]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_OPERATORS: Final[dict[type[ast.operator], Callable[[Any, Any], Any]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}


# -- the functions of spreadsheets that formulas use ----------------------------------------------


def _sum(figures: Figures | _Down) -> Figures:
    if isinstance(figures, _Down):
        return _exact(np.cumsum(np.nan_to_num(figures.figures)))
    return _exact(np.nansum(figures))


def _rows(figures: Figures | _Down) -> Figures:
    if isinstance(figures, _Down):
        return np.arange(1.0, len(figures.figures) + 1)
    return np.float64(len(figures))


def _and(*conditions: Figures) -> Figures:
    return np.logical_and.reduce(np.broadcast_arrays(*conditions)) * 1.0


def _rank(figures: Figures, among: Figures, _: Figures) -> Figures:
    """Return the place of each from the largest down; equal ones share a place."""
    known = np.sort(among[~np.isnan(among)])
    return 1.0 + len(known) - np.searchsorted(known, figures, side="right")


def _lookup(figures: Figures, starts: Figures, found: Figures | None = None) -> Figures:
    """Return what stands at the last of the ascending `starts` that is no larger."""
    return (starts if found is None else found)[np.searchsorted(starts, figures, "right") - 1]


def _counted(*pairs: Any) -> Figures:
    """Count, in every row, the rows of columns that meet their criteria, all at once."""
    hits: Any = True
    to_own_row = False
    for column, wanted in zip(pairs[::2], pairs[1::2], strict=True):
        to_own_row = to_own_row or isinstance(column, _Down)
        figures = column.figures if isinstance(column, _Down) else column
        criterion = _of(wanted)
        own = np.asarray(criterion.figures)[..., np.newaxis]  # every row's own against all rows
        hits = hits & criterion.compare(figures, own)
    if not to_own_row:
        return np.count_nonzero(hits, axis=-1) * 1.0
    if hits.ndim == 1:
        return np.cumsum(hits) * 1.0
    return np.count_nonzero(hits & np.tri(len(hits), dtype=bool), axis=-1) * 1.0


def _of(wanted: Any) -> _Criterion:
    if isinstance(wanted, _Criterion):
        return wanted
    if isinstance(wanted, str):
        return _criterion(wanted[0], np.float64(wanted[1:]))
    return _Criterion(np.equal, wanted)


_FUNCTIONS: Final[dict[str, Callable[..., Any]]] = {
    "AND": _and,
    "COUNTIF": _counted,
    "COUNTIFS": _counted,
    "GCD": lambda *figures: np.float64(math.gcd(*map(int, figures))),
    "IF": np.where,
    "INT": np.floor,
    "LOOKUP": _lookup,
    "MAX": np.nanmax,
    "N": np.nan_to_num,
    "RANK": _rank,
    "ROWS": _rows,
    "SUM": _sum,
    "SUMPRODUCT": lambda *columns: _exact(np.sum(math.prod(columns))),
}


def to_figures(values: Sequence[int | str | None]) -> Figures:
    """Return the cells of a column as figures."""
    return np.array([np.nan if isinstance(each, str) else each or 0 for each in values], float)


def to_values(figures: Figures) -> list[int | str | None]:
    """Return figures as cells show them: whole numbers, and "" where a formula gives no figure."""
    return ["" if math.isnan(each) else int(each) for each in figures.tolist()]
