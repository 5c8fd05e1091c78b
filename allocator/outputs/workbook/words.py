"""The rule of a programme in words, line by line; what it stands on, in a few words."""

from __future__ import annotations

from collections.abc import Iterator

from allocator.domain.organisations import KIND_NAMES, PREFECTURE
from allocator.domain.yen import group, yen
from allocator.engine.result import Allocation
from allocator.outputs.files.csv_files import NOTIONAL
from allocator.outputs.files.provenance import portable
from allocator.plans.programme import Programme
from allocator.plans.tables import EQUAL, Band, Rounding
from allocator.results.outcome import ProgrammeOutcome
from allocator.words.labels import BASIS_REMARKS, PAYERS, signed
from allocator.words.notes import note_words
from allocator.words.parts import parts_words
from allocator.words.rule import BASIS, measure_name, measure_words, method_words

_TIES = {
    "code": "端数が等しいときは団体コードの小さい団体を先とする",
    "weight": "端数が等しいときは割合の大きい団体、次に団体コードの小さい団体を先とする",
    "error": "端数が等しく順位が決まらないときは算定しない",
}
_REST = {"largest": "割合の最も大きい団体", "first": "先頭の団体"}


def list_words(programme: Programme) -> str:
    """Say what the figures are that a programme carries forward."""
    carried = programme.carried_forward
    derived = carried is not None and carried.derived_from is not None
    return "公表一覧から求めた額" if derived else "公表一覧の額"


def basis_words(outcome: ProgrammeOutcome) -> str:
    """Return on what the amounts stand; of parts, how much of the total on which basis."""
    if outcome.allocation is None:
        return BASIS["not computed"].ja
    words = BASIS[outcome.programme.basis].ja
    return f"{words}({parts_words(outcome).ja})" if outcome.parts else words


def allocations_of(outcome: ProgrammeOutcome) -> Iterator[tuple[str, Allocation]]:
    """Yield the allocation of a programme and those of its parts, each with its name."""
    title = outcome.programme.title
    for own in (outcome, *outcome.parts):
        if own.allocation is not None:
            yield title if own is outcome else f"{title} {own.programme.title}", own.allocation


def rule_words(outcome: ProgrammeOutcome, allocation: Allocation) -> list[tuple[str, str]]:
    """Return the rule in words: what each line is about, and what it says.

    Of a programme of parts: how they are added up, then each part's own rule.
    """
    if not outcome.parts:
        return _single(outcome, allocation)
    remark = BASIS_REMARKS["parts"].ja
    lines = [
        ("算定の根拠", f"{basis_words(outcome)}。{remark}"),
        ("負担団体", _payers(outcome, allocation)),
        ("総額", _total(allocation)),
    ]
    for number, (table, part) in enumerate(
        zip(outcome.programme.part, outcome.parts, strict=True), start=1
    ):
        if part.allocation is None:
            continue
        lines.append((f"部分{number}", part.programme.title))
        own = _single(part, part.allocation)
        if table.is_rest:
            rest = f"{_total(part.allocation)}(総額から他の部分の額を除いた残り)"
            own = [(name, rest if name == "総額" else text) for name, text in own]
        lines += [(f"部分{number} {name}", text) for name, text in own]
    return [*lines, *_notional(outcome)]


def _single(outcome: ProgrammeOutcome, allocation: Allocation) -> list[tuple[str, str]]:
    """Return the rule of a programme that is no sum, or of a part."""
    programme = outcome.programme
    basis = f"{BASIS[programme.basis].ja}({BASIS_REMARKS[programme.basis].ja})"
    lines = [("算定の根拠", basis)]
    if programme.stated_error:
        lines.append(("推計の誤差", programme.stated_error))
    lines += [("負担団体", _payers(outcome, allocation)), ("総額", _total(allocation))]
    measures = iter(outcome.measures)
    for number, part in enumerate(programme.share, start=1):
        by = "均等割"
        if part.by != EQUAL:
            by = f"{measure_name(next(measures).measure).ja}による按分"
        lines.append((f"割合{number}", f"総額の {part.weight} を{by}"))
    if programme.carried_forward is not None:
        carried = programme.carried_forward
        name = portable(carried.list_)
        if carried.derived_from is not None:
            name = f"{portable(carried.derived_from)} から求めた額 {name}"
        lines.append(("割合", f"公表一覧 {name} の割合を総額に当てはめる"))
    if programme.unit_amount is not None:
        rule = programme.unit_amount
        lines.append(("単価", f"{measure_name(outcome.measures[0].measure).ja}の区分ごとに定める"))
        for name, bands in (
            (KIND_NAMES[PREFECTURE], rule.prefectures),
            ("市区町村", rule.municipalities),
        ):
            lines += [(name, _band(band)) for band in bands or ()]
    if programme.rounding is not None:
        lines.append(("端数処理", _rounding(programme.rounding)))
    lines += [("調整", adjustment.reason) for adjustment in programme.adjustment]
    lines += _notional(outcome)
    return lines + [("注記", note_words(note).ja) for note in allocation.notes]


def _payers(outcome: ProgrammeOutcome, allocation: Allocation) -> str:
    return f"{PAYERS[outcome.programme.payers].ja}、{len(allocation.payers):,}団体"


def _total(allocation: Allocation) -> str:
    """Return the total; where another sum is charged, that beside it."""
    given, charged = allocation.given, allocation.total
    if given is None or given == charged:
        return yen(charged)
    return f"{yen(given)}(請求する額 {yen(charged)}、差 {signed(charged - given)} 円)"


def _notional(outcome: ProgrammeOutcome) -> list[tuple[str, str]]:
    split = outcome.programme.breakdown
    if split is None:
        return []
    measure = measure_words(split.by, split.as_of).ja
    text = f"都道府県の額を{measure}により市区町村に按分(最大剰余法、単位 {split.unit:,} 円)"
    return [(NOTIONAL, f"{text}。市区町村が負担するものではない")]


def _rounding(rule: Rounding) -> str:
    words = method_words(rule).ja.partition(": ")[2]
    if rule.method == "largest_remainder":
        words += f"。{_TIES[rule.ties]}"
    if rule.rest is not None:
        words += f"。単位未満の額は{_REST[rule.rest]}に加える"
    return words


def _band(band: Band) -> str:
    return f"{group(band.from_)} 以上: {yen(band.amount)}"
