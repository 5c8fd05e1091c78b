"""Codes as they are written in a column, read in the one way in which the column is written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import polars as pl

from allocator.domain.codes import (
    LENGTH,
    bare,
    check_digit,
    is_valid,
    parse_code,
    read_in_two_ways,
    readings,
)
from allocator.domain.errors import InputError
from allocator.domain.organisations import Register
from allocator.domain.outsiders import outsider
from allocator.sources.tables.who import Names

DIGITS: Final = re.compile(r"[0-9]{4,6}")
_FLOAT: Final = r"^([0-9]{4,6})\.0+$"
_FAR_MORE: Final = 20
"""How many times the evidence one way of writing codes needs against the other."""

_WARDS: Final = ("100", "199")
"""The numbers of designated cities and their wards."""

_LEAST: Final = 3
"""So many codes tell how a column is written; fewer tell nothing of the others."""


def plain_codes(cells: pl.Series) -> pl.Series:
    """Return codes with plain digits, and without the .0 of columns of figures."""
    return cells.str.normalize("NFKC").str.strip_chars().str.replace(_FLOAT, "$1")


@dataclass(frozen=True)
class CodeReader:
    """Reads the codes of one column.

    Digits that lack a zero, the check digit or both can stand for several codes. A column is
    written in one way throughout: where other cells of it can only be read in one of the two ways,
    that way holds. Codes of wards and counties, which no register knows, now and then look like
    another's code read the other way; so a way holds if it has 20 times the evidence.
    """

    names: Names
    lacks_check: bool
    lacks_zero: bool

    @property
    def register(self) -> Register:
        """The register whose codes are known."""
        return self.names.register

    def read(self, written: str, prefecture: str = "", municipality: str = "") -> str:
        """Return the code that is written, six digits; "" where it is none or not certain.

        Where the digits can be read in two ways, the column decides, then the register, then
        prefecture and name beside it. A wrong check digit is not certain.
        """
        text = bare(written)
        if not DIGITS.fullmatch(text):
            return ""
        if code := self._by_column(text):
            return code
        found = readings(text)
        if len(found) > 1 and prefecture:
            found = [code for code in found if self._is_in(code, prefecture)] or found
        if len(found) > 1:
            found = [code for code in found if self._is_likely(code, prefecture, municipality)]
        return found[0] if len(found) == 1 else ""

    def listed(self, written: str, prefecture: str, municipality: str) -> str:
        """Return the code of a list's row: what `read` returns where it is somebody's, else "".

        That is an organisation of the register, or a ward, a county … that none is.
        """
        code = self.read(written, prefecture, municipality)
        if code in self.register.codes or len(bare(written)) == LENGTH:
            return code
        return code if code and self._is_nobody(code, prefecture, municipality) else ""

    def explained(self, written: str, where: str) -> InputError:
        """Return the error of a code that `read` could not tell."""
        try:
            parse_code(bare(written), where)
        except InputError as error:
            return error
        return read_in_two_ways(where, written, readings(bare(written)))

    def _by_column(self, text: str) -> str:
        if self.lacks_check and len(text) < LENGTH:
            number = text.zfill(LENGTH - 1)
            return number + check_digit(number)
        code = text.zfill(LENGTH)
        return code if self.lacks_zero and len(text) == LENGTH - 1 and is_valid(code) else ""

    def _is_likely(self, code: str, prefecture: str, municipality: str) -> bool:
        """Tell whether a code is somebody's, or that of a ward, and goes with the name beside."""
        if code not in self.register.codes:
            may_be_ward = not municipality and _WARDS[0] < code[2:5] <= _WARDS[1]
            return may_be_ward or self._is_nobody(code, prefecture, municipality)
        told = self.names.find(prefecture, municipality) if municipality else ()
        return not told or code in told

    def _is_in(self, code: str, prefecture: str) -> bool:
        own = self.names.prefecture_code(prefecture)
        return not own or own[:2] == code[:2]

    def _is_nobody(self, code: str, prefecture: str, municipality: str) -> bool:
        """Tell whether a code is that of a ward, a county or islands."""
        return outsider(code, prefecture, municipality, self.register).kind != "other"


def code_reader(cells: Iterable[str], names: Names) -> CodeReader:
    """Return the reader of a column; `cells` are all of its codes, with plain digits.

    A code that can be read in one way only tells how the others are written, as six digits do.
    Where there is none, those of which one reading is known do, but not a few of them: they would
    tell of themselves.
    """
    ways = Counter[bool]()
    is_certain = False
    known = names.register.codes
    for text in cells:
        if DIGITS.fullmatch(text) and len(text) < LENGTH:
            found = readings(text)
            codes = [code for code in found if code in known]
            if len(codes) == 1:
                ways[_lacks_check(text, codes[0])] += 1
                is_certain |= len(found) == 1
        elif text in known:
            ways[False] += 1
            is_certain = True
    lacks_check, whole = ways[True], ways[False]
    if lacks_check + whole < _LEAST and not is_certain:
        return CodeReader(names, lacks_check=False, lacks_zero=False)
    return CodeReader(names, lacks_check > _FAR_MORE * whole, whole > _FAR_MORE * lacks_check)


def _lacks_check(text: str, code: str) -> bool:
    """Tell whether `text` is `code` without its check digit."""
    return len(text) < len(code) and code[:-1].endswith(text)
