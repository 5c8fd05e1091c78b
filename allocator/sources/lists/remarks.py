"""What of a list was read otherwise than it is printed, and which of its lines were left out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import polars as pl

from allocator.domain.places import place_text
from allocator.domain.text import Text, listed
from allocator.sources.lists.listed_codes import ListedCodes
from allocator.sources.lists.running import RunningList
from allocator.sources.lists.table import unit_remark
from allocator.sources.reading.document import Document
from allocator.sources.tables.ledger import Ledger, Reason


def remarks(read: RunningList, codes: ListedCodes, place: Callable[[int], str]) -> Iterator[Text]:
    """Say what of a list was read otherwise than it is printed; `place` tells where lines stand.

    Sums have a place of their own: they are compared with the rows.
    """
    if (converted := unit_remark(read.unit)) is not None:
        yield converted
    if codes.completed:
        where = _places(codes.completed, place)
        count = len(codes.completed)
        yield Text(
            f"codes completed to six digits: {count:,} ({where.en})",
            f"6桁に補った団体コード: {count:,} 件({where.ja})",
        )
    if codes.malformed:
        where = _places(codes.malformed, place)
        count = len(codes.malformed)
        yield Text(
            f"codes that are none, kept as written: {count:,} ({where.en})",
            f"団体コードとして読めず、記載のまま残したもの: {count:,} 件({where.ja})",
        )
    if read.strays:
        where = _places(read.strays, place)
        yield Text(
            f"lines that look like rows of the list, left out: {len(read.strays):,} ({where.en})",
            f"一覧の行に見えるが除いた行: {len(read.strays):,} 行({where.ja})",
        )
    if read.unclaimed:
        where = _places(read.unclaimed, place)
        yield Text(
            f"declared totals that stand above no list, not compared: {len(read.unclaimed)} "
            f"({where.en})",
            f"どの一覧のものか分からず、照合していない総額: {len(read.unclaimed)} 件({where.ja})",
        )
    for title, number in read.lost:
        where = _places([number], place)
        yield Text(
            f"another list has a title, but no rows were found: {title} ({where.en})",
            f"表題だけで行が見つからない一覧があります: {title}({where.ja})",
        )


def ledger_of(read: RunningList, frame: pl.DataFrame, document: Document) -> Ledger:
    """Return the lines of a list's pages that are none of its rows."""
    taken = set(frame["line"])
    ledger = Ledger(len(frame))
    others: dict[int, Reason] = dict.fromkeys(read.strays, "note")
    others |= dict.fromkeys(read.headings[1:], "heading")
    others |= dict.fromkeys(read.headings[:1], "header")
    others |= {row.line: "subtotal" for row, _ in read.subtotals}
    others |= {read.total[1]: "total"} if read.total else {}
    for line, reason in sorted(others.items()):
        if line not in taken:
            ledger.rows_in += 1
            ledger.leave_out(line, reason, document.lines[line - 1].cells)
    return ledger


def _places(numbers: Sequence[int], place: Callable[[int], str]) -> Text:
    """Return where lines stand, as people read it."""
    places = [place_text(place(number)) for number in numbers]
    return Text(listed([each.en for each in places]).en, listed([each.ja for each in places]).ja)
