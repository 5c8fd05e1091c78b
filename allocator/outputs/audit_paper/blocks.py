"""The blocks that a working paper is made of: built once, written as HTML, Markdown and sheets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "code", "yen", "mark", "blank", "hash"]
"""What a column holds; codes stay text, amounts are whole yen, blanks are filled in by hand."""

Cell = str | int | None


@dataclass(frozen=True)
class Column:
    """A column of a table. `width` is in half-width characters, for paper and sheets."""

    key: str
    head: str
    kind: Kind
    width: int


@dataclass(frozen=True)
class Row:
    """A row of a table; one that hangs `below` another tells a part of it, a `sum` adds up."""

    cells: tuple[Cell, ...]
    below: bool = False
    sum: bool = False


@dataclass(frozen=True)
class Facts:
    """Names with their values."""

    heading: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Items:
    """Statements, one below the other; `brief` ones may stand side by side."""

    heading: str
    items: tuple[str, ...]
    brief: bool = False


@dataclass(frozen=True)
class Table:
    """A table; `name` says which one it is, `note` stands under its heading."""

    name: str
    heading: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    note: str = ""


Block = Facts | Items | Table


@dataclass(frozen=True)
class Section:
    """What is said of one list: what was done and found, then `findings` and the rows left out.

    `severity` is the worst of its findings: error, warning or none. `findings` are tables of errors
    and of warnings, those that there are; each has some of the paper's columns. `mark` says which
    list it is in the fewest words, where there are several.
    """

    mark: str
    name: str
    verdict: str
    severity: Literal["error", "warning", "none"]
    blocks: tuple[Block, ...]
    findings: tuple[Table, ...]
    left_out: Table


@dataclass(frozen=True)
class Paper:
    """A working paper: what concerns all of it, then a section for each list.

    `columns` are all that its tables of findings can have.
    """

    title: str
    blocks: tuple[Block, ...]
    sections: tuple[Section, ...]
    columns: tuple[Column, ...]
