"""What must hold between the keys of a programme; every fault is found, not the first alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from allocator.domain.text import Text
from allocator.domain.yen import group

if TYPE_CHECKING:
    from allocator.plans.tables import Programme


Fault = tuple[Text, Text]
"""What is wrong, and how to mend it."""

RULES = ("[[share]]", "[unit_amount]", "[carried_forward]")

BOUNDABLE = (
    "largest_remainder",
    "adams",
    "dean",
    "huntington_hill",
    "webster",
    "jefferson",
)
"""The methods that can keep minimum, maximum, max_increase and max_decrease."""


def _rules(programme: Programme) -> list[str]:
    """Return the rules that a programme has; it should be one."""
    tables = (programme.share, programme.unit_amount, programme.carried_forward)
    return [rule for rule, table in zip(RULES, tables, strict=True) if table]


def rule_faults(programme: Programme) -> Iterator[Fault]:
    """Find a programme without exactly one rule, or weights that are not whole."""
    given = _rules(programme)
    if len(given) != 1:
        found = " + ".join(given)
        yield (
            Text(f"the rule is {found}", f"配分方法が {found} です")
            if given
            else Text("there is no rule", "配分方法がありません"),
            Text(
                f"write one of {', '.join(RULES)}",
                f"{'、'.join(RULES)} のいずれか一つを書いてください",
            ),
        )
    elif (programme.basis == "carried_forward") != (programme.carried_forward is not None):
        yield (
            Text(
                'basis = "carried_forward" and [carried_forward] belong together',
                'basis = "carried_forward" と [carried_forward] は対で書きます',
            ),
            Text("set the basis to what the rule is", "basis を配分方法に合わせてください"),
        )
    if programme.inferred_from is not None and programme.carried_forward is not None:
        yield (
            Text(
                "inferred_from goes with a rule; [carried_forward] names its list itself",
                "inferred_from は規則に書くもので、[carried_forward] は list で一覧を示します",
            ),
            Text("leave inferred_from out", "inferred_from を削ってください"),
        )
    if programme.share and (weights := sum(part.weight for part in programme.share)) != 1:
        yield (
            Text(
                f"the weights of [[share]] add up to {weights}, not 1",
                f"[[share]] の weight の合計が {weights} で、1になりません",
            ),
            Text("change them so that they add up to 1", "合計が1になるように直してください"),
        )
    if programme.unit_amount is not None:
        wanted = {
            "all": ("prefectures", "municipalities"),
            "prefectures": ("prefectures",),
            "municipalities": ("municipalities",),
        }[programme.payers]
        for payers in ("prefectures", "municipalities"):
            if (getattr(programme.unit_amount, payers) is not None) != (payers in wanted):
                yield (
                    Text(
                        f'[unit_amount] with payers = "{programme.payers}" has bands for '
                        f"{' and '.join(wanted)}",
                        f'payers = "{programme.payers}" の [unit_amount] には '
                        f"{' と '.join(wanted)} の区分を書きます",
                    ),
                    Text(f"add or remove {payers}", f"{payers} を加えるか、削ってください"),
                )


def total_faults(programme: Programme) -> Iterator[Fault]:
    """Find a missing, a surplus or an odd total, where it is clear which rule there is."""
    if len(_rules(programme)) != 1:
        return
    if programme.unit_amount is not None:
        if programme.total is not None:
            yield (
                Text(
                    "with [unit_amount] the total follows; it is not given",
                    "[unit_amount] では総額は単価から決まるため、total は書きません",
                ),
                Text("leave total out", "total を削ってください"),
            )
        if programme.keeps_total != (programme.rounding is not None):
            yield (
                Text(
                    "[rounding] goes with [unit_amount] only where keep_total = true",
                    "[unit_amount] の [rounding] は keep_total = true のときだけ、必ず書きます",
                ),
                Text("add it, or leave it out", "加えるか、削ってください"),
            )
        return
    for key, value in (("total", programme.total), ("[rounding]", programme.rounding)):
        if value is None:
            yield (
                Text(f"key {key} is missing", f"{key} がありません"),
                Text(
                    "add it: a total is split and rounded", "配分する総額と端数処理を書いてください"
                ),
            )
    if found := total_against_unit(programme):
        yield found


def total_against_unit(programme: Programme) -> tuple[Text, Text] | None:
    """Say what is wrong (and how to mend it) where the total is no multiple of the unit."""
    total, rounding = programme.total, programme.rounding
    if total is None or rounding is None or rounding.rest or total % rounding.unit == 0:
        return None
    return (
        Text(
            f"the total {group(total)} is no multiple of the unit {group(rounding.unit)}",
            f"総額 {group(total)} 円は単位 {group(rounding.unit)} 円の倍数ではありません",
        ),
        Text(
            'change one of them, or say who takes the odd yen: rest = "largest" or "first"',
            'どちらかを直すか、端数の負担者を rest = "largest" または "first" で決めてください',
        ),
    )


def adjustment_faults(programme: Programme) -> Iterator[Fault]:
    """Find payers named twice, and bounds that the method cannot keep."""
    taken: set[str] = set()
    for adjustment in programme.adjustment:
        for code in (*(adjustment.exempt or ()), *(adjustment.fixed or ())):
            if code in taken:
                yield (
                    Text(
                        f"{code} is exempt or fixed twice",
                        f"{code} が exempt・fixed に2回あります",
                    ),
                    Text("name each payer once", "1回だけにしてください"),
                )
            taken.add(code)
    bounded = any(adjustment.bounds for adjustment in programme.adjustment)
    method = programme.rounding.method if programme.rounding else None
    if bounded and method is not None and method not in BOUNDABLE:
        yield (
            Text(
                f"the method {method} cannot keep bounds",
                f"端数処理 {method} では上下限を守れません",
            ),
            Text(f"use one of: {', '.join(BOUNDABLE)}", f"使える方法: {', '.join(BOUNDABLE)}"),
        )
    if programme.keeps_total and programme.unit_amount is None:
        yield (
            Text(
                "keep_total is for [unit_amount]: a split total is kept anyway",
                "keep_total は [unit_amount] 用です(総額の配分では常に総額が守られます)",
            ),
            Text("leave it out", "削ってください"),
        )


def breakdown_faults(programme: Programme) -> Iterator[Fault]:
    """Find a breakdown where there is nothing to break down."""
    if programme.breakdown is not None and programme.payers != "prefectures":
        yield (
            Text(
                "[breakdown] is for programmes that prefectures pay",
                "[breakdown] は都道府県が負担する事業にだけ使えます",
            ),
            Text("leave it out", "削ってください"),
        )
