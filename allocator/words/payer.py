"""One payer's way from input to amount, in words and figures."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from allocator.domain.figures import decimal, per_cent
from allocator.domain.organisations import Organisation, organisations
from allocator.domain.text import Text
from allocator.domain.yen import group, yen
from allocator.engine.exact import total
from allocator.engine.result import Allocation
from allocator.results.outcome import Outcome, ProgrammeOutcome
from allocator.words.labels import basis_words
from allocator.words.payer_parts import PartExplanation, parts_of, sum_steps
from allocator.words.rule import BASIS, measure_words
from allocator.words.steps import Step, own_steps, step


@dataclass(frozen=True)
class ProgrammeExplanation:
    """One programme of one organisation. `notional` marks a 参考 figure, which nobody pays.

    `footing` is the basis in words, `note` what the plan says of the programme's rule. A payer of a
    sum of parts has the steps of each part in `parts`.
    """

    programme: str
    title: str
    basis: str
    footing: Text
    pays: bool
    notional: bool
    amount: int | None
    steps: tuple[Step, ...]
    note: str = ""
    parts: tuple[PartExplanation, ...] = ()


@dataclass(frozen=True)
class Explanation:
    """Every programme of one organisation, in the plan's order."""

    organisation: Organisation
    programmes: tuple[ProgrammeExplanation, ...]

    @property
    def pays(self) -> int:
        """What the organisation pays altogether, in yen; 参考 figures not counted."""
        return sum(each.amount or 0 for each in self.programmes if each.pays)


def explain(outcome: Outcome, code: str) -> Explanation:
    """Explain every programme's amount of the organisation with `code`.

    Raises:
        KeyError: nobody who pays, and no municipality, has this code on the plan's day.
    """
    everyone = outcome.register.payers("all", outcome.plan.table.payers_on)
    found = organisations(everyone.filter(everyone["code"] == code))
    if not found:
        raise KeyError(code)
    organisation = found[0]
    return Explanation(
        organisation, tuple(_programme(each, organisation) for each in outcome.programmes)
    )


def _programme(outcome: ProgrammeOutcome, organisation: Organisation) -> ProgrammeExplanation:
    programme, allocation = outcome.programme, outcome.allocation
    code = organisation.code
    amount: int | None = None
    steps: tuple[Step, ...]
    parts: tuple[PartExplanation, ...] = ()
    pays = notional = False
    if allocation is None:
        steps = (Step("not_computed", "", BASIS["not computed"]),)
    elif code in allocation.by_code:
        pays, amount = True, allocation.by_code[code]
        parts = tuple(parts_of(outcome, code))
        steps = tuple(sum_steps(parts, amount) if parts else own_steps(outcome, allocation, code))
    elif (figure := _notional(outcome, allocation, organisation)) is not None:
        notional, (amount, steps) = True, figure
    else:
        payers = {
            "prefectures": Text("prefectures pay this programme", "この事業は都道府県が負担します"),
            "municipalities": Text("municipalities pay it", "この事業は市区町村が負担します"),
            "all": Text("no payer of this programme", "この事業の負担団体ではありません"),
        }[programme.payers]
        steps = (Step("no_payer", "", payers),)
    basis = programme.basis if allocation else "not computed"
    return ProgrammeExplanation(
        programme.id,
        programme.title,
        basis,
        basis_words(outcome),
        pays,
        notional,
        amount,
        steps,
        programme.note,
        parts,
    )


def _notional(
    outcome: ProgrammeOutcome, allocation: Allocation, organisation: Organisation
) -> tuple[int, tuple[Step, ...]] | None:
    notional = outcome.notional
    if notional is None:
        return None
    members = notional.municipalities
    codes = members["code"].to_list()
    if organisation.code not in codes:
        return None
    place = codes.index(organisation.code)
    siblings = (members["prefecture"] == organisation.prefecture).to_numpy()
    own, whole = int(notional.measure[place]), total(notional.measure[siblings])
    payer = allocation.payers.filter(allocation.payers["prefecture"] == organisation.prefecture)
    paid = sum(allocation.by_code[code] for code in payer["code"])
    rule = outcome.programme.breakdown
    if rule is None:
        raise AssertionError("a breakdown without its rule")
    name = measure_words(rule.by, rule.as_of)
    share = Fraction(own, whole) if whole else Fraction(0)
    amount = notional.amounts[place]
    quota = share * paid
    cut = quota // rule.unit * rule.unit
    whose, rate, left = organisation.prefecture, per_cent(share), amount - cut
    working = f"{group(paid)} × {own:,} ÷ {whole:,} = {decimal(quota)}"
    steps = (
        step(
            "prefecture_amount",
            paid,
            f"{whose} pays {group(paid)} yen",
            f"{whose} の負担額: {yen(paid)}",
        ),
        step(
            "measure_1",
            own,
            f"part of {name.en}: {own:,} of {whole:,} = {rate}",
            f"{name.ja}: {own:,} ÷ {whole:,} = {rate}",
        ),
        step("quota", quota, f"{working} yen", f"{working} 円"),
        step(
            "extra_yen",
            left,
            f"cut to {cut:,}; by largest remainder within the prefecture {left:+,} yen",
            f"{cut:,} 円に切り捨て、都道府県内の最大剰余法により {left:+,} 円",
        ),
        step(
            "amount",
            amount,
            f"notional (参考): {group(amount)} yen, paid by nobody here; the prefecture pays",
            f"参考: {yen(amount)}(負担するのは都道府県であり、市区町村ではない)",
        ),
    )
    return amount, steps
