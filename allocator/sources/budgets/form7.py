"""Form 7 (様式第7号): advances received, by purpose."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from allocator.domain.text import Text
from allocator.domain.yen import group
from allocator.sources.budgets.tables import BudgetTable, Stage, TableRow
from allocator.sources.documents.results import BudgetLine
from allocator.sources.tables.words import plain, words

_TOTALS = frozenset({"合計", "計"})
_BRACKETS = str.maketrans({"(": "（", ")": "）"})


def form7_lines(tables: Sequence[BudgetTable], stage: Stage) -> tuple[list[BudgetLine], list[Text]]:
    """Return the lines of the fullest form 7 of a budget, and remarks on what disagrees.

    A supplementary budget prints the purposes that it changes, and all of them once more beside
    the whole budget; purposes that stand in both have to agree.
    """
    forms = [table for table in tables if table.is_form7]
    if not forms:
        return [], []
    fullest = max(forms, key=lambda table: len(table.rows))
    amounts = _amounts(fullest)
    lines: list[BudgetLine] = []
    unknown = 0
    for row, amount in amounts:
        name = _printed(row.cells[0])
        identifier = _identifier(row)
        if not identifier:
            unknown += 1
            identifier = f"other-{unknown}"
        same = [
            other.place
            for table in forms
            if table is not fullest
            for other, figure in _amounts(table)
            if other.label == row.label and figure == amount
        ]
        lines.append(
            BudgetLine(
                id=f"{stage.prefix}-form7-{identifier}",
                stage=stage,
                table=words().form7.title,
                business="",
                item=name,
                amount=amount,
                place=row.place,
                also=tuple(same),
                kind="form7",
                column=identifier,
            )
        )
    return lines, [*_disagreeing(fullest, forms), *_off(amounts)]


def _amounts(table: BudgetTable) -> list[tuple[TableRow, int]]:
    place = [plain(heading) for heading in table.headings].index(words().form7.column)
    found = []
    for row in table.rows:
        figure = row.figures[place] if place < len(row.figures) else None
        if figure is not None:
            found.append((row, figure))
    return found


def _identifier(row: TableRow) -> str:
    if row.label in _TOTALS:
        return "total"
    for identifier, name in words().form7.purposes:
        if row.label.startswith(name):
            return identifier
    return ""


def _printed(text: str) -> str:
    """Return a purpose without blanks, letters and figures plain, brackets wide."""
    compact = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    return compact.translate(_BRACKETS)


def _disagreeing(fullest: BudgetTable, forms: Sequence[BudgetTable]) -> list[Text]:
    known = {row.label: (row, amount) for row, amount in _amounts(fullest)}
    remarks = []
    for table in forms:
        for row, amount in _amounts(table):
            one = known.get(row.label)
            if one is None or row.label in _TOTALS or one[1] == amount:
                continue
            name = _printed(row.cells[0])
            remarks.append(
                Text(
                    f"{name}: {group(one[1])} ({one[0].place}) is taken, but {row.place} says "
                    f"{group(amount)}",
                    f"{name}: {group(one[1])}({one[0].place})を採りましたが、{row.place} では "
                    f"{group(amount)} です",
                )
            )
    return remarks


def _off(amounts: Sequence[tuple[TableRow, int]]) -> list[Text]:
    total = next(((row, amount) for row, amount in amounts if row.label in _TOTALS), None)
    added = sum(amount for row, amount in amounts if row.label not in _TOTALS)
    if total is None or total[1] == added:
        return []
    return [
        Text(
            f"{total[0].place}: 合計 says {group(total[1])}, the rows add up to {group(added)}",
            f"{total[0].place}: 合計は {group(total[1])} ですが、各行の計は {group(added)} です",
        )
    ]
