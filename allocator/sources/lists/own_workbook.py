"""allocation.xlsx read back: its lists by their defined names, held against its other sheets.

A workbook that somebody saved again, or changed, is read by what its cells hold. Where its sheets
have different amounts for a programme, each is a list of its own: nobody can tell which is meant.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import polars as pl

from allocator.domain.errors import Problem, refuse
from allocator.domain.schemas import LISTED
from allocator.domain.text import Text
from allocator.files.source import Source
from allocator.sources.lists.own_sheets import (
    View,
    calculated,
    everywhere_in,
    ledger_of,
    place_of,
    printed_in,
)
from allocator.sources.lists.table import PublishedList
from allocator.sources.lists.workbook_names import AS_WRITTEN, Book, book_of
from allocator.sources.tables.faults import raise_all
from allocator.sources.tables.header import Grid
from allocator.sources.tables.ledger import ranges

_SHEETS: Final = frozenset({"総括", "市区町村別", "算定内訳書", "検算", "来歴"})
"""What every workbook of ours has, besides the sheets of its programmes."""

_CALCULATION: Final = re.compile(r"算定[0-9]+(?![0-9-])")
"""The sheet of a programme; 算定2-1 is that of a part, which is no list by itself."""


def lists_of_workbook(source: Source, grids: Sequence[Grid]) -> list[PublishedList] | None:
    """Return the lists of an allocation.xlsx, by its sheets; None where the file is another.

    Raises:
        InputError: it is one, but has no amounts, or cells that cannot be read.
    """
    if source.kind not in ("xlsx", "xls"):
        return None
    file = source.path
    sheets = {grid.sheet: grid for grid in grids}
    book = book_of(source) if source.kind == "xlsx" else Book()  # names are read of .xlsx alone
    if book is None or not (book.programmes or sheets.keys() >= _SHEETS):
        return None
    if not book.programmes:
        raise refuse(
            str(file),
            Text(
                "a workbook as `allocator run` writes it, but the names of its cells are gone, or "
                "no programme of it was computed",
                "allocator の allocation.xlsx ですが、セルの名前が失われているか、"
                "算定された事業がありません",
            ),
            AS_WRITTEN,
            code="missing_names",
        )
    main = {each: calculated(file, sheets, book, each) for each in book.programmes}
    _refuse_nameless(file, sheets, {view.sheet for view in main.values()})
    order = {name: place for place, name in enumerate(sheets)}
    found: list[PublishedList] = []
    for programme, view in sorted(main.items(), key=lambda item: order[item[1].sheet]):
        for one, remarks in _views(file, view, sheets):
            found.append(_listed(source, programme, one, remarks, sheets[one.sheet]))
    return found


def _refuse_nameless(file: Path, sheets: Iterable[str], named: Collection[str]) -> None:
    """Refuse a sheet 算定2 whose cells have lost their names: its programme would be missing.

    Raises:
        InputError: there is one.
    """
    raise_all(
        Problem(
            f"{file}: sheet {name}",
            Text(
                "the names of this programme's cells are gone from the workbook",
                "このシートの事業のセルの名前が、ブックから失われています",
            ),
            AS_WRITTEN,
            code="missing_names",
        )
        for name in sheets
        if _CALCULATION.match(name) and name not in named
    )


def _views(
    file: Path, view: View, sheets: Mapping[str, Grid]
) -> Iterator[tuple[View, tuple[Text, ...]]]:
    """Yield a programme with what is to be said of it, and once more each sheet that differs."""
    printed = printed_in(file, view, sheets)
    if printed is None:
        text = Text(
            f"no sheet in the layout of the list was found; read from sheet {view.sheet}",
            f"一覧のシートがないため、シート「{view.sheet}」から読取り",
        )
        yield view, (text,)
    elif printed.amounts == view.amounts:
        # Names and codes of the one, title and 合計 of the other; or a 合計 that is wrong.
        declared = view.declared
        if view.is_right and printed.declared is not None:
            declared = (printed.declared[0], None)
        yield replace(view, title=printed.title, declared=declared), _left_out(printed)
    else:
        yield view, ()
        yield printed, (_differs(printed, view), *_left_out(printed))
    everywhere = everywhere_in(file, view, sheets)
    if everywhere is not None and everywhere.amounts != view.amounts:
        yield everywhere, (_differs(everywhere, view),)


def _differs(other: View, view: View) -> Text:
    return Text(
        f"sheet {other.sheet} has other amounts than sheet {view.sheet}",
        f"シート「{other.sheet}」の金額がシート「{view.sheet}」と異なる",
    )


def _left_out(view: View) -> tuple[Text, ...]:
    if not view.notes:
        return ()
    lines = ranges(view.notes)
    note = Text(
        f"sheet {view.sheet}: {len(view.notes)} rows without an amount left out (rows {lines})",
        f"シート「{view.sheet}」の金額のない行を除外 {len(view.notes)} 件({lines} 行目)",
    )
    return (note,)


def _listed(
    source: Source, programme: str, view: View, remarks: tuple[Text, ...], sheet: Grid
) -> PublishedList:
    from allocator.sources.tables.words import year_in

    total, line = view.declared or (None, None)
    return PublishedList(
        source.path,
        pl.DataFrame(view.rows, schema=LISTED, orient="row"),
        total,
        view.title,
        line,
        view.prints,
        programme=programme,
        heading_year=year_in(view.title),
        places={row: place_of(view.sheet, row) for row in range(1, len(sheet.rows) + 1)},
        remarks=remarks,
        left_out=ledger_of(view, sheet),
        source=source,
        sheet=view.sheet,
    )
