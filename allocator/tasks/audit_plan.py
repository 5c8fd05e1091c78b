"""An audit against a plan, from its file to its findings, in the order of the work.

load plan -> read list -> choose programme -> expected amounts -> compare -> say what was checked
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import polars as pl

from allocator.audit.absorbed import with_titles
from allocator.audit.choose import choose_programme
from allocator.audit.compare import compare, in_order
from allocator.audit.findings import Audit, Check
from allocator.audit.reasons import Band, Bands, Dated, Knowledge, Other
from allocator.audit.reference import Reference, payers_frame
from allocator.audit.scope import checks_left, checks_made, picked
from allocator.audit.titles import title_findings
from allocator.domain.errors import InputError
from allocator.domain.organisations import PREFECTURE
from allocator.domain.progress import counted
from allocator.domain.text import Text, listed
from allocator.domain.years import FiscalYear
from allocator.engine.result import Allocation
from allocator.files.paths import same_file
from allocator.files.source import Sources
from allocator.plans.load import Plan, load_plan
from allocator.plans.tables import EQUAL, MUNICIPALITIES, Programme
from allocator.plans.variant import Overrides, apply
from allocator.sources.bundled import DATA, locate, shown
from allocator.sources.lists.anywhere import read_list_of, read_lists
from allocator.sources.lists.table import PublishedList, amounts_by_code
from allocator.tasks.compute import Prepared, prepare
from allocator.words.rule import measure_words

_WHOSE = {
    "rule": Text("the rule gives", "規則による額"),
    "carried_forward": Text("carried forward (not verified)", "引継ぎによる額(未検証)"),
    "estimated": Text("estimated (not verified)", "推計額(未検証)"),
}

_AGAINST = {
    "rule": Text("what the rule gives", "規則による額"),
    "carried_forward": Text("the amounts carried forward", "引継ぎによる額"),
    "estimated": Text("the estimated amounts", "推計額"),
}

_UNVERIFIED = {
    "carried_forward": Text(
        "compared with an earlier list's shares carried forward, which no rule verifies",
        "以前の一覧の割合を引き継いだ額と比較したもので、規則による検証ではありません",
    ),
    "estimated": Text(
        "compared with estimates, which no rule verifies",
        "推計額と比較したもので、規則による検証ではありません",
    ),
}


@dataclass(frozen=True)
class _Expected:
    """What a programme's list should say; `unchecked` is why amounts can't be checked."""

    reference: Reference
    knowledge: Knowledge
    unchecked: Text | None = None


def audit_file(
    file: Path, plan_path: Path, programme: str | None = None, sources: Sources | None = None
) -> tuple[Audit, ...]:
    """Audit every list in `file` against the plan, one audit each.

    Raises:
        InputError: the file, the plan or the choice of programme is wrong.
    """
    sources = sources or Sources()
    plan = load_plan(plan_path, sources)
    ready = prepare(plan, sources)
    if programme is not None:
        plan.programme(programme, f"--programme {programme}")
    known = {each.id for each in plan.programmes}
    audits: list[Audit] = []
    source = sources.open(file)
    lists = picked(read_lists(source, ready.register), programme)
    for published in counted(lists, Text("auditing the lists", "一覧を照合中")):
        if programme is not None:
            chosen = plan.programme(programme, f"--programme {programme}")
        elif published.programme in known:
            chosen = plan.programme(published.programme, str(source.path))
        else:
            chosen = _choose(published, plan, ready)
        audits.append(_against_plan(published, plan, ready, chosen))
    return tuple(audits)


def _against_plan(
    published: PublishedList, plan: Plan, ready: Prepared, programme: Programme
) -> Audit:
    expected = _expected(published, plan, ready, programme)
    found = compare(published, expected.reference, expected.knowledge)
    names = {each.id: each.name for each in plan.programmes}
    inferred = _inferred_from(published, plan, ready, programme)
    titles = title_findings(published, plan.fiscal_year, programme.id, names)
    checked = list(checks_made(published, found, expected.reference))
    not_checked = list(checks_left(published))
    if expected.unchecked is not None:
        not_checked.insert(0, Check("amounts", expected.unchecked))
    elif programme.basis in _UNVERIFIED:
        checked[checked.index(Check("amounts"))] = Check("amounts", _UNVERIFIED[programme.basis])
    elif inferred is not None:
        note = Text(
            f"the rule was inferred from this very list ({inferred}): agreement is no independent "
            "evidence",
            f"規則はこの一覧から推定したもの({inferred})で、一致は独立の証拠になりません",
        )
        checked[checked.index(Check("amounts"))] = Check("amounts", note)
    if published.title:
        checked.append(Check("title"))
    else:
        not_checked.append(Check("title", Text("the file has none", "表題がありません")))
    return Audit(
        source=str(published.file),
        against=_AGAINST[programme.basis],
        programme=programme.id,
        basis=programme.basis,
        checked=tuple(checked),
        not_checked=tuple(not_checked),
        rows=len(published.frame),
        matched=found.matched,
        payers=found.payers,
        agreeing=found.agreeing,
        inferred_from=inferred,
        ledger=published.left_out,
        places=published.places,
        declared_total=published.declared_total,
        listed_total=found.listed_total,
        expected_total=expected.reference.total,
        findings=tuple(in_order(with_titles(found.findings, titles))),
        plan=Text(
            f"fiscal year {plan.fiscal_year} ({shown(plan.files[0])})",
            f"{plan.fiscal_year.japanese}({shown(plan.files[0])})",
        ),
    )


# -- the programme and its amounts -----------------------------------------------------------------


def _choose(published: PublishedList, plan: Plan, ready: Prepared) -> Programme:
    def payers(programme: Programme) -> frozenset[str]:
        due = ready.register.payers(programme.payers, plan.table.payers_on)
        return frozenset(due["code"].to_list())

    def amounts(programme: Programme) -> Mapping[str, int] | None:
        try:
            allocation = ready.compute(_bare(programme)).allocation
        except InputError:
            return None
        return None if allocation is None else allocation.by_code

    return choose_programme(published, plan, payers, amounts)


def _bare(programme: Programme) -> Programme:
    """Return a programme without what an audit doesn't need: its list, its notional split."""
    return programme.model_copy(update={"published": None, "breakdown": None})


def _expected(
    published: PublishedList, plan: Plan, ready: Prepared, programme: Programme
) -> _Expected:
    own = _own_list(published, plan, ready, programme)
    if own is not None:
        return own
    outcome = ready.compute(_bare(programme))
    allocation = outcome.allocation
    if allocation is None:
        reason = getattr(outcome.result, "reason", None)
        return _unknown(plan, ready, programme, {}, reason)
    exempt = [standing == "exempt" for standing in allocation.standing]
    reference = Reference(
        payers_frame(allocation.payers, allocation.amounts, exempt),
        allocation.total,
        ready.register,
        ready.changes,
        _WHOSE[programme.basis],
    )
    knowledge = Knowledge(
        _bands(programme, allocation),
        partial(_dated, plan, ready, programme),
        only_bands=not programme.adjustment,
        others=partial(_others, plan, ready, programme),
    )
    return _Expected(reference, knowledge)


def _own_list(
    published: PublishedList, plan: Plan, ready: Prepared, programme: Programme
) -> _Expected | None:
    """Return what a list can be held against that the programme carries forward itself.

    It is known by its content, as a copy says nothing more than the original: at least half of its
    amounts are those carried forward. None: it is another list.
    """
    if programme.carried_forward is None:
        return None
    file = locate(programme.carried_forward.list_, plan.folder, ready.sources)
    if file is None:
        return None
    try:
        carried = amounts_by_code(_list_of(file, ready, programme), ready.register)
    except InputError:
        if not same_file(file, published.file):
            raise
        carried = {}
    rows = published.frame.select("code", "amount").iter_rows()
    differing = [code for code, amount in rows if carried.get(code) != amount]
    if carried and 2 * len(differing) > len(published.frame):
        return None
    reason = Text(
        f"not checkable: this is the list that the programme carries forward ({shown(file)})",
        f"照合できません: この事業が引き継ぐ一覧そのものです({shown(file)})",
    )
    if carried and (other := [code for code in differing if code in carried]):
        who = listed(other)
        reason = Text(
            f"{reason.en}; the copy carried forward has other amounts for {who.en} (see --against)",
            f"{reason.ja}。引き継いだ一覧と金額が異なる団体: {who.ja}(--against で比較できます)",
        )
    return _unknown(plan, ready, programme, carried, reason)


def _list_of(file: Path, ready: Prepared, programme: Programme) -> PublishedList:
    return read_list_of(ready.sources.open(file), ready.register, programme.id)


def _inferred_from(
    published: PublishedList, plan: Plan, ready: Prepared, programme: Programme
) -> str | None:
    """Return the list that the rule was inferred from, where the audited one is (a copy of) it.

    It is known by its content, like a list that is carried forward: at least half of its amounts.
    Where the plan's file is not there or cannot be read, nothing speaks for another list.
    """
    if programme.inferred_from is None:
        return None
    file = locate(programme.inferred_from, plan.folder, ready.sources)
    if file is None:
        return programme.inferred_from
    try:
        known = amounts_by_code(_list_of(file, ready, programme), ready.register)
    except InputError:
        return shown(file)
    rows = published.frame.select("code", "amount").iter_rows()
    alike = sum(known.get(code) == amount for code, amount in rows)
    return shown(file) if 2 * alike >= len(published.frame) else None


def _unknown(
    plan: Plan,
    ready: Prepared,
    programme: Programme,
    amounts: Mapping[str, int],
    reason: Text | None,
) -> _Expected:
    payers = ready.register.payers(programme.payers, plan.table.payers_on)
    reference = Reference(
        payers_frame(payers, [amounts.get(code) for code in payers["code"]]),
        programme.total,
        ready.register,
        ready.changes,
        _WHOSE[programme.basis],
        comparable=False,
    )
    return _Expected(reference, Knowledge(), reason or Text("not computed", "未算定"))


def _bands(programme: Programme, allocation: Allocation) -> Bands | None:
    rule = programme.unit_amount
    if rule is None:
        return None
    kinds = allocation.payers.filter(pl.col("kind") == PREFECTURE)
    values = allocation.steps.columns["measure_1"]
    return Bands(
        measure_words(rule.by, rule.as_of),
        tuple(Band(band.from_, band.amount) for band in rule.prefectures or ()),
        tuple(Band(band.from_, band.amount) for band in rule.municipalities or ()),
        dict(zip(allocation.steps.codes, values.tolist(), strict=True)),
        frozenset(kinds["code"].to_list()),
    )


def _others(plan: Plan, ready: Prepared, programme: Programme) -> Sequence[Other]:
    """Return the amounts of the plan's other programmes, and of the lists of other years."""
    found = []
    for each in plan.programmes:
        if each.id == programme.id:
            continue
        try:
            allocation = ready.compute(_bare(each)).allocation
        except InputError:
            continue
        if allocation is not None:
            label = Text(f"{each.id} ({each.name})", f"{each.name}({each.id})")
            found.append(Other("other_programme", label, allocation.by_code))
    for file in sorted((DATA / "published").glob(f"[0-9]*/{programme.id}.csv")):
        year = FiscalYear.parse(file.parent.name)
        if year == plan.fiscal_year:
            continue
        try:
            amounts = amounts_by_code(_list_of(file, ready, programme), ready.register)
        except InputError:
            continue
        of = shown(file)
        label = Text(f"the list of fiscal year {year} ({of})", f"{year.japanese}の一覧({of})")
        found.append(Other("other_year", label, amounts))
    return found


def _dated(plan: Plan, ready: Prepared, programme: Programme) -> Sequence[Dated]:
    """Compute a programme with measures of every other date that there is, the nearest first."""
    rules = [(part.by, part.as_of) for part in programme.share]
    if programme.unit_amount is not None:
        rules.append((programme.unit_amount.by, programme.unit_amount.as_of))
    measures = {by for by, _ in rules} - {EQUAL, MUNICIPALITIES}
    present = {as_of for by, as_of in rules if by in measures}
    dates = {
        entry.as_of
        for entry in ready.measures.entries
        if entry.name in measures and entry.as_of is not None
    } - present
    reference = max((day for day in present if day is not None), default=None)
    found = []
    for day in sorted(dates, key=lambda day: abs(day - (reference or day))):
        variants = apply(plan, Overrides(dates={programme.id: day}, only=(programme.id,)))
        try:
            allocation = ready.compute(_bare(variants[0])).allocation
        except InputError:
            continue
        if allocation is not None:
            words = [measure_words(name, day) for name in sorted(measures)]
            label = Text(
                " and ".join(each.en for each in words), "・".join(each.ja for each in words)
            )
            found.append(Dated(label, allocation.by_code))
    return found
