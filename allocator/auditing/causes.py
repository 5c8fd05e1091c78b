"""One cause behind many wrong amounts: another unit, rounding, a shift, another list.

A cause needs clear evidence: it explains at least nine in ten of the wrong amounts (of few, all but
three), at least five of them, and more than any rival. What it leaves is explained row by row
(`reasons`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np

from allocator.auditing.reasons import UNKNOWN, Column, Knowledge, runs
from allocator.domain.text import Text
from allocator.domain.yen import group
from allocator.engine.exact import Ints

FEWEST: Final = 5
"""So many wrong amounts are the least that can have one cause."""

_MOST_BESIDE: Final = 3
"""So many wrong amounts may have other reasons, where they are a quarter of all at most."""

_FARTHEST: Final = 5
"""By so many rows at most are amounts taken to be shifted."""

_UNITS: Final = (10, 100, 1_000, 10_000, 100_000, 1_000_000)
_SCALES: Final = (
    ("thousand_yen", 1_000, Text("thousand yen", "千円")),
    ("million_yen", 1_000_000, Text("million yen", "百万円")),
)


@dataclass(frozen=True)
class Cause:
    """Why many amounts are wrong. `rows` are those (their positions) that it explains.

    `word` is the reason for scripts; `text` says it, `of` how many wrong amounts there are in all.
    `total` turns the expected total into those that a list with this fault may declare; `amounts`
    are those of the other list that this one is, where it is one.
    """

    word: str
    text: Text
    rows: frozenset[int]
    of: int
    total: Callable[[int], tuple[int, ...]] = lambda _: ()
    amounts: Mapping[str, int] | None = None


@dataclass(frozen=True)
class _Candidate:
    """What a list would say with one fault throughout: an amount for each of the wrong rows.

    `step` says by how many rows the amounts are shifted, if they are.
    """

    word: str
    text: Text
    amounts: Ints
    total: Callable[[int], tuple[int, ...]] = lambda _: ()
    of_list: Mapping[str, int] | None = None
    step: int = 0


def causes(column: Column, knowledge: Knowledge) -> list[Cause]:
    """Return the causes that stand behind many of a list's wrong amounts; mostly none."""
    wrong = np.flatnonzero(column.published != column.expected)
    if len(wrong) < FEWEST:
        return []
    for candidates in (_arithmetic, _shifts, partial(_others, knowledge=knowledge)):
        best: Cause | None = None
        for each in candidates(column, wrong):
            cause = _cause(column, wrong, each)
            if cause is not None and (best is None or len(cause.rows) > len(best.rows)):
                best = cause
        if best is not None:
            return [best]
    return _runs(column, wrong)


def _cause(column: Column, wrong: Ints, candidate: _Candidate) -> Cause | None:
    """Return a cause where a candidate explains enough."""
    fits = wrong[column.published[wrong] == candidate.amounts]
    if not _enough(len(fits), len(wrong)):
        return None
    rows = frozenset(fits.tolist())
    text = candidate.text
    if candidate.step:
        if not _enough(len(fits), len(fits) + _unmoved(column, fits, candidate.step)):
            return None
        rows |= _gone_round(column, wrong, rows)
        text = _span(column, rows, text)
    return Cause(candidate.word, text, rows, len(wrong), candidate.total, candidate.of_list)


def _enough(explained: int, wrong: int) -> bool:
    """Tell whether a cause explains enough of the wrong amounts."""
    rest = wrong - explained
    few = rest <= _MOST_BESIDE and 4 * rest <= wrong
    return explained >= FEWEST and (few or 10 * rest <= wrong)


# -- units and rounding ----------------------------------------------------------------------------

_Divided = Callable[[Ints, int], Ints]


def _down(amounts: Ints, unit: int) -> Ints:
    return amounts // unit


def _up(amounts: Ints, unit: int) -> Ints:
    return -(-amounts // unit)


def _half_up(amounts: Ints, unit: int) -> Ints:
    return (amounts + unit // 2) // unit


_MODES: Final[tuple[tuple[_Divided, Text], ...]] = (
    (_half_up, Text("rounded half up", "四捨五入")),
    (_down, Text("cut", "切捨て")),
    (_up, Text("rounded up", "切上げ")),
)


def _arithmetic(column: Column, wrong: Ints) -> Iterator[_Candidate]:
    """Yield another unit, and rounding to a coarser unit."""
    expected, published = column.expected[wrong], column.published[wrong]
    for word, factor, unit in _SCALES:
        exact = bool((expected % factor == 0).all())
        for divided, mode in _MODES:
            how = Text("", "") if exact else Text(f", {mode.en}", f"({mode.ja})")
            text = Text(
                f"the expected ones divided by {factor:,}{how.en}: the list is in {unit.en}",
                f"あるべき額の{factor:,}分の1{how.ja}です(単位が{unit.ja})",
            )
            total = partial(_scaled, factor=factor)
            yield _Candidate(word, text, divided(expected, factor), total)
        whole = published % factor == 0
        times = np.where(whole, published // factor, UNKNOWN)
        text = Text(
            f"the expected ones times {factor:,}: yen were taken for {unit.en}",
            f"あるべき額の{factor:,}倍です(円を{unit.ja}と取り違え)",
        )
        amounts = np.where(times == expected, published, UNKNOWN)
        yield _Candidate("unit", text, amounts, partial(_multiplied, factor=factor))
    for unit_yen in _UNITS:
        if not _enough(int(np.count_nonzero(published % unit_yen == 0)), len(wrong)):
            break
        for divided, mode in _MODES:
            text = Text(
                f"the expected ones {mode.en} to {group(unit_yen)} yen",
                f"あるべき額を{group(unit_yen)}円単位に{mode.ja}したものです",
            )
            total = partial(_rounded, factor=unit_yen)
            yield _Candidate("rounded", text, divided(expected, unit_yen) * unit_yen, total)


def _scaled(total: int, factor: int) -> tuple[int, ...]:
    return (total // factor, -(-total // factor))


def _multiplied(total: int, factor: int) -> tuple[int, ...]:
    return (total * factor,)


def _rounded(total: int, factor: int) -> tuple[int, ...]:
    return tuple(each * factor for each in _scaled(total, factor))


# -- shifts ----------------------------------------------------------------------------------------


def _shifts(column: Column, wrong: Ints) -> Iterator[_Candidate]:
    """Yield amounts that stand some rows lower or higher: rows of the list, or of the reference.

    Those that fall off one end come in at the other.
    """
    for rows in range(1, _FARTHEST + 1):
        for step in (rows, -rows):
            words = Text("below" if step > 0 else "above", "下" if step > 0 else "上")
            text = Text(
                f"those of the payer {rows} row{'' if rows == 1 else 's'} "
                f"{'above' if step > 0 else 'below'}: the amounts slipped {words.en}",
                f"{rows}行{'上' if step > 0 else '下'}の団体の金額です"
                f"({words.ja}に{rows}行ずれています)",
            )
            published = column.published[wrong]
            near = column.beside(wrong, step)
            due = column.due_beside(wrong, step)
            yield _Candidate("shifted", text, np.where(due == published, due, near), step=step)


def _unmoved(column: Column, rows: Ints, step: int) -> int:
    """Return how many rows between those of a shift kept their amount, and would not have."""
    between = np.arange(rows.min(), rows.max() + 1)
    right = between[column.published[between] == column.expected[between]]
    due = column.expected[right]
    others = (column.beside(right, step), column.due_beside(right, step))
    return int(np.count_nonzero((others[0] != due) & (others[1] != due)))


def _gone_round(column: Column, wrong: Ints, rows: frozenset[int]) -> frozenset[int]:
    """Return the wrong row at the open end of a shift, if it has the amount from the other end."""
    ordered = wrong.tolist()
    first, last = ordered.index(min(rows)), ordered.index(max(rows))
    ends = ((first - 1, (last, last + 1)), (last + 1, (first, first - 1)))
    return frozenset(
        ordered[at]
        for at, others in ends
        if 0 <= at < len(ordered)
        and any(
            column.published[ordered[at]] == column.expected[ordered[other]]
            for other in others
            if 0 <= other < len(ordered) and other != at
        )
    )


def _span(column: Column, rows: frozenset[int], text: Text) -> Text:
    first, last = column.line(min(rows)), column.line(max(rows))
    return Text(f"{text.en}, from {first.en} to {last.en}", f"{text.ja}({first.ja}〜{last.ja})")


def _runs(column: Column, wrong: Ints) -> list[Cause]:
    """Return the longer runs of rows that have their neighbours' amounts, each a cause."""
    found = []
    for run, step in runs(column, wrong.tolist()):
        if len(run) >= FEWEST:
            text = Text(
                f"those of the row {'above' if step > 0 else 'below'}",
                f"1行{'上' if step > 0 else '下'}の団体の金額です",
            )
            rows = frozenset(run)
            found.append(Cause("shifted", _span(column, rows, text), rows, len(run)))
    return found


# -- other lists -----------------------------------------------------------------------------------


def _others(column: Column, wrong: Ints, knowledge: Knowledge) -> Iterator[_Candidate]:
    """Yield what other programmes and years have, and what the rule gives by other dates."""
    codes = [column.codes[at] for at in wrong.tolist()]
    for other in knowledge.others() if knowledge.others else ():
        yield _of_list(other.word, other.label, other.amounts, codes)
    possible = sum(
        knowledge.may_be_dated(code, int(amount))
        for code, amount in zip(codes, column.published[wrong].tolist(), strict=True)
    )
    if knowledge.dated is not None and _enough(possible, len(wrong)):
        for dated in knowledge.dated():
            yield _of_list("other_date", dated.label, dated.amounts, codes)


def _of_list(
    word: str, label: Text, amounts: Mapping[str, int], codes: Sequence[str]
) -> _Candidate:
    text = Text(f"those by the {label.en}", f"{label.ja}による金額です")
    if word != "other_date":
        text = Text(f"those of {label.en}", f"{label.ja}の金額です")
    here = np.array([amounts.get(code, UNKNOWN) for code in codes], dtype=np.int64)
    whole = sum(amounts.values())
    return _Candidate(word, text, here, lambda _: (whole,), amounts)
