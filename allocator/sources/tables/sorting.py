"""Sorting the rows of a table that are not plain, one by one: whose they are, or what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

import polars as pl

from allocator.domain.codes import LENGTH, bare, is_prefecture_code
from allocator.domain.errors import Problem
from allocator.domain.outsiders import outsider
from allocator.domain.text import Text
from allocator.sources.tables.faults import Faults, raise_all
from allocator.sources.tables.header import folded, is_figure, stacked
from allocator.sources.tables.ledger import Ledger, Mended, Reason
from allocator.sources.tables.opened import TextTable
from allocator.sources.tables.sums import Sum, is_sum_word, sum_of
from allocator.sources.tables.taken import HEADINGS, NO_CODE, Keys, Row, SumRow, Taken
from allocator.sources.tables.who import Names
from allocator.sources.tables.written_codes import DIGITS, CodeReader, code_reader, plain_codes

_FEWEST_DIGITS: Final = 4
"""With so many digits, what stands in a column of codes is meant to be one."""

_DIGIT: Final = re.compile(r"\d")
_NATION: Final = frozenset({"00000", "000000"})
"""The code of 全国 in files of e-Stat."""


class Sorter:
    """Goes through the rows that are not plain, one by one."""

    def __init__(
        self,
        table: TextTable,
        keys: Keys,
        figure: str,
        names: Names,
        ledger: Ledger,
        mended: Mended,
        *,
        is_list: bool,
        sums_count: bool,
    ) -> None:
        self._sums_count = sums_count
        self._table, self._keys, self._names = table, keys, names
        self._headings = stacked(figure)
        self._ledger, self._mended, self._is_list = ledger, mended, is_list
        self._problems = Faults()
        self._kept: dict[int, str] = {}
        self._taken = Taken(pl.DataFrame())
        self._reader: CodeReader | None = None
        self._coded = False

    def run(self, rows: pl.DataFrame, odd: pl.Series) -> Taken:
        """Return what came of all rows.

        Raises:
            InputError: codes of a measure that cannot be told.
        """
        whole = plain_codes(rows["code"]) if self._names.register.official else rows["code"]
        self._coded = bool((~whole.is_in(NO_CODE)).any())
        if self._names.register.official:
            self._reader = code_reader(whole, self._names)
            rows = rows.with_columns(whole.alias("code"))
        for at, row in zip(odd.arg_true(), self._each(rows.filter(odd)), strict=True):
            code = self._sort(row)
            if code is not None:
                self._kept[at] = code
        raise_all(self._problems)
        at = pl.int_range(len(rows), eager=True)
        stays = ~odd | at.is_in(list(self._kept))
        rows = rows.with_columns(at.alias("at")).filter(stays)
        if self._kept:
            mended = pl.DataFrame(
                list(self._kept.items()), schema={"at": pl.Int64, "read": pl.String}, orient="row"
            )
            rows = rows.join(mended, on="at", how="left", maintain_order="left").with_columns(
                pl.coalesce("read", "code").alias("code")
            )
        self._taken.frame = rows.select("code", "prefecture", "municipality", "figure", "line")
        return self._taken

    @staticmethod
    def _each(rows: pl.DataFrame) -> Iterator[Row]:
        return (Row(*values) for values in rows.select(Row._fields).iter_rows())

    def _sort(self, row: Row) -> str | None:
        """Return the code under which a row is taken ("": nobody's), None where it is left out."""
        if self._is_heading(row):
            return self._out(row, "heading")
        names = (row.prefecture, row.municipality)
        written = bare(row.code)
        code = self._code(row, written)
        if not self._is_municipality(code) and (kind := self._sum_of(row, written, code)):
            return self._sum(row, kind, written)
        if not row.has_figures and not self._is_list:
            if code and code in self._names.register.codes:
                return self._take(row, written, code)
            return self._out(row, "note")
        if written not in NO_CODE:
            return self._coded_row(row, written, code)
        return self._uncoded_row(row, names)

    def _is_municipality(self, code: str) -> bool:
        """Tell whether a code is certain, and none of a prefecture: then the row is no sum."""
        return bool(code) and (self._reader is None or not is_prefecture_code(code))

    def _sum_of(self, row: Row, written: str, code: str) -> Sum | None:
        if written in _NATION:
            return "total"
        cells = (
            written if not code and is_sum_word(written) else "",
            row.printed,
            row.municipality,
        )
        kind = sum_of(cells, self._names)
        if kind and code and self._sums_count and code in self._names.register.codes:
            return None  # the population of the whole prefecture: 010006 | 北海道 | 計
        return kind

    def _sum(self, row: Row, kind: Sum, written: str) -> str | None:
        if not row.figure:
            return self._out(row, kind)
        words = tuple(
            cell for cell in (written, row.printed, row.municipality) if is_sum_word(cell)
        )
        found = SumRow(words or ("合計",), row.prefecture, row.figure, row.line)
        (self._taken.totals if kind == "total" else self._taken.subtotals).append(found)
        return self._out(row, kind)

    def _code(self, row: Row, written: str) -> str:
        """Return the code that is written, "" where there is none or it is not certain."""
        if self._reader is None:
            return written if written in self._names.register.codes else ""
        return self._reader.read(written, row.prefecture, row.municipality)

    def _coded_row(self, row: Row, written: str, code: str) -> str | None:
        if self._reader is None:  # a register of one's own: codes mean what they are
            known = self._is_list or written in self._names.register.codes
            return row.code if known else self._out(row, "other")
        if code in self._names.register.codes:
            return self._take(row, written, code)
        if self._is_list:
            # A number alone is that of a page; beside other cells its row has been moved.
            is_moved = written.isdecimal() and row.has_figures
            is_note = not row.figure and not DIGITS.fullmatch(written) and not is_moved
            return self._out(row, "note") if is_note else self._listed(row, written, self._reader)
        if code:
            return self._out(row, outsider(code, *_names(row), self._names.register).kind)
        return self._no_code(row, written, self._reader)

    def _listed(self, row: Row, written: str, reader: CodeReader) -> str:
        """Return the code of a list's row: as it is read, else as it is written."""
        code = reader.listed(written, row.prefecture, row.municipality)
        if code:
            return self._take(row, written, code)
        if len(written) != LENGTH or not DIGITS.fullmatch(written):
            self._mended.note("none", row.line)
        return written

    def _no_code(self, row: Row, written: str, reader: CodeReader) -> str | None:
        """Refuse what is no code beside a measure's figure, unless the row is nobody's anyway."""
        where = self._table.where(row.line, self._keys.code or "code")
        found = self._names.find(row.prefecture, row.municipality)
        has_digits = sum(map(str.isdecimal, written)) >= _FEWEST_DIGITS
        if not DIGITS.fullmatch(written) and len(found) == 1:
            self._problems.append(_unreadable(where, written, found[0]))
        elif DIGITS.fullmatch(written) or (has_digits and is_figure(row.figure)):
            self._problems += reader.explained(written, where).problems
        else:
            return self._out(row, "note")
        return None

    def _uncoded_row(self, row: Row, names: tuple[str, str]) -> str | None:
        found = self._names.find(*names) if any(names) else ()
        if self._is_list:
            return self._listed_by_name(row, found)
        if len(found) == 1:
            if self._coded:
                self._mended.named.append(_resolved(found[0], *names, row.line))
            return found[0]
        if not any(names):
            return self._out(row, "note")
        if found:
            self._problems.append(
                _several(self._table.where(row.line, self._name_column), row, found)
            )
            return None
        kind = outsider("", *_names(row), self._names.register).kind
        if kind == "other" and is_figure(row.figure):
            where = self._table.where(row.line, self._name_column)
            self._problems.append(_nobody(where, row))
            return None
        return self._out(row, kind)

    def _listed_by_name(self, row: Row, found: tuple[str, ...]) -> str | None:
        """Return the code of a list's row without one.

        Where other rows have codes, a missing one is a fault of the list, and stays missing.
        """
        code = found[0] if len(found) == 1 else ""
        if not row.figure:
            # A name alone is a heading between rows, or a note; a payer's amount may be missing.
            is_group = self._keys.municipality is not None and not row.municipality
            is_payer = bool(code) and not self._coded and not is_group
            return code if is_payer else self._out(row, "note")
        if not self._coded:
            return code
        if code:
            self._taken.by_name[row.line] = code
        self._mended.note("none", row.line)
        return ""

    def _take(self, row: Row, written: str, code: str) -> str:
        # What `written` lacks of `code`, or what was taken away to get there.
        if written != row.code:
            self._mended.note("sign", row.line)
        elif code != written:
            self._mended.note("code", row.line)
        return code

    def _out(self, row: Row, reason: Reason) -> str | None:
        self._ledger.leave_out(row.line, reason, row.cells)
        return None

    def _is_heading(self, row: Row) -> bool:
        """Tell whether a row says the header again, or a line above it, as on every page."""
        if " ".join(filter(None, row.cells)) in self._table.above:
            return True
        if not is_figure(row.figure) and folded(row.figure) in self._headings:
            return True
        keys = (row.code, row.prefecture, row.municipality)
        is_word = not _DIGIT.search(row.figure)
        return is_word and any(folded(cell) in HEADINGS for cell in keys if cell)

    @property
    def _name_column(self) -> str:
        return self._keys.municipality or self._keys.prefecture or "-"


def _unreadable(where: str, written: str, code: str) -> Problem:
    return Problem(
        where,
        Text(
            f"{written!r} is no code; by its name the row is that of {code}",
            f"{written!r} は団体コードではありません(名称では {code} の行です)",
        ),
        Text("correct the code", "団体コードを直してください"),
        code="wrong_code",
    )


def _names(row: Row) -> tuple[str, str]:
    return row.prefecture, row.municipality


def _several(where: str, row: Row, codes: Sequence[str]) -> Problem:
    shown = " or ".join(codes), "、".join(codes)
    return Problem(
        where,
        Text(
            f"{row.prefecture} {row.municipality} can be {shown[0]}",
            f"{row.prefecture} {row.municipality} に当たる団体が複数あります: {shown[1]}",
        ),
        Text("write the code (団体コード)", "団体コードを書いてください"),
        code="ambiguous_name",
    )


def _nobody(where: str, row: Row) -> Problem:
    name = " ".join(filter(None, _names(row)))
    return Problem(
        where,
        Text(
            f"{name}: no organisation of the register has this name, and there is no code",
            f"{name}: この名称の団体はなく、団体コードもありません",
        ),
        Text(
            "correct the name or write the code (団体コード)",
            "名称を直すか、団体コードを書いてください",
        ),
        code="unknown_name",
    )


def _resolved(code: str, prefecture: str, municipality: str, line: int) -> Text:
    return Text(
        f"line {line}: no code; {prefecture} {municipality} is {code} by its name",
        f"{line} 行目: コードがないため、名称 {prefecture} {municipality} により {code} としました",
    )
