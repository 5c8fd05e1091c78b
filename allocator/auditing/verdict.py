"""What an audit comes to: the verdict in one line, the differences, the way between the totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from allocator.auditing.findings import KIND_NAMES, Audit, Finding
from allocator.domain.text import Text
from allocator.domain.yen import signed
from allocator.words.parts import unverified_words

_FORMER: Final = Text("former code", "旧コード")
_CODE: Final = KIND_NAMES["bad_code"]
_OTHERS: Final = {
    ("unexpected", "former_code"): _FORMER,
    ("unexpected", "misprint"): _CODE,
    ("unexpected", "other_place"): _CODE,
}
"""What the verdict calls a finding whose reason says more than its kind."""

_LEFT_OUT: Final[Mapping[str, Text]] = {
    "subtotal": Text("subtotal", "小計"),
    "ward": Text("ward", "行政区"),
    "northern": Text("village of the Northern Territories", "北方領土の村"),
    "other": Text("row of others", "団体一覧にない行"),
}
"""Rows with an amount that are no payer's, which a reader might look for among the figures."""

_INFERRED: Final = Text(
    "the rule was inferred from this very list, so that agreement is no independent evidence",
    "規則はこの一覧から推定したもので、一致は独立の証拠になりません",
)


@dataclass(frozen=True)
class BridgeStep:
    """One step of the way between two totals (yen).

    A bridge starts at a total (`start`), goes by changes (`change`), may pass the expected total
    (`subtotal`: the sum so far), and ends at the sum of the rows (`end`).
    """

    role: Literal["start", "change", "subtotal", "end"]
    text: Text
    yen: int


def verdict(audit: Audit) -> Text:
    """Return the outcome in the one line that a reader needs, without the list's name."""
    parts = [_payers(audit)]
    if others := _others(audit):
        parts.append(others)
    net = net_difference(audit)
    if net is not None and audit.errors:
        parts.append(Text(f"net difference {signed(net)} yen", f"純差額{signed(net)}円"))
    if audit.warnings:
        count, kinds = len(audit.warnings), _counted(audit.warnings)
        parts.append(Text(f"{count:,} to note ({kinds.en})", f"注意{count:,}({kinds.ja})"))
    if audit.agreeing is not None and (remark := _remark(audit)):
        parts.append(remark)
    en = ". ".join(part.en[:1].upper() + part.en[1:] for part in parts)
    return Text(en, "。".join(part.ja for part in parts))


def net_difference(audit: Audit) -> int | None:
    """Return what the rows add up to beyond the expected amounts, in yen.

    Missing payers count with what they should have had, rows that are one too many or nobody's
    with what they have. None: amounts could not be checked.
    """
    if audit.agreeing is None:
        return None
    return sum(each.effect or 0 for each in audit.findings)


def gross_difference(audit: Audit) -> int | None:
    """Return the sum of all differences, each taken as positive, in yen; None as above."""
    if audit.agreeing is None:
        return None
    return sum(abs(leaf.effect or 0) for each in audit.findings for leaf in each.leaves)


def bridge(audit: Audit, most: int | None = None) -> tuple[BridgeStep, ...]:
    """Return the way from the declared total (else the expected one) to the sum of the rows.

    Start and changes add up to the end exactly: what no finding explains is a step of its own. With
    more than `most` findings those of a kind are one step.
    Nothing is returned where the totals agree, or where there is none but the sum.
    """
    declared, expected, listed = audit.declared_total, audit.expected_total, audit.listed_total
    totals = [total for total in (declared, expected) if total is not None]
    if all(total == listed for total in totals):
        return ()
    whose = Text(f"expected total ({audit.against.en})", f"あるべき合計({audit.against.ja})")
    steps: list[BridgeStep] = []
    if declared is not None:
        steps.append(BridgeStep("start", Text("declared total", "合計欄の額"), declared))
    if expected is not None and declared is None:
        steps.append(BridgeStep("start", whose, expected))
    elif expected is not None and expected != declared:
        text = Text("the declared total is not the expected one", "合計欄の相違")
        steps.append(BridgeStep("change", text, expected - totals[0]))
        steps.append(BridgeStep("subtotal", whose, expected))
    changes = _changes(audit, most)
    rest = listed - totals[-1] - sum(step.yen for step in changes)
    if rest:
        text = Text("explained by no finding", "指摘で説明できない差")
        changes.append(BridgeStep("change", text, rest))
    return (*steps, *changes, BridgeStep("end", Text("sum of the rows", "各行の合計"), listed))


def _changes(audit: Audit, most: int | None) -> list[BridgeStep]:
    """Return what the findings add to the sum; beyond `most`, those of a kind together."""
    found = [each for each in audit.findings if each.effect]
    if most is None or len(found) <= most:
        return [BridgeStep("change", brief(each), each.effect or 0) for each in found]
    kinds: dict[Text, list[int]] = {}
    for each in found:
        name = brief(each) if each.below else _name(each)
        kinds.setdefault(name, []).append(each.effect or 0)
    return [
        BridgeStep("change", Text(f"{len(yen):,} {name.en}", f"{name.ja} {len(yen):,}件"), sum(yen))
        for name, yen in kinds.items()
    ]


def brief(finding: Finding) -> Text:
    """Return what a finding is about in a few words: its kind, and whose row it is."""
    kind = KIND_NAMES[finding.kind]
    if finding.below:
        count, why = len(finding.below), finding.reason_text
        return Text(f"{kind.en}: {why.en}, {count:,} rows", f"{kind.ja}: {why.ja} {count:,}行")
    name = f"{finding.prefecture or ''}{finding.municipality or ''}"
    who = " ".join(filter(None, (finding.code, name)))
    return Text(f"{kind.en} {who}".strip(), f"{kind.ja} {who}".strip())


# -- the parts of the verdict ----------------------------------------------------------------------


def _payers(audit: Audit) -> Text:
    """Say how many of the payers agree, and what the others lack."""
    missing = sum(leaf.kind == "missing" for each in audit.findings for leaf in each.leaves)
    if audit.agreeing is None:
        there = audit.payers - missing
        return Text(
            f"amounts are not checkable; {there:,} of {audit.payers:,} payers are listed",
            f"金額は照合できません({audit.payers:,}団体中{there:,}団体を掲載)",
        )
    if audit.agreeing == audit.payers and not audit.errors:
        return Text(
            f"all {audit.payers:,} payers agree{_left_out(audit).en}",
            f"{audit.payers:,}団体すべて一致{_left_out(audit).ja}",
        )
    differing = audit.payers - audit.agreeing - missing
    en = [f"{audit.agreeing:,} of {audit.payers:,} payers agree"]
    ja = [f"{audit.payers:,}団体中{audit.agreeing:,}団体一致"]
    if differing:
        why = _causes(audit)
        verb = "amount differs" if differing == 1 else "amounts differ"
        en.append(f"{differing:,} {verb}{why.en}")
        ja.append(f"金額相違{differing:,}{why.ja}")
    if missing:
        en.append(f"{missing:,} missing")
        ja.append(f"欠落{missing:,}")
    return Text(", ".join(en), "、".join(ja))


def _causes(audit: Audit) -> Text:
    """Say how many of the wrong amounts have one cause."""
    found = [
        (each.reason_text, sum(leaf.kind == "amount" for leaf in each.below))
        for each in audit.findings
        if each.below
    ]
    if not found:
        return Text("", "")
    return Text(
        f" ({', '.join(f'{count:,} {why.en}' for why, count in found)})",
        f"(うち{'・'.join(f'{why.ja}{count:,}' for why, count in found)})",
    )


def _remark(audit: Audit) -> Text | None:
    """Say how little agreement proves, where it does."""
    if audit.inferred_from:
        return _INFERRED
    if audit.unverified and audit.shares is not None:
        return unverified_words("parts", audit.bases)
    bases = (audit.basis, *audit.bases) if audit.basis != "parts" else tuple(audit.bases)
    return next(filter(None, (unverified_words(each, {}) for each in bases)), None)


def _others(audit: Audit) -> Text | None:
    """Say what is wrong beside amounts and missing payers, and which rows were left out."""
    others = [each for each in audit.errors if each.kind not in ("amount", "missing")]
    left = _left_out(audit)
    if others:
        found = _counted(others)
        return Text(f"also {found.en}{left.en}", f"ほかに{found.ja}{left.ja}")
    if left.ja and (audit.errors or audit.agreeing is None):
        return Text(left.en.strip(" ()"), left.ja.strip("()"))
    return None


def _left_out(audit: Audit) -> Text:
    found = {
        _LEFT_OUT[reason]: count
        for reason, count in audit.ledger.counts().items()
        if reason in _LEFT_OUT and count
    }
    if not found:
        return Text("", "")
    words = _listed(found)
    return Text(f" ({words.en} left out)", f"({words.ja}は対象外)")


def _name(finding: Finding) -> Text:
    return _OTHERS.get((finding.kind, finding.reason), KIND_NAMES[finding.kind])


def _counted(findings: Iterable[Finding]) -> Text:
    return _listed(Counter(_name(each) for each in findings))


def _listed(counts: Mapping[Text, int]) -> Text:
    return Text(
        ", ".join(f"{count:,} {_plural(text.en, count)}" for text, count in counts.items()),
        "・".join(f"{text.ja}{count:,}" for text, count in counts.items()),
    )


def _plural(noun: str, count: int) -> str:
    if count == 1 or noun in ("order", "unexpected"):
        return noun
    first, of, rest = noun.partition(" of ")
    return f"{first}{'es' if first.endswith('s') else 's'}{of}{rest}"
