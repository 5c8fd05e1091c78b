"""The budget lines that totals are made of, from the tables of a budget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Final

from allocator.domain.text import Text
from allocator.domain.yen import group
from allocator.sources.budgets.columns import columns
from allocator.sources.budgets.form7 import form7_lines
from allocator.sources.budgets.tables import BudgetTable, Stage, TableRow
from allocator.sources.documents.results import BudgetLine
from allocator.sources.reading.document import Place
from allocator.sources.tables.words import Item, steady, words

ALL: Final = "all"
_SUMS: Final = frozenset({"合計", "計"})
_MOST_DOUBLES: Final = 12


@dataclass(frozen=True)
class _Amount:
    """An amount (thousand yen) as read, and where else the same was found."""

    amount: int
    place: Place
    also: tuple[Place, ...] = ()


@dataclass
class _Read:
    """What one form says of one item, by business; and what is to be remarked about it."""

    amounts: dict[str, _Amount] = field(default_factory=dict)
    remarks: list[Text] = field(default_factory=list)
    untold: list[Text] = field(default_factory=list)
    """Remarks that fall away where another table says what this one doesn't."""


def budget_lines(
    tables: Sequence[BudgetTable], stage: Stage
) -> tuple[list[BudgetLine], list[Text]]:
    """Return the lines of one budget that are looked for, and remarks on what is doubtful.

    Amounts are those after the supplement, in thousand yen. Columns are told by their headings
    where these can be told; else amounts by their order, for items that only certain businesses
    have, and only where they add up to the total beside them. What cannot be told is left out,
    and a remark says so.
    """
    own = [table for table in tables if table.stage == stage and table.thousands]
    lines: list[BudgetLine] = []
    remarks: list[Text] = []
    for item in words().items:
        read = _item(own, item)
        remarks += read.remarks
        lines += _lines(stage, item, read)
    found, more = form7_lines(own, stage)
    remarks += [*_unbalanced(own), *more]
    return _in_order(lines) + found, remarks


def _in_order(lines: list[BudgetLine]) -> list[BudgetLine]:
    """Sort lines by item, then as the businesses are asked for: revenue of all four, then sums."""
    items = list(dict.fromkeys(line.kind for line in lines))
    order = [business.id for business in words().businesses]
    return sorted(lines, key=lambda line: (items.index(line.kind), order.index(line.column)))


def _lines(stage: Stage, item: Item, read: _Read) -> Iterator[BudgetLine]:
    names = {business.id: business.name for business in words().businesses}
    title = next(form.title for form in words().forms if form.id == item.form)
    for business in item.businesses:
        found = read.amounts.get(business)
        if found is not None:
            yield BudgetLine(
                id=f"{stage.prefix}-{business}-{item.id}",
                stage=stage,
                table=title,
                business=names[business],
                item=item.name,
                amount=found.amount,
                place=found.place,
                also=found.also,
                kind=item.id,
                column=business,
            )


def _item(tables: Sequence[BudgetTable], item: Item) -> _Read:
    """Read an item from the table of all businesses, and compare with all others that have it."""
    read = _Read()
    of_form = [table for table in tables if table.form == item.form and table.is_by_business]
    whole = [table for table in of_form if not table.below]
    for table in whole:
        row = table.row(item.name)
        if row is not None:
            _merge(read, item, _from_row(table, row, item))
    for table in of_form:
        if table.below and (row := table.row(item.name)):
            _merge(read, item, _from_part(table, row))
    _compare_whole(read, tables, item)
    if any(business not in read.amounts for business in item.businesses):
        read.remarks += read.untold
    return read


def _merge(read: _Read, item: Item, other: _Read) -> None:
    read.untold += other.untold
    for business, found in other.amounts.items():
        before = read.amounts.get(business)
        if before is None:
            read.amounts[business] = found
        elif before.amount == found.amount:
            also = (*before.also, found.place)
            read.amounts[business] = _Amount(before.amount, before.place, also)
        else:
            read.remarks.append(_differ(item, business, before, found))


def _from_row(table: BudgetTable, row: TableRow, item: Item) -> _Read:
    found = _by_columns(table, row, item)
    if found is None and item.only and steady(table.headings[-1]) in _SUMS:
        found = _by_order(row, item)
    if found is None:
        untold = Text(
            f"{row.place}: whose the amounts of {item.name} are cannot be told: the columns' "
            "headings are scrambled, or the amounts don't add up; left out",
            f"{row.place}: 列見出しが崩れているか合計が合わないため、{item.name}の各金額が"
            "どの事業のものか判別できません。除きました",
        )
        return _Read(untold=[untold])
    return found


def _by_columns(table: BudgetTable, row: TableRow, item: Item) -> _Read | None:
    """Read the amounts under their headings, where every row has one figure for each heading."""
    width = len(table.headings)
    if not all(table.headings) or any(len(each.filled) != width for each in table.rows):
        return None
    told = columns(table.headings)
    wanted = {*item.businesses, ALL}
    if wanted & told.doubtful:
        return None
    total_place = told.places[ALL]
    figures = row.filled
    total = figures[total_place]
    added = sum(figures) - total
    if added != total:
        return None
    amounts = {business: _Amount(figures[told.places[business]], row.place) for business in wanted}
    return _Read(amounts)


def _by_order(row: TableRow, item: Item) -> _Read | None:
    """Read the amounts in the order of the businesses that have such income, and no others do.

    Noughts and amounts that stand twice side by side are what scrambling leaves; the amounts that
    remain have to be as many as the businesses and add up to the last figure, in one way only.
    """
    *figures, total = row.filled
    amounts = [figure for figure in figures if figure]
    twice = [at for at in range(1, len(amounts)) if amounts[at] == amounts[at - 1]]
    spare = len(amounts) - len(item.only)
    if spare < 0 or len(twice) > _MOST_DOUBLES:
        return None
    found = {
        tuple(amount for at, amount in enumerate(amounts) if at not in left_out)
        for left_out in combinations(twice, spare)
    }
    fitting = [amounts for amounts in found if sum(amounts) == total]
    if len(fitting) != 1:
        return None
    told = dict(zip(item.only, fitting[0], strict=True))
    return _Read(
        {name: _Amount(amount, row.place) for name, amount in {**told, ALL: total}.items()}
    )


def _from_part(table: BudgetTable, row: TableRow) -> _Read:
    """Read a table of some businesses, with columns before and after the supplement for each."""
    if len(row.figures) != len(table.below):
        return _Read()
    places = [place for place, heading in enumerate(table.headings) if heading]
    told = columns([table.headings[place] for place in places])
    ends = [*places[1:], len(table.below)]
    amounts: dict[str, _Amount] = {}
    for business, at in told.places.items():
        if business in told.doubtful:
            continue
        for place in range(places[at], ends[at]):
            figure = row.figures[place]
            if figure is not None and table.after_supplement(place):
                amounts[business] = _Amount(figure, row.place)
    return _Read(amounts)


def _compare_whole(read: _Read, tables: Sequence[BudgetTable], item: Item) -> None:
    """Compare the sum over all businesses with the table that doesn't tell them apart."""
    found = read.amounts.get(ALL)
    if found is None:
        return
    for table in tables:
        if table.is_by_business or table.form != item.form or table.is_form7:
            continue
        row = table.row(item.name)
        if row is None or len(row.figures) != len(table.headings):
            continue
        places = range(len(row.figures))
        last = [place for place in places if len(row.figures) == 1 or _is_after(table, place)]
        for figure in (row.figures[place] for place in last):
            if figure is not None and figure != found.amount:
                other = _Amount(figure, row.place)
                read.remarks.append(_differ(item, ALL, found, other))


def _is_after(table: BudgetTable, place: int) -> bool:
    headings = BudgetTable(table.stage, "", True, table.headings, table.place, below=table.headings)
    return headings.after_supplement(place)


def _unbalanced(tables: Sequence[BudgetTable]) -> Iterator[Text]:
    """Remark on columns that don't add up to their own sum, lost minus signs put back."""
    for form in (form for form in words().forms if form.sum):
        for table in tables:
            told = columns(table.headings)
            if table.form != form.id or table.below or not table.is_by_business:
                continue
            end = next((at for at, row in enumerate(table.rows) if row.label == form.sum), None)
            if end is None or any(len(row.filled) != len(table.headings) for row in table.rows):
                continue
            for business, place in told.places.items():
                if business in told.doubtful:
                    continue
                added = sum(
                    -abs(row.filled[place]) if row.label in form.subtracted else row.filled[place]
                    for row in table.rows[:end]
                )
                total = table.rows[end].filled[place]
                if added != total:
                    yield _column_off(table.rows[end], business, added, total)


def _column_off(row: TableRow, business: str, added: int, total: int) -> Text:
    name = next(each.name for each in words().businesses if each.id == business)
    return Text(
        f"{row.place}: the column {name} says {group(total)}, its rows add up to {group(added)}",
        f"{row.place}: {name}の列の合計は {group(total)} ですが、各行の計は {group(added)} です",
    )


def _differ(item: Item, business: str, one: _Amount, other: _Amount) -> Text:
    name = next(each.name for each in words().businesses if each.id == business)
    return Text(
        f"{item.name}, {name}: {group(one.amount)} ({one.place}) is taken, but "
        f"{other.place} says {group(other.amount)}",
        f"{item.name}({name}): {group(one.amount)}({one.place})を採りましたが、"
        f"{other.place} では {group(other.amount)} です",
    )
