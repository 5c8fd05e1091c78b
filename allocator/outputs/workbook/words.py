"""The rule of a programme in words, line by line."""

from __future__ import annotations

from allocator.domain.organisations import KIND_NAMES, PREFECTURE
from allocator.domain.yen import group, yen
from allocator.engine.result import Allocation
from allocator.outputs.files.csv_files import NOTIONAL
from allocator.outputs.files.provenance import portable
from allocator.plans.tables import EQUAL, Band, Rounding
from allocator.results.outcome import ProgrammeOutcome
from allocator.words.labels import BASIS_REMARKS, PAYERS
from allocator.words.rule import BASIS, measure_name, measure_words, method_words

_TIES = {
    "code": "端数が等しいときは団体コードの小さい団体を先とする",
    "weight": "端数が等しいときは割合の大きい団体、次に団体コードの小さい団体を先とする",
    "error": "端数が等しく順位が決まらないときは算定しない",
}
_REST = {"largest": "割合の最も大きい団体", "first": "先頭の団体"}


def rule_words(outcome: ProgrammeOutcome, allocation: Allocation) -> list[tuple[str, str]]:
    """Return the rule in words: what each line is about, and what it says."""
    programme = allocation.programme
    basis = f"{BASIS[programme.basis].ja}({BASIS_REMARKS[programme.basis].ja})"
    lines = [("算定の根拠", basis)]
    if programme.stated_error:
        lines.append(("推計の誤差", programme.stated_error))
    payers = f"{PAYERS[programme.payers].ja}、{len(allocation.payers):,}団体"
    lines += [("負担団体", payers), ("総額", yen(allocation.total))]
    measures = iter(outcome.measures)
    for number, part in enumerate(programme.share, start=1):
        by = "均等割"
        if part.by != EQUAL:
            by = f"{measure_name(next(measures).measure).ja}による按分"
        lines.append((f"割合{number}", f"総額の {part.weight} を{by}"))
    if programme.carried_forward is not None:
        name = portable(programme.carried_forward.list_)
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
    if (split := programme.breakdown) is not None:
        measure = measure_words(split.by, split.as_of).ja
        text = f"都道府県の額を{measure}により市区町村に按分(最大剰余法、単位 {split.unit:,} 円)"
        lines.append((NOTIONAL, f"{text}。市区町村が負担するものではない"))
    return lines + [("注記", note.text.ja) for note in allocation.notes]


def _rounding(rule: Rounding) -> str:
    words = method_words(rule).ja.partition(": ")[2]
    if rule.method == "largest_remainder":
        words += f"。{_TIES[rule.ties]}"
    if rule.rest is not None:
        words += f"。単位未満の額は{_REST[rule.rest]}に加える"
    return words


def _band(band: Band) -> str:
    return f"{group(band.from_)} 以上: {yen(band.amount)}"
