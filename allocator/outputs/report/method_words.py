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
from allocator.engine.result import Allocation, NotComputed
from allocator.outputs.files.provenance import portable
from allocator.plans.tables import EQUAL, Adjustment, Bands, Programme
from allocator.results.outcome import ProgrammeOutcome
from allocator.sources.measures.file import Measure
from allocator.words.labels import BASIS_REMARKS, PAYERS
from allocator.words.rule import measure_name, method_words

_TIES: Final = {
    "code": "端数が等しい団体は、団体コードの小さい順とする。",
    "weight": "端数が等しい団体は、割合の大きい順(同じなら団体コード順)とする。",
    "error": "端数が等しく順位が決まらない場合は算定を行わない。",
}
_RESTS: Final = {
    "largest": "単位に満たない残額は、割合の最も大きい団体に加える。",
    "first": "単位に満たない残額は、団体コード順で先頭の団体に加える。",
}


@dataclass(frozen=True)
class Band:
    """A row of the table of unit amounts; `amount` is the unit amount in yen."""

    payers: str
    limits: str
    amount: int
    count: int


@dataclass(frozen=True)
class Method:
    """A programme's rule in words. `parts` are the parts of the share, `further` what follows."""

    lead: str
    parts: tuple[str, ...]
    bands: tuple[Band, ...]
    measure: str
    further: tuple[str, ...]
    remark: str


def method_of(outcome: ProgrammeOutcome) -> Method:
    """Return how a programme's amounts come about, or why there are none."""
    allocation, programme = outcome.result, outcome.programme
    if isinstance(allocation, NotComputed):
        return Method(f"算定していない({allocation.reason.ja})。", (), (), "", (), "")
    measure = measure_name(outcome.measures[0].measure).ja if outcome.measures else ""
    return Method(
        _lead(allocation, measure),
        tuple(_parts(outcome)),
        tuple(_bands(allocation)),
        measure,
        (*_rounding(programme), *_adjustments(programme), *_breakdown(programme)),
        BASIS_REMARKS[programme.basis].ja,
    )


def _lead(allocation: Allocation, measure: str) -> str:
    programme = allocation.programme
    who = f"{PAYERS[programme.payers].ja}({len(allocation.payers):,}団体)"
    total = yen(allocation.total)
    if programme.unit_amount is not None:
        lead = f"{who}のそれぞれに、{measure}の区分ごとに定めた単価を適用する。"
        if programme.keeps_total:
            return f"{lead}調整後も、単価による総額 {total} を保つ。"
        return f"{lead}総額 {total} は各団体の額の合計である。"
    if programme.carried_forward is not None:
        name = portable(programme.carried_forward.list_)
        return f"総額 {total} を、公表一覧({name})における割合により{who}に配分する。"
    return f"総額 {total} を、次の割合により{who}に配分する。"


def _parts(outcome: ProgrammeOutcome) -> Iterator[str]:
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


def _bands(allocation: Allocation) -> Iterator[Band]:
    rule = allocation.programme.unit_amount
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
    ends: Sequence[int | None] = [*(band.from_ for band in bands[1:]), None]
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
