"""The steps behind an amount, in words and figures."""

from __future__ import annotations

from collections.abc import Iterator
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
from allocator.words.rule import (
    EQUAL_PART,
    adjustment_words,
    carried_words,
    measure_name,
    proportional,
    rounding_words,
)


@dataclass(frozen=True)
class Step:
    """One step: `name` as in the columns of the result, its exact `value`, and the words."""

    name: str
    value: str
    text: Text


def step(name: str, value: object, english: str, japanese: str) -> Step:
    """Return a step with its value as text."""
    return Step(name, f"{value}", Text(english, japanese))


def own_steps(outcome: ProgrammeOutcome, allocation: Allocation, code: str) -> list[Step]:
    """Return the steps of a payer of a programme, or of a part, that has one rule."""
    place = allocation.payers["code"].to_list().index(code)
    standing = allocation.standing[place]
    if standing != "rule":
        words = adjustment_words(outcome.programme, code, standing)
        return [Step(standing, "", words), amount_step(allocation.amounts[place])]
    if outcome.programme.unit_amount is not None and allocation.steps.shares is None:
        steps = unit_amount_steps(outcome, allocation.steps.of(code))
    else:
        steps = split_steps(outcome, allocation, code)
    return [*steps, *note_steps(allocation, code), amount_step(allocation.amounts[place])]


def unit_amount_steps(outcome: ProgrammeOutcome, values: dict[str, int]) -> Iterator[Step]:
    """Yield the steps of a unit amount: measure, band, unit amount."""
    start, amount = values["band_from"], values["unit_amount"]
    yield _measure(outcome, values)
    yield step(
        "band_from", start, f"the band from {start:,} holds", f"{start:,} 以上の区分に当たる"
    )
    yield step(
        "unit_amount", amount, f"its unit amount: {group(amount)} yen", f"その単価: {yen(amount)}"
    )
    if values["amount"] != amount:
        yield step("bounds", "", "moved into the bounds", "上下限の範囲に収める")


def split_steps(outcome: ProgrammeOutcome, allocation: Allocation, code: str) -> Iterator[Step]:
    """Yield the steps of a split: total, parts, share, quota, rounding."""
    steps, programme = allocation.steps, outcome.programme
    if steps.shares is None or steps.quotas is None or programme.rounding is None:
        raise AssertionError(f"{programme.id}: a split without shares")
    place, values = steps.position[code], steps.of(code)
    share, quota = steps.shares.of(place), steps.quotas.of(place)
    total, units = int(steps.constants["total"]), int(steps.constants["units"])
    unit = programme.rounding.unit
    yield _total(allocation, total)
    yield from _parts(outcome, allocation, values)
    alike = f"{share} = {per_cent(share)}"
    yield step("share", share, f"share of the total: {alike}", f"総額に対する割合: {alike}")
    formula = Text(
        f"share × {units:,} units of {unit:,} yen", f"割合 × {units:,} 単位(1単位 {unit:,} 円)"
    )
    if "low" in values:
        formula = Text("clamped to the bounds", "上下限で調整")
    elif not programme.rounding.rule.hits_total:
        # The total need be no multiple of the unit: none is handed out.
        formula = Text(
            f"share × {group(total)} yen ÷ {unit:,} yen, in units",
            f"割合 × {group(total)} 円 ÷ {unit:,} 円(単位)",
        )
    found = decimal(quota)
    yield step(
        "quota", quota, f"quota: {formula.en} = {found}", f"端数処理前の額: {formula.ja} = {found}"
    )
    yield from _rounding(outcome, allocation, values, code)
    if rest := values.get("rest"):
        yield step("rest", rest, f"rest: + {rest:,} yen", f"単位未満の端数: + {rest:,} 円")


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


def _parts(
    outcome: ProgrammeOutcome, allocation: Allocation, values: dict[str, int]
) -> Iterator[Step]:
    """Yield the parts of the share: equal, in proportion to a measure, or carried forward."""
    programme, steps = outcome.programme, allocation.steps
    if (carried := programme.carried_forward) is not None:
        own, listed = values["measure_1"], group(sum(map(int, steps.columns["measure_1"])))
        name = carried_words(carried.list_, carried.derived_from)
        yield step(
            "measure_1",
            own,
            f"{name.en}: {group(own)} of {listed} yen, carried forward",
            f"{name.ja}: {listed} 円のうち {yen(own)}(割合を引継ぎ)",
        )
    if programme.unit_amount is not None:
        own = values["unit_amount"]
        yield _measure(outcome, values)
        yield step("unit_amount", own, f"unit amount: {group(own)} yen", f"単価: {yen(own)}")
    count, measures = len(steps.codes), enumerate(outcome.measures, start=1)
    for part in programme.share:
        if part.by == EQUAL:
            value, by = part.weight / count, EQUAL_PART
            yield step(
                "equal",
                value,
                f"{by.en}: {part.weight} ÷ {count:,} payers = {value}",
                f"{by.ja}: {part.weight} ÷ {count:,} 団体 = {value}",
            )
            continue
        number, aligned = next(measures)
        column = f"measure_{number}"
        own, whole = values[column], sum(map(int, steps.columns[column]))
        by = proportional(measure_name(aligned.measure))
        working = f"{part.weight} × {own:,} ÷ {whole:,} = {part.weight * Fraction(own, whole)}"
        yield step(column, own, f"{by.en}: {working}", f"{by.ja}: {working}")


def _rounding(
    outcome: ProgrammeOutcome, allocation: Allocation, values: dict[str, int], code: str
) -> Iterator[Step]:
    steps, rule = allocation.steps, outcome.programme.rounding
    if rule is None:
        return
    words = rounding_words(rule)
    yield step("method", rule.method, f"rounding: {words.en}", f"端数処理: {words.ja}")
    if "low" in values:
        low, high = values["low"], values["high"]
        most = "—" if high < 0 else f"{high:,}"
        yield step(
            "bounds",
            f"{low}..{high}",
            f"bounds: {low:,} to {most} units",
            f"上下限: {low:,}〜{most} 単位",
        )
    if "whole_units" in values:
        whole = values["whole_units"]
        yield step("whole_units", whole, f"whole units: {whole:,}", f"整数部分: {whole:,} 単位")
    got = values.get("extra_unit", 0)
    if "remainder" in values and steps.quotas is not None:
        rest = Fraction(values["remainder"], steps.quotas.denominator)
        yield from _remainder(allocation, rest, values["rank"])
        yield step("extra_unit", got, f"extra unit: {got}", f"追加: {got} 単位")
    elif "extra_unit" in values:
        yield step(
            "extra_unit", got, f"rounding difference: {got:+,} units", f"端数の調整: {got:+,} 単位"
        )
    if "running_units" in values:
        running = values["running_units"]
        yield step(
            "running_units",
            running,
            f"units up to and with {code}: {running:,}",
            f"{code} までの累計: {running:,} 単位",
        )
    units = values["units"]
    yield step(
        "units",
        units,
        f"units: {units:,} × {rule.unit:,} yen",
        f"単位数: {units:,} × {rule.unit:,} 円",
    )


def _remainder(allocation: Allocation, rest: Fraction, rank: int) -> Iterator[Step]:
    """Yield what a payer's remainder is, and how it ranks among the others."""
    steps, shown = allocation.steps, decimal(rest)
    missing, count = sum(map(int, steps.columns["extra_unit"])), len(steps.codes)
    more = Text("no unit is left to give", "配り残しの単位はない")
    if missing:
        more = Text(
            f"the first {missing:,} get one unit more", f"上位 {missing:,} 団体に1単位を加える"
        )
    yield step("remainder", rest, f"remainder: {shown}", f"端数: {shown}")
    yield step(
        "rank",
        rank,
        f"rank {rank} of {count:,} by remainder; {more.en}",
        f"端数の大きさで {count:,} 団体中 {rank} 位({more.ja})",
    )


def _measure(outcome: ProgrammeOutcome, values: dict[str, int]) -> Step:
    name, value = measure_name(outcome.measures[0].measure), values["measure_1"]
    return step("measure_1", value, f"{name.en}: {value:,}", f"{name.ja}: {value:,}")


def note_steps(allocation: Allocation, code: str) -> Iterator[Step]:
    """Yield what is to be known beside a payer's steps: ties, differences, rests."""
    for note in concerning(allocation, code):
        on = f"_{note.on}" if isinstance(note, TieNote) else ""
        yield Step(f"note_{note.kind}{on}", "", note_words(note))


def amount_step(amount: int) -> Step:
    """Return the last step: the amount."""
    return step("amount", amount, f"amount: {group(amount)} yen", f"負担額: {yen(amount)}")
