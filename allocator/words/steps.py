"""The steps behind an amount, in words and figures."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from allocator.domain.figures import decimal, per_cent
from allocator.domain.text import Text
from allocator.domain.yen import group, yen
from allocator.engine.notes import TieNote
from allocator.engine.result import Allocation
from allocator.plans.tables import EQUAL
from allocator.results.outcome import ProgrammeOutcome
from allocator.words.notes import concerning, note_words
from allocator.words.rule import adjustment_words, carried_words, measure_name, method_words


@dataclass(frozen=True)
class Step:
    """One step: `name` as in the columns of the result, its exact `value`, and the words."""

    name: str
    value: str
    text: Text


def own_steps(outcome: ProgrammeOutcome, allocation: Allocation, code: str) -> list[Step]:
    """Return the steps of a payer of a programme, or of a part, that has one rule."""
    place = allocation.payers["code"].to_list().index(code)
    standing = allocation.standing[place]
    if standing != "rule":
        words = adjustment_words(outcome.programme, code, standing)
        return [Step(standing, "", words), amount_step(allocation.amounts[place])]
    if outcome.programme.unit_amount is not None and allocation.steps.shares is None:
        return unit_amount_steps(outcome, allocation, code)
    return split_steps(outcome, allocation, code)


def unit_amount_steps(outcome: ProgrammeOutcome, allocation: Allocation, code: str) -> list[Step]:
    """Return the steps of a unit amount: measure, band, unit amount, amount."""
    values = allocation.steps.of(code)
    name = measure_name(outcome.measures[0].measure)
    steps = [
        _measure("measure_1", name, values["measure_1"]),
        Step(
            "band_from",
            str(values["band_from"]),
            Text(
                f"the band from {values['band_from']:,} holds",
                f"{values['band_from']:,} 以上の区分に当たる",
            ),
        ),
        Step(
            "unit_amount",
            str(values["unit_amount"]),
            Text(
                f"its unit amount: {group(values['unit_amount'])} yen",
                f"その単価: {yen(values['unit_amount'])}",
            ),
        ),
    ]
    if values["amount"] != values["unit_amount"]:
        steps.append(Step("bounds", "", Text("moved into the bounds", "上下限の範囲に収める")))
    return [*steps, *note_steps(allocation, code), amount_step(values["amount"])]


def split_steps(outcome: ProgrammeOutcome, allocation: Allocation, code: str) -> list[Step]:
    """Return the steps of a split: total, parts, share, quota, rounding, amount."""
    steps, programme = allocation.steps, outcome.programme
    if steps.shares is None or steps.quotas is None or programme.rounding is None:
        raise AssertionError(f"{programme.id}: a split without shares")
    place, values = steps.position[code], steps.of(code)
    share, quota = steps.shares.of(place), steps.quotas.of(place)
    constants = steps.constants
    units, unit = int(constants["units"]), programme.rounding.unit
    rule = programme.rounding.rule
    found = [_total(allocation, int(constants["total"]))]
    found += _parts(outcome, allocation, values)
    found.append(
        Step(
            "share",
            str(share),
            Text(
                f"share of the total: {share} = {per_cent(share)}",
                f"総額に対する割合: {share} = {per_cent(share)}",
            ),
        )
    )
    formula = Text(
        f"share × {units:,} units of {unit:,} yen", f"割合 × {units:,} 単位(1単位 {unit:,} 円)"
    )
    if "low" in values:
        formula = Text("clamped to the bounds", "上下限で調整")
    elif not rule.hits_total:  # The total need be no multiple of the unit: none is handed out.
        whole = group(int(constants["total"]))
        formula = Text(
            f"share × {whole} yen ÷ {unit:,} yen, in units",
            f"割合 × {whole} 円 ÷ {unit:,} 円(単位)",
        )
    found.append(
        Step(
            "quota",
            str(quota),
            Text(
                f"quota: {formula.en} = {decimal(quota)}",
                f"端数処理前の額: {formula.ja} = {decimal(quota)}",
            ),
        )
    )
    found += _rounding(outcome, allocation, values, code)
    if values.get("rest"):
        rest = values["rest"]
        found.append(
            Step("rest", str(rest), Text(f"rest: + {rest:,} yen", f"単位未満の端数: + {rest:,} 円"))
        )
    return [*found, *note_steps(allocation, code), amount_step(values["amount"])]


def _total(allocation: Allocation, remaining: int) -> Step:
    text = Text(f"total to split: {group(remaining)} yen", f"配分する総額: {yen(remaining)}")
    whole = allocation.total if allocation.given is None else allocation.given
    if remaining != whole:
        fixed = group(whole - remaining)
        text = Text(
            f"{text.en} ({group(whole)} less fixed amounts of {fixed})",
            f"{text.ja}({group(whole)} 円から固定額 {fixed} 円を除く)",
        )
    return Step("total", str(remaining), text)


def _parts(outcome: ProgrammeOutcome, allocation: Allocation, values: dict[str, int]) -> list[Step]:
    """Return the parts of the share: equal, in proportion to a measure, or carried forward."""
    programme, steps = outcome.programme, allocation.steps
    count = len(steps.codes)
    if (carried := programme.carried_forward) is not None:
        listed = sum(int(value) for value in steps.columns["measure_1"])
        own = values["measure_1"]
        name = carried_words(carried.list_, carried.derived_from)
        return [
            Step(
                "measure_1",
                str(own),
                Text(
                    f"{name.en}: {group(own)} of {group(listed)} yen, carried forward",
                    f"{name.ja}: {group(listed)} 円のうち {yen(own)}(割合を引継ぎ)",
                ),
            )
        ]
    if programme.unit_amount is not None:
        own = values["unit_amount"]
        name = measure_name(outcome.measures[0].measure)
        text = Text(f"unit amount: {group(own)} yen", f"単価: {yen(own)}")
        return [
            _measure("measure_1", name, values["measure_1"]),
            Step("unit_amount", str(own), text),
        ]
    found: list[Step] = []
    number = 0
    for part in programme.share:
        if part.by == EQUAL:
            value = part.weight / count
            text = Text(
                f"equal part: {part.weight} ÷ {count:,} payers = {value}",
                f"均等割: {part.weight} ÷ {count:,} 団体 = {value}",
            )
            found.append(Step("equal", str(value), text))
            continue
        number += 1
        column = f"measure_{number}"
        own, whole = values[column], sum(int(value) for value in steps.columns[column])
        value = part.weight * Fraction(own, whole)
        name = measure_name(outcome.measures[number - 1].measure)
        text = Text(
            f"part by {name.en}: {part.weight} × {own:,} ÷ {whole:,} = {value}",
            f"{name.ja}による按分: {part.weight} × {own:,} ÷ {whole:,} = {value}",
        )
        found.append(Step(column, str(own), text))
    return found


def _rounding(
    outcome: ProgrammeOutcome, allocation: Allocation, values: dict[str, int], code: str
) -> list[Step]:
    steps, rule = allocation.steps, outcome.programme.rounding
    if rule is None:
        return []
    found: list[Step] = [Step("method", rule.method, method_words(rule))]
    if "low" in values:
        high = "—" if values["high"] < 0 else f"{values['high']:,}"
        found.append(
            Step(
                "bounds",
                f"{values['low']}..{values['high']}",
                Text(
                    f"bounds: {values['low']:,} to {high} units",
                    f"上下限: {values['low']:,}〜{high} 単位",
                ),
            )
        )
    if "whole_units" in values:
        whole = values["whole_units"]
        found.append(
            Step(
                "whole_units",
                str(whole),
                Text(f"whole units: {whole:,}", f"整数部分: {whole:,} 単位"),
            )
        )
    if "remainder" in values and steps.quotas is not None:
        rest = Fraction(values["remainder"], steps.quotas.denominator)
        missing = sum(int(extra) for extra in steps.columns["extra_unit"])
        rank = values["rank"]
        more = (
            Text(
                f"the first {missing:,} get one unit more",
                f"上位 {missing:,} 団体に1単位を加える",
            )
            if missing
            else Text("no unit is left to give", "配り残しの単位はない")
        )
        got = values["extra_unit"]
        found += [
            Step(
                "remainder",
                str(rest),
                Text(f"remainder: {decimal(rest)}", f"端数: {decimal(rest)}"),
            ),
            Step(
                "rank",
                str(rank),
                Text(
                    f"rank {rank} of {len(steps.codes):,} by remainder; {more.en}",
                    f"端数の大きさで {len(steps.codes):,} 団体中 {rank} 位({more.ja})",
                ),
            ),
            Step("extra_unit", str(got), Text(f"extra unit: {got}", f"追加: {got} 単位")),
        ]
    elif "extra_unit" in values:
        got = values["extra_unit"]
        found.append(
            Step(
                "extra_unit",
                str(got),
                Text(f"rounding difference: {got:+,} units", f"端数の調整: {got:+,} 単位"),
            )
        )
    if "running_units" in values:
        running = values["running_units"]
        found.append(
            Step(
                "running_units",
                str(running),
                Text(
                    f"units up to and with {code}: {running:,}",
                    f"{code} までの累計: {running:,} 単位",
                ),
            )
        )
    units = values["units"]
    found.append(
        Step(
            "units",
            str(units),
            Text(f"units: {units:,} × {rule.unit:,} yen", f"単位数: {units:,} × {rule.unit:,} 円"),
        )
    )
    return found


def _measure(column: str, name: Text, value: int) -> Step:
    return Step(column, str(value), Text(f"{name.en}: {value:,}", f"{name.ja}: {value:,}"))


def note_steps(allocation: Allocation, code: str) -> list[Step]:
    """Return what is to be known beside a payer's steps: ties, differences, rests."""
    found = []
    for note in concerning(allocation, code):
        on = f"_{note.on}" if isinstance(note, TieNote) else ""
        found.append(Step(f"note_{note.kind}{on}", "", note_words(note)))
    return found


def amount_step(amount: int) -> Step:
    """Return the last step: the amount."""
    return Step(
        "amount", str(amount), Text(f"amount: {group(amount)} yen", f"負担額: {yen(amount)}")
    )
