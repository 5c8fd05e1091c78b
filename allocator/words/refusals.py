"""Why there is no allocation, in words: what the engine raises, as problems that can be mended."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import singledispatch
from typing import Final, TypeAlias

from allocator.domain.errors import InputError, Problem
from allocator.domain.text import Text, listed
from allocator.domain.yen import LARGEST, group
from allocator.engine import errors
from allocator.engine.errors import RuleError
from allocator.engine.rule import BOUNDABLE, LOWER_BOUNDS
from allocator.words.notes import CLAIMED

Said: TypeAlias = tuple[Text, Text]
"""What is wrong, and how to mend it."""

_SMALLER_UNIT: Final = Text(
    "use a smaller unit or another method", "単位を小さくするか、別の方法を使ってください"
)
_LOOSEN: Final = Text(
    "loosen those bounds, or change the total", "上下限を緩めるか、総額を直してください"
)
_CORRECT: Final = Text("correct what is passed", "渡す値を直してください")


def refused(error: RuleError, where: str) -> InputError:
    """Return what the engine raised as an `InputError`; `where` is the programme or its file."""
    return InputError(list(_problems(error, where)))


def _problems(error: RuleError, where: str) -> Iterator[Problem]:
    code = code_of(error)
    if isinstance(error, errors.StrangersError):
        for key, codes in error.found:
            named = listed(list(codes))
            yield Problem(
                f"{where}: {key}",
                Text(f"no payer has the code {named.en}", f"負担団体にないコードです: {named.ja}"),
                Text(
                    "write codes of payers of this programme, six digits, as text",
                    "この事業の負担団体のコードを6桁の文字列で書いてください",
                ),
                code,
                {"codes": codes},
            )
        return
    what, mend = said(error)
    yield Problem(f"{where}: {error.key}", what, mend, code, dict(error.fields()))


def code_of(error: RuleError) -> str:
    """Return what a kind of error is called, the same in every language: `odd_total`."""
    name = type(error).__name__.removesuffix("Error")
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).lower()


@singledispatch
def said(error: RuleError) -> Said:
    """Return what is wrong and how to mend it; each kind of error has its sentence below."""
    raise AssertionError(f"no words for {error!r}")


@said.register
def _(_error: errors.NobodyError) -> Said:
    return (
        Text("nobody is left to pay under the rule", "配分の対象となる団体が残っていません"),
        Text("exempt or fix fewer payers", "exempt・fixed の団体を減らしてください"),
    )


@said.register
def _(_error: errors.EmptyMeasureError) -> Said:
    return (
        Text(
            "the measure adds up to 0 over the payers: nothing to split by",
            "負担団体の指標の合計が0で、按分できません",
        ),
        Text("choose another measure or date", "別の指標か日付を選んでください"),
    )


@said.register
def _(error: errors.OddTotalError) -> Said:
    return (
        Text(
            f"{group(error.yen)} yen remain to be split, no multiple of the unit "
            f"{group(error.unit)}",
            f"配分する {group(error.yen)} 円は単位 {group(error.unit)} 円の倍数ではありません",
        ),
        Text(
            'change the total, a fixed amount or the unit, or add rest = "largest" or "first"',
            '総額・固定額・単位を直すか、rest = "largest" か "first" を加えてください',
        ),
    )


@said.register
def _(error: errors.TooLargeError) -> Said:
    return (
        Text(
            f"the amounts add up to {group(error.yen)} yen, more than {group(LARGEST)}",
            f"金額の合計 {group(error.yen)} 円が上限 {group(LARGEST)} 円を超えています",
        ),
        Text("lower the amounts", "金額を下げてください"),
    )


@said.register
def _(error: errors.FixedBeyondTotalError) -> Said:
    return (
        Text(
            f"the fixed amounts add up to {group(error.fixed)} yen, more than the total "
            f"{group(error.total)}",
            f"固定額の合計 {group(error.fixed)} 円が総額 {group(error.total)} 円を超えています",
        ),
        Text("lower them, or raise the total", "固定額を下げるか、総額を上げてください"),
    )


@said.register
def _(error: errors.NegativeAmountError) -> Said:
    return (
        Text(
            f"the rounding difference would leave {error.code} with {error.units} units",
            f"端数の差を {error.code} に寄せると {error.units} 単位(負)になります",
        ),
        Text(
            "use a smaller unit, or the method largest_remainder",
            "単位を小さくするか、largest_remainder を使ってください",
        ),
    )


@said.register
def _(error: errors.TooFewUnitsError) -> Said:
    return (
        Text(
            f"{error.method} gives every payer at least a unit: {error.needed} units are needed, "
            f"there are {error.units}",
            f"{error.method} では各団体に1単位以上が要ります"
            f"({error.needed} 単位必要、{error.units} 単位のみ)",
        ),
        _SMALLER_UNIT,
    )


@said.register
def _(error: errors.UndecidedTieError) -> Said:
    named, on = listed(list(error.codes)), CLAIMED[error.on]
    return (
        Text(
            f"equal claims on {on.en}: {named.en}",
            f"{on.ja}について同順位の団体があります: {named.ja}",
        ),
        Text(
            'decide by ties = "code" or "weight", or change the unit',
            'ties = "code" または "weight" で決めるか、単位を変えてください',
        ),
    )


@said.register
def _(error: errors.NothingToBreakDownError) -> Said:
    return (
        Text(
            f"the municipalities of {error.prefecture} have nothing to split its amount by",
            f"{error.prefecture} の市区町村に按分の指標がありません",
        ),
        Text("choose another measure or date", "別の指標か日付を選んでください"),
    )


@said.register
def _(error: errors.ContradictoryBoundsError) -> Said:
    lower, upper = _parted(error.names)
    least, most, unit = group(error.least), group(error.most), f"{error.unit:,}"
    return (
        Text(
            f"the bounds of {error.code}, in whole units of {unit} yen, contradict each "
            f"other: at least {least} yen ({lower or 0}), at most {most} ({upper})",
            f"{error.code} の上下限({unit} 円単位に内側へ丸めたもの)が矛盾しています: "
            f"{least} 円以上({lower or 0})、{most} 円以下({upper})",
        ),
        _LOOSEN,
    )


@said.register
def _(error: errors.UnkeptBoundsError) -> Said:
    lower, upper = _parted(error.names)
    if error.kind == "minimum":
        what = Text(
            f"the lower bounds ({lower}) add up to {group(error.bound)} yen, more than there is to "
            "split",
            f"下限({lower})の合計 {group(error.bound)} 円が配分する額を超えています",
        )
    else:
        what = Text(
            f"the upper bounds ({upper}) add up to {group(error.bound)} yen, less than there is to "
            "split",
            f"上限({upper})の合計 {group(error.bound)} 円が配分する額に足りません",
        )
    return what, _LOOSEN


@said.register
def _(error: errors.UnboundableError) -> Said:
    named = ", ".join(BOUNDABLE)
    return (
        Text(
            f"the method {error.method} cannot keep bounds",
            f"端数処理 {error.method} では上下限を守れません",
        ),
        Text(f"use one of: {named}", f"使える方法: {named}"),
    )


@said.register
def _(error: errors.RestBeyondBoundError) -> Said:
    return (
        Text(
            f"the rest of {group(error.rest)} yen would lift {error.code} above its upper bound",
            f"端数 {group(error.rest)} 円を加えると {error.code} が上限を超えます",
        ),
        Text(
            "loosen the bound, or use a unit that divides the total",
            "上限を緩めるか、総額を割り切る単位にしてください",
        ),
    )


@said.register
def _(error: errors.RestBelowZeroError) -> Said:
    return (
        Text(
            f"the other parts take {group(error.others)} yen, more than the total "
            f"{group(error.total)}",
            f"ほかの部分の計 {group(error.others)} 円が総額 {group(error.total)} 円を超えています",
        ),
        Text("raise the total, or lower a part", "総額を上げるか、部分を下げてください"),
    )


@said.register
def _(error: errors.WrongTotalError) -> Said:
    what = {
        "negative": Text(f"{error.total} is negative", f"{error.total} は負の値です"),
        "fraction": Text(
            f"{error.total!r} is no whole number of yen",
            f"{error.total!r} は円単位の整数ではありません",
        ),
        "follows": Text(
            "the total follows from the rule and cannot be set",
            "総額は規則から決まるため、指定できません",
        ),
        "missing": Text("there is no total to divide", "配分する総額がありません"),
    }[error.reason]
    return what, _CORRECT


@said.register
def _(error: errors.WrongUnitError) -> Said:
    if error.reason != "none":
        return (
            Text(f"the unit is {error.unit} yen", f"単位が {error.unit} 円です"),
            Text("pass a whole number from 1 up", "1以上の整数にしてください"),
        )
    return (
        Text(
            "the rule has no one unit to change: it rounds nothing, or each part by itself",
            "この規則には変更できる単位がありません(端数処理がないか、部分ごとに異なります)",
        ),
        Text("leave unit out", "unit を省いてください"),
    )


@said.register
def _(error: errors.WrongWeightsError) -> Said:
    return _weights(error), _CORRECT


def _parted(names: tuple[str, ...]) -> tuple[str, str]:
    """Return the names of the lower bounds and of the upper ones."""
    lower = ", ".join(name for name in names if name in LOWER_BOUNDS)
    return lower, ", ".join(name for name in names if name not in LOWER_BOUNDS)


def _weights(error: errors.WrongWeightsError) -> Text:
    name = error.measure
    return {
        "count": Text(
            f"{error.found} weights for {name}, {error.expected} payers",
            f"{name} の値が {error.found} 個で、負担団体 {error.expected} と合いません",
        ),
        "negative": Text(f"a weight of {name} is negative", f"{name} に負の値があります"),
        "fraction": Text(
            f"a weight of {name} is no whole number", f"{name} に整数でない値があります"
        ),
        "unknown": Text(f"the rule has no measure {name}", f"規則に指標 {name} はありません"),
        "several": Text(
            f"the rule has not one measure but: {name or 'none'}; pass them by name",
            f"規則の指標は1つではありません({name or 'なし'})。名前で渡してください",
        ),
    }[error.reason]
