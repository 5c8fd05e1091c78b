"""Figures cut at their separators into the next column, in rows that are no wider for it."""

from __future__ import annotations

import re
from typing import Final

from allocator.domain.errors import Problem
from allocator.domain.text import Text
from allocator.sources.tables.faults import raise_all
from allocator.sources.tables.opened import TextTable
from allocator.sources.tables.widths import QUOTE_FIGURES

_REMARKS: Final = re.compile("備考|摘要|注記|注$|コメント|note|remark", re.IGNORECASE)


def refuse_cut_figures(table: TextTable, column: str) -> None:
    """Refuse figures that look cut at their separators into the column to the right.

    That column has nothing but three digits, each beside a figure of three digits at the most; and
    it is empty in other rows, or for remarks. Such rows are no wider than others.

    Raises:
        InputError: names the rows.
    """
    at = table.columns.index(column) + 1
    if at >= len(table.columns):
        return
    name = table.columns[at]
    left, right = table.frame[column], table.frame[name]
    cut = right.str.contains(r"^[0-9]{3}$") & left.str.contains(r"^-?[1-9][0-9]{0,2}$")
    if not cut.any() or (cut != (right != "")).any():
        return
    if cut.all() and not _REMARKS.search(name):
        return
    raise_all(
        Problem(
            table.where(line, column),
            Text(
                f"{one},{other}: a figure with unquoted separators? (the row goes on below {name})",
                f"{one},{other}: 桁区切りが引用符で囲まれていない可能性があります"
                f"({name} の列に続いています)",
            ),
            QUOTE_FIGURES,
            code="cut_figure",
        )
        for line, one, other in table.frame.filter(cut).select("line", column, name).iter_rows()
    )
