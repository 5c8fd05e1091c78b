"""What must hold between the keys of a programme; every fault is found, not the first alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from allocator.domain.text import Text
from allocator.domain.yen import group
from allocator.engine.rule import BOUNDABLE
from allocator.plans.rules import RuleTable

if TYPE_CHECKING:
    from allocator.domain.organisations import PayerGroup
    from allocator.plans.tables import Basis, Rounding


@dataclass(frozen=True)
class PartTotal:
    """What a sum has to know of a part: its name, its total (yen) where written, or the rest."""

    name: str
    yen: int | None
    is_rest: bool


Fault = tuple[Text, Text]
"""What is wrong, and how to mend it."""

RULES: Final = ("[[share]]", "[unit_amount]", "[carried_forward]")


def _rules(table: RuleTable) -> list[str]:
    """Return the rules that a programme or a part has; it should be one."""
    tables = (table.share, table.unit_amount, table.carried_forward)
    return [rule for rule, found in zip(RULES, tables, strict=True) if found]


def rule_faults(table: RuleTable, basis: Basis | None) -> Iterator[Fault]:
    """Find no rule or several, another basis than the rule's, or weights that are not whole."""
    given = _rules(table)
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
    elif (basis == "carried_forward") != (table.carried_forward is not None):
        yield (
            Text(
                'basis = "carried_forward" and [carried_forward] belong together',
                'basis = "carried_forward" と [carried_forward] は対で書きます',
            ),
            Text("set the basis to what the rule is", "basis を配分方法に合わせてください"),
        )
    if table.share and (weights := sum(part.weight for part in table.share)) != 1:
        yield (
            Text(
                f"the weights of [[share]] add up to {weights}, not 1",
                f"[[share]] の weight の合計が {weights} で、1になりません",
            ),
            Text("change them so that they add up to 1", "合計が1になるように直してください"),
        )
    rounding = table.rounding
    if rounding is not None and rounding.rest and not rounding.rule.hits_total:
        yield (
            Text(
                f"the method {rounding.method} leaves no rest: each amount is rounded for itself",
                f"端数処理 {rounding.method} は各団体の額を個別に処理するため、rest は要りません",
            ),
            Text("leave rest out", "rest を削ってください"),
        )


def band_faults(table: RuleTable, payers: PayerGroup) -> Iterator[Fault]:
    """Find unit amounts without bands for those who pay, or with bands for others."""
    if table.unit_amount is None:
        return
    wanted = {
        "all": ("prefectures", "municipalities"),
        "prefectures": ("prefectures",),
        "municipalities": ("municipalities",),
    }[payers]
    for group_ in ("prefectures", "municipalities"):
        if (getattr(table.unit_amount, group_) is not None) != (group_ in wanted):
            yield (
                Text(
                    f'[unit_amount] with payers = "{payers}" has bands for {" and ".join(wanted)}',
                    f'payers = "{payers}" の [unit_amount] には '
                    f"{' と '.join(wanted)} の区分を書きます",
                ),
                Text(f"add or remove {group_}", f"{group_} を加えるか、削ってください"),
            )


def total_faults(table: RuleTable, total: int | None, *, is_rest: bool = False) -> Iterator[Fault]:
    """Find a missing, a surplus or an odd total, where it is clear which rule there is."""
    if len(_rules(table)) != 1:
        return
    if table.unit_amount is not None:
        if total is not None or is_rest:
            yield (
                Text(
                    "with [unit_amount] the total follows; it is not given",
                    "[unit_amount] では総額は単価から決まるため、total は書きません",
                ),
                Text("leave total out", "total を削ってください"),
            )
        if table.keeps_total != (table.rounding is not None):
            yield (
                Text(
                    "[rounding] goes with [unit_amount] only where keep_total = true",
                    "[unit_amount] の [rounding] は keep_total = true のときだけ、必ず書きます",
                ),
                Text("add it, or leave it out", "加えるか、削ってください"),
            )
        return
    missing = {"total": total is None and not is_rest, "[rounding]": table.rounding is None}
    for key in (key for key, is_missing in missing.items() if is_missing):
        yield (
            Text(f"key {key} is missing", f"{key} がありません"),
            Text("add it: a total is split and rounded", "配分する総額と端数処理を書いてください"),
        )
    if found := total_against_unit(total, table.rounding):
        yield found


def total_against_unit(total: int | None, rounding: Rounding | None) -> Fault | None:
    """Say what is wrong (and how to mend it) where the total is no multiple of the unit."""
    if total is None or rounding is None or rounding.rest or total % rounding.unit == 0:
        return None
    if not rounding.rule.hits_total:
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


def adjustment_faults(table: RuleTable) -> Iterator[Fault]:
    """Find payers named twice, and bounds that the method cannot keep."""
    taken: set[str] = set()
    for adjustment in table.adjustment:
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
    bounded = any(adjustment.bounds for adjustment in table.adjustment)
    method = table.rounding.method if table.rounding else None
    if bounded and method is not None and method not in BOUNDABLE:
        yield (
            Text(
                f"the method {method} cannot keep bounds",
                f"端数処理 {method} では上下限を守れません",
            ),
            Text(f"use one of: {', '.join(BOUNDABLE)}", f"使える方法: {', '.join(BOUNDABLE)}"),
        )
    if table.keeps_total and table.unit_amount is None:
        yield (
            Text(
                "keep_total is for [unit_amount]: a split total is kept anyway",
                "keep_total は [unit_amount] 用です(総額の配分では常に総額が守られます)",
            ),
            Text("leave it out", "削ってください"),
        )


def sum_faults(
    own: Sequence[str], total: int | None, parts: Sequence[PartTotal]
) -> Iterator[Fault]:
    """Find what doesn't go together in a sum: `own` are keys that only a single rule has."""
    if own:
        keys = ", ".join(own)
        yield (
            Text(
                f"a programme of [[part]] has no {keys} of its own",
                f"[[part]] のある事業に {keys} は書けません",
            ),
            Text(
                "write it into the parts, or leave it out", "各 [[part]] に書くか、削ってください"
            ),
        )
    for name, count in Counter(part.name for part in parts).items():
        if count > 1:
            yield (
                Text(
                    f"{count} parts are named {name!r}",
                    f"{name!r} という part が {count} 個あります",
                ),
                Text("give each its own name", "それぞれ別の名前にしてください"),
            )
    rests = [part for part in parts if part.is_rest]
    if len(rests) > 1:
        yield (
            Text(
                f'{len(rests)} parts have total = "rest"; one at most can take what is left',
                f'total = "rest" の part が {len(rests)} 個あります(1個までです)',
            ),
            Text("give the others totals of their own", "ほかの part に総額を書いてください"),
        )
    yield from _sum_of_totals(total, parts, has_rest=bool(rests))


def _sum_of_totals(
    total: int | None, parts: Sequence[PartTotal], *, has_rest: bool
) -> Iterator[Fault]:
    added = sum(part.yen or 0 for part in parts)
    if has_rest:
        if total is None:
            yield (
                Text(
                    'total = "rest" needs the total of the programme',
                    'total = "rest" には事業の total が要ります',
                ),
                Text("add total to the programme", "事業に total を加えてください"),
            )
        elif added > total:
            yield (
                Text(
                    f"the parts take {group(added)} yen, more than the total {group(total)}",
                    f"各 part の計 {group(added)} 円が総額 {group(total)} 円を超えています",
                ),
                Text("lower them, or raise the total", "各 part を下げるか、総額を上げてください"),
            )
        return
    follows = any(part.yen is None for part in parts)
    if total is not None and (follows or added != total):
        yield (
            Text(
                f"the parts make the total; they add up to {group(added)} yen, not {group(total)}"
                if not follows
                else "the total follows from unit amounts; it is not given",
                f"総額は各 part の計 {group(added)} 円であり、{group(total)} 円ではありません"
                if not follows
                else "総額は単価から決まるため、total は書きません",
            ),
            Text(
                'correct it, leave total out, or give one part total = "rest"',
                'total を直すか削る、または一つの part を total = "rest" にしてください',
            ),
        )


def inferred_faults(table: RuleTable, inferred_from: str | None) -> Iterator[Fault]:
    """Find a rule that is said to be inferred where none is."""
    if inferred_from is not None and table.carried_forward is not None:
        yield (
            Text(
                "inferred_from goes with a rule; [carried_forward] names its list itself",
                "inferred_from は規則に書くもので、[carried_forward] は list で一覧を示します",
            ),
            Text("leave inferred_from out", "inferred_from を削ってください"),
        )


def breakdown_faults(payers: PayerGroup, *, has_breakdown: bool) -> Iterator[Fault]:
    """Find a breakdown where there is nothing to break down."""
    if has_breakdown and payers != "prefectures":
        yield (
            Text(
                "[breakdown] is for programmes that prefectures pay",
                "[breakdown] は都道府県が負担する事業にだけ使えます",
            ),
            Text("leave it out", "削ってください"),
        )
