"""Titles and declared totals that stand in papers, and were not read as those of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from allocator.sources.lists.headings import Above
from allocator.sources.lists.running import RunningList
from allocator.sources.tables.words import programme_of


def say_lost_titles(lists: Sequence[RunningList], titles: Sequence[tuple[int, str, int]]) -> None:
    """Note titles whose list was not found, beside the list above (or the first one).

    A title comes with the number of lists above it, and its line.
    """
    read = [each for each in lists if each.rows]
    known = {programme_of(each.above.title, each.above.heading) for each in read}
    for count, title, number in titles:
        programme = programme_of(title)
        if read and programme and programme not in known:
            above = [each for each in lists[:count] if each.rows] or read[:1]
            above[-1].lost.append((title, number))
            known.add(programme)


def settle_totals(read: Sequence[RunningList], declared: Sequence[Above]) -> None:
    """Give the only list the only total that is declared, wherever it stands; note all others.

    A total that stands above no list is noted beside the list above it (or the first one), unless
    that one has the same.
    """
    taken = {each.above.declared_line for each in read}
    free = [each for each in declared if each.declared_line not in taken]
    if len(read) == len(free) == 1 and read[0].above.declared_total is None:
        total = free[0].of_list(read[0].unit)
        read[0].above = replace(
            read[0].above, declared_total=total.declared_total, declared_line=total.declared_line
        )
        return
    for total in free if read else ():
        line = total.declared_line or 0
        above = [each for each in read if each.headings[0] < line] or read[:1]
        beside = above[-1]
        if total.of_list(beside.unit).declared_total != beside.above.declared_total:
            beside.unclaimed.append(line)
