"""The terms of a plan in words: bases, payers, measures, shares, rounding, adjustments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from allocator.domain.figures import per_cent
from allocator.domain.text import Text, joined, listed, same
from allocator.domain.years import japanese_day
from allocator.domain.yen import group
from allocator.engine.result import Standing
from allocator.engine.rule import Rest, Ties
from allocator.plans.programme import Programme
from allocator.plans.tables import Adjustment, Rounding
from allocator.sources.measures.file import Measure


@dataclass(frozen=True)
class BasisWords:
    """One basis: its name, what stands beside a share, what its amounts are called and mean."""

    name: Text
    way: Text
    amounts: Text
    remark: Text


BASES: Final[Mapping[str, BasisWords]] = {
    "rule": BasisWords(
        Text("rule", "規則による"),
        Text("by rule", "規則"),
        Text("what the rule gives", "規則による額"),
        Text(
            "computed from the inputs by the rule that the plan states",
            "計画に定めた規則により、人口等の入力データから算定した額",
        ),
    ),
    "carried_forward": BasisWords(
        Text("carried forward", "公表割合の引継ぎ"),
        Text("carried forward", "引継ぎ"),
        Text("the amounts carried forward", "引継ぎによる額"),
        Text(
            "the shares of a published list applied to the total; no rule reproduces them",
            "公表済みの一覧における割合を総額に当てはめた額(規則により再現・検証した額ではない)",
        ),
    ),
    "parts": BasisWords(
        Text("parts", "部分の合算"),
        Text("sum of parts", "部分の合算"),
        Text("the sums of parts", "部分の合算による額"),
        Text(
            "a sum of parts, each with its own basis: see there",
            "部分ごとに算定した額の合算(根拠は部分ごとに示す)",
        ),
    ),
    "estimated": BasisWords(
        Text("estimated", "推計"),
        Text("estimated", "推計"),
        Text("the estimated amounts", "推計額"),
        Text(
            "estimated by a fitted model; not reproduced by a rule",
            "当てはめたモデルによる推計額(規則により再現・検証した額ではない)",
        ),
    ),
}

BASIS: Final = {
    **{basis: words.name for basis, words in BASES.items()},
    "not computed": Text("not computed", "未算定"),
}
"""What each basis is called, as JSON and the manifest name them."""

PAYERS: Final = {
    "prefectures": Text("prefectures", "都道府県"),
    "municipalities": Text("municipalities", "市区町村"),
    "all": Text("prefectures and municipalities", "都道府県及び市区町村"),
}

_MEASURES: Final = {
    "population": Text("population", "人口"),
    "municipalities": Text("number of municipalities", "市区町村数"),
}

EQUAL_PART: Final = Text("equal part", "均等割")


_NOTHING: Final = same("")


@dataclass(frozen=True)
class MethodWords:
    """All that is said of a rounding method: its name, and who gets the units that are missing.

    `ties` says whether equal claims can matter.
    """

    name: Text
    ties: bool = False
    missing: Text = _NOTHING


METHODS: Final[Mapping[str, MethodWords]] = {
    "largest_remainder": MethodWords(
        Text("largest remainder", "最大剰余法"),
        ties=True,
        missing=Text("a unit each by largest remainder", "端数の大きい団体から1単位ずつ加える"),
    ),
    "half_up_then_largest": MethodWords(
        Text("half up, the difference to the largest quota", "四捨五入し、差は最大の団体で調整"),
        ties=True,
        missing=Text("to the payer with the largest share", "割合の最も大きい団体で調整する"),
    ),
    "floor_then_first": MethodWords(
        Text("cut, the difference to the first payer", "切捨て、差は先頭の団体で調整"),
        missing=Text("to the first payer with a share", "割合のある先頭の団体で調整する"),
    ),
    "cumulative": MethodWords(
        Text("cumulative rounding in code order", "団体コード順の累積四捨五入")
    ),
    "adams": MethodWords(Text("Adams' divisor method", "アダムズ方式"), ties=True),
    "dean": MethodWords(Text("Dean's divisor method", "ディーン方式"), ties=True),
    "huntington_hill": MethodWords(
        Text("Huntington-Hill's divisor method", "ハンチントン・ヒル方式"), ties=True
    ),
    "webster": MethodWords(
        Text("Webster's divisor method", "ウェブスター方式(サン=ラグ式)"), ties=True
    ),
    "jefferson": MethodWords(
        Text("Jefferson's divisor method", "ジェファーソン方式(ドント式)"), ties=True
    ),
    "floor": MethodWords(Text("each cut, nothing handed out", "各団体の額を切捨て(差は配らない)")),
    "ceiling": MethodWords(
        Text("each rounded up, nothing handed out", "各団体の額を切上げ(差は配らない)")
    ),
    "half_up": MethodWords(
        Text("each half up, nothing handed out", "各団体の額を四捨五入(差は配らない)")
    ),
}

TIES: Final[Mapping[Ties, Text]] = {
    "code": Text("the lower code", "団体コードの小さい順"),
    "weight": Text("the larger share, then the lower code", "割合の大きい順(同じなら団体コード順)"),
    "error": Text("nothing", "規則なし"),
}
"""By what equal claims are decided."""

RESTS: Final[Mapping[Rest, Text]] = {
    "largest": Text("the payer with the largest share", "割合の最も大きい団体"),
    "first": Text("the first payer with a share", "割合のある先頭の団体"),
}
"""Who takes what is below a unit."""


_DERIVED: Final = Text(
    "shares worked out from a published list, applied to the total; no rule reproduces them",
    "公表一覧から逆算した割合を総額に当てはめた額(規則により再現・検証した額ではない)",
)


def remark_of(programme: Programme) -> Text:
    """Say how far the amounts of a programme stand on a rule."""
    carried = programme.carried_forward
    derived = carried is not None and carried.derived_from is not None
    return _DERIVED if derived else BASES[programme.basis].remark


def measure_name(measure: Measure) -> Text:
    """Return a measure's name and date in words: population of 1 January 2022."""
    return measure_words(measure.name, measure.as_of)


def measure_words(name: str, day: date | None) -> Text:
    """Return the name and date of a measure, as a plan has them, in words."""
    words = _MEASURES.get(name, same(name))
    if day is None:
        return words
    return Text(f"{words.en} of {day}", f"{words.ja}({japanese_day(day)}現在)")


def proportional(measure: Text) -> Text:
    """Return what a part of the shares is called that goes by a measure."""
    return Text(f"part by {measure.en}", f"{measure.ja}による按分")


def rounding_words(rule: Rounding) -> Text:
    """Return method and unit in words."""
    method = METHODS[rule.method].name
    return Text(f"{method.en}, unit {rule.unit:,} yen", f"{method.ja}、単位 {rule.unit:,} 円")


def decisions_words(rule: Rounding) -> Text:
    """Return method and unit, how equal claims are decided, and who takes what is below a unit."""
    found = [rounding_words(rule)]
    if METHODS[rule.method].ties or rule.rest == "largest":
        by = TIES[rule.ties]
        found.append(
            Text("nothing is computed where claims are equal", "同順位で決まらないときは算定しない")
            if rule.ties == "error"
            else Text(f"equal claims are served by {by.en}", f"同順位の団体は{by.ja}とする")
        )
    if rule.rest is not None:
        to = RESTS[rule.rest]
        found.append(
            Text(f"what is below a unit goes to {to.en}", f"単位未満の額は{to.ja}に加える")
        )
    return joined(found, "; ", "。")


def carried_words(name: str, origin: str | None) -> Text:
    """Say which list is carried forward; `origin` is the published one that it was worked out from.

    Such a list is not called published itself.
    """
    if origin is None:
        return Text(f"published list {name}", f"公表一覧({name})")
    return Text(
        f"list {name}, worked out from the published list {origin}",
        f"公表一覧({origin})から逆算した一覧({name})",
    )


def adjustment_words(programme: Programme, code: str, standing: Standing) -> Text:
    """Say why a payer stands outside the rule."""
    for adjustment in programme.adjustment:
        if code in (getattr(adjustment, standing, None) or ()):
            way = {"exempt": Text("exempt", "負担を免除"), "fixed": Text("fixed", "固定額")}[
                standing
            ]
            return Text(f"{way.en}: {adjustment.reason}", f"{way.ja}: {adjustment.reason}")
    return same("")


def departure_words(adjustment: Adjustment) -> Text:
    """Return an adjustment in words, with its reason."""
    codes = adjustment.exempt or adjustment.fixed or adjustment.codes
    who = Text("every payer", "各団体") if codes is None else listed(list(codes), most=5)
    if adjustment.exempt is not None:
        what = Text(f"{who.en} exempt", f"{who.ja}の負担を免除")
    elif adjustment.fixed is not None:
        fixed = group(adjustment.amount or 0)
        what = Text(f"{who.en} fixed at {fixed} yen", f"{who.ja}の額を{fixed}円に固定")
    else:
        bounds = joined(list(_bounds(adjustment)))
        what = Text(f"{who.en}: {bounds.en}", f"{who.ja}の額を{bounds.ja}とする")
    return Text(f"{what.en} ({adjustment.reason})", f"{what.ja}(理由: {adjustment.reason})")


def _bounds(adjustment: Adjustment) -> Iterator[Text]:
    if (least := adjustment.minimum) is not None:
        yield Text(f"at least {group(least)} yen", f"{group(least)}円以上")
    if (most := adjustment.maximum) is not None:
        yield Text(f"at most {group(most)} yen", f"{group(most)}円以下")
    for rate, english, japanese in (
        (adjustment.max_increase, "an increase", "増加"),
        (adjustment.max_decrease, "a decrease", "減少"),
    ):
        if rate is not None:
            limit = per_cent(rate, 4)
            yield Text(f"{english} of at most {limit}", f"前回からの{japanese}は {limit} まで")
