"""Why an amount is wrong: whose amount it is instead, which band's, which date's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, NamedTuple

import numpy as np
import polars as pl

from allocator.domain.text import Text, joined
from allocator.engine.exact import Ints
from allocator.words.rule import PAYERS

_FEWEST_OF_A_DATE: Final = 3
"""From so many wrong amounts on, a list as a whole may rest on another date."""

_MOST_PAIRS: Final = 2
"""With more pairs of the same two amounts nobody can tell who changed places with whom."""

UNKNOWN: Final = np.iinfo(np.int64).min
"""No amount: larger in size than any that is read."""


class Reason(NamedTuple):
    """Why one amount is wrong: a word for scripts, a sentence for people."""

    word: str
    text: Text


UNEXPLAINED: Final = Reason("other", Text("", ""))


class Band(NamedTuple):
    """A unit amount (yen) and the value of the measure that it holds from."""

    start: int
    amount: int


@dataclass(frozen=True)
class Bands:
    """The unit amounts that a payer may have, and the measure that decides between them."""

    measure: Text
    prefectures: tuple[Band, ...]
    municipalities: tuple[Band, ...]
    values: Mapping[str, int]
    prefecture_codes: frozenset[str]

    def of(self, code: str) -> tuple[Band, ...]:
        """Return the bands of the group that a payer belongs to."""
        return self.prefectures if code in self.prefecture_codes else self.municipalities

    def other_than(self, code: str) -> tuple[Band, ...]:
        """Return the bands of the other group."""
        return self.municipalities if code in self.prefecture_codes else self.prefectures


@dataclass(frozen=True)
class Dated:
    """What the rule would give with measures of another date: amounts (yen) by code."""

    label: Text
    amounts: Mapping[str, int]


class Other(NamedTuple):
    """Another list that this one may be: a word for scripts, its name, amounts (yen) by code."""

    word: Literal["other_programme", "other_year"]
    label: Text
    amounts: Mapping[str, int]


@dataclass(frozen=True)
class Knowledge:
    """What is known of a programme's rule.

    `dated` computes it for other dates, `others` gives the plan's other programmes and the lists of
    other years; both are called only where that may explain something. `only_bands` says that at
    any date the bands' amounts are all there are.
    """

    bands: Bands | None = None
    dated: Callable[[], Sequence[Dated]] | None = None
    only_bands: bool = False
    others: Callable[[], Sequence[Other]] | None = None

    def may_be_dated(self, code: str, published: int) -> bool:
        """Tell whether a payer's wrong amount may be that of another date."""
        if self.dated is None or self.bands is None or not self.only_bands:
            return self.dated is not None
        return any(band.amount == published for band in self.bands.of(code))


@dataclass(frozen=True)
class Column:
    """The rows of a list that belong to a payer with a known amount, in the list's order.

    `named` returns code and name of a row's payer, `spot` puts into words where a line stands.
    `places` are those of the payers among `due`, the amounts (yen) in the reference's order.
    """

    codes: pl.Series
    named: Callable[[int], str]
    lines: pl.Series
    published: Ints
    expected: Ints
    spot: Callable[[int], Text]
    places: Ints
    due: Ints

    def beside(self, rows: Ints, step: int) -> Ints:
        """Return the expected amounts `step` rows above (below: negative) some rows of the list.

        The last row stands above the first.
        """
        beside: Ints = self.expected[(rows - step) % len(self.expected)]
        return beside

    def due_beside(self, rows: Ints, step: int) -> Ints:
        """Return the same in the reference's order, which a row left out doesn't disturb."""
        beside: Ints = self.due[(self.places[rows] - step) % len(self.due)]
        return beside

    def line(self, at: int) -> Text:
        """Return the words that point to a row."""
        return self.spot(self.lines[at])

    @cached_property
    def _owners(self) -> Mapping[int, Sequence[int]]:
        """The rows to which each of the wrong amounts would belong."""
        wrong = np.unique(self.published[self.published != self.expected])
        owners: dict[int, list[int]] = defaultdict(list)
        belonging = pl.Series(self.expected).is_in(pl.Series(wrong).implode()).to_numpy()
        for at in np.flatnonzero(belonging).tolist():
            owners[int(self.expected[at])].append(at)
        return owners

    def owner(self, at: int) -> int | None:
        """Return the row whose amount a row has: a neighbour's, or the only one that has it."""
        published = self.published[at]
        for neighbour in (at - 1, at + 1):
            if 0 <= neighbour < len(self.codes) and self.expected[neighbour] == published:
                return neighbour
        owners = self._owners.get(int(published), ())
        return owners[0] if len(owners) == 1 else None


def explain(
    column: Column, knowledge: Knowledge, settled: Collection[int] = ()
) -> dict[int, Reason]:
    """Return for every row with a wrong amount (its position in `column`) why it is wrong.

    `settled` are rows that need no reason of their own.
    """
    differing = np.flatnonzero(column.published != column.expected).tolist()
    wrong = [at for at in differing if at not in settled]
    if not wrong:
        return {}
    found = _of_one_date(column, wrong, knowledge)
    for explained in (_shifted, _swapped):
        found |= explained(column, [at for at in wrong if at not in found])
    for at in wrong:
        if at not in found:
            found[at] = _single(column, at, knowledge)
    return found


def _dated(knowledge: Knowledge) -> Sequence[Dated]:
    return () if knowledge.dated is None else knowledge.dated()


def _of_one_date(column: Column, wrong: Sequence[int], knowledge: Knowledge) -> dict[int, Reason]:
    """Find the date that (nearly) the whole list rests on, if it is another than the rule's."""
    if len(wrong) < _FEWEST_OF_A_DATE:
        return {}
    possible = sum(knowledge.may_be_dated(column.codes[at], column.published[at]) for at in wrong)
    if 4 * possible < 3 * len(wrong):
        return {}
    best: tuple[int, Dated] | None = None
    for each in _dated(knowledge):
        amounts = [each.amounts.get(code) for code in column.codes]
        left = sum(one != other for one, other in zip(amounts, column.published, strict=True))
        if 4 * left <= len(wrong) and (best is None or left < best[0]):
            best = left, each
    if best is None:
        return {}
    chosen = best[1]
    return {
        at: _date_reason([chosen])
        for at in wrong
        if chosen.amounts.get(column.codes[at]) == column.published[at]
    }


def _shifted(column: Column, wrong: Sequence[int]) -> dict[int, Reason]:
    """Find runs of rows that all have the amount of the row above, or of the row below."""
    last = len(column.codes) - 1
    found: dict[int, Reason] = {}
    for run, step in runs(column, wrong):
        first, final = column.line(run[0]), column.line(run[-1])
        for at in run:
            neighbour = at - step
            if not 0 <= neighbour <= last or column.expected[neighbour] != column.published[at]:
                neighbour = run[-1] if step == 1 else run[0]
            whose = column.named(neighbour)
            found[at] = Reason(
                "other_place",
                Text(
                    f"it is the amount of {whose}: the amounts from {first.en} to {final.en} are "
                    "shifted by one row",
                    f"{whose} の金額です({first.ja}から{final.ja}まで1行ずれています)",
                ),
            )
    return found


def runs(column: Column, wrong: Sequence[int]) -> list[tuple[list[int], int]]:
    """Return the runs of wrong rows with the amount of the row above (1) or below (-1).

    The longest come first; no row is in two.
    """
    last = len(column.codes) - 1
    down = [(run, 1) for run in _runs(column.published, column.expected, wrong)]
    backwards = [last - at for at in reversed(wrong)]
    up = [
        ([last - at for at in reversed(run)], -1)
        for run in _runs(column.published[::-1], column.expected[::-1], backwards)
    ]
    seen: set[int] = set()
    found = []
    for run, step in sorted(down + up, key=lambda each: -len(each[0])):
        if seen.isdisjoint(run):
            seen.update(run)
            found.append((run, step))
    return found


def _runs(published: Ints, expected: Ints, wrong: Sequence[int]) -> list[list[int]]:
    """Return the wrong rows of each run in which every row has the amount of the row above.

    The first row of a run has that of the last one, where the amounts went round.
    """
    if len(wrong) <= 1:
        return []
    fits = np.zeros(len(published), dtype=bool)
    fits[1:] = published[1:] == expected[:-1]
    misfits = np.cumsum(~fits)
    groups: list[list[int]] = []
    for at in wrong:
        if groups and misfits[at] == misfits[groups[-1][-1]]:
            groups[-1].append(at)
        else:
            groups.append([at])
    runs = []
    for run in groups:
        goes_round = published[run[0]] == expected[run[-1]]
        if not fits[run[0]] and not goes_round:
            run.pop(0)
        crossed = (
            len(run) == 2  # noqa: PLR2004
            and published[run[1]] == expected[run[0]]
            and goes_round
        )
        if sum(bool(fits[at]) for at in run) > 1 and not crossed:
            runs.append(run)
    return runs


def _swapped(column: Column, wrong: Sequence[int]) -> dict[int, Reason]:
    """Find pairs of rows that have each other's amount."""
    alike: dict[tuple[int, int], list[int]] = defaultdict(list)
    for at in wrong:
        alike[int(column.published[at]), int(column.expected[at])].append(at)
    found: dict[int, Reason] = {}
    for (published, expected), rows in alike.items():
        partners = alike.get((expected, published), [])
        if len(rows) != len(partners) or len(rows) > _MOST_PAIRS:
            continue
        for at, partner in zip(rows, partners, strict=True):
            whose, line = column.named(partner), column.line(partner)
            found[at] = Reason(
                "swapped",
                Text(
                    f"it changed places with the amount of {whose} ({line.en})",
                    f"{whose}({line.ja})の金額と入れ替わっています",
                ),
            )
    return found


def _single(column: Column, at: int, knowledge: Knowledge) -> Reason:
    """Explain one amount by itself: another date's, another band's, another payer's, or none."""
    code, published = column.codes[at], int(column.published[at])
    bands = knowledge.bands
    dated = _dated(knowledge) if knowledge.may_be_dated(code, published) else ()
    fitting = [each for each in dated if each.amounts.get(code) == published]
    if fitting:
        return _date_reason(fitting)
    if bands is not None and (reason := _band_reason(bands, code, published)):
        return reason
    if (owner := column.owner(at)) is not None:
        whose = column.named(owner)
        return Reason("other_place", Text(f"it is the amount of {whose}", f"{whose} の金額です"))
    expected = int(column.expected[at])
    if published * 1000 == expected or published == expected * 1000:
        return Reason(
            "unit",
            Text(
                "it is off by a factor of 1,000 (yen, 千円)", "1,000倍違います(円と千円の取り違え)"
            ),
        )
    return UNEXPLAINED


def _date_reason(fitting: Sequence[Dated]) -> Reason:
    by = joined((each.label for each in fitting), " or ", "または")
    text = Text(f"it is the amount by the {by.en}", f"{by.ja}による金額です")
    return Reason("other_date", text)


def _band_reason(bands: Bands, code: str, published: int) -> Reason | None:
    band = next((each for each in bands.of(code) if each.amount == published), None)
    if band is not None:
        value = bands.values.get(code)
        here = (
            Text("", "")
            if value is None
            else Text(f"; {bands.measure.en}: {value:,}", f"。{bands.measure.ja}は{value:,}です")
        )
        text = Text(
            f"it is the unit amount from {band.start:,} on{here.en}",
            f"{band.start:,}以上の区分の単価です{here.ja}",
        )
        return Reason("other_band", text)
    band = next((each for each in bands.other_than(code) if each.amount == published), None)
    if band is None:
        return None
    whose = PAYERS["municipalities" if code in bands.prefecture_codes else "prefectures"]
    text = Text(
        f"it is the unit amount of {whose.en} from {band.start:,} on",
        f"{whose.ja}の{band.start:,}以上の区分の単価です",
    )
    return Reason("other_place", text)
