"""What a list was read as otherwise than it is printed, for the reader to know."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from allocator.domain.text import Text, listed
from allocator.sources.documents.running import RunningList
from allocator.sources.listed_codes import ListedCodes
from allocator.sources.lists import unit_remark


def remarks(read: RunningList, codes: ListedCodes, place: Callable[[int], str]) -> Iterator[Text]:
    """Say what of a list was read otherwise than it is printed; `place` tells where lines stand."""
    if (converted := unit_remark(read.unit)) is not None:
        yield converted
    if codes.completed:
        yield Text(
            f"codes completed to six digits: {len(codes.completed):,}",
            f"6桁に補った団体コード: {len(codes.completed):,} 件",
        )
    if codes.malformed:
        where = listed([place(number) for number in codes.malformed])
        count = len(codes.malformed)
        yield Text(
            f"codes that are none, kept as written: {count:,} ({where.en})",
            f"団体コードとして読めず、記載のまま残したもの: {count:,} 件({where.ja})",
        )
    if read.strays:
        where = listed([place(number) for number in read.strays])
        yield Text(
            f"lines that look like rows of the list, left out: {len(read.strays):,} ({where.en})",
            f"一覧の行に見えるが除いた行: {len(read.strays):,} 行({where.ja})",
        )
    for title, number in read.lost:
        yield Text(
            f"another list has a title, but no rows were found: {title} ({place(number)})",
            f"表題だけで行が見つからない一覧があります: {title}({place(number)})",
        )
    if read.subtotals:
        yield Text(
            f"subtotals left out: {len(read.subtotals):,}",
            f"除いた小計: {len(read.subtotals):,} 行",
        )
