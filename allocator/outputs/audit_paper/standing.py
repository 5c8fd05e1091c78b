"""How far a working paper's figures carry: what they rest on, what is material, what follows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from allocator.auditing.findings import Audit, Finding
from allocator.auditing.verdict import gross_difference, net_difference
from allocator.domain.text import Text
from allocator.domain.yen import group, signed
from allocator.words.rule import BASES

INFERRED: Final = Text(
    "by a rule inferred from this very list: no independent evidence",
    "この一覧から推定した規則による額であり、一致は独立した証拠とならない",
)
_BESIDE: Final = Text("rule inferred from this very list", "この一覧から推定した規則による")
_UNVERIFIED: Final = Text("no rule verifies it", "規則による検証ではない")

_OTHER_LIST: Final = Text("the other list", "照合先の一覧")
_INFERRED_BRIEFLY: Final = Text("inferred from this list", "推定(本一覧)")

_NO_YEN: Final = Text("no amount", "金額なし")
_UNKNOWN: Final = Text("cannot be told", "判定不能")
_BELOW: Final = Text("below the threshold", "基準値未満")
_MATERIAL: Final = Text("at or above it", "基準値以上")


def basis_of(audit: Audit) -> Text | None:
    """Return what has to be said beside every figure that rests on expected amounts."""
    if audit.unverified:
        return _UNVERIFIED
    return _BESIDE if is_inferred(audit) else None


def basis_briefly(audit: Audit) -> Text:
    """Return the basis of the expected amounts in a few words, for a column of a table."""
    if is_inferred(audit) and not audit.unverified:
        return _INFERRED_BRIEFLY
    if audit.basis not in BASES:
        return _OTHER_LIST
    if audit.basis == "rule" or not audit.unverified:
        return BASES["rule"].way
    way = BASES[audit.basis].way
    return Text(f"{way.en} (not verified)", f"{way.ja}(未検証)")


def is_inferred(audit: Audit) -> bool:
    """Tell whether the rule behind the expected amounts was inferred from the list audited."""
    return bool(audit.inferred_from)


def size(finding: Finding) -> int | None:
    """Return how many yen a finding is about, all its rows together (None: not known)."""
    found = [_own_size(leaf) for leaf in finding.leaves]
    known = [each for each in found if each is not None]
    return sum(known) if len(known) == len(found) else None


def _own_size(finding: Finding) -> int | None:
    if finding.effect is None:
        return None
    return max(abs(finding.effect), abs(finding.difference or 0))


def material(finding: Finding, threshold: int) -> Text:
    """Return how a finding stands against the threshold of materiality (yen)."""
    yen = size(finding)
    if yen is None:
        return _UNKNOWN
    if yen == 0:
        return _NO_YEN
    return _BELOW if yen < threshold else _MATERIAL


def conclusions(audit: Audit, threshold: int | None) -> tuple[Text, ...]:
    """Return what follows from an audit: what was found, how much, and how far that carries."""
    return tuple(_conclusions(audit, threshold))


def _conclusions(audit: Audit, threshold: int | None) -> Iterator[Text]:
    yield _found(audit)
    net, gross = net_difference(audit), gross_difference(audit)
    if net is None or gross is None:
        yield Text(
            "Amounts were not checkable: nothing is concluded about whether they are right. The "
            "reason stands under what was not checked.",
            "金額は照合できないため、金額の当否については結論を述べない。理由は「照合しなかった事項と"
            "その理由」のとおりである。",
        )
    else:
        yield Text(
            f"Net difference {signed(net)} yen, gross difference {group(gross)} yen (all "
            "differences taken as positive).",
            f"純差額は{signed(net)}円、総差額(差異の絶対値の合計)は{group(gross)}円である。",
        )
    if threshold is not None:
        yield _against(threshold, gross)
        yield from _of_findings(audit, threshold)
    if audit.not_checked:
        yield Text(
            "What was not checked is listed below; the conclusion doesn't extend to it.",
            "この結論は、下記「照合しなかった事項」には及ばない。",
        )
    yield from _of_basis(audit)


def _of_basis(audit: Audit) -> Iterator[Text]:
    """Say where the expected amounts come from, where agreement with them proves little."""
    shares = audit.shares
    if shares is not None:
        yield Text(
            f"The expected amounts are a sum of parts: {shares.en}.",
            f"あるべき額は部分の和であり、その内訳は{shares.ja}である。",
        )
    if is_inferred(audit):
        rule = (
            Text("a rule that was", "規則") if shares is None else Text("parts that were", "部分")
        )
        yield Text(
            f"The expected amounts come from {rule.en} inferred from this very list: agreement "
            "with them is no independent evidence that the amounts are right.",
            f"あるべき額は、この一覧の金額から推定した{rule.ja}による。したがって、これとの一致は、"
            "金額が正しいことの独立した証拠とはならない。",
        )
    elif audit.unverified:
        wholly = Text(" wholly", "全部が") if "rule" in audit.bases else Text("", "")
        yield Text(
            f"The expected amounts do not{wholly.en} come from a rule: agreement with them doesn't "
            "verify an amount.",
            f"あるべき額は{wholly.ja}規則によるものではないため、これとの一致は金額の検証とは"
            "ならない。",
        )


def _found(audit: Audit) -> Text:
    """Say how many errors there are, on how many rows, and how many warnings."""
    errors, warnings = len(audit.errors), len(audit.warnings)
    noted = Text("", "")
    if warnings:
        noted = Text(f" ({warnings:,} to note)", f"(ほかに注意{warnings:,}件)")
    if not errors:
        return Text(
            f"No errors were found in what was checked{noted.en}.",
            f"照合した事項に、誤りは認められなかった{noted.ja}。",
        )
    rows = sum(len(each.leaves) for each in audit.errors)
    on = Text("", "") if rows == errors else Text(f", on {rows:,} rows", f"、計{rows:,}行")
    return Text(
        f"Errors found: {errors:,}{on.en}{noted.en}.",
        f"誤りが{errors:,}件{on.ja}認められた{noted.ja}。",
    )


def _against(threshold: int, gross: int | None) -> Text:
    limit = group(threshold)
    if gross is None:
        return Text(
            f"Whether the gross difference exceeds the threshold of {limit} yen cannot be told, as "
            "amounts were not checkable.",
            f"金額を照合できないため、総差額が重要性の基準値({limit}円)を超えるかどうかは判定でき"
            "ない。",
        )
    if gross > threshold:
        return Text(
            f"The gross difference exceeds the threshold of materiality ({limit} yen).",
            f"総差額は重要性の基準値({limit}円)を超える。",
        )
    return Text(
        f"The gross difference does not exceed the threshold of materiality ({limit} yen).",
        f"総差額は重要性の基準値({limit}円)を超えない。",
    )


def _of_findings(audit: Audit, threshold: int) -> Iterator[Text]:
    marks = [material(each, threshold) for each in audit.findings]
    counts = {mark: marks.count(mark) for mark in (_MATERIAL, _BELOW, _NO_YEN, _UNKNOWN)}
    if not marks:
        return
    yield Text(
        "Findings: " + ", ".join(f"{mark.en} {n:,}" for mark, n in counts.items() if n) + ".",
        "指摘の内訳: " + "、".join(f"{mark.ja} {n:,}件" for mark, n in counts.items() if n) + "。",
    )
