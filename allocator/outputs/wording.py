"""Titles, headings and agreement in words, as the published lists and the outputs put them."""

from __future__ import annotations

from typing import Final

from allocator.audit.agreement import NotCompared
from allocator.audit.outcome import ProgrammeOutcome
from allocator.domain.text import Text
from allocator.domain.years import FiscalYear
from allocator.rules.model import Programme

PAYERS: Final = {
    "prefectures": Text("prefectures", "都道府県"),
    "municipalities": Text("municipalities", "市区町村"),
    "all": Text("prefectures and municipalities", "都道府県及び市区町村"),
}

BASIS_REMARKS: Final = {
    "rule": Text(
        "computed from the inputs by the rule that the plan states",
        "計画に定めた規則により、人口等の入力データから算定した額",
    ),
    "carried_forward": Text(
        "the shares of a published list applied to the total; no rule reproduces them",
        "公表済みの一覧における割合を総額に当てはめた額(規則により再現・検証した額ではない)",
    ),
    "estimated": Text(
        "estimated by a fitted model; not reproduced by a rule",
        "当てはめたモデルによる推計額(規則により再現・検証した額ではない)",
    ),
}
"""How far amounts of each basis stand on a rule."""

_SCOPES: Final = {"prefectures": "都道府県別", "municipalities": "市区町村別", "all": "団体別"}
_MONEY: Final = ("負担金", "交付金")


def list_title(programme: Programme, year: FiscalYear) -> str:
    """Return the title over a published list: …に係る令和5年度負担金一覧(都道府県別)."""
    title, scope = programme.title, _SCOPES[programme.payers]
    for word in _MONEY:
        if title.endswith(word):
            return f"{title.removesuffix(word)}{year.japanese}{word}一覧({scope})"
    return f"{title} {year.japanese}一覧({scope})"


def list_headings(programme: Programme) -> list[str]:
    """Return the headings of a published list: by name for prefectures, else by code."""
    amount = "交付金" if programme.title.endswith("交付金") else "金額"
    if programme.payers == "prefectures":
        return ["都道府県名", amount]
    return ["団体コード", "都道府県名", "市区町村名", amount]


def short_title(programme: Programme) -> str:
    """Return the subject of a programme's name: 公的個人認証サービス(に係る負担金)."""
    return programme.title.partition("に係る")[0] or programme.title


def agreement_words(outcome: ProgrammeOutcome) -> Text:
    """Say how the amounts agree with the published list.

    Amounts that no rule gave are never called reproduced, however many are equal.
    """
    found = outcome.agreement
    if isinstance(found, NotCompared):
        return Text(f"{found.brief.en}: {found.reason.en}", f"{found.brief.ja}({found.reason.ja})")
    if outcome.programme.basis != "rule":
        return Text(
            f"{found.matched:,} of {found.rows:,} equal (no reproduction by a rule)",
            f"{found.rows:,}団体中 {found.matched:,}団体が同額(規則による再現ではない)",
        )
    more = (
        Text(f", {found.different:,} different", f"、相違 {found.different:,}件")
        if found.different
        else Text("", "")
    )
    return Text(
        f"{found.matched:,} of {found.rows:,} equal{more.en}",
        f"{found.rows:,}団体中 {found.matched:,}団体が一致{more.ja}",
    )
