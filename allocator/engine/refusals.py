"""What the engine says when the rule and the inputs allow no allocation."""

from __future__ import annotations

from allocator.domain.errors import InputError, refuse
from allocator.domain.text import Text
from allocator.domain.yen import LARGEST, group
from allocator.engine.adjust import Limits
from allocator.engine.bounds import BoundsError
from allocator.engine.divisors import TooFewUnitsError
from allocator.engine.exact import Ints, total
from allocator.engine.rounding import NegativeAmountError
from allocator.engine.split import Split
from allocator.plans.tables import LOWER_BOUNDS, Programme, Rounding


def refuse_odd_total(programme: Programme, yen: int, rule: Rounding) -> None:
    """Refuse an amount that is no multiple of the unit where nobody takes the rest."""
    if yen % rule.unit and rule.rest is None:
        raise refuse(
            f"{programme.id}: rounding.unit",
            Text(
                f"{group(yen)} yen remain to be split, no multiple of the unit {group(rule.unit)}",
                f"配分する {group(yen)} 円は単位 {group(rule.unit)} 円の倍数ではありません",
            ),
            Text(
                'change the total, a fixed amount or the unit, or add rest = "largest" or "first"',
                '総額・固定額・単位を直すか、rest = "largest" か "first" を加えてください',
            ),
        )


def refuse_beyond_largest(programme: Programme, yen: int) -> None:
    """Refuse a total beyond what the engine undertakes to allocate."""
    if yen > LARGEST:
        raise refuse(
            f"{programme.id}: total",
            Text(
                f"the amounts add up to {group(yen)} yen, more than {group(LARGEST)}",
                f"金額の合計 {group(yen)} 円が上限 {group(LARGEST)} 円を超えています",
            ),
            Text("lower the amounts", "金額を下げてください"),
        )


def refuse_empty(programme: Programme, key: str, measure: Ints) -> None:
    """Refuse a measure that adds up to nothing."""
    if total(measure) == 0:
        raise refuse(
            f"{programme.id}: {key}",
            Text(
                "the measure adds up to 0 over the payers: nothing to split by",
                "負担団体の指標の合計が0で、按分できません",
            ),
            Text("choose another measure or date", "別の指標か日付を選んでください"),
        )


def nobody(programme: Programme) -> InputError:
    """Say that no payer is left under the rule."""
    return refuse(
        f"{programme.id}: adjustment",
        Text("nobody is left to pay under the rule", "配分の対象となる団体が残っていません"),
        Text("exempt or fix fewer payers", "exempt・fixed の団体を減らしてください"),
    )


def negative(programme: Programme, error: NegativeAmountError, codes: list[str]) -> InputError:
    """Say that the rounding difference is too large for the payer that bears it."""
    code = codes[error.position]
    return refuse(
        f"{programme.id}: rounding.method",
        Text(
            f"the rounding difference would leave {code} with {error.units} units",
            f"端数の差を {code} に寄せると {error.units} 単位(負)になります",
        ),
        Text(
            "use a smaller unit, or the method largest_remainder",
            "単位を小さくするか、largest_remainder を使ってください",
        ),
    )


def too_few(programme: Programme, error: TooFewUnitsError, units: int) -> InputError:
    """Say that there are fewer units than payers which must get one."""
    method = programme.rounding.method if programme.rounding else ""
    return refuse(
        f"{programme.id}: rounding.method",
        Text(
            f"{method} gives every payer at least a unit: {error.needed} units are needed, "
            f"there are {units}",
            f"{method} では各団体に1単位以上が要ります({error.needed} 単位必要、{units} 単位のみ)",
        ),
        Text(
            "use a smaller unit or another method", "単位を小さくするか、別の方法を使ってください"
        ),
    )


def no_bounds(
    programme: Programme, error: BoundsError, limits: Limits | None, codes: list[str]
) -> InputError:
    """Say which bounds leave no allocation."""
    unit = programme.rounding.unit if programme.rounding else 1
    set_bounds = limits.names if limits else ()
    lower = ", ".join(name for name in set_bounds if name in LOWER_BOUNDS)
    upper = ", ".join(name for name in set_bounds if name not in LOWER_BOUNDS)
    figure = group(error.figure * unit)
    if error.position is not None:
        code, ceiling = codes[error.position], group(error.ceiling * unit)
        what = Text(
            f"the bounds of {code}, in whole units of {unit:,} yen, contradict each other: "
            f"at least {figure} yen ({lower or 0}), at most {ceiling} ({upper})",
            f"{code} の上下限({unit:,} 円単位に内側へ丸めたもの)が矛盾しています: "
            f"{figure} 円以上({lower or 0})、{ceiling} 円以下({upper})",
        )
    elif error.kind == "minimum":
        what = Text(
            f"the lower bounds ({lower}) add up to {figure} yen, more than there is to split",
            f"下限({lower})の合計 {figure} 円が配分する額を超えています",
        )
    else:
        what = Text(
            f"the upper bounds ({upper}) add up to {figure} yen, less than there is to split",
            f"上限({upper})の合計 {figure} 円が配分する額に足りません",
        )
    return refuse(
        f"{programme.id}: adjustment",
        what,
        Text("loosen those bounds, or change the total", "上下限を緩めるか、総額を直してください"),
    )


def refuse_rest_beyond_bounds(
    programme: Programme, done: Split, limits: Limits | None, codes: list[str]
) -> None:
    """Refuse a rest that would lift its payer above the upper bound."""
    if limits is None or done.rest_to is None:
        return
    high = limits.high[done.rest_to]
    if high is not None and int(done.amounts[done.rest_to]) > high:
        code = codes[done.rest_to]
        raise refuse(
            f"{programme.id}: rounding.rest",
            Text(
                f"the rest of {group(done.rest)} yen would lift {code} above its upper bound",
                f"端数 {group(done.rest)} 円を加えると {code} が上限を超えます",
            ),
            Text(
                "loosen the bound, or use a unit that divides the total",
                "上限を緩めるか、総額を割り切る単位にしてください",
            ),
        )
