"""Findings: what an audit has to say, as frozen values that every output renders."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Any, Final, Literal

from allocator.domain.places import place_text
from allocator.domain.text import Language, Text, same
from allocator.plans.tables import Footing
from allocator.sources.tables.ledger import Ledger
from allocator.words.parts import shares_words

Kind = Literal[
    "amount",
    "missing",
    "unexpected",
    "duplicate",
    "bad_code",
    "total",
    "name",
    "order",
    "title",
]
Severity = Literal["error", "warning"]

WARNINGS: Final = frozenset({"name", "order", "title"})
"""The kinds that alone leave the exit status at 0."""

KIND_NAMES: Final = {
    "amount": Text("amount", "金額相違"),
    "missing": Text("missing", "団体の欠落"),
    "unexpected": Text("unexpected", "対象外の行"),
    "duplicate": Text("duplicate", "重複"),
    "bad_code": Text("bad code", "コード誤り"),
    "total": Text("total", "合計相違"),
    "name": Text("name", "名称相違"),
    "order": Text("order", "並び順"),
    "title": Text("title", "表題"),
}

REASON_NAMES: Final = {
    "thousand_yen": Text("in thousand yen", "千円単位"),
    "million_yen": Text("in million yen", "百万円単位"),
    "unit": Text("off by a factor of 1,000", "1,000倍・1,000分の1"),
    "rounded": Text("rounded", "端数処理"),
    "shifted": Text("shifted by rows", "行ずれ"),
    "other_date": Text("of another date", "別時点の数値"),
    "other_year": Text("of another year", "別年度"),
    "other_programme": Text("of another programme", "別事業"),
    "other_band": Text("of another band", "別区分の単価"),
    "other_place": Text("of another payer", "別団体のもの"),
    "swapped": Text("changed places", "入れ替わり"),
    "other": Text("unexplained", "原因不明"),
    "no_row": Text("no row", "行なし"),
    "no_payer": Text("no payer of this programme", "負担団体でない"),
    "unknown": Text("unknown code", "該当団体なし"),
    "misprint": Text("misprinted code", "コードの誤記"),
    "former_code": Text("former code", "旧コード"),
    "unknown_name": Text("unknown name", "該当名称なし"),
    "repeated": Text("repeated", "同額の重複"),
    "other_amount": Text("with another amount", "異なる金額の重複"),
    "check_digit": Text("check digit", "検査数字"),
    "not_a_code": Text("not six digits", "6桁の数字でない"),
    "empty": Text("empty", "空欄"),
    "declared": Text("declared total", "合計欄"),
    "printed": Text("printed total", "合計行"),
    "subtotal": Text("subtotal", "小計"),
    "sum": Text("sum of the rows", "各行の合計"),
    "variant": Text("variant spelling", "異体字・表記"),
    "misreading": Text("likely misread", "誤読"),
    "former": Text("former name", "旧名称"),
    "moved": Text("moved", "移動"),
    "unsorted": Text("another order", "別の並び順"),
}
"""What `reason` says, in words; names, titles and codes have some of them in common."""

CHECK_NAMES: Final = {
    "codes": Text("codes", "団体コード"),
    "payers": Text("who is listed", "掲載団体の過不足"),
    "duplicates": Text("duplicates", "重複"),
    "amounts": Text("amounts", "金額"),
    "sum": Text("sum of the rows", "各行の合計"),
    "declared_total": Text("declared total", "合計欄"),
    "names": Text("names", "名称"),
    "order": Text("order", "並び順"),
    "title": Text("title", "表題"),
    "reading": Text("read otherwise than printed", "読み替え"),
}
"""What an audit can check, in the order in which it says so."""


_NO_RULE: Final = ("carried_forward", "estimated")


@dataclass(frozen=True)
class Finding:
    """One fault of a list. `reason` refines the kind; amounts are yen.

    Code and names are as printed, except for what is missing: that is named as the register has
    it. `where` is the place in the file, `line` the line there (None: no single line).

    `effect` is what the finding adds to the sum of the rows, compared with what was expected (None:
    not known); the effects of all findings make up the whole difference. A finding on many rows
    that have one cause has those rows `below` it, and their effects together.
    """

    kind: Kind
    reason: str
    message: Text
    where: str
    line: int | None = None
    code: str | None = None
    prefecture: str | None = None
    municipality: str | None = None
    published: int | None = None
    expected: int | None = None
    effect: int | None = 0
    below: tuple[Finding, ...] = ()

    @property
    def leaves(self) -> tuple[Finding, ...]:
        """The findings on single rows: those below, or the finding itself."""
        return self.below or (self,)

    @property
    def reason_text(self) -> Text:
        """The reason in words."""
        if self.kind == "name" and self.reason == "other":
            return Text("another name", "別の名称")
        return REASON_NAMES[self.reason]

    @property
    def place(self) -> Text:
        """Where the finding is, as people read it; `where` is the same for every language."""
        return place_text(self.where)

    @property
    def severity(self) -> Severity:
        """Whether the finding makes an audit fail."""
        return "warning" if self.kind in WARNINGS else "error"

    @property
    def difference(self) -> int | None:
        """Published less expected, where both are known."""
        if self.published is None or self.expected is None:
            return None
        return self.published - self.expected

    def as_dict(self, language: Language) -> dict[str, Any]:
        """Return the finding as one row of a table; `document` adds what doesn't fit there."""
        return {
            "kind": self.kind,
            "severity": self.severity,
            "reason": self.reason,
            "code": self.code,
            "prefecture": self.prefecture,
            "municipality": self.municipality,
            "published": self.published,
            "expected": self.expected,
            "difference": self.difference,
            "where": self.where,
            "message": self.message.in_(language),
        }


@dataclass(frozen=True)
class Check:
    """One thing that was checked, or that was not; `note` says how, or why not."""

    what: str
    note: Text | None = None

    def in_(self, language: Language) -> str:
        """Return `what`, or `what: note`; `what` is the same in every language, for scripts."""
        return self.what if self.note is None else f"{self.what}: {self.note.in_(language)}"

    def described(self, language: Language) -> str:
        """Return the check in words."""
        name = CHECK_NAMES.get(self.what, same(self.what)).in_(language)
        return name if self.note is None else f"{name}: {self.note.in_(language)}"


@dataclass(frozen=True)
class Audit:
    """One list audited. `basis` is that of the expected amounts, `list` for another list's.

    `matched` counts the payers whose row stands under their own code with the expected amount;
    None where amounts could not be checked. `payers` counts those that the list should have, and
    `agreeing` those of them whose amount is the expected one, whatever their code (None as above).
    Totals are yen. `ledger` has the rows of the list's table that are no payer's, with `places`
    where a line says too little. `plan`
    names the plan that the list was held against, where it was one. `inferred_from` is the list
    (as people name it) that the rule was inferred from, where it is this very one. `bases` are the
    shares of a sum of parts by their bases.
    """

    source: str
    against: Text
    programme: str | None
    basis: str
    checked: tuple[Check, ...]
    not_checked: tuple[Check, ...]
    rows: int
    matched: int | None
    declared_total: int | None
    listed_total: int
    expected_total: int | None
    findings: tuple[Finding, ...]
    plan: Text | None = None
    payers: int = 0
    agreeing: int | None = None
    ledger: Ledger = field(default_factory=Ledger)
    places: Mapping[int, str] = field(default_factory=dict)
    inferred_from: str | None = None
    bases: Mapping[Footing, Fraction] = field(default_factory=dict)

    @property
    def shares(self) -> Text | None:
        """How much of the expected total stands on which basis, where they are several."""
        return shares_words(self.bases) if len(self.bases) > 1 else None

    @property
    def unverified(self) -> bool:
        """Whether expected amounts come from no rule, or not all of them."""
        return any(basis in _NO_RULE for basis in (self.basis, *self.bases))

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that make an audit fail."""
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        """The findings that alone do not."""
        return tuple(finding for finding in self.findings if finding.severity == "warning")

    def with_paths(self, shown: Callable[[str], str]) -> Audit:
        """Return the audit with every text passed through `shown`, which says how paths look."""

        def text(words: Text) -> Text:
            return Text(shown(words.en), shown(words.ja))

        def finding(each: Finding) -> Finding:
            below = tuple(finding(row) for row in each.below)
            where, message = shown(each.where), text(each.message)
            return replace(each, where=where, message=message, below=below)

        return replace(
            self,
            source=shown(self.source),
            against=text(self.against),
            not_checked=tuple(
                each if each.note is None else replace(each, note=text(each.note))
                for each in self.not_checked
            ),
            findings=tuple(finding(each) for each in self.findings),
        )
