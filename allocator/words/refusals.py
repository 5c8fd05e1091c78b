"""Why there is no allocation, in words: what the engine raises, as problems that can be mended."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

from allocator.domain.errors import InputError, Problem
from allocator.domain.text import Text, listed
from allocator.domain.yen import LARGEST
from allocator.engine import errors
from allocator.engine.errors import RuleError
from allocator.engine.rule import BOUNDABLE, LOWER_BOUNDS
from allocator.words.notes import CLAIMED


class Said(NamedTuple):
    """What is wrong, and how to mend it."""

    what: Text
    mend: Text = Text("correct what is passed", "渡す値を直してください")


_STRANGERS: Final = Said(
    Text("no payer has the code {codes}", "負担団体にないコードです: {codes}"),
    Text(
        "write codes of payers of this programme, six digits, as text",
        "この事業の負担団体のコードを6桁の文字列で書いてください",
    ),
)
_LOOSEN: Final = Text(
    "loosen those bounds, or change the total", "上下限を緩めるか、総額を直してください"
)
_ANOTHER: Final = Text("choose another measure or date", "別の指標か日付を選んでください")
_NO_UNIT: Final = Said(
    Text("the unit is {unit} yen", "単位が {unit} 円です"),
    Text("pass a whole number from 1 up", "1以上の整数にしてください"),
)

_SAID: Final[Mapping[str, Said]] = {
    "nobody": Said(
        Text("nobody is left to pay under the rule", "配分の対象となる団体が残っていません"),
        Text("exempt or fix fewer payers", "exempt・fixed の団体を減らしてください"),
    ),
    "empty_measure": Said(
        Text(
            "the measure adds up to 0 over the payers: nothing to split by",
            "負担団体の指標の合計が0で、按分できません",
        ),
        _ANOTHER,
    ),
    "odd_total": Said(
        Text(
            "{yen:,} yen remain to be split, no multiple of the unit {unit:,}",
            "配分する {yen:,} 円は単位 {unit:,} 円の倍数ではありません",
        ),
        Text(
            'change the total, a fixed amount or the unit, or add rest = "largest" or "first"',
            '総額・固定額・単位を直すか、rest = "largest" か "first" を加えてください',
        ),
    ),
    "too_large": Said(
        Text(
            "the amounts add up to {yen:,} yen, more than {largest:,}",
            "金額の合計 {yen:,} 円が上限 {largest:,} 円を超えています",
        ),
        Text("lower the amounts", "金額を下げてください"),
    ),
    "fixed_beyond_total": Said(
        Text(
            "the fixed amounts add up to {fixed:,} yen, more than the total {total:,}",
            "固定額の合計 {fixed:,} 円が総額 {total:,} 円を超えています",
        ),
        Text("lower them, or raise the total", "固定額を下げるか、総額を上げてください"),
    ),
    "negative_amount": Said(
        Text(
            "the rounding difference would leave {code} with {units} units",
            "端数の差を {code} に寄せると {units} 単位(負)になります",
        ),
        Text(
            "use a smaller unit, or the method largest_remainder",
            "単位を小さくするか、largest_remainder を使ってください",
        ),
    ),
    "too_few_units": Said(
        Text(
            "{method} gives every payer at least a unit: {needed} units are needed, "
            "there are {units}",
            "{method} では各団体に1単位以上が要ります({needed} 単位必要、{units} 単位のみ)",
        ),
        Text(
            "use a smaller unit or another method", "単位を小さくするか、別の方法を使ってください"
        ),
    ),
    "undecided_tie": Said(
        Text("equal claims on {claim}: {codes}", "{claim}について同順位の団体があります: {codes}"),
        Text(
            'decide by ties = "code" or "weight", or change the unit',
            'ties = "code" または "weight" で決めるか、単位を変えてください',
        ),
    ),
    "nothing_to_break_down": Said(
        Text(
            "the municipalities of {prefecture} have nothing to split its amount by",
            "{prefecture} の市区町村に按分の指標がありません",
        ),
        _ANOTHER,
    ),
    "contradictory_bounds": Said(
        Text(
            "the bounds of {code}, in whole units of {unit:,} yen, contradict each other: at least "
            "{least:,} yen ({lower}), at most {most:,} ({upper})",
            "{code} の上下限({unit:,} 円単位に内側へ丸めたもの)が矛盾しています: "
            "{least:,} 円以上({lower})、{most:,} 円以下({upper})",
        ),
        _LOOSEN,
    ),
    "unkept_bounds.minimum": Said(
        Text(
            "the lower bounds ({lower}) add up to {bound:,} yen, more than there is to split",
            "下限({lower})の合計 {bound:,} 円が配分する額を超えています",
        ),
        _LOOSEN,
    ),
    "unkept_bounds.maximum": Said(
        Text(
            "the upper bounds ({upper}) add up to {bound:,} yen, less than there is to split",
            "上限({upper})の合計 {bound:,} 円が配分する額に足りません",
        ),
        _LOOSEN,
    ),
    "unboundable": Said(
        Text("the method {method} cannot keep bounds", "端数処理 {method} では上下限を守れません"),
        Text("use one of: {boundable}", "使える方法: {boundable}"),
    ),
    "rest_beyond_bound": Said(
        Text(
            "the rest of {rest:,} yen would lift {code} above its upper bound",
            "端数 {rest:,} 円を加えると {code} が上限を超えます",
        ),
        Text(
            "loosen the bound, or use a unit that divides the total",
            "上限を緩めるか、総額を割り切る単位にしてください",
        ),
    ),
    "rest_below_zero": Said(
        Text(
            "the other parts take {others:,} yen, more than the total {total:,}",
            "ほかの部分の計 {others:,} 円が総額 {total:,} 円を超えています",
        ),
        Text("raise the total, or lower a part", "総額を上げるか、部分を下げてください"),
    ),
    "wrong_total.negative": Said(Text("{total} is negative", "{total} は負の値です")),
    "wrong_total.fraction": Said(
        Text("{total!r} is no whole number of yen", "{total!r} は円単位の整数ではありません")
    ),
    "wrong_total.follows": Said(
        Text(
            "the total follows from the rule and cannot be set",
            "総額は規則から決まるため、指定できません",
        )
    ),
    "wrong_total.missing": Said(Text("there is no total to divide", "配分する総額がありません")),
    "wrong_unit.small": _NO_UNIT,
    "wrong_unit.fraction": _NO_UNIT,
    "wrong_unit.none": Said(
        Text(
            "the rule has no one unit to change: it rounds nothing, or each part by itself",
            "この規則には変更できる単位がありません(端数処理がないか、部分ごとに異なります)",
        ),
        Text("leave unit out", "unit を省いてください"),
    ),
    "wrong_weights.count": Said(
        Text(
            "{found} weights for {measure}, {expected} payers",
            "{measure} の値が {found} 個で、負担団体 {expected} と合いません",
        )
    ),
    "wrong_weights.negative": Said(
        Text("a weight of {measure} is negative", "{measure} に負の値があります")
    ),
    "wrong_weights.fraction": Said(
        Text("a weight of {measure} is no whole number", "{measure} に整数でない値があります")
    ),
    "wrong_weights.unknown": Said(
        Text("the rule has no measure {measure}", "規則に指標 {measure} はありません")
    ),
    "wrong_weights.several": Said(
        Text(
            "the rule has not one measure but: {measure}; pass them by name",
            "規則の指標は1つではありません({measure})。名前で渡してください",
        )
    ),
}
"""Each kind of error by its code, and by its reason where it has several; its fields in braces."""


def refused(error: RuleError, where: str) -> InputError:
    """Return what the engine raised as an `InputError`; `where` is the programme or its file."""
    return InputError(list(_problems(error, where)))


def _problems(error: RuleError, where: str) -> Iterator[Problem]:
    code = code_of(error)
    if isinstance(error, errors.StrangersError):
        for key, codes in error.found:
            named = {"codes": codes}
            yield Problem(f"{where}: {key}", *_filled(_STRANGERS, named), code, named)
        return
    fields = dict(error.fields())
    reason = fields.get("reason") or fields.get("kind")
    said = _SAID[f"{code}.{reason}" if reason else code]
    yield Problem(f"{where}: {error.key}", *_filled(said, fields), code, fields)


def code_of(error: RuleError) -> str:
    """Return what a kind of error is called, the same in every language: `odd_total`."""
    name = type(error).__name__.removesuffix("Error")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


def _filled(said: Said, fields: Mapping[str, Any]) -> Said:
    """Return a statement with the fields of an error in it; those that are lists, as one text."""
    names = fields.get("names", ())
    lower = ", ".join(name for name in names if name in LOWER_BOUNDS)
    shared = {
        **fields,
        "largest": LARGEST,
        "boundable": ", ".join(BOUNDABLE),
        "lower": lower or "0",
        "upper": ", ".join(name for name in names if name not in LOWER_BOUNDS),
    }
    codes, claim = listed(list(fields.get("codes", ()))), CLAIMED[fields.get("on", "unit")]
    measure = fields.get("measure")
    english = shared | {"codes": codes.en, "claim": claim.en, "measure": measure or "none"}
    japanese = shared | {"codes": codes.ja, "claim": claim.ja, "measure": measure or "なし"}
    return Said(*(Text(text.en.format(**english), text.ja.format(**japanese)) for text in said))
