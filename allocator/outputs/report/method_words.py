"""The rule of a programme in sentences, from the plan and what was computed by it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Final

from allocator.domain.figures import per_cent
from allocator.domain.organisations import PREFECTURE
from allocator.domain.yen import group, yen
from allocator.engine.result import Allocation
from allocator.outputs.files.provenance import portable
from allocator.plans.programme import Part, Programme
from allocator.plans.tables import EQUAL, Adjustment, Bands
from allocator.results.outcome import NotComputed, ProgrammeOutcome
from allocator.sources.measures.file import Measure
from allocator.words.labels import BASIS_REMARKS, PAYERS
from allocator.words.rule import BASIS, carried_words, measure_name, method_words

_TIES: Final = {
    "code": "端数が等しい団体は、団体コードの小さい順とする。",
    "weight": "端数が等しい団体は、割合の大きい順(同じなら団体コード順)とする。",
    "error": "端数が等しく順位が決まらない場合は算定を行わない。",
}
_RESTS: Final = {
    "largest": "単位に満たない残額は、割合の最も大きい団体に加える。",
    "first": "単位に満たない残額は、団体コード順で先頭の団体に加える。",
}


_DERIVED: Final = "公表一覧から逆算した割合を総額に当てはめた額(規則により再現・検証した額ではない)"


@dataclass(frozen=True)
class Band:
    """A row of the table of unit amounts; `amount` is the unit amount in yen."""

    payers: str
    limits: str
    amount: int
    count: int


@dataclass(frozen=True)
class Method:
    """A programme's rule in words. `shares` are the parts of the share, `further` what follows.

    A sum has the rules of its `parts` instead.
    """

    lead: str
    shares: tuple[str, ...]
    bands: tuple[Band, ...]
    measure: str
    further: tuple[str, ...]
    remark: str
    parts: tuple[PartMethod, ...] = ()


@dataclass(frozen=True)
class PartMethod:
    """A part of a sum: `given` is its total as planned (None: it follows), `charged` in yen.

    `share` is what is charged of the programme's total, in per cent.
    """

    name: str
    basis: str
    basis_words: str
    given: int | None
    is_rest: bool
    charged: int
    share: str
    method: Method


def method_of(outcome: ProgrammeOutcome) -> Method:
    """Return how a programme's amounts come about, or why there are none."""
    allocation, programme = outcome.result, outcome.programme
    if isinstance(allocation, NotComputed):
        return Method(f"算定していない({allocation.reason.ja})。", (), (), "", (), "")
    who = f"{PAYERS[programme.payers].ja}({len(allocation.payers):,}団体)"
    if not outcome.parts:
        return _single(outcome, allocation, who, "総額")
    return Method(
        f"次の {len(outcome.parts)} つの部分ごとに額を求め、{who}のそれぞれについて合算する。"
        f"総額は {yen(allocation.total)}。",
        (),
        (),
        "",
        tuple(_breakdown(programme)),
        BASIS_REMARKS["parts"].ja,
        tuple(
            _part(planned, part, allocation)
            for planned, part in zip(programme.part, outcome.parts, strict=True)
        ),
    )


def _part(planned: Part, outcome: ProgrammeOutcome, whole: Allocation) -> PartMethod:
    allocation, programme = outcome.allocation, outcome.programme
    if allocation is None:
        raise AssertionError(f"{programme.id}: a part without amounts")
    who = PAYERS[programme.payers].ja if planned.codes is None else "指定した団体"
    total = "総額から他の部分の額を除いた" if planned.is_rest else "この部分の総額"
    return PartMethod(
        programme.title,
        programme.basis,
        BASIS[programme.basis].ja,
        allocation.given,
        planned.is_rest,
        allocation.total,
        tenths_words(allocation.total, whole.total),
        _single(outcome, allocation, f"{who}({len(allocation.payers):,}団体)", total),
    )


def tenths_words(amount: int, whole: int) -> str:
    """Return what `amount` is of `whole` in per cent, rounded half up to the first decimal."""
    tenths = (2_000 * amount + whole) // (2 * whole) if whole else 0
    return f"{tenths // 10}.{tenths % 10}%"


def _single(outcome: ProgrammeOutcome, allocation: Allocation, who: str, total: str) -> Method:
    """Return the rule of a programme, or of a part; `total` is what its total is called."""
    programme = outcome.programme
    carried, remark = programme.carried_forward, BASIS_REMARKS[programme.basis].ja
    measure = measure_name(outcome.measures[0].measure).ja if outcome.measures else ""
    return Method(
        _lead(programme, allocation, measure, who, total),
        tuple(_shares(outcome)),
        tuple(_bands(outcome, allocation)),
        measure,
        (
            *_rounding(programme),
            *_alone(allocation),
            *_adjustments(programme),
            *_breakdown(programme),
        ),
        _DERIVED if carried is not None and carried.derived_from else remark,
    )


def _lead(programme: Programme, allocation: Allocation, measure: str, who: str, called: str) -> str:
    given = allocation.total if allocation.given is None else allocation.given
    total = yen(given)
    if programme.unit_amount is not None:
        lead = f"{who}のそれぞれに、{measure}の区分ごとに定めた単価を適用する。"
        if programme.keeps_total:
            return f"{lead}調整後も、単価による総額 {total} を保つ。"
        return f"{lead}{called} {total} は各団体の額の合計である。"
    if (carried := programme.carried_forward) is not None:
        origin = None if carried.derived_from is None else portable(carried.derived_from)
        name = carried_words(portable(carried.list_), origin).ja
        return f"{called} {total} を、{name}における割合により{who}に配分する。"
    return f"{called} {total} を、次の割合により{who}に配分する。"


def _alone(allocation: Allocation) -> Iterator[str]:
    """Say what is charged where each amount is rounded for itself."""
    if allocation.given is not None and allocation.given != allocation.total:
        yield f"各団体の額の計は {yen(allocation.total)} となる。"


def _shares(outcome: ProgrammeOutcome) -> Iterator[str]:
    number = 0
    for part in outcome.programme.share:
        weight = f"{part.weight}({_shown(part.weight)})"
        if part.by == EQUAL:
            yield f"総額の {weight}: 均等割(各団体に同じ額)"
        else:
            name = measure_name(outcome.measures[number].measure).ja
            number += 1
            yield f"総額の {weight}: {name}に比例"


def _shown(weight: Fraction) -> str:
    return per_cent(weight, 4)


def _bands(outcome: ProgrammeOutcome, allocation: Allocation) -> Iterator[Band]:
    rule = outcome.programme.unit_amount
    if rule is None:
        return
    kinds = dict(zip(allocation.payers["code"], allocation.payers["kind"], strict=True))
    starts = allocation.steps.columns["band_from"].tolist()
    found = Counter(
        (kinds[code] == PREFECTURE, start)
        for code, start in zip(allocation.steps.codes, starts, strict=True)
    )
    groups = (("都道府県", rule.prefectures, True), ("市区町村", rule.municipalities, False))
    for payers, bands, are_prefectures in groups:
        for limits, start, amount in _limits(bands or ()):
            yield Band(payers, limits, amount, found[are_prefectures, start])


def _limits(bands: Bands) -> Iterator[tuple[str, int, int]]:
    ends = [*(band.from_ for band in bands[1:]), None][: len(bands)]
    for band, end in zip(bands, ends, strict=True):
        below = "" if end is None else f"{end:,}未満"
        above = f"{band.from_:,}以上" if band.from_ else ""
        yield above + below or "区分なし", band.from_, band.amount


def _rounding(programme: Programme) -> Iterator[str]:
    rule = programme.rounding
    if rule is None:
        return
    further = [_TIES[rule.ties]] if rule.method in _WITH_TIES else []
    if rule.rest is not None:
        further.append(_RESTS[rule.rest])
    yield f"{method_words(rule).ja}。{''.join(further)}"


_WITH_TIES: Final = (
    "largest_remainder",
    "adams",
    "dean",
    "huntington_hill",
    "webster",
    "jefferson",
)


def _adjustments(programme: Programme) -> Iterator[str]:
    for adjustment in programme.adjustment:
        yield f"調整: {_adjustment(adjustment)}(理由: {adjustment.reason})"


def _adjustment(adjustment: Adjustment) -> str:
    if adjustment.exempt is not None:
        return f"{_who(adjustment.exempt)}の負担を免除"
    if adjustment.fixed is not None:
        return f"{_who(adjustment.fixed)}の額を {group(adjustment.amount or 0)}円に固定"
    bounds = []
    if adjustment.minimum is not None:
        bounds.append(f"{yen(adjustment.minimum)}以上")
    if adjustment.maximum is not None:
        bounds.append(f"{yen(adjustment.maximum)}以下")
    if adjustment.max_increase is not None:
        bounds.append(f"前回からの増加は {_shown(adjustment.max_increase)} まで")
    if adjustment.max_decrease is not None:
        bounds.append(f"前回からの減少は {_shown(adjustment.max_decrease)} まで")
    who = "各団体" if adjustment.codes is None else _who(adjustment.codes)
    return f"{who}の額を{'、'.join(bounds)}とする"


def _who(codes: Sequence[str], most: int = 5) -> str:
    head = "、".join(codes[:most])
    return head if len(codes) <= most else f"{head} ほか{len(codes) - most:,}団体"


def _breakdown(programme: Programme) -> Iterator[str]:
    rule = programme.breakdown
    if rule is None:
        return
    name = measure_name(_named(rule.by, rule.as_of)).ja
    yield (
        f"市区町村別の参考額: 各都道府県の額を{name}に比例して市区町村に割り振った額"
        f"(最大剰余法、単位 {rule.unit:,} 円)。市区町村が負担する額ではない。"
    )


def _named(name: str, as_of: date | None) -> Measure:
    """Return a measure that has a name and a day and no figures, for its name in words."""
    import polars as pl

    return Measure(name, as_of, pl.DataFrame(), None, "plan")
