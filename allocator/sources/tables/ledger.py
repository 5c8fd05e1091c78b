"""The ledger of a reading: every row of the input is taken, or left out here with its reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

import polars as pl

from allocator.domain.text import Text

Reason = Literal[
    "title",
    "header",
    "heading",
    "blank",
    "total",
    "subtotal",
    "ward",
    "northern",
    "note",
    "other",
    "outside",
]

REASONS: Final[dict[Reason, Text]] = {
    "title": Text("title lines", "表題"),
    "header": Text("the header", "見出し行"),
    "heading": Text("repeated headings", "繰り返しの見出し"),
    "blank": Text("blank rows", "空白行"),
    "total": Text("total rows", "合計行"),
    "subtotal": Text("county or island subtotals", "郡・島などの小計"),
    "ward": Text("wards of designated cities", "指定都市の区"),
    "northern": Text("villages of the Northern Territories", "北方領土の村"),
    "note": Text("notes and headings", "注記・見出し"),
    "other": Text("rows of others that are not in the register", "団体一覧にない行"),
    "outside": Text("outside lists and budgets", "一覧・予算の外の行"),
}

_UNSAID: Final = frozenset({"title", "header", "blank", "outside"})
"""What nobody asks for in a note: it holds no figure that could be missed."""

_FEW: Final = 20
"""So many rows are named by their lines."""

_SCHEMA: Final = pl.Schema({"line": pl.Int64, "reason": pl.String, "text": pl.String})
_LONGEST: Final = 200


class LeftOut(NamedTuple):
    """One row that was left out: where it stands, why, and what is written there."""

    line: int
    reason: Reason
    text: str


class UnbalancedError(AssertionError):
    """A row of the input is neither taken nor left out, or both: a fault of our own."""


@dataclass
class Ledger:
    """The rows of one table or list that were left out; `rows_in` are all that it has.

    Rows are added as they are met. `balance` proves at the end that none was lost.
    """

    rows_in: int = 0
    _frames: list[pl.DataFrame] = field(default_factory=list)
    _rows: list[LeftOut] = field(default_factory=list)

    def leave_out(self, line: int, reason: Reason, cells: Iterable[str]) -> None:
        """Note one row."""
        self._rows.append(LeftOut(line, reason, joined(cells)))

    def leave_out_all(self, reason: Reason, lines: pl.Series) -> None:
        """Note many rows with nothing in them."""
        if len(lines):
            frame = lines.cast(pl.Int64).alias("line").to_frame()
            self._frames.append(frame.select("line", reason=pl.lit(reason), text=pl.lit("")))

    def add(self, other: Ledger) -> None:
        """Take over what another ledger of the same table has, also how many rows there are."""
        self.rows_in += other.rows_in
        self._frames += other._frames
        self._rows += other._rows

    @property
    def frame(self) -> pl.DataFrame:
        """All of them: line, reason, text, in the order of the input."""
        rows = pl.DataFrame(self._rows, schema=_SCHEMA, orient="row")
        return pl.concat([rows, *self._frames]).sort("line", maintain_order=True)

    def __len__(self) -> int:
        """How many rows were left out."""
        return len(self._rows) + sum(len(frame) for frame in self._frames)

    def __iter__(self) -> Iterator[LeftOut]:
        """Yield them in the order of the input."""
        for line, reason, text in self.frame.iter_rows():
            yield LeftOut(line, reason, text)

    def counts(self) -> dict[Reason, int]:
        """Return how many rows were left out for each reason, in the order they came up."""
        found: dict[Reason, int] = {}
        for row in self._rows:
            found[row.reason] = found.get(row.reason, 0) + 1
        for frame in self._frames:
            reason: Reason = frame["reason"][0]
            found[reason] = found.get(reason, 0) + len(frame)
        return found

    def as_dict(self, taken: int, places: Mapping[int, str]) -> dict[str, Any]:
        """Return how many rows there are, how many were taken, and the others one by one.

        A row's line is its number in the file, or its place (page, sheet) where `places` has one.
        """
        return {
            "rows_in": self.rows_in,
            "rows_taken": taken,
            "left_out": [
                {"line": places.get(each.line, each.line), "reason": each.reason, "text": each.text}
                for each in self
            ],
        }

    def balance(self, taken: int) -> None:
        """Prove that rows in = rows taken + rows left out.

        Raises:
            UnbalancedError: they are not.
        """
        if taken + len(self) != self.rows_in:
            raise UnbalancedError(
                f"{self.rows_in} rows in, {taken} taken, {len(self)} left out: {self.counts()}"
            )

    def text(self, besides: Collection[Reason] = ()) -> Text | None:
        """Return how many rows were left out and why, None where there is nothing to say.

        `besides` are reasons that are said elsewhere.
        """
        counts = {
            reason: count
            for reason, count in self.counts().items()
            if reason not in _UNSAID and reason not in besides
        }
        if not counts:
            return None
        parts = [(REASONS[reason], count) for reason, count in counts.items()]
        where = self._lines(counts)
        return Text(
            "rows left out: " + ", ".join(f"{count} {why.en}" for why, count in parts) + where.en,
            "除いた行: " + "、".join(f"{why.ja} {count}" for why, count in parts) + where.ja,
        )

    def _lines(self, reasons: Collection[Reason]) -> Text:
        """Return the lines of rows that may be anybody's, where they are few; sums are not."""
        lines = [row.line for row in self._rows if row.reason in reasons and row.reason != "total"]
        if not 0 < len(lines) <= _FEW:
            return Text("", "")
        return Text(f" (lines {ranges(lines)})", f"({ranges(lines)} 行目)")


@dataclass
class Mended:
    """What was read otherwise than it was written."""

    remarks: dict[str, list[int]] = field(default_factory=dict)
    named: list[Text] = field(default_factory=list)

    def texts(self, ledger: Ledger, besides: Collection[Reason] = ()) -> tuple[Text, ...]:
        """Return everything that was mended, and how many rows were left out and why."""
        found = [_REMARKS[kind](ranges(lines), len(lines)) for kind, lines in self.remarks.items()]
        left = ledger.text(besides)
        return (*self.named, *found, *([left] if left else []))

    def note(self, kind: str, line: int) -> None:
        """Note that a cell on `line` was mended."""
        self.remarks.setdefault(kind, []).append(line)


_REMARKS: Final = {
    "code": lambda lines, count: Text(
        f"codes completed to six digits: {count} (lines {lines})",
        f"6桁に補った団体コード: {count} 件({lines} 行目)",
    ),
    "none": lambda lines, count: Text(
        f"codes that are none, kept as written: {count} (lines {lines})",
        f"団体コードとして読めず、記載のまま残したもの: {count} 件({lines} 行目)",
    ),
    "sign": lambda lines, count: Text(
        f"codes read without quotes and hyphens: {count} (lines {lines})",
        f"引用符・ハイフンを除いて読んだ団体コード: {count} 件({lines} 行目)",
    ),
    "number": lambda lines, count: Text(
        f"figures read without width, signs or units: {count} (lines {lines})",
        f"全角・記号・単位を整えて読んだ数値: {count} 件({lines} 行目)",
    ),
}


def joined(cells: Iterable[str]) -> str:
    """Return what a row holds as one line of text, shortened where it is long."""
    text = " | ".join(cell for cell in cells if cell)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def ranges(lines: Iterable[int]) -> str:
    """Return line numbers shortened to ranges: 2-5, 9."""
    parts: list[list[int]] = []
    for line in sorted(lines):
        if parts and line == parts[-1][1] + 1:
            parts[-1][1] = line
        else:
            parts.append([line, line])
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)
