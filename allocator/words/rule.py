"""The terms of a plan in words: bases, measures, rounding methods, adjustments."""

from __future__ import annotations

from datetime import date
from typing import Final

from allocator.domain.text import Text, same
from allocator.engine.result import Standing
from allocator.plans.programme import Programme
from allocator.plans.tables import Rounding
from allocator.sources.measures.file import Measure

BASIS: Final = {
    "rule": Text("rule", "規則による"),
    "carried_forward": Text("carried forward", "公表割合の引継ぎ"),
    "estimated": Text("estimated", "推計"),
    "parts": Text("parts", "部分の合算"),
    "not computed": Text("not computed", "未算定"),
}

_MEASURES: Final = {
    "population": Text("population", "人口"),
    "municipalities": Text("number of municipalities", "市区町村数"),
}

_METHODS: Final = {
    "largest_remainder": Text("largest remainder", "最大剰余法"),
    "half_up_then_largest": Text(
        "half up, the difference to the largest quota", "四捨五入し、差は最大の団体で調整"
    ),
    "floor_then_first": Text(
        "cut, the difference to the first payer", "切捨て、差は先頭の団体で調整"
    ),
    "cumulative": Text("cumulative rounding in code order", "団体コード順の累積四捨五入"),
    "adams": Text("Adams' divisor method", "アダムズ方式"),
    "dean": Text("Dean's divisor method", "ディーン方式"),
    "huntington_hill": Text("Huntington-Hill's divisor method", "ハンチントン・ヒル方式"),
    "webster": Text("Webster's divisor method", "ウェブスター方式(サン=ラグ式)"),
    "floor": Text("each cut, nothing handed out", "各団体の額を切捨て(差は配らない)"),
    "ceiling": Text("each rounded up, nothing handed out", "各団体の額を切上げ(差は配らない)"),
    "half_up": Text("each half up, nothing handed out", "各団体の額を四捨五入(差は配らない)"),
    "jefferson": Text("Jefferson's divisor method", "ジェファーソン方式(ドント式)"),
}


def measure_name(measure: Measure) -> Text:
    """Return a measure's name and date in words: population of 1 January 2022."""
    return measure_words(measure.name, measure.as_of)


def measure_words(name: str, day: date | None) -> Text:
    """Return the name and date of a measure, as a plan has them, in words."""
    words = _MEASURES.get(name, same(name))
    if day is None:
        return words
    return Text(f"{words.en} of {day}", f"{words.ja}({day.year}年{day.month}月{day.day}日現在)")


def method_words(rule: Rounding) -> Text:
    """Return the rounding rule in words."""
    method = _METHODS[rule.method]
    return Text(
        f"rounding: {method.en}, unit {rule.unit:,} yen",
        f"端数処理: {method.ja}、単位 {rule.unit:,} 円",
    )


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
