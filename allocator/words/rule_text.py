"""The rule of a programme in words, once and line by line: what every output says of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from allocator.domain.figures import per_cent
from allocator.domain.organisations import PREFECTURE
from allocator.domain.text import Text, same
from allocator.domain.yen import yen
from allocator.engine.result import Allocation
from allocator.files.paths import portable
from allocator.plans.programme import Part
from allocator.plans.tables import EQUAL, Bands, Rounding
from allocator.results.outcome import NotComputed, ProgrammeOutcome
from allocator.words.labels import (
    NOTIONAL_REMARK,
    agreement_words,
    full_basis_words,
    payers_words,
    total_words,
)
from allocator.words.notes import note_words
from allocator.words.rule import (
    EQUAL_PART,
    PAYERS,
    carried_words,
    decisions_words,
    departure_words,
    measure_name,
    measure_words,
    proportional,
    remark_of,
    rounding_words,
)

_NAMES: Final[Mapping[str, Text]] = {
    "legal_basis": Text("legal basis", "根拠法令"),
    "source": Text("source", "出典"),
    "remark": Text("remark", "備考"),
    "basis": Text("basis", "算定の根拠"),
    "error": Text("stated error", "推計の誤差"),
    "payers": Text("payers", "負担団体"),
    "total": Text("total", "総額"),
    "share": Text("share", "割合"),
    "unit_amount": Text("unit amount", "単価"),
    "band": Text("band", "区分"),
    "rounding": Text("rounding", "端数処理"),
    "adjustment": Text("adjustment", "調整"),
    "notional": Text("notional", "参考"),
    "note": Text("note", "注記"),
    "agreement": Text("published list", "公表一覧との照合"),
}


@dataclass(frozen=True)
class Line:
    """A line: `key` is what it is about, the same in every language, `name` that in words."""

    key: str
    name: Text
    text: Text


@dataclass(frozen=True)
class Band:
    """A band of unit amounts: whose, its limits, the unit amount (yen), how many are in it."""

    payers: Text
    limits: Text
    amount: int
    count: int


def rule_lines(outcome: ProgrammeOutcome, part: Part | None = None) -> Iterator[Line]:
    """Yield the rule of a programme, or of a `part` of one.

    Of a sum that is what concerns the whole: each of its parts has a rule of its own.
    """
    programme = outcome.programme
    if part is None:
        yield from _line("legal_basis", same(programme.legal_basis))
        yield from _line("source", same(programme.source))
        yield from _line("remark", same(programme.note))
    basis = full_basis_words(outcome)
    if isinstance(outcome.result, NotComputed):
        reason = outcome.result.reason
        yield from _line("basis", Text(f"{basis.en} ({reason.en})", f"{basis.ja}({reason.ja})"))
    else:
        yield from _computed(outcome, outcome.result, basis, part)
    if part is None:
        yield from _line("agreement", agreement_words(outcome))


def _line(key: str, text: Text, number: int | str = "") -> Iterator[Line]:
    """Yield a line, unless there is nothing to say; `number` tells several of a kind apart."""
    name = _NAMES[key]
    if text.ja:
        yield Line(key, Text(f"{name.en} {number}".rstrip(), f"{name.ja}{number}"), text)


def _computed(
    outcome: ProgrammeOutcome, allocation: Allocation, basis: Text, part: Part | None
) -> Iterator[Line]:
    programme, meaning = outcome.programme, remark_of(outcome.programme)
    yield from _line("basis", Text(f"{basis.en}: {meaning.en}", f"{basis.ja}。{meaning.ja}"))
    yield from _line("error", same(programme.stated_error))
    yield from _line("payers", payers_words(outcome, limited=bool(part and part.codes)))
    yield from _line("total", _total(outcome, allocation, is_rest=bool(part and part.is_rest)))
    yield from _shares(outcome)
    yield from _unit_amounts(outcome, allocation)
    if programme.rounding is not None:
        yield from _line("rounding", decisions_words(programme.rounding))
    for adjustment in programme.adjustment:
        yield from _line("adjustment", departure_words(adjustment))
    if (split := programme.breakdown) is not None:
        by = proportional(measure_words(split.by, split.as_of))
        how = rounding_words(Rounding(unit=split.unit, method="largest_remainder"))
        text = Text(
            f"{by.en} ({how.en}): {NOTIONAL_REMARK.en}", f"{by.ja}({how.ja})。{NOTIONAL_REMARK.ja}"
        )
        yield from _line("notional", text)
    for note in allocation.notes:
        yield from _line("note", note_words(note))


def _total(outcome: ProgrammeOutcome, allocation: Allocation, *, is_rest: bool) -> Text:
    """Return the total, and how it comes about where no plan gives it."""
    words = total_words(allocation.total, allocation.given)
    more = same("")
    if is_rest:
        more = Text(" (what the other parts leave)", "(総額から他の部分の額を除いた残り)")
    elif allocation.given is None and not outcome.programme.keeps_total:
        more = Text(" (the sum of the amounts)", "(各団体の額の合計)")
    return Text(words.en + more.en, words.ja + more.ja)


def _shares(outcome: ProgrammeOutcome) -> Iterator[Line]:
    programme, measures = outcome.programme, iter(outcome.measures)
    for number, share in enumerate(programme.share, start=1):
        is_equal = share.by == EQUAL
        by = EQUAL_PART if is_equal else proportional(measure_name(next(measures).measure))
        rate = per_cent(share.weight, 4)
        text = Text(
            f"{share.weight} ({rate}) of the total: {by.en}",
            f"総額の {share.weight}({rate}): {by.ja}",
        )
        yield from _line("share", text, number)
    if (carried := programme.carried_forward) is not None:
        origin = carried.derived_from and portable(carried.derived_from)
        name = carried_words(portable(carried.list_), origin)
        text = Text(f"the shares of the {name.en}", f"{name.ja}の割合を総額に当てはめる")
        yield from _line("share", text)


def _unit_amounts(outcome: ProgrammeOutcome, allocation: Allocation) -> Iterator[Line]:
    if outcome.programme.unit_amount is None:
        return
    by = measure_name(outcome.measures[0].measure)
    yield from _line("unit_amount", Text(f"by bands of {by.en}", f"{by.ja}の区分ごとに定める"))
    for band in bands_of(outcome, allocation):
        text = Text(
            f"{band.payers.en} {band.limits.en}: {band.amount:,} yen (payers: {band.count:,})",
            f"{band.payers.ja} {band.limits.ja}: {yen(band.amount)}({band.count:,}団体)",
        )
        yield from _line("band", text)


def bands_of(outcome: ProgrammeOutcome, allocation: Allocation) -> Iterator[Band]:
    """Yield the bands of unit amounts, those of prefectures first; nothing where there are none."""
    rule = outcome.programme.unit_amount
    if rule is None:
        return
    kinds = dict(zip(allocation.payers["code"], allocation.payers["kind"], strict=True))
    starts = allocation.steps.columns["band_from"].tolist()
    found = Counter(
        (kinds[code] == PREFECTURE, start)
        for code, start in zip(allocation.steps.codes, starts, strict=True)
    )
    yield from _bands(PAYERS["prefectures"], rule.prefectures or (), found, True)
    yield from _bands(PAYERS["municipalities"], rule.municipalities or (), found, False)


def _bands(
    payers: Text, bands: Bands, found: Mapping[tuple[bool, int], int], are_prefectures: bool
) -> Iterator[Band]:
    ends = [*(band.from_ for band in bands[1:]), None]
    for band, end in zip(bands, ends, strict=False):
        limits = Text("all", "区分なし")
        if band.from_ or end is not None:
            least = Text(f"from {band.from_:,}", f"{band.from_:,}以上") if band.from_ else same("")
            below = same("") if end is None else Text(f"below {end:,}", f"{end:,}未満")
            limits = Text(f"{least.en} {below.en}".strip(), least.ja + below.ja)
        yield Band(payers, limits, band.amount, found[are_prefectures, band.from_])
