"""Titles, headings and agreement in words, as the published lists and the outputs put them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from allocator.domain.text import Text, same
from allocator.domain.years import FiscalYear
from allocator.domain.yen import group, signed, yen
from allocator.plans.programme import Programme
from allocator.results.agreement import NotCompared
from allocator.results.earlier import Origin
from allocator.results.outcome import Outcome, ProgrammeOutcome
from allocator.words.parts import parts_words, shares_by_basis, shares_words
from allocator.words.rule import BASIS, PAYERS

NOTIONAL_REMARK: Final = Text(
    "a prefecture's amount split among its municipalities as a guide: none of them pays it",
    "都道府県の負担額を市区町村に按分した目安で、市区町村が負担するものではない",
)
"""What notional (参考) figures are."""

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


def list_words(programme: Programme) -> str:
    """Return the heading over the figures that a programme carries forward."""
    carried = programme.carried_forward
    derived = carried is not None and carried.derived_from is not None
    return "公表一覧から求めた額" if derived else "公表一覧の額"


def short_title(programme: Programme) -> str:
    """Return the subject of a programme's name: 公的個人認証サービス(に係る負担金)."""
    return programme.title.partition("に係る")[0] or programme.title


def basis_words(outcome: ProgrammeOutcome) -> Text:
    """Say how far a programme's amounts stand on a rule; of parts: how much on which basis."""
    if outcome.allocation is None:
        return BASIS["not computed"]
    return parts_words(outcome) if outcome.parts else BASIS[outcome.programme.basis]


def full_basis_words(outcome: ProgrammeOutcome) -> Text:
    """Say the same, a sum of parts called so, and what it consists of in brackets."""
    name = BASIS[outcome.programme.basis if outcome.allocation else "not computed"]
    if not (outcome.allocation and outcome.parts):
        return name
    shares = parts_words(outcome)
    return Text(f"{name.en} ({shares.en})", f"{name.ja}({shares.ja})")


def payers_words(outcome: ProgrammeOutcome, limited: bool = False) -> Text:
    """Say who pays and how many they are; `limited`: the plan names them one by one."""
    who = Text("payers named", "指定した団体") if limited else PAYERS[outcome.programme.payers]
    count = len(outcome.allocation.payers) if outcome.allocation else 0
    return Text(f"{who.en} ({count:,})", f"{who.ja}({count:,}団体)")


def total_words(charged: int, given: int | None) -> Text:
    """Say what the total is (yen); where another sum is charged, that beside it."""
    if given is None or given == charged:
        return Text(f"{group(charged)} yen", yen(charged))
    more = signed(charged - given)
    return Text(
        f"{group(given)} yen ({group(charged)} charged, {more})",
        f"{yen(given)}(請求する額 {yen(charged)}、差 {more}円)",
    )


def is_by_rule(outcome: ProgrammeOutcome) -> bool:
    """Tell whether a rule gives all amounts, those of every part included."""
    return shares_by_basis(outcome).keys() == {"rule"}


def agreement_words(outcome: ProgrammeOutcome) -> Text:
    """Say how the amounts agree with the published list.

    Amounts that no rule gave are never called reproduced, however many are equal.
    """
    found = outcome.agreement
    if isinstance(found, NotCompared):
        return Text(f"{found.brief.en}: {found.reason.en}", f"{found.brief.ja}({found.reason.ja})")
    counted = counted_words(found.rows, found.matched)
    if not is_by_rule(outcome):
        footing = same("")
        if outcome.parts:
            how = parts_words(outcome)
            footing = Text(f"{how.en}: ", f"{how.ja}。")
        return Text(
            f"{counted.en} ({footing.en}no reproduction by a rule)",
            f"{counted.ja}同額({footing.ja}規則による再現ではない)",
        )
    more = same("")
    if found.different:
        more = Text(f", {found.different:,} different", f"、相違 {found.different:,}件")
    return Text(f"{counted.en}{more.en}", f"{counted.ja}一致{more.ja}")


def counted_words(rows: int, matched: int) -> Text:
    """Say how many amounts of a list are equal: what the agreement begins with."""
    return Text(f"{matched:,} of {rows:,} equal", f"{rows:,}団体中 {matched:,}団体が")


def origin_words(origin: Origin) -> Text:
    """Say what earlier amounts are: those of a list as published, or those that a plan computed.

    What a plan carries forward or estimates is never called published.
    """
    name, year = origin.name, origin.year.japanese if origin.year else ""
    if origin.basis is None:
        if not year:
            return Text(
                f"published list, its year not stated ({name})", f"公表一覧(年度の記載なし、{name})"
            )
        return Text(f"published list of FY{origin.year} ({name})", f"{year}の公表一覧({name})")
    basis = shares_words(origin.shares) if origin.shares else BASIS[origin.basis]
    more = same("")
    if (origin.shares.keys() or {origin.basis}) != {"rule"}:
        more = Text(", not a published amount", "。公表額ではない")
    return Text(
        f"plan of FY{origin.year} ({basis.en}{more.en})",
        f"{year}の計画({basis.ja}{more.ja})",
    )


def earlier_label(origins: Iterable[Origin], now: FiscalYear) -> str:
    """Return the heading over earlier amounts: 令和5年度, or 前回 where that says too little."""
    years = {origin.year for origin in origins}
    year = years.pop() if len(years) == 1 else None
    return "前回" if year is None or year == now else year.japanese


def comparison_words(outcome: Outcome) -> Iterator[Text]:
    """Yield a line for each programme that is compared with an earlier amount, or why it isn't."""
    previous = outcome.previous
    if previous is None:
        return
    for each in outcome.programmes:
        identifier, allocation = each.programme.id, each.allocation
        earlier = previous.of(identifier)
        if earlier is None or allocation is None:
            reason = previous.without[identifier]
            yield Text(
                f"{identifier}: no comparison: {reason.en}",
                f"{identifier}: 前年度との比較なし({reason.ja})",
            )
            continue
        words = origin_words(earlier.origin)
        change = signed(allocation.total - earlier.total)
        left = same("")
        if earlier.lost_amount:
            lost = group(earlier.lost_amount)
            left = Text(f"; {lost} yen not carried over", f"。引き継げなかった額 {lost} 円")
        yield Text(
            f"{identifier}: {change} yen against the {words.en}{left.en}",
            f"{identifier}: {words.ja}に対し {change} 円{left.ja}",
        )
